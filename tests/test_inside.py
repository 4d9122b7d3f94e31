"""Axis labels within the frame, at the axes' far ends, and texts there that are none."""

from __future__ import annotations

import numpy as np
import pytest

from digitizer.evidence import Box, PanelFrame, TextSpan
from digitizer.stages.axes.panel_axes import PanelAxes
from digitizer.stages.roles.inside import labels_inside
from digitizer.stages.roles.texts import PanelTexts

FRAME = Box(left=60, top=20, right=460, bottom=260)


def text(
    words: str, box: tuple[float, float, float, float], *, angle: float = 0.0, panel: int = 0
) -> TextSpan:
    left, top, right, bottom = box
    span = Box(left=left, top=top, right=right, bottom=bottom)
    return TextSpan(text=words, box=span, confidence=0.99, angle_deg=angle, panel=panel)


def labels(spans: list[TextSpan], given: PanelTexts | None = None) -> tuple[str | None, str | None]:
    frame = PanelFrame(
        box=FRAME, sides=frozenset(), background=(255, 255, 255), grid_x=np.empty(0), grid_y=np.empty(0)
    )
    axes = PanelAxes(frame=frame, x=None, y=None)
    (found,) = labels_inside([axes], [given or PanelTexts()], spans)
    return tuple(None if s is None else s.text for s in (found.x_label, found.y_label))  # type: ignore[return-value]


X, Y = (420, 246, 456, 254), (65, 24, 73, 62)


def test_texts_at_the_far_ends_within_the_frame_are_labels() -> None:
    assert labels([text("Step", X), text("Loss", Y, angle=90)]) == ("Step", "Loss")


def test_a_label_outside_goes_before() -> None:
    outside = PanelTexts(x_label=text("Epoch", (240, 285, 280, 295)))
    assert labels([text("Step", X)], outside) == ("Epoch", None)


@pytest.mark.parametrize(
    "span",
    [
        text("n = 20", X),
        text("Step", X, panel=1),
        text("baseline", (420, 226, 456, 234)),
        text("baseline", (380, 246, 416, 254)),
        text("a remark as long as half of the axis", (230, 246, 456, 254)),
    ],
    ids=["equation", "other panel", "above", "before the end", "long"],
)
def test_other_texts_within_are_none(span: TextSpan) -> None:
    assert labels([span]) == (None, None)
