"""Estimate how many markers of a cloud lie exactly under others, where rounded values put them on a grid."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from digitizer.evidence import FloatArray, Trace
from digitizer.stages.series.paths.steps import FEWEST_EVEN, find_steps, has_one_a_step

# Steps shorter than this share of a marker's size are no grid for it: its neighbours on them merge with it,
# and are counted by those that stand a little farther off.
LEAST_STEP = 0.6
# A grid's columns hold this many markers on average at least: one a column is a function of x, which hides
# none.
LEAST_A_COLUMN = 2.0
# The density around a marker is taken over so many cells on each side of its own. Of 20 drawn clouds of
# rounded values the share that this tells was within a third of the true one (0.13 of 0.13, 0.31 of 0.25).
AROUND = 2
# No cell is believed fuller than this: nothing tells how often it was hit.
FULLEST = 0.95
# A cloud is wrong that lacks more than this share of its markers ...
LACKING = 0.05
# ... and contradicted where it lacks no more only this probably. Of drawn panels of rounded values 13 that
# lack more are told so, and four that are right, which are expected to lack 5 of 60.
LEAST_PROBABLE = 0.85
# Markers counted at most: all their pairs have to fit into memory.
MOST_MARKERS = 3000


def coincident_share(traces: Sequence[Trace]) -> float:
    """The share of a panel's markers that lie unseen right under others, of any colour.

    Returns
    -------
    float
        As expected from how full the grid is on which they stand; 0 where they stand on none, where so few
        hide that the panel is right with them, and where markers show the others through.

    Notes
    -----
    By chance each cell is hit as often as Poisson's law says; the share of cells around a marker that show
    one tells how often its own was hit.
    """
    clouds = [t for t in traces if t.kind == "scatter" and not has_one_a_step(t.x_px)]
    n = sum(t.x_px.size for t in clouds)
    if not 1 < n <= MOST_MARKERS or any(_shows_through(t) for t in clouds):
        return 0.0
    size = float(np.median([t.marker_size_px for t in clouds]))
    x, y = (np.concatenate([getattr(t, name) for t in clouds]) for name in ("x_px", "y_px"))
    columns, rows = _steps(x, size), _steps(y, size)
    if (columns is None and rows is None) or _one_each(clouds, columns):
        return 0.0
    expected = _n_hidden(_cells(x, columns, size), _cells(y, rows, size))
    return expected / (n + expected) if _probably_right(expected, n) < LEAST_PROBABLE else 0.0


def _one_each(clouds: Sequence[Trace], columns: tuple[float, float] | None) -> bool:
    """Whether every cloud has one marker in each column of the grid: functions of x of a few steps."""
    if columns is None or sum(t.x_px.size for t in clouds) < FEWEST_EVEN:
        return False
    taken = [np.sort(np.round((t.x_px - columns[0]) / columns[1])) for t in clouds]
    return all(t.size == taken[0].size and np.all(t == taken[0][0] + np.arange(t.size)) for t in taken)


def _shows_through(cloud: Trace) -> bool:
    """Whether markers right under others were told by how dark these are."""
    places = np.column_stack([cloud.x_px, cloud.y_px])
    return len(np.unique(places, axis=0)) < len(places)


def _steps(at: FloatArray, size: float) -> tuple[float, float] | None:
    """Origin and period of the grid that the places stand on; None where they stand freely."""
    steps = find_steps(at)
    if steps is None or steps.period < LEAST_STEP * size:
        return None
    taken = np.unique(steps.nearest(at)).size
    return (steps.origin, steps.period) if at.size >= LEAST_A_COLUMN * taken else None


def _cells(at: FloatArray, steps: tuple[float, float] | None, size: float) -> FloatArray:
    origin, period = (0.0, LEAST_STEP * size) if steps is None else steps
    return np.round((at - origin) / period)


def _n_hidden(column: FloatArray, row: FloatArray) -> float:
    """How many markers hide in cells that show one, by how many cells around each show one."""
    near = (np.abs(column[:, None] - column) <= AROUND) & (np.abs(row[:, None] - row) <= AROUND)
    n_around = (2 * AROUND + 1) ** 2 - 1
    shown = np.clip((near.sum(axis=1) - 1) / n_around, 0.0, FULLEST)
    hits = -np.log1p(-shown[shown > 0])
    return float(np.sum(hits / -np.expm1(-hits) - 1.0))


def _probably_right(expected: float, n_shown: int) -> float:
    """How probably no more than the share that a right cloud may lack is hidden (Poisson)."""
    allowed = np.arange(int(LACKING * (n_shown + expected)) + 1)
    terms = allowed * np.log(max(expected, 1e-12)) - expected
    return float(np.exp(terms - np.cumsum(np.log(np.maximum(allowed, 1)))).sum())
