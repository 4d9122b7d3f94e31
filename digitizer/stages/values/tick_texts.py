"""What the labels of ticks say, of their readings."""

from __future__ import annotations

import math

from digitizer.numbers import parse_number, with_exponent


def told_by(text: str, other: str | None, value: float) -> str:
    """Of two readings of a label the one that says its value; the first where neither or both do.

    A 60 that was read 68 stands on the scale as 60, by its second reading: that is what is printed.

    Examples
    --------
    >>> told_by("68", "60", 60.0), told_by("60", "68", 60.0), told_by("6·106", None, 6e6)
    ('60', '60', '6·10^6')
    """

    def says(reading: str) -> bool:
        number = parse_number(reading)
        return number is not None and math.isclose(number.value, value, rel_tol=1e-9)

    return other if other is not None and says(other) and not says(text) else with_exponent(text, value)
