"""What bars throw to their sides is theirs; a bar that was missed beside them is not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from digitizer.evidence import Picture, Trace
from digitizer.stages.checks.redraw import compare
from tests.evidences import FRAME

BLUE, RED, GREY = (31, 119, 180), (214, 39, 40), (190, 190, 190)
WIDTH = 20


def bars(lefts: list[int], tops: list[int], color: tuple[int, int, int]) -> Trace:
    n = len(lefts)
    return Trace(
        kind="bar", color=color, x_px=np.array(lefts) + (WIDTH - 1) / 2, y_px=np.array(tops, dtype=float),
        sigma_px=np.full(n, 0.3), sampled_at="markers", line_style="none", line_width_px=float(WIDTH),
        base_px=np.full(n, 219.0),
    )  # fmt: skip


def explained(*, lying: bool, shadow: int, second: bool) -> float:
    """The share of ink that the blue bars explain, of a drawing with shadows and perhaps red bars."""
    rgb = np.full((260, 480, 3), 255, dtype=np.uint8)
    lefts, tops = [90, 190, 290], [80, 130, 50]
    for left, top in zip(lefts, tops, strict=True):
        rgb[top:220, left + WIDTH : left + WIDTH + shadow] = GREY
        rgb[top:220, left : left + WIDTH] = BLUE
        if second:
            rgb[top + 20 : 220, left + WIDTH : left + 2 * WIDTH] = RED
    trace, frame = bars(lefts, tops, BLUE), replace(FRAME, sides=frozenset())
    if lying:
        rgb = np.ascontiguousarray(rgb.transpose(1, 0, 2))
        box = replace(FRAME.box, left=20, top=50, right=220, bottom=450)
        frame = replace(frame, box=box)
        trace = replace(trace, x_px=trace.y_px, y_px=trace.x_px, orientation="horizontal")
    picture = Picture(name="bars", sha256="", rgb=rgb)
    return compare(picture, frame, (trace,), ())[0].explained


@pytest.mark.parametrize("lying", [False, True])
def test_shadows_are_explained_and_bars_that_were_missed_are_not(lying: bool) -> None:
    assert explained(lying=lying, shadow=0, second=False) == pytest.approx(1.0, abs=0.01)
    assert explained(lying=lying, shadow=6, second=False) == pytest.approx(1.0, abs=0.01)
    assert explained(lying=lying, shadow=0, second=True) < 0.8
