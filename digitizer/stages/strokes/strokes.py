"""Straight horizontal and vertical boundaries: the raw material of frames, axes and grids.

A drawn line, the edge of a filled background and a bar all leave long runs of pixels whose
brightness steps the same way across them. Runs are found on the signed step between
neighbouring rows (or columns), so that lines of any width and colour, and backgrounds without
lines, are one case.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from digitizer.evidence import ByteImage
from digitizer.medians import median, medians

# Steps below this many grey levels are lost in JPEG noise (quality 75: 2-4 levels in flat areas); the
# faintest grid seen on real figures steps by 8.
MIN_STEP = 6
# A curve or tick that crosses a line interrupts its edge; the narrowest gap between facets is 6 pixels.
BRIDGE_PX = 5
# Letters beside a line have no stretch of this many unbroken pixels, nor fill their place.
SOLID_END_PX = 12
# The stem of a digit below a panel's corner goes on along its side, behind blank paper: it is no longer than
# this (px; labels of large pictures), and than this share of the side.
STEM_PX, STEM_SHARE = 30, 0.25
# So far beside an edge (px) the rims of its line have ended.
PAPER_PX = 3
# A gap of at most this share of a line's length, and so many pixels, may be healed: a marker with its
# line is 24 pixels at most, the distance between panels with labels 30 at least.
MAX_CROSSING_SHARE = 0.25
MAX_CROSSING_PX = 24
# ... of which half lies on either side of a line.
HALF_MARKER_PX = MAX_CROSSING_PX // 2
# Of a line that comes out behind a hollow marker so many pixels are seen, more than of the marker's rim.
MIN_OUT_PX = 5
# A line whose end a marker hides comes out behind it in its own shade: to this many grey levels.
SAME_SHADE = 24
# Pieces of one line lie in one row to this (px).
SAME_ROW_PX = 1.0
# Of a run, the share of pixels that must show the step before bridging: text baselines reach 0.6,
# lines crossed by dense curves 0.75 and more.
MIN_FILL = 0.72
# Of a gap that bars cover, the share that shows them or the line between them; the rest are their edges.
MIN_COVERED = 0.9
# So far before its start (pixels) what surrounds a line begins, and up to here it is looked at: tick labels
# stand farther off. Bars seldom stand there: the first leaves room at its side.
BEYOND_PX = (2, 9)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stroke:
    """One straight run along an axis direction: position across it, and where it starts and ends.

    ``sign`` is +1 where the picture gets brighter across it (downwards or rightwards), -1 where
    it gets darker, 0 for a line, which has both edges. ``width`` is the distance between them.
    """

    at: float
    start: float
    end: float
    sign: int
    width: float = 0.0

    @property
    def length(self) -> float:
        return self.end - self.start + 1


def to_grey(rgb: ByteImage) -> NDArray[np.int16]:
    """Return a grey picture in which pure blues and reds on black or white stay visible."""
    return np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), dtype=np.int16)


def find_edges(grey: NDArray[np.int16], *, min_length: int) -> list[Stroke]:
    """Find horizontal edges at least ``min_length`` pixels long in ``grey`` (rows, columns).

    Transpose the picture to find vertical ones. ``at`` lies between the two rows.
    """
    step = np.diff(grey, axis=0)
    found: list[Stroke] = []
    for sign in (1, -1):
        raw = (step * sign >= MIN_STEP).astype(np.uint8)
        rows = np.flatnonzero(raw.sum(axis=1) >= MIN_FILL * min_length)
        if not rows.size:
            continue
        strip = np.ascontiguousarray(raw[rows])
        # Rows are processed one by one: a kernel of height 1 never mixes them.
        closed = cv2.morphologyEx(strip, cv2.MORPH_CLOSE, np.ones((1, BRIDGE_PX), np.uint8))
        padded = np.pad(closed, ((0, 0), (1, 1)))
        flips = np.diff(padded.astype(np.int8), axis=1)
        starts = np.argwhere(flips == 1)
        ends = np.argwhere(flips == -1)
        lengths = ends[:, 1] - starts[:, 1]
        keep = lengths >= min_length
        filled = np.pad(np.cumsum(strip, axis=1, dtype=np.int32), ((0, 0), (1, 0)))
        solid = cv2.morphologyEx(strip, cv2.MORPH_OPEN, np.ones((1, SOLID_END_PX), np.uint8))
        for (row, begin), (_, stop) in zip(starts[keep], ends[keep], strict=True):
            first, last = _without_stems(strip[row], grey, int(rows[row]), int(begin), int(stop))
            firm = np.flatnonzero(solid[row, first:last])
            if not firm.size:
                continue
            start, end = first + int(firm[0]), first + int(firm[-1]) + 1
            # Past the last grid line that crosses it a side may have only a few pixels left.
            if last > end and filled[row, last] - filled[row, end] >= MIN_FILL * (last - end):
                end = last
            if start > first and filled[row, start] - filled[row, first] >= MIN_FILL * (start - first):
                start = first
            if end - start >= min_length and filled[row, end] - filled[row, start] >= MIN_FILL * (
                end - start
            ):
                found.append(
                    Stroke(at=float(rows[row]) + 0.5, start=float(start), end=float(end - 1), sign=sign)
                )
    return found


def _without_stems(
    shown: NDArray[np.uint8], grey: NDArray[np.int16], row: int, first: int, last: int
) -> tuple[int, int]:
    """An edge without the stems of letters that go on along it behind blank paper: where it starts and ends.

    Where a curve or tick crosses a line there is ink. An edge that blank paper interrupts elsewhere, too, is
    that of a dotted line.

    Parameters
    ----------
    shown
        Where the picture shows the edge.
    grey
        The picture.
    row
        The edge lies between this row and the next.
    first, last
        Where the edge starts, and where it has ended.
    """
    gaps = first + np.flatnonzero(shown[first:last] == 0)
    reach = min(STEM_PX, STEM_SHARE * (last - first))
    if not gaps.size or (gaps[0] >= first + reach and gaps[-1] < last - reach):
        return first, last
    papers = medians(
        grey[[max(0, row - PAPER_PX), min(len(grey) - 1, row + 1 + PAPER_PX)], first:last], axis=1
    )
    off = np.abs(grey[row : row + 2, gaps][:, None] - papers[None, :, None]).max(axis=0).min(axis=0)
    blank = gaps[off < MIN_STEP]
    at_start, at_end = blank[blank < first + reach], blank[blank >= last - reach]
    if at_start.size + at_end.size < blank.size:
        return first, last
    return int(at_start[-1]) + 1 if at_start.size else first, int(at_end[0]) if at_end.size else last


def join_edges(edges: list[Stroke], *, max_width: float) -> list[Stroke]:
    """Join the two edges of each drawn line into one stroke; single edges stay as they are.

    Anti-aliased edges show in two neighbouring rows: those of one sign that touch are one edge.
    """
    merged: list[Stroke] = []
    for sign in (1, -1):
        group: list[Stroke] = []
        for edge in sorted((e for e in edges if e.sign == sign), key=lambda e: (e.at, e.start)):
            twin = None
            for k in range(len(group) - 1, -1, -1):
                if edge.at - group[k].at > 1.5:
                    break
                if _overlap(edge, group[k]) > 0.5:
                    twin = k
                    break
            if twin is None:
                group.append(edge)
            else:
                other = group[twin]
                longer = max(edge, other, key=lambda e: e.length)
                group[twin] = Stroke(
                    at=longer.at,
                    start=min(edge.start, other.start),
                    end=max(edge.end, other.end),
                    sign=sign,
                )
        merged.extend(group)
    merged.sort(key=lambda e: e.at)
    used: set[int] = set()
    out: list[Stroke] = []
    for i, edge in enumerate(merged):
        if i in used:
            continue
        for j in range(i + 1, len(merged)):
            other = merged[j]
            if other.at - edge.at > max_width:
                break
            if j in used or other.sign == edge.sign or _overlap(edge, other) < 0.8:
                continue
            if min(edge.length, other.length) < 0.5 * max(edge.length, other.length):
                continue
            used.add(j)
            edge = Stroke(
                at=(edge.at + other.at) / 2,
                start=min(edge.start, other.start),
                end=max(edge.end, other.end),
                sign=0,
                width=other.at - edge.at,
            )
            break
        out.append(edge)
    return out


def heal_crossings(grey: NDArray[np.int16], strokes: list[Stroke]) -> list[Stroke]:
    """Join pieces of one drawn line that a curve or marker has cut: the gap between them holds ink.

    So does a gap of any length that bars cover. Where the gap is blank (between two facets) the pieces
    stay apart.
    """
    out: list[Stroke] = []
    page = page_level(grey)
    for stroke in sorted((s for s in strokes if s.sign == 0), key=lambda s: (round(s.at), s.start)):
        before = [k for k in range(max(0, len(out) - 12), len(out)) if _runs_before(out[k], stroke)]
        k = max(before, key=lambda k: out[k].end, default=None)
        if k is None or not _is_one_line(grey, out[k], stroke, page):
            out.append(stroke)
            continue
        other = out[k]
        out[k] = Stroke(
            at=other.at, start=other.start, end=stroke.end, sign=0, width=max(other.width, stroke.width)
        )
    return out + [s for s in strokes if s.sign != 0]


def uncover_ends(grey: NDArray[np.int16], strokes: list[Stroke]) -> list[Stroke]:
    """Carry lines on to where they come out behind markers that stand on their ends.

    Pieces between markers that stand along one line (hollow ones on an axis) meet so, and are one: the longer
    it is, the larger are the markers that it is carried on behind.
    """
    page = page_level(grey)
    while True:
        carried = [_uncover_end(grey, s, page) if s.sign == 0 else s for s in strokes]
        strokes = _join_met(carried)
        if len(strokes) == len(carried):
            return carried


def _join_met(strokes: list[Stroke]) -> list[Stroke]:
    """Make one line of those that lie on each other from end to end."""
    out: list[Stroke] = []
    for stroke in sorted(strokes, key=lambda s: (s.sign != 0, round(s.at), s.start)):
        met = [k for k in range(max(0, len(out) - 12), len(out)) if _has_met(out[k], stroke)]
        if not met:
            out.append(stroke)
            continue
        other = out[met[-1]]
        ends = min(other.start, stroke.start), max(other.end, stroke.end)
        out[met[-1]] = replace(other, start=ends[0], end=ends[1], width=max(other.width, stroke.width))
    return out


def _has_met(other: Stroke, stroke: Stroke) -> bool:
    """Whether two lines lie in one row, and one begins within the other."""
    one_row = other.sign == stroke.sign == 0 and abs(other.at - stroke.at) <= SAME_ROW_PX
    return one_row and stroke.start <= other.end + 1 and other.start <= stroke.end + 1


def _uncover_end(grey: NDArray[np.int16], stroke: Stroke, page: int) -> Stroke:
    row = round(stroke.at)
    start, end = int(stroke.start), int(stroke.end)
    level = int(median(grey[row, start : end + 1]))
    rows = [r for r in (row - 4, row + 4) if 0 <= r < grey.shape[0]]
    ground = median(grey[rows, start : end + 1])
    if abs(level - ground) < 2 * SAME_SHADE:
        return stroke
    # A side has the panel's ground at its one hand and at the other what is around it, a card's perhaps.
    grounds = (ground, page, *medians(grey[rows, start : end + 1], axis=1).tolist())
    reach = int(min(2 * MAX_CROSSING_PX, MAX_CROSSING_SHARE * stroke.length))
    band = grey[max(0, row - HALF_MARKER_PX) : row + HALF_MARKER_PX + 1]
    middle = min(row, HALF_MARKER_PX)
    after = _uncovered(band[:, end + 1 : end + 1 + reach], middle, level, grounds)
    before = _uncovered(band[:, max(0, start - reach) : start][:, ::-1], middle, level, grounds)
    return replace(stroke, start=stroke.start - before, end=stroke.end + after)


def _uncovered(beyond: NDArray[np.int16], middle: int, level: int, grounds: tuple[float, ...]) -> int:
    """How far beyond its end a line comes out again (px), covered all the way; 0 where it does not.

    The line lies in row ``middle`` of ``beyond``. A hollow marker covers it with the ground's own colour, and
    so does the zero of a label below an axis' end, but nothing comes out of that.
    """
    inked = np.all([np.abs(beyond - ground) >= MIN_STEP for ground in grounds], axis=0)
    enclosed = ~inked[middle] & inked[:middle].any(axis=0) & inked[middle + 1 :].any(axis=0)
    blank = np.flatnonzero(~inked[middle] & ~enclosed)
    last = int(blank[0]) if blank.size else beyond.shape[1]
    own = np.flatnonzero(np.abs(beyond[middle, :last] - level) <= SAME_SHADE)
    hollow = np.flatnonzero(enclosed[:last])
    if hollow.size and np.count_nonzero(own > hollow[-1]) < MIN_OUT_PX:
        own = own[own < hollow[0]]
    return 0 if not own.size else int(own[-1]) + 1


def _runs_before(other: Stroke, stroke: Stroke) -> bool:
    """Whether a stroke lies on the line of another, further along."""
    return abs(other.at - stroke.at) <= SAME_ROW_PX and stroke.start > other.end


def _is_one_line(grey: NDArray[np.int16], left: Stroke, right: Stroke, page: int) -> bool:
    """Whether a crossing curve, or bars, hide the gap between two pieces."""
    gap = int(right.start - left.end)
    if gap <= min(MAX_CROSSING_PX, MAX_CROSSING_SHARE * (right.end - left.start)):
        return _holds_ink(grey, left, right, page) or _is_covered(grey, left, right, page)
    return _is_covered(grey, left, right, page)


def _holds_ink(grey: NDArray[np.int16], left: Stroke, right: Stroke, page: int) -> bool:
    """Whether the gap between two pieces shows ink on the line, and not the blank ground.

    Labels below the gap between two panels are near the line, and not on it.
    """
    row = round(left.at)
    top, bottom = max(0, row - 6), min(grey.shape[0], row + 7)
    gap = grey[top:bottom, int(left.end) + 1 : int(right.start)]
    if gap.size == 0:
        return True
    contrast = gap.max(axis=0) - gap.min(axis=0)
    rows = [r for r in (row - 4, row + 4) if 0 <= r < grey.shape[0]]
    along = np.concatenate([grey[rows, int(s.start) : int(s.end) + 1] for s in (left, right)], axis=1)
    papers = np.array([page, *np.median(along, axis=1)])
    on_line = gap[max(0, row - 1 - top) : row + 2 - top]
    blank = np.abs(on_line[None] - papers[:, None, None]).min(axis=0).max(axis=0) < 3 * MIN_STEP
    return bool(np.mean((contrast >= 3 * MIN_STEP) & ~blank) > 0.5)


def page_level(grey: NDArray[np.int16]) -> int:
    """The level of the paper: what is most frequent along the picture's border."""
    border = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    return int(np.bincount(np.clip(border, 0, 255)).argmax())


