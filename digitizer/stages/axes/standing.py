"""Where the labels of an axis stand: at the marks beside them, or at their own middles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from digitizer.evidence import AxisEvidence, FloatArray, Mask, Side, TextSpan
from digitizer.medians import median
from digitizer.numbers import parse_number
from digitizer.stages.axes.beside import SLANTED_DEG
from digitizer.stages.axes.labels import stand_beside, stand_flush

# A label without a mark stands where its centre is; glyph shapes move it by about this much (px).
LABEL_SIGMA_PX = 0.9
# ... or this share of its height (MATLAB sets labels 0.16 of their height too low).
LABEL_SIGMA_SHARE = 0.1
# Tick marks are snapped to whole pixels by most renderers: the standard deviation of a uniform pixel.
MARK_SIGMA_PX = 0.29
# ... and of ticks that stand at sides which are not snapped (:mod:`digitizer.stages.axes.anchored`).
ANCHORED_SIGMA_PX = 0.1
# Labels stand alike to their marks, half of them within this of the others (px; 0.5 as a rule): grid lines of
# the first axis stand anywhere beside the labels of a second one.
MOST_UNLIKE_PX = 1.5
# Of so many labels one that is farther from its mark than the others by this (px; heights; times what half of
# them are apart) stands at another mark. The glyphs of a label move its middle by 0.1 heights.
MIN_ALIKE = 3
# Labels stand at their marks alike to this (px; rounding of either moves them by up to one).
ALIKE_PX = 1.0
STRAYED_PX, STRAYED_SHARE, STRAYED_TIMES = 3.0, 0.3, 6.0
# Without marks slanted labels stand at those of their ends that are even to this (px; share of their step)
# where their middles are uneven so many times as much: names of 5 to 12 letters end within 0.5 px of even
# steps, with middles 4 to 15 px off.
EVEN_PX, EVEN_SHARE, EVEN_TIMES = 1.0, 0.02, 3.0
# Labels of both axes of a panel stand alike to their marks, to this share of their height.
AS_FIRST_SHARE = 0.2
# Marks that part bands are even, and words stand in the middles between them, to this share of a band: words
# of 13 px in bands of 26 to 0.04.
EVEN_BANDS = 0.1


def stand_at(labels: Sequence[TextSpan], marks: FloatArray, side: Side) -> tuple[FloatArray, FloatArray]:
    """Tell where each label stands along its axis.

    Returns
    -------
    tuple of ndarray, shape (n,)
        Pixel along the axis and its standard deviation. A label takes the place of the mark beside
        it where most labels have one; slanted labels may stand at their ends.
    """
    horizontal = side in ("top", "bottom")
    anchors = [_middles(labels, side)]
    slanted = np.mean([abs(s.angle_deg) > SLANTED_DEG for s in labels]) > 0.5
    if horizontal and slanted:
        anchors += [np.array([s.box.right for s in labels]), np.array([s.box.left for s in labels])]
    size = _size_of(labels, side)
    unmarked = _unmarked_sigma(size)
    if len(marks) < 2:
        return _most_even(anchors), np.full(len(labels), unmarked)
    spacing = float(np.min(np.diff(np.sort(anchors[0])))) if len(labels) > 1 else np.inf
    limit = max(2.5, min(0.7 * size, 0.3 * spacing if spacing > 0 else np.inf))
    # Slanted labels end at their marks, or at the middles between them where each has a band of its own.
    targets = [marks, (marks[1:] + marks[:-1]) / 2] if slanted and len(marks) >= 3 else [marks]
    best: tuple[float, FloatArray, Mask] | None = None
    for target in targets:
        for anchor in anchors:
            nearest = target[np.argmin(np.abs(anchor[:, None] - target[None]), axis=1)]
            off = nearest - anchor
            shift = median(off) if slanted else 0.0
            matched = np.abs(off - shift) <= limit
            if matched.sum() >= 3 and _are_unlike(off[matched]):
                matched = np.zeros_like(matched)
            cost = float(np.mean(np.where(matched, np.abs(off - shift) / limit, 2.0)))
            cost += abs(shift) / max(spacing, 1.0)
            if best is None or cost < best[0]:
                best = cost, nearest, matched
    assert best is not None
    _, nearest, matched = best
    nearest = nearest if slanted else _stood_alike(anchors[0], nearest, matched, marks)
    matched = matched & ~_strayed(nearest - anchors[0], matched, size) if not slanted else matched
    # Beside an axis programs set labels a little too high or low, below it in the middle.
    shift = 0.0 if horizontal else _usual_off(nearest - anchors[0], matched)
    px = np.where(matched, nearest, anchors[0] + shift)
    if horizontal and not slanted:
        px, matched = stand_flush(labels, marks, px, matched)
    if matched.mean() < 0.5:
        own_bands = slanted or _are_between(labels, anchors[0], marks)
        displaced = None if own_bands else stand_beside(labels, marks, size, horizontal=horizontal)
        if displaced is not None:
            return displaced, np.full(len(labels), MARK_SIGMA_PX)
        return _most_even(anchors), np.full(len(labels), unmarked)
    return px, np.where(matched, MARK_SIGMA_PX, unmarked)


def off_first(first: AxisEvidence | None, second: AxisEvidence | None) -> AxisEvidence | None:
    """A second axis, whose labels stand at their own middles where the lines near them are the first one's.

    Where both axes have nearly the same step each line of the grid that the first one's labels stand at is as
    far beside one of the second's, or a little farther from one to the next.
    """
    if first is None or second is None:
        return second
    middles = _middles(second.labels, second.side)
    own = first.label_sigma_px <= MARK_SIGMA_PX
    near = second.label_sigma_px <= MARK_SIGMA_PX
    size = _size_of(second.labels, second.side)
    if own.sum() < MIN_ALIKE or near.sum() < 1:
        return second
    usual = median((first.label_px - _middles(first.labels, first.side))[own])
    unlike = np.abs((second.label_px - middles)[near] - usual) > max(STRAYED_PX, AS_FIRST_SHARE * size)
    if np.mean(unlike) <= 0.5:
        return second
    return replace(second, label_px=middles, label_sigma_px=np.full(len(middles), _unmarked_sigma(size)))


def _size_of(labels: Sequence[TextSpan], side: Side) -> float:
    """The height of most labels' letters (px), of those on end their width."""
    level = side in ("top", "bottom")
    return median([min(s.box.height, s.box.width) if level else s.box.height for s in labels])


