"""Measure a plot area at full resolution: its sides to a fraction of a pixel, background and grid."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from digitizer.evidence import Box, ByteImage, FloatArray, Mask, PanelFrame, Picture, Side
from digitizer.medians import median, medians
from digitizer.stages.frames.between_bars import lines_between_bars
from digitizer.stages.frames.crossed import over_strokes
from digitizer.stages.frames.dotted_grid import MIN_GRID_CONTRAST, find_dotted, is_colorless, shade_chroma
from digitizer.stages.frames.ends import true_ends
from digitizer.stages.frames.grid_ladder import complete_grid
from digitizer.stages.frames.raised_fill import ground_over_fill
from digitizer.stages.frames.thick import MARGIN_PX, MAX_WIDTH_PX, thick_line
from digitizer.stages.pixels.channels import colors_at, number_cells
from digitizer.stages.pixels.median_color import median_color
from digitizer.stages.pixels.rectangles import away_from

# How far (px of the picture in which it was found) the true side may be from a proposed rectangle.
SEARCH_PX = 3.0
# The lines of most panels are at most so wide (px): what is measured beside them stands off so far.
USUAL_WIDTH_PX = 3.5
# Lines that are thicker than that are looked for so far.
THICK_REACH_PX = MAX_WIDTH_PX + MARGIN_PX + SEARCH_PX
# A line stands out from what lies on either side of it by so many levels.
LEAST_DEPTH = 12
# A grid line shows its ink in this share of most stretches of its length (dashed: 0.5).
MIN_GRID_SHARE = 0.35
# The ground covers this share of a panel at least, and is among its so many commonest colours.
GROUND_SHARE = 0.12
GROUND_RIVALS = 4
# Where bars or an area cover more than the ground does, the rim shows the ground this many times as often.
RIM_PX = 3
RIM_FACTOR = 1.5
# A ground more colourful than this (levels between channels; seaborn's is 8), or farther from the paper than
# that (levels; grey grounds are 20 to 40, dark grey bars 166), gives way to the paper's colour where that is
# seen in the panel, too; the paper lies so far (px) beyond the sides.
MAX_GROUND_CHROMA = 40
MAX_OFF_PAPER = 100
BEYOND_PX = 4
# The paper is the ground of less than GROUND_SHARE of a panel where it is so much of one side's rim (above an
# area), and where a colourful fill is so much of one side's and another one of the opposite side's (bars or
# areas of a hundred per cent), of which the pale gaps between bars take a part (0.11 of narrow bars).
WHOLE_RIM, FULL_RIM = 0.9, 0.8
LEAST_GROUND = 0.03
# Bars in the colour of the line that they stand on hide it. It is looked for where none stands, along this
# share of the side at least, in their colour to so many levels.
LEAST_BARE, LINE_LEVELS = 0.1, 24
# Lines wider than this share of the panel are bars or bands.
MAX_GRID_WIDTH_SHARE = 0.02

# Of so many lines of a grid that have as much hue as most, one with so much more (levels between channels)
# is none: Vega-Lite's green has 58 where its grid has none.
LEAST_ALIKE, OTHER_HUE = 4, 24.0

# A drawn side that its panel reaches beyond by more than this is a line of the grid.
MAX_SHIFT_PX = 1.0

_SIDES: tuple[Side, ...] = ("left", "top", "right", "bottom")


def measure_frame(picture: Picture, box: Box, *, reach: float = SEARCH_PX) -> PanelFrame | None:
    """Measure the sides, background and grid of the rectangle ``box`` (source pixels).

    ``reach`` is how far (px) the true sides may be from the rectangle's.
    Returns None where the rectangle leaves the picture or has no inside.
    """
    rgb = picture.rgb
    placed: dict[Side, float] = {}
    widths: list[float] = []
    drawn: set[Side] = set()
    for side in _SIDES:
        at, width, ridge = _place_side(rgb, box, side, reach)
        placed[side] = at
        if ridge:
            drawn.add(side)
            widths.append(width)
    exact = Box(left=placed["left"], top=placed["top"], right=placed["right"], bottom=placed["bottom"])
    if exact.width < 8 or exact.height < 8:
        return None
    frame = _with_inside(rgb, exact, drawn, median(widths) if widths else 1.0)
    ends = over_strokes(rgb, replace(frame, box=true_ends(rgb, frame)))
    if ends == exact:
        return frame
    kept = {side for side in drawn if abs(getattr(ends, side) - getattr(exact, side)) <= MAX_SHIFT_PX}
    return _with_inside(rgb, ends, kept, frame.line_width)


def frame_within(
    rgb: ByteImage, box: Box, *, drawn: Collection[Side] = (), line_width: float = 1.0
) -> PanelFrame:
    """The frame of a rectangle whose sides are known, with what is inside them."""
    return _with_inside(rgb, box, set(drawn), line_width)


def _with_inside(rgb: ByteImage, box: Box, drawn: set[Side], line_width: float) -> PanelFrame:
    """The frame with the background and the grid inside it."""
    background, sure = _background(rgb, box, _over_usual(line_width))
    return PanelFrame(
        box=box,
        sides=frozenset(drawn),
        background=background,
        grid_x=_grid(rgb, box, background, line_width, drawn, vertical=True),
        grid_y=_grid(rgb, box, background, line_width, drawn, vertical=False),
        line_width=line_width,
        ground_sure=sure,
    )


def _place_side(rgb: ByteImage, box: Box, side: Side, reach: float) -> tuple[float, float, bool]:
    """Sub-pixel place of one side: (position, width, whether a line is drawn there)."""
    vertical = side in ("left", "right")
    at = getattr(box, side)
    limit = (rgb.shape[1] if vertical else rgb.shape[0]) - 1
    low, high = int(max(0, np.floor(at - reach))), int(min(limit, np.ceil(at + reach)))
    if high - low < 2:
        return at, 1.0, False
    strip = _strip(rgb, box, low, high, vertical=vertical)
    profile = np.asarray(medians(strip, axis=1), dtype=np.float64)
    outward = profile if side in ("left", "top") else profile[::-1]
    wide = _thick_side(rgb, box, at, limit, vertical=vertical)
    if wide is not None:
        return wide[0], wide[1], True
    ridge = _ridge(profile) or _ridge_between_bars(strip, medians(outward[-3:], axis=0))
    if ridge is not None:
        return low + ridge[0], ridge[1], True
    step = np.abs(np.diff(profile, axis=0)).max(axis=1)
    if step.max() >= 5:
        # Between two backgrounds: where, coming from outside, the level has first changed by half.
        # The last row may lie on a grid line of the paper's colour: the ground is what differs most.
        rise = outward - outward[0]
        channel = int(np.argmax(np.abs(rise).max(axis=0)))
        level = rise[int(np.argmax(np.abs(rise[:, channel]))), channel]
        share = rise[:, channel] / (level or 1.0)
        k = int(np.argmax(share >= 0.5))
        if k > 0:
            place = k - (share[k] - 0.5) / max(share[k] - share[k - 1], 1e-9)
            return float(low + place if side in ("left", "top") else high - place), 0.0, False
    return at, 1.0, False


def _thick_side(
    rgb: ByteImage, box: Box, at: float, limit: int, *, vertical: bool
) -> tuple[float, float] | None:
    """The middle and width of a line too thick to be seen whole near the edge ``at``, or None."""
    low, high = int(max(0, at - THICK_REACH_PX)), int(min(limit, at + THICK_REACH_PX))
    profile = np.asarray(medians(_strip(rgb, box, low, high, vertical=vertical), axis=1), dtype=np.float64)
    found = thick_line(profile, at - low)
    return None if found is None else (low + found[0], found[1])


def _ridge(profile: FloatArray) -> tuple[float, float] | None:
    """Where a line stands out from both of its sides in a profile across it, and its width."""
    # The level of three rows at either end: one of them may be a grid line.
    first, last = medians(profile[:3], axis=0), medians(profile[-3:], axis=0)
    # Distance of each row to the nearer of the two flat levels: a line stands out from both.
    depth = np.minimum(np.abs(profile - first).max(axis=1), np.abs(profile - last).max(axis=1))
    if depth.max() < LEAST_DEPTH:
        return None
    peak = int(np.argmax(depth))
    if peak in (0, len(depth) - 1):
        # The ends of bars that stand a little off their axis line are no line.
        within = np.where(_falls_inwards(depth, peak), 0.0, depth)
        peak = int(np.argmax(within)) if within.max() >= LEAST_DEPTH else peak
    lo = hi = peak
    while lo > 0 and depth[lo - 1] > 0.12 * depth[peak]:
        lo -= 1
    while hi < len(depth) - 1 and depth[hi + 1] > 0.12 * depth[peak]:
        hi += 1
    weight = depth[lo : hi + 1]
    center = float(lo + np.dot(np.arange(len(weight)), weight) / weight.sum())
    return center, float(weight.sum() / depth[peak])


def _falls_inwards(depth: FloatArray, end: int) -> Mask:
    """The rows from one end of a profile on over which it falls without a rise."""
    inward = depth if end == 0 else depth[::-1]
    n = 1 + int(np.argmax(np.r_[np.diff(inward) >= 0, True]))
    falls = np.arange(len(depth)) < n
    return falls if end == 0 else falls[::-1]


def _ridge_between_bars(strip: ByteImage, inner: FloatArray) -> tuple[float, float] | None:
    """The line that bars of its own colour (``inner``) stand on, seen between them."""
    ends = strip[[0, -1]].astype(np.int16)
    bare = np.abs(ends[1] - ends[0]).max(axis=1) <= LINE_LEVELS
    if bare.mean() < LEAST_BARE or bare.mean() > 0.5:
        return None
    between = np.asarray(np.median(strip[:, bare], axis=1), dtype=np.float64)
    ridge = _ridge(between)
    same = ridge is not None and np.abs(between[round(ridge[0])] - inner).max() <= LINE_LEVELS
    return ridge if same else None


def _strip(rgb: ByteImage, box: Box, low: int, high: int, *, vertical: bool) -> ByteImage:
    """Columns (or rows) from low to high along a side: shape (high - low + 1, n, 3)."""
    if vertical:
        start, stop = int(max(0, box.top)), int(min(rgb.shape[0], box.bottom + 1))
        strip = rgb[start:stop, low : high + 1].transpose(1, 0, 2)
    else:
        start, stop = int(max(0, box.left)), int(min(rgb.shape[1], box.right + 1))
        strip = rgb[low : high + 1, start:stop]
    return strip[:, :: max(1, strip.shape[1] // 400)]


def _over_usual(line_width: float) -> int:
    """How far (px) half of a panel's lines reach beyond half of those that most panels have."""
    return max(0, int(np.ceil((line_width - USUAL_WIDTH_PX) / 2)))


