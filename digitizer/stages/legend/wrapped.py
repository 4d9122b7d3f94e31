"""Join the lines of legend names that take several: their sample stands beside the middle or the first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from itertools import pairwise

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
MOST_LINES = 4
# The samples of one legend stand above or beside each other to this share of the letters' heights.
ALIGNMENT = 0.6
# A sample as near to the middle of a line (heights) is that line's alone; beside the middle of two small ones
# it is half their pitch from the first, .5 and more.
OWN_ROW = 0.25
# Lines of one name are nearer to each other than to the next name by so many heights: rounded to pixels they
# are exact to .1 (Highcharts 14 and 17 px of letters of 9, HTML 15 and 19).
PARTED = 0.1
# ... and where no name is below another their pitch is at most so many heights: browsers set lines 1.6
# heights of a capital apart, entries 2.0 and more.
TIGHT_PITCH = 1.8
# A key may be as tall as its name of three lines and more (ggplot2): it is looked for as beside letters of
# this share of their height, which reaches as far up and down.
KEY_SHARE = 0.38
# ... and is taller than so many heights of its letters; lower ones are found as beside letters.
TALL_KEY = 2.0
# Letters that reach a line's top, and below its baseline.
TALL, DEEP = re.compile(r"[A-Zbdfhkl0-9]"), re.compile(r"[gjpqyQ,;()]")


@dataclass(frozen=True, slots=True)
class _Name:
    """The lines of a name and its sample; ``by_first``: it stands beside the first."""

    lines: list[TextSpan]
    sample: Box
    by_first: bool = False

    @property
    def row(self) -> Box:
        """What of the name the sample stands beside: a box as high as its letters."""
        if self.by_first or len(self.lines) == 1:
            return self.lines[0].box
        box = _around([line.box for line in self.lines])
        letters = min(line.box.height for line in self.lines)
        half = max(letters, KEY_SHARE * box.height if self.sample.height > TALL_KEY * letters else 0.0) / 2
        return replace(box, top=box.center[1] - half, bottom=box.center[1] + half)


@dataclass(slots=True)
class _Samples:
    """The samples beside texts; each is looked for once."""

    picture: Picture
    words: list[Box]
    usual: float
    known: dict[tuple[int, ...], Box | None] = field(default_factory=dict)

    def beside(self, lines: Sequence[TextSpan]) -> Box | None:
        """The sample beside the middle of some lines."""
        key = tuple(id(line) for line in lines)
        if key not in self.known:
            own = [line.box for line in lines]
            box, height = _around(own), max(min(b.height for b in own), self.usual)
            others = [w for w in self.words if w not in own]
            sample = find_sample(self.picture, box, height, others)
            if sample is None and KEY_SHARE * box.height > height:
                sample = find_sample(self.picture, box, KEY_SHARE * box.height, others)
                tall = sample is not None and sample.box.height > TALL_KEY * height
                sample = sample if tall else None
            self.known[key] = None if sample is None else sample.box
        return self.known[key]


def join_wrapped_names(
    picture: Picture, axes: Sequence[PanelAxes], spans: Sequence[TextSpan]
) -> tuple[TextSpan, ...]:
    """The texts, those of names on several lines joined into one span each.

    A sample beside the middle of lines that have none of their own makes them one name, where another name
    has its sample above, below or beside it: a mark of the data may stand so beside a remark of two lines.
    Lines below one with a sample go on with its name where they are nearer to it than the next name is.
    """
    ticks = claimed_spans(axes, spans)
    free = [s for s in spans if id(s) not in ticks and s.angle_deg == 0.0 and is_word(s)]
    usual = float(np.median([s.box.height for s in free])) if free else 0.0
    samples = _Samples(picture, [s.box for s in free], usual)
    stacks = _stacks(free)
    read = [(stack, _by_middle(stack, samples)) for stack in stacks if len(stack) > 1]
    # In most figures there is nothing that texts of one line could be mates of.
    if not any(_is_open(stack, names) for stack, names in read):
        return tuple(spans)
    read += [(stack, _by_middle(stack, samples)) for stack in stacks if len(stack) == 1]
    names = _settled(read, samples)
    gone: set[int] = set()
    made: list[TextSpan] = []
    for name in names:
        if len(name.lines) > 1 and any(_in_line(n, name, usual) for n in names if n is not name):
            gone |= {id(line) for line in name.lines}
            made.append(_joined(name))
    return (*(s for s in spans if id(s) not in gone), *made)


def _is_open(stack: Sequence[TextSpan], names: Sequence[_Name]) -> bool:
    """Whether lines of a stack are or may be parts of names on several."""
    return bool(names) and (any(len(n.lines) > 1 for n in names) or _is_left(stack, names))


def _is_left(stack: Sequence[TextSpan], names: Sequence[_Name]) -> bool:
    """Whether a line below the first name is part of none."""
    taken = {id(line) for name in names for line in name.lines}
    return any(id(line) not in taken for line in stack if line.box.top > names[0].lines[0].box.top)


def _settled(read: Sequence[tuple[list[TextSpan], list[_Name]]], samples: _Samples) -> list[_Name]:
    """The names of all stacks: by the middle, but where that fails and the first lines tell them apart."""
    middles = [name for _, names in read for name in names]
    firsts = [_by_first(stack, samples) for stack, _ in read]
    every = [name for names in firsts for name in names]
    settled: list[_Name] = []
    for (stack, names), first in zip(read, firsts, strict=True):
        # The middle one of three lines has its sample beside itself, as a name of one line does.
        long = [n for n in names if len(n.lines) > 2 and any(samples.beside([line]) for line in n.lines)]
        fails = bool(long) and not _are_parted(long, middles, alone=np.inf)
        if (fails or (names and _is_left(stack, names))) and _are_parted(first, every, alone=TIGHT_PITCH):
            settled += first
        else:
            settled += [n for n in names if not (fails and n in long)]
    return settled


def _are_parted(names: Sequence[_Name], every: Sequence[_Name], *, alone: float) -> bool:
    """Whether lines within names are nearer to each other than the names of their column are.

    ``alone`` is the widest pitch (heights) where no name stands below another.
    """
    within = [_pitch(a, b) for name in names for a, b in pairwise(name.lines)]
    if not within:
        return False
    height = min(line.box.height for name in names for line in name.lines)
    mates = [n for n in every if _in_column(n, names[0])]
    between = list(_between(mates)) or list(_between(every)) or [(alone + PARTED) * height]
    return max(within) <= min(between) - PARTED * height


def _between(names: Sequence[_Name]) -> Iterator[float]:
    """The pitches from the last line of each name to the next name's first, in columns."""
    for name in names:
        last = name.lines[-1]
        below = [n.lines[0] for n in names if _in_column(n, name) and n.lines[0].box.top > last.box.top]
        if below:
            yield _pitch(last, min(below, key=lambda s: s.box.top))


