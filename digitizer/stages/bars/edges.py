"""Where bars start and end to a fraction of a pixel, and how far their error bars reach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitizer.evidence import ByteImage, FloatArray, PanelFrame
from digitizer.stages.bars.beside import without_grid
from digitizer.stages.bars.blended import share_of_blend
from digitizer.stages.bars.level_lines import end_beyond_line
from digitizer.stages.bars.rims import rim_width
from digitizer.stages.bars.seams import ODD_SHIFT_PX, even_bins, pale_edges
from digitizer.stages.bars.weak_outlines import carry_to_outlines
from digitizer.stages.pixels.rectangles import Fills, Rectangle

# An edge is looked for this far (px) on both sides of where its rectangle ends.
REACH = 4
# Ground and fill beside an edge are seen in this many rows beyond the reach of its anti-aliasing.
LEVEL_ROWS = 3
# Rows of bare ground are of its colour to this (levels).
SAME_GROUND = 10.0
# An edge's own stroke differs by this much from every blend of fill and ground.
STROKE = 45.0
# ... and ground holds less than this share of a fill.
BARE = 0.1
# An outline covers at least this share of a row; a line that comes and goes across a bar's end 0.6.
OUTLINE_SHARE = 0.8
# ... of which this share of columns and more is seen to be crossed. There the edge is looked for as far as
# this (px) from where the rectangle ends, and so many columns must end alike (px).
CROSSED_SHARE = 0.15
FAR_REACH = 12
FEWEST_ENDS = 3
SAME_END_PX = 0.5
# Renderers snap bars to whole pixels: the standard deviation of a uniform pixel.
SNAP_SIGMA_PX = 0.29
# ... but not where so many ends lie within a pixel that is covered in part: these are read to this (px).
PART_SIGMA_PX = 0.1
LEAST_PARTS = 0.4
# The edge is uncertain by this where no half-level crossing was seen (px).
UNSEEN_SIGMA_PX = 1.0
# Bases that agree to this (px) are one baseline.
SAME_BASE_PX = 1.6
# Seams between stacked bars in the ground's colour are edges that these are drawn with (Excel, seaborn),
# where so many show so much of it (px); JPEG and anti-aliasing show none.
FEWEST_SEAMS, LEAST_SEAM_PX = 2, 0.6
# Edges that are put on pixels have their middles there to this (px), of so many bars.
ON_PIXEL_PX, FEWEST = 0.12, 2
# Error bars stand in the middle of the bar, within this share of its width ...
MIDDLE_SHARE = 0.14
# ... are seen on this share of the bars, and reach this far (px) out of the bar.
MIN_ERROR_BARS = 0.5
ERROR_REACH_PX = 2.0
# ... are no wider than this share of their length over half of it: a marker or a peak over the edge is not.
STEM_SHARE = 0.4
# Both arms are alike to this (share of the longer, and px); a marker or a line over the edge is not.
UNLIKE_SHARE = 0.3
UNLIKE_PX = 2.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Plot:
    """A panel's inside with values running along the rows (turned for horizontal bars).

    ``origin`` is the source pixel of ``rgb[0, 0]``: along the columns, then along the rows.
    """

    rgb: ByteImage
    fills: Fills
    origin: tuple[int, int]
    background: FloatArray
    turned: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar in the plot's columns and rows: NaN ``low`` and ``high`` where it has no error bar."""

    fill: int
    center: float
    width: float
    base: float
    edge: float
    sigma: float
    low: float = np.nan
    high: float = np.nan


# A bar as it was measured: its rectangle, base, edge, the edge's deviation and its error bar.
Measured = tuple[Rectangle, float, float, float, tuple[float, float] | None]


