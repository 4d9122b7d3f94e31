"""Panels are found where they were drawn, in every style, and nowhere else."""

from __future__ import annotations

from dataclasses import replace

import matplotlib.pyplot as plt
import numpy as np
import pytest
from charts import frame_of, render
from matplotlib.figure import Figure

from digitizer.evidence import Box, PanelFrame, Picture
from digitizer.stages.frames.measure import measure_frame
from digitizer.stages.panels.find import choose, find_panels
from digitizer.stages.panels.preferred import drop_parts, prefer_labelled
from digitizer.stages.strokes.proposals import Proposal

# Agg snaps spines to whole pixels: half a pixel, and the pen's own rounding.
TOLERANCE_PX = 1.0
ALL_SIDES = ("left", "top", "right", "bottom")


def draw_grid(rows: int, columns: int, truth: list[Box], style: str = "default", box: str = "full"):
    def draw(figure: Figure) -> None:
        rng = np.random.default_rng(3)
        for k in range(rows * columns):
            axes = figure.add_subplot(rows, columns, k + 1)
            axes.plot(np.arange(30), np.cumsum(rng.normal(size=30)))
            axes.set_xlabel("Step")
            axes.set_ylabel("Value")
            if box == "half":
                axes.spines[["top", "right"]].set_visible(False)
            if box == "grid":
                axes.spines[:].set_visible(False)
                axes.grid(True, color="0.85")
                axes.tick_params(length=0)
        figure.tight_layout()
        truth.extend(frame_of(axes) for axes in figure.axes)

    def styled(figure: Figure) -> None:
        with plt.style.context(style):
            figure.set_facecolor(plt.rcParams["figure.facecolor"])
            draw(figure)

    return styled


def assert_frames(picture: Picture, truth: list[Box], tolerance: float = TOLERANCE_PX) -> None:
    found = [f.box for f in find_panels(picture)]
    assert len(found) == len(truth)
    for a, b in zip(found, truth, strict=True):
        for side in ("left", "top", "right", "bottom"):
            assert getattr(a, side) == pytest.approx(getattr(b, side), abs=tolerance), side


@pytest.mark.parametrize("shape", [(1, 1), (1, 2), (2, 2), (2, 3)])
@pytest.mark.parametrize("style", ["default", "ggplot", "dark_background"])
def test_boxed_panels_in_a_grid(shape: tuple[int, int], style: str) -> None:
    truth: list[Box] = []
    picture = render(draw_grid(*shape, truth, style), size=(3.1 * shape[1] + 1, 2.6 * shape[0] + 1))
    # ggplot's white sides merge with the paper: its panels begin a line width further in.
    assert_frames(picture, truth, tolerance=1.8 if style == "ggplot" else TOLERANCE_PX)


@pytest.mark.parametrize("box", ["half", "grid"])
def test_panels_without_a_full_box(box: str) -> None:
    truth: list[Box] = []
    picture = render(draw_grid(1, 2, truth, box=box), size=(8.3, 3.4))
    found = [f.box for f in find_panels(picture)]
    assert len(found) == 2
    for a, b in zip(found, truth, strict=True):
        # Where no side is drawn the frame is what grid and axis lines span.
        assert abs(a.left - b.left) < 0.1 * b.width
        assert abs(a.bottom - b.bottom) < 0.2 * b.height


def test_a_large_picture_keeps_its_precision() -> None:
    truth: list[Box] = []
    picture = render(draw_grid(1, 1, truth), size=(6.1, 4.3), dpi=500)
    assert_frames(picture, truth, tolerance=1.5)


def test_legend_and_figure_border_are_no_panels() -> None:
    truth: list[Box] = []

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        axes.plot([0, 1, 2], [1, 3, 2], label="first")
        axes.plot([0, 1, 2], [2, 1, 3], label="second")
        axes.legend(loc="lower right", edgecolor="black", fancybox=False)
        figure.patch.set_edgecolor("black")
        figure.patch.set_linewidth(4)
        truth.append(frame_of(axes))

    assert_frames(render(draw), truth)


