"""Names that every series stands at are categories, whatever else is not known of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from digitizer.evidence import PanelEvidence, PanelFrame, Scale, Side, Trace
from digitizer.stages.axes.ordered import fit_categories
from digitizer.stages.status.borne_out import SIDES, UNPROVEN, open_problems
from digitizer.stages.status.doubts import as_told, measure_doubts
from digitizer.stages.status.tolerance_doubts import measure_tolerance_doubts
from tests.evidences import FRAME, axis_of, line

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
DAYS = np.array([0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334])


def bars_at(places: np.ndarray) -> Trace:
    n = len(places)
    return Trace(
        kind="bar", color=(214, 39, 40), x_px=places, y_px=np.full(n, 100.0), sigma_px=np.full(n, 0.3),
        sampled_at="markers", line_style="none", line_width_px=20.0, base_px=np.full(n, 220.0),
    )  # fmt: skip


def problems(texts: list[str], px: np.ndarray, *traces: Trace, frame: PanelFrame = FRAME) -> tuple[str, ...]:
    """What stays open of a category axis that its labels alone do not prove."""
    axis = axis_of(texts, px.tolist())
    scale = replace(fit_categories(axis), problems=(UNPROVEN,))
    panel = PanelEvidence(frame=frame, x_axis=axis, x_scale=scale, traces=traces, names=(None,) * len(traces))
    return open_problems(scale, axis, panel)


TWO = np.array([150.0, 350.0])
FIVE = np.linspace(90.0, 410.0, 5)
NAMES = ["alpha", "beta", "gamma", "delta", "omega"]


def test_bars_at_every_name_prove_names() -> None:
    assert problems(["Random", "PPO"], TWO, bars_at(TWO + 0.5)) == ()
    assert problems(["Random", "PPO"], TWO, bars_at(TWO - 20), bars_at(TWO + 20)) == ()


@pytest.mark.parametrize(
    ("texts", "bars"),
    [
        (["Random", "PPO"], bars_at(TWO[:1])),  # a name without a bar
        (["Random", "PPO"], bars_at(np.array([150.0, 250.0, 350.0]))),  # a bar without a name
        (["Random", "PPO"], bars_at(TWO + 70)),  # aside of both
        (["US", "US"], bars_at(TWO)),  # the names of groups within others
        (["10", "20"], bars_at(TWO)),  # numbers may be a scale
    ],
)
def test_other_bars_leave_names_unproven(texts: list[str], bars: Trace) -> None:
    assert problems(texts, TWO, bars) == (UNPROVEN,)


@pytest.mark.parametrize(
    ("right", "sides", "proven"),
    [(450.0, ("left", "bottom"), True), (360.0, ("left", "bottom"), False), (360.0, SIDES, True)],
)
def test_a_frame_that_ends_with_its_bars_may_leave_others_out(
    right: float, sides: tuple[Side, ...], proven: bool
) -> None:
    frame = replace(FRAME, box=replace(FRAME.box, right=right), sides=frozenset(sides))
    assert (problems(["Never", "Rarely"], TWO, bars_at(TWO), frame=frame) == ()) == proven


def test_points_at_every_name_and_nowhere_else_prove_names() -> None:
    heights = np.array([100.0, 80.0, 120.0, 60.0, 90.0])
    assert problems(NAMES, FIVE, line(FIVE + 0.5, heights)) == ()
    between = line(np.r_[FIVE, 130.0], np.r_[heights, 70.0])
    assert problems(NAMES, FIVE, between) == (UNPROVEN,)
    columns = line(np.arange(90.0, 411.0), np.full(321, 90.0), sampled_at="columns")
    assert problems(NAMES, FIVE, columns) == (UNPROVEN,)


def test_months_evenly_apart_are_no_times() -> None:
    even = np.linspace(60.0, 440.0, 12)
    dated = 60.0 + 380.0 * DAYS / DAYS[-1]
    heights = 100.0 + 30 * np.sin(even)
    assert problems(list(MONTHS), even, line(even, heights)) == ()
    assert problems(list(MONTHS), dated, line(dated, heights)) == (UNPROVEN,)
    # Days of the week are as long as each other: nothing tells names from dates.
    week = ["Mon", "Tue", "Wed", "Thu", "Fri"]
    assert problems(week, FIVE, line(FIVE, heights[:5])) == (UNPROVEN,)


def test_lines_over_categories_are_doubted_as_they_are_told() -> None:
    """One point a category stands in the document, however many vertices the trace has between them."""
    heights = np.array([100.0, 80.0, 120.0, 60.0, 90.0])
    fine = np.unique(np.r_[FIVE, FIVE[0] + np.ptp(FIVE) * np.linspace(0.0, 1.0, 45) ** 1.5])
    traces = (line(FIVE, heights + 40), line(fine, np.interp(fine, FIVE, heights)))
    axis = axis_of(NAMES, FIVE.tolist())
    panel = PanelEvidence(
        frame=FRAME, x_axis=axis, x_scale=fit_categories(axis), traces=traces, names=(None, None)
    )
    assert measure_tolerance_doubts(panel)["points unshared"] > 2
    assert measure_doubts(panel)["points unshared"] == 0
    assert [trace.x_px.size for trace in as_told(panel).traces] == [5, 5]


def test_points_at_every_epoch_make_up_for_few_labels() -> None:
    epochs = np.arange(1.0, 26.0)
    axis = axis_of(["10", "20"], [210.0, 360.0])
    two = Scale(
        kind="linear", origin=60.0, slope=15.0, values=np.array([10.0, 20.0]), used=np.ones(2, bool),
        residual_px=0.0, covariance=np.diag([0.1, 0.0]), n_labels=2,
    )  # fmt: skip

    def few(x: np.ndarray, kind: str = "linear") -> float:
        scale = replace(two, kind=kind)
        panel = PanelEvidence(
            frame=FRAME, x_axis=axis, x_scale=scale, traces=(line(x, 0 * x + 120),), names=(None,)
        )
        return measure_doubts(panel)["scale few labels"]

    assert few(60 + 15 * epochs) == 0
    assert few(60 + 15 * epochs, "date") == 1
    assert few(60 + 15 * 1.37 * epochs[:18]) == 1
