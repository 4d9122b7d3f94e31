"""Pairs of a pale line and a bold one over it: values as they came, and their average."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from digitizer.colors import to_lab
from digitizer.evidence import Trace

# A pale line stands off the ground by no more than this share of what its average does (Lab distances; drawn
# at an opacity of 0.1 to 0.4 it has 0.1 to 0.5).
PALE = 0.65
# Both run over this share of the width that they span together.
TOGETHER = 0.8


def find_raw(traces: Sequence[Trace], background: tuple[int, int, int]) -> int | None:
    """Which of a panel's two bare lines is the pale, rough one under its bold average; None where none is.

    Nobody names such a pair: what the axis is called, the raw one is.
    """
    if len(traces) != 2 or any(t.kind != "line" or t.marker != "none" for t in traces):
        return None
    lab = to_lab(np.array([t.color for t in traces] + [background], dtype=np.float64))
    strength = np.linalg.norm(lab[:2] - lab[2], axis=1)
    raw = int(np.argmin(strength))
    if strength[raw] > PALE * strength[1 - raw]:
        return None
    ends = np.array([(np.min(t.x_px), np.max(t.x_px)) for t in traces])
    shared, whole = ends[:, 1].min() - ends[:, 0].max(), np.ptp(ends)
    rough = [float(np.nanmedian(t.sigma_px)) for t in traces]
    return raw if shared > TOGETHER * whole and rough[raw] > rough[1 - raw] else None
