"""Clouds with the line fitted to them in their own colour, and the band around it that their markers hide."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import cv2
import numpy as np
import pytest

from digitizer.evidence import (
    Box,
    ByteImage,
    FloatArray,
    LegendEntry,
    PanelFrame,
    Picture,
    TextSpan,
    Trace,
)
from digitizer.stages.areas.shaded_clouds import join_shaded
from digitizer.stages.areas.under_clouds import clear_of_clouds
from digitizer.stages.legend.naming import bind_names
from digitizer.stages.series.fitted import find_fits
from digitizer.stages.series.hidden import carry_on_hidden
from digitizer.stages.tracing.trace import trace_panel
from tests.evidences import FRAME, line

WIDTH, HEIGHT = 431, 297
BOX = Box(left=20, top=10, right=410, bottom=280)
BLUE = (31, 119, 180)
RADIUS = 3.5
SLOPE, START = -0.45, 230.0


def cloud_of(n: int, seed: int, spread: float = 22.0) -> tuple[FloatArray, FloatArray]:
    rng = np.random.default_rng(seed)
    x = rng.uniform(45, 385, n)
    return x, np.clip(START + SLOPE * x + rng.normal(0, spread, n), 20, 270)


def lay(rgb: ByteImage, cover: ByteImage, alpha: float) -> ByteImage:
    share = (cover / 255.0 * alpha)[..., None]
    return np.asarray(np.round(rgb * (1 - share) + np.array(BLUE) * share), dtype=np.uint8)


def drawn(x: FloatArray, y: FloatArray, ends: tuple[float, float] | None, alpha: float = 0.8) -> ByteImage:
    """A cloud of translucent discs, and over it a line from one x to another."""
    rgb = np.full((HEIGHT, WIDTH, 3), 255, np.uint8)
    cv2.rectangle(rgb, (20, 10), (410, 280), (0, 0, 0), 1)
    for cx, cy in zip(x, y, strict=True):
        cover = np.zeros((HEIGHT, WIDTH), np.uint8)
        cv2.circle(cover, (round(cx * 16), round(cy * 16)), round(RADIUS * 16), 255, -1, cv2.LINE_AA, 4)
        rgb = lay(rgb, cover, alpha)
    if ends is not None:
        cover = np.zeros((HEIGHT, WIDTH), np.uint8)
        a, b = ((round(e * 16), round((START + SLOPE * e) * 16)) for e in ends)
        cv2.line(cover, a, b, 255, 2, cv2.LINE_AA, 4)
        rgb = lay(rgb, cover, 1.0)
    return rgb


def look(rgb: ByteImage) -> tuple[Trace, ...]:
    none = np.zeros(0)
    frame = PanelFrame(
        box=BOX,
        sides=frozenset(("left", "top", "right", "bottom")),
        background=(255, 255, 255),
        grid_x=none,
        grid_y=none,
    )
    return trace_panel(Picture(name="drawn", sha256="", rgb=rgb), frame, (), ())


@pytest.mark.parametrize("n", [40, 120])
@pytest.mark.parametrize("alpha", [0.8, 1.0])
def test_a_line_through_a_cloud_of_its_colour_is_straight_from_end_to_end(n: int, alpha: float) -> None:
    x, y = cloud_of(n, 3)
    ends = float(x.min()), float(x.max())
    traces = look(drawn(x, y, ends, alpha))
    fits = [t for t in traces if t.kind == "line"]
    assert [t.kind for t in traces].count("scatter") == 1
    assert len(fits) == 1
    assert fits[0].x_px[[0, -1]] == pytest.approx(ends, abs=2.0)
    assert fits[0].y_px[[0, -1]] == pytest.approx(START + SLOPE * np.array(ends), abs=1.2)
    assert fits[0].x_px.size == 2


def test_markers_on_the_line_are_no_longer_told_where_it_is_alone() -> None:
    x, y = cloud_of(60, 4, spread=40.0)
    (cloud,) = [t for t in look(drawn(x, y, (x.min(), x.max()))) if t.kind == "scatter"]
    away = np.hypot(cloud.x_px[:, None] - x, cloud.y_px[:, None] - y).min(axis=1)
    assert np.mean(away < 2.0) > 0.95


def test_a_cloud_without_a_line_has_none() -> None:
    x, y = cloud_of(150, 5)
    assert [t.kind for t in look(drawn(x, y, None))] == ["scatter"]


def test_only_a_line_in_the_midst_of_a_cloud_is_its_fit() -> None:
    x, y = cloud_of(80, 6)
    cloud = line(x, y, kind="scatter", sampled_at="markers", marker="circle", marker_size_px=7.0)
    at = np.array([x.min(), x.max()])
    fit, other = (line(at, START + SLOPE * at + off) for off in (0.0, 20.0))
    assert find_fits((cloud, fit)) == {1: 0}
    assert find_fits((cloud, other)) == {}
    assert find_fits((cloud, replace(fit, support=0.8))) == {}
    assert find_fits((cloud, fit, fit)) == {}


def test_edges_of_a_band_are_on_their_course_under_markers() -> None:
    x = np.arange(40.0, 390.0)
    half = 8.0 + np.square((x - 210) / 40)
    true = START + SLOPE * x - half, START + SLOPE * x + half
    rng = np.random.default_rng(7)
    at = rng.integers(5, 345, 25)
    cloud = line(
        x[at], true[1][at] + rng.uniform(-4, 4, at.size),
        kind="scatter", sampled_at="markers", marker="circle", marker_size_px=7.0,
    )  # fmt: skip
    low = true[1].copy()
    for cx, cy in zip(cloud.x_px, cloud.y_px, strict=True):
        under = np.abs(x - cx) < RADIUS
        low[under] = np.maximum(low[under], cy + np.sqrt(RADIUS**2 - np.square(x[under] - cx)))
    assert np.abs(low - true[1]).max() > 5.0
    band = line(x, (true[0] + low) / 2, kind="band", sampled_at="columns")
    band = replace(band, y_high_px=true[0].copy(), y_low_px=low)
    (cleared,) = clear_of_clouds((band,), (cloud,))
    assert cleared.y_low_px is not None
    assert np.abs(cleared.y_low_px - true[1]).max() < 1.0
    assert clear_of_clouds((band,), ()) == (band,)


def scattered(x: FloatArray, y: FloatArray, color: tuple[int, int, int]) -> Trace:
    return line(x, y, kind="scatter", color=color, sampled_at="markers", marker="circle", marker_size_px=7.0)


def test_a_fit_goes_by_the_name_of_its_cloud() -> None:
    x, y = cloud_of(80, 8)
    at = np.array([x.min(), x.max()])
    fit = line(at, START + SLOPE * at, color=BLUE)
    text = TextSpan(box=Box(left=420, top=20, right=425, bottom=30), text="No", confidence=1.0)
    entry = LegendEntry(text=text, swatch=Box(left=412, top=20, right=418, bottom=30), color=BLUE)
    traces = (fit, scattered(x, y, BLUE))
    assert bind_names(traces, (replace(entry, marker="circle", line_style="none"),)) == ("No", "No")
    other = replace(entry, text=replace(text, text="fit"))
    names = bind_names(traces, (replace(entry, marker="circle", line_style="none"), other))
    assert set(names) == {"No", "fit"}


@pytest.mark.parametrize(("shade", "n_series"), [((61, 61, 61), 1), ((61, 61, 200), 2)])
def test_markers_under_a_band_are_of_the_cloud_beside_it(shade: tuple[int, int, int], n_series: int) -> None:
    ground = np.array([235.0, 235.0, 235.0])
    x = np.arange(60.0, 380.0, 9.0)
    beside = scattered(x, START + SLOPE * x + 40, (0, 0, 0))
    under = scattered(x[::3], START + SLOPE * x[::3], shade)
    columns = np.arange(50.0, 390.0)
    middle = START + SLOPE * columns
    band = line(columns, middle, kind="band", color=(202, 202, 202), sampled_at="columns")
    band = replace(band, y_low_px=middle + 9, y_high_px=middle - 9)
    joined = join_shaded((beside, under), (band,), ground)
    assert len(joined) == n_series
    assert sum(t.x_px.size for t in joined) == x.size + x[::3].size


def test_a_straight_line_of_two_points_goes_on_to_the_side_it_ends_beside() -> None:
    ends = np.array([FRAME.box.left + 1.5, 300.0])
    (carried,) = carry_on_hidden((line(ends, np.array([60.0, 160.0]), line_width_px=2.0),), FRAME)
    assert carried.x_px[0] == pytest.approx(FRAME.box.left)
    assert carried.x_px[-1] == 300.0


def test_a_line_through_all_markers_is_no_fit_of_them() -> None:
    x = np.linspace(10.0, 300.0, 18)
    y = 200.0 - 150.0 * (1 - np.exp(-x / 60.0))
    near = np.random.default_rng(3).normal(0, 0.4, 18)

    def line_through(off: FloatArray) -> list[Trace]:
        some: dict[str, Any] = {"x_px": x, "sigma_px": np.full(18, 0.3), "sampled_at": "vertices"}
        line = Trace(kind="line", color=(120, 110, 200), y_px=y, **some)
        return [line, Trace(kind="scatter", color=(100, 100, 220), y_px=y + off, **some)]

    assert find_fits(line_through(near)) == {}
    assert find_fits(line_through(20 * near)) == {0: 1}


def test_dots_along_an_edge_are_the_seam_of_two_fills_and_no_cloud() -> None:
    x = np.arange(40.0, 390.0)
    true = 150.0 + 20.0 * np.abs((x / 16) % 2 - 1)
    dots = line(
        x[::14], true[::14] + 0.5, kind="scatter", sampled_at="markers", marker="circle", marker_size_px=2.0
    )
    band = line(x, (true + 300) / 2, kind="band", sampled_at="columns")
    band = replace(band, y_high_px=true, y_low_px=np.full(x.size, 300.0))
    assert clear_of_clouds((band,), (dots,)) == (band,)
