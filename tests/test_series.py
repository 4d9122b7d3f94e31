"""Tracing drawn charts: truth is drawn with matplotlib, positions are compared in pixels."""

from __future__ import annotations

from typing import Any

import matplotlib
import numpy as np
import pytest
from PIL import Image, ImageDraw
from scipy.interpolate import CubicSpline
from series_drawings import draw, trace

from digitizer.evidence import Box, FloatArray, LegendEntry, PanelFrame, Picture, Redrawn, TextSpan, Trace
from digitizer.stages.checks.redraw import compare
from digitizer.stages.series import trace_series

matplotlib.use("Agg")

# A vertex is found to this many pixels where nothing hides it.
CLOSE_PX = 1.0


def error_at(found: Trace, x: FloatArray, y: FloatArray) -> FloatArray:
    ok = np.isfinite(found.y_px)
    return np.abs(np.interp(x, found.x_px[ok], found.y_px[ok]) - y)


def noisy(n: int, seed: int) -> tuple[FloatArray, FloatArray]:
    rng = np.random.default_rng(seed)
    x = np.arange(n, dtype=float)
    return x, 480 + 200 * (1 - np.exp(-x / (n / 3))) + rng.normal(0, 9, n)


@pytest.mark.parametrize(
    ("marker", "name"), [("o", "circle"), ("s", "square"), ("D", "diamond"), ("^", "triangle")]
)
def test_each_marker_of_a_line_is_one_point(marker: str, name: str) -> None:
    x, y = noisy(31, 5)
    drawn = draw([(x, y, {"marker": marker, "color": "tab:blue", "ms": 6})])
    (found,) = trace(drawn)
    tx, ty = drawn.truth[0]
    assert found.marker == name
    assert found.sampled_at == "markers"
    assert found.x_px.size == 31
    assert np.abs(found.x_px - tx).max() < CLOSE_PX
    assert np.median(np.abs(found.y_px - ty)) < 0.15


@pytest.mark.parametrize(("marker", "name"), [("o", "circle"), ("D", "diamond"), ("v", "triangle-down")])
@pytest.mark.parametrize(
    "edge", [{"mec": "black", "mew": 0.8}, {"mfc": "none", "mew": 1.2}, {"mfc": "white", "mew": 1.2}]
)
def test_outlined_and_hollow_markers_are_those_of_their_line(
    marker: str, name: str, edge: dict[str, Any]
) -> None:
    x, y = noisy(24, 8)
    drawn = draw([(x, y, {"marker": marker, "color": "tab:green", "ms": 7, **edge})])
    (found,) = trace(drawn)
    assert found.marker == name
    assert found.x_px.size == 24
    assert np.abs(found.y_px - drawn.truth[0][1]).max() < CLOSE_PX


def test_dark_edges_that_two_series_share_go_to_each_its_own() -> None:
    x, y = noisy(24, 8)
    look = {"marker": "o", "ms": 7, "mec": "black", "mew": 0.8}
    drawn = draw([(x, y, {"color": "tab:green", **look}), (x, y - 60, {"color": "tab:orange", **look})])
    found = sorted(trace(drawn), key=lambda t: float(np.mean(t.y_px)))
    assert [t.marker for t in found] == ["circle", "circle"]
    for one, (_, ty) in zip(found, drawn.truth, strict=True):
        assert np.abs(one.y_px - ty).max() < CLOSE_PX


@pytest.mark.parametrize("options", [{}, {"grid": True}, {"jpeg": 75}, {"dpi": 130}])
def test_touching_markers_are_all_found_where_lines_put_them(options: dict[str, Any]) -> None:
    x, y = noisy(71, 7)
    drawn = draw([(x, y, {"marker": "o", "color": "tab:blue", "ms": 6})], **options)
    (found,) = trace(drawn)
    assert found.x_px.size == 71
    error = found.y_px - drawn.truth[0][1]
    assert np.median(np.abs(error)) < 0.3
    assert np.quantile(np.abs(error), 0.95) < 1.0


def test_thin_lines_between_large_markers_do_not_pass_for_broad_ones() -> None:
    x, y = noisy(71, 7)
    look = {"marker": "o", "color": "tab:blue", "ms": 8, "lw": 1}
    drawn = draw([(x, y, look)], dpi=320, size=(8, 4.3), jpeg=60)
    (found,) = trace(drawn)
    assert (found.marker, found.x_px.size) == ("circle", 71)
    assert np.quantile(np.abs(found.y_px - drawn.truth[0][1]), 0.9) < 1.0


