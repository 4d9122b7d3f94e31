"""Slivers of a cloud's ink beside its markers: some were missed."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import cv2
import numpy as np
import pytest

from digitizer.evidence import Box, FloatArray, PanelFrame, Picture, Trace
from digitizer.stages.checks.redraw import compare

BOX = Box(left=20, top=10, right=330, bottom=230)
GREEN = (44, 160, 44)
RED = (214, 39, 40)
RADIUS = 5.0
X = np.array([48.3, 90.7, 133.2, 170.4, 214.8, 251.1, 297.6])
Y = np.array([60.2, 180.9, 97.4, 140.1, 55.7, 201.3, 120.5])


def picture(*clouds: tuple[FloatArray, FloatArray, tuple[int, int, int]]) -> Picture:
    rgb = np.full((251, 351, 3), 255, np.uint8)
    for xs, ys, color in clouds:
        for x, y in zip(xs, ys, strict=True):
            at = round(float(x) * 16), round(float(y) * 16)
            cv2.circle(rgb, at, round(RADIUS * 16), color, -1, cv2.LINE_AA, 4)
    return Picture(name="drawn", sha256="", rgb=rgb)


def frame() -> PanelFrame:
    sides = frozenset[Literal["left", "top", "right", "bottom"]](("left", "top", "right", "bottom"))
    none = np.zeros(0)
    return PanelFrame(box=BOX, sides=sides, background=(255, 255, 255), grid_x=none, grid_y=none)


def cloud(x: FloatArray, y: FloatArray, color: tuple[int, int, int] = GREEN) -> Trace:
    return Trace(
        kind="scatter",
        color=color,
        x_px=x,
        y_px=y,
        sigma_px=np.full(x.size, 0.4),
        sampled_at="markers",
        marker="circle",
        line_style="none",
        line_width_px=1.0,
        marker_size_px=2 * RADIUS,
    )


def test_a_cloud_that_is_read_in_full_leaves_no_slivers() -> None:
    redrawn, _ = compare(picture((X, Y, GREEN)), frame(), (cloud(X, Y),), ())
    assert redrawn.slivers == (0.0,)


def test_a_marker_that_shows_beside_another_is_a_sliver() -> None:
    x, y = np.r_[X, X[2] + 4.0], np.r_[Y, Y[2] - 3.0]
    redrawn, _ = compare(picture((x, y, GREEN)), frame(), (cloud(X, Y),), ())
    assert redrawn.slivers == (pytest.approx(1 / X.size),)


def test_markers_of_another_color_are_no_slivers() -> None:
    over = X[:3] + 5.0, Y[:3] + 2.0
    traces = cloud(X, Y), cloud(*over, RED)
    redrawn, _ = compare(picture((X, Y, GREEN), (*over, RED)), frame(), traces, ())
    assert redrawn.slivers == (0.0, 0.0)


def test_a_marker_under_one_of_another_color_is_a_sliver() -> None:
    over = X[:3] + 4.0, Y[:3] + 3.0
    traces = cloud(X[1:], Y[1:]), cloud(*over, RED)
    redrawn, _ = compare(picture((X, Y, GREEN), (*over, RED)), frame(), traces, ())
    assert redrawn.slivers == (pytest.approx(1 / (X.size - 1)), 0.0)


def test_error_bars_are_no_slivers() -> None:
    rgb = picture((X, Y, GREEN)).rgb.copy()
    for x, y in zip(X, Y, strict=True):
        cv2.line(rgb, (round(x), round(y - 16)), (round(x), round(y + 16)), GREEN, 2)
    drawn = Picture(name="drawn", sha256="", rgb=rgb)
    read = cloud(X, Y)
    with_stems = replace(read, x_px=np.round(X), y_low_px=np.round(Y + 16), y_high_px=np.round(Y - 16))
    redrawn, _ = compare(drawn, frame(), (with_stems,), ())
    assert redrawn.slivers == (0.0,)
    redrawn, _ = compare(drawn, frame(), (read,), ())
    assert redrawn.slivers[0] > 0.5
