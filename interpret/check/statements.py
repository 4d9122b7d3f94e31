"""Judge what is said of courses and events: trends, plateaus, dips, jumps, shares, pairs."""

from __future__ import annotations

import re

import numpy as np

from digitizer.model import FloatArray
from interpret.check.bars import BAR_JUDGES
from interpret.check.claim import Claim, Context
from interpret.check.courses import START, STILL, judge_course, judge_still
from interpret.check.curve import Curve
from interpret.check.events import EVENT_JUDGES
from interpret.check.grammar import NUMBER, PLACE, read_number, read_place
from interpret.check.loose import LOOSE_JUDGES
from interpret.check.pairs import PAIR_JUDGES, Judge, told
from interpret.check.spreads import SPREAD_JUDGES
from interpret.check.values import WORD, is_value, ruled

SIDE = 5
# A denied trend: the ends' medians differ by less than this share of the range.
FLAT_SHARE = 0.6
# A plateau that goes on to the end has so many points at least.
SHORTEST_REST = 4
# A plateau's drift may be off by so many points, or this share of itself.
DRIFT_POINTS = 1.2
DRIFT_SHARE = 0.3
# What lies further from a plateau's level than this share of the range is none of it.
OFF_LEVEL = 0.025
# A plateau's bounds leave out this share of its points on each side at most.
BOUND_SHARE = 0.1
# And where it is said that its dips or peaks are left out, this one.
BUT_SHARE = 0.25
# The point from which on a curve is no further from a plateau's level than the plateau's own points (so many
# of their standard deviations) lies within so many points, or this share of all, before its told beginning.
MEDIAN_UNITS = 1.3
LATE_POINTS, LATE_SHARE = 8, 0.25
# What happens at first begins within this share of the series (or at its second point).
FIRST_SHARE = 0.008
# A plateau's ends differ by no more than this share of the range.
LEVEL_SHARE = 0.2
# Or than so many standard deviations of its points, which are no more than so many of the steps' scatter.
LEVEL_UNITS = 2.5
MOST_MEMORY = 4.5

PLATEAU = re.compile(
    rf"\b(?:[Oo]ver {WORD}(?P<a>{PLACE}) to (?P<b>{PLACE}) .*?(?:plateau|level|flat)\w*,? at a median of|"
    rf"plateau (?:of .+? )?over {WORD}(?P<c>{PLACE}) to (?P<d>{PLACE}); its median there is) "
    rf"(?P<m>{NUMBER}) \(between (?P<low>{NUMBER}) and (?P<high>{NUMBER})"
    rf"(?P<but>, its (?:dips|peaks|dips and peaks) left out)?\)"
)
LEVEL = re.compile(
    rf"\b(?:may stay level over {WORD}(?P<a>{PLACE}) to (?P<b>{PLACE})"
    rf"|[Oo]ver {WORD}(?P<c>{PLACE}) to (?P<d>{PLACE}) .+? seems to stay level), "
    rf"at a median of (?P<m>{NUMBER})"
)
DRIFT = re.compile(rf"its drift there is (?P<p>{NUMBER}) of the whole range")
AT_FIRST = re.compile(
    rf"(?:\bAt first .+?|\bTo begin with, .+?|\bfirst) (?:rises|falls)(?: fast)?, from {NUMBER} "
    rf"(?:(?:at|in|on) {WORD}(?P<x>{PLACE}) to|to {NUMBER} over {WORD}(?P<y>{PLACE}) to)"
)
FOLLOW = re.compile(rf"only (?P<n>\d+) points? follows? {WORD}(?P<x>{PLACE})")
PERIOD = re.compile(rf"regularly, about every (?P<p>{NUMBER})")
TREND = re.compile(
    r"\b(?P<verb>rises|falls|increases|decreases|grows|declines) "
    r"(?:steadily|overall|exponentially|from point to point)|"
    r"(?:Overall|Seen as a whole), .+? (?P<way>rises|falls) from"
)

