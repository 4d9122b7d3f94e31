"""Curves that turn back in x (orbits, hysteresis, spirals): followed along their stroke, not by columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from digitizer.evidence import FloatArray, Mask, Trace
from digitizer.stages.series.inks.ink import FloatImage
from digitizer.stages.series.layer import Layer
from digitizer.stages.series.paths.runs import ON, Runs, find_runs, guess_width

# A curve that turns back has two strokes in this share of its columns at least.
LEAST_DOUBLE = 0.2
# Of a stroke's ink less than this share lies deeper than its half width, by this much (px, and in widths):
# in chains of discs it is 0.15 and more, where a curve crosses itself 0.03.
DEEP_SHARE = 0.06
DEEP_PX, DEEP_WIDTHS = 1.0, 0.6
# Where a stroke is followed: a step (px), and the steps over which its direction is measured.
STEP_PX = 1.0
BACK = 5
# Steps that tell how a way bends, and the last ones, which what covers or crosses it blurs.
LEARNT = 24
BLURRED = 3
# Across the stroke ink is looked at this far beyond its half width (px), in places this far apart.
ASIDE_PX = 1.5
ASIDE_STEP_PX = 0.25
# Wider than this many strokes it crosses another branch, and its middle tells nothing; with less than this of
# a stroke's ink it has ended, unless ink follows within so many widths, or beyond what hides it (px).
CROSSING = 1.5
ENDED = 0.35
GAP_WIDTHS = 3.0
HIDDEN_PX = 60.0
# Where branches merge, or another stroke covers a part of this one, for longer than this (px), none is told.
MERGED_PX = 60.0
# At a tip the stroke is looked for on a circle of so many widths, up to this angle aside.
TIP_WIDTHS = 1.2
TIP_DEG = 130
# A way that comes back to where it began, this near (px) and in its direction (cosine), is closed.
CLOSED_PX = 2.0
SAME_WAY = 0.8
# The curve explains this share of its colour's ink, and has ink under this share of itself where nothing else
# may hide it.
EXPLAINED = 0.96
SUPPORTED = 0.97
# It has so much ink to each pixel of its way, of what its width would draw: crossings take a tenth away, and
# ways that wander through a chain of discs pass the same ink four times.
LEAST_INK = 0.75
# It goes back by this share of its width, at least.
LEAST_BACK = 0.1
SIGMA_PX = 0.15


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Map:
    """Coverage of a stroke, where it may be hidden, its width (px), and whether it may turn round sharply."""

    alpha: FloatImage
    blocked: Mask
    width: float
    has_tips: bool

    def sample(self, x: FloatArray, y: FloatArray) -> FloatArray:
        """Coverage at places between pixels."""
        seen = cv2.remap(
            self.alpha,
            x.astype(np.float32)[None],
            y.astype(np.float32)[None],
            cv2.INTER_LINEAR,
            borderValue=0.0,
        )
        return np.asarray(seen[0], dtype=np.float64)

    def is_covered(self, place: FloatArray, heading: FloatArray) -> bool:
        """Whether another stroke covers a part of the stroke's width."""
        aside = np.linspace(-0.5, 0.5, 5)[:, None] * self.width * np.array([-heading[1], heading[0]])
        return any(self.is_hidden(x, y) for x, y in place + aside)

    def is_hidden(self, x: float, y: float) -> bool:
        row, column = round(y), round(x)
        inside = 0 <= row < self.blocked.shape[0] and 0 <= column < self.blocked.shape[1]
        return inside and bool(self.blocked[row, column])


def find_loop(layer: Layer) -> Trace | None:
    """Follow the one curve of a colour that turns back in x; None where its ink is none.

    Notes
    -----
    From a clean place the stroke is followed both ways, step by step: what lies across it puts each step on
    its middle, and through crossings it goes on as it bent before. The curve is taken where it alone explains
    the ink of its colour.
    """
    if not _is_double(layer.alpha):
        return None
    runs = find_runs(layer.alpha, layer.blocked)
    width = guess_width(runs, layer.alpha)
    if not _is_stroke(layer.alpha, width):
        return None
    # Two lines that begin at one place are no curve that turns round there, unless one is listed.
    ink = _Map(
        alpha=np.ascontiguousarray(layer.alpha, dtype=np.float32),
        blocked=layer.blocked,
        width=width,
        has_tips=bool(layer.entries),
    )
    for start in _starts(runs, width):
        path = _follow_both(ink, start)
        if path is not None and _turns_back(path[:, 0]) and _explains(ink, path):
            return Trace(
                kind="line",
                color=layer.rgb,
                x_px=path[:, 0] + layer.ink.left,
                y_px=path[:, 1] + layer.ink.top,
                sigma_px=np.full(len(path), SIGMA_PX),
                sampled_at="columns",
                line_width_px=width,
            )
    return None


