"""Where discs that touch stand along a line: from their common outline and the axis below."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from digitizer.evidence import FloatArray, LegendEntry, Mask, Picture
from digitizer.stages.pixels.components import label_pieces
from digitizer.stages.series.inks.distinct import project
from digitizer.stages.series.inks.ink import FloatImage
from digitizer.stages.series.paths.runs import ON, find_runs
from digitizer.stages.series.paths.steps import Steps, find_dense_steps

# Arcs are looked at to this share of the radius: beyond it they are steep, and snapped half a pixel off.
ARC_SHARE = 0.8
# A tip of the outline stands out by this (px) within as many columns as a third of the radius.
TIP_PX = 0.7
# Steps of an axis that discs may stand at, in its units; a comb's teeth agree at least this well with tips.
ROUND = (1.0, 2.0, 5.0)
COHERENT = 0.35
SURE_PHASE = 2.2
CLOSEST_PX = 0.8
# Where tips are too few to tell, discs are not further apart than this share of the radius.
HIDDEN_SHARE = 0.6
# Combs tried, and the widest (radii): discs further apart are found one by one.
MOST_COMBS = 3
WIDEST = 3.0
# A chain is as thick as a disc, within this share of it, in this share of its columns.
THICK = 0.8
CHAINED = 0.55
# Specks are less than this share of the largest piece of ink.
SPECK = 0.03
# A sample's marker is so much thicker than its line (as markers of chains are on drawn charts: 2 and more).
BULGE = 1.4
# Discs of so few pixels' radius pass for other shapes where JPEG blurs them.
ROUNDISH = ("circle", "square", "diamond")
SMALL_PX = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A legend's sample of a line with discs: the discs' radius and the line's width (px).

    ``reach`` is how far (px) from the middle of a disc its outermost pixels lie that count as ink: discs that
    were put on whole pixels cover them all alike.
    """

    radius: float
    width: float
    reach: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Outline:
    """Upper and lower edge of a chain's ink by columns from ``first`` on; NaN where something hides it."""

    first: int
    top: FloatArray
    bottom: FloatArray

    @property
    def columns(self) -> FloatArray:
        return self.first + np.arange(self.top.size, dtype=np.float64)


