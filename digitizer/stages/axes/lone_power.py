"""A logarithmic axis with one label, a power of ten among the marks of its multiples.

Matplotlib labels no multiples on an axis of more than a decade: 0.3 to 6 has the label 10^0 alone, and the
marks of 0.4, 0.5 and so on tell how long a decade is.
"""

from __future__ import annotations

import numpy as np

from digitizer.evidence import AxisEvidence, FloatArray, Scale
from digitizer.numbers import parse_number
from digitizer.stages.axes.find import MIN_LONE_MARKS, is_lone_power
from digitizer.stages.axes.line_fit import least_squares, snapping_bias

# This share of the marks stands at multiples of powers of ten to so many pixels.
AT_MULTIPLES_SHARE = 0.9
MISS_PX = 1.0
# The label stands at a mark to this (px); in a decade shorter than this (px) chance puts every fifth place
# near a multiple.
AT_LABEL_PX = 1.0
MIN_DECADE_PX = 90.0


def fit_lone_power(evidence: AxisEvidence) -> Scale | None:
    """Fit the scale of an axis with one power of ten to the marks of its multiples, where they fit.

    Notes
    -----
    Each other mark may be any of the multiples next to the label; the decade that puts most marks at
    multiples counts, where it leaves hardly any out.
    """
    if not is_lone_power(evidence.labels, evidence.marks):
        return None
    bias, bias_sigma = snapping_bias(evidence)
    marks = np.sort(evidence.marks)
    label = float(evidence.label_px[0])
    start = float(marks[np.argmin(np.abs(marks - label))])
    number = parse_number(evidence.labels[0].text)
    if number is None or abs(start - label) > AT_LABEL_PX:
        return None
    upwards = evidence.side in ("left", "right")
    others = marks[np.abs(marks - start) > 1.0]
    away = (start - others) if upwards else (others - start)
    best: tuple[int, float, float] | None = None
    for distance in away:
        for multiple in range(2, 11):
            ratio = np.log10(multiple) if distance > 0 else np.log10(multiple) - 1.0
            if ratio == 0.0 or (decade := float(distance / ratio)) < MIN_DECADE_PX:
                continue
            miss = np.abs(_to_multiples(away / decade)) * decade
            score = int(np.sum(miss <= MISS_PX)), -float(np.sum(np.minimum(miss, MISS_PX))), decade
            best = score if best is None or score > best else best
    if best is None or best[0] + 1 < MIN_LONE_MARKS or best[0] < AT_MULTIPLES_SHARE * len(away):
        return None
    u = away / best[2]
    off = _to_multiples(u)
    kept = np.abs(off) * best[2] <= MISS_PX
    power = float(np.log10(number.value))
    places, at = np.append(u[kept] - off[kept], 0.0) + power, np.append(others[kept], start) - bias
    origin, slope, covariance = least_squares(places, at, np.full(len(at), 0.5))
    residual = float(np.sqrt(np.mean((origin + slope * places - at) ** 2)))
    return Scale(
        kind="log",
        origin=origin,
        slope=slope,
        values=np.array([number.value]),
        used=np.ones(1, dtype=bool),
        residual_px=residual,
        covariance=covariance + np.array([[bias_sigma**2, 0.0], [0.0, 0.0]]),
        n_labels=1,
        problems=("scale-two-ticks", "axis-kind-unproven"),
    )


def _to_multiples(u: FloatArray) -> FloatArray:
    """How far logarithms are from the nearest one of a multiple of a power of ten."""
    expected = np.floor(u)[:, None] + np.log10(np.arange(1, 11))
    off = u[:, None] - expected
    return np.asarray(off[np.arange(len(u)), np.argmin(np.abs(off), axis=1)])
