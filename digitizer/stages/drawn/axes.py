"""Put frames and ticks onto the strokes of the drawing that the picture was rendered from.

What is an axis, and which label stands at which tick, the picture tells; the strokes say exactly where.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from digitizer.drawing import Drawing, DrawnPath
from digitizer.evidence import AxisEvidence, Box, FloatArray, PanelFrame
from digitizer.stages.axes.line_fit import DRAWN_SIGMA_PX, snapping_bias
from digitizer.stages.axes.panel_axes import PanelAxes
from digitizer.stages.axes.standing import MARK_SIGMA_PX
from digitizer.stages.drawn.hidden import with_hidden
from digitizer.stages.roles.texts import Roles

# A stroke runs straight where it strays less (px), and is no dot where it is this long.
STRAIGHT_PX, LEAST_LENGTH_PX = 0.05, 1.5
# Frames, ticks and grid lines are drawn in paths of no more points.
MOST_POINTS = 6
# A filled box no wider (px) is a stroke that its program fills.
THIN_PX = 3.0
# A stroke belongs to what was read this near to it (px): rendering moves it by half a pixel and more.
REACH_PX = 1.6
# A side is drawn along this share of its length, and a tick begins or ends this near to it (px).
SIDE_SHARE, AT_SIDE_PX = 0.8, 12.0
# Labels further inside the frame (px) stand at an axis within it; ticks and what parts them from labels are
# no longer.
INSIDE_PX = 30.0
# So many labels on strokes give an axis.
LEAST_LABELS = 2
# Places this near to halves of the drawing's units (units) are on them.
SNAPPED = 0.01


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Strokes:
    """Straight strokes across one direction: where each is along it, and from where to where it runs."""

    at: FloatArray
    low: FloatArray
    high: FloatArray
    unit: float

    def near(self, px: float) -> NDArray[np.bool_]:
        return np.asarray(np.abs(self.at - px) <= REACH_PX)


def take_drawn_axes(roles: Roles, drawn: Drawing) -> Roles:
    """Put the frames, labels and marks of all panels onto strokes; as they are where there are none.

    Parameters
    ----------
    roles : Roles
        The axes as the picture shows them.
    drawn : Drawing
        The drawing, in pixels of the picture.

    Notes
    -----
    Some programs align the strokes of axes with whole units and draw the data where they belong (Vega,
    d3). Such places all stand on halves of units; those on odd halves were moved by one for their stroke of
    one unit. A tick at the frame's end is where it belongs; others are off by up to half a unit. Texts are
    not aligned: in SVG they are anchored a whole number of units beside the tick's place.
    """
    if not drawn.paths:
        return roles
    upright, level = _strokes(drawn.paths, 0), _strokes(drawn.paths, 1)
    panels = [replace(axes, x=with_hidden(axes.x, drawn.hidden)) for axes in roles.axes]
    return replace(roles, axes=tuple(_place_panel(axes, upright, level, drawn.anchors) for axes in panels))


def _place_panel(axes: PanelAxes, upright: _Strokes, level: _Strokes, anchors: FloatArray) -> PanelAxes:
    box = axes.frame.box
    frame = _place_frame(axes.frame, upright, level)
    across, down = (box.left, box.right), (box.top, box.bottom)
    own_across, own_down = (frame.box.left, frame.box.right), (frame.box.top, frame.box.bottom)
    x = _place_axis(axes.x, upright, down, own_across)
    y = _place_axis(axes.y, level, across, own_down)
    y2 = _place_axis(axes.y2, level, across, own_down)
    # Where a program aligns axes and not data, the frame is drawn beside its place, too.
    right, low = _shift(x, upright), _shift(y, level)
    moved = Box(
        left=frame.box.left - right,
        right=frame.box.right - right,
        top=frame.box.top - low,
        bottom=frame.box.bottom - low,
    )
    return replace(
        axes,
        frame=replace(frame, box=moved),
        x=_moved(_at_texts(x, upright, anchors), right),
        y=_moved(_at_texts(y, level, anchors), low),
        y2=_moved(_at_texts(y2, level, anchors), low),
    )


def _place_frame(frame: PanelFrame, upright: _Strokes, level: _Strokes) -> PanelFrame:
    box = frame.box
    return replace(
        frame,
        box=Box(
            left=_side(box.left, upright, (box.top, box.bottom)),
            right=_side(box.right, upright, (box.top, box.bottom)),
            top=_side(box.top, level, (box.left, box.right)),
            bottom=_side(box.bottom, level, (box.left, box.right)),
        ),
    )


def _side(px: float, strokes: _Strokes, ends: tuple[float, float]) -> float:
    """Where the nearest stroke runs along a side."""
    shared = np.minimum(strokes.high, ends[1]) - np.maximum(strokes.low, ends[0])
    along = strokes.near(px) & (shared >= SIDE_SHARE * (ends[1] - ends[0]))
    places = strokes.at[along]
    return float(places[np.argmin(np.abs(places - px))]) if len(places) else px


def _place_axis(
    axis: AxisEvidence | None, strokes: _Strokes, sides: tuple[float, float], ends: tuple[float, float]
) -> AxisEvidence | None:
    """The axis with its labels and marks on strokes; ``ends`` are those of the frame along the axis."""
    if axis is None or not len(axis.label_px):
        return axis
    side, reach = _beside_labels(axis, sides)
    touching = (strokes.low <= side + reach) & (strokes.high >= side - reach)
    places = strokes.at[touching]
    bias, _ = snapping_bias(axis)
    label_px, found = _nearest(axis.label_px, places)
    if np.count_nonzero(found) < LEAST_LABELS:
        return axis
    marks, marked = _nearest(axis.marks, places)
    sigma = np.where(found, DRAWN_SIGMA_PX, axis.label_sigma_px)
    if _halves(label_px[found], strokes.unit) is not None:
        at_end = np.abs(label_px[:, None] - np.array(ends)).min(axis=1) <= STRAIGHT_PX
        sigma = np.where(found & ~at_end, MARK_SIGMA_PX * strokes.unit, sigma)
    return replace(
        axis,
        label_px=np.where(found, label_px, axis.label_px - bias),
        label_sigma_px=sigma,
        marks=np.where(marked, marks, axis.marks - bias),
        grain=0.0,
        drawn=True,
    )


def _beside_labels(axis: AxisEvidence, sides: tuple[float, float]) -> tuple[float, float]:
    """Where the strokes at an axis' labels begin or end, and how near: at the side, else at labels inside."""
    side = sides[0] if axis.side in ("left", "top") else sides[1]
    ends = {
        "left": [label.box.right for label in axis.labels],
        "right": [label.box.left for label in axis.labels],
        "top": [label.box.bottom for label in axis.labels],
        "bottom": [label.box.top for label in axis.labels],
    }
    end = float(np.median(ends[axis.side]))
    inside = sides[0] + INSIDE_PX < end < sides[1] - INSIDE_PX
    return (end, INSIDE_PX) if inside else (side, AT_SIDE_PX)


