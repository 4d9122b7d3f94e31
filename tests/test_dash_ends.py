"""Dotted and dashed lines go on to where others of their panel end, and no further."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from digitizer.evidence import FloatArray, Trace
from digitizer.stages.series.paths.dash_ends import end_at_ticks, finish_dashes


def line(x: FloatArray, y: FloatArray, style: str, **more: Any) -> Trace:
    return Trace(
        kind="line",
        color=(255, 127, 14),
        x_px=x,
        y_px=y,
        sigma_px=np.full(x.size, 0.2),
        sampled_at="columns",
        line_style=style,
        line_width_px=2.0,
        **more,
    )


DOTS = np.arange(103.0, 200.0, 6.0)
WHOLE = line(np.array([100.0, 150.0, 203.0]), np.array([80.0, 60.0, 70.0]), "solid")


def test_dots_go_on_to_where_another_line_ends() -> None:
    found = finish_dashes([line(DOTS, 50 + 0.4 * DOTS, "dotted"), WHOLE])[0]
    assert found.x_px[[0, -1]] == pytest.approx([100.0, 203.0])
    assert found.y_px[[0, -1]] == pytest.approx([90.0, 131.2], abs=0.01)
    assert found.sigma_px[-1] > 0.5


def test_dashes_are_carried_on_by_their_gaps() -> None:
    columns = np.concatenate([np.arange(k, k + 7.0) for k in (100, 112, 124, 136)])
    end = line(np.array([100.0, 147.0]), np.array([10.0, 20.0]), "solid")
    found = finish_dashes([line(columns, 90 - 0.5 * columns, "dashed"), end])[0]
    assert found.x_px[-1] == pytest.approx(147.0)
    assert found.y_px[-1] == pytest.approx(90 - 0.5 * 147, abs=0.01)


def test_lines_that_end_elsewhere_or_have_no_gaps_stay() -> None:
    early = line(DOTS[:9], DOTS[:9], "dotted")
    solid = line(np.arange(100.0, 200.0), np.arange(100.0), "solid")
    alone = line(DOTS, DOTS, "dotted")
    assert finish_dashes([early, WHOLE])[0].x_px[-1] == early.x_px[-1]
    assert finish_dashes([solid, WHOLE])[0] is solid
    assert finish_dashes([alone])[0] is alone


DIAGONAL = np.concatenate([np.arange(k, k + 7.0) for k in range(100, 290, 11)])
TICKS = np.array([100.0, 200.0, 300.0])


def test_a_diagonal_from_tick_to_tick_ends_there_though_a_gap_hides_its_end() -> None:
    dashes = line(DIAGONAL, 500.0 - DIAGONAL, "dashed")
    (found,) = end_at_ticks([dashes], TICKS, 500.0 - TICKS)
    assert found.x_px[[0, -1]] == pytest.approx([100.0, 300.0])
    assert found.y_px[-1] == pytest.approx(200.0)
    # No tick of y there, a line that begins between ticks, one that bends, and one without gaps.
    assert end_at_ticks([dashes], TICKS, 520.0 - TICKS)[0] is dashes
    late = line(DIAGONAL[9:], 500.0 - DIAGONAL[9:], "dashed")
    bent = line(DIAGONAL, 500.0 - DIAGONAL + 3.0 * np.sin(DIAGONAL / 30.0), "dashed")
    solid = line(DIAGONAL, 500.0 - DIAGONAL, "solid")
    for other in (late, bent, solid):
        assert end_at_ticks([other], TICKS, 500.0 - TICKS)[0] is other
