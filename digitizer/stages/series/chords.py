"""Find the straight line that was fitted to a cloud and drawn through it in its own colour."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from digitizer.evidence import FloatArray, Mask, Trace
from digitizer.stages.series.fitted import are_own
from digitizer.stages.series.layer import Layer
from digitizer.stages.series.paths.runs import ON

# A cloud has so many markers at least.
FEWEST = 8
# What a marker covers reaches this far (px) beyond its outline.
RIM_PX = 1.0
# Bits of ink between the markers that lines are laid through: the longest of them.
MOST_BITS = 30
# Ink belongs to a line that is this near (px), beside half its width.
NEAR_PX = 1.0
# Such a line is inked all along (share of its length; markers and what may hide it count as ink) ...
INKED = 0.97
# ... and spans this share of its cloud's width. Chords through heaps are inked for a tenth of it.
SPANS = 0.4
# Between the markers it shows for this share of its length, and holds this share of all ink that they leave.
SHOWS = 0.08
EXPLAINS = 0.4
# An end this near (px) to a side of the panel is at it.
SIDE_PX = 1.0
# How well ends (px) and course are known.
END_SIGMA, COURSE_SIGMA = 1.0, 0.15
STEP_PX = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Chord:
    """The line y = height + slope * x of a layer (px), from ``first`` to ``last``, ``width`` px thick."""

    height: float
    slope: float
    first: float
    last: float
    width: float

    def away(self, x: FloatArray, y: FloatArray) -> FloatArray:
        """How far places are from it (px)."""
        return np.abs(y - self.height - self.slope * x) / float(np.hypot(1.0, self.slope))


def find_chord(layer: Layer, points: list[Trace]) -> Chord | None:
    """The straight line through a layer's cloud; None where it shows none.

    Notes
    -----
    Of a line through a crowd a part is seen between the markers. It is laid through each pair of these bits;
    the one that holds most of their ink must be inked all along, where markers cover it too.
    """
    if sum(t.x_px.size for t in points) < FEWEST:
        return None
    x: FloatArray = np.concatenate([t.x_px - layer.ink.left for t in points])
    y: FloatArray = np.concatenate([t.y_px - layer.ink.top for t in points])
    size = max(t.marker_size_px for t in points)
    bare = _between(layer, x, y, size)
    found = _lay(layer, bare, x)
    if found is None or are_own(found.away(x, y)):
        return None
    return _end_at_markers(found, x, y, size, layer.alpha.shape[1])


def without_chord(layer: Layer, chord: Chord) -> Mask:
    """Where a line's own ink hides what its cloud's markers show."""
    places: FloatArray = np.indices(layer.alpha.shape).astype(np.float64)
    near = chord.away(places[1], places[0]) < chord.width / 2 + NEAR_PX / 2
    return np.asarray(near & (places[1] >= chord.first - 1) & (places[1] <= chord.last + 1))


def as_trace(layer: Layer, chord: Chord) -> Trace:
    """A line of two points in source pixels."""
    x = np.array([chord.first, chord.last])
    return Trace(
        kind="line",
        color=layer.rgb,
        x_px=x + layer.ink.left,
        y_px=chord.height + chord.slope * x + layer.ink.top,
        sigma_px=np.full(2, COURSE_SIGMA + END_SIGMA * abs(chord.slope)),
        sampled_at="vertices",
        line_width_px=chord.width,
    )


def _between(layer: Layer, x: FloatArray, y: FloatArray, size: float) -> Mask:
    """The layer's ink outside of its markers."""
    bare = ((layer.alpha > ON) & ~layer.blocked).astype(np.uint8)
    radius = round((size / 2 + RIM_PX) * 16)
    for cx, cy in zip(x, y, strict=True):
        cv2.circle(bare, (round(cx * 16), round(cy * 16)), radius, 0, thickness=-1, shift=4)
    return bare > 0


def _lay(layer: Layer, bare: Mask, x: FloatArray) -> Chord | None:
    n, _, stats, middles = cv2.connectedComponentsWithStats(bare.astype(np.uint8), connectivity=8)
    longest = np.argsort(-stats[1:, cv2.CC_STAT_AREA], kind="stable")[:MOST_BITS] + 1
    if n < 3:
        return None
    bits = np.asarray(middles[longest], dtype=np.float64)
    rows, columns = (v.astype(np.float64) for v in np.nonzero(bare))
    one, other = np.triu_indices(len(bits), 1)
    step = bits[other] - bits[one]
    level = np.abs(step[:, 0]) > 2.0
    slope = step[level, 1] / step[level, 0]
    height = bits[one[level], 1] - slope * bits[one[level], 0]
    if not slope.size:
        return None
    off = np.abs(rows - height[:, None] - slope[:, None] * columns) / np.hypot(1.0, slope)[:, None]
    best = int(np.argmax((off < 2 * NEAR_PX).sum(axis=1)))
    chord = Chord(height=float(height[best]), slope=float(slope[best]), first=0.0, last=0.0, width=2.0)
    for _ in range(3):
        settled = _settle(layer, chord, rows, columns)
        if settled is None:
            return None
        chord = settled
    return chord if _is_line(layer, chord, rows, columns, x) else None


