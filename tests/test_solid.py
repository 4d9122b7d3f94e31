"""One solid line among dashed ones of its colour."""

from __future__ import annotations

from typing import Literal

import cv2
import numpy as np
import pytest

from digitizer.evidence import Box, FloatArray, LegendEntry, PanelFrame, Picture, TextSpan, Trace
from digitizer.stages.series import trace_series

WIDTH, HEIGHT = 461, 361
FRAME = Box(left=30, top=20, right=430, bottom=330)
BLACK = (0, 0, 0)
X = np.linspace(50.0, 410.0, 721)
DASH, GAP = 9.0, 4.0
# Columns read by the middle of their ink are a pixel off where dashes cross; dashes rise by 2.9 px a column,
# and are read to a pixel across their stroke.
WITHIN_PX, DASHED_PX = 1.5, 3.0


def entry(name: str, style: Literal["solid", "dashed"], row: int) -> LegendEntry:
    box = Box(left=300, top=340 + row, right=340, bottom=346 + row)
    text = TextSpan(text=name, box=box, confidence=1.0, panel=None)
    swatch = Box(left=270, top=342 + row, right=290, bottom=344 + row)
    return LegendEntry(text=text, swatch=swatch, color=BLACK, line_style=style, marker="none")


def look(solid: FloatArray, dashed: FloatArray) -> tuple[Trace, ...]:
    rgb = np.full((HEIGHT, WIDTH, 3), 255, np.uint8)
    arc = np.r_[0.0, np.cumsum(np.hypot(np.diff(X), np.diff(dashed)))]
    on = arc % (DASH + GAP) < DASH
    for y, shown in ((solid, np.ones(X.size, dtype=bool)), (dashed, on)):
        points = np.round(np.stack([X, y], axis=1) * 16).astype(np.int32).reshape(-1, 1, 2)
        for part in np.split(np.arange(X.size), np.flatnonzero(np.diff(shown.astype(int))) + 1):
            if shown[part[0]]:
                cv2.polylines(rgb, [points[part]], False, BLACK, 2, cv2.LINE_AA, shift=4)
    none = np.zeros(0)
    frame = PanelFrame(box=FRAME, sides=frozenset(), background=(255, 255, 255), grid_x=none, grid_y=none)
    legend = (entry("whole", "solid", 0), entry("broken", "dashed", 8))
    return trace_series(Picture(name="drawn", sha256="", rgb=rgb), frame, (), legend)


def off(trace: Trace, y: FloatArray) -> float:
    """How far a line is from its truth at 97 of 100 places (px)."""
    seen = np.isfinite(trace.y_px)
    return float(np.quantile(np.abs(np.interp(X, trace.x_px[seen], trace.y_px[seen]) - y), 0.97))


@pytest.mark.parametrize("seed", range(3))
def test_a_noisy_solid_line_keeps_its_course_where_a_dashed_one_crosses(seed: int) -> None:
    rng = np.random.default_rng(seed)
    places = np.linspace(50.0, 410.0, 40)
    solid = np.interp(X, places, 270 - 0.5 * (places - 50) + rng.normal(0, 9, 40))
    dashed = 280 - 200 * np.exp(-(((X - 230) / 60) ** 2))
    traces = look(solid, dashed)
    assert sorted(t.line_style for t in traces) == ["dashed", "solid"]
    by_style = {t.line_style: t for t in traces}
    assert off(by_style["solid"], solid) < WITHIN_PX
    assert off(by_style["dashed"], dashed) < DASHED_PX