def _is_double(alpha: FloatImage) -> bool:
    """Whether many columns with ink have more than one run of it."""
    on = alpha > ON
    per_column = on[0] + np.count_nonzero(on[1:] > on[:-1], axis=0)
    if per_column.sum() < 3:
        return False
    return float(np.mean(per_column[per_column > 0] > 1)) >= LEAST_DOUBLE


def _is_stroke(alpha: FloatImage, width: float) -> bool:
    """Whether ink is nowhere much thicker than its stroke, as discs on a line are."""
    inked = (alpha > ON).astype(np.uint8)
    depth = cv2.distanceTransform(inked, cv2.DIST_L2, 5)[inked > 0]
    return float(np.mean(depth > DEEP_PX + DEEP_WIDTHS * width)) < DEEP_SHARE


def _starts(runs: Runs, width: float) -> Iterator[FloatArray]:
    """Clean places to begin at, as (x, y): level stretches of the stroke's own width."""
    level = np.flatnonzero((runs.mass < CROSSING * width) & ~(runs.cut_top | runs.cut_bottom))
    for share in (0.5, 0.2, 0.8):
        if level.size:
            at = level[int(share * (level.size - 1))]
            yield np.array([float(runs.column[at]), float(runs.center[at])])


def _follow_both(ink: _Map, start: FloatArray) -> FloatArray | None:
    forth, closed = _follow(ink, start, np.array([1.0, 0.0]))
    if len(forth) < BACK:
        return None
    if closed:
        return np.concatenate([forth, forth[:1]])
    begin = forth[0] - forth[min(BACK, len(forth) - 1)]
    back, _ = _follow(ink, start, _unit(begin))
    return np.concatenate([back[:0:-1], forth])


def _follow(ink: _Map, start: FloatArray, direction: FloatArray) -> tuple[FloatArray, bool]:
    """The way along a stroke from ``start``, and whether it comes back to it."""
    way, heading, first = [_onto_middle(ink, start, direction)[0]], direction, direction
    course: FloatArray | None = None
    blind = 0
    most = int(2 * float(ink.alpha.sum()) / LEAST_INK / ink.width / STEP_PX) + 10
    while len(way) < most and blind * STEP_PX < MERGED_PX:
        ahead = way[-1] + STEP_PX * heading
        middle, mass = _onto_middle(ink, ahead, heading)
        if mass > CROSSING * ink.width or ink.is_covered(ahead, heading):
            # Of a stroke that another one covers in part the middle lies too far from that one.
            if course is None:
                course = _course(way)
            blind += 1
            way.append(way[-1] + _step_of(course, blind, heading))
            heading = _unit(way[-1] - way[-2])
            continue
        if mass < ENDED * ink.width:
            beyond = _leap(ink, way[-1], heading)
            if beyond is None and ink.has_tips:
                beyond = _round_tip(ink, way, heading)
            if beyond is None:
                break
            way.append(beyond)
        else:
            way.append(middle)
        blind, course = 0, None
        heading = _unit(way[-1] - way[max(0, len(way) - 1 - BACK)])
        if len(way) == BACK:
            first = heading
        home = way[-1] - way[0]
        if len(way) > 4 * BACK and float(np.hypot(*home)) < CLOSED_PX and float(heading @ first) > SAME_WAY:
            return np.array(way), True
    return np.array(way), False


def _course(way: list[FloatArray]) -> FloatArray | None:
    """How a way has bent so far: a parabola in steps before what blurs its last few; None of too few."""
    seen = np.array(way[-LEARNT - BLURRED : -BLURRED])
    if len(seen) < LEARNT // 2:
        return None
    return np.polyfit(np.arange(len(seen)) - len(seen) - BLURRED + 1.0, seen, 2)