SETTLES = re.compile(
    rf"(?:\b(?P<verb>rises|falls)(?: fast)?(?:, then (?:ever )?more slowly,)? and )?"
    rf"\bstays on a plateau from {WORD}(?P<x>{PLACE})"
    rf"(?: until {WORD}(?P<until>{PLACE})|(?:,| and) (?:perhaps )?(?:drops|jumps) suddenly (?:at|in|on) "
    rf"{WORD}(?P<jump>{PLACE}))?"
)
AFTER = re.compile(
    rf"\blies (?P<way>higher|lower): its median over {WORD}(?P<a>{PLACE}) to (?P<b>{PLACE}) is "
    rf"(?P<m>{NUMBER})"
)
AFTER_CLAUSE = re.compile(rf"until {WORD}(?P<x>{PLACE}) and lies (?P<way>higher|lower) after it")
TURN = re.compile(
    rf"(?:\bturns (?P<way>up|down) from|\b[Tt]he (?P<noun>rise|fall) of [^;]+? ends at|(?=From ))"
    rf" ?(?:From )?(?:its (?:lowest|highest) value, )?(?P<a>{NUMBER}) (?:at|in|on) {WORD}(?P<x>{PLACE})"
    rf"(?:;|,)(?: from there it (?P<verb>rises|falls)| [^;,]+? turns (?P<late>up|down),)? to (?P<b>{NUMBER}) "
    rf"(?:at|in|on) {WORD}(?P<w>{PLACE})"
)
TURNING = re.compile(rf"\(turning (?P<way>up|down) (?:at|in|on) {WORD}(?P<x>{PLACE})\)")
RUNS = re.compile(rf"series runs? from {WORD}(?P<a>{PLACE}) to {WORD}(?P<b>{PLACE})(?:, (?P<n>\d+) points)?")
TREND_BARE = re.compile(r"(?<!, )(?<!and )(?<!then )(?<!it )\b(?P<verb>rises|falls)(?=[;.]|$|, with )")
LEVEL_THROUGHOUT = re.compile(r"\bstays level throughout")
CONSTANT = re.compile(rf"\bstays constant at (?P<m>{NUMBER})")
# A trend of a part of the run is no trend of the whole.
PART = re.compile(
    r"\b(?:from|until|since|between|after|before|during|initial\w*|then|first|later|recent\w*)\b", re.I
)
TREND_WORD = re.compile(r"\b(?P<verb>upward|downward|rising|falling|increasing|decreasing) trend")


def judge_statements(context: Context) -> list[Claim]:
    """All statements that the sentence makes of a course, an event or a pair."""
    found: list[Claim] = []
    for pattern, judge in JUDGES:
        for match in pattern.finditer(context.text):
            one = judge(context, match)
            if one is not None:
                found.append(one)
    return found


def _stretch(context: Context, match: re.Match[str], at: int) -> tuple[Curve | None, FloatArray]:
    """The curve that a stretch is told of, None where it is unclear, and its values there: none backwards."""
    curve = context.curve_at(at)
    a, b = read_place(match["a"] or match["c"]), read_place(match["b"] or match["d"])
    if curve is None or a is None or b is None:
        return None, np.array([])
    return curve, curve.window(a, b) if a <= b else np.array([])


