"""Titles, labels and names: which text of a chart says what."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from digitizer.evidence import AxisEvidence, Box, PanelFrame, Picture, Side, TextSpan, Trace
from digitizer.stages.axes.panel_axes import PanelAxes
from digitizer.stages.legend.naming import name_directly
from digitizer.stages.roles.assign import assign_roles


def _axis_at(side: Side, places: list[tuple[float, float]]) -> AxisEvidence:
    labels = tuple(_text(str(k), x, y) for k, (x, y) in enumerate(places))
    px = np.array([s.box.center[0 if side == "bottom" else 1] for s in labels])
    return AxisEvidence(side=side, marks=px, labels=labels, label_px=px, label_sigma_px=0 * px + 0.3)


def _text(text: str, left: float, top: float) -> TextSpan:
    box = Box(left=left, top=top, right=left + 5.0 * len(text), bottom=top + 9)
    return TextSpan(box=box, text=text, confidence=1.0)


def _panel_from(left: float) -> PanelAxes:
    frame = PanelFrame(
        box=Box(left=left, top=60, right=left + 340, bottom=300),
        sides=frozenset({"left", "bottom"}),
        background=(255, 255, 255),
        grid_x=np.empty(0),
        grid_y=np.empty(0),
    )
    y = _axis_at("left", [(left - 20, 60), (left - 20, 180), (left - 20, 290)])
    x = _axis_at("bottom", [(left, 305), (left + 160, 305), (left + 320, 305)])
    return PanelAxes(frame=frame, x=x, y=y)


def test_labels_at_the_ends_of_axes_lose_their_arrows() -> None:
    panel = _panel_from(60)
    level, far = _text("↑ Loss", 10, 42), _text("Distance (km) →", 335, 322)
    roles = assign_roles([panel], [level, far], ((),))
    titles = [axis.title for axis in (roles.axes[0].x, roles.axes[0].y) if axis is not None]
    assert [t.text for t in titles if t is not None] == ["Distance (km)", "Loss"]


def test_y_labels_stand_over_the_frame_or_far_from_short_tick_labels() -> None:
    panel = _panel_from(60)
    assert panel.y is not None
    low = replace(panel, y=_axis_at("left", [(40, 140), (40, 220), (40, 290)]))
    title, over, letter = (
        _text("A much longer title of it", 60, 12),
        _text(": Loss", 10, 42),
        _text("(a)", 30, 42),
    )
    for text, expected in ((over, "Loss"), (letter, None)):
        y = assign_roles([low], [title, text], ((),)).axes[0].y
        assert y is not None
        assert (None if y.title is None else y.title.text) == expected
    on_end = TextSpan(
        box=Box(left=-45, right=-36, top=170, bottom=190), text="Year", confidence=1.0, angle_deg=90
    )
    y = assign_roles([panel], [on_end], ((),)).axes[0].y
    assert y is not None
    assert y.title is on_end


def test_titles_on_one_line_are_the_panels_own() -> None:
    # The second one is centred on its panel with its labels, nearer to the middle of both panels.
    titles = [_text("train/loss", 205, 40), _text("val/loss", 580, 40)]
    roles = assign_roles([_panel_from(60), _panel_from(460)], titles, ((), ()))
    assert roles.titles == tuple(titles)
    assert roles.title is None


def test_an_arrow_makes_a_label_of_what_no_title_stands_above() -> None:
    panel = _panel_from(60)
    low = replace(panel, y=_axis_at("left", [(40, 140), (40, 220), (40, 290)]))
    arrowed = _text("↑ Rainfall (mm)", 30, 42)
    roles = assign_roles([low], [arrowed], ((),))
    assert roles.titles == (None,)
    y = roles.axes[0].y
    assert y is not None
    assert y.title is not None
    assert y.title.text == "Rainfall (mm)"


def test_a_ring_on_a_line_that_was_read_as_text_is_no_title() -> None:
    ring, title = replace(_text("-0", 220, 40), confidence=0.9), _text("Battery discharge", 60, 20)
    roles = assign_roles([_panel_from(60)], [title, ring], ((),))
    assert roles.titles == (title,)


def test_what_stands_on_end_between_panels_is_the_right_ones_label() -> None:
    # It stands 8 px beside the side of the left panel and 15 px beside the labels of the right one.
    box = Box(left=408, right=420, top=150, bottom=210)
    between = TextSpan(box=box, text="Score", confidence=1.0, angle_deg=90)
    left, right = assign_roles([_panel_from(60), _panel_from(455)], [between], ((), ())).axes
    assert left.y is not None
    assert left.y.title is None
    assert right.y is not None
    assert right.y.title is between
    # With tick labels at its own right side the left panel has the better claim.
    twin = replace(_panel_from(60), y2=_axis_at("right", [(402, 60), (402, 180), (402, 290)]))
    left, right = assign_roles([twin, _panel_from(455)], [between], ((), ())).axes
    assert left.y2 is not None
    assert left.y2.title is between


def test_texts_at_the_ends_of_lines_are_their_names() -> None:
    picture = Picture(name="ends", sha256="", rgb=np.full((200, 300, 3), 255, np.uint8))

    def line(y: float) -> Trace:
        x = np.arange(20.0, 200.0)
        return Trace(
            kind="line",
            color=(31, 119, 180),
            x_px=x,
            y_px=0 * x + y,
            sigma_px=0 * x + 0.1,
            sampled_at="columns",
        )

    def span(text: str, x: float, y: float) -> TextSpan:
        return TextSpan(
            box=Box(left=x, right=x + 30, top=y - 5, bottom=y + 4), text=text, confidence=1.0, panel=0
        )

    lines = [line(50), line(90), line(150)]
    texts = [span("dense", 206, 91), span("sparse", 206, 52), span("both", 206, 149), span("note", 80, 40)]
    assert name_directly(picture, lines, texts) == ("sparse", "dense", "both")
    # A single text at one of several lines is a remark.
    assert name_directly(picture, lines, texts[:1]) == (None, None, None)


def _stacked() -> list[PanelAxes]:
    """Three panels above each other: frames from 60, 360 and 660 on, labels end 14 px below each."""
    axes = []
    for top in (60, 360, 660):
        upper = _panel_from(60)
        frame = replace(upper.frame, box=replace(upper.frame.box, top=top, bottom=top + 240))
        y = _axis_at("left", [(40, top), (40, top + 120), (40, top + 230)])
        x = _axis_at("bottom", [(60, top + 245), (220, top + 245), (380, top + 245)])
        axes.append(PanelAxes(frame=frame, x=x, y=y))
    return axes


def test_what_stands_between_panels_as_titles_stand_above_them_is_a_title() -> None:
    # Each is nearer to the tick labels above it than to the panel that it heads.
    titles = [_text("realgdp", 212, 26), _text("realcons", 210, 326), _text("realinv", 212, 626)]
    roles = assign_roles(_stacked(), titles, ((), (), ()))
    assert roles.titles == tuple(titles)
    assert all(a.x is not None and a.x.title is None for a in roles.axes)
    below = _text("quarter", 212, 932)
    roles = assign_roles(_stacked(), [*titles, below], ((), (), ()))
    assert roles.titles == tuple(titles)
    # As far below the labels as the last one is: labels, though a title stands as far off the first panel.
    names = [_text("step", 220, 326), _text("epoch", 217, 626), _text("time", 220, 926)]
    roles = assign_roles(_stacked(), [titles[0], *names], ((), (), ()))
    assert [a.x.title for a in roles.axes if a.x is not None] == names


def test_a_title_of_the_figure_that_ends_over_labels_is_not_their_heading() -> None:
    panels = [_panel_from(60), _panel_from(460)]
    titles = [_text("Temperature", 200, 47), _text("Sea ice extent", 595, 47)]
    heading = _text("Overview of runs", 380, 30)
    roles = assign_roles(panels, [*titles, heading], [(), ()])
    assert [axes.y is not None and axes.y.title for axes in roles.axes] == [None, None]
    assert (roles.title, roles.titles) == (heading, tuple(titles))
    # What stands over no other panel is one.
    alone = replace(heading, box=Box(left=405, top=30, right=455, bottom=39))
    roles = assign_roles(panels, [*titles, alone], [(), ()])
    assert roles.axes[1].y is not None
    assert roles.axes[1].y.title == alone


def test_powers_below_a_row_of_digits_are_no_label_of_their_axis() -> None:
    # Plotly's logarithmic axes: small digits in one row, 10⁻¹ in the next, and the label below both.
    power, label = _text("10^-1", 205, 318), _text("Production (GW)", 192, 336)
    for spans, expected in (([power, label], label), ([power], power)):
        x = assign_roles([_panel_from(60)], spans, ((),)).axes[0].x
        assert x is not None
        assert x.title is expected


def test_a_number_between_panels_is_no_line_of_the_label_that_they_share() -> None:
    # The last label of the left panel stands beyond its side, in the middle above the label.
    panels = [_panel_from(60), _panel_from(450)]
    number, label = _text("125", 418, 305), _text("Dose (mg/kg)", 395, 320)
    roles = assign_roles(panels, [number, label], ((), ()))
    for panel in roles.axes:
        assert panel.x is not None
        assert panel.x.title is not None
        assert panel.x.title.text == "Dose (mg/kg)"
    assert roles.rest == (number,)


def test_labels_of_a_top_axis_that_melt_are_no_title_nor_is_what_stands_over_them() -> None:
    zero, melted, label = _text("0", 200, 45), _text("20000 4000060000", 240, 45), _text("Tokens", 210, 30)
    title = _text("Run 7", 212, 2)
    panels = [_panel_from(60)]
    assert assign_roles(panels, [label, zero, melted], ((),)).titles == (None,)
    assert assign_roles(panels, [title, label, zero, melted], ((),)).titles == (title,)
    # Numbers that head panels side by side are their titles.
    heads = [_text("4", 228, 45), _text("6", 618, 45)]
    assert assign_roles([_panel_from(60), _panel_from(450)], heads, ((), ())).titles == tuple(heads)
