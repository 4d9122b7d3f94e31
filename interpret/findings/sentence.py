"""Print numbers into a sentence and keep each as evidence, so that none is without it."""

from __future__ import annotations

import math
import zlib
from collections.abc import Sequence

from interpret.findings.model import Position
from interpret.findings.numbers import print_number, print_share, share_value
from interpret.findings.study import Study

SMALL_RATIO = 2.0


class Evidence:
    """Collects what a sentence prints; each method returns the text."""

    def __init__(self, study: Study) -> None:
        self.study = study
        self.values: dict[str, float | str] = {}

    def y(self, key: str, value: float, *, study: Study | None = None) -> str:
        """A value as it was analysed, in the axis' units, with the digits that its reading carries."""
        return self.read(key, (study or self.study).value(value), study=study)

    def read(self, key: str, value: float, *, study: Study | None = None) -> str:
        """A value in the axis' units."""
        owner = study or self.study
        text = print_number(value, owner.decimals_at(value))
        self.values[key] = float(text) if text != "unknown" else text
        if owner.unit == "%":
            return f"{text}%"
        return f"{owner.unit}{text}" if owner.unit in ("$", "€", "£") else text

    def x(self, key: str, index: int, *, study: Study | None = None) -> str:
        """The position of a point, bare."""
        owner = study or self.study
        return self.position(key, owner.position(index), owner)

    def position(self, key: str, position: Position, study: Study | None = None) -> str:
        owner = study or self.study
        if isinstance(position, str):
            text = owner.shorten(position)
            self.values[key] = text
            # "2004-05-01 12:00" is read more easily than with a T.
            return text.replace("T", " ") if owner.x_word.scale == "date" else text
        text = print_number(position, owner.x_decimals_at(position))
        if "." in text and "e" not in text:
            text = text.rstrip("0").rstrip(".")
        self.values[key] = float(text)
        return text

    def at(self, key: str, index: int, *, study: Study | None = None) -> str:
        """ "at step 60"."""
        return (study or self.study).x_word.at(self.x(key, index, study=study))

    def span(
        self, first_key: str, first: int, last_key: str, last: int, *, study: Study | None = None
    ) -> str:
        """ "steps 45 to 65"."""
        word = (study or self.study).x_word
        return word.span(self.x(first_key, first, study=study), self.x(last_key, last, study=study))

    def window(self, first_key: str, first: int, last_key: str, last: int) -> str:
        """ "median of steps 48 to 52", or "at step 48" where it is one point."""
        if first == last:
            return self.at(last_key, last)
        return f"median of {self.span(first_key, first, last_key, last)}"

    def factor(self, key: str, decades: float) -> str:
        """The ratio of so many decades: three digits, or two of what it is beyond one ("1.12")."""
        ratio = 10.0**decades
        small = 1 < ratio < SMALL_RATIO
        digits = 1 - math.floor(math.log10(ratio - 1)) if small else 2 - math.floor(math.log10(ratio))
        return self.number(key, ratio, digits)

    def share(self, key: str, share: float) -> str:
        text = print_share(share)
        self.values[key] = share_value(text)
        return text

    def number(self, key: str, value: float, decimals: int) -> str:
        text = print_number(value, decimals)
        self.values[key] = float(text)
        return text

    def count(self, key: str, count: int) -> str:
        self.values[key] = count
        return str(count)

    def note(self, key: str, value: float | str) -> None:
        """Keep a number that is not printed."""
        self.values[key] = float(f"{value:.4g}") if isinstance(value, float) else value


def choose(study: Study, kind: str, *phrasings: str) -> str:
    """One of several phrasings that say the same, by what the chart holds and never by chance."""
    return phrasings[(study.wording + zlib.crc32(kind.encode())) % len(phrasings)]


def join(parts: Sequence[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"
