"""Error bars on points: drawn truth in pixels, and strokes that are none."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import cv2
import numpy as np
import pytest
from charts import render
from matplotlib.figure import Figure

from digitizer.evidence import Box, ByteImage, PanelFrame, Picture
from digitizer.stages.error_bars.stems import find_stems
from digitizer.stages.series.inks.ink import see_ink
from digitizer.stages.tracing.trace import trace_panel

FRAME = Box(left=20, top=10, right=410, bottom=280)
BLUE = (31, 119, 180)
X = np.array([50, 103, 151, 208, 260, 309, 361])
Y = np.array([210, 180, 190, 140, 120, 95, 100])
UP = np.array([20, 31, 15, 24, 18, 28, 36])
DOWN = np.array([26, 22, 15, 30, 18, 21, 33])
# Strokes are drawn on whole pixels.
END_PX = 1.0


def blank() -> ByteImage:
    rgb = np.full((297, 431, 3), 255, np.uint8)
    cv2.rectangle(rgb, (20, 10), (410, 280), (0, 0, 0), 1)
    return rgb


def frame() -> PanelFrame:
    sides = frozenset[Literal["left", "top", "right", "bottom"]](("left", "top", "right", "bottom"))
    none = np.zeros(0)
    return PanelFrame(box=FRAME, sides=sides, background=(255, 255, 255), grid_x=none, grid_y=none)


def picture(rgb: ByteImage) -> Picture:
    return Picture(name="drawn", sha256="", rgb=rgb.copy())


def draw(*, caps: bool, line: bool) -> ByteImage:
    rgb = blank()
    for x, y, up, down in zip(X, Y, UP, DOWN, strict=True):
        cv2.line(rgb, (int(x), int(y - up)), (int(x), int(y + down)), BLUE, 1)
        for end in (y - up, y + down) if caps else ():
            cv2.line(rgb, (int(x) - 4, int(end)), (int(x) + 4, int(end)), BLUE, 1)
        cv2.circle(rgb, (int(x) * 8, int(y) * 8), 4 * 8, BLUE, -1, cv2.LINE_AA, 3)
    if line:
        cv2.polylines(rgb, [np.stack([X, Y], axis=1).astype(np.int32)], False, BLUE, 2, cv2.LINE_AA)
    return rgb


@pytest.mark.parametrize("caps", [True, False])
@pytest.mark.parametrize("line", [True, False])
def test_reads_error_bars_on_points(caps: bool, line: bool) -> None:
    traces = trace_panel(picture(draw(caps=caps, line=line)), frame(), (), ())
    assert len(traces) == 1
    trace = traces[0]
    assert trace.kind == ("line" if line else "scatter")
    assert trace.y_low_px is not None
    assert trace.y_high_px is not None
    order = np.argsort(trace.x_px)
    assert trace.x_px.size == X.size
    assert np.abs(trace.y_px[order] - Y).max() < END_PX
    held = np.isfinite(trace.y_high_px[order])
    assert held.sum() >= X.size - 1
    assert np.abs(trace.y_high_px[order] - (Y - UP))[held].max() < END_PX
    assert np.abs(trace.y_low_px[order] - (Y + DOWN))[held].max() < END_PX


def test_an_error_bar_read_as_a_letter_is_no_text() -> None:
    letter = Box(left=98, top=147, right=108, bottom=204)
    stems, others = find_stems(see_ink(picture(draw(caps=True, line=False)), frame(), ()), (letter,))
    assert len(stems) == X.size
    assert others == ()


def test_plus_markers_have_no_error_bars() -> None:
    rgb = blank()
    for x, y in zip(X, Y, strict=True):
        cv2.drawMarker(rgb, (int(x), int(y)), BLUE, cv2.MARKER_CROSS, 15, 1)
    assert find_stems(see_ink(picture(rgb), frame(), ()), ())[0] == ()


def test_steps_have_no_error_bars() -> None:
    rgb = blank()
    corners = [
        (x, y) for k in range(6) for x, y in ((40 + 50 * k, 200 - 25 * k), (90 + 50 * k, 200 - 25 * k))
    ]
    cv2.polylines(rgb, [np.array(corners, np.int32)], False, BLUE, 2)
    assert find_stems(see_ink(picture(rgb), frame(), ()), ())[0] == ()


def test_error_bars_beside_a_steep_line_and_under_another_series() -> None:
    """A line that leaves its markers steeply hides a side of their arms; another series covers some stems."""
    rgb = blank()
    steep = np.array([230, 70, 220, 60, 210, 80, 190])
    for x, y, up, down in zip(X, steep, UP, DOWN, strict=True):
        cv2.line(rgb, (int(x), int(y - up)), (int(x), int(y + down)), BLUE, 2)
        cv2.circle(rgb, (int(x), int(y)), 5, BLUE, -1, cv2.LINE_AA)
    cv2.polylines(rgb, [np.stack([X, steep], axis=1).astype(np.int32)], False, BLUE, 2, cv2.LINE_AA)
    for x, y in zip(X, steep, strict=True):
        cv2.line(rgb, (int(x), int(y + 12)), (int(x), int(y + 40)), (214, 39, 40), 1)
        cv2.circle(rgb, (int(x), int(y + 26)), 4, (214, 39, 40), -1, cv2.LINE_AA)
    stems, _ = find_stems(see_ink(picture(rgb), frame(), ()), ())
    assert len(stems) >= 12
    for x, y, up in zip(X, steep, UP, strict=True):
        near = [s for s in stems if abs(s.x - x) <= 1.5 and abs(s.top - (y - up)) <= 2]
        assert near


def test_the_rims_of_a_line_under_a_steep_one_are_no_error_bars() -> None:
    rgb = blank()
    x = np.arange(40, 390)
    y = 60 + 190 * (1 - np.exp(-(x - 40) / 14.0)) + 6 * np.sin(x / 3.0)
    points = [np.stack([x, y], axis=1).astype(np.int32)]
    cv2.polylines(rgb, points, False, (165, 200, 225), 6, cv2.LINE_AA)
    cv2.polylines(rgb, points, False, BLUE, 2, cv2.LINE_AA)
    assert find_stems(see_ink(picture(rgb), frame(), ()), ())[0] == ()


def test_a_line_that_touches_a_cap_leaves_it_one() -> None:
    rgb = draw(caps=True, line=False)
    # A line of the same colour arrives at the left end of one cap.
    x, y = int(X[3]), int(Y[3] + DOWN[3])
    cv2.line(rgb, (x - 60, y + 3), (x - 4, y), BLUE, 1)
    found, _ = find_stems(see_ink(picture(rgb), frame(), ()), ())
    (stem,) = [s for s in found if abs(s.x - x) <= END_PX]
    assert stem.top == pytest.approx(Y[3] - UP[3], abs=END_PX)
    assert stem.bottom == pytest.approx(y, abs=END_PX)
    assert all(box.right - box.left <= 8 + 2 * END_PX for box in stem.boxes)


def test_error_bars_of_a_small_jpeg_keep_their_ends() -> None:
    share = 0.62
    smooth = cv2.resize(draw(caps=True, line=True), None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
    jpeg = cv2.imdecode(cv2.imencode(".jpg", smooth, [cv2.IMWRITE_JPEG_QUALITY, 60])[1], cv2.IMREAD_COLOR)
    box = Box(left=20 * share, top=10 * share, right=410 * share, bottom=280 * share)
    found, _ = find_stems(see_ink(picture(np.asarray(jpeg, np.uint8)), replace(frame(), box=box), ()), ())
    right = 0
    for x, y, up, down in zip(share * X, share * Y, share * UP, share * DOWN, strict=True):
        right += any(
            abs(s.x - x) <= END_PX
            and abs(s.top - y + up) <= 2 * END_PX
            and abs(s.bottom - y - down) <= 2 * END_PX
            for s in found
        )
    # One stands in the middle of a steep line.
    assert right >= 6


def draw_smoothly(*, radius: float, wide: float, cap: float) -> ByteImage:
    """Thick stems through small discs on a line, drawn large and reduced: every stroke has rims."""
    grow = 8
    rgb = np.full((297 * grow, 431 * grow, 3), 255, np.uint8)

    def bar(left: float, top: float, right: float, bottom: float) -> None:
        first, last = (round(left * grow), round(top * grow)), (round(right * grow), round(bottom * grow))
        cv2.rectangle(rgb, first, last, BLUE, -1)

    for x, y, up, down in zip(X, Y, UP, DOWN, strict=True):
        bar(x - wide / 2, y - up, x + wide / 2, y + down)
        for end in (y - up, y + down) if cap else ():
            bar(x - cap, end - wide / 2, x + cap, end + wide / 2)
        cv2.circle(rgb, (int(x) * grow, int(y) * grow), round(radius * grow), BLUE, -1)
    cv2.polylines(rgb, [np.stack([X * grow, Y * grow], axis=1).astype(np.int32)], False, BLUE, 12)
    small = cv2.resize(rgb, (431, 297), interpolation=cv2.INTER_AREA)
    cv2.rectangle(small, (20, 10), (410, 280), (0, 0, 0), 1)
    return np.asarray(small, np.uint8)


@pytest.mark.parametrize(("radius", "wide", "cap"), [(4.0, 3.0, 0.0), (4.0, 1.5, 4.0)])
def test_markers_hardly_wider_than_their_error_bars_are_read(radius: float, wide: float, cap: float) -> None:
    (trace,) = trace_panel(picture(draw_smoothly(radius=radius, wide=wide, cap=cap)), frame(), (), ())
    assert trace.sampled_at == "markers"
    assert trace.marker != "none"
    assert trace.x_px.size == X.size
    assert np.abs(trace.y_px + 0.5 - Y).max() < END_PX
    assert trace.y_high_px is not None
    assert np.isfinite(trace.y_high_px).all()
    assert np.abs(trace.y_high_px + 0.5 - (Y - UP)).max() < END_PX


@pytest.mark.parametrize("width", [1, 2])
def test_hollow_markers_interrupt_their_error_bars_once(width: int) -> None:
    rgb = blank()
    for x, y, up, down in zip(X, Y, UP, DOWN, strict=True):
        cv2.line(rgb, (int(x), int(y - up)), (int(x), int(y + down)), BLUE, width)
        for end in (y - up, y + down):
            cv2.line(rgb, (int(x) - 5, int(end)), (int(x) + 5, int(end)), BLUE, width)
        for radius, color in ((6, BLUE), (4, (255, 255, 255))):
            cv2.circle(rgb, (int(x) * 8, int(y) * 8), radius * 8, color, -1, cv2.LINE_AA, 3)
    found, _ = find_stems(see_ink(picture(rgb), frame(), ()), ())
    assert sorted(round(s.x) for s in found) == sorted(X.tolist())
    order = np.argsort([s.x for s in found])
    assert [found[k].top for k in order] == pytest.approx(list(Y - UP), abs=END_PX)
    assert [found[k].bottom for k in order] == pytest.approx(list(Y + DOWN), abs=END_PX)
    assert [found[k].middle for k in order] == pytest.approx(list(Y), abs=END_PX)


def test_an_axis_many_pixels_wide_leaves_error_bars_their_markers() -> None:
    thick = replace(frame(), line_width=7.0)
    assert len(find_stems(see_ink(picture(draw(caps=True, line=True)), thick, ()), ())[0]) >= X.size - 1


def test_caps_with_a_pale_rim_end_their_error_bars_among_two_colors() -> None:
    rgb = draw(caps=True, line=False)
    pale = tuple(int(255 - 0.25 * (255 - v)) for v in BLUE)
    for x, y, up, down in zip(X, Y, UP, DOWN, strict=True):
        cv2.line(rgb, (int(x) - 4, int(y - up) - 1), (int(x) + 4, int(y - up) - 1), pale, 1)
        cv2.line(rgb, (int(x) - 4, int(y + down) + 1), (int(x) + 4, int(y + down) + 1), pale, 1)
        cv2.line(rgb, (int(x) + 25, 20), (int(x) + 25, 60), (214, 39, 40), 1)
        cv2.circle(rgb, (int(x) + 25, 40), 4, (214, 39, 40), -1, cv2.LINE_AA)
    found, _ = find_stems(see_ink(picture(rgb), frame(), ()), ())
    tops = {float(x): y - up for x, y, up in zip(X, Y, UP, strict=True)}
    mine = [s for s in found if s.x in tops]
    assert len(mine) == X.size
    assert all(s.top == pytest.approx(tops[s.x], abs=END_PX) for s in mine)


def test_lines_without_markers_have_their_points_where_any_of_them_has_an_error_bar() -> None:
    rgb = blank()
    colors = [BLUE, (217, 83, 25), (126, 47, 142)]
    heights = [Y, Y + 34, np.array([230, 236, 222, 240, 231, 246, 252])]
    for color, y in zip(colors, heights, strict=True):
        for x, middle, up, down in zip(X, y, UP, DOWN, strict=True):
            # Some are hidden by those of the next, which cross them.
            cv2.line(rgb, (int(x), int(middle - up)), (int(x), int(middle + down)), color, 2)
            for end in (middle - up, middle + down):
                cv2.line(rgb, (int(x) - 5, int(end)), (int(x) + 6, int(end)), color, 2)
        cv2.polylines(rgb, [np.stack([X, y], axis=1).astype(np.int32)], False, color, 2, cv2.LINE_AA)
    traces = trace_panel(picture(rgb), frame(), (), ())
    assert len(traces) == len(colors)
    for color, y in zip(colors, heights, strict=True):
        trace = min(traces, key=lambda t: float(np.abs(np.array(t.color) - color).sum()))
        assert (trace.kind, trace.line_style, trace.sampled_at) == ("line", "solid", "vertices")
        assert trace.x_px == pytest.approx(X, abs=END_PX)
        assert trace.y_px == pytest.approx(y, abs=END_PX)


@pytest.mark.parametrize("width", [1, 2])
def test_markers_stay_whole_where_error_bars_of_another_colour_are_drawn_over_them(width: int) -> None:
    rgb = blank()
    for x, y, up, down in zip(X.tolist(), Y.tolist(), UP.tolist(), DOWN.tolist(), strict=True):
        cv2.circle(rgb, (x * 8, y * 8), 5 * 8, BLUE, -1, cv2.LINE_AA, 3)
        rgb[y - up : y + down + 1, x : x + width] = 0
        rgb[[y - up, y + down], x - 4 : x + 4 + width] = 0
    (trace,) = trace_panel(picture(rgb), frame(), (), ())
    assert (trace.kind, trace.sampled_at, trace.color) == ("scatter", "markers", BLUE)
    order = np.argsort(trace.x_px)
    assert np.abs(trace.y_px[order] - Y).max() < END_PX
    assert trace.y_low_px is not None
    assert trace.y_high_px is not None
    assert np.abs(trace.y_high_px[order] - (Y - UP)).max() < END_PX
    assert np.abs(trace.y_low_px[order] - (Y + DOWN)).max() < END_PX


@pytest.mark.parametrize("column", [50, 51])
def test_an_error_bar_that_a_grid_line_narrows_goes_on_beyond_it(column: int) -> None:
    # Between two columns, one of which is no darker than the line where it crosses.
    rgb, rows = blank(), Y + DOWN // 2
    rgb[rows, 21:410] = 170
    for x, y, up, down in zip(
        (X + column - 50).tolist(), Y.tolist(), UP.tolist(), DOWN.tolist(), strict=True
    ):
        rgb[y - up : y + down + 1, x : x + 2] = 90
        rgb[[y - up, y + down], x - 4 : x + 6] = 90
        rgb[y + down // 2, x] = 170
        cv2.circle(rgb, (x * 8 + 4, y * 8), 4 * 8, BLUE, -1, cv2.LINE_AA, 3)
    gridded = replace(frame(), grid_y=np.sort(rows).astype(float))
    stems, _ = find_stems(see_ink(picture(rgb), gridded, ()), ())
    assert [s.bottom for s in sorted(stems, key=lambda s: s.x)] == pytest.approx(Y + DOWN, abs=END_PX)


@pytest.mark.parametrize("heights", [(60, 230), (150, 120), (200, 70, 120)])
def test_lines_of_few_groups_have_error_bars_as_wide_as_themselves(heights: tuple[int, ...]) -> None:
    # seaborn's pointplot: two or three points. One of three hides its own under a steep line.
    rgb, at = blank(), np.linspace(90, 340, len(heights)).astype(int)
    for k, (x, y) in enumerate(zip(at, heights, strict=True)):
        reach = 15 if k == 0 and len(heights) > 2 else 25 + 5 * k
        rgb[y - reach : y + reach + 1, x - 1 : x + 2] = BLUE
        cv2.circle(rgb, (int(x) * 8, y * 8), 6 * 8, BLUE, -1, cv2.LINE_AA, 3)
    cv2.polylines(rgb, [np.stack([at, heights], axis=1).astype(np.int32)], False, BLUE, 2, cv2.LINE_AA)
    (trace,) = trace_panel(picture(rgb), frame(), (), ())
    assert trace.kind == "line"
    assert trace.sampled_at == "markers"
    np.testing.assert_allclose(trace.x_px, at, atol=1.0)
    np.testing.assert_allclose(trace.y_px, heights, atol=1.5)
    assert trace.y_high_px is not None
    assert np.isfinite(trace.y_high_px).sum() >= 2


def test_the_lower_arm_of_a_point_under_another_series_is_no_part_of_its_marker() -> None:
    """Steel blue is no pale black, a line enters the arm, and another one runs down beside its middle."""
    x = np.array([79, 113, 147, 181, 216, 250, 284, 318, 353, 387])
    film = np.array([239.4, 209.8, 149.7, 64.0, 26.2, 67.6, 152.9, 214.6, 243.2, 249.7])
    solution = np.array([307.6, 313.2, 315.4, 313.8, 296.2, 154.4, 142.3, 269.7, 315.9, 320.9])
    reach = np.array([15.6, 9.2, 21.9, 18.7, 7.3, 14.5, 11.1, 11.2, 16.4, 21.8])

    def draw(figure: Figure) -> None:
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set(xlim=(0, 478), ylim=(401, 0))
        axes.axis("off")
        for k in range(20):
            axes.plot([60 + 18 * k] * 2, [340, 349], color="#262626", lw=1.2)
        style = {"lw": 1.44, "elinewidth": 1.44, "ms": 5.8}
        axes.errorbar(x, film, reach, fmt="o-", color="#4477aa", **style)
        axes.errorbar(x, solution, reach / 2, fmt="s-", color="#ee6677", **style)

    box = Box(left=60, top=3, right=474, bottom=349)
    drawn = render(draw, size=(4.78, 4.01))
    traces = trace_panel(drawn, replace(frame(), box=box), (), ())
    (blue,) = [t for t in traces if t.color[2] > t.color[0]]
    assert blue.x_px.size == x.size
    # Agg moves markers by up to half a pixel; with the arm the seventh is 3.5 px off.
    assert np.abs(blue.y_px + 0.5 - film).max() < 1.5 * END_PX
