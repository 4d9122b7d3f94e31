"""The benchmark of descriptions counts what it says it counts."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.interpretation.build import Line, Plot, make_figure, noise
from benchmarks.interpretation.event_cases import Case, Truth, event_case
from benchmarks.interpretation.measure import Result, measure_events, measure_nulls, measure_stability
from benchmarks.interpretation.public import read_chart
from benchmarks.interpretation.scoring import EventScore, Tally, matches, score_events
from interpret.describe import describe_figure
from interpret.findings.model import Finding


def test_wilsons_interval() -> None:
    tally = Tally(good=81, n=263)
    assert tally.interval() == pytest.approx((0.2553, 0.3662), abs=2e-4)
    assert Tally(good=5, n=5).interval()[1] == 1.0
    assert Tally().interval() == (0.0, 1.0)


def test_a_case_is_the_same_for_its_seed() -> None:
    one, two = (event_case(np.random.default_rng([3, 4])) for _ in range(2))
    assert one.truths == two.truths
    assert all(np.array_equal(a.lines[0].y, b.lines[0].y) for a, b in zip(one.plots, two.plots, strict=True))


def test_found_and_invented_events_are_counted() -> None:
    y = noise(np.random.default_rng(8), 80)
    y[40:43] -= 10.0
    truth = Truth(panel=0, series=0, kind="dip", sign=-1, first=40, last=42, size=10.0)
    case = Case(plots=[Plot(lines=[Line(y=y)], y_label="Level")], truths=[truth], kind="events", phi=0.0)
    findings = describe_figure(make_figure(*case.plots)).findings
    score = EventScore()
    score_events(score, case, findings)
    assert score.recall["dip", 10.0].good == 1
    assert score.precision[10.0].share == 1.0
    invented = Finding(
        kind="peak", level=3, sentence="", panel=0, series=findings[-1].series, x_range=(5.0, 9.0)
    )
    score_events(score, case, [invented])
    assert (score.precision[10.0].good, score.precision[10.0].n) == (1, 2)
    assert score.recall["dip", 10.0].good == 1


def test_a_place_far_off_does_not_match() -> None:
    truth = Truth(panel=0, series=0, kind="drop", sign=-1, first=39, last=40, size=8.0)
    near, far = (
        Finding(kind="level-shift", level=3, sentence="", direction="down", x_range=(a - 1.0, a))
        for a in (41.0, 55.0)
    )
    assert matches(truth, near, 100)
    assert not matches(truth, far, 100)


def test_a_small_run_meets_what_never_fails() -> None:
    result = Result()
    measure_events(result, 11, 12)
    measure_nulls(result, 11, 3)
    measure_stability(result, 11, 4)
    assert result.tallies["sentences right"].share > 0.98
    assert result.tallies["lines backed by ids"].share == 1.0
    assert result.tallies["same bytes twice"].share == 1.0
    assert result.tallies["other units change only numbers"].share == 1.0


def test_a_public_chart_is_read_as_it_is_drawn() -> None:
    encoding = {
        "x": {"field": "Year", "axis": {"title": "Calendar year"}},
        "y": {"field": "v", "title": "Value"},
        "color": {"field": "who"},
    }
    rows = [{"who": who, "Year": year, "v": v} for who, year, v in (
        ("A", "1991", "2"), ("A", "1990", "1,000"), ("B", "1990", "5"), ("C", "1990", "9"),
        ("A", "1992", "3"), ("B", "1991", "6"), ("B", "1992", "7"),
    )]  # fmt: skip
    chosen = {"filter": {"field": "who", "oneOf": ["A", "B"]}}
    plot = read_chart({"encoding": encoding, "transform": [chosen]}, rows)
    assert (plot.x_label, plot.y_label, plot.x_scale) == ("Calendar year", "Value", "linear")
    assert [line.name for line in plot.lines] == ["A", "B"]
    assert plot.lines[0].x.tolist() == [1990.0, 1991.0, 1992.0]
    assert plot.lines[0].y.tolist() == [1000.0, 2.0, 3.0]
    days = [{"Year": f"{day}/2/1999", "v": "1"} for day in (3, 4, 5)]
    dated = read_chart({"encoding": {"x": {"field": "Year"}, "y": {"field": "v"}}}, days)
    assert dated.x_scale == "date"
    assert dated.lines[0].x.tolist() == ["1999-03-02", "1999-04-02", "1999-05-02"]
