"""Fit the scale of an axis to its labels: consensus over all pairs, then least squares.

Two labels fit any line, and a consistent misreading fits perfectly; the fit therefore carries its
degrees of freedom and what independent evidence says (see :func:`find_problems`).

References
----------
Fischler & Bolles, "Random sample consensus", CACM 24(6), 1981. With at most a few dozen labels all
pairs are tried, so that no chance is involved.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from digitizer.dates import read_dates
from digitizer.evidence import AxisEvidence, FloatArray, Mask, Scale
from digitizer.model import ScaleKind
from digitizer.numbers import ParsedNumber, parse_number, parse_offset
from digitizer.stages.axes import MARK_SIGMA_PX, PanelAxes

# A label further than this from the fitted line was misread (px, and in standard deviations).
INLIER_PX = 1.6
INLIER_SIGMAS = 3.5
# Calendars are uneven and time labels are centred on their text: they may miss the line by this much.
LABEL_ROUNDING_PX = 0.5
# Centroids of crisp ticks are this near a whole or half pixel (JPEG quality 75: 0.1).
ON_PIXEL = 0.15
# What is left of the renderers' half pixel: measured on the reference renderings as drawn, and rescaled.
CRISP_BIAS_SIGMA = 0.1
BLURRED_BIAS_SIGMA = 0.3
# Labels used at most: a pair search is quadratic, and no axis has more distinct ticks.
MAX_LABELS = 60
# Below this share of agreeing numeric labels a fit is refused.
MIN_AGREEING = 0.5


def calibrate_axis(evidence: AxisEvidence | None, kind: ScaleKind | None = None) -> Scale | None:
    """Fit the scale of one axis, of the ``kind`` given where somebody knows it.

    Returns
    -------
    Scale or None
        None where the labels support no scale at all. A scale that rests on too little says so
        in ``problems``.
    """
    if evidence is None or not evidence.labels:
        return None
    if kind == "category":
        return fit_categories(evidence) if len(evidence.labels) >= 2 else None
    labels = evidence.labels[:MAX_LABELS]
    parsed = [parse_number(span.text) for span in labels]
    values = np.array([np.nan if p is None else p.value for p in parsed])
    n_numeric = int(np.count_nonzero(np.isfinite(values)))
    dates = [] if kind in ("linear", "log") else read_dates([span.text for span in labels])
    if dates and (kind == "date" or n_numeric < 0.5 * len(parsed) or _says_time(evidence)):
        return _dated(evidence, dates)
    if kind == "date":
        return None
    if kind is None and n_numeric < max(2, 0.5 * len(parsed)):
        return fit_categories(evidence) if len(parsed) >= 2 and n_numeric <= 1 else None
    if kind is None and _stand_between(evidence):
        return fit_categories(evidence)
    bias, _ = snapping_bias(evidence)
    px = evidence.label_px[:MAX_LABELS] - bias
    sigma = evidence.label_sigma_px[:MAX_LABELS]
    kinds = ("linear", "log") if kind is None else (kind,)
    fits = [fit for k in kinds if (fit := _fit(px, sigma, values, k)) is not None]
    if not fits:
        return None
    found, origin, slope, used, covariance = max(fits, key=lambda f: _merit(f, px, values))
    return _finish(evidence, parsed, values, found, origin, slope, used, covariance)


def snapping_bias(evidence: AxisEvidence) -> tuple[float, float]:
    """How far (px) the drawn ticks stand right of or below the places they mark, and how sure that is.

    Notes
    -----
    Renderers align thin strokes with the pixel grid, and lines and markers of the data not. Agg moves a
    stroke of odd width by 0 to 1 pixel to the right and down, one of even width by -0.5 to 0.5; Vega moves
    axes by half a pixel both ways. A stroke of odd width shows by its centroid on a whole pixel, one of
    even width by its centroid between two. Where the picture was rescaled neither holds.
    """
    marked = evidence.label_sigma_px <= MARK_SIGMA_PX
    if np.count_nonzero(marked) < 3:
        return 0.25, BLURRED_BIAS_SIGMA
    px = evidence.label_px[marked]
    off = np.abs(px - np.round(px))
    if np.quantile(off, 0.8) < ON_PIXEL:
        return 0.5, CRISP_BIAS_SIGMA
    if np.quantile(off, 0.2) > 0.5 - ON_PIXEL:
        return 0.0, CRISP_BIAS_SIGMA
    return 0.25, BLURRED_BIAS_SIGMA


def _says_time(evidence: AxisEvidence) -> bool:
    """Whether an axis whose labels could be plain numbers (years) is called a date in so many words."""
    return evidence.title is not None and "date" in evidence.title.text.lower().split()


def _stand_between(evidence: AxisEvidence) -> bool:
    """Whether the labels stand in the middle between marks: the bands of a category axis."""
    marks, px = evidence.marks, evidence.label_px
    if len(marks) < 3 or len(marks) > 2 * len(px) + 1:
        return False
    middles = (marks[1:] + marks[:-1]) / 2
    gap = float(np.median(np.diff(marks)))
    off_marks = np.min(np.abs(px[:, None] - marks[None]), axis=1)
    off_middles = np.min(np.abs(px[:, None] - middles[None]), axis=1)
    return bool(np.all(off_marks > 0.35 * gap) and np.all(off_middles < 0.12 * gap + 1.0))


Fit = tuple[str, float, float, Mask, FloatArray]


def _fit(px: FloatArray, sigma: FloatArray, values: FloatArray, kind: str) -> Fit | None:
    u = _ruler(values, kind)
    usable = np.flatnonzero(np.isfinite(u))
    if len(usable) < 2:
        return None
    tolerance = np.maximum(INLIER_PX, INLIER_SIGMAS * sigma)
    best: tuple[int, float, Mask] | None = None
    for i, j in combinations(usable, 2):
        if u[i] == u[j] or abs(px[i] - px[j]) < 4.0:
            continue
        slope = (px[j] - px[i]) / (u[j] - u[i])
        miss = np.abs(px[i] + slope * (u - u[i]) - px)
        inlier = np.isfinite(miss) & (miss <= tolerance)
        score = int(inlier.sum()), -float(np.sum(miss[inlier]))
        if best is None or score > best[:2]:
            best = (*score, inlier)
    if best is None:
        return None
    used = best[2]
    origin, slope, covariance = _least_squares(u[used], px[used], sigma[used])
    return kind, origin, slope, used, covariance


def _least_squares(u: FloatArray, px: FloatArray, sigma: FloatArray) -> tuple[float, float, FloatArray]:
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


def _ruler(values: FloatArray, kind: str) -> FloatArray:
    if kind == "linear":
        return values
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(values > 0, np.log10(values), np.nan)


def _merit(fit: Fit, px: FloatArray, values: FloatArray) -> tuple[int, float]:
    """More agreeing labels first, then the smaller residual; linear where nothing tells them apart."""
    kind, origin, slope, used, _ = fit
    u = _ruler(values, kind)
    rms = float(np.sqrt(np.mean((origin + slope * u[used] - px[used]) ** 2)))
    return int(used.sum()), -rms - (0.05 if kind == "log" else 0.0)


def _finish(
    evidence: AxisEvidence,
    parsed: Sequence[ParsedNumber | None],
    values: FloatArray,
    kind: str,
    origin: float,
    slope: float,
    used: Mask,
    covariance: FloatArray,
) -> Scale:
    """Apply the multiplier at the axis' end and note what speaks against the fit."""
    bias, bias_sigma = snapping_bias(evidence)
    px = evidence.label_px[: len(values)] - bias
    residual = float(np.sqrt(np.mean((origin + slope * _ruler(values, kind)[used] - px[used]) ** 2)))
    covariance = covariance + np.array([[bias_sigma**2, 0.0], [0.0, 0.0]])
    problems = find_problems(evidence, parsed, values, kind, slope, used)
    factor, offset = 1.0, 0.0
    if evidence.multiplier is not None:
        printed = parse_offset(evidence.multiplier.text)
        if printed is not None:
            factor, offset = printed.factor, printed.shift
    if kind == "linear" and (factor != 1.0 or offset != 0.0):
        values = values * factor + offset
        origin -= slope / factor * offset
        jacobian = np.array([[1.0, -offset / factor], [0.0, 1.0 / factor]])
        covariance = jacobian @ covariance @ jacobian.T
        slope /= factor
    units = {p.unit for p in parsed if p is not None and p.unit}
    return Scale(
        kind="log" if kind == "log" else "linear",
        origin=origin,
        slope=slope,
        values=values,
        used=used,
        residual_px=residual,
        covariance=covariance,
        unit=units.pop() if len(units) == 1 else None,
        multiplier=factor,
        offset=offset,
        n_labels=len(values),
        problems=tuple(problems),
    )


