"""Tell whether bars on their side are listed downwards or from the bottom up; no pixel is looked at here."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from digitizer.evidence import LegendEntry, PanelEvidence, Trace
from digitizer.stages.axes.calendar_names import DAYS, MONTHS

# Months and weekdays by their first letters.
CALENDARS = tuple(tuple(name[:3].lower() for name in row) for row in (MONTHS, DAYS))
# Answers and sizes that are listed from the least to the most.
GRADES = (
    ("never", "rarely", "seldom", "sometimes", "often", "usually", "always"),
    ("none", "low", "medium", "high", "very high"),
    ("tiny", "small", "medium", "large", "huge"),
    ("xxs", "xs", "s", "m", "l", "xl", "xxl", "xxxl"),
    ("primary", "secondary", "tertiary"),
    ("bronze", "silver", "gold", "platinum"),
    ("poor", "fair", "good", "very good", "excellent"),
)
# So many names are in order by chance once in six times (dates, numbers: they have an order) and in 24.
FEWEST_DATED = 3
FEWEST_SORTED = 4
# With one of them out of its place ("null" before all others, a name misread), so many are once in 140 times.
FEWEST_BUT_ONE = 7
# Bars of a group stand beside each other: their middles are apart by at least this share of their width.
ASIDE = 0.5
# What is listed after all others, by whatever those are sorted.
LAST = frozenset({"other", "others", "rest", "total", "misc", "all others"})


def runs_downwards(evidence: PanelEvidence) -> bool | None:
    """Whether a panel's level bars are listed from the top downwards, None where nothing tells.

    Programs list them from the bottom upwards as often as downwards. A drawing tells by the order in which
    its bars were drawn. Else the names' own order tells, and the bars of a group: who lists categories
    downwards draws a group's bars from the top in the legend's order.
    """
    axis, scale = evidence.y_axis, evidence.y_scale
    if axis is None or scale is None or scale.kind != "category":
        return None
    drawn = {trace.drawn_down for trace in evidence.traces if trace.drawn_down is not None}
    if len(drawn) == 1:
        return drawn.pop()
    labels = sorted(zip(axis.label_px, axis.labels, strict=False), key=lambda pair: float(pair[0]))
    names = [span.text for _, span in labels]
    told = names_run_down(names)
    return told if told is not None else _groups_run_down(evidence)


def names_run_down(names: Sequence[str]) -> bool | None:
    """Whether names, from top to bottom, are in an order of their own, None where they have none."""
    down, up = in_own_order(names), in_own_order(names[::-1])
    if down or up:
        # Two orders that run against each other tell nothing: quarters fall where their years rise.
        return None if down and up else down
    ends = [bool(names) and names[k].strip().lower().rstrip(".") in LAST for k in (0, -1)]
    return ends[1] if len(names) >= FEWEST_DATED and ends[0] != ends[1] else None


def in_own_order(names: Sequence[str]) -> bool:
    """Whether names are in an order of their own: by calendar, grade, number, letter or alphabet."""
    words = [name.strip().lower() for name in names]
    grades = [[row.index(word) for word in words] for row in GRADES if set(words) <= set(row)]
    keys = [_calendar_place(name) for name in names]
    numbers = [tuple(int(n) for n in re.findall(r"\d+", name)) for name in names]
    # Numbers count what the rest of the names says: 1 to 3 of "gzip -1", "xz -2" and "lz4 -3" count nothing.
    counted = len({re.sub(r"\d+", "0", name) for name in names}) == 1
    orders: list[tuple[int, Sequence[Any]]] = [(FEWEST_SORTED, words)]
    # Letters in a row are counted as numbers are: nobody lists C, B, A.
    if (letters := _counting_letters(words)) is not None:
        orders.append((FEWEST_DATED, letters))
    orders += [(FEWEST_DATED, grade) for grade in grades]
    if None not in keys:
        orders.append((FEWEST_DATED, [key for key in keys if key is not None]))
    if all(numbers) and counted:
        # Years stand last as often as first: Q4 22, Q1 23.
        orders += [(FEWEST_DATED, numbers), (FEWEST_DATED, [parts[::-1] for parts in numbers])]
    if any(len(names) >= fewest and _ascends(order) for fewest, order in orders):
        return True
    but_one = (words[:k] + words[k + 1 :] for k in range(len(words)))
    return len(names) >= FEWEST_BUT_ONE and any(map(_ascends, but_one))


def _counting_letters(words: Sequence[str]) -> list[str] | None:
    """The letter that tells each name from the others ("group a", "group b"), None where none does alone."""
    parted = [re.fullmatch(r"(.*\b)?([a-z])", word) for word in words]
    if not all(parted) or len({part[1] for part in parted if part}) > 1:
        return None
    letters = sorted(part[2] for part in parted if part)
    in_a_row = all(ord(b) - ord(a) == 1 for a, b in pairwise(letters))
    return [part[2] for part in parted if part] if in_a_row else None


def _groups_run_down(evidence: PanelEvidence) -> bool | None:
    """Whether the bars of each group stand from the top downwards as a row of legend entries lists them.

    Entries below each other tell less: some programs turn these over so that they look like the bars. Where
    they are the other way round nothing was turned, and bars are listed from the bottom upwards.
    """
    if len({entry.text.text for entry in evidence.legend}) < 2:
        return None
    in_row = _is_row(evidence.legend)
    entries = sorted(evidence.legend, key=lambda e: e.text.box.left if in_row else e.text.box.center[1])
    listed = [entry.text.text for entry in entries]
    bars = {
        name: trace
        for trace, name in zip(evidence.traces, evidence.names, strict=False)
        if name in listed and trace.kind == "bar" and trace.orientation == "horizontal" and trace.y_px.size
    }
    # A bar that is missing would shift its series against the others.
    if len(bars) < 2 or len({trace.y_px.size for trace in bars.values()}) > 1:
        return None
    steps = [b - a for a, b in pairwise(_first_place(bars[name]) for name in listed if name in bars)]
    if min(abs(step) for step in steps) < ASIDE * min(trace.line_width_px for trace in bars.values()):
        return None
    if max(steps) < 0:
        return False
    return True if in_row and min(steps) > 0 else None


def _is_row(legend: Sequence[LegendEntry]) -> bool:
    boxes = [entry.text.box for entry in legend]
    return max(box.top for box in boxes) < min(box.bottom for box in boxes)


def _first_place(trace: Trace) -> float:
    return float(trace.y_px.min())


def _ascends(order: Sequence[Any]) -> bool:
    return all(a < b for a, b in pairwise(order))


def _calendar_place(name: str) -> int | None:
    """The place of a month or weekday in its row."""
    start = name.strip().lower()[:3]
    return next((row.index(start) for row in CALENDARS if start in row), None)
