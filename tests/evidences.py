"""What tests share: a panel, a line read in it, an axis with its labels."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from digitizer.evidence import AxisEvidence, Box, PanelFrame, TextSpan, Trace

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


def axis_of(
    texts: list[str], px: list[float], *, marks: list[float] | None = None, title: str | None = None
) -> AxisEvidence:
    """An x axis with labels at places (px), and marks there unless others are given."""

    def span(text: str, at: float) -> TextSpan:
        return TextSpan(box=Box(left=at - 8, right=at + 8, top=300, bottom=309), text=text, confidence=0.99)

    return AxisEvidence(
        side="bottom",
        marks=np.array(px if marks is None else marks, dtype=float),
        labels=tuple(span(t, p) for t, p in zip(texts, px, strict=True)),
        label_px=np.array(px, dtype=float),
        label_sigma_px=np.full(len(px), 0.29),
        title=None if title is None else span(title, 200),
    )
