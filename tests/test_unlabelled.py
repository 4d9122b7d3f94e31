"""Categories between labelled ones get their names where the row is known, and none elsewhere."""

from __future__ import annotations

import numpy as np
import pytest

from digitizer.evidence import AxisEvidence, Box, TextSpan, Trace
from digitizer.stages.axes.ordered import fit_categories
from digitizer.stages.values.unlabelled import name_unlabelled

FIRST, SPACING = 60.0, 30.0


def axis(texts: list[str], step: int) -> AxisEvidence:
    px = FIRST + SPACING * step * np.arange(len(texts))
    spans = tuple(
        TextSpan(box=Box(left=x - 9, right=x + 9, top=300, bottom=309), text=t, confidence=0.99)
        for t, x in zip(texts, px, strict=True)
    )
    return AxisEvidence(
        side="bottom", marks=px, labels=spans, label_px=px, label_sigma_px=np.full(len(px), 0.3)
    )


def line(n: int, seed: int = 2) -> Trace:
    x = FIRST + SPACING * np.arange(n)
    y = np.random.default_rng(seed).uniform(40, 260, n)
    return Trace(
        kind="line",
        color=(0, 0, 0),
        x_px=x,
        y_px=y,
        sigma_px=np.full(n, 0.1),
        sampled_at="vertices",
        line_width_px=2.0,
    )


@pytest.mark.parametrize(
    ("printed", "step", "n", "whole"),
    [
        (["Jan", "Mar", "May", "July"], 2, 8, ["Jan", "Feb", "Mar", "Apr", "May", "June", "July", "Aug"]),
        (["Nov", "Feb", "May"], 3, 7, ["Nov", "Dec", "Jan", "Feb", "Mar", "Apr", "May"]),
        (["MON", "WED", "FRI"], 2, 7, ["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"]),
        (["Week 2", "Week 4", "Week 6"], 2, 5, [f"Week {k}" for k in range(2, 7)]),
    ],
)
def test_the_names_between_are_known(printed: list[str], step: int, n: int, whole: list[str]) -> None:
    evidence = axis(printed, step)
    full, scale = name_unlabelled(evidence, fit_categories(evidence), [line(n)])
    assert full is not None
    assert scale is not None
    assert [s.text for s in full.labels] == whole
    assert full.label_px == pytest.approx(FIRST + SPACING * np.arange(n))
    # Names that nobody printed are no proof.
    assert "axis-kind-unproven" in scale.problems


@pytest.mark.parametrize(
    ("printed", "step", "n"),
    [
        (["oak", "elm", "ash"], 2, 5),
        (["Jan", "Mar", "June"], 2, 5),
        (["Jan", "Feb", "Mar"], 1, 3),
        (["Jan", "Mar", "May"], 1, 3),
    ],
)
def test_nothing_is_invented(printed: list[str], step: int, n: int) -> None:
    evidence = axis(printed, step)
    before = fit_categories(evidence)
    after, scale = name_unlabelled(evidence, before, [line(n)])
    assert after is evidence
    assert scale is before
