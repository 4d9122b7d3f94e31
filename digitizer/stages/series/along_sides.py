"""Lines that run along the top or bottom of their frame: what its stroke leaves of theirs, and how they bend.

Values at a limit of the axis (a share of one, a loss of none, the crest of a sine) are drawn under the
frame's own stroke. A rim of a wide line is seen beside it; where none is, both flanks tell whether a line has
bent back within the stroke or has gone beyond it.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from digitizer.evidence import FloatArray, Mask, PanelFrame, Picture, Trace
from digitizer.medians import quantile
from digitizer.stages.pixels.nearest import index_of_nearest
from digitizer.stages.pixels.true_runs import true_runs
from digitizer.stages.series.hidden import SAME_END_PX, common_end, is_line
from digitizer.stages.series.paths.runs import IndexArray

# Rows that show less of the ground than this through the side's own soft rim tell nothing.
LEAST_SHOWN = 0.1
# Paper beyond a side without a stroke (seaborn's and ggplot2's are white) differs by this (RGB units).
PAPER = 20.0
# ... and is seen bare in so many columns at either end.
END_PX = 4
# Rims beside a side are told from the side's own by this much of a line's colour, at least ...
LEAST_RIM = 0.12
# ... and by so many deviations of the row in which they lie.
CLEAR = 5.0
# The bare part of a row is the share of it that is most like the ground: the rest may have lines along it.
BARE_SHARE = 0.2
# Colours that differ from the mixture of a line's with the ground by more (RGB units) are of something else.
OTHER_COLOR = 40.0
# Shorter runs of rims (px) are tick marks and the ends of strokes that cross a side.
SHORTEST_RUN = 5
# Marks and noise part a run of rims by no more (px).
LONGEST_BREAK = 3
# So much of a gap has rims where a line runs along the side all through it.
MOST_OF_GAP = 0.8
# Columns (px) of a flank, at least, and the most that its curve may be off it.
FLANK = 12
STRAIGHT_PX = 0.5
# Whole columns of a flank lie within so many times its length.
FARTHEST = 3.0
# A curve through both flanks that goes so far (px) beyond the middle of the side may have left the panel.
BEYOND_PX = 2.0
# A line that is drawn over a side covers this share of its stroke, and shows as wide as it is to this (px),
# in so many rows on either side of it.
OVER_SHARE, OVER_PX, OVER_ROWS = 0.7, 0.8, 4
# A level line at a side is cut in half by it where others are so many times as wide, the half to this (px).
TIMES_AS_WIDE, HALF_PX, LEVEL_PX = 1.5, 1.5, 0.75
# Deviations (px) of what rims and flanks tell.
RIM_SIGMA = 0.4
FLANK_SIGMA = 0.5
# A line has even steps where they differ by no more than this share, of so many, at least.
EVEN = 0.15
FEWEST_STEPS = 5
# A vertex stands so near (px) its step; a line that leaves ends at any place within one.
ON_STEP_PX = 0.3


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Rim:
    """The rows just inside a side: their colours, and those of their bare parts, from the side inwards.

    ``first`` is the edge (px) at which the side's stroke ends, ``inwards`` 1 where rows go down, ``left`` the
    first column. ``colors`` (rows, columns, 3), ``bare`` (rows, 3) and ``spread`` (rows) are RGB units;
    ``shown`` is how much of a row its side leaves (rows), ``ground`` the panel's colour. ``over`` (rows,
    columns, 3) are those on both sides of the stroke, the first of them row ``over_top`` of the source.
    """

    level: float
    half: float
    first: float
    inwards: int
    left: int
    colors: FloatArray
    bare: FloatArray
    spread: FloatArray
    shown: FloatArray
    ground: FloatArray
    over: FloatArray
    over_top: int

    def middles(self, trace: Trace) -> FloatArray:
        """Where (px) a line's middle lies in each column by the rim it shows; NaN where it shows none."""
        color, width = np.array(trace.color, dtype=np.float64), max(1.0, trace.line_width_px)
        # One row beyond the stroke tells rims from fills.
        n = min(len(self.bare), math.ceil(width / 2 + self.half) + 1)
        way = (color - self.ground) * self.shown[:n, None]
        length = np.maximum(np.square(way).sum(axis=1), 1.0)
        off = self.colors[:n] - self.bare[:n, None]
        cover = np.einsum("rck,rk->rc", off, way) / length[:, None]
        strange = np.linalg.norm(off - cover[..., None] * way[:, None], axis=2) > OTHER_COLOR
        least = np.maximum(LEAST_RIM, CLEAR * self.spread[:n] / np.sqrt(length))
        depth = np.clip(np.where(cover > least[:, None], cover, 0.0), 0.0, 1.0)
        rim = (depth[0] > 0) & (depth[-1] == 0) & ~(strange & (np.abs(cover) > least[:, None])).any(axis=0)
        edge = self.first + self.inwards * (depth * self.shown[:n, None]).sum(axis=0)
        beside = np.where(rim, edge - self.inwards * width / 2, np.nan)
        return np.asarray(np.where(rim, beside, self.middles_over(color, width)))

    def veiled(self) -> Mask:
        """Columns with ink of any colour beside the side: lines over each other show neither's."""
        off = np.linalg.norm(self.colors[:2] - self.bare[:2, None], axis=2)
        return np.asarray((off > OTHER_COLOR).any(axis=0))

    def middles_over(self, color: FloatArray, width: float) -> FloatArray:
        """Where (px) a line's middle lies in each column in which it is drawn over the side's stroke."""
        away = np.linalg.norm(self.over - self.ground, axis=2)
        light = away <= np.quantile(away, BARE_SHARE, axis=1, keepdims=True)
        bare = np.array([np.median(c[k], axis=0) for c, k in zip(self.over, light, strict=True)])
        way = color - bare
        length = np.maximum(np.square(way).sum(axis=1), 1.0)
        off = self.over - bare[:, None]
        cover = np.einsum("rck,rk->rc", off, way) / length[:, None]
        strange = np.linalg.norm(off - cover[..., None] * way[:, None], axis=2) > OTHER_COLOR
        cover = np.clip(np.where(strange, 0.0, cover), 0.0, 1.0)
        stroke = int(np.argmax(np.linalg.norm(bare - self.ground, axis=1)))
        total = cover.sum(axis=0)
        rows = self.over_top + np.arange(len(self.over))
        shown = (cover[stroke] >= OVER_SHARE) & (np.abs(total - width) <= OVER_PX) & ~strange.any(axis=0)
        return np.asarray(np.where(shown, rows @ cover / np.maximum(total, 1.0), np.nan))


