"""Names on several lines in a legend: one name where a sample stands beside their middle or the first."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from digitizer.evidence import Box, Picture, TextSpan
from digitizer.stages.axes.find import find_axes
from digitizer.stages.legend.find import find_legends
from digitizer.stages.legend.wrapped import join_wrapped_names
from digitizer.stages.panels.find import find_panels

ROW = 16
COLORS = ((31, 119, 180), (214, 39, 40), (44, 160, 44), (148, 103, 189))


def drawn(
    names: list[list[str]],
    *,
    indent: int = 0,
    samples: int | None = None,
    lone_rows: bool = False,
    first: bool = False,
    gap: int = 10,
    row: int = ROW,
    dots: bool = False,
) -> tuple[Picture, list[TextSpan]]:
    """A legend of names with so many samples beside their middles or first lines, or one beside each row."""
    rgb = np.full((40 + 3 * ROW * len(names), 320, 3), 255, np.uint8)
    spans, top = [], 20
    for k, lines in enumerate(names):
        middle = top + 5 if first else top + (row * (len(lines) - 1) + 10) // 2
        rows = [top + 5 + row * i for i in range(len(lines))] if lone_rows else [middle]
        for at in rows if samples is None or k < samples else []:
            if dots:
                rgb[at - 3 : at + 3, 45:51] = COLORS[k]
            else:
                cv2.line(rgb, (30, at), (60, at), COLORS[k], 2)
        for i, line in enumerate(lines):
            left, y = 70 + indent * (i > 0), top + row * i
            if indent and i:
                cv2.arrowedLine(rgb, (71, y + 5), (80, y + 5), (0, 0, 0), 1)
            cv2.putText(rgb, line, (left, y + 10), cv2.FONT_HERSHEY_SIMPLEX, 0.4, (0, 0, 0), 1, cv2.LINE_AA)
            box = Box(left=left, top=y, right=left + 7 * len(line), bottom=y + 10)
            spans.append(TextSpan(box=box, text=line, confidence=0.9, panel=0))
        top += row * len(lines) + gap
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


NAMES = [["Adam", "best at 900"], ["SGD with", "momentum", "and decay"], ["Lion", "best at 800"]]


@pytest.mark.parametrize("gap", [4, 10])
@pytest.mark.parametrize("names", [NAMES, [["Baseline"], *NAMES]])
def test_lines_below_one_with_a_sample_go_on_with_its_name(names: list[list[str]], gap: int) -> None:
    picture, spans = drawn(names, first=True, gap=gap)
    found = join_wrapped_names(picture, (), spans)
    assert sorted(s.text for s in found) == sorted(" ".join(lines) for lines in names)
    first = next(s for s in found if s.text.startswith("Adam"))
    assert first.sample_row is not None
    assert first.sample_row.center[1] == spans[len(names) - 3].box.center[1]


@pytest.mark.parametrize("first", [False, True])
def test_a_joined_name_has_a_small_sample_where_its_lines_had_it(first: bool) -> None:
    picture, spans = drawn(NAMES, first=first, dots=True)
    rgb = np.full((picture.height, 700, 3), 255, np.uint8)
    rgb[:, 380:] = picture.rgb
    cv2.rectangle(rgb, (40, 20), (340, 140), (0, 0, 0), 1)
    moved = [replace(s, box=replace(s.box, left=s.box.left + 380, right=s.box.right + 380)) for s in spans]
    moved = [replace(s, panel=None) for s in moved]
    picture = Picture(name="drawn", sha256="", rgb=rgb)
    axes = find_axes(picture, find_panels(picture), moved)
    (legend,) = find_legends(picture, axes, join_wrapped_names(picture, axes, moved))
    assert [e.text.text for e in legend] == [" ".join(lines) for lines in NAMES]
    assert [e.color for e in legend] == list(COLORS[:3])


@pytest.mark.parametrize("unseen", [(1,), (0, 2), (1, 2)])
def test_names_of_one_line_stay_apart_where_samples_are_not_found(unseen: tuple[int, ...]) -> None:
    picture, spans = drawn([["Spring"], ["Summer"], ["Autumn"], ["Winter"]], gap=0)
    rgb = picture.rgb.copy()
    for k in unseen:
        rgb[20 + ROW * k : 31 + ROW * k, :65] = 255
    picture = Picture(name="drawn", sha256="", rgb=rgb)
    assert [s.text for s in join_wrapped_names(picture, (), spans)] == [s.text for s in spans]


def test_a_key_as_tall_as_its_name_of_three_lines_is_its_sample() -> None:
    names = [["Model A", "ours", "of 20"], ["Model B", "theirs", "of 14"]]
    picture, spans = drawn(names, samples=0, gap=0)
    rgb = picture.rgb.copy()
    for k in range(2):
        rgb[18 + 3 * ROW * k : 62 + 3 * ROW * k, 35:60] = COLORS[k]
    found = join_wrapped_names(Picture(name="drawn", sha256="", rgb=rgb), (), spans)
    assert [s.text for s in found] == ["Model A ours of 20", "Model B theirs of 14"]


def test_names_of_one_line_and_of_two_may_begin_in_one_row() -> None:
    rgb = np.full((280, 700, 3), 255, np.uint8)
    cv2.rectangle(rgb, (40, 20), (640, 120), (0, 0, 0), 1)
    names, spans = [["Baseline"], ["Wide network", "layer dropout"], ["Deep network"]], []
    for k, lines in enumerate(names):
        left, middle = 60 + 190 * k, 235 + ROW * (len(lines) - 1) // 2
        cv2.line(rgb, (left, middle), (left + 30, middle), COLORS[k], 2)
        for i, line in enumerate(lines):
            y = 240 + ROW * i
            cv2.putText(rgb, line, (left + 40, y), cv2.FONT_HERSHEY_SIMPLEX, 0.4, (0, 0, 0), 1, cv2.LINE_AA)
            box = Box(left=left + 40, top=y - 10, right=left + 40 + 7 * len(line), bottom=y)
            spans.append(TextSpan(box=box, text=line, confidence=0.9))
    picture = Picture(name="drawn", sha256="", rgb=rgb)
    axes = find_axes(picture, find_panels(picture), spans)
    (legend,) = find_legends(picture, axes, join_wrapped_names(picture, axes, spans))
    drawn_names = {" ".join(lines): color for lines, color in zip(names, COLORS[:3], strict=True)}
    assert {e.text.text: e.color for e in legend} == drawn_names


def test_a_sample_between_two_small_lines_is_of_both() -> None:
    names = [["Baseline"], ["Narrow net", "with residuals"], ["Wide net"]]
    picture, spans = drawn(names, row=9)
    found = join_wrapped_names(picture, (), spans)
    assert sorted(s.text for s in found) == sorted(" ".join(lines) for lines in names)


def test_names_with_a_sample_each_stay_apart() -> None:
    picture, spans = drawn([["Adam", "SGD", "Lion"], ["baseline", "ours"]], lone_rows=True)
    assert [s.text for s in join_wrapped_names(picture, (), spans)] == [s.text for s in spans]


def test_a_mark_beside_a_remark_of_two_lines_makes_no_name() -> None:
    picture, spans = drawn([["the loss falls", "from here on"], ["later", "it rises"]], samples=1)
    assert [s.text for s in join_wrapped_names(picture, (), spans)] == [s.text for s in spans]


def test_no_texts_are_no_names() -> None:
    assert join_wrapped_names(drawn([["one"]])[0], (), []) == ()
