"""Charts put side by side, each with a border: cut apart where lines run across the whole picture."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pytest
from charts import frame_of, render
from matplotlib.figure import Figure

from digitizer.evidence import Box, Picture
from digitizer.stages.panels.cells import cut_cells
from digitizer.stages.panels.find import find_panels
from digitizer.stages.strokes.strokes import Stroke

# Two charts above two, or one beside another; borders are one pixel of each, so two where charts meet.
CHART_IN = (4.1, 3.2)
TOLERANCE_PX = 1.0


def draw_levels(figure: Figure) -> None:
    """A chart with level grid lines and an axis line alone: nothing but its border closes it."""
    axes = figure.add_subplot()
    axes.plot(np.arange(30), 90 * (1 - np.exp(-np.arange(30) / 9)))
    axes.spines[["left", "top", "right"]].set_visible(False)
    axes.grid(axis="y", color="0.85")
    axes.tick_params(length=0)
    axes.set(xlabel="Time (s)", ylabel="Accuracy (%)", title="accuracy", xlim=(0, 29), ylim=(0, 100))
    figure.tight_layout()


def bordered(truth: list[Box]) -> np.ndarray:
    def draw(figure: Figure) -> None:
        draw_levels(figure)
        truth.append(frame_of(figure.axes[0]))

    rgb = render(draw, size=CHART_IN).rgb.copy()
    for edge in (rgb[0], rgb[-1], rgb[:, 0], rgb[:, -1]):
        edge[:] = 200
    return rgb


@pytest.mark.parametrize("shape", [(1, 2), (2, 2), (3, 1)])
def test_bordered_charts_side_by_side_are_cut_apart(shape: tuple[int, int]) -> None:
    truth: list[Box] = []
    one = bordered(truth)
    height, width = one.shape[:2]
    picture = Picture(name="drawn", sha256="", rgb=np.tile(one, (*shape, 1)))
    found = find_panels(picture)
    assert len(found) == shape[0] * shape[1]
    for k, frame in enumerate(found):
        row, column = divmod(k, shape[1])
        box, alone = frame.box, truth[0]
        assert box.left == pytest.approx(alone.left + column * width, abs=TOLERANCE_PX)
        assert box.bottom == pytest.approx(alone.bottom + row * height, abs=TOLERANCE_PX)
        assert np.all((frame.grid_y > row * height) & (frame.grid_y < (row + 1) * height))


def test_grid_lines_across_the_picture_cut_no_chart() -> None:
    def draw(figure: Figure) -> None:
        axes = figure.add_axes((0.0, 0.12, 1.0, 0.78))
        axes.plot(np.arange(30), np.arange(30) ** 2)
        axes.grid(axis="y", color="0.8")
        axes.tick_params(axis="y", direction="in", pad=-30)

    with plt.rc_context({"axes.spines.left": False, "axes.spines.right": False}):
        assert len(find_panels(render(draw, size=(6, 6)))) <= 1


def line(at: float, length: float, sign: int = 0) -> Stroke:
    return Stroke(at=at, start=1.0, end=length - 2, sign=sign)


@pytest.mark.parametrize(
    ("across", "n_cells"),
    [
        ([line(300, 600)], 2),
        ([line(300, 600), line(305, 600)], 2),
        ([line(60, 600)], 0),
        ([line(300, 600, sign=1)], 0),
        ([Stroke(at=300, start=40, end=598, sign=0)], 0),
        ([line(1, 600), line(598, 600)], 0),
    ],
)
def test_cells_lie_between_lines_from_edge_to_edge(across: list[Stroke], n_cells: int) -> None:
    assert len(cut_cells([], across, (600, 600))) == n_cells
    assert len(cut_cells(across, [], (600, 600))) == n_cells
