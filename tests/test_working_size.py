"""Panels much larger than their strokes need: reduced, traced, and carried back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from charts import frame_of, render
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from series_drawings import Drawn, draw
from test_series import noisy

from digitizer.evidence import FloatArray, PanelFrame, Redrawn, Trace
from digitizer.stages.axes.panel_axes import PanelAxes
from digitizer.stages.checks.redraw import compare
from digitizer.stages.tracing.trace import trace_panels
from digitizer.stages.tracing.working_size import at_working_size, scale_px

# The large picture has this many times the other's dots per inch.
TIMES = 4
# Frames are drawn this wide (px) in the large picture.
SIDE_PX = 0.8 / 72 * 100 * TIMES


def read(drawn: Drawn) -> tuple[Trace, ...]:
    (found,) = trace_panels(drawn.picture, [PanelAxes(frame=drawn.frame, x=None, y=None)], (), [()])
    return found


def draw_large(series: list[tuple[FloatArray, FloatArray, dict[str, Any]]]) -> Drawn:
    drawn = draw(series, dpi=100 * TIMES)
    return replace(drawn, frame=replace(drawn.frame, line_width=SIDE_PX))


def both_sizes(style: dict[str, Any], n: int) -> tuple[Drawn, Drawn]:
    x, y = noisy(n, 4)
    return draw([(x, y, style)]), draw_large([(x, y, style)])


@pytest.mark.parametrize(
    ("style", "n", "sampled_at"),
    [({"color": "tab:blue"}, 40, "vertices"), ({"color": "tab:red", "marker": "o", "ms": 6}, 31, "markers")],
)
def test_a_large_picture_gives_the_same_points(style: dict[str, Any], n: int, sampled_at: str) -> None:
    small, large = both_sizes(style, n)
    assert at_working_size(large.picture, large.frame, (), ()).factor > 1
    (one,), (many,) = read(small), read(large)
    assert one.sampled_at == many.sampled_at == sampled_at
    assert one.x_px.size == many.x_px.size == n
    assert many.marker == one.marker
    tx, ty = large.truth[0]
    assert np.abs(many.x_px - tx).max() < 0.5 * TIMES
    pull = np.abs(many.y_px - ty) / many.sigma_px
    assert np.mean(pull < 1) > 0.6
    assert np.mean(pull < 3) > 0.95
    # Both are drawn to the same figure: their values agree within what both are unsure by.
    apart = scale_px(one.y_px, TIMES) - many.y_px
    assert np.mean(np.abs(apart) < 2 * np.hypot(TIMES * one.sigma_px, many.sigma_px)) > 0.9
    assert many.line_width_px == pytest.approx(TIMES * one.line_width_px, rel=0.1)
    assert many.marker_size_px == pytest.approx(TIMES * one.marker_size_px, rel=0.1)


def test_bars_stand_where_they_are_drawn() -> None:
    heights = np.array([3.0, 7.5, 5.2, 6.1])
    kept: list[Axes] = []

    def plot(figure: Figure) -> None:
        kept.append(figure.subplots())
        kept[0].bar(np.arange(4), heights, color="tab:green")

    picture = render(plot, size=(6.0, 4.5), dpi=100 * TIMES)
    frame = PanelFrame(
        box=frame_of(kept[0]),
        sides=frozenset({"left", "top", "right", "bottom"}),
        background=(255, 255, 255),
        grid_x=np.zeros(0),
        grid_y=np.zeros(0),
        line_width=SIDE_PX,
    )
    assert at_working_size(picture, frame, (), ()).factor > 1
    (bars,) = read(Drawn(picture, frame))
    at = kept[0].transData.transform(np.column_stack([np.arange(4), heights]))
    assert bars.kind == "bar"
    assert np.abs(bars.x_px - (at[:, 0] - 0.5)).max() < 1.5
    assert np.abs(bars.y_px - (picture.height - at[:, 1] - 0.5)).max() < 1.5


def test_thin_strokes_keep_a_panel_as_it_is() -> None:
    x, y = noisy(40, 2)
    thin = draw_large([(x, y, {"color": "tab:blue", "lw": 0.2})])
    assert at_working_size(thin.picture, thin.frame, (), ()).factor == 1


def test_common_panels_stay_as_they_are() -> None:
    small, _ = both_sizes({"color": "tab:blue", "lw": 6.0}, 20)
    view = at_working_size(small.picture, small.frame, (), ())
    assert view.factor == 1
    assert view.picture is small.picture


def test_what_a_drawing_leaves_is_told_in_source_pixels() -> None:
    x = np.linspace(0, 10, 50)
    styles = [{"color": "tab:blue", "lw": 2.0}, {"color": "tab:red", "lw": 2.0}]
    large = draw_large([(x, x, styles[0]), (x, 2 + x / 3, styles[1])])
    view = at_working_size(large.picture, large.frame, (), ())
    blue = [t for t in read(large) if t.color[2] > t.color[0]]
    redrawn, _ = compare(view.picture, view.frame, view.reduce_traces(tuple(blue)), ())
    told = view.enlarge_redrawn(redrawn)
    assert view.factor > 1
    tx, ty = large.truth[1]
    whole = told.unexplained[0]
    for box in told.unexplained[1:]:
        whole = whole.union(box)
    thick = 2.0 * TIMES * 100 / 72
    assert whole.left == pytest.approx(tx.min(), abs=thick)
    assert whole.right == pytest.approx(tx.max(), abs=thick)
    assert whole.top == pytest.approx(ty.min(), abs=thick)
    assert whole.bottom == pytest.approx(ty.max(), abs=thick)


def test_traces_come_back_as_they_went() -> None:
    _, large = both_sizes({"color": "tab:blue"}, 30)
    view = at_working_size(large.picture, large.frame, (), ())
    column = np.array([10.0, 200.0, np.nan])
    trace = Trace(
        kind="bar",
        color=(1, 2, 3),
        x_px=column,
        y_px=column + 3,
        sigma_px=column / 50,
        sampled_at="columns",
        y_low_px=column + 1,
        y_high_px=column - 1,
        base_px=column + 9,
        line_width_px=7.0,
        marker_size_px=4.0,
    )
    (back,) = view.enlarge_traces(view.reduce_traces((trace,)))
    for name in ("x_px", "y_px", "sigma_px", "y_low_px", "y_high_px", "base_px"):
        np.testing.assert_allclose(getattr(back, name), getattr(trace, name))
    assert (back.line_width_px, back.marker_size_px) == pytest.approx((7.0, 4.0))
    small = replace(view, factor=1)
    assert small.enlarge_traces((trace,)) == (trace,)
    assert small.enlarge_redrawn(Redrawn()) == Redrawn()


@pytest.mark.parametrize(("width", "factor"), [(6.0, 2), (1.5, 1)])
def test_panels_with_stout_strokes_are_reduced_before_they_are_large(width: float, factor: int) -> None:
    x, y = noisy(20, 4)
    drawn = draw([(x, y, {"color": "tab:blue", "linewidth": width})], dpi=250)
    frame = replace(drawn.frame, line_width=5.0)
    assert 800 < min(frame.box.width, frame.box.height) < 1200
    assert at_working_size(drawn.picture, frame, (), ()).factor == factor
