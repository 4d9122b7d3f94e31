"""Drawing traces again and comparing them with the picture's ink."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from digitizer.evidence import Box, ByteImage, FloatArray, Mask, PanelFrame, Picture, Redrawn, Trace
from digitizer.stages.bars.cover import SAME_FILL, bar_boxes, bar_colors, whisker_boxes
from digitizer.stages.checks.clouds import count_slivers
from digitizer.stages.checks.drop_lines import join_points
from digitizer.stages.checks.faint import faint_share
from digitizer.stages.checks.hollows import find_gaps, see_hollows
from digitizer.stages.checks.lone_mark import count_lone_marks
from digitizer.stages.checks.second_reading import SecondReading, reach_px, read_again, see_color
from digitizer.stages.pixels.components import label_pieces
from digitizer.stages.pixels.true_runs import true_runs
from digitizer.stages.series.inks.furniture import are_long_ticks
from digitizer.stages.series.inks.ink import FAINTEST, Ink, see_ink

# Ink this far (px) beyond a redrawn outline is still explained by it: anti-aliasing, JPEG, resampling.
MARGIN_PX = 1.5
# Outlines and shadows of bars reach this far (px, Excel on a Mac) to their sides; no more than so much (share
# of their width) of a bar beside them may be taken for it.
SHADOW_PX, SHADOW_SHARE = 6.0, 0.4
# The directions of the arms of markers, of which this share is looked at: ends are rounded and blurred.
ARMS = {"plus": ((1.0, 0.0), (0.0, 1.0)), "cross": ((1.0, 1.0), (1.0, -1.0))}
ARM_SHARE = 0.7
# Caps of error bars reach this far (px) to both sides, or nearly as far as the marker is wide.
CAP_PX = 8.0
# Where bars are looked at, as shares of their width and of their length.
BODY_SHARES = (0.2, 0.5, 0.8)
# A sample of a trace is supported where its colour covers this share of a pixel next to it.
SUPPORT_ALPHA = 0.35
# Unexplained specks smaller than this (px) are left-overs of text, ticks and compression.
SPECK_PX = 12
# Marks that sit on a side and reach in no further than this share of the panel are ticks.
TICK_SHARE = 0.03
# A straight stroke that long is a reference line, not a series; so thin (px) or of so little of the panel ...
STRAIGHT_SHARE = 0.9
STRAIGHT_PX, STRAIGHT_THIN = 6, 0.03
# ... also in pieces, cut by what is drawn over it, that lie on one another's rows to this (px) and make so
# much of its length; shorter pieces are dashes or specks.
CUT_PX, CUT_SHARE, CUT_LEAST = 1, 0.6, 0.02


def compare(
    picture: Picture, frame: PanelFrame, traces: tuple[Trace, ...], obstacles: tuple[Box, ...]
) -> tuple[Redrawn, tuple[float, ...]]:
    """Draw traces again and compare them with the ink inside a frame.

    Returns
    -------
    redrawn
        How drawing and ink agree.
    supports
        For each trace, the share of its drawn path with ink of its colour under it.
    """
    ink = see_ink(picture, frame, obstacles)
    if ink is None:
        return Redrawn(), tuple(1.0 for _ in traces)
    drawn = [draw_trace(t, ink) for t in traces]
    own = _own_fills(picture, frame, traces, ink)
    paths = [_follow(ink, t, d, own) for t, d in zip(traces, drawn, strict=True)]
    plain = [draw_trace(t, ink, margin=0.0) for t in traces]
    again = _read_all_again(ink, traces, plain)
    union = np.zeros(ink.strength.shape, dtype=np.uint8)
    for mask in (*drawn, *(_draw_shadows(t, ink) for t in traces if t.kind == "bar")):
        union |= mask
    inked = np.where(ink.stands_out(), ink.strength, 0.0)
    left = np.where(union > 0, 0.0, inked).astype(np.float32)
    boxes, weights, pieces = _components(ink, left, traces)
    held = max(float(inked[union > 0].sum()) + weights.sum(), 1.0)
    redrawn = Redrawn(
        explained=1.0 - float(weights.sum()) / held,
        largest_left=float(weights.max(initial=0.0)) / held,
        thickest_left=_thickness(left),
        unexplained=boxes,
        faint=faint_share(ink, pieces, union, traces),
        longest_bare=tuple(p.longest_bare for p in paths),
        longest_covered=tuple(p.longest_covered for p in paths),
        overdrawn=tuple(_overdrawn(ink, t, d) for t, d in zip(traces, plain, strict=True)),
        off=tuple(r.off for r in again),
        apart=tuple(r.apart for r in again),
        lost=tuple(r.lost for r in again),
        open_ends=tuple(r.open_ends for r in again),
        noise=ink.noise,
        slivers=count_slivers(ink, traces, drawn, _draw_stems(ink, traces)),
        lone_marks=count_lone_marks(ink, traces, drawn),
    )
    return redrawn, tuple(p.support for p in paths)


def _read_all_again(ink: Ink, traces: tuple[Trace, ...], plain: Sequence[ByteImage]) -> list[SecondReading]:
    """Read every line by columns, apart from what is drawn of the others (``plain``, without margins)."""
    n_drawn = np.sum(plain, axis=0, dtype=np.uint16) if plain else np.zeros((0, 0), np.uint16)
    reach = reach_px(ink.height)
    return [
        read_again(ink, t, draw_trace(t, ink, margin=reach), (n_drawn > mask).astype(np.uint8))
        for t, mask in zip(traces, plain, strict=True)
    ]


def _overdrawn(ink: Ink, trace: Trace, plain: ByteImage) -> float:
    """Share of a trace's drawing, without margin, that lies on bare ground."""
    armed = trace.kind == "scatter" and trace.marker in ARMS
    drawn = ((_draw_arms(trace, ink) if armed else plain) > 0) & ~ink.hidden
    bare = ink.strength < max(ink.floor, 0.5 * FAINTEST)
    # Between dashes ground shows.
    size = 2 * _reach(trace) + 1 if trace.kind == "line" else 3
    near = cv2.erode(bare.astype(np.uint8), np.ones((size, size), np.uint8)) > 0
    return float((drawn & near).sum() / max(1, drawn.sum()))


