"""The labels of bars: names, and numbers that are names."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from test_bars import BLUE, TOPS, axis, bar, blank, look, simple

from digitizer.stages.axes.calibration import calibrate_axis
from digitizer.stages.values.bar_values import name_categories, scale_for_bars


def test_one_label_a_bar_makes_categories() -> None:
    traces = look(simple())
    years = axis("bottom", ("2019", "2020", "2021", "2022", "2023"), tuple(59.5 + 70.0 * k for k in range(5)))
    scale = scale_for_bars(calibrate_axis(years), years, traces, horizontal=False)
    assert scale is not None
    assert scale.kind == "category"
    assert name_categories(traces[0], scale, years, traces) == ["2019", "2020", "2021", "2022", "2023"]
    steps = axis("bottom", ("0", "200", "400"), (59.5, 199.5, 339.5))
    linear = scale_for_bars(calibrate_axis(steps), steps, traces, horizontal=False)
    assert linear is not None
    assert linear.kind == "linear"


def test_numbers_under_bars_are_a_scale_where_a_line_has_markers_between_them() -> None:
    bars = look(simple())
    numbers = axis("bottom", ("1", "2", "3", "4", "5"), tuple(59.5 + 70.0 * k for k in range(5)))
    for count, kind in ((12, "linear"), (5, "category")):
        x = 62.0 + np.arange(count) * (275.0 / (count - 1))
        level, sigma = np.full(count, 90.0), np.full(count, 0.1)
        line = replace(bars[0], kind="line", x_px=x, y_px=level, sigma_px=sigma, base_px=None)
        scale = scale_for_bars(calibrate_axis(numbers), numbers, [*bars, line], horizontal=False)
        assert scale is not None
        assert scale.kind == kind


@pytest.mark.parametrize(
    ("texts", "width", "kind"),
    [
        (("0", "0.5", "1", "1.5", "2"), 69.5, "linear"),
        (("0", "0.5", "1", "1.5", "2"), 60.0, "category"),
        (("2019", "2020", "2021", "2022", "2023"), 69.5, "category"),
    ],
)
def test_numbers_under_bars_that_touch_are_a_scale(texts: tuple[str, ...], width: float, kind: str) -> None:
    bins = [replace(trace, line_width_px=width) for trace in look(simple())]
    numbers = axis("bottom", texts, tuple(59.5 + 70.0 * k for k in range(5)))
    scale = scale_for_bars(calibrate_axis(numbers), numbers, bins, horizontal=False)
    assert scale is not None
    assert scale.kind == kind


@pytest.mark.parametrize(
    ("texts", "proven"),
    [
        (("1", "2", "4", "8", "16"), True),
        (("10", "50", "100", "500", "1000"), True),
        # These may lie on a scale as well, the last ones with a digit misread.
        (("1", "2", "3", "4", "5"), False),
        (("100", "200", "800", "400", "500"), False),
    ],
)
def test_numbers_that_are_no_scale_are_names_for_certain(texts: tuple[str, ...], proven: bool) -> None:
    traces = look(simple())
    named = axis("bottom", texts, tuple(59.5 + 70.0 * k for k in range(5)))
    scale = scale_for_bars(calibrate_axis(named), named, traces, horizontal=False)
    assert scale is not None
    assert scale.kind == "category"
    assert ("axis-kind-unproven" not in scale.problems) == proven
    aside = axis("bottom", texts, tuple(51.5 + 70.0 * k for k in range(5)))
    scale = scale_for_bars(calibrate_axis(aside), aside, traces, horizontal=False)
    assert scale is not None
    assert "axis-kind-unproven" in scale.problems


@pytest.mark.parametrize(
    ("texts", "confidence", "proven"),
    [
        (("1", "8", "32"), 0.99, True),
        (("1", "8", "32"), 0.8, False),
        # A scale would need steps of 0.045 or 4.5, which nobody chooses; others it may have (0.333 cut off).
        (("0.9", "0.95", "0.99"), 0.99, True),
        (("1M", "5M", "10M"), 0.99, True),
        (("1M", "5M", "10M"), 0.8, False),
        (("0.9", "0.95", "1.0"), 0.99, False),
        (("0.3", "0.7", "1.0"), 0.8, False),
    ],
)
def test_three_numbers_that_are_no_scale_are_names_where_all_were_read_surely(
    texts: tuple[str, ...], confidence: float, proven: bool
) -> None:
    rgb = blank()
    for k, top in enumerate(TOPS[:3]):
        bar(rgb, 60 + 110 * k, 119 + 110 * k, top, 289, BLUE)
    named = axis("bottom", texts, tuple(89.5 + 110.0 * k for k in range(3)))
    named = replace(named, labels=tuple(replace(span, confidence=confidence) for span in named.labels))
    scale = scale_for_bars(calibrate_axis(named), named, look(rgb), horizontal=False)
    assert scale is not None
    assert scale.kind == "category"
    assert ("axis-kind-unproven" not in scale.problems) == proven


@pytest.mark.parametrize(("n", "on_end", "proven"), [(14, False, True), (8, False, False), (8, True, True)])
def test_even_numbers_are_names_where_they_are_many_or_on_end(n: int, on_end: bool, proven: bool) -> None:
    rgb = blank()
    step = 360 // n
    for k in range(n):
        bar(rgb, 30 + step * k, 30 + step * k + round(0.8 * step), 120 + (37 * k) % 90, 289, BLUE)
    middles = tuple(30 + step * k + round(0.8 * step) / 2 for k in range(n))
    named = axis("bottom", tuple(str(5 * k) for k in range(n)), middles)
    if on_end:
        named = replace(named, labels=tuple(replace(span, angle_deg=90.0) for span in named.labels))
    scale = scale_for_bars(calibrate_axis(named), named, look(rgb), horizontal=False)
    assert scale is not None
    assert scale.kind == "category"
    assert ("axis-kind-unproven" not in scale.problems) == proven


@pytest.mark.parametrize(
    ("first", "step", "apart", "proven"),
    [
        (2010, 2, 24.0, True),
        (2000, 5, 24.0, True),
        # Stacked bars may stand along numbers, and even numbers that are no years may be a scale.
        (2010, 2, 0.0, False),
        (10, 2, 24.0, False),
    ],
)
def test_years_of_groups_of_bars_are_names(first: int, step: int, apart: float, proven: bool) -> None:
    (one,) = look(simple())
    groups = [replace(one, x_px=one.x_px + shift, line_width_px=24.0) for shift in (-apart / 2, apart / 2)]
    texts = tuple(str(first + step * k) for k in range(5))
    named = axis("bottom", texts, tuple(59.5 + 70.0 * k for k in range(5)))
    scale = scale_for_bars(calibrate_axis(named), named, groups, horizontal=False)
    assert scale is not None
    assert scale.kind == "category"
    assert ("axis-kind-unproven" not in scale.problems) == proven
