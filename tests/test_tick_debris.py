"""Ticks inside a panel do not make a series of the few black pixels where lines cross."""

from __future__ import annotations

import numpy as np

from digitizer.evidence import Box, LegendEntry, PanelFrame, Picture, TextSpan
from digitizer.stages.series.trace import trace_series

RED, GREY = (220, 20, 60), (188, 188, 188)
FRAME = PanelFrame(
    box=Box(left=10, top=10, right=410, bottom=310), sides=frozenset({"left", "right", "top", "bottom"}),
    background=(255, 255, 255), grid_x=np.zeros(0), grid_y=np.zeros(0),
)  # fmt: skip


def entry(color: tuple[int, int, int]) -> LegendEntry:
    at = Box(left=0, top=0, right=9, bottom=9)
    return LegendEntry(
        text=TextSpan(box=at, text="a", confidence=1.0),
        swatch=at,
        color=color,
        line_style="solid",
        marker="none",
    )


def test_black_specks_beside_ticks_are_no_series() -> None:
    rgb = np.full((330, 430, 3), 255, np.uint8)
    x = np.arange(12, 409)
    for color, y in ((RED, 280 - 0.6 * (x - 12)), (GREY, 60 + 0.5 * (x - 12))):
        for k in range(3):
            rgb[np.round(y).astype(int) + k, x] = color
    # Where strokes run together compression leaves some pixels that are as dark as the ticks.
    for k in range(60):
        rgb[100 + k // 5 : 102 + k // 5, 100 + 3 * k] = 0
    for edge in (10, 310):
        rgb[edge, 10:411] = 0
    for edge in (10, 410):
        rgb[10:311, edge] = 0
    for at in range(30, 400, 20):
        rgb[11:18, at : at + 2] = 0
        rgb[303:310, at : at + 2] = 0
    picture = Picture(name="drawn", sha256="", rgb=rgb)
    traces = trace_series(picture, FRAME, (), (entry(RED), entry(GREY)))
    assert sorted(t.color for t in traces) == sorted([RED, GREY])
