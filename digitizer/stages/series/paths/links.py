"""What it costs to read one strand of runs as the continuation of another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from digitizer.evidence import FloatArray, Mask
from digitizer.stages.series.paths.chains import Ends
from digitizer.stages.series.paths.runs import IndexArray

# Price of a line more: what no link may cost. All prices are in these units.
NEW_LINE = 12.0
# Strands shorter than this (stroke widths) may be rims and specks: to leave them out costs less.
SURE_WIDTHS = 12.0
# Price of a course that does not fit (by its logarithm), and the most it comes to; corners are drawn.
COURSE_PRICE = 2.0
MOST_COURSE = 9.0
CORNER_PRICE = 1.0
MOST_CORNER = 3.0
# Price of blank ground per stroke width: dotted lines of any renderer leave 1 to 5 widths blank.
BLANK_PRICE = 0.35
MOST_BLANK = 8.0
# Strands whose strokes part regularly may part by this much more than usual for nothing.
USUAL_GAP = 1.3
# Price of a change of width by a factor of e.
WIDTH_PRICE = 1.5
# Price of a pixel that is passed unseen: among equals the nearest is meant.
UNSEEN_PRICE = 0.004
# Price of a pixel of ink passed over that clearly is a stroke of its own, and the most it may come to: two
# lines do not share a dashed one's strokes.
PASSED_PRICE = 0.25
MOST_PASSED = 3.0
# Ends that know their direction no better than this have none: one tall run may be passed up or down (rad).
UNDIRECTED = 0.79
# Candidates looked at for each end, nearest courses first.
MAX_CANDIDATES = 10
# Places where the ground between two ends is looked at.
SAMPLES = 24
# Strands may overlap by so many columns, and stroke widths: the dots of a steep line stand on each other, and
# a stroke that is crossed by another at a slant is cut at a slant.
OVERLAP_PX = 3.0
OVERLAP_WIDTHS = 1.5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Links:
    """Candidate links from right ends to left ends, what each costs and what it saves against a line more."""

    tail: IndexArray
    head: IndexArray
    gain: FloatArray
    cost: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ground:
    """What a link may pass: the colour's ink (grown by a pixel), ground where nothing could hide a line, and
    the ink of strokes that one line has for itself."""

    own: Mask
    open: Mask
    single: Mask


def weigh_links(tails: Ends, heads: Ends, ground: Ground, width: float, bonus: float = 0.0) -> Links:
    """Weigh all sensible links between strands.

    Parameters
    ----------
    tails, heads
        Right and left ends of the same strands.
    ground
        What lies between them.
    bonus
        What a link saves beside the price of a line.
    width
        The stroke's width (px).
    """
    tail, head = _candidates(tails, heads, OVERLAP_PX + OVERLAP_WIDTHS * width)
    if tail.size == 0:
        return Links(tail=tail, head=head, gain=np.zeros(0), cost=np.zeros(0))
    course, vx, vy = _course_cost(tails, heads, tail, head, width)
    keep = _nearest(tail, head, course + 0.02 * np.hypot(vx, vy))
    tail, head, course, vx, vy = tail[keep], head[keep], course[keep], vx[keep], vy[keep]
    blank, unseen, passed = _ground_between(tails, heads, tail, head, ground)
    usual = np.maximum(tails.gap[tail], heads.gap[head])
    blank = np.maximum(blank - np.maximum(USUAL_GAP * usual + 0.5, 0.0) * (usual > 0), 0.0)
    cost = course + np.minimum(BLANK_PRICE * blank / max(width, 1.0), MOST_BLANK) + UNSEEN_PRICE * unseen
    cost += np.minimum(PASSED_PRICE * passed, MOST_PASSED)
    cost += np.minimum(WIDTH_PRICE * np.abs(np.log(tails.width[tail] / heads.width[head])), WIDTH_PRICE)
    size = np.minimum(0.45 + tails.length[tail] / SURE_WIDTHS, 1.0) + np.minimum(
        0.45 + heads.length[head] / SURE_WIDTHS, 1.0
    )
    gain = (NEW_LINE + bonus) * size / 2 - cost
    good = gain > 0
    return Links(tail=tail[good], head=head[good], gain=gain[good], cost=cost[good])


def _candidates(tails: Ends, heads: Ends, overlap: float) -> tuple[IndexArray, IndexArray]:
    """Pairs of strands that follow each other from left to right."""
    ahead = heads.x[None, :] - tails.x[:, None]
    # Each strand begins and ends before the one it is continued by does.
    after = (heads.x[None, :] > heads.x[:, None]) & (tails.x[None, :] > tails.x[:, None])
    ok = after & (ahead > -overlap)
    np.fill_diagonal(ok, False)
    tail, head = np.nonzero(ok)
    return tail, head


def _course_cost(
    tails: Ends, heads: Ends, tail: IndexArray, head: IndexArray, width: float
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Price of the bend that a link makes, and the vector from end to end (nearest points of the runs)."""
    half = width / 2
    e_low, e_high = _shrunk(tails, tail, half)
    s_low, s_high = _shrunk(heads, head, half)
    y1 = np.clip(heads.y[head], e_low, e_high)
    y2 = np.clip(y1, s_low, s_high)
    y1 = np.clip(y2, e_low, e_high)
    vx, vy = heads.x[head] - tails.x[tail], y2 - y1
    far = np.hypot(vx, vy)
    ux, uy = tails.dx[tail], tails.dy[tail]
    wx, wy = -heads.dx[head], -heads.dy[head]
    slack = 0.7 * width + 0.5
    e_spread, s_spread = tails.spread[tail], heads.spread[head]
    free1 = np.hypot(slack, np.tan(np.minimum(e_spread, 1.2)) * far)
    free2 = np.hypot(slack, np.tan(np.minimum(s_spread, 1.2)) * far)
    z1, z2 = np.abs(vx * uy - vy * ux) / free1, np.abs(vx * wy - vy * wx) / free2
    back1 = np.where(e_spread < UNDIRECTED, np.maximum(-(vx * ux + vy * uy), 0.0) / free1, 0.0)
    back2 = np.where(s_spread < UNDIRECTED, np.maximum(-(vx * wx + vy * wy), 0.0) / free2, 0.0)
    course = COURSE_PRICE * np.log1p((z1**2 + z2**2 + back1**2 + back2**2) / 4)
    turn = np.abs(np.arctan2(ux * wy - uy * wx, ux * wx + uy * wy))
    zt = turn / np.hypot(np.hypot(e_spread, s_spread), 0.2)
    corner = np.minimum(CORNER_PRICE * np.log1p(zt**2 / 2), MOST_CORNER)
    return np.minimum(course, MOST_COURSE) + corner, vx, vy


