"""Tick labels that stand on end are read as numbers, also where their digits were read one by one."""

from __future__ import annotations

from digitizer.evidence import Box, TextSpan
from digitizer.stages.axes.turned import upright_or_turned_numbers


def span(text: str, left: float, top: float, right: float, bottom: float, angle: float = 0.0) -> TextSpan:
    box = Box(left=left, top=top, right=right, bottom=bottom)
    return TextSpan(box=box, text=text, confidence=0.9, angle_deg=angle)


TURNED = [span("22", 31, 58, 39, 70, 90.0), span("20", 31, 116, 39, 128, 90.0)]


def test_numbers_on_end_are_tick_labels_and_titles_are_not() -> None:
    title = span("Bill depth (mm)", 3, 170, 14, 250, 90.0)
    assert [s.text for s in upright_or_turned_numbers([*TURNED, title])] == ["22", "20"]


def test_a_lone_number_on_end_is_none() -> None:
    assert upright_or_turned_numbers([span("2020", 3, 170, 14, 200, 90.0)]) == []


def test_digits_read_one_by_one_are_joined_from_below() -> None:
    digits = [span("8", 31, 173, 39, 178), span("1", 31, 180, 39, 184), span("6", 31, 231, 39, 236)]
    digits += [span("1", 31, 238, 39, 242)]
    found = upright_or_turned_numbers([*TURNED, *digits])
    assert [s.text for s in found] == ["22", "20", "18", "16"]
    assert found[2].box == Box(left=31, top=173, right=39, bottom=184)


def test_upright_labels_stay_as_they_are() -> None:
    labels = [span("10", 20, 50, 32, 58), span("5", 26, 100, 32, 108)]
    assert upright_or_turned_numbers(labels) == labels
