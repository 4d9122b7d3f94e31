"""Read the numbers of names that differ in nothing else: R0 among R1 and R2, not RO."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from digitizer.evidence import TextSpan
from digitizer.numbers import as_digits

# A stem with a number behind it; so many of the names, and this share of them, must be such of one stem.
_NUMBERED = re.compile(r"(\D*[^\W\d][ #-]?)\d+")
FEWEST, SHARE = 2, 0.5


def with_numbers(labels: Sequence[TextSpan]) -> list[TextSpan]:
    """The labels of an axis, a letter where the others have digits read as the digit that it is taken for."""
    stems = Counter(match[1] for s in labels if (match := _NUMBERED.fullmatch(s.text)))
    if not stems:
        return list(labels)
    stem, n = stems.most_common(1)[0]
    if n < FEWEST or n <= SHARE * len(labels):
        return list(labels)
    out = []
    for span in labels:
        tail = span.text.removeprefix(stem)
        number = None if tail == span.text else as_digits(tail)
        out.append(span if number is None else replace(span, text=stem + number, words=()))
    return out
