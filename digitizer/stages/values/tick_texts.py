"""What the labels of ticks say, of their readings."""

from __future__ import annotations

import math
import re

from digitizer.numbers import parse_number, with_exponent


def told_by(text: str, other: str | None, value: float, *, factor: bool = False) -> str:
    """Of two readings of a label the one that says its value; the first where neither or both do.

    A 60 that was read 68 stands on the scale as 60, by its second reading: that is what is printed. So is the
    point that was lost between digits, unless a ``factor`` at the axis' end has moved it.

    Examples
    --------
    >>> told_by("68", "60", 60.0), told_by("60", "68", 60.0), told_by("6·106", None, 6e6)
    ('60', '60', '6·10^6')
    >>> told_by("125", None, 1.25), told_by("-10", None, -1.0), told_by("125", None, 125.0)
    ('1.25', '-1.0', '125')
    """

    def says(reading: str) -> bool:
        number = parse_number(reading)
        return number is not None and math.isclose(number.value, value, rel_tol=1e-9)

    if says(text):
        return with_exponent(text, value)
    if other is not None and says(other):
        return other
    digits = None if factor else re.fullmatch(r"(-?\d)(\d+)", text)
    places = range(len(text) - 1, digits.end(1) - 1, -1) if digits else ()
    pointed = (f"{text[:at]}.{text[at:]}" for at in places)
    return next((one for one in pointed if says(one)), with_exponent(text, value))