def _shrunk(ends: Ends, index: IndexArray, half: float) -> tuple[FloatArray, FloatArray]:
    """The range of heights that a stroke's middle takes in its end run."""
    middle = ends.y[index]
    return np.minimum(ends.top[index] + half, middle), np.maximum(ends.bottom[index] - half, middle)


def _nearest(tail: IndexArray, head: IndexArray, far: FloatArray) -> IndexArray:
    """The best few candidates of each end, both ways."""
    keep = np.zeros(tail.size, dtype=bool)
    every = np.full((int(tail.max()) + 1, int(head.max()) + 1), np.inf)
    every[tail, head] = far
    for side, table in ((tail, every), (head, every.T)):
        # Sorting takes long where strands are many: what lies beyond the last of the best is left out first.
        last = min(MAX_CANDIDATES, table.shape[1]) - 1
        near = np.flatnonzero(far <= np.partition(table, last, axis=1)[side, last])
        order = near[np.lexsort((far[near], side[near]))]
        first = np.r_[True, np.diff(side[order]) > 0]
        rank = np.arange(order.size) - np.maximum.accumulate(np.where(first, np.arange(order.size), 0))
        keep[order[rank < MAX_CANDIDATES]] = True
    return np.flatnonzero(keep)


def bend_through(
    x: FloatArray, e: tuple[FloatArray, ...], s: tuple[FloatArray, ...]
) -> tuple[FloatArray, FloatArray]:
    """Points on the smooth curve from ``e`` to ``s`` at shares ``x``; ends are (x, y, dx, dy, spread)."""
    far = np.hypot(s[0] - e[0], s[1] - e[1])
    sure = (e[4] < 0.3) & (s[4] < 0.3)
    ex, ey = np.where(sure, e[2] * far, s[0] - e[0]), np.where(sure, e[3] * far, s[1] - e[1])
    sx, sy = np.where(sure, s[2] * far, s[0] - e[0]), np.where(sure, s[3] * far, s[1] - e[1])
    h00, h10 = 2 * x**3 - 3 * x**2 + 1, x**3 - 2 * x**2 + x
    h01, h11 = -2 * x**3 + 3 * x**2, x**3 - x**2
    return h00 * e[0] + h10 * ex + h01 * s[0] + h11 * sx, h00 * e[1] + h10 * ey + h01 * s[1] + h11 * sy


def _ground_between(
    tails: Ends, heads: Ends, tail: IndexArray, head: IndexArray, ground: Ground
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Lengths (px) along the way from end to end: blank, without own ink, and over strokes of others."""
    y1 = np.clip(heads.y[head], tails.top[tail], tails.bottom[tail])
    y2 = np.clip(y1, heads.top[head], heads.bottom[head])
    y1 = np.clip(y2, tails.top[tail], tails.bottom[tail])
    e = (tails.x[tail], y1, tails.dx[tail], tails.dy[tail], tails.spread[tail])
    s = (heads.x[head], y2, -heads.dx[head], -heads.dy[head], heads.spread[head])
    share = (np.arange(SAMPLES) + 0.5) / SAMPLES
    px, py = bend_through(share[None, :], tuple(v[:, None] for v in e), tuple(v[:, None] for v in s))
    height, n_columns = ground.own.shape
    rows = np.clip(np.rint(py), 0, height - 1).astype(np.intp)
    columns = np.clip(np.rint(px), 0, n_columns - 1).astype(np.intp)
    mine, empty, single = (m[rows, columns] for m in (ground.own, ground.open, ground.single))
    far = np.hypot(s[0] - e[0], s[1] - e[1])
    return (~mine & empty).mean(axis=1) * far, (~mine).mean(axis=1) * far, single.mean(axis=1) * far
