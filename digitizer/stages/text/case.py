"""Tell the case of texts whose letters differ in size alone (x, z, VC) by texts in line with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from digitizer.evidence import TextSpan
from digitizer.stages.text.wording import LEAST_CASE_HEIGHT_PX, SAME_SHAPE

# The height of low letters, as a share of a text with tall letters, descenders, both (DejaVu, Arial).
LOW_OF_TALL = 0.74
LOW_OF_DEEP = 0.73
LOW_OF_BOTH = 0.57
# Letters up to so many times as high as low ones are low, from so many times on capitals (Arial: 1.38).
STILL_LOW = 1.1
SURELY_CAPITAL = 1.25
# Texts stand in line whose edges or middles agree to this share of their height, or so many pixels.
IN_LINE = 0.3
IN_LINE_PX = 2.0
# Numbers that tell the height of digits.
FEWEST_NUMBERS = 3
_DEEP = frozenset("gjpqy")
_LOW = frozenset("aceimnorsuvwxz")


def settle_case_by_line(spans: Sequence[TextSpan]) -> list[TextSpan]:
    """Give texts all of whose letters could be of either case the one that their height in line says.

    Parameters
    ----------
    spans : sequence of TextSpan
        All texts of a figure; those that are level and stand in one row or column are compared.
    """
    out = []
    for span in spans:
        if span.angle_deg != 0.0 or not _is_open(span.text) or _height(span) < LEAST_CASE_HEIGHT_PX:
            out.append(span)
            continue
        low = [
            size
            for other in spans
            if other is not span
            and other.angle_deg == 0.0
            and other.panel == span.panel
            and _in_line(span, other)
            and (size := _low_height(other)) is not None
        ]
        out.append(_settled(span, float(np.median(low))) if low else _below_digits(span, spans))
    return out


def _below_digits(span: TextSpan, spans: Sequence[TextSpan]) -> TextSpan:
    """A lone letter that is as low beside the figure's numbers as low letters are: the x of an axis.

    A capital is as low only where it is printed much smaller than they are; a higher letter tells nothing,
    for titles are often larger.
    """
    digits = [_height(s) for s in spans if s.angle_deg == 0.0 and s.text.strip("-−.").isdecimal()]
    if len(digits) < FEWEST_NUMBERS or len(span.text.strip()) > 1:
        return span
    low = LOW_OF_TALL * float(np.median(digits))
    return replace(span, text=span.text.lower()) if _height(span) <= STILL_LOW * low else span


def _is_open(text: str) -> bool:
    letters = [c for c in text if c.isalpha()]
    return (
        bool(letters) and len(letters) == len(text.strip()) and all(c.lower() in SAME_SHAPE for c in letters)
    )


def _settled(span: TextSpan, low: float) -> TextSpan:
    if _height(span) <= STILL_LOW * low:
        return replace(span, text=span.text.lower())
    return replace(span, text=span.text.upper()) if _height(span) >= SURELY_CAPITAL * low else span


def _height(span: TextSpan) -> float:
    """Rows of ink: the box runs through the centres of the first and the last."""
    return span.box.height + 1.0


def _low_height(span: TextSpan) -> float | None:
    """The height that low letters have in a text; None where its own case is open."""
    if _is_open(span.text) or not all(c.isalnum() or c == " " for c in span.text):
        return None
    deep = any(c in _DEEP for c in span.text)
    tall = any(c not in _DEEP and (c not in _LOW or c == "i") and c != " " for c in span.text)
    share = (LOW_OF_BOTH if deep else LOW_OF_TALL) if tall else (LOW_OF_DEEP if deep else 1.0)
    return share * _height(span)


def _in_line(a: TextSpan, b: TextSpan) -> bool:
    """Whether two texts begin or end at one x, or stand in one row."""
    reach = max(IN_LINE_PX, IN_LINE * min(_height(a), _height(b)))
    pairs = (
        (a.box.left, b.box.left),
        (a.box.right, b.box.right),
        (a.box.center[1], b.box.center[1]),
    )
    return any(abs(p - q) <= reach for p, q in pairs)
