"""Bare lines read at their vertices: drawn noise, positions compared in pixels."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from series_drawings import draw, trace
from test_series import noisy

from digitizer.evidence import FloatArray
from digitizer.stages.series.fits.misplaced import off_by_ink
from digitizer.stages.series.fits.nearest import Pen
from digitizer.stages.series.fits.refine import Fit
from digitizer.stages.series.fits.unseen import widen_unseen
from digitizer.stages.series.paths.steps import (
    Steps,
    even_steps_of,
    find_bend_steps,
    find_dense_steps,
    is_same,
    steps_of,
)

# Tips are found to a tenth of a pixel, vertices on the way to that times their slope.
CLOSE_PX = 0.1
FAR_PX = 1.0


@pytest.mark.parametrize(("n", "width"), [(40, 1.5), (90, 1.5), (160, 1.0)])
def test_vertices_of_a_bare_noisy_line_are_read(n: int, width: float) -> None:
    x, y = noisy(n, 3)
    drawn = draw([(x, y, {"color": "tab:blue", "lw": width})])
    (found,) = trace(drawn)
    tx, ty = drawn.truth[0]
    assert found.sampled_at == "vertices"
    assert found.x_px.size == n
    assert np.abs(found.x_px - tx).max() < CLOSE_PX
    error = np.abs(found.y_px - ty)
    assert np.median(error) < CLOSE_PX
    assert np.quantile(error, 0.95) < FAR_PX


def test_sigma_is_honest_for_vertices() -> None:
    pulls: list[FloatArray] = []
    for seed in range(5):
        x, y = noisy(70, seed)
        drawn = draw([(x, y, {"color": "tab:red"})])
        (found,) = trace(drawn)
        assert found.sampled_at == "vertices"
        pulls.append(np.abs(found.y_px - drawn.truth[0][1]) / found.sigma_px)
    pull = np.concatenate(pulls)
    assert np.mean(pull < 1) > 0.6
    assert np.mean(pull < 2) > 0.93


def test_sigma_is_honest_for_vertices_between_long_pieces() -> None:
    pulls: list[FloatArray] = []
    for seed in range(6):
        x, y = noisy(16, seed)
        drawn = draw([(x, y, {"color": "tab:red"})])
        (found,) = trace(drawn)
        assert found.sampled_at == "vertices"
        assert np.median(found.sigma_px) < 0.2
        off = np.abs(found.y_px - np.interp(found.x_px, *drawn.truth[0]))
        pulls.append(off / found.sigma_px)
    assert np.mean(np.concatenate(pulls) < 2) > 0.93


def test_ink_that_is_not_where_a_line_is_drawn_tells_of_its_vertices() -> None:
    x, y = 60.0 * np.arange(6), np.tile([10.0, 50.0], 3)
    length, width = float(np.hypot(60, 40)), 2.0
    fit = Fit(x=x, y=y, sigma=np.full(6, 0.05), pen=Pen(width=width), rms=0.05)
    # A twentieth of the ink all along, a fifth (pale, JPEG), and beside one vertex much more than elsewhere.
    shares = np.full(6, 0.05), np.full(6, 0.2), np.where(np.arange(6) == 3, 0.45, 0.05)

    def off(share: FloatArray, bare: float = 0.5) -> FloatArray:
        wrong = share * 2 * length * width
        return off_by_ink(replace(fit, wrong=wrong, bare=bare * wrong))[1:-1]

    even, smeared, astray = (off(share) for share in shares)
    # A stroke that lies beside its drawing by d leaves twice d of its length: across, not along y.
    assert (even <= 0.05 * length * width / 60).all()
    assert (smeared <= 0.2 * length * width / 60).all()
    assert astray[2] > 15
    assert (np.delete(astray, 2) == np.delete(even, 2)).all()
    # Ink that a drawing leaves where it covers all of its own is another line's.
    assert (off(shares[2], bare=0.0) == 0.0).all()


def test_a_smooth_curve_has_no_step_grid() -> None:
    x = np.linspace(0, 10, 300)
    drawn = draw([(x, np.sin(x), {"color": "tab:green"})])
    (found,) = trace(drawn)
    assert found.sampled_at == "columns"


def test_scattered_places_stand_on_no_comb() -> None:
    rng = np.random.default_rng(2)
    for _ in range(20):
        assert find_dense_steps(rng.uniform(0, 500, 80)) == []


def test_a_comb_with_missing_teeth_is_found() -> None:
    rng = np.random.default_rng(4)
    x = 7.3 + 2.17 * np.sort(rng.choice(200, 90, replace=False)) + rng.normal(0, 0.15, 90)
    periods = [steps.period for steps in find_dense_steps(x)]
    assert min(abs(p - 2.17) for p in periods) < 0.005


def test_dense_noise_is_followed_where_steps_are_narrower_than_the_stroke() -> None:
    rng = np.random.default_rng(8)
    x, y = np.arange(220.0), rng.normal(0, 1, 220)
    drawn = draw([(x, y, {"color": "tab:blue", "lw": 1.5})])
    (found,) = trace(drawn)
    error = np.abs(np.interp(drawn.truth[0][0], found.x_px, found.y_px) - drawn.truth[0][1])
    assert found.sampled_at == "vertices"
    assert np.mean(error < 0.01 * drawn.frame.box.height) > 0.95


@pytest.mark.parametrize("seed", [1, 2])
def test_vertices_a_stroke_and_less_apart_are_put_where_the_ink_is(seed: int) -> None:
    # Steps of 1.4 px: half of the vertices begin inside the ink of their neighbours.
    rng = np.random.default_rng(seed)
    x, y = np.arange(300.0), rng.normal(0, 1, 300) + 2.5 * (rng.random(300) < 0.05) * rng.normal(0, 1, 300)
    drawn = draw([(x, y, {"color": "tab:blue", "lw": 1.5})])
    (found,) = trace(drawn)
    error = np.abs(np.interp(drawn.truth[0][0], found.x_px, found.y_px) - drawn.truth[0][1])
    assert found.sampled_at == "vertices"
    assert np.mean(error < 0.01 * drawn.frame.box.height) > 0.97


def steep_and_noisy(n: int, seed: int) -> tuple[FloatArray, FloatArray]:
    x = np.arange(float(n))
    noise = np.random.default_rng(seed).normal(0, 1, n)
    return x, 40 * np.sin(x / 14) + noise


def test_vertices_are_read_where_the_stroke_is_wider_than_their_steps() -> None:
    read = 0
    for seed in range(6):
        x, y = steep_and_noisy(100, seed)
        drawn = draw([(x, y, {"color": "tab:orange", "lw": 3.2})])
        (found,) = trace(drawn)
        if found.sampled_at == "columns":
            continue
        read += 1
        error = np.abs(np.interp(drawn.truth[0][0], found.x_px, found.y_px) - drawn.truth[0][1])
        assert np.mean(error < 0.01 * drawn.frame.box.height) > 0.95
    # The beat of the bends is too weak in some; columns are what is left for these.
    assert read >= 4


def test_bends_of_a_noisy_path_beat_with_its_steps() -> None:
    rng = np.random.default_rng(6)
    column = np.arange(400.0)
    path = np.interp(column, 1.3 + 3.7 * np.arange(110), rng.normal(0, 4, 110))
    found = find_bend_steps(column, path, smallest=2.8)
    assert min(abs(steps.period - 3.7) for steps in found) < 0.01
    right = [steps for steps in found if abs(steps.period - 3.7) < 0.01]
    assert min(abs((steps.origin - 1.3 + 1.85) % 3.7 - 1.85) for steps in right) < 0.4


def test_noisy_black_lines_are_no_furniture() -> None:
    rng = np.random.default_rng(5)
    drawn = draw([(np.arange(160.0), rng.normal(0, 1, 160), {"color": "black", "lw": 1})])
    (found,) = trace(drawn)
    assert found.kind == "line"


def test_corners_that_stand_on_no_grid_are_vertices() -> None:
    x = np.array([0.0, 7.3, 19.1, 24.9, 40.2, 52.8, 61.0])
    y = np.array([3.0, 8.0, 2.0, 5.5, 4.0, 9.0, 1.0])
    drawn = draw([(x, y, {"color": "tab:blue", "lw": 2})])
    (found,) = trace(drawn)
    assert found.sampled_at == "vertices"
    assert found.x_px.size == x.size
    assert np.abs(found.x_px - drawn.truth[0][0])[1:-1].max() < CLOSE_PX
    assert np.abs(found.y_px - drawn.truth[0][1]).max() < 0.3


def test_lines_share_the_steps_that_one_of_them_tells() -> None:
    x, rough = noisy(60, 5)
    calm = np.abs(rough).max() * np.sin(x / x.max() * 5)
    (alone,) = trace(draw([(x, calm, {"color": "tab:orange"})]))
    assert alone.sampled_at == "columns"
    both = draw([(x, calm, {"color": "tab:orange"}), (x, rough - 3 * np.ptp(rough), {"color": "tab:blue"})])
    found = next(t for t in trace(both) if t.color[0] > t.color[2])
    assert found.sampled_at == "vertices"
    assert found.x_px.size == 60
    assert np.abs(found.x_px - both.truth[0][0]).max() < CLOSE_PX


@pytest.mark.parametrize(
    ("seed", "sampled_at"), [(2, "vertices"), (6, "vertices"), (8, "vertices"), (13, "columns")]
)
def test_free_polylines_cut_no_corners(seed: int, sampled_at: str) -> None:
    # Corners of the last one are nearer to each other than the stroke is wide: they cannot be told apart.
    rng = np.random.default_rng(seed)
    x = np.sort(rng.choice(200, 20, replace=False)).astype(float)
    drawn = draw([(x, np.cumsum(rng.normal(0.6, 1, 20)), {"color": "tab:green", "lw": 2.0})])
    (found,) = trace(drawn)
    tx, ty = drawn.truth[0]
    along, at = np.linspace(tx[0], tx[-1], 1500), np.linspace(tx[0], tx[-1], 6000)
    off = np.hypot(
        along[:, None] - at, np.interp(along, tx, ty)[:, None] - np.interp(at, found.x_px, found.y_px)
    ).min(axis=1)
    assert found.sampled_at == sampled_at
    assert np.quantile(off, 0.95) < 0.6


def test_fitted_combs_are_known_again() -> None:
    x = 12.3 + 4.25 * np.arange(30)
    steps = steps_of(np.r_[11.0, x, 140.1])
    assert steps is not None
    assert is_same(steps, Steps(origin=12.3 + 4.25 * 7, period=4.25))
    assert not is_same(steps, Steps(origin=12.3, period=8.5))
    assert steps_of(x[:5]) is None
    assert steps_of(x + np.random.default_rng(1).normal(0, 0.3, 30)) is None


def test_unseen_vertices_are_as_unsure_as_the_line_is_rough() -> None:
    rng = np.random.default_rng(4)
    y = np.cumsum(rng.normal(0, 3.0, 200))
    unseen = np.zeros(200, dtype=bool)
    unseen[80:85] = True
    known = np.full(200, 0.2)
    told = widen_unseen(y, known, unseen)
    assert np.array_equal(told[~unseen], known[~unseen])
    share = np.arange(1, 6) / 6
    off = [np.abs(y[k + 1 : k + 6] - (y[k] * (1 - share) + y[k + 6] * share)) for k in range(90, 190)]
    assert told[82] == pytest.approx(np.quantile(off, 0.68), rel=0.25)
    # A straight line is as sure under a legend as beside it.
    assert widen_unseen(np.arange(200.0), known, unseen) == pytest.approx(known)


def test_free_vertices_one_on_each_of_many_even_steps_tell_the_steps() -> None:
    x = 17.0 + 6.035 * np.arange(64) + np.random.default_rng(2).normal(0, 0.1, 64)
    steps = even_steps_of(x)
    assert steps is not None
    assert steps.period == pytest.approx(6.035, abs=0.003)
    assert steps.origin == pytest.approx(17.0, abs=0.1)
    assert even_steps_of(np.delete(x, 30)) is None


@pytest.mark.parametrize("seed", [0, 2, 10])
def test_thick_lines_that_span_their_panel_have_their_outer_vertices_on_their_steps(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(11, 17))
    drawn = draw([(np.arange(float(n)), rng.normal(0, 1, n).cumsum(), {"lw": 6})], margin=0.0)
    (found,) = trace(drawn)
    assert found.x_px.size == n
    tx, ty = drawn.truth[0]
    # The sides hide half of the first and the last step's strokes, which once told no vertices.
    assert np.abs(found.x_px - tx)[1:-1].max() < 0.2
    assert np.abs(np.interp(tx, found.x_px, found.y_px) - ty)[1:-1].max() < 0.2
