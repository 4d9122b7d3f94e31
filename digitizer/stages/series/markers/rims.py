"""Markers whose outline is of a colour of its own, or whose inside is blank: both are made whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import reduce

import cv2
import numpy as np
from numpy.typing import NDArray

from digitizer.evidence import FloatArray, Mask, Trace
from digitizer.stages.pixels.components import label_pieces
from digitizer.stages.pixels.ink_box import ink_box
from digitizer.stages.series.inks.ink import FloatImage
from digitizer.stages.series.inks.palette import Stroke
from digitizer.stages.series.markers.symbols import LARGEST_PX, LARGEST_SHARE
from digitizer.stages.series.paths.runs import ON, Runs

# Fewer blank places that ink encloses are what crossing strokes leave.
FEWEST = 3
# An inside has one colour over this share of it, and outlines hold this share of their colour's ink (0.79 and
# more on drawn figures, the others opened by strokes that cross them).
INSIDE = 0.5
OUTLINE = 0.65
# Outlines are no wider than this (px, and share of what they enclose across).
WIDEST_PX = 3.0
WIDEST_SHARE = 0.3
# The insides of hollow markers agree in extent to this share (and a pixel each way), half of all places that
# ink encloses at least: those between crossing strokes are of any size.
ALIKE_SHARE = 0.2
MOST_ALIKE = 0.5
# A thin dark edge may be left in parts, where it fills a pixel: they hold this share of a grey's ink but for
# ticks, are no longer than the markers are wide and so much (px), and lie so near (px) to the markers' ink.
PARTS, LONGER_PX, BESIDE_PX = 0.9, 6.0, 2
# Ticks lie this near (px) to a side.
SIDE_PX = 2
# Edges are black or grey: the spread of their channels (RGB) ...
GREY = 28.0
# ... or, where they are thinner than a pixel, what black leaves of the colour that they are of and of the
# ground: so much of the first at least, of both together at most, to this (RGB units; red discs under half a
# pixel of black: 0.5 to 0.6, of both 0.66 at most, 5).
SHADE_LEAST, SHADE_MOST, SHADE_OFF = 0.3, 0.8, 12.0
# What bridges a pixel that an outline lacks.
CLOSING = np.ones((3, 3), np.uint8)


def give_rims(strokes: Sequence[Stroke]) -> tuple[Stroke, ...]:
    """Give the outlines of markers to the colours that they enclose.

    Markers with dark edges show two colours. The one whose ink nearly all lies around small places filled
    with other colours has no markers of its own: its ink counts for the colour inside, and where the legend
    shows it so does its entry.
    """
    kept = list(strokes)
    masses = {id(s): float(s.alpha.sum()) for s in strokes}
    for rim in sorted(strokes, key=lambda s: masses[id(s)]):
        others = [s for s in kept if s is not rim]
        if not others:
            continue
        # Corners of an outline may be of colours that it makes with what is inside.
        mixed = [s.alpha for s in others if s.legend is None and masses[id(s)] < masses[id(rim)]]
        closed = cv2.morphologyEx(reduce(np.maximum, mixed, rim.alpha), cv2.MORPH_CLOSE, CLOSING)
        for outline in (rim.alpha, np.asarray(closed, dtype=np.float32)):
            given = _give(rim, others, outline)
            if given is not None:
                kept = given
                masses = {id(s): float(s.alpha.sum()) for s in (*strokes, *kept)}
                break
    return tuple(kept)


def give_parts(strokes: Sequence[Stroke], ground: FloatArray) -> tuple[Stroke, ...]:
    """Give what is left of thin grey edges of markers to the colour that they are of.

    Half a pixel of black around a disc is darker disc and pale ground nearly all around, grey in few places.
    Edges that are lighter than the ``ground`` (RGB) are none of these.
    """
    kept = list(strokes)
    kernel = np.ones((2 * BESIDE_PX + 1, 2 * BESIDE_PX + 1), np.uint8)
    # By stroke, as each may have several edges: how far across it is, and what lies beside it.
    seen: dict[int, tuple[Stroke, float, Mask]] = {}
    for edge in strokes:
        is_dark = float(np.mean(edge.color)) < float(np.mean(ground))
        if edge.legend is not None or not is_dark:
            continue
        edged = [k for k, s in enumerate(kept) if s is not edge and _may_edge(edge.color, s.color, ground)]
        if not edged:
            continue
        labels, inner, extent = _inner_pieces(edge)
        if np.count_nonzero(inner) < FEWEST:
            continue
        held = np.bincount(labels.ravel(), edge.alpha.ravel(), minlength=inner.size)
        for k in edged:
            other = kept[k]
            if id(other) not in seen:
                inked = other.alpha > ON
                about = cv2.dilate(inked.astype(np.uint8), kernel) > 0
                seen[id(other)] = other, _width_across(inked), about
            _, across, about = seen[id(other)]
            short = inner & (extent <= across + LONGER_PX)
            part = np.where(short[labels], edge.alpha, np.float32(0.0))
            beside = float(part[about].sum())
            if np.count_nonzero(short) >= FEWEST and beside > PARTS * float(held[inner].sum()):
                kept[k] = replace(other, alpha=np.maximum(other.alpha, part))
                kept = [s for s in kept if s is not edge]
                break
    return tuple(kept)


def _width_across(inked: Mask) -> float:
    """How far (px) it is across ink where it is thickest."""
    part = inked[ink_box(inked, 1)].astype(np.uint8)
    return 2.0 * float(cv2.distanceTransform(part, cv2.DIST_L2, cv2.DIST_MASK_5).max())


def _may_edge(edge: FloatArray, inside: FloatArray, ground: FloatArray) -> bool:
    """Whether a colour is that of a thin black or grey edge about another: grey, or a mixture with black."""
    if np.ptp(edge) <= GREY:
        return True
    both = np.stack([inside, ground], axis=1)
    shares, _, rank, _ = np.linalg.lstsq(both, edge, rcond=None)
    if rank < 2 or shares.min() < -SHADE_OFF / 255.0:
        return False
    off = float(np.linalg.norm(both @ shares - edge))
    return bool(shares[0] >= SHADE_LEAST and shares.sum() <= SHADE_MOST and off <= SHADE_OFF)


def _inner_pieces(stroke: Stroke) -> tuple[NDArray[np.int32], Mask, NDArray[np.int32]]:
    """The pieces of a stroke's ink: their labels, whether each is off the sides, and its longer extent."""
    labels, stats = label_pieces(stroke.alpha > ON)
    height, width = stroke.alpha.shape
    left, top, wide, tall = (stats[:, k] for k in range(4))
    inner = (left > SIDE_PX) & (top > SIDE_PX)
    inner &= (left + wide < width - SIDE_PX) & (top + tall < height - SIDE_PX)
    inner[0] = False
    return labels, inner, np.maximum(wide, tall)