def find_problems(
    evidence: AxisEvidence,
    parsed: Sequence[ParsedNumber | None],
    values: FloatArray,
    kind: str,
    slope: float,
    used: Mask,
) -> list[str]:
    """List what independent evidence says against a fitted scale, as codes of the notice table."""
    problems: list[str] = []
    n_used = int(used.sum())
    if n_used < 3:
        problems.append("scale-two-ticks")
    if n_used < len(values):
        problems.append("tick-label-misread")
    if n_used < MIN_AGREEING * len(values):
        problems.append("scale-contradicted")
    u = np.sort(_ruler(values, kind)[used])
    if kind == "linear" and n_used >= 3 and not _evenly_nice(u):
        problems.append("tick-values-uneven")
    if any(p is not None and p.guessed for p, ok in zip(parsed, used, strict=True) if ok):
        problems.append("tick-label-guessed")
    if kind == "linear" and not _decimals_agree(parsed, used):
        problems.append("tick-decimals-differ")
    if _marks_disagree(evidence, used):
        problems.append("ticks-off-marks")
    return problems


def _evenly_nice(u: FloatArray) -> bool:
    """Whether the values are multiples of one round step, as every plotting program chooses them."""
    steps = np.diff(u)
    base = float(np.min(steps))
    if base <= 0:
        return False
    ratio = steps / base
    if np.any(np.abs(ratio - np.round(ratio)) > 0.02):
        return False
    mantissa = base / 10.0 ** np.floor(np.log10(base))
    round_steps = np.array([1, 1.2, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 7.5, 8, 9, 10])
    return bool(np.min(np.abs(mantissa / round_steps - 1)) < 0.01)


