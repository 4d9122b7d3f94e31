"""Falsify true sentences, each in one respect, to see whether the checker notices."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from interpret.check.grammar import NUMBER

Rng = np.random.Generator
KINDS = ("flip", "value", "place", "swap")
FLIPS = (
    ("rises", "falls"),
    ("jumps", "drops"),
    ("peaks", "dips"),
    ("lowest", "highest"),
    ("widens", "narrows"),
)
# What stands before a place along x, and what before or after a number that is no value.
PLACE_BEFORE = re.compile(r"(?:(?:at|in|on|by|over|of) (?:step |epoch |steps |epochs )|\d at )$")
NO_VALUE = re.compile(r"^ (?:times|points|sudden|cycles)|^%")


def mutate(sentence: str, kind: str, names: Sequence[str], rng: Rng) -> str | None:
    """Falsify a sentence: flip its direction, double a value, shift a place, or name another series.

    Returns
    -------
    str, or None where there is nothing of the kind to change.
    """
    if kind == "flip":
        return _flip(sentence)
    if kind == "swap":
        present = [name for name in names if name in sentence]
        others = [name for name in names if name not in sentence]
        return sentence.replace(present[0], others[0]) if present and others else None
    masked = sentence
    for name in names:
        masked = masked.replace(name, re.sub(r"\d", "n", name))
    spots = [m for m in re.finditer(NUMBER, masked) if not NO_VALUE.match(masked[m.end() :])]
    places = [m for m in spots if PLACE_BEFORE.search(masked[: m.start()])]
    chosen = places if kind == "place" else [m for m in spots if m not in places and _is_alone(m, masked)]
    if not chosen:
        return None
    # What the checker does not claim to judge is no test of it.
    chosen = [m for m in chosen if not re.search(r"beside their courses \(r = $", masked[: m.start()])]
    if not chosen:
        return None
    match = chosen[int(rng.integers(len(chosen)))]
    old = float(match.group().rstrip("%").replace(",", ""))
    decimals = len(match.group().rstrip("%").partition(".")[2])
    if kind == "place":
        new = f"{old * 1.5 + 7:.{decimals}f}" if old < 1000 else f"{old * 0.6:.{decimals}f}"
    else:
        new = f"{old * 2 if old else 10 ** (1 - decimals):.{decimals}f}" + "%" * match.group().endswith("%")
    return sentence[: match.start()] + new + sentence[match.end() :]


def _flip(sentence: str) -> str | None:
    for one, other in FLIPS:
        for a, b in ((one, other), (other, one)):
            if re.search(rf"\b{a}\b", sentence):
                return re.sub(rf"\b{a}\b", b, sentence, count=1)
    return None


def _is_alone(match: re.Match[str], text: str) -> bool:
    """Whether it is a value, and not the second place of a span ("steps 0 to 4")."""
    before = text[: match.start()]
    return not re.search(
        r"(?:steps|epochs|step|epoch|x =) [\d.-]+ (?:to|and) $|; $|\bat $|first and last $", before
    )
