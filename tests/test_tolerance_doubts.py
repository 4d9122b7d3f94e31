"""Doubts about what may be off: axis ends, few points, and points that stand where the others do not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from digitizer.evidence import PanelEvidence, Scale, Trace
from digitizer.stages.status.tolerance_doubts import close_share, measure_tolerance_doubts
from tests.evidences import FRAME, line

EVEN = np.linspace(60, 440, 12)


def scale(sigma_px: float) -> Scale:
    return Scale(
        kind="linear", origin=220.0, slope=-2.0, values=np.arange(0.0, 101.0, 20.0), used=np.ones(6, bool),
        residual_px=0.1, covariance=np.diag([sigma_px**2, 0.0]),
    )  # fmt: skip


def doubts(*traces: Trace, sigma_px: float = 0.05) -> dict[str, float]:
    panel = PanelEvidence(
        frame=FRAME, y_scale=scale(sigma_px), traces=traces, names=(None,) * len(traces),
        on_y2=(False,) * len(traces),
    )  # fmt: skip
    return measure_tolerance_doubts(panel)


def test_a_flat_line_on_a_sure_scale_raises_hardly_a_doubt() -> None:
    measured = doubts(line(EVEN, np.full(12, 120.0)))
    # In a panel of 200 px each of twelve points is off once in hundred times.
    assert measured.pop("points at risk") < np.log1p(3 * 0.25)
    assert measured == pytest.approx(dict.fromkeys(measured, 0.0), abs=1e-6)


def test_ends_are_unsure_as_often_as_the_scale_is_off_by_half_a_percent() -> None:
    # Half a percent of 200 px is one pixel. What is known to 0.5 px and has bounds never misses it.
    assert doubts(sigma_px=0.5)["axis end unsure"] == 0
    even = np.random.default_rng(1).uniform(-1, 1, 100_000) * 0.8 * np.sqrt(3.0)
    missed = float(np.mean(np.abs(even) > 1.0))
    assert doubts(sigma_px=0.8)["axis end unsure"] == pytest.approx(missed / 0.05, rel=0.05)


def test_points_at_every_epoch_tell_an_x_scale_of_two_labels() -> None:
    epochs = np.arange(1.0, 26.0)
    unsure = Scale(
        kind="linear", origin=60.0, slope=15.0, values=np.array([10.0, 20.0]), used=np.ones(2, bool),
        residual_px=0.0, covariance=np.diag([4.0, 0.0]),
    )  # fmt: skip

    def measured(x: np.ndarray) -> float:
        panel = PanelEvidence(
            frame=FRAME, x_scale=unsure, traces=(line(x, 0 * x + 120),), names=(None,), on_y2=(False,)
        )
        return measure_tolerance_doubts(panel)["axis end unsure"]

    # Known to 2 px, it may miss half a percent of 400 px; points a pixel beside whole epochs say it does not.
    assert measured(60 + 15 * epochs + 1.0) == 0
    assert measured(60 + 15 * epochs[:10]) > 1
    assert measured(60 + 15 * np.cumsum(1 + 0.3 * np.sin(epochs))) > 1
    assert measured(60 + 15 * epochs + 4.0) > 1


@pytest.mark.parametrize("n", [12, 40])
def test_steep_lines_put_points_at_risk_where_none_may_be_off(n: int) -> None:
    x = np.linspace(60, 440, n)
    steep = doubts(line(x, 120 + 80.0 * (-1.0) ** np.arange(n)))["points at risk"]
    if n == 12:
        assert steep > 2 * doubts(line(x, np.full(n, 120.0)))["points at risk"]
    else:
        assert steep == 0.0


@pytest.mark.parametrize("close", [True, False])
def test_pairs_nearly_above_each_other_put_points_at_risk_where_few_may_be_off(close: bool) -> None:
    # 24 vertices: one may be off. Three pairs of them are a pixel apart and jump by a tenth of the panel.
    x = np.linspace(60, 440, 24) + np.resize([0.0, 3.0, -2.0, 4.0, -3.0], 24)
    y = np.full(24, 120.0)
    for i in (4, 11, 19):
        x[i + 1] = x[i] + (1.0 if close else 12.0)
        y[i + 1 :] = 260.0 - y[i]
    at_risk = doubts(line(x, y))["points at risk"]
    assert at_risk > 1.0 if close else at_risk < 0.1


def test_markers_hold_their_height_on_steep_lines() -> None:
    zigzag = 120 + 80.0 * (-1.0) ** np.arange(12)
    marked = doubts(line(EVEN, zigzag, sampled_at="markers", marker="circle"))["points at risk"]
    assert marked == doubts(line(EVEN, np.full(12, 120.0)))["points at risk"]


@pytest.mark.parametrize("width", [1.0, 5.0])
def test_vertices_nearer_than_their_stroke_is_wide_are_at_risk_along_it(width: float) -> None:
    # Every second corner of a zigzag is seen twice, 3 px apart.
    x = 60.0 + 21.0 * np.arange(14) + 2.0 * np.random.default_rng(1).uniform(-1, 1, 14)
    y = 120.0 + 16.0 * (-1.0) ** np.arange(14)
    twice = np.sort(np.r_[x, x[::2] + 3.0])
    at_risk = doubts(line(twice, np.interp(twice, x, y), line_width_px=width))["points at risk"]
    assert at_risk > 1.0 if width > 3.0 else at_risk < 0.5


def test_points_on_a_scale_that_is_unsure_are_at_risk() -> None:
    flat = line(EVEN, np.full(12, 120.0))
    assert doubts(flat, sigma_px=2.0)["points at risk"] > doubts(flat)["points at risk"] + 1


def test_points_of_a_narrow_line_are_at_risk() -> None:
    # Of 16 px a percent is less than two ends are sure to; of half of a panel it is more.
    def at_risk(span: float) -> float:
        return doubts(line(np.array([60.0, 440.0]), np.array([120.0, 120.0 + span])), sigma_px=0.2)[
            "points at risk"
        ]

    assert at_risk(16.0) > 1.0
    assert at_risk(100.0) == pytest.approx(at_risk(190.0), abs=0.02)
    assert at_risk(0.0) < 0.05


def test_a_point_beside_the_even_ones_is_uneven_and_unshared() -> None:
    moved = EVEN.copy()
    moved[5] += 9.0
    measured = doubts(line(EVEN, np.full(12, 120.0)), line(moved, np.full(12, 90.0)))
    assert measured["points uneven"] == pytest.approx(3 * 2 / 11)
    assert measured["points unshared"] == pytest.approx(3 / 12)
    # Steps of its own bear a line out as well as others' points.
    other = doubts(line(EVEN, np.full(12, 120.0)), line(np.linspace(60.0, 430.0, 31), np.full(31, 90.0)))
    assert other["points unshared"] == 0.0


def test_missing_points_leave_whole_steps_and_a_line_in_parts() -> None:
    y = np.full(12, 120.0)
    y[4] = np.nan
    measured = doubts(line(EVEN, y), line(EVEN, np.full(12, 90.0)))
    assert measured["points uneven"] == 0.0
    assert measured["line in parts"] == 1.0


def blunt(x: np.ndarray, y: np.ndarray, sigma: float = 20.0) -> Trace:
    """A line by columns whose points are known to ``sigma`` (px)."""
    return replace(line(x, y, sampled_at="columns"), sigma_px=np.full(x.size, sigma))


def test_lines_read_by_columns_are_doubted_where_they_turn_sharply() -> None:
    x = np.arange(60.0, 440.0)
    sharp, smooth = 120 + 60 * np.abs((x % 40) / 20 - 1), 120 + 60 * np.sin(x / 60)
    assert doubts(line(x, smooth, sampled_at="columns"))["columns turning"] == 0.0
    turning = doubts(blunt(x, sharp))["columns turning"]
    # Chords over 3 columns to both sides miss corners of 3 px a column by 3, 6, 9, 6, 3 px: 5 columns of 20.
    assert turning == pytest.approx(np.log1p(5 / 20 / 0.02), rel=0.03)
    assert doubts(line(x, sharp))["columns turning"] == 0.0


@pytest.mark.parametrize(("n", "doubted"), [(3, True), (14, False)])
def test_a_tip_among_few_corners_of_a_line_by_columns_is_doubted(n: int, doubted: bool) -> None:
    # One tip whose sides fall by 1.5 px a column, and bends of a slope that does not turn back.
    x = np.arange(60.0, 440.0)
    bends = np.interp(x, np.linspace(160, 440, n), np.cumsum(np.resize([0.0, 100.0], n) / n))
    tip = 100 - 45 * np.clip(1 - np.abs(x - 100) / 30, 0.0, None)
    turning = doubts(blunt(x, tip + bends))["columns turning"]
    assert turning > 1.0 if doubted else turning < 0.5


def test_tips_whose_far_ends_are_seen_are_no_doubt() -> None:
    x = np.arange(60.0, 440.0)
    # Noise of two columns a step, each tip as sure as a third of what it may be off.
    noise = 120 + 8 * np.random.default_rng(3).uniform(-1, 1, 190)[(x.astype(int) - 60) // 2]
    assert doubts(blunt(x, noise))["columns turning"] > 1.0
    assert doubts(blunt(x, noise, sigma=0.7))["columns turning"] < 0.3


def test_steep_bends_between_few_corners_of_a_line_by_columns_are_points_at_risk() -> None:
    x = np.arange(60.0, 440.0)

    def at_risk(y: np.ndarray) -> float:
        return doubts(line(x, y, sampled_at="columns"))["points at risk"]

    # Six points, two of them above each other but for 3 px: nothing turns back.
    steep = np.interp(x, [60, 150, 240, 243, 330, 439], [180, 160, 130, 60, 50, 35])
    assert at_risk(steep) > 1.0
    assert at_risk(np.interp(x, [60, 150, 240, 330, 439], [180, 160, 130, 90, 35])) < 0.3
    # Many such bends have points to spare, and staircases are read right beside their jumps.
    assert at_risk(np.where((x % 12) < 2, 60.0, 100.0) + x / 10) < 0.3
    stairs = 60.0 + 30 * np.floor(x / 90)
    assert at_risk(stairs) < 0.3
    # So are those whose last step is cut short, and those told by their corners.
    unsure = replace(
        line(x, np.where(x > 435, 20.0, stairs), sampled_at="columns"),
        sigma_px=np.where(x > 433, 90.0, 0.05),
    )
    assert doubts(unsure)["points at risk"] < 0.3
    steep = line(60.0 + 30 * np.arange(12), np.resize([25.0, 215.0], 12))
    assert doubts(steep)["points at risk"] > 1.0
    assert doubts(replace(steep, interpolation="step-after"))["points at risk"] < np.log1p(3 * 0.25)


def test_dots_far_apart_are_no_sharp_turns() -> None:
    x = np.arange(60.0, 440.0, 8.0)
    curve = 180 - 130 * np.exp(-(x - 60) / 40)
    assert doubts(line(x, curve, sampled_at="columns"))["columns turning"] == 0.0


def test_jumps_between_level_stretches_are_no_sharp_turns() -> None:
    x = np.arange(60.0, 440.0)
    stairs = 60.0 + 30 * np.floor(x / 90)
    assert doubts(line(x, stairs, sampled_at="columns"))["columns turning"] == 0.0


@pytest.mark.parametrize(("jump", "doubted"), [(9.0, True), (1.0, False)])
def test_jumps_are_doubted_where_more_corners_stand_at_them_than_may_be_off(
    jump: float, doubted: bool
) -> None:
    x = np.arange(60.0, 440.0)
    corners = np.linspace(75, 425, 30).round()
    # Up and down by turns, and at every fifth corner a jump between: a line of uneven steps, no staircase.
    slope = np.where(np.searchsorted(corners, x) % 2, 1.1, -0.7)
    uneven = 50.0 + np.cumsum(slope) + jump * np.searchsorted(corners[::5], x)
    measured = doubts(line(x, uneven, sampled_at="columns"))
    assert (measured["columns turning"] > 0.5) == doubted


def test_a_slope_that_grows_steeper_and_a_loop_turn_nowhere_sharply() -> None:
    x = np.arange(60.0, 440.0)
    # Slopes of 0.2 and of 20 px a column meet, and the line goes on downwards.
    falling = 20 + np.cumsum(np.where((x > 200) & (x < 206), 20.0, 0.2))
    assert doubts(line(x, falling, sampled_at="columns"))["columns turning"] == 0.0
    angle = np.linspace(0, 20, 600)
    loop = line(250 + 8 * angle * np.cos(angle), 120 + 4 * angle * np.sin(angle), sampled_at="columns")
    assert doubts(loop)["columns turning"] == 0.0


def test_dashes_by_columns_are_counted() -> None:
    x = np.arange(60.0, 440.0)
    dashed = line(x, np.full(x.size, 90.0), sampled_at="columns", line_style="dashed")
    assert doubts(dashed, dashed, line(x, x / 2))["dashes by columns"] == 2.0


@pytest.mark.parametrize(("apart", "rise", "share"), [(1.4, 19.0, 2 / 12), (1.4, 0.5, 0.0), (6.0, 19.0, 0.0)])
def test_markers_nearly_above_each_other_may_swap_their_heights(
    apart: float, rise: float, share: float
) -> None:
    x, y = EVEN.copy(), np.full(12, 120.0)
    x[7], y[7] = x[6] + apart, y[6] + rise
    marked = line(x, y, sampled_at="markers", marker="circle")
    assert close_share(marked, 200.0) == pytest.approx(share)
    assert close_share(line(x, y), 200.0) == 0.0


def test_markers_at_every_epoch_are_near_each_other_and_keep_their_places() -> None:
    epochs = np.arange(1.0, 121.0)
    y = 120 + 20.0 * (-1.0) ** epochs
    assert close_share(line(60 + 2.0 * epochs, y, sampled_at="markers", marker="circle"), 200.0) == 0.0


def test_strokes_of_a_dashed_line_off_their_way_are_points_at_risk() -> None:
    x = np.arange(60.0, 440.0)
    x = x[x % 16 < 9]
    y = np.interp(x, np.arange(60, 440, 7), 120 + 14 * np.random.default_rng(3).normal(size=55))
    dashed = replace(line(x, y), line_style="dashed", sampled_at="columns")
    assert doubts(dashed)["points at risk"] > 1.0
