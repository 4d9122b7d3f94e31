"""Figures for the tests of interpret, made from numbers and never from pixels."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitizer.model import Axis, Figure, Frame, Panel, Series, Source, Tick

REFERENCE = Path(__file__).parents[2] / "fixtures" / "drawn" / "reference" / "truth.json"
# A reading error as the digitizer's on a clean rendering, in shares of the axis' range.
READING_SHARE = 0.0015
COLORS = {"#1f77b4": "blue", "#d62728": "red", "#2ca02c": "green", "#ff7f0e": "orange", "#000000": "black"}
Values = NDArray[Any] | Sequence[float]


def figure_from_truth(path: Path, *, values: Sequence[Values] | None = None) -> Figure:
    """Make a figure of a truth.json; ``values`` replaces the y of each panel's first series."""
    truth = json.loads(path.read_text("utf-8"))
    panels = []
    for index, entry in enumerate(truth["panels"]):
        axis = entry["y_axis"]
        series = []
        for item in entry["series"]:
            y = item["y"] if values is None else values[index]
            series.append(
                make_series(
                    item["x"],
                    y,
                    name=item["name"],
                    kind=item["kind"],
                    color=item.get("color") or "#1f77b4",
                    marker=item.get("marker") or "none",
                    axis="y2" if item["axis"] in ("y2", "right") else "y",
                )
            )
        panels.append(
            Panel(
                frame=Frame(**(entry["frame"] or {"left": 0.0, "top": 0.0, "right": 400.0, "bottom": 300.0})),
                title=entry["title"],
                x_axis=_axis(entry["x_axis"]),
                y_axis=_axis(axis),
                y2_axis=None if entry["y2_axis"] is None else _axis(entry["y2_axis"]),
                series=tuple(series),
                status="ok",
            )
        )
    return make_figure(*panels, title=truth.get("figure_title"))


def make_series(x: Any, y: Any, *, reading: float | None = None, **fields: Any) -> Series:
    """Make a series; the reading error is 0.15 % of the values' range unless given."""
    values = np.array([np.nan if v is None else v for v in y], dtype=float)
    there = values[np.isfinite(values)]
    error = READING_SHARE * (float(np.ptp(there)) if len(there) else 1.0) if reading is None else reading
    positions = np.array(x, dtype=str) if len(x) and isinstance(x[0], str) else np.array(x, dtype=float)
    color = fields.setdefault("color", "#1f77b4")
    fields.setdefault("color_name", COLORS.get(color, "gray"))
    missing = np.full(len(values), np.nan)
    return Series(
        x=positions,
        y=values,
        y_sigma=np.full(len(values), max(error, 1e-9)),
        x_px=missing,
        y_px=missing.copy(),
        sampled_at=fields.pop("sampled_at", "markers"),
        **fields,
    )


def make_panel(
    *series: Series, x_label: str | None = None, y_label: str | None = None, **fields: Any
) -> Panel:
    """Make a panel that was read well, its axes' limits a little beyond the data."""
    ys = np.concatenate([item.y[np.isfinite(item.y)] for item in series]) if series else np.array([0.0, 1.0])
    low, high = (float(ys.min()), float(ys.max())) if len(ys) else (0.0, 1.0)
    pad = 0.05 * (high - low or 1.0)
    return Panel(
        frame=fields.pop("frame", Frame(left=50.0, top=20.0, right=450.0, bottom=320.0)),
        x_axis=fields.pop("x_axis", Axis(label=x_label)),
        y_axis=fields.pop("y_axis", Axis(label=y_label, limits=(low - pad, high + pad))),
        series=series,
        status=fields.pop("status", "ok"),
        **fields,
    )


def make_figure(*panels: Panel, title: str | None = None) -> Figure:
    """Wrap panels into a figure."""
    source = Source(name="chart.png", sha256="0" * 64, width=1200, height=500)
    return Figure(source=source, title=title, panels=panels)


def line_figure(
    *ys: Values, x: Any = None, x_label: str | None = "Step", labels: Sequence[str] = ()
) -> Figure:
    """Make a figure of one panel a series."""
    panels = []
    for index, y in enumerate(ys):
        positions = np.arange(len(y)) if x is None else x
        label = labels[index] if index < len(labels) else None
        panels.append(make_panel(make_series(positions, y), x_label=x_label, y_label=label))
    return make_figure(*panels)


def reference_figure(values: Sequence[Values] | None = None) -> Figure:
    """The reference figure from its truth, or with other values in its panels."""
    return figure_from_truth(REFERENCE, values=values)


def _axis(entry: dict[str, Any]) -> Axis:
    limits = entry.get("limits")
    return Axis(
        label=entry.get("label"),
        scale=entry.get("scale") or "linear",
        ticks=tuple(Tick(pixel=t["pixel"], text=t["text"], value=t["value"]) for t in entry.get("ticks", [])),
        limits=None if limits is None else (limits[0], limits[1]),
    )
