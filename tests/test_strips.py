"""Facets come without their strips, and each on its own."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from charts import frame_of, render
from matplotlib.figure import Figure

from digitizer.evidence import Box, PanelFrame, Picture
from digitizer.stages.frames.measure import measure_frame
from digitizer.stages.panels.find import find_panels
from digitizer.stages.panels.strips import keep_within, part_facets

TOLERANCE_PX = 1.0
SHADE, STRIP, PAPER = 235, 217, 255
# Two rows of three facets of 120 x 90 px, gutters of 6 px, strips of 20 px.
WIDTH, HEIGHT, GUTTER, STRIP_PX, MARGIN = 120, 90, 6, 20, 40


def draw_facets(*, side: bool = False, bordered: bool = False) -> tuple[Picture, list[Box]]:
    """Facets as ggplot2 draws them, strips above (or, with ``side``, on the right), and their frames."""
    rgb = np.full((330, 520, 3), PAPER, np.uint8)
    boxes = []
    for row in range(2):
        for column in range(3):
            x = MARGIN + column * (WIDTH + GUTTER + STRIP_PX * side)
            y = MARGIN + row * (HEIGHT + GUTTER + STRIP_PX * (not side)) + STRIP_PX * (not side)
            box = Box(left=x - 0.5, right=x + WIDTH - 0.5, top=y - 0.5, bottom=y + HEIGHT - 0.5)
            ground = rgb[y : y + HEIGHT, x : x + WIDTH]
            ground[:] = PAPER if bordered else SHADE
            if not bordered:
                ground[10::20] = ground[:, 12::24] = PAPER
            strip = (
                rgb[y : y + HEIGHT, x + WIDTH : x + WIDTH + STRIP_PX]
                if side
                else rgb[y - STRIP_PX : y, x : x + WIDTH]
            )
            strip[:] = PAPER if bordered else STRIP
            if bordered:
                strip[:1], strip[-1:], strip[:, :1], strip[:, -1:] = 0, 0, 0, 0
                ground[:, :1], ground[-1:] = 0, 0
            middle = np.array(strip.shape[:2]) // 2
            strip[middle[0] - 3 : middle[0] + 3, middle[1] - 4 : middle[1] + 4] = 30
            boxes.append(box)
    return Picture(rgb=rgb, name="facets", sha256=""), boxes


def whole(box: Box, *, side: bool) -> Box:
    """A facet's frame together with its strip."""
    if side:
        return Box(left=box.left, right=box.right + STRIP_PX, top=box.top, bottom=box.bottom)
    return Box(left=box.left, right=box.right, top=box.top - STRIP_PX, bottom=box.bottom)


@pytest.mark.parametrize(("side", "bordered"), [(False, False), (True, False), (False, True)])
def test_strips_are_no_part_of_the_plot_area(side: bool, bordered: bool) -> None:
    picture, truth = draw_facets(side=side, bordered=bordered)
    frames = [measure_frame(picture, whole(box, side=side)) for box in truth]
    found = part_facets(picture, [f for f in frames if f is not None])
    assert len(found) == len(truth)
    for frame, box in zip(found, truth, strict=True):
        for name in ("left", "top", "right", "bottom"):
            assert getattr(frame.box, name) == pytest.approx(getattr(box, name), abs=TOLERANCE_PX), name


def test_a_row_of_facets_is_cut_at_its_gutters() -> None:
    picture, truth = draw_facets()
    row = truth[0].union(truth[2])
    # Grid lines alone were found: they end before the ground does.
    inner = Box(left=row.left, right=row.right, top=row.top + 10, bottom=row.bottom - 20)
    frame = measure_frame(picture, inner)
    assert frame is not None
    found = part_facets(picture, [frame])
    assert len(found) == 3
    for part, box in zip(found, truth[:3], strict=True):
        assert part.box.left == pytest.approx(box.left, abs=TOLERANCE_PX)
        assert part.box.right == pytest.approx(box.right, abs=TOLERANCE_PX)
        assert part.box.bottom == pytest.approx(box.bottom, abs=TOLERANCE_PX)


def test_a_shaded_band_that_the_grid_crosses_is_no_strip() -> None:
    picture, truth = draw_facets()
    rgb = picture.rgb.copy()
    for box in truth:
        y, x = round(box.top + 0.5), round(box.left + 0.5)
        rgb[y : y + 20, x : x + WIDTH][rgb[y : y + 20, x : x + WIDTH] == SHADE] = 200
        rgb[y + 5 : y + 9, x + 52 : x + 68] = 30
    shaded = Picture(rgb=rgb, name="shaded", sha256="")
    frames = [f for box in truth if (f := measure_frame(shaded, box)) is not None]
    tops = [f.box.top for f in part_facets(shaded, frames)]
    assert tops == pytest.approx([box.top for box in truth], abs=TOLERANCE_PX)