def measure_sample(picture: Picture, entry: LegendEntry) -> Sample | None:
    """Measure the disc and the line of a legend's sample; None where it shows no disc on a line."""
    if entry.swatch is None or entry.color is None or entry.line_style == "none":
        return None
    if entry.marker not in ROUNDISH:
        return None
    left, right = round(entry.swatch.left), round(entry.swatch.right)
    top, bottom = round(entry.swatch.top) - 2, round(entry.swatch.bottom) + 2
    window = picture.rgb[max(top, 0) : bottom + 1, max(left, 0) : right + 1].astype(np.float32)
    if min(window.shape[:2]) < 5:
        return None
    ground = np.broadcast_to(np.median(window[[0, -1]].reshape(-1, 3), axis=0), window.shape)
    cover, _ = project(window, ground.astype(np.float32), np.asarray(entry.color, dtype=np.float64))
    cover = np.clip(cover, 0.0, 1.0)
    thick = cover.sum(axis=0)
    n = thick.size
    width = float(np.median(np.r_[thick[n // 8 : n // 4], thick[n - n // 4 : n - n // 8]]))
    radius = _radius_of(float(np.maximum(thick - width, 0.0).sum()), width)
    if entry.marker != "circle" and radius > SMALL_PX:
        return None
    middle = int(np.argmax(np.convolve(thick, np.ones(3), mode="same")))
    rows = (cover[:, max(0, middle - 1) : middle + 2].max(axis=1) > ON).sum()
    reach = float(np.clip((rows - 1) / 2, radius - 1.0, radius + 1.0))
    if radius <= BULGE * width / 2 or width <= 0.5:
        return None
    return Sample(radius=radius, width=width, reach=reach)


def _radius_of(excess: float, width: float) -> float:
    """Radius of a disc that has so much area beside a stroke through its middle."""
    half = width / 2
    radii = half + np.linspace(0.01, 20.0, 2000)
    beside = 2 * (radii**2 * np.arccos(half / radii) - half * np.sqrt(radii**2 - half**2))
    return float(np.interp(excess, beside, radii))


def find_outline(alpha: FloatImage, blocked: Mask) -> Outline | None:
    """The outline of a colour's ink, but for specks; None where there is hardly any."""
    inked = alpha > ON
    # Dots of other lines on top part it no more than what they hide.
    near = cv2.dilate(inked.view(np.uint8), np.ones((3, 3), np.uint8)) > 0
    labels, stats = label_pieces(inked | (blocked & near))
    size = stats[:, cv2.CC_STAT_AREA].astype(np.float64)
    size[0] = 0.0
    mine = (size >= SPECK * size.max(initial=1.0))[labels] & (labels > 0)
    runs = find_runs(np.where(mine, alpha, np.float32(0.0)), blocked)
    if runs.count < 3:
        return None
    first = int(runs.column[0])
    at = runs.column - first
    top, bottom = np.full(at[-1] + 1, np.inf), np.full(at[-1] + 1, -np.inf)
    np.minimum.at(top, at, runs.top)
    np.maximum.at(bottom, at, runs.bottom)
    is_top, is_bottom = top[at] == runs.top, bottom[at] == runs.bottom
    top[at[is_top & runs.cut_top]] = np.nan
    bottom[at[is_bottom & runs.cut_bottom]] = np.nan
    top[np.isinf(top)] = np.nan
    bottom[np.isinf(bottom)] = np.nan
    return Outline(first=first, top=top, bottom=bottom)


def is_chain(outline: Outline, radius: float) -> bool:
    """Whether the ink is as thick as discs that touch nearly all along, across its course."""
    extent = outline.bottom - outline.top
    known = np.isfinite(extent)
    if not known.any():
        return False
    reach = max(1, round(radius))
    middle = np.pad(fill((outline.top + outline.bottom) / 2), reach, mode="edge")
    slope = (middle[2 * reach :] - middle[: -2 * reach]) / (2 * reach)
    across = (extent / np.hypot(1.0, slope))[known]
    return bool(np.mean(across > 2 * THICK * radius) > CHAINED)


def place_beads(outline: Outline, radius: float, ruler: tuple[float, float] | None) -> list[Steps]:
    """Where discs of a radius may stand along x: combs that the outline's tips agree with, widest first.

    Parameters
    ----------
    outline
        The chain's outline.
    radius
        The discs' radius (px).
    ruler
        The place of 0 on the x axis (crop coordinates) and of how many pixels its unit is, where known.
    """
    low, high = find_heights(outline, radius)
    tips = np.concatenate([_tips(low, radius), _tips(-high, radius)]) + outline.first
    if ruler is None:
        return [s for s in find_dense_steps(tips) if s.period < WIDEST * radius][:MOST_COMBS]
    zero, unit = ruler
    periods = np.sort([m * unit * 10.0**d for m in ROUND for d in range(-6, 10)])[::-1]
    periods = periods[(periods > CLOSEST_PX) & (periods < WIDEST * radius)]
    phase = np.exp(2j * np.pi * (tips - zero) / periods[:, None]).mean(axis=1).real if tips.size else -1.0
    agree = phase > max(COHERENT, SURE_PHASE / np.sqrt(2 * max(tips.size, 1)))
    # Training counts by ones.
    single = np.flatnonzero((periods == unit) & (periods < HIDDEN_SHARE * radius))
    hidden = single if single.size else np.flatnonzero(periods < HIDDEN_SHARE * radius)[:1]
    chosen = np.unique(np.r_[np.flatnonzero(agree)[: MOST_COMBS - hidden.size], hidden])
    return [Steps(origin=zero, period=float(period)) for period in periods[chosen]]


def find_heights(outline: Outline, radius: float) -> tuple[FloatArray, FloatArray]:
    """Highest and lowest centre that a disc may have in each column with its arcs inside the ink."""
    reach = int(ARC_SHARE * radius)
    n = outline.top.size
    low, high = np.full(n, -np.inf), np.full(n, np.inf)
    top = np.pad(outline.top, reach, constant_values=np.nan)
    bottom = np.pad(outline.bottom, reach, constant_values=np.nan)
    for k, dx in enumerate(range(-reach, reach + 1)):
        arc = np.sqrt(radius**2 - dx**2)
        low = np.fmax(low, top[k : k + n] + arc)
        high = np.fmin(high, bottom[k : k + n] - arc)
    return low, high


def _tips(low: FloatArray, radius: float) -> FloatArray:
    """Columns where a disc's arc stands out of the outline: clear minima of its highest centres."""
    n, wide = low.size, max(2, round(radius / 3))
    at = np.flatnonzero((low[1:-1] <= low[:-2]) & (low[1:-1] < low[2:]) & np.isfinite(low[1:-1])) + 1
    sides = np.stack([low[np.maximum(at - wide, 0)], low[np.minimum(at + wide, n - 1)]]) - low[at]
    at = at[sides.min(axis=0) > TIP_PX]
    rise = np.stack([low[at - 1], low[at + 1]]) - low[at]
    return np.asarray(at + 0.5 * (rise[0] - rise[1]) / np.maximum(rise.max(axis=0), 1e-6))


def fill(values: FloatArray) -> FloatArray:
    known = np.isfinite(values)
    if not known.any():
        return np.zeros_like(values)
    return np.interp(np.arange(values.size), np.flatnonzero(known), values[known])
