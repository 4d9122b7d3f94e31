"""Markers of colours that have one or two: a point for each model, run or city, in a colour of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from digitizer.evidence import FloatArray, Trace
from digitizer.stages.series.fits.shapes import FILLED, name_of
from digitizer.stages.series.inks.furniture import NEUTRAL
from digitizer.stages.series.layer import Layer
from digitizer.stages.series.markers.symbols import (
    Parts,
    compact_parts,
    find_parts,
    name_symbol,
    picture_parts,
)
from digitizer.stages.series.paths.runs import IndexArray
from digitizer.stages.series.scatter import SNAPPED_SIGMA, as_cloud

# Colours with more markers than this show themselves what these look like.
MOST = 2
# Without a legend there are so many markers at least, alike in size to this (px), ...
FEWEST = 3
ALIKE_PX = 2.0
# ... and they lie this far (px) apart along both axes: samples stand in a column or in a row.
APART_PX = 4.0
# Smaller pieces (px) look like anything.
SMALLEST_PX = 5.0
# What a marker's picture differs from its shape (share of its energy). Where a legend lists it, it may
# differ by twice as much.
MISFIT, MISFIT_LISTED = 0.03, 0.06
# The markers hold this share of their colour's ink: pieces of lines, texts and areas look like markers.
HELD = 0.8
# Shapes as wide as high are known by three of their sides. A text hides a side of which this share lies at
# its box, and leaves this share of the marker; what is placed by its far side is known a little worse (px).
EVEN = ("circle", "square", "diamond")
CUT_SHARE, LEAST_SEEN, CUT_SIGMA = 0.3, 0.5, 0.7


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Marks:
    """The markers that are all of a colour's ink: their middles (crop coordinates), size (px) and shape."""

    middles: FloatArray
    extent: float
    kind: str
    listed: bool
    sigma: float = SNAPPED_SIGMA


def add_lone_marks(layers: Sequence[Layer], found: Sequence[list[Trace]]) -> list[list[Trace]]:
    """Find the markers of colours that have one or two of them, of which nothing, or a line, was found.

    Parameters
    ----------
    layers
        The panel's colours.
    found
        What was found of each.

    Returns
    -------
    list of list of Trace
        The same, with a cloud for each such colour: where a legend lists it with a marker, or where the panel
        holds nothing else of a colour, and at least three, of any colour, are alike.
    """
    found = [
        [] if _looks_lined(layer, traces) else traces for layer, traces in zip(layers, found, strict=True)
    ]
    marks = [None if traces else _see_marks(layer) for layer, traces in zip(layers, found, strict=True)]
    clouds = [t for traces in found for t in traces]
    strewn = [m for m in marks if m is not None and not m.listed]
    # What texts across a side leave in the panel looks like dark lines.
    pure = all(t.kind == "scatter" or np.ptp(t.color) <= NEUTRAL for t in clouds)
    told = bool(strewn) and pure and _are_strewn(strewn)
    known = np.array(
        [t.marker_size_px for t in clouds if t.kind == "scatter" for _ in t.x_px]
        + [m.extent for m in strewn for _ in m.middles]
    )
    out = []
    for layer, traces, mark in zip(layers, found, marks, strict=True):
        if mark is None and told and not traces:
            mark = _see_cut(layer, strewn)
        alike = mark is not None and np.count_nonzero(np.abs(known - mark.extent) < ALIKE_PX) >= FEWEST
        seen = mark is not None and (mark.listed or (told and alike))
        out.append([_as_cloud(layer, mark)] if mark is not None and seen else traces)
    return out


def _looks_lined(layer: Layer, traces: Sequence[Trace]) -> bool:
    """Whether lines were found of two alike markers that a legend lists without a line."""
    entry = layer.entries[0] if len(layer.entries) == 1 else None
    if entry is None or entry.marker == "none" or entry.line_style != "none" or not traces:
        return False
    return all(t.kind == "line" and t.marker == "none" for t in traces) and _see_marks(layer) is not None


def _see_marks(layer: Layer) -> _Marks | None:
    """The one or two alike markers that a colour consists of."""
    parts = find_parts(layer.alpha)
    members = _compact(parts, layer)
    wide, tall = parts.width, parts.height
    if not members.size or max(np.ptp(wide[members]), np.ptp(tall[members])) > ALIKE_PX:
        return None
    entry = layer.entries[0] if len(layer.entries) == 1 else None
    listed = entry is not None and entry.marker != "none"
    if entry is not None and not listed:
        return None
    sample, middles = picture_parts(layer.alpha, parts, members)
    shape = name_symbol(sample.patch, entry.marker if entry is not None else None)
    if shape.misfit > (MISFIT_LISTED if listed else MISFIT) or not (listed or shape.kind in FILLED):
        return None
    return _Marks(middles=middles, extent=sample.extent, kind=name_of(shape.kind), listed=listed)


def _compact(parts: Parts, layer: Layer) -> IndexArray:
    """The pieces of a colour that may be markers; none where these are more than two, or not nearly all."""
    members = compact_parts(parts, layer.alpha.shape, SMALLEST_PX)
    whole = members.size <= MOST and parts.mass[members].sum() >= HELD * parts.mass[1:].sum()
    return members if whole else members[:0]


def _see_cut(layer: Layer, others: Sequence[_Marks]) -> _Marks | None:
    """The one marker of a colour that a text hides a side of, where those of other colours tell its size."""
    parts = find_parts(layer.alpha)
    members = _compact(parts, layer)
    even = [m for m in others if m.kind in EVEN]
    if members.size != 1 or not even or layer.entries:
        return None
    k = int(members[0])
    left, top, wide, tall = (int(v[k]) for v in (parts.left, parts.top, parts.width, parts.height))
    like = min(even, key=lambda m: abs(m.extent - max(wide, tall)))
    hidden = np.pad(layer.blocked, 1, mode="edge")[top : top + tall + 2, left : left + wide + 2]
    sides = {
        (1, -1): (hidden[0, 1:-1], wide, top + tall - 1),
        (1, 1): (hidden[-1, 1:-1], wide, top),
        (0, -1): (hidden[1:-1, 0], tall, left + wide - 1),
        (0, 1): (hidden[1:-1, -1], tall, left),
    }
    cut = [(way, side) for way, side in sides.items() if side[0].mean() > CUT_SHARE]
    if len(cut) != 1:
        return None
    (axis, way), (_, across, seen_end) = cut[0]
    along = tall if axis else wide
    if abs(across - like.extent) > ALIKE_PX or along < LEAST_SEEN * like.extent:
        return None
    middle = np.array([left + (wide - 1) / 2, top + (tall - 1) / 2])
    # Half a pixel beyond the last one that is seen the marker ends.
    middle[axis] = seen_end - way * 0.5 + way * like.extent / 2
    return _Marks(middles=middle[None], extent=like.extent, kind=like.kind, listed=False, sigma=CUT_SIGMA)


def _are_strewn(marks: Sequence[_Marks]) -> bool:
    """Whether markers stand neither all in one column nor all in one row."""
    middles = np.concatenate([m.middles for m in marks])
    return bool(np.ptp(middles, axis=0).min() > APART_PX)


def _as_cloud(layer: Layer, marks: _Marks) -> Trace:
    x, y = marks.middles.T
    return as_cloud(layer, x, y, np.full(x.size, marks.sigma), marks.kind, marks.extent)
