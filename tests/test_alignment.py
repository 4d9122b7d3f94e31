"""Ticks that were put on whole pixels are told from those drawn where they belong."""

import numpy as np
import pytest

from digitizer.evidence import FloatArray
from digitizer.stages._alignment import are_unsnapped

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