def _draw_arms(trace: Trace, ink: Ink) -> ByteImage:
    """Mask of the middle lines of markers that are arms: between these the ground shows."""
    mask = np.zeros(ink.strength.shape, dtype=np.uint8)
    half = ARM_SHARE * trace.marker_size_px / 2
    for x, y in zip(trace.x_px - ink.left, trace.y_px - ink.top, strict=True):
        for dx, dy in ARMS[trace.marker] if np.isfinite(y) else ():
            ends = [(round((x + k * half * dx) * 8), round((y + k * half * dy) * 8)) for k in (-1, 1)]
            cv2.line(mask, ends[0], ends[1], 1, 1, cv2.LINE_8, 3)
    return mask


def draw_trace(trace: Trace, ink: Ink, margin: float = MARGIN_PX) -> ByteImage:
    """Mask of what a trace covers inside the crop, grown by ``margin``."""
    mask = np.zeros(ink.strength.shape, dtype=np.uint8)
    x, y = trace.x_px - ink.left, trace.y_px - ink.top
    if trace.kind == "bar":
        for box in (*bar_boxes(trace), *whisker_boxes(trace)):
            first = round(box.left - ink.left - margin), round(box.top - ink.top - margin)
            last = round(box.right - ink.left + margin), round(box.bottom - ink.top + margin)
            cv2.rectangle(mask, first, last, 1, -1)
        return mask
    if trace.kind in ("line", "scatter"):
        _draw_error_bars(mask, trace, ink, margin)
    if trace.kind == "band" and trace.y_low_px is not None and trace.y_high_px is not None:
        _fill_between(mask, x, trace.y_low_px - ink.top, trace.y_high_px - ink.top)
    if trace.kind == "line" and trace.line_style != "none":
        thickness = max(1, round(trace.line_width_px + 2 * margin))
        along_x, along_y = trace.path_px
        for points in _pieces(along_x - ink.left, along_y - ink.top):
            cv2.polylines(mask, [points], False, 1, thickness, cv2.LINE_8, 3)
    if trace.marker != "none" or trace.line_style == "none":
        # Half the diagonal of the largest filled shape of this size.
        radius = max(trace.marker_size_px * 0.6, 1.0) + margin
        if trace.marker in ("square", "cross"):
            radius *= 1.25
        for px, py in zip(x, y, strict=True):
            if np.isfinite(py):
                cv2.circle(mask, (round(px * 8), round(py * 8)), round(radius * 8), 1, -1, cv2.LINE_8, 3)
    return mask


