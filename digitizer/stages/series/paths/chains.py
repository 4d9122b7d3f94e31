"""Runs of neighbouring columns that belong together beyond doubt, as chains, and the ends of these."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from digitizer.evidence import FloatArray
from digitizer.stages.series.paths.runs import IndexArray, Runs

# The columns of ``Ends`` for one strand.
EndRow = tuple[float, ...]

# Runs of neighbouring columns touch where their edges come this close (px): strokes one pixel wide that
# climb a row a column meet at corners.
TOUCH_PX = 1.0
# A chain's direction at its end is taken from so many stroke widths, and pixels, of it at most.
COURSE_WIDTHS = 6.0
COURSE_PX = 14.0
# Next to a junction the strokes melt together: this share of a width is left out where there is enough.
MELT_WIDTHS = 1.0
# Markers are at most so many strokes wide: they and what has fewer columns than this are dots.
BLOB_WIDTHS = 12.0
DOT_COLUMNS = 4
# Blanks that tell how far strokes are usually apart.
FEWEST_GAPS = 4


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Joints:
    """How the runs of one column touch those of the next: neighbours to the right and left, and the only one.

    ``only`` holds for each run the one that continues it where both have no other neighbour, else -1.
    """

    n_right: IndexArray
    n_left: IndexArray
    only: IndexArray


def join_runs(runs: Runs) -> Joints:
    """Find which runs of neighbouring columns touch."""
    height = float(runs.bottom.max()) + 8.0 if runs.count else 8.0
    column = runs.column.astype(np.float64) * height
    tops, bottoms = column + np.maximum(runs.top, 0.0), column + np.minimum(runs.bottom, height - 4)
    bottoms = np.maximum(bottoms, tops)
    right, n_right = _facing(tops, bottoms, height)
    _, n_left = _facing(tops, bottoms, -height)
    only = np.full(runs.count, -1, dtype=np.intp)
    single = np.flatnonzero(n_right == 1)
    single = single[n_left[right[single]] == 1]
    only[single] = right[single]
    return Joints(n_right=n_right, n_left=n_left, only=only)


def _facing(tops: FloatArray, bottoms: FloatArray, away: float) -> tuple[IndexArray, IndexArray]:
    """First touching run of the column ``away``, and how many there are."""
    low = np.searchsorted(bottoms, tops + away - TOUCH_PX)
    high = np.searchsorted(tops, bottoms + away + TOUCH_PX, side="right")
    return low, np.maximum(high - low, 0)


def split_chains(joints: Joints) -> list[IndexArray]:
    """Chains of runs, each the only neighbour of the next, in order of their first runs."""
    n = joints.only.size
    root = np.arange(n)
    has = joints.only >= 0
    root[joints.only[has]] = np.flatnonzero(has)
    # Every run's first one, by doubling the steps to the left.
    while True:
        further = root[root]
        if np.array_equal(further, root):
            break
        root = further
    order = np.argsort(root, kind="stable")
    bounds = np.flatnonzero(np.diff(root[order])) + 1
    return list(np.split(order, bounds)) if n else []


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ends:
    """The right (or left) ends of strands: position, direction pointing outwards, how well that is known.

    ``top`` and ``bottom`` are the end run's edges; ``spread`` is the deviation of the direction (rad),
    ``width`` the stroke's there; ``gap`` and ``length`` are the strand's.
    """

    x: FloatArray
    y: FloatArray
    top: FloatArray
    bottom: FloatArray
    dx: FloatArray
    dy: FloatArray
    spread: FloatArray
    width: FloatArray
    gap: FloatArray
    length: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Strand:
    """Runs in drawing order that belong to one line.

    ``head`` and ``tail`` are the left and right ends (x, y, top, bottom); of a dot both are its centre, whose
    fractions of a column tell how a steep dotted line runs. ``length`` is its ink in stroke widths, ``gaps``
    are the blanks between its strokes (px), ``cost`` is what its links cost.
    """

    index: IndexArray
    head: tuple[float, float, float, float]
    tail: tuple[float, float, float, float]
    length: float = 0.0
    gaps: tuple[float, ...] = ()
    cost: float = 0.0

    @property
    def gap(self) -> float:
        """The usual blank between strokes; 0 where there are too few to tell."""
        return float(np.median(self.gaps)) if len(self.gaps) >= FEWEST_GAPS else 0.0


def make_strand(runs: Runs, index: IndexArray, width: float) -> Strand:
    """A chain of runs as a strand of its own."""
    first, last = index[0], index[-1]
    length = float(runs.mass[index].sum()) / width
    n = int(runs.column[last] - runs.column[first]) + 1
    is_dot = n < DOT_COLUMNS
    if not is_dot and n < BLOB_WIDTHS * width:
        extent = float((runs.bottom[index] - runs.top[index]).max())
        is_dot = 1.5 * width < extent < 2.2 * n
    if is_dot:
        mass = np.maximum(runs.mass[index], 1e-3)
        x = float(runs.column[index] @ mass / mass.sum())
        y = float(runs.center[index] @ mass / mass.sum())
        both = (x, y, float(runs.top[index].min()), float(runs.bottom[index].max()))
        return Strand(index=index, head=both, tail=both, length=length)
    return Strand(index=index, head=_place(runs, first), tail=_place(runs, last), length=length)


def _place(runs: Runs, r: int) -> tuple[float, float, float, float]:
    return float(runs.column[r]), float(runs.center[r]), float(runs.top[r]), float(runs.bottom[r])


def find_ends(
    runs: Runs, strands: list[Strand], *, right: bool, width: float, known: dict[Strand, EndRow] | None = None
) -> Ends:
    """Locate the ends of strands and their directions there; ``known`` keeps them for later (in place)."""
    known = {} if known is None else known
    for strand in strands:
        if strand not in known:
            known[strand] = _end(runs, strand, right=right, width=width)
    rows = np.array([known[strand] for strand in strands], dtype=np.float64)
    rows = rows.reshape(-1, 10)
    return Ends(
        x=rows[:, 0], y=rows[:, 1], top=rows[:, 2], bottom=rows[:, 3], dx=rows[:, 4], dy=rows[:, 5],
        spread=rows[:, 6], width=rows[:, 7], gap=rows[:, 8], length=rows[:, 9],
    )  # fmt: skip


def _end(runs: Runs, strand: Strand, *, right: bool, width: float) -> EndRow:
    index = strand.index[::-1] if right else strand.index
    # Enough runs for any course; long strands are not looked at as a whole.
    index = index[: int(4 * COURSE_PX)]
    x, y = runs.column[index].astype(np.float64), runs.center[index]
    top, bottom = runs.top[index], runs.bottom[index]
    extent = bottom - top
    at = strand.tail if right else strand.head
    sign = 1.0 if right else -1.0
    away = np.hypot(x - x[0], y - y[0])
    reach = max(COURSE_PX, COURSE_WIDTHS * width)
    near = away <= reach
    melted = MELT_WIDTHS * width
    if away[near].max() > 3 * melted + 2:
        near &= away >= melted
    if near.sum() < 2:
        # One run: as upright as it is long.
        upright = float(np.clip((extent[0] - width) / max(width, 1.0), 0.0, 1.0))
        spread = 1.2 if upright < 0.5 else 0.8
        dx, dy = (sign, 0.0) if upright < 0.5 else (0.2 * sign, 1.0)
        return (*at, dx, dy, spread, min(extent[0], width), strand.gap, strand.length)
    px, py = x[near], y[near]
    mx, my = px - px.mean(), py - py.mean()
    sxx, syy, sxy = float(mx @ mx), float(my @ my), float(mx @ my)
    angle = 0.5 * np.arctan2(2 * sxy, sxx - syy)
    dx, dy = float(np.cos(angle)), float(np.sin(angle))
    # Outwards: from the rest of the strand to its end.
    if dx * (px[0] - px[-1]) + dy * (py[0] - py[-1]) < 0:
        dx, dy = -dx, -dy
    across = mx * dy - my * dx
    length = float(np.ptp(mx * dx + my * dy)) + 1.0
    rough = float(np.sqrt(np.mean(across**2)))
    spread = float(np.hypot(3.5 * rough / length, 0.6 * width / length) + 0.05)
    thick = _quantile(extent[near], 0.3) * abs(dx) if abs(dx) > 0.3 else width
    return (*at, dx, dy, min(spread, 1.2), max(thick, 0.5), strand.gap, strand.length)


def _quantile(values: FloatArray, share: float) -> float:
    """A quantile of a few values, as ``np.quantile`` has it: that takes longer than all else of an end."""
    values = np.sort(values)
    low = int(share * (values.size - 1))
    high = min(low + 1, values.size - 1)
    return float(values[low] + (values[high] - values[low]) * (share * (values.size - 1) - low))
