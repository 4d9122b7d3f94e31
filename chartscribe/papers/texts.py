"""The texts of a page: lines with their places, labels among them, and captions."""

from __future__ import annotations

import contextlib
import ctypes
import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from chartscribe.papers.regions import Box

_CAPTION = re.compile(
    r"\s*(?:fig(?:ure|\.)?|chart|plot|scheme|graph|abb(?:ildung|\.)?)\s*[A-Z]?\.?\d+", re.IGNORECASE
)
# Labels of a chart are short; a line of prose has more characters.
LONGEST_LABEL = 45
# Rows of tick labels have less than this share of letters.
LETTERS_IN_NUMBERS = 0.2
# A caption goes on where the next line is no further below than this many line heights.
NEXT_LINE = 1.0
# What follows a caption's number alone stands on its row, to this, and no further away than the second; its
# words no further than the third: the next column may begin 1.1 beyond (line heights).
ON_ROW, NUMBER_GAP, WORD_GAP = 0.5, 2.0, 1.0
# A caption belongs to a figure at most so far above or below it.
CAPTION_REACH_PT = 60.0
# A text stands on end where the sine of its angle is larger.
UPRIGHT = 0.7
# It is slanted where its angle is further from those of a square (radians).
SLANTED = 0.05
# Words of a line are nearer than this many heights of its characters (the labels of ticks are further apart),
# its characters less far beside each other (raised ones, dashes); a dash is as wide as others are high.
WORDS_APART, ON_LINE, LEAST_SIZE = 0.8, 0.5, 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of text, or the part of one that stands alone; ``upright`` ones stand on end.

    ``plain``: its characters are of one size and not slanted. Raised and lowered parts say what a text alone
    does not, and boxes of slanted texts reach into each other.
    """

    text: str
    box: Box
    upright: bool = False
    plain: bool = True


def read_lines(page: Any) -> list[Line]:
    """The lines of a page as its text layer has them, from top to bottom; turned texts stay by themselves."""
    height = page.get_height()
    texts = page.get_textpage()
    try:
        level: list[Line] = []
        upright: list[Line] = []
        for run in _runs(_characters(texts)):
            text = " ".join("".join(char.text for char in run).split())
            boxes = [char.box for char in run if char.box is not None]
            if text and boxes:
                left, top = min(box.left for box in boxes), max(box.top for box in boxes)
                right, bottom = max(box.right for box in boxes), min(box.bottom for box in boxes)
                box = Box(left=left, top=height - top, right=right, bottom=height - bottom)
                first = next(char for char in run if char.box is not None)
                plain = len({char.size for char in run if char.box is not None}) == 1 and not first.slanted
                line = Line(text=text, box=box, upright=first.upright, plain=plain)
                (upright if line.upright or first.slanted else level).append(line)
    finally:
        texts.close()
    return sorted([*_joined(level), *upright], key=lambda line: (line.box.top, line.box.left))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Character:
    """A character in the page's own coordinates, y up; a space has no box."""

    text: str
    box: Box | None
    upright: bool
    slanted: bool
    size: float


def _characters(texts: Any) -> Iterator[_Character]:
    from pypdfium2 import raw

    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    for index in range(texts.count_chars()):
        text = chr(raw.FPDFText_GetUnicode(texts, index))
        known = not text.isspace() and raw.FPDFText_GetCharBox(texts, index, left, right, bottom, top)
        box = Box(left=left.value, top=top.value, right=right.value, bottom=bottom.value) if known else None
        angle = raw.FPDFText_GetCharAngle(texts, index)
        upright, slanted = abs(math.sin(angle)) > UPRIGHT, abs(math.sin(2 * angle)) > math.sin(2 * SLANTED)
        size = round(raw.FPDFText_GetFontSize(texts, index), 2)
        yield _Character(text=text, box=box, upright=upright, slanted=slanted, size=size)


def _runs(characters: Iterable[_Character]) -> Iterator[list[_Character]]:
    """Characters that follow each other at the distance of words, in one direction."""
    run: list[_Character] = []
    last: _Character | None = None
    for char in characters:
        if char.text in "\r\n":
            last = None
        elif char.box is None:
            if run:
                run.append(char)
        else:
            if last is None or not _follows(last, char):
                if run:
                    yield run
                run = []
            run.append(char)
            last = char
    if run:
        yield run


