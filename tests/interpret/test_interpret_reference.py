"""The description of the reference figure says what the data support, under any noise."""

from __future__ import annotations

import re
from functools import lru_cache

import numpy as np
import pytest
from interpret_charts import reference_figure
from sentence_checker import unbacked_numbers

from fixtures.reference import reference_data
from interpret.describe import Description, describe_figure
from interpret.findings.model import Finding

SEEDS = (70, 71, 73, 76, 79, 81)
SECTIONS = ["Overview", "Components/Axes", "Detailed Analysis", "Key Observations", "Interpretation"]


@lru_cache
def described(seed: int) -> Description:
    return describe_figure(reference_figure(reference_data(seed)))


def find(description: Description, kind: str, series: int | None = None) -> list[Finding]:
    return [
        f
        for f in description.findings
        if f.kind == kind and f.asserts and (series is None or [r.panel for r in f.series] == [series])
    ]


def test_sections_and_title() -> None:
    text = described(70).to_markdown()
    assert text.startswith("## Line charts: Response Length vs Step and Train Reward vs Step\n")
    assert re.findall(r"^### (.*)$", text, re.M) == SECTIONS


def test_construction() -> None:
    text = described(70).to_markdown()
    for part in (
        "two line charts, side by side",
        "“Response Length vs Step” on the left and “Train Reward vs Step” on the right",
        "The x axes (“Step”) have equal labels and ticks.",
        "Both series run from step 0 to step 70, 71 points each.",
        "ticks 0, 10, 20, 30, 40, 50, 60, 70",
        "ticks 500, 550, 600, 650; the frame runs from about 470 to 692",
        "ticks 1.50, 1.55, 1.60, 1.65, 1.70, 1.75, 1.80, 1.85, 1.90",
        "a blue line with circle markers",
        "a red line with square markers",
        "There is no legend",
    ):
        assert part in text


@pytest.mark.parametrize("seed", SEEDS)
def test_events(seed: int) -> None:
    description = described(seed)
    (drop,) = find(description, "level-shift")
    assert drop.x_range == (65.0, 66.0)
    assert drop.direction == "down"
    assert drop.evidence["at"] == pytest.approx(1.72, abs=0.002)
    assert drop.evidence["size"] == pytest.approx(0.15, abs=0.01)
    dips = find(description, "dip")
    assert all(f.series[0].panel == 0 for f in dips)
    deepest = max(dips, key=lambda f: f.salience)
    assert deepest.evidence["x_at"] == 60
    assert not find(description, "peak")
    (open_end,) = [f for f in description.findings if f.kind == "end-behaviour"]
    assert not open_end.asserts
    assert open_end.evidence["recovery"] == pytest.approx(0.4, abs=0.03)
    assert open_end.evidence["n_after"] == 4


@pytest.mark.parametrize("seed", SEEDS)
def test_course(seed: int) -> None:
    description = described(seed)
    assert [f.direction for f in find(description, "trend", 0)] == ["up"]
    assert not find(description, "trend", 1)
    (plateau,) = find(description, "plateau", 1)
    assert plateau.x_range is not None
    assert 28 <= float(plateau.x_range[0]) <= 48
    assert plateau.x_range[1] == 65
    phases = find(description, "phase", 1)
    assert all(f.direction == "up" for f in phases)
    assert "fast" in phases[0].sentence


def test_the_dip_of_the_drawn_figure_is_told_without_a_hedge() -> None:
    (dip,) = find(described(70), "dip")
    assert dip.confidence > 0.9
    assert "could also" not in dip.sentence


def test_between_the_series() -> None:
    description = described(70)
    (still,) = find(description, "divergence")
    assert still.evidence["x_at"] == 60
    (opposite,) = find(description, "opposite-move")
    assert "rests on 10 points" in opposite.sentence
    (timing,) = find(description, "timing")
    assert [r.panel for r in timing.series] == [1, 0]
    assert not find(description, "correlation")
    (shared,) = [f for f in description.findings if f.kind == "association"]
    assert not shared.asserts


