"""Take bars out of a picture, so that what is drawn over them can be traced on plain ground."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from digitizer.evidence import Box, FloatArray, LegendEntry, Mask, PanelFrame, Picture, Trace
from digitizer.stages.pixels.blends import share_along, sine_between
from digitizer.stages.pixels.median_color import median_color
from digitizer.stages.pixels.rectangles import color_modes

# Bars' rims reach this far (px) beyond their edges: anti-aliasing, edge strokes, shadows, JPEG.
RIM_PX = 3
# A pixel this far (largest channel) from the bar's colour is another stroke's.
OTHER_INK = 60.0
# Other strokes' rims are blends as far as this (px) from their middle.
BLEND = np.ones((5, 5), np.uint8)
# A legend's sample shows its bars' colour to this (largest channel): JPEG smears small samples.
SAMPLE_COLOR = 40.0
# ... and a thin line's at half of its contrast, at least.
LEAST_BLEND = 0.5
# Colours this near to one line through the ground's (sine of their angle) cannot be told apart in blends.
LEAST_SINE = 0.25
# What covers less than this of a pixel is JPEG.
LEAST_SHARE = 0.12
# A bar has a colour of its own where this share of it differs by no more than that (levels).
FILLED_SHARE, SAME_FILL = 0.7, 24.0
# A line over bars runs along this share of them; edges, labels and error bars do not.
LINE_SHARE = 0.4
# An outline shows along this share of a side of a bar at least so large (px), and on this share of all sides:
# stacked bars have no sides of other colours to the left and right.
OUTLINED_SHARE, LEAST_OUTLINED_PX, MOST_OUTLINED = 0.9, 4.0, 0.7
# Outlines of bars lie this near (px) to their edges over this share of what is traced on them.
HUG_PX = 3.0
HUG_SHARE = 0.7
ON_EDGE_PX = 1.5
HUG_WIDTH = 0.1
# Hatching lies within bars to this share.
HATCH_SHARE = 0.97
# Lower bars (px) are left: around them a line along the axis would go, too.
LEAST_HEIGHT_PX = 3.0
# A line this level (px) that no legend lists is a grid or reference line.
FLAT_PX = 2.0


def bar_boxes(trace: Trace) -> list[Box]:
    """The rectangles that a trace of bars covers."""
    if trace.base_px is None:
        return []
    half = trace.line_width_px / 2
    boxes = []
    for x, y, base in zip(trace.x_px, trace.y_px, trace.base_px, strict=True):
        if trace.orientation == "horizontal":
            boxes.append(Box(left=min(x, base), right=max(x, base), top=y - half, bottom=y + half))
        else:
            boxes.append(Box(left=x - half, right=x + half, top=min(y, base), bottom=max(y, base)))
    return boxes


def bar_colors(picture: Picture, frame: PanelFrame, trace: Trace) -> list[FloatArray]:
    """The colour of each bar of a trace: programs give each category its own where there is one series."""
    usual = np.asarray(trace.color, dtype=np.float64)
    ground = np.asarray(frame.background, dtype=np.float64)
    colors = []
    for box in bar_boxes(trace):
        rows = slice(max(0, round(box.top)), round(box.bottom) + 1)
        part = picture.rgb[rows, max(0, round(box.left)) : round(box.right) + 1].reshape(-1, 3)
        own = median_color(part) if len(part) else usual
        # Of hatched bars most pixels may be ground, and a line across a low one may hide most of it.
        filled = len(part) and np.mean(np.abs(part - own).max(axis=1) <= SAME_FILL) >= FILLED_SHARE
        other = min(np.abs(own - usual).max(), np.abs(own - ground).max()) > SAMPLE_COLOR / 2
        colors.append(own if filled and other else usual)
    return colors


def unbound(legend: tuple[LegendEntry, ...], bars: tuple[Trace, ...]) -> tuple[LegendEntry, ...]:
    """The legend entries that look like none of the bars."""
    return tuple(e for e in legend if not any(_looks_like(e, bar) for bar in bars))


def _looks_like(entry: LegendEntry, bar: Trace) -> bool:
    if entry.color is None:
        return False
    return max(abs(a - b) for a, b in zip(entry.color, bar.color, strict=True)) <= SAMPLE_COLOR


def _is_pale_of(entry: LegendEntry, trace: Trace, ground: tuple[int, int, int]) -> bool:
    """Whether a sample's colour is a blend of a line's with the ground: thin samples show no full colour."""
    if entry.color is None:
        return False
    share, off = share_along(entry.color, trace.color, ground)
    return LEAST_BLEND <= share <= 1.0 and float(np.abs(off).max()) <= SAMPLE_COLOR / 2


def is_over_bars(
    trace: Trace, bars: tuple[Trace, ...], others: tuple[LegendEntry, ...], ground: tuple[int, int, int]
) -> bool:
    """Whether what was traced beside bars is a line or markers of their own, and not the bars' remains.

    ``others`` are the legend entries that are left for it; without any, its extent alone decides. ``ground``
    is the panel's colour.
    """
    if trace.orientation != bars[0].orientation or bars[0].orientation == "horizontal":
        return False
    if any(
        max(abs(a - b) for a, b in zip(trace.color, bar.color, strict=True)) <= SAMPLE_COLOR for bar in bars
    ):
        return False
    if others and not any(_looks_like(e, trace) or _is_pale_of(e, trace, ground) for e in others):
        return False
    if not others and (_hugs(trace, bars) or _is_hatching(trace, bars)):
        return False
    places = np.concatenate([bar.x_px for bar in bars])
    seen = trace.x_px[np.isfinite(trace.y_px)]
    if seen.size < 2 or (not others and np.nanmax(trace.y_px) - np.nanmin(trace.y_px) <= FLAT_PX):
        return False
    return bool(np.ptp(seen) >= LINE_SHARE * np.ptp(places))


def _course(trace: Trace) -> tuple[FloatArray, FloatArray]:
    """Where a trace runs, by pixels: a line whose vertices are the bars' tops lies on no edge between."""
    seen = np.isfinite(trace.y_px)
    exact = trace.kind == "line" and trace.sampled_at != "columns" and trace.interpolation == "linear"
    if not exact or seen.sum() < 2:
        return trace.x_px[seen], trace.y_px[seen]
    parts = [(trace.x_px[seen][:1], trace.y_px[seen][:1])]
    for k in np.flatnonzero(seen[1:] & seen[:-1]):
        dx, dy = float(trace.x_px[k + 1] - trace.x_px[k]), float(trace.y_px[k + 1] - trace.y_px[k])
        along = np.linspace(0.0, 1.0, int(max(abs(dx), abs(dy))) + 2)
        parts.append((trace.x_px[k] + along * dx, trace.y_px[k] + along * dy))
    return np.concatenate([x for x, _ in parts]), np.concatenate([y for _, y in parts])


