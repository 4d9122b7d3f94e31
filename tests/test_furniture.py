"""What belongs to the panel and not to its data: ticks of coloured axes, but no ends of lines."""

from __future__ import annotations

import io
from dataclasses import replace

import cv2
import numpy as np
import pytest
from charts import render
from matplotlib.figure import Figure
from PIL import Image

from digitizer.evidence import Box, PanelFrame
from digitizer.stages.panels.find import find_panels
from digitizer.stages.series import trace_series
from digitizer.stages.series.inks.furniture import are_long_ticks, is_furniture
from digitizer.stages.series.inks.ink import Ink
from digitizer.stages.series.inks.palette import Stroke
from digitizer.stages.series.markers.find import Blobs, thick_blobs


@pytest.mark.parametrize("color", ["red", "#0000aa"])
def test_ticks_of_coloured_axes_are_no_series(color: str) -> None:
    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        axes.plot(np.arange(30), np.cumsum(np.cos(np.arange(30))), color="#00aa00")
        axes.spines[:].set_color(color)
        axes.minorticks_on()
        axes.tick_params(which="both", direction="in", top=True, right=True, color=color)

    picture = render(draw)
    (trace,) = trace_series(picture, find_panels(picture)[0], (), ())
    assert trace.color[1] > 120


def test_the_end_of_a_line_at_a_side_is_no_tick() -> None:
    on = np.zeros((300, 480), np.uint8)
    on[100:102, 460:] = 1
    cv2.polylines(on, [np.array([[452, 200], [462, 197], [470, 201], [479, 199]], np.int32)], False, 1)
    _, _, stats, _ = cv2.connectedComponentsWithStats(on, connectivity=8)
    ticks = are_long_ticks(np.asarray(stats, dtype=np.int32), on.shape)
    assert ticks[1:].tolist() == [True, False]


def test_a_disc_with_two_middles_is_one_marker() -> None:
    x = np.array([20.0, 60.0, 100.0, 101.2])
    blobs = Blobs(x=x, y=np.full(4, 50.0), radius=np.array([3.0, 3.1, 2.9, 2.8]))
    found = thick_blobs(blobs, 0.5)
    assert found is not None
    assert found.x.tolist() == [20.0, 60.0, 100.0]


def test_a_black_curve_over_a_dense_grid_in_jpeg_is_no_grid() -> None:
    # ggplot2's look in a small facet: white lines each 12 px on grey, and a curve that grows level.
    x = np.linspace(0, 4200, 12)
    y = 34.0 + 1.5 * (1 - np.exp(-x / 900))

    def draw(figure: Figure) -> None:
        axes = figure.add_axes((0.15, 0.15, 0.8, 0.8), facecolor="#ebebeb")
        axes.plot(x, y, color="black", lw=1.5)
        axes.set(xlim=(-210, 4410), ylim=(33.87, 36.64), yticks=np.arange(34, 36.6, 0.25))
        axes.spines[:].set_visible(False)
        axes.grid(color="white", lw=1)
        axes.set_axisbelow(True)

    drawn = render(draw, size=(3.4, 1.5))
    kept = io.BytesIO()
    Image.fromarray(drawn.rgb).save(kept, format="jpeg", quality=75)
    picture = replace(drawn, rgb=np.array(Image.open(kept)))
    box = Box(left=50.5, right=322.5, top=7, bottom=127)
    frame = PanelFrame(
        box=box, sides=frozenset(), background=(235, 235, 235),
        grid_x=np.interp(np.arange(0, 4001, 1000), [-210, 4410], [box.left, box.right]),
        grid_y=np.interp(-np.arange(34, 36.6, 0.25), [-36.64, -33.87], [box.top, box.bottom]),
    )  # fmt: skip
    (trace,) = trace_series(picture, frame, (), ())
    seen = np.interp(trace.x_px, [box.left, box.right], [-210, 4410])
    values = 36.64 - (trace.y_px - box.top) / box.height * (36.64 - 33.87)
    inside = (seen > x[0]) & (seen < x[-1])
    assert np.abs(values - np.interp(seen, x, y))[inside].max() < 0.04


def test_a_grid_line_right_beside_a_side_is_grid() -> None:
    """Lines are looked for a few pixels inside the sides; an even grid tells of one nearer to them."""
    ink, stroke, frame = _dotted_rows(at_side=True)
    assert is_furniture(ink, stroke, frame)
    ink, stroke, frame = _dotted_rows(at_side=False)
    assert not is_furniture(ink, stroke, frame)


def _dotted_rows(*, at_side: bool) -> tuple[Ink, Stroke, PanelFrame]:
    """What JPEG leaves of a dotted row, beside the side or between two grid lines, and a grid 40 px wide."""
    height, width = 200, 300
    alpha = np.zeros((height, width), dtype=np.float32)
    row = 1 if at_side else 61
    alpha[row : row + 2, ::2] = 1.0
    rgb = np.full((height, width, 3), 255.0, dtype=np.float32)
    grey = np.float32([210, 210, 210])
    rgb -= alpha[..., None] * (255 - grey)
    ground = np.full_like(rgb, 255.0)
    strength = np.linalg.norm(rgb - ground, axis=2).astype(np.float32)
    nothing = np.zeros((height, width), dtype=bool)
    ink = Ink(
        left=10, top=10, rgb=rgb, ground=ground, strength=strength,
        hidden=nothing, on_grid=nothing, noise=3.0, frame_line=1.0,
    )  # fmt: skip
    frame = PanelFrame(
        box=Box(left=9, top=9, right=10 + width, bottom=10 + height),
        sides=frozenset({"left", "right", "top", "bottom"}),
        background=(255, 255, 255),
        grid_x=np.empty(0),
        grid_y=np.array([51.0, 91.0, 131.0, 171.0]),
        line_width=1.0,
    )
    return ink, Stroke(color=np.asarray(grey, dtype=np.float64), alpha=alpha, members=alpha > 0), frame
