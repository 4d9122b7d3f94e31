"""Tell marks between thousands from decimal ones: 30.000 inhabitants are no thirty."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

DecimalMark = Literal[".", ","]

# Programs print no decimals that are 0 in every label; a format with three fixed ones does, and ApexCharts
# prints more than its labels need (25.000 for 25; of 1,100 axes of 19 other programs and of papers none was
# so printed). Labels of which some were read with commas part thousands for sure.
SURE_ZEROS = 3
# Where points are decimal on other axes so many have to have commas; a point may be read as one, too.
MOSTLY = 0.5
# So many labels must look alike before their zeros tell anything.
FEWEST_ALIKE = 2

_CORE = re.compile(r"\d[\d.,' \u00a0\u2009\u202f]*\d|[.,]\d+|\d")
_GROUPED = re.compile(r"(?<![\d.,])[1-9]\d{0,2}([.,])\d{3}(?:\1\d{3})*(?![\d.,])")
# One mark before exactly three digits and behind one to three that are no lone zero: 1.250, 30,000.
_OPEN = re.compile(r"[1-9]\d{0,2}([.,])(\d{3})")
# Where spaces part thousands; 9 40,000 is a letter of a title beside 40,000.
_SPACED = re.compile(r"\d{1,3}([ \u00a0\u2009\u202f']\d{3})*([.,]\d+)?")
_SPACE = re.compile(r"[ \u00a0\u2009\u202f]")
_POWER = re.compile(r"\d\s?[eE][-+−]?\d|\^|[×·]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Separators:
    """The marks that part thousands in the labels of one axis, and whether anything proves it."""

    thousands: frozenset[str] = frozenset(",")
    proven: bool = True


def tell_decimal_mark(texts: Sequence[str]) -> DecimalMark | None:
    """The decimal mark that labels of one axis prove: 0,5 or 1,000.5; None where they prove none."""
    votes = Counter(mark for text in texts if (mark := _proves(text)) is not None)
    if not votes or votes["."] == votes[","]:
        return None
    return "." if votes["."] > votes[","] else ","


def tell_separators(texts: Sequence[str], elsewhere: DecimalMark | None = None) -> Separators:
    """Tell what the marks in the labels of one axis part.

    Parameters
    ----------
    texts : sequence of str
        The labels of the axis, as printed.
    elsewhere : {".", ","}, optional
        The decimal mark that other axes of the figure prove.

    Notes
    -----
    A mark before three digits is undecided by itself. It parts thousands where labels without it stand
    beside it (0, 500, 1.000), and where all of them end in zeros that decimals are hardly printed for: that
    proves nothing. Without either, points are decimal and commas are not.
    """
    own = tell_decimal_mark(texts)
    found = [match for text in texts if (match := _open(text)) is not None]
    if own is not None:
        return Separators(thousands=frozenset(".,") - {own})
    usual = elsewhere or "."
    plain = Separators(thousands=frozenset(".,") - {usual})
    if len(found) < FEWEST_ALIKE or all(match[1] != usual for match in found):
        return plain
    zeros = min(len(match[2]) - len(match[2].rstrip("0")) for match in found)
    if zeros == 0:
        return plain
    both = frozenset(match[1] for match in found) | plain.thousands
    bare = any(_is_bare(text) for text in texts)
    marks = [match[1] for match in found]
    # Where the mark is decimal elsewhere, commas were read as points as a rule, but not most of them.
    told = elsewhere is None or MOSTLY * len(marks) <= sum(mark != usual for mark in marks)
    mixed = zeros >= SURE_ZEROS and len(set(marks)) > 1 and told
    return Separators(thousands=both, proven=bare or mixed)


def with_points(text: str, separators: Separators) -> str:
    """A number as it is printed where a point is decimal and nothing parts thousands."""

    def joined(match: re.Match[str]) -> str:
        mark = match[1]
        return match[0].replace(mark, "") if mark in separators.thousands else match[0].replace(mark, ".")

    if _both(text):
        return text
    return _GROUPED.sub(joined, text)


def _both(text: str) -> bool:
    return "." in text and "," in text


def _proves(text: str) -> DecimalMark | None:
    """The decimal mark that one label proves."""
    core = _CORE.search(text)
    if core is None:
        return None
    digits = core[0]
    marks = [c for c in digits if c in ".,"]
    # No number begins with a nought and a digit: what stood before them was not read (300,000 as 00,000).
    if not marks or (digits[0] == "0" and digits[1:2].isdigit()):
        return None
    if _SPACE.search(digits) and not _SPACED.fullmatch(digits):
        return None
    last: DecimalMark = "." if marks[-1] == "." else ","
    other: DecimalMark = "," if last == "." else "."
    if _both(digits):
        return last if marks.count(last) == 1 else None
    if len(marks) > 1:
        return other if _GROUPED.fullmatch(digits) else None
    return None if _OPEN.fullmatch(digits) and not _POWER.search(text) else last


def _open(text: str) -> re.Match[str] | None:
    """The number of a label whose one mark may be either."""
    core = _CORE.search(text)
    return None if core is None or _POWER.search(text) else _OPEN.fullmatch(core[0])


def _is_bare(text: str) -> bool:
    """Whether a label is a whole number below a thousand without a mark."""
    core = _CORE.search(text)
    return core is not None and re.fullmatch(r"\d{1,3}", core[0]) is not None and not _POWER.search(text)