def _is_hatching(trace: Trace, bars: tuple[Trace, ...]) -> bool:
    """Whether a trace shows within bars alone: a line over bars runs from one to the next."""
    x, y = _course(trace)
    boxes = [(b.left, b.top, b.right, b.bottom) for bar in bars for b in bar_boxes(bar)]
    if trace.sampled_at == "markers" or not boxes:
        return False
    left, top, right, bottom = np.array(boxes).T[..., None]
    within = (x >= left - RIM_PX) & (x <= right + RIM_PX) & (y >= top - RIM_PX) & (y <= bottom + RIM_PX)
    return float(np.mean(within.any(axis=0))) >= HATCH_SHARE


def _hugs(trace: Trace, bars: tuple[Trace, ...]) -> bool:
    """Whether a trace runs along the edges and sides of bars wherever it meets them: their outlines."""
    x, y = _course(trace)
    boxes = [box for bar in bars for box in bar_boxes(bar)]
    if not boxes or not x.size:
        return False
    left, top, right, bottom = np.array([(b.left, b.top, b.right, b.bottom) for b in boxes]).T[..., None]
    within = (x >= left - HUG_PX) & (x <= right + HUG_PX) & (y >= top - HUG_PX) & (y <= bottom + HUG_PX)
    # A curve fitted to a histogram comes near the ends of its bins, an outline lies on them.
    on_edge = np.clip(HUG_WIDTH * (right - left), max(ON_EDGE_PX, trace.line_width_px / 2), HUG_PX)
    level = np.minimum(np.abs(y - top), np.abs(y - bottom)) <= on_edge
    # Within narrow bins any line is near a side.
    beside = np.minimum(HUG_PX, HUG_WIDTH * (right - left))
    upright = np.minimum(np.abs(x - left), np.abs(x - right)) <= beside
    hugging = (within & (level | upright)).any(axis=0)
    return float(hugging.sum()) >= HUG_SHARE * max(1.0, float(within.any(axis=0).sum()))


