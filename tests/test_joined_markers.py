"""Markers that white edges part from their line: they are its points, with those that others hide."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from digitizer.evidence import FloatArray, Trace
from digitizer.stages.series.inks.ink import FloatImage
from digitizer.stages.series.joined_markers import join_markers
from digitizer.stages.series.paths.joins import leave_out_joins
from digitizer.stages.series.paths.threads import thread_markers

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


def threads(x: FloatArray, y: FloatArray, *, gap: float) -> FloatImage:
    """Coverage of a line from point to point that white edges part from each point."""
    left = np.zeros((240, 420), np.float32)
    for k in range(x.size - 1):
        length = float(np.hypot(x[k + 1] - x[k], y[k + 1] - y[k]))
        at = np.arange(gap, length - gap, 0.25) / length
        rows, columns = y[k] + at * (y[k + 1] - y[k]), x[k] + at * (x[k + 1] - x[k])
        left[np.round(rows).astype(int), np.round(columns).astype(int)] = 1.0
    return left


def test_markers_that_ink_joins_are_a_line_also_where_its_course_bends_under_them() -> None:
    zigzag = 120.0 + 40.0 * (np.arange(15) % 2)
    hidden = np.zeros((240, 420), bool)
    shuffled = np.random.default_rng(1).permutation(15)
    found = thread_markers(
        [markers(X[shuffled] + 7, zigzag[shuffled] + 5)], threads(X, zigzag, gap=6.0), hidden, (7, 5)
    )
    assert found is not None
    assert (found.kind, found.line_style) == ("line", "solid")
    assert np.array_equal(found.x_px, X + 7)
    assert np.array_equal(found.y_px, zigzag + 5)


def test_a_marker_of_a_line_that_was_taken_for_two_is_one() -> None:
    # Snapped squares of 7 and of 8 px: two of the usual size, a pixel apart, on one of these.
    zigzag = 120.0 + 40.0 * (np.arange(15) % 2)
    twice = replace(
        markers(np.r_[X, X[0]], np.r_[zigzag, zigzag[0] + 1]), sigma_px=np.r_[np.full(15, 0.45), 0.7]
    )
    found = thread_markers([twice], threads(X, zigzag, gap=6.0), np.zeros((240, 420), bool), (0, 0))
    assert found is not None
    assert np.array_equal(found.x_px, X)
    assert np.array_equal(found.y_px, zigzag)


def test_strewn_markers_with_a_fitted_line_are_no_line() -> None:
    rng = np.random.default_rng(3)
    x = np.sort(rng.uniform(40, 370, 15))
    fit = threads(np.array([40.0, 370.0]), np.array([60.0, 200.0]), gap=0.0)
    mark = markers(x, 60 + (x - 40) * 0.42 + rng.normal(0, 25, 15))
    assert thread_markers([mark], fit, np.zeros((240, 420), bool), (0, 0)) is None


def test_markers_that_the_frame_cuts_stand_where_their_line_ends() -> None:
    columns = np.arange(X[0] + 4, X[-1] - 3)
    line = replace(bare(columns, np.interp(columns, X, Y)), color=(236, 175, 128))
    (found,) = leave_out_joins([markers(X[1:-1], Y[1:-1])], [line], np.full(3, 255.0))
    assert found.kind == "line"
    assert np.abs(found.x_px - X).max() < 0.5
    assert np.abs(found.y_px - Y).max() < 3.0


def test_bits_of_a_line_between_the_gaps_around_its_markers_are_no_markers() -> None:
    """White edges cut the line into dashes, which look like a row of discs as wide as the line."""
    x = np.arange(42.0, 330.0, 4.0)
    line = replace(bare(x, np.interp(x, X, Y)), marker="circle", marker_size_px=4.0, sampled_at="markers")
    large = replace(markers(X, Y), marker_size_px=11.0)
    (found,) = join_markers([large], [line])
    assert found.kind == "line"
    np.testing.assert_allclose(found.x_px, X)
    own = replace(line, marker_size_px=10.0)
    assert [t.kind for t in join_markers([large], [own])] == ["scatter", "line"]
