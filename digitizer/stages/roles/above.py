"""Tell y labels that are set level above their axis from titles."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from digitizer.evidence import Box, TextSpan
from digitizer.stages.axes.find import ARROWED
from digitizer.stages.axes.panel_axes import PanelAxes

if TYPE_CHECKING:
    from digitizer.stages.roles.texts import PanelTexts

# A title is set larger than the axis labels by at least this factor (Vega: 1.18); brackets and tails of
# letters make boxes differ by less than that only among texts that have both or neither.
LARGER = 1.35
# The heading of a column of tick labels stands within so many of its heights over them.
OVER_LABELS = 2.5
# ... and has so many letters: one is a panel's own (a).
LETTERS = 2
# Texts above a panel that belong together start within so many heights of each other.
SAME_START = 1.0
# What the labels of a numeric axis are written in, those that melt into each other, too.
NUMERIC = frozenset("0123456789 .,+-−%")
# Arrows show which way an axis goes (Observable Plot); colons or a t before, dashes behind are misread ones.
ARROW = re.compile(r"^[←↑→↓]\s*|^[:;]\s+|^t\s+(?=[A-Z])|\s*[←↑→↓]$|\s+[-–—]>?$")


def labels_above(
    axes: Sequence[PanelAxes], texts: Sequence[PanelTexts], level: Sequence[TextSpan]
) -> list[PanelTexts]:
    """Make y labels of the lowest texts above panels that have no label beside their axis.

    Such a text starts left of the frame, at the tick labels; it is the label where a title stands above it,
    where it is no larger than the x label, or where an arrow begins it.
    """
    used = {id(s) for t in texts for s in (t.title, t.x_label, t.y_label, t.y2_label) if s is not None}
    out = []
    for a, t in zip(axes, texts, strict=True):
        if t.y_label is None and (heading := _over_labels(a, [s for s in level if id(s) not in used], axes)):
            out.append(replace(t, y_label=heading))
            continue
        span = t.title
        starts_left = span is not None and span.box.left < a.frame.box.left - 2
        if span is None or t.y_label is not None or a.y is None or a.y.side != "left" or not starts_left:
            out.append(t)
            continue
        if abs(span.box.center[0] - a.frame.box.center[0]) < 0.1 * a.frame.box.width:
            out.append(t)
            continue
        title = _title_above(span, [s for s in level if id(s) not in used], a)
        small = ARROWED.match(span.text) is not None
        small |= t.x_label is not None and span.box.height <= LARGER * t.x_label.box.height
        out.append(replace(t, title=title, y_label=span) if title is not None or small else t)
    return out


def below_top_labels(
    axes: Sequence[PanelAxes], texts: Sequence[PanelTexts], level: Sequence[TextSpan]
) -> list[PanelTexts]:
    """Titles that are no tick labels of an axis along the top, whose others melt into each other.

    What stands right above the row of these is the label of that axis, and what above that the title.
    """
    out = []
    for a, t in zip(axes, texts, strict=True):
        over = [s for s in level if a.frame.box.left < s.box.center[0] < a.frame.box.right]
        numbers = [s for s in over if not set(s.text) - NUMERIC]
        row = [s for s in numbers if t.title is not None and _in_one_row(s, t.title)]
        if t.title not in row or len(row) < 2:
            out.append(t)
            continue
        above = [s for s in over if s not in numbers and s.box.bottom < t.title.box.top]
        above.sort(key=lambda s: -s.box.bottom)
        out.append(replace(t, title=next(iter(above[1:]), None)))
    return out


def _in_one_row(a: TextSpan, b: TextSpan) -> bool:
    return abs(a.box.center[1] - b.box.center[1]) < (a.box.height + b.box.height) / 4


def without_arrow(label: TextSpan | None) -> TextSpan | None:
    """An axis' label without the arrow that shows which way the axis goes."""
    if label is None or not ARROW.search(label.text):
        return label
    return replace(label, text=ARROW.sub("", label.text) or label.text)


def _reaches_over(box: Box, frames: Sequence[Box]) -> bool:
    """Whether a text stands above one of some panels: a figure's title begins anywhere."""
    return any(
        box.bottom < f.top and min(box.right, f.right) - max(box.left, f.left) > box.height for f in frames
    )


def _over_labels(a: PanelAxes, free: Sequence[TextSpan], axes: Sequence[PanelAxes]) -> TextSpan | None:
    """The text right over the column of y tick labels that ends before the frame or little beyond.

    What reaches over another one of the panels (``axes``) is none.
    """
    if a.y is None or a.y.side != "left" or a.y.borrowed or not a.y.labels:
        return None
    first = min((s.box for s in a.y.labels), key=lambda b: b.top)
    top = min(first.top, a.frame.box.top)
    others = [b.frame.box for b in axes if b is not a]
    found = [
        s
        for s in free
        if -1 <= top - s.box.bottom <= OVER_LABELS * s.box.height
        and s.box.height <= LARGER * first.height
        and s.box.center[0] < a.frame.box.left
        and s.box.right > first.left - OVER_LABELS * s.box.height
        and sum(c.isalpha() for c in s.text) >= LETTERS
        and not _reaches_over(s.box, others)
    ]
    return max(found, key=lambda s: s.box.bottom, default=None)


def _title_above(label: TextSpan, free: Sequence[TextSpan], a: PanelAxes) -> TextSpan | None:
    """The text right above a label that starts with it or is centred on the panel."""
    higher = []
    for s in free:
        gap = label.box.top - s.box.bottom
        starts = abs(s.box.left - label.box.left) <= SAME_START * label.box.height
        centred = abs(s.box.center[0] - a.frame.box.center[0]) < 0.1 * a.frame.box.width
        if -2 <= gap <= 3.0 * s.box.height and (starts or centred):
            higher.append(s)
    return max(higher, key=lambda s: s.box.bottom, default=None)
