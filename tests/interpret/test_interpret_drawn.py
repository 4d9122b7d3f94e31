"""Lines read column by column: corners, holes and steep curves are told for what they are."""

from __future__ import annotations

import numpy as np
import pytest

from digitizer.model import Axis, Figure
from interpret.analyses.period import measure_period
from interpret.analyses.runs import measure_drawn_runs
from interpret.check import check_text
from interpret.describe import describe_figure
from tests.interpret.interpret_charts import Values, make_figure, make_panel, make_series

COLUMNS = np.linspace(0.0, 10.0, 401)
# Reading error of a clean picture, in shares of the range.
ERROR = 0.0005


def _drawn(x: Values, y: Values, x_label: str = "Voltage (mV)", scale: str = "linear") -> Figure:
    values = np.asarray(y, dtype=float)
    values = values + ERROR * np.ptp(values) * np.random.default_rng(4).normal(size=len(values))
    series = make_series(x, values, kind="line", sampled_at="columns", reading=ERROR * float(np.ptp(values)))
    axis = Axis(label=x_label, scale=scale)  # type: ignore[arg-type]
    return make_figure(make_panel(series, x_axis=axis, y_label="Current"))


def _kinds(figure: Figure) -> set[str]:
    return {f.kind for f in describe_figure(figure).findings if f.asserts}


@pytest.mark.parametrize("steepness", [4.0, 8.0, 16.0])
def test_the_steep_part_of_a_sigmoid_is_no_jump(steepness: float) -> None:
    # A slow rise beside it, so that no single law explains the whole.
    y = 1 / (1 + np.exp(-steepness * (COLUMNS - 5))) + 0.02 * np.maximum(COLUMNS - 5, 0)
    assert "level-shift" not in _kinds(_drawn(COLUMNS, y))


def test_a_stroke_between_two_levels_is_a_jump() -> None:
    # Between two of 60 points drawn over 400 columns.
    at = np.linspace(0.0, 10.0, 60)
    y = np.interp(COLUMNS, at, 3.0 * (at > 6) + 0.05 * np.random.default_rng(1).normal(size=60))
    assert "level-shift" in _kinds(_drawn(COLUMNS, y))


def test_over_a_hole_in_the_line_nothing_is_sudden() -> None:
    y = np.where(COLUMNS < 4, 3.0 - 0.1 * COLUMNS, 1.0 - 0.05 * COLUMNS)
    seen = (COLUMNS < 3.2) | (COLUMNS > 4.8)
    assert "level-shift" not in _kinds(_drawn(COLUMNS[seen], y[seen]))


def test_a_drawn_course_is_told_from_turn_to_turn() -> None:
    corners = [0.0, 1.5, 3.0, 4.5, 6.0, 10.0], [1.0, 3.0, 2.0, 4.0, 2.0, 6.0]
    figure = _drawn(COLUMNS, np.interp(COLUMNS, *corners))
    described = describe_figure(figure)
    phases = [f for f in described.findings if f.kind == "phase"]
    assert [f.direction for f in phases] == ["up", "down", "up", "down", "up"]
    for finding, corner in zip(phases, corners[0][1:], strict=True):
        assert abs(float(finding.x_range[1]) - corner) < 0.2  # type: ignore[index]
    assert not _kinds(figure) & {"dip", "peak", "level-shift", "volatility"}
    assert check_text(described.to_markdown(), figure).agrees


@pytest.mark.parametrize("phase", [-0.5, -0.25, 0.0, 0.3])
def test_a_period_is_found_to_a_part_in_two_hundred(phase: float) -> None:
    x = np.linspace(0, 60, 201)
    period = measure_period(x, 10 * np.sin(np.pi * (x / 10 + phase)))
    assert period is not None
    assert abs(period.period - 20) < 0.1
    assert abs(period.amplitude - 10) < 0.1


def test_a_cusp_of_every_cycle_is_no_dip() -> None:
    x = np.linspace(0.02, 59.9, 400)
    figure = _drawn(x, np.abs(np.sin(np.pi * x / 10)) ** 0.5, x_label="Time, t (ms)")
    findings = describe_figure(figure).findings
    told = [f for f in findings if f.kind == "oscillation"]
    assert len(told) == 1
    assert " ms (" in told[0].sentence
    assert not {f.kind for f in findings if f.asserts} & {"dip", "peak", "level-shift"}


def test_hours_and_months_are_written_as_people_do() -> None:
    days = [f"2013-01-{1 + k // 8:02d}T{3 * (k % 8):02d}:00" for k in range(40)]
    figure = _drawn(days, np.interp(np.arange(40), [0, 12, 24, 39], [1.0, 5.0, 2.0, 6.0]), scale="date")
    text = describe_figure(figure).to_markdown()
    assert "on 2013-01-02 12:00" in text
    assert check_text(text, figure).counts()["fails"] == 0
    months = ["Jan", "Feb", "Mar", "Apr", "May", "June"]
    text = describe_figure(_drawn(months, [1, 3, 4, 5, 6, 2], scale="category")).to_markdown()
    assert "in May" in text
    assert "at May" not in text


def test_a_stretch_without_points_is_told_and_dashes_are_not() -> None:
    y = 3.0 + np.sin(COLUMNS)
    hole = (COLUMNS < 6.0) | (COLUMNS > 7.5)
    (told,) = [f for f in describe_figure(_drawn(COLUMNS[hole], y[hole])).findings if f.kind == "unread"]
    assert abs(float(told.evidence["x_from_0"]) - 6.0) < 0.2
    assert abs(float(told.evidence["x_to_0"]) - 7.5) < 0.2
    dashes = np.floor(COLUMNS / 0.4).astype(int) % 2 == 0
    assert "unread" not in {f.kind for f in describe_figure(_drawn(COLUMNS[dashes], y[dashes])).findings}


def test_two_turns_within_a_few_columns_are_no_course() -> None:
    y = 8.0 - np.sqrt(COLUMNS)
    y[12:20] -= 1.5
    assert measure_drawn_runs(y, 0.005) == ()
    assert len(measure_drawn_runs(np.abs(COLUMNS - 4.0), 0.005)) == 2