def give_insides(strokes: Sequence[Stroke]) -> tuple[Stroke, ...]:
    """Give the insides of markers to the colour of their outlines, where lines have it as well.

    Markers of pgfplots are filled darker than their outline and their line. A colour whose ink nearly all
    fills small places that another one encloses has no markers of its own.
    """
    kept = list(strokes)
    # By stroke: one that is replaced is kept, so that its id is no other one's.
    places: dict[int, tuple[Stroke, list[tuple[int, NDArray[np.int32]]]]] = {}
    masses = {id(s): float(s.alpha.sum()) for s in strokes}
    for inside in sorted((s for s in strokes if s.legend is None), key=lambda s: masses[id(s)]):
        for k, rim in enumerate(kept):
            if rim is inside:
                continue
            # Each colour may enclose each other one: what it encloses is looked for once.
            if id(rim) not in places:
                places[id(rim)] = rim, _places_in(rim)
            if _fills(inside, places[id(rim)][1]):
                kept[k] = replace(rim, alpha=np.maximum(rim.alpha, inside.alpha))
                kept = [s for s in kept if s is not inside]
                break
    return tuple(kept)


def _places_in(rim: Stroke) -> list[tuple[int, NDArray[np.int32]]]:
    """The places that a stroke encloses, as it is and with small gaps closed: how many, and their labels."""
    closed = cv2.morphologyEx(rim.alpha, cv2.MORPH_CLOSE, CLOSING)
    found = (_enclosed(outline) for outline in (rim.alpha, np.asarray(closed, dtype=np.float32)))
    return [(count, labels) for count, labels, _ in found if count >= FEWEST]


def _fills(inside: Stroke, places: Sequence[tuple[int, NDArray[np.int32]]]) -> bool:
    """Whether a stroke's ink nearly all fills places that another one encloses."""
    return any(
        _lies_in(labels > 0, inside) and _n_held(inside, labels, count) >= FEWEST for count, labels in places
    )


def _n_held(inside: Stroke, labels: NDArray[np.int32], count: int) -> int:
    """How many of the places that are labelled a stroke fills."""
    at = np.flatnonzero(labels > 0)
    label = labels.ravel()[at]
    area = np.bincount(label, minlength=count + 1)[1:]
    held = np.bincount(label, inside.alpha.ravel()[at] > ON, minlength=count + 1)[1:]
    return int(np.count_nonzero(held > INSIDE * area))


