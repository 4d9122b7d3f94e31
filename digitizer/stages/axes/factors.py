"""Find what all labels of an axis are to be multiplied with or added to: ``1e6`` or ``×10⁴`` at its end."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import reduce

from digitizer.evidence import AxisEvidence, Box, Side, TextSpan
from digitizer.numbers import parse_number, parse_offset

# A shift is at least so many times what the labels beside it span: matplotlib adds one where it saves four
# digits (100 times and more); the sample of a legend read as -6 was below the labels' span of 40.
LEAST_SHIFT = 10.0
# A factor and the title beside it are at least so many heights of the factor apart (words 0.4 to 0.55, for
# digits have three quarters of a letter's size); a title in larger print makes the line of both higher.
FACTOR_GAP = 0.75
_FACTOR_WORD = re.compile(r"[×xX*·⋅•∙]\s?10\^?[-+−]?\d*|[1lI|][eE][-+−]?\d+")
# A number alone at an axis' end is a tick label of another axis.
_OFFSET_MARK = re.compile(r"[eE×^+]|10")
# What begins like a factor tells that one was printed, even where the rest makes no number (le92c for 1e9).
_LIKE_FACTOR = re.compile(r"\(?[×xX*·⋅•∙]\s?10|[-−.]10\^|[1lI|][eE][-+−]?\d")
# A factor whose exponent was read as a text of its own: (x10 ) and a 4 above it (PLplot). That one is lower
# than the factor (its height: 0.5) and ends above its middle, no farther up than half a height.
_BARE_FACTOR = re.compile(r"\(?[×xX*·⋅•∙]\s?10\s?\)?")
_EXPONENT = re.compile(r"[-+−]?\d{1,2}")
EXPONENT_SHARE = 0.8
# Factors are printed so far above the corner of their axis (heights; PLplot: 2.2), other numbers nearer.
FACTOR_REACH, NUMBER_REACH = 3.0, 2.0


def part_factor(span: TextSpan) -> list[TextSpan]:
    """A text, parted where it is the factor of an upright axis and the panel's title beside it."""
    words = span.words
    if len(words) < 2 or not _FACTOR_WORD.fullmatch(words[0][0]):
        return [span]
    (first, box), rest = words[0], words[1:]
    if rest[0][1].left - box.right < FACTOR_GAP * box.height:
        return [span]
    whole = reduce(Box.union, (other for _, other in rest))
    title = " ".join(word for word, _ in rest)
    rest = rest if len(rest) > 1 else ()
    plain = replace(span, alternative=None, middle_y=None)
    return [
        replace(plain, box=box, text=first, words=()),
        replace(plain, box=whole, text=title, words=rest),
    ]


def find_factor(
    box: Box, near: Sequence[TextSpan], spans: Sequence[TextSpan], row: Sequence[TextSpan], side: Side
) -> TextSpan | None:
    """The text that a side's labels are to be multiplied with or added to, None where there is none.

    Parameters
    ----------
    box : Box
        The panel's frame.
    near, spans
        The texts beside the side, and all of the figure.
    row
        The labels; of them, one that is no number may be the factor.
    side
        Which side.

    Returns
    -------
    TextSpan or None
        With its second reading for its text where that alone is a factor; with a text that is none where
        one was printed and cannot be read.
    """
    at_end = [s for s in (*near, *_at_axis_end(box, spans, side)) if s not in row]
    readings = [*at_end, *(replace(s, text=s.alternative) for s in at_end if s.alternative)]
    found = next((s for s in readings if _is_offset(s, row)), None)
    found = found or next((s for s in at_end if _LIKE_FACTOR.match(s.text)), None)
    return found or next((s for s in row if parse_number(s.text) is None and _is_offset(s, row)), None)


def distance_to_end(factor: Box, box: Box, side: Side) -> float:
    """How far (px) a text is from where a side's factor stands: at the upper or the right end of it."""
    x = box.left if side == "left" else box.right
    y = box.bottom if side == "bottom" else box.top
    return math.hypot(
        max(factor.left - x, x - factor.right, 0.0), max(factor.top - y, y - factor.bottom, 0.0)
    )


def _is_offset(span: TextSpan, row: Sequence[TextSpan]) -> bool:
    """Whether a text is what is multiplied with or added to a row of labels.

    Programs add a shift only where it saves digits: beside it, the labels' span is small.
    """
    offset = parse_offset(span.text)
    if offset is None or offset.shift == 0:
        return offset is not None
    values = [number.value for s in row if s is not span and (number := parse_number(s.text)) is not None]
    reach = offset.factor * (max(values) - min(values)) if values else 0.0
    return abs(offset.shift) >= LEAST_SHIFT * reach


def _at_axis_end(box: Box, spans: Sequence[TextSpan], side: Side) -> list[TextSpan]:
    """Spans where plotting programs print what all labels of an axis are to be multiplied with."""
    out = []
    for span in spans:
        b = span.box
        if span.panel is not None or b.width > 0.3 * box.width or not _OFFSET_MARK.search(span.text):
            continue
        if side in ("left", "right"):
            corner = box.left if side == "left" else box.right
            reach = FACTOR_REACH if _LIKE_FACTOR.match(span.text) else NUMBER_REACH
            if (
                0 <= box.top - b.bottom <= reach * b.height
                and b.left - b.width <= corner <= b.right + b.width
            ):
                out.append(_with_exponent(span, spans))
        else:
            away = b.top - box.bottom if side == "bottom" else box.top - b.bottom
            beyond = b.left >= box.right - b.width
            if beyond and -b.height <= away <= 5.0 * b.height and b.left - box.right <= 2.0 * b.width:
                out.append(span)
    return out


def _with_exponent(span: TextSpan, spans: Sequence[TextSpan]) -> TextSpan:
    """A power of ten with its exponent, where that was read as a text of its own."""
    b = span.box
    if not _BARE_FACTOR.fullmatch(span.text):
        return span
    raised = [
        s
        for s in spans
        if _EXPONENT.fullmatch(s.text)
        and s.box.height <= EXPONENT_SHARE * b.height
        and b.top - b.height / 2 <= s.box.bottom <= b.center[1]
        and b.center[0] < s.box.left <= b.right
    ]
    if len(raised) != 1:
        return span
    return replace(span, text=f"×10^{raised[0].text}", box=b.union(raised[0].box), alternative=None)


def without_label_factors(sides: Mapping[Side, AxisEvidence | None]) -> dict[Side, AxisEvidence | None]:
    """The sides' axes, none with a factor that labels another one: 1e-4 at the foot of a logarithmic axis."""

    def own(axis: AxisEvidence | None) -> AxisEvidence | None:
        if axis is None or axis.multiplier is None:
            return axis
        others = [other for other in sides.values() if other is not None and other is not axis]
        box = axis.multiplier.box
        lent = any(label.box == box for other in others for label in other.labels)
        return replace(axis, multiplier=None) if lent else axis

    return {side: own(axis) for side, axis in sides.items()}