def _draw_shadows(trace: Trace, ink: Ink) -> ByteImage:
    """Mask of what bars throw to their sides and below themselves; at their ends other bars may stand."""
    mask = np.zeros(ink.strength.shape, dtype=np.uint8)
    lying = trace.orientation == "horizontal"
    reach = min(SHADOW_PX, SHADOW_SHARE * trace.line_width_px)
    along, across = (reach, 0.0) if lying else (0.0, reach)
    for box in bar_boxes(trace):
        first = round(box.left - ink.left - across), round(box.top - ink.top - along)
        last = round(box.right - ink.left + across), round(box.bottom - ink.top + along)
        cv2.rectangle(mask, first, last, 1, -1)
    return mask


def _draw_stems(ink: Ink, traces: tuple[Trace, ...]) -> ByteImage:
    """Mask of the error bars of all traces, with a margin."""
    mask = np.zeros(ink.strength.shape, dtype=np.uint8)
    for trace in traces:
        _draw_error_bars(mask, trace, ink, MARGIN_PX)
    return mask


def _draw_error_bars(mask: ByteImage, trace: Trace, ink: Ink, margin: float) -> None:
    """Draw stems, and with a margin the places of their caps, into a mask (in place)."""
    if trace.y_low_px is None or trace.y_high_px is None:
        return
    cap = max(CAP_PX, 0.8 * trace.marker_size_px)
    for x, low, high in zip(trace.x_px - ink.left, trace.y_low_px, trace.y_high_px, strict=True):
        if not np.isfinite(low + high):
            continue
        top, bottom = round(high - ink.top - margin), round(low - ink.top + margin)
        cv2.rectangle(mask, (round(x - margin), top), (round(x + margin), bottom), 1, -1)
        if margin > 0:
            for row in (high - ink.top, low - ink.top):
                first = round(x - cap - margin), round(row - 2 * margin)
                cv2.rectangle(mask, first, (round(x + cap + margin), round(row + 2 * margin)), 1, -1)


def _pieces(x: FloatArray, y: FloatArray) -> list[NDArray[np.int32]]:
    """Polyline points in eighths of a pixel, split where y is missing."""
    ok = np.isfinite(y)
    pieces = []
    for part in np.split(np.arange(x.size), np.flatnonzero(np.diff(ok.astype(int))) + 1):
        if part.size and ok[part[0]]:
            pieces.append(np.round(np.stack([x[part], y[part]], axis=1) * 8).astype(np.int32))
    return pieces


def _fill_between(mask: ByteImage, x: FloatArray, low: FloatArray, high: FloatArray) -> None:
    ok = np.isfinite(low) & np.isfinite(high)
    if ok.sum() < 2:
        return
    ring = np.concatenate(
        [np.stack([x[ok], low[ok]], axis=1), np.stack([x[ok], high[ok]], axis=1)[::-1]], axis=0
    )
    cv2.fillPoly(mask, [np.round(ring * 8).astype(np.int32)], 1, cv2.LINE_8, 3)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Path:
    """How a trace's path is borne by ink: the share that is, and the longest stretches (px) that are not.

    ``longest_bare`` lies on ground, ``longest_covered`` under other ink, text or the legend.
    """

    support: float
    longest_bare: float
    longest_covered: float


def _own_fills(picture: Picture, frame: PanelFrame, traces: tuple[Trace, ...], ink: Ink) -> Mask | None:
    """Where the bars of the only series of bars have a colour of their own, each its category's."""
    bars = [trace for trace in traces if trace.kind == "bar"]
    if len(bars) != 1:
        return None
    filled = np.zeros(ink.strength.shape, dtype=bool)
    rgb = picture.rgb[ink.top : ink.top + len(filled), ink.left : ink.left + len(filled[0])]
    colors = bar_colors(picture, frame, bars[0])
    for box, color in zip(bar_boxes(bars[0]), colors, strict=True):
        top, left = max(0, round(box.top) - ink.top), max(0, round(box.left) - ink.left)
        place = slice(top, round(box.bottom) - ink.top + 1), slice(left, round(box.right) - ink.left + 1)
        filled[place] |= np.abs(rgb[place] - color).max(axis=2) <= SAME_FILL
    return filled


