"""Bars that are all as high as their panel are no panels."""

from __future__ import annotations

import pytest

from digitizer.evidence import Box
from digitizer.stages.panels.find import choose
from digitizer.stages.strokes.proposals import Proposal

WHOLE = Proposal(
    box=Box(left=84.5, top=100, right=306.5, bottom=320.5),
    sides=frozenset({"left", "bottom", "right"}),
    n_horizontal=1,
    n_vertical=10,
    n_row_labels=6,
    n_column_labels=2,
)


def boxes(lefts: tuple[float, ...], n_labels: int) -> list[Proposal]:
    """Boxes of one size on the base of the whole, the first with numbers beside it."""
    return [
        Proposal(
            box=Box(left=left, top=99.5, right=left + 37.5, bottom=319.5),
            sides=frozenset({"left", "top", "right", "bottom"}),
            n_horizontal=4,
            n_vertical=2,
            n_row_labels=6 if k == 0 else 0,
            n_column_labels=n_labels,
        )
        for k, left in enumerate(lefts)
    ]


@pytest.mark.parametrize(
    ("lefts", "n_labels", "are_bars"),
    [
        ((84.5, 130.5, 176.5, 223.0, 269.0), 1, True),
        # Panels side by side, and boxes at uneven distances.
        ((84.5, 130.5, 176.5, 223.0, 269.0), 3, False),
        ((84.5, 130.5, 176.5, 215.0, 269.0), 1, False),
    ],
)
def test_bars_as_high_as_their_panel_are_no_panels(
    lefts: tuple[float, ...], n_labels: int, are_bars: bool
) -> None:
    chosen = choose([WHOLE, *boxes(lefts, n_labels)], shape=(400, 400))
    assert (chosen == [WHOLE]) == are_bars
