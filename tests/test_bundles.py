"""Several lines of one colour with discs at the same x, in a small panel."""

from __future__ import annotations

import numpy as np
import pytest
from series_drawings import draw, trace

from digitizer.evidence import FloatArray
from digitizer.stages.series import trace as series_trace
from digitizer.stages.series.bundles.comb import Discs
from digitizer.stages.series.bundles.settle import _come_near, _Drawing


def courses(seed: int, lines: int, points: int = 12) -> list[FloatArray]:
    rng = np.random.default_rng(seed)
    return [
        rng.uniform(30, 60) + np.linspace(0, 12, points) + np.cumsum(rng.normal(0, 1.2, points))
        for _ in range(lines)
    ]


@pytest.mark.parametrize(("lines", "seed"), [(2, 1), (4, 2), (6, 3)])
def test_lines_of_one_colour_are_told_apart_by_their_steps(lines: int, seed: int) -> None:
    x = np.arange(1952.0, 2008.0, 5.0)
    look = {"color": "black", "marker": "o", "ms": 4, "lw": 1.2}
    drawn = draw([(x, y, look) for y in courses(seed, lines)], size=(2.6, 2.4))
    found = trace(drawn)
    assert len(found) == lines
    near = [
        max(np.count_nonzero(np.abs(np.interp(true_x, t.x_px, t.y_px) - true_y) < 1.5) for t in found)
        for true_x, true_y in drawn.truth
    ]
    assert np.sum(near) >= 0.9 * lines * x.size


def test_a_spaghetti_of_lines_is_nearly_all_found() -> None:
    x = np.arange(1952.0, 2008.0, 5.0)
    look = {"color": "black", "marker": "o", "ms": 4, "lw": 1.0}
    drawn = draw([(x, y, look) for y in courses(5, 16)], size=(2.9, 2.7))
    found = trace(drawn)
    assert 13 <= len(found) <= 19
    hit = [
        min(float(np.median(np.abs(np.interp(tx, t.x_px, t.y_px) - ty))) for t in found) < 4.0
        for tx, ty in drawn.truth
    ]
    assert np.mean(hit) >= 0.9


def test_a_crowd_is_not_looked_for_line_by_line(monkeypatch: pytest.MonkeyPatch) -> None:
    x = np.arange(1952.0, 2008.0, 5.0)
    look = {"color": "black", "marker": "o", "ms": 4, "lw": 1.0}
    drawn = draw([(x, y, look) for y in courses(5, 24)], size=(2.9, 2.7))
    alone = trace(drawn)
    assert 20 <= len(alone) <= 30
    monkeypatch.setattr(series_trace, "_trace_one_by_one", lambda *_: pytest.fail("line by line"))
    assert len(trace(drawn)) == len(alone)


def test_one_line_with_discs_stays_one() -> None:
    x = np.arange(1952.0, 2008.0, 5.0)
    (y,) = courses(4, 1)
    drawn = draw([(x, y, {"color": "black", "marker": "o", "ms": 4})], size=(2.6, 2.4))
    (found,) = trace(drawn)
    assert (found.sampled_at, found.x_px.size) == ("markers", x.size)


def test_a_line_that_is_gone_is_missed_by_those_near_it_alone() -> None:
    discs = Discs(x=np.array([10.0, 40.0, 70.0]), radius=3.0)
    ink = np.zeros((200, 90))
    drawing = _Drawing(ink=ink, load=np.zeros_like(ink), discs=discs, width=2.0)
    paths = np.array([[20.0, 25.0, 20.0], [60.0, 25.0, 60.0], [120.0, 120.0, 120.0]])
    assert _come_near(drawing, paths, np.array([20.0, 22.0, 20.0])).tolist() == [True, True, False]
