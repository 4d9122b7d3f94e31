"""Judge what is said of where the values of a series lie: medians, spreads, scatter, extremes."""

from __future__ import annotations

import re

import numpy as np

from interpret.check.claim import Claim, Context
from interpret.check.grammar import NUMBER, PLACE, read_number, read_place
from interpret.check.pairs import Judge, told
from interpret.check.values import WORD, is_value, ruled, value_at

# Percentages may be off by so many points, or this share of themselves.
PERCENT_POINTS = 1.6
PERCENT_SHARE = 0.06
# A share of the points may be off by so much, or by so many points, as ranks are whole: doubled limits
# slipped through at 6 %.
SHARE_OFF, POINTS_OFF = 0.02, 1.5
# The scatter that is told may exceed that of the steps by its memory, and fall short of it by chance.
SCATTER_BOUNDS = 0.5, 4.5
# The share that it makes of the range is off by its printing alone, and by what reading adds to the range.
SCATTER_POINTS, SCATTER_SHARE = 0.6, 0.06

# Ends told to be clearly apart are so by a share of the range between these; medians of so many points.
SURELY, BARELY = 0.6, 0.2
FEW_ENDS = 5

RANK = re.compile(rf"rank correlation,? (?P<r>{NUMBER})")
# Ranks of values that the reading makes equal or parts move it so far.
RANK_SLACK = 0.05

MANY = re.compile(
    r"(?:Of the (?P<n>\d+) series(?:, smoothed ones apart)?, (?P<a>\d+) ends? clearly (?P<way>higher|lower) "
    r"than (?:they begin|it begins)(?: and (?P<b>\d+) clearly (?P<other>higher|lower))?"
    r"|All (?P<all>\d+) series end clearly (?P<every>higher|lower) than they begin)"
)
SPREAD = re.compile(rf"(?P<p>{NUMBER}) of its points lie between (?P<low>{NUMBER}) and (?P<high>{NUMBER})")
MEDIAN = re.compile(rf"its median is (?P<m>{NUMBER})")
OF_VALUES = re.compile(rf"(?P<p>{NUMBER}) of the range of its values")
SCATTER = re.compile(
    rf"(?:(?:scatters?|strays|jitters around its course) by|standard deviation around its course, is) "
    rf"(?P<factor>a factor of )?about (?P<s>{NUMBER})"
)
ALL_VALUES = re.compile(
    rf"values of .+? (?P<first>range from|lie between) (?P<a>{NUMBER}) \((?:at|in|on) (?P<x>[^()]*)\) "
    rf"(?P<second>to|and) (?P<b>{NUMBER}) \((?:at|in|on) (?P<w>[^()]*)\)"
)
RANKED = re.compile(
    rf"\b[Ww]ith (?P<a>{NUMBER}) (?:at|in|on) (?P<x>.+?), .+? (?:at|among) its (?P<first>lowest|highest)\b"
    rf".*?; with (?P<b>{NUMBER}) (?:at|in|on) (?P<w>.+?), (?:at|among) its (?P<second>lowest|highest)"
)


def _ends_of_many(context: Context, match: re.Match[str]) -> Claim | None:
    """ "Of the 16 series, 8 end clearly higher than they begin and 7 clearly lower."""
    curves = [curve for curve in context.curves.values() if curve.ordered and len(curve.y) > 1]
    if int(match["n"] or match["all"]) != len(curves):
        # Which of them are meant is not said.
        return None
    k = [max(1, min(FEW_ENDS, round(len(curve.y) / 10))) for curve in curves]
    moves = np.array(
        [
            (float(np.median(curve.y[-m:])) - float(np.median(curve.y[:m]))) / (curve.range or 1.0)
            for curve, m in zip(curves, k, strict=True)
        ]
    )
    good, counts = True, []
    for number, way in (
        (match["a"] or match["all"], match["way"] or match["every"]),
        (match["b"], match["other"]),
    ):
        if number is not None:
            signed = moves if way == "higher" else -moves
            counts.append(f"{int(np.sum(signed > 0))} end {way}")
            good = good and bool(np.sum(signed > SURELY) <= int(number) <= np.sum(signed > BARELY))
    return told(match, good, ", ".join(counts))


