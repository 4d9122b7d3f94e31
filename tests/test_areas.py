"""Filled areas: drawn truth in pixels for bands, areas and spans, and fills that are none of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import cv2
import numpy as np
import pytest

from digitizer.evidence import Box, ByteImage, FloatArray, PanelFrame, Picture, Trace
from digitizer.stages.areas.cover import without_areas
from digitizer.stages.areas.find import find_areas
from digitizer.stages.areas.series import without_grid
from digitizer.stages.tracing.trace import trace_panel

WIDTH, HEIGHT = 431, 297
FRAME = Box(left=20, top=10, right=410, bottom=280)
BLUE, ORANGE = (31, 119, 180), (255, 127, 14)
# OpenCV draws an anti-aliased fill about half a pixel too large.
EDGE_PX = 1.0


def blank() -> ByteImage:
    rgb = np.full((HEIGHT, WIDTH, 3), 255, np.uint8)
    cv2.rectangle(rgb, (20, 10), (410, 280), (0, 0, 0), 1)
    return rgb


def frame() -> PanelFrame:
    sides = frozenset[Literal["left", "top", "right", "bottom"]](("left", "top", "right", "bottom"))
    none = np.zeros(0)
    return PanelFrame(box=FRAME, sides=sides, background=(255, 255, 255), grid_x=none, grid_y=none)


def fill(
    rgb: ByteImage,
    x: FloatArray,
    high: FloatArray,
    low: FloatArray,
    color: tuple[int, int, int],
    alpha: float,
) -> ByteImage:
    """Lay a translucent polygon between two edges over the picture."""
    ring = np.concatenate([np.stack([x, high], axis=1), np.stack([x, low], axis=1)[::-1]])
    cover = np.zeros(rgb.shape[:2], np.uint8)
    cv2.fillPoly(cover, [np.round(ring * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
    share = (cover / 255.0 * alpha)[..., None]
    return np.asarray(np.round(rgb * (1 - share) + np.array(color) * share), dtype=np.uint8)


def stroke(rgb: ByteImage, x: FloatArray, y: FloatArray, color: tuple[int, int, int]) -> None:
    points = np.round(np.stack([x, y], axis=1) * 16).astype(np.int32)
    cv2.polylines(rgb, [points], False, color, 2, cv2.LINE_AA, 4)


def look(rgb: ByteImage) -> tuple[Trace, ...]:
    return trace_panel(Picture(name="drawn", sha256="", rgb=rgb.copy()), frame(), (), ())


def curve(phase: float = 0.0) -> tuple[FloatArray, FloatArray]:
    x = np.linspace(40.0, 390.0, 16)
    return x, 150.0 + 60.0 * np.sin(x / 60.0 + phase)


def off(trace: Trace, x: FloatArray, high: FloatArray, low: FloatArray) -> float:
    """Median distance (px) of a band's edges from the truth."""
    assert trace.y_high_px is not None
    assert trace.y_low_px is not None
    away = np.concatenate(
        [
            trace.y_high_px - np.interp(trace.x_px, x, high),
            trace.y_low_px - np.interp(trace.x_px, x, low),
        ]
    )
    return float(np.median(np.abs(away)))


def test_reads_a_band_around_its_line() -> None:
    x, y = curve()
    rgb = fill(blank(), x, y - 18, y + 25, BLUE, 0.2)
    stroke(rgb, x, y, BLUE)
    traces = look(rgb)
    assert sorted(t.kind for t in traces) == ["band", "line"]
    band = next(t for t in traces if t.kind == "band")
    assert off(band, x, y - 18, y + 25) < EDGE_PX
    line = next(t for t in traces if t.kind == "line")
    assert np.nanmax(np.abs(np.interp(line.x_px, x, y) - line.y_px)) < 2.0


