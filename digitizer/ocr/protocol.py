"""What a text recogniser is: crops of one line each in, one reading each out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from digitizer.evidence import ByteImage


@dataclass(frozen=True, slots=True)
class Reading:
    """One line of text as a recogniser read it.

    Parameters
    ----------
    text : str
        What was read; empty where nothing was.
    confidence : float
        The recogniser's own, in [0, 1].
    alternative : str or None
        What a second reading of the same crop gave where it differs, so that a later check can
        ask whether two readings agree. None where there was one reading, or both agree.
    positions : tuple of float
        Where the middle of each character lies, as a share of the crop's width; empty where the
        recogniser does not say.
    """

    text: str
    confidence: float
    alternative: str | None = None
    positions: tuple[float, ...] = ()


class Recogniser(Protocol):
    """Reads crops that hold one upright line of text each."""

    @property
    def name(self) -> str:
        """The name by which a user chooses this engine."""
        ...

    def read(self, crops: Sequence[ByteImage]) -> list[Reading]:
        """Read each crop (uint8, grey or RGB); the readings are in the order of the crops."""
        ...
