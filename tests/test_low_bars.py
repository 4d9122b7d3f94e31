"""Bars too low to be found end at their base or a pixel above it; what may hide a bar adds none."""

from __future__ import annotations

import numpy as np
import pytest

from digitizer.evidence import Box, ByteImage, LegendEntry, PanelFrame, Picture, Scale, Side, TextSpan, Trace
from digitizer.stages.bars.find import find_bars
from digitizer.stages.values.bar_values import n_seen_bars, share_categories
from digitizer.stages.values.low_bars import with_low_bars

FRAME = Box(left=20, top=10, right=400, bottom=290)
BLUE, GREY = (31, 119, 180), (90, 90, 90)


def frame() -> PanelFrame:
    sides = frozenset[Side](("left", "bottom"))
    none = np.zeros(0)
    return PanelFrame(box=FRAME, sides=sides, background=(255, 255, 255), grid_x=none, grid_y=none)


def drawn(tops: tuple[int, ...]) -> ByteImage:
    """Bars 70 pixels apart that stand on the line at 290."""
    rgb = np.full((307, 421, 3), 255, np.uint8)
    for k, top in enumerate(tops):
        rgb[top:290, 40 + 70 * k : 80 + 70 * k] = BLUE
    rgb[290, 20:401] = 0
    rgb[10:291, 20] = 0
    return rgb


def categories(n: int) -> Scale:
    place = np.arange(n, dtype=np.float64)
    return Scale(
        kind="category",
        origin=59.5,
        slope=70.0,
        values=place,
        used=np.ones(n, dtype=bool),
        residual_px=0.0,
        covariance=np.zeros((2, 2)),
        n_labels=n,
    )


def look(rgb: ByteImage) -> Trace:
    picture = Picture(name="drawn", sha256="", rgb=np.asarray(rgb, dtype=np.uint8))
    found = find_bars(picture, frame(), (), ())
    (trace,) = with_low_bars(picture, frame(), found, categories(5), None)
    return trace


def test_bars_without_height_stand_at_their_base() -> None:
    trace = look(drawn((60, 290, 210, 98, 289)))
    assert trace.x_px == pytest.approx(59.5 + 70 * np.arange(5), abs=0.5)
    assert trace.y_px[[1, 4]] == pytest.approx([289.5, 288.5], abs=1.0)
    assert trace.y_px[1] > trace.y_px[4]
    assert n_seen_bars(trace) == 4


def test_lying_bars_are_completed_along_y() -> None:
    rgb = np.ascontiguousarray(drawn((60, 290, 210, 98, 130)).transpose(1, 0, 2)[:, ::-1])
    # The line that bars stand on is 307 - 1 - 290 = 16 pixels from the left now.
    turned = PanelFrame(
        box=Box(left=16, top=20, right=296, bottom=400),
        sides=frozenset[Side](("left",)),
        background=(255, 255, 255),
        grid_x=np.zeros(0),
        grid_y=np.zeros(0),
    )
    picture = Picture(name="drawn", sha256="", rgb=np.asarray(rgb, dtype=np.uint8))
    (trace,) = with_low_bars(picture, turned, find_bars(picture, turned, (), ()), None, categories(5))
    assert trace.y_px == pytest.approx(59.5 + 70 * np.arange(5), abs=0.5)
    assert trace.x_px[1] == pytest.approx(16.5, abs=1.0)


def test_other_ink_at_a_bar_s_place_adds_none() -> None:
    rgb = drawn((60, 290, 210, 98, 130))
    found = find_bars(Picture(name="drawn", sha256="", rgb=rgb.copy()), frame(), (), ())
    rgb[200:290, 110:150] = GREY
    hidden = Picture(name="drawn", sha256="", rgb=rgb)
    assert with_low_bars(hidden, frame(), found, categories(5), None) == found


def test_few_bars_are_not_completed() -> None:
    assert look(drawn((60, 290, 290, 98, 290))).x_px.size == 2


ORANGE = (255, 127, 14)


@pytest.mark.parametrize(("left", "n"), [(80, 5), (50, 1)])
def test_one_bar_of_a_group_tells_where_the_others_would_be(left: int, n: int) -> None:
    rgb = drawn(())
    for k, top in enumerate((60, 130, 210, 98, 240)):
        # In the place of another series' bar it tells nothing of those.
        if k or left == 80:
            rgb[top:290, 50 + 70 * k : 80 + 70 * k] = BLUE
    rgb[150:290, left : left + 30] = ORANGE
    picture = Picture(name="drawn", sha256="", rgb=rgb)
    found = find_bars(picture, frame(), (), (entry("b", BLUE), entry("o", ORANGE)))
    found = with_low_bars(picture, frame(), found, categories(5), None)
    (trace,) = (t for t in found if t.color == ORANGE)
    assert trace.x_px.size == n
    assert trace.x_px == pytest.approx(left + 14.5 + 70 * np.arange(n), abs=0.5)
    assert trace.y_px[1:] == pytest.approx([289.5] * (n - 1), abs=1.0)


def entry(name: str, color: tuple[int, int, int]) -> LegendEntry:
    span = TextSpan(text=name, confidence=0.99, box=Box(left=430, top=20, right=440, bottom=30))
    return LegendEntry(text=span, swatch=None, color=color)


def test_colours_that_share_out_the_categories_lack_no_bar() -> None:
    def groups(left: int) -> tuple[Trace, ...]:
        rgb = drawn((60, 290, 210, 98, 290))
        for k, top in ((1, 130), (4, 200)):
            rgb[top:290, left + 70 * k : left + 40 + 70 * k] = ORANGE
        return find_bars(Picture(name="drawn", sha256="", rgb=rgb), frame(), (), ())

    assert share_categories(groups(40), categories(5))
    # Side by side each of them has a place of its own at every category.
    assert not share_categories(groups(52), categories(5))
    assert not share_categories(groups(40), categories(6))
