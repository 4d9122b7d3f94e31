"""Doubts about axes: bars that nearly start at zero, and a factor taken for a title."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from digitizer.evidence import Box, PanelEvidence, PanelFrame, Scale, TextSpan, Trace
from digitizer.stages.status.axis_doubts import measure_axis_doubts

FRAME = PanelFrame(
    box=Box(left=50, top=20, right=350, bottom=220),
    sides=frozenset(("left", "bottom")),
    background=(255, 255, 255),
    grid_x=np.zeros(0),
    grid_y=np.zeros(0),
)
SPAN = TextSpan(box=Box(left=60, right=120, top=4, bottom=14), text="", confidence=1.0)


def bars_over(zero: float) -> PanelEvidence:
    """Bars that stand on the bottom at 220, on an axis whose zero lies at ``zero`` (px)."""
    y_scale = Scale(
        kind="linear", origin=zero, slope=-20.0, values=np.arange(0.0, 9.0, 2.0), used=np.ones(5, bool),
        residual_px=0.2, covariance=np.zeros((2, 2)),
    )  # fmt: skip
    bars = Trace(
        kind="bar", color=(214, 39, 40), x_px=np.array([90.0, 150.0]), y_px=np.full(2, 100.0),
        sigma_px=np.full(2, 0.3), sampled_at="markers", line_style="none", line_width_px=20.0,
        base_px=np.full(2, 220.0),
    )  # fmt: skip
    return PanelEvidence(frame=FRAME, y_scale=y_scale, traces=(bars,), names=(None,))


@pytest.mark.parametrize(
    ("zero", "doubt"), [(220.0, 0.0), (217.0, 3 / 201 / 0.005), (150.0, 0.0), (400.0, 0.0)]
)
def test_bars_nearly_at_zero_doubt_the_scale(zero: float, doubt: float) -> None:
    assert measure_axis_doubts(bars_over(zero))["bars near zero"] == pytest.approx(doubt, abs=1e-6)


@pytest.mark.parametrize("text", ["+1.013×105", "×10^4", "1e6", "+3e5", "-2.5 × 10 3", "x 10^5"])
def test_a_factor_that_became_a_title_is_a_doubt(text: str) -> None:
    panel = replace(bars_over(220.0), title=replace(SPAN, text=text))
    assert measure_axis_doubts(panel)["factor unread"] == 1


@pytest.mark.parametrize(
    "text", ["2019", "4", "(a) Pressure", "Loss × 10 runs", "GPT-4", "3 x 3 grid", "-5 °C", "1e"]
)
def test_other_titles_are_none(text: str) -> None:
    panel = replace(bars_over(220.0), title=replace(SPAN, text=text))
    assert measure_axis_doubts(panel)["factor unread"] == 0
