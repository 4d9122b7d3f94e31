"""Judge what is said of dips, peaks, drops and jumps: where they are, how large, what they are part of."""

from __future__ import annotations

import re

import numpy as np

from interpret.check.claim import Claim, Context
from interpret.check.curve import Curve, largest_departure, moves_of_three
from interpret.check.grammar import NUMBER, PLACE, read_number, read_place
from interpret.check.pairs import Judge, told
from interpret.check.spreads import is_percent
from interpret.check.values import WORD, is_value, ruled

SIDE = 5
FEWEST_FOR_LARGEST = 12
# So many points, or a fifteenth of all, lie between the level before a jump and the jump.
FEW_POINTS = 6
# Of the largest move of its kind what is told of an event makes this share at least.
JUMP_SHARE = 0.5
DIP_SHARE = 0.3
# An event exceeds the scatter from point to point so many times, where it is said without a hedge.
LEAST_UNITS = 2.0
# What another series does "during" an event is told of so many points around it at most.
AROUND = 4

EVENT = re.compile(
    rf"\b(?:(?P<verb>dips|peaks|drops suddenly|jumps suddenly)|(?P<noun>dip|peak|sudden drop|sudden jump) of "
    rf"[^;:]+? leads|(?=From )) ?[Ff]rom (?P<a>{NUMBER}) "
    rf"\((?:median of {WORD}{PLACE} to (?P<last>{PLACE})|[^()]*?)\)(?:, [^;:]+? (?P<late>dips|peaks|drops "
    rf"suddenly|jumps suddenly))? to (?P<b>{NUMBER}) (?:at|in|on) {WORD}(?P<x>{PLACE})"
)
SHARE = re.compile(rf"(?P<p>{NUMBER}) of (?P<of>its range|the range of all values)")
JUMP = re.compile(
    rf"\b[Tt]he (?P<noun>drop|jump) of .+? (?:at|in|on) {WORD}(?P<x>{PLACE}) is (?P<p>{NUMBER}) of the"
)
OF_LEVEL = re.compile(rf"(?P<p>{NUMBER}) of the level before")
LAST_SO = re.compile(rf"was last so (?:low|high) (?:at|in|on) {WORD}(?P<x>{PLACE})")
CHANGE = re.compile(rf"(?:a change of|, by a factor of) (?P<c>{NUMBER})(?! in the median)")
OCCASION = re.compile(
    rf"\b(?:While|Around the) .*?(?P<noun>dips?|peaks?|drops?|jumps?)\b(?: of .+?)?? (?:at|in|on) "
    rf"{WORD}(?P<x>{PLACE})"
)
BESIDE = re.compile(rf"\(median of {WORD}(?P<a>{PLACE}) to (?P<b>{PLACE})\)")
NEVER = re.compile(r"had never been so (?P<which>low|high) before")
CLAUSE = re.compile(
    rf"\b(?:with |and )?(?:a )?(?P<noun>dip|peak|drops suddenly|jumps suddenly) "
    rf"(?:at|in|on) {WORD}(?P<x>{PLACE})"
)


