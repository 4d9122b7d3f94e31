"""The redrawn picture: bars beside each other, dates in time, labels that keep clear of each other."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure as Canvas

from chartscribe.annotated import _draw_panel, draw_annotated
from chartscribe.event_labels import LabelPlaces
from digitizer.model import Axis, Figure, Frame, Panel, Series, Source
from interpret.describe import describe_figure


def _series(x: list[str], y: list[float], **fields: object) -> Series:
    none = np.full(len(y), np.nan)
    values = {"x": np.array(x), "y": np.array(y), "y_sigma": np.full(len(y), 0.01)}
    return Series(**values, x_px=none, y_px=none.copy(), **fields)  # type: ignore[arg-type]


def _panel(series: list[Series], x_axis: Axis, y_axis: Axis | None = None) -> Panel:
    frame = Frame(left=50.0, top=20.0, right=450.0, bottom=320.0)
    return Panel(
        frame=frame, x_axis=x_axis, y_axis=y_axis or Axis(label="y"), series=tuple(series), status="ok"
    )


def _canvas() -> Canvas:
    canvas = Canvas(figsize=(5, 3), dpi=100)
    FigureCanvasAgg(canvas)
    return canvas


@pytest.mark.parametrize("orientation", ["vertical", "horizontal"])
def test_bars_of_several_series_stand_beside_each_other(orientation: str) -> None:
    names = ["A", "B"]
    bars = [
        _series(names, y, kind="bar", orientation=orientation, color=color, color_name=color)
        for y, color in (([1.0, 3.0], "red"), ([2.0, 1.0], "blue"), ([4.0, 2.0], "green"))
    ]
    scale = Axis(scale="category"), Axis(label="y")
    panel = _panel(bars, *(scale if orientation == "vertical" else scale[::-1]))
    axes = _canvas().add_subplot()
    _draw_panel(axes, panel, [])
    boxes = [patch.get_bbox() for patch in axes.patches]
    assert len(boxes) == 6
    spans = sorted((b.x0, b.x1) if orientation == "vertical" else (b.y0, b.y1) for b in boxes)
    assert all(first[1] <= second[0] + 1e-9 for first, second in pairwise(spans))
    lengths = sorted(b.height if orientation == "vertical" else b.width for b in boxes)
    assert lengths == [1.0, 1.0, 2.0, 2.0, 3.0, 4.0]


def test_dates_are_drawn_in_time() -> None:
    dates = ["2020-01-01", "2020-01-02", "2020-03-01"]
    line = _series(dates, [1.0, 2.0, 3.0], kind="line", color="#1f77b4", color_name="blue")
    axes = _canvas().add_subplot()
    panel = _panel([line], Axis(scale="date"))
    _draw_panel(axes, panel, [])
    (drawn,) = axes.lines
    assert np.diff(np.asarray(drawn.get_xdata(), dtype=float)).tolist() == [1.0, 59.0]
    figure = Figure(source=Source(name="c.png", sha256="0" * 64, width=500, height=340), panels=(panel,))
    assert (draw_annotated(describe_figure(figure)) or b"")[:4] == b"\x89PNG"


def test_labels_stay_inside_and_keep_clear_of_each_other() -> None:
    canvas = _canvas()
    axes = canvas.add_subplot()
    axes.plot([0, 10], [0, 1])
    canvas.draw_without_rendering()
    places = LabelPlaces(axes)
    marks = [(0.0, 0.5), (0.2, 0.5), (0.4, 0.52), (9.9, 0.9), (10.0, 0.95)]
    written = [places.write(axes, f"turn {x:g}: {y:g}", x, y, up=x > 5) for x, y in marks]
    assert sum(written) == len(axes.texts) >= 4
    boxes = [text.get_window_extent() for text in axes.texts]
    assert not [1 for a, b in combinations(boxes, 2) if a.overlaps(b)]
    frame = axes.bbox
    assert all(frame.x0 - 1 <= box.x0 and box.x1 <= frame.x1 + 1 for box in boxes)
    assert all(frame.y0 - 1 <= box.y0 and box.y1 <= frame.y1 + 1 for box in boxes)
