"""Lines under hollow markers that are filled with the ground's colour."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from series_drawings import Drawn, draw, trace

from digitizer.evidence import Trace
from digitizer.stages.checks.redraw import compare

X = np.arange(9.0)
Y = np.array([2.0, 2.6, 2.2, 3.4, 3.1, 4.0, 3.2, 3.7, 4.4])


def support(drawn: Drawn, found: Trace) -> float:
    return compare(drawn.picture, drawn.frame, (found,), ())[1][0]


@pytest.mark.parametrize("marker", ["o", "s", "^"])
def test_a_line_need_not_show_in_hollow_markers(marker: str) -> None:
    style = {"marker": marker, "markersize": 11, "linewidth": 1.5, "color": "C0", "markerfacecolor": "white"}
    drawn = draw([(X, Y, style)])
    (found,) = trace(drawn)
    assert found.sampled_at == "markers"
    assert support(drawn, found) > 0.98


def test_a_line_shows_where_no_marker_hides_it() -> None:
    drawn = draw([(X, Y, {"marker": "o", "markersize": 11, "linestyle": "none", "markerfacecolor": "white"})])
    (cloud,) = trace(drawn)
    joined = replace(cloud, kind="line", line_style="solid", line_width_px=2.0)
    assert support(drawn, joined) < 0.4
