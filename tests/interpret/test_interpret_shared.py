"""What panels and series share is said once; turns, gaps and records are told as far as they are news."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from interpret_charts import make_figure, make_panel, make_series

from digitizer.model import Axis, Figure, Frame, Tick
from interpret.check import check_text
from interpret.describe import describe_figure


def _axis(low: float, high: float) -> Axis:
    ticks = tuple(Tick(pixel=50.0 + 10 * v, text=str(v), value=float(v)) for v in (5, 10))
    return Axis(limits=(low, high), ticks=ticks)


def _grid(n_panels: int, n: int) -> Figure:
    """Panels of raw points and their Gaussian average, as training tools draw them."""
    rng = np.random.default_rng(8)
    at = np.arange(1.0, n + 1)
    panels = []
    for k in range(n_panels):
        raw = (-1) ** k * 3 * np.exp(-at / (n / 3)) + 0.3 * rng.normal(size=n)
        kernel = np.exp(-0.5 * (np.arange(-12, 13) / 3) ** 2)
        smooth = np.convolve(np.pad(raw, 12, mode="symmetric"), kernel / kernel.sum(), mode="valid")
        both = [make_series(at, y, name=name) for y, name in ((raw, "results"), (smooth, "smooth"))]
        axis = _axis(0.6 + 0.05 * (k % 2), n + 0.4)
        panels.append(make_panel(*both, title=f"metric {chr(97 + k)}", x_axis=axis))
    return make_figure(*panels)


@pytest.mark.parametrize("n", [10, 100])
def test_a_grid_says_once_what_its_panels_share(n: int) -> None:
    figure = _grid(6, n)
    described = describe_figure(figure)
    (told,) = [f for f in described.findings if f.kind == "smoothing"]
    assert told.sentence == "In all six panels “smooth” is “results” smoothed: one signal, drawn twice."
    assert [(ref.panel, ref.series) for ref in told.series] == [(p, s) for p in range(6) for s in (1, 0)]
    text = described.to_markdown()
    assert text.count("The x axis has no readable label") == 1
    assert text.count("Two series: results, ") == 1
    assert text.index("**All six panels**") < text.index("**metric a**")
    # A table holds the ends of what is told, a row a panel, each with its findings' ids.
    listed = figure.panels[2].series[0].y
    row = re.search(
        r"^\| metric c \| (\S+) \| (\S+) \| (\S+) \(.*?\) \| .*? <!-- (f\d+) (f\d+) --> \|$", text, re.M
    )
    assert row is not None
    for cell, value in zip(row.groups(), (listed[0], listed[-1], listed.min()), strict=False):
        assert float(cell) == pytest.approx(value, abs=0.006)
    assert {f.kind for f in described.findings if f.id in row.groups()} == {"value", "extremum"}
    assert f'<tr data-findings="{row[4]} {row[5]}">' in described.to_html()
    # The smoothed lines have no course of their own.
    assert not [f for f in described.findings if f.kind == "trend" and f.series[0].series == 1]


def test_axes_that_end_elsewhere_are_told_of_each_panel() -> None:
    panels = [
        make_panel(make_series(range(20), range(20)), title=name, x_axis=_axis(0.0, end))
        for name, end in (("a", 20.0), ("b", 40.0))
    ]
    assert describe_figure(make_figure(*panels)).to_markdown().count("- The x axis") == 2


def test_many_series_are_told_by_where_they_end() -> None:
    at = np.arange(30.0)
    ways = (1.0, 1.0, 1.0, -1.0, -1.0, 0.0)
    rng = np.random.default_rng(3)
    lines = [make_series(at, way * at + rng.normal(size=30), name=f"run {k}") for k, way in enumerate(ways)]
    figure = make_figure(make_panel(*lines))
    (told,) = [f for f in describe_figure(figure).findings if f.kind == "course"]
    assert told.sentence == "Of the 6 series, 3 end clearly higher than they begin and 2 clearly lower."
    assert check_text(told.sentence, figure).counts()["holds"] == 1
    for wrong in (told.sentence.replace("3 end", "5 end"), told.sentence.replace("higher", "lower", 1)):
        assert check_text(wrong, figure).counts()["fails"] == 1


def test_lines_that_meet_close_their_gap() -> None:
    at = np.linspace(0, 100, 120)
    low = 3 + 7 * np.exp(-at / 4)
    both = [
        make_series(at, y, name=name, reading=0.003)
        for y, name in ((low + 0.3 * np.maximum(0.0, 1 - at / 80), "after"), (low, "before"))
    ]
    (gap,) = [f for f in describe_figure(make_figure(make_panel(*both))).findings if f.kind == "gap"]
    assert gap.direction == "down"
    assert gap.evidence["to"] == 0
    assert gap.evidence["from"] == pytest.approx(0.29, abs=0.02)


def test_waves_are_told_together_and_not_ranked_where_they_end() -> None:
    t = np.linspace(0, 60, 241)
    waves = [
        make_series(t, 10 * np.sin(2 * np.pi * (t - late) / 20), name=n) for late, n in ((0, "A"), (3, "B"))
    ]
    findings = describe_figure(make_figure(make_panel(*waves))).findings
    (course,) = [f for f in findings if f.kind == "course"]
    assert course.sentence == "A and B go up and down regularly, about every 20.0 units of x."
    assert not [f for f in findings if "highest" in f.evidence and f.role == "observation"]


def test_markers_that_changed_places_do_not_make_a_loop() -> None:
    rng = np.random.default_rng(5)
    at = np.arange(100.0)
    y = np.where(at < 60, 0.0, 8.0) + rng.normal(size=100)
    swapped = at.copy()
    swapped[[20, 21, 70, 71]] = [20.7, 20.4, 70.6, 70.4]
    (jump,) = [
        f
        for f in describe_figure(make_figure(make_panel(make_series(swapped, y)))).findings
        if f.kind == "level-shift"
    ]
    assert jump.x_range == (59.0, 60.0)
    angle = np.linspace(0, 2 * np.pi, 100)
    loop = make_panel(make_series(np.cos(angle), np.sin(angle)))
    assert not [f for f in describe_figure(make_figure(loop)).findings if f.kind in ("trend", "phase")]


def test_records_are_news_only_beside_a_level_course() -> None:
    rng = np.random.default_rng(6)
    at = np.arange(100.0)
    step = np.where(at < 60, 0.0, -9.0)
    for course, news in ((0 * at, True), (-0.2 * at, False)):
        figure = make_figure(make_panel(make_series(at, 100 + course + step + rng.normal(size=100))))
        text = describe_figure(figure).to_markdown()
        assert "drops suddenly" in text or "drop of" in text
        assert ("had never been so low before" in text) == news


def test_a_turn_says_where_it_leads_or_which_share_it_undoes() -> None:
    x = list(range(8))
    up = [1.0, 3.0, 5.0, 6.0, 5.0, 3.0, 1.0, -4.0]
    small = [1.0, 3.0, 5.0, 7.0, 9.0, 8.0, 7.0, 6.0]
    sentences = []
    for y in (up, small):
        figure = make_figure(make_panel(make_series(x, y, name="A")))
        (turn,) = [f for f in describe_figure(figure).findings if f.kind == "trend-change"]
        assert check_text(turn.sentence, figure).counts()["holds"] == 1
        sentences.append(turn.sentence)
    assert sentences[0].endswith("turns down from its highest value, 6.00 at x = 3, to -4.00 at x = 7.")
    assert sentences[1].endswith("the fall after it is 38% of the rise before it.")


def test_grouped_bars_are_compared() -> None:
    categories = ["A", "B", "C"]
    heights = {"x": [0.1, 0.7, 0.6], "y": [0.6, 0.2, 0.1], "z": [0.9, 1.1, 0.2]}
    bars = [make_series(categories, y, name=name, kind="bar", marker="none") for name, y in heights.items()]
    figure = make_figure(make_panel(*bars, x_axis=Axis(scale="category")))
    (told,) = [f for f in describe_figure(figure).findings if f.kind == "order"]
    assert told.sentence == "Among the 3 series, “z” is the highest at A and B; “x” at C."
    assert check_text(told.sentence, figure).counts()["holds"] == 1
    for wrong in (told.sentence.replace("A and B", "A"), told.sentence.replace("“z” is", "“y” is")):
        assert check_text(wrong, figure).counts()["fails"] == 1


def test_groups_of_a_cloud_are_told_by_what_the_axis_tells() -> None:
    rng = np.random.default_rng(11)
    x = rng.uniform(180, 230, 120)
    groups = [
        make_series(x, slope * x + 40 * rng.normal(size=120), name=name, kind="scatter", marker="circle")
        for slope, name in ((8.0, "Gentoo"), (0.0, "Adelie"))
    ]
    figure = make_figure(make_panel(*groups, x_label="Length", y_label="Mass"))
    steep, flat = [f for f in describe_figure(figure).findings if f.kind == "association"]
    start = "Across the 120 points of Gentoo, Mass tends to be higher where Length is higher (a strong rank"
    assert steep.sentence.startswith(start)
    assert "of Adelie, Mass shows no clear relation to Length" in flat.sentence
    for told in (steep, flat):
        assert check_text(told.sentence, figure).counts()["holds"] == 1
    wrong = steep.sentence.replace(f"{steep.evidence['rank_correlation']:.2f}", "0.50")
    assert check_text(wrong, figure).counts()["fails"] == 1


def test_nearly_equal_bars_are_not_ranked() -> None:
    both = [
        make_series(["A", "B"], y, name=name, kind="bar", reading=0.01)
        for y, name in (([1.0, 2.0], "x"), ([1.01, 3.0], "y"))
    ]
    findings = describe_figure(make_figure(make_panel(*both, x_axis=Axis(scale="category")))).findings
    assert not [f for f in findings if f.kind == "order"]


def test_times_are_told_as_finely_as_pixels_carry_them() -> None:
    hours = np.arange(0, 97, 2)
    start = np.datetime64("2013-01-01T12:07", "m")
    dates = [str(start + np.timedelta64(int(h) * 60, "m")) for h in hours]
    y = np.interp(hours, [0, 40, 96], [0.0, 30.0, 5.0])
    for width, told in ((400.0, "2013-01-03 04:00"), (6000.0, "2013-01-03 04:07")):
        frame = Frame(left=0.0, top=0.0, right=width, bottom=300.0)
        axis = Axis(scale="date", limits=(dates[0], dates[-1]))
        panel = make_panel(make_series(dates, y), x_axis=axis, frame=frame)
        assert told in describe_figure(make_figure(panel)).to_markdown()


def test_alt_text_says_the_course_and_the_doubt() -> None:
    rng = np.random.default_rng(9)
    at = np.arange(40.0)
    ways = (1.0, -1.0, 0.5, -0.5)
    panels = [
        make_panel(make_series(at, w * at + rng.normal(size=40), name=f"a rather long name of line {k}"))
        for k, w in enumerate(ways)
    ]
    figure = make_figure(*panels)
    sure = describe_figure(figure).alt_text
    assert "line 0 rises overall; " in sure
    assert "doubt" not in sure
    doubtful = replace(figure, panels=(replace(panels[0], status="suspect"), *panels[1:]))
    told = describe_figure(doubtful).alt_text
    assert told.endswith(" The reading is in doubt.")
    assert max(len(sure), len(told)) <= 250


def test_points_of_a_line_with_a_hole_are_those_that_could_be_read() -> None:
    rng = np.random.default_rng(10)
    at = np.arange(60.0)
    kept = (at < 20) | (at > 30)
    y = 0.1 * at + rng.normal(size=60)
    for x, values, told in (
        (at, y, "from x = 0 to x = 59, 60 points."),
        (at[kept], y[kept], "from x = 0 to x = 59; 49 of its points could be read."),
    ):
        assert told in describe_figure(make_figure(make_panel(make_series(x, values)))).to_markdown()


def test_what_slows_is_not_called_steady() -> None:
    at = np.arange(80.0)
    for y, steady in ((0.1 * at, True), (9 * np.exp(-at / 15), False)):
        figure = make_figure(make_panel(make_series(at, y + 0.02 * np.sin(at), name="Loss")))
        (trend,) = [f for f in describe_figure(figure).findings if f.kind == "trend"]
        assert ("steadily" in trend.sentence) == steady
