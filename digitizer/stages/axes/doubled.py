"""Pictures that were enlarged by doubling some columns and rows: where these would be without rounding.

The nearest pixel of a picture a quarter larger shows every fourth column twice. Ticks and lines stand up to
half a pixel beside where an exact enlargement had them, which steep lines and small panels do not bear.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from digitizer.evidence import AxisEvidence, FloatArray, Mask, Picture, Trace
from digitizer.stages.axes.panel_axes import PanelAxes

IndexArray = NDArray[np.intp]

# Columns that are doubled stand beside some that differ from both: at least so many of them. What is bare is
# alike everywhere and says nothing. Their distances differ by a pixel, in this share of them at least (0.82
# to 1 in eight enlarged pictures, as much in three others of 770) ...
FEWEST = 8
EVEN = 0.6
# ... and nearly all of them are those that one enlargement doubles, and all that it doubles are alike.
NEARLY_ALL = 0.8
# Both directions are enlarged alike to this.
ALIKE = 0.01
TIE = 1e-6
# Where renderers sample a pixel: in its middle, or at its left.
PHASES = (0.5, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Doubled:
    """Where each column (``x``) and row (``y``) of a picture belongs (px), and what it was enlarged by."""

    x: FloatArray
    y: FloatArray
    ratio_x: float
    ratio_y: float


def find_doubled(picture: Picture) -> Doubled | None:
    """Tell what a picture was enlarged by where columns and rows were doubled; None where they were not."""
    rgb = picture.rgb
    y = _find_places(np.r_[False, ~(rgb[1:] != rgb[:-1]).any(axis=(1, 2))])
    x = None if y is None else _find_places(np.r_[False, ~(rgb[:, 1:] != rgb[:, :-1]).any(axis=(0, 2))])
    if x is None or y is None or abs(x[1] / y[1] - 1.0) > ALIKE:
        return None
    return Doubled(x=x[0], y=y[0], ratio_x=x[1], ratio_y=y[1])


def _find_places(same: Mask) -> tuple[FloatArray, float] | None:
    """Where each row belongs, and what they were enlarged by; ``same`` are rows like the one before them."""
    size = same.size
    lone = same & ~np.r_[False, same[:-1]] & ~np.r_[same[1:], False]
    steps = np.diff(np.flatnonzero(lone))
    if steps.size < FEWEST - 1:
        return None
    usual = float(np.median(steps))
    if usual <= 2.0 or np.mean(np.abs(steps - usual) <= 1.0) < EVEN:
        return None
    best: tuple[int, IndexArray] | None = None
    for n in range(int(size - size / (usual - 1.0)), int(size - size / (usual + 1.0)) + 2):
        for phase in PHASES:
            at = (np.arange(size) + phase) * n / size
            shown = np.floor(at + TIE).astype(np.intp)
            # Between two pixels rounding decides, by what the renderer added up.
            shown -= same & (np.abs(at - np.round(at)) < TIE) & (shown > 0)
            doubled = np.flatnonzero(np.diff(shown) == 0) + 1
            told = int(lone[doubled].sum())
            if told > (0 if best is None else best[0]) and same[doubled].all():
                best = told, shown
    if best is None or best[0] < max(FEWEST, NEARLY_ALL * np.count_nonzero(lone)):
        return None
    shown = best[1]
    ratio = size / (int(shown[-1]) + 1)
    middle = np.bincount(shown, weights=np.arange(size)) / np.bincount(shown)
    belongs = (np.arange(middle.size) + 0.5) * ratio - 0.5
    return np.interp(np.arange(size), middle, belongs), ratio


def straighten_axes(axes: Sequence[PanelAxes], doubled: Doubled | None) -> tuple[PanelAxes, ...]:
    """Put the marks and labels of axes where they belong."""
    if doubled is None:
        return tuple(axes)

    def straight(axis: AxisEvidence) -> AxisEvidence:
        level = axis.side in ("top", "bottom")
        places, ratio = (doubled.x, doubled.ratio_x) if level else (doubled.y, doubled.ratio_y)
        marks, labels = (_put(v, places) for v in (axis.marks, axis.label_px))
        return replace(axis, marks=marks, label_px=labels, enlarged=ratio)

    return tuple(a.changed(straight) for a in axes)


def straighten_traces(
    traces: Sequence[tuple[Trace, ...]], doubled: Doubled | None
) -> tuple[tuple[Trace, ...], ...]:
    """Put the points of series where they belong."""
    if doubled is None:
        return tuple(traces)
    return tuple(tuple(_straight_trace(trace, doubled) for trace in panel) for panel in traces)


def _straight_trace(trace: Trace, doubled: Doubled) -> Trace:
    values = doubled.x if trace.orientation == "horizontal" else doubled.y
    low, high, base = (
        None if v is None else _put(v, values) for v in (trace.y_low_px, trace.y_high_px, trace.base_px)
    )
    course = trace.course_px
    if course is not None:
        course = np.column_stack([_put(course[:, 0], doubled.x), _put(course[:, 1], doubled.y)])
    return replace(
        trace,
        x_px=_put(trace.x_px, doubled.x),
        y_px=_put(trace.y_px, doubled.y),
        y_low_px=low,
        y_high_px=high,
        base_px=base,
        course_px=course,
    )


def _put(px: FloatArray, places: FloatArray) -> FloatArray:
    """Carry places (px) to where they belong; those outside the picture with its last row."""
    at = np.clip(px, 0.0, places.size - 1.0)
    return np.asarray(np.interp(at, np.arange(places.size), places) + (px - at))
