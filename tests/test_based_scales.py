"""Scales of unmarked labels are set on the bars' common base."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from evidences import axis_of

from digitizer.evidence import AxisEvidence, Box, PanelFrame, Picture, Scale, Trace
from digitizer.stages.axes.calibration import calibrate_axis
from digitizer.stages.checks.base_line import may_be_covered
from digitizer.stages.values.based_scales import put_on_zero, set_on_base

BASE, STEP, OFF = 350.0, 40.7, 1.6


def drawn(sigma: float, off: float = OFF) -> tuple[Scale, AxisEvidence]:
    """A y axis of labels 0 to 35 whose middles stand ``off`` px above their places, to whole pixels."""
    px = np.round(BASE - STEP * np.arange(8) - off)
    axis = replace(axis_of([str(5 * k) for k in range(8)], list(px)), side="left", marks=np.zeros(0))
    axis = replace(axis, label_sigma_px=np.full(8, sigma))
    scale = calibrate_axis(axis)
    assert scale is not None
    return scale, axis


def bars(base: float) -> Trace:
    return Trace(
        kind="bar",
        color=(80, 110, 210),
        x_px=100.0 + 60.0 * np.arange(5),
        y_px=BASE - STEP / 5 * np.array([32.3, 31.9, 17.5, 26.6, 29.2]),
        sigma_px=np.full(5, 0.3),
        sampled_at="markers",
        base_px=np.full(5, base),
        orientation="vertical",
        line_width_px=40.0,
    )


def test_labels_that_all_stand_too_high_are_set_right_by_the_bars() -> None:
    scale, axis = drawn(sigma=0.9)
    trace = bars(BASE)
    moved = set_on_base(scale, axis, [trace], horizontal=False)
    assert moved is not None
    assert moved.to_value(trace.y_px) == pytest.approx([32.3, 31.9, 17.5, 26.6, 29.2], abs=0.05)
    assert abs(float(scale.to_value(trace.y_px)[0]) - 32.3) > 0.15
    # How unsure it is covers what is left, and is no more than it was.
    assert moved.unsure_share(65, 350) < scale.unsure_share(65, 350)


def test_marked_labels_and_bars_far_from_zero_stay() -> None:
    scale, axis = drawn(sigma=0.29)
    assert set_on_base(scale, axis, [bars(BASE)], horizontal=False) is scale
    scale, axis = drawn(sigma=0.9)
    assert set_on_base(scale, axis, [bars(BASE - 9.0)], horizontal=False) is scale
    assert set_on_base(scale, axis, [bars(BASE)], horizontal=True) is scale
    assert set_on_base(scale, axis, [], horizontal=False) is scale


def shaded(paper: int) -> tuple[Picture, PanelFrame]:
    """A shaded panel whose ground and bars end above their zero under a line in the paper's colour."""
    rgb = np.full((420, 400, 3), 255, np.uint8)
    rgb[40:350, 60:360] = (234, 234, 242)
    for x in 100 + 60 * np.arange(5):
        rgb[120:350, x - 20 : x + 20] = (80, 110, 210)
    rgb[350:] = paper
    frame = PanelFrame(
        box=Box(left=60, top=40, right=360, bottom=350),
        sides=frozenset(),
        background=(234, 234, 242),
        grid_x=np.zeros(0),
        grid_y=np.zeros(0),
    )
    return Picture(name="shaded", sha256="", rgb=rgb), frame


def test_a_base_that_paper_covers_does_not_move_labels_that_agree() -> None:
    scale, axis = drawn(sigma=2.0, off=0.0)
    short = bars(BASE - OFF)
    kept = set_on_base(scale, axis, [short], horizontal=False, covered=True)
    assert kept is not None
    assert kept.to_pixel(0.0) == pytest.approx(BASE, abs=0.3)
    assert kept.unsure_share(65, 350) < scale.unsure_share(65, 350)
    (whole,) = put_on_zero([short], None, kept, (False, True))
    assert whole.base_px == pytest.approx(float(kept.to_pixel(0.0)))
    # Bars that begin beyond zero do not seem so by what covers them.
    beyond = set_on_base(scale, axis, [bars(BASE + OFF)], horizontal=False, covered=True)
    assert beyond is not None
    assert beyond.to_pixel(0.0) == pytest.approx(BASE + OFF)


def test_a_shaded_ground_that_ends_in_paper_may_be_covered() -> None:
    assert may_be_covered(*shaded(255), [bars(BASE)], lying=False)
    assert not may_be_covered(*shaded(255), [bars(BASE - 30.0)], lying=False)
    picture, frame = shaded(255)
    rgb = picture.rgb.copy()
    rgb[349:351, 60:360] = 60
    lined = Picture(name="lined", sha256="", rgb=rgb)
    assert not may_be_covered(lined, frame, [bars(BASE)], lying=False)
