"""The letter pi that was read as another one, by itself: 0, I and 2π at even distances are 0, π and 2π."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from digitizer.evidence import FloatArray
from digitizer.numbers import ParsedNumber
from digitizer.stages.axes.line_fit import INLIER_PX, INLIER_SIGMAS, fit_line

# What pi is read as has no digit and no more letters than this (I, πI, n, TT).
MOST_LETTERS = 2
# So many labels tell the scale on which it stands.
FEWEST_READ = 2


def restore_pi(
    texts: Sequence[str], parsed: Sequence[ParsedNumber | None], px: FloatArray, sigma: FloatArray
) -> list[ParsedNumber | None]:
    """The labels of an axis in parts of pi, with a lone letter taken for pi where the others put that.

    Parameters
    ----------
    texts, parsed
        The labels as they were read.
    px, sigma : ndarray, shape (n,)
        Where they stand.

    Notes
    -----
    A single letter is what recognisers read worst, and its place says what it is: no guess.
    """
    out = list(parsed)
    values = np.array([np.nan if p is None else p.value for p in parsed])
    if not any(p is not None and p.kind == "pi" for p in parsed):
        return out
    fit = fit_line(px, sigma, values, "linear")
    if fit is None or fit[3].sum() < max(FEWEST_READ, np.isfinite(values).sum()):
        return out
    _, origin, slope, _, _ = fit
    for i, text in enumerate(texts):
        letters = text.lstrip("-\u2212")
        if parsed[i] is not None or len(letters) > MOST_LETTERS or any(c.isdigit() for c in letters):
            continue
        value = math.pi if letters == text else -math.pi
        if abs(origin + slope * value - px[i]) <= max(INLIER_PX, INLIER_SIGMAS * sigma[i]):
            out[i] = ParsedNumber(value=value, multiplier=math.pi, kind="pi")
    return out
