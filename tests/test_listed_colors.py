"""A listed colour is looked for near its sample, and no nearer to another listed one: JPEG spreads them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from digitizer.evidence import Box, LegendEntry, PanelFrame, Picture, TextSpan
from digitizer.stages.series.inks.ink import see_ink
from digitizer.stages.series.inks.palette import separate_colors

TEAL, BLUE, VIOLET, GREY = (9, 147, 130), (9, 115, 177), (124, 95, 140), (140, 140, 140)
Color = tuple[int, int, int]
FRAME = PanelFrame(
    box=Box(left=10, top=10, right=790, bottom=590), sides=frozenset(), background=(255, 255, 255),
    grid_x=np.zeros(0), grid_y=np.zeros(0),
)  # fmt: skip


def entry(color: Color) -> LegendEntry:
    at = Box(left=0, top=0, right=9, bottom=9)
    return LegendEntry(text=TextSpan(box=at, text="a", confidence=1.0), swatch=at, color=color)


def draw(strokes: list[tuple[Color, float, int]]) -> Picture:
    """Strokes of one row, their colours spread by so much."""
    rng = np.random.default_rng(3)
    rgb = np.full((600, 800, 3), 255.0)
    row = 30
    for color, spread, n in strokes:
        for _ in range(n):
            columns = np.arange(20, 780)
            rgb[row + columns // 20, columns] = color + rng.normal(0, spread, (760, 3))
            row += 25
    return Picture(name="drawn", sha256="", rgb=np.round(np.clip(rgb, 0, 255)).astype(np.uint8))


@pytest.mark.parametrize(
    ("own", "other", "listed"), [(TEAL, BLUE, (BLUE, TEAL)), (VIOLET, GREY, (VIOLET,))], ids=["listed", "not"]
)
def test_a_thin_line_keeps_its_colour_beside_much_ink_of_one_near_it(
    own: Color, other: Color, listed: tuple[Color, ...]
) -> None:
    ink = see_ink(draw([(other, 8.0, 6), (own, 8.0, 1)]), FRAME, ())
    assert ink is not None
    ink = replace(ink, noise=4.0)
    strokes = separate_colors(ink, tuple(entry(color) for color in listed))
    found = next(s for s in strokes if s.legend == listed.index(own))
    assert np.abs(found.color - np.array(own)).max() < 8