@pytest.mark.parametrize("seed", SEEDS)
def test_hypotheses(seed: int) -> None:
    hypotheses = [f for f in described(seed).findings if f.level == 4]
    rules = {f.rule for f in hypotheses}
    assert "R1" not in rules
    assert "R3" not in rules
    assert {"R9", "R15"} <= rules
    assert len(hypotheses) <= 3
    for finding in hypotheses:
        assert re.search(r"\b(may|could|might|consistent with)\b", finding.sentence)
        assert finding.confirms
        assert finding.refutes


def test_deciding_evidence_and_no_flagged_claim() -> None:
    text = described(70).to_markdown()
    assert "R5" in {f.rule for f in described(70).findings}
    for part in ("truncation ratio", "KL divergence", "entropy", "validation"):
        assert part in text
    for flagged in (
        "hacking",
        "forgetting",
        "sharing a common",
        "robust",
        "stable policy",
        "inverse relationship",
    ):
        assert flagged not in text


@pytest.mark.parametrize("seed", SEEDS)
def test_numbers_are_backed_and_bytes_repeat(seed: int) -> None:
    figure = reference_figure(reference_data(seed))
    description = described(seed)
    for finding in description.findings:
        if finding.level >= 2:
            assert not unbacked_numbers(finding, figure), finding.sentence
    again = describe_figure(figure)
    assert again.to_markdown() == description.to_markdown()
    assert again.to_dict() == description.to_dict()
    assert len(description.alt_text) <= 250


def test_every_claim_carries_its_ids() -> None:
    description = described(70)
    text = description.to_markdown()
    ids = {f.id for f in description.findings if f.level >= 2}
    assert set(re.findall(r"<!-- (f\d+) -->", text)) <= ids
    body = text.split("### Detailed Analysis")[1]
    for line in body.splitlines():
        if line and not line.startswith(("**", "#", "What follows")):
            assert line.endswith("-->"), line


def test_rescaling_changes_only_numbers() -> None:
    length, reward = reference_data(70)
    plain = describe_figure(reference_figure((length, reward)))
    scaled = describe_figure(reference_figure((length * 1000, reward * 1000)))
    assert [(f.kind, f.direction, f.x_range) for f in plain.findings] == [
        (f.kind, f.direction, f.x_range) for f in scaled.findings
    ]
    for one, other in zip(plain.findings, scaled.findings, strict=True):
        if one.level >= 2:
            assert _words(one.sentence) == _words(other.sentence)


def test_mirrored_values_mirror_directions() -> None:
    length, reward = reference_data(70)
    plain = describe_figure(reference_figure((length, reward)))
    mirrored = describe_figure(reference_figure((1000 - length, 4 - reward)))
    flip = {"up": "down", "down": "up", "flat": "flat", None: None}
    kinds = ("trend", "phase", "plateau", "level-shift", "dip", "peak")
    swap = {"dip": "peak", "peak": "dip"}
    one = [
        (swap.get(f.kind, f.kind), flip[f.direction]) for f in plain.findings if f.kind in kinds and f.asserts
    ]
    other = [(f.kind, f.direction) for f in mirrored.findings if f.kind in kinds and f.asserts]
    assert one == other


def _words(sentence: str) -> list[str]:
    return re.sub(r"[-+]?\d[\d.e+]*", "#", sentence).split()


def test_reading_noise_changes_little() -> None:
    rng = np.random.default_rng(5)
    length, reward = reference_data(70)
    jittered = (length + rng.normal(0, 0.3, 71), reward + rng.normal(0, 0.0005, 71))
    kinds = ("trend", "plateau", "level-shift", "dip", "divergence", "opposite-move")
    one = [f.kind for f in described(70).findings if f.kind in kinds and f.asserts]
    other = [
        f.kind for f in describe_figure(reference_figure(jittered)).findings if f.kind in kinds and f.asserts
    ]
    assert one == other
