"""Join the lines of legend names that take several: their sample stands beside the middle of all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import reduce

import numpy as np

from digitizer.evidence import Box, Picture, TextSpan
from digitizer.stages.axes.panel_axes import PanelAxes, claimed_spans
from digitizer.stages.samples.beside import find_sample, is_word

# Lines of one name begin with each other to so many heights of their letters: a second line may begin with an
# arrow or a bullet, which is read as no letter and is up to 1.3 wide with its space.
INDENT_HEIGHTS = 1.6
# ... and between them is at most this share of the heights of their letters (matplotlib .1 to .65 by what is
# below the baseline of one and above the letters of the other, 1.0 where browsers set lines 1.5 letters
# apart). Two names may be as near: their samples tell.
LEADING_HEIGHTS = 1.0
# Letters and arrows begin so far right of where their line does, of their heights, some more than others.
BEARING_HEIGHTS = 0.2
# A name takes at most so many lines.
MOST_LINES = 3
# The samples of one legend stand above or beside each other to this share of the letters' heights.
ALIGNMENT = 0.6


def join_wrapped_names(
    picture: Picture, axes: Sequence[PanelAxes], spans: Sequence[TextSpan]
) -> tuple[TextSpan, ...]:
    """The texts, those of names on several lines joined into one span each.

    A sample beside the middle of lines that have none of their own makes them one name, where another name
    has its sample above, below or beside it: a mark of the data may stand so beside a remark of two lines.
    """
    ticks = claimed_spans(axes, spans)
    free = [s for s in spans if id(s) not in ticks and s.angle_deg == 0.0 and is_word(s)]
    stacks = _stacks(free)
    usual = float(np.median([s.box.height for s in free])) if free else 0.0
    words = [s.box for s in free]
    # Stacks of one line are asked about last: in most figures there is nothing that they could be mates of.
    names: list[tuple[list[TextSpan], Box]] = []
    for stack in sorted(stacks, key=len, reverse=True):
        if len(stack) == 1 and all(len(lines) == 1 for lines, _ in names):
            break
        names += _names(picture, stack, words, usual)
    samples = [sample for _, sample in names]
    gone: set[int] = set()
    made: list[TextSpan] = []
    for lines, sample in names:
        if len(lines) > 1 and any(s is not sample and _in_line(s, sample, usual) for s in samples):
            gone |= {id(line) for line in lines}
            made.append(_joined(lines))
    return (*(s for s in spans if id(s) not in gone), *made)


def _in_line(one: Box, other: Box, height: float) -> bool:
    """Whether two samples stand above each other or beside each other."""
    apart = abs(one.center[0] - other.center[0]), abs(one.center[1] - other.center[1])
    return min(apart) <= ALIGNMENT * height


def _stacks(texts: Sequence[TextSpan]) -> list[list[TextSpan]]:
    """Texts below each other as lines of one text are, from top to bottom."""
    stacks: list[list[TextSpan]] = []
    for text in sorted(texts, key=lambda s: s.box.top):
        above = next((s for s in reversed(stacks) if _goes_on(s[-1], text)), None)
        if above is None:
            stacks.append([text])
        else:
            above.append(text)
    return stacks


def _goes_on(line: TextSpan, below: TextSpan) -> bool:
    """Whether a text is below another as its next line is."""
    a, b = line.box, below.box
    height = max(a.height, b.height)
    apart = b.top - a.bottom
    if line.panel != below.panel or not -0.3 * height <= apart <= LEADING_HEIGHTS * height:
        return False
    return abs(a.left - b.left) <= INDENT_HEIGHTS * height


def _names(
    picture: Picture, stack: Sequence[TextSpan], words: Sequence[Box], usual: float
) -> list[tuple[list[TextSpan], Box]]:
    """The names of a stack of lines, each with its sample; lines without one are left out."""
    names: list[tuple[list[TextSpan], Box]] = []
    k = 0
    while k < len(stack):
        for n in range(1, min(MOST_LINES, len(stack) - k) + 1):
            lines = list(stack[k : k + n])
            sample = _sample_of(picture, lines, words, usual)
            if sample is not None:
                names.append((lines, sample))
                k += n
                break
        else:
            k += 1
    return names


def _sample_of(picture: Picture, lines: Sequence[TextSpan], words: Sequence[Box], usual: float) -> Box | None:
    """The sample beside the middle of some lines."""
    own = [line.box for line in lines]
    box, height = _around(own), max(min(b.height for b in own), usual)
    sample = find_sample(picture, box, height, [w for w in words if w not in own])
    return None if sample is None else sample.box


def _around(lines: Sequence[Box]) -> Box:
    """The box of some lines, with the arrow or bullet that an indented line begins with."""
    box, bearing = reduce(Box.union, lines), BEARING_HEIGHTS * min(line.height for line in lines)
    indented = max(line.left for line in lines) - box.left > bearing
    return replace(box, left=box.left - bearing) if indented else box


def _joined(lines: Sequence[TextSpan]) -> TextSpan:
    """One span of several lines."""
    return replace(
        lines[0],
        box=_around([line.box for line in lines]),
        text=" ".join(line.text for line in lines),
        confidence=min(line.confidence for line in lines),
        alternative=None,
        words=(),
        middle_y=None,
    )
