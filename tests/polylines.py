"""Strokes of a round pen that follow polylines, drawn exactly."""

from __future__ import annotations

import numpy as np

from digitizer.evidence import FloatArray
from digitizer.stages.series.inks.ink import FloatImage

HEIGHT, WIDTH = 90, 140


def cover(x: FloatArray, y: FloatArray, width: float) -> FloatImage:
    """Coverage by a round pen that follows a polyline."""
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH].astype(float)
    away = np.full(rows.shape, np.inf)
    for ax, ay, bx, by in zip(x[:-1], y[:-1], x[1:], y[1:], strict=True):
        dx, dy = bx - ax, by - ay
        share = np.clip(((columns - ax) * dx + (rows - ay) * dy) / (dx**2 + dy**2), 0, 1)
        away = np.minimum(away, np.hypot(columns - ax - share * dx, rows - ay - share * dy))
    return np.clip(width / 2 + 0.5 - away, 0, 1).astype(np.float32)
