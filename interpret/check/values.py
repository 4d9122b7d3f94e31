"""Judge values at places, medians of windows, moves from one value to another, extremes, counts."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

import numpy as np

from interpret.check.claim import Claim, Context, claim
from interpret.check.curve import LN_10, Curve
from interpret.check.grammar import DATE, NUMBER, PLACE, Number, direction_of, read_number, read_place

# Words between a value and its place, or a place and its value; the x axis' own word among them.
WORD = r"(?:[A-Za-z_][\w'-]*\s+){0,4}?(?:x\s*=\s*)?"
WINDOW = re.compile(
    rf"(?P<y>{NUMBER})\s*(?:before|during it|after)?\s*\((?:the )?median of {WORD}(?P<a>{PLACE}) "
    rf"(?:to|-|–) (?P<b>{PLACE})"
)
VALUE_AT = re.compile(
    # "Steps 45 to 70, at a median of 1.8" puts no value there.
    rf"(?P<y>{NUMBER})\s*(?:\(|,\s*)?(?:at|in|on|around|near|by)\s+(?!(?:an?|its)\s)"
    rf"(?:about\s+|around\s+)?{WORD}(?P<x>{PLACE})"
)
AT_VALUE = re.compile(
    rf"\b(?:at|in|on|by|around)?\s*(?:about\s+)?{WORD}(?P<x>{PLACE})(?:\s*:\s*|,?\s+(?:it|[\w ]{{1,30}}) "
    rf"(?:is|was|reaches|equals|stands at)\s+)(?:about\s+)?(?P<y>{NUMBER})",
    re.I,
)
FROM_TO = re.compile(
    rf"\bfrom\s+(?:its \w+ value,\s*)?(?:about\s+)?(?P<a>{NUMBER})"
    rf"(?P<between>(?:\s*\([^()]*\)|,?\s+(?:at|in|on)\s+{WORD}{PLACE})?)\s*,?\s*(?:down |up )?"
    rf"to\s+(?:about\s+)?(?P<b>{NUMBER})"
)
FROM_MOVE = re.compile(
    rf"\bFrom (?P<a>{NUMBER}) (?:at|in|on) [^,;]+, [^,;:]+? (?P<verb>rises|falls) to (?P<b>{NUMBER})"
)
OVER = re.compile(
    rf"\bover {WORD}(?P<a>{PLACE}) to (?P<b>{PLACE})(?: \(medians of the first and last (?P<k>\d+))?"
)
EXTREME = re.compile(
    rf"\b(?P<which>lowest|highest|minimum|maximum|max|min|smallest|largest)\b(?P<among> values?)?"
    rf"(?:\s+(?:value|point))?\s*(?:\([^()]*\)\s*)?(?:is|at|of|was|,|:)?\s*(?:about\s+)?(?P<y>{NUMBER})",
    re.I,
)
COUNT = re.compile(r"(?P<n>\d+) points(?: each)?\b")
# On a category axis: "194 (sprintf); 62 (vc)", "lowest at null (2)".
IN_CATEGORY = re.compile(rf"(?P<y>{NUMBER}) (?:\((?P<label>[^()]+)\)|(?:at|in|on) (?P<bare>[^;,.()]+))")
CATEGORY_EXTREME = re.compile(
    rf"(?P<which>lowest|highest)(?: values)? (?:at|in|on) (?P<label>[^()]+?) \((?P<y>{NUMBER})\)"
)
LISTED = re.compile(rf"{NUMBER} at {WORD}{PLACE}; .*; {NUMBER} at {WORD}{PLACE}")
LEAST_MOVE = 0.02
YEARS = range(1500, 2200)


def judge_values(context: Context) -> list[Claim]:
    """All values that the sentence puts at a place."""
    windows = _windows(context)
    values = [
        one
        for one in _values_at(context)
        if not any(one.start < other.end and other.start < one.end for other in windows)
    ]
    listed = _in_order(context)
    named = [*_in_categories(context), *_from_moves(context)]
    return [*windows, *_moves(context), *_extremes(context), *values, *named, *listed, *_counts(context)]


def _in_categories(context: Context) -> list[Claim]:
    """Values told of categories by their names, and the categories of the extremes."""
    found = []
    for match in IN_CATEGORY.finditer(context.text):
        curve = context.curve_at(match.start())
        at = None if curve is None else _category(curve, match["label"] or match["bare"])
        if curve is not None and at is not None:
            good = is_value(curve, float(curve.y[at]), read_number(match["y"]))
            found.append(
                claim(match.group(), good, f"it is {curve.shown(float(curve.y[at]))}", *match.span())
            )
    for match in CATEGORY_EXTREME.finditer(context.text):
        curve = context.curve_at(match.start())
        at = None if curve is None else _category(curve, match["label"])
        if curve is not None and at is not None:
            extreme = float(curve.y.min() if match["which"] == "lowest" else curve.y.max())
            number = read_number(match["y"])
            good = is_value(curve, extreme, number) and is_value(curve, float(curve.y[at]), number)
            found.append(claim(match.group(), good, f"it is {curve.shown(extreme)}", *match.span()))
    return found


def _category(curve: Curve, words: str) -> int | None:
    """Which category some words end with ("test number 4"), None where none."""
    labels = [label.lower() for label in curve.labels or ()]
    told = re.sub(r"\b(?:and|to|its|the)\b.*$", "", words.strip().lower()) or words.strip().lower()
    for text in (words.strip().lower(), told.strip()):
        ends = [k for k, label in enumerate(labels) if text == label or text.endswith(f" {label}")]
        if ends:
            return max(ends, key=lambda k: len(labels[k]))
    return None


def _in_order(context: Context) -> list[Claim]:
    """Whether the places of a list ("480 at step 0; 520 at 10; ...") ascend."""
    listed = LISTED.search(context.text)
    curve = context.curve
    if listed is None or (curve is not None and not curve.ordered):
        return []
    places = [read_place(place) for place in re.findall(rf"\bat {WORD}({PLACE})(?=;|\.?$)", listed.group())]
    known = [place for place in places if place is not None]
    good = all(a < b for a, b in pairwise(known))
    return [] if good else [claim(listed.group()[:40], False, "the places are out of order", *listed.span())]


def ruled(curve: Curve, number: Number) -> Number:
    """A printed value in the units of the curve's ``y``."""
    if not curve.log:
        return number
    if number.value <= 0:
        return replace(number, value=float("nan"))
    return replace(
        number, value=float(np.log10(number.value)), rounding=number.rounding / number.value / LN_10
    )