def follow_sides(traces: Sequence[Trace], picture: Picture, frame: PanelFrame) -> list[Trace]:
    """Carry lines on along the sides of their frame, and close their gaps there.

    Parameters
    ----------
    traces
        A panel's traces (source px).
    picture, frame
        The source, and the panel in it.

    Returns
    -------
    list of Trace
        In the order given. What rims show is seen; what flanks tell counts as ``hidden``.
    """
    out = list(traces)
    lines = [i for i, trace in enumerate(out) if _is_bare_line(trace)]
    for rim in _rims(picture, frame) if lines else ():
        near = [i for i in lines if _comes_near(out[i], rim)]
        for i in near:
            out[i] = _along_rim(_whole_line(out[i], [out[k] for k in lines if k != i], rim), rim)
        by_columns = [i for i in near if out[i].sampled_at == "columns"]
        for i in by_columns:
            out[i] = _close_crests(out[i], rim)
        for side in (-1, 1):
            end = common_end([out[i] for i in lines], frame, side)
            for i in near:
                carry = _to_end if i in by_columns else _on_the_limit
                out[i] = carry(out[i], rim, side, end)
    return out


def _is_bare_line(trace: Trace) -> bool:
    fewest = 2 * FLANK if trace.sampled_at == "columns" else 2
    return is_line(trace, fewest) and trace.line_style == "solid" and trace.course_px is None


