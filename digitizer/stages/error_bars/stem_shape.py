"""Tell from the ink in one column whether an error bar stands there: its ends, its caps and its point."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitizer.evidence import Box, FloatArray, Mask
from digitizer.medians import median
from digitizer.stages.series.inks.distinct import CLEAN
from digitizer.stages.series.inks.ink import Ink

# A stem shows this many rows (px) by itself at least, is so high as a whole, and so far beyond its point.
PIECE_PX = 3
LEAST_PX = 7
ARM_PX = 2
# A marker or line interrupts a stem for no more than this (px, and share of the panel's height), another
# series that is drawn over it for this many times as much.
MARKER_PX = 16
MARKER_SHARE = 0.06
COVERED = 3.0
# The parts of a stem stand above each other to this (px), most of each upright to this; steep lines drift.
DRIFT_PX = 0.75
UPRIGHT_PX = 1.0
# Beyond its last row of full colour a cap may show its own pale rim (px).
RIM_PX = 1
# The tip of a round marker that is hardly wider than a stem has so many rows (px).
TIP_PX = 3
# A cap is no wider than this share of the panel, no thicker than a stem, and its middle is the stem's (px).
CAP_SHARE = 0.08
CAP_OFF_PX = 1.6
# A stem is seen alone somewhere within so many rows (px) of its bare ends: other ink begins there, and JPEG
# smears them.
END_PX = 3
END_SMEARED_PX = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Stem:
    """One error bar in source pixels: where it stands, its ends, and the boxes of its strokes.

    ``middle`` is the row where ink interrupts it longest: its point; NaN where nothing does.
    """

    x: float
    top: float
    bottom: float
    middle: float
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A narrow upright piece of ink in the crop; rows inclusive."""

    left: int
    right: int
    top: int
    bottom: int

    @property
    def x(self) -> float:
        return (self.left + self.right) / 2


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Layer:
    """The ink of one colour, and for each of its pixels the length and first column of its run in the row.

    ``other`` is all other ink.
    """

    mine: Mask
    other: Mask
    lengths: NDArray[np.int32]
    starts: NDArray[np.int32]
    widest: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Profile:
    """The ink in one column, row by row, from the first to the last of a stem's colour.

    ``hidden`` tells of the upper and the lower end whether other ink goes on from there and may hide it.
    ``x``, ``first`` and ``last`` are the stem's middle and its first and last column, ``middle`` is NaN where
    it does not stand by itself. ``seen``: ink of its colour; ``free``: both sides are where they are when it
    stands by itself; ``wide``: neither is; ``spread``: both lie further out, if only by a pixel.
    """

    rows: NDArray[np.int64]
    column: int
    hidden: tuple[bool, bool]
    x: float
    first: float
    last: float
    middle: FloatArray
    seen: Mask
    free: Mask
    wide: Mask
    spread: Mask


def profile_of(layer: Layer, piece: Piece, rows: NDArray[np.int64]) -> Profile | None:
    """What the column of a piece shows; None where it is hardly ever a stem by itself."""
    column = round(piece.x)
    own = np.flatnonzero(layer.mine[rows, column])
    if not own.size:
        return None
    hidden = bool(own[0] > RIM_PX), bool(own[-1] < rows.size - 1 - RIM_PX)
    rows = rows[own[0] : own[-1] + 1]
    seen = layer.mine[rows, column]
    left = layer.starts[rows, column]
    right = left + layer.lengths[rows, column] - 1
    middle = (left + right) / 2
    narrow = seen & (right - left < layer.widest) & (np.abs(middle - piece.x) <= UPRIGHT_PX)
    if narrow.sum() < PIECE_PX:
        return None
    x, first, last = (median(v[narrow]) for v in (middle, left, right))
    keeps = np.stack([np.abs(left - first) <= 1, np.abs(right - last) <= 1]) & seen
    # What other ink cuts is no side: a steep line over a disc, in line with the stem's.
    keeps &= ~np.stack([_is_cut(layer, rows, left, -1), _is_cut(layer, rows, right, 1)])
    wide = ~keeps.any(axis=0)
    return Profile(
        rows=rows,
        column=column,
        hidden=hidden,
        x=x,
        first=first,
        last=last,
        middle=np.where(narrow & ~wide, middle, np.nan),
        seen=seen,
        free=keeps.all(axis=0),
        wide=wide,
        spread=(left < first) & (right > last),
    )


