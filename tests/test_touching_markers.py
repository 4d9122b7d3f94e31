"""Markers that overlap all along keep their own heights; ground between strokes is no hollow marker."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from charts import render
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from numpy.typing import NDArray

from digitizer.evidence import FloatArray, Picture, Trace
from digitizer.stages.panels.find import find_panels
from digitizer.stages.series import trace_series
from digitizer.stages.series.inks.ink import see_ink
from digitizer.stages.series.markers.find import MarkerShape
from digitizer.stages.series.markers.places import every_other, place_again
from digitizer.stages.series.markers.rims import fill_insides
from digitizer.stages.series.paths.columns import Path
from fixtures.reference import Look, draw_reference


def draw_pixels(figure: Figure) -> NDArray[np.uint8]:
    """A drawn figure's pixels (RGB)."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return np.array(canvas.buffer_rgba())[..., :3].copy()


def trace_drawn(y: FloatArray, marker: str, size: float = 8.0) -> tuple[Trace, FloatArray, FloatArray]:
    """The one trace of a line with large markers, and where these were drawn (px)."""
    at: list[FloatArray] = []

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        axes.plot(np.arange(y.size), y, marker + "-", color="r", markersize=size)
        axes.set_ylim(0, 1.1)
        figure.canvas.draw()
        at.append(axes.transData.transform(np.column_stack([np.arange(y.size), y])))

    picture = render(draw)
    (trace,) = trace_series(picture, find_panels(picture)[0], (), ())
    return trace, at[0][:, 0] - 0.5, picture.height - at[0][:, 1] - 0.5


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_overlapping_squares_keep_their_heights(seed: int) -> None:
    rng = np.random.default_rng(seed)
    steps = np.arange(71)
    course = 1 - np.exp(-steps / 12) + rng.normal(0, 0.02, 71)
    trace, x, y = trace_drawn(np.where(steps > 65, course - 0.4, course), "s")
    assert trace.marker == "square"
    assert trace.x_px.size == 71
    assert np.abs(trace.x_px - x).max() < 1.0
    off = np.abs(trace.y_px - y)
    # Squares of 11 px, 5 px apart: a few are nearly all under their neighbours.
    assert np.mean(off < 1.0) > 0.96
    assert np.mean(off < 2.5) > 0.98


