"""Clouds of markers that differ in size or in colour, so that no form repeats, by their paths."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from digitizer.drawing import DrawnPath
from digitizer.evidence import Box, FloatArray, Trace
from digitizer.stages.axes.line_fit import DRAWN_SIGMA_PX
from digitizer.stages.drawn.bars import is_box, same_color
from digitizer.stages.drawn.markers import ALIKE_PX, Color, place_of, shape_of, size_of
from digitizer.stages.status.exactness import is_exact_trace

# Bubbles are no larger than this share of the frame, and no smaller than this (px).
LARGEST_SHARE, LEAST_PX = 0.2, 2.0
# So many markers are a cloud; of so many colours one whose colours are values.
FEWEST, FEWEST_COLORS = 8, 5
# Markers are as high as wide to this share: a form's box is what is compared.
ROUND_SHARE = 0.25
# A cloud takes the place of series on their paths where these are less than this share of it: of one colour,
# and of many (each class of points may have its own).
READ_SHARE, READ_COLORS = 0.9, 0.5
# What was read belongs to a cloud where this share of it lies on its markers.
ON_SHARE = 0.5


def take_clouds(traces: Sequence[Trace], drawn: Sequence[DrawnPath], frame: Box) -> tuple[Trace, ...]:
    """Put one cloud in place of what was read of markers of many sizes, or of many colours.

    Parameters
    ----------
    traces : sequence of Trace
        The series, as far as they were drawn with forms that repeat on these.
    drawn : sequence of DrawnPath
        The paths that reach into the panel, without those of its legend.
    frame : Box
        The panel's frame.
    """
    markers = [path for path in drawn if _may_be_marker(path, frame)]
    placed = list(traces)
    groups = [(group, READ_SHARE) for group in _of_one_fill(markers)]
    groups += [(group, READ_COLORS) for group in _of_one_size(markers)]
    for group, share in groups:
        places = np.array([place_of(path) for path in group])
        reach = np.array([max(size_of(path)) for path in group]) / 2
        own = [k for k, trace in enumerate(placed) if _lies_on(trace, group, places, reach)]
        read = sum(len(placed[k].x_px) for k in own if is_exact_trace(placed[k]))
        if own and read < share * len(group):
            cloud = _cloud(placed[own[0]], group, places)
            placed = [trace for k, trace in enumerate(placed) if k not in own] + [cloud]
    return tuple(placed)


def _may_be_marker(path: DrawnPath, frame: Box) -> bool:
    """Whether a path is a filled form that is about as high as wide, and no bar."""
    width, height = size_of(path)
    if path.fill is None or is_box(path) or not frame.contains(*place_of(path), 1.0):
        return False
    large = max(width, height)
    alike = abs(width - height) <= ROUND_SHARE * large
    return alike and LEAST_PX <= large <= LARGEST_SHARE * min(frame.width, frame.height)


def _of_one_fill(markers: Sequence[DrawnPath]) -> list[list[DrawnPath]]:
    """Markers of one colour and kind in several sizes."""
    groups: dict[tuple[Color, int], list[DrawnPath]] = {}
    for path in markers:
        groups.setdefault((path.fill, len(path.x)), []).append(path)
    return [group for group in groups.values() if len(group) >= FEWEST]


def _of_one_size(markers: Sequence[DrawnPath]) -> list[list[DrawnPath]]:
    """Markers of one size and kind in many colours."""
    groups: list[list[DrawnPath]] = []
    for path in markers:
        for group in groups:
            off = np.abs(np.subtract(size_of(group[0]), size_of(path)))
            if len(group[0].x) == len(path.x) and off.max() <= ALIKE_PX:
                group.append(path)
                break
        else:
            groups.append([path])
    return [g for g in groups if len(g) >= FEWEST and len({path.fill for path in g}) >= FEWEST_COLORS]


def _lies_on(trace: Trace, group: Sequence[DrawnPath], places: FloatArray, reach: FloatArray) -> bool:
    """Whether most of what was read of a series lies on markers of its colour, or of many."""
    if trace.kind not in ("line", "scatter"):
        return False
    colors = {path.fill for path in group}
    if len(colors) < FEWEST_COLORS and not any(same_color(color, trace.color) for color in colors):
        return False
    known = np.isfinite(trace.y_px)
    if not known.any():
        return False
    x, y = trace.x_px[known], trace.y_px[known]
    away = np.hypot(x[:, None] - places[:, 0], y[:, None] - places[:, 1])
    if is_exact_trace(trace):
        return bool((away.min(axis=1) <= ALIKE_PX).all())
    return float((away <= reach + 1.0).any(axis=1).mean()) >= ON_SHARE


def _cloud(trace: Trace, group: Sequence[DrawnPath], places: FloatArray) -> Trace:
    return replace(
        trace,
        kind="scatter",
        x_px=places[:, 0].copy(),
        y_px=places[:, 1].copy(),
        sigma_px=np.full(len(group), DRAWN_SIGMA_PX),
        sampled_at="markers",
        line_style="none",
        marker=shape_of(group[0]),
        marker_size_px=float(np.median([max(size_of(path)) for path in group])),
        hidden=0.0,
        y_low_px=None,
        y_high_px=None,
        course_px=None,
    )
