"""Ticks that were put on whole pixels are told from those drawn where they belong."""

import numpy as np
import pytest

from digitizer.evidence import AxisEvidence, Box, FloatArray, TextSpan
from digitizer.stages.axes.alignment import NO_TICKS, are_unsnapped, find_grain, find_grains
from digitizer.stages.axes.calibration import calibrate_axis
from digitizer.stages.axes.standing import MARK_SIGMA_PX

PLACES_X = 63.47 + 62.57 * np.arange(6)
PLACES_Y = 42.13 + 49.44 * np.arange(8)


def rescaled(places: FloatArray, scale: float) -> FloatArray:
    return (np.round(places / scale) + 0.5) * scale - 0.5


def test_even_places_at_all_fractions_of_a_pixel_are_unsnapped() -> None:
    assert are_unsnapped(PLACES_X, PLACES_Y)
    assert are_unsnapped(np.delete(PLACES_X, 2), PLACES_Y)
    # Steps of whole pixels say nothing of their own axis.
    assert are_unsnapped(63.47 + 60.0 * np.arange(6), PLACES_Y)


@pytest.mark.parametrize("scale", [0.7, 0.85, 1.0, 1.3])
def test_rounded_places_are_snapped_also_where_they_were_rescaled(scale: float) -> None:
    assert not are_unsnapped(rescaled(PLACES_X, scale), rescaled(PLACES_Y, scale))


def test_few_places_and_whole_pixels_leave_it_open() -> None:
    assert not are_unsnapped(PLACES_X[:3], PLACES_Y)
    assert not are_unsnapped(60.0 + 62.0 * np.arange(6), 40.0 + 49.0 * np.arange(8))


@pytest.mark.parametrize("grain", [1.5, 2.0, 3.0])
def test_ticks_on_larger_pixels_tell_their_size(grain: float) -> None:
    x, y = ((np.round(places / grain) + 0.5) * grain - 0.5 for places in (PLACES_X, PLACES_Y))
    assert find_grain(x, y) == grain
    assert find_grain(PLACES_X, PLACES_Y) == 0.0
    assert find_grain(np.round(PLACES_X), np.round(PLACES_Y)) == 1.0
    # Few ticks may stand there by chance.
    assert find_grain(x[:3], y[:2]) == 1.0


@pytest.mark.parametrize("grain", [2.0, 3.0])
def test_one_mark_beside_its_place_hides_no_larger_pixels(grain: float) -> None:
    x = (np.round(150.0 / grain + np.arange(11) * 111.9 / grain) + 0.5) * grain - 0.5
    strayed = np.where(np.arange(11) == 3, x + 0.5, x)
    assert find_grain(strayed, x[:6]) == grain
    # Of few ticks one is too many.
    assert find_grain(strayed[:6], NO_TICKS) == 1.0


def test_even_steps_of_one_axis_are_on_larger_pixels_by_chance() -> None:
    assert find_grain(NO_TICKS, 79.0 + 57.0 * np.arange(6)) == 1.0
    assert find_grain(148.0 + 57.0 * np.arange(6), 79.0 + 57.0 * np.arange(6)) == 3.0


def test_panels_beside_tell_that_even_pixels_are_chance() -> None:
    x, y = np.array([112.5, 274.5, 436.5]), np.array([80.5, 200.5, 320.5])
    assert find_grain(x, y) == 2.0
    assert find_grain(x, y, np.array([604.5, 767.5, 929.5])) == 1.0
    assert find_grain(x, y, np.array([604.5, 766.5, 928.5])) == 2.0


@pytest.mark.parametrize("grain", [1.5, 2.0, 3.0])
def test_scales_of_ticks_on_larger_pixels_are_those_of_the_places(grain: float) -> None:
    places = 63.2 + 35.2 * grain * np.arange(6)
    # The renderer's pixel k has its middle at k + 0.5 of its units, and stands for k.
    drawn = (np.round((places + 0.5) / grain) + 0.5) * grain - 0.5
    spans = [
        TextSpan(box=Box(left=px, top=0, right=px, bottom=9), text=str(k), confidence=1.0)
        for k, px in enumerate(drawn)
    ]
    scale = calibrate_axis(
        AxisEvidence(
            side="bottom",
            marks=drawn,
            labels=tuple(spans),
            label_px=drawn,
            label_sigma_px=np.full(6, MARK_SIGMA_PX),
            grain=grain,
        )
    )
    assert scale is not None
    # Least squares without the larger pixels would be half of one off on average.
    assert np.abs(scale.to_pixel(np.arange(6.0)) - places).max() < 0.45 * grain
    assert abs((scale.to_pixel(np.arange(6.0)) - places).mean()) < 0.25 * grain


def test_panels_of_one_figure_are_rounded_alike() -> None:
    # Ticks that were rounded and rescaled stand evenly in one panel by chance, and not in the other.
    even = 40.3 + 57.37 * np.arange(6)
    rounded = np.round(40.3 + 57.37 * np.arange(7)) * 0.93
    assert find_grain(even, even + 0.4) == 0.0
    assert find_grains([(even, even + 0.4), (even, rounded)]) == [1.0, 1.0]
    assert find_grains([(even, even + 0.4), (even[:2], rounded[:2])]) == [0.0, 1.0]


def test_strokes_of_one_pixel_are_on_no_larger_pixels() -> None:
    panel = 148.0 + 57.0 * np.arange(6), 79.0 + 57.0 * np.arange(6)
    assert find_grains([panel]) == [3.0]
    assert find_grains([panel], [True]) == [1.0]
    assert find_grains([panel, panel], [True, False]) == [1.0, 3.0]


def test_hundreds_of_marks_of_other_panels_are_no_trouble() -> None:
    others = np.concatenate([PLACES_X + 0.37 * k for k in range(60)])
    assert find_grain(PLACES_X, PLACES_Y, others) == 0.0
