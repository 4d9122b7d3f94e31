"""Panels beside digits, and with dark bars: what is their side, and what their ground."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from charts import frame_of, render
from matplotlib.figure import Figure
from test_panels import assert_frames, draw_grid

from digitizer.evidence import Box, Picture
from digitizer.stages.frames.measure import measure_frame


def test_the_stem_of_a_digit_below_a_corner_is_no_part_of_the_side() -> None:
    truth: list[Box] = []
    picture = render(draw_grid(1, 2, truth), size=(7.2, 3.6))
    rgb = picture.rgb.copy()
    for box in truth:
        column, bottom = round(box.left), round(box.bottom)
        rgb[bottom + 1 : bottom + 40, column - 9 : column + 10] = 255
        # A 1 in the place of a label whose tick points inwards.
        rgb[bottom + 4 : bottom + 18, column - 1 : column + 2] = [[[120] * 3, [20] * 3, [120] * 3]]
        rgb[bottom + 17, column - 4 : column + 5] = 20
    assert_frames(replace(picture, rgb=rgb), truth)


def test_labels_right_below_the_gap_between_two_panels_do_not_join_them() -> None:
    truth: list[Box] = []

    def draw(figure: Figure) -> None:
        left, right = figure.subplots(1, 2, sharey=True, gridspec_kw={"wspace": 0.1})
        for axes in (left, right):
            axes.plot(np.arange(30), np.cos(np.arange(30) / 4))
            axes.tick_params(direction="in")
        truth.extend((frame_of(left), frame_of(right)))

    picture = render(draw)
    rgb = picture.rgb.copy()
    bottom = round(truth[0].bottom)
    # The last label of the one panel and the first of the other.
    rgb[bottom + 4 : bottom + 13, round(truth[0].right) - 6 : round(truth[1].left) + 7 : 2] = 30
    assert_frames(replace(picture, rgb=rgb), truth)


def test_dark_grey_bars_that_end_at_two_sides_are_no_ground() -> None:
    rgb = np.full((300, 440, 3), 255, np.uint8)
    for k, high in enumerate((90, 60, 55, 30, 70, 20)):
        rgb[high:251, 60 + 60 * k : 112 + 60 * k] = 89
    frame = measure_frame(
        Picture(name="drawn", sha256="", rgb=rgb), Box(left=50, top=20, right=411, bottom=250)
    )
    assert frame is not None
    assert frame.background == (255, 255, 255)
