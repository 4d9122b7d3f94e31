"""Lift the veil of a translucent legend: what series show through it becomes what they show beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from digitizer.evidence import Box, ByteImage, FloatArray, LegendEntry, Mask, PanelFrame, Picture, TextSpan
from digitizer.stages.pixels.rectangles import cover_boxes
from digitizer.stages.series.inks.drawn_box import WHOLE, Bounds, covered_by
from digitizer.stages.series.inks.ink import BORDER

# Texts and samples, with the blur of their rims, are left as they are (px), and so are lines of the grid.
MARGIN_PX = 2.0
# What a legend lets through of a stroke: matplotlib and plotters 0.2, others up to half.
LEAST_SHARE, MOST_SHARE = 0.08, 0.6
# Pixels are such a blend to so many levels; a stroke differs by this from the ground.
OFF_BLEND, LEAST_STEP = 5.0, 60.0
# So many of them tell, most of which are covered wholly: within this of the share that shows through.
MIN_BLENDED, MIN_WHOLE, SAME_SHARE = 20, 10, 0.03
# ... and hardly any show more: ends of letters do.
MOST_ABOVE = 0.05
# So many colours make up all but this share of the ground and the grid within (so many levels from it at
# most): a fifth of what was compressed tells nothing.
FEW_COLORS, MOST_OTHERS, NEAR_LEVELS = 6, 0.05, 10
# A stroke that shows through goes on beyond the border as it is, as far aside (px) as a steep one runs within
# it; most do.
ASIDE_PX, STRONG, GOING_ON = 12, 0.6, 0.5
# Rounded corners take this share of a name's height.
CORNER_SHARE = 0.4


def lift_veils(
    picture: Picture,
    frames: Sequence[PanelFrame],
    spans: Sequence[TextSpan],
    legends: Sequence[tuple[LegendEntry, ...]],
) -> tuple[Picture, tuple[tuple[LegendEntry, ...], ...]]:
    """Show series under translucent legends as strongly as beside them, and tell which entries hide nothing.

    Parameters
    ----------
    picture, frames
        The source and its panels.
    spans
        All texts.
    legends
        The entries of each panel.

    Returns
    -------
    picture
        Without the borders and the ground of legends that strokes show through.
    legends
        Entries of these are ``lifted``: they hide what stands under their texts and samples alone.
    """
    out = []
    for frame, legend in zip(frames, legends, strict=True):
        inside = [e for e in legend if e.swatch is not None and frame.box.contains(*e.text.box.center)]
        strokes = inside and all(e.line_style != "none" and e.color is not None for e in inside)
        rgb = _lifted(picture.rgb, frame, [s.box for s in spans], inside) if strokes else None
        if rgb is not None:
            picture = replace(picture, rgb=rgb)
            legend = tuple(replace(e, lifted=any(e is o for o in inside)) for e in legend)
        out.append(legend)
    return picture, tuple(out)


def _lifted(
    rgb: ByteImage, frame: PanelFrame, texts: Sequence[Box], entries: Sequence[LegendEntry]
) -> ByteImage | None:
    """The picture without the veil of one legend; None where none is seen."""
    samples = [e.swatch for e in entries if e.swatch is not None]
    whole = reduce(Box.union, [*samples, *(e.text.box for e in entries)])
    found = _border(rgb, frame, whole)
    if found is None:
        return None
    outer, inner = found
    part = rgb[inner[1] : inner[3] + 1, inner[0] : inner[2] + 1].astype(np.float64)
    kept = [*samples, *(e.text.box for e in entries), *(b for b in texts if b.overlaps(whole))]
    free = ~cover_boxes(part.shape[:2], kept, inner[0], inner[1], MARGIN_PX)
    if np.count_nonzero(free) < MIN_BLENDED:
        return None
    ground = np.median(part[free], axis=0)
    background = np.asarray(frame.background, dtype=np.float64)
    steps = [np.asarray(e.color, dtype=np.float64) - background for e in entries]
    steps = [step for step in steps if np.abs(step).max() >= LEAST_STEP]
    if not steps or _is_noisy(part[free], ground):
        return None
    shares, which = _shares(part - ground, steps)
    blended = free & (shares >= LEAST_SHARE) & (shares <= MOST_SHARE)
    # Lines of a grid look like black and grey strokes that show through.
    blended &= ~_on_grid(frame, inner) | np.array([np.ptp(step) >= LEAST_STEP for step in steps])[which]
    share = _share_through(shares[blended])
    if share is None or not _goes_on(rgb, frame, steps, np.where(blended, which, -1), outer, inner):
        return None
    clear = np.where(free[..., None], background + (part - ground) / share, part)
    out = rgb.copy()
    out[inner[1] : inner[3] + 1, inner[0] : inner[2] + 1] = np.clip(np.round(clear), 0, 255)
    corner = round(CORNER_SHARE * float(np.median([e.text.box.height for e in entries])))
    _paint_border(out, outer, inner, corner, frame.background)
    return out


def _is_noisy(colors: FloatArray, ground: FloatArray) -> bool:
    """Whether what is near the ground has more colours than a few lines of a grid."""
    near = colors[np.abs(colors - ground).max(axis=1) <= NEAR_LEVELS]
    _, counts = np.unique(near.sum(axis=1), return_counts=True)
    return bool(np.sort(counts)[:-FEW_COLORS].sum() > MOST_OTHERS * len(near))


def _border(rgb: ByteImage, frame: PanelFrame, whole: Box) -> tuple[Bounds, Bounds] | None:
    """A legend's box with its border (source pixels, inclusive), and what is inside it; None without one."""
    box = frame.box
    left, top = int(box.left) + 2, int(box.top) + 2
    crop = rgb[top : int(box.bottom) - 1, left : int(box.right) - 1].astype(np.int16)
    away = np.asarray(np.abs(crop - np.asarray(frame.background)).max(axis=2) > BORDER)
    contents = (
        max(0, int(whole.left) - left),
        max(0, int(whole.top) - top),
        min(away.shape[1] - 1, int(whole.right) - left + 1),
        min(away.shape[0] - 1, int(whole.bottom) - top + 1),
    )
    if contents[2] - contents[0] < 8 or contents[3] - contents[1] < 4:
        return None
    # A border that stands off, around names that were not read, is told by its four lines.
    sides = np.array(covered_by(away, contents))
    (x0, y0), (x1, y1) = sides[:, :2].min(axis=0).tolist(), sides[:, 2:].max(axis=0).tolist()
    columns, rows = slice(*_middle(x0, x1)), slice(*_middle(y0, y1))
    across, down = away[:, columns].mean(axis=1) > WHOLE, away[rows].mean(axis=0) > WHOLE
    # The border of a legend that lies across the panel's side is not seen there.
    cut = (
        x0 == 0 and not down[0],
        y0 == 0 and not across[0],
        x1 == down.size - 1 and not down[-1],
        y1 == across.size - 1 and not across[-1],
    )
    bare = x0 >= contents[0], y0 >= contents[1], x1 <= contents[2], y1 <= contents[3]
    if all(cut) or any(one and not beyond for one, beyond in zip(bare, cut, strict=True)):
        return None
    inner = (
        left + (x0 if cut[0] else _beyond(down, x0, 1)),
        top + (y0 if cut[1] else _beyond(across, y0, 1)),
        left + (x1 if cut[2] else _beyond(down, x1, -1)),
        top + (y1 if cut[3] else _beyond(across, y1, -1)),
    )
    outer = (left + x0, top + y0, left + x1, top + y1)
    return None if inner[2] - inner[0] < 8 or inner[3] - inner[1] < 4 else (outer, inner)


