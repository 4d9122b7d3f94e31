"""Lines under hollow markers that are filled with the ground's colour, and with gaps around markers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from series_drawings import Drawn, draw, trace

from digitizer.evidence import Trace
from digitizer.stages.checks.hollows import find_gaps
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


def test_gaps_around_all_markers_are_no_missing_ink() -> None:
    at = 20.0 + 40.0 * np.arange(6)
    marked = Trace(
        kind="line",
        color=(0, 0, 0),
        x_px=at,
        y_px=np.full(6, 50.0),
        sigma_px=np.full(6, 0.2),
        sampled_at="markers",
        marker="circle",
        marker_size_px=6.0,
    )
    x = np.arange(20.0, 221.0)
    y = np.full(x.size, 50.0)
    away = np.abs(x - at[:, None]).min(axis=0)
    bare = (away > 3.0) & (away < 9.0)
    assert find_gaps(marked, x, y, bare).tolist() == bare.tolist()
    # A stretch that lacks its line altogether, and gaps at one marker of three.
    torn = bare | ((x > 60) & (x < 100))
    assert find_gaps(marked, x, y, torn)[(x > 70) & (x < 90)].sum() == 0
    assert find_gaps(marked, x, y, torn)[bare].all()
    assert not find_gaps(marked, x, y, bare & (x < 90)).any()
