"""Axis labels within the panel, at the far ends of the axes (Weights & Biases, C3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from digitizer.evidence import Box, TextSpan
from digitizer.stages.axes.panel_axes import PanelAxes

if TYPE_CHECKING:
    from digitizer.stages.roles.texts import PanelTexts

# A label lies as near as this to the axis that it stands on and to that one's end (its heights: W&B 1.0 and
# 0.6, C3 1.0 and 0.2).
ON_AXIS = 1.5
AT_END = 1.5
# It is at most so long (share of the axis).
MAX_LENGTH = 0.4


def labels_inside(
    axes: Sequence[PanelAxes], texts: Sequence[PanelTexts], spans: Sequence[TextSpan]
) -> list[PanelTexts]:
    """Give the axes without a label outside the frame the one that stands at their end within it.

    Parameters
    ----------
    axes : sequence of PanelAxes
        Panels with their tick labels.
    texts : sequence of PanelTexts
        What stands outside the frames.
    spans : sequence of TextSpan
        The texts that serve for nothing else; those outside all frames are passed over.
    """
    found = []
    for k, (a, t) in enumerate(zip(axes, texts, strict=True)):
        own = [s for s in spans if s.panel == k and "=" not in s.text]
        x = [s for s in own if abs(s.angle_deg) < 30 and _ends_level(s.box, a.frame.box)]
        y = [s for s in own if abs(s.angle_deg) > 60 and _ends_upright(s.box, a.frame.box)]
        x_label = x[0] if len(x) == 1 and t.x_label is None else t.x_label
        found.append(
            replace(t, x_label=x_label, y_label=y[0] if len(y) == 1 and not t.y_label else t.y_label)
        )
    return found


def _ends_level(b: Box, box: Box) -> bool:
    """Whether a text stands on the lower side of a frame and ends where that ends."""
    return (
        0 <= box.bottom - b.bottom <= ON_AXIS * b.height
        and abs(box.right - b.right) <= AT_END * b.height
        and b.width <= MAX_LENGTH * box.width
    )


def _ends_upright(b: Box, box: Box) -> bool:
    """Whether a text on end stands along the left side of a frame and ends where that ends."""
    return (
        0 <= b.left - box.left <= ON_AXIS * b.width
        and abs(b.top - box.top) <= AT_END * b.width
        and b.height <= MAX_LENGTH * box.height
    )