def _middle(first: int, last: int) -> tuple[int, int]:
    """The middle three quarters of a side: corners may be round."""
    return first + (last - first) // 8, last - (last - first) // 8 + 1


def _beyond(on: Mask, at: int, step: int) -> int:
    """The first row inside a border that begins beside ``at``, and its blur."""
    while 0 <= at < len(on) and not on[at]:
        at += step
    while 0 <= at < len(on) and on[at]:
        at += step
    return at + step


def _on_grid(frame: PanelFrame, inner: Bounds) -> Mask:
    """Pixels beside lines of the grid."""
    y, x = np.arange(inner[1], inner[3] + 1.0), np.arange(inner[0], inner[2] + 1.0)
    reach = MARGIN_PX + frame.line_width / 2
    rows: Mask = np.asarray((np.abs(y[:, None] - frame.grid_y) <= reach).any(axis=1))
    columns: Mask = np.asarray((np.abs(x[:, None] - frame.grid_x) <= reach).any(axis=1))
    return rows[:, None] | columns[None]


def _shares(away: FloatArray, steps: Sequence[FloatArray]) -> tuple[FloatArray, NDArray[np.intp]]:
    """How much of a stroke each pixel shows, 0 where none; and of which of them."""
    best = np.full(away.shape[:2], OFF_BLEND)
    shares, which = np.zeros(away.shape[:2]), np.zeros(away.shape[:2], dtype=np.intp)
    for k, step in enumerate(steps):
        share = away @ step / float(step @ step)
        off = np.abs(away - share[..., None] * step).max(axis=2)
        nearer = off < best
        best[nearer], shares[nearer], which[nearer] = off[nearer], share[nearer], k
    return shares, which


