"""Where bars end beside grid lines, and where they are drawn with an edge in the ground's colour."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from charts import frame_of, render
from matplotlib.figure import Figure
from test_bars import BLUE, bar, blank, look

from digitizer.stages.bars.find import find_bars
from digitizer.stages.panels.find import find_panels

GRID = (179, 179, 179)


@pytest.mark.parametrize("away", [2, 3, 4])
def test_a_bar_ends_below_the_grid_line_above_it(away: int) -> None:
    rgb = blank()
    tops = [120, 180, 90]
    rgb[tops[0] - away, 21:400] = GRID
    for k, top in enumerate(tops):
        bar(rgb, 60 + 110 * k, 109 + 110 * k, top, 289, (249, 205, 172))
    (trace,) = look(rgb)
    np.testing.assert_allclose(trace.y_px, np.array(tops) - 0.5, atol=0.3)


@pytest.mark.parametrize("edge", ["white", "none"])
def test_stacked_bars_end_in_the_middle_of_their_edges(edge: str) -> None:
    lower, upper = np.array([10, 40, 50, 20, 10, 50.0]), np.array([30, 60, 70, 50, 40, 30.0])
    rows = []

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        x = np.arange(6)
        axes.bar(x, lower, 0.4, color="#aa4643", edgecolor=edge, linewidth=1.2)
        axes.bar(x, upper, 0.4, bottom=lower, color="#d19392", edgecolor=edge, linewidth=1.2)
        axes.set_ylim(0, 140)
        figure.canvas.draw()
        box = frame_of(axes)
        rows.append((box.bottom, (box.bottom - box.top) / 140))

    picture = render(draw)
    first, second = find_bars(picture, find_panels(picture)[0], (), ())
    zero, unit = rows[0]
    ends = zero - unit * np.stack([lower, lower + upper])
    found = np.stack([first.y_px, second.y_px])
    if first.y_px.mean() < second.y_px.mean():
        found = found[::-1]
    # Matplotlib puts bars on whole pixels.
    np.testing.assert_allclose(found, ends, atol=0.8)
    assert abs(float(np.mean(found - ends))) < 0.3


def test_seams_do_not_move_bars_without_edges() -> None:
    rgb = blank()
    for k, top in enumerate([120, 180, 90]):
        bar(rgb, 60 + 110 * k, 109 + 110 * k, top, 229, BLUE)
        bar(rgb, 60 + 110 * k, 109 + 110 * k, 230, 289, (255, 127, 14))
    for trace in look(rgb):
        ends = np.array([119.5, 179.5, 89.5]) if trace.color == BLUE else np.full(3, 229.5)
        np.testing.assert_allclose(trace.y_px, ends, atol=0.05)


def test_a_row_beyond_a_seam_that_looks_like_the_upper_fill_is_none() -> None:
    rgb = blank()
    for k, (top, seam) in enumerate([(60, 150), (100, 200), (80, 120)]):
        columns = 60 + 110 * k, 109 + 110 * k
        bar(rgb, *columns, top, seam - 1, (209, 147, 146))
        # The seam, half covered by both bars: its last row is as pale as the upper one's fill.
        for row, color in enumerate([(222, 180, 180), (249, 249, 249), (203, 145, 143)]):
            bar(rgb, *columns, seam + row, seam + row, color)
        bar(rgb, *columns, seam + 3, 289, (170, 70, 67))
    bases = [trace.base_px for trace in look(rgb)]
    tops = [trace.y_px for trace in look(rgb)]
    upper = int(np.argmin([top.mean() for top in tops]))
    assert bases[upper] is not None
    np.testing.assert_allclose(bases[upper], np.array([150, 200, 120]) + 1.0, atol=0.6)
    np.testing.assert_allclose(tops[1 - upper], np.array([150, 200, 120]) + 1.0, atol=0.6)


@pytest.mark.parametrize("top", [11, 12, 13, 14])
def test_a_bar_under_the_upper_side_reaches_it_only_where_it_does(top: int) -> None:
    """The side is drawn over row 10: an end on its lower rim lies anywhere within it."""
    rgb = blank()
    for k, end in enumerate([120, 180, top, 90]):
        bar(rgb, 60 + 80 * k, 99 + 80 * k, end, 289, BLUE)
    (trace,) = look(rgb)
    expected = 10.0 if top == 11 else top - 0.5
    np.testing.assert_allclose(trace.y_px, [119.5, 179.5, expected, 89.5], atol=0.5)


@pytest.mark.parametrize("crest", [107, 108])
def test_a_line_that_bends_over_a_bar_does_not_end_it(crest: int) -> None:
    # The crest of a line over the bar: what is seen of it beside the middle is no ground to measure from.
    rgb = blank()
    rgb[119, 21:400] = GRID
    for k, top in enumerate([180, 120, 150]):
        bar(rgb, 60 + 110 * k, 89 + 110 * k, top, 289, BLUE)
        rgb[top - 1, 60 + 110 * k : 90 + 110 * k] = (131, 139, 149)
    course = np.array([[74, crest + 36], [184, crest], [294, crest + 64]], dtype=np.int32)
    cv2.polylines(rgb, [course], False, (190, 75, 72), 5, cv2.LINE_AA)
    (trace,) = look(rgb)
    assert trace.y_px[1] == pytest.approx(trace.y_px[0] - 60, abs=0.3)


def test_edges_that_are_put_on_pixels_are_half_a_pixel_too_low() -> None:
    # White edges of 1.4 px beside grid lines (seaborn): each is stroked around the middle of a pixel.
    heights, drawn = np.array([4043.5, 3368.8, 5484.8, 2702.0, 4679.7, 3938.9]), []

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        axes.bar(np.arange(6), heights, 0.8, color="#5975a4", edgecolor="white", linewidth=1.0)
        axes.grid(axis="y", color="#cccccc", linewidth=1.0)
        axes.set_axisbelow(True)
        axes.set_ylim(0, 5858)
        figure.canvas.draw()
        drawn.append(frame_of(axes))

    picture = render(draw)
    (trace,) = find_bars(picture, find_panels(picture)[0], (), ())
    (box,) = drawn
    off = trace.y_px - (box.bottom - heights / 5858 * (box.bottom - box.top))
    assert np.abs(off).max() < 0.7
    assert abs(float(off.mean())) < 0.3
