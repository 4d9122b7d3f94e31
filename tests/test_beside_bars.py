"""Bars beside an axis line that neither a box, nor a grid, nor a line below them is drawn with."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from digitizer.evidence import Box, ByteImage, PanelFrame, Picture, Trace
from digitizer.stages.bars.cut import doubt_cut
from digitizer.stages.panels.beside_bars import prefer_whole, propose_beside_bars
from digitizer.stages.panels.find import find_panels
from digitizer.stages.strokes.proposals import Proposal
from digitizer.stages.strokes.strokes import Stroke

BLUE, RED, BLACK = (31, 119, 180), (214, 39, 40), (0, 0, 0)
BASE, AXIS = 360, 60
SHAPE = (440, 600)


def a_picture(rgb: ByteImage) -> Picture:
    return Picture(rgb=rgb, name="bars", sha256="0")


def draw_bars(heights: list[int], *, group: int = 1) -> ByteImage:
    """Outlined bars in groups, an axis line from the second label to the last one that stands below a bar."""
    rgb = np.full((*SHAPE, 3), 255, dtype=np.uint8)
    rgb[130 : BASE + 1, AXIS] = 0
    for k, y in enumerate(range(BASE, 129, -76)):
        rgb[y, AXIS - 7 : AXIS + 1] = 0
        cv2.putText(rgb, str(10 * k), (AXIS - 40, y + 5), cv2.FONT_HERSHEY_SIMPLEX, 0.45, BLACK, 1)
    wide, gap = (80, 20) if group == 1 else (24, 30)
    left = AXIS + 20
    for index, height in enumerate(heights):
        top = BASE - height
        cv2.rectangle(rgb, (left, top), (left + wide, BASE), BLUE, -1)
        cv2.rectangle(rgb, (left, top), (left + wide, BASE), BLACK, 1)
        if index % group == 0:
            middle = left + wide * group // 2 - 15
            name = "NSEWC"[index // group % 5] + "ab"
            cv2.putText(rgb, name, (middle, BASE + 28), cv2.FONT_HERSHEY_SIMPLEX, 0.45, BLACK, 1)
        left += wide if (index + 1) % group else wide + gap
    return rgb


LONE, GROUPED = [80, 290, 90, 310, 120], [80, 250, 160, 110, 200, 90, 60, 110, 190, 200, 310, 95]


@pytest.mark.parametrize("group", [1, 3])
def test_bars_beside_a_lone_axis_line_are_one_panel(group: int) -> None:
    heights = LONE if group == 1 else GROUPED
    (frame,) = find_panels(a_picture(draw_bars(heights, group=group)))
    box = frame.box
    assert (box.left, box.bottom) == pytest.approx((AXIS, BASE), abs=1.0)
    assert box.top == pytest.approx(BASE - max(heights), abs=2.0)
    assert box.right == pytest.approx(560 if group == 1 else 458, abs=2.0)


def test_narrow_bars_are_told_by_their_sides() -> None:
    """Feet of so few pixels are no strokes."""
    upright = [Stroke(at=60, start=130, end=360, sign=0)]
    tops = [(80, 200), (100, 200), (130, 90), (150, 90), (180, 310), (200, 310)]
    sides = [Stroke(at=x, start=top, end=360, sign=0) for x, top in tops]
    (found,) = propose_beside_bars([], upright + sides, SHAPE)
    assert found.box == Box(left=60, top=90, right=200, bottom=360)


def test_lying_bars_above_a_lone_axis_line_are_one_panel() -> None:
    """The lowest begins a little above the axis, and the longest goes on beyond its end."""
    rgb = np.full((*SHAPE, 3), 255, dtype=np.uint8)
    rgb[BASE, 100:481] = 0
    for k, x in enumerate(range(100, 481, 76)):
        rgb[BASE : BASE + 8, x] = 0
        cv2.putText(rgb, str(10 * k), (x - 8, BASE + 26), cv2.FONT_HERSHEY_SIMPLEX, 0.45, BLACK, 1)
    for k, length in enumerate([120, 430, 260, 90, 310, 200]):
        top = BASE - 30 - 52 * k
        cv2.rectangle(rgb, (100, top - 18), (100 + length, top), BLUE, -1)
        cv2.rectangle(rgb, (100, top - 18), (100 + length, top), BLACK, 1)
        name = "NSEWCB"[k] + "ab"
        cv2.putText(rgb, name, (40, top - 4), cv2.FONT_HERSHEY_SIMPLEX, 0.45, BLACK, 1)
    (frame,) = find_panels(a_picture(rgb))
    box = frame.box
    assert (box.left, box.bottom, box.right) == pytest.approx((100, BASE, 530), abs=2.0)


def test_bars_of_two_panels_side_by_side_stay_apart() -> None:
    one = draw_bars(LONE)
    frames = find_panels(a_picture(np.concatenate([one, one], axis=1)))
    assert sorted(round(f.box.left) for f in frames) == [AXIS, AXIS + SHAPE[1]]
    assert [f.box.right - f.box.left for f in frames] == pytest.approx([500.0, 500.0], abs=2.0)


def test_a_line_that_goes_on_below_the_bars_is_a_box_s_or_a_grid_s() -> None:
    upright = [Stroke(at=60, start=130, end=360, sign=0)]
    sides = [Stroke(at=x, start=200, end=360, sign=0) for x in (80, 160, 180, 260)]
    feet = [Stroke(at=360, start=80, end=160, sign=0), Stroke(at=360, start=180, end=260, sign=0)]
    assert len(propose_beside_bars(feet, upright + sides, SHAPE)) == 1
    whole = [Stroke(at=360, start=55, end=300, sign=0)]
    assert propose_beside_bars(whole, upright + sides, SHAPE) == []


def test_the_whole_takes_the_place_of_groups_of_its_bars() -> None:
    def at(left: float, right: float, bottom: float = 360.0) -> Proposal:
        box = Box(left=left, top=100, right=right, bottom=bottom)
        return Proposal(box=box, sides=frozenset(), n_horizontal=1, n_vertical=1)

    whole = at(60, 560)
    assert prefer_whole([at(100, 250), at(330, 560)], [whole]) == [whole]
    above = at(100, 250, 200)
    assert prefer_whole([above], [whole]) == [above]


@pytest.mark.parametrize("covered", [True, False])
def test_a_bar_whose_colour_comes_again_above_its_end_is_hidden_in_part(covered: bool) -> None:
    rgb = np.full((*SHAPE, 3), 255, dtype=np.uint8)
    tops = [300, 250, 100]
    for k, top in enumerate(tops):
        rgb[top:BASE, 100 + 100 * k : 160 + 100 * k] = BLUE
    if covered:
        rgb[110:200, 290:400] = 255
    frame = PanelFrame(
        box=Box(left=60.0, top=90.0, right=420.0, bottom=360.0), sides=frozenset(),
        background=(255, 255, 255), grid_x=np.empty(0), grid_y=np.empty(0),
    )  # fmt: skip
    bars = Trace(
        kind="bar", color=BLUE, x_px=np.array([130.0, 230.0, 330.0]), sigma_px=np.full(3, 0.3),
        y_px=np.array([300.0, 250.0, 200.0 if covered else 100.0]), sampled_at="markers",
        base_px=np.full(3, 360.0), line_width_px=60.0,
    )  # fmt: skip
    assert doubt_cut(a_picture(rgb), frame, bars, []).hidden == pytest.approx(covered / 3)
