"""One claim read from a text, and whether the data bear it out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from interpret.check.curve import Curve
from interpret.check.text import Sentence

Verdict = Literal["holds", "fails", "unclear"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """``what`` is the claim in the text's words, ``verdict`` whether it holds, ``detail`` what data say."""

    what: str
    verdict: Verdict
    detail: str
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Context:
    """A sentence with the curves that it may be about."""

    sentence: Sentence
    curves: Mapping[tuple[int, int], Curve]

    @property
    def text(self) -> str:
        """The sentence, the digits inside the names of series and labels masked."""
        return self.sentence.masked

    def curve_at(self, position: int) -> Curve | None:
        """The curve that a number at this position of the text belongs to."""
        key = self.sentence.series_at(position)
        return None if key is None else self.curves.get(key)

    @property
    def curve(self) -> Curve | None:
        """The first curve named."""
        about = self.sentence.about
        return self.curves.get(about[0]) if about else None

    def pair(self) -> tuple[Curve, Curve] | None:
        """The first two curves named."""
        keys = list(dict.fromkeys(self.sentence.series))
        return (self.curves[keys[0]], self.curves[keys[1]]) if len(keys) >= 2 else None


def claim(what: str, good: bool | None, detail: str, start: int = 0, end: int = 0) -> Claim:
    verdict: Verdict = "unclear" if good is None else "holds" if good else "fails"
    return Claim(what=what.strip(), verdict=verdict, detail=detail, start=start, end=end)