def _rims(picture: Picture, frame: PanelFrame) -> list[_Rim]:
    """The rows inside the top and the bottom, where these are drawn or paper of another colour begins."""
    box, half = frame.box, frame.line_width / 2
    left, right = max(0, math.ceil(box.left + half + 1)), min(picture.width, math.floor(box.right - half))
    ground, found = np.array(frame.background, dtype=np.float64), []
    for side, level, inwards in (("top", box.top, 1), ("bottom", box.bottom, -1)):
        if right - left < 4 * FLANK:
            continue
        rows = round(level) + inwards * np.arange(-1, 2 * FLANK)
        rows = rows[(rows >= 0) & (rows < picture.height) & (rows >= box.top - 2) & (rows <= box.bottom + 2)]
        if not rows.size:
            continue
        colors = picture.rgb[rows, left:right].astype(np.float64)
        away = np.linalg.norm(colors - ground, axis=2)
        light = away <= np.quantile(away, BARE_SHARE, axis=1, keepdims=True)
        bare = np.array([np.median(c[k], axis=0) for c, k in zip(colors, light, strict=True)])
        if side not in frame.sides:
            # A row of paper and ground is more like the ground where a line lends it some colour.
            ends = np.r_[:END_PX, -END_PX:0]
            bare, light = (
                np.median(colors[:, ends], axis=1),
                np.broadcast_to(np.isin(np.arange(right - left), ends % (right - left)), away.shape),
            )
        # The side's own stroke is darkest in one of the rows at its level.
        core = int(np.argmax(np.linalg.norm(bare[:3] - ground, axis=1)))
        stroke = ground - bare[core]
        if side not in frame.sides and np.linalg.norm(stroke) < PAPER:
            continue
        shown = np.clip((bare - bare[core]) @ stroke / max(1.0, float(stroke @ stroke)), 0.0, 1.0)
        first = core + int(np.argmax(shown[core:] > LEAST_SHOWN))
        spread = np.array([np.median(np.abs(c[k] - b)) for c, k, b in zip(colors, light, bare, strict=True)])
        top = max(0, round(level) - OVER_ROWS)
        found.append(
            _Rim(
                level=level,
                half=half,
                first=float(rows[first] + inwards * (0.5 - shown[first])),
                inwards=inwards,
                left=left,
                colors=colors[first:],
                bare=bare[first:],
                spread=spread[first:],
                shown=shown[first:],
                ground=ground,
                over=picture.rgb[top : round(level) + OVER_ROWS + 1, left:right].astype(np.float64),
                over_top=top,
            )
        )
    return found


def _comes_near(trace: Trace, rim: _Rim) -> bool:
    seen = trace.y_px[np.isfinite(trace.y_px)]
    return bool((rim.inwards * (seen - rim.level)).min() <= _reach(trace, rim) + 1.0)


def _whole_line(trace: Trace, others: Sequence[Trace], rim: _Rim) -> Trace:
    """A level line at a side that cuts it in half, put where its whole stroke has its middle."""
    seen = trace.y_px[np.isfinite(trace.y_px)]
    if not others or quantile(np.abs(seen - np.median(seen)), 0.9) > LEVEL_PX:
        return trace
    width = float(np.median([other.line_width_px for other in others]))
    off = float(rim.inwards * (np.median(seen) - rim.level))
    half_seen = abs(trace.line_width_px - (width / 2 - rim.half)) <= HALF_PX
    touches = abs(off - trace.line_width_px / 2) <= rim.half + 1.0
    if width < TIMES_AS_WIDE * trace.line_width_px or not half_seen or not touches:
        return trace
    more = rim.inwards * (trace.line_width_px - width) / 2
    return replace(trace, y_px=trace.y_px + more, line_width_px=width)


def _reach(trace: Trace, rim: _Rim) -> float:
    """How far (px) inside a side the middle of a line is seen that touches its stroke."""
    return rim.half + trace.line_width_px / 2 + 1.5