def fill_insides(alpha: FloatImage) -> FloatImage | None:
    """Coverage with the blank insides of hollow markers filled; None where too few are there to be any.

    Lines that cross and markers that touch enclose ground, too: that is filled where it is no larger than the
    insides that most of it agrees with.
    """
    count, labels, across = _enclosed(alpha)
    if count < FEWEST:
        return None
    alike = np.abs(across[1:, None] - across[None, 1:]) <= ALIKE_SHARE * across[1:, None] + 1.0
    usual = int(np.argmax(alike.sum(axis=1)))
    if alike[usual].sum() < max(FEWEST, MOST_ALIKE * count):
        return None
    labels = np.where(across[labels] <= (1 + ALIKE_SHARE) * across[usual + 1] + 1.0, labels, 0)
    # The inner half of an outline is ink and ground mixed.
    inside = cv2.dilate((labels > 0).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    return np.asarray(np.where(inside & ((labels > 0) | (alpha > ON / 2)), np.float32(1.0), alpha))


def _give(rim: Stroke, others: list[Stroke], outline: FloatImage) -> list[Stroke] | None:
    """The other strokes with a rim's ink; None where it is no outline of theirs."""
    count, labels, across = _enclosed(outline)
    if count < FEWEST:
        return None
    at = np.flatnonzero(labels > 0)
    label = labels.ravel()[at]
    area = np.bincount(label, minlength=count + 1)
    held = np.stack(
        [np.bincount(label, s.alpha.ravel()[at] > ON, minlength=count + 1) for s in others], axis=1
    )
    owner = np.where(held.max(axis=1) > INSIDE * area, held.argmax(axis=1), -1)
    owner[0] = -1
    owners = np.unique(owner[owner >= 0])
    if np.count_nonzero(owner >= 0) < FEWEST:
        return None
    if rim.legend is not None and (owners.size > 1 or others[owners[0]].legend is not None):
        return None
    inside = owner[labels]
    reach = max(WIDEST_PX, WIDEST_SHARE * float(np.median(across[owner >= 0])))
    away = np.full((len(others), *rim.alpha.shape), np.inf, dtype=np.float32)
    for k in owners:
        away[k] = _distance(inside == k)
    near = away.min(axis=0) <= reach
    if not _lies_in(near, rim):
        return None
    # Where outline and inside mix they may make a colour more.
    mixed = [k for k, s in enumerate(others) if k not in owners and s.legend is None and _lies_in(near, s)]
    ink = reduce(np.maximum, (others[k].alpha for k in mixed), rim.alpha)
    # Outlines that other strokes have opened lie beside the ink that they enclosed.
    for k in owners:
        away[k] = np.minimum(away[k], reach + _distance(others[k].alpha > ON))
    nearest = np.where(away.min(axis=0) <= 2 * reach, away.argmin(axis=0), -1)
    whole = list(others)
    for k in owners:
        alpha = np.where(nearest == k, np.maximum(others[k].alpha, ink), others[k].alpha)
        whole[k] = replace(
            others[k],
            alpha=np.where(inside == k, np.float32(1.0), alpha),
            legend=others[k].legend if rim.legend is None else rim.legend,
        )
    return [s for k, s in enumerate(whole) if k not in mixed]


def _distance(there: Mask) -> FloatImage:
    """How far (px) each pixel is from some."""
    return np.asarray(cv2.distanceTransform((~there).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5))


def _lies_in(near: Mask, stroke: Stroke) -> bool:
    """Whether nearly all of a stroke's ink lies in some places."""
    return float(stroke.alpha[near].sum()) >= OUTLINE * float(stroke.alpha.sum())


def _enclosed(alpha: FloatImage) -> tuple[int, NDArray[np.int32], NDArray[np.float64]]:
    """How many small places ink encloses, the image of their labels (from 1), and how far across they are.

    Nothing is labelled where there are fewer than :data:`FEWEST`.
    """
    # Beyond the box around the ink, and a blank row and column about it, nothing is enclosed.
    box = ink_box(alpha > ON, 1)
    labels, stats = label_pieces(alpha[box] <= ON, connectivity=4)
    height, width = labels.shape
    left, top, wide, tall = (stats[:, k] for k in range(4))
    largest = min(LARGEST_PX, LARGEST_SHARE * max(alpha.shape))
    closed = (left > 0) & (top > 0) & (left + wide < width) & (top + tall < height)
    closed &= (np.maximum(wide, tall) <= largest) & (np.minimum(wide, tall) >= 2)
    closed[0] = False
    count = int(np.count_nonzero(closed))
    number = np.zeros(len(stats), dtype=np.int32)
    number[closed] = np.arange(1, count + 1)
    across = np.concatenate([[0.0], np.sqrt(wide[closed].astype(np.float64) * tall[closed])])
    numbered = np.zeros(alpha.shape, dtype=np.int32)
    if count >= FEWEST:
        numbered[box] = number[labels]
    return count, numbered, across


def is_of_rims(runs: Runs, trace: Trace, left: int, top: int) -> bool:
    """Whether a line is made of the rims of a trace's markers."""
    if trace.marker_size_px <= 0:
        return False
    near = 2.0 + trace.marker_size_px / 2
    seen = np.isfinite(trace.y_px)
    away = np.abs(np.interp(runs.column, trace.x_px[seen] - left, trace.y_px[seen] - top) - runs.center)
    return bool(np.mean(away < near) > 0.5)
