"""Curves that turn back in x, and lines that only look so."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from digitizer.evidence import Box, FloatArray, PanelFrame, Picture, Trace
from digitizer.stages.series import trace_series
from digitizer.stages.series.markers.places import is_straight_between

FRAME = Box(left=30, top=20, right=430, bottom=330)
BLUE, ORANGE = (31, 119, 180), (255, 127, 14)
# Points stand a pixel apart, and a way ends where its cap does.
WITHIN_PX = 1.5
T = np.linspace(0.0, 2 * np.pi, 400)

CURVES = {
    "orbit": (230 + 150 * np.cos(T), 175 + 110 * np.sin(T + 0.5)),
    "spiral": (230 + 27 * T * np.cos(2.5 * T), 175 + 22 * T * np.sin(2.5 * T)),
    "crossing itself": (230 + 150 * np.cos(T), 175 + 110 * np.sin(2 * T + 0.3)),
}


def look(*curves: tuple[FloatArray, FloatArray, tuple[int, int, int]]) -> tuple[Trace, ...]:
    rgb = np.full((361, 461, 3), 255, np.uint8)
    for x, y, color in curves:
        points = np.round(np.stack([x, y], axis=1) * 16).astype(np.int32).reshape(-1, 1, 2)
        cv2.polylines(rgb, [points], False, color, 2, cv2.LINE_AA, shift=4)
    none = np.zeros(0)
    frame = PanelFrame(box=FRAME, sides=frozenset(), background=(255, 255, 255), grid_x=none, grid_y=none)
    return trace_series(Picture(name="drawn", sha256="", rgb=rgb), frame, (), ())


def apart(trace: Trace, x: FloatArray, y: FloatArray) -> float:
    """How far the curve's points are from the trace, at most (px)."""
    return float(np.hypot(x[:, None] - trace.x_px, y[:, None] - trace.y_px).min(axis=1).max())


@pytest.mark.parametrize("name", CURVES)
def test_curves_are_followed_along_their_stroke(name: str) -> None:
    x, y = CURVES[name]
    (trace,) = look((x, y, BLUE))
    assert apart(trace, x, y) < WITHIN_PX
    assert np.hypot(np.diff(trace.x_px), np.diff(trace.y_px)).max() < 5.0


def test_a_curve_that_another_one_crosses_is_followed_below_it() -> None:
    spiral, orbit = CURVES["spiral"], CURVES["orbit"]
    traces = look((*spiral, BLUE), (*orbit, ORANGE))
    assert len(traces) == 2
    (below,) = [t for t in traces if np.abs(np.array(t.color) - BLUE).max() < 12]
    assert apart(below, *spiral) < WITHIN_PX


def test_two_lines_that_begin_at_one_place_are_no_curve() -> None:
    x = np.linspace(50.0, 410.0, 200)
    grown = ((x - 50.0) / 360.0) ** 0.8
    traces = look((x, 175 - 120 * grown, BLUE), (x, 175 + 120 * grown, BLUE))
    assert all(np.all(np.diff(t.x_px) >= 0) for t in traces)


def test_steep_lines_between_few_markers_are_not_markers() -> None:
    rng = np.random.default_rng(5)
    places = np.linspace(20.0, 420.0, 12)
    heights = rng.uniform(20.0, 300.0, 12)
    fine = np.linspace(20.0, 420.0, 89)
    assert is_straight_between(fine, np.interp(fine, places, heights) + rng.normal(0.0, 0.05, 89))
    assert not is_straight_between(places, heights)
    assert not is_straight_between(fine, 150 + rng.normal(0.0, 20.0, 89))
    assert not is_straight_between(fine, 250 - 0.5 * fine)
