"""Minus signs that were lost before numbers: a curve runs through them, or compression wears them away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np

from digitizer.evidence import FloatArray, Mask
from digitizer.numbers import ParsedNumber
from digitizer.stages.axes.line_fit import INLIER_PX, INLIER_SIGMAS, LEAST_APART_PX, Fit, least_squares

# Labels on a scale with signs put back: two numbers lie on one whatever their signs.
FEWEST_ON_SCALE = 3


def restore_signs(
    parsed: Sequence[ParsedNumber | None], px: FloatArray, sigma: FloatArray, fit: Fit, *, upward: bool
) -> tuple[list[ParsedNumber | None], FloatArray, Fit] | None:
    """Read numbers as negative ones where more labels lie on one linear scale then.

    Parameters
    ----------
    parsed
        The labels of an axis as they were read.
    px, sigma : ndarray, shape (n,)
        Where they stand.
    fit : Fit
        The scale that most of them agree on as they were read.
    upward : bool
        Whether values grow with falling pixels, as they do along y.

    Returns
    -------
    numbers, values, fit or None
        None where no more labels agree then. Numbers with a sign put back count as guessed, unless three
        others lie on one scale without them.

    Notes
    -----
    The labels 4, 2, 2, 4 at even distances lie on one scale from -4 to 4, or on one from 4 to -4: axes
    that run backwards are rare, and so is a sign lost twice where the other one was never there.
    """
    values = np.array([np.nan if number is None else number.value for number in parsed])
    least = max(FEWEST_ON_SCALE, int(fit[3].sum()) + 1)
    if int(np.isfinite(values).sum()) < least or not (values > 0).any():
        return None
    found = _consensus(values, px, np.maximum(INLIER_PX, INLIER_SIGMAS * sigma), upward=upward)
    if found is None or int(found[0].sum()) < least:
        return None
    used, turned = found
    values = np.where(turned, -values, values)
    # The labels that were read whole prove a scale where there are enough of them.
    proven = int((used & ~turned).sum()) >= FEWEST_ON_SCALE
    numbers = [
        number
        if number is None or not lost
        else replace(number, value=-number.value, guessed=number.guessed or not proven)
        for number, lost in zip(parsed, turned, strict=True)
    ]
    origin, slope, covariance = least_squares(values[used], px[used], sigma[used])
    return numbers, values, ("linear", origin, slope, used, covariance)


def _consensus(
    values: FloatArray, px: FloatArray, tolerance: FloatArray, *, upward: bool
) -> tuple[Mask, Mask] | None:
    """The labels that most agree on one scale, whatever their signs, and those that are negative on it."""
    n = len(values)
    either = np.concatenate([values, np.where(values > 0, -values, np.nan)])
    px, tolerance = np.concatenate([px, px]), np.concatenate([tolerance, tolerance])
    best: tuple[int, bool, int, float, Mask, Mask] | None = None
    for i, j in combinations(np.flatnonzero(np.isfinite(either)), 2):
        if either[i] == either[j] or abs(px[i] - px[j]) < LEAST_APART_PX:
            continue
        slope = (px[j] - px[i]) / (either[j] - either[i])
        miss = np.abs(px[i] + slope * (either - either[i]) - px)
        near = np.isfinite(miss) & (miss <= tolerance)
        turned = near[n:] & ~near[:n]
        used = near[:n] | turned
        score = int(used.sum()), (slope < 0) == upward, -int(turned.sum()), -float(np.sum(miss[near]))
        if best is None or score > best[:4]:
            best = (*score, used, turned)
    return None if best is None else best[4:]