def _along_rim(trace: Trace, rim: _Rim) -> Trace:
    """The line with all that its rim tells of where it runs between and beyond its points."""
    height = rim.middles(trace)
    rims = np.isfinite(height)
    seen = np.flatnonzero(np.isfinite(trace.y_px))
    x, y = trace.x_px[seen], trace.y_px[seen]
    column = np.arange(height.size) + rim.left
    own = np.abs(x[index_of_nearest(x, column)] - column) < 1.0
    if trace.sampled_at == "vertices":
        own = (column >= x[0]) & (column <= x[-1])
    height[own] = np.interp(column[own], x, y)
    free = _close_breaks(rims | own | rim.veiled()) & ~own
    new: list[IndexArray] = []
    for first, stop in zip(*true_runs(free), strict=True):
        if rims[first:stop].sum() < SHORTEST_RUN or not _joins(column[first:stop], x, y, trace, rim):
            continue
        first, stop = _trimmed(rims | own, first, stop)
        if trace.sampled_at == "columns":
            new.append(np.arange(first, stop))
        else:
            new.append(np.array([first if column[first] < x[0] else stop - 1]))
    if not new:
        return trace
    at, known = np.concatenate(new), np.flatnonzero(np.isfinite(height))
    level = np.interp(at, known, height[known])
    return _with_points(trace, column[at].astype(np.float64), level, np.full(at.size, RIM_SIGMA))


def _trimmed(known: Mask, first: int, stop: int) -> tuple[int, int]:
    """A run without the columns at its ends that are neither the line's rims nor beside its points."""
    at = np.flatnonzero(known[max(0, first - 1) : stop + 1]) + max(0, first - 1)
    return max(first, int(at[0])), min(stop, int(at[-1]) + 1)


def _close_breaks(shown: Mask) -> Mask:
    """Runs with the short breaks between them."""
    at = np.flatnonzero(shown)
    out = shown.copy()
    for a, b in itertools.pairwise(at.tolist()):
        if 1 < b - a <= LONGEST_BREAK + 1:
            out[a:b] = True
    return out


def _joins(run: IndexArray, x: FloatArray, y: FloatArray, trace: Trace, rim: _Rim) -> bool:
    """Whether a run of rims begins or ends where the line is seen to reach the side."""
    for end, way in ((run[0], -1), (run[-1], 1)):
        beside = np.flatnonzero((way * (x - end) > 0) & (way * (x - end) <= LONGEST_BREAK + 1))
        if beside.size:
            steep = float(np.ptp(y[beside])) if beside.size > 1 else 0.0
            off = (rim.inwards * (y[beside] - rim.level)).min()
            if off <= _reach(trace, rim) + steep:
                return True
    return False


def _close_crests(trace: Trace, rim: _Rim) -> Trace:
    """The line led through gaps at a side where a curve through both flanks stays at the side."""
    seen = np.flatnonzero(np.isfinite(trace.y_px))
    x, y = trace.x_px[seen], trace.y_px[seen]
    away = rim.inwards * (y - rim.level)
    closed = 0.0
    for k in np.flatnonzero(np.diff(x) > 1.5)[::-1]:
        if max(away[k], away[k + 1]) > _reach(trace, rim):
            continue
        columns = np.arange(math.floor(x[k]) + 1.0, x[k + 1])
        path = _bend(x, y, columns, trace, rim)
        if path is None:
            continue
        trace = _with_points(trace, columns, *path)
        closed += columns.size / max(1.0, float(np.ptp(x)))
    return replace(trace, hidden=min(1.0, trace.hidden + closed)) if closed else trace


def _to_end(trace: Trace, rim: _Rim, side: int, target: float) -> Trace:
    """The line carried on to where others end, where its bend keeps it at the side."""
    seen = np.flatnonzero(np.isfinite(trace.y_px))
    x, y = trace.x_px[seen], trace.y_px[seen]
    end = 0 if side < 0 else x.size - 1
    missing = side * (target - float(x[end]))
    if not missing > SAME_END_PX or rim.inwards * (y[end] - rim.level) > _reach(trace, rim):
        return trace
    columns = np.sort(np.arange(x[end] + side, target + 0.5 * side, side))
    path = _bend(x, y, columns, trace, rim)
    if path is None:
        return trace
    share = columns.size / max(1.0, float(np.ptp(x)))
    return replace(_with_points(trace, columns, *path), hidden=min(1.0, trace.hidden + share))


