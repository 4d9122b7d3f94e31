"""The stroke colours of a panel, and how much of each pixel every stroke covers."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from digitizer.evidence import FloatArray, LegendEntry, Mask
from digitizer.stages.series.ink import FloatImage, Ink

Points = NDArray[np.float32]

# No panel of the real set holds more than twelve colours.
MAX_COLORS = 14
# Attempts at finding a mode: some modes are blends that explain too little to be kept.
MAX_MODES = 24
# Edge of a histogram bin, in RGB steps: finer than the closest pair of common cycles (about 40 apart).
BIN = 10
# Ink further from its ground than this is a stroke's, whatever its position on it.
FAINT = 24.0
# Pure pixels of one stroke lie this close together in clean pictures (rounding, anti-aliasing) ...
REACH = 14.0
# ... and at most this close in JPEG: wider would join tab10's purple and brown.
MAX_REACH = 36.0


# In pictures with less noise than this, full strokes have one exact colour ...
CLEAN = 0.5
# ... in this share of their pixels at least: 0.34 to 1 on the real set, rims and hairlines 0.3 and less.
SHARP = 0.3
# The share of a colour that lies beside a stroke where it is its rim, on that of another.
DOUBLE_RIM = 0.95
# A rim's colour lies this close to the segment from ground to stroke, as a share of its strength.
RIM = 0.15


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stroke:
    """One stroke colour and its coverage: alpha (height, width) in [0, 1], relative to the full colour."""

    color: FloatArray
    alpha: FloatImage
    members: Mask
    legend: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Candidate:
    color: FloatArray
    members: Mask
    grown: Mask
    n: int
    delta: FloatArray
    sharpness: float
    legend: int | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Stack:
    """Pixels where one translucent stroke lies on another: indices into the kept colours."""

    members: Mask
    over: int
    under: int


@dataclass(slots=True, kw_only=True, eq=False)
class _Ridge:
    """Pixels in the middle of strokes; ``alive`` are those that no colour explains yet."""

    rows: NDArray[np.intp]
    columns: NDArray[np.intp]
    points: Points
    ground: Points
    alive: Mask


def separate_colors(ink: Ink, legend: tuple[LegendEntry, ...]) -> tuple[Stroke, ...]:
    """Split a panel's ink into one soft coverage map a stroke colour.

    Notes
    -----
    Pure stroke colours are modes of the colours on ridges of the strength (a stroke's middle); blends
    of a stroke and its ground lie on the segment between both and are explained by it near its ridge.
    Modes are taken greedily, legend colours first, until what is unexplained is too little to be a series.
    """
    ridge = _find_ridge(ink)
    if ridge.rows.size == 0:
        return ()
    reach = float(np.clip(7 * ink.noise, REACH, MAX_REACH))
    fewest = max(10, ink.width // 60)
    found: list[_Candidate] = []
    for index, entry in enumerate(legend):
        if entry.color is None or any(legend[i].color == entry.color for i in range(index)):
            continue
        color = _settle(ridge.points, np.asarray(entry.color, dtype=np.float64), 1.6 * reach)
        if color is not None:
            candidate = _take(ink, ridge, color, reach, index)
            if candidate.n >= fewest // 2:
                found.append(candidate)
    for _ in range(MAX_MODES):
        before = int(ridge.alive.sum())
        color = _mode(ridge, reach)
        if color is None or before < fewest or len(found) >= MAX_COLORS:
            break
        candidate = _take(ink, ridge, color, reach, None)
        after = int(ridge.alive.sum())
        if before - after >= fewest:
            found.append(candidate)
        elif before == after:
            break
    kept, stacks = _distinct(ink, found)
    return _cover(ink, kept, stacks)


def _find_ridge(ink: Ink) -> _Ridge:
    floor = max(FAINT, min(8 * ink.noise, 55.0))
    padded = np.pad(ink.strength, 1)
    middle = padded[1:-1, 1:-1]
    down = (middle >= padded[:-2, 1:-1]) & (middle >= padded[2:, 1:-1])
    across = (middle >= padded[1:-1, :-2]) & (middle >= padded[1:-1, 2:])
    rows, columns = np.nonzero((down | across) & (middle > floor))
    return _Ridge(
        rows=rows,
        columns=columns,
        points=ink.rgb[rows, columns],
        ground=ink.ground[rows, columns],
        alive=np.ones(rows.size, dtype=bool),
    )


def _mode(ridge: _Ridge, reach: float) -> FloatArray | None:
    """The fullest spot of the unexplained colours' histogram, stronger colours counting for more."""
    points, ground = ridge.points[ridge.alive], ridge.ground[ridge.alive]
    if len(points) < 4:
        return None
    weight = 0.2 + np.sqrt(np.square(points - ground).sum(axis=1)) / 250.0
    n = 256 // BIN + 1
    index = (points // BIN).astype(int)
    flat = (index[:, 0] * n + index[:, 1]) * n + index[:, 2]
    counts = np.bincount(flat, weights=weight, minlength=n**3)
    histogram = np.asarray(counts, dtype=np.float64).reshape(n, n, n)
    size = 3 if reach < 20 else 5
    peak = np.unravel_index(int(np.argmax(_local_mean(histogram, size) + 1e-3 * histogram)), histogram.shape)
    first = np.maximum(np.asarray(peak) - size // 2, 0)
    middle = _settle(points, (np.asarray(peak, dtype=np.float64) + 0.5) * BIN, reach)
    if middle is not None:
        return middle
    # Between two colours the cube's own middle is empty: from its fullest bin one of them is within reach.
    cube = histogram[tuple(slice(k, k + size) for k in first)]
    fullest = first + np.unravel_index(int(np.argmax(cube)), cube.shape)
    return _settle(points, (fullest.astype(np.float64) + 0.5) * BIN, reach)


def _local_mean(histogram: FloatArray, size: int) -> FloatArray:
    """Mean over cubes of ``size`` bins a side, zeros beyond the edges."""
    total = histogram
    for axis in range(histogram.ndim):
        padded = np.pad(total, [(size // 2,) * 2 if k == axis else (0, 0) for k in range(histogram.ndim)])
        windows = np.lib.stride_tricks.sliding_window_view(padded, size, axis=axis)
        total = windows.sum(axis=-1)
    return np.asarray(total / size**histogram.ndim)


def _settle(points: Points, seed: FloatArray, reach: float) -> FloatArray | None:
    """Move a seed to the local median of colours (mean shift); None where nothing is near."""
    color = seed
    for _ in range(6):
        near = np.square(points - color.astype(np.float32)).sum(axis=1) < reach**2
        if near.sum() < 4:
            return None
        moved = np.asarray(np.median(points[near], axis=0), dtype=np.float64)
        if np.abs(moved - color).max() < 0.5:
            return moved
        color = moved
    return color


def _take(ink: Ink, ridge: _Ridge, color: FloatArray, reach: float, legend: int | None) -> _Candidate:
    """Strike what a colour explains from the ridge's ``alive`` (in place)."""
    pure = np.square(ridge.points - color.astype(np.float32)).sum(axis=1) < reach**2
    members = np.zeros(ink.strength.shape, dtype=np.uint8)
    members[ridge.rows[pure], ridge.columns[pure]] = 1
    near = cv2.dilate(members, np.ones((7, 7), np.uint8))[ridge.rows, ridge.columns] > 0
    alpha, residual = project(ridge.points, ridge.ground, color)
    blended = (alpha > 0.05) & (alpha < 1.15) & (residual < reach)
    ridge.alive &= ~(pure | (near & blended))
    grown = cv2.dilate(members, np.ones((5, 5), np.uint8)) > 0
    return _Candidate(
        color=color,
        members=members > 0,
        grown=grown,
        n=int(pure.sum()),
        delta=np.median((ridge.points - ridge.ground)[pure], axis=0).astype(np.float64)
        if pure.any()
        else color,
        sharpness=_sharpness(ridge.points[pure]),
        legend=legend,
    )


def _sharpness(points: Points) -> float:
    """Share of points that have exactly one colour: high where a clean picture shows a full stroke."""
    index = (points // 4).astype(np.int64) @ np.array([4096, 64, 1])
    return float(np.unique(index, return_counts=True)[1].max() / max(1, index.size)) if index.size else 0.0


def project(points: Points, ground: Points, color: FloatArray) -> tuple[Points, Points]:
    """Coverage of ``color`` over ``ground`` that explains each point best, and the distance left."""
    step = color.astype(np.float32) - ground
    length = np.maximum(np.square(step).sum(axis=-1), 1.0)
    delta = points - ground
    alpha = (delta * step).sum(axis=-1) / length
    residual = np.sqrt(np.square(delta - np.clip(alpha, 0.0, 1.0)[..., None] * step).sum(axis=-1))
    return alpha, residual


def _project_over_grid(
    points: Points, ground: Points, plain: Points, color: FloatArray, on_grid: Mask
) -> tuple[Points, Points]:
    """Coverage as by :func:`project`; a translucent stroke adds on grid lines what it adds beside them."""
    alpha, residual = project(points, ground, color)
    if on_grid.any():
        moved = points[on_grid] - ground[on_grid] + plain
        through, left = project(moved, np.broadcast_to(plain, moved.shape), color)
        better = left < residual[on_grid]
        alpha[on_grid] = np.where(better, through, alpha[on_grid])
        residual[on_grid] = np.where(better, left, residual[on_grid])
    return alpha, residual


def _distinct(ink: Ink, found: list[_Candidate]) -> tuple[list[_Candidate], list[_Stack]]:
    """The colours that are strokes of their own, and where translucent ones lie on each other."""
    ground = np.median(ink.ground.reshape(-1, 3)[::97], axis=0)
    kept: list[_Candidate] = []
    clean = ink.noise < CLEAN

    def rank(c: _Candidate) -> tuple[bool, bool, float]:
        blurred = clean and c.sharpness < SHARP
        return c.legend is None, blurred, -c.n * float(np.linalg.norm(c.color - ground))

    for candidate in sorted(found, key=rank):
        if candidate.legend is None:
            body = next((k for k, c in enumerate(kept) if _is_rim(ink, candidate, c, ground)), None)
            if body is not None:
                kept[body] = _merge(kept[body], candidate)
                continue
            if _is_blend(candidate, kept) or _is_double_rim(candidate, kept, ground):
                continue
        kept.append(candidate)
    if not clean:
        return kept, []
    # A stack is stronger than its parts, whichever was found first.
    single = [c for c in kept if c.legend is not None or _stacked(c, kept, ground) is None]
    stacks = [s for c in kept if c not in single and (s := _stacked(c, single, ground)) is not None]
    return single, stacks


def _stacked(candidate: _Candidate, kept: list[_Candidate], ground: Points) -> _Stack | None:
    """Which two translucent strokes, one on the other, make a colour; None where none do.

    A stroke of opacity a over another one shows the other's departure from the ground times (1 - a) beside
    its own: the sum of one departure and a share of the other.
    """
    seen = candidate.color - ground
    for i, over in enumerate(kept):
        rest = seen - (over.color - ground)
        if np.linalg.norm(over.color - ground) > 0.97 * np.linalg.norm(seen):
            continue
        for j, under in enumerate(kept):
            step = under.color - ground
            # A pale stroke over a bold one makes it weaker where it runs over it, and nowhere else.
            if np.linalg.norm(step) > 0.97 * np.linalg.norm(seen) and (
                i == j or under is candidate or (candidate.members & under.grown).sum() < 0.9 * candidate.n
            ):
                continue
            share = float(rest @ step) / max(float(step @ step), 1.0)
            left = float(np.linalg.norm(rest - share * step))
            if not 0.08 < share < 1.05 or left > 0.12 * float(np.linalg.norm(seen)) + 3:
                continue
            # In a thick heap the middle is far from where either stroke lies alone.
            near = (candidate.members & (over.grown | under.grown)).sum()
            if near > 0.3 * candidate.n:
                return _Stack(members=candidate.members, over=i, under=j)
    return None


def _merge(body: _Candidate, rim: _Candidate) -> _Candidate:
    return replace(body, members=body.members | rim.members, grown=body.grown | rim.grown)


def _is_rim(ink: Ink, candidate: _Candidate, other: _Candidate, ground: Points) -> bool:
    """Whether a colour is another one seen paler at its edge, or a hairline's between two rows."""
    # What it adds to its own ground: a translucent stroke on grid lines is the same stroke.
    point = (ground + candidate.delta)[None].astype(np.float32)
    alpha, residual = project(point, ground[None], other.color)
    strength = float(np.linalg.norm(candidate.delta))
    if (
        strength < 0.9 * float(np.linalg.norm(candidate.color - ground))
        and residual[0] < 10
        and alpha[0] > 0.8
    ):
        return True
    if ink.noise > 1.0 and _is_washed_out(candidate.color, other.color, ground):
        return True
    if residual[0] > RIM * strength + 4 + 2 * ink.noise or alpha[0] > 1.25:
        return False
    if ink.noise < CLEAN and candidate.sharpness < SHARP and alpha[0] < 1.0:
        return True
    touching = (candidate.members & other.grown).sum() / max(1, candidate.n)
    if touching > 0.7:
        return True
    return alpha[0] < 1.0 and _same_mass(ink, other, candidate.members)


def _is_washed_out(color: FloatArray, full: FloatArray, ground: Points) -> bool:
    """Whether a colour is another one as JPEG shows it in thin strokes: as strong, of its hue, but paler.

    Chroma is stored at half the resolution of brightness: thin red lines keep half of their redness.
    """
    one, other = color - color.mean(), full - full.mean()
    strength = np.linalg.norm(color - ground) / max(float(np.linalg.norm(full - ground)), 1.0)
    share = np.linalg.norm(one) / max(float(np.linalg.norm(other)), 1.0)
    agree = float(one @ other) / max(float(np.linalg.norm(one) * np.linalg.norm(other)), 1.0)
    return bool(0.6 < strength < 1.25 and 0.3 < share < 1.25 and agree > 0.94)


def _same_mass(ink: Ink, full: _Candidate, pale: Mask) -> bool:
    """Whether a pale stroke holds as much ink across as the full one: a hairline between two rows."""
    step = full.color - np.median(ink.ground.reshape(-1, 3)[::97], axis=0)
    share = ink.strength / np.float32(np.linalg.norm(step))
    down = cv2.blur(share, (1, 7))
    across = cv2.blur(share, (7, 1))
    mass = np.minimum(down, across)
    return float(np.median(mass[pale])) > 0.75 * float(np.median(mass[full.members]))


def _is_blend(candidate: _Candidate, kept: list[_Candidate]) -> bool:
    """Whether a colour lies between two kept ones and only where both are near."""
    point = candidate.color[None].astype(np.float32)
    for j, one in enumerate(kept):
        for other in kept[:j]:
            share, left = project(point, one.color[None].astype(np.float32), other.color)
            both = (candidate.members & one.grown & other.grown).sum()
            if 0 < share[0] < 1 and left[0] < 30 and both > 0.5 * candidate.n:
                return True
    return False


def _is_double_rim(candidate: _Candidate, kept: list[_Candidate], ground: Points) -> bool:
    """Whether a colour is the rim of one stroke on the rim of another that runs under it, wholly hidden."""
    seen = (candidate.color - ground).astype(np.float64)
    for over in kept:
        if (candidate.members & over.grown).sum() < DOUBLE_RIM * candidate.n:
            continue
        for under in kept:
            if under is over:
                continue
            parts = np.stack([over.color - ground, under.color - ground], axis=1).astype(np.float64)
            share = np.linalg.lstsq(parts, seen, rcond=None)[0]
            left = float(np.linalg.norm(seen - parts @ share))
            if left < RIM * float(np.linalg.norm(seen)) and share.min() > 0 and share.sum() < 1:
                return True
    return False


def _cover(ink: Ink, kept: list[_Candidate], stacks: list[_Stack]) -> tuple[Stroke, ...]:
    """Give each pixel to the colour that explains it best within reach of its pure pixels."""
    if not kept:
        return ()
    rows, columns = np.nonzero(ink.strength > ink.floor)
    points, ground = ink.rgb[rows, columns], ink.ground[rows, columns]
    on_grid = ink.on_grid[rows, columns]
    plain = np.median(ink.ground.reshape(-1, 3)[::97], axis=0)
    slack = max(12.0, 2 * ink.noise)
    best = np.full(rows.size, np.inf, dtype=np.float32)
    winner = np.full(rows.size, -1, dtype=np.int8)
    alphas = []
    for k, candidate in enumerate(kept):
        alpha, residual = _project_over_grid(points, ground, plain, candidate.color, on_grid)
        near = cv2.dilate(candidate.members.astype(np.uint8), np.ones((3, 3), np.uint8))
        far = cv2.dilate(near, np.ones((5, 5), np.uint8))[rows, columns] > 0
        # A stronger colour next by owns its rim: without this a bold line wears a pale one's colours.
        cost = residual - 0.02 * float(np.linalg.norm(candidate.color - plain))
        cost = cost + np.where(near[rows, columns] > 0, 0.0, 0.5 * slack)
        cost = np.where(far & (alpha > 0.04), cost, np.inf)
        winner = np.where(cost < best, np.int8(k), winner)
        best = np.minimum(cost, best)
        alphas.append(np.clip(alpha, 0.0, 1.0).astype(np.float32))
    strokes = []
    for k, candidate in enumerate(kept):
        image = np.zeros(ink.strength.shape, dtype=np.float32)
        mine = winner == k
        image[rows[mine], columns[mine]] = alphas[k][mine]
        for stack in stacks:
            if k in (stack.over, stack.under):
                image[stack.members] = 1.0
        strokes.append(
            Stroke(color=candidate.color, alpha=image, members=candidate.members, legend=candidate.legend)
        )
    return tuple(strokes)
