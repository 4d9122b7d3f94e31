"""Tick marks are found inside a box, too, and curves that cross it are not taken for them."""

from __future__ import annotations

import numpy as np
import pytest
from charts import frame_of, render
from matplotlib.figure import Figure
from numpy.typing import NDArray

from digitizer.evidence import Box, PanelFrame, Picture
from digitizer.stages.axes.marks import are_sharp, find_marks
from digitizer.stages.frames.measure import measure_frame


@pytest.mark.parametrize("mirrored", [True, False])
def test_few_marks_inside_a_box_count_where_both_sides_have_them(mirrored: bool) -> None:
    truth: list[Box] = []
    expected: list[float] = []

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        # The curve covers the first mark on the left, and crosses the left side's inside.
        x = np.linspace(0, 6, 200)
        axes.plot(x, 1e-1 + 60 * np.abs(np.sin(np.pi * x)), lw=2)
        axes.set(yscale="log", xlim=(0, 6), ylim=(1e-3, 1e3), yticks=[1e-3, 1e-1, 1e1, 1e3])
        axes.minorticks_off()
        axes.tick_params(direction="in", left=True, right=mirrored, length=6)
        truth.append(frame_of(axes))
        expected.extend(
            figure.bbox.height - 0.5 - axes.transData.transform((0, v))[1] for v in (1e3, 1e1, 1e-1, 1e-3)
        )

    picture = render(draw)
    frame = measure_frame(picture, truth[0])
    assert frame is not None
    marks = find_marks(picture, frame, "left")
    if mirrored:
        assert marks == pytest.approx(expected, abs=1.0)
    else:
        assert len(marks) == 0


def test_edges_inside_a_panel_are_no_rungs_of_a_ladder_of_ticks() -> None:
    truth: list[Box] = []
    expected: list[float] = []

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        axes.set(xlim=(0, 10), ylim=(0, 1), xticks=range(0, 11, 2))
        axes.axvspan(2.6, 2.64, color="0.8")
        axes.axvline(5, color="0.8", lw=1)
        truth.append(frame_of(axes))
        expected.extend(axes.transData.transform((v, 0))[0] - 0.5 for v in (0, 2, 4, 5, 6, 8, 10))

    picture = render(draw)
    frame = measure_frame(picture, truth[0])
    assert frame is not None
    assert len(frame.grid_x) == 2
    # Half a rung is a minor grid line.
    assert find_marks(picture, frame, "bottom") == pytest.approx(expected, abs=1.0)


def test_markers_on_a_side_are_no_ticks_where_the_grid_is_even() -> None:
    truth: list[Box] = []
    expected: list[float] = []

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        axes.plot([0, 1, 2, 3], [6.4, 11, 15, 14], "_-", color="tab:red", clip_on=False, ms=12)
        axes.plot([0, 1, 2, 3], [14.2, 9, 3, 5], "_-", color="tab:blue", clip_on=False, ms=12)
        axes.set(xlim=(0, 3), ylim=(-3, 20), yticks=range(0, 20, 3))
        axes.grid(axis="y", color="0.85")
        axes.tick_params(length=0)
        axes.spines[:].set_visible(False)
        truth.append(frame_of(axes))
        expected.extend(
            figure.bbox.height - 0.5 - axes.transData.transform((0, v))[1] for v in range(18, -1, -3)
        )

    picture = render(draw)
    frame = measure_frame(picture, truth[0])
    assert frame is not None
    marks = find_marks(picture, frame, "left")
    inner = [m for m in marks if abs(m - truth[0].top) > 3 and abs(m - truth[0].bottom) > 3]
    assert inner == pytest.approx(expected, abs=1.0)