def test_reads_two_bands_through_each_other() -> None:
    x, y = curve()
    _, z = curve(2.0)
    rgb = fill(blank(), x, y - 20, y + 20, BLUE, 0.2)
    rgb = fill(rgb, x, z - 16, z + 30, ORANGE, 0.25)
    stroke(rgb, x, y, BLUE)
    stroke(rgb, x, z, ORANGE)
    traces = look(rgb)
    bands = [t for t in traces if t.kind == "band"]
    assert len(bands) == 2
    assert sum(t.kind == "line" for t in traces) == 2
    assert min(off(b, x, y - 20, y + 20) for b in bands) < EDGE_PX
    assert min(off(b, x, z - 16, z + 30) for b in bands) < EDGE_PX


@pytest.mark.parametrize("has_stroke", [True, False])
def test_reads_an_area_as_a_band_and_its_upper_edge(has_stroke: bool) -> None:
    x, y = curve()
    rgb = fill(blank(), x, y, np.full_like(y, 279.0), BLUE, 0.4)
    if has_stroke:
        stroke(rgb, x, y, BLUE)
    traces = look(rgb)
    assert sorted(t.kind for t in traces) == ["band", "line"]
    line = next(t for t in traces if t.kind == "line")
    seen = np.isfinite(line.y_px)
    assert np.median(np.abs(np.interp(line.x_px[seen], x, y) - line.y_px[seen])) < 1.0
    band = next(t for t in traces if t.kind == "band")
    assert off(band, x, y, np.full_like(y, 279.5)) < 1.5
    if has_stroke:
        assert band.y_high_px is not None
        assert np.abs(band.y_high_px - np.interp(band.x_px, x, y)).max() < 1.0


def test_a_jagged_area_on_the_axis_keeps_its_peaks() -> None:
    x = np.linspace(21.0, 409.0, 120)
    y = 190.0 + 50.0 * np.sin(x / 60.0) + np.random.default_rng(7).normal(scale=8.0, size=120)
    traces = look(fill(blank(), x, y, np.full_like(y, 280.0), BLUE, 1.0))
    assert sorted(t.kind for t in traces) == ["band", "line"]
    line = next(t for t in traces if t.kind == "line")
    seen = np.isfinite(line.y_px)
    assert seen.mean() > 0.97
    off_px = np.abs(np.interp(line.x_px[seen], x, y) - line.y_px[seen])
    # A column averages over a peak that is three columns wide.
    assert np.quantile(off_px, 0.95) < 4.0


@pytest.mark.parametrize("alpha", [0.8, 1.0])
def test_stacked_areas_leave_no_lines_along_their_seams(alpha: float) -> None:
    x = np.linspace(40.0, 390.0, 30)
    shades = [(57, 59, 121), (82, 84, 163), (107, 110, 207), (156, 158, 222)]
    rng = np.random.default_rng(11)
    edges = [np.full_like(x, 280.0)]
    for _ in shades:
        edges.append(edges[-1] - rng.uniform(25.0, 55.0, x.size))
    rgb = blank()
    for k, color in enumerate(shades):
        rgb = fill(rgb, x, edges[k + 1], edges[k], color, alpha)
    traces = look(rgb)
    assert sorted(t.kind for t in traces) == ["band"] * 4 + ["line"] * 4
    tops = sorted((t for t in traces if t.kind == "line"), key=lambda t: -float(np.median(t.y_px)))
    for top, edge in zip(tops, edges[1:], strict=True):
        off_px = np.abs(np.interp(top.x_px, x, edge) - top.y_px)
        assert np.quantile(off_px, 0.9) < 3.0


@pytest.mark.parametrize("n_bins", [12, 37])
def test_bars_that_touch_are_a_histogram(n_bins: int) -> None:
    rng = np.random.default_rng(n_bins)
    counts = rng.integers(0, 24, n_bins)
    counts[[0, -1]] = 2
    rgb = blank()
    sides = np.round(np.linspace(50, 380, n_bins + 1)).astype(int)
    for left, right, count in zip(sides[:-1], sides[1:], counts, strict=True):
        rgb[280 - 10 * count : 280, left:right] = BLUE
    (bars,) = look(rgb)
    assert bars.kind == "bar"
    assert bars.x_px == pytest.approx((sides[:-1] + sides[1:] - 1) / 2, abs=1.0)
    assert bars.base_px is not None
    assert bars.base_px - bars.y_px == pytest.approx(10.0 * counts, abs=1.0)


