"""Broken lines are read by their strokes: dots by their centroids, dashes by what their ends do not cut."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageDraw

import chartscribe
from digitizer.stages.series.paths.columns import Path
from digitizer.stages.series.paths.dashes import by_strokes, measure_strokes, read_dashes
from digitizer.stages.series.paths.dots import by_dots, find_dots

FINE = 8


def coverage(pieces: list[np.ndarray], size: tuple[int, int]) -> np.ndarray:
    """Anti-aliased coverage (height, width) of polygons whose corners (n, 2) are in pixels."""
    image = Image.new("L", (size[1] * FINE, size[0] * FINE))
    for corners in pieces:
        ImageDraw.Draw(image).polygon([tuple((c + 0.5) * FINE) for c in corners], fill=255)
    return np.asarray(image, dtype=np.float32).reshape(size[0], FINE, size[1], FINE).mean(axis=(1, 3)) / 255


def strokes_along(slope: float, length: float, width: float, period: float) -> list[np.ndarray]:
    """Rectangles along y = 8 + slope x."""
    along = np.array([1.0, slope]) / np.hypot(1.0, slope)
    beside = np.array([-along[1], along[0]])
    middles = [np.array([6.0, 8.0 + 6.0 * slope]) + k * period * along for k in range(9)]
    ends = [(-1, -1), (1, -1), (1, 1), (-1, 1)]
    return [np.array([m + a * length / 2 * along + b * width / 2 * beside for a, b in ends]) for m in middles]


def path_of(alpha: np.ndarray, width: float) -> Path:
    """The ink of each column as a path that knows nothing of its strokes."""
    ink = alpha.sum(axis=0)
    x = np.flatnonzero(ink > 0.3)
    rows = np.arange(alpha.shape[0])[:, None]
    y = ((rows * alpha).sum(axis=0) / np.maximum(ink, 1e-9))[x]
    half = ink[x] / 2
    return Path(x=x.astype(float), y=y, sigma=np.ones(x.size), top=y - half, bottom=y + half, width=width)


@pytest.mark.parametrize("slope", [0.0, 0.3, 0.8])
def test_slanting_dots_tell_their_width_pattern_and_course(slope: float) -> None:
    alpha = coverage(strokes_along(slope, 5.0, 5.0, 14.0), (120, 140))
    path = path_of(alpha, width=1.2)  # Columns cut by the ends look thin.
    pattern = read_dashes(path, 1.2, np.zeros(path.x.size - 1, dtype=bool))
    assert pattern.style == "dotted"
    assert pattern.width == pytest.approx(5.0, abs=0.3)
    assert pattern.period == pytest.approx(14.0, abs=0.3)
    known = replace(path, width=pattern.width)
    for found in (by_strokes(known), by_dots(alpha, known, pattern)):
        assert found is not None
        assert found.x.size == 11
        assert np.abs(found.y - (8.0 + slope * found.x)).max() < 0.15
        assert found.x[0] == pytest.approx(6.0 - 2.5 / np.hypot(1.0, slope), abs=0.3)


@pytest.mark.parametrize("slope", [0.0, 0.8, 6.0])
def test_dots_tell_their_pattern_without_columns(slope: float) -> None:
    pattern = find_dots(coverage(strokes_along(slope, 5.0, 5.0, 14.0), (180, 140)))
    assert pattern is not None
    assert pattern.style == "dotted"
    assert pattern.period == pytest.approx(14.0, abs=0.3)
    assert pattern.width == pytest.approx(5.0, abs=0.3)
    assert find_dots(coverage(strokes_along(slope, 5.0, 5.0, 5.0), (180, 140))) is None
    assert find_dots(coverage(strokes_along(slope, 10.0, 4.0, 14.0), (180, 140))) is None


def test_long_dashes_keep_the_columns_that_their_ends_do_not_cut() -> None:
    alpha = coverage(strokes_along(0.8, 12.0, 4.0, 16.0), (140, 140))
    path = path_of(alpha, width=4.0)
    assert read_dashes(path, 4.0, np.zeros(path.x.size - 1, dtype=bool)).style == "dashed"
    found = by_strokes(path)
    off = np.abs(path.y - (8.0 + 0.8 * path.x))
    assert off.max() > 0.5  # What the ends cut is off, ...
    off = np.abs(found.y - (8.0 + 0.8 * found.x))
    assert np.median(off) < 0.06
    assert off.max() < 0.25  # ... and left out.
    assert found.x.size > 3 * measure_strokes(path).x.size


def test_even_strokes_on_top_of_other_ink_are_a_pattern_and_uneven_ones_are_none() -> None:
    alpha = coverage(strokes_along(0.3, 5.0, 5.0, 14.0), (80, 140))
    path = path_of(alpha, width=5.0)
    hidden = np.ones(path.x.size - 1, dtype=bool)
    assert read_dashes(path, 5.0, hidden).style == "dotted"
    pieces = [
        x for x in range(140) if not any(a <= x < b for a, b in ((20, 25), (40, 52), (60, 63), (99, 120)))
    ]
    x = np.array(pieces, dtype=float)
    solid = Path(x=x, y=0 * x + 9, sigma=0 * x + 1, top=0 * x + 8, bottom=0 * x + 10, width=2.0)
    assert read_dashes(solid, 2.0, np.ones(x.size - 1, dtype=bool)).style == "solid"


@pytest.mark.parametrize(("style", "name"), [(":", "dotted"), ("--", "dashed"), ("-.", "dashdot")])
def test_a_drawn_broken_line_is_found_to_a_third_of_a_percent(style: str, name: str) -> None:
    pyplot = pytest.importorskip("matplotlib.pyplot")
    figure, axes = pyplot.subplots(figsize=(5, 3.6), dpi=150)
    x = np.arange(1.0, 31.0)
    y = 2.5 * np.exp(-x / 9) + 0.4
    axes.plot(x, y, style, lw=2.5, label="loss")
    axes.legend()
    axes.set_xlabel("epoch")
    axes.set_ylabel("value")
    picture = io.BytesIO()
    figure.savefig(picture)
    pyplot.close(figure)
    series = chartscribe.digitize(picture.getvalue()).panels[0].series[0]
    assert (series.name, series.line_style) == ("loss", name)
    seen = np.isfinite(series.y)
    inside = (x >= series.x[seen].min()) & (x <= series.x[seen].max())
    assert inside.sum() >= 28
    off = np.interp(x[inside], series.x[seen], series.y[seen]) - y[inside]
    assert np.abs(off).max() < 0.003 * np.ptp(y)


def test_a_grid_line_between_bars_is_no_pattern() -> None:
    x = np.concatenate([np.arange(k, k + 12.0) for k in range(10, 1200, 115)])
    white = Path(x=x, y=0 * x + 9, sigma=0 * x + 1, top=0 * x + 8, bottom=0 * x + 10, width=2.0)
    assert read_dashes(white, 2.0, np.ones(x.size - 1, dtype=bool)).style == "solid"
