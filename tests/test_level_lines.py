"""Level lines that bars end at, or do not stand on: a mean, a limit, a rule of a table below."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from test_bars import BLUE, CLEAN_PX, TOPS, bar, blank, frame, look, simple

from digitizer.evidence import PanelEvidence, Scale
from digitizer.stages.status.bar_doubts import bar_notices

RED = (178, 34, 34)


@pytest.mark.parametrize(("first", "last"), [(99, 100), (99, 102), (100, 102)])
def test_a_bar_that_goes_on_beyond_a_line_over_it_ends_there(first: int, last: int) -> None:
    rgb = simple()
    rgb[first : last + 1, 21:400] = RED
    (trace,) = look(rgb)
    np.testing.assert_allclose(trace.y_px, np.array(TOPS) - 0.5, atol=CLEAN_PX)


def test_an_outline_with_a_rim_beyond_is_no_line_over_bars() -> None:
    rgb = simple()
    for k, top in enumerate(TOPS):
        rgb[top + 1 : top + 3, 40 + 70 * k : 80 + 70 * k] = RED
    (trace,) = look(rgb)
    assert (np.abs(trace.y_px - np.array(TOPS)) > 0.8).all()


def test_a_grid_line_beyond_the_end_of_a_bar_is_none_either() -> None:
    rgb = simple()
    for left, right in ((21, 40), (80, 110), (150, 180), (220, 250), (290, 320), (360, 400)):
        rgb[96, left:right] = 200
    rgb[96, 40:80] = rgb[96, 250:290] = 200
    (trace,) = look(rgb)
    assert trace.y_px[3] == pytest.approx(97.5, abs=0.5)


@pytest.mark.parametrize(("line", "codes"), [(239.5, []), (261.0, ["bars-off-line"])])
def test_names_under_a_line_that_bars_do_not_stand_on_are_doubted(line: float, codes: list[str]) -> None:
    rgb = blank()
    for k, top in enumerate(TOPS):
        bar(rgb, 40 + 70 * k, 79 + 70 * k, min(top, 230), 239, BLUE)
    (trace,) = look(rgb)
    names = Scale(
        kind="category", origin=60.0, slope=70.0, values=np.arange(5.0), used=np.ones(5, dtype=bool),
        residual_px=0.0, covariance=np.zeros((2, 2)),
    )  # fmt: skip
    values = replace(names, kind="linear", origin=239.5, slope=-2.0, values=np.zeros(5))
    evidence = PanelEvidence(
        frame=replace(frame(), x_line=line), x_scale=names, y_scale=values, traces=(trace,)
    )
    assert [notice.code for notice in bar_notices(evidence)] == codes