@pytest.mark.parametrize("kind", ["blank", "noise", "tiny"])
def test_no_chart_no_panel(kind: str) -> None:
    rng = np.random.default_rng(0)
    if kind == "blank":
        rgb = np.full((240, 320, 3), 255, np.uint8)
    elif kind == "noise":
        rgb = rng.integers(0, 256, (240, 320, 3)).astype(np.uint8)
    else:
        rgb = np.zeros((9, 12, 3), np.uint8)
    assert find_panels(Picture(name=kind, sha256="", rgb=rgb)) == ()


def test_bars_do_not_hide_the_upper_rungs() -> None:
    truth: list[Box] = []

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        for k, heights in enumerate(([31, 95, 62, 47], [88, 40, 71, 15])):
            axes.bar(np.arange(4) + 0.4 * k, heights, 0.38, color=f"C{k}")
        axes.set_axisbelow(True)
        axes.grid(axis="y", color="0.88")
        axes.set(yticks=range(0, 101, 20), ylim=(0, 100), ylabel="Score", xticks=range(4))
        axes.set_xticklabels(["alpha", "beta", "gamma", "delta"])
        axes.spines[["left", "right", "top"]].set_visible(False)
        axes.tick_params(length=0)
        truth.append(frame_of(axes))

    assert_frames(render(draw), truth, tolerance=1.5)


def test_a_dashboard_card_is_no_panel() -> None:
    truth: list[Box] = []

    def draw(figure: Figure) -> None:
        for row in range(2):
            for column in range(2):
                left, bottom = 0.02 + 0.49 * column, 0.02 + 0.49 * row
                figure.add_artist(plt.Rectangle((left, bottom), 0.47, 0.47, fc="none", ec="0.8"))
                axes = figure.add_axes((left + 0.08, bottom + 0.08, 0.37, 0.3))
                axes.plot(np.arange(50), np.exp(-np.arange(50) / (9 + row + column)))
                axes.set_title("train/loss", fontsize=9)
                axes.grid(True, color="0.9")
                axes.spines[:].set_visible(False)
                axes.spines[["left", "bottom"]].set(visible=True, color="0.6")
                axes.tick_params(length=0, labelsize=8)
        truth.extend(frame_of(axes) for axes in [figure.axes[k] for k in (2, 3, 0, 1)])

    found = [f.box for f in find_panels(render(draw, size=(8, 6)))]
    assert len(found) == 4
    for a, b in zip(found, truth, strict=True):
        # Where no line is drawn at the top, the last rung of the grid ends the panel.
        assert a.left == pytest.approx(b.left, abs=1.5)
        assert a.bottom == pytest.approx(b.bottom, abs=1.5)


def test_cards_side_by_side_on_a_dark_ground_are_no_panels() -> None:
    truth: list[Box] = []

    def draw(figure: Figure) -> None:
        figure.set_facecolor("#181b1f")
        for column in range(2):
            left = 0.003 + 0.5 * column
            figure.add_artist(plt.Rectangle((left, 0.006), 0.494, 0.988, fc="none", ec="#30343a"))
            axes = figure.add_axes((left + 0.045, 0.09, 0.43, 0.84), facecolor="#181b1f")
            axes.plot(np.arange(50), np.exp(-np.arange(50) / (9 + column)), color="#73bf69", lw=0.8)
            axes.grid(True, color="#2c2f33")
            axes.spines[:].set_color("#2c2f33")
            axes.tick_params(length=0, labelsize=7, labelcolor="#ccccdc")
        truth.extend(frame_of(axes) for axes in figure.axes)

    assert_frames(render(draw, size=(14.5, 6.3)), truth)