def _unmarked_sigma(size: float) -> float:
    """How well labels of a size tell by their middles where they stand (px)."""
    return max(LABEL_SIGMA_PX, LABEL_SIGMA_SHARE * size)


def _middles(labels: Sequence[TextSpan], side: Side) -> FloatArray:
    """Where the middles of labels are along an axis (px)."""
    return np.array([s.box.center[0] if side in ("top", "bottom") else _middle_y(s) for s in labels])


def _are_between(labels: Sequence[TextSpan], middles: FloatArray, marks: FloatArray) -> bool:
    """Whether words stand in the middles between even marks: these part their bands (amCharts)."""
    steps = np.diff(marks)
    if len(labels) < MIN_ALIKE or len(steps) < MIN_ALIKE - 1 or np.ptp(steps) > EVEN_BANDS * np.median(steps):
        return False
    step, first = np.polyfit(np.arange(len(marks)), marks, 1)
    off = np.abs((middles - first) / step % 1.0 - 0.5)
    return bool(off.max() <= EVEN_BANDS) and all(parse_number(label.text) is None for label in labels)


def _middle_y(label: TextSpan) -> float:
    return label.box.center[1] if label.middle_y is None else label.middle_y


def _most_even(anchors: Sequence[FloatArray]) -> FloatArray:
    """The middles of labels, or those of their ends that are even where the middles are not.

    Names under bars that end at their ticks have middles here and there, and bars hide the grid lines.
    """
    middles = anchors[0]
    if len(middles) < MIN_ALIKE:
        return middles
    uneven = [_uneven(anchor) for anchor in anchors]
    best = int(np.argmin([off for off, _ in uneven]))
    off, step = uneven[best]
    even = off <= max(EVEN_PX, EVEN_SHARE * step) and uneven[0][0] > EVEN_TIMES * max(off, EVEN_PX / 2)
    return anchors[best] if even else middles


def _uneven(places: FloatArray) -> tuple[float, float]:
    """How far places are from even steps at the most, and the step (px)."""
    ordered = np.sort(places)
    step = median(np.diff(ordered))
    if step <= 0:
        return np.inf, step
    count = np.r_[0.0, np.cumsum(np.maximum(np.round(np.diff(ordered) / step), 1.0))]
    fit = np.polyval(np.polyfit(count, ordered, 1), count)
    return float(np.abs(ordered - fit).max()), step


def _stood_alike(middles: FloatArray, nearest: FloatArray, matched: Mask, marks: FloatArray) -> FloatArray:
    """The marks of labels (px), where another one than the nearest is as far away as the others' are.

    Of labels set 3.5 px beside their ticks the last one was nearer to the frame's side than to its own.
    """
    off = nearest - middles
    if matched.sum() < MIN_ALIKE:
        return nearest
    usual = median(off[matched])
    if median(np.abs(off[matched] - usual)) > ALIKE_PX:
        return nearest
    other = marks[np.argmin(np.abs(middles[:, None] + usual - marks[None]), axis=1)]
    alike = np.abs(other - middles - usual) <= ALIKE_PX
    return np.where(matched & alike, other, nearest)


def _usual_off(off: FloatArray, matched: Mask) -> float:
    """How far labels stand from their marks (px) where all do alike, else 0; so do those without a mark.

    The mark of the uppermost label may be lost in the frame's corner.
    """
    if matched.sum() < MIN_ALIKE:
        return 0.0
    usual = median(off[matched])
    return usual if np.abs(off[matched] - usual).max() <= ALIKE_PX else 0.0


def _strayed(off: FloatArray, matched: Mask, size: float) -> Mask:
    """Labels that stand far from the marks bound to them (px) where most others stand at theirs alike.

    A legend's edge beside the uppermost label, whose own mark is the frame's side, is no mark of it.
    """
    if matched.sum() < MIN_ALIKE:
        return np.zeros_like(matched)
    away = np.abs(off - median(off[matched]))
    usual = median(away[matched])
    return np.asarray(away > max(STRAYED_PX, STRAYED_SHARE * size, STRAYED_TIMES * usual))


def _are_unlike(off: FloatArray) -> bool:
    """Whether labels stand here and there beside the marks nearest to them (px): these are not theirs."""
    return bool(median(np.abs(off - median(off))) > MOST_UNLIKE_PX)
