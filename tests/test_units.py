"""Figures of drawings say where things are in points of the page, or in user units of the drawing."""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.figure import Figure as Canvas

import chartscribe
from digitizer.model import Axis, Figure, Frame, Notice, Panel, Series, Source, Tick
from digitizer.units import Units, in_pixels, in_units

# Two and a half pixels a point across, two down; the rendering begins at (10, 20) of the page.
UNITS = Units(across=2.5, down=2.0, left=25.5, top=40.5, whole=(612, 792), rendered=(1000, 500))


def a_figure() -> Figure:
    axis = Axis(ticks=(Tick(pixel=99.5, text="1", value=1.0),), limits=(0.0, 2.0), residual_px=0.5)
    column = np.array([99.5, 124.5])
    series = Series(
        name=None, kind="line", color="#000000", color_name="black", line_style="solid", marker="none",
        axis="y", x=np.array([1.0, 2.0]), y=np.array([3.0, 4.0]), y_sigma=np.array([0.1, 0.1]),
        x_px=column, y_px=column, sampled_at="vertices",
    )  # fmt: skip
    frame = Frame(left=-0.5, top=-0.5, right=249.5, bottom=199.5)
    notice = Notice(code="few-labels", message="m", box=frame)
    panel = Panel(
        frame=frame, x_axis=axis, y_axis=axis, series=(series,), status="suspect", warnings=(notice,)
    )
    return Figure(source=Source(name="n", sha256="", width=1000, height=500), panels=(panel,))


def test_all_places_are_told_in_units_of_the_page() -> None:
    document = in_units(a_figure(), UNITS).to_dict()
    assert [document["source"][key] for key in ("route", "width", "height")] == ["vector", 612, 792]
    (panel,) = document["panels"]
    frame = {"left": 10.0, "top": 20.0, "right": 110.0, "bottom": 120.0}
    assert panel["frame"] == panel["warnings"][0]["box"] == frame
    assert [panel[axis]["ticks"][0]["pixel"] for axis in ("x_axis", "y_axis")] == [50.0, 70.0]
    assert [panel[axis]["residual_px"] for axis in ("x_axis", "y_axis")] == [0.2, 0.25]
    assert (panel["series"][0]["x_px"], panel["series"][0]["y_px"]) == ([50.0, 60.0], [70.0, 82.5])
    assert panel["series"][0]["x"] == [1.0, 2.0]


def test_the_way_back_leads_to_the_same_pixels() -> None:
    before, back = a_figure(), in_pixels(in_units(a_figure(), UNITS))
    old, new = before.to_dict(), back.to_dict()
    assert new["source"].pop("route") == "vector"
    assert old["source"].pop("route") == "raster"
    assert old == new
    assert in_pixels(before) is before


@pytest.mark.parametrize("kind", ["pdf", "svg"])
def test_frames_of_drawings_are_those_that_were_drawn(tmp_path: Path, kind: str) -> None:
    with mpl.rc_context({"svg.hashsalt": "1"}):
        canvas = Canvas(figsize=(6, 4))
        axes = canvas.add_axes((0.2, 0.15, 0.7, 0.75))
        axes.plot(np.arange(12), np.sin(np.arange(12)), "o-")
        axes.set(xlabel="Step", ylabel="Loss", title="Training")
        canvas.savefig(tmp_path / f"chart.{kind}")
    path = tmp_path / f"chart.{kind}"
    figure = chartscribe.digitize_paper(path)[0] if kind == "pdf" else chartscribe.digitize(path)
    # 432 x 288 points, y down.
    assert (figure.source.route, figure.source.width, figure.source.height) == ("vector", 432, 288)
    frame = figure.panels[0].frame
    sides = (frame.left, frame.top, frame.right, frame.bottom)
    assert sides == pytest.approx((86.4, 28.8, 388.8, 244.8), abs=0.01)
    at = axes.transData.transform(np.column_stack([np.arange(12), np.sin(np.arange(12))])) * 72 / canvas.dpi
    series = figure.panels[0].series[0]
    np.testing.assert_allclose(series.x_px, at[:, 0], atol=0.02)
    np.testing.assert_allclose(series.y_px, 288 - at[:, 1], atol=0.02)
    # The overlay shows the rendering.
    assert figure.overlay().width >= 1200
