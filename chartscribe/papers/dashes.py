"""Dashed lines that a program drew as filled shapes, one a dash, as the strokes that they were made from.

Browsers print dashed lines so: each dash is the outline of its piece of the line, bends and all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from digitizer.drawing import DrawnPath
from digitizer.evidence import FloatArray

# Lengths that are one agree to this share of the stroke's width; a line runs straight where dashes are off
# its course by less than the other one: documents tell places to a thousandth of a point.
SAME_SHARE, STRAIGHT_OFF = 0.02, 0.003
# A dash is longer than it is wide; a gap is no longer than so many of the longest dashes, and a line has so
# many of these. A legend's sample has two, as long as each other.
LEAST_LENGTH, MOST_GAP, FEWEST, FEWEST_ALIKE = 1.2, 3.0, 4, 2
# From dash to dash a line turns by less than this (cosine): bars beside each other run back.
ONWARD = 0.3
# Most gaps of a line have no bend: forms that stand about only look like dashes.
STRAIGHT_SHARE = 0.5
# Shorter dashes than this share of the longest are dots of a pattern.
DOT_SHARE = 0.5
# Outlines of more points are no dashes.
MOST_POINTS = 60
# Steps that are none (points).
TINY = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Dash:
    """The course of a dash (n, 2), and its width."""

    course: FloatArray
    width: float

    @property
    def length(self) -> float:
        return float(np.hypot(*np.diff(self.course, axis=0).T).sum())


def join_dashes(paths: Sequence[DrawnPath]) -> list[DrawnPath]:
    """The paths with each line of filled dashes as one dashed stroke, where its first dash was.

    Parameters
    ----------
    paths : sequence of DrawnPath
        The paths of a drawing in the order in which they were drawn, in units that are alike along x and y.
    """
    out: list[DrawnPath] = []
    chain: list[tuple[DrawnPath, _Dash]] = []
    longest = 0.0
    for path in paths:
        dash = _as_dash(path)
        if chain and (dash is None or not _follows(*chain[-1], longest, path, dash)):
            out += _joined(chain)
            chain, longest = [], 0.0
        if dash is None:
            out.append(path)
        else:
            chain.append((path, dash))
            longest = max(longest, dash.length)
    return out + _joined(chain)


def _joined(chain: Sequence[tuple[DrawnPath, _Dash]]) -> list[DrawnPath]:
    """The stroke of a chain of dashes; the shapes that they are where they make none."""
    if not chain:
        return []
    shapes = [path for path, _ in chain]
    dashes = [dash for _, dash in chain]
    lengths = np.array([dash.length for dash in dashes])
    alike = np.ptp(lengths) <= SAME_SHARE * dashes[0].width
    if len(dashes) < (FEWEST_ALIKE if alike else FEWEST):
        return shapes
    course = [dashes[0].course]
    n_straight = 0
    for one, other in pairwise(dashes):
        bend = _bend(one, other)
        n_straight += bend is not None and not len(bend)
        # Two bends within a gap are not seen: the line is then known as far as its dashes go.
        course[-1] = course[-1][: len(course[-1]) - (bend is not None)]
        course += [np.stack([one.course[-1], other.course[0]]) if bend is None else bend, other.course[1:]]
    if n_straight < STRAIGHT_SHARE * (len(dashes) - 1):
        return shapes
    points = np.concatenate(course)
    stroke = replace(
        shapes[0],
        x=points[:, 0],
        y=points[:, 1],
        is_vertex=np.ones(len(points), dtype=bool),
        stroke=shapes[0].fill,
        fill=None,
        closed=False,
        width=float(np.median([dash.width for dash in dashes])),
        dashes=_pattern(dashes, lengths),
    )
    return [stroke]


def _pattern(dashes: Sequence[_Dash], lengths: FloatArray) -> tuple[float, ...]:
    """The lengths of dashes and gaps in turn: of all dashes alike, or of long ones and dots."""
    gap = float(np.median([_distance(a.course[-1], b.course[0]) for a, b in pairwise(dashes)]))
    dots = lengths < DOT_SHARE * np.quantile(lengths, 0.9)
    if np.count_nonzero(dots) < FEWEST or dots.all():
        return float(np.median(lengths)), gap
    return float(np.median(lengths[~dots])), gap, float(np.median(lengths[dots])), gap


def _follows(before: DrawnPath, last: _Dash, longest: float, path: DrawnPath, dash: _Dash) -> bool:
    """Whether a dash goes on where the last one of a chain ends, in its colour and width.

    ``longest`` is the length of the chain's longest one.
    """
    gap = dash.course[0] - last.course[-1]
    size = float(np.hypot(*gap))
    if path.fill != before.fill or abs(dash.width - last.width) > SAME_SHARE * last.width:
        return False
    if not 0.0 < size <= MOST_GAP * max(longest, dash.length):
        return False
    headings = [_heading(last.course[-2:]), _heading(dash.course[:2])]
    return all(float(heading @ gap) > ONWARD * size for heading in headings)


def _bend(one: _Dash, other: _Dash) -> FloatArray | None:
    """Where a line bends between two dashes (k, 2): nowhere where it runs straight, None where none can tell.

    The last course of the one and the first of the other meet there.
    """
    near = STRAIGHT_OFF * one.width
    end, start = one.course[-1], other.course[0]
    ahead, behind = _heading(one.course[-2:]), _heading(other.course[:2])
    off = max(abs(_cross(ahead, start - end)), abs(_cross(behind, start - end)))
    if off <= near:
        return np.empty((0, 2))
    turn = _cross(ahead, behind)
    if turn == 0.0:
        return None
    along = _cross(start - end, behind) / turn
    back = _cross(start - end, ahead) / turn
    # Each end may be the bend itself.
    if along < -near or back > near:
        return None
    return np.asarray(end + along * ahead)[None]


def _as_dash(path: DrawnPath) -> _Dash | None:
    """A filled outline as the dash that it is; None where it is none.

    Its last side is one end of the dash, as wide as the stroke. A bend shows as a point on either side, or
    where it is sharp as the vertex itself between two corners on its inner side (Skia).
    """
    if path.fill is None or path.stroke is not None or not path.is_vertex.all():
        return None
    points = np.stack([path.x, path.y], axis=1)
    if len(points) > MOST_POINTS or len(points) < 4:
        return None
    if _distance(points[0], points[-1]) == 0.0:
        points = points[:-1]
    width = _distance(points[0], points[-1])
    far = _far_end(points, width)
    if far is None or width == 0.0:
        return None
    sides = points[1:far], points[far + 2 : -1][::-1]
    bends = _bends(*sides, width, points[0])
    if bends is None:
        return None
    course = np.concatenate([[points[[0, -1]].mean(axis=0)], bends, [points[[far, far + 1]].mean(axis=0)]])
    dash = _Dash(course=course, width=width)
    return dash if dash.length >= LEAST_LENGTH * width else None


def _far_end(points: FloatArray, width: float) -> int | None:
    """The first point of the side opposite to the last one: as long, and square to both that meet it."""
    n = len(points)
    for k in range(1, n - 2):
        side = points[k + 1] - points[k]
        if abs(np.hypot(*side) - width) > SAME_SHARE * width:
            continue
        before, after = points[k] - points[k - 1], points[k + 2] - points[k + 1]
        square = all(
            abs(float(v @ side)) <= SAME_SHARE * width * float(np.hypot(*v)) for v in (before, after)
        )
        if square and float(before @ after) < 0.0:
            return k
    return None


def _bends(left: FloatArray, right: FloatArray, width: float, start: FloatArray) -> FloatArray | None:
    """The vertices of a dash in order (k, 2), from the points of both its sides; None if they make none."""
    sides = [list(left), list(right)]
    vertices: list[FloatArray] = []
    for k in (0, 1):
        inner = _pivots(np.array(sides[k]).reshape(-1, 2), width)
        for i in inner:
            vertex = sides[k][i]
            vertices.append(vertex)
            sides[1 - k] = _without_outer(sides[1 - k], vertex, width)
        gone = {j for i in inner for j in (i - 1, i, i + 1)}
        sides[k] = [p for j, p in enumerate(sides[k]) if j not in gone]
    if len(sides[0]) != len(sides[1]):
        return None
    vertices += [np.asarray((a + b) / 2) for a, b in zip(*sides, strict=True)]
    order = sorted(vertices, key=lambda v: _distance(v, start))
    return np.array(order).reshape(-1, 2)


def _pivots(side: FloatArray, width: float) -> list[int]:
    """Which points of a side are the line's own: both of their neighbours are half a width away."""
    steps = np.hypot(*np.diff(side, axis=0).T) if len(side) > 1 else np.empty(0)
    half = np.abs(steps - width / 2) <= SAME_SHARE * width
    return [k + 1 for k in range(len(half) - 1) if half[k] and half[k + 1]]


def _without_outer(side: Sequence[FloatArray], vertex: FloatArray, width: float) -> list[FloatArray]:
    """A side without the corner opposite to a vertex, or the two of one that is cut off."""
    if not side:
        return []
    away = [_distance(p, vertex) for p in side]
    nearest = int(np.argmin(away))
    cut = [k for k, size in enumerate(away) if abs(size - width / 2) <= SAME_SHARE * width]
    gone = set(cut if len(cut) == 2 else [nearest])
    return [p for k, p in enumerate(side) if k not in gone]


def _heading(course: FloatArray) -> FloatArray:
    """The direction from one point to another (2, 2), of length one."""
    step = course[1] - course[0]
    return np.asarray(step / max(float(np.hypot(*step)), TINY))


def _cross(one: FloatArray, other: FloatArray) -> float:
    return float(one[0] * other[1] - one[1] * other[0])


def _distance(one: FloatArray, other: FloatArray) -> float:
    return float(np.hypot(*(other - one)))
