"""What the tests of doubts share: a panel, and a line read in it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from digitizer.evidence import Box, PanelFrame, Trace

FRAME = PanelFrame(
    box=Box(left=50, top=20, right=450, bottom=220),
    sides=frozenset(("left", "bottom")),
    background=(255, 255, 255),
    grid_x=np.zeros(0),
    grid_y=np.zeros(0),
)


def line(x: np.ndarray, y: np.ndarray, **changes: object) -> Trace:
    trace = Trace(
        kind="line", color=(31, 119, 180), x_px=x.copy(), y_px=y.copy(), sigma_px=np.full(x.size, 0.1),
        sampled_at="vertices",
    )  # fmt: skip
    return replace(trace, **changes)