def _decimals_agree(parsed: Sequence[ParsedNumber | None], used: Mask) -> bool:
    """Whether all labels that are in use print the same number of decimals, or drop trailing zeros alike."""
    numbers = [p for p, ok in zip(parsed, used, strict=True) if ok and p is not None]
    decimals = {p.n_decimals for p in numbers}
    if len(decimals) <= 1:
        return True
    # Programs that drop trailing zeros (0, 0.5, 1) print no more decimals than the value needs.
    return all(
        p.n_decimals == 0 or p.value == 0 or round(p.value / p.multiplier * 10**p.n_decimals) % 10
        for p in numbers
    )


def _marks_disagree(evidence: AxisEvidence, used: Mask) -> bool:
    """Whether marks are there and most labels in use stand at none of them."""
    if len(evidence.marks) < 3:
        return False
    px = evidence.label_px[: len(used)][used]
    away = np.min(np.abs(px[:, None] - evidence.marks[None]), axis=1)
    return bool(np.mean(away > 1.0) > 0.5)


def _dated(evidence: AxisEvidence, readings: Sequence[Sequence[float | None]]) -> Scale | None:
    """A time axis: of several readings the one whose times lie most evenly on the axis."""
    bias, _ = snapping_bias(evidence)
    px = evidence.label_px[:MAX_LABELS] - bias
    sigma = np.maximum(evidence.label_sigma_px[:MAX_LABELS], LABEL_ROUNDING_PX)
    best: tuple[tuple[int, float], Fit, FloatArray] | None = None
    for reading in readings:
        days = np.array([np.nan if d is None else d for d in reading])
        fit = _fit(px, sigma, days, "linear")
        if fit is not None and (best is None or _merit(fit, px, days) > best[0]):
            best = _merit(fit, px, days), fit, days
    if best is None:
        return None
    _, (_, origin, slope, used, covariance), days = best
    residual = float(np.sqrt(np.mean((origin + slope * days[used] - px[used]) ** 2)))
    n_used = int(used.sum())
    problems = ["scale-two-ticks"] if n_used < 3 else []
    problems += ["tick-label-misread"] if n_used < len(days) else []
    problems += ["scale-contradicted"] if n_used < MIN_AGREEING * len(days) else []
    return Scale(
        kind="date",
        origin=origin,
        slope=slope,
        values=days,
        used=used,
        residual_px=residual,
        covariance=covariance,
        n_labels=len(days),
        problems=tuple(problems),
    )