def _drift(inside: FloatArray) -> float:
    """How far the last third of some values lies from the first."""
    third = max(1, len(inside) // 3)
    return abs(float(np.median(inside[-third:]) - np.median(inside[:third])))


def _plateau(context: Context, match: re.Match[str]) -> Claim | None:
    curve, inside = _stretch(context, match, match.end())
    if curve is None:
        return None
    if len(inside) < 3:
        return told(match, False, "there are no such points")
    middle, drift = float(np.median(inside)), _drift(inside)
    low, high = (read_number(match[key]) for key in ("low", "high"))
    bounds = is_value(curve, float(inside.min()), low) and is_value(curve, float(inside.max()), high)
    # Dips inside may be left out of the bounds.
    slack = curve.tolerance(0)
    left_out = BUT_SHARE if match["but"] else BOUND_SHARE
    lowest, highest = (float(np.quantile(inside, q)) for q in (left_out, 1 - left_out))
    low, high = ruled(curve, low), ruled(curve, high)
    bounds = bounds or (
        inside.min() - slack <= low.value <= lowest + slack
        and highest - slack <= high.value <= inside.max() + slack
    )
    good = is_value(curve, middle, read_number(match["m"])) and bounds and drift < LEVEL_SHARE * curve.range
    said = DRIFT.search(context.text, match.end())
    if good and said is not None and curve.range > 0:
        slope = float(np.polyfit(np.arange(len(inside)), inside, 1)[0])
        percent = 100 * abs(slope) * (len(inside) - 1) / curve.range
        off = abs(read_number(said["p"]).value - percent)
        good = off <= DRIFT_POINTS + DRIFT_SHARE * percent
    first, last = (curve.index(read_place(match[a] or match[b]) or 0.0) for a, b in (("a", "c"), ("b", "d")))
    if good and first is not None and last is not None:
        left = _level_since(curve, first, last + 1)
        good = first - left <= max(LATE_POINTS, LATE_SHARE * len(curve.y))
    return told(
        match, good, f"median {middle:.6g}, {inside.min():.6g} to {inside.max():.6g}, drift {drift:.3g}"
    )


def _level(context: Context, match: re.Match[str]) -> Claim | None:
    """ "May stay level over steps 45 to 70, at a median of 1.8"."""
    curve, inside = _stretch(context, match, match.start("m"))
    if curve is None:
        return None
    if len(inside) < 3:
        return told(match, False, "there are no such points")
    middle, drift = float(np.median(inside)), _drift(inside)
    good = is_value(curve, middle, read_number(match["m"])) and drift < LEVEL_SHARE * curve.range
    return told(match, good, f"its median is {curve.shown(middle)}, its drift {drift:.3g}")


def _no_trend(context: Context, match: re.Match[str]) -> Claim | None:
    curve = context.curve_at(match.start())
    if curve is None or len(curve.y) < 6:
        return None
    k = max(1, len(curve.y) // 10)
    change = abs(float(np.median(curve.y[-k:]) - np.median(curve.y[:k])))
    return told(match, change < FLAT_SHARE * curve.range, f"its ends differ by {change:.4g}")


def _constant(context: Context, match: re.Match[str]) -> Claim | None:
    """ "Stays constant at 3": every value is that."""
    curve = context.curve_at(match.start())
    if curve is None or len(curve.y) == 0:
        return None
    ends = float(curve.y.min()), float(curve.y.max())
    good = all(is_value(curve, end, read_number(match["m"])) for end in ends)
    return told(match, good, f"its values go from {curve.shown(ends[0])} to {curve.shown(ends[1])}")


def _trend_word(context: Context, match: re.Match[str]) -> Claim | None:
    return None if PART.search(context.text) else _trend(context, match)


def _trend(context: Context, match: re.Match[str]) -> Claim | None:
    curve = context.curve_at(match.start())
    if curve is None or len(curve.y) < 2:
        return None
    k = max(1, min(5, round(len(curve.y) / 10)))
    change = float(np.median(curve.y[-k:]) - np.median(curve.y[:k]))
    verb = match.groupdict().get("way") or match["verb"]
    up = verb in ("rises", "increases", "grows", "upward", "rising", "increasing")
    return told(match, change > 0 if up else change < 0, f"its ends differ by {change:+.4g}")


def _follow(context: Context, match: re.Match[str]) -> Claim | None:
    curve, place = context.curve, read_place(match["x"])
    if curve is None or place is None:
        return None
    after = int(np.sum(curve.x > place + 1e-9 * max(1.0, abs(place))))
    return told(match, abs(after - int(match["n"])) <= 1, f"{after} do")


def _period(context: Context, match: re.Match[str]) -> Claim | None:
    curve = context.curve
    if curve is None or len(curve.y) < 12:
        return None
    step = float(np.median(np.diff(curve.x)))
    lag = round(read_number(match["p"]).value / step) if step > 0 else 0
    n = len(curve.y)
    if not 2 <= lag < n // 2:
        return told(match, False, "there are too few cycles")
    place = np.arange(n)
    rest = curve.y - np.polyval(np.polyfit(place, curve.y, 1), place)
    r = [float(np.corrcoef(rest[:-k], rest[k:])[0, 1]) for k in (lag, max(1, lag // 2))]
    return told(
        match, r[0] > 0.2 and r[0] > r[1] + 0.2, f"one period later r = {r[0]:.2f}, half of it {r[1]:.2f}"
    )


def _runs(context: Context, match: re.Match[str]) -> Claim | None:
    """The span that all series have, and their number of points."""
    a, b = read_place(match["a"]), read_place(match["b"])
    curves = [c for c in context.curves.values() if c.kind == "line"] or list(context.curves.values())
    if a is None or b is None or any(c.labels is not None or len(c.x) == 0 for c in curves):
        return None
    fit = [
        len(c.near(a)) > 0
        and len(c.near(b)) > 0
        and abs(float(c.x[0]) - a) <= 0.02 * c.length
        and abs(float(c.x[-1]) - b) <= 0.02 * c.length
        and (match["n"] is None or int(match["n"]) == len(c.x))
        for c in curves
    ]
    return told(match, any(fit), f"{sum(fit)} of {len(fit)} series do")


def _at_first(context: Context, match: re.Match[str]) -> Claim | None:
    """What happens at first begins at the first point."""
    curve, place = context.curve, read_place(match["x"] or match["y"])
    if curve is None or place is None or len(curve.x) == 0:
        return None
    steps = np.diff(curve.x)
    near = max(1.01 * float(np.median(steps)), FIRST_SHARE * curve.length) if len(steps) else 0.0
    good = abs(place - float(curve.x[0])) <= near
    return told(match, good, f"it begins at {curve.x[0]:.6g}")


def _settles(context: Context, match: re.Match[str]) -> Claim | None:
    """ "Falls and stays on a plateau from step 157 until step 300"."""
    curve, place = context.curve_at(match.start()), read_place(match["x"])
    if curve is None or place is None:
        return None
    stop = len(curve.y)
    for key in ("until", "jump"):
        end = read_place(match[key]) if match[key] else None
        ends = None if end is None else curve.index(end)
        stop = stop if ends is None else ends + (key == "until")
    at = curve.index(place)
    if at is None or (match["verb"] and at < 3):
        return told(match, False, "there is no such point")
    if stop - at < SHORTEST_REST:
        return told(match, False, "hardly a point follows")
    change = float(np.median(curve.y[at : min(stop, at + 9)]) - np.median(curve.y[: max(1, min(5, at))]))
    rest = curve.y[at : min(stop, at + max(4, len(curve.y) // 5))]
    half = len(rest) // 2
    drift = abs(float(np.median(rest[half:]) - np.median(rest[:half])))
    spread = 1.4826 * float(np.median(abs(rest - np.median(rest))))
    spread = min(spread, MOST_MEMORY * curve.scatter)
    good = drift < max(LEVEL_SHARE * curve.range, LEVEL_UNITS * spread)
    if match["verb"]:
        good = good and change * (1 if match["verb"] == "rises" else -1) > 0
    # Where it is level before too, that is where it begins.
    left = _level_since(curve, at, stop)
    good = good and at - left <= max(LATE_POINTS, LATE_SHARE * len(curve.y))
    return told(match, good, f"until there it changes by {change:+.4g}, level since {curve.x[left]:.6g}")


def _level_since(curve: Curve, at: int, stop: int) -> int:
    """From which point on a curve is as near to the level of a stretch as the stretch itself is."""
    inside = curve.y[at:stop]
    level = float(np.median(inside))
    spread = 1.4826 * float(np.median(abs(inside - level)))
    # Medians of five: some single point of many always lies far off.
    padded = np.pad(curve.y[:at], 2, mode="edge") if at else curve.y[:0]
    middle = np.median(np.lib.stride_tricks.sliding_window_view(padded, 5), axis=1) if at else padded
    off = np.flatnonzero(abs(middle - level) > max(OFF_LEVEL * curve.range, MEDIAN_UNITS * spread))
    return int(off[-1]) + 1 if len(off) else 0


def _after(context: Context, match: re.Match[str]) -> Claim | None:
    """ "After its plateau it lies lower: its median over steps 4520 to 6770 is 1.5"."""
    curve, inside = context.curve_at(match.start()), np.array([])
    a, b = read_place(match["a"]), read_place(match["b"])
    if curve is None or a is None or b is None:
        return None
    inside = curve.window(a, b) if a <= b else inside
    at = curve.index(a)
    if at is None or at < 3 or len(inside) < 3:
        return told(match, False, "there are no such points")
    middle = float(np.median(inside))
    step = middle - float(np.median(curve.y[max(0, at - len(inside)) : at]))
    good = is_value(curve, middle, read_number(match["m"])) and (step > 0) == (match["way"] == "higher")
    return told(match, good, f"its median is {curve.shown(middle)}, {step:+.4g} from that before")


def _after_clause(context: Context, match: re.Match[str]) -> Claim | None:
    """ "Until step 4510 and lies lower after it"."""
    curve, place = context.curve_at(match.start()), read_place(match["x"])
    at = None if curve is None or place is None else curve.index(place)
    if curve is None or at is None or at < 3 or len(curve.y) - at < SHORTEST_REST:
        return None if curve is None else told(match, False, "hardly a point follows")
    rest = curve.y[at + 1 :]
    step = float(np.median(rest)) - float(np.median(curve.y[max(0, at - len(rest)) : at + 1]))
    return told(match, (step > 0) == (match["way"] == "higher"), f"it changes by {step:+.4g}")


def _turn(context: Context, match: re.Match[str]) -> Claim | None:
    """Where a course turns, from where on it goes the other way, and to what."""
    curve, x, w = context.curve_at(match.start()), read_place(match["x"]), read_place(match["w"])
    said = match["way"] or match["late"]
    if match["noun"]:
        said = "up" if match["noun"] == "fall" else "down"
        if match["verb"] != ("rises" if said == "up" else "falls"):
            return told(match, False, "it goes on the same way")
    if curve is None or x is None or w is None or said is None:
        return None
    at, end = curve.index(x), curve.index(w)
    if at is None or end is None or end <= at:
        return told(match, False, "there are no such points")
    sign = 1 if said == "up" else -1
    a, b = (ruled(curve, read_number(match[key])).value for key in ("a", "b"))
    before = curve.y[max(0, at - max(3, end - at)) : max(1, at)]
    good = sign * (b - a) > 0 and sign * (float(np.median(before)) - a) > 0
    return told(match, good, f"from {curve.shown(float(np.median(before)))} before it to {curve.shown(b)}")


def _turning(context: Context, match: re.Match[str]) -> Claim | None:
    """ "Stays on a plateau from epoch 3 (turning up at epoch 6)"."""
    curve, place = context.curve_at(match.start()), read_place(match["x"])
    at = None if curve is None or place is None else curve.index(place)
    if curve is None or at is None:
        return None
    sign, reach = (1 if match["way"] == "up" else -1), max(3, len(curve.y) // 8)
    sides = curve.y[max(0, at - reach) : max(1, at)], curve.y[at + 1 : at + 1 + reach]
    if any(len(side) < 3 for side in sides):
        return told(match, False, "hardly a point is there")
    moves = [sign * (float(np.median(side)) - float(curve.y[at])) for side in sides]
    return told(match, min(moves) > 0, f"around it lie {moves[0]:+.4g} and {moves[1]:+.4g}")


JUDGES: tuple[tuple[re.Pattern[str], Judge], ...] = (
    *PAIR_JUDGES,
    *BAR_JUDGES,
    *LOOSE_JUDGES,
    *SPREAD_JUDGES,
    *EVENT_JUDGES,
    (PLATEAU, _plateau),
    (LEVEL, _level),
    (re.compile(r"shows? no clear trend"), _no_trend),
    (LEVEL_THROUGHOUT, _no_trend),
    (CONSTANT, _constant),
    (TREND, _trend),
    (TREND_WORD, _trend_word),
    (TREND_BARE, _trend),
    (FOLLOW, _follow),
    (SETTLES, _settles),
    (AT_FIRST, _at_first),
    (AFTER, _after),
    (AFTER_CLAUSE, _after_clause),
    (TURN, _turn),
    (TURNING, _turning),
    (STILL, judge_still),
    (START, judge_course),
    (PERIOD, _period),
    (RUNS, _runs),
)