def test_markers_that_the_frame_cuts_in_half_are_points_too() -> None:
    x, y = noisy(24, 8)
    drawn = draw([(x, y, {"marker": "D", "color": "tab:blue", "ms": 8})], margin=0.0)
    (found,) = trace(drawn)
    tx, ty = drawn.truth[0]
    assert found.x_px.size == 24
    assert found.x_px[[0, -1]] == pytest.approx(tx[[0, -1]], abs=1.5)
    assert np.abs(found.y_px - ty).max() < 2.0


def test_markers_half_under_others_are_found_where_they_are() -> None:
    x, y = noisy(24, 8)
    over = y + np.where(np.arange(24) % 5 == 2, 9.0, 45.0)
    look = {"ms": 11, "lw": 1.5}
    drawn = draw(
        [(x, y, {"marker": "D", "color": "b", **look}), (x, over, {"marker": "^", "color": "r", **look})]
    )
    found = {t.marker: t for t in trace(drawn)}
    _, ty = drawn.truth[0]
    assert found["diamond"].x_px.size == 24
    assert np.abs(found["diamond"].y_px - ty).max() < 2.5


def test_sigma_is_honest_for_markers() -> None:
    within = []
    for seed in range(6):
        x, y = noisy(61, seed)
        drawn = draw([(x, y, {"marker": "o", "color": "tab:red", "ms": 5})])
        (found,) = trace(drawn)
        within.append(np.abs(found.y_px - drawn.truth[0][1]) / found.sigma_px)
    ratio = np.concatenate(within)
    assert 0.5 < np.mean(ratio < 1) < 0.92
    assert np.mean(ratio < 2) > 0.88


def test_colours_are_told_apart_and_cross() -> None:
    x = np.linspace(0, 10, 200)
    drawn = draw(
        [(x, np.sin(x + k), {"color": c}) for k, c in enumerate(("tab:blue", "tab:orange", "tab:green"))],
        grid=True,
    )
    found = trace(drawn)
    assert len(found) == 3
    for tx, ty in drawn.truth:
        best = min(float(np.median(error_at(f, tx, ty))) for f in found)
        assert best < 0.15


def test_a_pale_raw_line_under_a_bold_one_is_its_own_series() -> None:
    rng = np.random.default_rng(3)
    x = np.arange(120.0)
    smooth = 2 * np.exp(-x / 40)
    raw = smooth + rng.normal(0, 0.15, x.size)
    drawn = draw([(x, raw, {"color": "tab:blue", "alpha": 0.35}), (x, smooth, {"color": "tab:blue"})])
    found = trace(drawn)
    assert len(found) == 2
    assert all(f.marker == "none" for f in found)
    errors = [[float(np.median(error_at(f, *t))) for f in found] for t in drawn.truth]
    assert min(errors[1]) < 0.3
    assert min(errors[0]) < 2.0


def test_steep_spikes_reach_their_peaks() -> None:
    x = np.arange(100.0)
    y = np.zeros(100)
    y[[20, 50, 80]] = [5, -4, 6]
    drawn = draw([(x, y, {"color": "tab:purple"})])
    (found,) = trace(drawn)
    tx, ty = drawn.truth[0]
    assert error_at(found, tx, ty)[[20, 50, 80]].max() < 6.0


@pytest.mark.parametrize(("style", "name"), [("--", "dashed"), (":", "dotted"), ("-.", "dashdot")])
def test_dash_patterns_are_read_without_holes(style: str, name: str) -> None:
    x = np.linspace(0, 6, 80)
    drawn = draw([(x, np.sin(x), {"color": "tab:green", "ls": style, "lw": 2})])
    (found,) = trace(drawn)
    assert found.line_style == name
    assert np.isfinite(found.y_px).all()
    assert np.median(error_at(found, *drawn.truth[0])) < 0.7


