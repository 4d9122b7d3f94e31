"""Fit the scale of an axis to its labels: consensus over all pairs, then least squares.

Two labels fit any line, and a consistent misreading fits perfectly; the fit therefore carries its
degrees of freedom and what independent evidence says (see :mod:`digitizer.stages.axes.scale_problems`).

References
----------
Fischler & Bolles, "Random sample consensus", CACM 24(6), 1981. With at most a few dozen labels all
pairs are tried, so that no chance is involved.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from digitizer.dates import is_date, names_year
from digitizer.evidence import AxisEvidence, FloatArray, Mask, Scale
from digitizer.model import ScaleKind
from digitizer.numbers import ParsedNumber, parse_number, parse_offset
from digitizer.separators import tell_separators, with_points
from digitizer.stages.axes.decades import bind_to_decades
from digitizer.stages.axes.enlarged import as_drawn, enlarge_scale
from digitizer.stages.axes.line_fit import (
    CRISP_BIAS_SIGMA,
    INLIER_PX,
    INLIER_SIGMAS,
    MAX_LABELS,
    Fit,
    fit_line,
    is_logarithmic,
    left_out_alike,
    merit,
    misfit,
    ruler,
    scatter,
    snapping_bias,
    spread_of_letters,
    without_stray_mark,
)
from digitizer.stages.axes.lone_power import fit_lone_power
from digitizer.stages.axes.lost_pi import restore_pi
from digitizer.stages.axes.lost_points import restore_points
from digitizer.stages.axes.lost_signs import restore_signs
from digitizer.stages.axes.minor_marks import find_minor, fit_with_minor
from digitizer.stages.axes.ordered import (
    FIRST_YEAR,
    LAST_YEAR,
    begin_alike,
    fit_categories,
    fit_times,
    name_places,
    read_times,
    stand_between,
)
from digitizer.stages.axes.panel_axes import PanelAxes
from digitizer.stages.axes.raised import read_powers
from digitizer.stages.axes.scale_problems import find_problems, rounding_of
from digitizer.stages.axes.shared_steps import share_steps
from digitizer.stages.axes.standing import LABEL_SIGMA_PX, LABEL_SIGMA_SHARE, MARK_SIGMA_PX

# Ticks as even as this (px) may stand a whole number of pixels apart, all off alike; this (px) is what that
# adds: their middles are off by 0.31 px on the reference renderings, not by 0.2.
ALIKE_PX = 0.03
ALIKE_SIGMA = 0.22

UNPROVEN = "axis-kind-unproven"
# The only two labels of an axis of years are at most so many years apart.
MAX_DECADES = 50


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
    if evidence.enlarged != 1.0:
        return enlarge_scale(calibrate_axis(as_drawn(evidence), kind), evidence.enlarged)
    kind = "linear" if evidence.at_bars and kind is None else kind
    if kind == "category":
        return fit_categories(evidence) if len(evidence.labels) >= 2 else None
    if kind in (None, "log") and (lone := fit_lone_power(evidence)) is not None:
        return lone
    texts = [span.text for span in evidence.labels[:MAX_LABELS]]
    parsed = list(map(_reader(evidence), texts))
    values = np.array([np.nan if p is None else p.value for p in parsed])
    n_numeric = int(np.count_nonzero(np.isfinite(values)))
    dates = [] if kind in ("linear", "log") else read_times(evidence)
    if dates and (kind == "date" or _is_timely(evidence, texts, values)):
        return fit_times(evidence, dates)
    if dates and _may_be_time(evidence) and (times := fit_times(evidence, dates)) is not None:
        return replace(times, problems=tuple(dict.fromkeys((*times.problems, UNPROVEN))))
    if kind == "date":
        return None
    if kind is None and n_numeric < max(2, 0.5 * len(parsed)):
        return fit_categories(evidence) if len(parsed) >= 2 and n_numeric <= 1 else None
    if kind is None and (stand_between(evidence) or begin_alike(texts)):
        return fit_categories(evidence)
    bias, _ = snapping_bias(evidence)
    px, sigma = _placed(evidence, bias)
    parsed = restore_pi(texts, parsed, px, sigma)
    parsed, values = restore_points(texts, parsed, px, sigma)
    kinds = ("linear", "log") if kind is None else (kind,)
    fits = [fit for k in kinds if (fit := fit_line(px, sigma, values, k)) is not None]
    if not fits:
        return None
    best = max(fits, key=lambda f: merit(f, px, values))
    other = None if kind == "linear" else read_powers(texts, parsed, px, sigma, best, evidence.side)
    if other is None and best[0] == "linear":
        other = restore_signs(parsed, px, sigma, best, upward=evidence.side in ("left", "right"))
    parsed, values, best = other or (parsed, values, best)
    if kind is None and name_places(evidence, values, best[3], alike=left_out_alike(best, px, values)):
        return fit_categories(evidence)
    if kind is None and int(best[3].sum()) == 2 and is_logarithmic(evidence, parsed, fits[-1], bias):
        best = fits[-1]
    for find in (_back_to_centers, bind_to_decades):
        if (moved := find(evidence, best, bias, values)) is not None:
            evidence = moved
            px, sigma = _placed(evidence, bias)
            best = fit_line(px, sigma, values, best[0]) or best
    if others := _second_readings(evidence, best, px, sigma, values):
        for i, number in others.items():
            parsed[i], values[i] = number, number.value
        best = fit_line(px, sigma, values, best[0]) or best
    return _finish(evidence, parsed, values, *best)


def _reader(evidence: AxisEvidence) -> Callable[[str], ParsedNumber | None]:
    """Parses the labels of an axis by what their marks part."""
    separators = tell_separators([span.text for span in evidence.labels], evidence.decimal_mark)
    return lambda text: parse_number(with_points(text, separators))


def _placed(evidence: AxisEvidence, bias: float) -> tuple[FloatArray, FloatArray]:
    """The places that labels stand for and their deviations (px)."""
    px, sigma = evidence.label_px[:MAX_LABELS], evidence.label_sigma_px[:MAX_LABELS]
    return px - bias, sigma * max(1.0, evidence.grain)


def _back_to_centers(
    evidence: AxisEvidence, fit: Fit, bias: float, values: FloatArray
) -> AxisEvidence | None:
    """Take labels that the fit left out from the marks they were bound to, where their own middles fit.

    So is one left out whose mark alone is farther off than pixels allow: the frame's side beside a tick.
    """
    px = evidence.label_px[:MAX_LABELS]
    kind, origin, slope, used, _ = without_stray_mark(fit, px - bias, values, evidence)
    at = 1 if evidence.side in ("left", "right") else 0
    expected = origin + slope * ruler(values, kind) + bias
    labels = evidence.labels[:MAX_LABELS]
    centers = np.array([span.box.center[at] for span in labels])
    sigma = np.array([max(LABEL_SIGMA_PX, LABEL_SIGMA_SHARE * span.box.height) for span in labels])
    bound = ~used & (evidence.label_sigma_px[:MAX_LABELS] <= MARK_SIGMA_PX) & (centers != px)
    fits = bound & (np.abs(centers - expected) <= INLIER_SIGMAS * sigma)
    if used.sum() < 3 or not fits.any():
        return None
    all_px, all_sigma = evidence.label_px.copy(), evidence.label_sigma_px.copy()
    all_px[:MAX_LABELS][fits], all_sigma[:MAX_LABELS][fits] = centers[fits], sigma[fits]
    return replace(evidence, label_px=all_px, label_sigma_px=all_sigma)


def _second_readings(
    evidence: AxisEvidence, fit: Fit, px: FloatArray, sigma: FloatArray, values: FloatArray
) -> dict[int, ParsedNumber]:
    """The second readings of labels that the fit left out, where they say what it expects there."""
    kind, origin, slope, used, _ = fit
    read = _reader(evidence)
    out: dict[int, ParsedNumber] = {}
    if used.sum() < 3:
        return out
    for i in np.flatnonzero(~used):
        other = evidence.labels[i].alternative
        number = None if other is None else read(other)
        if kind == "log" and re.fullmatch("[2-9]", evidence.labels[i].text):
            # Plotly prints but the digit between powers of ten: 10, 2, 5, 100.
            digit = float(evidence.labels[i].text)
            power = 10.0 ** round((px[i] - origin) / slope - np.log10(digit))
            number = ParsedNumber(value=digit * power, multiplier=power)
        if number is None:
            continue
        u = ruler(np.array([number.value]), kind)[0]
        if np.isfinite(u) and abs(origin + slope * u - px[i]) <= max(INLIER_PX, INLIER_SIGMAS * sigma[i]):
            out[int(i)] = number
    return out


def _is_timely(evidence: AxisEvidence, texts: Sequence[str], values: FloatArray) -> bool:
    """Whether labels that can be read as times are times, and no numbers (``values``, NaN of words).

    Words among them say times (the months between years), or numbers beside months neither rise nor fall:
    days that begin anew with each, or one day of each.
    """
    numeric = np.isfinite(values)
    if evidence.moment is not None or np.mean(numeric) < 0.5 or _says_time(evidence):
        return True
    words = [is_date(text) for text, number in zip(texts, numeric, strict=True) if not number]
    steps = np.diff(values[numeric])
    turn_round = bool(np.any(steps >= 0) and np.any(steps <= 0))
    return (len(words) >= 2 and all(words)) or (any(words) and turn_round)


def _says_time(evidence: AxisEvidence) -> bool:
    """Whether an axis whose labels could be plain numbers (years) is called a date in so many words."""
    return evidence.title is not None and "date" in evidence.title.text.lower().split()


def _may_be_time(evidence: AxisEvidence) -> bool:
    """Whether an axis across without a title is labelled with years alone: no numbers, far more often."""
    if evidence.title is not None or evidence.side not in ("bottom", "top"):
        return False
    texts = [span.text for span in evidence.labels]
    if len(texts) == 2 and all(text.isdecimal() for text in texts):
        # Numbers of any kind have three labels as a rule where two of them are so near to each other.
        first, second = sorted(map(int, texts))
        return FIRST_YEAR <= first < second <= min(LAST_YEAR, first + MAX_DECADES)
    return len(texts) >= 3 and all(names_year(text) for text in texts)


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
    px, sigma = (column[: len(values)] for column in _placed(evidence, bias))
    u, sigma, grain = ruler(values, kind)[used], sigma[used], evidence.grain
    crisp = evidence.sharp or bias_sigma <= CRISP_BIAS_SIGMA * max(1.0, grain)
    further = find_minor(u, px[used], evidence.marks - bias, (origin, slope)) if kind == "linear" else None
    if (snapped := fit_with_minor(u, px[used], sigma, further, crisp=crisp, grain=grain)) is not None:
        origin, slope, covariance = snapped
    else:
        miss = origin + slope * u - px[used]
        lettered = spread_of_letters(u, miss, sigma, evidence.side, grain)
        covariance = covariance * scatter(miss, sigma) if lettered is None else lettered
    miss = origin + slope * u - px[used]
    residual = float(np.sqrt(np.mean(miss**2)))
    rounded_px = abs(slope) * (rounding_of(parsed, values, used) or 0.0) if kind == "linear" else 0.0
    off = misfit(miss - np.clip(miss, -rounded_px, rounded_px), sigma)
    if snapped is not None and residual < ALIKE_PX:
        bias_sigma = max(bias_sigma, ALIKE_SIGMA)
    covariance = covariance + np.array([[bias_sigma**2, 0.0], [0.0, 0.0]])
    problems = find_problems(evidence, parsed, values, kind, slope, used)
    if left_out_alike((kind, origin, slope, used, covariance), px, values):
        problems.append("scale-contradicted")
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
        problems=tuple(dict.fromkeys(problems)),
        misfit_px=off,
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
    x = _corroborate(_of_proven_kind(x, [a.x for a in axes]), axes, horizontal=True)
    y = _corroborate(y, axes, horizontal=False)
    x = share_steps(x, [a.x for a in axes], [a.frame.box.width for a in axes])
    y = share_steps(y, [a.y for a in axes], [a.frame.box.height for a in axes])
    return tuple(PanelScales(x=a, y=b, y2=c) for a, b, c in zip(x, y, y2, strict=True))


def _of_proven_kind(
    scales: Sequence[Scale | None], sides: Sequence[AxisEvidence | None]
) -> list[Scale | None]:
    """The scales, years without a title read as a sibling's same labels are whose kind is proven.

    Of panels above each other often but the lowest has its title.
    """
    texts = [tuple(span.text for span in side.labels) if side is not None else () for side in sides]
    out = list(scales)
    for i, scale in enumerate(scales):
        if scale is None or scale.kind != "date" or UNPROVEN not in scale.problems:
            continue
        kinds = {
            other.kind
            for other, named in zip(scales, texts, strict=True)
            if other is not None and UNPROVEN not in other.problems and named == texts[i]
        }
        if len(kinds) == 1:
            out[i] = calibrate_axis(sides[i], kinds.pop()) or scale
    return out


def _corroborate(
    scales: list[Scale | None], axes: Sequence[PanelAxes], *, horizontal: bool
) -> list[Scale | None]:
    """Clear a scale of resting on two labels where a sibling's own labels say the same at the same places."""
    out = list(scales)
    for i, scale in enumerate(scales):
        # Where a third label contradicts the two, the sibling's may be misread alike.
        if scale is None or "scale-two-ticks" not in scale.problems or "tick-label-misread" in scale.problems:
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
