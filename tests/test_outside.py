"""What lies beside a panel and belongs into it."""

from __future__ import annotations

import numpy as np
import pytest

from digitizer.evidence import Box, PanelFrame, Picture, Side, TextSpan, Trace
from digitizer.stages.checks.outside import is_side_unread, share_beyond

FRAME = PanelFrame(
    box=Box(left=50.0, top=20.0, right=350.0, bottom=220.0),
    sides=frozenset(),
    background=(255, 255, 255),
    grid_x=np.array([]),
    grid_y=np.array([]),
)


def texts(words: list[str], rows: list[float], *, away: float = 6.0) -> list[TextSpan]:
    return [
        TextSpan(
            box=Box(left=350 + away, top=y - 4, right=350 + away + 30, bottom=y + 4),
            text=word,
            confidence=0.9,
        )
        for word, y in zip(words, rows, strict=True)
    ]


@pytest.mark.parametrize(
    ("words", "rows", "away", "labels"),
    [
        (["<9.27k", "<2.24k", "15.22k"], [60, 130, 200], 6.0, True),
        # Names at the ends of lines stand as these do, those of a colour bar farther away; two are no column.
        (["run 1", "run 2", "run 3"], [60, 75, 200], 6.0, False),
        (["0.2", "0.4", "0.6"], [60, 130, 200], 40.0, False),
        (["10k", "20k"], [60, 200], 6.0, False),
        (["low", "middle", "high"], [60, 130, 200], 6.0, False),
    ],
)
def test_a_column_of_even_distances_seems_the_labels_of_an_axis(
    words: list[str], rows: list[float], away: float, labels: bool
) -> None:
    assert is_side_unread(FRAME, "left", texts(words, rows, away=away)) == labels


@pytest.mark.parametrize(("lettered", "beyond"), [(True, 0.0), (False, 0.5)])
def test_a_card_with_a_text_on_it_is_no_ink_of_a_series(lettered: bool, beyond: float) -> None:
    rgb, blue = np.full((300, 460, 3), 255, np.uint8), (58, 124, 201)
    rgb[100:120, 60:340] = blue
    rgb[235:255, 130:270] = blue
    if lettered:
        rgb[240:250, 160:240:4] = 255
    trace = Trace(
        kind="bar",
        color=blue,
        x_px=np.array([80.0]),
        y_px=np.array([100.0]),
        sigma_px=np.array([0.2]),
        sampled_at="markers",
    )
    share = share_beyond(Picture(name="drawn", sha256="", rgb=rgb), [FRAME], 0, [trace], [])
    assert share == pytest.approx(beyond, abs=0.02)


@pytest.mark.parametrize(
    ("read", "angle", "unread"), [("right", 90.0, True), ("left", 90.0, False), ("right", 0.0, False)]
)
def test_a_title_beside_the_left_side_tells_of_an_axis_that_was_not_read(
    read: Side, angle: float, unread: bool
) -> None:
    title = TextSpan(
        box=Box(left=10, top=80, right=22, bottom=160), text="Population", confidence=0.9, angle_deg=angle
    )
    assert is_side_unread(FRAME, read, [title]) == unread
