"""One panel on the sheet: its frame, its ticks with what they were read as, its series."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitizer.evidence import AxisEvidence, PanelEvidence, Scale, Side
from digitizer.model import Axis, Frame, Notice, Panel, Series
from digitizer.overlay.canvas import Canvas, Color
from digitizer.overlay.colors import CHROME, STATUS_COLORS, TROUBLE, WHITE, contrasting_colors

FloatArray = NDArray[np.float64]

# More names than this at the lines' ends hide each other; the caption below has them all.
MOST_DIRECT_NAMES = 6
# A tick that misses the scale by more than this is in doubt: drawn ticks are off by half a pixel at most.
MISSING_PX = 0.9
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
    axes: tuple[tuple[str, Axis | None, Side], ...] = (
        ("x", panel.x_axis, "bottom"),
        ("y", panel.y_axis, "left"),
        ("y2", panel.y2_axis, "right"),
    )
    for name, axis, usual in axes:
        if axis is not None:
            seen = getattr(evidence, f"{name}_axis", None)
            doubtful = _doubtful_ticks(seen, getattr(evidence, f"{name}_scale", None))
            _draw_axis(canvas, axis, seen, doubtful, frame, usual)


def draw_readings(canvas: Canvas, number: int, panel: Panel) -> None:
    """Draw a panel's series with their names, its warnings' places, and its badge.

    The badge holds ``number``, the status and the letters of the warnings, which the caption explains.
    """
    colors = contrasting_colors([series.color for series in panel.series])
    for series, color in zip(panel.series, colors, strict=True):
        draw_series(canvas, series, color)
    _name_series(canvas, panel, colors)
    draw_notices(canvas, panel.warnings, frame=panel.frame)
    badge = " ".join([f"{number} {panel.status}", *map(letter, range(len(panel.warnings)))])
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


def draw_notices(canvas: Canvas, notices: tuple[Notice, ...], frame: Frame | None = None) -> None:
    """Draw the places that warnings point at, with the letters that the caption explains.

    One that points at the whole panel, ``frame``, has its letter in the panel's badge alone.
    """
    taken: dict[Frame, int] = {}
    for index, notice in enumerate(notices):
        box = notice.box
        if box is None or (frame is not None and _is_all_of(box, frame)):
            continue
        canvas.rectangle(box.left - 1.5, box.top - 1.5, box.right + 1.5, box.bottom + 1.5, TROUBLE, 2)
        # Several doubts about one place stand side by side.
        aside = taken.setdefault(box, 0)
        taken[box] += 1
        place = box.left, box.top
        canvas.text(place, letter(index), WHITE, anchor="ld", offset=(4 + 19 * aside, -7), fill=TROUBLE)


def letter(index: int) -> str:
    """What a panel's warning of this index is called in picture and caption: a, b, ... z, a2, ..."""
    return chr(ord("a") + index % 26) + (str(index // 26 + 1) if index >= 26 else "")


def _is_all_of(box: Frame, frame: Frame) -> bool:
    sides = ("left", "top", "right", "bottom")
    return all(abs(getattr(box, side) - getattr(frame, side)) <= SAME_TICK_PX for side in sides)


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


def _doubtful_ticks(evidence: AxisEvidence | None, scale: Scale | None) -> FloatArray:
    """Where labels that the scale stands on miss it: pixels along the axis."""
    if evidence is None or scale is None or scale.kind == "category" or not scale.used.any():
        return np.empty(0)
    pixels = evidence.label_px[: len(scale.used)][scale.used]
    miss = scale.to_pixel(scale.values[scale.used]) - pixels
    return pixels[np.abs(miss - np.median(miss)) > MISSING_PX]


def _draw_axis(
    canvas: Canvas,
    axis: Axis,
    evidence: AxisEvidence | None,
    doubtful: FloatArray,
    frame: Frame,
    usual: Side,
) -> None:
    """Mark each tick across the frame's side, and write beside it, inside, what it was read as."""
    side = _side(evidence.side if evidence else usual, frame)
    unit = canvas.unit / canvas.factor * side.inward
    reach_in, reach_out = 6 * unit, -6 * unit
    for tick in axis.ticks:
        value = tick.value if isinstance(tick.value, str) else f"{tick.value:.7g}"
        color = TROUBLE if np.any(np.abs(doubtful - tick.pixel) < 0.01) else CHROME
        if side.is_x:
            ends = (tick.pixel, side.at + reach_out), (tick.pixel, side.at + reach_in)
            anchor, offset = ("md" if side.inward < 0 else "ma"), (0.0, 8.0 * side.inward)
        else:
            ends = (side.at + reach_out, tick.pixel), (side.at + reach_in, tick.pixel)
            anchor, offset = ("lm" if side.inward > 0 else "rm"), (9.0 * side.inward, 0.0)
        canvas.line(*ends, color, 2)
        canvas.text(
            (tick.pixel, side.at) if side.is_x else (side.at, tick.pixel),
            value,
            color,
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
            below = box.center[0], box.bottom
            canvas.text(below, f"{label.text}?", WHITE, anchor="ma", offset=(0, 6), fill=TROUBLE)


def _side(side: Side, frame: Frame) -> _Side:
    return {
        "bottom": _Side(is_x=True, at=frame.bottom, inward=-1),
        "top": _Side(is_x=True, at=frame.top, inward=1),
        "left": _Side(is_x=False, at=frame.left, inward=1),
        "right": _Side(is_x=False, at=frame.right, inward=-1),
    }[side]
