"""Names on several lines in a legend: one name where a sample stands beside the middle of the lines."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from digitizer.evidence import Box, Picture, TextSpan
from digitizer.stages.legend.wrapped import join_wrapped_names

ROW = 16
COLORS = ((31, 119, 180), (214, 39, 40), (44, 160, 44))


def drawn(
    names: list[list[str]], *, indent: int = 0, samples: int | None = None, lone_rows: bool = False
) -> tuple[Picture, list[TextSpan]]:
    """A legend of names with so many samples beside their middles, or one beside each row."""
    rgb = np.full((40 + 3 * ROW * len(names), 320, 3), 255, np.uint8)
    spans, top = [], 20
    for k, lines in enumerate(names):
        middle = top + (ROW * (len(lines) - 1) + 10) // 2
        rows = [top + 5 + ROW * i for i in range(len(lines))] if lone_rows else [middle]
        for row in rows if samples is None or k < samples else []:
            cv2.line(rgb, (30, row), (60, row), COLORS[k], 2)
        for i, line in enumerate(lines):
            left, y = 70 + indent * (i > 0), top + ROW * i
            if indent and i:
                cv2.arrowedLine(rgb, (71, y + 5), (80, y + 5), (0, 0, 0), 1)
            cv2.putText(rgb, line, (left, y + 10), cv2.FONT_HERSHEY_SIMPLEX, 0.4, (0, 0, 0), 1, cv2.LINE_AA)
            box = Box(left=left, top=y, right=left + 7 * len(line), bottom=y + 10)
            spans.append(TextSpan(box=box, text=line, confidence=0.9, panel=0))
        top += ROW * len(lines) + 10
    return Picture(name="drawn", sha256="", rgb=rgb), spans


@pytest.mark.parametrize("indent", [0, 13])
def test_lines_beside_whose_middle_a_sample_stands_are_one_name(indent: int) -> None:
    names = [["Adam", "best at 900"], ["baseline"], ["SGD with", "momentum", "and decay"]]
    picture, spans = drawn(names, indent=indent)
    found = join_wrapped_names(picture, (), spans)
    assert sorted(s.text for s in found) == sorted(" ".join(lines) for lines in names)
    wide = next(s for s in found if s.text.startswith("SGD"))
    assert (wide.box.top, wide.box.bottom) == (spans[3].box.top, spans[5].box.bottom)
    assert wide.box.left == pytest.approx(70, abs=3)
    assert wide.panel == 0


def test_names_with_a_sample_each_stay_apart() -> None:
    picture, spans = drawn([["Adam", "SGD", "Lion"], ["baseline", "ours"]], lone_rows=True)
    assert [s.text for s in join_wrapped_names(picture, (), spans)] == [s.text for s in spans]


def test_a_mark_beside_a_remark_of_two_lines_makes_no_name() -> None:
    picture, spans = drawn([["the loss falls", "from here on"], ["later", "it rises"]], samples=1)
    assert [s.text for s in join_wrapped_names(picture, (), spans)] == [s.text for s in spans]


def test_no_texts_are_no_names() -> None:
    assert join_wrapped_names(drawn([["one"]])[0], (), []) == ()
