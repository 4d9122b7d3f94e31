"""Markers that lie on their neighbours: those off their steps and pieces as large as one are told."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from digitizer.evidence import Box, PanelEvidence, Redrawn, Trace
from digitizer.stages.status.crowd_doubts import crowd_off
from digitizer.stages.status.judge import MAX_UNSURE_SHARE
from tests.evidences import FRAME, line

SIZE = 7.0
HEIGHTS = 120 + 40 * np.sin(np.arange(100) * 1.7)


def marked(x: np.ndarray) -> Trace:
    return line(x, HEIGHTS[: x.size], sampled_at="markers", marker="circle", marker_size_px=SIZE)


def off(trace: Trace, n_left: int = 0, side: float = SIZE) -> float:
    pieces = tuple(
        Box(left=70.0 + 9 * k, top=100.0, right=70.0 + 9 * k + side, bottom=100.0 + side)
        for k in range(n_left)
    )
    return crowd_off(PanelEvidence(frame=FRAME, traces=(trace,), redrawn=Redrawn(unexplained=pieces)))


CROWDED = 60 + 3.3 * np.arange(100)


def test_crowded_markers_on_even_steps_without_ink_left_are_believed() -> None:
    assert off(marked(CROWDED)) == pytest.approx(0.0)


def test_pieces_as_large_as_a_marker_are_markers_that_were_not_found() -> None:
    # Five of a hundred are seen to be missing, and as many again stand where these should not.
    assert off(marked(CROWDED), n_left=5) == pytest.approx(0.1)
    assert off(marked(CROWDED), n_left=5, side=2.0) == pytest.approx(0.0)


def test_crowded_markers_off_their_steps_are_doubted() -> None:
    rng = np.random.default_rng(4)
    more = np.sort(np.concatenate([CROWDED, rng.uniform(70, 380, 12)]))[:100]
    assert off(marked(more)) > MAX_UNSURE_SHARE


@pytest.mark.parametrize(("step", "doubted"), [(1.2, True), (3.3, False)])
def test_more_is_off_than_told_where_markers_show_their_rims_alone(step: float, doubted: bool) -> None:
    # By these deviations 4 % of the points are off.
    sigma = np.full(100, 0.01 * FRAME.box.height * (0.04 / 0.96) ** 0.2)
    trace = replace(marked(60 + step * np.arange(100)), sigma_px=sigma)
    assert (off(trace) > MAX_UNSURE_SHARE) == doubted


def test_markers_that_stand_free_are_not_asked() -> None:
    apart = 60 + 10.0 * np.arange(36)
    assert off(marked(apart), n_left=8) == 0.0
    assert off(marked(np.sort(apart + np.random.default_rng(1).normal(0, 2, 36)))) == 0.0
