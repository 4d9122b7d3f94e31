"""Columns where a stroke bends sharply: drawn polylines whose course is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from polylines import WIDTH, cover

from digitizer.evidence import FloatArray
from digitizer.stages.series.paths.columns import Path, follow_columns, stroke_width
from digitizer.stages.series.paths.runs import find_runs
from digitizer.stages.series.paths.sharpen import sharpen_columns


def paths(x: FloatArray, y: FloatArray, width: float) -> tuple[Path, Path]:
    """The path by columns as it is followed, and sharpened."""
    alpha = cover(x, y, width)
    runs = find_runs(alpha, np.zeros(alpha.shape, dtype=bool))
    every = np.arange(runs.count)
    path = follow_columns(runs, every, stroke_width(runs, every))
    return path, sharpen_columns(alpha, path)


def test_a_level_line_that_falls_stays_level_up_to_the_bend() -> None:
    x = np.array([5.0, 60.4, 64.1, 134.0])
    y = np.array([20.3, 20.3, 70.6, 70.6])
    before, after = paths(x, y, 4.0)
    beside = np.isin(before.x, [58.0, 59.0, 60.0, 65.0, 66.0])
    truth = np.interp(before.x, x, y)
    assert np.abs(before.y - truth)[beside].max() > 4.0
    assert np.abs(after.y - truth)[beside].max() < 1.6


def test_gentle_and_thin_strokes_stay_as_they_are() -> None:
    x = np.linspace(5.0, 134.0, 60)
    y = 45 + 20 * np.sin(x / 25)
    for width in (1.0, 3.0):
        before, after = paths(x, y, width)
        assert np.abs(after.y - before.y).max() < 0.3


def test_dots_between_columns_at_the_end_of_the_picture_are_read_too() -> None:
    x, y = np.array([5.0, 60.0, WIDTH - 1.0]), np.array([20.0, 20.0, 80.0])
    path, _ = paths(x, y, 4.0)
    shifted = replace(path, x=path.x + 0.7 * (path.x == path.x.max()), bottom=path.bottom + 3.0)
    sharp = sharpen_columns(cover(x, y, 4.0), shifted)
    assert sharp.y.shape == path.y.shape
    assert np.isfinite(sharp.y).all()


def test_a_line_carried_on_beyond_the_picture_is_sharpened_within_it() -> None:
    x, y = np.array([5.0, 60.0, WIDTH - 1.0]), np.array([20.0, 20.0, 80.0])
    path, sharp = paths(x, y, 4.0)
    outside = replace(path, x=path.x - 10.3 * (path.x == path.x.min()))
    assert outside.x.min() < 0
    np.testing.assert_allclose(sharpen_columns(cover(x, y, 4.0), outside).y[20:], sharp.y[20:], atol=0.1)