def test_scatter_is_no_line() -> None:
    rng = np.random.default_rng(11)
    x, y = rng.uniform(0, 10, 40), rng.uniform(0, 5, 40)
    drawn = draw([(x, y, {"color": "tab:red", "ls": "none", "marker": "s", "ms": 7})])
    found = [f for f in trace(drawn) if f.kind == "scatter"]
    assert len(found) == 1
    assert found[0].line_style == "none"
    tx, ty = drawn.truth[0]
    away = np.hypot(tx[:, None] - found[0].x_px, ty[:, None] - found[0].y_px).min(axis=1)
    # Agg draws this size half a pixel to the lower right of where it is meant to be.
    assert np.mean(away < 1.6) > 0.9


def test_what_an_obstacle_hides_is_left_out() -> None:
    x = np.linspace(0, 10, 60)
    drawn = draw([(x, 0.2 * x, {"color": "tab:blue"})])
    box = drawn.frame.box
    middle = (box.left + box.right) / 2
    (found,) = trace(
        drawn, obstacles=(Box(left=middle - 60, top=box.top, right=middle + 60, bottom=box.bottom),)
    )
    inside = np.abs(found.x_px - middle) < 55
    assert not np.isfinite(found.y_px[inside]).any()
    assert np.median(error_at(found, *drawn.truth[0])) < 0.1


@pytest.mark.parametrize("kind", ["blank", "noise", "stripes"])
def test_pictures_without_series_neither_crash_nor_hang(kind: str) -> None:
    rng = np.random.default_rng(0)
    rgb = np.full((240, 330, 3), 255, dtype=np.uint8)
    if kind == "noise":
        rgb = rng.integers(0, 256, rgb.shape, dtype=np.uint8)
    elif kind == "stripes":
        rgb[::3] = 0
    frame = PanelFrame(
        box=Box(left=5, top=5, right=320, bottom=230),
        sides=frozenset(),
        background=(255, 255, 255),
        grid_x=np.zeros(0),
        grid_y=np.zeros(0),
    )
    found = trace_series(Picture(name="x", sha256="", rgb=rgb), frame, (), ())
    assert kind != "blank" or found == ()


def test_a_frame_too_small_holds_nothing() -> None:
    frame = PanelFrame(
        box=Box(left=3, top=3, right=6, bottom=6),
        sides=frozenset({"left"}),
        background=(255, 255, 255),
        grid_x=np.zeros(0),
        grid_y=np.zeros(0),
    )
    picture = Picture(name="x", sha256="", rgb=np.full((20, 20, 3), 255, dtype=np.uint8))
    assert trace_series(picture, frame, (), ()) == ()
    assert compare(picture, frame, (), ()) == (Redrawn(), ())


def test_a_wrong_trace_shows_in_the_redrawing() -> None:
    x = np.linspace(0, 10, 60)
    drawn = draw([(x, np.sin(x), {"color": "tab:blue"})])
    (found,) = trace(drawn)
    redrawn, supports = compare(drawn.picture, drawn.frame, (found,), ())
    assert redrawn.explained > 0.97
    assert redrawn.longest_bare[0] < 5
    assert redrawn.overdrawn[0] < 0.02
    assert supports[0] > 0.97
    wrong = Trace(
        kind="line",
        color=found.color,
        x_px=found.x_px.copy(),
        y_px=found.y_px[::-1] + 12.0,
        sigma_px=found.sigma_px.copy(),
        sampled_at="columns",
        line_width_px=found.line_width_px,
    )
    redrawn, supports = compare(drawn.picture, drawn.frame, (wrong,), ())
    assert redrawn.explained < 0.6
    assert redrawn.largest_left > 0.05
    assert redrawn.longest_bare[0] > 20
    assert redrawn.overdrawn[0] > 0.3
    assert supports[0] < 0.6
    assert redrawn.unexplained


def test_a_line_with_markers_keeps_its_gaps() -> None:
    x = np.arange(24.0)
    y = np.cumsum(np.random.default_rng(8).normal(size=24))
    y[[6, 7, 8, 15, 16]] = np.nan
    drawn = draw([(x, y, {"marker": "o", "color": "#1f77b4"})])
    found = trace(drawn)
    assert [(t.marker, t.line_style) for t in found] == [("circle", "solid")]
    seen = np.isfinite(found[0].y_px)
    true_x, true_y = (values[np.isfinite(y)] for values in drawn.truth[0])
    np.testing.assert_allclose(found[0].x_px[seen], true_x, atol=CLOSE_PX)
    np.testing.assert_allclose(found[0].y_px[seen], true_y, atol=CLOSE_PX)
    assert np.flatnonzero(~seen).tolist() == [6, 13]


