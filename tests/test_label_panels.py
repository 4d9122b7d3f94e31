"""Panels that their labels alone tell: where columns of labels above each other run on into one."""

from __future__ import annotations

import numpy as np

from digitizer.stages.label_panels import propose_from_labels

LETTER = (6.0, 8.0)


def label(x: float, y: float, n_letters: int) -> list[tuple[float, float, float, float]]:
    """The letters of a label that ends at x, centred at y."""
    width, height = LETTER
    step = width + 2
    return [
        (x - step * k - width, y - height / 2, x - step * k - 1, y + height / 2 - 1) for k in range(n_letters)
    ]


def test_a_column_that_runs_on_to_the_panel_below_is_cut_at_the_row_between_them() -> None:
    # The lower panel's first label stands one pitch of the upper ones below their last one.
    upper, lower = [50.0, 145.0, 240.0, 335.0], [430.0, 500.0, 570.0, 640.0, 710.0]
    ink = [box for k, y in enumerate([*upper, *lower]) for box in label(80, y, 1 + k % 3)]
    for row in (355.0, 730.0):
        ink += [box for k in range(6) for box in label(96 + 60.0 * k, row, 2)]
    grey = np.full((760, 460), 255, np.int16)
    found = propose_from_labels(grey, np.array(ink), [], [])
    for p in found:
        top, bottom = (50.0, 335.0) if p.n_row_labels == 4 else (430.0, 710.0)
        assert abs(p.box.top - top) <= 1
        assert abs(p.box.bottom - bottom) <= 1
    assert {p.n_row_labels for p in found} == {4, 5}
