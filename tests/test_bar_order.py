"""Level bars: listed downwards, from the bottom up, or nothing tells."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from digitizer.evidence import (
    AxisEvidence,
    Box,
    LegendEntry,
    PanelEvidence,
    PanelFrame,
    Scale,
    TextSpan,
    Trace,
)
from digitizer.stages.status.axis_doubts import measure_axis_doubts
from digitizer.stages.status.judge import judge_panel
from digitizer.stages.values.bar_order import names_run_down, runs_downwards

COLORS = ((31, 119, 180), (255, 127, 14), (44, 160, 44))
MIDDLES = np.array([60.0, 120.0, 180.0])


@pytest.mark.parametrize(
    ("names", "downwards"),
    [
        (["Jan", "Feb", "Mar"], True),
        (["Mar", "Feb", "Jan"], False),
        (["Q1", "Q2", "Q3", "Q4"], True),
        (["2021", "2020", "2019"], False),
        (["ant", "Bee", "cow", "dog"], True),
        (["dog", "cow", "Bee", "ant"], False),
        (["vc", "naive", "count", "lut"], None),
        (["Chrome", "Firefox", "Safari", "Other"], True),
        (["Other", "Safari", "Firefox", "Chrome"], False),
        (["Never", "Sometimes", "Often"], True),
        (["High", "Medium", "Low"], False),
        (["Often", "Never", "Always"], None),
        (["XS", "S", "M", "L", "XL"], True),
        (["L", "M", "S"], False),
        (["Tertiary", "Secondary", "Primary"], False),
        (["a", "b"], None),
        (["0-9", "10-19", "20-29"], True),
        (["gzip -1", "xz -2", "lz4 -3"], None),
        (["Q3 22", "Q4 22", "Q1 23"], True),
        (["Q1 23", "Q4 22", "Q3 22"], False),
        (["Q3 21", "Q2 22", "Q1 23"], None),
        (["C", "D", "E"], True),
        (["group C", "group B", "group A"], False),
        (["B", "A", "C"], None),
        (["A", "F", "K"], None),
        (["null", "Action", "Comedy", "Drama", "Horror", "Musical", "Western"], True),
        (["A", "B", "C", "D", "a E", "F", "G", "H"], True),
        (["naive", "count", "vc", "sse2", "table", "unroll", "lut"], None),
    ],
)
def test_names_tell_how_they_are_listed(names: list[str], downwards: bool | None) -> None:
    assert names_run_down(names) is downwards


def _text(text: str, left: float, top: float) -> TextSpan:
    box = Box(left=left, top=top, right=left + 40, bottom=top + 12)
    return TextSpan(text=text, box=box, confidence=0.99)


def _grouped(offsets: list[float], *, row: bool) -> PanelEvidence:
    """Three level bars a group, the k-th series ``offsets[k]`` px below each label's middle."""
    names = ("north", "south", "west")
    labels = tuple(_text(text, 0, y - 6) for text, y in zip(("xz", "lz4", "gzip"), MIDDLES, strict=True))
    scale = Scale(
        kind="category", origin=60.0, slope=60.0, values=np.arange(3.0), used=np.ones(3, dtype=bool),
        residual_px=0.0, covariance=np.zeros((2, 2)),
    )  # fmt: skip
    traces = tuple(
        Trace(
            kind="bar", color=color, x_px=np.array([150.0, 200.0, 250.0]), y_px=MIDDLES + off,
            sigma_px=np.ones(3), sampled_at="markers", orientation="horizontal",
            base_px=np.full(3, 50.0), line_width_px=12.0,
        )
        for color, off in zip(COLORS, offsets, strict=True)
    )  # fmt: skip
    legend = tuple(
        LegendEntry(
            text=_text(name, 60 + 70 * k if row else 300, 5 if row else 50 + 20 * k), swatch=None, color=color
        )
        for k, (name, color) in enumerate(zip(names, COLORS, strict=True))
    )
    return PanelEvidence(
        frame=PanelFrame(
            box=Box(left=50, top=30, right=290, bottom=210),
            sides=frozenset(),
            background=(255, 255, 255),
            grid_x=np.empty(0),
            grid_y=np.empty(0),
        ),
        y_axis=AxisEvidence(
            side="left", labels=labels, label_px=MIDDLES, label_sigma_px=np.ones(3), marks=np.empty(0)
        ),
        y_scale=scale,
        traces=traces,
        names=names,
        legend=legend,
    )


@pytest.mark.parametrize(
    ("offsets", "row", "downwards"),
    [
        ([-14, 0, 14], True, True),
        ([14, 0, -14], True, False),
        ([0, 0, 0], True, None),
        ([14, -14, 0], True, None),
        ([-14, 0, 14], False, None),
        ([14, 0, -14], False, False),
        ([14, -14, 0], False, None),
    ],
)
def test_groups_tell_how_they_are_listed(offsets: list[float], row: bool, downwards: bool | None) -> None:
    panel = _grouped(offsets, row=row)
    assert runs_downwards(panel) is downwards
    assert measure_axis_doubts(panel)["bar order"] == (downwards is None)
    codes = [notice.code for notice in judge_panel(panel)[2]]
    assert ("category-order" in codes) is (downwards is None)


@pytest.mark.parametrize("down", [True, False])
def test_the_order_in_which_a_drawing_has_its_bars_tells_more_than_how_groups_are_listed(down: bool) -> None:
    panel = _grouped([-14, 0, 14], row=True)
    panel = replace(panel, traces=tuple(replace(trace, drawn_down=down) for trace in panel.traces))
    assert runs_downwards(panel) is down
    assert measure_axis_doubts(panel)["bar order"] == 0.0