def _event(context: Context, match: re.Match[str]) -> Claim | None:
    """The apex lies beyond what is before, and of dips and peaks beyond what is after it."""
    curve = context.curve_at(match.start())
    place = read_place(match["x"])
    if curve is None or place is None:
        return None
    apex = curve.index(place)
    if apex is None:
        return told(match, False, "there is no such point")
    what = match["verb"] or match["noun"] or match["late"]
    if what is None:
        return None
    sign = -1 if "dip" in what or "drop" in what else 1
    told_before, told_at = (ruled(curve, read_number(match[key])) for key in ("a", "b"))
    before, at = told_before.value, told_at.value
    good = sign * (at - before) > 0 and is_value(curve, float(curve.y[apex]), read_number(match["b"]))
    share = SHARE.search(context.text, match.end())
    if good and share is not None and "sudden" not in what:
        rounding = (told_before.rounding + told_at.rounding) / curve.range
        good = is_percent(share["p"], abs(at - before) / curve.range, rounding)
    if good and "sudden" in what:
        # Of a line that was read column by column a jump takes several points.
        near = curve.y[max(0, apex - max(4, len(curve.y) // 30)) : apex + 1]
        steps = np.array([near[min(k + 3, len(near) - 1)] - near[k] for k in range(len(near) - 1)])
        good = bool(len(steps) and np.max(sign * steps) > 0.4 * abs(at - before))
        last = None if match["last"] is None else read_place(match["last"])
        start = None if last is None else curve.index(last)
        # What is sudden takes few points from the level before it.
        good = good and (start is None or abs(apex - start) <= _few(curve))
    return told(match, good, f"it is {curve.y[apex]:.6g} there, of a range of {curve.range:.6g}")


def _few(curve: Curve) -> int:
    return max(FEW_POINTS, len(curve.y) // 15)


def _jump_share(context: Context, match: re.Match[str]) -> Claim | None:
    """ "The drop of X at step 66 is 43% of the range of all values, ...": recomputed around the step."""
    curve = context.curve
    place = read_place(match["x"])
    if curve is None or place is None:
        return None
    apex = curve.index(place)
    if apex is None or apex < 2:
        return told(match, False, "there is no such point")
    sign = -1 if match["noun"] == "drop" else 1
    near = np.arange(max(1, apex - max(3, len(curve.y) // 30)), apex + 1)
    step = int(near[np.argmax(sign * (curve.y[near] - curve.y[near - 1]))])
    before = float(np.median(curve.y[max(0, step - SIDE) : step]))
    size = sign * (float(curve.y[apex]) - before)
    share = SHARE.search(context.text)
    good = size > 0 and (share is None or is_percent(share["p"], size / curve.range))
    level = OF_LEVEL.search(context.text)
    if good and level is not None and before != 0:
        left = abs(1 - curve.factor(sign * size)) if curve.log else size / abs(before)
        good = is_percent(level["p"], left)
    never = NEVER.search(context.text)
    if good and never is not None:
        earlier = curve.y[:step]
        good = bool(np.all(sign * (curve.y[apex] - earlier) >= -curve.tolerance(0)))
    last = LAST_SO.search(context.text)
    if good and last is not None:
        beyond = np.flatnonzero(sign * (curve.y[:step] - curve.y[apex]) >= -curve.tolerance(0) / 3)
        then = read_place(last["x"])
        at = None if then is None else curve.index(then)
        good = at is not None and len(beyond) > 0 and abs(at - int(beyond[-1])) <= max(2, len(curve.y) // 50)
    return told(match, good, f"its size is {size:.6g} of a range of {curve.range:.6g}")


def _change(context: Context, match: re.Match[str]) -> Claim | None:
    """ "drops from A to B, a change of C"."""
    sizes = re.search(rf"[Ff]rom ({NUMBER}) \([^()]*\)(?:, [^;:]+?)? to ({NUMBER})", context.text)
    if sizes is None:
        return None
    a, b, c = read_number(sizes[1]), read_number(sizes[2]), read_number(match["c"])
    if "factor" in match.group():
        ratio = max(a.value / b.value, b.value / a.value) if a.value * b.value > 0 else 0.0
        off = ratio * (a.rounding / abs(a.value) + b.rounding / abs(b.value)) + c.rounding if ratio else 0.0
        return told(match, abs(ratio - c.value) <= 1.01 * off, f"{ratio:.4g}")
    slack = a.rounding + b.rounding + c.rounding
    return told(match, abs(abs(a.value - b.value) - c.value) <= 1.01 * slack, f"{abs(a.value - b.value):.6g}")


def _occasion(context: Context, match: re.Match[str]) -> Claim | None:
    """ "While A dips at step 60": whether it does, there."""
    curve, place = context.curve_at(match.start("noun")), read_place(match["x"])
    if curve is None or place is None:
        return None
    apex = curve.index(place)
    if apex is None:
        return told(match, False, "there is no such point")
    word = match["noun"]
    sign = -1 if word.startswith(("dip", "drop")) else 1
    reach = max(4, len(curve.y) // 8)
    near = curve.y[max(0, apex - 1) : apex + 2]
    before = curve.y[max(0, apex - reach) : max(1, apex - 1)]
    after = curve.y[apex + 2 : apex + 2 + reach]
    level = float(np.median(before)) if len(before) else float(curve.y[0])
    size = float(np.max(sign * near)) - sign * level
    if word.startswith(("dip", "peak")) and len(after):
        # It comes back at least in part within the reach.
        size = min(size, float(np.max(sign * near)) - float(np.min(sign * after)))
    if word.startswith(("drop", "jump")):
        size = _lasting(curve, apex, sign)
    hedged = "perhaps" in context.text[max(0, match.start() - 9) : match.start("x")]
    good = size > max(0.05 * curve.range, (1 if hedged else LEAST_UNITS) * curve.scatter)
    if good and word.startswith(("dip", "peak")):
        good = size > DIP_SHARE * largest_departure(curve.y, sign, reach)
    elif good and len(curve.y) >= FEWEST_FOR_LARGEST:
        moves = sign * moves_of_three(curve.y)
        close = moves[max(0, apex - _few(curve)) : apex + 3]
        good = bool(len(close) and np.max(close) > JUMP_SHARE * np.max(moves))
    return told(match, good and _is_beside(context, curve, place), f"it moves by {sign * size:+.4g}")


def _lasting(curve: Curve, apex: int, sign: int) -> float:
    """The change of the medians of up to five points from before a jump to after it."""
    after = sign * float(np.median(curve.y[apex : apex + SIDE]))
    starts = range(max(1, apex - _few(curve)), apex + 1)
    return max((after - sign * float(np.median(curve.y[max(0, k - SIDE) : k])) for k in starts), default=0.0)


def _is_beside(context: Context, curve: Curve, place: float) -> bool:
    """Whether what is told of another series before and during an event is of points about it."""
    windows = [(read_place(m["a"]), read_place(m["b"])) for m in BESIDE.finditer(context.text)]
    if len(windows) != 2 or any(end is None for window in windows for end in window) or len(curve.x) < 2:
        return True
    (_, before), (first, last) = windows
    reach = max(AROUND * float(np.median(np.diff(curve.x))), AROUND * curve.length / 100)
    return bool(before <= place + reach and first - reach <= place <= last + reach)  # type: ignore[operator]


EVENT_JUDGES: tuple[tuple[re.Pattern[str], Judge], ...] = (
    (EVENT, _event),
    (JUMP, _jump_share),
    (CHANGE, _change),
    (CLAUSE, _occasion),
    (OCCASION, _occasion),
)
