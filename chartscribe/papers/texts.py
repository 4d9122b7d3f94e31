"""The texts of a page: lines with their places, labels among them, and captions."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from chartscribe.papers.regions import Box

_CAPTION = re.compile(
    r"\s*(?:fig(?:ure|\.)?|chart|plot|scheme|graph|abb(?:ildung|\.)?)\s*[A-Z]?\.?\d+", re.IGNORECASE
)
# Labels of a chart are short; a line of prose has more characters.
LONGEST_LABEL = 45
# A caption goes on where the next line is no further below than this many line heights.
NEXT_LINE = 1.0
# A caption belongs to a figure at most so far above or below it.
CAPTION_REACH_PT = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of text, or the part of one that stands alone."""

    text: str
    box: Box


def read_lines(page: Any) -> list[Line]:
    """The lines of a page as its text layer has them, from top to bottom."""
    height = page.get_height()
    texts = page.get_textpage()
    try:
        lines = []
        for index in range(texts.count_rects()):
            left, bottom, right, top = texts.get_rect(index)
            text = " ".join(texts.get_text_bounded(left, bottom, right, top).split())
            if text:
                box = Box(left=left, top=height - top, right=right, bottom=height - bottom)
                lines.append(Line(text=text, box=box))
    finally:
        texts.close()
    return sorted(_joined(lines), key=lambda line: (line.box.top, line.box.left))


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
        own = [first]
        for line in lines:
            last = own[-1].box
            aligned = line.box.left < first.box.right and line.box.right > first.box.left
            if line.box.top <= last.top + 1 or not aligned:
                continue
            if _CAPTION.match(line.text) or line.box.top - last.bottom > NEXT_LINE * last.height:
                break
            own.append(line)
        box = first.box
        for line in own:
            box = box.joined(line.box)
        captions.append(Caption(text=" ".join(line.text for line in own), box=box, lines=tuple(own)))
    return captions


def labels_of(lines: Sequence[Line], captions: Sequence[Caption]) -> list[Box]:
    """The places of texts that may be labels of a chart: short, and no part of a caption."""
    taken = {id(line) for caption in captions for line in caption.lines}
    return [line.box for line in lines if len(line.text) <= LONGEST_LABEL and id(line) not in taken]


def prose_of(lines: Sequence[Line], captions: Sequence[Caption]) -> list[Box]:
    """The places of lines that belong to no figure: long ones, and captions."""
    return [line.box for line in lines if len(line.text) > LONGEST_LABEL] + [c.box for c in captions]


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
            joined[-1] = Line(text=f"{last.text} {line.text}", box=last.box.joined(line.box))
        else:
            joined.append(line)
    return joined


def _continues(last: Box, box: Box) -> bool:
    size = max(last.height, box.height)
    return abs(last.bottom - box.bottom) < 0.3 * size and -0.2 * size <= box.left - last.right < 0.6 * size