def _background(rgb: ByteImage, box: Box, thick: int) -> tuple[tuple[int, int, int], bool]:
    """The most frequent colour inside, or a frequent one that far more of the rim shows.

    Whether that colour is sure to be the ground, whatever the rim shows, is told with it.
    ``thick`` is how much wider (px) than usual half of the sides' lines is.
    """
    rows = slice(int(box.top) + 2 + thick, int(box.bottom) - 1 - thick)
    inner = rgb[rows, int(box.left) + 2 + thick : int(box.right) - 1 - thick]
    step = max(1, int(np.sqrt(inner.shape[0] * inner.shape[1] / 40000)))
    thin = inner[::step, ::step]
    flat = thin.reshape(-1, 3)
    if not len(flat):
        return (255, 255, 255), False
    coarse = _coarse(flat)
    counts = np.bincount(coarse)
    codes = np.flatnonzero(counts)
    common = codes[np.argsort(-counts[codes], kind="stable")[:GROUND_RIVALS]]
    sides = (inner[:RIM_PX], inner[-RIM_PX:], inner[:, :RIM_PX], inner[:, -RIM_PX:])
    rims = [_coarse(side.reshape(-1, 3)) for side in sides]
    shares = np.array([[np.mean(rim == code) for rim in rims] for code in common])
    on_rim = shares.mean(axis=1)
    frequent = counts[common] >= GROUND_SHARE * len(flat)
    rivals = frequent & (on_rim > RIM_FACTOR * on_rim[0])
    color = median_color(colors_at(flat, coarse == common[0]))
    beyond = _beyond(rgb, box, BEYOND_PX + thick)
    # Where one colour has most of the upper and the lower rim nothing stands below.
    if shares[:, 0].argmax() != shares[:, 1].argmax():
        colors = np.array([median_color(flat[coarse == code]) for code in common])
        off_paper = np.abs(colors - beyond).max(axis=1) > MIN_GRID_CONTRAST
        # A fill may leave little of the paper bare.
        bare = ~off_paper & (counts[common] >= LEAST_GROUND * len(flat))
        plain = (frequent | bare) & (np.ptp(colors, axis=1) <= MAX_GROUND_CHROMA)
        off_paper &= frequent
        above = ground_over_fill(coarse.reshape(thin.shape[:2]), common, shares, plain, off_paper, colors)
        if above is not None:
            return _rounded(colors[above]), True
    strong = np.ptp(color) > MAX_GROUND_CHROMA or np.abs(color - beyond).max() > MAX_OFF_PAPER
    if rivals.any() or strong:
        colors = np.array([median_color(flat[coarse == code]) for code in common])
        paper = frequent & (np.abs(colors - beyond).max(axis=1) <= MIN_GRID_CONTRAST)
        if paper[0]:
            # Bars along the sides hide the rim of the paper.
            rivals &= np.ptp(colors, axis=1) <= MAX_GROUND_CHROMA
        elif strong:
            seen = (counts[common] >= LEAST_GROUND * len(flat)) & (shares.max(axis=1) >= WHOLE_RIM)
            rivals |= paper | (seen & (np.abs(colors - beyond).max(axis=1) <= MIN_GRID_CONTRAST))
            if not rivals.any() and _are_fills(shares, np.ptp(colors, axis=1)):
                return _rounded(beyond), False
    if rivals.any():
        color = median_color(flat[coarse == common[np.argmax(np.where(rivals, on_rim, -1.0))]])
    return _rounded(color), False


