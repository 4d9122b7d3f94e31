"""Load the knowledge that comes with the package, and files that a user adds."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from interpret.knowledge.model import Knowledge, Quantity
from interpret.knowledge.schema import check_quantity, check_rule, check_top

FOLDER = Path(__file__).parent


class KnowledgeError(ValueError):
    """A rule file that does not keep to the schema; ``problems`` are one line each."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = tuple(problems)


@lru_cache(maxsize=1)
def load_knowledge() -> Knowledge:
    """Return the quantities and rules that come with the package."""
    words = tomllib.loads((FOLDER / "quantities.toml").read_text("utf-8"))
    base = Knowledge(
        quantities=tuple(_quantity(entry) for entry in words["quantity"]),
        progress=tuple(words["progress"]["words"]),
        rules=(),
    )
    for name in ("rules.toml", "general.toml"):
        base = add_rules((FOLDER / name).read_text("utf-8"), name, base)
    return base


def add_rules(text: str, name: str, base: Knowledge | None = None) -> Knowledge:
    """Add a rule file's quantities and rules to what is known.

    Parameters
    ----------
    text : str
        TOML: ``[[rule]]`` and, for words of one's own, ``[[quantity]]`` tables.
    name : str
        What errors call it.
    base : Knowledge, optional
        By default what comes with the package.

    Raises
    ------
    KnowledgeError
        With all problems found: a missing or unknown field, an unknown quantity or kind of finding,
        a hypothesis that states a cause as a fact.
    """
    known = load_knowledge() if base is None else base
    try:
        document: Mapping[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise KnowledgeError([f"{name}: is no TOML ({error})"]) from error
    problems = check_top(document, name)
    if problems:
        raise KnowledgeError(problems)
    for index, entry in enumerate(document.get("quantity", [])):
        problems += check_quantity(entry, f"{name}: quantity {_id(entry, index)}")
    if problems:
        raise KnowledgeError(problems)
    quantities = tuple(_quantity(entry) for entry in document.get("quantity", []))
    ids = {quantity.id for quantity in (*known.quantities, *quantities)}
    rules = []
    for index, entry in enumerate(document.get("rule", [])):
        rule, found = check_rule(entry, f"{name}: rule {_id(entry, index)}", ids)
        problems += found
        if rule is not None:
            rules.append(rule)
    if problems:
        raise KnowledgeError(problems)
    return replace(known, quantities=(*known.quantities, *quantities), rules=(*known.rules, *rules))


def _quantity(entry: Mapping[str, Any]) -> Quantity:
    return Quantity(id=entry["id"], better=entry["better"], words=tuple(w.lower() for w in entry["words"]))


def _id(entry: Any, index: int) -> str:
    return str(entry["id"]) if isinstance(entry, Mapping) and "id" in entry else f"number {index + 1}"
