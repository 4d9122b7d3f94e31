"""Panels that borrow labels put them where their own grid lines are; rows of labels are told from legends."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from digitizer.evidence import AxisEvidence, Box, PanelFrame, Picture, TextSpan
from digitizer.stages.axes.find import find_axes
from digitizer.stages.axes.lent_labels import borrow_labels
from digitizer.stages.axes.standing import stand_at

GRID_Y = np.array([52.0, 99.0, 146.0, 193.0])


def frame(left: float, top: float, grid_y: np.ndarray) -> PanelFrame:
    return PanelFrame(
        box=Box(left=left, top=top, right=left + 200, bottom=240),
        sides=frozenset(),
        background=(255, 255, 255),
        grid_x=np.empty(0),
        grid_y=grid_y,
        line_width=1.0,
    )


def span(text: str, x: float, y: float, width: float = 20.0) -> TextSpan:
    box = Box(left=x - width / 2, right=x + width / 2, top=y - 4, bottom=y + 4)
    return TextSpan(box=box, text=text, confidence=0.99)


def blank() -> Picture:
    return Picture(name="blank", sha256="", rgb=np.full((320, 560, 3), 255, dtype=np.uint8))


@pytest.mark.parametrize(("own", "shift"), [(GRID_Y, 0.0), (np.empty(0), 1.0)])
def test_lent_labels_stand_at_the_borrowers_grid_lines(own: np.ndarray, shift: float) -> None:
    labels = [span(str(v), 40, y) for v, y in zip((800, 600, 400, 200), GRID_Y, strict=True)]
    # The second panel's top was found a pixel lower.
    axes = find_axes(blank(), [frame(60, 20, GRID_Y), frame(290, 21, own)], labels)
    assert axes[1].y is not None
    assert axes[1].y.borrowed
    assert axes[1].y.label_px == pytest.approx(GRID_Y + shift)


def test_a_legend_with_hollow_samples_is_no_row_of_labels() -> None:
    names = [span(name, 80 + 40 * k, 252) for k, name in enumerate(("gzip", "zstd", "lz4", "brotli", "xz"))]
    legend = [
        span(text, 130 + 9 * k, 284, 8) for k, text in enumerate(("O", "2021", "O", "2022", "O", "2023"))
    ]
    axes = find_axes(blank(), [frame(60, 20, GRID_Y)], [*names, *legend])
    assert axes[0].x is not None
    assert [s.text for s in axes[0].x.labels] == [s.text for s in names]


def test_two_dates_at_marks_are_the_labels_and_no_legend_below_them() -> None:
    marked = replace(frame(60, 20, GRID_Y), grid_x=np.array([110.0, 210.0]))
    dates = [span("2021-08-18", 110, 252, 40), span("2021-09-18", 210, 252, 40)]
    legend = [span(t, x, 284) for t, x in (("2", 120), ("ACME", 145), ("2", 180), ("Globex", 205))]
    (axes,) = find_axes(blank(), [marked], [*dates, *legend])
    assert axes.x is not None
    assert [s.text for s in axes.x.labels] == [s.text for s in dates]


def test_slanted_labels_are_no_row_with_a_level_text_beside_them() -> None:
    box = frame(60, 20, GRID_Y)
    dates = [
        replace(span(f"2019-0{k + 3}-01", 90 + 50 * k, 262, 30), angle_deg=25.0, box=slanted(90 + 50 * k))
        for k in range(4)
    ]
    maker = [span("Non-Commercial Version", 70, 272, 90), span("CanvasJS.com", 270, 272, 50)]
    (axes,) = find_axes(blank(), [box], [*dates, *maker])
    assert axes.x is not None
    assert [s.text for s in axes.x.labels] == [s.text for s in dates]


def slanted(x: float) -> Box:
    return Box(left=x - 30, right=x, top=248, bottom=276)


def test_labels_below_a_panel_are_its_sides_and_no_inner_lines() -> None:
    ticks = np.array([90.0, 140.0, 190.0, 240.0])
    labels = [span(str(2020 + k), x, 252) for k, x in enumerate(ticks)]
    inner = replace(frame(60, 20, GRID_Y), grid_x=ticks, x_line=193.0)
    (axes,) = find_axes(blank(), [inner], labels)
    assert axes.x is not None
    assert axes.x.label_px == pytest.approx(ticks)


def test_halves_of_markers_beside_the_frame_are_no_second_axis() -> None:
    labels = [span(str(v), 40, y) for v, y in zip((800, 600, 400, 200), GRID_Y, strict=True)]
    ones = [span("1", 264, 60, 3), span("1", 264, 180, 3)]
    assert find_axes(blank(), [frame(60, 20, GRID_Y)], [*labels, *ones])[0].y2 is None


def test_years_in_a_legend_on_the_right_are_no_second_axis() -> None:
    labels = [span(str(v), 40, y) for v, y in zip((800, 600, 400, 200), GRID_Y, strict=True)]
    column = [(str(2021 + k), 285.0) for k in range(3)]
    legend = [span(text, x, 30.0 + 14 * k) for k, (text, x) in enumerate(column)]
    assert find_axes(blank(), [frame(60, 20, GRID_Y)], [*labels, *legend])[0].y2 is None
    second = [span(text, x, 30.0 + 90 * k) for k, (text, x) in enumerate(column)]
    assert find_axes(blank(), [frame(60, 20, GRID_Y)], [*labels, *second])[0].y2 is not None


def test_the_foot_of_a_logarithmic_axis_on_the_right_is_no_factor_of_the_level_one() -> None:
    column = [
        span(text, 285, y)
        for y, text in zip((*GRID_Y, 240.0), ("1", "0.1", "0.01", "1e-3", "1e-4"), strict=True)
    ]
    row = [span(str(5 * k), 60 + 50 * k, 256, 10) for k in range(5)]
    axes = find_axes(blank(), [frame(60, 20, GRID_Y)], [*column, *row])[0]
    assert axes.y is not None
    assert [s.text for s in axes.y.labels] == ["1", "0.1", "0.01", "1e-3", "1e-4"]
    assert axes.x is not None
    assert axes.x.multiplier is None


def test_the_foot_of_the_logarithmic_axis_beside_is_no_factor_of_this_panels_level_axis() -> None:
    row = [span(str(5 * k), 60 + 50 * k, 256, 10) for k in range(5)]
    texts = ("10^3", "10^2", "10^1", "10^0", "10^-1")
    powers = [span(text, 290, y) for y, text in zip((*GRID_Y, 240.0), texts, strict=True)]
    rgb = np.full((320, 560, 3), 255, dtype=np.uint8)
    for y in (*GRID_Y, 240):
        rgb[int(y), 305:310] = 0
    picture = Picture(name="marks", sha256="", rgb=rgb)
    left, right = find_axes(picture, [frame(60, 20, GRID_Y), frame(310, 20, GRID_Y)], [*row, *powers])
    assert right.y is not None
    assert len(right.y.labels) == 5
    assert left.x is not None
    assert left.x.multiplier is None


@pytest.mark.parametrize(("text", "kept"), [("-6", False), ("+2e6", True)])
def test_a_shift_is_added_only_where_it_saves_digits(text: str, kept: bool) -> None:
    labels = [span(str(v), 40, y) for v, y in zip((800, 600, 400, 200), GRID_Y, strict=True)]
    row = [span(str(10 * k), 60 + 50 * k, 256, 10) for k in range(5)]
    axes = find_axes(blank(), [frame(60, 20, GRID_Y)], [*labels, *row, span(text, 250, 272)])[0]
    assert axes.x is not None
    assert [s.text for s in axes.x.labels] == ["0", "10", "20", "30", "40"]
    assert (axes.x.multiplier is not None) == kept


@pytest.mark.parametrize("texts", [("0", "2", "4", "8", "10"), ("0", "2", "5", "9"), ("1", "2", "3")])
def test_numbers_along_a_grid_line_are_the_axis_of_a_panel_that_has_none_else(texts: tuple[str, ...]) -> None:
    up = [span(str(v), 40, y) for v, y in zip((2, 1, 0, -1), GRID_Y, strict=True)]
    # As spreadsheets print them: below zero, one of them hidden by a curve.
    along = [span(text, 80 + 16 * k, 156, 10) for k, text in zip((0, 2, 4, 8, 10), texts, strict=False)]
    (axes,) = find_axes(blank(), [frame(60, 20, GRID_Y)], [*up, *along])
    if len(texts) == 5:
        assert axes.x is not None
        assert [s.text for s in axes.x.labels] == list(texts)
        assert axes.frame.x_line == GRID_Y[2]
    else:
        assert axes.x is None
        assert axes.frame.x_line is None


def test_what_an_arrow_begins_is_no_tick_label() -> None:
    labels = [span(str(v), 40, y) for v, y in zip((800, 600, 400, 200), GRID_Y, strict=True)]
    arrowed = span("↑ Sales (k$)", 40, 30, 60)
    axes = find_axes(blank(), [frame(60, 20, GRID_Y)], [arrowed, *labels])
    assert axes[0].y is not None
    assert [s.text for s in axes[0].y.labels] == ["800", "600", "400", "200"]


@pytest.mark.parametrize("beside", [3.5, 0.0])
def test_a_label_set_beside_its_mark_as_the_others_are_takes_no_nearer_one(beside: float) -> None:
    # The frame's side stands 4.5 px before the first mark.
    own = np.array([43.0, 83.0, 123.0, 163.0, 203.0])
    labels = [
        TextSpan(box=Box(left=20, right=40, top=y - 9, bottom=y + 9), text=str(v), confidence=0.99)
        for v, y in zip((5, 4, 3, 2, 1), own - beside, strict=True)
    ]
    px, _ = stand_at(labels, np.array([38.5, *own, 220.0]), "left")
    assert px == pytest.approx(own)


@pytest.mark.parametrize(("first", "own"), [(296.0, "right"), (258.0, "left")])
def test_slanted_labels_between_two_panels_belong_where_they_end(first: float, own: str) -> None:
    # The panels reach from 60 to 260 and from 290 to 490; the first label of the right one is under the gap.
    frames = [frame(60, 20, GRID_Y), frame(290, 20, GRID_Y)]
    ends = [110.0, 160.0, 210.0, first, 350.0, 400.0, 450.0]
    dates = [
        replace(
            span(f"2019-03-{k + 10}", x, 262, 30),
            angle_deg=30.0,
            box=Box(left=x - 40, right=x, top=248, bottom=276),
        )
        for k, x in enumerate(ends)
    ]
    left, right = (axes.x for axes in find_axes(blank(), frames, dates))
    assert left is not None
    assert right is not None
    assert dates[3].text in [s.text for s in (left if own == "left" else right).labels]
    assert dates[3].text not in [s.text for s in (right if own == "left" else left).labels]


@pytest.mark.parametrize(("off", "lent"), [(0, True), (11, False)])
def test_a_panel_with_marks_elsewhere_borrows_no_labels(off: int, lent: bool) -> None:
    picture = blank()
    upper = replace(frame(60, 20, np.empty(0)), box=Box(left=60, top=20, right=260, bottom=120))
    lower = replace(frame(60, 160, np.empty(0)), box=Box(left=60, top=160, right=260, bottom=260))
    rgb = picture.rgb.copy()
    places = np.array([80, 120, 160, 200, 240])
    for box, at in ((upper.box, places + off), (lower.box, places)):
        for y in (int(box.top), int(box.bottom)):
            rgb[y, 60:261] = 0
        for x in (60, 260):
            rgb[int(box.top) : int(box.bottom) + 1, x] = 0
        for x in at:
            rgb[int(box.bottom) : int(box.bottom) + 5, x] = 0
    labels = [span(str(k), x, 274) for k, x in enumerate(places)]
    frames = [replace(f, sides=frozenset({"bottom", "left", "right", "top"})) for f in (upper, lower)]
    axes = find_axes(replace(picture, rgb=rgb), frames, labels)
    assert (axes[0].x is not None) == lent
    assert axes[1].x is not None


@pytest.mark.parametrize(
    ("own", "lent"), [(np.arange(60.0, 261, 40), True), (np.arange(65.0, 261, 40), False)]
)
def test_lines_between_bars_that_stand_close_are_no_marks_elsewhere(own: np.ndarray, lent: bool) -> None:
    places = np.arange(80.0, 241, 40)
    labels = tuple(span(str(k), x, 274) for k, x in enumerate(places))
    evidence = AxisEvidence(
        side="bottom", marks=places, labels=labels, label_px=places, label_sigma_px=np.full(5, 0.2)
    )
    upper = replace(frame(60, 20, np.empty(0)), box=Box(left=60, top=20, right=260, bottom=120))
    lower = replace(frame(60, 160, np.empty(0)), box=Box(left=60, top=160, right=260, bottom=260))
    axis = borrow_labels(upper, [(lower, evidence)], lambda _: own, horizontal=True)
    assert (axis is not None) == lent


def test_digits_beyond_the_names_of_a_legend_are_no_second_axis() -> None:
    """The buttons of Bokeh's tool bar."""
    labels = [span(str(v), 40, y) for v, y in zip((800, 600, 400, 200), GRID_Y, strict=True)]
    buttons = [span("0", 340, GRID_Y[0], 8), span("4", 340, GRID_Y[1], 8)]
    names = [span("Billing", 300, 120), span("Login", 300, 140)]
    assert find_axes(blank(), [frame(60, 20, GRID_Y)], [*labels, *buttons])[0].y2 is not None
    assert find_axes(blank(), [frame(60, 20, GRID_Y)], [*labels, *buttons, *names])[0].y2 is None
