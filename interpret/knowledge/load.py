"""Load and check the knowledge files."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
HEDGES = ("may", "could", "consistent with", "might")
DIRECTIONS = ("up", "down", "flat")


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A quantity and the words that name it."""

    id: str
    better: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What one finding must be like.

    ``quantities`` are those of its series: one for a finding about one series (any of them), two
    for one about a pair. ``ordered``: in this order.
    """

    quantities: tuple[str, ...]
    pair: bool
    ordered: bool
    kinds: tuple[str, ...]
    direction: str | None
    asserts: bool
    at_least: Mapping[str, float] = field(default_factory=dict)
    at_most: Mapping[str, float] = field(default_factory=dict)
    at_end: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule as the file holds it."""

    id: str
    title: str
    weight: float
    progress: bool
    when: tuple[Condition, ...]
    unless: tuple[Condition, ...]
    hypothesis: str
    confirms: tuple[str, ...]
    refutes: tuple[str, ...]
    source: str


@lru_cache(maxsize=1)
def load_quantities() -> tuple[tuple[Quantity, ...], tuple[str, ...]]:
    """Return the quantities and the words for training progress."""
    document = tomllib.loads((FOLDER / "quantities.toml").read_text("utf-8"))
    quantities = tuple(
        Quantity(id=entry["id"], better=entry["better"], words=tuple(entry["words"]))
        for entry in document["quantity"]
    )
    return quantities, tuple(document["progress"]["words"])


@lru_cache(maxsize=1)
def load_rules() -> tuple[Rule, ...]:
    """Return the rules that come with the package."""
    return read_rules((FOLDER / "rules.toml").read_text("utf-8"), "rules.toml")


def read_rules(text: str, name: str) -> tuple[Rule, ...]:
    """Read a rule file.

    Raises
    ------
    ValueError
        Where a rule misses a field, names an unknown quantity, or states a cause as a fact.
    """
    document = tomllib.loads(text)
    known = {quantity.id for quantity in load_quantities()[0]}
    return tuple(
        _rule(entry, f"{name}: rule {entry.get('id', index)}", known)
        for index, entry in enumerate(document["rule"])
    )


def _rule(entry: Mapping[str, Any], where: str, known: set[str]) -> Rule:
    missing = [
        key
        for key in ("id", "title", "when", "hypothesis", "confirms", "refutes", "source")
        if key not in entry
    ]
    if missing:
        raise ValueError(f"{where} must have {', '.join(missing)}")
    hypothesis = entry["hypothesis"]
    if not any(hedge in hypothesis for hedge in HEDGES):
        raise ValueError(
            f"{where}: hypothesis must hedge with one of {', '.join(HEDGES)}, not {hypothesis!r}"
        )
    return Rule(
        id=entry["id"],
        title=entry["title"],
        weight=float(entry.get("weight", 1.0)),
        progress=bool(entry.get("progress", False)),
        when=tuple(_condition(item, where, known) for item in entry["when"]),
        unless=tuple(_condition(item, where, known) for item in entry.get("unless", [])),
        hypothesis=hypothesis,
        confirms=tuple(entry["confirms"]),
        refutes=tuple(entry["refutes"]),
        source=entry["source"],
    )


def _condition(entry: Mapping[str, Any], where: str, known: set[str]) -> Condition:
    pair = "quantities" in entry
    single = entry.get("quantity", [])
    quantities = (
        tuple(entry["quantities"]) if pair else (single,) if isinstance(single, str) else tuple(single)
    )
    unknown = [quantity for quantity in quantities if quantity not in known]
    if unknown or not quantities:
        raise ValueError(f"{where}: quantity must be one of quantities.toml, not {unknown or None}")
    direction = entry.get("direction")
    if direction is not None and direction not in DIRECTIONS:
        raise ValueError(f"{where}: direction must be one of {', '.join(DIRECTIONS)}, not {direction!r}")
    return Condition(
        quantities=quantities,
        pair=pair,
        ordered=bool(entry.get("ordered", False)),
        kinds=tuple(entry["kind"]),
        direction=direction,
        asserts=bool(entry.get("asserts", "association" not in entry["kind"])),
        at_least=entry.get("at_least", {}),
        at_most=entry.get("at_most", {}),
        at_end=bool(entry.get("at_end", False)),
    )