def _follow(ink: Ink, trace: Trace, drawn: ByteImage, own: Mask | None) -> _Path:
    """Follow a trace's path over ink of its colour, within a pixel; hidden stretches do not count."""
    rows, columns = _samples(ink, trace)
    if rows.size == 0:
        return _Path(support=0.0, longest_bare=0.0, longest_covered=0.0)
    colored = see_color(ink, trace, drawn) > SUPPORT_ALPHA
    if trace.line_color is not None:
        colored |= see_color(ink, replace(trace, color=trace.line_color), drawn) > SUPPORT_ALPHA
    if trace.kind == "bar" and own is not None:
        colored |= own
    kernel = 2 * _reach(trace) + 1
    near = cv2.dilate(colored.astype(np.uint8), np.ones((kernel, kernel), np.uint8))[rows, columns] > 0
    # A line does not show in hollow markers that are filled with the ground's colour, nor in gaps (R).
    hidden = ink.hidden[rows, columns] | (see_hollows(ink, trace, colored)[rows, columns] & ~near)
    at = columns.astype(np.float64) + ink.left, rows.astype(np.float64) + ink.top
    hidden |= find_gaps(trace, *at, ~near & ~hidden)
    # Another series drawn on top hides this one: strong ink that is not of its colour.
    covered = (ink.strength[rows, columns] > 60) & ~near
    counted = ~hidden & ~covered
    n_hits = float((near & ~hidden).sum())
    n_counted = counted.sum() if counted.sum() >= 0.5 * max(1, (~hidden).sum()) else (~hidden).sum()
    return _Path(
        support=n_hits / max(1, int(n_counted)),
        longest_bare=float(_longest(~near & counted)),
        longest_covered=float(_longest(~near)),
    )


def _reach(trace: Trace) -> int:
    """How far (px) from a trace's path its ink may lie: a pixel beside it, or between dashes."""
    if trace.kind == "scatter":
        # Open markers show their colour on their rims alone.
        return 1 + round(trace.marker_size_px / 2)
    dashed = trace.kind == "line" and trace.line_style not in ("solid", "none")
    return 1 + round(4 * trace.line_width_px) if dashed else 1


def _longest(on: Mask) -> int:
    """Length of the longest run of true values."""
    starts, stops = true_runs(on)
    return int((stops - starts).max(initial=0))


def _samples(ink: Ink, trace: Trace) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Pixels along a trace's path (or at its markers), inside the crop."""
    x, y = trace.x_px - ink.left, trace.y_px - ink.top
    if trace.kind == "line" and trace.line_style != "none" and x.size > 1:
        x, y = trace.path_px[0] - ink.left, trace.path_px[1] - ink.top
        steps = np.clip(np.ceil(np.hypot(np.diff(x), np.diff(np.nan_to_num(y)))), 1, 2000).astype(int)
        start = np.repeat(np.arange(x.size - 1), steps)
        share = np.concatenate([np.arange(n) / n for n in steps])
        px = x[start] + share * (x[start + 1] - x[start])
        py = y[start] + share * (y[start + 1] - y[start])
    elif trace.kind == "bar":
        # In their bodies: error bars and labels stand at their ends.
        boxes = [(b.left, b.top, b.right, b.bottom) for b in bar_boxes(trace)]
        left, top, right, bottom = np.array(boxes).reshape(-1, 4).T
        shares = [(a, b) for a in BODY_SHARES for b in BODY_SHARES]
        px = np.concatenate([left + a * (right - left) for a, _ in shares]) - ink.left
        py = np.concatenate([top + b * (bottom - top) for _, b in shares]) - ink.top
    elif trace.kind == "band" and trace.y_low_px is not None and trace.y_high_px is not None:
        # Beside its middle, along which its line runs.
        low, high = trace.y_low_px - ink.top, trace.y_high_px - ink.top
        px, py = np.tile(x, 2), np.concatenate([0.8 * low + 0.2 * high, 0.2 * low + 0.8 * high])
    else:
        px, py = x, y
    ok = np.isfinite(px) & np.isfinite(py)
    columns, rows = np.round(px[ok]).astype(int), np.round(py[ok]).astype(int)
    inside = (rows >= 0) & (rows < ink.height) & (columns >= 0) & (columns < ink.width)
    return rows[inside], columns[inside]


