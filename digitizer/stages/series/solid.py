"""Part the one solid line of a colour from dashed ones that cross it: its ink is in one piece."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from digitizer.evidence import FloatArray, LegendEntry, Mask
from digitizer.stages.series.layer import Layer
from digitizer.stages.series.paths.choose import find_single
from digitizer.stages.series.paths.runs import ON, Runs, find_runs, guess_width

# The solid line spans this share of the columns that its colour has ink in.
SPANS = 0.8
# Of its columns at most this share have no ink of it.
BROKEN = 0.03
# Runs longer than so many strokes, at the line's slope, are shared with a dash that crosses there.
SHARED = 1.5
# Beside the line this much (px) is its rim.
RIM_PX = 1.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Parted:
    """The solid line's runs in a layer of its own, and the layer of the others."""

    runs: Runs
    solid: Layer
    others: Layer


def part_solid(layer: Layer) -> Parted | None:
    """Part a solid line from dashed and dotted ones of its colour, where the legend lists one beside some.

    Notes
    -----
    At crossings slopes tell which way a line goes on, and a noisy one has none that tell. A solid line is in
    one piece: within its component dashes are dead ends. What it covers of the others may hide them.
    """
    solid = [e for e in layer.entries if _is_bare(e) and e.line_style == "solid"]
    if len(layer.entries) < 2 or len(solid) != 1 or not all(_is_bare(e) for e in layer.entries):
        return None
    _, labels, stats, _ = cv2.connectedComponentsWithStats(
        (layer.alpha > ON).astype(np.uint8), connectivity=8
    )
    if len(stats) < 2:
        return None
    piece = 1 + int(np.argmax(stats[1:, cv2.CC_STAT_WIDTH]))
    inked = np.flatnonzero((layer.alpha > ON).any(axis=0))
    own = cv2.dilate((labels == piece).astype(np.uint8), np.ones((5, 3), np.uint8)) > 0
    runs = find_runs(np.where(own, layer.alpha, 0.0).astype(layer.alpha.dtype), layer.blocked)
    width = guess_width(runs, layer.alpha) if runs.count >= 3 else 0.0
    single = find_single(runs, width) if runs.count >= 3 else None
    if single is None:
        return None
    column = single.runs.column
    span = int(column[-1] - column[0]) + 1
    if span < SPANS * (inked[-1] - inked[0] + 1) or column.size < (1 - BROKEN) * span:
        return None
    region = _region(single.runs, width, layer.alpha.shape)
    nothing = np.zeros_like(layer.alpha)
    return Parted(
        runs=_cut(single.runs, region),
        solid=replace(layer, alpha=np.where(region, layer.alpha, nothing), entries=tuple(solid)),
        others=replace(
            layer,
            alpha=np.where(region, nothing, layer.alpha),
            blocked=layer.blocked | region,
            entries=tuple(e for e in layer.entries if e is not solid[0]),
        ),
    )


def _is_bare(entry: LegendEntry) -> bool:
    return entry.marker == "none" and entry.line_style != "none"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Course:
    """The line's own top and bottom in each of its columns."""

    top: FloatArray
    bottom: FloatArray


def _course(runs: Runs, width: float) -> _Course:
    """Where the line runs; in columns that it shares, as between those beside."""
    x, y = runs.column.astype(np.float64), runs.center
    side = np.abs(np.diff(y) / np.diff(x)) if x.size > 1 else np.zeros(1)
    steepest = np.maximum(np.r_[side[:1], side], np.r_[side, side[-1:]])
    usual = width * np.hypot(1.0, steepest)
    # The height of a run that another one lengthens moves its middle, too: its neighbours' slopes count.
    calm = np.array([np.median(steepest[max(0, i - 4) : i + 5]) for i in range(x.size)])
    shared = runs.bottom - runs.top > np.minimum(usual, 2 * width * np.hypot(1.0, calm)) * SHARED + 1
    if shared.all() or not shared.any():
        return _Course(top=runs.top, bottom=runs.bottom)
    middle = np.interp(x, x[~shared], y[~shared])
    half = np.interp(x, x[~shared], (runs.bottom - runs.top)[~shared]) / 2
    return _Course(
        top=np.where(shared, np.maximum(middle - half, runs.top), runs.top),
        bottom=np.where(shared, np.minimum(middle + half, runs.bottom), runs.bottom),
    )


def _region(runs: Runs, width: float, shape: tuple[int, ...]) -> Mask:
    """The pixels of the line, with its rim."""
    course = _course(runs, width)
    edge = np.zeros((shape[0] + 1, shape[1]), dtype=np.int32)
    first = np.clip(np.floor(course.top - RIM_PX + 0.5), 0, shape[0]).astype(int)
    after = np.clip(np.ceil(course.bottom + RIM_PX + 0.5), 0, shape[0]).astype(int)
    np.add.at(edge, (first, runs.column), 1)
    np.add.at(edge, (after, runs.column), -1)
    return np.asarray(np.cumsum(edge, axis=0)[:-1] > 0)


def _cut(runs: Runs, region: Mask) -> Runs:
    """The line's runs, one a column, cut to its own region where a dash lengthens them."""
    rows = np.arange(region.shape[0])[:, None]
    held = region[:, runs.column]
    top = np.where(held, rows, region.shape[0]).min(axis=0) + RIM_PX
    bottom = np.where(held, rows, -1).max(axis=0) - RIM_PX
    cut_top, cut_bottom = runs.top < top - 1.0, runs.bottom > bottom + 1.0
    new_top, new_bottom = np.where(cut_top, top, runs.top), np.where(cut_bottom, bottom, runs.bottom)
    cut = cut_top | cut_bottom
    return replace(
        runs,
        top=new_top,
        bottom=new_bottom,
        center=np.where(cut, (new_top + new_bottom) / 2, runs.center),
        mass=np.where(cut, new_bottom - new_top, runs.mass),
        unsure=np.where(cut, np.maximum(runs.unsure, 0.3), runs.unsure),
    )
