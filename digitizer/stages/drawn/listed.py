"""The entries of a legend by the samples that a drawing has beside its texts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from digitizer.drawing import DrawnPath
from digitizer.evidence import Box, LegendEntry, TextSpan
from digitizer.stages.drawn.bars import is_box
from digitizer.stages.drawn.lines import find_strokes
from digitizer.stages.drawn.markers import are_ticks, find_forms, shape_of

Color = tuple[int, int, int]

# A sample is at most so high and so wide (heights of a text), ends at most so far from its text, and stands
# at its height, to this share of it: letters that go below the line shift a text's middle.
HIGHEST, WIDEST, REACH, LEVEL = 1.6, 7.0, 3.5, 0.4
# Samples of one legend stand below each other, or as far from their texts, to this (heights of a text).
ALIGNED = 0.25
# A sample of a line is this many times as wide as high; what marks it lies on its middle, to this share.
LINE_ASPECT, ON_LINE = 3.0, 0.2
# So many boxes of one fill are bars.
FEWEST_BOXES = 3
# Bands and areas have so many corners, and this share of the frame's width.
FEWEST_CORNERS, LEAST_WIDTH = 6, 0.2
# Fills as pale as this are the paper's (hollow markers).
PAPER = 250


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Pair:
    """A text with the paths beside it that look like data, and their box."""

    text: TextSpan
    paths: tuple[DrawnPath, ...]
    box: Box
    right: bool

    @property
    def places(self) -> tuple[float, float]:
        """The middle of the sample, and how far it is from the text's end beside it."""
        middle = self.box.center[0]
        return middle, middle - (self.text.box.right if self.right else self.text.box.left)


def find_listed(texts: Sequence[TextSpan], drawn: Sequence[DrawnPath], frame: Box) -> tuple[LegendEntry, ...]:
    """The legend of a panel: texts with samples beside them in the colours of its data, aligned.

    Parameters
    ----------
    texts : sequence of TextSpan
        Level texts that are no tick labels.
    drawn : sequence of DrawnPath
        All paths of the drawing.
    frame : Box
        The panel's frame.
    """
    colors = _data_colors(drawn, frame)
    if not texts or not colors:
        return ()
    usual = float(np.median([text.box.height for text in texts]))
    small = [path for path in drawn if _ink(path) in colors and path.box.height <= HIGHEST * usual + 1]
    pairs = [pair for text in texts for pair in _pairs(text, small, usual)]
    groups = [
        [pair for pair in own if abs(pair.places[k] - first.places[k]) <= ALIGNED * usual]
        for own in ([p for p in pairs if not p.right], [p for p in pairs if p.right])
        for k in (0, 1)
        for first in own
    ]
    best = max(filter(_are_apart, groups), key=_rank, default=[])
    order = sorted(best, key=lambda p: (round(p.text.box.center[1] / usual), p.text.box.left))
    return tuple(map(_entry, order))


def _rank(pairs: Sequence[_Pair]) -> int:
    """How much of a legend pairs are: entries, and colours of these."""
    return len(pairs) + len({_ink(pair.paths[0]) for pair in pairs})


def _are_apart(pairs: Sequence[_Pair]) -> bool:
    """Whether no two texts have one sample."""
    return not any(one.box.overlaps(other.box) for one, other in combinations(pairs, 2))


def _data_colors(drawn: Sequence[DrawnPath], frame: Box) -> set[Color]:
    """The colours of lines, repeated forms and bars inside a panel."""
    inside = [path for path in drawn if frame.overlaps(path.box)]
    colors = {stroke.color for stroke in find_strokes(inside, frame)}
    for form in find_forms(inside, frame):
        if not are_ticks(form, frame):
            ink = form.stroke if form.fill is None or min(form.fill) >= PAPER else form.fill
            colors |= {color for color in (ink, form.stroke) if color is not None}
    boxes = [path.fill for path in inside if path.fill is not None and is_box(path)]
    colors |= {color for color in boxes if boxes.count(color) >= FEWEST_BOXES}
    areas = [path for path in inside if len(path.x) >= FEWEST_CORNERS]
    wide = [path for path in areas if np.ptp(path.x) >= LEAST_WIDTH * frame.width]
    return colors | {path.fill for path in wide if path.fill is not None}


def _ink(path: DrawnPath) -> Color | None:
    """The colour of a path; its outline's where it is filled with next to nothing, as hollow markers are."""
    if path.fill is None or (path.stroke is not None and min(path.fill) >= PAPER):
        return path.stroke
    return path.fill


def _pairs(text: TextSpan, small: Sequence[DrawnPath], usual: float) -> Iterator[_Pair]:
    """A text with the paths at its height left of it, and with those right of it."""
    box, height = text.box, max(text.box.height, usual)
    level = [
        path
        for path in small
        if abs(path.box.center[1] - box.center[1]) <= LEVEL * height and np.ptp(path.x) <= WIDEST * height
    ]
    for right in (False, True):
        gaps = [(p.box.left - box.right if right else box.left - p.box.right, p) for p in level]
        near = sorted((gap for gap in gaps if -0.2 * height <= gap[0] <= REACH * height), key=lambda g: g[0])
        if not near:
            continue
        widest = max((p for _, p in near), key=lambda p: float(np.ptp(p.x)))
        middle = widest.box.center[0]
        own = [p for _, p in near if abs(p.box.center[0] - middle) <= max(ON_LINE * np.ptp(widest.x), 1.0)]
        joined = own[0].box
        for path in own:
            joined = joined.union(path.box)
        yield _Pair(text=text, paths=tuple(own), box=joined, right=right)


def _entry(pair: _Pair) -> LegendEntry:
    """The entry of a text: a line, markers, both, or a patch."""
    lines = [path for path in pair.paths if _is_line(path)]
    others = [path for path in pair.paths if not _is_line(path)]
    style = lines[-1].line_style if lines else "none"
    marker = shape_of(others[-1]) if others else "none"
    color = _ink(lines[-1]) if lines else _ink(others[-1])
    return LegendEntry(text=pair.text, swatch=pair.box, color=color, line_style=style, marker=marker)


def _is_line(path: DrawnPath) -> bool:
    wide = bool(np.ptp(path.x) > LINE_ASPECT * max(float(np.ptp(path.y)), 1.0))
    return path.stroke is not None and path.fill is None and wide
