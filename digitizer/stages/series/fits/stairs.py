"""Staircases: lines that run level from jump to jump."""

from __future__ import annotations

import numpy as np

from digitizer.evidence import FloatArray
from digitizer.stages.series.fits.vertices import Points
from digitizer.stages.series.paths.columns import Path
from digitizer.stages.series.paths.runs import IndexArray

# Columns of a level that lie three apart differ by less than this (px; JPEG ripples by half of it), and all
# of them by less than that; it has so many.
LEVEL_PX = 0.5
DRIFT_PX = 0.8
FEWEST_COLUMNS = 3
# So many jumps are higher than this (px); their stroke takes this many columns beside its own width.
LEAST_JUMP_PX = 2.0
FEWEST_JUMPS = 3
BESIDE_PX = 3.0
# Corners before a jump stand this far (px) before those after it: x is to rise.
BEFORE_PX = 0.5
# Renderers move upright and level strokes onto whole pixels: levels are known to this (px).
LEVEL_SIGMA = 0.4
SPREAD_SIGMA = 0.2


def find_stairs(path: Path, gaps: FloatArray) -> Points | None:
    """The corners of a staircase by rising x; None where a line is none.

    Parameters
    ----------
    path
        The line by columns (crop coordinates).
    gaps
        Begin and end of the stretches in which it is missing (n, 2): staircases with such are not told.

    Notes
    -----
    Each jump gives two corners, so that the points joined by straight lines are the staircase too.
    """
    if len(gaps) or path.x.size < FEWEST_COLUMNS * (FEWEST_JUMPS + 1) or np.any(np.diff(path.x) > 1.5):
        return None
    levels = _levels(path)
    if len(levels) <= FEWEST_JUMPS:
        return None
    heights = np.array([float(np.median(path.y[part])) for part in levels])
    starts, ends = np.array([part[0] for part in levels]), np.array([part[-1] for part in levels])
    cap = path.width / 2 + BESIDE_PX
    if starts[0] > cap or path.x.size - 1 - ends[-1] > cap:
        return None
    jumps = np.abs(np.diff(heights))
    if (
        np.any(starts[1:] - ends[:-1] - 1 > path.width + BESIDE_PX)
        or np.sum(jumps > LEAST_JUMP_PX) < FEWEST_JUMPS
    ):
        return None
    places = np.array([_place_of_jump(path, a, b) for a, b in zip(ends[:-1], starts[1:], strict=True)])
    x = np.r_[path.x[0], np.column_stack([places - BEFORE_PX, places]).ravel(), path.x[-1]]
    if np.any(np.diff(x) <= 0):
        return None
    sigma = np.array([np.hypot(LEVEL_SIGMA, SPREAD_SIGMA / np.sqrt(part.size)) for part in levels])
    return Points(x=x, y=np.repeat(heights, 2), sigma=np.repeat(sigma, 2), width=path.width)


def _levels(path: Path) -> list[IndexArray]:
    """The columns of each level; none where a stretch between jumps is not level."""
    # Columns that a jump's stroke fills reach from level to level.
    thin = path.bottom - path.top < path.width + LEAST_JUMP_PX
    # Low jumps take two columns or three.
    padded = np.pad(path.y, 1, mode="edge")
    apart = np.abs(padded[3:] - padded[:-3]) > LEVEL_PX
    parts = np.split(np.arange(path.x.size), np.flatnonzero(apart | ~thin[1:] | ~thin[:-1]) + 1)
    levels = [part for part in parts if part.size >= FEWEST_COLUMNS and thin[part].all()]
    if any(np.ptp(path.y[part]) > DRIFT_PX for part in levels):
        return []
    return levels


def _place_of_jump(path: Path, last: int, first: int) -> float:
    """Where the upright stroke between the levels that end at ``last`` and start at ``first`` stands."""
    between = slice(last, first + 1)
    extra = np.maximum(path.bottom[between] - path.top[between] - path.width, 0.0)
    middle = float(path.x[last] + path.x[first]) / 2
    return float((extra * path.x[between]).sum() / extra.sum()) if extra.sum() > LEAST_JUMP_PX else middle
