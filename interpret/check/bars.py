"""Judge which of several bar series is said to be the highest in which category."""

from __future__ import annotations

import re

import numpy as np

from interpret.check.claim import Claim, Context
from interpret.check.curve import Curve
from interpret.check.pairs import Judge, told

AMONG = re.compile(r"\bAmong the (?P<n>\d+) series, .+? is the high(?:er|est) (?P<rest>.+)$")
COUNTED = re.compile(r"\bin (?P<n>\d+) of the categories")
EVERY = re.compile(r"\bin every category")


def _among(context: Context, match: re.Match[str]) -> Claim | None:
    """Each series named is the highest at the categories told after its name."""
    keys, places = context.sentence.series, context.sentence.places
    if not keys:
        return None
    panel = keys[0][0]
    curves = {k: c for k, c in context.curves.items() if k[0] == panel and c.kind == "bar" and c.labels}
    if any(key not in curves for key in keys) or int(match["n"]) != len(curves):
        return None
    wrong = []
    for key, start, stop in zip(keys, places, [*places[1:], len(context.text)], strict=True):
        part = context.sentence.text[start:stop].rstrip(".")
        won = _won(key, curves)
        every, counted = EVERY.search(part), COUNTED.search(part)
        if every:
            good = len(won) == len(curves[key].labels or ())
        elif counted:
            good = int(counted["n"]) == len(won)
        else:
            names = _labels_in(part.partition("high")[2] or part, curves[key])
            good = bool(names) and set(names) == won
        if not good:
            wrong.append(f"{key} is the highest at {', '.join(sorted(won)) or 'none'}")
    return told(match, not wrong, "; ".join(wrong) or "it is so")


def _won(key: tuple[int, int], curves: dict[tuple[int, int], Curve]) -> set[str]:
    """The categories at which a series is higher than all others that have them."""
    labels = curves[key].labels or ()
    won = set()
    for label, value in zip(labels, curves[key].y, strict=True):
        others = [
            float(curve.y[(curve.labels or ()).index(label)])
            for other, curve in curves.items()
            if other != key and label in (curve.labels or ())
        ]
        if others and value > float(np.max(others)):
            won.add(label)
    return won


def _labels_in(text: str, curve: Curve) -> list[str]:
    """The categories that a text names, the longest first."""
    found = []
    for label in sorted(curve.labels or (), key=len, reverse=True):
        pattern = rf"(?<!\w){re.escape(label)}(?!\w)"
        if re.search(pattern, text):
            found.append(label)
            text = re.sub(pattern, " ", text)
    return found


BAR_JUDGES: tuple[tuple[re.Pattern[str], Judge], ...] = ((AMONG, _among),)
