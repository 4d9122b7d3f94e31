"""The status: doubts are measured, their weights add up, and a contradiction is never outvoted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from digitizer.evidence import Box, LegendEntry, PanelEvidence, Redrawn, TextSpan
from digitizer.pipeline import digitize
from digitizer.stages.status.doubts import MOST_SIZE, measure_doubts
from digitizer.stages.status.judge import Verdict, judge_panel, load_verdict

CHART = Path(__file__).parent.parent / "fixtures" / "drawn" / "reference" / "chart.png"


@pytest.fixture(scope="module")
def evidence() -> PanelEvidence:
    extraction = digitize(CHART).extraction
    assert extraction is not None
    return extraction.panels[0]


def test_probability_falls_with_every_doubt() -> None:
    verdict = Verdict(bias=3.0, threshold=0.9, weights={"noise": (2.0, 0.5), "overdrawn": (3.0, 2.0)})
    assert verdict.probability({}) == pytest.approx(0.9526, abs=1e-4)
    assert verdict.probability({"noise": 3.0}) == pytest.approx(0.5)
    assert verdict.probability({"unknown": 5.0}) == verdict.probability({})
    assert verdict.heaviest({"noise": 1.5, "overdrawn": 1.0, "unknown": 9.0}) == ["overdrawn", "noise"]


def test_the_shipped_weights_name_doubts_that_are_measured(evidence: PanelEvidence) -> None:
    verdict = load_verdict()
    measured = set(measure_doubts(evidence))
    assert {name for name in verdict.weights if not name.startswith("problem ")} <= measured
    assert all(first >= 0 and beyond >= 0 for first, beyond in verdict.weights.values())
    assert 0.5 <= verdict.threshold < 1


def test_a_clean_panel_is_believed(evidence: PanelEvidence) -> None:
    status, confidence, notices = judge_panel(evidence)
    assert (status, notices) == ("ok", ())
    assert confidence >= load_verdict().threshold


def test_ink_that_nothing_explains_is_a_doubt(evidence: PanelEvidence) -> None:
    left = replace(evidence, redrawn=replace(evidence.redrawn, explained=0.7, largest_left=0.2))
    assert measure_doubts(left)["ink unexplained"] > 2
    status, confidence, notices = judge_panel(left)
    assert status == "suspect"
    assert confidence < judge_panel(evidence)[1]
    assert "ink-unexplained" in {notice.code for notice in notices}


@pytest.mark.parametrize(("share", "contradicts"), [(0.3, False), (0.6, True)])
def test_ink_as_thick_as_a_marker_beside_markers_contradicts_a_panel(
    evidence: PanelEvidence, share: float, contradicts: bool
) -> None:
    thickest = share * evidence.traces[0].marker_size_px
    left = replace(evidence, redrawn=replace(evidence.redrawn, thickest_left=thickest))
    status, _, notices = judge_panel(left)
    assert ("markers-missed" in {notice.code for notice in notices}) == contradicts
    assert (status == "suspect") == contradicts


@pytest.mark.parametrize(("share", "contradicts"), [(0.08, False), (0.2, True)])
def test_points_that_are_off_by_their_own_deviations_contradict_a_panel(
    evidence: PanelEvidence, share: float, contradicts: bool
) -> None:
    (trace, *others) = evidence.traces
    # A deviation of many times the allowance makes a point surely off.
    sigma = trace.sigma_px.copy()
    sigma[: round(share * sigma.size)] = 1e4
    status, _, notices = judge_panel(replace(evidence, traces=(replace(trace, sigma_px=sigma), *others)))
    assert ("series-unsure" in {notice.code for notice in notices}) == contradicts
    assert status == "suspect" or not contradicts


@pytest.mark.parametrize(("share", "contradicts"), [(0.03, False), (0.5, True)])
def test_a_line_as_thick_as_an_area_contradicts_a_panel(
    evidence: PanelEvidence, share: float, contradicts: bool
) -> None:
    (trace, *others) = evidence.traces
    thick = replace(trace, line_width_px=share * evidence.frame.box.height)
    status, _, notices = judge_panel(replace(evidence, traces=(thick, *others)))
    assert ("line-thick" in {notice.code for notice in notices}) == contradicts
    assert (status == "suspect") == contradicts


def test_a_quarter_of_points_with_deviations_as_large_as_allowed_contradicts_a_panel(
    evidence: PanelEvidence,
) -> None:
    # By a normal law 8 % of all points would be off, by the longer tails that errors have 12 %.
    (trace, *others) = evidence.traces
    sigma = trace.sigma_px.copy()
    sigma[: sigma.size // 4 + 1] = 0.01 * evidence.frame.box.height
    status, _, notices = judge_panel(replace(evidence, traces=(replace(trace, sigma_px=sigma), *others)))
    assert "series-unsure" in {notice.code for notice in notices}
    assert status == "suspect"


def test_residuals_are_doubted_beyond_what_rounding_to_the_pixels_of_the_screen_leaves(
    evidence: PanelEvidence,
) -> None:
    def residual(off: float, grain: float = 1.0) -> tuple[float, bool]:
        scale, axis = evidence.y_scale, evidence.y_axis
        assert scale is not None
        assert axis is not None
        scale = replace(scale, misfit_px=off)
        panel = replace(evidence, y_scale=scale, y_axis=replace(axis, grain=grain))
        codes = [notice.code for notice in judge_panel(panel)[2]]
        return measure_doubts(panel)["scale residual"], "scale-residual" in codes

    flat = residual(0.0)
    assert residual(0.25) == flat
    assert residual(0.45)[0] == pytest.approx(1.0)
    assert residual(1.05)[1]
    # At three pixels a pixel of the screen ticks are off by three times as much.
    assert residual(0.75, grain=3.0)[0] == flat[0]
    assert not residual(1.05, grain=3.0)[1]


def test_a_missing_sibling_series_is_never_outvoted(evidence: PanelEvidence) -> None:
    status, _, notices = judge_panel(replace(evidence, missing_colors=((255, 127, 14),)))
    assert status == "suspect"
    assert [notice.message for notice in notices] == [
        "Most other panels show a series in orange, and none was found here."
    ]


def test_a_legend_that_lists_what_was_found_misses_no_sibling_series(evidence: PanelEvidence) -> None:
    (trace,) = evidence.traces
    box = Box(left=500, top=50, right=540, bottom=60)
    text = TextSpan(box=box, text="loss", confidence=1.0)
    entry = LegendEntry(text=text, swatch=box, color=trace.color, line_style="solid", marker="none")
    listed = replace(evidence, names=("loss",), legend=(entry,), missing_colors=((255, 127, 14),))
    assert judge_panel(listed)[::2] == ("ok", ())
    # A line that the legend lists and that was not found may be the siblings'.
    short = replace(listed, legend=(entry, entry))
    assert "sibling-series" in {notice.code for notice in judge_panel(short)[2]}


def test_nothing_read_is_unreadable(evidence: PanelEvidence) -> None:
    assert judge_panel(replace(evidence, traces=(), names=()))[:2] == ("unreadable", 0.0)
    assert judge_panel(replace(evidence, x_scale=None))[0] == "unreadable"


def test_sizes_stay_within_bounds(evidence: PanelEvidence) -> None:
    wild = replace(evidence, redrawn=Redrawn(explained=0.0, largest_left=1.0, longest_bare=(1e6,), noise=1e9))
    assert all(0 <= size <= MOST_SIZE for size in measure_doubts(wild).values())


@pytest.mark.parametrize("code", ["tick-values-uneven", "ticks-off-marks"])
def test_what_is_graded_lowers_the_confidence_and_vetoes_nothing(evidence: PanelEvidence, code: str) -> None:
    assert evidence.y_scale is not None
    status, confidence, notices = judge_panel(
        replace(evidence, y_scale=replace(evidence.y_scale, problems=(code,)))
    )
    assert confidence <= judge_panel(evidence)[1]
    assert (status == "ok") == (confidence >= load_verdict().threshold)
    assert (code in {notice.code for notice in notices}) == (status == "suspect")