def _rounded(color: FloatArray) -> tuple[int, int, int]:
    return int(color[0]), int(color[1]), int(color[2])


def _are_fills(shares: FloatArray, chroma: FloatArray) -> bool:
    """Whether the commonest colour and another one, both colourful, fill opposite sides' rims alone.

    ``shares`` are those of each colour at the upper, lower, left and right rim.
    """
    for one, other in ((0, 1), (1, 0), (2, 3), (3, 2)):
        rival = int(np.argmax(shares[:, other]))
        full = min(shares[0, one], shares[rival, other]) >= FULL_RIM
        if full and rival and max(shares[0, other], shares[rival, one]) <= 1 - FULL_RIM:
            return bool(min(chroma[0], chroma[rival]) > MAX_GROUND_CHROMA)
    return False


def _beyond(rgb: ByteImage, box: Box, away: int) -> FloatArray:
    """The colour around a rectangle, so many pixels ``away`` from its sides."""
    top, left = max(0, int(box.top) - away), max(0, int(box.left) - away)
    bottom = min(rgb.shape[0] - 1, int(box.bottom) + 1 + away)
    right = min(rgb.shape[1] - 1, int(box.right) + 1 + away)
    rows, columns = slice(top, bottom + 1), slice(left, right + 1)
    ring = [rgb[top, columns], rgb[bottom, columns], rgb[rows, left], rgb[rows, right]]
    return np.asarray(np.median(np.concatenate(ring), axis=0), dtype=np.float64)


