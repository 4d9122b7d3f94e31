"""Areas that fade downwards: shown in one colour, and read as flat ones are."""

from __future__ import annotations

import numpy as np
import pytest

from digitizer.evidence import ByteImage, FloatArray, Picture
from digitizer.stages.areas.gradients import flatten_gradients
from digitizer.stages.tracing.trace import trace_panel
from tests.test_areas import BLUE, FRAME, ORANGE, blank, fill, frame, stroke


def curve(n: int) -> tuple[FloatArray, FloatArray]:
    x = np.linspace(22, 408, n)
    return x, 150 - 90 * np.sin(x / 60) + np.random.default_rng(5).normal(0, 6, n)


def faded(first: float, last: float, *, n: int = 40) -> ByteImage:
    """An area under a curve, of this opacity at the panel's upper and lower side."""
    x, y = curve(n)
    rgb = blank()
    solid = fill(rgb, x, y, np.full(n, FRAME.bottom), BLUE, 1.0).astype(float)
    rows = np.arange(rgb.shape[0])[:, None, None]
    share = first + (last - first) * np.clip((rows - FRAME.top) / (FRAME.bottom - FRAME.top), 0, 1)
    return np.asarray(np.round(rgb * (1 - share) + solid * share), dtype=np.uint8)


def seen(rgb: ByteImage) -> Picture:
    return Picture(name="drawn", sha256="", rgb=rgb)


@pytest.mark.parametrize(("first", "last"), [(0.6, 0.0), (0.85, 0.05), (0.5, 0.1)])
def test_a_fading_area_under_a_line_is_read_as_a_flat_one(first: float, last: float) -> None:
    rgb = faded(first, last)
    x, y = curve(40)
    stroke(rgb, x, y, BLUE)
    picture, (panel,) = flatten_gradients(seen(rgb), [frame()])
    assert panel.ground_sure
    traces = trace_panel(picture, panel, (), ())
    assert sorted(t.kind for t in traces) == ["band", "line"]
    (line,) = (t for t in traces if t.kind == "line")
    assert np.abs(np.interp(x[2:-2], line.x_px, line.y_px) - y[2:-2]).max() < 1.0


def test_a_fading_area_without_a_line_keeps_its_edge() -> None:
    picture, (panel,) = flatten_gradients(seen(faded(0.7, 0.05)), [frame()])
    (line,) = (t for t in trace_panel(picture, panel, (), ()) if t.kind == "line")
    x, y = curve(40)
    assert np.abs(np.interp(x[2:-2], line.x_px, line.y_px) - y[2:-2]).max() < 3.0


def test_flat_areas_and_shaded_grounds_stay_as_they_are() -> None:
    x, y = curve(40)
    stacked = fill(blank(), x, np.full(40, 230.0), np.full(40, FRAME.bottom), ORANGE, 0.8)
    stacked = fill(stacked, x, y, np.full(40, 230.0), BLUE, 0.4)
    shaded = blank()
    shaded[11:280, 21:410] = np.linspace(255, 180, 269).round().astype(np.uint8)[:, None, None]
    stroke(shaded, x, y, BLUE)
    for rgb in (stacked, shaded, blank()):
        picture = seen(rgb)
        assert flatten_gradients(picture, [frame()])[0] is picture