def measure_bars(
    plot: Plot,
    rectangles: Sequence[Rectangle],
    bases: Sequence[float],
    edges: Sequence[float],
    frame: PanelFrame,
) -> list[Bar]:
    """Measure the edges of all bars, sub-pixel, and put bases that agree on one baseline."""
    ends = _frame_ends(plot, frame)
    measured = []
    for r, base, edge in zip(rectangles, bases, edges, strict=True):
        errors = _error_bar(plot, r, base, edge)
        # A base beside the rectangle's end is the middle of the stroke that the bars stand at.
        at_end = min(abs(base - r.top + 0.5), abs(base - r.bottom - 0.5)) <= 0.5
        base_at = _edge(plot, r, base, edge)[0] if at_end else base
        edge_at, sigma = _edge(plot, r, edge, base)
        measured.append((r, _on_side(base_at, ends, plot), edge_at, sigma, errors))
    seams = pale_edges(plot.rgb, rectangles, plot.background)
    if seams is not None:
        measured = [(r, b, seams.end(e, 1 if e > b else -1), s, errors) for r, b, e, s, errors in measured]
    else:
        measured = _as_drawn(_with_weak_outlines(plot, _with_pale_edges(plot, measured)))
    bins = even_bins(plot.rgb, rectangles, plot.background) if seams is None else seams
    spread = [m[4] for m in measured]
    has_errors = np.mean([s is not None for s in spread]) >= MIN_ERROR_BARS
    common = _common([m[1] for m in measured])
    bars = []
    for r, base_at, edge_at, sigma, errors in measured:
        low, high = errors if errors is not None and has_errors else (np.nan, np.nan)
        bars.append(
            Bar(
                fill=r.fill,
                center=r.center if bins is None else bins.center(r.center),
                width=float(r.width),
                base=common if abs(base_at - common) <= SAME_BASE_PX else base_at,
                edge=edge_at,
                sigma=sigma,
                low=low,
                high=high,
            )
        )
    return bars


def _as_drawn(measured: list[Measured]) -> list[Measured]:
    """All ends as sure as those that lie within a pixel, where these tell that the program snaps none."""
    in_part = np.mean([m[3] == PART_SIGMA_PX for m in measured]) >= LEAST_PARTS
    known = PART_SIGMA_PX if in_part else SNAP_SIGMA_PX
    return [(*m[:3], known if m[3] in (SNAP_SIGMA_PX, PART_SIGMA_PX) else m[3], m[4]) for m in measured]


def _with_weak_outlines(plot: Plot, measured: list[Measured]) -> list[Measured]:
    """Put ends on the middle of outlines in a darker shade of their fill."""
    columns = [_both_halves(m[0]) for m in measured]
    edges, outward = [m[2] for m in measured], [1 if m[2] > m[1] else -1 for m in measured]
    rows = carry_to_outlines(plot.rgb, columns, [m[0] for m in measured], edges, outward, plot.background)
    return [(*m[:2], float(row), *m[3:]) for m, row in zip(measured, rows, strict=True)]


def _with_pale_edges(plot: Plot, measured: list[Measured]) -> list[Measured]:
    """Carry ends over edges in the ground's colour, where seams part stacks or grid lines end beside bars.

    Half of such an edge lies within the bar: it ends where the edge has its middle, as at the seams.
    """
    common = _common([m[1] for m in measured])
    stacked = [m for m in measured if abs(m[1] - common) > SAME_BASE_PX]
    seams = [_seam(plot, m) for m in stacked]
    width = float(np.median(seams)) if len(seams) >= FEWEST_SEAMS else 0.0
    if not stacked:
        width = rim_width(
            plot.rgb, [m[0] for m in measured], [(m[1], m[2]) for m in measured], plot.background
        )
    if not LEAST_SEAM_PX <= width <= REACH:
        return measured
    out = []
    for m in measured:
        r, base, edge, sigma, errors = m
        meets = any(
            abs(o[1] - edge) <= SAME_BASE_PX and min(o[0].last, r.last) > max(o[0].first, r.first)
            for o in stacked
        )
        out.append(m if meets else (r, base, edge + np.sign(edge - base) * width / 2, sigma, errors))
    return out if stacked else _with_snapped_edges(out, width)