@pytest.mark.parametrize(("away", "hidden"), [(0, True), (2, False)])
def test_a_side_hides_a_tick_only_where_the_ladder_has_one(away: int, hidden: bool) -> None:
    """A tick inside the frame that touches its side was taken to stand at the side."""
    rgb = np.full((300, 200, 3), 255, dtype=np.uint8)
    rgb[20:271, 40] = rgb[20:271, 180] = 0
    rgb[20, 40:181] = rgb[270, 40:181] = 0
    rungs = 270 - away - np.arange(6) * 45
    for rung in rungs:
        rgb[rung : rung + 1 + away, 40:48] = 0 if rung == rungs[0] else 255
        rgb[rung, 40:48] = 0
    box = Box(left=40, top=20, right=180, bottom=270)
    nothing = np.empty(0)
    frame = PanelFrame(
        box=box, sides=frozenset({"left", "right", "top", "bottom"}), background=(255, 255, 255),
        grid_x=nothing, grid_y=nothing,
    )  # fmt: skip
    marks = find_marks(Picture(name="drawn", sha256="", rgb=rgb), frame, "left")
    assert (np.min(np.abs(marks - 270)) < 0.5) == hidden
    assert np.min(np.abs(marks - rungs[1])) < 0.5


def _gridded(box: Box, rows: NDArray[np.int64]) -> PanelFrame:
    """A white frame without drawn sides whose level grid lines lie in some rows."""
    return PanelFrame(
        box=box, sides=frozenset(), background=(255, 255, 255),
        grid_x=np.empty(0), grid_y=rows.astype(float),
    )  # fmt: skip


def test_the_dashes_of_a_grid_line_along_a_side_are_no_ticks() -> None:
    """Chartist's lowest line is one of its dashed grid."""
    rgb = np.full((260, 320, 3), 255, dtype=np.uint8)
    grid = np.array([29, 94, 160, 226, 275])
    rgb[10:244, grid] = rgb[246:250, 22:278:4] = 200
    rgb[12:244:4, grid] = rgb[13:244:4, grid] = 255
    frame = PanelFrame(
        box=Box(left=20, top=10, right=280, bottom=250), sides=frozenset(), background=(255, 255, 255),
        grid_x=grid.astype(float), grid_y=np.empty(0),
    )  # fmt: skip
    assert find_marks(Picture(name="drawn", sha256="", rgb=rgb), frame, "bottom") == pytest.approx(grid)


def test_even_ticks_beside_the_grid_of_another_axis_are_ticks() -> None:
    rgb = np.full((260, 320, 3), 255, dtype=np.uint8)
    grid, ticks = np.array([26, 66, 105, 144, 184, 223]), np.array([35, 71, 107, 143, 179, 215])
    rgb[grid, 20:280] = 229
    rgb[ticks, 281:287] = 80
    frame = _gridded(Box(left=20, top=10, right=280, bottom=250), grid)
    marks = find_marks(Picture(name="drawn", sha256="", rgb=rgb), frame, "right")
    assert np.abs(ticks[:, None] - marks[None]).min(axis=1).max() < 0.1


def test_even_ticks_inside_beside_the_grid_of_another_axis_are_ticks() -> None:
    truth: list[Box] = []
    expected: list[float] = []

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        axes.set(ylim=(0, 10), yticks=range(1, 10, 2))
        axes.grid(axis="y", color="0.8")
        second = axes.twinx()
        second.set(ylim=(0, 100), yticks=range(16, 97, 20))
        second.tick_params(direction="in", length=5)
        truth.append(frame_of(axes))
        expected.extend(
            figure.bbox.height - 0.5 - second.transData.transform((0, v))[1] for v in range(96, 0, -20)
        )

    picture = render(draw)
    frame = measure_frame(picture, truth[0])
    assert frame is not None
    assert len(frame.grid_y) == 5
    # The sides may hide one more at either end.
    marks = find_marks(picture, frame, "right")
    assert len(marks) <= 7
    assert np.abs(np.array(expected)[:, None] - marks[None]).min(axis=1).max() < 1.0


def test_ticks_of_which_bars_hide_half_the_grid_lines_are_ticks() -> None:
    rgb = np.full((360, 320, 3), 255, dtype=np.uint8)
    grid, ticks = np.array([26, 70, 113, 156, 200]), np.array([70, 156, 243, 330])
    rgb[grid, 41:300] = 229
    rgb[ticks, 36:41] = 80
    frame = _gridded(Box(left=41.5, top=10, right=300, bottom=345), grid)
    marks = find_marks(Picture(name="drawn", sha256="", rgb=rgb), frame, "left")
    assert marks == pytest.approx([26, 70, 113, 156, 200, 243, 330], abs=0.01)


