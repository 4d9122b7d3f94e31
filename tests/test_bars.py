"""Bars: drawn truth in pixels for each way to draw them, and charts that hold none."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import cv2
import numpy as np
import pytest

from digitizer.evidence import (
    AxisEvidence,
    Box,
    ByteImage,
    PanelFrame,
    Picture,
    TextSpan,
    Trace,
)
from digitizer.stages.axes.calibration import calibrate_axis
from digitizer.stages.bars.cover import is_over_bars, without_bars
from digitizer.stages.bars.find import find_bars
from digitizer.stages.values.bar_values import bar_values

WIDTH, HEIGHT = 421, 307
FRAME = Box(left=20, top=10, right=400, bottom=290)
BLUE, ORANGE, GREEN = (31, 119, 180), (255, 127, 14), (44, 160, 44)
# Bars are drawn on whole pixels here: their edges are read to a hundredth, JPEG ones to half a pixel.
CLEAN_PX, JPEG_PX = 0.05, 0.6


def blank() -> ByteImage:
    rgb = np.full((HEIGHT, WIDTH, 3), 255, np.uint8)
    cv2.rectangle(rgb, (20, 10), (400, 290), (0, 0, 0), 1)
    return rgb


def bar(rgb: ByteImage, left: int, right: int, top: int, bottom: int, color: tuple[int, int, int]) -> None:
    rgb[top : bottom + 1, left : right + 1] = color


def look(rgb: ByteImage, *, jpeg: bool = False) -> tuple[Trace, ...]:
    if jpeg:
        _, data = cv2.imencode(".jpg", rgb[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 80])
        decoded = cv2.imdecode(data, cv2.IMREAD_COLOR)
        assert decoded is not None
        rgb = np.asarray(decoded[..., ::-1], dtype=np.uint8)
    return find_bars(picture(rgb), frame(), (), ())


def picture(rgb: ByteImage) -> Picture:
    return Picture(name="drawn", sha256="", rgb=np.asarray(rgb, dtype=np.uint8).copy())


def frame() -> PanelFrame:
    sides = frozenset[Literal["left", "top", "right", "bottom"]](("left", "top", "right", "bottom"))
    none = np.zeros(0)
    return PanelFrame(box=FRAME, sides=sides, background=(255, 255, 255), grid_x=none, grid_y=none)


TOPS = (60, 133, 210, 98, 277)


def test_bars_of_which_most_reach_the_far_side_are_no_spans() -> None:
    rgb = blank()
    for k, top in enumerate((11, 133, 15)):
        bar(rgb, 60 + 110 * k, 130 + 110 * k, top, 289, BLUE)
    (trace,) = look(rgb)
    assert np.round(trace.y_px).tolist() == [10, 132, 14]
    bar(rgb, 280, 350, 11, 289, BLUE)
    assert look(rgb) == ()


def axis(side: Literal["left", "bottom"], texts: tuple[str, ...], px: tuple[float, ...]) -> AxisEvidence:
    spans = tuple(
        TextSpan(box=Box(left=p - 5, right=p + 5, top=300, bottom=310), text=t, confidence=1.0)
        for t, p in zip(texts, px, strict=True)
    )
    where = np.asarray(px, dtype=np.float64)
    return AxisEvidence(
        side=side, marks=where, labels=spans, label_px=where, label_sigma_px=np.full(len(px), 0.3)
    )


def simple() -> ByteImage:
    rgb = blank()
    for k, top in enumerate(TOPS):
        bar(rgb, 40 + 70 * k, 79 + 70 * k, top, 289, BLUE)
    return rgb


@pytest.mark.parametrize("jpeg", [False, True])
def test_simple_bars(jpeg: bool) -> None:
    (trace,) = look(simple(), jpeg=jpeg)
    tolerance = JPEG_PX if jpeg else CLEAN_PX
    assert trace.orientation == "vertical"
    np.testing.assert_allclose(trace.x_px, 59.5 + 70 * np.arange(5), atol=1.0 if jpeg else 0.01)
    np.testing.assert_allclose(trace.y_px, np.array(TOPS) - 0.5, atol=tolerance)
    assert trace.base_px is not None
    np.testing.assert_allclose(trace.base_px, 290, atol=1.0)
    assert trace.y_low_px is None


def test_horizontal_bars() -> None:
    rgb = blank()
    rights = (90, 251, 380, 133)
    for k, right in enumerate(rights):
        bar(rgb, 21, right, 30 + 60 * k, 69 + 60 * k, GREEN)
    (trace,) = look(rgb)
    assert trace.orientation == "horizontal"
    np.testing.assert_allclose(trace.x_px, np.array(rights) + 0.5, atol=CLEAN_PX)
    np.testing.assert_allclose(trace.y_px, 49.5 + 60 * np.arange(4))


def test_bars_that_end_alike_behind_a_narrow_gap_stay_two() -> None:
    rgb = blank()
    tops = (60, 133, 134, 98, 277, 202)
    for k, top in enumerate(tops):
        bar(rgb, 40 + 41 * k, 79 + 41 * k, top, 289, BLUE)
        # Anti-aliased sides leave no bare column between two bars.
        bar(rgb, 80 + 41 * k, 80 + 41 * k, top, 289, (150, 190, 220))
    (trace,) = look(rgb)
    np.testing.assert_allclose(trace.y_px, np.array(tops) - 0.5, atol=1.0)


def test_grouped_bars_are_one_trace_a_colour() -> None:
    rgb = blank()
    tops = {BLUE: (50, 120, 200, 90), ORANGE: (80, 240, 60, 90)}
    for j, (color, heights) in enumerate(tops.items()):
        for k, top in enumerate(heights):
            bar(rgb, 40 + 90 * k + 30 * j, 69 + 90 * k + 30 * j, top, 289, color)
    found = {t.color: t for t in look(rgb)}
    for color, heights in tops.items():
        np.testing.assert_allclose(found[color].y_px, np.array(heights) - 0.5, atol=CLEAN_PX)


def test_stacked_bars_know_their_own_base() -> None:
    rgb = blank()
    middles, tops = (200, 150, 240), (90, 60, 180)
    for k, (middle, top) in enumerate(zip(middles, tops, strict=True)):
        bar(rgb, 60 + 110 * k, 119 + 110 * k, middle, 289, BLUE)
        bar(rgb, 60 + 110 * k, 119 + 110 * k, top, middle - 1, ORANGE)
    found = {t.color: t for t in look(rgb)}
    base = found[ORANGE].base_px
    assert base is not None
    np.testing.assert_allclose(base, np.array(middles) - 0.5, atol=CLEAN_PX)
    np.testing.assert_allclose(found[ORANGE].y_px, np.array(tops) - 0.5, atol=CLEAN_PX)
    scale = calibrate_axis(axis("left", ("0", "10", "20"), (290.0, 190.0, 90.0)))
    assert scale is not None
    values, on_others = bar_values(found[ORANGE], scale, tuple(found.values()))
    assert on_others.all()
    np.testing.assert_allclose(values, (np.array(middles) - np.array(tops)) / 10, atol=0.02)


def test_stacks_of_many_levels_stand_on_their_low_first_bars() -> None:
    rgb = blank()
    splits = ((284, 216, 150), (266, 190, 77), (281, 204, 131), (285, 231, 163), (280, 170, 101))
    for k, (low, middle, top) in enumerate(splits):
        for color, first, last in ((BLUE, low, 289), (GREEN, middle, low - 1), (ORANGE, top, middle - 1)):
            bar(rgb, 40 + 70 * k, 89 + 70 * k, first, last, color)
    found = {t.color: t for t in look(rgb)}
    assert set(found) == {BLUE, GREEN, ORANGE}
    for k, color in enumerate((BLUE, GREEN, ORANGE)):
        np.testing.assert_allclose(found[color].y_px, np.array(splits)[:, k] - 0.5, atol=CLEAN_PX)


def test_negative_bars_hang_from_their_baseline() -> None:
    rgb = blank()
    ends = (60, 240, 90, 200, 260)
    for k, end in enumerate(ends):
        bar(rgb, 40 + 70 * k, 79 + 70 * k, min(end, 150), max(end, 149), BLUE)
    (trace,) = look(rgb)
    edges = np.where(np.array(ends) < 150, np.array(ends) - 0.5, np.array(ends) + 0.5)
    np.testing.assert_allclose(trace.y_px, edges, atol=CLEAN_PX)
    assert trace.base_px is not None
    np.testing.assert_allclose(trace.base_px, 149.5, atol=CLEAN_PX)


def test_error_bars() -> None:
    rgb = simple()
    for k, top in enumerate(TOPS[:4]):
        center = 59 + 70 * k
        rgb[top - 15 : top + 15, center : center + 2] = 0
        rgb[top - 15, center - 4 : center + 6] = 0
        rgb[top + 14, center - 4 : center + 6] = 0
    (trace,) = look(rgb)
    assert trace.y_low_px is not None
    assert trace.y_high_px is not None
    np.testing.assert_allclose(trace.y_px, np.array(TOPS) - 0.5, atol=CLEAN_PX)
    np.testing.assert_allclose(trace.y_high_px[:4], np.array(TOPS[:4]) - 15, atol=1.0)
    np.testing.assert_allclose(trace.y_low_px[:4], np.array(TOPS[:4]) + 14, atol=1.0)


def test_edge_strokes_hatches_and_grid_lines() -> None:
    rgb = blank()
    for k, top in enumerate(TOPS):
        bar(rgb, 40 + 70 * k, 79 + 70 * k, top, 289, BLUE)
        for shift in range(-300, 60, 12):
            start, end = (40 + 70 * k, 290 + shift), (79 + 70 * k, 251 + shift)
            cv2.line(rgb, start, end, (255, 255, 255), 1)
        rgb[:top, 40 + 70 * k : 80 + 70 * k] = blank()[:top, 40 + 70 * k : 80 + 70 * k]
        cv2.rectangle(rgb, (40 + 70 * k, top), (79 + 70 * k, 290), (0, 0, 0), 1)
    rgb[200, 21:400] = 176
    (trace,) = look(rgb)
    np.testing.assert_allclose(trace.y_px, np.array(TOPS), atol=0.5)


def test_grid_lines_beside_the_ends_of_bars_are_no_outlines_of_these() -> None:
    rgb = blank()
    # Two rows of ground part each bar's end from the line above it, as bars of round values stand.
    for row in (60, 120, 180, 240):
        rgb[row, 21:400] = (219, 222, 228)
    tops = (62, 122, 182, 242)
    for k, top in enumerate(tops):
        bar(rgb, 40 + 90 * k, 90 + 90 * k, top, 289, (182, 214, 52))
    (found,) = look(rgb)
    assert found.y_px == pytest.approx([top - 0.5 for top in tops], abs=CLEAN_PX)


def test_a_line_over_bars_stays_when_they_are_taken_out() -> None:
    rgb = simple()
    points = np.array([(59, 100), (129, 180), (199, 150), (269, 200), (339, 120)], np.int32)
    cv2.polylines(rgb, [points], False, (200, 30, 30), 2, cv2.LINE_AA)
    traces = look(rgb)
    assert len(traces) == 1
    plain = without_bars(picture(rgb), frame(), traces).rgb.astype(int)
    inside = plain[12:289, 22:399]
    reddish = (inside[..., 0] - inside[..., 2] > 60).sum()
    blueish = (inside[..., 2] - inside[..., 0] > 60).sum()
    assert reddish > 400
    assert blueish < 20


def test_markers_and_peaks_at_the_ends_of_bars_are_no_error_bars() -> None:
    rgb = simple()
    for k, top in enumerate(TOPS):
        x = 59 + 70 * k
        cv2.polylines(rgb, [np.array([(x - 25, top + 20), (x, top), (x + 25, top + 20)])], False, GREEN, 2)
        cv2.circle(rgb, (x, top), 6, GREEN, -1, cv2.LINE_AA)
    (trace,) = look(rgb)
    assert trace.y_low_px is None


@pytest.mark.parametrize(("depth", "rise"), [(6, 54), (12, 40), (14, 54)])
def test_a_line_that_comes_and_goes_across_the_end_of_a_bar_leaves_it_where_it_is(
    depth: int, rise: int
) -> None:
    rgb = simple()
    for k, top in enumerate(TOPS[:4]):
        low, high, x = top + depth, top + depth - rise, 59 + 70 * k
        points = np.array([(x - 35, high), (x, low), (x + 35, high)], np.int32)
        cv2.polylines(rgb, [points], False, GREEN, 3, cv2.LINE_AA)
    (trace,) = look(rgb)
    np.testing.assert_allclose(trace.y_px, np.array(TOPS) - 0.5, atol=CLEAN_PX)


def test_what_is_left_of_a_line_over_bars_has_its_own_colour() -> None:
    """Rims of a blurred line: shares of line, bar and ground in one pixel."""
    red = (200, 30, 30)
    rgb = simple()
    points = np.array([(59, 100), (129, 180), (199, 150), (269, 200), (339, 120)], np.int32)
    cv2.polylines(rgb, [points], False, red, 3, cv2.LINE_AA)
    rgb = cv2.blur(rgb, (2, 2))
    plain = without_bars(picture(rgb), frame(), look(rgb)).rgb[14:287, 24:397].astype(float)
    inked = plain[np.abs(plain - 255).max(axis=2) > 60]
    hue = (255 - inked) / (255 - inked).max(axis=1, keepdims=True)
    expected = (255 - np.array(red)) / 225
    assert len(inked) > 300
    assert np.mean(np.abs(hue - expected).max(axis=1) < 0.12) > 0.95


@pytest.mark.parametrize("thick", [1, 3, 5])
@pytest.mark.parametrize("lying", [False, True])
def test_bars_on_both_sides_of_a_zero_line(thick: int, lying: bool) -> None:
    rgb = blank()
    ends = (60, 230, 90, 250, 120)
    for k, end in enumerate(ends):
        bar(rgb, 40 + 70 * k, 79 + 70 * k, min(end, 150), max(end, 150), BLUE)
    half = thick // 2
    bar(rgb, 21, 399, 150 - half, 150 + half, (0, 0, 0))
    if lying:
        square = np.full((421, 421, 3), 255, np.uint8)
        square[:307] = rgb
        turned = replace(frame(), box=Box(left=10, top=20, right=290, bottom=400))
        (trace,) = find_bars(picture(square.transpose(1, 0, 2)), turned, (), ())
        trace = replace(trace, y_px=trace.x_px)
    else:
        (trace,) = look(rgb)
    assert trace.base_px is not None
    np.testing.assert_allclose(trace.base_px, 150, atol=1.0)
    np.testing.assert_allclose(trace.y_px, ends, atol=0.6)


def test_bars_with_round_corners_keep_their_width() -> None:
    rgb = blank()
    for k, top in enumerate((60, 133, 210, 98)):
        bar(rgb, 40 + 70 * k, 79 + 70 * k, top + 8, 289, BLUE)
        bar(rgb, 48 + 70 * k, 71 + 70 * k, top, top + 8, BLUE)
        for x in (48, 71):
            cv2.circle(rgb, (x + 70 * k, top + 8), 8, BLUE, -1, cv2.LINE_AA)
    (trace,) = look(rgb)
    assert abs(trace.line_width_px - 40) <= 3
    np.testing.assert_allclose(trace.y_px, (60, 133, 210, 98), atol=0.6)


def test_what_shows_within_bars_alone_is_their_hatching() -> None:
    (trace,) = look(simple())
    inside = np.concatenate([np.arange(44.0, 76.0) + 70 * k for k in range(3)])
    line = Trace(
        kind="line", color=GREEN, x_px=inside, y_px=230 + 0.2 * inside, sigma_px=np.full(inside.size, 0.3),
        sampled_at="columns",
    )  # fmt: skip
    assert not is_over_bars(line, (trace,), (), (255, 255, 255))
    across = np.arange(44.0, 340.0)
    whole = replace(line, x_px=across, y_px=100 + 0.2 * across, sigma_px=np.full(across.size, 0.3))
    assert is_over_bars(whole, (trace,), (), (255, 255, 255))


def test_a_line_from_the_top_of_a_bar_to_the_next_is_no_outline_of_these() -> None:
    (trace,) = look(simple())
    # A vertex at the middle of each bar's end: only between them the line is on no bar.
    line = Trace(
        kind="line", color=GREEN, x_px=trace.x_px, y_px=trace.y_px, sigma_px=np.full(trace.x_px.size, 0.3),
        sampled_at="vertices",
    )  # fmt: skip
    assert is_over_bars(line, (trace,), (), (255, 255, 255))
    assert not is_over_bars(replace(line, interpolation="step-after"), (trace,), (), (255, 255, 255))


def test_what_is_no_bar() -> None:
    """Spans, areas, thick curves, noise and filled squares."""
    rng = np.random.default_rng(3)
    spans, area, squares, noise, curve = (blank() for _ in range(5))
    bar(spans, 90, 150, 11, 289, (220, 220, 240))
    bar(spans, 250, 330, 11, 289, (220, 220, 240))
    height = 160 + 80 * np.sin(np.arange(360) / 40)
    for x, y in enumerate(height.astype(int)):
        area[y:290, 30 + x] = BLUE
    for k, y in enumerate(rng.integers(40, 260, 12)):
        bar(squares, 40 + 28 * k, 49 + 28 * k, int(y), int(y) + 9, ORANGE)
    for x in range(30, 390):
        low, high = np.sort(rng.integers(60, 285, 2))
        noise[low : high + 1, x] = BLUE
    points = np.stack([np.arange(360) + 30, height], axis=1).astype(np.int32)
    cv2.polylines(curve, [points], False, GREEN, 6, cv2.LINE_AA)
    for rgb in (spans, area, squares, noise, curve):
        assert look(rgb) == ()


def test_hatched_bars_are_seen_beside_bare_ones() -> None:
    rgb = blank()
    tops = (230, 220, 100, 90, 40, 60)
    for k, top in enumerate(tops):
        bar(rgb, 40 + 60 * k, 75 + 60 * k, top, 289, (BLUE, ORANGE, GREEN)[k // 2])
        if k >= 2:
            for shift in range(0, 320, 12):
                hatch = np.full_like(rgb[top:290, 40 + 60 * k : 76 + 60 * k], 0)
                cv2.line(hatch, (0, shift), (35, shift - 35), (1, 1, 1), 1)
                rgb[top:290, 40 + 60 * k : 76 + 60 * k][hatch > 0] = 255
    # No legend parts the colours, and they change from block to block.
    (trace,) = look(rgb)
    np.testing.assert_allclose(trace.x_px, 57.5 + 60 * np.arange(6), atol=0.6)
    np.testing.assert_allclose(trace.y_px, np.array(tops) - 0.5, atol=1.0)


def test_bars_beyond_the_frame_are_followed_to_their_end() -> None:
    rgb = simple()
    bar(rgb, 40, 79, 4, 289, BLUE)
    for jpeg, tolerance in ((False, CLEAN_PX), (True, JPEG_PX)):
        (trace,) = look(rgb, jpeg=jpeg)
        first = int(np.argmin(trace.x_px))
        assert trace.y_px[first] == pytest.approx(3.5, abs=tolerance)
        assert trace.sigma_px[first] < 1.0


def test_bars_cut_by_the_frame_are_unsure() -> None:
    rgb = simple()
    bar(rgb, 40, 79, 0, 289, BLUE)
    (trace,) = look(rgb)
    sigma = trace.sigma_px[np.argsort(trace.x_px)]
    assert sigma[0] > 5.0
    assert sigma[1:].max() < 1.0