def _is_cut(layer: Layer, rows: NDArray[np.int64], ends: NDArray[np.int32], step: int) -> Mask:
    """Whether other ink goes on where runs end: beside them, or beyond a pixel that is a blend of both."""
    width = layer.other.shape[1]
    beside = [np.clip(ends + step * k, 0, width - 1) for k in (1, 2)]
    return np.asarray(layer.other[rows, beside[0]] & layer.other[rows, beside[1]])


def as_stem(layer: Layer, profile: Profile, ink: Ink) -> Stem | None:
    """A column's ink as an error bar, where both of its ends are bare or capped."""
    p = profile
    above, below = _caps(layer, p)
    if above is None or below is None or len(p.rows) < LEAST_PX or all(p.hidden):
        return None
    ends = ((above, 1, p.hidden[0]), (below, -1, p.hidden[1]))
    within = END_PX if ink.noise < CLEAN else END_SMEARED_PX
    if not all(hidden or cap.size or p.free[::step][:within].any() for cap, step, hidden in ends):
        return None
    core = slice(above.size, len(p.rows) - below.size)
    point = _point(p, core, max(MARKER_PX, MARKER_SHARE * ink.height), smeared=ink.noise >= CLEAN)
    if point is None or (not np.isfinite(point) and 0 in (above.size, below.size)) or _drifts(p, point):
        return None
    alone = [(a, b) for a, b in _runs(p.rows[~p.wide]) if b - a + 1 >= ARM_PX]
    alone = [(a, b) for a, b in alone if p.free[a - p.rows[0] : b - p.rows[0] + 1].any()]
    boxes = [(p.first, p.last, *_without_tips(p, core, a, b)) for a, b in alone]
    half = min((_half(layer, p, cap) for cap in (above, below) if cap.size), default=0.0)
    boxes += [(p.x - half, p.x + half, cap.min(), cap.max()) for cap in (above, below) if cap.size]
    return Stem(
        x=p.x + ink.left,
        top=(float(above.mean()) if above.size else p.rows[0] - 0.5) + ink.top,
        bottom=(float(below.mean()) if below.size else p.rows[-1] + 0.5) + ink.top,
        middle=point + ink.top,
        boxes=tuple(
            Box(left=a + ink.left, right=b + ink.left, top=float(c + ink.top), bottom=float(d + ink.top))
            for a, b, c, d in boxes
        ),
    )


def _without_tips(p: Profile, core: slice, first: int, last: int) -> tuple[int, int]:
    """First and last row of a part that stands by itself, without those that are a marker's already.

    The tip of a round marker is as narrow as a thick stem, and the row after that hardly wider. Beyond
    ``core`` lie caps.
    """
    wide, spread = p.wide[core], p.spread[core]
    ends = np.array([first, last]) - p.rows[core][0]
    for k, step in enumerate((1, -1)):
        beyond = ends[k] - step
        if 0 <= beyond < wide.size and wide[beyond]:
            tip = spread[ends[k] :: step][: TIP_PX - 1]
            n_hardly = int(tip.size if tip.all() else tip.argmin())
            ends[k] += step * (n_hardly + int(p.last > p.first))
    if ends[0] > ends[1]:
        return first, last
    return int(ends[0] + p.rows[core][0]), int(ends[1] + p.rows[core][0])