def test_takes_a_shaded_span_for_ground() -> None:
    x, y = curve()
    rgb = fill(
        blank(), np.array([150.0, 210.0]), np.array([11.0, 11.0]), np.array([279.0, 279.0]), ORANGE, 0.2
    )
    stroke(rgb, x, y, BLUE)
    assert [t.kind for t in look(rgb)] == ["line"]


def test_leaves_the_line_when_it_takes_the_band_off() -> None:
    x, y = curve()
    plain = blank()
    stroke(plain, x, y, BLUE)
    rgb = fill(blank(), x, y - 18, y + 25, BLUE, 0.2)
    stroke(rgb, x, y, BLUE)
    picture = Picture(name="drawn", sha256="", rgb=rgb)
    filled = find_areas(picture, frame(), ())
    assert filled is not None
    lifted = without_areas(picture, frame(), filled).rgb.astype(int)
    assert np.mean(np.abs(lifted - plain)[15:275, 45:385].max(axis=2) > 40) < 0.01


def test_dense_noise_is_no_band() -> None:
    rng = np.random.default_rng(3)
    rgb = blank()
    x = np.linspace(30.0, 400.0, 900)
    stroke(rgb, x, 150 + 40 * rng.standard_normal(900).clip(-2, 2), (165, 200, 225))
    assert find_areas(Picture(name="drawn", sha256="", rgb=rgb), frame(), ()) is None


def test_a_bold_line_is_no_band() -> None:
    x, y = curve()
    rgb = blank()
    points = np.round(np.stack([x, y], axis=1) * 16).astype(np.int32)
    cv2.polylines(rgb, [points], False, BLUE, 9, cv2.LINE_AA, 4)
    assert find_areas(Picture(name="drawn", sha256="", rgb=rgb), frame(), ()) is None


def test_band_over_a_grid_keeps_its_edges_at_the_grid_lines() -> None:
    """Vertices stand at vertical grid lines, and an edge runs flat into a horizontal one."""
    at = np.array([60.0, 130.0, 200.0, 270.0, 340.0, 370.0])
    y = np.array([200.0, 110.0, 190.0, 90.0, 102.0, 150.0])
    grid_x, grid_y = at[:5], np.array([100.0, 160.0, 220.0])
    rgb = blank()
    for column in grid_x.astype(int):
        rgb[11:280, column - 1 : column + 1] = (176, 176, 176)
    for row in grid_y.astype(int):
        rgb[row, 21:410] = (176, 176, 176)
    rgb = fill(rgb, at, y - 14, y + 22, ORANGE, 0.3)
    stroke(rgb, at, y, ORANGE)
    known = replace(frame(), grid_x=grid_x, grid_y=grid_y)
    traces = trace_panel(Picture(name="drawn", sha256="", rgb=rgb), known, (), ())
    (band,) = [t for t in traces if t.kind == "band"]
    assert [t.kind for t in traces].count("line") == 1
    assert len(traces) == 2
    assert band.y_low_px is not None
    assert band.y_high_px is not None
    for edge, drawn in ((band.y_high_px, y - 14), (band.y_low_px, y + 22)):
        assert np.abs(np.interp(at, band.x_px, edge) - drawn).max() < 3.0


def test_band_nearly_hidden_by_its_line_is_followed_beside_it() -> None:
    """On a steep stretch the band is two pixels wider than the line, on each side."""
    at = np.array([40.0, 60.0, 120.0, 390.0])
    y = np.array([30.0, 200.0, 240.0, 220.0])
    half = np.array([30.0, 30.0, 20.0, 20.0])
    rgb = fill(blank(), at, y - half, y + half, BLUE, 0.25)
    stroke(rgb, at, y, BLUE)
    (band,) = [t for t in look(rgb) if t.kind == "band"]
    assert band.y_low_px is not None
    assert band.y_high_px is not None
    x = np.linspace(46.0, 58.0, 13)
    for edge, sign in ((band.y_high_px, -1), (band.y_low_px, 1)):
        drawn = np.interp(x, at, y + sign * half)
        assert np.median(np.abs(np.interp(x, band.x_px, edge) - drawn)) < 8.0


