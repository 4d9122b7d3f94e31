"""Logarithmic scales, and the powers of ten that their labels stand for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from evidences import axis_of

from digitizer.stages.axes.calibration import calibrate_axis
from digitizer.stages.axes.line_fit import snapping_bias


@pytest.mark.parametrize(
    ("texts", "kind"),
    [
        (["100", "10^1", "102", "103", "10^4"], "log"),
        (["100", "101", "102", "103", "104"], "linear"),
        (["10^2", "110", "120", "130", "140"], "linear"),
    ],
)
def test_level_powers_among_raised_ones_are_powers(texts: list[str], kind: str) -> None:
    scale = calibrate_axis(axis_of(texts, [50.5, 100.5, 150.5, 200.5, 250.5]))
    assert scale is not None
    assert scale.kind == kind
    if kind == "log":
        assert scale.to_value(np.array([50.5, 150.5, 250.5])) == pytest.approx([1, 100, 1e4], rel=0.05)


@pytest.mark.parametrize(
    ("texts", "values", "guessed"),
    [
        # Small raised minuses are lost all alike: these agree on no scale as they are ...
        (["10^2", "10^1", "1", "10"], [0.01, 0.1, 1.0, 10.0], False),
        # ... and these on one that runs backwards.
        (["10^2", "10^1", "1"], [0.01, 0.1, 1.0], True),
        (["1", "10^1", "10^2"], [1.0, 10.0, 100.0], False),
        (["10^1", "10^2", "10^3"], [10.0, 100.0, 1000.0], False),
    ],
)
def test_powers_below_one_without_their_minus(texts: list[str], values: list[float], guessed: bool) -> None:
    px = [50.5 + 60 * k for k in range(len(texts))]
    evidence = axis_of(texts, px)
    scale = calibrate_axis(evidence)
    assert scale is not None
    assert scale.to_value(np.array(px) - snapping_bias(evidence)[0]) == pytest.approx(values)
    assert ("tick-label-guessed" in scale.problems) == guessed


@pytest.mark.parametrize("decade", [60.0, 162.0])
def test_threes_half_way_between_powers_of_ten_are_roots_of_ten(decade: float) -> None:
    px = [100.5 + decade / 2 * k for k in range(4)]
    scale = calibrate_axis(axis_of(["1", "3", "10", "30"], px))
    assert scale is not None
    assert scale.kind == "log"
    assert scale.used.all()
    assert scale.to_value(np.array(px) - 0.5) == pytest.approx(10 ** np.array([0, 0.5, 1, 1.5]), rel=0.025)
    assert "tick-label-guessed" in scale.problems


def test_threes_at_threes_and_even_numbers_stay_what_they_are() -> None:
    third = 200 * np.log10(3)
    px = [50.5 + u for u in (0.0, third, 200.0, 200.0 + third)]
    scale = calibrate_axis(axis_of(["1", "3", "10", "30"], px))
    assert scale is not None
    assert scale.to_value(px[1] - 0.5) == pytest.approx(3, rel=0.01)
    assert "tick-label-guessed" not in scale.problems
    even = calibrate_axis(axis_of(["1", "2", "3", "4"], [50.5, 100.5, 150.5, 200.5]))
    assert even is not None
    assert even.kind == "linear"


def test_logarithmic_labels() -> None:
    scale = calibrate_axis(axis_of(["10^-2", "10^-1", "1", "10", "100"], [50.5, 100.5, 150.5, 200.5, 250.5]))
    assert scale is not None
    assert scale.kind == "log"
    assert scale.to_value(125.5) == pytest.approx(10**-0.5)


def test_two_powers_of_ten_are_a_logarithmic_axis_of() -> None:
    scale = calibrate_axis(axis_of(["10^2", "10^3"], [350.5, 150.5]))
    assert scale is not None
    assert scale.kind == "log"
    assert "scale-two-ticks" in scale.problems


@pytest.mark.parametrize(("spacing", "kind"), [("log", "log"), ("even", "linear")])
def test_minor_marks_tell_the_scale_of_two_labels(spacing: str, kind: str) -> None:
    minor = [500.5 - 760 * np.log10(k) for k in (1, 2, 3, 4)]
    marks = minor if spacing == "log" else [500.5, 385.5, 271.5, 157.5, 42.5]
    scale = calibrate_axis(axis_of(["1", "2"], [minor[0], minor[1]], marks=marks))
    assert scale is not None
    assert scale.kind == kind


def test_marks_at_the_multiples_between_two_powers_prove_how_far_these_are_apart() -> None:
    marks = [350.5 - 200 * np.log10(k) for k in (*range(1, 10), 10, 20, 30)]
    proven = calibrate_axis(axis_of(["10^2", "10^3"], [350.5, 150.5], marks=marks))
    assert proven is not None
    assert "scale-two-ticks" not in proven.problems
    # Powers that were misread two apart leave the same marks off their multiples.
    misread = calibrate_axis(axis_of(["10^2", "10^4"], [350.5, 150.5], marks=marks))
    assert misread is not None
    assert "scale-two-ticks" in misread.problems


@pytest.mark.parametrize("decade", [130.0, -217.0])
def test_one_power_of_ten_and_its_multiples_make_a_scale(decade: float) -> None:
    multiples = np.array([0.5, 0.6, 0.7, 0.8, 0.9, 1, 2, 3, 4, 5, 6])
    marks = np.round(200 + decade * np.log10(multiples))
    evidence = axis_of(["10^2"], [200.0], marks=list(marks))
    scale = calibrate_axis(replace(evidence, side="bottom" if decade > 0 else "left"))
    assert scale is not None
    assert scale.kind == "log"
    assert abs(scale.slope) == pytest.approx(abs(decade), rel=0.005)
    # Ticks on whole pixels are set back by half a pixel.
    assert scale.to_value(np.array([199.5 + decade * np.log10(3)])) == pytest.approx(300, rel=0.01)
    assert "scale-two-ticks" in scale.problems


def test_one_power_of_ten_among_even_marks_makes_none() -> None:
    assert calibrate_axis(axis_of(["10^2"], [200.0], marks=[140.0 + 20 * k for k in range(9)])) is None


def test_digits_between_powers_of_ten_are_their_multiples() -> None:
    texts = ["1", "2", "5", "10", "2", "5", "100", "2"]
    values = np.array([1, 2, 5, 10, 20, 50, 100, 200])
    scale = calibrate_axis(axis_of(texts, list(np.round(50 + 180 * np.log10(values)) + 0.5)))
    assert scale is not None
    assert scale.kind == "log"
    assert scale.values == pytest.approx(values)
    assert scale.n_used == len(values)


def test_years_are_no_logarithms() -> None:
    # Rounded places of years fit a logarithmic scale as well.
    years = [1950, 1960, 1970, 1980, 1990, 2000]
    px = [52.3, 102.2, 151.9, 201.5, 250.9, 300.2]
    scale = calibrate_axis(axis_of([str(y) for y in years], px, title="Year"))
    assert scale is not None
    assert scale.kind == "linear"


def test_a_level_power_that_lies_as_near_as_a_pixel_is_one() -> None:
    scale = calibrate_axis(axis_of(["10^1", "102", "10^3", "10^4"], [75.5, 198.5, 321.5, 444.5]))
    assert scale is not None
    assert scale.values.tolist() == [10.0, 100.0, 1e3, 1e4]


def test_lost_minuses_are_told_beside_level_powers() -> None:
    # Of 10^1, 10^0, 10^-1 and 10^-2 one was read level and another without its minus.
    scale = calibrate_axis(axis_of(["10^2", "10^-1", "100", "10^1"], [80.5, 153.5, 226.5, 299.5]))
    assert scale is not None
    assert scale.values == pytest.approx([0.01, 0.1, 1.0, 10.0])
    assert scale.kind == "log"
