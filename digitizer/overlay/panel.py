"""One panel on the sheet: its frame, its ticks with what they were read as, its series."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitizer.evidence import AxisEvidence, PanelEvidence, Side
from digitizer.model import Axis, Frame, Notice, Panel, Series
from digitizer.overlay.canvas import Canvas, Color
from digitizer.overlay.colors import CHROME, STATUS_COLORS, TROUBLE, WHITE, contrasting_colors

FloatArray = NDArray[np.float64]

# More names than this at the lines' ends hide each other; the caption below has them all.
MOST_DIRECT_NAMES = 6
# A label whose place is further than this from every accepted tick was not used for the scale.
SAME_TICK_PX = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Side:
    """Where an axis runs: along which direction, at which pixel, and which way is into the panel."""

    is_x: bool
    at: float
    inward: int


def draw_scales(canvas: Canvas, panel: Panel, evidence: PanelEvidence | None) -> None:
    """Draw a panel's frame and ticks, and what the redrawn series leave unexplained.

    ``evidence`` is None where the figure comes from a document.
    """
    if evidence is not None:
        for box in evidence.redrawn.unexplained:
            canvas.tint(box.left, box.top, box.right, box.bottom, TROUBLE)
            canvas.rectangle(box.left - 0.5, box.top - 0.5, box.right + 0.5, box.bottom + 0.5, TROUBLE)
    frame = panel.frame
    canvas.rectangle(frame.left, frame.top, frame.right, frame.bottom, CHROME)
    _draw_axis(canvas, panel.x_axis, evidence.x_axis if evidence else None, frame, "bottom")
    _draw_axis(canvas, panel.y_axis, evidence.y_axis if evidence else None, frame, "left")
    if panel.y2_axis is not None:
        _draw_axis(canvas, panel.y2_axis, evidence.y2_axis if evidence else None, frame, "right")


def draw_readings(canvas: Canvas, number: int, panel: Panel) -> None:
    """Draw a panel's series with their names, its warnings' places, and its badge (``number``, status)."""
    colors = contrasting_colors([series.color for series in panel.series])
    for series, color in zip(panel.series, colors, strict=True):
        draw_series(canvas, series, color)
    _name_series(canvas, panel, colors)
    draw_notices(canvas, panel.warnings)
    codes = list(dict.fromkeys(notice.code for notice in panel.warnings))
    badge = " ".join([f"{number} {panel.status}", *codes])
    if codes and canvas.text_width(badge) > panel.frame.right - panel.frame.left:
        # It would lie on the neighbouring panel; the caption has the codes.
        badge = f"{number} {panel.status} ({len(codes)})"
    corner = panel.frame.right, panel.frame.top
    canvas.text(corner, badge, WHITE, anchor="rd", offset=(-4, -6), fill=STATUS_COLORS[panel.status])


def draw_series(canvas: Canvas, series: Series, color: Color) -> None:
    """Redraw a series thinner than it was drawn, so that its own ink shows on both sides."""
    x, y = series.x_px, series.y_px
    if series.kind == "bar":
        _draw_bar_ends(canvas, series, color)
    elif series.kind != "scatter":
        canvas.polyline(*_with_steps(series), color, 1)
    if series.sampled_at == "markers":
        # Rings that touch would hide what they are meant to show.
        steps = np.hypot(np.diff(x), np.diff(y)) * canvas.factor / canvas.unit
        room = float(np.nanmedian(steps)) if np.isfinite(steps).any() else np.inf
        canvas.rings(x, y, color, radius=min(max(0.4 * room, 1.5), 3.5))
    elif series.sampled_at == "vertices" and series.kind != "bar":
        canvas.rings(x, y, color, radius=2)


def draw_notices(canvas: Canvas, notices: tuple[Notice, ...]) -> None:
    """Draw the places that warnings point at, with their codes."""
    for notice in notices:
        if notice.box is None:
            continue
        box = notice.box
        canvas.rectangle(box.left - 1.5, box.top - 1.5, box.right + 1.5, box.bottom + 1.5, TROUBLE, 2)
        canvas.text((box.left, box.top), notice.code, TROUBLE, anchor="ld", offset=(0, -5))


def _with_steps(series: Series) -> tuple[FloatArray, FloatArray]:
    """The points of the line as it runs: with the corners that a step line has between its points."""
    x, y = series.x_px, series.y_px
    if series.interpolation == "linear" or len(x) < 2:
        return x, y
    if series.interpolation == "step-middle":
        middle = (x[:-1] + x[1:]) / 2
        between_x, between_y = (middle, middle), (y[:-1], y[1:])
    elif series.interpolation == "step-after":
        between_x, between_y = (x[1:], x[1:]), (y[:-1], y[1:])
    else:
        between_x, between_y = (x[:-1], x[:-1]), (y[:-1], y[1:])
    corners_x = np.column_stack([x[:-1], *between_x]).ravel()
    corners_y = np.column_stack([y[:-1], *between_y]).ravel()
    return np.append(corners_x, x[-1]), np.append(corners_y, y[-1])


def _draw_bar_ends(canvas: Canvas, series: Series, color: Color) -> None:
    half = 6 * canvas.unit / canvas.factor
    across = (half, 0.0) if series.orientation == "vertical" else (0.0, half)
    for x, y in zip(series.x_px.tolist(), series.y_px.tolist(), strict=True):
        if np.isfinite(x) and np.isfinite(y):
            canvas.line((x - across[0], y - across[1]), (x + across[0], y + across[1]), color, 3)


def _name_series(canvas: Canvas, panel: Panel, colors: list[Color]) -> None:
    """Write each series' name at the end of its line, lower ones moved down where they would touch.

    A lone series needs no name beside it: the caption's is enough.
    """
    if not 2 <= len(panel.series) <= MOST_DIRECT_NAMES:
        return
    ends = []
    for index, (series, color) in enumerate(zip(panel.series, colors, strict=True)):
        known = np.flatnonzero(np.isfinite(series.x_px) & np.isfinite(series.y_px))
        if len(known):
            name = series.name if series.name is not None else f"series {index + 1}"
            ends.append((float(series.y_px[known[-1]]), float(series.x_px[known[-1]]), name, color))
    lowest = -np.inf
    for y, x, name, color in sorted(ends):
        # Where two lines end together, the second name goes below the first.
        y_free = max(y, lowest + 16 * canvas.unit / canvas.factor)
        lowest = y_free
        canvas.text((x, y_free), name, color, anchor="rd", offset=(-2, -8))


def _draw_axis(canvas: Canvas, axis: Axis, evidence: AxisEvidence | None, frame: Frame, usual: Side) -> None:
    """Mark each tick across the frame's side, and write beside it, inside, what it was read as."""
    side = _side(evidence.side if evidence else usual, frame)
    unit = canvas.unit / canvas.factor * side.inward
    reach_in, reach_out = 6 * unit, -6 * unit
    for tick in axis.ticks:
        value = tick.value if isinstance(tick.value, str) else f"{tick.value:.7g}"
        if side.is_x:
            ends = (tick.pixel, side.at + reach_out), (tick.pixel, side.at + reach_in)
            anchor, offset = ("md" if side.inward < 0 else "ma"), (0.0, 8.0 * side.inward)
        else:
            ends = (side.at + reach_out, tick.pixel), (side.at + reach_in, tick.pixel)
            anchor, offset = ("lm" if side.inward > 0 else "rm"), (9.0 * side.inward, 0.0)
        canvas.line(*ends, CHROME, 2)
        canvas.text(
            (tick.pixel, side.at) if side.is_x else (side.at, tick.pixel),
            value,
            CHROME,
            anchor=anchor,
            offset=offset,
        )
    if evidence is None or not axis.ticks:
        return
    accepted = np.array([tick.pixel for tick in axis.ticks])
    for label, pixel in zip(evidence.labels, evidence.label_px.tolist(), strict=True):
        if np.abs(accepted - pixel).min() > SAME_TICK_PX:
            box = label.box
            canvas.rectangle(box.left - 1.5, box.top - 1.5, box.right + 1.5, box.bottom + 1.5, TROUBLE)
            canvas.text(box.center, f"{label.text}?", TROUBLE, anchor="mm")


def _side(side: Side, frame: Frame) -> _Side:
    return {
        "bottom": _Side(is_x=True, at=frame.bottom, inward=-1),
        "top": _Side(is_x=True, at=frame.top, inward=1),
        "left": _Side(is_x=False, at=frame.left, inward=1),
        "right": _Side(is_x=False, at=frame.right, inward=-1),
    }[side]
