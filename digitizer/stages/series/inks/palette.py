"""The stroke colours of a panel, and how much of each pixel every stroke covers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import reduce

import cv2
import numpy as np
from numpy.typing import NDArray

from digitizer.evidence import FloatArray, LegendEntry, Mask
from digitizer.stages.pixels.blends import sine_between
from digitizer.stages.pixels.channels import colors_at, number_cells, total
from digitizer.stages.pixels.median_color import median_color
from digitizer.stages.series.inks.distinct import CLEAN, Candidate, Points, Stack, distinct, project
from digitizer.stages.series.inks.ink import FloatImage, Ink

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
# Two modes about a listed colour are of two strokes where they lie farther apart (in reaches; of one: 0.05)
# and are no tints of one colour (sine between their steps from the ground: violet and grey 0.14, blues 0.07).
OTHER_MODE, OTHER_HUE = 0.5, 0.1
# Where a thin line lies between two rows its ends have no full pixel: ink farther off is its own where it is
# joined to it, covered by this share at least (of a line of one pixel a half) and on the way from the ground
# to its colour to this (RGB units; bands and stacks of others are 8 and more beside it).
PALE = 0.4
PALE_OFF = 6.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stroke:
    """One stroke colour and its coverage: alpha (height, width) in [0, 1], relative to the full colour."""

    color: FloatArray
    alpha: FloatImage
    members: Mask
    legend: int | None = None


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
    found: list[Candidate] = []
    for index, entry in enumerate(legend):
        if entry.color is None or any(legend[i].color == entry.color for i in range(index)):
            continue
        color = _settle_listed(ridge, index, legend, reach)
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
    kept, stacks = distinct(ink, found)
    if ink.noise < CLEAN:
        kept = _carry_on(ink, kept, reach)
    return _cover(ink, kept, stacks)


def _find_ridge(ink: Ink) -> _Ridge:
    floor = max(FAINT, min(8 * ink.noise, 55.0))
    padded = np.pad(ink.strength, 1)
    middle = padded[1:-1, 1:-1]
    down = (middle >= padded[:-2, 1:-1]) & (middle >= padded[2:, 1:-1])
    across = (middle >= padded[1:-1, :-2]) & (middle >= padded[1:-1, 2:])
    at = np.flatnonzero((down | across) & (middle > floor))
    rows, columns = np.divmod(at, middle.shape[1])
    return _Ridge(
        rows=rows,
        columns=columns,
        points=colors_at(ink.rgb, at),
        ground=colors_at(ink.ground, at),
        alive=np.ones(rows.size, dtype=bool),
    )


def _mode(ridge: _Ridge, reach: float) -> FloatArray | None:
    """The fullest spot of the unexplained colours' histogram, stronger colours counting for more."""
    points, ground = (colors_at(v, ridge.alive) for v in (ridge.points, ridge.ground))
    if len(points) < 4:
        return None
    weight = 0.2 + np.sqrt(total(np.square(points - ground))) / 250.0
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
        length = histogram.shape[axis]
        shifted = (padded[(slice(None),) * axis + (slice(k, k + length),)] for k in range(size))
        total = reduce(np.add, shifted)
    return np.asarray(total / size**histogram.ndim)


def _settle(points: Points, seed: FloatArray, reach: float) -> FloatArray | None:
    """Move a seed to the local median of colours (mean shift); None where nothing is near."""
    color = seed
    for _ in range(6):
        near = total(np.square(points - color.astype(np.float32))) < reach**2
        if near.sum() < 4:
            return None
        moved = median_color(colors_at(points, near))
        if np.abs(moved - color).max() < 0.5:
            return moved
        color = moved
    return color


def _settle_listed(
    ridge: _Ridge, index: int, legend: tuple[LegendEntry, ...], reach: float
) -> FloatArray | None:
    """The colour of a listed stroke in the panel: near its sample's, among what no other one is nearer to.

    JPEG spreads colours so far that a seed would move on to a neighbour of more ink: teal to blue. Where a
    mode close by is another one than that of a wide circle (violet, and the grey of a grid), it is its own.
    """
    points, seed = ridge.points, np.asarray(legend[index].color, dtype=np.float64)
    own = total(np.square(points - seed.astype(np.float32)))
    nearer = np.zeros(own.shape, dtype=bool)
    for other in {e.color for e in legend if e.color is not None and e.color != legend[index].color}:
        nearer |= total(np.square(points - np.asarray(other, dtype=np.float32))) < own
    cell = colors_at(points, ~nearer)
    wide = _settle(cell, seed, 1.6 * reach)
    close = _settle(cell, seed, reach)
    if wide is None or close is None or np.linalg.norm(wide - close) < OTHER_MODE * reach:
        return wide
    ground = np.median(ridge.ground, axis=0).astype(np.float64)
    return close if sine_between(wide - ground, close - ground) > OTHER_HUE else wide


