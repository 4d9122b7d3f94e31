"""Decimal points that were lost in labels: 0.0, 0.5 and 10 at even distances are 0.0, 0.5 and 1.0."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from digitizer.evidence import FloatArray
from digitizer.numbers import ParsedNumber
from digitizer.stages.axes.line_fit import INLIER_PX, INLIER_SIGMAS, fit_line

# So many labels with their points tell the scale on which the others stand.
FEWEST_WHOLE = 2


def restore_points(
    texts: Sequence[str], parsed: Sequence[ParsedNumber | None], px: FloatArray, sigma: FloatArray
) -> tuple[list[ParsedNumber | None], FloatArray]:
    """The labels of an axis with their values (NaN for none), points put back where places ask for them.

    Parameters
    ----------
    texts, parsed
        The labels as they were read.
    px, sigma : ndarray, shape (n,)
        Where they stand.

    Notes
    -----
    All labels of a linear axis have as many digits behind the point in nearly every program. The digits that
    were read and the place that the others tell say the same thing: such a label is no guess.
    """
    out, values = list(parsed), np.array([np.nan if p is None else p.value for p in parsed])
    counted = Counter(p.n_decimals for p in parsed if p is not None and p.n_decimals)
    if not counted:
        return out, values
    n_decimals = counted.most_common(1)[0][0]
    whole = np.array([p is not None and p.n_decimals == n_decimals for p in parsed])
    fit = (
        fit_line(px, sigma, np.where(whole, values, np.nan), "linear")
        if whole.sum() >= FEWEST_WHOLE
        else None
    )
    if fit is None or not np.array_equal(fit[3], whole):
        return out, values
    _, origin, slope, _, _ = fit
    tolerance = np.maximum(INLIER_PX, INLIER_SIGMAS * sigma)
    for i, number in enumerate(parsed):
        digits = texts[i].lstrip("-\u2212")
        if number is None or number.n_decimals or not digits.isdecimal() or len(digits) <= n_decimals:
            continue
        with_point = number.value / 10.0**n_decimals
        as_read, put_back = (abs(origin + slope * v - px[i]) for v in (number.value, with_point))
        if put_back <= tolerance[i] < as_read:
            out[i], values[i] = replace(number, value=with_point, n_decimals=n_decimals), with_point
    return out, values
