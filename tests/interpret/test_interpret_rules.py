"""Rules: every one is there, fires on its pattern and not without a premise; files are checked."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks.interpretation.build import Line, Plot, make_figure
from benchmarks.interpretation.general_cases import CASES
from benchmarks.interpretation.rule_cases import RuleCase, r9, r22
from chartscribe.cli import run
from digitizer.model import Notice
from interpret.describe import describe_figure
from interpret.knowledge.load import KnowledgeError, add_rules, load_knowledge

GOOD = """
[[quantity]]
id = "crop_yield"
better = "up"
words = ["crop yield"]
[[rule]]
id = "F1"
title = "Late frost"
x = ["time"]
hypothesis = "The drop of {a} {x} may come from a late frost."
confirms = ["a cold night"]
refutes = ["other fields"]
source = "practice"
[[rule.when]]
quantity = "crop_yield"
kind = ["level-shift"]
direction = "down"
"""


def rules_of(plots: list[Plot]) -> set[str | None]:
    return {f.rule for f in describe_figure(make_figure(*plots)).findings if f.level == 4}


def test_all_rules_of_the_list_are_there() -> None:
    ids = {rule.id for rule in load_knowledge().rules}
    assert ids == {f"R{k}" for k in range(1, 39)} | {f"G{k}" for k in range(1, 13)}
    assert {case.rule for case in CASES} == ids


@pytest.mark.parametrize("case", CASES[::4], ids=lambda case: case.rule)
def test_a_rule_fires_on_its_pattern_alone(case: RuleCase) -> None:
    fired = [case.rule in rules_of(case.positive(np.random.default_rng([100, k]))) for k in range(3)]
    assert sum(fired) >= 2
    for contrast in case.contrasts:
        assert case.rule not in rules_of(contrast(np.random.default_rng(100)))


@pytest.mark.parametrize("make", [r9, r22])
def test_the_same_curves_of_another_domain_mean_nothing(make: RuleCase) -> None:
    plots = make(np.random.default_rng(101))  # type: ignore[operator]
    words = {"y_label": "Water level", "x_label": "Distance"}
    lines = [[Line(y=line.y, name=f"site {k}") for k, line in enumerate(plot.lines)] for plot in plots]
    assert not rules_of([Plot(lines=some, **words) for some in lines])


def test_rules_of_ones_own_are_used() -> None:
    rng = np.random.default_rng(102)
    y = np.concatenate([np.full(30, 8.0), np.full(20, 4.0)]) + rng.normal(0, 0.1, 50)
    figure = make_figure(Plot(lines=[Line(y=y)], y_label="Crop yield (t/ha)", x_label="Year"))
    known = add_rules(GOOD, "mine.toml")
    (told,) = [f for f in describe_figure(figure, knowledge=known).findings if f.rule == "F1"]
    assert told.sentence == "The drop of the crop yield in 30 may come from a late frost."
    assert not [f for f in describe_figure(figure).findings if f.level == 4]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("may come", "comes", "hypothesis must hedge"),
        ('title = "Late frost"', "", "must have title"),
        ('title = "Late frost"', 'title = "T"\ncolour = 1', "unknown field 'colour'"),
        ('quantity = "crop_yield"', 'quantity = "crop"', "'crop' is not among the quantities"),
        ('"level-shift"', '"wobble"', "not ['wobble']"),
        ('direction = "down"', 'direction = "left"', "direction must be one of up, down, flat, not 'left'"),
        ("{x}", "{y}", "may hold {a}, {b} and {x}, not ['y']"),
        ('better = "up"', 'better = "more"', "better must be one of up, down, neutral, not 'more'"),
        ("[[rule]]", "[[rules]]", "unknown table 'rules'"),
        ('id = "F1"', 'id = "F1', "is no TOML"),
    ],
)
def test_a_wrong_file_is_told_what_is_wrong(old: str, new: str, problem: str) -> None:
    with pytest.raises(KnowledgeError, match=re.escape(problem)):
        add_rules(GOOD.replace(old, new, 1), "mine.toml")


def test_the_command_lists_and_checks(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run(["rules", "list"]) == 0
    lines = capsysbinary.readouterr().out.decode().splitlines()
    assert [line.split()[0] for line in lines] == [f"G{k}" for k in range(1, 13)] + [
        f"R{k}" for k in range(1, 39)
    ]
    good, bad = tmp_path / "good.toml", tmp_path / "bad.toml"
    good.write_text(GOOD)
    bad.write_text(GOOD.replace("may come", "comes").replace("level-shift", "wobble"))
    assert run(["rules", "check", str(good)]) == 0
    assert capsysbinary.readouterr().out.decode() == f"{good}: all right; 1 rule, 1 quantity\n"
    assert run(["rules", "check", str(bad)]) == 1
    assert len(capsysbinary.readouterr().out.decode().splitlines()) == 2
    assert run(["rules", "check", str(tmp_path / "none.toml")]) == 2


@pytest.mark.parametrize(
    ("confidence", "code", "considered"),
    [(0.9, "doubts-add-up", True), (0.5, "doubts-add-up", False), (0.9, "scale-residual", False)],
)
def test_slight_doubts_are_told_with_a_cause_and_grave_ones_forbid_it(
    confidence: float, code: str, considered: bool
) -> None:
    plots = r9(np.random.default_rng(101))
    sure = make_figure(*plots)
    doubt = Notice(code=code, message="There is a doubt.")
    panels = [replace(p, status="suspect", confidence=confidence, warnings=(doubt,)) for p in sure.panels]
    told = [
        f
        for f in describe_figure(replace(sure, panels=tuple(panels))).findings
        if f.level == 4 and f.rule == "R9"
    ]
    assert bool(told) == considered
    assert all("if the reading, which is in doubt, is right" in f.sentence for f in told)
    (firm,) = [f for f in describe_figure(sure).findings if f.rule == "R9"]
    assert all(f.confidence < firm.confidence for f in told)
