"""Judge a course told in one go: "rises fast until step 40, falls and drops suddenly at step 66"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from interpret.check.claim import Claim, Context, claim
from interpret.check.curve import Curve
from interpret.check.grammar import PLACE, read_place
from interpret.check.values import WORD

# Of so many points around a place the median counts.
SIDE = 2
# What a plateau still does is told of the medians of so many points at its ends, at least so many in all, and
# is this share of the range at most.
STILL_SIDE, STILL_FEWEST, STILL_SHARE = 5, 10, 0.1
# At a turn the curve is this close to its extreme, in shares of its range.
LEAST_TOP = 0.25

_LEG = (
    rf"(?P<leg>rises|falls)(?: fast)?(?: from {WORD}(?P<since>{PLACE}))?(?: until {WORD}(?P<until>{PLACE}))?"
)
_SAME = r"(?P<same>then (?:ever )?(?:more slowly|faster))"
_PLATEAU = (
    rf"(?P<plateau>(?:then )?stays on a plateau)(?: from {WORD}(?P<from>{PLACE}))?"
    rf"(?: until {WORD}(?P<stop>{PLACE}))?(?: and lies (?:higher|lower) after it)?"
    r"(?: \((?:turning|still) [^()]*\))?"
)
_JUMP = rf"(?P<jump>drops|jumps) suddenly (?:at|in|on) {WORD}(?P<at>{PLACE})"
STEP = re.compile(rf"(?:{_LEG}|{_SAME}|{_PLATEAU}|{_JUMP})(?=[,;]| and |\.(?:\s|$)|$)")
JOINT = re.compile(r"(?:, and |, | and )")
STILL = re.compile(
    rf"\bplateau(?: from {WORD}(?P<from>{PLACE}))?(?: until {WORD}(?P<stop>{PLACE}))?[^;()]*? "
    r"\(still (?P<way>rising|falling) slowly\)"
)
INSIDE = re.compile(r"(?:, |\band |\bthen )$")
START = re.compile(r"\b(?=(?:rises|falls)(?: fast)?(?: until| from|,| and))")


@dataclass(slots=True)
class _Leg:
    """A rise (+1) or fall (-1) with the values that it starts from and goes to; None where untold."""

    way: int
    start: float | None
    end: float | None = None


def judge_still(context: Context, match: re.Match[str]) -> Claim | None:
    """ "Stays on a plateau from step 9 (still falling slowly)": its ends differ, by little of the range."""
    curve, first = context.curve_at(match.start()), read_place(match["from"] or "")
    if curve is None or first is None:
        return None
    stop = read_place(match["stop"]) if match["stop"] else float(curve.x[-1])
    inside = curve.window(first, float(curve.x[-1]) if stop is None else stop)
    if len(inside) < STILL_FEWEST:
        return claim(match.group(), False, "hardly a point is there", match.start(), match.end())
    sign = 1 if match["way"] == "rising" else -1
    move = sign * float(np.median(inside[-STILL_SIDE:]) - np.median(inside[:STILL_SIDE]))
    good = 0 < move <= STILL_SHARE * curve.range
    return claim(match.group(), good, f"it moves by {sign * move:+.4g} there", match.start(), match.end())


def judge_course(context: Context, match: re.Match[str]) -> Claim | None:
    """Whether each rise and fall leads the way that is told between the places that are told.

    ``match`` is where the first verb begins.
    """
    curve = context.curve_at(match.start())
    # Inside a course the next verb goes on from the one before.
    steps = [] if INSIDE.search(context.text[: match.start()]) else _steps(context.text, match.start())
    is_bare = len(steps) == 1 and not steps[0]["since"] and not steps[0]["until"]
    if curve is None or curve.labels is not None or not steps or is_bare or len(curve.y) < 6:
        return None
    if _off_curve(curve, steps):
        span = match.start(), steps[-1].end()
        return claim(context.text[slice(*span)], False, "there is no such point", *span)
    legs = _legs(curve, steps)
    moves = [(leg.way, leg.end - leg.start) for leg in legs if leg.start is not None and leg.end is not None]
    if not moves:
        return None
    good = all(way * move > 0 for way, move in moves) and not _turns_nowhere(steps)
    good = good and _turns_there(curve, steps)
    shown = ", ".join(f"{move:+.4g}" for _, move in moves)
    span = match.start(), steps[-1].end()
    return claim(context.text[slice(*span)], good, f"it moves by {shown}", *span)


def _turns_nowhere(steps: list[re.Match[str]]) -> bool:
    """Whether something "rises until step 40 and rises"."""
    return any(one["until"] and one["leg"] == other["leg"] for one, other in pairwise(steps))


def _off_curve(curve: Curve, steps: list[re.Match[str]]) -> bool:
    """Whether a place that is told lies beyond the curve."""
    told = (step[key] for step in steps for key in ("since", "until", "from", "stop", "at") if step[key])
    places = [read_place(text) for text in told]
    return any(place is not None and curve.index(place) is None for place in places)


def _turns_there(curve: Curve, steps: list[re.Match[str]]) -> bool:
    """Whether what "rises until step 40 and falls" is highest about there."""
    middle = np.median(np.lib.stride_tricks.sliding_window_view(curve.y, 2 * SIDE + 1), axis=1)
    for place, (one, other) in enumerate(pairwise(steps)):
        if not (one["until"] and other["leg"]) or place > 0:
            continue
        until, end = read_place(one["until"]), read_place(other["until"]) if other["until"] else None
        at = None if until is None else curve.index(until)
        stop = None if end is None else curve.index(end)
        if at is None:
            continue
        sign = 1 if one["leg"] == "rises" else -1
        there = float(middle[min(max(at - SIDE, 0), len(middle) - 1)])
        stretch = middle[: len(middle) if stop is None else max(1, stop - SIDE)]
        if float(np.max(sign * stretch)) - sign * there > LEAST_TOP * curve.range:
            return False
    return True


def _steps(text: str, start: int) -> list[re.Match[str]]:
    """The parts of the course that follow each other from here on."""
    found: list[re.Match[str]] = []
    place = start
    while (step := STEP.match(text, place)) is not None:
        found.append(step)
        joint = JOINT.match(text, step.end())
        if joint is None:
            break
        place = joint.end()
    return found


def _side(curve: Curve, steps: list[re.Match[str]]) -> int:
    """How many points to each side of a place count: fewer where places lie close to each other."""
    told = [
        read_place(step[key])
        for step in steps
        for key in ("since", "until", "from", "stop", "at")
        if step[key]
    ]
    at = sorted(
        {0, len(curve.y) - 1, *(k for p in told if p is not None and (k := curve.index(p)) is not None)}
    )
    return min(SIDE, min(b - a for a, b in pairwise(at)) // 3) if len(at) > 1 else SIDE


def _after_plateau(curve: Curve, step: re.Match[str], leg: re.Match[str]) -> float | None:
    """From what a plateau is left: it may drift, so its own side of where the leg leads."""
    place = read_place(step["from"]) if step["from"] else None
    at = None if place is None else curve.index(place)
    if at is None or len(curve.y) - at < 2:
        return None
    return float(np.quantile(curve.y[at:], 0.25 if leg["leg"] == "rises" else 0.75))


def _legs(curve: Curve, steps: list[re.Match[str]]) -> list[_Leg]:
    """The rises and falls among the parts, with the values at the places where they begin and end."""
    legs: list[_Leg] = []
    side = _side(curve, steps)
    level: float | None = float(np.median(curve.y[: 2 * side + 1]))
    for step, later in zip(steps, [*steps[1:], None], strict=True):
        if step["leg"]:
            way = 1 if step["leg"] == "rises" else -1
            if step["since"]:
                level = _around(curve, step["since"], side)
            legs.append(_Leg(way, level, _around(curve, step["until"], side)))
            level = legs[-1].end
        elif step["plateau"]:
            _end(legs, _around(curve, step["from"], side))
            level = _around(curve, step["stop"], side)
            if level is None and later is not None and later["leg"]:
                level = _after_plateau(curve, step, later)
        elif step["jump"]:
            _end(legs, _around(curve, step["at"], SIDE, before=True))
            level = _around(curve, step["at"], SIDE, after=True)
    last = steps[-1]
    if last["leg"] or last["same"]:
        _end(legs, float(np.median(curve.y[-2 * side - 1 :])))
    return legs


def _end(legs: list[_Leg], value: float | None) -> None:
    if legs and legs[-1].end is None:
        legs[-1].end = value


def _around(
    curve: Curve, printed: str | None, side: int, *, before: bool = False, after: bool = False
) -> float | None:
    """The median of the points around a printed place, of those on one side of it where that is asked."""
    place = None if printed is None else read_place(printed)
    at = None if place is None else curve.index(place)
    if at is None:
        return None
    first = at if after else max(0, at - 2 * side - 1 if before else at - side)
    last = at if before else at + (2 * side + 1 if after else side + 1)
    return float(np.median(curve.y[first:last])) if last > first else None
