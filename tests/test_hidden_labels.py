"""Labels of ticks that a drawing keeps and does not show."""

from __future__ import annotations

import numpy as np
import pytest

import chartscribe
from digitizer.drawing import DrawnLine
from digitizer.evidence import AxisEvidence, Box, TextSpan
from digitizer.stages.drawn.hidden import with_hidden

MARKS = np.array([40.0, 80.0, 120.0, 160.0])


def a_box(at: float, top: float) -> Box:
    return Box(left=at - 15, top=top, right=at + 15, bottom=top + 10)


def an_axis(*words: str) -> AxisEvidence:
    places = MARKS[: 2 * len(words) : 2]
    return AxisEvidence(
        side="bottom",
        marks=MARKS,
        labels=tuple(
            TextSpan(box=a_box(at, 200), text=word, confidence=0.9)
            for at, word in zip(places, words, strict=True)
        ),
        label_px=places,
        label_sigma_px=np.full(len(places), 0.3),
    )


@pytest.mark.parametrize("words", [("November", "January"), ("1", "3")])
def test_marks_of_words_take_their_hidden_labels(words: tuple[str, str]) -> None:
    hidden = [
        DrawnLine(text="2024", box=a_box(80, 201)),
        DrawnLine(text="elsewhere", box=a_box(160, 100)),
        DrawnLine(text="between", box=a_box(140, 200)),
    ]
    axis = with_hidden(an_axis(*words), hidden)
    assert axis is not None
    texts = [label.text for label in axis.labels]
    assert texts == ([words[0], "2024", words[1]] if words[0].isalpha() else list(words))


def test_a_hidden_year_tells_which_months_these_are() -> None:
    places = [50.0 + 3.3 * days for days in (0, 30, 61, 92, 121)]
    words = ["November", "December", "2024", "February", "March"]
    ticks = "".join(f'<path d="M{x},250 v6" stroke="#888"/>' for x in places)
    labels = "".join(
        f'<text x="{x}" y="268" font-size="12" text-anchor="middle" opacity="{int(word.isalpha())}">'
        f"{word}</text>"
        for x, word in zip(places, words, strict=True)
    )
    rows = "".join(
        f'<path d="M44,{250 - 60 * k} h6" stroke="#888"/>'
        f'<text x="40" y="{254 - 60 * k}" font-size="12" text-anchor="end">{10 * k}</text>'
        for k in range(5)
    )
    line = " ".join(f"{x},{240 - 0.4 * x + 20 * (x // 40 % 3)}" for x in range(60, 460, 10))
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="500" height="290">'
        f'<path d="M50,10 V250 H480" fill="none" stroke="#888"/>{ticks}{labels}{rows}'
        f'<polyline points="{line}" fill="none" stroke="#1f77b4" stroke-width="2"/></svg>'
    )
    (panel,) = chartscribe.digitize(svg.encode()).panels
    assert panel.x_axis.scale == "date"
    assert [tick.value for tick in panel.x_axis.ticks][:3] == ["2023-11-01", "2023-12-01", "2024-01-01"]