def fit_categories(evidence: AxisEvidence) -> Scale:
    """A category axis: its labels in order, at even distances where they are even."""
    n = len(evidence.labels)
    index = np.arange(n, dtype=np.float64)
    origin, slope, covariance = _least_squares(index, evidence.label_px, evidence.label_sigma_px)
    residual = float(np.sqrt(np.mean((origin + slope * index - evidence.label_px) ** 2)))
    return Scale(
        kind="category",
        origin=origin,
        slope=slope,
        values=index,
        used=np.ones(n, dtype=bool),
        residual_px=residual,
        covariance=covariance,
        n_labels=n,
        problems=() if residual < 3.0 else ("tick-values-uneven",),
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PanelScales:
    """The scales of one panel; None where an axis is missing or supports none."""

    x: Scale | None
    y: Scale | None
    y2: Scale | None


def calibrate_panels(axes: Sequence[PanelAxes]) -> tuple[PanelScales, ...]:
    """Fit the scales of every panel; siblings that read the same corroborate each other."""
    x = [calibrate_axis(a.x) for a in axes]
    y = [calibrate_axis(a.y) for a in axes]
    y2 = [calibrate_axis(a.y2) for a in axes]
    x = _corroborate(x, axes, horizontal=True)
    y = _corroborate(y, axes, horizontal=False)
    return tuple(PanelScales(x=a, y=b, y2=c) for a, b, c in zip(x, y, y2, strict=True))


def _corroborate(
    scales: list[Scale | None], axes: Sequence[PanelAxes], *, horizontal: bool
) -> list[Scale | None]:
    """Clear a scale of resting on two labels where a sibling's own labels say the same at the same places."""
    out = list(scales)
    for i, scale in enumerate(scales):
        if scale is None or "scale-two-ticks" not in scale.problems:
            continue
        box = axes[i].frame.box
        start, end = (box.left, box.right) if horizontal else (box.top, box.bottom)
        for j, other in enumerate(scales):
            evidence = axes[j].x if horizontal else axes[j].y
            if j == i or other is None or evidence is None or evidence.borrowed or other.kind != scale.kind:
                continue
            theirs = axes[j].frame.box
            shift = theirs.left - box.left if horizontal else theirs.top - box.top
            expected = other.to_pixel(scale.to_value(np.array([start, end]))) - shift
            if np.max(np.abs(expected - [start, end])) <= 0.004 * (end - start) + 1.5:
                left = tuple(p for p in scale.problems if p != "scale-two-ticks")
                out[i] = replace(scale, problems=left)
                break
    return out
