"""What independent evidence says against a fitted scale: values, decimals, marks, guesses, factors."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from digitizer.evidence import AxisEvidence, FloatArray, Mask
from digitizer.numbers import ParsedNumber, parse_offset
from digitizer.separators import tell_separators
from digitizer.stages.axes.line_fit import MIN_AGREEING, has_log_marks, is_round, ruler

# A factor of which the recogniser is less sure is doubted: it is right or off by powers of ten (drawn charts:
# small exponents misread at 0.75 and 0.77, right ones at 0.83, the 1e6 below a real curve, and more).
SURE_FACTOR = 0.8
# Equal steps that are no round ones are borne out by so many labels, each off by at most this share of its
# last digit (half of it, and what a line through all of them is off).
FEWEST_STEPS, ROUNDED_TO, EXACT = 5, 0.75, 0.01
# Raised exponents that are read level count up from a hundred, as hardly any axis does.
_LEVEL_POWER = re.compile(r"10\d")
# So many marks between two powers of ten, this share of all of them at multiples of such, and decades of so
# many pixels prove where the powers are: nine fit no other row. Of a corner, one more.
FEWEST_MULTIPLES, AT_MULTIPLES, LEAST_DECADE_PX = 6, 0.85, 60.0
# A letter for a nought is borne out by the scale of so many numbers.
FEWEST_BESIDE_ZERO = 3
# So many labels between an axis' two ends show what its step is.
FEWEST_BETWEEN = 4


def find_problems(
    evidence: AxisEvidence,
    parsed: Sequence[ParsedNumber | None],
    values: FloatArray,
    kind: str,
    slope: float,
    used: Mask,
) -> list[str]:
    """List what independent evidence says against a fitted scale, as codes of the notice table."""
    problems: list[str] = []
    n_used = int(used.sum())
    if n_used < 3 and not _decades_are_marked(evidence, values, kind, slope, used):
        problems.append("scale-two-ticks")
    if n_used < len(values):
        problems.append("tick-label-misread")
    if n_used < MIN_AGREEING * len(values):
        problems.append("scale-contradicted")
    u = np.sort(ruler(values, kind)[used])
    if any(p is not None and p.kind == "pi" for p in parsed):
        u = 12 * u / np.pi
    if kind == "linear" and n_used >= 3 and not evidence.at_bars:
        nice = _evenly_nice(u) or _nice_between_ends(u)
        if not nice and rounding_of(parsed, values, used) is None:
            problems.append("tick-values-uneven")
    if _rests_on_guesses([p for p, ok in zip(parsed, used, strict=True) if ok and p is not None]):
        problems.append("tick-label-guessed")
    if kind == "linear" and all(_LEVEL_POWER.fullmatch(span.text) for span in evidence.labels):
        problems.append("axis-kind-unproven")
    if kind == "linear" and not _decimals_agree(parsed, used):
        problems.append("tick-decimals-differ")
    if not tell_separators([span.text for span in evidence.labels], evidence.decimal_mark).proven:
        problems.append("decimal-mark-unproven")
    factor = evidence.multiplier
    if factor is not None and (factor.confidence < SURE_FACTOR or parse_offset(factor.text) is None):
        problems.append("factor-unsure")
    if _marks_disagree(evidence, used):
        problems.append("ticks-off-marks")
    return problems


def _decades_are_marked(
    evidence: AxisEvidence, values: FloatArray, kind: str, slope: float, used: Mask
) -> bool:
    """Whether the marks between two powers of ten say, as a third label would, that they are so far apart."""
    if kind != "log" or used.sum() != 2:
        return False
    px = evidence.label_px[: len(used)][used]
    n_between = np.count_nonzero((evidence.marks - px[0]) * (evidence.marks - px[1]) < 0)
    if n_between < FEWEST_MULTIPLES or abs(slope) < LEAST_DECADE_PX:
        return False
    origin = float(np.mean(px - slope * ruler(values, kind)[used]))
    return has_log_marks(evidence.marks, origin, slope, AT_MULTIPLES)


def _rests_on_guesses(numbers: Sequence[ParsedNumber]) -> bool:
    """Whether a label in use was guessed at that the others do not prove.

    An m may be milli or metres; where a label but zero has none, only milli lies on one scale with it. An O
    that lies on the scale of enough numbers is a zero.
    """
    zeros = sum(not number.guessed for number in numbers) >= FEWEST_BESIDE_ZERO
    guessed = [number for number in numbers if number.guessed and not (zeros and number.value == 0)]
    plain = any(not number.guessed and number.value for number in numbers)
    proven = plain and len(numbers) >= 3 and all(number.kind == "suffix" for number in guessed)
    return bool(guessed) and not proven


def _evenly_nice(u: FloatArray) -> bool:
    """Whether the values are multiples of one round step, as every plotting program chooses them."""
    steps = np.diff(u)
    base = float(np.min(steps))
    if base <= 0:
        return False
    ratio = steps / base
    if np.any(np.abs(ratio - np.round(ratio)) > 0.02):
        return False
    return is_round(base)


def rounding_of(parsed: Sequence[ParsedNumber | None], values: FloatArray, used: Mask) -> float | None:
    """By how much labels may be off that are equal steps, however odd, each rounded to the digits it prints.

    ApexCharts parts an axis from its least to its greatest value: 1.0, 5.9, 10.8, 15.6, ... 40.0. None where
    labels are no such row, 0 where their steps are the same as printed.
    """
    n = int(used.sum())
    if n < FEWEST_STEPS or n < len(values):
        return None
    digit = max(p.multiplier * 10.0**-p.n_decimals for p in parsed if p is not None)
    number = np.arange(n)
    miss = float(np.abs(values - np.polyval(np.polyfit(number, values, 1), number)).max())
    if miss > ROUNDED_TO * digit:
        return None
    return digit / 2 if miss > EXACT * digit else 0.0


def _nice_between_ends(u: FloatArray) -> bool:
    """Whether all but the first and the last value are: an axis may say where it begins and ends (NVD3)."""
    return any(
        len(part) >= FEWEST_BETWEEN and _evenly_nice(part) and _is_beside(u, part)
        for part in (u[1:], u[:-1], u[1:-1])
    )


def _is_beside(u: FloatArray, part: FloatArray) -> bool:
    """Whether values beside an even row are at most two of its steps from it: nearer ones would overlap."""
    step = float(np.min(np.diff(part)))
    return float(np.diff(u)[[0, -1]].max()) < 2 * step


def _decimals_agree(parsed: Sequence[ParsedNumber | None], used: Mask) -> bool:
    """Whether all labels that are in use print the same number of decimals, or drop trailing zeros alike.

    Those with one suffix are compared with each other: 500, 1.0K and 1.5K follow one rule (DevExtreme).
    """
    # amCharts and Chart.js print zero without any.
    numbers = [p for p, ok in zip(parsed, used, strict=True) if ok and p is not None and p.value]
    alike: dict[float, set[int]] = {}
    for number in numbers:
        alike.setdefault(number.multiplier, set()).add(number.n_decimals)
    if all(len(decimals) == 1 for decimals in alike.values()):
        return True
    # Programs that drop trailing zeros (0, 0.5, 1) print no more decimals than the value needs.
    return all(p.n_decimals == 0 or round(p.value / p.multiplier * 10**p.n_decimals) % 10 for p in numbers)


def _marks_disagree(evidence: AxisEvidence, used: Mask) -> bool:
    """Whether marks are there and most labels in use stand at none of them."""
    if len(evidence.marks) < 3:
        return False
    away = np.abs(evidence.label_px[: len(used)][used, None] - evidence.marks[None]).min(axis=1)
    return bool(np.mean(away > 1.0) > 0.5)