@pytest.mark.parametrize("further", [(), (-4, -5, 3, -4, 3, -4)])
def test_ends_of_labels_beside_an_even_grid_are_no_ticks(further: tuple[int, ...]) -> None:
    # Of one end a label, or of two: then there are more ends than grid lines.
    rgb = np.full((260, 320, 3), 255, dtype=np.uint8)
    rows = np.array([26, 66, 105, 144, 184, 223])
    rgb[rows, 41:300] = 229
    for row, off in zip(rows, (0, 1, 9, 2, 9, 2), strict=True):
        if off < 9:
            rgb[row + off, 36:41] = 80
    for row, off in zip(rows, further, strict=bool(further)):
        rgb[row + off, 36:41] = 80
    frame = _gridded(Box(left=41.5, top=10, right=300, bottom=250), rows)
    picture = Picture(name="drawn", sha256="", rgb=rgb)
    assert find_marks(picture, frame, "left") == pytest.approx(rows, abs=0.01)


@pytest.mark.parametrize(("beside", "sharp"), [(0.0, True), (0.055, False)])
@pytest.mark.parametrize("outward", [True, False])
def test_strokes_of_exactly_one_pixel_are_told_from_wider_ones(
    beside: float, sharp: bool, outward: bool
) -> None:
    rgb = np.full((120, 200, 3), 255.0)
    rgb[20:100, 40] = 0
    places = np.array([30, 52, 75])
    rows = (slice(30, 40), slice(41, 180))[0 if outward else 1]
    for place in places:
        for row, share in ((place - 1, beside), (place, 1.0), (place + 1, beside)):
            rgb[row, rows] = 255 * (1 - share)
    box = Box(left=40, top=20, right=180, bottom=99)
    sides = frozenset({"left"})
    nothing = np.empty(0)
    frame = PanelFrame(box=box, sides=sides, background=(255, 255, 255), grid_x=nothing, grid_y=nothing)
    picture = Picture(name="drawn", sha256="", rgb=np.round(rgb).astype(np.uint8))
    assert are_sharp(picture, frame, "left", places.astype(float)) == sharp
    assert not are_sharp(picture, frame, "left", places[:1].astype(float))


def test_grid_lines_beside_the_nines_of_a_logarithmic_axis_stand_at_its_tens() -> None:
    rgb = np.full((340, 300, 3), 255, np.uint8)
    box = Box(left=40.0, top=20.0, right=280.0, bottom=314.0)
    tens = [20 + 49 * k for k in range(7)]
    nines = [round(ten + 49 * (1 - np.log10(minor))) for ten in tens[:-1] for minor in range(2, 10)]
    # The ticks at tens are as pale as their grid lines; nines stand two pixels below them.
    rgb[tens[1:-1], 41:280] = 215
    for row in nines:
        rgb[row, 41:46] = 0
    for row in (20, 314):
        rgb[row, 40:281] = 0
    rgb[20:315, [40, 280]] = 0
    frame = PanelFrame(
        box=box,
        grid_x=np.empty(0),
        grid_y=np.array(tens[1:-1], dtype=float),
        background=(255, 255, 255),
        sides=frozenset({"left", "right", "top", "bottom"}),
        line_width=1.0,
    )
    marks = find_marks(Picture(name="drawn", sha256="", rgb=rgb), frame, "left")
    assert np.abs(np.array(tens)[:, None] - marks[None]).min(axis=1).max() < 0.5


def test_the_ticks_of_an_axis_line_that_stands_off_the_panel_count() -> None:
    # Bars with dark rims inside the panel's bottom, and 13 px below it an axis line with its ticks (R).
    rgb = np.full((340, 400, 3), 255, dtype=np.uint8)
    panel, ticks = Box(left=40.0, top=10.0, right=340.0, bottom=290.0), (40, 120, 200, 280)
    for left in range(40, 340, 60):
        rgb[150:291, left : left + 61] = 0
        rgb[151:290, left + 1 : left + 60] = (106, 90, 205)
    rgb[303, 40:281] = 0
    for x in ticks:
        rgb[303:310, x] = 0
    picture = Picture(name="apart", sha256="", rgb=rgb)
    frame = PanelFrame(
        box=panel, sides=frozenset(), background=(255, 255, 255), grid_x=np.empty(0), grid_y=np.empty(0)
    )
    assert find_marks(picture, frame, "bottom") == pytest.approx(ticks, abs=0.1)