def _settle(layer: Layer, chord: Chord, rows: FloatArray, columns: FloatArray) -> Chord | None:
    """The line fitted to the ink between the markers that lies on it."""
    near = chord.away(columns, rows) < chord.width / 2 + NEAR_PX
    if np.count_nonzero(near) < FEWEST:
        return None
    at = columns[near].astype(int)
    # Its rims are paler than what counts as ink: each column's middle is taken with them.
    taken = np.unique(at)
    reach = int(np.ceil((chord.width / 2 + NEAR_PX) * np.hypot(1.0, chord.slope)))
    middle = np.round(chord.height + chord.slope * taken).astype(int)
    window = np.clip(middle[:, None] + np.arange(-reach, reach + 1), 0, layer.alpha.shape[0] - 1)
    mass = layer.alpha[window, taken[:, None]].astype(np.float64)
    own = mass.sum(axis=1)
    y = (mass * window).sum(axis=1) / np.maximum(own, 1e-6)
    usual = float(np.median(own))
    clean = np.abs(own - usual) < 0.35 * usual
    if clean.sum() < 4 or np.ptp(taken[clean]) < 4:
        return None
    slope, height = np.polyfit(taken[clean], y[clean], 1)
    off = np.abs(y - height - slope * taken)
    keep = clean & (off < 3 * max(float(np.median(off[clean])), 0.1))
    if keep.sum() >= 4:
        slope, height = np.polyfit(taken[keep], y[keep], 1)
    first, last = _ends(layer, float(height), float(slope), taken[clean])
    width = usual / float(np.hypot(1.0, slope))
    return Chord(height=float(height), slope=float(slope), first=first, last=last, width=width)


def _ends(layer: Layer, height: float, slope: float, seen: FloatArray) -> tuple[float, float]:
    """How far ink goes on along a line on both sides of where it is seen."""
    columns = np.arange(layer.alpha.shape[1], dtype=np.float64)
    inked = _is_inked(layer, height + slope * columns, columns)
    gaps = np.flatnonzero(~inked)
    before, after = gaps[gaps < seen.min()], gaps[gaps > seen.max()]
    first = float(before[-1]) + 1 if before.size else 0.0
    last = float(after[0]) - 1 if after.size else float(columns[-1])
    return first, last


def _is_inked(layer: Layer, y: FloatArray, x: FloatArray) -> Mask:
    """Whether a line's middle is inked or hidden at each place; beyond the layer it is not.

    Where a translucent marker shows through the line, or lies on others, its colour is none of the layer's.
    """
    rows = np.round(y).astype(int)
    inside = (rows >= 0) & (rows < layer.alpha.shape[0])
    rows, columns = np.clip(rows, 0, layer.alpha.shape[0] - 1), np.round(x).astype(int)
    ground = layer.ink.usual_ground
    strong = layer.ink.strength[rows, columns] > ON * float(np.linalg.norm(layer.stroke.color - ground))
    return np.asarray(inside & (strong | (layer.alpha[rows, columns] > ON) | layer.blocked[rows, columns]))


def _is_line(layer: Layer, chord: Chord, rows: FloatArray, columns: FloatArray, x: FloatArray) -> bool:
    """Whether a chord is inked all along, long enough, and most of what the markers leave."""
    near = chord.away(columns, rows) < chord.width / 2 + NEAR_PX
    on = np.unique(columns[near])
    if on.size < FEWEST:
        return False
    at = np.arange(on.min(), on.max() + STEP_PX, STEP_PX)
    inked = _is_inked(layer, chord.height + chord.slope * at, np.minimum(at, layer.alpha.shape[1] - 1))
    span = float(on.max() - on.min())
    return bool(
        span > SPANS * float(np.ptp(x))
        and inked.mean() > INKED
        and on.size > SHOWS * span
        and near.sum() > EXPLAINS * near.size
    )


def _end_at_markers(chord: Chord, x: FloatArray, y: FloatArray, size: float, columns: int) -> Chord:
    """The chord with its ends at the markers that cover them: a fit reaches from the first to the last.

    What runs on to a side of the panel, of so many ``columns``, ends there.
    """
    reach = size / 2 + RIM_PX
    covering = x[chord.away(x, y) < size / 2 - RIM_PX]
    first, last = chord.first, chord.last
    if first > SIDE_PX:
        first = float(np.min(covering[np.abs(covering - first) < reach], initial=np.inf))
    if last < columns - 1 - SIDE_PX:
        last = float(np.max(covering[np.abs(covering - last) < reach], initial=-np.inf))
    return replace(
        chord,
        first=first if np.isfinite(first) else chord.first,
        last=last if np.isfinite(last) else chord.last,
    )
