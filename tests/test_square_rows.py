"""Squares wider than two steps: the comb that their sides tell, and heights that neighbours exchanged."""

from __future__ import annotations

import numpy as np
import pytest
from charts import render

from digitizer.evidence import FloatArray
from digitizer.stages.panels.find import find_panels
from digitizer.stages.series.fits.marker_rows import place_row
from digitizer.stages.series.fits.nearest import Pen
from digitizer.stages.series.fits.shapes import coverage, outline_distance, stroke_distance
from digitizer.stages.series.inks.ink import FloatImage, see_ink
from digitizer.stages.series.markers.find import Blobs, MarkerShape
from digitizer.stages.series.markers.places import BESIDE_PX, place_markers
from digitizer.stages.series.markers.square_steps import steps_of_squares
from digitizer.stages.series.paths.columns import Path
from digitizer.stages.series.paths.steps import Steps

SIZE, WIDTH = 7.4, 2.0
SHAPE = (150, 330)


def draw_squares(x: FloatArray, y: FloatArray) -> FloatImage:
    """Coverage of squares and the line that joins them."""
    py, px = (v.ravel().astype(np.float64) for v in np.mgrid[: SHAPE[0], : SHAPE[1]])
    away = np.full(px.size, np.inf)
    for a, b in zip(x, y, strict=True):
        away = np.minimum(away, outline_distance("square", px - a, py - b, SIZE))
    for k in range(x.size - 1):
        ends = float(x[k]), y[k : k + 1], float(x[k + 1]), float(y[k + 1])
        away = np.minimum(away, stroke_distance(*ends, WIDTH, px, py)[0])
    return coverage(away).reshape(SHAPE).astype(np.float32)


def draw_course(seed: int, period: float) -> tuple[FloatArray, FloatArray]:
    """Places on a comb and a noisy course with a fall."""
    rng = np.random.default_rng(seed)
    k = np.arange(np.floor(300 / period))
    return 15.3 + k * period, 75 - 30 * np.tanh(k / 20) + rng.normal(0, 6, k.size) + 40 * (k > k.size - 5)


@pytest.mark.parametrize("period", [5.7, 6.6, 7.1])
def test_sides_tell_the_comb_on_an_axis(period: float) -> None:
    x, y = draw_course(3, period)
    for unit, zero in ((period, 15.3 + 2 * period), (period / 10, 15.3)):
        steps = steps_of_squares(draw_squares(x, y), SIZE, (zero, unit))
        assert steps is not None
        assert steps.period == pytest.approx(period)
        assert (steps.origin - 15.3) / period == pytest.approx(
            round((steps.origin - 15.3) / period), abs=0.01
        )


def test_sides_tell_the_comb_without_an_axis() -> None:
    x, y = draw_course(3, 6.6)
    steps = steps_of_squares(draw_squares(x, y), SIZE, None)
    assert steps is not None
    assert steps.period == pytest.approx(6.6, abs=0.05)


def test_a_level_stroke_has_no_sides() -> None:
    image = np.zeros(SHAPE, np.float32)
    image[70:80, 10:300] = 1.0
    assert steps_of_squares(image, SIZE, (15.3, 6.6)) is None


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_exchanged_heights_are_set_right(seed: int) -> None:
    x, y = draw_course(seed, 6.6)
    alpha = draw_squares(x, y)
    wrong = y.copy()
    wrong[20:26] = y[[21, 20, 23, 22, 25, 24]]
    row = np.arange(19, 27)
    pen = Pen(width=WIDTH, marker="square", size=SIZE)
    links = np.ones(x.size - 1, dtype=bool)
    blocked = np.zeros(SHAPE, dtype=bool)
    heights, gain = place_row(alpha, blocked, (x, wrong), pen, links, row, (2 * SIZE) ** 2)
    assert heights == pytest.approx(y[row], abs=0.7)
    assert gain > 0.2 * (2 * SIZE) ** 2
    # Right ones stay as they are.
    heights, gain = place_row(alpha, blocked, (x, y), pen, links, row, (2 * SIZE) ** 2)
    assert np.array_equal(heights, y[row])
    assert gain == 0


@pytest.mark.parametrize(("beyond", "first"), [(0.3, 0), (1.5, 1)])
def test_a_marker_on_the_frame_is_one_though_the_ruler_puts_it_a_little_beyond(
    beyond: float, first: int
) -> None:
    picture = render(lambda figure: figure.add_subplot().plot([0, 1], [0, 1]) and None)
    ink = see_ink(picture, find_panels(picture)[0], ())
    assert ink is not None
    # Ink that goes on to the side belongs to a marker that stands there, cut in half.
    side = (ink.frame_line + 1.0) / 2 + BESIDE_PX
    steps = Steps(origin=-side - beyond, period=6.7)
    x = steps.position(np.arange(1, 40))
    columns = np.arange(0.0, x[-1])
    path = Path(x=columns, y=0 * columns, sigma=0 * columns, top=0 * columns, bottom=0 * columns, width=2.0)
    seen = x[[0, 4, 5, 9]]
    blobs = Blobs(x=seen, y=np.zeros(4), radius=np.full(4, 5.0))
    shape = MarkerShape(kind="square", size=5.6, misfit=0.01)
    _, _, numbers = place_markers(ink, blobs, path, shape, steps)
    assert numbers is not None
    assert numbers[0] == first


def test_a_marker_that_another_hides_stands_where_its_line_leads() -> None:
    picture = render(lambda figure: figure.add_subplot().plot([0, 1], [0, 1]) and None)
    ink = see_ink(picture, find_panels(picture)[0], ())
    assert ink is not None
    at, heights = 30.0 + 60.0 * np.arange(5), np.array([20.0, 110.0, 130.0, 142.0, 150.0])
    # The line is seen from 14 px after its first marker on, at first as a sliver beside what covers it.
    columns = np.arange(44.0, at[-1])
    y = np.interp(columns, at, heights)
    y[:4] += np.array([4.0, 3.0, 2.0, 1.0])
    path = Path(x=columns, y=y, sigma=0 * y, top=y - 2, bottom=y + 2, width=4.0)
    blobs = Blobs(x=at[1:], y=heights[1:], radius=np.full(4, 7.0))
    shape = MarkerShape(kind="circle", size=7.0, misfit=0.05)
    x, found, numbers = place_markers(ink, blobs, path, shape, Steps(origin=30.0, period=60.0))
    assert numbers is not None
    assert x == pytest.approx(at, abs=0.5)
    assert found == pytest.approx(heights, abs=1.0)
