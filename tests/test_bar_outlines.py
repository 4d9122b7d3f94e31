"""What is drawn along the edges of bars, and near them."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from charts import frame_of, render
from matplotlib.figure import Figure
from test_bars import CLEAN_PX, TOPS, bar, blank, frame, look, picture, simple

from digitizer.evidence import Trace
from digitizer.stages.bars.cover import is_over_bars, without_bars
from digitizer.stages.bars.find import find_bars
from digitizer.stages.panels.find import find_panels


def test_a_grid_line_that_shines_through_near_the_end_of_a_bar_is_no_edge() -> None:
    rgb = blank()
    for k, top in enumerate(TOPS):
        bar(rgb, 40 + 70 * k, 79 + 70 * k, top, 289, (232, 148, 147))
        for column in range(40 + 70 * k, 80 + 70 * k, 8):
            rgb[top + 3, column : column + 4] = (138, 54, 53)
    (trace,) = look(rgb)
    np.testing.assert_allclose(trace.y_px, np.array(TOPS) - 0.5, atol=CLEAN_PX)


def test_outlines_of_bars_go_with_these_and_lines_over_them_stay() -> None:
    rgb = simple()
    for k, top in enumerate(TOPS):
        cv2.rectangle(rgb, (40 + 70 * k, top), (79 + 70 * k, 290), (0, 0, 0), 1)
    plain = without_bars(picture(rgb), frame(), look(rgb)).rgb
    assert (plain[12:285, 22:399].min(axis=2) > 200).all()
    points = np.array([(30, 100), (129, 180), (199, 150), (269, 200), (390, 120)], np.int32)
    cv2.polylines(rgb, [points], False, (200, 30, 30), 2, cv2.LINE_AA)
    left = without_bars(picture(rgb), frame(), look(rgb)).rgb.astype(int)
    red = (left[..., 0] - left[..., 2] > 60).any(axis=0)
    assert red[30:390].mean() > 0.8


def test_outlines_of_bars_are_no_lines() -> None:
    rgb = simple()
    (trace,) = look(rgb)
    x = np.repeat(trace.x_px, 3) + np.tile([-19.0, 0.0, 19.0], trace.x_px.size)
    along = Trace(
        kind="line",
        color=(40, 40, 40),
        x_px=x,
        y_px=np.repeat(trace.y_px, 3),
        sigma_px=np.ones(x.size),
        sampled_at="columns",
    )
    assert not is_over_bars(along, (trace,), (), (255, 255, 255))
    above = replace(along, y_px=np.repeat(trace.y_px, 3) + np.tile([-30.0, -20.0, -25.0], trace.x_px.size))
    assert is_over_bars(above, (trace,), (), (255, 255, 255))


def test_one_row_of_fill_between_a_grid_line_and_the_outline_is_fill() -> None:
    rgb = blank()
    for k, top in enumerate(TOPS):
        bar(rgb, 40 + 70 * k, 79 + 70 * k, top, 289, (232, 148, 147))
        bar(rgb, 40 + 70 * k, 79 + 70 * k, top + 2, top + 2, (138, 54, 53))
        bar(rgb, 40 + 70 * k, 79 + 70 * k, top, top, (214, 60, 58))
    (trace,) = look(rgb)
    np.testing.assert_allclose(trace.y_px, np.array(TOPS), atol=0.1)


def test_bars_end_at_the_middle_of_an_outline_in_a_darker_shade() -> None:
    rgb = blank()
    ends = np.array([60.3, 133.5, 210.1, 98.8, 250.6])
    fill, shade = np.array([153.0, 192.0, 219.0]), np.array([133.0, 168.0, 192.0])
    for k, end in enumerate(ends):
        # A grid line shines through.
        rgb[int(end) + 20, 40 + 70 * k : 80 + 70 * k] = 230
        for row in range(int(end) - 1, 290):
            inside = np.clip(row + 0.5 - end, 0, 1)
            stroke = np.clip(min(row + 0.5, end + 0.5) - max(row - 0.5, end - 0.5), 0, 1)
            color = (1 - inside) * np.full(3, 255.0) + inside * fill
            rgb[row, 40 + 70 * k : 80 + 70 * k] = np.round((1 - stroke) * color + stroke * shade)
    (trace,) = look(rgb)
    np.testing.assert_allclose(trace.y_px, ends, atol=0.25)


@pytest.mark.parametrize("fill", [(31, 119, 180), (255, 127, 14), (128, 128, 128)])
def test_what_resampling_overshoots_is_no_outline(fill: tuple[int, int, int]) -> None:
    rgb = blank()
    color = np.array(fill, dtype=np.float64)
    for k, top in enumerate(TOPS):
        bar(rgb, 40 + 70 * k, 79 + 70 * k, top, 289, fill)
        # As bicubic enlargement leaves a clean edge: a row in part, then one beyond the fill.
        for row, share in ((top - 1, 0.69), (top, 1.07)):
            rgb[row, 40 + 70 * k : 80 + 70 * k] = np.clip(np.round(255 + share * (color - 255)), 0, 255)
    (trace,) = look(rgb)
    np.testing.assert_allclose(trace.y_px, np.array(TOPS) - 0.5 - 0.69, atol=0.15)


def test_outlines_in_the_colour_of_the_paper_beside_a_shaded_ground_are_half_a_pixel_too_low() -> None:
    heights, boxes = np.array([4.35, 3.68, 5.48, 2.7, 4.67, 3.93, 3.11]), []

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot(facecolor="#eaeaf2")
        axes.bar(np.arange(7), heights, 0.7, color="#7995c4", edgecolor="white", linewidth=0.7)
        # A grid line runs along the middle of each bar, as wide as a third of it.
        axes.set(ylim=(0, 5.9), xlim=(-0.7, 6.7), xticks=np.arange(7))
        axes.grid(axis="x", color="white", linewidth=0.8)
        axes.set_axisbelow(True)
        figure.canvas.draw()
        boxes.append(frame_of(axes))

    drawn = render(draw)
    (trace,) = find_bars(drawn, find_panels(drawn)[0], (), ())
    (box,) = boxes
    off = trace.y_px - (box.bottom - heights / 5.9 * (box.bottom - box.top))
    assert np.abs(off).max() < 0.7
    assert abs(float(off.mean())) < 0.25