def _nearest(px: FloatArray, places: FloatArray) -> tuple[FloatArray, NDArray[np.bool_]]:
    """For each place the nearest stroke's, and whether it is within reach."""
    if not len(places) or not len(px):
        return px, np.zeros(len(px), dtype=bool)
    nearest = places[np.argmin(np.abs(px[:, None] - places), axis=1)]
    return nearest, np.abs(nearest - px) <= REACH_PX


def _shift(axis: AxisEvidence | None, strokes: _Strokes) -> float:
    """How far (px) the strokes of an axis stand right of or below what they mark."""
    if axis is None or not axis.drawn:
        return 0.0
    marked = axis.label_sigma_px <= MARK_SIGMA_PX * strokes.unit
    halves = _halves(axis.label_px[marked], strokes.unit)
    return 0.5 * strokes.unit if halves is not None and bool((halves % 2).all()) else 0.0


def _at_texts(axis: AxisEvidence | None, strokes: _Strokes, anchors: FloatArray) -> AxisEvidence | None:
    """An axis whose ticks are on whole units with its labels where their texts are anchored."""
    if axis is None or not axis.drawn or not len(anchors):
        return axis
    unit = strokes.unit
    marked = axis.label_sigma_px <= MARK_SIGMA_PX * unit
    if _halves(axis.label_px[marked], unit) is None:
        return axis
    along = 1 if axis.side in ("left", "right") else 0
    places = np.full(len(axis.label_px), np.nan)
    for index, (label, at) in enumerate(zip(axis.labels, axis.label_px, strict=True)):
        box, reach = label.box, 0.6 * min(label.box.width, label.box.height)
        near = [k for k, anchor in enumerate(anchors) if box.contains(anchor[0], anchor[1], reach)]
        if near:
            places[index] = min(anchors[near, along], key=lambda place: abs(place - at))
    known = marked & np.isfinite(places)
    exact = known & (axis.label_sigma_px <= DRAWN_SIGMA_PX)
    if np.count_nonzero(known) < LEAST_LABELS:
        return axis
    beside = (places - axis.label_px) / unit
    low, high = float(beside[known].max()) - 0.5, float(beside[known].min()) + 0.5
    if exact.any():
        low, high = float(beside[exact].max()), float(beside[exact].min())
    whole = round((low + high) / 2)
    if not low - SNAPPED <= whole <= high + SNAPPED:
        return axis
    return replace(
        axis,
        label_px=np.where(known, places - whole * unit, axis.label_px),
        label_sigma_px=np.where(known, DRAWN_SIGMA_PX, axis.label_sigma_px),
    )


def _moved(axis: AxisEvidence | None, shift: float) -> AxisEvidence | None:
    if axis is None or not shift:
        return axis
    return replace(axis, label_px=axis.label_px - shift, marks=axis.marks - shift)


def _halves(px: FloatArray, unit: float) -> FloatArray | None:
    """Places in halves of units where all of them are on such, else None."""
    halves = 2 * (px + 0.5) / unit
    whole = np.rint(halves)
    return whole if len(px) > 1 and bool((np.abs(halves - whole) < 2 * SNAPPED).all()) else None


def _strokes(drawn: Sequence[DrawnPath], along: int) -> _Strokes:
    """All straight strokes that run across x (``along`` 0) or y (1), the sides of boxes among them."""
    found: list[tuple[float, float, float]] = []
    for path in drawn:
        if len(path.x) > MOST_POINTS or not path.is_vertex.all():
            continue
        mine, other = (path.x, path.y) if along == 0 else (path.y, path.x)
        if path.stroke is None and np.ptp(mine) <= THIN_PX < np.ptp(other):
            found.append(
                ((float(mine.min()) + float(mine.max())) / 2, float(other.min()), float(other.max()))
            )
            continue
        if path.closed:
            mine, other = np.append(mine, mine[0]), np.append(other, other[0])
        low, high = np.minimum(other[1:], other[:-1]), np.maximum(other[1:], other[:-1])
        straight = (np.abs(np.diff(mine)) <= STRAIGHT_PX) & (high - low > LEAST_LENGTH_PX)
        middle = (mine[1:] + mine[:-1]) / 2
        found += zip(*(v[straight].tolist() for v in (middle, low, high)), strict=True)
    columns = np.array(found).reshape(-1, 3)
    unit = drawn[0].unit[along]
    return _Strokes(at=columns[:, 0], low=columns[:, 1], high=columns[:, 2], unit=unit)