def _share_through(shares: FloatArray) -> float | None:
    """What a legend lets through, told by the pixels that strokes cover wholly; None where too few do."""
    if shares.size < MIN_BLENDED:
        return None
    ranked = np.sort(shares)
    within = np.searchsorted(ranked, ranked + SAME_SHARE, "right") - np.arange(ranked.size)
    first = int(np.argmax(within))
    if within[first] < MIN_WHOLE or ranked.size - first - within[first] > MOST_ABOVE * ranked.size:
        return None
    return float(np.median(ranked[first : first + within[first]]))


def _goes_on(
    rgb: ByteImage,
    frame: PanelFrame,
    steps: Sequence[FloatArray],
    blended: NDArray[np.intp],
    outer: Bounds,
    inner: Bounds,
) -> bool:
    """Whether what shows through at the border goes on beyond it, and as strongly as strokes do there."""
    found: list[bool] = []
    background = np.asarray(frame.background, dtype=np.float64)
    sides = (
        (blended[0], rgb[max(0, outer[1] - 1)], inner[0]),
        (blended[-1], rgb[min(len(rgb) - 1, outer[3] + 1)], inner[0]),
        (blended[:, 0], rgb[:, max(0, outer[0] - 1)], inner[1]),
        (blended[:, -1], rgb[:, min(rgb.shape[1] - 1, outer[2] + 1)], inner[1]),
    )
    for edge, beyond, start in sides:
        on = np.flatnonzero(edge >= 0)
        for run in np.split(on, np.flatnonzero(np.diff(on) > 1) + 1) if on.size else []:
            step = steps[int(edge[run[len(run) // 2]])]
            near = slice(max(0, start + int(run[0]) - ASIDE_PX), start + int(run[-1]) + ASIDE_PX + 1)
            away = beyond[near].astype(np.float64) - background
            share = away @ step / float(step @ step)
            close = np.abs(away - share[:, None] * step).max(axis=1) <= 4 * OFF_BLEND
            found.append(bool(np.any(close & (share >= STRONG))))
    return bool(found) and float(np.mean(found)) > GOING_ON


def _paint_border(
    rgb: ByteImage, outer: Bounds, inner: Bounds, corner: int, background: tuple[int, int, int]
) -> None:
    """Blend what is on both sides of a border into each other, and leave ground at its corners."""
    for a, b in ((outer[1], inner[1]), (inner[3], outer[3])):
        first, last = max(0, a - (a == outer[1])), min(len(rgb) - 1, b + (b == outer[3]))
        columns = slice(inner[0], inner[2] + 1)
        rgb[first : last + 1, columns] = _between(rgb[first, columns], rgb[last, columns], last - first)
    turned = rgb.transpose(1, 0, 2)
    for a, b in ((outer[0], inner[0]), (inner[2], outer[2])):
        first, last = max(0, a - (a == outer[0])), min(len(turned) - 1, b + (b == outer[2]))
        rows = slice(inner[1], inner[3] + 1)
        turned[first : last + 1, rows] = _between(turned[first, rows], turned[last, rows], last - first)
    for y in (slice(outer[1], inner[1] + corner), slice(inner[3] - corner, outer[3] + 1)):
        for x in (slice(outer[0], inner[0] + corner), slice(inner[2] - corner, outer[2] + 1)):
            rgb[y, x] = background


def _between(one: ByteImage, other: ByteImage, steps: int) -> ByteImage:
    """Rows from one to another."""
    share = np.linspace(0.0, 1.0, steps + 1)[:, None, None]
    return np.asarray(np.round(one[None] * (1 - share) + other[None] * share), dtype=np.uint8)
