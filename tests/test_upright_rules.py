"""Upright lines for orientation that a legend lists are no series; those that end inside a panel may be."""

from __future__ import annotations

import numpy as np
import pytest

from digitizer.evidence import Box, LegendEntry, PanelFrame, Picture, TextSpan, Trace
from digitizer.stages.checks.upright_rules import without_upright_rules

BLUE, GREY = (31, 119, 180), (128, 128, 128)
FRAME = PanelFrame(
    box=Box(left=20, top=20, right=320, bottom=220),
    sides=frozenset({"left", "bottom", "top", "right"}),
    background=(255, 255, 255),
    grid_x=np.zeros(0),
    grid_y=np.zeros(0),
)


def entry(color: tuple[int, int, int], top: int) -> LegendEntry:
    swatch, box = (Box(left=a, top=top, right=b, bottom=top + 8) for a, b in ((230, 250), (255, 310)))
    return LegendEntry(text=TextSpan(text=str(top), box=box, confidence=1.0), swatch=swatch, color=color)


def line(color: tuple[int, int, int]) -> Trace:
    x = np.arange(30.0, 310.0, 10.0)
    sigma = np.full(x.size, 0.1)
    return Trace(kind="line", color=color, x_px=x, y_px=150 - 0.2 * x, sigma_px=sigma, sampled_at="vertices")


@pytest.mark.parametrize(
    ("rows", "columns", "found", "kept"),
    [
        (slice(21, 220), slice(280, 282), (), 1),
        (slice(34, 207), slice(280, 282), (), 2),
        (slice(21, 220), slice(280, 282), (GREY,), 2),
        (slice(120, 122), slice(21, 320), (), 2),
    ],
)
def test_an_upright_line_from_side_to_side_is_no_series(
    rows: slice, columns: slice, found: tuple[tuple[int, int, int], ...], kept: int
) -> None:
    rgb = np.full((240, 340, 3), 255, dtype=np.uint8)
    rgb[rows, columns] = GREY
    rgb[70:72, 230:251] = GREY
    if columns.stop - columns.start == 2:
        for top in range(rows.start + 10, rows.stop - 4, 14):
            rgb[top : top + 4, columns] = 255
    picture = Picture(rgb=rgb, name="rules.png", sha256="")
    legend = (entry(BLUE, 50), entry(GREY, 67))
    (left,) = without_upright_rules(picture, [FRAME], [legend], [tuple(line(c) for c in (BLUE, *found))])
    assert len(left) == kept