def test_ticks_below_the_axis_do_not_lengthen_the_panel() -> None:
    truth: list[Box] = []

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        axes.plot(np.arange(20), np.sin(np.arange(20) / 3))
        axes.grid(axis="y", color="0.88")
        axes.set(ylim=(-1, 1), yticks=np.linspace(-1, 1, 5))
        axes.spines[["left", "right", "top"]].set_visible(False)
        axes.tick_params(axis="x", length=9)
        axes.tick_params(axis="y", length=0)
        truth.append(frame_of(axes))

    assert_frames(render(draw), truth, tolerance=1.5)


def test_the_ground_is_the_ground_where_bars_cover_more() -> None:
    truth: list[Box] = []

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        axes.barh(range(12), np.linspace(9, 3, 12), height=0.93, color="#4c78a8")
        axes.set(xlim=(0, 9.4), ylim=(-0.5, 11.5))
        truth.append(frame_of(axes))

    picture = render(draw)
    frame = measure_frame(picture, truth[0])
    assert frame is not None
    assert frame.background == (255, 255, 255)


@pytest.mark.parametrize("tick_px", [0.0, 5.0])
@pytest.mark.parametrize("kind", ["line", "bars"])
def test_a_panel_without_any_lines_lies_between_its_labels(kind: str, tick_px: float) -> None:
    truth: list[Box] = []

    def draw(figure: Figure) -> None:
        axes = figure.add_axes((0.17, 0.2, 0.73, 0.65))
        if kind == "line":
            axes.plot(np.linspace(0, 50, 40), 20 + 60 * np.exp(-np.linspace(0, 3, 40)))
        else:
            axes.bar(["North", "South", "East", "West"], [31.0, 78.0, 52.0, 64.0], color="tab:green")
        axes.set_ylim(0, 90)
        axes.spines[:].set_visible(False)
        axes.tick_params(length=tick_px)
        axes.set_ylabel("Revenue (million)")
        truth.append(frame_of(axes))

    found = [f.box for f in find_panels(render(draw, size=(6.3, 4.1)))]
    assert len(found) == 1
    box, true = found[0], truth[0]
    # What lies beyond the last labels is found by the ink there alone.
    assert box.left == pytest.approx(true.left, abs=12)
    assert box.bottom == pytest.approx(true.bottom, abs=12)
    assert box.right == pytest.approx(true.right, abs=0.12 * true.width)
    assert box.top == pytest.approx(true.top, abs=0.12 * true.height)


@pytest.mark.parametrize("tick_px", [0.0, 6.0])
def test_bars_without_lines_stand_above_labels_that_are_read_upwards(tick_px: float) -> None:
    truth: list[Box] = []
    names = ["Austria", "Belgium", "France", "Germany", "Poland", "Spain", "Sweden"]

    def draw(figure: Figure) -> None:
        axes = figure.add_axes((0.13, 0.25, 0.83, 0.65))
        axes.bar(names, [45.0, 30.0, 61.0, 65.0, 15.0, 21.0, 48.0], color="0.4")
        axes.set_ylim(0, 80)
        axes.spines[:].set_visible(False)
        axes.tick_params(length=tick_px)
        axes.tick_params(axis="x", rotation=90)
        truth.append(frame_of(axes))

    found = [f.box for f in find_panels(render(draw, size=(7.2, 4.3), dpi=130))]
    assert len(found) == 1
    assert found[0].bottom == pytest.approx(truth[0].bottom, abs=3)


def test_labels_with_narrow_blanks_between_them_count() -> None:
    truth: list[Box] = []

    def draw(figure: Figure) -> None:
        axes = figure.add_axes((0.14, 0.2, 0.8, 0.7))
        axes.plot(np.linspace(0, 10, 30), np.linspace(3, 88, 30) ** 1.02)
        axes.set_yticks(np.arange(0, 101, 5))
        axes.set_ylim(0, 100)
        axes.grid(axis="y", color="0.85")
        axes.spines[:].set_visible(False)
        axes.tick_params(length=0)
        truth.append(frame_of(axes))

    found = [f.box for f in find_panels(render(draw, size=(6.1, 5.2), dpi=80))]
    assert len(found) == 1
    assert found[0].top == pytest.approx(truth[0].top, abs=2)
    assert found[0].left == pytest.approx(truth[0].left, abs=2)