def _take(ink: Ink, ridge: _Ridge, color: FloatArray, reach: float, legend: int | None) -> Candidate:
    """Strike what a colour explains from the ridge's ``alive`` (in place)."""
    pure = total(np.square(ridge.points - color.astype(np.float32))) < reach**2
    members = np.zeros(ink.strength.shape, dtype=np.uint8)
    members[ridge.rows[pure], ridge.columns[pure]] = 1
    near = cv2.dilate(members, np.ones((7, 7), np.uint8))[ridge.rows, ridge.columns] > 0
    alpha, residual = project(ridge.points, ridge.ground, color)
    blended = (alpha > 0.05) & (alpha < 1.15) & (residual < reach)
    ridge.alive &= ~(pure | (near & blended))
    grown = cv2.dilate(members, np.ones((5, 5), np.uint8)) > 0
    return Candidate(
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


def _carry_on(ink: Ink, kept: list[Candidate], reach: float) -> list[Candidate]:
    """Carry listed strokes on over stronger ones, in whose ink their middle is no ridge.

    A violet average over a dense red noise stands out from the ground less than that does.
    """
    ground = ink.usual_ground
    strength = [float(np.linalg.norm(c.color - ground)) for c in kept]
    carried = []
    for candidate, own in zip(kept, strength, strict=True):
        if candidate.legend is not None and own < max(strength):
            pure = cv2.inRange(ink.rgb, candidate.color - reach, candidate.color + reach)
            pure[candidate.members] = 255
            n, labels = cv2.connectedComponents(pure, connectivity=8)
            hit = np.zeros(n, dtype=bool)
            hit[labels[candidate.members]] = True
            members = hit[labels]
            grown = cv2.dilate(members.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
            candidate = replace(candidate, members=members, grown=grown)
        carried.append(candidate)
    return carried


def _sharpness(points: Points) -> float:
    """Share of points that have exactly one colour: high where a clean picture shows a full stroke."""
    index = number_cells(points, 6, (0, 1, 2))
    return float(np.unique(index, return_counts=True)[1].max() / max(1, index.size)) if index.size else 0.0


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


def _cover(ink: Ink, kept: list[Candidate], stacks: list[Stack]) -> tuple[Stroke, ...]:
    """Give each pixel to the colour that explains it best within reach of its pure pixels."""
    if not kept:
        return ()
    at = np.flatnonzero(ink.strength > ink.floor)
    rows, columns = np.divmod(at, ink.width)
    points, ground = colors_at(ink.rgb, at), colors_at(ink.ground, at)
    on_grid = ink.on_grid[rows, columns]
    plain = ink.usual_ground
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
    if ink.noise < CLEAN:
        _claim_pale(ink, kept, rows, columns, winner, alphas)
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


def _claim_pale(
    ink: Ink,
    kept: list[Candidate],
    rows: NDArray[np.intp],
    columns: NDArray[np.intp],
    winner: NDArray[np.int8],
    alphas: list[Points],
) -> None:
    """Give thin ink that no colour won to the one that it goes on from (``winner``, in place)."""
    free = np.flatnonzero(winner < 0)
    if not free.size:
        return
    at = rows[free], columns[free]
    points, ground = ink.rgb[at], ink.ground[at]
    off = np.stack(
        [
            np.where(alphas[k][free] > PALE, project(points, ground, c.color)[1], np.inf)
            for k, c in enumerate(kept)
        ]
    )
    nearest, is_blend = off.argmin(axis=0), off.min(axis=0) < PALE_OFF
    for k in np.unique(nearest[is_blend]):
        own = np.zeros(ink.strength.shape, dtype=np.uint8)
        own[rows[winner == k], columns[winner == k]] = 1
        claimed = free[is_blend & (nearest == k)]
        pale = np.zeros_like(own)
        pale[rows[claimed], columns[claimed]] = 1
        _, pieces = cv2.connectedComponents(pale, connectivity=8)
        beside = cv2.dilate(own, np.ones((3, 3), np.uint8)) > 0
        # What is wider than the rim of a stroke is an area or a stack of others.
        wide = cv2.erode(pale, np.ones((3, 3), np.uint8)) > 0
        joined = np.setdiff1d(pieces[beside & (pale > 0)], pieces[wide])
        winner[claimed[np.isin(pieces[rows[claimed], columns[claimed]], joined)]] = k
