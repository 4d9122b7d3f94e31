"""Bars say so where their ends are less sure than what they span allows, and what contradicts them."""

from __future__ import annotations

import numpy as np
import pytest
from test_bars import BLUE, TOPS, bar, blank, frame, look

from digitizer.evidence import AxisEvidence, Box, PanelEvidence, Redrawn, Scale
from digitizer.stages.status.bar_doubts import bar_notices


def halves(origin: float) -> Scale:
    """A scale of half a unit a pixel, up from a row."""
    return Scale(
        kind="linear", origin=origin, slope=-2.0, values=np.zeros(3), used=np.ones(3, dtype=bool),
        residual_px=0.0, covariance=np.diag([0.01, 0.0]),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("tops", "codes"),
    [([100, 160, 190, 220], []), ([100, 101, 104, 106], ["bars-unsure"])],
)
def test_warns_of_bars_that_span_less_than_pixels_tell(tops: list[int], codes: list[str]) -> None:
    rgb = blank()
    for k, top in enumerate(tops):
        bar(rgb, 40 + 70 * k, 79 + 70 * k, top, 239, BLUE)
    (trace,) = look(rgb)
    values = halves(239.5)
    evidence = PanelEvidence(frame=frame(), y_scale=values, traces=(trace,))
    assert [notice.code for notice in bar_notices(evidence)] == codes


@pytest.mark.parametrize(("tops", "codes"), [([100, 120], ["bars-unsure"]), ([100, 250], [])])
def test_warns_of_two_bars_that_differ_by_few_pixels(tops: list[int], codes: list[str]) -> None:
    rgb = blank()
    for k, top in enumerate(tops):
        bar(rgb, 60 + 150 * k, 159 + 150 * k, top, 289, BLUE)
    (trace,) = look(rgb)
    values = halves(289.5)
    evidence = PanelEvidence(frame=frame(), y_scale=values, traces=(trace,))
    assert [notice.code for notice in bar_notices(evidence)] == codes


@pytest.mark.parametrize(("lowest", "codes"), [(180.0, []), (238.0, ["bars-missing"])])
def test_warns_of_a_bar_put_at_its_base_below_ink_that_nothing_explains(
    lowest: float, codes: list[str]
) -> None:
    """What stands on the second bar's base, and ends at the first letter of a note beside it."""
    rgb = blank()
    for k, top in enumerate([100, 237, 190, 220]):
        bar(rgb, 40 + 70 * k, 79 + 70 * k, top, 239, BLUE)
    (trace,) = look(rgb)
    values = halves(239.5)
    left = Redrawn(unexplained=(Box(left=110.0, top=60.0, right=190.0, bottom=lowest),))
    evidence = PanelEvidence(frame=frame(), y_scale=values, traces=(trace,), redrawn=left)
    assert [notice.code for notice in bar_notices(evidence)] == codes


UP_AND_DOWN, SLOWLY = [200, 25, 160, 65, 120, 25, 160, 65, 200], [200, 178, 156, 134, 112, 91, 69, 47, 25]


@pytest.mark.parametrize(
    ("unsure_px", "tops", "codes"),
    [(0.0, UP_AND_DOWN, []), (0.4, UP_AND_DOWN, ["bars-unsure"]), (0.4, SLOWLY, [])],
)
def test_warns_of_steep_bins_whose_places_are_unsure(
    unsure_px: float, tops: list[int], codes: list[str]
) -> None:
    rgb = blank()
    for k, top in enumerate(tops):
        bar(rgb, 40 + 30 * k, 69 + 30 * k, top, 239, BLUE)
    (trace,) = look(rgb)
    along, values = (
        Scale(
            kind="linear", origin=origin, slope=slope, values=np.zeros(3), used=np.ones(3, dtype=bool),
            residual_px=0.0, covariance=np.diag([variance, 0.0]),
        )
        for origin, slope, variance in ((40.0, 30.0, unsure_px**2), (239.5, -2.0, 0.01))
    )  # fmt: skip
    evidence = PanelEvidence(frame=frame(), x_scale=along, y_scale=values, traces=(trace,))
    assert [notice.code for notice in bar_notices(evidence)] == codes


@pytest.mark.parametrize(("skipped", "codes"), [((), []), ((3, 4), ["bars-missing"])])
def test_warns_of_bins_that_have_no_bar_between_those_that_have(
    skipped: tuple[int, ...], codes: list[str]
) -> None:
    rgb = blank()
    for k in np.setdiff1d(np.arange(9), skipped).tolist():
        bar(rgb, 40 + 30 * k, 69 + 30 * k, 100 + 13 * k, 239, BLUE)
    (trace,) = look(rgb)
    along = Scale(
        kind="linear", origin=40.0, slope=30.0, values=np.zeros(3), used=np.ones(3, dtype=bool),
        residual_px=0.0, covariance=np.diag([0.01, 0.0]),
    )  # fmt: skip
    evidence = PanelEvidence(frame=frame(), x_scale=along, traces=(trace,))
    assert [notice.code for notice in bar_notices(evidence)] == codes


@pytest.mark.parametrize(("first", "codes"), [(1992.0, []), (1989.0, ["bars-named"])])
def test_warns_of_years_under_bars_that_are_names_of_every_fifth(first: float, codes: list[str]) -> None:
    rgb = blank()
    for k in range(9):
        bar(rgb, 40 + 30 * k, 63 + 30 * k, 100 + 13 * k, 239, BLUE)
    (trace,) = look(rgb)
    values = np.array([first, 1994.0, 1997.0])
    along = Scale(
        kind="linear", origin=51.5 - 30 * 1992, slope=30.0, values=values, used=values > 1991,
        residual_px=0.0, covariance=np.diag([0.01, 0.0]),
    )  # fmt: skip
    labels = np.array([51.5, 111.5, 201.5])
    axis = AxisEvidence(
        side="bottom", marks=labels, labels=(), label_px=labels, label_sigma_px=np.full(3, 0.2)
    )
    evidence = PanelEvidence(frame=frame(), x_axis=axis, x_scale=along, traces=(trace,))
    assert [notice.code for notice in bar_notices(evidence)] == codes


@pytest.mark.parametrize(
    ("zero_px", "n_names", "codes"),
    [(240.0, 5, []), (200.0, 5, ["bars-off-zero"]), (240.0, 6, ["bars-missing"])],
)
def test_warns_of_what_contradicts_bars(zero_px: float, n_names: int, codes: list[str]) -> None:
    rgb = blank()
    for k, top in enumerate(TOPS):
        bar(rgb, 40 + 70 * k, 79 + 70 * k, min(top, 230), 239, BLUE)
    (trace,) = look(rgb)
    used = np.ones(n_names, dtype=bool)
    names = Scale(
        kind="category", origin=60.0, slope=70.0, values=np.arange(float(n_names)), used=used,
        residual_px=0.0, covariance=np.zeros((2, 2)),
    )  # fmt: skip
    values = Scale(
        kind="linear", origin=zero_px, slope=-2.0, values=np.zeros(3), used=np.ones(3, dtype=bool),
        residual_px=0.0, covariance=np.zeros((2, 2)),
    )  # fmt: skip
    evidence = PanelEvidence(frame=frame(), x_scale=names, y_scale=values, traces=(trace,))
    assert [notice.code for notice in bar_notices(evidence)] == codes
