"""Part tick labels that were read as one: numbers so near each other that their order alone parts them."""

from __future__ import annotations

import re
from dataclasses import replace

from digitizer.evidence import Box, TextSpan

# At most so many labels are parted at once: of those next to the last, which a renderer moves inwards, three.
MOST_PARTS = 3
# Labels of one row stand at one height to this share of theirs, and are alike in height to this factor.
SAME_ROW, SAME_HEIGHT = 0.3, 0.75
# The part next to the labels that tell the step stands where these continue, to this share of their distance
# (as measured 0.05; the outer one may be moved inwards by a half).
OFF_STEP = 0.25
# Points, commas and signs are narrower than digits by about this factor.
NARROW = 0.5
NUMBER = re.compile(r"-?\d{1,3}(?:,\d{3})+|-?\d+(?:\.\d+)?")


def part_joined(spans: list[TextSpan]) -> list[TextSpan]:
    """Replace each text that is several numbers, which continue those beside it, by these numbers.

    Some renderers leave labels as long as they do not overlap: ``160 180 200220``.
    """
    level = [span for span in spans if span.angle_deg == 0.0 and span.panel is None]
    out: list[TextSpan] = []
    for span in spans:
        joined = span.text.replace(" ", "")
        may = span in level and len(joined) > 1 and re.fullmatch(r"-?\d[\d.,-]*", joined)
        out += (_part(span, joined, _row_of(span, level)) if may else []) or [span]
    return out


def _row_of(span: TextSpan, level: list[TextSpan]) -> list[TextSpan]:
    """The numbers of the row that a text stands in, without it, from left to right."""
    height = span.box.height
    row = [
        one
        for one in level
        if one is not span
        and NUMBER.fullmatch(one.text)
        and abs(one.box.center[1] - span.box.center[1]) <= SAME_ROW * height
        and SAME_HEIGHT <= one.box.height / height <= 1 / SAME_HEIGHT
    ]
    return sorted(row, key=lambda one: one.box.left)


def _part(span: TextSpan, text: str, row: list[TextSpan]) -> list[TextSpan]:
    """The numbers that a text falls into; none where its row does not tell them."""
    left = [one for one in row if one.box.right <= span.box.left]
    right = [one for one in row if one.box.left >= span.box.right]
    if len(left) >= 2:
        found = _continue(span, text, left[-1], left[-2])
        if found:
            return found
    if len(right) >= 2:
        return _continue(span, text, right[0], right[1])
    return []


def _continue(span: TextSpan, text: str, near: TextSpan, far: TextSpan) -> list[TextSpan]:
    """Part a text into the next numbers after ``far`` and ``near``, which are on either side of it."""
    first, step = _value(near.text), _value(near.text) - _value(far.text)
    apart = near.box.center[0] - far.box.center[0]
    if step == 0:
        return []
    for words in _cuts(text):
        onward = words if apart > 0 else words[::-1]
        if any(
            abs(_value(word) - first - (k + 1) * step) > 1e-6 * abs(step) for k, word in enumerate(onward)
        ):
            continue
        boxes = _boxes(span.box, words, near)
        inner = boxes[0 if apart > 0 else -1]
        if abs(inner.center[0] - near.box.center[0] - apart) <= OFF_STEP * abs(apart):
            return [
                replace(span, text=word, box=box, words=(), alternative=None)
                for word, box in zip(words, boxes, strict=True)
            ]
    return []


def _cuts(text: str, most: int = MOST_PARTS) -> list[tuple[str, ...]]:
    """Every way to cut a text into two numbers, or up to ``most``."""
    ways: list[tuple[str, ...]] = []
    for k in range(1, len(text)):
        head, tail = text[:k], text[k:]
        if not NUMBER.fullmatch(head):
            continue
        if NUMBER.fullmatch(tail):
            ways.append((head, tail))
        if most > 2:
            ways += [(head, *rest) for rest in _cuts(tail, most - 1)]
    return ways


def _boxes(box: Box, words: tuple[str, ...], mate: TextSpan) -> list[Box]:
    """Where each number stands: at the box' left, its right, or evenly between, as wide as its digits."""
    pitch = mate.box.width / _length(mate.text)
    widths = [pitch * _length(word) for word in words]
    blank = (box.width - sum(widths)) / (len(words) - 1)
    boxes, left = [], box.left
    for width in widths:
        boxes.append(replace(box, left=left, right=left + width - 1))
        left += width + blank
    return boxes


def _length(text: str) -> float:
    return sum(1.0 if c.isdigit() else NARROW for c in text)


def _value(text: str) -> float:
    return float(text.replace(",", ""))