def test_ground_between_strokes_is_not_filled() -> None:
    image = np.zeros((60, 200), np.uint8)
    # Triangles of ground between a level and a zigzag stroke, each larger than the one before.
    for k, width in enumerate((8, 14, 22, 32, 44)):
        left = 4 + sum((8, 14, 22, 32, 44)[:k])
        cv2.polylines(
            image, [np.array([[left, 50], [left + width // 2, 50 - width], [left + width, 50]])], False, 1, 2
        )
    cv2.line(image, (0, 50), (199, 50), 1, 2)
    assert fill_insides(image.astype(np.float32)) is None


def test_insides_of_hollow_markers_are_filled() -> None:
    image = np.zeros((60, 200), np.uint8)
    for x in (20, 60, 100, 140):
        cv2.circle(image, (x, 30), 7, 1, 2)
    # One large place more, between a marker and strokes, stays as it is.
    cv2.rectangle(image, (150, 5), (190, 55), 1, 2)
    filled = fill_insides(image.astype(np.float32))
    assert filled is not None
    assert [float(filled[30, x]) for x in (20, 60, 100, 140, 170)] == [1, 1, 1, 1, 0]


def test_every_other_place_has_both_phases() -> None:
    x = np.arange(5.0)
    (even, odd) = every_other((x, 2 * x, x + 7))
    assert even[0].tolist() == [1, 3]
    assert odd[0].tolist() == [0, 2, 4]
    assert np.diff(odd[2] if odd[2] is not None else x).tolist() == [1, 1]
    assert every_other((x, x, None)) == []


def test_rings_with_a_dot_are_markers() -> None:
    rng = np.random.default_rng(7)
    x, y = rng.permutation(25) * 15.0 + 30, rng.uniform(40, 250, 25)
    rgb = np.full((297, 431, 3), 255, np.uint8)
    cv2.rectangle(rgb, (20, 10), (410, 280), (0, 0, 0), 1)
    for px, py in zip(x.round().astype(int), y.round().astype(int), strict=True):
        cv2.circle(rgb, (int(px), int(py)), 3, (43, 176, 255), 1)
        rgb[py, px] = (43, 176, 255)
    picture = Picture(name="drawn", sha256="", rgb=rgb)
    (trace,) = trace_series(picture, find_panels(picture)[0], (), ())
    assert trace.kind == "scatter"
    assert trace.x_px.size == 25
    order = np.argsort(x)
    assert np.abs(np.sort(trace.x_px) - x[order].round()).max() < 0.6


@pytest.mark.parametrize(("marker", "name"), [("P", "plus"), ("X", "cross")])
@pytest.mark.parametrize("size", [7.0, 10.0])
def test_thick_crosses_are_told_from_other_markers(marker: str, name: str, size: float) -> None:
    y = 0.55 + 0.45 * np.sin(np.arange(15) ** 1.4)
    trace, x_px, y_px = trace_drawn(y, marker, size)
    assert trace.marker == name
    assert trace.x_px == pytest.approx(x_px, abs=1.0)
    assert trace.y_px == pytest.approx(y_px, abs=1.0)


def test_fitted_markers_leave_out_those_between_steps() -> None:
    rng = np.random.default_rng(5)
    picture = render(lambda figure: figure.add_subplot().plot([0, 1], [0, 1]) and None)
    ink = see_ink(picture, find_panels(picture)[0], ())
    assert ink is not None
    true = 20 + 7.3 * np.arange(45)
    between = true[:-1][rng.random(44) < 0.2] + rng.uniform(2.5, 4.8)
    x = np.sort(np.r_[true + rng.normal(0, 0.1, 45), between])
    y = np.sin(x / 20)
    columns = np.arange(20, 342)
    path = Path(
        x=columns.astype(float),
        y=np.sin(columns / 20),
        sigma=np.full(columns.size, 0.1),
        top=np.sin(columns / 20) - 1,
        bottom=np.sin(columns / 20) + 1,
        width=2.0,
    )
    places = place_again(ink, (x, y), path, MarkerShape(kind="circle", size=4.0, misfit=0.01))
    assert places is not None
    assert places[0] == pytest.approx(true, abs=0.15)
    assert places[1] == pytest.approx(np.sin(true / 20), abs=0.05)
    assert (
        place_again(
            ink,
            (np.sort(rng.uniform(20, 340, 40)), y[:40]),
            path,
            MarkerShape(kind="circle", size=4.0, misfit=0.01),
        )
        is None
    )


def test_squares_seen_at_half_of_too_many_steps_stand_on_every_other() -> None:
    # Squares wider than two steps: their common middles stand half-way between them.
    look = Look(size=(11, 4.5), dpi=120, marker_size=8, line_width=2, red="crimson")
    figure, _ = draw_reference(look, 53010)
    picture = Picture(name="drawn", sha256="", rgb=draw_pixels(figure))
    right = max(find_panels(picture), key=lambda frame: frame.box.left)
    (trace,) = trace_series(picture, right, (), ())
    assert (trace.marker, trace.x_px.size) == ("square", 71)


@pytest.mark.parametrize("dpi", [72, 100, 150])
def test_markers_on_level_stretches_are_points(dpi: int) -> None:
    """A learning rate's schedule: nearly all markers stand on level stretches of their line."""
    epoch = np.arange(25)
    rate = np.where(epoch < 5, 0.01, np.where(epoch < 15, 0.005, 0.001))
    at: list[FloatArray] = []

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        axes.plot(epoch, rate, "o-")
        axes.set(xlim=(0, 24), ylim=(0, 0.011))
        figure.canvas.draw()
        at.append(axes.transData.transform(np.column_stack([epoch, rate])))

    picture = render(draw, dpi=dpi)
    (trace,) = trace_series(picture, find_panels(picture)[0], (), ())
    assert (trace.marker, trace.x_px.size) == ("circle", epoch.size)
    np.testing.assert_allclose(trace.x_px, at[0][:, 0] - 0.5, atol=0.6)
    np.testing.assert_allclose(trace.y_px, picture.height - at[0][:, 1] - 0.5, atol=0.6)
