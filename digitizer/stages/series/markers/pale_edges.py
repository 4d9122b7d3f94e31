"""Markers with an edge in the ground's colour (seaborn's): the line is joined to them again."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from digitizer.evidence import FloatArray, Mask
from digitizer.stages.pixels.components import label_pieces
from digitizer.stages.series.inks.palette import Stroke
from digitizer.stages.series.markers.symbols import LARGEST_PX, LARGEST_SHARE

# Fewer markers than this stand apart from their line by chance.
FEWEST = 5
# Markers are alike in width and height to this (px): anti-aliasing and snapping change each by one.
ALIKE_PX = 1.5
# They are this much thicker than the line (seaborn: 2.3 times); dots of a dash-dotted one are as thick.
THICKER = 1.4
# An edge is no wider than this (px, and share of the marker across): seaborn draws 0.75 of 6 pt, 1 to 2 px.
WIDEST_PX, WIDEST_SHARE = 4.0, 0.45
# A line comes so near to this share of the markers; a scatter's stand alone.
JOINED = 0.8
# This share of the other ink stands above or below a marker's middle (to this, px): stems of error bars that
# end beside it (gnuplot).
STEMS, MIDDLE_PX = 0.8, 1.5
# Ink from which a pixel belongs to a component.
INKED = 0.4


def close_pale_edges(strokes: tuple[Stroke, ...]) -> tuple[Stroke, ...]:
    """Join markers that an edge in the ground's colour parts from their line with that line.

    Markers are found as the thickest parts of their line, and fitted with lines that run into them.
    """
    return tuple(_closed(stroke) for stroke in strokes)


def _closed(stroke: Stroke) -> Stroke:
    labels, stats = label_pieces(stroke.alpha > INKED)
    if len(stats) <= 2 * FEWEST:
        return stroke
    markers = _alike(stats, labels.shape)
    if markers.sum() < FEWEST:
        return stroke
    is_marker: Mask = np.asarray(markers[labels])
    rest = np.asarray((labels > 0) & ~is_marker)
    if (
        not rest.any()
        or _are_stems(stats, markers)
        or _thickness(is_marker, stats[markers]) < THICKER * _thickness(rest, None)
    ):
        return stroke
    gap = _gaps(labels, rest, np.flatnonzero(markers), stats)
    across = float(np.median(stats[markers][:, 2:4]))
    widest = min(WIDEST_PX, WIDEST_SHARE * across)
    if np.mean(gap <= widest) < JOINED:
        return stroke
    reach = float(np.median(gap[gap <= widest]))
    away = cv2.distanceTransform((~is_marker).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5)
    size = 2 * int(np.ceil(reach)) + 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    joined = cv2.morphologyEx(stroke.alpha, cv2.MORPH_CLOSE, kernel)
    alpha = np.where(away <= reach + 1.0, np.maximum(stroke.alpha, joined), stroke.alpha)
    return replace(stroke, alpha=np.asarray(alpha, dtype=np.float32))


def _are_stems(stats: NDArray[np.int32], markers: Mask) -> bool:
    """Whether what is no marker stands above and below markers, as error bars do."""
    middle = stats[:, cv2.CC_STAT_LEFT] + stats[:, cv2.CC_STAT_WIDTH] / 2
    others = np.flatnonzero(~markers)[1:]
    away = np.abs(middle[others][:, None] - middle[markers][None]).min(axis=1)
    area = stats[others, cv2.CC_STAT_AREA]
    return bool(area[away <= MIDDLE_PX].sum() >= STEMS * area.sum())


def _alike(stats: NDArray[np.int32], shape: tuple[int, ...]) -> Mask:
    """Which components have the commonest size of small, compact ones."""
    wide, tall = stats[:, cv2.CC_STAT_WIDTH].astype(float), stats[:, cv2.CC_STAT_HEIGHT].astype(float)
    largest = min(LARGEST_PX, LARGEST_SHARE * max(shape))
    compact: Mask = np.asarray((np.maximum(wide, tall) <= largest) & (np.minimum(wide, tall) >= 3))
    compact &= np.abs(wide - tall) <= ALIKE_PX + 0.1 * wide
    compact &= stats[:, cv2.CC_STAT_AREA] >= 0.45 * wide * tall
    compact[0] = False
    at = np.flatnonzero(compact)
    if not at.size:
        return compact
    same = np.abs(wide[at, None] - wide[None, at]) <= ALIKE_PX
    same &= np.abs(tall[at, None] - tall[None, at]) <= ALIKE_PX
    chosen = np.zeros(compact.shape, dtype=bool)
    chosen[at[same[int(np.argmax(same.sum(axis=1)))]]] = True
    return chosen | _cut_off(stats, shape, float(np.median(wide[chosen])), float(np.median(tall[chosen])))


def _cut_off(stats: NDArray[np.int32], shape: tuple[int, ...], wide: float, tall: float) -> Mask:
    """Which components are markers of a size that one of the panel's sides cuts off."""
    left, top, w, h = (stats[:, k] for k in range(4))
    upright = ((left <= 1) | (left + w >= shape[1] - 1)) & (np.abs(h - tall) <= ALIKE_PX) & (w < wide)
    level = ((top <= 1) | (top + h >= shape[0] - 1)) & (np.abs(w - wide) <= ALIKE_PX) & (h < tall)
    cut = (upright | level) & (np.minimum(w, h) >= 2)
    cut[0] = False
    return np.asarray(cut)


def _thickness(ink: Mask, stats: NDArray[np.int32] | None) -> float:
    """How thick ink is (px): of markers across, of a line where it is thickest for the most part."""
    if stats is not None:
        return float(np.median(stats[:, cv2.CC_STAT_WIDTH : cv2.CC_STAT_HEIGHT + 1]))
    inside = cv2.distanceTransform(np.pad(ink, 1).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5)
    ridge = (inside > 0) & (inside >= cv2.dilate(inside, np.ones((3, 3), np.uint8)))
    return float(2 * np.median(inside[ridge]) - 1)


def _gaps(
    labels: NDArray[np.int32], rest: Mask, markers: NDArray[np.intp], stats: NDArray[np.int32]
) -> FloatArray:
    """How far each marker is from other ink (px): the width of its edge."""
    away = cv2.distanceTransform((~rest).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5)
    gaps = []
    for k in markers:
        x, y, w, h = (int(v) for v in stats[k, :4])
        own = labels[y : y + h, x : x + w] == k
        gaps.append(float(away[y : y + h, x : x + w][own].min()) - 1.0)
    return np.asarray(gaps)