def _on_the_limit(trace: Trace, rim: _Rim, side: int, target: float) -> Trace:
    """The line carried on in its own steps where its last vertex lies at the side.

    A line that leaves through the side is cut wherever that happens; a vertex there is a value on the limit.
    """
    seen = np.flatnonzero(np.isfinite(trace.y_px))
    x, y = trace.x_px[seen], trace.y_px[seen]
    if x.size < FEWEST_STEPS:
        return trace
    end = 0 if side < 0 else x.size - 1
    missing, steps = side * (target - float(x[end])), np.diff(x)
    period = float(np.median(steps))
    # The middle of what is left of a stroke that is cut in half lies a quarter of it inside.
    on_side = abs(float(y[end]) - rim.level) <= rim.half + trace.line_width_px / 4 + FLANK_SIGMA
    # The line may begin under the other side, in mid step.
    inner = steps[1:] if side > 0 else steps[:-1]
    last = abs(float(inner[-1] if side > 0 else inner[0]) - period)
    even = float(np.abs(inner - period).max()) <= EVEN * period and last <= ON_STEP_PX
    if not on_side or not even or missing < (1.0 - EVEN) * period:
        return trace
    columns = np.sort(x[end] + side * period * np.arange(1.0, round(missing / period) + 0.5))
    n = columns.size
    more = _with_points(trace, columns, np.full(n, rim.level), np.full(n, FLANK_SIGMA))
    return replace(more, hidden=min(1.0, trace.hidden + missing / (missing + float(np.ptp(x)))))


def _bend(
    x: FloatArray, y: FloatArray, columns: FloatArray, trace: Trace, rim: _Rim
) -> tuple[FloatArray, FloatArray] | None:
    """Heights and deviations in columns without ink by the flanks beside them; None where these do not tell.

    A cubic through two flanks, a parabola through one: as long as what is missing, both.
    """
    whole = rim.inwards * (y - rim.level) >= rim.half + trace.line_width_px / 2 + 0.5
    before, after = np.flatnonzero(whole & (x < columns[0])), np.flatnonzero(whole & (x > columns[-1]))
    n = max(FLANK, columns.size)
    told = [flank for flank in (before[-n:], after[:n]) if flank.size >= FLANK // 2]
    if len(told) < int(x[0] < columns[0]) + int(x[-1] > columns[-1]):
        return None
    part = np.concatenate(told)
    if float(np.abs(x[part] - np.clip(x[part], columns[0], columns[-1])).max()) > FARTHEST * n:
        return None
    middle = columns.mean()
    curve = np.polynomial.Polynomial.fit(x[part] - middle, y[part], len(told) + 1)
    if float(np.sqrt(np.mean(np.square(curve(x[part] - middle) - y[part])))) > STRAIGHT_PX:
        return None
    path = np.asarray(curve(columns - middle))
    away = rim.inwards * (path - rim.level)
    if away.min() < -BEYOND_PX or away.max() > _reach(trace, rim):
        return None
    return path, FLANK_SIGMA + np.maximum(0.0, -away) / 2


def _with_points(trace: Trace, x: FloatArray, y: FloatArray, sigma: FloatArray) -> Trace:
    """The line with more points; holes (NaN) that these fill are left out."""
    inside = (trace.x_px >= x.min()) & (trace.x_px <= x.max())
    near = np.abs(trace.x_px - x[np.clip(np.searchsorted(x, trace.x_px), 0, x.size - 1)]) <= LONGEST_BREAK + 1
    kept = ~(np.isnan(trace.y_px) & (inside | near))
    order = np.argsort(np.r_[trace.x_px[kept], x], kind="stable")
    columns = (
        np.r_[own[kept], more][order]
        for own, more in ((trace.x_px, x), (trace.y_px, y), (trace.sigma_px, sigma))
    )
    x_px, y_px, sigma_px = columns
    return replace(trace, x_px=x_px, y_px=y_px, sigma_px=sigma_px)
