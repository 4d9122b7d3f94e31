"""The axes of a panel by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from digitizer.evidence import AxisEvidence, PanelFrame, TextSpan


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PanelAxes:
    """The axes of one panel by side; at most one a direction carries the series of the second y axis."""

    frame: PanelFrame
    x: AxisEvidence | None
    y: AxisEvidence | None
    y2: AxisEvidence | None = None
    x2: AxisEvidence | None = None

    @property
    def spans(self) -> tuple[TextSpan, ...]:
        """All spans that serve as tick labels, or say at an axis' end what they mean."""
        axes = self.of_its_own
        spans = [s for a in axes for s in a.labels]
        return tuple(spans + [s for a in axes for s in (a.multiplier, a.moment) if s is not None])

    @property
    def every(self) -> tuple[AxisEvidence, ...]:
        """All axes, the lent ones too."""
        return tuple(a for a in (self.x, self.y, self.y2, self.x2) if a is not None)

    @property
    def of_its_own(self) -> tuple[AxisEvidence, ...]:
        """The axes that are not another panel's."""
        return tuple(a for a in self.every if not a.borrowed)

    def changed(self, change: Callable[[AxisEvidence], AxisEvidence]) -> PanelAxes:
        """The panel with each of its axes changed."""
        x, y, y2, x2 = (None if a is None else change(a) for a in (self.x, self.y, self.y2, self.x2))
        return replace(self, x=x, y=y, y2=y2, x2=x2)


def claimed_spans(axes: Sequence[PanelAxes], spans: Sequence[TextSpan]) -> set[int]:
    """The ids of the spans that serve as tick labels or multipliers, or that labels were made of."""
    serving = [s for a in axes for s in a.spans]
    ids = {id(s) for s in serving}
    made = [s for s in serving if all(s is not span for span in spans)]
    for span in spans:
        if any(s.box.contains(*span.box.center) or span.box.contains(*s.box.center) for s in made):
            ids.add(id(span))
    return ids