@pytest.mark.parametrize("spine", [False, True])
def test_facets_whose_grid_alone_ends_between_them_are_parted(spine: bool) -> None:
    boxes: list[Box] = []

    def draw(figure: Figure) -> None:
        axes = figure.subplots(1, 3, sharex=True, sharey=True, gridspec_kw={"wspace": 0.05})
        for k, ax in enumerate(axes):
            ax.plot(np.arange(30), 800 * np.exp(-np.arange(30) / (6 + 3 * k)), color="tab:orange")
            ax.grid(axis="y", color="#dddddd")
            ax.set_title(f"site {k + 1}")
            ax.tick_params(length=3 * spine)
            ax.spines[["top", "right", "bottom"]].set_visible(False)
            ax.spines["left"].set_visible(spine)
            boxes.append(frame_of(ax))

    picture = render(draw, size=(9.0, 3.2))
    whole = measure_frame(picture, replace(boxes[0], right=boxes[-1].right))
    assert whole is not None
    parts = part_facets(picture, [whole])
    assert len(parts) == 3
    for part, box in zip(parts, boxes, strict=True):
        assert abs(part.box.left - box.left) <= 2
        assert abs(part.box.right - box.right) <= 2


def test_a_dashed_grid_parts_no_panel() -> None:
    def draw(figure: Figure) -> None:
        ax = figure.add_subplot()
        ax.plot([0, 10], [0, 100], color="tab:blue")
        ax.grid(axis="y", linestyle=(0, (8, 6)), color="#bbbbbb")
        ax.spines[["top", "right", "left"]].set_visible(False)

        boxes.append(frame_of(ax))

    boxes: list[Box] = []
    picture = render(draw)
    whole = measure_frame(picture, boxes[0])
    assert whole is not None
    assert len(whole.grid_y) >= 3
    assert len(part_facets(picture, [whole])) == 1


def test_facets_of_bars_that_hide_most_of_their_grid_are_parted_where_their_axes_end() -> None:
    boxes: list[Box] = []

    def draw(figure: Figure) -> None:
        axes = figure.subplots(1, 3, sharey=True, gridspec_kw={"wspace": 0.12})
        for ax, ends in zip(axes, ([4043, 3369], [3939, 3527], [5485, 4680]), strict=True):
            ax.bar(["Male", "Female"], ends, 0.8, color="#5975a4")
            ax.grid(axis="y", color="#cccccc")
            ax.set_axisbelow(True)
            ax.set_ylim(0, 5858)
            ax.set_xlim(-0.5, 1.5)
            ax.tick_params(length=0)
            ax.spines[["top", "right"]].set_visible(False)
            ax.spines[["left", "bottom"]].set_color("#cccccc")
            boxes.append(frame_of(ax))

    frames = sorted(find_panels(render(draw, size=(6.1, 4.0))), key=lambda frame: frame.box.left)
    assert len(frames) == 3
    for frame, box in zip(frames, boxes, strict=True):
        assert abs(frame.box.left - box.left) <= 2
        assert abs(frame.box.right - box.right) <= 4


def test_bars_that_hide_most_of_a_pale_grid_part_no_panel() -> None:
    """The grid goes on in all gaps between them."""

    def draw(figure: Figure) -> None:
        ax = figure.add_subplot()
        ax.bar(range(6), [233, 287, 297, 341, 274, 361], 0.88, color="#2d004b")
        ax.set(ylim=(0, 361), yticks=range(0, 361, 100), xlim=(-0.6, 5.5))
        ax.grid(axis="y", color="#e6e6e9")
        ax.set_axisbelow(True)
        ax.tick_params(length=0)
        ax.spines[["top", "right"]].set_visible(False)
        ax.spines[["left", "bottom"]].set_color("#e6e6e9")

    assert len(find_panels(render(draw, size=(5.0, 4.0)))) == 1


def test_a_part_ends_in_its_gutter_where_the_next_grid_goes_on() -> None:
    part = PanelFrame(
        box=Box(left=35.2, top=180.0, right=175.0, bottom=313.0),
        sides=frozenset(),
        background=(255, 255, 255),
        grid_x=np.array([45.5, 96.8, 148.0, 164.9]),
        grid_y=np.array([200.0, 250.0]),
    )
    ended = keep_within(part, Box(left=36.5, top=180.0, right=158.5, bottom=313.0))
    assert (ended.box.left, ended.box.right) == (35.2, 158.5)
    assert ended.grid_x.tolist() == [45.5, 96.8, 148.0]
