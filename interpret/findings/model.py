"""The typed finding: one claim, its evidence, and how sure it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Direction = Literal["up", "down", "flat"]
Role = Literal["overview", "components", "detail", "observation", "interpretation"]
Position = float | str

# Confidence is never total: a reading can be wrong where no check of ours sees it.
MOST_CONFIDENT = 0.99


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesRef:
    """A series by its place in the figure document."""

    panel: int
    series: int
    name: str | None = None

    def to_dict(self) -> dict[str, Any]:
        return {"panel": self.panel, "series": self.series, "name": self.name}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One claim.

    ``p`` is the chance of it in noise alone, for the multiplicity correction; ``salience`` orders
    what is told; ``role`` is the section it belongs to. These three are not written.
    """

    kind: str
    level: int
    sentence: str
    id: str = ""
    panel: int | None = None
    series: tuple[SeriesRef, ...] = ()
    x_range: tuple[Position, Position] | None = None
    asserts: bool = True
    direction: Direction | None = None
    evidence: Mapping[str, float | str] = field(default_factory=dict)
    confidence: float = MOST_CONFIDENT
    rule: str | None = None
    confirms: tuple[str, ...] = ()
    refutes: tuple[str, ...] = ()
    p: float | None = None
    salience: float = 0.0
    role: Role = "detail"

    def to_dict(self) -> dict[str, Any]:
        """Return the finding as the findings document holds it."""
        return {
            "id": self.id,
            "kind": self.kind,
            "level": self.level,
            "panel": self.panel,
            "series": [ref.to_dict() for ref in self.series],
            "x_range": None if self.x_range is None else list(self.x_range),
            "asserts": self.asserts,
            "direction": self.direction,
            "evidence": dict(self.evidence),
            "confidence": round(self.confidence, 3),
            "sentence": self.sentence,
            "rule": self.rule,
            "confirms": list(self.confirms),
            "refutes": list(self.refutes),
        }
