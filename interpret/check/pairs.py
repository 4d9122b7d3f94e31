"""Judge what is said of two series: correlations, crossings, orders, gaps, answers, who is first."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np

from interpret.check.claim import Claim, Context, claim
from interpret.check.curve import Curve
from interpret.check.grammar import NUMBER, PLACE, read_number, read_place
from interpret.check.values import WORD, is_value, ruled

# "Does not visibly respond": by no more than this share of its range.
FOLLOW_SHARE = 0.3
R_SLACK = 0.025
# A rank correlation beside courses moves so far with the reading error of a line without scatter.
RANK_SLACK = 0.12
# The course that is taken off: a running mean of so many points.
COURSE_WIDTH = 9
# Where a course begins and stands at last is told to this share of its range.
COURSE_SLACK = 0.03
FEW_POINTS = 5
# Two cycles are resampled to so many points, and alike where they correlate at least so.
CYCLE_GRID = 600
LEAST_R = 0.7
# Shares made by a place may be off by so many percentage points.
SHARE_POINTS = 6

CORRELATION = re.compile(rf"\bcorrelate \(r = (?P<r>{NUMBER})(?: (?:of|beside) logarithms)?\)")
STEPS = re.compile(rf"(?:point to point \(r = |correlation of the steps )(?P<r>{NUMBER})")
BESIDE = re.compile(rf"(?:beside their courses \(r = |of the deviations )(?P<r>{NUMBER})")
CROSS = re.compile(rf"crosses above .*? between {WORD}(?P<a>{PLACE}) and (?P<b>{PLACE})")
ABOVE = re.compile(rf"lies above .*?throughout, by (?P<factor>a factor of )?(?P<g>{NUMBER}) in the median")
END = re.compile(
    rf"At the end \((?:at|in|on) {WORD}(?P<x>{PLACE})\), .*? is above .*?: (?P<a>{NUMBER}) against "
    rf"(?P<b>{NUMBER})"
)
STILL = re.compile(r"does not visibly respond")
FIRST = re.compile(
    rf"by {WORD}(?P<x>{PLACE}) it has made (?P<p>{NUMBER}) of its \w+ from (?P<a>{NUMBER}) to "
    rf"(?P<b>{NUMBER}), .*? only (?P<q>{NUMBER}) of its \w+ from (?P<c>{NUMBER}) to (?P<d>{NUMBER})"
)
WIDENS = re.compile(
    rf"\b[Tt]he (?:gap between|ratio of) .*? (?P<verb>widens|narrows|grows|shrinks) from (?P<a>{NUMBER}) "
    rf"to (?P<b>{NUMBER})(?: over .+? \(medians of the first and last (?P<k>\d+))?"
)

OFFSET = re.compile(
    rf"the crests of .+? come (?P<d>{NUMBER}) .*?after those of|(?P<same>their crests coincide)"
    r"|(?P<against>the crests of one at the troughs of the other)"
)

Judge = Callable[[Context, re.Match[str]], Claim | None]


def told(match: re.Match[str], good: bool | None, detail: str) -> Claim:
    return claim(match.group(), good, detail, *match.span())


def _correlation(context: Context, match: re.Match[str]) -> Claim | None:
    return _pearson(context, match, lambda y: y)


def _steps(context: Context, match: re.Match[str]) -> Claim | None:
    return _pearson(context, match, np.diff)


def _pearson(context: Context, match: re.Match[str], of: Callable[[np.ndarray], np.ndarray]) -> Claim | None:
    pair = context.pair()
    if pair is None:
        return None
    a, b = pair
    few, many = (a, b) if len(a.x) <= len(b.x) else (b, a)
    inside = (few.x >= many.x[0]) & (few.x <= many.x[-1])
    if inside.sum() < 4:
        return None
    one, two = few.y[inside], np.interp(few.x[inside], many.x, many.y)
    r = float(np.corrcoef(of(one), of(two))[0, 1])
    return told(match, abs(r - read_number(match["r"]).value) < R_SLACK, f"it is {r:.2f}")


def _cross(context: Context, match: re.Match[str]) -> Claim | None:
    pair, a, b = context.pair(), read_place(match["a"]), read_place(match["b"])
    if pair is None or a is None or b is None:
        return None
    above, below = pair
    gaps = [float(np.interp(x, above.x, above.y) - np.interp(x, below.x, below.y)) for x in (a, b)]
    good = gaps[0] < above.tolerance(0) and gaps[1] > -above.tolerance(0)
    return told(match, good, f"the difference goes from {gaps[0]:+.4g} to {gaps[1]:+.4g}")


def _above(context: Context, match: re.Match[str]) -> Claim | None:
    pair = context.pair()
    if pair is None:
        return None
    above, below = pair
    few = above if len(above.x) <= len(below.x) else below
    gap = np.interp(few.x, above.x, above.y) - np.interp(few.x, below.x, below.y)
    if bool(match["factor"]) != above.log:
        return told(match, None, "a distance of logarithms is a ratio")
    good = float(np.mean(gap > 0)) > 0.95 and is_value(above, float(np.median(gap)), read_number(match["g"]))
    return told(match, good, f"above at {np.mean(gap > 0):.0%}, by {above.shown(float(np.median(gap)))}")


def _end(context: Context, match: re.Match[str]) -> Claim | None:
    pair = context.pair()
    if pair is None:
        return None
    ends = [float(curve.y[-1]) for curve in pair]
    good = all(is_value(c, e, read_number(match[k])) for c, e, k in zip(pair, ends, ("a", "b"), strict=True))
    return told(
        match, good and ends[0] > ends[1], f"{pair[0].shown(ends[0])} against {pair[1].shown(ends[1])}"
    )


def _still(context: Context, match: re.Match[str]) -> Claim | None:
    values = re.findall(rf"({NUMBER}) (?:before|during it) \(", context.text[match.end() :])
    pair = context.pair()
    if pair is None or len(values) < 2:
        return None
    before, during = (ruled(pair[1], read_number(value)).value for value in values[:2])
    change = abs(during - before)
    return told(match, change < FOLLOW_SHARE * pair[1].range, f"it moves by {change:.4g}")


def _first(context: Context, match: re.Match[str]) -> Claim | None:
    pair, place = context.pair(), read_place(match["x"])
    if pair is None or place is None:
        return None
    good = True
    shares = []
    for curve, p, a, b in ((pair[0], "p", "a", "b"), (pair[1], "q", "c", "d")):
        start, end = read_number(match[a]).value, read_number(match[b]).value
        at = curve.index(place)
        if at is None or start == end:
            return told(match, False, "there is no such point")
        if curve.log:
            return None
        made = (float(np.median(curve.y[max(0, at - 2) : at + 3])) - start) / (end - start)
        shares.append(made)
        good = good and _is_course(curve, start, end)
        good = good and abs(100 * made - read_number(match[p]).value) < SHARE_POINTS
    return told(match, good and shares[0] > shares[1], f"{shares[0]:.0%} and {shares[1]:.0%}")


def _is_course(curve: Curve, start: float, end: float) -> bool:
    """Whether a course begins at one value and later stands at another: at its end or on a late plateau."""
    begin = float(np.median(curve.y[:FEW_POINTS])) if len(curve.y) >= FEW_POINTS else float(curve.y[0])
    slack = max(curve.tolerance(0), COURSE_SLACK * curve.range)
    starts = min(abs(start - float(curve.y[0])), abs(start - begin)) <= slack
    late = np.lib.stride_tricks.sliding_window_view(
        curve.y[len(curve.y) // 2 :], min(FEW_POINTS, len(curve.y) // 2)
    )
    return bool(starts and np.min(abs(np.median(late, axis=1) - end)) <= slack)


def _beside(context: Context, match: re.Match[str]) -> Claim | None:
    """The correlation of what two curves leave beside running means, by ranks."""
    pair = context.pair()
    if pair is None or any(len(curve.y) <= 2 * COURSE_WIDTH for curve in pair):
        return None
    few, many = sorted(pair, key=lambda c: len(c.x))
    inside = (few.x >= many.x[0]) & (few.x <= many.x[-1])
    if inside.sum() <= 2 * COURSE_WIDTH:
        return None
    rests = []
    for y in (few.y[inside], np.interp(few.x[inside], many.x, many.y)):
        course = np.convolve(y, np.full(COURSE_WIDTH, 1 / COURSE_WIDTH), mode="valid")
        half = COURSE_WIDTH // 2
        rests.append(np.argsort(np.argsort(y[half : len(y) - half] - course)))
    r = float(np.corrcoef(rests[0], rests[1])[0, 1])
    return told(match, abs(r - read_number(match["r"]).value) < RANK_SLACK, f"it is {r:.2f}")


def _widens(context: Context, match: re.Match[str]) -> Claim | None:
    pair = context.pair()
    if pair is None:
        return None
    few, many = sorted(pair, key=lambda c: len(c.x))
    inside = (few.x >= many.x[0]) & (few.x <= many.x[-1])
    gap = np.interp(few.x[inside], pair[0].x, pair[0].y) - np.interp(few.x[inside], pair[1].x, pair[1].y)
    gap = gap if pair[0].log else abs(gap)
    k = int(match["k"] or max(1, min(5, len(gap) // 10)))
    ends = float(np.median(gap[:k])), float(np.median(gap[-k:]))
    if (match["verb"] in ("grows", "shrinks")) != pair[0].log:
        return told(match, None, "a distance of logarithms is a ratio")
    good = (ends[1] > ends[0]) == (match["verb"] in ("widens", "grows"))
    printed = [read_number(match[key]) for key in ("a", "b")]
    good = good and all(is_value(pair[0], end, number) for end, number in zip(ends, printed, strict=True))
    return told(match, good, f"from {pair[0].shown(ends[0])} to {pair[0].shown(ends[1])}")


def _offset(context: Context, match: re.Match[str]) -> Claim | None:
    """How far the crests of one cycle come after those of another."""
    pair = context.pair()
    if pair is None:
        return None
    a, b = pair
    low, high = max(a.x[0], b.x[0]), min(a.x[-1], b.x[-1])
    x = np.linspace(low, high, CYCLE_GRID)
    one, two = (np.interp(x, curve.x, curve.y) for curve in pair)

    def alike(lag: float) -> float:
        k = round(abs(lag) / (high - low) * (CYCLE_GRID - 1))
        first, second = (one, two) if lag >= 0 else (two, one)
        return float(np.corrcoef(first[: CYCLE_GRID - k], second[k:])[0, 1])

    if match["same"] or match["against"]:
        r = alike(0.0)
        return told(match, r > LEAST_R if match["same"] else r < -LEAST_R, f"they correlate by {r:.2f}")
    lag = read_number(match["d"]).value
    # "The crests of B come later than those of A": B is named first of the two.
    keys = [
        key
        for key, place in zip(context.sentence.series, context.sentence.places, strict=True)
        if place > match.start()
    ]
    if len(keys) < 2 or lag >= (high - low) / 2:
        return told(match, False, "there are too few cycles")
    lag = lag if context.curves[keys[1]] is a else -lag
    return told(match, alike(lag) > LEAST_R, f"so far apart they correlate by {alike(lag):.2f}")


PAIR_JUDGES: tuple[tuple[re.Pattern[str], Judge], ...] = (
    (CORRELATION, _correlation),
    (STEPS, _steps),
    (BESIDE, _beside),
    (CROSS, _cross),
    (ABOVE, _above),
    (END, _end),
    (STILL, _still),
    (FIRST, _first),
    (WIDENS, _widens),
    (OFFSET, _offset),
)
