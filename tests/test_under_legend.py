"""Markers under a legend without a ground of its own are counted; its samples and words are none."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from digitizer.evidence import Box, LegendEntry, PanelFrame, Picture, TextSpan, Trace
from digitizer.stages.checks.under_legend import count_markers_under

ORANGE, BLACK = (255, 127, 14), (0, 0, 0)
FRAME = PanelFrame(
    box=Box(left=20, top=20, right=380, bottom=280),
    sides=frozenset(),
    background=(255, 255, 255),
    grid_x=np.empty(0),
    grid_y=np.empty(0),
)
SEEN = [(60.0, 240.0), (150.0, 200.0), (230.0, 150.0)]


def _count(hidden: list[tuple[float, float]], *, letters: tuple[int, int, int] = BLACK) -> int:
    """Markers of 8 px, the ones under the legend of the words "south" at (130, 60) to (166, 72) unread."""
    rgb = np.full((300, 400, 3), 255, dtype=np.uint8)
    for x, y in [*SEEN, *hidden, (110.0, 66.0)]:
        cv2.circle(rgb, (round(16 * x), round(16 * y)), 64, ORANGE, -1, cv2.LINE_AA, 4)
    cv2.putText(rgb, "south", (130, 71), cv2.FONT_HERSHEY_SIMPLEX, 0.45, letters, 1, cv2.LINE_AA)
    text = TextSpan(box=Box(left=130, top=60, right=166, bottom=72), text="south", confidence=1.0, panel=0)
    swatch = Box(left=106, top=62, right=114, bottom=70)
    entry = LegendEntry(text=text, swatch=swatch, color=ORANGE, line_style="none", marker="circle")
    x, y = np.array(SEEN).T
    trace = Trace(
        kind="scatter",
        color=ORANGE,
        x_px=x,
        y_px=y,
        sigma_px=0.1 + 0 * x,
        sampled_at="markers",
        marker="circle",
        marker_size_px=8.0,
        line_style="none",
    )
    picture = Picture(name="legend", sha256="", rgb=rgb)
    return count_markers_under(picture, FRAME, [trace], [entry])


@pytest.mark.parametrize("letters", [BLACK, ORANGE])
def test_samples_words_and_what_was_read_are_no_hidden_markers(letters: tuple[int, int, int]) -> None:
    assert _count([], letters=letters) == 0
    assert _count([(300.0, 66.0)]) == 0


@pytest.mark.parametrize("at", [(122.0, 66.4), (148.0, 72.0), (160.3, 60.5)])
def test_markers_under_words_and_between_them_and_samples_are_counted(at: tuple[float, float]) -> None:
    assert _count([at]) == 1
