"""Markers that white edges part from their line: they are its points, with those that others hide."""

from __future__ import annotations

import numpy as np

from digitizer.evidence import FloatArray, Trace
from digitizer.stages.series.joined_markers import join_markers

X = 40.0 + 24.0 * np.arange(15)
Y = 150.0 + 60.0 * np.sin(X / 60.0)


def markers(x: FloatArray, y: FloatArray) -> Trace:
    return Trace(
        kind="scatter",
        color=(217, 95, 2),
        x_px=x,
        y_px=y,
        sigma_px=np.full(x.size, 0.45),
        sampled_at="markers",
        marker="triangle",
        line_style="none",
        line_width_px=1.0,
        marker_size_px=7.0,
    )


def bare(x: FloatArray, y: FloatArray) -> Trace:
    return Trace(
        kind="line",
        color=(217, 95, 2),
        x_px=x,
        y_px=y,
        sigma_px=np.full(x.size, 0.2),
        sampled_at="columns",
        line_width_px=2.0,
    )


def path() -> Trace:
    columns = np.arange(45.0, 372.0)
    clear = np.abs(columns[:, None] - X).min(axis=1) > 6
    return bare(columns[clear], np.interp(columns[clear], X, Y))


def test_markers_on_a_line_are_its_points() -> None:
    (found,) = join_markers([markers(X, Y)], [path()])
    assert (found.kind, found.line_style, found.marker) == ("line", "solid", "triangle")
    assert np.array_equal(found.x_px, X)


def test_hidden_markers_on_steps_are_filled_in_from_the_line_and_bits_between_them_left_out() -> None:
    seen = np.delete(np.arange(15), [4, 9])
    x, y = np.r_[X[seen], 148.0, 205.0], np.r_[Y[seen], 160.0, 150.0]
    (found,) = join_markers([markers(x, y)], [path()])
    assert np.abs(found.x_px - X).max() < 0.5
    assert np.abs(found.y_px - Y).max() < 3.0
    assert np.all(found.sigma_px[[4, 9]] > found.sigma_px[0])


def test_markers_beside_a_line_stay_by_themselves() -> None:
    rng = np.random.default_rng(2)
    strewn = markers(np.sort(rng.uniform(40, 370, 15)), rng.uniform(60, 240, 15))
    assert [t.kind for t in join_markers([strewn], [path()])] == ["scatter", "line"]
