"""Powers of ten of which some have raised digits that were read as if level: 10^1, 102, 103, 10^4."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from digitizer.evidence import FloatArray
from digitizer.numbers import ParsedNumber, parse_number
from digitizer.stages._line_fit import Fit, fit_line

_RAISED = re.compile(r"10\^-?\d+")
_LEVEL = re.compile(r"10(-?\d{1,2})")


def read_raised(
    texts: Sequence[str], parsed: Sequence[ParsedNumber | None], px: FloatArray, sigma: FloatArray, fit: Fit
) -> tuple[list[ParsedNumber | None], FloatArray, Fit] | None:
    """Read level powers of ten as those that they stand among, where more labels agree then.

    Parameters
    ----------
    texts, parsed
        The labels of an axis, and what they are as they were read.
    px, sigma : ndarray, shape (n,)
        Where they stand.
    fit : Fit
        The scale that most of them agree on.

    Returns
    -------
    tuple or None
        The numbers, their values and the logarithmic scale; None where no label has raised digits, none is
        like it, or no more labels agree.
    """
    if not any(_RAISED.fullmatch(text) for text in texts):
        return None
    raised = [
        parse_number(f"10^{match[1]}") if (match := _LEVEL.fullmatch(text)) else number
        for text, number in zip(texts, parsed, strict=True)
    ]
    values = np.array([np.nan if number is None else number.value for number in raised])
    other = fit_line(px, sigma, values, "log")
    if other is None or int(other[3].sum()) <= int(fit[3].sum()):
        return None
    return raised, values, other
