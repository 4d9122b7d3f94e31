"""What a rule file may hold, and what is wrong with one that does not keep to it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Set
from typing import Any

from interpret.knowledge.model import Condition, Rule

HEDGES = ("may", "could", "consistent with", "might")
DIRECTIONS = ("up", "down", "flat")
BETTER = ("up", "down", "neutral")
KINDS = (
    *("trend", "phase", "plateau", "oscillation", "peak", "dip", "level-shift", "knee", "trend-change"),
    *("start-behaviour", "end-behaviour", "shape", "volatility", "stairs", "replay", "hysteresis"),
    *("extremum", "value", "noise", "association", "outlier", "clusters"),
    *("correlation", "lag", "timing", "divergence", "opposite-move", "co-move", "crossing", "order", "gap"),
)
TOP = {"rule", "quantity"}
RULE_NEEDS = ("id", "title", "when", "hypothesis", "confirms", "refutes", "source")
RULE_MAY = {*RULE_NEEDS, "weight", "progress", "x", "present", "absent", "before", "overlap", "unless"}
CONDITION_MAY = {
    *("quantity", "quantities", "ordered", "kind", "direction", "asserts", "at_least", "at_most", "equals"),
    "at_end",
}
PLACES = {"a", "b", "x"}
# What x may be called beside the quantities: any counter of training.
PROGRESS = "progress"


def check_top(document: Mapping[str, Any], name: str) -> list[str]:
    """Problems with a file's outermost tables."""
    unknown = sorted(set(document) - TOP)
    problems = [f"{name}: unknown table {key!r}; there are [[rule]] and [[quantity]]" for key in unknown]
    problems += [
        f"{name}: {key} must be an array of tables, [[{key}]]"
        for key in TOP & set(document)
        if not isinstance(document[key], list)
    ]
    if not problems and not any(document.get(key) for key in TOP):
        problems.append(f"{name}: holds neither a [[rule]] nor a [[quantity]]")
    return problems


def check_quantity(entry: Any, where: str) -> list[str]:
    """Problems with one quantity."""
    problems = []
    for key in ("id", "better", "words"):
        if key not in entry:
            problems.append(f"{where}: must have {key}")
    problems += [f"{where}: unknown field {key!r}" for key in sorted(set(entry) - {"id", "better", "words"})]
    if entry.get("better", "up") not in BETTER:
        problems.append(f"{where}: better must be one of {', '.join(BETTER)}, not {entry['better']!r}")
    if "words" in entry and not (_texts(entry["words"]) and entry["words"]):
        problems.append(f"{where}: words must be a list of texts, not {entry['words']!r}")
    return problems


def check_rule(entry: Any, where: str, known: Set[str]) -> tuple[Rule | None, list[str]]:
    """Read one rule: the rule, or None and what is wrong with it."""
    problems = [f"{where}: must have {key}" for key in RULE_NEEDS if key not in entry]
    problems += [f"{where}: unknown field {key!r}" for key in sorted(set(entry) - RULE_MAY)]
    for key in ("confirms", "refutes"):
        if key in entry and not (_texts(entry[key]) and entry[key]):
            problems.append(f"{where}: {key} must be a list of texts, at least one")
    for key, allowed in (("x", {*known, PROGRESS}), ("present", known), ("absent", known)):
        problems += _unknown(entry.get(key, []), f"{where}: {key}", allowed)
    problems += _hypothesis(entry.get("hypothesis", "may"), where)
    conditions: dict[str, list[Condition]] = {"when": [], "unless": []}
    for key, read in conditions.items():
        for index, item in enumerate(entry.get(key, [])):
            condition, found = _condition(item, f"{where}: {key} {index + 1}", known)
            problems += found
            if condition is not None:
                read.append(condition)
    if "when" in entry and not entry["when"]:
        problems.append(f"{where}: when must hold at least one condition")
    pairs = {key: entry.get(key, []) for key in ("before", "overlap")}
    n = len(entry.get("when", []))
    for key, value in pairs.items():
        if not all(isinstance(p, list) and len(p) == 2 and all(0 <= i < n for i in p) for p in value):
            problems.append(f"{where}: {key} must be pairs of indexes of when (from 0), not {value!r}")
    if problems:
        return None, problems
    return (
        Rule(
            id=entry["id"],
            title=entry["title"],
            weight=float(entry.get("weight", 1.0)),
            progress=bool(entry.get("progress", False)),
            x=tuple(entry.get("x", [])),
            present=tuple(entry.get("present", [])),
            absent=tuple(entry.get("absent", [])),
            before=tuple((first, second) for first, second in pairs["before"]),
            overlap=tuple((first, second) for first, second in pairs["overlap"]),
            when=tuple(conditions["when"]),
            unless=tuple(conditions["unless"]),
            hypothesis=entry["hypothesis"],
            confirms=tuple(entry["confirms"]),
            refutes=tuple(entry["refutes"]),
            source=entry["source"],
        ),
        [],
    )


def _condition(entry: Any, where: str, known: Set[str]) -> tuple[Condition | None, list[str]]:
    problems = [f"{where}: unknown field {key!r}" for key in sorted(set(entry) - CONDITION_MAY)]
    pair = "quantities" in entry
    single = entry.get("quantity", [])
    wanted = list(entry["quantities"]) if pair else [single] if isinstance(single, str) else list(single)
    if not wanted or (pair and len(wanted) != 2):
        problems.append(f"{where}: must have a quantity (one or several), or two quantities of a pair")
    problems += _unknown(wanted, f"{where}: quantity", known)
    kinds = entry.get("kind", [])
    kinds = [kinds] if isinstance(kinds, str) else list(kinds)
    wrong = [kind for kind in kinds if kind not in KINDS]
    if wrong or not kinds:
        problems.append(f"{where}: kind must be of {', '.join(KINDS)}; not {wrong or None}")
    direction = entry.get("direction")
    if direction is not None and direction not in DIRECTIONS:
        problems.append(f"{where}: direction must be one of {', '.join(DIRECTIONS)}, not {direction!r}")
    for key in ("at_least", "at_most"):
        bounds = entry.get(key, {})
        if not all(isinstance(v, (int, float)) and not isinstance(v, bool) for v in bounds.values()):
            problems.append(f"{where}: {key} must map names of evidence to numbers, not {bounds!r}")
    if problems:
        return None, problems
    return (
        Condition(
            quantities=tuple(wanted),
            pair=pair,
            ordered=bool(entry.get("ordered", False)),
            kinds=tuple(kinds),
            direction=direction,
            asserts=bool(entry.get("asserts", True)),
            at_least=dict(entry.get("at_least", {})),
            at_most=dict(entry.get("at_most", {})),
            equals=dict(entry.get("equals", {})),
            at_end=bool(entry.get("at_end", False)),
        ),
        [],
    )


def _hypothesis(text: Any, where: str) -> list[str]:
    if not isinstance(text, str) or not any(re.search(rf"\b{hedge}\b", text) for hedge in HEDGES):
        return [f"{where}: hypothesis must hedge with one of {', '.join(HEDGES)}, not {text!r}"]
    places = set(re.findall(r"\{(.*?)\}", text))
    if places - PLACES:
        return [f"{where}: hypothesis may hold {{a}}, {{b}} and {{x}}, not {sorted(places - PLACES)}"]
    return []


def _unknown(names: Any, where: str, known: Set[str]) -> list[str]:
    unknown = [name for name in names if name not in known]
    return [f"{where} {name!r} is not among the quantities" for name in unknown]


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(text, str) for text in value)
