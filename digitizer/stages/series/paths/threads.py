"""Tell the line that joins markers by the ink between each marker and the next."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from digitizer.evidence import FloatArray, Mask, Trace
from digitizer.stages.series.inks.ink import FloatImage
from digitizer.stages.series.paths.runs import ON

# Fewer stretches between markers than this are no line, nor those of which less than this share has ink.
FEWEST = 3
THREADED = 0.75
# A stretch has ink along this share of it: dotted lines have half, dash-dotted ones with white edges at their
# markers less; of strewn markers hardly a stretch has any.
INKED = 0.3
# What lies along the stretches is this share of all the ink that the markers leave.
EXPLAINED = 0.6
# White edges part a line from its markers; a stretch begins this far (sizes, and px) from a marker's middle.
CLEAR_SIZES = 0.75
CLEAR_PX = 1.5
# A stretch is sampled that finely (px), and ink is on it that lies this near (px).
STEP_PX = 0.5
NEAR_PX = 1.5
# A line's markers are farther apart than this (sizes): of snapped squares one a pixel larger is seen as two.
SAME_SIZES = 0.3
# Inked along more than this share of its stretches a line is solid.
SOLID = 0.85


def thread_markers(
    points: list[Trace], left: FloatImage, blocked: Mask, corner: tuple[int, int]
) -> Trace | None:
    """Make a line of markers that ink joins from each to the next; None where it does not.

    Parameters
    ----------
    points
        The markers of one colour (source px).
    left
        The colour's coverage without its markers, shape (height, width).
    blocked
        Where other ink may hide it.
    corner
        Column and row of the coverage's first pixel in the source.
    """
    if len(points) != 1:
        return None
    mark = _in_order(points[0])
    if np.unique(mark.x_px).size < max(FEWEST + 1, mark.x_px.size):
        return None
    x, y = mark.x_px - corner[0], mark.y_px - corner[1]
    clear = CLEAR_SIZES * mark.marker_size_px + CLEAR_PX
    near = cv2.dilate((left > ON).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    shares = [_inked(near, blocked, x[k : k + 2], y[k : k + 2], clear) for k in range(x.size - 1)]
    seen = np.array([share for share in shares if share is not None])
    if seen.size < FEWEST or np.mean(seen > INKED) < THREADED or _explained(left, x, y) < EXPLAINED:
        return None
    style = "solid" if float(np.median(seen)) > SOLID else "dashed"
    return replace(mark, kind="line", line_style=style)


def _in_order(mark: Trace) -> Trace:
    """Markers from left to right, one of those that were taken for several on each other."""
    order = np.lexsort((mark.sigma_px, mark.x_px))
    steps = np.hypot(np.diff(mark.x_px[order]), np.diff(mark.y_px[order]))
    order = order[np.r_[True, steps > SAME_SIZES * mark.marker_size_px]]
    return replace(mark, x_px=mark.x_px[order], y_px=mark.y_px[order], sigma_px=mark.sigma_px[order])


def _inked(near: Mask, blocked: Mask, x: FloatArray, y: FloatArray, clear: float) -> float | None:
    """Share of a stretch that has ink; None where it is too short or hidden to tell."""
    length = float(np.hypot(x[1] - x[0], y[1] - y[0]))
    if length < 2 * clear + 4 * STEP_PX:
        return None
    at = np.arange(clear, length - clear, STEP_PX) / length
    height, width = near.shape
    columns = np.clip(np.round(x[0] + at * (x[1] - x[0])).astype(int), 0, width - 1)
    rows = np.clip(np.round(y[0] + at * (y[1] - y[0])).astype(int), 0, height - 1)
    open_ = near[rows, columns] | ~blocked[rows, columns]
    return float(np.mean(near[rows, columns][open_])) if open_.mean() > INKED else None


def _explained(left: FloatImage, x: FloatArray, y: FloatArray) -> float:
    """Share of the ink that lies on the way from marker to marker."""
    way = np.zeros(left.shape, dtype=np.uint8)
    path = np.round(np.stack([x, y], axis=1) * 16).astype(np.int32)
    cv2.polylines(way, [path], False, 1, thickness=1 + 2 * round(2 * NEAR_PX), shift=4)
    return float(left[way > 0].sum()) / max(float(left.sum()), 1e-6)
