"""Scales are fitted through misread labels, refused where degenerate, and honest about doubt."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np
import pytest
from evidences import axis_of
from hypothesis import given
from hypothesis import strategies as st

from digitizer.evidence import Box, PanelFrame, TextSpan
from digitizer.stages.axes.calibration import calibrate_axis, calibrate_panels
from digitizer.stages.axes.line_fit import snapping_bias
from digitizer.stages.axes.ordered import fit_categories
from digitizer.stages.axes.panel_axes import PanelAxes


@given(
    slope=st.floats(0.01, 500),
    origin=st.floats(-300, 900),
    sign=st.sampled_from([1, -1]),
    step=st.sampled_from([1, 2, 5, 10, 250]),
)
def test_pixel_to_value_to_pixel(slope: float, origin: float, sign: int, step: int) -> None:
    values = [k * step for k in range(-2, 4)]
    px = [origin + sign * max(slope, 6 / step) * v for v in values]
    evidence = axis_of([str(v) for v in values], px)
    scale = calibrate_axis(evidence)
    assert scale is not None
    assert scale.problems == ()
    bias, _ = snapping_bias(evidence)
    assert scale.to_value(np.array(px) - bias) == pytest.approx(
        np.array(values, dtype=float), abs=1e-6 * step
    )
    assert scale.to_pixel(scale.to_value(np.array([12.5, 77.0]))) == pytest.approx([12.5, 77.0])


@pytest.mark.parametrize(("texts", "told"), [(["100", "101", "102"], False), (["99", "100", "101"], True)])
def test_labels_that_count_up_from_a_hundred_may_be_powers_of_ten(texts: list[str], told: bool) -> None:
    scale = calibrate_axis(axis_of(texts, [50.5, 100.5, 150.5]))
    assert scale is not None
    assert ("axis-kind-unproven" not in scale.problems) == told


@pytest.mark.parametrize(
    ("texts", "kind"), [(["Q1", "Q2", "Q3", "Q4"], "category"), (["5O", "60", "7O"], "linear")]
)
def test_labels_that_begin_with_one_letter_are_names(texts: list[str], kind: str) -> None:
    scale = calibrate_axis(axis_of(texts, [50.5 + 60 * k for k in range(len(texts))]))
    assert scale is not None
    assert scale.kind == kind


def test_a_misread_label_is_left_out_and_told() -> None:
    scale = calibrate_axis(axis_of(["0", "10", "70", "30", "40"], [50.5, 100.5, 150.5, 200.5, 250.5]))
    assert scale is not None
    assert list(scale.used) == [True, True, False, True, True]
    assert scale.to_value(150.5) == pytest.approx(20)
    assert "tick-label-misread" in scale.problems


@pytest.mark.parametrize(
    ("side", "texts", "values", "proven"),
    [
        ("bottom", ["4", "2", "2", "4"], [-4, -2, 2, 4], False),
        ("bottom", ["4", "-2", "2", "4"], [-4, -2, 2, 4], True),
        ("left", ["0.5", "0", "0.5", "1.0"], [0.5, 0, -0.5, -1.0], False),
    ],
)
def test_lost_minus_signs_are_put_back_and_told(
    side: Literal["bottom", "left"], texts: list[str], values: list[float], proven: bool
) -> None:
    px = [50.5 + 40 * abs(v - values[0]) for v in values]
    scale = calibrate_axis(replace(axis_of(texts, px), side=side))
    assert scale is not None
    assert list(scale.values) == values
    assert scale.used.all()
    # Three labels that were read whole need no guess.
    assert ("tick-label-guessed" in scale.problems) == (not proven)


@pytest.mark.parametrize(("lost", "told"), [(5, True), (20, False)])
def test_numbers_with_one_missing_are_no_linear_scale_for_certain(lost: int, told: bool) -> None:
    texts = [str(25 * k) for k in range(21) if k != lost]
    scale = calibrate_axis(axis_of(texts, [50.5 + 30 * k for k in range(len(texts))]))
    assert scale is not None
    # They stand as evenly as names do, and may be some: years of which one is left out.
    assert (scale.kind == "category" and "axis-kind-unproven" in scale.problems) == told


def test_of_three_labels_the_two_that_make_round_steps_agree() -> None:
    scale = calibrate_axis(axis_of(["40", "8", "80"], [397.5, 276.5, 155.5]))
    assert scale is not None
    assert list(scale.used) == [True, False, True]
    assert scale.to_value(276.5) == pytest.approx(60, abs=0.2)
    assert {"tick-label-misread", "scale-two-ticks"} <= set(scale.problems)


def test_siblings_that_read_two_of_three_labels_alike_do_not_clear_each_other() -> None:
    frame = PanelFrame(
        box=Box(left=20, top=60, right=420, bottom=290),
        sides=frozenset(),
        background=(255, 255, 255),
        grid_x=np.empty(0),
        grid_y=np.empty(0),
        line_width=1.0,
    )
    panel = PanelAxes(frame=frame, x=axis_of(["40", "8", "80"], [100.5, 221.5, 342.5]), y=None)
    for scales in calibrate_panels([panel, panel]):
        assert scales.x is not None
        assert "scale-two-ticks" in scales.x.problems


def test_two_labels_are_not_proof() -> None:
    scale = calibrate_axis(axis_of(["0", "10"], [50, 100]))
    assert scale is not None
    assert "scale-two-ticks" in scale.problems


@pytest.mark.parametrize("texts", [["5", "5", "5"], ["x", "5", "?"]])
def test_no_scale_where_labels_support_none(texts: list[str]) -> None:
    scale = calibrate_axis(axis_of(texts, [50, 100, 150]))
    assert scale is None or scale.kind == "category"


def test_values_that_no_program_would_choose_are_doubted() -> None:
    scale = calibrate_axis(axis_of(["0", "17", "34", "51"], [50, 100, 150, 200]))
    assert scale is not None
    assert "tick-values-uneven" in scale.problems


def test_labels_between_marks_are_categories() -> None:
    scale = calibrate_axis(axis_of(["2", "3", "4"], [75, 125, 175], marks=[50, 100, 150, 200]))
    assert scale is not None
    assert scale.kind == "category"


def test_years_are_dates_where_the_axis_says_so() -> None:
    px = [50.0, 86.5, 123.0]
    plain = calibrate_axis(axis_of(["2005", "2006", "2007"], px, title="Year"))
    assert plain is not None
    assert plain.kind == "linear"
    dated = calibrate_axis(axis_of(["2005", "2006", "2007"], px, title="date"))
    assert dated is not None
    assert dated.kind == "date"


@pytest.mark.parametrize(
    ("title", "labels", "kind"),
    [
        (None, ["1990", "1995", "2000"], "date"),
        ("Year", ["1990", "1995", "2000"], "linear"),
        (None, ["990", "995", "1000"], "linear"),
        (None, ["2010", "2015"], "date"),
        (None, ["1900", "2000"], "linear"),
        ("Year", ["2010", "2015"], "linear"),
    ],
)
def test_untitled_years_are_doubtful_times(title: str | None, labels: list[str], kind: str) -> None:
    scale = calibrate_axis(axis_of(labels, [50.0, 86.5, 123.0][: len(labels)], title=title))
    assert scale is not None
    assert scale.kind == kind
    assert ("axis-kind-unproven" in scale.problems) == (kind == "date")


def test_the_title_tells_the_year_of_times_within_it() -> None:
    px = [50.5, 110.5, 170.5]
    within = calibrate_axis(axis_of(["05-03 12", "05-04 00", "05-04 12"], px, title="Time (2022)"))
    assert within is not None
    assert "date-year-unknown" not in within.problems
    assert within.values[1] == (np.datetime64("2022-05-04") - np.datetime64("1970-01-01")).astype(int)
    across = calibrate_axis(axis_of(["12-31 12", "01-01 00", "01-01 12"], px, title="Time (2022)"))
    assert across is not None
    assert "date-year-unknown" in across.problems


def test_days_that_leave_out_their_hours_are_moments_within_them() -> None:
    # No multiples of a round step, as those in test_round_moments are.
    true = 100.61 + 11.31 * np.arange(6)
    labels = [str(np.datetime64("2021-10-23") + int(day) - 100) for day in true]
    scale = calibrate_axis(axis_of(labels, [50.5 + 100 * k for k in range(6)]))
    assert scale is not None
    assert scale.kind == "date"
    assert scale.n_used == 6
    start = (np.datetime64("2021-10-23") - np.datetime64("1970-01-01")).astype(int)
    assert scale.values - start + 100 == pytest.approx(true, abs=0.25)
    assert "axis-kind-unproven" in scale.problems
    # The picture's edge cuts the last label.
    cut = calibrate_axis(axis_of([*labels[:-1], "2021-1"], [50.5 + 100 * k for k in range(6)]))
    assert cut is not None
    assert cut.n_used == 5
    assert cut.values[:5] - start + 100 == pytest.approx(true[:5], abs=0.35)


def test_of_two_readings_the_even_one_is_chosen() -> None:
    texts = ["02/01/2013", "03/01/2013", "04/01/2013", "05/01/2013"]
    daily = calibrate_axis(axis_of(texts, [50, 100, 150, 200]))
    assert daily is not None
    assert np.diff(daily.values) == pytest.approx([1, 1, 1])
    monthly = calibrate_axis(axis_of(texts, [50, 50 + 28 * 5, 50 + 59 * 5, 50 + 89 * 5]))
    assert monthly is not None
    assert np.diff(monthly.values) == pytest.approx([28, 31, 30])


def test_uncertainty_grows_away_from_the_ticks() -> None:
    scale = calibrate_axis(axis_of(["0", "1", "2", "3"], [50, 100, 150, 200]))
    assert scale is not None
    near, far = scale.sigma_u(np.array([125.0, 700.0]), np.array([0.1, 0.1]))
    assert 0.1 / 50 < near < far


def test_regular_times_are_proven_and_doubtful_ones_are_not() -> None:
    px = [50.5, 110.0, 170.5, 231.5]
    months = calibrate_axis(axis_of(["Jan 2020", "Mar 2020", "May 2020", "Jul 2020"], px))
    assert months is not None
    assert months.kind == "date"
    assert months.problems == ()
    yearless = calibrate_axis(axis_of(["05-03 12", "05-04 00", "05-04 12"], [50.5, 100.5, 150.5]))
    assert yearless is not None
    assert "date-year-unknown" in yearless.problems
    # The picture's edge cuts the last label.
    cut = calibrate_axis(axis_of(["Jan 2020", "Mar 2020", "May 2020", "Jul 20Z"], px))
    assert cut is not None
    assert cut.problems == ("tick-label-misread",)
    either = calibrate_axis(axis_of(["01/01/2020", "02/01/2020", "03/01/2020"], [50.5, 58.5, 66.5]))
    assert either is not None
    assert "axis-kind-unproven" in either.problems


def test_categories_are_proven_by_even_places_that_all_have_names() -> None:
    whole = calibrate_axis(axis_of(["ada", "bob", "cyd", "dan"], [50.5, 100.5, 150.5, 200.5]))
    assert whole is not None
    assert whole.problems == ()
    gap = calibrate_axis(axis_of(["ada", "bob", "dan"], [50.5, 100.5, 200.5]))
    assert gap is not None
    assert "axis-kind-unproven" in gap.problems
    # Years that stand in the middles of their bars, and numbers that may be a scale.
    years = fit_categories(axis_of(["2018", "2019", "2020"], [50.5, 100.5, 150.5]))
    assert years.problems == ()
    sizes = fit_categories(axis_of(["8", "16", "24"], [50.5, 100.5, 150.5]))
    assert "axis-kind-unproven" in sizes.problems
    unnamed = axis_of(["ada", "bob", "cyd"], [50.5, 100.5, 150.5], marks=[50.5, 100.5, 150.5, 200.5])
    scale = calibrate_axis(unnamed)
    assert scale is not None
    assert "axis-kind-unproven" in scale.problems


def test_the_second_reading_of_a_label_counts_where_it_fits() -> None:
    evidence = axis_of(["0", "10", "70", "30", "40"], [50.5, 100.5, 150.5, 200.5, 250.5])
    labels = list(evidence.labels)
    labels[2] = replace(labels[2], alternative="20")
    scale = calibrate_axis(replace(evidence, labels=tuple(labels)))
    assert scale is not None
    assert scale.used.all()
    assert "tick-label-misread" not in scale.problems


def test_multiples_of_pi_are_even() -> None:
    scale = calibrate_axis(axis_of(["0", "π/4", "π/2", "3π/4", "π"], [50.5, 100.5, 150.5, 200.5, 250.5]))
    assert scale is not None
    assert scale.problems == ()


def test_labels_off_their_line_leave_it_less_sure() -> None:
    px = np.array([50.2, 101.3, 149.6, 201.4, 249.7, 300.9])
    texts = [str(k) for k in range(6)]
    even, uneven = (calibrate_axis(axis_of(texts, list(v))) for v in (px + 0.0, px + np.tile([1.0, -1.0], 3)))
    assert even is not None
    assert uneven is not None
    assert uneven.covariance[1, 1] > 2 * even.covariance[1, 1]


def test_a_name_that_stands_at_two_places_leaves_categories_unproven() -> None:
    px = [50.5, 100.5, 150.5, 200.5]
    assert fit_categories(axis_of(["Q1 22", "Q2 22", "Q3 22", "Q4 22"], px)).problems == ()
    assert "axis-kind-unproven" in fit_categories(axis_of(["Q1 22", "22", "Q3 22", "22"], px)).problems
    # Initials of months come again.
    assert fit_categories(axis_of(["M", "A", "M", "J"], px)).problems == ()


def test_a_label_whose_tick_is_hidden_says_little_against_the_others() -> None:
    texts, places = ["0", "20", "40", "60", "80"], [50.0, 150.0, 250.0, 350.0, 450.0]
    beside = axis_of(texts, [*places[:3], 353.5, places[4]])
    hidden = replace(beside, label_sigma_px=np.where(np.arange(5) == 3, 2.8, 0.29))
    by_tick, by_letters = (
        calibrate_axis(replace(beside, label_sigma_px=np.full(5, 1.2))),
        calibrate_axis(hidden),
    )
    assert by_tick is not None
    assert by_letters is not None
    assert by_tick.used.all()
    assert by_letters.used.all()
    # It is off by as much as letters are; a tick that far off were a misread label.
    assert by_tick.off_px == pytest.approx(by_tick.residual_px)
    assert by_tick.off_px > 0.9
    assert by_letters.off_px < 0.3 < by_letters.residual_px


def test_points_between_thousands_are_told_by_zeros_and_doubted_where_no_label_goes_without() -> None:
    px = [50.5, 100.5, 150.5, 200.5]
    sure = calibrate_axis(axis_of(["0", "5.000", "10.000", "15.000"], px))
    assert sure is not None
    assert sure.problems == ()
    assert list(sure.values) == [0, 5000, 10000, 15000]
    zeros = calibrate_axis(axis_of(["30.000", "35.000", "40.000", "45.000"], px))
    assert zeros is not None
    assert list(zeros.values) == [30000, 35000, 40000, 45000]
    assert zeros.problems == ("decimal-mark-unproven",)
    unsure = calibrate_axis(axis_of(["1.200", "1.400", "1.600", "1.800"], px))
    assert unsure is not None
    assert unsure.problems == ("decimal-mark-unproven",)


@pytest.mark.parametrize(
    ("text", "confidence", "unsure"), [("×10^9", 0.95, False), ("×10^5", 0.77, True), ("×10{3", 0.95, True)]
)
def test_a_factor_that_was_not_read_for_sure_is_told(text: str, confidence: float, unsure: bool) -> None:
    evidence = axis_of(["0.0", "0.5", "1.0", "1.5"], [40, 100, 160, 220])
    box = Box(left=400, right=420, top=320, bottom=329)
    scale = calibrate_axis(replace(evidence, multiplier=TextSpan(box=box, text=text, confidence=confidence)))
    assert scale is not None
    assert ("factor-unsure" in scale.problems) == unsure


@pytest.mark.parametrize(
    ("texts", "guessed"),
    [
        (["10m", "100m", "1", "10"], False),
        (["0", "500m", "1", "1.500"], False),
        # Nothing tells milli from metres.
        (["0", "100m", "200m", "300m"], True),
        (["10m", "100m"], True),
    ],
)
def test_a_small_suffix_is_proven_by_labels_without_one(texts: list[str], guessed: bool) -> None:
    scale = calibrate_axis(axis_of(texts, [50.5 + 60 * k for k in range(len(texts))]))
    assert scale is not None
    assert scale.used.all()
    assert ("tick-label-guessed" in scale.problems) is guessed


@pytest.mark.parametrize(
    ("texts", "guessed"), [(["O", "50", "100"], True), (["O", "50", "100", "150"], False)]
)
def test_an_o_on_the_scale_of_three_numbers_is_a_zero(texts: list[str], guessed: bool) -> None:
    scale = calibrate_axis(axis_of(texts, [50.5 + 60 * k for k in range(len(texts))]))
    assert scale is not None
    assert scale.used.all()
    assert ("tick-label-guessed" in scale.problems) is guessed


def test_equal_steps_that_are_rounded_are_no_uneven_ones() -> None:
    values = np.linspace(1.0, 40.0, 9)
    px = 93.5 + 182.6 * np.arange(9)
    scale = calibrate_axis(axis_of([f"{v:.1f}" for v in values], px.tolist()))
    assert scale is not None
    assert scale.problems == ()
    assert scale.off_px < 0.3
    assert scale.to_pixel(values) == pytest.approx(px, abs=1.2)


def test_an_axis_may_say_where_it_begins_and_ends() -> None:
    values = [3026, 3500, 4000, 4500, 5000, 5500, 6043]
    scale = calibrate_axis(axis_of([str(v) for v in values], [50.5 + 0.06 * (v - 3026) for v in values]))
    assert scale is not None
    assert "tick-values-uneven" not in scale.problems
    others = [3026, 3500, 4000, 4700, 5000, 5500, 6043]
    scale = calibrate_axis(axis_of([str(v) for v in others], [50.5 + 0.06 * (v - 3026) for v in others]))
    assert scale is not None
    assert "tick-values-uneven" in scale.problems


@pytest.mark.parametrize(
    ("texts", "differ"),
    [
        (["0", "0.5", "1.0"], False),
        (["0", "0.5", "1.00"], True),
        (["500", "1.0K", "1.5K", "2.0K"], False),
        (["500", "1.0K", "1.5K", "2.00K"], True),
    ],
)
def test_zero_may_be_printed_without_decimals(texts: list[str], differ: bool) -> None:
    scale = calibrate_axis(axis_of(texts, [50.5, 100.5, 150.5, 200.5][: len(texts)]))
    assert scale is not None
    assert ("tick-decimals-differ" in scale.problems) == differ