def is_value(curve: Curve, value: float, number: Number) -> bool:
    """Whether a value of the curve's ``y`` is what is printed."""
    there = ruled(curve, number)
    return bool(abs(value - there.value) <= curve.tolerance(there.rounding, about=number.about))


def value_at(curve: Curve, number: Number, place: float) -> Claim | None:
    """Whether one of the points that a place may mean has this value."""
    near = curve.near(place)
    if len(near) == 0:
        return None
    best = int(near[np.argmin(abs(curve.y[near] - ruled(curve, number).value))])
    value = float(curve.y[best])
    return claim("", is_value(curve, value, number), f"it is {curve.shown(value)}")


def _windows(context: Context) -> list[Claim]:
    found = []
    for match in WINDOW.finditer(context.text):
        curve = context.curve_at(match.start())
        a, b = read_place(match["a"]), read_place(match["b"])
        if curve is None or a is None or b is None:
            continue
        inside = curve.window(a, b)
        if len(inside) == 0 or a > b:
            found.append(claim(match.group(), False, "there are no such points", *match.span()))
            continue
        middle = float(np.median(inside))
        good = is_value(curve, middle, read_number(match["y"]))
        found.append(claim(match.group(), good, f"the median is {curve.shown(middle)}", *match.span()))
    return found


def _values_at(context: Context) -> list[Claim]:
    found = []
    for pattern in (VALUE_AT, AT_VALUE):
        for match in pattern.finditer(context.text):
            curve = context.curve_at(match.start("y"))
            place = read_place(match["x"])
            if curve is None or place is None or curve.labels is not None:
                continue
            number = read_number(match["y"])
            # "In 2023" of days is a year, and "rose in 2011 at 20" may tell either first.
            year = curve.dated and not re.match(DATE, match["x"].strip())
            if "on the way forth" in context.text or year or _spans_x(curve, number, number):
                continue
            if number.percent and curve.range > 0 and np.nanmax(abs(curve.y)) < 1.5:
                continue
            judged = value_at(curve, number, place)
            if judged is None and _beyond(curve, place, match, context):
                judged = claim("", False, "there is no such point")
            if judged is not None:
                found.append(claim(match.group(), judged.verdict == "holds", judged.detail, *match.span()))
    return found


def _beyond(curve: Curve, place: float, match: re.Match[str], context: Context) -> bool:
    """Whether a place that is meant for one lies where the series has no points."""
    if len(curve.x) == 0 or "(" in match.group():
        return False
    told = re.search(r"\b(?:at|in|on|by)\s+[A-Za-z]", match.group()) or re.match(
        r"\s*[;.]", context.text[match.end() :]
    )
    return bool(told) and not curve.x[0] - 0.02 * curve.length <= place <= curve.x[-1] + 0.02 * curve.length


