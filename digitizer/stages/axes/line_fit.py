"""Fit a straight line through labels of which some may be misread: consensus over all pairs of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations

import numpy as np

from digitizer.evidence import AxisEvidence, FloatArray, Mask, Side
from digitizer.medians import median, quantile
from digitizer.numbers import ParsedNumber
from digitizer.stages.axes.standing import ANCHORED_SIGMA_PX, MARK_SIGMA_PX

# A label further than this from the fitted line was misread (px, and in standard deviations).
INLIER_PX = 1.6
INLIER_SIGMAS = 3.5
# Labels nearer to each other than this (px) tell no scale.
LEAST_APART_PX = 4.0
# Labels that differ by a smaller factor (years) leave a logarithmic scale straight to a pixel.
MIN_LOG_FACTOR = 1.3
# Steps between ticks that plotting programs choose, and to what share of a step labels are evenly spaced.
ROUND_STEPS = np.array([1, 1.2, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 7.5, 8, 9, 10])
EVEN_SHARE = 0.03
# Labels used at most: a pair search is quadratic, and no axis has more distinct ticks.
MAX_LABELS = 60
# Below this share of agreeing numeric labels a fit is refused.
MIN_AGREEING = 0.5
# So many marks on a line tell where the next one is; ticks are put this far off (px), and 0.1 is measured.
FEWEST_ON_LINE = 4
PIXEL_REACH = 0.6
# Centroids of crisp ticks are this near a whole or half pixel (JPEG quality 75: 0.1).
ON_PIXEL = 0.15
# What is left of the renderers' half pixel: measured on the reference renderings as drawn, and rescaled.
CRISP_BIAS_SIGMA = 0.1
BLURRED_BIAS_SIGMA = 0.3
# Letters are not put on the pixel grid as ticks are: on 59 drawn x axes without marks the middles of labels
# are off by none (0.2 px, of whatever size), on 42 y axes they stand a quarter pixel too low.
LETTERS_BIAS = {"x": 0.0, "y": 0.25}
# What is left there is alike for all labels of an axis (0.3 px; some programs set them by 0.1 of their height
# too low), so that no residual shows it: this share of what is held against each label. Of so many labels the
# residuals tell how far each is off by itself, and one label of few digits among others this share, and so
# much (px), at least: the ends of these axes are off by 0.2 to 0.6 px otherwise than alike.
LETTERS_ALIKE = {"x": 0.0, "y": 0.5}
FEWEST_LETTERS, LOOSE_SHARE, LOOSE_PX = 4, 0.25, 0.3
# Where strokes are one pixel wide, renderers differ: right and down by 0 (Chart.js), 0.1 (Highcharts,
# Plotly), 0.3 (ECharts), 0.5 px (Bokeh, Vega, Matplotlib below 90 dpi), right and up by 0.5 px (gnuplot,
# dygraphs): between mean and median along y, where these part; deviation.
SHARP_BIAS = {"x": (0.35, 0.2), "y": (0.3, 0.35)}
# Ticks drawn where they belong leave this (let's-plot, ggplot2: 0.02 to 0.06 px beside the data's lines).
UNSNAPPED_SIGMA = 0.1
# Letters of usual size tell a place ten times worse than a tick; those of the smallest, at the ends of packed
# rows, three times: there a label that is off was misread (Chartist).
LETTERS_ALONE = 5.0
# Numbers in PDF files have two to six decimals.
DRAWN_SIGMA_PX = 0.02

# So many marks, uneven by this share of their steps, tell a logarithmic axis of two labels, where these and
# this share of all stand at multiples of powers of ten (corners of a box and crossing lines do not).
MIN_LOG_MARKS = 4
UNEVEN_MARKS = 0.3
LOG_MARKS_SHARE = 0.7

# Kind, origin, slope, the labels in use, and the covariance of origin and slope.
Fit = tuple[str, float, float, Mask, FloatArray]

# So many labels that are left out miss the fit by the same, to this share of a step between labels: years
# with one missing, set at even distances as names are.
FEWEST_ALIKE, ALIKE_SHARE = 3, 0.05


def snapping_bias(evidence: AxisEvidence) -> tuple[float, float]:
    """How far (px) the drawn ticks stand right of or below the places they mark, and how sure that is.

    Notes
    -----
    Renderers align thin strokes with the pixel grid, and lines and markers of the data not. Agg moves a
    stroke of odd width by 0 to 1 pixel to the right and down, one of even width by -0.5 to 0.5; Vega moves
    axes by half a pixel both ways. A stroke of odd width shows by its centroid on a whole pixel, one of
    even width by its centroid between two. Where the picture was rescaled neither holds. What browsers draw
    at two or three device pixels a pixel of theirs is aligned with the latter. What strokes of exactly one
    pixel leave open is told as doubt. The paths of a drawing are where they are.
    """
    if evidence.drawn:
        return 0.0, DRAWN_SIGMA_PX
    if evidence.grain == 0:
        return 0.0, UNSNAPPED_SIGMA
    if evidence.grain > 1:
        return 0.5 * evidence.grain, CRISP_BIAS_SIGMA * evidence.grain
    marked = evidence.label_sigma_px <= MARK_SIGMA_PX
    if np.count_nonzero(evidence.label_sigma_px <= ANCHORED_SIGMA_PX) > 1:
        return 0.0, CRISP_BIAS_SIGMA
    if not marked.any():
        return LETTERS_BIAS["x" if evidence.side in ("top", "bottom") else "y"], BLURRED_BIAS_SIGMA
    if np.count_nonzero(marked) < 3:
        return 0.25, BLURRED_BIAS_SIGMA
    px = evidence.label_px[marked]
    off = np.abs(px - np.round(px))
    if quantile(off, 0.8) < ON_PIXEL:
        if evidence.sharp:
            return SHARP_BIAS["x" if evidence.side in ("top", "bottom") else "y"]
        return 0.5, CRISP_BIAS_SIGMA
    if quantile(off, 0.2) > 0.5 - ON_PIXEL:
        return 0.0, CRISP_BIAS_SIGMA
    return 0.25, BLURRED_BIAS_SIGMA


def fit_line(px: FloatArray, sigma: FloatArray, values: FloatArray, kind: str) -> Fit | None:
    u = ruler(values, kind)
    usable = np.flatnonzero(np.isfinite(u))
    if len(usable) < 2:
        return None
    tolerance = np.maximum(INLIER_PX, INLIER_SIGMAS * sigma)
    best: tuple[int, bool, float, Mask] | None = None
    pitch = _pitch(px[usable]) if kind == "linear" and len(usable) > 2 else None
    for i, j in combinations(usable, 2):
        if u[i] == u[j] or abs(px[i] - px[j]) < LEAST_APART_PX:
            continue
        slope = (px[j] - px[i]) / (u[j] - u[i])
        miss = np.abs(px[i] + slope * (u - u[i]) - px)
        inlier = np.isfinite(miss) & (miss <= tolerance)
        n = int(np.count_nonzero(inlier))
        if best is not None and n < best[0]:
            continue
        # Of two labels that agree on a line all pairs do: ticks stand at round steps.
        round_step = n == 2 and pitch is not None and is_round(pitch / slope)
        score = n, round_step, -float(np.sum(miss[inlier]))
        if best is None or score > best[:3]:
            best = (*score, inlier)
    if best is None:
        return None
    used = best[3]
    origin, slope, covariance = least_squares(u[used], px[used], sigma[used])
    return kind, origin, slope, used, covariance


def without_stray_mark(fit: Fit, px: FloatArray, values: FloatArray, evidence: AxisEvidence) -> Fit:
    """The fit without the one mark that is farther off than pixels allow, where all others are not.

    Ticks stand within half a pixel of their places, so that three and more on a line leave no room for one
    that is beyond twice as far: another mark was taken for it.
    """
    kind, _, _, used, _ = fit
    sigma = evidence.label_sigma_px[: len(px)]
    marked = np.flatnonzero(used & (sigma <= MARK_SIGMA_PX))
    if len(marked) < FEWEST_ON_LINE + 1:
        return fit
    u, reach = ruler(values, kind), PIXEL_REACH * max(1.0, evidence.grain)
    for i in marked:
        rest = marked[marked != i]
        origin, slope, covariance = least_squares(u[rest], px[rest], sigma[rest])
        miss = np.abs(origin + slope * u - px)
        if miss[rest].max() <= reach and miss[i] > 2 * reach:
            kept = used.copy()
            kept[i] = False
            return kind, origin, slope, kept, covariance
    return fit


def _pitch(px: FloatArray) -> float | None:
    """The distance of evenly spaced labels, some of which may be missing; None where they are uneven."""
    steps = np.diff(np.sort(px))
    pitch = float(np.min(steps))
    ratio = steps / max(pitch, 1.0)
    return pitch if np.all(np.abs(ratio - np.round(ratio)) <= EVEN_SHARE) else None


def is_round(step: float) -> bool:
    """Whether a plotting program would choose a step between ticks."""
    if not step:
        return False
    mantissa = abs(step) / 10.0 ** np.floor(np.log10(abs(step)))
    return bool(np.min(np.abs(mantissa / ROUND_STEPS - 1)) < 0.01)


def least_squares(u: FloatArray, px: FloatArray, sigma: FloatArray) -> tuple[float, float, FloatArray]:
    """Weighted line through (u, px), centred for conditioning; covariance of (origin, slope)."""
    weight = 1.0 / sigma**2
    middle = float(np.sum(weight * u) / weight.sum())
    du = u - middle
    sxx = float(np.sum(weight * du**2))
    slope = float(np.sum(weight * du * px) / sxx)
    level = float(np.sum(weight * px) / weight.sum())
    var_level, var_slope = 1.0 / float(weight.sum()), 1.0 / sxx
    covariance = np.array(
        [[var_level + middle**2 * var_slope, -middle * var_slope], [-middle * var_slope, var_slope]]
    )
    return level - slope * middle, slope, covariance


def scatter(miss: FloatArray, sigma: FloatArray) -> float:
    """How many times larger the variance is than was thought, by the labels off their line; at least 1."""
    return max(1.0, float(np.square(miss / sigma).sum()) / max(miss.size - 2, 1))


def spread_of_letters(
    u: FloatArray, miss: FloatArray, sigma: FloatArray, side: Side, grain: float = 1.0
) -> FloatArray | None:
    """The covariance of origin and slope of a line through labels that stand by their letters alone.

    Parameters
    ----------
    u, miss, sigma
        The labels in use: values on the straight ruler, what they are off the line, deviations (px).
    side
        Where they stand: below or above a panel, or beside it.
    grain
        The pixels that ticks were put on; ``sigma`` is as many times larger.

    Returns
    -------
    ndarray, shape (2, 2), or None
        None where a label stands at a mark, or where they are too few to show how far each is off.

    Notes
    -----
    Letters of one font stand beside their places all alike, and that is most of what is not known of each.
    What they are off otherwise shows; it does not grow with the letters.
    """
    if miss.size < FEWEST_LETTERS or np.any(sigma <= MARK_SIGMA_PX * max(1.0, grain)):
        return None
    usual = float(np.median(sigma))
    scattered = math.sqrt(float(np.square(miss).sum()) / (miss.size - 2))
    loose = max(scattered, LOOSE_SHARE * usual, LOOSE_PX)
    _, _, covariance = least_squares(u, miss, np.full(miss.size, loose))
    alike = LETTERS_ALIKE["x" if side in ("top", "bottom") else "y"] * usual
    return np.asarray(covariance + np.array([[alike**2, 0.0], [0.0, 0.0]]))


def misfit(miss: FloatArray, sigma: FloatArray) -> float:
    """How far (px) labels are off their line (root mean square) beyond what is known of their places.

    Where ticks tell most places, a label whose tick a curve hides stands by its letters alone: what it is off
    counts by their deviation, in that of the usual label, and says little against the others.
    """
    usual = median(sigma)
    by_letters = sigma > LETTERS_ALONE * usual
    return float(np.sqrt(np.mean(np.square(miss * np.where(by_letters, usual / sigma, 1.0)))))


def ruler(values: FloatArray, kind: str) -> FloatArray:
    if kind == "linear":
        return values
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(values > 0, np.log10(values), np.nan)


def is_logarithmic(
    evidence: AxisEvidence, parsed: Sequence[ParsedNumber | None], fit: Fit, bias: float
) -> bool:
    """Whether an axis of two labels, which fit any scale, is logarithmic.

    Its labels are powers of ten, which hardly anyone prints on a linear axis, or its marks stand where the
    multiples of powers of ten do, and unevenly.

    Parameters
    ----------
    evidence : AxisEvidence
        The axis.
    parsed : sequence of ParsedNumber or None
        Its labels as numbers.
    fit : Fit
        The logarithmic scale through the labels.
    bias : float
        What to take from the places of the marks (px).
    """
    kind, origin, slope, used, _ = fit
    if kind != "log" or int(used.sum()) != 2:
        return False
    numbers = [p for p, ok in zip(parsed, used, strict=True) if ok and p is not None]
    if all(p.kind == "power" for p in numbers):
        return True
    return has_log_marks(evidence.marks - bias, origin, slope)


def has_log_marks(marks: FloatArray, origin: float, slope: float, share: float = LOG_MARKS_SHARE) -> bool:
    """Whether an axis' marks (px) stand unevenly, ``share`` of them at the multiples of powers of ten.

    Parameters
    ----------
    marks
        Where marks stand along the axis.
    origin, slope
        The place of one (px), and how far a power of ten is.
    share
        How many marks at least have to stand there.
    """
    steps = np.diff(marks)
    if len(marks) < MIN_LOG_MARKS or np.ptp(steps) <= UNEVEN_MARKS * np.median(steps):
        return False
    u = (marks - origin) / slope
    expected = np.floor(u)[:, None] + np.log10(np.arange(1, 11))
    miss = np.min(np.abs(expected - u[:, None]), axis=1) * abs(slope)
    fits = miss <= INLIER_PX
    return bool(fits.sum() >= MIN_LOG_MARKS and fits.mean() >= share)


def left_out_alike(fit: Fit, px: FloatArray, values: FloatArray) -> bool:
    """Whether labels that a fit leaves out are all off by the same: a gap, or names, and no misreading."""
    kind, origin, slope, used, _ = fit
    u = ruler(values, kind)
    off = ((px - origin) / slope - u)[~used & np.isfinite(u)]
    steps = np.diff(np.sort(u[used]))
    if off.size < FEWEST_ALIKE or not steps.any():
        return False
    return bool(np.ptp(off) <= ALIKE_SHARE * np.median(steps[steps > 0]))


def merit(fit: Fit, px: FloatArray, values: FloatArray) -> tuple[int, float]:
    """More agreeing labels first, then the smaller residual; linear where nothing tells them apart."""
    kind, origin, slope, used, _ = fit
    u = ruler(values, kind)
    rms = float(np.sqrt(np.mean((origin + slope * u[used] - px[used]) ** 2)))
    if kind == "log" and np.ptp(u[used]) < np.log10(MIN_LOG_FACTOR):
        return 0, -rms
    return int(used.sum()), -rms - (0.05 if kind == "log" else 0.0)
