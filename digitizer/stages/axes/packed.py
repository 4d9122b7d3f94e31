"""Part labels that run together: packed numbers, and names or numbers that touch under marks of their own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise, product

import numpy as np

from digitizer.dates import is_date
from digitizer.evidence import FloatArray, TextSpan
from digitizer.numbers import parse_number

# Labels stand this near (px) to their marks where they were moved to begin or end at them.
FLUSH_PX = 3.0
# Digits in a row of packed numbers, of one of them, and numbers: shorter ones are numbers themselves (123).
MIN_PACKED = 8
MOST_PACKED = 6
MIN_PACKED_NUMBERS = 4
# Names that touch end with their box to this and part this near to where the count of their letters tells, at
# the mean width of one (letters; three words of pgfplots: 0.4 and 1.1).
NAMES_END = 1.0
NAMES_APART = 2.0
# Letters of names are so wide on average (heights of their row; months of Vega 0.52 and 0.57), those of the
# first and the last name alike to this factor.
LEAST_WIDE, MOST_WIDE, WIDER = 0.3, 0.9, 1.5
# Numbers that touch (ECharts' bold years beside days) end where their digits do, all of one width, to this
# share of one.
DIGITS_OFF = 0.35
# Labels of one form that touch have so many characters at least (3.25), and stand so near their marks (px)
# when a row of them is cut into equal parts (five dates of Matplotlib's: 1.6).
MIN_ALIKE, ALIKE_OFF_PX = 4, 4.0
# Digits of a decade that Plotly prints below its marks stand so near them (px).
DECADE, DIGIT_OFF_PX = "23456789", 1.5
_DIGIT = re.compile(r"\d")
_NAME_BEGINS = re.compile(r"(?<=[a-z])\s*(?=[A-Z])")


def part_packed(row: Sequence[TextSpan], marks: FloatArray) -> list[TextSpan]:
    """Part the packed numbers of a row: years below months, 199820002002."""
    return [part for span in row for part in part_progression(span, marks)]


def part_progression(span: TextSpan, marks: FloatArray) -> list[TextSpan]:
    """Part packed numbers that were read as one, where they make one even row: 600700800900 1000.

    The row must be the only one that the digits make.
    """
    digits = span.text.replace(" ", "")
    if span.angle_deg != 0.0 or not digits.isdecimal() or len(digits) < MIN_PACKED:
        return [span]
    rows = [
        row
        for first, second in product(range(1, MOST_PACKED + 1), repeat=2)
        if (row := _progression(digits, first, second))
    ]
    if len(rows) != 1:
        return [span]
    under = np.count_nonzero((marks >= span.box.left - FLUSH_PX) & (marks <= span.box.right + FLUSH_PX))
    if len(marks) and under < len(rows[0]) - 1:
        return [span]
    starts, ends = _digit_places(span, digits)
    last = np.cumsum([len(text) for text in rows[0]]) - 1
    first = np.r_[0, last[:-1] + 1]
    return [
        replace(span, text=text, box=replace(span.box, left=float(starts[i]), right=float(ends[k])), words=())
        for text, i, k in zip(rows[0], first, last, strict=True)
    ]


def part_decade(span: TextSpan, marks: FloatArray) -> list[TextSpan]:
    """Part the digits between two powers of ten that were read as one: 6789, each below a mark of its own."""
    digits, box = span.text.replace(" ", ""), span.box
    rise = digits.isdecimal() and len(digits) > 1 and digits in DECADE
    under = marks[(marks >= box.left - DIGIT_OFF_PX) & (marks <= box.right + DIGIT_OFF_PX)]
    if span.angle_deg != 0.0 or not rise or len(under) != len(digits):
        return [span]
    # The first and the last are centred on theirs.
    half = (float(under[0]) - box.left + box.right - float(under[-1])) / 2
    off = abs(float(under[0]) - box.left - half)
    if half <= 0 or off > DIGIT_OFF_PX or float(np.diff(under).min()) < half:
        return [span]
    return [
        replace(span, text=digit, box=replace(box, left=at - half, right=at + half), words=())
        for digit, at in zip(digits, under.tolist(), strict=True)
    ]


def part_alike(span: TextSpan, marks: FloatArray) -> list[TextSpan]:
    """Part dates, or numbers of even steps, that touch and are of one form: 2021-01-012021-01-08.

    Each is as wide as the others, for digits are.

    Marks, where there are any, must stand at all of their middles.
    """
    text, box = span.text.replace(" ", ""), span.box
    form = _DIGIT.sub("0", text)
    for n in range(len(text) // MIN_ALIKE, 1, -1):
        size = len(text) // n
        parts = [text[k * size : (k + 1) * size] for k in range(n)]
        told = all(map(is_date, parts)) or _are_even(parts)
        if size * n != len(text) or form != form[:size] * n or not told:
            continue
        edges = np.linspace(box.left, box.right, n + 1)
        middles = (edges[1:] + edges[:-1]) / 2
        if span.angle_deg == 0.0 and (
            not len(marks) or np.abs(middles[:, None] - marks).min(axis=1).max() <= ALIKE_OFF_PX
        ):
            return [
                replace(span, text=part, box=replace(box, left=float(a), right=float(b)), words=())
                for part, (a, b) in zip(parts, pairwise(edges), strict=True)
            ]
    return [span]


def _are_even(texts: Sequence[str]) -> bool:
    """Whether texts are numbers with a point that rise by one step: 2000.02002.52005.0."""
    numbers = [parse_number(text) if "." in text[1:-1] else None for text in texts]
    values = np.array([np.nan if number is None else number.value for number in numbers])
    steps = np.diff(values)
    return len(steps) > 1 and bool(np.all(steps > 0) and np.allclose(steps, steps[0], rtol=1e-6))


def _digit_places(span: TextSpan, digits: str) -> tuple[FloatArray, FloatArray]:
    """Where each digit of a row begins and ends, all of a word alike: blanks between words are no digits."""
    words = span.words if "".join(word for word, _ in span.words) == digits else ((digits, span.box),)
    edges = [np.linspace(box.left, box.right, len(word) + 1) for word, box in words]
    return np.concatenate([e[:-1] for e in edges]), np.concatenate([e[1:] for e in edges])


def part_names(span: TextSpan, marks: FloatArray) -> list[TextSpan]:
    """Part names that touch, where as many capitals begin one as marks stand over them: RarelySometimesOften.

    Each name is as wide to the left of its mark as to the right, which leaves no choice of where it ends:
    digits need no other sign of it (292022 at the marks of a day and of a new year). A number that is itself
    centred on a mark is one label with smaller marks beside it (pandas' years), unless its parts make an even
    row.
    """
    box = span.box
    under = np.sort(marks[(marks > box.left) & (marks < box.right)])
    if len(under) < 2 or span.angle_deg != 0.0:
        return [span]
    edges = [box.left]
    for mark in under:
        edges.append(2 * float(mark) - edges[-1])
    size = box.width / len(span.text)
    if span.text.isdecimal():
        names = _part_digits(span.text, (np.array(edges) - box.left) / size)
        lone = np.abs(under - (box.left + box.right) / 2).min() <= NAMES_END * size
        if lone and len(set(np.diff([int(name) for name in names]))) != 1:
            return [span]
    else:
        names = _NAME_BEGINS.sub("\n", span.text).split("\n")
    if len(under) != len(names):
        return _part_words(span, under)
    told = box.left + size * np.cumsum([len(name) for name in names])
    off = np.abs(np.array(edges[1:]) - told)
    if edges != sorted(edges) or off[-1] > NAMES_END * size or off.max() > NAMES_APART * size:
        return _part_words(span, under)
    return [
        replace(span, text=name, box=replace(box, left=a, right=b), words=())
        for name, a, b in zip(names, edges[:-1], edges[1:], strict=True)
    ]


def _part_words(span: TextSpan, under: FloatArray) -> list[TextSpan]:
    """Part a row of names of which a few touch, as many as there are marks: Jan Feb MarApr May.

    The row begins and ends where names in the middle of the first and of the last mark do, whose letters are
    of one width.
    """
    box, names = span.box, _NAME_BEGINS.sub(" ", span.text).split()
    if len(names) != len(under):
        return [span]
    wide = 2 * (under[0] - box.left) / len(names[0]), 2 * (box.right - under[-1]) / len(names[-1])
    if min(wide) < LEAST_WIDE * box.height or max(wide) > min(MOST_WIDE * box.height, WIDER * min(wide)):
        return [span]
    half = float(np.mean(wide)) * np.array([len(name) for name in names]) / 2
    return [
        replace(span, text=name, box=replace(box, left=float(at - h), right=float(at + h)), words=())
        for name, at, h in zip(names, under, half, strict=True)
    ]


def _part_digits(digits: str, edges: FloatArray) -> list[str]:
    """The numbers between ``edges`` (digits from the first one); none where these lie within digits."""
    at = np.round(edges).astype(int)
    if np.abs(edges - at).max() > DIGITS_OFF or at[-1] != len(digits) or np.any(np.diff(at) < 1):
        return []
    return [digits[a:b] for a, b in pairwise(at.tolist())]


def _progression(digits: str, first: int, second: int) -> list[str]:
    """The even row that digits make whose first two numbers have so many of them, else none."""
    a, b = digits[:first], digits[first : first + second]
    if not b or (a + b) != str(int(a)) + str(int(b)) or int(b) <= int(a):
        return []
    row = [a, b]
    while (length := sum(map(len, row))) < len(digits):
        row.append(str(int(row[-1]) + int(b) - int(a)))
        if not digits.startswith(row[-1], length):
            return []
    return row if len(row) >= MIN_PACKED_NUMBERS else []