@pytest.mark.parametrize("mirrored", [True, False])
def test_a_curve_that_begins_in_a_corner_is_no_tick_where_the_other_side_has_the_rest(mirrored: bool) -> None:
    rgb = np.full((240, 300, 3), 255, dtype=np.uint8)
    rgb[[20, 220], 20:281] = 0
    rgb[20:221, [20, 280]] = 0
    ticks = [35, 91, 147, 204]
    for row in ticks:
        rgb[row, 20:26] = 0
        if mirrored:
            rgb[row, 275:281] = 0
    # A line of one pixel that begins three above the corner.
    rgb[217, 20:28] = 0
    picture = Picture(name="drawn", sha256="", rgb=rgb)
    frame = measure_frame(picture, Box(left=20.0, top=20.0, right=280.0, bottom=220.0))
    assert frame is not None
    marks = find_marks(picture, frame, "left")
    inner = marks[(marks > 23) & (marks < 218.5)]
    assert inner.tolist() == (ticks if mirrored else [*ticks, 217])


def test_a_neighbours_side_beyond_the_labels_is_no_axis_line_of_a_panel() -> None:
    truth: list[Box] = []
    expected: list[float] = []

    def draw(figure: Figure) -> None:
        both = figure.subplots(1, 2)
        for axes, limits in zip(both, ((0.0, 1.0), (-1.13, 3.6)), strict=True):
            axes.set_ylim(limits)
            axes.minorticks_on()
            axes.tick_params(direction="in", which="both", left=True, right=True, top=True, length=5)
            axes.tick_params(which="minor", length=3)
        # Close to each other, as in papers: the labels nearly touch the left panel's side.
        figure.subplots_adjust(wspace=0.1)
        truth.append(frame_of(both[1]))
        to_px = both[1].transData.transform
        expected.extend(figure.bbox.height - 0.5 - to_px((0, v))[1] for v in (3, 2, 1, 0, -1))

    picture = render(draw, size=(7.0, 3.0))
    frame = measure_frame(picture, truth[0])
    assert frame is not None
    marks = find_marks(picture, frame, "left")
    assert len(marks) >= len(expected)
    for at in expected:
        assert np.abs(marks - at).min() < 1.0


@pytest.mark.parametrize(("steps", "found"), [((0, 46, 92, 138, 184), True), ((0, 46, 80, 138, 184), False)])
def test_pale_ticks_are_told_by_their_even_steps(steps: tuple[int, ...], found: bool) -> None:
    rgb = np.full((280, 400, 3), 255, np.uint8)
    for step in steps:
        rgb[40 + step : 42 + step, 50:60] = 236
    frame = PanelFrame(
        box=Box(left=60, top=30, right=380, bottom=250),
        sides=frozenset(),
        background=(255, 255, 255),
        grid_x=np.zeros(0),
        grid_y=np.zeros(0),
    )
    marks = find_marks(Picture(rgb=rgb, name="drawn", sha256=""), frame, "left")
    assert marks.tolist() == ([40.5 + step for step in steps] if found else [])


def test_strokes_of_digits_at_nearly_even_steps_are_no_ticks() -> None:
    rgb = np.full((180, 320, 3), 255, dtype=np.uint8)
    rows, strokes = np.array([26, 67, 108, 149]), np.array([27, 69, 111, 153])
    rgb[rows, 41:300] = 229
    rgb[strokes, 36:41] = 80
    frame = _gridded(Box(left=41.5, top=15, right=300, bottom=160), rows)
    picture = Picture(name="drawn", sha256="", rgb=rgb)
    assert find_marks(picture, frame, "left") == pytest.approx(rows, abs=0.01)
