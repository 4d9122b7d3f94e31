"""Lines along the sides of their frame: seen by their rim, led through their crests, carried on in steps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from chartscribe.api import digitize
from digitizer.evidence import Box, FloatArray, PanelFrame, Picture, Trace
from digitizer.stages.series.along_sides import follow_sides
from tests.charts import render

# The share of the axis' range that points may be off by.
ONE_PERCENT = 0.01
BOX = Box(left=20.0, top=20.0, right=420.0, bottom=220.0)
BLUE = (31, 119, 180)


def read_worst(x: FloatArray, y: FloatArray, style: Callable[[Axes], None], width: float) -> float:
    """The largest error of the only series of a drawn chart, as a share of the range; inf where it ends."""

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        axes.plot(x, y, linewidth=width)
        style(axes)

    picture = render(draw)
    (panel,) = digitize(picture.rgb).panels
    (series,) = panel.series
    low, high = panel.y_axis.limits
    known, place = np.array(series.y, dtype=np.float64), np.array(series.x, dtype=np.float64)
    gap = np.ptp(x) / 50
    whole = place[0] < x[0] + gap and place[-1] > x[-1] - gap
    if series.sampled_at == "columns":
        whole &= bool(np.diff(place).max() < gap)
    return float(np.abs(np.interp(x, place, known) - y).max() / abs(high - low)) if whole else np.inf


def frame_with_line(middle: FloatArray, width: float) -> tuple[Picture, PanelFrame]:
    """A frame of one pixel whose black sides are drawn over a blue line, column by column."""
    rgb = np.full((240, 440, 3), 255.0)
    rows = np.arange(240.0)[:, None]
    columns = np.arange(21, 421)
    cover = np.clip(
        np.minimum(rows + 0.5, middle + width / 2) - np.maximum(rows - 0.5, middle - width / 2), 0, 1
    )
    rgb[:, columns] += cover[..., None] * (np.array(BLUE) - 255.0)
    rgb[:20], rgb[221:] = 255.0, 255.0
    rgb[[20, 220], 20:421] = 0.0
    rgb[20:221, [20, 420]] = 0.0
    frame = PanelFrame(
        box=BOX,
        sides=frozenset({"left", "top", "right", "bottom"}),
        background=(255, 255, 255),
        grid_x=np.zeros(0),
        grid_y=np.zeros(0),
    )
    return Picture(name="drawn", sha256="", rgb=np.round(rgb).astype(np.uint8)), frame


def trace(x: FloatArray, y: FloatArray, width: float, sampled_at: str = "columns") -> Trace:
    return Trace(
        kind="line",
        color=BLUE,
        x_px=x.copy(),
        y_px=y.copy(),
        sigma_px=np.full(x.size, 0.2),
        sampled_at=sampled_at,  # type: ignore[arg-type]
        line_width_px=width,
    )


X = np.arange(21.0, 421.0)


def test_the_rim_of_a_line_along_a_side_is_seen() -> None:
    middle = np.maximum(20.0, 20.0 + 0.9 * (X - 250))
    picture, frame = frame_with_line(middle, 3.0)
    seen = middle > 22.0
    (carried,) = follow_sides([trace(X[seen], middle[seen], 3.0)], picture, frame)
    assert carried.x_px[0] == pytest.approx(22.0, abs=1.0)
    assert np.abs(np.interp(X[3:], carried.x_px, carried.y_px) - middle[3:]).max() < 0.6
    assert carried.hidden == 0.0


def test_a_side_without_a_rim_carries_nothing_on() -> None:
    middle = np.maximum(20.0, 20.0 + 0.9 * (X - 250))
    picture, frame = frame_with_line(np.where(middle > 20.0, middle, -50.0), 3.0)
    seen = middle > 22.0
    (left,) = follow_sides([trace(X[seen], middle[seen], 3.0)], picture, frame)
    assert left.x_px[0] == X[seen][0]


def test_a_crest_under_a_side_is_told_by_both_flanks() -> None:
    middle = 20.0 + (X - 220) ** 2 / 400
    picture, frame = frame_with_line(middle, 1.0)
    seen = middle > 21.5
    (closed,) = follow_sides([trace(X[seen], middle[seen], 1.0)], picture, frame)
    assert np.diff(closed.x_px).max() == 1.0
    assert np.abs(np.interp(X, closed.x_px, closed.y_px) - middle).max() < 0.5
    assert 0.0 < closed.hidden < 0.2


def test_a_line_that_leaves_and_comes_back_keeps_its_gap() -> None:
    middle = np.where(np.abs(X - 220) < 60, -20.0, 20.0 + 0.8 * (np.abs(X - 220) - 60))
    picture, frame = frame_with_line(middle, 1.0)
    seen = middle > 21.5
    (left,) = follow_sides([trace(X[seen], middle[seen], 1.0)], picture, frame)
    assert np.diff(left.x_px).max() > 100


@pytest.mark.parametrize(("shift", "carried"), [(0.0, True), (4.0, False)])
def test_a_vertex_on_its_step_at_the_limit_is_a_value(shift: float, carried: bool) -> None:
    """One that is cut off within a step has left."""
    steps = np.arange(21.0, 421.0, 10.0)
    height = np.maximum(20.0, 180.0 - 0.8 * (steps - 21.0))
    at_limit = int(np.argmax(height <= 20.0))
    x, y = steps[: at_limit + 1].copy(), height[: at_limit + 1].copy()
    x[-1] -= shift
    other = trace(steps, np.full(steps.size, 150.0), 1.0, "vertices")
    picture, frame = frame_with_line(np.full(X.size, 150.0), 1.0)
    _, line = follow_sides([other, trace(x, y, 1.0, "vertices")], picture, frame)
    assert (line.x_px[-1] >= steps[-1]) == carried


@pytest.mark.parametrize("width", [1.5, 3.0])
def test_waves_that_reach_the_limits_of_their_axis_are_whole(width: float) -> None:
    def style(axes: Axes) -> None:
        axes.set_xlim(0, 7)
        axes.set_ylim(-1, 1)

    x = np.linspace(0, 2 * np.pi, 200)
    assert read_worst(x, np.sin(x), style, width) < ONE_PERCENT


def test_a_rectified_line_runs_along_zero() -> None:
    def style(axes: Axes) -> None:
        axes.set_xlim(-5, 5)
        axes.set_ylim(0, 4)

    x = np.linspace(-5, 4, 181)
    assert read_worst(x, np.maximum(0.0, 0.8 * x), style, 2.0) < ONE_PERCENT


def test_a_line_that_is_drawn_over_its_side_is_followed_along_it() -> None:
    # Vega draws lines over a pale axis: no rim is seen beside it, but all of the line on it.
    x = np.arange(21.0, 420.0)
    middle = np.maximum(19.5, 120.0 - 0.5 * (x - 21.0))
    picture, frame = frame_with_line(np.r_[middle, middle[-1]], 2.0)
    rgb = picture.rgb.copy()
    rgb[20, 21:420] = 221
    rgb[19:21, 222:420] = BLUE
    seen = np.array([21.0, 121.0, 215.0]), np.array([120.0, 70.0, 23.0])
    (found,) = follow_sides([trace(*seen, 2.0, "vertices")], replace(picture, rgb=rgb), frame)
    assert found.x_px[-1] == pytest.approx(418.0, abs=2.0)
    assert found.y_px[-1] == pytest.approx(19.5, abs=0.2)


@pytest.mark.parametrize("other", [8.0, 4.0])
def test_a_level_line_that_its_side_cuts_in_half_is_as_wide_as_others(other: float) -> None:
    x = np.arange(21.0, 420.0)
    picture, frame = frame_with_line(np.full(400, 22.25), 3.5)
    level, course = trace(x, np.full(x.size, 22.25), 3.5), trace(x, 100.0 + 0.2 * x, other)
    found, _ = follow_sides([level, course], picture, frame)
    np.testing.assert_allclose(np.median(found.y_px), 20.0 if other == 8.0 else 22.25, atol=0.3)


@pytest.mark.parametrize("second", [False, True])
def test_tails_along_a_side_in_the_papers_colour_are_followed(second: bool) -> None:
    # Seaborn draws white sides over a grey ground: a tenth of a pixel of a tail at zero is seen beside them.
    x = np.linspace(-6.0, 60.0, 200)
    tails = [0.5 + 0.5 * np.tanh((x - m) / 5.0) for m in (18.0, 22.0)]
    tails = tails if second else [np.exp(-np.square((x - 20.0) / 8.0))]

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        for y, color, name in zip(tails, ("#4c72b0", "#dd8452"), ("one", "two"), strict=False):
            axes.plot(x, y, color=color, linewidth=1.5, label=name)
        axes.set(ylim=(0.0, 1.05), facecolor="#eaeaf2")
        axes.grid(color="white")
        axes.set_axisbelow(True)
        axes.tick_params(length=0)
        for side in axes.spines.values():
            side.set(color="white", linewidth=1.25)
        axes.legend()

    (panel,) = digitize(render(draw, size=(6.4, 4.8)).rgb).panels
    assert len(panel.series) == len(tails)
    for series in panel.series:
        assert min(series.x) < -5.0
