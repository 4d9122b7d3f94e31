"""The texts of panels by role."""

from __future__ import annotations

from dataclasses import dataclass

from digitizer.evidence import TextSpan
from digitizer.stages.axes.panel_axes import PanelAxes


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelTexts:
    """The texts of one panel; multi-line texts are joined into one span."""

    title: TextSpan | None = None
    x_label: TextSpan | None = None
    y_label: TextSpan | None = None
    y2_label: TextSpan | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Roles:
    """The axes with their labels, the titles, and the texts that are none of these."""

    axes: tuple[PanelAxes, ...]
    titles: tuple[TextSpan | None, ...]
    title: TextSpan | None
    rest: tuple[TextSpan, ...]