def _with_snapped_edges(measured: list[Measured], width: float) -> list[Measured]:
    """Take off what edges of an odd width are put too low where all have their middles on those of pixels."""
    off = [abs(m[2] - round(m[2])) for m in measured]
    if len(off) < FEWEST or max(off) > ON_PIXEL_PX or round(width) % 2 == 0:
        return measured
    return [(r, base, edge - ODD_SHIFT_PX, SNAP_SIGMA_PX, errors) for r, base, edge, _, errors in measured]


def _seam(plot: Plot, m: Measured) -> float:
    """How much ground (px) is seen between a bar and the one that it stands on."""
    r, base, edge = m[:3]
    outward = 1 if edge > base else -1
    rows = round(base) + outward * np.arange(-REACH - 1, REACH + 2)
    if rows.min() < 0 or rows.max() >= plot.rgb.shape[0]:
        return 0.0
    columns = _columns(r, middle=False)
    profile = np.median(plot.rgb[rows, columns], axis=1).astype(np.float64)
    shares = []
    for fill in (profile[0], profile[-1]):
        step = plot.background - fill
        shares.append((profile - fill) @ step / max(float(step @ step), 1.0))
    return float(np.clip(np.minimum(*shares), 0.0, 1.0).sum())


def _frame_ends(plot: Plot, frame: PanelFrame) -> tuple[float, float]:
    """Both sides of the frame across the value direction, in the plot's rows."""
    box = frame.box
    first, last = (box.left, box.right) if plot.turned else (box.top, box.bottom)
    return first - plot.origin[1], last - plot.origin[1]


def _on_side(row: float, ends: tuple[float, float], plot: Plot) -> float:
    """A bar that runs into the crop's end starts at the frame's side."""
    if row <= 1.0:
        return float(min(ends[0], 0.0))
    if row >= plot.rgb.shape[0] - 2.0:
        return float(max(ends[1], plot.rgb.shape[0] - 1.0))
    return row


def _common(bases: Sequence[float]) -> float:
    """The base that most bars share."""
    values = np.asarray(bases)
    votes = (np.abs(values[:, None] - values[None]) <= SAME_BASE_PX).sum(axis=1)
    return float(np.median(values[np.abs(values - values[votes.argmax()]) <= SAME_BASE_PX]))


def _columns(r: Rectangle, *, middle: bool) -> slice:
    """Columns of a bar away from its sides; without ``middle`` the left half of them, free of error bars."""
    trim = max(1, round(0.15 * r.width)) if r.width > 4 else 0
    if middle or r.width < 8:
        return slice(r.first + trim, r.last - trim + 1)
    return slice(r.first + trim, max(r.first + trim + 2, round(r.center - 0.15 * r.width)))


def _both_halves(r: Rectangle) -> NDArray[np.intp]:
    """Columns of a bar away from its sides and, of a wide one, from an error bar in its middle."""
    half = _columns(r, middle=r.width < 8)
    columns: NDArray[np.intp] = np.arange(half.start, half.stop)
    return np.append(columns, r.first + r.last - columns[::-1]) if r.width >= 8 else columns