def _follows(last: _Character, char: _Character) -> bool:
    if last.box is None or char.box is None or last.upright != char.upright:
        return False
    if last.slanted != char.slanted:
        return False
    one, other = last.box, char.box
    along = max(other.left - one.right, one.left - other.right)
    across = max(other.bottom - one.top, one.bottom - other.top)
    size = max(one.top - one.bottom, other.top - other.bottom, LEAST_SIZE * (one.right - one.left))
    if last.upright:
        along, across = across, along
        size = max(one.right - one.left, other.right - other.left, LEAST_SIZE * (one.top - one.bottom))
    return along < WORDS_APART * size and across < ON_LINE * size


@contextlib.contextmanager
def texts_of(page: Any) -> Iterator[Callable[[Box], str]]:
    """What gives the text that a page has in a box: the characters that reach into it, in their order."""
    height = page.get_height()
    texts = page.get_textpage()
    try:
        yield lambda box: texts.get_text_bounded(box.left, height - box.bottom, box.right, height - box.top)
    finally:
        texts.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class Caption:
    """A caption with the lines that it is made of."""

    text: str
    box: Box
    lines: tuple[Line, ...]


def find_captions(lines: Sequence[Line]) -> list[Caption]:
    """The captions of a page: lines that begin with a figure's number, and those that go on from them."""
    captions = []
    for first in (line for line in lines if _CAPTION.match(line.text)):
        own = _row_of(first, lines)
        for line in lines:
            last = own[-1].box
            aligned = line.box.left < own[-1].box.right and line.box.right > first.box.left
            if line in own or line.box.top <= last.top + 1 or not aligned:
                continue
            if _CAPTION.match(line.text) or line.box.top - last.bottom > NEXT_LINE * last.height:
                break
            own.append(line)
        box = first.box
        for line in own:
            box = box.joined(line.box)
        captions.append(Caption(text=" ".join(line.text for line in own), box=box, lines=tuple(own)))
    return captions


def _row_of(first: Line, lines: Sequence[Line]) -> list[Line]:
    """The parts of a caption's first row: wider than a word's is the gap after its number (LaTeX)."""
    row = [first]
    for line in sorted(lines, key=lambda line: line.box.left):
        last = row[-1].box
        level = abs(line.box.bottom - last.bottom) <= ON_ROW * last.height
        bare = len(row) == 1 and _CAPTION.sub("", first.text).strip(" .:") == ""
        reach = (NUMBER_GAP if bare else WORD_GAP) * last.height
        if level and not line.upright and 0 < line.box.left - last.right <= reach:
            row.append(line)
    return row


def labels_of(lines: Sequence[Line], captions: Sequence[Caption]) -> list[Box]:
    """The places of texts that may be labels of a chart: short, and no part of a caption."""
    taken = {id(line) for caption in captions for line in caption.lines}
    return [line.box for line in lines if _may_be_label(line.text) and id(line) not in taken]


def prose_of(lines: Sequence[Line], captions: Sequence[Caption]) -> list[Box]:
    """The places of lines that belong to no figure: long ones, and captions."""
    return [line.box for line in lines if not _may_be_label(line.text)] + [c.box for c in captions]


def _may_be_label(text: str) -> bool:
    """Whether a line is short, or a row of numbers that stand close together."""
    n_letters = sum(char.isalpha() for char in text)
    return len(text) <= LONGEST_LABEL or n_letters < LETTERS_IN_NUMBERS * len(text)


def caption_of(box: Box, captions: Sequence[Caption]) -> str | None:
    """The caption of the figure in this box: below it, else above; None where there is none."""
    near = [caption for caption in captions if _beside(caption.box, box) < CAPTION_REACH_PT]
    below = [caption for caption in near if caption.box.top >= box.bottom - 5]
    best = min(below or near, key=lambda caption: _beside(caption.box, box), default=None)
    return None if best is None else best.text


def _beside(text: Box, box: Box) -> float:
    """How far a text is above or below a box; endless where it stands at its side."""
    if text.right < box.left or text.left > box.right:
        return float("inf")
    return max(text.top - box.bottom, box.top - text.bottom, 0.0)


def _joined(lines: Sequence[Line]) -> list[Line]:
    """Parts of one line that follow each other at a word's distance."""
    joined: list[Line] = []
    for line in sorted(lines, key=lambda line: (round(line.box.bottom), line.box.left)):
        last = joined[-1] if joined else None
        if last is not None and _continues(last.box, line.box):
            both = last.box.joined(line.box)
            joined[-1] = Line(text=f"{last.text} {line.text}", box=both, plain=last.plain and line.plain)
        else:
            joined.append(line)
    return joined


def _continues(last: Box, box: Box) -> bool:
    size = max(last.height, box.height)
    return abs(last.bottom - box.bottom) < 0.3 * size and -0.2 * size <= box.left - last.right < 0.6 * size