def _rank(context: Context, match: re.Match[str]) -> Claim | None:
    """The correlation of the ranks of a cloud's x and y."""
    curve = context.curve
    if curve is None or len(curve.y) < 4 or curve.labels is not None:
        return None
    ranks = [np.argsort(np.argsort(values, kind="stable"), kind="stable") for values in (curve.x, curve.y)]
    r = float(np.corrcoef(ranks[0], ranks[1])[0, 1])
    return told(match, abs(r - read_number(match["r"]).value) < RANK_SLACK, f"it is {r:.2f}")


def is_percent(printed: str, share: float, rounding: float = 0.0) -> bool:
    """Whether a printed percentage is this share, by what printing and reading may cost."""
    value = read_number(printed).value
    slack = max(PERCENT_POINTS, PERCENT_SHARE * abs(100 * share)) + 100 * rounding
    return abs(value - 100 * share) <= slack


def _spread(context: Context, match: re.Match[str]) -> Claim | None:
    curve = context.curve
    if curve is None:
        return None
    low, high = (ruled(curve, read_number(match[key])) for key in ("low", "high"))
    slack = curve.tolerance(max(low.rounding, high.rounding))
    inside = float(np.mean((curve.y >= low.value - slack) & (curve.y <= high.value + slack)))
    strict = float(np.mean((curve.y >= low.value + slack) & (curve.y <= high.value - slack)))
    p = read_number(match["p"]).value / 100
    off = max(SHARE_OFF, POINTS_OFF / max(1, len(curve.y)))
    return told(match, strict - off <= p <= inside + off, f"{inside:.0%} do")


def _median(context: Context, match: re.Match[str]) -> Claim | None:
    curve = context.curve
    if curve is None:
        return None
    middle = float(np.median(curve.y))
    return told(match, is_value(curve, middle, read_number(match["m"])), f"it is {curve.shown(middle)}")


def _scatter(context: Context, match: re.Match[str]) -> Claim | None:
    curve = context.curve_at(match.start())
    if curve is None or len(curve.y) < 6:
        return None
    steps = np.diff(curve.y)
    typical = 1.4826 * float(np.median(abs(steps - np.median(steps)))) / np.sqrt(2)
    number = read_number(match["s"])
    if bool(match["factor"]) != curve.log:
        return None
    number = ruled(curve, number)
    printed = number.value
    # Of a steep course the steps themselves are no scatter.
    least = SCATTER_BOUNDS[0] * min(typical, curve.scatter)
    good = least <= printed <= max(SCATTER_BOUNDS[1] * typical, 0.03 * curve.range)
    share = OF_VALUES.search(context.text)
    if good and share is not None:
        made = 100 * printed / curve.range
        slack = SCATTER_POINTS + 100 * number.rounding / curve.range + SCATTER_SHARE * made
        good = abs(read_number(share["p"]).value - made) <= slack
    return told(match, good, f"from point to point it is {typical:.3g}")


def _all_values(context: Context, match: re.Match[str]) -> Claim | None:
    """The smallest and the largest value, and where they are."""
    curve = context.curve
    if curve is None or len(curve.y) == 0:
        return None
    ends = float(curve.y.min()), float(curve.y.max())
    numbers = [read_number(match[key]) for key in ("a", "b")]
    good = all(is_value(curve, end, number) for end, number in zip(ends, numbers, strict=True))
    good = good and (match["first"], match["second"]) != ("lowest", "lowest") and match["first"] != "highest"
    if curve.labels is None:
        for number, words in zip(numbers, (match["x"], match["w"]), strict=True):
            printed = re.match(rf"{WORD}({PLACE})", words)
            place = None if printed is None else read_place(printed[1])
            there = None if place is None else value_at(curve, number, place)
            good = good and there is not None and there.verdict == "holds"
    return told(match, good, f"they go from {curve.shown(ends[0])} to {curve.shown(ends[1])}")


SPREAD_JUDGES: tuple[tuple[re.Pattern[str], Judge], ...] = (
    (MANY, _ends_of_many),
    (RANK, _rank),
    (SPREAD, _spread),
    (MEDIAN, _median),
    (ALL_VALUES, _all_values),
    (RANKED, _all_values),
    (SCATTER, _scatter),
)
