"""Stretches of columns that were joined, parted again where they are several bars that end alike."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

# Bars of one chart are alike in width to this share, and a pixel.
SAME_WIDTH = 0.1
# Neighbours tell their pitch where so many of them do, this share of them alike (px). Bars fill a stretch at
# it to this (px).
FEWEST_PITCHES = 3
SAME_PITCH_PX, MOST_PITCHES = 1.5, 0.75
OFF_PITCH_PX = 3.0
# Pieces of noisy lines that are narrower (px) stand at even steps by chance.
NARROWEST = 6.0

# First and last column, first and last row.
Part = tuple[int, int, int, int]


def apart_again(joined: list[tuple[Part, list[Part], list[Part]]]) -> list[Part]:
    """Bars whose gap is too narrow to show the ground, and that end alike, are told by the others' width.

    With those that were joined come those between them that end elsewhere.
    """
    # Where several stand alone, what was joined tells nothing: bars of stacks that fill a panel end alike.
    alone = [_width(part) for part, members, _ in joined if len(members) == 1]
    widths = alone if len(alone) > 1 else [_width(part) for part, _, _ in joined]
    usual = float(np.median(widths)) if widths else 0.0
    pitch = _pitch([part for part, _, _ in joined], usual)
    out: list[Part] = []
    for part, members, passed in joined:
        if all(_is_alike(m, usual) for m in members):
            out += [*members, *(p for p in passed if len(members) > 1 and _is_alike(p, usual))]
        else:
            out += _in_steps(part, usual, pitch) if len(members) > 1 else [part]
    return out


def _width(part: Part) -> int:
    return part[1] - part[0] + 1


def _is_alike(part: Part, usual: float) -> bool:
    return abs(_width(part) - usual) <= SAME_WIDTH * usual + 1


def _pitch(parts: list[Part], usual: float) -> float:
    """How far apart neighbours begin that leave less than half of their width between them; else infinite."""
    firsts = sorted(part[0] for part in parts if _is_alike(part, usual))
    steps = [b - a for a, b in pairwise(firsts) if b - a < 1.5 * usual]
    if len(steps) < FEWEST_PITCHES or usual < NARROWEST:
        return np.inf
    pitch = float(np.median(steps))
    return pitch if np.mean(np.abs(np.array(steps) - pitch) <= SAME_PITCH_PX) >= MOST_PITCHES else np.inf


def _in_steps(part: Part, usual: float, pitch: float) -> list[Part]:
    """A stretch in as many bars as fill it at the others' pitch; whole where they do not.

    A line over one of several bars that end alike leaves no piece of its width.
    """
    n = round((_width(part) - usual) / pitch) + 1 if np.isfinite(pitch) else 1
    if n < 2 or abs(usual + (n - 1) * pitch - _width(part)) > OFF_PITCH_PX:
        return [part]
    firsts = [part[0] + round(k * pitch) for k in range(n)]
    return [(first, min(part[1], first + round(usual) - 1), part[2], part[3]) for first in firsts]
