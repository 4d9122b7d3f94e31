"""What the knowledge files hold, as types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A quantity, the direction that is better ("up", "down", "neutral"), the words that name it."""

    id: str
    better: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What one finding must be like.

    ``quantities`` are those of its series: one for a finding about one series (any of them), two
    for one about a pair. ``ordered``: in this order. ``at_least`` and ``at_most`` bound numbers of its
    evidence, or those that :mod:`interpret.findings.derived` makes of it.
    """

    quantities: tuple[str, ...]
    pair: bool
    ordered: bool
    kinds: tuple[str, ...]
    direction: str | None
    asserts: bool
    at_least: Mapping[str, float] = field(default_factory=dict)
    at_most: Mapping[str, float] = field(default_factory=dict)
    equals: Mapping[str, str] = field(default_factory=dict)
    at_end: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule as the file holds it.

    ``before``: pairs of indexes into ``when``; the first one's finding ends before the second one's
    begins; ``overlap``: their windows share a part. ``x``: what x must be. ``present`` and
    ``absent``: quantities that must or must not be plotted.
    """

    id: str
    title: str
    weight: float
    progress: bool
    x: tuple[str, ...]
    present: tuple[str, ...]
    absent: tuple[str, ...]
    before: tuple[tuple[int, int], ...]
    overlap: tuple[tuple[int, int], ...]
    when: tuple[Condition, ...]
    unless: tuple[Condition, ...]
    hypothesis: str
    confirms: tuple[str, ...]
    refutes: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge:
    """All that is known: quantities, the words for training progress, rules."""

    quantities: tuple[Quantity, ...]
    progress: tuple[str, ...]
    rules: tuple[Rule, ...]