def _edge(plot: Plot, r: Rectangle, at: float, other: float) -> tuple[float, float]:
    """The half-level crossing of an edge near row ``at``, and its standard deviation.

    Levels are those of the fill and of what lies beyond; the median over columns forgets labels, markers and
    error bars. Where a stroke is drawn along the edge, its middle is the edge.
    """
    rows = plot.rgb.shape[0]
    outward = 1 if at > other else -1
    inside = round(at - 0.5 * outward)
    span = inside + outward * np.arange(-REACH, REACH + 1)
    beyond = inside + outward * np.arange(REACH, REACH + LEVEL_ROWS + 1)
    if not (span.min() >= 0 and span.max() < rows):
        return at, UNSEEN_SIGMA_PX if 2 < at < rows - 3 else SNAP_SIGMA_PX
    beside = _edge_beside_a_line(plot, r, inside, outward)
    if beside is not None:
        return beside, SNAP_SIGMA_PX
    beyond = beyond[(beyond >= 0) & (beyond < rows)]
    columns = _both_halves(r)
    profile = np.median(plot.rgb[np.ix_(span, columns)], axis=1)
    ground = _ground_beyond(plot, profile, plot.rgb[np.ix_(beyond, columns)])
    profile = without_grid(profile, plot.rgb, span, r, ground)
    half = max(1, int(abs(at - other)) // 2)
    depth = min(REACH, half)
    # Enough rows that a grid line which shines through is no fill.
    within = inside - outward * np.arange(max(1, depth - 1), min(REACH + LEVEL_ROWS, half) + 1)
    within = within[(within >= 0) & (within < rows)]
    fill = np.median(plot.rgb[np.ix_(within, columns)].reshape(-1, 3), axis=0)
    step = fill - ground
    length = max(float(step @ step), 1.0)
    if length < 200:
        return at, UNSEEN_SIGMA_PX
    end = end_beyond_line(plot.rgb, r, columns, inside, outward, (fill, plot.background))
    if end is not None:
        return end, SNAP_SIGMA_PX
    blend = share_of_blend(profile, fill, ground, plot.background)
    if blend is not None:
        return float(inside + outward * (blend[0] - 0.5 + blend[1] - REACH)), PART_SIGMA_PX
    alpha = np.clip((profile - ground) @ step / length, 0.0, 1.0)
    stroke = np.sqrt(np.square(profile - ground - alpha[:, None] * step).sum(axis=1))
    # Beyond a row of bare ground a stroke is a grid line's, as within bare fill that it shines through.
    is_bare = (alpha < BARE) & (stroke < STROKE / 2) & (np.abs(ground - plot.background).max() < STROKE / 2)
    outer = int(np.flatnonzero(is_bare & (np.arange(stroke.size) > REACH)).min(initial=stroke.size))
    is_fill = (alpha > 1 - BARE) & (stroke < STROKE / 2)
    # One row alone may be a blend beyond a white seam, unless a stroke follows: the bar's outline.
    lone = int(np.flatnonzero(is_fill).max(initial=0))
    sure = int(np.flatnonzero(is_fill[1:] & is_fill[:-1]).max(initial=-1)) + 1
    at_rows = np.arange(1, stroke.size - 1)
    strokes = stroke[1:-1] * ((stroke[1:-1] > STROKE) & (at_rows < outer))
    near = strokes * (at_rows > (lone if np.any(strokes[at_rows > lone]) else sure))
    if near.max() > 0 and np.count_nonzero(near) <= 4:
        offset = float((near * np.arange(1 - REACH, REACH)).sum() / near.sum())
        return inside + outward * offset, SNAP_SIGMA_PX
    half_way = _half_way(alpha, REACH - depth)
    if half_way is None:
        return at, UNSEEN_SIGMA_PX
    return float(inside + outward * (half_way - REACH)), SNAP_SIGMA_PX


def _half_way(alpha: FloatArray, begin: int) -> float | None:
    """Where coverage falls to a half, from row ``begin`` on; None where it does not, or is lower there."""
    low = np.flatnonzero(alpha[begin:] < 0.5)
    if not low.size or low[0] == 0:
        return None
    k = int(low[0]) + begin
    return float(k - 1 + (alpha[k - 1] - 0.5) / max(alpha[k - 1] - alpha[k], 1e-6))


def _ground_beyond(plot: Plot, profile: FloatArray, beyond: ByteImage) -> FloatArray:
    """The colour that an edge is measured from: that of the rows ``beyond``, if these are no line's.

    A line farther out is no ground where that is seen before it; what is beyond a seam has one colour.
    """
    bare = (np.abs(profile[REACH + 1 :] - plot.background).max(axis=1) <= SAME_GROUND).any()
    if bare and np.ptp(np.median(beyond, axis=1), axis=0).max() > STROKE:
        return plot.background
    return np.asarray(np.median(beyond.reshape(-1, 3), axis=0))


def _edge_beside_a_line(plot: Plot, r: Rectangle, inside: int, outward: int) -> float | None:
    """The row where columns go from fill to ground, where a line crosses a bar's end; None without one.

    A line covers some of the columns, an outline nearly all of them.
    """
    span = inside + outward * np.arange(-FAR_REACH, FAR_REACH + 1)
    span = span[(span >= 0) & (span < plot.rgb.shape[0])]
    step = plot.fills.colors[r.fill] - plot.background
    off = plot.rgb[span, _columns(r, middle=True)] - plot.background
    share = np.clip(off @ step / float(step @ step), 0.0, 1.0)
    foreign = np.sqrt(np.square(off - share[..., None] * step).sum(axis=2)) > STROKE
    near = foreign[np.abs(span - inside) <= REACH].mean(axis=1)
    if not CROSSED_SHARE < near.max(initial=0.0) < OUTLINE_SHARE:
        return None
    ends = ~foreign[:-1] & ~foreign[1:] & (share[:-1] >= 0.5) & (share[1:] < 0.5)
    rows, columns = np.nonzero(ends)
    if rows.size < FEWEST_ENDS:
        return None
    first, second = share[rows, columns], share[rows + 1, columns]
    at = span[0] + outward * (rows + (first - 0.5) / np.maximum(first - second, 1e-6))
    agreeing = np.abs(at[:, None] - at[None]) <= SAME_END_PX
    shared = agreeing.sum(axis=1) >= FEWEST_ENDS
    if not shared.any():
        return None
    # Farther in, ends are those of what the line leaves of the fill.
    outmost = int(np.argmax(np.where(shared, outward * at, -np.inf)))
    return float(np.median(at[agreeing[outmost]]))


def _error_bar(plot: Plot, r: Rectangle, base: float, edge: float) -> tuple[float, float] | None:
    """Rows where a stroke through the middle of the value edge starts and ends (nearer the base first)."""
    rows = plot.rgb.shape[0]
    half = max(1, round(MIDDLE_SHARE * r.width))
    center = round(r.center)
    columns = np.arange(max(0, center - half), min(plot.rgb.shape[1], center + half + 1))
    color = plot.fills.colors[r.fill]
    strip = plot.rgb[:, columns].astype(np.float64)
    off_fill = np.abs(strip - color).max(axis=2)
    off_ground = np.abs(strip - plot.background).max(axis=2)
    dark = np.minimum(off_fill, off_ground) > STROKE
    outward = 1 if edge > base else -1
    start = round(edge - 0.5 * outward)
    best: tuple[int, int, int] | None = None
    for column in range(columns.size):
        line = dark[:, column]
        inner = outer = start
        while 0 <= inner - outward < rows and line[inner - outward]:
            inner -= outward
        while 0 <= outer + outward < rows and line[outer + outward]:
            outer += outward
        reach = abs(outer - start)
        is_arm = reach >= ERROR_REACH_PX and abs(inner - start) >= ERROR_REACH_PX
        if is_arm and (best is None or abs(outer - inner) > best[0]):
            best = abs(outer - inner), inner, outer
    if best is None or abs(best[1] - start) >= abs(start - base) + 3:
        return None
    if _thickness(plot, r, best[1], best[2]) > STEM_SHARE * best[0]:
        return None
    arms = abs(edge - best[1]), abs(best[2] - edge)
    if abs(arms[0] - arms[1]) > UNLIKE_SHARE * max(arms) + UNLIKE_PX:
        return None
    return float(best[1]), float(best[2])


def _thickness(plot: Plot, r: Rectangle, one: int, other: int) -> float:
    """How wide the ink over a bar's middle is, half of the way between two rows."""
    first, last = min(one, other), max(one, other)
    rim = (last - first) // 4
    reach = max(3, r.width // 2)
    columns = np.arange(max(0, round(r.center) - reach), min(plot.rgb.shape[1], round(r.center) + reach + 1))
    strip = plot.rgb[first + rim : last - rim + 1, columns].astype(np.float64)
    off_fill = np.abs(strip - plot.fills.colors[r.fill]).max(axis=2)
    dark = np.minimum(off_fill, np.abs(strip - plot.background).max(axis=2)) > STROKE
    return float(np.median(dark.sum(axis=1)))