def _caps(layer: Layer, p: Profile) -> tuple[NDArray[np.int64] | None, NDArray[np.int64] | None]:
    """The rows of both caps (see :func:`_cap`); where a line touches one the other tells its width."""
    above, below = (_cap(layer, p, step, None) for step in (1, -1))
    if above is None and below is not None and below.size:
        above = _cap(layer, p, 1, _half(layer, p, below))
    elif below is None and above is not None and above.size:
        below = _cap(layer, p, -1, _half(layer, p, above))
    return above, below


def _half(layer: Layer, p: Profile, rows: NDArray[np.int64]) -> float:
    """How far a cap reaches to the side that it reaches less far to."""
    first, last = _span(layer, p, rows)
    return min(p.x - first, last - p.x)


def _cap(layer: Layer, p: Profile, step: int, half: float | None) -> NDArray[np.int64] | None:
    """The rows of the cap at one end, none where it is bare; None where the stem runs into other ink.

    Of a cap of known ``half`` width one side may go on.
    """
    # The rim of a cap may show its middle alone.
    wide = p.wide[::step].copy()
    wide[0] |= bool(wide[1])
    n = 0 if p.hidden[0 if step > 0 else 1] else int(wide.argmin())
    rows = p.rows[::step][:n]
    if not rows.size:
        return rows
    if n > layer.widest + 1 or not p.seen[::step][:n].all():
        return None
    first, last = _span(layer, p, rows)
    if half is not None:
        return rows if abs(min(p.x - first, last - p.x) - half) <= CAP_OFF_PX else None
    centred = abs((first + last) / 2 - p.x) <= CAP_OFF_PX
    return rows if centred and last - first + 1 <= max(8, CAP_SHARE * layer.mine.shape[1]) else None


def _span(layer: Layer, p: Profile, rows: NDArray[np.int64]) -> tuple[float, float]:
    """First and last column of the ink in some rows."""
    starts, lengths = layer.starts[rows, p.column], layer.lengths[rows, p.column]
    return float(starts.min()), float((starts + lengths).max() - 1)


def _point(p: Profile, core: slice, most: float, *, smeared: bool) -> float | None:
    """The row of what interrupts a stem longest, NaN where nothing does; None where that is no point."""
    rows, wide, seen = p.rows[core], p.wide[core], p.seen[core]
    across = np.flatnonzero(wide)
    if not across.size:
        # Of a line that ends at its first point one side alone goes on.
        across = np.flatnonzero(~p.free[core])
        if across.size and smeared:
            longest = max(_runs(across), key=lambda part: part[1] - part[0])
            across = np.arange(longest[0], longest[1] + 1)
    if not across.size:
        return float("nan")
    arms = int(across[0]), len(rows) - 1 - int(across[-1])
    if any(arm < ARM_PX and not hidden for arm, hidden in zip(arms, p.hidden, strict=True)):
        return None
    parts = _runs(across)
    longest = max(parts, key=lambda part: part[1] - part[0])
    # Where nothing of its colour shows between its arms, a stem is as short as if nothing lay over it.
    longest_own = max(int(seen[a : b + 1].sum()) for a, b in parts)
    if longest_own > most or across.size > (COVERED if longest_own else 1.0) * most:
        return None
    return float(rows[list(longest)].mean())


def _drifts(p: Profile, point: float) -> bool:
    """Whether a stem does not stand upright: what is above its point, below it, and both."""
    told = np.isfinite(p.middle)
    above, below = (p.middle[told & (side * (p.rows - point) > 0)] for side in (-1, 1))
    if any(part.size and np.ptp(np.quantile(part, (0.1, 0.9))) > UPRIGHT_PX for part in (above, below)):
        return True
    return bool(above.size and below.size and abs(np.mean(above) - np.mean(below)) > DRIFT_PX)


def _runs(values: NDArray[np.int64]) -> list[tuple[int, int]]:
    """First and last of each run of whole numbers that follow each other."""
    parts = np.split(values, np.flatnonzero(np.diff(values) > 1) + 1) if values.size else []
    return [(int(part[0]), int(part[-1])) for part in parts]
