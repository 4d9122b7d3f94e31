"""Numbers that rules ask for and no sentence prints, made from a finding and its series."""

from __future__ import annotations

import math
from collections.abc import Mapping

from interpret.findings.model import Finding
from interpret.findings.study import Study

# A share is bounded by 1, or by 100 where values exceed this.
LARGEST_SHARE = 1.5


def derive(finding: Finding, study: Study) -> Mapping[str, float | str]:
    """Return the finding's evidence with the derived numbers added.

    ``run_start``, ``run_end``, ``share_of_run`` and ``run_at`` place it in the run (0 to 1);
    ``change_of_level`` and ``change_share`` are its change over the level before and over the range;
    ``end_share`` the end's size over the start's; ``spread_of_level`` the spread inside over the level;
    ``bound_gap`` how far the level is from the upper bound of a share; ``abs_level`` its size.
    """
    evidence: dict[str, float | str] = dict(finding.evidence)
    if study.n < 2:
        return evidence
    x0, span = float(study.column.x[0]), float(study.column.x[-1] - study.column.x[0]) or 1.0
    if finding.x_range is not None:
        first, last = (float(study.column.x[study.index_of(at)]) for at in finding.x_range)
        evidence |= {"run_start": (first - x0) / span, "run_end": (last - x0) / span}
        evidence["share_of_run"] = (last - first) / span
    at = evidence.get("x_at")
    if at is not None:
        evidence["run_at"] = (float(study.column.x[study.index_of(at)]) - x0) / span
    evidence |= _changes(evidence, study)
    evidence |= _levels(evidence, study)
    return evidence


def _changes(evidence: Mapping[str, float | str], study: Study) -> dict[str, float]:
    start = _number(evidence, "from", "before")
    end = _number(evidence, "to", "at")
    if start is None or end is None:
        return {}
    result = {}
    if start != 0:
        result = {"change_of_level": abs(end - start) / abs(start), "end_share": abs(end) / abs(start)}
    if study.range:
        change = abs(math.log10(end / start)) if study.log_y and start * end > 0 else abs(end - start)
        result["change_share"] = change / study.range
    return result


def _levels(evidence: Mapping[str, float | str], study: Study) -> dict[str, float]:
    level = _number(evidence, "level", "median")
    if level is None:
        return {}
    result = {"abs_level": abs(level)}
    low, high = _number(evidence, "low"), _number(evidence, "high")
    # Without bounds it stays constant within the reading's error.
    spread = 0.0 if low is None or high is None else high - low
    result["spread_of_level"] = spread / abs(level) if level else (0.0 if spread == 0 else math.inf)
    bound = 100.0 if study.unit == "%" or float(study.full.y.max()) > LARGEST_SHARE else 1.0
    result["bound_gap"] = abs(bound - level) / bound
    return result


def _number(evidence: Mapping[str, float | str], *keys: str) -> float | None:
    for key in keys:
        value = evidence.get(key)
        if isinstance(value, (int, float)):
            return float(value)
    return None
