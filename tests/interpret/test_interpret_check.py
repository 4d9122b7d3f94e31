"""The checker bears out true texts, catches falsified ones, and reads texts that others wrote."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from interpret_charts import line_figure, make_figure, make_panel, make_series, reference_figure

from benchmarks.interpretation.build import make_figure as build
from benchmarks.interpretation.event_cases import event_case
from benchmarks.interpretation.mutations import KINDS, mutate
from chartscribe.cli import run
from digitizer.model import Axis, Figure
from fixtures.reference import reference_data
from interpret.check import check_text
from interpret.describe import describe_figure


@pytest.mark.parametrize("seed", [70, 73, 79])
def test_the_description_of_the_reference_holds(seed: int) -> None:
    figure = reference_figure(reference_data(seed))
    report = check_text(describe_figure(figure).to_markdown(), figure)
    assert [c.sentence.text for c in report.checked if c.verdict == "fails"] == []
    assert report.counts()["holds"] >= 15


def test_falsified_sentences_are_caught() -> None:
    n, missed = 0, []
    for seed in range(12):
        figure = build(*event_case(np.random.default_rng([50, seed])).plots)
        names = [panel.y_axis.label or "" for panel in figure.panels]
        for finding in describe_figure(figure).findings:
            if finding.level not in (2, 3) or not check_text(finding.sentence, figure).counts()["holds"]:
                continue
            for kind in KINDS:
                wrong = mutate(finding.sentence, kind, names, np.random.default_rng(seed))
                if wrong is None or wrong == finding.sentence:
                    continue
                n += 1
                if check_text(wrong, figure).agrees:
                    missed.append(wrong)
    assert n > 150
    assert len(missed) <= 0.05 * n, missed


def steps() -> Figure:
    y = np.concatenate([np.linspace(1.0, 2.0, 51), np.full(20, 1.5)])
    return line_figure(y, labels=("Train loss",))


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("- Step 10: ~1.20", "holds"),
        ("- Step 10: ~1.40", "fails"),
        ("At step 50, the train loss is 2.00.", "holds"),
        ("The train loss reaches 1.6 at step 10.", "fails"),
        ("The train loss has a maximum of 2.0.", "holds"),
        ("The minimum is 0.8.", "fails"),
        ("The train loss rises from 1.0 to 2.0 and then falls.", "holds"),
        ("The train loss falls from 2.0 to 1.5 after that.", "holds"),
        ("The train loss falls from 1.0 to 2.0.", "fails"),
        ("The blue line shows an upward trend.", "holds"),
        ("The blue line shows a downward trend.", "fails"),
        ("The series runs from step 0 to step 70, 71 points.", "holds"),
        ("The series runs from step 0 to step 70, 80 points.", "fails"),
        ("The train loss increases because of the learning rate.", "unclear"),
    ],
)
def test_texts_of_others_are_read(text: str, verdict: str) -> None:
    (checked,) = check_text(text, steps()).checked
    assert checked.verdict == verdict, checked.claims


def dipped() -> Figure:
    """A rise to 10 with a scatter of 0.1, and dips of 2 at steps 20 and 50."""
    y = np.linspace(0, 10, 71) + 0.1 * np.random.default_rng(1).normal(size=71)
    y[[20, 50]] -= 2.0
    return line_figure(y, labels=("Train Loss",))


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Notable dips occur around steps 20 and 50.", "holds"),
        ("Notable dips occur around steps 10, 20 and 50.", "fails"),
        ("Peaks appear near step 20.", "fails"),
        ("Step ~50: sharp dip to ~5.1.", "holds"),
        ("Step ~50: sharp dip to ~3.", "fails"),
        ("Step 40-49: slow rise, between ~5.6 and ~7.1.", "holds"),
        ("Step 40-49: plateau, between ~5.6 and ~6.", "fails"),
        ("The chart shows data from step 0 to step 70.", "holds"),
        ("The chart shows data from step 0 to step 90.", "fails"),
        ("For the first ~30 steps, the train loss shows a general upward trend.", "holds"),
        ("For the first ~30 steps, the train loss keeps falling.", "fails"),
    ],
)
def test_what_others_write_loosely_is_judged(text: str, verdict: str) -> None:
    (checked,) = check_text(text, dipped()).checked
    assert checked.verdict == verdict, checked.claims


@pytest.mark.parametrize(("place", "holds"), [(14, True), (16, True), (40, False)])
def test_a_peak_of_several_points_is_judged_from_its_foot(place: int, holds: bool) -> None:
    # Five points ten standard deviations up: beside the first of them lie the others.
    y = np.random.default_rng(2).normal(size=60)
    y[14:19] += 10.0
    figure = line_figure(y, labels=("Level 1",))
    (checked,) = check_text(f"Level 1 shows no clear trend, with a peak at step {place}.", figure).checked
    assert checked.verdict == ("holds" if holds else "fails"), checked.claims


def drifting() -> Figure:
    """An approach to 3 that goes on falling from about 3.3 to 3.1 over its second half."""
    at = np.arange(200.0)
    y = 3.0 + 7.0 * np.exp(-at / 12) + 0.45 * np.exp(-at / 140)
    return line_figure(y + np.random.default_rng(7).normal(0, 0.005, at.size), labels=("Loss",))


@pytest.mark.parametrize(("way", "verdict"), [("falling", "holds"), ("rising", "fails")])
def test_what_a_plateau_still_does_is_judged(way: str, verdict: str) -> None:
    text = f"Loss falls fast and stays on a plateau from step 100 (still {way} slowly)."
    (checked,) = check_text(text, drifting()).checked
    assert checked.verdict == verdict, checked.claims


def test_the_overview_tells_that_a_plateau_drifts() -> None:
    described = describe_figure(drifting())
    (plateau,) = [f for f in described.findings if f.kind == "plateau"]
    (course,) = [f for f in described.findings if f.kind == "course"]
    assert "it still falls there" in plateau.sentence
    assert "(still falling slowly)" in course.sentence
    assert not check_text(described.to_markdown(), drifting()).counts()["fails"]


def course() -> Figure:
    """Up to 3 at step 20, down to 2 at step 40, level until step 59, down to 1 at once, and slowly up."""
    up, down = np.linspace(0.0, 3.0, 21), np.linspace(3.0, 2.0, 21)[1:]
    y = np.concatenate([up, down, np.full(19, 2.0), np.linspace(1.0, 1.4, 21)])
    return line_figure(y, labels=("Loss",))


@pytest.mark.parametrize(
    ("told", "verdict"),
    [
        ("rises until step 20 and falls", "holds"),
        ("rises fast until step 20, falls, then more slowly", "holds"),
        ("falls until step 20 and falls", "fails"),
        ("rises until step 60 and rises", "fails"),
        (
            "rises until step 20, falls, stays on a plateau from step 40 and drops suddenly at step 60",
            "holds",
        ),
        (
            "rises until step 20, rises, stays on a plateau from step 40 and drops suddenly at step 60",
            "fails",
        ),
        ("rises until step 20, falls, drops suddenly at step 60 and rises", "holds"),
        ("rises until step 20, falls, drops suddenly at step 60 and falls", "fails"),
        ("falls from step 20", "holds"),
        ("rises from step 20", "fails"),
        ("rises until step 20", "holds"),
        ("falls until step 20", "fails"),
        ("first rises from 0.0 at step 0 to 3.0 at step 20, against its later course", "holds"),
        ("rises and drops suddenly at step 60", "holds"),
        ("falls and drops suddenly at step 60", "fails"),
    ],
)
def test_courses_are_followed_from_place_to_place(told: str, verdict: str) -> None:
    (checked,) = check_text(f"Loss {told}.", course()).checked
    assert checked.verdict == verdict, checked.claims


def test_a_place_that_counts_is_meant_exactly() -> None:
    figure = line_figure(np.arange(400.0) % 50, labels=("Loss",))
    for place, verdict in ((120, "holds"), (121, "holds"), (123, "fails")):
        (checked,) = check_text(f"The loss is 20.0 at step {place}.", figure).checked
        assert checked.verdict == verdict, checked.claims


def test_the_command_tells_what_fails(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    figure = tmp_path / "figure.json"
    figure.write_text(steps().to_json())
    right, wrong = tmp_path / "right.md", tmp_path / "wrong.md"
    right.write_text("The train loss is highest at 2.0 at step 50.")
    wrong.write_text("The train loss is highest at 2.0 at step 50. It is lowest at 1.7 at step 3.")
    assert run(["check", str(right), "--data", str(figure)]) == 0
    assert capsysbinary.readouterr().out.decode().startswith("1 sentences about the data: 1 hold")
    assert run(["check", str(wrong), "--data", str(figure), "--format", "json"]) == 1
    report = json.loads(capsysbinary.readouterr().out)
    assert report["counts"] == {"holds": 1, "fails": 1, "unclear": 0}
    assert [s["verdict"] for s in report["sentences"]] == ["holds", "fails"]
    assert run(["check", str(tmp_path / "none.md"), "--data", str(figure)]) == 2


def test_dates_at_a_sentences_end_are_read() -> None:
    days = [f"2014-04-{d:02d}T15:51" for d in range(1, 31)]
    panel = make_panel(
        make_series(days, np.arange(30.0), name="level"), x_axis=Axis(label="Day", scale="date")
    )
    (checked,) = check_text("The level is highest at 29 on 2014-04-30T15:51.", make_figure(panel)).checked
    assert checked.verdict == "holds"
    assert check_text("The level peaks at 29 on 2014-13-45.", make_figure(panel)).counts()["holds"] == 0


@pytest.mark.parametrize(
    ("sentence", "holds"),
    [
        ("The values of Signal range from 0 (at step 0) to 49 (at step 49, the last point).", True),
        ("The values of Signal range from 0 (at step 30) to 49 (at step 49).", False),
        ("All values of Signal lie between 0 (at step 0) and 40 (at step 40).", False),
        (
            "With 0 at step 0, the first point, Signal is at its lowest; with 49 at step 49, at its highest.",
            True,
        ),
        ("With 0 at step 0, Signal is at its highest; with 49 at step 49, at its highest.", False),
        ("Signal strays by about 20 from its course (one standard deviation).", False),
        (
            "Seen as a whole, Signal falls from 2 (median of steps 0 to 4) to 47 (median of steps 45 to 49).",
            False,
        ),
    ],
)
def test_each_phrasing_is_judged(sentence: str, holds: bool) -> None:
    figure = line_figure(np.arange(50.0), labels=("Signal",))
    report = check_text(sentence, figure)
    assert report.agrees == holds
    assert not holds or report.counts()["holds"] == 1


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [(-8.0, 8.0, "holds"), (-8.0, 4.0, "fails"), (-8.5, 8.5, "fails"), (-6.5, 8.0, "fails")],
)
def test_a_share_of_the_points_is_judged_to_two_hundredths(low: float, high: float, verdict: str) -> None:
    # Evenly from -10 to 10: 80 % lie within 8, 5 % more within 8.5, 7 % fewer above -6.5.
    figure = line_figure(np.random.default_rng(5).permutation(np.linspace(-10, 10, 201)), labels=("Signal",))
    text = f"80% of its points lie between {low} and {high}."
    (checked,) = check_text(f"Signal shows no clear trend; its median is 0.0, and {text}", figure).checked
    assert checked.verdict == verdict, checked.claims


@pytest.mark.parametrize(("place", "verdict"), [(40, "holds"), (98, "fails")])
def test_two_points_at_the_end_are_no_plateau(place: int, verdict: str) -> None:
    figure = line_figure(
        np.r_[np.linspace(9.0, 1.0, 41), np.full(55, 1.0), np.full(4, 0.0)], labels=("Loss",)
    )
    (checked,) = check_text(f"Loss falls and stays on a plateau from step {place}.", figure).checked
    assert checked.verdict == verdict, checked.claims


@pytest.mark.parametrize(
    ("told", "verdict"),
    [
        ("stays on a plateau from step 40 and drops suddenly at step 96", "holds"),
        ("stays on a plateau from step 94 and drops suddenly at step 96", "fails"),
        ("falls and stays on a plateau from step 80", "fails"),
        ("stays on a plateau from step 20 until step 60", "fails"),
    ],
)
def test_a_plateau_begins_where_its_level_is_reached(told: str, verdict: str) -> None:
    y = np.r_[np.linspace(9.0, 1.0, 41), np.full(55, 1.0), np.full(4, 0.0)]
    (checked,) = check_text(f"Loss {told}.", line_figure(y, labels=("Loss",))).checked
    assert checked.verdict == verdict, checked.claims


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Values of Time: 194 (sprintf); 62 (vc); 27 (null).", "holds"),
        ("Values of Time: 194 (sprintf); 27 (vc); 62 (null).", "fails"),
        ("Time is lowest at null (27) and highest at kind sprintf (194).", "holds"),
        ("Time is lowest at vc (62) and highest at sprintf (194).", "fails"),
    ],
)
def test_values_of_categories_are_judged(text: str, verdict: str) -> None:
    bars = make_series(["sprintf", "vc", "null"], np.array([194.0, 62.0, 27.0]), name="Time", kind="bar")
    figure = make_figure(make_panel(bars, x_axis=Axis(label="Kind", scale="category")))
    (checked,) = check_text(text, figure).checked
    assert checked.verdict == verdict, checked.claims


def test_where_a_course_begins_and_stands_is_judged() -> None:
    at = np.arange(101.0)
    figure = line_figure(np.minimum(at / 20, 1.0), at / 100, labels=("A", "B"))
    for start, verdict in (("0.00", "holds"), ("0.20", "fails")):
        first = "A changes first: by step 16 it has made 80% of its rise from 0.00 to 1.00"
        text = f"{first}, B only 16% of its rise from {start} to 1.00."
        (checked,) = check_text(text, figure).checked
        assert checked.verdict == verdict, checked.claims


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Sales of the 1990s: it fell from 1992 to 1996.", "unclear"),
        ("Sales shows an upward trend until 1995, then a decline.", "unclear"),
        ("Sales shows an upward trend.", "fails"),
        ("Sales falls from 40 to 20.", "holds"),
    ],
)
def test_years_are_places_and_a_part_is_not_the_whole(text: str, verdict: str) -> None:
    years = np.arange(1990.0, 2002.0)
    panel = make_panel(
        make_series(years, np.linspace(42.0, 20.0, 12), name="Sales"), x_axis=Axis(label="Year")
    )
    (checked,) = check_text(text, make_figure(panel)).checked
    assert checked.verdict == verdict, checked.claims


@pytest.mark.parametrize(("verb", "verdict"), [("falls", "holds"), ("rises", "fails")])
def test_a_move_told_from_its_start_is_judged(verb: str, verdict: str) -> None:
    figure = line_figure(np.r_[np.linspace(1.0, 3.0, 5), np.linspace(2.5, 0.5, 5)], labels=("Loss",))
    (checked,) = check_text(f"From 3.0 at step 4, Loss {verb} to 0.5 at step 9.", figure).checked
    assert checked.verdict == verdict, checked.claims