def _components(
    ink: Ink, left: NDArray[np.float32], traces: Sequence[Trace]
) -> tuple[tuple[Box, ...], FloatArray, NDArray[np.intp]]:
    """Boxes (the largest fifty) and weights of the pieces of unexplained ink that could be a series.

    ... and which of them each pixel belongs to, from one on; 0 for none.
    """
    height, width = left.shape
    on = (left > 0).astype(np.uint8)
    # Before they are joined: the ticks of a logarithmic axis are packed.
    pieces, sizes = label_pieces(on > 0)
    on[are_long_ticks(sizes, on.shape)[pieces]] = 0
    joined = cv2.morphologyEx(on, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    labels, stats = label_pieces(joined > 0)
    n = len(stats)
    if n <= 1:
        return (), np.zeros(0), np.zeros(left.shape, dtype=np.intp)
    weights = np.bincount(labels.ravel(), weights=left.ravel(), minlength=n)
    found: list[tuple[float, Box]] = []
    members: list[int] = []
    cut = _are_cut_lines(stats, width, height) | _are_cut_lines(stats[:, [1, 0, 3, 2]], height, width)
    for i in range(1, min(n, 5000)):
        x, y, w, h = (int(v) for v in stats[i][:4])
        # Rims of explained strokes are one pixel thin and hug them: a speck across the short way.
        if stats[i][4] < SPECK_PX or min(w, h) <= 1 or _is_furniture(x, y, w, h, width, height) or cut[i]:
            continue
        box = Box(left=ink.left + x, top=ink.top + y, right=ink.left + x + w - 1, bottom=ink.top + y + h - 1)
        found.append((float(weights[i]), box))
        members.append(i)
    joining = join_points([box for _, box in found], traces, ink.top + height - 1)
    number = np.zeros(n, dtype=np.intp)
    number[np.array(members, dtype=np.intp)[~joining]] = np.arange(1, np.count_nonzero(~joining) + 1)
    found = [item for item, joins in zip(found, joining, strict=True) if not joins]
    found.sort(key=lambda item: -item[0])
    boxes = tuple(box for _, box in found[:50])
    return boxes, np.array([weight for weight, _ in found]), np.where(left > 0, number[labels], 0)


def _thickness(left: NDArray[np.float32]) -> float:
    """The diameter (px) of the largest disc within unexplained ink."""
    strong = (left > SUPPORT_ALPHA * float(left.max(initial=0.0))).astype(np.uint8)
    return max(0.0, 2.0 * float(cv2.distanceTransform(strong, cv2.DIST_L2, cv2.DIST_MASK_5).max()) - 1.0)


def _is_furniture(x: int, y: int, w: int, h: int, width: int, height: int) -> bool:
    """Whether a component is a tick on a side or a straight line across the panel."""
    edge = 2
    short = TICK_SHARE * max(width, height) + 3
    on_side = x <= edge or y <= edge or x + w >= width - edge or y + h >= height - edge
    if on_side and max(w, h) <= short:
        return True
    thin_level, thin_upright = _thin_px(height), _thin_px(width)
    level = w > STRAIGHT_SHARE * width and h <= thin_level
    return level or (h > STRAIGHT_SHARE * height and w <= thin_upright)


def _thin_px(across: int) -> float:
    """How thick (px) a reference line may be in a panel that is so high or wide."""
    return max(STRAIGHT_PX, STRAIGHT_THIN * across)


def _are_cut_lines(stats: NDArray[np.int32], length: int, across: int) -> Mask:
    """Which components (left, top, width, height) are pieces of thin level lines all across a panel.

    Notes
    -----
    Curves cross the zero line, and what is drawn over it cuts it.
    """
    left, top, wide, high = stats[:, :4].T
    thin = (high <= _thin_px(across)) & (wide > np.maximum(high, CUT_LEAST * length))
    cut = np.zeros(len(stats), dtype=bool)
    for i in np.flatnonzero(thin):
        mates = thin & (np.abs(top - top[i]) <= CUT_PX) & (np.abs(top + high - top[i] - high[i]) <= CUT_PX)
        span = int((left + wide)[mates].max() - left[mates].min())
        if span > STRAIGHT_SHARE * length and int(wide[mates].sum()) > CUT_SHARE * length:
            cut |= mates
    return cut
