"""Judge what people and models write in their own way: places with a colon, lists of dips, first parts."""

from __future__ import annotations

import re

import numpy as np

from interpret.check.claim import Claim, Context
from interpret.check.curve import Curve
from interpret.check.grammar import NUMBER, PLACE, direction_of, read_number, read_place
from interpret.check.pairs import Judge, told
from interpret.check.values import WORD, is_value

# What is told of "step ~66" may be of a point so far from it.
NEAR_POINTS = 2
# A dip that is told lies below both sides (medians of so many points) by so many times the scatter, or half
# of that where it is told with a hedge. It is so wide at most, in points or as a share of the series.
SIDE = 5
LEAST_UNITS = 2.0
WIDEST = 4
WIDEST_SHARE = 1 / 8
# "Between A and B" leaves out this share of the points on each side at most.
OUT_SHARE = 0.1
BARE = r"[~≈]?\d+(?:,\d{3})*(?:\.\d+)?"

# "Step ~66: sharp drop to ~1.72."
PLACED = re.compile(
    rf"^(?:At )?{WORD}(?P<x>{PLACE})\s*:\s*[^.:;]*?\b(?:to|of|at)\s+(?:about\s+|around\s+)?(?P<y>{NUMBER})"
)
# "Step 45-65: plateau, fluctuating between ~1.85 and ~1.88."
BETWEEN = re.compile(
    rf"(?:^|\()(?:[A-Za-z]+ )?(?P<a>{BARE})\s*(?:-|–|to)\s*(?P<b>{BARE})\s*\)?\s*:\s*[^:;]*?\bbetween\s+"
    rf"(?:about\s+)?(?P<low>{NUMBER})\s+and\s+(?:about\s+)?(?P<high>{NUMBER})"
)
# "Both charts show data from step 0 to step 70."
SHOWN = re.compile(rf"\bdata (?:run |range |is shown )?from {WORD}(?P<a>{PLACE}) to {WORD}(?P<b>{PLACE})")
# "Dips occur around steps 5, 15 and 25."
EVENTS = re.compile(
    rf"\b(?P<noun>dips?|peaks?|spikes?)\b(?: of [^;:,.]+?)?(?: (?:occur|appear|lie|is|are|seen|visible)s?)?"
    rf" (?:at|around|near) {WORD}(?P<list>{BARE}(?:(?:,| and|, and) {BARE})*)",
    re.I,
)
# "For the first ~60 steps, the reward shows an upward trend."
FIRST = re.compile(rf"\b(?:[Ff]or|[Ii]n|[Dd]uring|[Oo]ver) the first (?P<n>{BARE}) [a-z]+,")


def _placed(context: Context, match: re.Match[str]) -> Claim | None:
    curve, place = context.curve_at(match.start("y")), read_place(match["x"])
    at = None if curve is None or place is None else curve.index(place)
    if curve is None or curve.labels is not None or place is None:
        return None
    if at is None:
        return told(match, False, "there is no such point")
    near = curve.y[max(0, at - NEAR_POINTS) : at + NEAR_POINTS + 1]
    number = read_number(match["y"])
    good = any(is_value(curve, float(value), number) for value in near)
    return told(match, good, f"around it lie {curve.shown(float(near.min()))} to {curve.shown(near.max())}")


def _between(context: Context, match: re.Match[str]) -> Claim | None:
    curve = context.curve_at(match.start("low"))
    a, b = (read_number(match[key]).value for key in ("a", "b"))
    if curve is None:
        return None
    inside = curve.window(a, b)
    if len(inside) < 3:
        return told(match, False, "there are no such points")
    low, high = (read_number(match[key]) for key in ("low", "high"))
    slack = curve.tolerance(max(low.rounding, high.rounding), about=low.about or high.about)
    first, last = (float(np.quantile(inside, q)) for q in (OUT_SHARE, 1 - OUT_SHARE))
    good = low.value - slack <= first and last <= high.value + slack
    return told(match, good, f"most lie between {curve.shown(first)} and {curve.shown(last)}")


