"""Crowded dots over a bare line of their colour: both read on their steps, positions compared in pixels."""

from __future__ import annotations

import numpy as np
import pytest
from series_drawings import Drawn, draw, trace

from digitizer.evidence import Box, FloatArray, LegendEntry, TextSpan, Trace

BLUE = (0, 0, 255)
PANEL_SHARE = 0.01


def entry(text: str, marker: str, style: str, top: float, color: tuple[int, int, int] = BLUE) -> LegendEntry:
    box = Box(left=700.0, top=top, right=730.0, bottom=top + 8)
    span = TextSpan(text=text, box=box, confidence=1.0, angle_deg=0.0, panel=None)
    return LegendEntry(text=span, swatch=box, color=color, line_style=style, marker=marker)


LEGEND = (entry("Training acc", "circle", "none", 10.0), entry("Validation acc", "none", "solid", 30.0))


def crowd(n: int, seed: int, dots_color: str = "blue", without: tuple[int, ...] = ()) -> Drawn:
    rng = np.random.default_rng(seed)
    x = np.arange(1.0, n + 1)
    dots = 0.55 + 0.32 * (1 - np.exp(-x / 18)) + rng.normal(0, 0.015, n)
    line = 0.56 + 0.27 * (1 - np.exp(-x / 14)) + rng.normal(0, 0.02, n)
    seen = ~np.isin(x, without)
    style = {"color": dots_color, "ls": "none", "marker": "o"}
    size = (1.5 + 0.06 * n, 4.0)
    return draw([(x[seen], dots[seen], style), (x, line, {"color": "blue"})], dpi=72, size=size)


def shares(drawn: Drawn, traces: list[Trace]) -> tuple[float, float]:
    """The shares of dots and vertices that are read to a percent of the panel's height."""
    near = PANEL_SHARE * drawn.frame.box.height
    (x, y), (lx, ly) = drawn.truth
    dots, line = (next(t for t in traces if t.kind == kind) for kind in ("scatter", "line"))
    apart = np.maximum(np.abs(dots.x_px - x[:, None]) / 1.5, np.abs(dots.y_px - y[:, None]) / near)
    known = np.isfinite(line.y_px)
    error: FloatArray = np.abs(np.interp(lx, line.x_px[known], line.y_px[known]) - ly)
    return float(np.mean(apart.min(axis=1) < 1)), float(np.mean(error < near))


@pytest.mark.parametrize(("n", "seed"), [(60, 1), (100, 2)])
def test_each_step_has_its_dot_and_its_vertex(n: int, seed: int) -> None:
    drawn = crowd(n, seed)
    traces = trace(drawn, legend=LEGEND)
    assert sorted((t.kind, t.x_px.size) for t in traces) == [("line", n), ("scatter", n)]
    dots, line = shares(drawn, traces)
    assert dots > 0.97
    assert line > 0.95


def test_what_dots_hide_of_the_line_is_said_to_be_unsure() -> None:
    drawn = crowd(100, 3)
    line = next(t for t in trace(drawn, legend=LEGEND) if t.kind == "line")
    off = np.abs(line.y_px - drawn.truth[1][1])
    assert np.mean(off < 2 * line.sigma_px) > 0.93
    assert line.sigma_px.max() > 2 * np.median(line.sigma_px)


def test_dots_at_any_place_are_put_on_no_steps() -> None:
    rng = np.random.default_rng(4)
    x = np.sort(rng.uniform(0, 100, 90))
    y = 0.4 * x + rng.normal(0, 6, 90)
    style = {"color": "blue"}
    strewn = (x, y, {**style, "ls": "none", "marker": "o"})
    drawn = draw([strewn, (np.array([0.0, 100.0]), np.array([0.0, 40.0]), style)], dpi=72)
    line = next(t for t in trace(drawn, legend=LEGEND) if t.kind == "line")
    tx, ty = drawn.truth[1]
    known = np.isfinite(line.y_px)
    at = np.interp(line.x_px[known], tx, ty)
    assert np.quantile(np.abs(line.y_px[known] - at), 0.9) < 2.0


@pytest.mark.parametrize("listed", [LEGEND, ()])
def test_dots_that_all_stand_on_the_line_fitted_to_them_are_a_series_where_listed(
    listed: tuple[LegendEntry, ...],
) -> None:
    x = np.linspace(-5.0, 5.0, 40)
    dots = (x, 2.9 * np.sin(1.5 * x), {"color": "blue", "ls": "none", "marker": "o"})
    drawn = draw([dots, (*dots[:2], {"color": "blue"})], dpi=100)
    traces = trace(drawn, legend=listed)
    assert sorted(t.kind for t in traces) == (["line", "scatter"] if listed else ["line"])
    assert next(t for t in traces if t.marker != "none").x_px.size == x.size


RED_DOTS = (entry("Training acc", "circle", "none", 10.0, (255, 0, 0)), LEGEND[1])


def test_crowded_dots_of_a_colour_of_their_own_stand_on_steps_too() -> None:
    drawn = crowd(100, 5, "red")
    traces = trace(drawn, legend=RED_DOTS)
    assert next(t for t in traces if t.kind == "scatter").x_px.size == 100
    assert shares(drawn, traces)[0] > 0.97


@pytest.mark.parametrize("color", ["blue", "red"])
def test_steps_without_a_dot_get_none(color: str) -> None:
    drawn = crowd(60, 6, color, without=(3, 4, 5, 30, 31, 32))
    traces = trace(drawn, legend=LEGEND if color == "blue" else RED_DOTS)
    dots = next(t for t in traces if t.kind == "scatter")
    hole = np.interp(31.0, np.setdiff1d(np.arange(1.0, 61), (3, 4, 5, 30, 31, 32)), drawn.truth[0][0])
    assert np.abs(dots.x_px - hole).min() > 3.0


@pytest.mark.parametrize("hidden", [0, 5])
def test_a_vertex_under_a_dot_that_stands_alone_is_on_the_dots_step(hidden: int) -> None:
    x = np.arange(10.0)
    line = np.array([0.68, 0.658, 0.60, 0.49, 0.41, 0.36, 0.40, 0.415, 0.43, 0.43])
    dots = np.array([0.77, 0.70, 0.65, 0.55, 0.36, 0.30, 0.28, 0.26, 0.25, 0.23])
    dots[hidden] = line[hidden] + 0.004
    style = {"color": "blue", "ls": "none", "marker": "o"}
    drawn = draw([(x, dots, style), (x, line, {"color": "blue"})], dpi=72, size=(5.4, 3.6))
    found = trace(drawn, legend=LEGEND)
    (bare,) = (t for t in found if t.kind == "line")
    assert bare.x_px == pytest.approx(drawn.truth[1][0], abs=0.5)
    assert bare.y_px == pytest.approx(drawn.truth[1][1], abs=0.6)