def _coarse(pixels: ByteImage) -> NDArray[np.int32]:
    """A code for each colour, four levels a channel taken together: shape (n,)."""
    return number_cells(pixels, 6, (2, 1, 0))


def _grid(
    rgb: ByteImage,
    box: Box,
    background: tuple[int, int, int],
    line_width: float,
    drawn: set[Side],
    *,
    vertical: bool,
) -> FloatArray:
    """Positions of lines that cross the whole panel, solid or dashed, to a fraction of a pixel.

    Series cover a line in places and never along its whole length: the trimmed mean over the
    length keeps the grid (also a dashed one) and loses the series.
    """
    margin = int(np.ceil(line_width)) + 2
    # A grid line may stand right beside an end of the panel where no side is drawn.
    ends: set[Side] = {"left", "right"} if vertical else {"top", "bottom"}
    inset = {side: 1 if side in ends - drawn else margin for side in _SIDES}
    top, bottom = int(box.top) + inset["top"], int(box.bottom) - inset["bottom"] + 1
    left, right = int(box.left) + inset["left"], int(box.right) - inset["right"] + 1
    if bottom - top < 12 or right - left < 12:
        return np.empty(0)
    whole = rgb[top:bottom, left:right]
    # Beyond the edge of the picture its last pixels go on.
    if vertical:
        beyond = rgb[top:bottom, [max(left - 1, 0), min(right, rgb.shape[1] - 1)]]
    else:
        beyond = rgb[[max(top - 1, 0), min(bottom, rgb.shape[0] - 1)], left:right]
    step = max(1, whole.shape[0 if vertical else 1] // 500)
    inner = whole[::step] if vertical else whole[:, ::step]
    ground = np.array(background, dtype=np.float64)
    diff = away_from(inner, ground)
    if not vertical:
        whole, inner = whole.transpose(1, 0, 2), inner.transpose(1, 0, 2)
        diff = np.ascontiguousarray(diff.T)
    profile = _share_profile(diff)
    # Wide bars and bands are no grid: take away what is flat over many pixels.
    width = max(3, int(MAX_GRID_WIDTH_SHARE * len(profile)) | 1)
    floor = cv2.erode(profile[:, None], np.ones((4 * width + 1, 1), np.uint8))[:, 0]
    ridge = profile - floor
    on = np.flatnonzero(ridge >= MIN_GRID_SHARE)
    runs = np.split(on, np.flatnonzero(np.diff(on) > 1) + 1) if on.size else []
    runs = [r for r in runs if len(r) <= width and is_colorless(inner[:, r[len(r) // 2]] - ground)]
    outside = np.median(beyond, axis=0 if vertical else 1) - ground
    runs = _of_one_hue([r for r in runs if not _is_rim(inner, ground, outside, r)], inner, ground)
    runs += find_dotted(whole, ground, np.where(ridge >= MIN_GRID_SHARE, 0.0, profile), line_width)
    start = left if vertical else top
    at = [start + _line_center(diff, run) for run in runs]
    between = [start + place for place in lines_between_bars(inner, ground, diff)]
    at += [place for place in between if np.min(np.abs(np.array(at) - place), initial=np.inf) > width]
    return complete_grid(inner, np.array(sorted(at)), start, line_width)


def _of_one_hue(runs: list[NDArray[np.intp]], inner: ByteImage, ground: FloatArray) -> list[NDArray[np.intp]]:
    """The lines without those that have a hue where most have none: a dark green series that lies level."""
    if len(runs) < LEAST_ALIKE:
        return runs
    chroma = np.array([shade_chroma(inner[:, r[len(r) // 2]] - ground) for r in runs])
    return [r for r, own in zip(runs, chroma, strict=True) if own <= np.median(chroma) + OTHER_HUE]


def _is_rim(inner: ByteImage, ground: FloatArray, outside: FloatArray, run: NDArray[np.intp]) -> bool:
    """Whether a line at an end of a panel is what smoothing has mixed of its ground and what lies outside.

    ``outside`` (2, 3) is how the rows beyond both ends differ from the ground. Sides in the paper's colour
    (seaborn) begin at any share of a pixel.
    """
    for beyond, at_end, k in ((outside[0], run[0] == 0, 0), (outside[1], run[-1] == inner.shape[1] - 1, -1)):
        own = np.median(inner[:, run[k]], axis=0) - ground
        if at_end and np.dot(own, beyond) > 0 and np.abs(beyond).max() > np.abs(own).max():
            return True
    return False


def _line_center(diff: ByteImage, run: NDArray[np.intp]) -> float:
    """Centroid across a line's typical ink."""
    low, high = max(0, int(run[0]) - 1), min(diff.shape[1] - 1, int(run[-1]) + 1)
    weight = np.median(diff[:, low : high + 1], axis=0).astype(np.float64)
    if weight.sum() <= 0:
        weight = diff[:, low : high + 1].mean(axis=0)
    return low + float(np.dot(np.arange(len(weight)), weight) / max(float(weight.sum()), 1e-9))


def _share_profile(diff: ByteImage) -> FloatArray:
    """Share of the length, in sixteen stretches, that shows a line's ink: the median over the stretches."""
    parts = np.array_split(diff >= MIN_GRID_CONTRAST, 16, axis=0)
    shares = np.stack([part.mean(axis=0) for part in parts if len(part)])
    return np.asarray(np.quantile(shares, 0.35, axis=0), dtype=np.float64)