def without_bars(
    picture: Picture, frame: PanelFrame, bars: tuple[Trace, ...], others: tuple[LegendEntry, ...] = ()
) -> Picture:
    """The picture with a panel's bars painted over in its ground; strokes over them stay.

    ``others`` are the legend entries that are no bars: the colours of the strokes, where there are any.
    """
    rgb = picture.rgb.copy()
    ground = np.asarray(frame.background, dtype=np.float64)
    listed = [np.asarray(e.color, dtype=np.float64) for e in others if e.color is not None]
    strokes = listed or strokes_beside(picture, frame, bars)
    for trace in bars:
        for box, color in zip(bar_boxes(trace), bar_colors(picture, frame, trace), strict=True):
            if min(box.width, box.height) < LEAST_HEIGHT_PX:
                continue
            window = _grown(box, picture)
            part = picture.rgb[window].astype(np.float64)
            plain = np.abs(part - ground).max(axis=2) < OTHER_INK / 2
            lifted = _lifted(part, color, ground)
            best = np.full(part.shape[:2], OTHER_INK / 2)
            for stroke in strokes:
                share, off = _share_of(part, stroke, color, ground)
                own = np.where(share > LEAST_SHARE, share, 0.0)[..., None]
                told = (off < best)[..., None]
                lifted = np.where(told, np.round(ground + own * (stroke - ground)), lifted)
                best = np.minimum(best, off)
            rgb[window] = np.where(plain[..., None], rgb[window], lifted.astype(np.uint8))
        for box in whisker_boxes(trace):
            rgb[_grown(box, picture)] = np.round(ground)
    for band, color in _outlines(picture, bars, ground):
        rgb[band] = _without_outline(picture.rgb[band].astype(np.float64), color, strokes, ground)
    return replace(picture, rgb=rgb)


def _without_outline(
    part: FloatArray, color: FloatArray, strokes: list[FloatArray], ground: FloatArray
) -> FloatArray:
    """Pixels about a bar's outline in the ground's colour, but for what other strokes cover of them."""
    other = part[~_is_blend(part, color, ground)]
    out = np.broadcast_to(ground, part.shape)
    if not len(other):
        return out
    dark = np.median(other, axis=0)
    best = np.full(part.shape[:2], OTHER_INK / 2)
    for stroke in strokes:
        share, off = _share_of(part, stroke, dark, ground)
        # A stroke in a stronger shade of the bars' colour shows where there is more of it than bars have.
        along = stroke - ground
        if sine_between(along, color - ground) < LEAST_SINE:
            own = min(float((color - ground) @ along) / max(float(along @ along), 1.0), 1.0 - LEAST_SHARE)
            share = np.maximum(share - own, 0.0) / (1.0 - own)
        told = (share > LEAST_SHARE) & (off < best)
        out = np.where(told[..., None], ground + share[..., None] * along, out)
        best = np.where(told, off, best)
    return np.round(out)


def _outlines(
    picture: Picture, bars: tuple[Trace, ...], ground: FloatArray
) -> list[tuple[tuple[slice, slice], FloatArray]]:
    """The sides of bars with an outline in a colour of its own, and the bars' colour.

    No line runs along all of them.
    """
    bands: list[tuple[tuple[slice, slice], FloatArray]] = []
    shares = []
    for trace in bars:
        color = np.asarray(trace.color, dtype=np.float64)
        for box in bar_boxes(trace):
            if min(box.width, box.height) < LEAST_OUTLINED_PX:
                continue
            for side in ("left", "right", "top", "bottom"):
                at = getattr(box, side)
                lying = side in ("top", "bottom")
                edge = replace(box, top=at, bottom=at) if lying else replace(box, left=at, right=at)
                band = _grown(edge, picture)
                part = picture.rgb[band].astype(np.float64)
                other = ~_is_blend(part, color, ground)
                along = np.asarray(other.any(axis=0 if lying else 1))[RIM_PX:-RIM_PX]
                shares.append(float(along.mean()) if along.size else 0.0)
                bands.append((band, color))
    if not shares or np.mean(np.asarray(shares) >= OUTLINED_SHARE) < MOST_OUTLINED:
        return []
    return bands


