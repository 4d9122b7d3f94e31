"""A cloud whose redrawing leaves nothing, and of which hardly a marker can be hidden, is hardly a doubt."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from digitizer.evidence import PanelEvidence, Redrawn
from digitizer.stages.status.doubts import measure_doubts
from tests.evidences import FRAME, line

RNG = np.random.default_rng(5)
# Markers of 6 px on a panel of 400 by 200: few come near each other.
CLOUD = line(
    np.sort(RNG.uniform(60, 440, 40)), RNG.uniform(30, 210, 40), kind="scatter", line_style="none",
    marker="circle", marker_size_px=6.0, sampled_at="markers",
)  # fmt: skip


@pytest.mark.parametrize(
    ("hidden", "sliver", "whole"),
    [(0.0, 0.0, False), (0.03, 0.0, False), (0.06, 0.0, True), (0.0, 0.05, True)],
)
def test_clouds_count_in_full_where_markers_may_be_missing(hidden: float, sliver: float, whole: bool) -> None:
    panel = PanelEvidence(
        frame=FRAME,
        traces=(replace(CLOUD, hidden=hidden),),
        names=(None,),
        redrawn=Redrawn(slivers=(sliver,)),
    )
    assert measure_doubts(panel)["kind scatter"] == (1.0 if whole else 0.5)


@pytest.mark.parametrize(
    ("sigma", "beyond", "whole"), [(0.1, 0.0, False), (3.0, 0.0, True), (0.1, 0.2, True)]
)
def test_bands_count_in_full_where_their_edges_are_unsure_or_ink_lies_beyond(
    sigma: float, beyond: float, whole: bool
) -> None:
    x = np.linspace(60.0, 440.0, 96)
    band = line(x, 100 + 30 * np.sin(x / 60), kind="band", sampled_at="columns", sigma_px=np.full(96, sigma))
    band = replace(band, y_low_px=band.y_px + 20.0, y_high_px=band.y_px - 20.0)
    panel = PanelEvidence(frame=FRAME, traces=(band,), names=(None,), beyond=beyond)
    assert measure_doubts(panel)["kind band"] == (1.0 if whole else 0.5)
