"""What was read of a rendering, put onto the paths it was rendered from."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from digitizer.drawing import Drawing, DrawnPath
from digitizer.evidence import AxisEvidence, Box, LegendEntry, PanelFrame, TextSpan, Trace
from digitizer.stages.axes.calibration import calibrate_axis
from digitizer.stages.axes.panel_axes import PanelAxes
from digitizer.stages.drawn.axes import take_drawn_axes
from digitizer.stages.drawn.series import take_drawn_series
from digitizer.stages.roles.texts import Roles

BLUE, RED, BLACK, WHITE = (31, 119, 180), (214, 39, 40), (0, 0, 0), (255, 255, 255)
FRAME = Box(left=20.0, top=10.0, right=220.0, bottom=110.0)


def a_path(x: Any, y: Any, **given: Any) -> DrawnPath:
    x, y = np.array(x, dtype=float), np.array(y, dtype=float)
    look: dict[str, Any] = {"stroke": BLACK, "fill": None, "is_vertex": np.ones(len(x), dtype=bool)} | given
    return DrawnPath(x=x, y=y, **look)


def a_box(left: float, top: float, right: float, bottom: float, **given: Any) -> DrawnPath:
    return a_path([left, right, right, left], [top, top, bottom, bottom], closed=True, **given)


def a_trace(x: Any, y: Any, **given: Any) -> Trace:
    x, y = np.array(x, dtype=float), np.array(y, dtype=float)
    look: dict[str, Any] = {"kind": "line", "color": BLUE, "sampled_at": "columns"} | given
    return Trace(x_px=x, y_px=y, sigma_px=np.full(len(x), 0.3), **look)


def axes_of(places: Any, *, frame: Box = FRAME) -> PanelAxes:
    """An axis below the frame, labelled 0, 1, 2, ... at the places that the picture shows."""
    places = np.array(places, dtype=float)
    labels = tuple(
        TextSpan(box=Box(left=at - 4, top=116, right=at + 4, bottom=124), text=str(n), confidence=1.0)
        for n, at in enumerate(places)
    )
    axis = AxisEvidence(
        side="bottom", marks=places, labels=labels, label_px=places, label_sigma_px=np.full(len(places), 0.29)
    )
    sides = frozenset({"left", "bottom"})
    shown = PanelFrame(
        box=frame, sides=sides, background=(255, 255, 255), grid_x=np.empty(0), grid_y=np.empty(0)
    )
    return PanelAxes(frame=shown, x=axis, y=None)


def drawn_axes(axes: PanelAxes, drawn: list[DrawnPath], anchors: Any = ()) -> PanelAxes:
    drawing = Drawing(paths=tuple(drawn), anchors=np.array(anchors, dtype=float).reshape(-1, 2))
    (placed,) = take_drawn_axes(Roles(axes=(axes,), titles=(None,), title=None, rest=()), drawing).axes
    return placed


def drawn_traces(traces: list[Trace], drawn: list[DrawnPath]) -> tuple[Trace, ...]:
    (placed,) = take_drawn_series([tuple(traces)], [axes_of([30, 80])], [()], drawn)
    return placed


def test_ticks_and_the_frame_stand_where_their_strokes_are() -> None:
    exact = 30.37 + 47.11 * np.arange(4)
    ticks = [a_path([at, at], [110.2, 114.2]) for at in exact]
    box = a_box(20.2, 9.9, 219.7, 110.2)
    placed = drawn_axes(axes_of(np.round(exact)), [*ticks, box])
    scale = calibrate_axis(placed.x)
    assert scale is not None
    np.testing.assert_allclose((scale.origin, scale.slope), (30.37, 47.11), atol=1e-9)
    assert scale.residual_px < 1e-9
    sides = placed.frame.box
    np.testing.assert_allclose((sides.left, sides.top, sides.right, sides.bottom), (20.2, 9.9, 219.7, 110.2))


def test_ticks_of_an_axis_within_the_frame_are_those_beside_its_labels() -> None:
    exact = 30.37 + 47.11 * np.arange(4)
    high = Box(left=FRAME.left, top=FRAME.top, right=FRAME.right, bottom=FRAME.bottom + 90.0)
    ticks = [a_path([at, at], [106.2, 110.2]) for at in exact]
    grid = [a_path([at + 1, at + 1], [high.bottom - 4, high.bottom]) for at in exact]
    placed = drawn_axes(axes_of(np.round(exact), frame=high), [*ticks, *grid])
    assert placed.x is not None
    assert placed.x.label_px == pytest.approx(exact)


def test_strokes_elsewhere_leave_an_axis_as_it_was_read() -> None:
    far = [a_path([at, at], [60.0, 64.0]) for at in (30.3, 80.3, 130.3)]
    beside = [a_path([at, at], [110.0, 114.0]) for at in (34.0, 84.0, 134.0)]
    axes = axes_of([30, 80, 130])
    assert drawn_axes(axes, far + beside).x is axes.x


def test_ticks_on_whole_units_are_exact_at_the_frame_s_ends_alone() -> None:
    # As Vega draws: strokes are put on whole units and moved by half of one, the data are not.
    exact = 19.5 + 2 * 33.4 * np.arange(4)
    frame = Box(left=20.5, top=9.5, right=260.5, bottom=109.5)
    drawn_at = 2 * (np.round((exact + 0.5) / 2) + 0.5) - 0.5
    unit = (2.0, 2.0)
    ticks = [a_path([at, at], [109.5, 119.5], unit=unit) for at in drawn_at]
    side = a_box(drawn_at[0], 9.5, 260.5, 109.5, unit=unit)
    placed = drawn_axes(axes_of(np.round(drawn_at), frame=frame), [*ticks, side])
    scale = calibrate_axis(placed.x)
    assert scale is not None
    # The last tick is off by a fifth of a unit, the first by nothing.
    assert abs(scale.origin - exact[0]) < 0.02
    assert abs(float(scale.to_pixel(3.0)) - exact[-1]) < 0.5
    # The texts are where the data are, a whole number of units beside the strokes.
    anchors = np.stack([exact + 1.0 + 2 * 3, np.full(4, 120.0)], axis=1)
    placed = drawn_axes(axes_of(np.round(drawn_at), frame=frame), [*ticks, side], anchors)
    scale = calibrate_axis(placed.x)
    assert scale is not None
    np.testing.assert_allclose(scale.to_pixel(np.arange(4.0)), exact, atol=1e-6)


def test_a_line_takes_all_vertices_of_its_stroke() -> None:
    x, y = np.linspace(25.3, 210.8, 9), np.array([30, 90, 31.5, 60, 20, 99, 50, 40, 70.2])
    columns = np.arange(26.0, 211.0)
    other = a_path(x, y[::-1], stroke=RED)
    (line,) = drawn_traces(
        [a_trace(columns, np.interp(columns, x, y) + 0.3)], [other, a_path(x, y, stroke=BLUE)]
    )
    np.testing.assert_allclose(line.x_px, x)
    np.testing.assert_allclose(line.y_px, y)
    assert (line.sampled_at, line.sigma_px.max() < 0.05) == ("vertices", True)
    (same,) = drawn_traces([a_trace(columns, np.interp(columns, x, y) + 0.3)], [other])
    assert same.sampled_at == "columns"


def test_a_stroke_is_cut_at_the_frame() -> None:
    x, y = np.array([30.0, 80.0, 120.0, 160.0, 210.0]), np.array([50.0, 60.0, -20.0, 60.0, 70.0])
    columns = np.arange(30.0, 211.0)
    shown = np.interp(columns, x, y)
    seen = shown > 10
    (line,) = drawn_traces([a_trace(columns[seen], shown[seen])], [a_path(x, y, stroke=BLUE)])
    (gap,) = np.flatnonzero(np.isnan(line.y_px))
    np.testing.assert_allclose(line.y_px[[gap - 1, gap + 1]], 9.5)
    np.testing.assert_allclose(line.x_px[[gap - 1, gap + 1]], [80 + 40 * 50.5 / 80, 160 - 40 * 50.5 / 80])
    np.testing.assert_allclose(line.x_px[[0, -1]], [30, 210])


def test_pieces_of_a_line_follow_each_other() -> None:
    x, y = np.linspace(25.0, 215.0, 11), 60 + 30 * np.sin(np.arange(11.0))
    columns = np.arange(25.0, 216.0)
    pieces = [a_path(x[4:8], y[4:8], stroke=BLUE), a_path(x[:5], y[:5], stroke=BLUE)]
    seen = columns <= x[7]
    (line,) = drawn_traces([a_trace(columns[seen], np.interp(columns, x, y)[seen])], pieces)
    np.testing.assert_allclose(line.x_px[np.isfinite(line.y_px)], np.r_[x[:5], x[4:8]])


@pytest.mark.parametrize("told", [True, False])
def test_markers_stand_where_their_form_is_told_hidden_ones_too(told: bool) -> None:
    rng = np.random.default_rng(7)
    x, y = rng.uniform(30, 210, 20), rng.uniform(20, 100, 20)
    # A triangle that matplotlib tells around the middle of its height; one that is not told is equilateral.
    corners = np.array([[0.0, -5.0], [-5.0, 5.0], [5.0, 5.0]])
    if not told:
        corners = 5 * np.array([[0.0, -1.0], [-np.sqrt(0.75), 0.5], [np.sqrt(0.75), 0.5]])
    forms = [
        a_path(
            *(corners + place).T, stroke=None, fill=BLUE, closed=True, origin=tuple(place) if told else None
        )
        for place in np.stack([x, y], axis=1)
    ]
    read = a_trace(x[3:] + 0.6, y[3:] - 0.4, kind="scatter", sampled_at="markers", marker="triangle")
    (found,) = drawn_traces([read], forms)
    np.testing.assert_allclose(found.x_px, x, atol=1e-9)
    np.testing.assert_allclose(found.y_px, y, atol=1e-9)


@pytest.mark.parametrize("tip", [-1.0, 1.0])
def test_gnuplot_s_triangles_mark_what_is_half_their_width_from_the_tip(tip: float) -> None:
    places = [(60.0, 80.0), (120.0, 50.0), (180.0, 30.0)]
    drawn = [
        a_path(
            [x, x - 5, x + 5, x],
            [y + tip * 5, y - tip * 2.2, y - tip * 2.2, y + tip * 5],
            stroke=BLUE,
            fill=BLUE,
            closed=True,
        )
        for x, y in places
    ]
    x, y = np.array(places).T
    (moved,) = drawn_traces([a_trace(x, y + tip, kind="scatter", sampled_at="markers")], drawn)
    assert moved.x_px == pytest.approx(x)
    assert moved.y_px == pytest.approx(y)


def test_markers_over_a_halo_of_the_ground_keep_their_own_form() -> None:
    places = [(60.0, 80.0), (120.0, 50.0), (180.0, 30.0)]
    drawn = []
    for x, y in places:
        drawn.append(a_box(x - 5, y - 5, x + 5, y + 5, stroke=WHITE, fill=WHITE))
        drawn.append(a_box(x - 3, y - 3, x + 3, y + 3, stroke=BLUE, fill=BLUE))
    read = a_trace([60.4, 119.8], [80.3, 49.6], kind="scatter", sampled_at="markers")
    (moved,) = drawn_traces([read], drawn)
    assert list(zip(moved.x_px, moved.y_px, strict=True)) == places


@pytest.mark.parametrize("corners", [3, 4])
def test_an_outline_that_is_drawn_apart_from_its_fill_is_no_second_marker(corners: int) -> None:
    # LibreOffice's triangles are as high as wide around what they mark.
    form = np.array(
        [[0.0, -4.0], [4.0, 4.0], [-4.0, 4.0]] if corners == 3 else [[-4, -4], [4, -4], [4, 4], [-4, 4]]
    )
    places = [(60.0, 80.0), (120.0, 50.0), (180.0, 30.0)]
    drawn = []
    for place in places:
        drawn.append(a_path(*(form + place).T, stroke=None, fill=BLUE, closed=True))
        drawn.append(a_path(*(form + place).T, stroke=BLUE, closed=True))
    x, y = np.array(places).T
    (moved,) = drawn_traces([a_trace(x + 0.3, y, kind="scatter", sampled_at="markers")], drawn)
    assert list(zip(moved.x_px, moved.y_px, strict=True)) == places


def test_dashes_that_were_read_as_markers_are_the_line_of_their_stroke() -> None:
    x, y = np.array([40.0, 90.0, 150.0, 200.0]), np.array([90.0, 30.0, 70.0, 20.0])
    dash_x = np.arange(40.0, 200.0, 4.0)
    read = a_trace(dash_x, np.interp(dash_x, x, y), sampled_at="markers", marker="circle", marker_size_px=3.0)
    (moved,) = drawn_traces([read], [a_path(x, y, stroke=BLUE)])
    assert (moved.sampled_at, moved.marker, moved.line_style) == ("vertices", "none", "dashed")
    assert moved.x_px == pytest.approx(x)
    assert moved.y_px == pytest.approx(y)


def test_the_frame_of_a_legend_is_no_line() -> None:
    x, y = [40.0, 90.0, 150.0, 200.0], [90.0, 30.0, 70.0, 20.0]
    line = a_trace(x, y)
    rim = a_trace([160.0, 170.0, 215.0], [40.0, 12.0, 40.0], color=BLACK)
    furniture = [a_box(160, 12, 215, 40), a_path([100, 100], [110, 116])]
    assert len(drawn_traces([line, rim], [a_path(x, y, stroke=BLUE), *furniture])) == 1
    slanted = a_path([160, 215], [40, 12])
    assert len(drawn_traces([line, rim], [a_path(x, y, stroke=BLUE), *furniture, slanted])) == 2


def test_bars_have_the_edges_of_their_boxes() -> None:
    boxes = [a_box(40.3 * k, 30.2 + 10 * k, 40.3 * k + 20, 109.6, stroke=None, fill=BLUE) for k in (1, 2, 3)]
    base = np.full(3, 110.0)
    read = a_trace(
        [50.0, 90.0, 131.0],
        [41.0, 50.0, 60.0],
        kind="bar",
        sampled_at="markers",
        base_px=base,
        line_width_px=20,
    )
    (bars,) = drawn_traces([read], boxes)
    np.testing.assert_allclose(bars.x_px, [50.3, 90.6, 130.9])
    np.testing.assert_allclose(bars.y_px, [40.2, 50.2, 60.2])
    np.testing.assert_allclose(bars.base_px if bars.base_px is not None else [], 109.6)


@pytest.mark.parametrize(("order", "down"), [([0, 1, 2], True), ([2, 1, 0], False), ([0, 2, 1], None)])
def test_level_bars_are_listed_in_the_order_in_which_they_were_drawn(
    order: list[int], down: bool | None
) -> None:
    tops, ends = [20.0, 50.0, 80.0], [100.25, 60.5, 180.75]
    boxes = [a_box(20.5, tops[k], ends[k], tops[k] + 20, fill=BLUE, stroke=None) for k in order]
    bars = a_trace(
        np.round(ends),
        [30.0, 60.0, 90.0],
        kind="bar",
        orientation="horizontal",
        sampled_at="markers",
        base_px=np.full(3, 20.0),
        line_width_px=20.0,
    )
    (placed,) = drawn_traces([bars], boxes)
    assert placed.x_px == pytest.approx(ends)
    assert placed.drawn_down is down


@pytest.mark.parametrize("backwards", [True, False])
def test_bands_have_the_vertices_of_their_outline(backwards: bool) -> None:
    x = np.linspace(30.0, 210.0, 7)
    high, low = 40 + 5 * np.sin(x), 80 + 5 * np.cos(x)
    outline = np.stack([np.r_[x, x[::-1], x[0]], np.r_[high, low[::-1], high[0]]])
    outline = outline[:, ::-1] if backwards else outline
    columns = np.arange(30.0, 211.0)
    read = a_trace(
        columns,
        columns * 0 + 60,
        kind="band",
        y_low_px=np.interp(columns, x, low),
        y_high_px=np.interp(columns, x, high),
    )
    (band,) = drawn_traces([read], [a_path(*outline, stroke=None, fill=BLUE, closed=True)])
    np.testing.assert_allclose(band.x_px, x)
    assert band.y_low_px is not None
    assert band.y_high_px is not None
    np.testing.assert_allclose(band.y_low_px, low)
    np.testing.assert_allclose(band.y_high_px, high)


@pytest.mark.parametrize("halves", [False, True])
def test_error_bars_end_where_their_strokes_do(halves: bool) -> None:
    x, y = np.array([50.0, 100.0, 150.0]), np.array([40.0, 50.0, 60.0])
    read = a_trace(x, y, sampled_at="markers", kind="scatter", y_low_px=y + 11.5, y_high_px=y - 8.6)
    spans = [(-8, 0), (0, 11)] if halves else [(-8, 11)]
    stems = [
        a_path([at, at], [mid + end for end in span], stroke=BLUE)
        for at, mid in zip(x, y, strict=True)
        for span in spans
    ]
    (found,) = drawn_traces([read], stems)
    assert found.y_low_px is not None
    assert found.y_high_px is not None
    np.testing.assert_allclose(found.y_low_px, y + 11)
    np.testing.assert_allclose(found.y_high_px, y - 8)


def an_entry(text: str, top: float, swatch: Box) -> LegendEntry:
    box = Box(left=170.0, top=top, right=200.0, bottom=top + 9.0)
    return LegendEntry(text=TextSpan(box=box, text=text, confidence=1.0), swatch=swatch, color=RED)


@pytest.mark.parametrize("legend_first", [True, False])
@pytest.mark.parametrize("inner", [0, 9, 19])
def test_data_in_the_box_of_a_legend_s_sample_are_data(legend_first: bool, inner: int) -> None:
    rng = np.random.default_rng(3)
    x, y = rng.uniform(30, 130, 20), rng.uniform(40, 100, 20)
    # Beside the sample of the second entry lies a marker of its series: what was seen of it holds both.
    x[inner], y[inner] = 152.0, 36.0
    samples = np.array([[158.0, 20.0], [158.0, 34.0]])
    swatches = [Box(left=154, top=16, right=162, bottom=24), Box(left=148, top=30, right=162, bottom=40)]
    legend = tuple(
        an_entry(f"s{k}", at - 4.5, box) for k, (at, box) in enumerate(zip((20, 34), swatches, strict=True))
    )
    data = [a_box(u - 3, v - 3, u + 3, v + 3, stroke=None, fill=RED) for u, v in zip(x, y, strict=True)]
    data.append(a_box(100, 20, 106, 26, stroke=None, fill=BLUE))
    shown = [
        a_box(u - 3, v - 3, u + 3, v + 3, stroke=None, fill=color)
        for (u, v), color in zip(samples, (BLUE, RED), strict=True)
    ]
    seen = np.arange(20) != inner
    trace = a_trace(x[seen].round(), y[seen].round(), kind="scatter", color=RED, sampled_at="markers")
    drawn = shown + data if legend_first else data + shown
    ((placed,),) = take_drawn_series([(trace,)], [axes_of([30, 80])], [legend], drawn)
    np.testing.assert_allclose(placed.x_px, x)
    np.testing.assert_allclose(placed.y_px, y)


def test_markers_that_were_taken_for_a_bare_line_are_at_its_vertices_with_their_error_bars() -> None:
    x, y = np.array([40.0, 80.0, 120.0, 160.0]), np.array([90.0, 70.0, 60.0, 40.0])
    stroke = a_path(x, y, stroke=BLUE)
    markers = [a_box(a - 2, b - 2, a + 2, b + 2, fill=BLUE, stroke=BLUE) for a, b in zip(x, y, strict=True)]
    stems = [a_path([a, a], [b - 8, b + 9], stroke=BLUE) for a, b in zip(x, y, strict=True)]
    grid = [a_path([a, a], [FRAME.top, FRAME.bottom], stroke=BLACK) for a in x]
    (placed,) = drawn_traces([a_trace(x, y + 0.4)], [*grid, *stems, stroke, *markers])
    assert (placed.kind, placed.sampled_at, placed.marker) == ("line", "markers", "square")
    assert placed.y_px == pytest.approx(y)
    assert placed.y_low_px == pytest.approx(y + 9)
    assert placed.y_high_px == pytest.approx(y - 8)