def _step_of(course: FloatArray | None, at: int, heading: FloatArray) -> FloatArray:
    """The next step of a way that goes on as it bent before, ``at`` steps on."""
    if course is None:
        return STEP_PX * heading
    return STEP_PX * _unit(2 * course[0] * at + course[1])


def _onto_middle(ink: _Map, place: FloatArray, heading: FloatArray) -> tuple[FloatArray, float]:
    """A place moved across the stroke onto its middle, and the ink across it (px)."""
    reach = ink.width / 2 + ASIDE_PX
    aside = np.arange(-reach, reach + ASIDE_STEP_PX / 2, ASIDE_STEP_PX)
    normal = np.array([-heading[1], heading[0]])
    seen = ink.sample(place[0] + aside * normal[0], place[1] + aside * normal[1])
    mass = float(seen.sum()) * ASIDE_STEP_PX
    off = float(seen @ aside) * ASIDE_STEP_PX / mass if mass > 1e-6 else 0.0
    return place + off * normal, mass


def _leap(ink: _Map, place: FloatArray, heading: FloatArray) -> FloatArray | None:
    """The next place of a stroke straight ahead, beyond a gap or what hides it."""
    passed = 0.0
    for far in np.arange(STEP_PX, HIDDEN_PX, STEP_PX):
        ahead = place + far * heading
        middle, mass = _onto_middle(ink, ahead, heading)
        if mass > 0.7 * ink.width:
            return middle
        passed += 0.0 if ink.is_hidden(*ahead) else STEP_PX
        if passed > GAP_WIDTHS * ink.width:
            return None
    return None


def _round_tip(ink: _Map, way: list[FloatArray], heading: FloatArray) -> FloatArray | None:
    """The next place of a stroke that turns sharply; not back along where it came from."""
    angles = np.deg2rad(np.arange(-TIP_DEG, TIP_DEG + 1, 5.0))
    radius = TIP_WIDTHS * ink.width + 1.0
    around = np.array([_rotated(heading, a) for a in angles]) * radius + way[-1]
    seen = ink.sample(around[:, 0], around[:, 1])
    came = np.array(way[-int(4 * radius) - 2 :])
    apart = np.hypot(around[:, None, 0] - came[None, :, 0], around[:, None, 1] - came[None, :, 1]).min(axis=1)
    seen = np.where(apart > 0.7 * ink.width + 0.5, seen, 0.0)
    best = int(np.argmax(seen))
    return np.asarray(around[best]) if seen[best] > 0.5 else None


def _unit(v: FloatArray) -> FloatArray:
    return np.asarray(v / max(float(np.hypot(*v)), 1e-9))


def _rotated(v: FloatArray, angle: float) -> FloatArray:
    c, s = np.cos(angle), np.sin(angle)
    return np.array([c * v[0] - s * v[1], s * v[0] + c * v[1]])


def _turns_back(x: FloatArray) -> bool:
    """Whether a way goes back in x by a good share of its width."""
    back = float(np.max(np.maximum.accumulate(x) - x))
    forth = float(np.max(x - np.minimum.accumulate(x)))
    return min(back, forth) > LEAST_BACK * float(np.ptp(x))


def _explains(ink: _Map, path: FloatArray) -> bool:
    """Whether a way is drawn with ink, passes it once, and leaves none."""
    drawn = np.zeros(ink.alpha.shape, dtype=np.uint8)
    points = np.round(path * 16).astype(np.int32).reshape(-1, 1, 2)
    cv2.polylines(drawn, [points], False, 1, max(1, round(ink.width + 2)), shift=4)
    own = np.where(ink.blocked, 0.0, ink.alpha)
    if float(own[drawn > 0].sum()) < EXPLAINED * float(own.sum()):
        return False
    length = float(np.hypot(*np.diff(path, axis=0).T).sum())
    if float(ink.alpha.sum()) < LEAST_INK * ink.width * length:
        return False
    rows, columns = (np.clip(np.round(path[:, k]).astype(int), 0, ink.alpha.shape[1 - k] - 1) for k in (1, 0))
    grown = cv2.dilate((ink.alpha > ON).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    return float(np.mean(grown[rows, columns] | ink.blocked[rows, columns])) >= SUPPORTED
