"""Bars that hide a part of their axis' line begin in the middle of its whole stroke."""

from __future__ import annotations

import numpy as np
import pytest

from digitizer.evidence import Box, PanelFrame, Picture, Trace
from digitizer.stages.checks.base_line import with_seen_base

BLUE = (31, 119, 180)
PLACES = 60.0 + 50 * np.arange(6)
WIDTH = 30


def look(strokes: list[int], hidden: list[int], side: float, *, lying: bool, wide: int = WIDTH) -> float:
    """Where bars begin that end at ``side``, over a line of rows of which they hide some."""
    rgb = np.full((300, 400, 3), 255, dtype=np.uint8)
    rgb[strokes, 20:381] = (60, 60, 60)
    for place in PLACES.astype(int):
        columns = slice(place - wide // 2, place + wide // 2 + 1)
        rgb[[*range(120, min(strokes)), *hidden], columns] = BLUE
    if lying:
        rgb = np.ascontiguousarray(rgb[::-1].transpose(1, 0, 2))
    box = Box(left=20, right=380, top=30, bottom=side)
    if lying:
        side = 299 - side
        box = Box(left=side, right=269, top=20, bottom=380)
    ends, bases = np.full(6, 120.0), np.full(6, side)
    trace = Trace(
        kind="bar",
        color=BLUE,
        x_px=299 - ends if lying else PLACES,
        y_px=PLACES if lying else ends,
        sigma_px=np.full(6, 0.3),
        sampled_at="markers",
        orientation="horizontal" if lying else "vertical",
        line_width_px=float(wide),
        base_px=bases,
    )
    frame = PanelFrame(
        box=box,
        sides=frozenset(("left", "bottom")),
        background=(255, 255, 255),
        grid_x=np.zeros(0),
        grid_y=np.zeros(0),
    )
    (seen,) = with_seen_base(Picture(name="drawn", sha256="", rgb=rgb), frame, [trace])
    assert seen.base_px is not None
    base = float(seen.base_px[0])
    return 299 - base if lying else base


@pytest.mark.parametrize("lying", [False, True])
def test_two_rows_of_which_one_is_hidden(lying: bool) -> None:
    assert look([250, 251], [250], 251.0, lying=lying) == pytest.approx(250.5)
    assert look([250, 251], [], 250.5, lying=lying) == pytest.approx(250.5)


@pytest.mark.parametrize("lying", [False, True])
def test_what_is_not_seen_moves_no_base(lying: bool) -> None:
    assert look([251], [], 251.0, lying=lying) == pytest.approx(251.0)
    # Bars that touch leave no column between them, and a line elsewhere is not the side's.
    assert look([250, 251], [250], 251.0, lying=lying, wide=51) == pytest.approx(251.0, abs=0.6)
    assert look([247, 248], [], 251.0, lying=lying) == pytest.approx(251.0)
