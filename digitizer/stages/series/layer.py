"""What is known of one stroke colour when its series are traced."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from digitizer.evidence import LegendEntry, Mask
from digitizer.stages.series.beads.places import Sample
from digitizer.stages.series.inks.ink import FloatImage, Ink
from digitizer.stages.series.inks.palette import Stroke
from digitizer.stages.series.memory import Memory
from digitizer.stages.series.paths.steps import Steps


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Layer:
    """One stroke colour's coverage, what may hide it, and what the legend says of it.

    ``shared`` are step grids that lines of other colours stand on; ``memory`` keeps what was
    found without.
    """

    ink: Ink
    stroke: Stroke
    alpha: FloatImage
    blocked: Mask
    entries: tuple[LegendEntry, ...]
    sample: Sample | None = None
    shared: tuple[Steps, ...] = ()
    memory: Memory = field(default_factory=Memory)

    @property
    def rgb(self) -> tuple[int, int, int]:
        """The stroke's colour as whole numbers."""
        r, g, b = (int(v) for v in np.clip(np.round(self.stroke.color), 0, 255))
        return r, g, b

    @property
    def own_ink(self) -> float:
        """Ink (full pixels) that nothing may hide."""
        return float(self.alpha[~self.blocked].sum())