def _in_column(one: _Name, other: _Name) -> bool:
    """Whether two names begin above each other."""
    a, b = one.lines[0].box, other.lines[0].box
    return abs(a.left - b.left) <= ALIGNMENT * max(a.height, b.height)


def _pitch(above: TextSpan, below: TextSpan) -> float:
    """How far a line is below another, by what both have: tall letters, or none that reach below the base."""
    a, b = above.box, below.box
    if TALL.search(above.text) and TALL.search(below.text):
        return b.top - a.top
    if not DEEP.search(above.text) and not DEEP.search(below.text):
        return b.bottom - a.bottom
    return b.center[1] - a.center[1]


def _in_line(one: _Name, other: _Name, height: float) -> bool:
    """Whether two names have their samples above or beside each other, or begin in one row (Plotly)."""
    a, b = one.sample.center, other.sample.center
    rows = one.lines[0].box.top - other.lines[0].box.top
    return min(abs(a[0] - b[0]), abs(a[1] - b[1]), abs(rows)) <= ALIGNMENT * height


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


def _by_middle(stack: Sequence[TextSpan], samples: _Samples) -> list[_Name]:
    """The names of a stack of lines with samples beside their middles; lines without one are left out."""
    names: list[_Name] = []
    k = 0
    while k < len(stack):
        for n in range(1, min(MOST_LINES, len(stack) - k) + 1):
            lines = list(stack[k : k + n])
            sample = samples.beside(lines)
            if n == 1 and sample is not None and _is_of_two(sample, stack[k : k + 2], samples):
                continue
            if sample is not None:
                names.append(_Name(lines, sample))
                k += n
                break
        else:
            k += 1
    return names


def _is_of_two(sample: Box, lines: Sequence[TextSpan], samples: _Samples) -> bool:
    """Whether what was found beside the first of two lines is nearer to the middle of both."""
    y, first = sample.center[1], lines[0].box
    off = abs(y - first.center[1])
    if off <= OWN_ROW * first.height or len(lines) < 2:
        return False
    own = samples.beside(lines[1:])
    if own is not None and abs(own.center[1] - y) > OWN_ROW * first.height:
        return False
    both = samples.beside(lines)
    return both is not None and abs(both.center[1] - _around([s.box for s in lines]).center[1]) < off


def _by_first(stack: Sequence[TextSpan], samples: _Samples) -> list[_Name]:
    """The names of a stack of lines with samples beside their first lines."""
    names: list[_Name] = []
    for line in stack:
        sample = samples.beside([line])
        if sample is not None:
            names.append(_Name([line], sample, by_first=True))
        elif names and len(names[-1].lines) < MOST_LINES:
            names[-1].lines.append(line)
    return names


def _around(lines: Sequence[Box]) -> Box:
    """The box of some lines, with the arrow or bullet that an indented line begins with."""
    box, bearing = reduce(Box.union, lines), BEARING_HEIGHTS * min(line.height for line in lines)
    indented = max(line.left for line in lines) - box.left > bearing
    return replace(box, left=box.left - bearing) if indented else box


def _joined(name: _Name) -> TextSpan:
    """One span of several lines."""
    lines = name.lines
    return replace(
        lines[0],
        box=_around([line.box for line in lines]),
        text=" ".join(line.text for line in lines),
        confidence=min(line.confidence for line in lines),
        alternative=None,
        words=(),
        middle_y=None,
        sample_row=name.row,
    )
