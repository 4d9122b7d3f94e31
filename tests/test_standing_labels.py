"""Where labels stand: at the marks of their axis, or in the middle between them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from digitizer.evidence import Box, TextSpan
from digitizer.stages.axes.standing import stand_at


def label(text: str, at: float, *, top: float = 300.0, width: float = 30.0, angle: float = 0.0) -> TextSpan:
    box = Box(left=at - width / 2, right=at + width / 2, top=top, bottom=top + 9)
    return TextSpan(box=box, text=text, confidence=0.99, angle_deg=angle)


def test_outer_labels_that_are_moved_inwards_keep_their_marks() -> None:
    marks = np.array([40.0, 120.0, 200.0])
    labels = [label("2000", 55, width=28), label("2005", 120, width=28), label("2010", 187, width=28)]
    px, sigma = stand_at(labels, marks, "bottom")
    assert list(px) == [40.0, 120.0, 200.0]
    assert sigma.max() < 0.5


def test_slanted_labels_may_end_in_the_middle_of_their_band() -> None:
    marks = np.arange(0.0, 500.0, 92.0)
    labels = [label(f"0{k + 2}/01/2013", 46 + 92 * k - 30, width=70, angle=45) for k in range(5)]
    px, _ = stand_at(labels, marks, "bottom")
    assert list(px) == [46.0 + 92 * k for k in range(5)]


def test_labels_that_begin_beside_their_marks_stand_at_them() -> None:
    marks = np.array([60.0, 160.0, 260.0, 360.0])
    names = [("Jan", 24.0), ("February", 52.0), ("Mar", 25.0), ("December", 54.0)]
    labels = [label(t, m + 1.0 + w / 2, width=w) for (t, w), m in zip(names, marks, strict=True)]
    px, sigma = stand_at(labels, marks, "bottom")
    assert px.tolist() == marks.tolist()
    assert (sigma < 0.5).all()
    # The first mark is hidden under the axis: its label stands as far from its end as the others.
    px, _ = stand_at([*labels, label("May", 472.0, width=22.0)], marks, "bottom")
    assert px.tolist() == [*marks.tolist(), 460.0]


def test_labels_that_stand_here_and_there_beside_marks_are_not_theirs() -> None:
    # The grid of the first axis beside the labels of the second one.
    marks = np.arange(20.0, 400.0, 53.0)
    labels = [label(str(k), 31 + 63.1 * k, width=9) for k in range(6)]
    px, sigma = stand_at(labels, marks, "bottom")
    assert np.allclose(px, [s.box.center[0] for s in labels])
    assert np.all(sigma > 0.5)
    own = [label(str(k), at + 0.4, width=9) for k, at in enumerate(marks[:6])]
    assert np.allclose(stand_at(own, marks, "bottom")[0], marks[:6])


def test_labels_centred_between_marks_stay_there() -> None:
    marks = np.array([60.0, 160.0, 260.0, 360.0])
    labels = [label(t, m + 50.0) for t, m in zip("ABC", marks, strict=False)]
    assert stand_at(labels, marks, "bottom")[0].tolist() == [110.0, 210.0, 310.0]


def test_numbers_that_stand_a_little_below_the_middle_of_their_bands_name_these() -> None:
    # Excel sets the names of level bars two pixels too low: they end as far above the next mark as a row of
    # labels that begin at theirs may.
    marks = 145.0 + 37.5 * np.arange(7)
    labels = [
        TextSpan(box=Box(left=113, right=123, top=at + 11, bottom=at + 31), text=str(7 - k), confidence=1)
        for k, at in enumerate(marks[:6])
    ]
    px, sigma = stand_at(labels, marks, "left")
    assert px.tolist() == [at + 21.0 for at in marks[:6]]
    assert (sigma > 0.5).all()


def test_a_line_near_one_label_is_no_mark_of_it_where_the_others_stand_at_theirs() -> None:
    # The upper edge of a legend twelve pixels below the label that stands at the frame's side.
    rows = [456.0, 381.0, 306.0, 232.0, 157.0, 82.0]
    marks = np.array([*rows[:-1], 94.0])
    labels = [
        TextSpan(box=Box(left=10, right=40, top=y - 11, bottom=y + 12), text=str(k), confidence=1)
        for k, y in enumerate(rows)
    ]
    px, sigma = stand_at(labels, marks, "left")
    assert px[:-1].tolist() == rows[:-1]
    assert px[-1] == pytest.approx(82.0, abs=1.0)
    assert sigma[-1] > 2 * sigma[0]


def test_of_three_labels_the_one_beside_the_frame_does_not_stand_at_its_side() -> None:
    # The steep start of a curve covers the grid line at zero; the frame's side is the next mark.
    labels = [label(text, at, width=w) for text, at, w in (("0", 99, 12), ("50", 223, 26), ("100", 348, 40))]
    labels = [replace(s, box=replace(s.box, bottom=s.box.top + 22)) for s in labels]
    px, _ = stand_at(labels, np.array([86.0, 223.0, 348.0, 410.0]), "bottom")
    assert px == pytest.approx([99.0, 223.0, 348.0], abs=1.0)


def test_the_last_label_was_moved_inwards_from_the_only_mark_above_it() -> None:
    labels = [label(f"2022-0{k}-15", x, width=80) for k, x in ((1, 79.5), (3, 177.0), (5, 274.5))]
    moved = label("2022-11-15", 458.5, width=80)
    px, sigma = stand_at([*labels, moved], np.array([79.5, 177.0, 274.5, 469.5]), "bottom")
    assert px.tolist() == [79.5, 177.0, 274.5, 469.5]
    assert sigma.max() < 0.5
    # A mark that stands on no step of the others is that of something else.
    px, _ = stand_at([*labels, moved], np.array([79.5, 177.0, 274.5, 480.0]), "bottom")
    assert px[-1] == 458.5
