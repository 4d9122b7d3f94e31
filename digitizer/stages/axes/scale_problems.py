"""What independent evidence says against a fitted scale: values, decimals, marks, guesses, factors."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from digitizer.evidence import AxisEvidence, FloatArray, Mask
from digitizer.numbers import ParsedNumber, parse_offset
from digitizer.separators import tell_separators
from digitizer.stages.axes.line_fit import MIN_AGREEING, is_round, ruler

# A factor of which the recogniser is less sure is doubted: it is right or off by powers of ten (drawn charts:
# small exponents misread at 0.75 and 0.77, right ones at 0.91 and more).
SURE_FACTOR = 0.85


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
    if n_used < 3:
        problems.append("scale-two-ticks")
    if n_used < len(values):
        problems.append("tick-label-misread")
    if n_used < MIN_AGREEING * len(values):
        problems.append("scale-contradicted")
    u = np.sort(ruler(values, kind)[used])
    if any(p is not None and p.kind == "pi" for p in parsed):
        u = 12 * u / np.pi
    if kind == "linear" and n_used >= 3 and not evidence.at_bars and not _evenly_nice(u):
        problems.append("tick-values-uneven")
    if _rests_on_guesses([p for p, ok in zip(parsed, used, strict=True) if ok and p is not None]):
        problems.append("tick-label-guessed")
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


def _rests_on_guesses(numbers: Sequence[ParsedNumber]) -> bool:
    """Whether a label in use was guessed at that the others do not prove.

    An m may be milli or metres; where a label but zero has none, only milli lies on one scale with it.
    """
    guessed = [number for number in numbers if number.guessed]
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


def _decimals_agree(parsed: Sequence[ParsedNumber | None], used: Mask) -> bool:
    """Whether all labels that are in use print the same number of decimals, or drop trailing zeros alike."""
    numbers = [p for p, ok in zip(parsed, used, strict=True) if ok and p is not None]
    decimals = {p.n_decimals for p in numbers}
    if len(decimals) <= 1:
        return True
    # Programs that drop trailing zeros (0, 0.5, 1) print no more decimals than the value needs.
    return all(
        p.n_decimals == 0 or p.value == 0 or round(p.value / p.multiplier * 10**p.n_decimals) % 10
        for p in numbers
    )


def _marks_disagree(evidence: AxisEvidence, used: Mask) -> bool:
    """Whether marks are there and most labels in use stand at none of them."""
    if len(evidence.marks) < 3:
        return False
    away = np.abs(evidence.label_px[: len(used)][used, None] - evidence.marks[None]).min(axis=1)
    return bool(np.mean(away > 1.0) > 0.5)