def test_facets_whose_labels_stand_in_one_row_stay_apart() -> None:
    def facet(left: float, rows: int) -> Proposal:
        box = Box(left=left, right=left + 150, top=57, bottom=208)
        return Proposal(
            box=box,
            sides=frozenset(("left", "bottom")),
            n_horizontal=5,
            n_vertical=4,
            n_row_labels=rows,
            n_column_labels=4,
        )

    # Only the first has labels on two sides; the x labels below all three are evenly spaced.
    facets = [facet(40, 5), facet(213, 0), facet(386, 0)]
    wide = Proposal(
        box=Box(left=40, right=536, top=56, bottom=232),
        sides=frozenset(),
        n_horizontal=0,
        n_vertical=0,
        n_row_labels=5,
        n_column_labels=3,
    )
    assert prefer_labelled(facets, [wide]) == facets


def test_a_frame_that_another_one_has_grown_over_is_dropped() -> None:
    def frame(left: float, top: float, right: float, bottom: float) -> PanelFrame:
        return PanelFrame(
            box=Box(left=left, top=top, right=right, bottom=bottom),
            sides=frozenset(),
            background=(255, 255, 255),
            grid_x=np.zeros(0),
            grid_y=np.zeros(0),
        )

    # ApexCharts: bars cut the lower half of the grid, and the upper half was carried down to the axis.
    whole, half, beside = frame(58, 30, 616, 384), frame(58, 120, 547, 385), frame(620, 30, 900, 384)
    assert drop_parts([whole, half, None, beside]) == [whole, None, None, beside]
    assert drop_parts([whole, whole]) == [whole, None]


def test_what_lies_between_thick_grid_lines_is_no_panel() -> None:
    def panel(left: float, right: float, rungs: int, sides: str) -> Proposal:
        return Proposal(
            box=Box(left=left, right=right, top=30, bottom=940),
            sides=frozenset(sides.split()),  # type: ignore[arg-type]
            n_horizontal=rungs,
            n_vertical=5,
            n_row_labels=6,
            n_column_labels=4,
        )

    # Markers left of a grid line stand where labels would, beside what lies right of it.
    cells = [
        panel(130, 700, 2, "bottom right"),
        panel(700, 1036, 3, "bottom left right"),
        panel(1036, 1583, 1, "bottom left right"),
    ]
    whole = replace(panel(130, 1583, 11, "bottom right top"), n_vertical=10)
    assert choose([*cells, whole], shape=(1067, 1600)) == [whole]
    # Facets that stand apart are panels, whatever runs through all of them.
    facets = [
        panel(130, 570, 2, "bottom left right"),
        panel(590, 1030, 3, "bottom left right"),
        panel(1050, 1583, 1, "bottom left right"),
    ]
    assert choose([*facets, whole], shape=(1067, 1600)) == sorted(facets, key=lambda p: -p.area)


def test_a_panel_is_not_cut_off_where_many_bars_end() -> None:
    whole = Proposal(
        box=Box(left=89, top=22, right=714, bottom=283),
        sides=frozenset({"left", "bottom"}),
        n_horizontal=1,
        n_vertical=2,
        n_row_labels=7,
        n_column_labels=7,
    )
    # The sides of bars of about one height.
    box = Box(left=101, top=205, right=714, bottom=283)
    low = replace(whole, box=box, n_vertical=11, n_row_labels=3, n_column_labels=10)
    assert choose([low, whole], shape=(450, 750)) == [whole]
    # With all labels beside it the smaller one is the panel, and the larger one has a title in it.
    full = replace(low, box=replace(box, top=60), n_row_labels=7)
    assert choose([full, whole], shape=(450, 750)) == [full]