def _shown(context: Context, match: re.Match[str]) -> Claim | None:
    a, b = read_place(match["a"]), read_place(match["b"])
    named = context.sentence.series or tuple(context.curves)
    curves = [c for k, c in context.curves.items() if k in named and c.labels is None and len(c.x)]
    if a is None or b is None or not curves:
        return None
    ends = [(float(c.x[0]), float(c.x[-1])) for c in curves]
    good = all(
        abs(end - said) <= 0.02 * max(c.length, 1e-12)
        for c, pair in zip(curves, ends, strict=True)
        for end, said in zip(pair, (a, b), strict=True)
    )
    return told(match, good, "; ".join(f"{first:.6g} to {last:.6g}" for first, last in ends))


def _events(context: Context, match: re.Match[str]) -> Claim | None:
    """Each place has a dip (or a peak) that its scatter does not make."""
    curve = context.curve_at(match.start())
    if curve is None or curve.labels is not None or len(curve.y) < 2 * SIDE:
        return None
    sign = -1 if match["noun"].lower().startswith("dip") else 1
    hedged = "perhaps" in context.text[max(0, match.start() - len("perhaps a ")) : match.start()]
    least = (0.5 if hedged else 1.0) * LEAST_UNITS * curve.scatter
    small = []
    for text in re.findall(BARE, match["list"]):
        at = curve.index(read_number(text).value)
        if at is None:
            return told(match, False, f"there is no point at {text}")
        size = _size(curve, at, sign)
        if size < least:
            small.append(f"{text} ({size / curve.scatter:.1f} times the scatter)")
    detail = f"no more than scatter: {', '.join(small)}" if small else "each exceeds the scatter"
    return told(match, not small, detail)


def _size(curve: Curve, at: int, sign: int) -> float:
    """How far the furthest point around a place lies beyond the nearer of its two sides.

    A side begins where what is told is over: the furthest point may be the first of several.
    """
    y = sign * curve.y
    first = max(0, at - NEAR_POINTS)
    apex = first + int(np.argmax(y[first : at + NEAR_POINTS + 1]))
    gaps = range(1, max(WIDEST, int(WIDEST_SHARE * len(y))) + 1)
    before = [y[max(0, apex - gap - SIDE) : apex - gap] for gap in gaps if apex > gap]
    after = [y[apex + gap + 1 : apex + gap + 1 + SIDE] for gap in gaps if apex + gap + 1 < len(y)]
    lowest = [min(float(np.median(side)) for side in sides) for sides in (before, after) if sides]
    return min((float(y[apex]) - level for level in lowest), default=0.0)


def _first(context: Context, match: re.Match[str]) -> Claim | None:
    """The way that is told of a first part, of every series named after it."""
    rest = context.text[match.end() :]
    way = direction_of(re.split(r"[;,]\s+(?:suggest|indicat|show)ing", rest)[0])
    named = zip(context.sentence.series, context.sentence.places, strict=True)
    curves = [context.curves[key] for key in dict.fromkeys(k for k, place in named if place >= match.end())]
    if way == 0 or not curves or any(len(c.y) < 2 * SIDE or c.labels is not None for c in curves):
        return None
    moves = []
    for curve in curves:
        inside = curve.window(float(curve.x[0]), float(curve.x[0]) + read_number(match["n"]).value)
        k = max(1, min(SIDE, len(inside) // 4))
        moves.append(float(np.median(inside[-k:]) - np.median(inside[:k])) if len(inside) else 0.0)
    good = all(way * move > 0 for move in moves)
    return told(match, good, f"they move by {', '.join(f'{move:+.4g}' for move in moves)}")


LOOSE_JUDGES: tuple[tuple[re.Pattern[str], Judge], ...] = (
    (PLACED, _placed),
    (BETWEEN, _between),
    (SHOWN, _shown),
    (EVENTS, _events),
    (FIRST, _first),
)