def _moves(context: Context) -> list[Claim]:
    """From one value to another: the way, and that both values are there."""
    found = []
    for match in FROM_TO.finditer(context.text):
        curve = context.curve_at(match.start())
        a, b = read_number(match["a"]), read_number(match["b"])
        way = direction_of(context.text[: match.start()][-120:])
        if curve is None or _is_place(match, context) or _spans_x(curve, a, b):
            continue
        step = ruled(curve, b).value - ruled(curve, a).value
        if way and abs(step) > LEAST_MOVE * curve.range:
            good = step * way > 0
            found.append(claim(match.group(), good, f"move by {step:+.6g}", *match.span()))
        over = OVER.search(context.text, match.end() - 1)
        if over is not None and over.start() - match.end() < 3:
            found += _ends(curve, a, b, over, match)
        elif not match["between"] and not re.match(r"\s*(?:\(|at|in|on)", context.text[match.end() :]):
            for number in (a, b):
                nearest = curve.y[np.argmin(abs(curve.y - ruled(curve, number).value))]
                there = is_value(curve, float(nearest), number)
                found.append(claim(match.group(), there, "no such value" if not there else "", *match.span()))
    return found


def _from_moves(context: Context) -> list[Claim]:
    """ "From 6.5 at step 2, the loss falls to 3.3": the way, and that both values are there."""
    found = []
    for match in FROM_MOVE.finditer(context.text):
        curve = context.curve_at(match.start())
        if curve is None:
            continue
        a, b = (ruled(curve, read_number(match[key])).value for key in ("a", "b"))
        good = (b - a) * (1 if match["verb"] == "rises" else -1) > 0
        found.append(claim(match.group(), good, f"move by {b - a:+.6g}", *match.span()))
    return found


def _spans_x(curve: Curve, a: Number, b: Number) -> bool:
    """Whether two numbers are years of the x axis: "fell from 1968 to 1978" tells no values."""
    if curve.labels is not None or len(curve.x) == 0 or not all(n.value in YEARS for n in (a, b)):
        return False
    if curve.dated:
        return True
    inside = all(curve.x[0] - 1 <= n.value <= curve.x[-1] + 1 for n in (a, b))
    low, high = (float(10.0**end) if curve.log else float(end) for end in (curve.y.min(), curve.y.max()))
    return inside and not all(low <= n.value <= high for n in (a, b))


def _is_place(match: re.Match[str], context: Context) -> bool:
    """ "runs from 0 to 70": a span of x; "80% of its rise from 480 to 690" is judged as a share."""
    before = context.text[: match.start()]
    return bool(
        re.search(
            r"\b(?:runs?|points|of its (?:rise|fall))\s*$|\b(?:gap between|ratio of)\b|\bscatter of\b", before
        )
    )


def _ends(curve: Curve, a: Number, b: Number, over: re.Match[str], match: re.Match[str]) -> list[Claim]:
    """Medians of the first and last points of a span."""
    first, last = read_place(over["a"]), read_place(over["b"])
    if first is None or last is None:
        return []
    inside = curve.window(first, last)
    k = int(over["k"] or 5)
    if len(inside) == 0:
        return [claim(match.group(), False, "there are no such points", *match.span())]
    ends = float(np.median(inside[:k])), float(np.median(inside[-k:]))
    good = is_value(curve, ends[0], a) and is_value(curve, ends[1], b)
    return [
        claim(match.group(), good, f"from {curve.shown(ends[0])} to {curve.shown(ends[1])}", *match.span())
    ]


def _extremes(context: Context) -> list[Claim]:
    found = []
    for match in EXTREME.finditer(context.text):
        before = context.text[: match.start()]
        curve = context.curve_at(match.start())
        if curve is None or len(curve.y) == 0 or "local" in before[-10:] or " of the " in match.group():
            continue
        number = read_number(match["y"])
        low = match["which"].lower() in ("lowest", "minimum", "min", "smallest")
        extreme = float(curve.y.min() if low else curve.y.max())
        good = is_value(curve, extreme, number)
        found.append(claim(match.group(), good, f"it is {curve.shown(extreme)}", *match.span()))
    return found


def _counts(context: Context) -> list[Claim]:
    found = []
    for match in COUNT.finditer(context.text):
        rest = context.text[match.end() :]
        before = context.text[: match.start()]
        curve = context.curve
        if curve is None or re.match(r"\s*(?:follow|around|lie|\))", rest):
            continue
        if re.search(r"(?:last|first|rests on|only|of)\s*$", before):
            continue
        n = int(match["n"])
        found.append(claim(match.group(), n == len(curve.y), f"there are {len(curve.y)}", *match.span()))
    return found
