"""Put a point into a line."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from digitizer.evidence import Trace


def with_point(trace: Trace, at: int, x: float, y: float, sigma: float) -> Trace:
    """A trace with a point more, before the one at index ``at`` (source px)."""
    return replace(
        trace,
        x_px=np.insert(trace.x_px, at, x),
        y_px=np.insert(trace.y_px, at, y),
        sigma_px=np.insert(trace.sigma_px, at, sigma),
    )
