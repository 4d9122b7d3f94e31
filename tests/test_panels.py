"""Panels are found where they were drawn, in every style, and nowhere else."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pytest
from charts import frame_of, render
from matplotlib.figure import Figure

from digitizer.evidence import Box, Picture
from digitizer.stages.panels import find_panels
from digitizer.stages.proposals import find_ladders

# Agg snaps spines to whole pixels: half a pixel, and the pen's own rounding.
TOLERANCE_PX = 1.0


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


def test_grid_positions() -> None:
    expected: list[float] = []

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        axes.set(xlim=(0, 10), ylim=(0, 5))
        axes.plot([1, 9], [1, 4])
        axes.grid(True, linestyle="--")
        height = figure.bbox.height
        expected.extend(height - axes.transData.transform((0, y))[1] - 0.5 for y in (4, 3, 2, 1))

    frame = find_panels(render(draw))[0]
    assert frame.grid_y == pytest.approx(expected, abs=0.6)


def test_ladders_of_stacked_panels_are_told_apart() -> None:
    at = np.array([10, 30, 50, 70, 141.0, 170, 199, 228])
    assert [list(ladder) for ladder in find_ladders(at)] == [[10, 30, 50, 70], [141, 170, 199, 228]]


def test_a_hidden_rung_does_not_end_a_ladder() -> None:
    assert list(find_ladders(np.array([10.0, 30, 70, 90]))[0]) == [10, 30, 70, 90]
