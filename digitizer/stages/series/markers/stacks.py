"""Counting translucent markers that lie exactly on each other: two are darker than one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from digitizer.evidence import FloatArray
from digitizer.stages.series.inks.distinct import CLEAN
from digitizer.stages.series.inks.ink import FloatImage, Ink
from digitizer.stages.series.inks.palette import Stroke
from digitizer.stages.series.markers.symbols import Symbols, find_parts, find_sample, name_symbol

# Two layers of a translucent colour are this many times as strong as one, at least and at most.
LEAST_STEP = 1.07
MOST_STEP = 1.95
# Many layers come to twice one layer's strength and more where one covers half; rounding moves a colour.
MOST_STACKED = 2.0
OFF_LINE = 8.0
# Clear shapes that hold this share of a colour's ink show that it is one of markers.
STREWN_MISFIT = 0.1
STREWN_SHARE = 0.1
# Places where exactly two markers overlap say how translucent they are; fewer pixels say nothing.
FEWEST_PIXELS = 12
# A marker's middle and strokes, free of anti-aliasing (coverage in its mean picture).
CORE = 0.75
# A count is taken where it is this close to a whole number.
SURE = 0.3
MOST_LAYERS = 6


def join_stacks(strokes: tuple[Stroke, ...], ink: Ink) -> tuple[Stroke, ...]:
    """Give the colour of stacked translucent markers back to the markers' own colour.

    A colour straight beyond that of strewn markers, up to twice as far from the ground, is two or more of
    them on each other: it is no series of its own unless the legend lists it.
    """
    if len(strokes) < 2 or ink.noise >= CLEAN:
        return strokes
    ground = ink.usual_ground.astype(np.float64)
    left = list(strokes)
    for single in sorted(strokes, key=lambda s: float(np.linalg.norm(s.color - ground))):
        darker = [s for s in left if s.legend is None and _is_beyond(s, single, ground)]
        if not darker or not any(s is single for s in left) or not _are_strewn(single):
            continue
        alpha = np.maximum.reduce([single.alpha, *(np.where(s.alpha > 0.3, 1.0, s.alpha) for s in darker)])
        members = np.logical_or.reduce([single.members, *(s.members for s in darker)])
        whole = replace(single, alpha=np.asarray(alpha, dtype=np.float32), members=members)
        left = [whole if s is single else s for s in left if not any(s is d for d in darker)]
    return tuple(left)


def _is_beyond(stroke: Stroke, single: Stroke, ground: FloatArray) -> bool:
    step, seen = single.color - ground, stroke.color - ground
    ratio = float(seen @ step) / max(float(step @ step), 1.0)
    off = float(np.linalg.norm(seen - ratio * step))
    return stroke is not single and LEAST_STEP < ratio < MOST_STACKED and off < OFF_LINE


def _are_strewn(stroke: Stroke) -> bool:
    sample = find_sample(stroke.alpha, find_parts(stroke.alpha))
    if sample is None or name_symbol(sample.patch).misfit > STREWN_MISFIT:
        return False
    return sample.n_alone * float(sample.patch.sum()) > STREWN_SHARE * float(stroke.alpha.sum())


def count_layers(strength: FloatImage, symbols: Symbols) -> NDArray[np.intp]:
    """How many markers lie at each place, by how dark it is; 1 where the picture does not tell.

    Parameters
    ----------
    strength
        Departure from the ground in units of the series' colour (height, width), above 1 in stacks.
    symbols
        The places, each found once.

    Notes
    -----
    n layers of opacity p depart (1 - (1 - p)^n) / p times as far from the ground as one. Where exactly two
    markers overlap the step from one to two layers is measured, which gives p.
    """
    level, single, opacity = _levels(strength, symbols)
    if opacity is None:
        return np.ones(symbols.x.size, dtype=np.intp)
    depth = np.clip(1.0 - opacity * np.nan_to_num(level / single, nan=1.0), 1e-3, 1.0)
    layers = np.log(depth) / np.log(1.0 - opacity)
    whole = np.clip(np.round(layers), 1, MOST_LAYERS)
    return np.where(np.abs(layers - whole) < SURE * whole, whole, 1).astype(np.intp)


def measure_opacity(strength: FloatImage, symbols: Symbols) -> float | None:
    """The opacity of translucent markers, by how dark it is where two overlap; None of opaque ones."""
    return _levels(strength, symbols)[2]


def _levels(strength: FloatImage, symbols: Symbols) -> tuple[FloatArray, float, float | None]:
    """How dark each place is, how dark one marker is, and the markers' opacity where that is told."""
    patch, half = symbols.patch, symbols.patch.shape[0] // 2
    padded = np.pad(strength, half)
    window = np.arange(2 * half + 1)
    height, width = strength.shape
    rows = np.clip(np.round(symbols.y - symbols.middle[1]).astype(int), 0, height - 1)
    columns = np.clip(np.round(symbols.x - symbols.middle[0]).astype(int), 0, width - 1)
    at = (rows[:, None] + window)[:, :, None], (columns[:, None] + window)[:, None, :]
    any_ink = patch > 0.05 * float(patch.max())
    core = patch > CORE * float(patch.max())
    touched = np.zeros(padded.shape, dtype=np.int32)
    np.add.at(touched, at, any_ink.astype(np.int32))
    cores = np.zeros(padded.shape, dtype=np.int32)
    np.add.at(cores, at, core.astype(np.int32))
    seen = padded[at] / np.maximum(patch, 1e-3)
    own = core & (touched[at] == 1)
    level = _medians(seen, own)
    if not np.isfinite(level).any():
        return level, 0.0, None
    single = _lowest_mode(level[np.isfinite(level)])
    if not single > 0:
        return level, single, None  # most places have no ink of their own: noise that passed for markers
    both = (cores == 2) & (touched == 2)
    step = padded[both] / (single * float(np.median(patch[core])))
    ratio = float(np.median(step)) if step.size >= FEWEST_PIXELS else 0.0
    return level, single, 2.0 - ratio if LEAST_STEP < ratio < MOST_STEP else None


def _medians(values: FloatArray, use: NDArray[np.bool_]) -> FloatArray:
    """Median of each window's used pixels; NaN where fewer than three are used."""
    hidden = np.where(use, values, np.nan)
    few = use.sum(axis=(1, 2)) < 3
    hidden[few] = 0.0
    medians = np.nanmedian(hidden.reshape(len(values), -1), axis=1)
    return np.asarray(np.where(few, np.nan, medians))


def _lowest_mode(level: FloatArray) -> float:
    """The level of one layer: most markers that stand clear are single ones."""
    return float(np.quantile(level, 0.3))
