"""Texts between two panels are labels where the same words stand below the last one."""

from __future__ import annotations

from digitizer.evidence import Box, TextSpan
from digitizer.stages.roles.between import drop_repeated_labels


def text(words: str, top: float) -> TextSpan:
    return TextSpan(box=Box(left=40, top=top, right=90, bottom=top + 10), text=words, confidence=1.0)


def test_words_that_stand_below_the_last_panel_are_labels_between_panels() -> None:
    between, last = text("Frequency (Hz)", 290), text("Frequency (Hz)", 600)
    claims = [(9.0, 1, "title", between), (10.0, 0, "x_label", between), (10.0, 1, "x_label", last)]
    assert drop_repeated_labels(claims) == claims[1:]


def test_other_words_between_panels_may_be_titles() -> None:
    between, last = text("Loss", 290), text("Step", 600)
    claims = [(9.0, 1, "title", between), (10.0, 0, "x_label", between), (10.0, 1, "x_label", last)]
    assert drop_repeated_labels(claims) == claims
