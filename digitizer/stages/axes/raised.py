"""Powers of ten that labels do not spell out: raised digits read as level, lost minuses, rounded halves."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from digitizer.evidence import FloatArray, Side
from digitizer.numbers import ParsedNumber, parse_number
from digitizer.stages.axes.line_fit import Fit, fit_line, merit

_RAISED = re.compile(r"10\^-?\d+")
_PLAIN_POWER = re.compile(r"10\^[1-9]\d*")
# A raised nought comes back as the sign of degrees.
_LEVEL = re.compile(r"10(-?\d{1,2}|[°º])")
_NOUGHTS = str.maketrans("°º", "00")
# Fewer labels lie on any scale.
FEWEST_ON_SCALE = 3

# The numbers of an axis, their values and the logarithmic scale through them.
Powers = tuple[list[ParsedNumber | None], FloatArray, Fit]


def read_powers(
    texts: Sequence[str],
    parsed: Sequence[ParsedNumber | None],
    px: FloatArray,
    sigma: FloatArray,
    fit: Fit,
    side: Side,
) -> Powers | None:
    """Read the labels of an axis as powers of ten that they do not spell out, where they agree better then.

    Parameters
    ----------
    texts, parsed
        The labels of an axis, and what they are as they were read.
    px, sigma : ndarray, shape (n,)
        Where they stand.
    fit : Fit
        The scale that most of them agree on.
    side : {"left", "right", "top", "bottom"}
        The axis' side.

    Returns
    -------
    Powers or None
        None where the labels hold no such powers, or lie on no better scale then.
    """
    raised = read_raised(texts, parsed, px, sigma, fit)
    numbers, _, best = raised or (parsed, None, fit)
    return (
        read_minuses(texts, numbers, px, sigma, best, side) or raised or read_halves(parsed, px, sigma, fit)
    )


def read_minuses(
    texts: Sequence[str],
    parsed: Sequence[ParsedNumber | None],
    px: FloatArray,
    sigma: FloatArray,
    fit: Fit,
    side: Side,
) -> Powers | None:
    """Read raised digits below one as negative, where that makes one rising scale of all labels.

    Small raised minuses are lost all alike: 10², 10¹, 1 and 10, or 10², 10¹ and 1 without a sign that the
    axis begins below one. As read the first agree on no scale and the others on one that runs backwards,
    which few do: that is guessed.

    Returns
    -------
    Powers or None
        None where no label is a power without a minus, or they agree as they are.
    """
    powers = [_PLAIN_POWER.fullmatch(text) for text in texts]
    known = [k for k, number in enumerate(parsed) if number is not None and number.value > 0]
    if not any(powers) or len(known) < FEWEST_ON_SCALE:
        return None
    rising = sorted(known, key=lambda k: px[k] if side in ("top", "bottom") else -px[k])
    least = min(range(len(rising)), key=lambda at: parsed[rising[at]].value)  # type: ignore[union-attr]
    below = [k for k in rising[:least] if powers[k]]
    if not below or len(below) < least:
        return None
    fewer = int(fit[3].sum()) < len(known)
    signed = [
        number if number is None or k not in below
        else replace(number, value=1.0 / number.value, guessed=number.guessed or not fewer)
        for k, number in enumerate(parsed)
    ]  # fmt: skip
    values = np.array([np.nan if number is None else number.value for number in signed])
    other = fit_line(px, sigma, values, "log")
    return None if other is None or int(other[3].sum()) < len(known) else (signed, values, other)


def read_halves(
    parsed: Sequence[ParsedNumber | None], px: FloatArray, sigma: FloatArray, fit: Fit
) -> Powers | None:
    """Read threes as roots of ten: let's-plot prints 1, 3 and 10 at even distances.

    Returns None where there is no three, or the labels lie on no better scale then. Where threes stand at
    threes (ggplot2), they agree as they are. What was rounded to a three may be another number near it: the
    roots count as guessed.
    """
    halves = [_half_power(number) for number in parsed]
    if halves == list(parsed):
        return None
    values = np.array([np.nan if number is None else number.value for number in halves])
    other = fit_line(px, sigma, values, "log")
    if other is None or int(other[3].sum()) < FEWEST_ON_SCALE:
        return None
    as_read = np.array([np.nan if number is None else number.value for number in parsed])
    return (halves, values, other) if merit(other, px, values) > merit(fit, px, as_read) else None


def _half_power(number: ParsedNumber | None) -> ParsedNumber | None:
    """The root of ten (times a power) that a three stands for; other numbers as they are."""
    if number is None or number.value <= 0:
        return number
    power = np.floor(np.log10(number.value))
    three = abs(number.value / 10.0**power - 3.0) < 1e-6
    return replace(number, value=float(10.0 ** (power + 0.5)), guessed=True) if three else number


def read_raised(
    texts: Sequence[str], parsed: Sequence[ParsedNumber | None], px: FloatArray, sigma: FloatArray, fit: Fit
) -> Powers | None:
    """Read level powers of ten as those that they stand among, where more labels agree then, or better.

    Returns
    -------
    Powers or None
        None where no label has raised digits, none is like it, or no more labels agree.
    """
    if not any(_RAISED.fullmatch(text) for text in texts):
        return None
    raised = [
        parse_number(f"10^{match[1].translate(_NOUGHTS)}") if (match := _LEVEL.fullmatch(text)) else number
        for text, number in zip(texts, parsed, strict=True)
    ]
    values = np.array([np.nan if number is None else number.value for number in raised])
    other = fit_line(px, sigma, values, "log")
    if other is None or int(other[3].sum()) < int(fit[3].sum()):
        return None
    if int(other[3].sum()) == int(fit[3].sum()):
        # 102 lies as near to a scale of 10, 1000 and 10000 as a pixel.
        as_read = np.array([np.nan if number is None else number.value for number in parsed])
        if merit(other, px, values) <= merit(fit, px, as_read):
            return None
    return raised, values, other