def _is_covered(grey: NDArray[np.int16], left: Stroke, right: Stroke, page: int) -> bool:
    """Whether something hides the line all along the gap: neither its ground nor any paper shows there.

    A dashboard's card has a ground of its own, neither that of its panels nor the page's: it shows between
    two panels as it does before the first.
    """
    row = round((left.at + right.at) / 2)
    gap = grey[row, int(left.end) + 2 : int(right.start) - 1]
    rows = [r for r in (row - 4, row + 4) if 0 <= r < grey.shape[0]]
    beside = np.concatenate([grey[rows, int(s.start) : int(s.end) + 1].ravel() for s in (left, right)])
    papers = [median(beside), page]
    near, far = BEYOND_PX
    before = grey[[*rows, row], max(0, int(left.start) - far) : max(0, int(left.start) - near)]
    if before.size:
        papers.append(median(before))
    hidden = np.all([np.abs(gap - paper) >= MIN_STEP for paper in papers], axis=0)
    return bool(gap.size) and float(np.mean(hidden)) >= MIN_COVERED


def _overlap(a: Stroke, b: Stroke) -> float:
    """Length shared by both, as a share of the shorter."""
    shared = min(a.end, b.end) - max(a.start, b.start) + 1
    return shared / min(a.length, b.length)