def test_what_shows_of_the_grid_is_no_series() -> None:
    x = np.linspace(40.0, 390.0, 40)
    rgb = fill(blank(), x, 150.0 + 40.0 * np.sin(x / 60.0), np.full(x.size, 279.0), ORANGE, 0.3)
    filled = find_areas(Picture(name="drawn", sha256="", rgb=rgb), frame(), ())
    assert filled is not None

    def level(y: float, color: tuple[int, int, int]) -> Trace:
        along = np.full(x.size, y)
        sigma = np.ones(x.size)
        return Trace(kind="line", color=color, x_px=x, y_px=along, sigma_px=sigma, sampled_at="columns")

    grid, other_row, other_color = (
        level(203.6, (182, 164, 149)),
        level(212.0, (182, 164, 149)),
        level(203.6, BLUE),
    )
    spots = (
        np.array([80.0, 80.0, 160.0, 160.3, 240.0, 240.0]),
        np.array([200.0, 240.0, 200.3, 240.0, 200.0, 239.6]),
    )
    crossings, cloud = (
        Trace(
            kind="scatter",
            color=(182, 164, 149),
            x_px=at,
            y_px=spots[1],
            sigma_px=np.ones(6),
            sampled_at="markers",
        )
        for at in (spots[0], spots[0] + np.array([0.0, 9.0, 31.0, 14.0, 50.0, 0.0]))
    )
    assert without_grid((crossings, cloud), filled, np.zeros(0)) == (cloud,)
    kept = without_grid((grid, other_row, other_color), filled, np.array([160.0, 203.0]))
    assert kept == (other_row, other_color)


def test_bands_in_pictures_enlarged_without_smoothing_are_found() -> None:
    x = np.linspace(30.0, 330.0, 61)
    middle = 145.0 + 95.0 * np.sin(x / 30.0)
    rgb = fill(blank(), x, middle - 22.0, middle + 22.0, BLUE, 0.2)
    stroke(rgb, x, middle, BLUE)
    # Every fourth column of the left part stands twice.
    columns = np.sort(np.concatenate([np.arange(WIDTH), np.arange(2, 330, 4)]))
    wide = replace(frame(), box=replace(FRAME, right=FRAME.right + columns.size - WIDTH))
    seen = trace_panel(Picture(name="drawn", sha256="", rgb=rgb[:, columns]), wide, (), ())
    assert sorted(t.kind for t in seen) == ["band", "line"]


def test_ticks_inside_the_panel_lift_no_area_off_its_side() -> None:
    x, y = curve()
    rgb = fill(blank(), x, y, np.full_like(y, 279.0), BLUE, 0.4)
    for column in range(30, 400, 22):
        rgb[276:280, column : column + 2] = 0
    band = next(t for t in look(rgb) if t.kind == "band")
    assert band.y_low_px is not None
    assert np.ptp(band.y_low_px) < 1.0


@pytest.mark.parametrize("outlined", [False, True])
def test_a_level_area_under_its_line_is_no_shaded_span(outlined: bool) -> None:
    x, y = np.linspace(40.0, 390.0, 16), np.full(16, 40.0)
    rgb = fill(blank(), x, y, np.full_like(y, 279.0), BLUE, 0.4)
    stroke(rgb, x, y, BLUE)
    if outlined:
        for at in (40.0, 390.0):
            stroke(rgb, np.full(2, at), np.array([40.0, 279.0]), BLUE)
    bands = [t for t in look(rgb) if t.kind == "band"]
    # A box with an outline may be a legend's or a bar.
    assert len(bands) == (0 if outlined else 1)
    if bands:
        assert off(bands[0], x, y, np.full_like(y, 279.5)) < 1.5