def _share_of(
    part: FloatArray, stroke: FloatArray, color: FloatArray, ground: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """How much of each pixel a stroke over a bar covers, and how far (largest channel) that leaves it off.

    A pixel is stroke, bar and ground in shares that are at least zero and add up to one.
    """
    if sine_between(stroke - ground, color - ground) < LEAST_SINE:
        return np.zeros(part.shape[:2]), np.full(part.shape[:2], np.inf)
    axes = np.stack([stroke - ground, color - ground])
    shares = np.maximum((part - ground) @ axes.T @ np.linalg.pinv(axes @ axes.T), 0.0)
    shares /= np.maximum(shares.sum(axis=2, keepdims=True), 1.0)
    return shares[..., 0], np.abs(part - ground - shares @ axes).max(axis=2)


def strokes_beside(picture: Picture, frame: PanelFrame, bars: tuple[Trace, ...]) -> list[FloatArray]:
    """The colours of the strokes beside a panel's bars; nothing where there are none."""
    box, ground = frame.box, np.asarray(frame.background, dtype=np.float64)
    rows = slice(round(box.top) + RIM_PX, round(box.bottom) - RIM_PX)
    columns = slice(round(box.left) + RIM_PX, round(box.right) - RIM_PX)
    free = np.zeros(picture.rgb.shape[:2], dtype=bool)
    free[rows, columns] = True
    for trace in bars:
        for b in (*bar_boxes(trace), *whisker_boxes(trace)):
            free[_grown(b, picture)] = False
    seen = picture.rgb[free]
    strong = np.asarray(seen[np.abs(seen - ground).max(axis=1) > OTHER_INK], dtype=np.uint8)
    # Of the blends of a thin stroke the fullest is nearest to its colour.
    kept: list[FloatArray] = []
    for mode in sorted(color_modes(strong, OTHER_INK / 2), key=lambda c: -float(np.linalg.norm(c - ground))):
        if all(sine_between(mode - ground, other - ground) >= LEAST_SINE for other in kept):
            kept.append(mode)
    return kept


def _grown(box: Box, picture: Picture) -> tuple[slice, slice]:
    return (
        slice(max(0, round(box.top) - RIM_PX), min(picture.height, round(box.bottom) + RIM_PX + 1)),
        slice(max(0, round(box.left) - RIM_PX), min(picture.width, round(box.right) + RIM_PX + 1)),
    )


def _lifted(part: FloatArray, color: FloatArray, ground: FloatArray) -> FloatArray:
    """Pixels with the bar's share of their colour exchanged for the ground's.

    The share of other ink is a pixel's distance from the bar's colour relative to the farthest around it.
    """
    away = np.abs(part - color).max(axis=2)
    on_segment = _is_blend(part, color, ground)
    away = np.where(on_segment, 0.0, away)
    strongest = cv2.dilate(away.astype(np.float32), BLEND)
    other = np.where(strongest > OTHER_INK, away / np.maximum(strongest, 1.0), 0.0)
    lifted = part + (1.0 - other[..., None]) * (ground - color)
    return np.clip(np.where(other[..., None] > 0.1, lifted, ground), 0, 255).astype(np.uint8)


def _is_blend(part: FloatArray, color: FloatArray, ground: FloatArray) -> Mask:
    """Pixels between the bar's colour and the ground's: the bar's own rim."""
    step = color - ground
    share = np.clip(((part - ground) @ step) / max(float(step @ step), 1.0), 0.0, 1.0)
    left = np.abs(part - ground - share[..., None] * step).max(axis=2)
    return np.asarray(left < OTHER_INK / 2)


def whisker_boxes(trace: Trace) -> list[Box]:
    """The places of error bars with their caps."""
    if trace.y_low_px is None or trace.y_high_px is None:
        return []
    boxes = []
    half = trace.line_width_px / 2
    for x, y, low, high in zip(trace.x_px, trace.y_px, trace.y_low_px, trace.y_high_px, strict=True):
        if not np.isfinite(low + high):
            continue
        near, far = min(low, high), max(low, high)
        if trace.orientation == "horizontal":
            boxes.append(Box(left=near, right=far, top=y - half, bottom=y + half))
        else:
            boxes.append(Box(left=x - half, right=x + half, top=near, bottom=far))
    return boxes