def test_a_pale_raw_line_is_read_by_its_vertices_through_the_bold_one() -> None:
    rng = np.random.default_rng(8)
    x = np.arange(100.0)
    smooth = 2 * np.exp(-x / 40)
    raw = smooth + rng.normal(0, 0.2, x.size)
    style = {"color": "tab:red", "linewidth": 1.6}
    drawn = draw([(x, raw, style | {"alpha": 0.15}), (x, smooth, style)], grid=True)
    pale = max(trace(drawn), key=lambda t: sum(t.color))
    assert pale.sampled_at == "vertices"
    tx, ty = drawn.truth[0]
    assert np.quantile(error_at(pale, tx, ty), 0.9) < 2.0


@pytest.mark.parametrize("marker", ["o", "s", "D"])
def test_markers_on_a_smooth_curve_are_its_points(marker: str) -> None:
    x = np.arange(1.0, 9.0)
    y = np.random.default_rng(5).uniform(0.0, 1.0, 8)
    fine = np.linspace(1.0, 8.0, 500)
    color = (31 / 255, 119 / 255, 180 / 255)
    curve = {"lw": 2.0, "color": color}
    alone = {"marker": marker, "ms": 8.0, "ls": "none", "color": color}
    drawn = draw([(fine, CubicSpline(x, y)(fine), curve), (x, y, alone)])
    (found,) = trace_series(drawn.picture, drawn.frame, (), ())
    assert (found.kind, found.sampled_at, found.x_px.size) == ("line", "markers", 8)
    true_x, true_y = drawn.truth[1]
    assert np.abs(found.x_px - true_x).max() < CLOSE_PX
    assert np.abs(found.y_px - true_y).max() < CLOSE_PX
    redrawn, _ = compare(drawn.picture, drawn.frame, (found,), ())
    assert redrawn.explained > 0.99


def test_a_curve_that_goes_on_for_nearly_a_step_after_its_last_marker_has_none_outside_the_panel() -> None:
    x = np.arange(1.0, 9.0)
    y = np.random.default_rng(5).uniform(0.0, 1.0, 8)
    fine = np.linspace(0.5, 8.96, 500)
    curve = {"lw": 2.0, "color": "tab:blue"}
    alone = {"marker": "o", "ms": 8.0, "ls": "none", "color": "tab:blue"}
    drawn = draw([(fine, CubicSpline(x, y)(fine), curve), (x, y, alone)], margin=0.0)
    (found,) = trace_series(drawn.picture, drawn.frame, (), ())
    seen = np.isfinite(found.y_px)
    assert found.x_px[seen].max() <= drawn.frame.box.right + 1
    assert error_at(found, *drawn.truth[1]).max() < 2 * CLOSE_PX


def test_a_thin_line_whose_sample_in_the_legend_is_paler_is_one_series() -> None:
    # 1.5 px wide: level between two rows it covers each by three quarters, as its sample, elsewhere fully.
    x = 20.0 + 10.0 * np.arange(44)
    y = np.round(40 + 200 * (1 - np.exp(-np.arange(44) / 9.0)) + 2 * np.cos(2.3 * np.arange(44)))
    y[28:] = np.repeat(y[28::4], 4)
    fine = Image.new("RGB", (8 * 480, 8 * 300), "white")
    ImageDraw.Draw(fine).line([(8 * a, 8 * b) for a, b in zip(x, y, strict=True)], fill="#ff7f0e", width=12)
    picture = Picture(name="drawn", sha256="", rgb=np.array(fine.resize((480, 300), Image.Resampling.BOX)))
    box = Box(left=10, top=10, right=470, bottom=290)
    frame = PanelFrame(
        box=box, sides=frozenset(("left", "bottom")), background=(255, 255, 255),
        grid_x=np.zeros(0), grid_y=np.zeros(0), line_width=1.0,
    )  # fmt: skip
    sample = LegendEntry(
        text=TextSpan(box=Box(left=400, right=440, top=2, bottom=14), text="France", confidence=1.0),
        swatch=Box(left=370, right=395, top=2, bottom=14), color=(255, 159, 74),
    )  # fmt: skip
    found = trace_series(picture, frame, (), (sample,))
    assert [t.color for t in found] == [(255, 127, 14)]
    assert np.max(error_at(found[0], x - 0.5, y - 0.5)) < CLOSE_PX
