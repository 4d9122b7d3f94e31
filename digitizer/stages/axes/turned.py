"""Tick labels that stand on end along a vertical axis, as R writes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from digitizer.evidence import Box, TextSpan
from digitizer.numbers import parse_number

# Turned by more than this, a text stands on end.
ON_END_DEG = 60.0
# Digits of one number are closer than this share of their size; R's labels are 3 heights apart and more.
DIGIT_GAP = 0.7


def upright_or_turned_numbers(near: Sequence[TextSpan]) -> list[TextSpan]:
    """Texts beside a vertical axis that may be its tick labels.

    Of texts that stand on end only numbers are, and only in a column of two or more; there digits that
    were read one by one are numbers on end as well.
    """
    upright = [s for s in near if abs(s.angle_deg) < ON_END_DEG]
    turned = [s for s in near if abs(s.angle_deg) >= ON_END_DEG and parse_number(s.text) is not None]
    column = _largest_column(turned)
    if len(column) < 2:
        return upright
    left, right = min(s.box.left for s in column), max(s.box.right for s in column)
    digits = [s for s in upright if left - 2.0 <= s.box.center[0] <= right + 2.0 and s.text.isdigit()]
    return [s for s in upright if s not in digits] + column + _join_digits(digits, column)


def _largest_column(turned: Sequence[TextSpan]) -> list[TextSpan]:
    """The turned texts that stand above each other, most of them."""
    columns = [[s for s in turned if s.box.left <= t.box.center[0] <= s.box.right] for t in turned]
    return max(columns, key=len, default=[])


def _join_digits(digits: list[TextSpan], column: list[TextSpan]) -> list[TextSpan]:
    """Digits read one by one, joined along the direction in which the column's numbers run."""
    upwards = float(np.median([s.angle_deg for s in column])) > 0
    groups: list[list[TextSpan]] = []
    for span in sorted(digits, key=lambda s: s.box.top):
        last = groups[-1][-1].box if groups else None
        if last is not None and span.box.top - last.bottom <= DIGIT_GAP * span.box.width:
            groups[-1].append(span)
        else:
            groups.append([span])
    return [_joined(group[::-1] if upwards else group, column[0].angle_deg) for group in groups]


def _joined(group: list[TextSpan], angle_deg: float) -> TextSpan:
    boxes = [s.box for s in group]
    box = Box(
        left=min(b.left for b in boxes),
        top=min(b.top for b in boxes),
        right=max(b.right for b in boxes),
        bottom=max(b.bottom for b in boxes),
    )
    text = "".join(s.text for s in group)
    return replace(group[0], text=text, box=box, angle_deg=angle_deg)
