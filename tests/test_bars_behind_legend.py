"""Bars that go on behind a legend inside the panel."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from digitizer.evidence import Box, ByteImage, LegendEntry, PanelFrame, Picture, TextSpan, Trace
from digitizer.stages.bars.find import find_bars
from digitizer.stages.bars.under_legend import follow_behind

FRAME = Box(left=20, top=10, right=300, bottom=200)
BLUE, GREEN = (31, 119, 180), (44, 160, 44)
PLACES, TOPS = (60, 130, 200), (62, 40, 150)
# Blends of the legend's edge and the bar may cost a row.
WITHIN_PX = 1.1


def drawn(opacity: float) -> ByteImage:
    """Three bars, and a legend over the tops of two that lets ``1 - opacity`` of them through."""
    rgb = np.full((221, 331, 3), 255, np.uint8)
    cv2.rectangle(rgb, (20, 10), (300, 200), (0, 0, 0), 1)
    for x, top in zip(PLACES, TOPS, strict=True):
        rgb[top:200, x - 20 : x + 21] = BLUE
    part = rgb[50:111, 35:156].astype(np.float64)
    rgb[50:111, 35:156] = np.rint(opacity * 255 + (1 - opacity) * part)
    cv2.rectangle(rgb, (35, 50), (155, 110), (204, 204, 204), 1)
    rgb[75:85, 45:70] = GREEN  # A sample, over a part of the first bar.
    return rgb


def followed(opacity: float) -> Trace:
    seen = [110.5 if top < 110 else top - 0.5 for top in TOPS]
    trace = Trace(
        kind="bar", color=BLUE, x_px=np.array(PLACES, dtype=np.float64), y_px=np.array(seen),
        sigma_px=np.full(3, 0.1), sampled_at="markers", base_px=np.full(3, 199.5), line_width_px=41.0,
    )  # fmt: skip
    frame = PanelFrame(
        box=FRAME, sides=frozenset(), background=(255, 255, 255), grid_x=np.zeros(0), grid_y=np.zeros(0)
    )
    picture = Picture(name="drawn", sha256="", rgb=drawn(opacity))
    return follow_behind(picture, frame, trace, [Box(left=42, top=56, right=150, bottom=104)])


@pytest.mark.parametrize("opacity", [0.5, 0.8])
def test_what_shines_through_is_followed_to_its_end(opacity: float) -> None:
    trace = followed(opacity)
    np.testing.assert_allclose(trace.y_px, np.array(TOPS) - 0.5, atol=WITHIN_PX)
    assert trace.hidden == 0.0
    assert np.all(trace.sigma_px < 1.0)


def test_ends_that_nothing_shows_are_unsure() -> None:
    trace = followed(1.0)
    assert trace.hidden == pytest.approx(2 / 3)
    off = np.abs(trace.y_px - (np.array(TOPS) - 0.5))
    assert np.all(off <= np.maximum(trace.sigma_px, WITHIN_PX) * 1.5)
    assert trace.sigma_px[2] == 0.1


@pytest.mark.parametrize("bottom", [104, 108])
def test_bars_that_a_legend_s_text_nearly_touches_are_found(bottom: float) -> None:
    frame = PanelFrame(
        box=FRAME, sides=frozenset(), background=(255, 255, 255), grid_x=np.zeros(0), grid_y=np.zeros(0)
    )
    name = TextSpan(box=Box(left=80, right=110, top=75, bottom=85), text="a", confidence=0.99)
    listed = LegendEntry(text=name, swatch=Box(left=45, right=70, top=75, bottom=85), color=GREEN)
    rgb = drawn(0.8)
    rgb[120:200, 249:290] = BLUE
    picture = Picture(name="drawn", sha256="", rgb=rgb)
    (bars,) = find_bars(picture, frame, (Box(left=42, top=56, right=150, bottom=bottom),), (listed,))
    np.testing.assert_allclose(bars.x_px, [*PLACES, 269], atol=0.6)
    np.testing.assert_allclose(bars.y_px, np.array([*TOPS, 120]) - 0.5, atol=WITHIN_PX)


def test_a_legend_with_a_title_over_the_foot_of_a_bar() -> None:
    rgb = np.full((221, 331, 3), 255, np.uint8)
    cv2.rectangle(rgb, (20, 10), (300, 200), (0, 0, 0), 1)
    tops = {GREEN: (40, 60, 30), BLUE: (100, 90, 120)}
    for nth, (color, ends) in enumerate(tops.items()):
        for left, top in zip((30, 120, 210), ends, strict=True):
            rgb[top:200, left + 40 * nth : left + 40 * nth + 39] = color
    # It ends within the first bar, and its title stands above names and samples.
    part = rgb[120:196, 24:59].astype(np.float64)
    rgb[120:196, 24:59] = np.rint(0.8 * 255 + 0.2 * part)
    cv2.rectangle(rgb, (24, 120), (58, 195), (204, 204, 204), 1)
    entries = []
    for y, color, text in ((150, GREEN, "a"), (170, BLUE, "b")):
        rgb[y : y + 8, 28:40] = color
        name = TextSpan(box=Box(left=46, right=54, top=y, bottom=y + 8), text=text, confidence=0.99)
        entries.append(
            LegendEntry(text=name, swatch=Box(left=28, right=39, top=y, bottom=y + 7), color=color)
        )
    listed = Box(left=26, right=56, top=148, bottom=180)
    title = Box(left=30, right=54, top=126, bottom=138)
    frame = PanelFrame(
        box=FRAME, sides=frozenset(), background=(255, 255, 255), grid_x=np.zeros(0), grid_y=np.zeros(0)
    )
    picture = Picture(name="drawn", sha256="", rgb=rgb)
    traces = find_bars(picture, frame, (title, listed), tuple(entries))
    assert [t.color for t in traces] == [GREEN, BLUE]
    for trace, ends in zip(traces, tops.values(), strict=True):
        np.testing.assert_allclose(trace.y_px, np.array(ends) - 0.5, atol=WITHIN_PX)
    np.testing.assert_allclose(traces[0].x_px, np.array([49, 139, 229]), atol=WITHIN_PX)


@pytest.mark.parametrize(
    ("end", "edge", "seen"), [(196, True, True), (240, True, False), (196, False, False)]
)
def test_level_bars_that_end_before_a_legend_are_seen_whole(end: int, edge: bool, seen: bool) -> None:
    """What runs under a legend meets its edge; without one drawn nothing tells where it lies."""
    rgb = np.full((221, 331, 3), 255, np.uint8)
    cv2.rectangle(rgb, (20, 10), (300, 200), (0, 0, 0), 1)
    ends = {25: 280, 70: 150, 115: 210, 160: end}
    for top, right in ends.items():
        rgb[top : top + 26, 21:right] = BLUE
    rgb[148:196, 201:296] = 255
    if edge:
        cv2.rectangle(rgb, (200, 147), (296, 196), (204, 204, 204), 1)
    rgb[168:176, 205:227] = BLUE
    name = TextSpan(box=Box(left=240, right=285, top=166, bottom=178), text="a", confidence=0.99)
    listed = LegendEntry(text=name, swatch=Box(left=205, right=226, top=168, bottom=175), color=BLUE)
    frame = PanelFrame(
        box=FRAME, sides=frozenset(), background=(255, 255, 255), grid_x=np.zeros(0), grid_y=np.zeros(0)
    )
    picture = Picture(name="drawn", sha256="", rgb=rgb)
    (bars,) = find_bars(picture, frame, (Box(left=203, right=287, top=164, bottom=180),), (listed,))
    found = dict(zip(bars.y_px, bars.x_px, strict=True))
    truth = [(top + 12.5, right - 0.5) for top, right in ends.items()][: 4 if seen else 3]
    assert sorted(found) == pytest.approx([y for y, _ in truth], abs=WITHIN_PX)
    assert [found[y] for y in sorted(found)] == pytest.approx([x for _, x in truth], abs=WITHIN_PX)
