"""Doubts about lines: points beside round steps, markers that were not read, steep lines on an unsure x."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from digitizer.evidence import Box, LegendEntry, PanelEvidence, Redrawn, Scale, TextSpan, Trace
from digitizer.stages.status.line_doubts import measure_line_doubts, off_round_steps
from tests.evidences import FRAME, line


def scale(origin: float = 60.0, slope: float = 7.5) -> Scale:
    return Scale(
        kind="linear", origin=origin, slope=slope, values=np.arange(0.0, 51.0, 10.0), used=np.ones(6, bool),
        residual_px=0.1, covariance=np.diag([0.01, 1e-6]),
    )  # fmt: skip


def panel(*traces: Trace, **changes: object) -> PanelEvidence:
    whole = PanelEvidence(
        frame=FRAME, x_scale=scale(), traces=traces, names=(None,) * len(traces), redrawn=Redrawn()
    )
    return replace(whole, **changes)


EPOCHS = np.arange(1.0, 51.0)
FLAT = np.full(50, 120.0)


def test_points_on_whole_steps_raise_no_doubt() -> None:
    trace = line(60 + 7.5 * EPOCHS, FLAT)
    assert off_round_steps(trace, scale()) == pytest.approx(0.0, abs=1e-6)
    assert set(measure_line_doubts(panel(trace)).values()) == {0.0}


@pytest.mark.parametrize(("shift", "stretch"), [(1.8, 1.0), (-1.8, 1.0), (0.0, 1.005)])
def test_a_scale_that_puts_whole_steps_beside_them_is_off(shift: float, stretch: float) -> None:
    off = scale(60 + shift, 7.5 * stretch)
    trace = line(60 + 7.5 * EPOCHS, FLAT)
    assert off_round_steps(trace, off) == pytest.approx(abs(shift) or 50 * 7.5 * 0.005, abs=0.1)
    assert measure_line_doubts(panel(trace, x_scale=off))["x off steps"] > 0.5


def test_every_fifth_day_from_the_first_on_tells_nothing_of_a_sure_scale() -> None:
    days, unsure = np.arange(1.0, 366.0, 5.0), replace(scale(slope=1.1), covariance=np.diag([0.25, 1e-6]))
    trace = line(60 + 1.1 * days, np.full(days.size, 120.0))
    assert off_round_steps(trace, scale(slope=1.1)) is None
    assert off_round_steps(trace, unsure) == pytest.approx(1.1)


def test_steps_that_are_not_round_say_nothing() -> None:
    even = np.linspace(0, 50, 50)
    assert off_round_steps(line(60 + 7.5 * even, FLAT), scale()) is None
    uneven = np.sort(np.random.default_rng(4).uniform(0, 50, 50))
    assert off_round_steps(line(60 + 7.5 * uneven, FLAT), scale()) is None
    assert off_round_steps(line(60 + 7.5 * EPOCHS, FLAT, sampled_at="columns"), scale()) is None


def test_an_unsure_x_counts_where_lines_are_steep() -> None:
    saw = np.where(np.arange(50) % 2 == 0, 80.0, 120.0)
    x = 60 + 7.5 * (EPOCHS + 0.2 * np.sin(EPOCHS))
    unsure = measure_line_doubts(panel(line(x, saw)))["steep lines"]
    assert unsure > 1
    assert measure_line_doubts(panel(line(x, FLAT)))["steep lines"] == 0
    assert measure_line_doubts(panel(line(x, saw, sampled_at="markers")))["steep lines"] == 0
    # Points that stand on their steps prove x.
    assert measure_line_doubts(panel(line(60 + 7.5 * EPOCHS, saw)))["steep lines"] < unsure - 0.5


def test_points_on_their_steps_prove_x_for_the_lines_beside_them() -> None:
    steep = line(60 + np.arange(100.0), 80 + 30 * np.sin(np.arange(100.0) / 6), sampled_at="columns")
    markers = line(60 + 7.5 * EPOCHS, FLAT, sampled_at="markers")
    alone = measure_line_doubts(panel(steep))["steep lines"]
    beside = measure_line_doubts(panel(steep, markers))["steep lines"]
    assert 0 <= beside < alone - 0.3
    # Where the steps say that the scale is off, they prove nothing for the others.
    off = scale(60 + 1.8)
    assert measure_line_doubts(panel(steep, markers, x_scale=off))["steep lines"] > beside


def test_markers_in_the_legend_that_the_line_lacks_are_a_doubt() -> None:
    box = Box(left=460, right=500, top=30, bottom=40)
    entry = LegendEntry(text=TextSpan(box=box, text="a", confidence=1.0), swatch=box, color=(31, 119, 180))
    bare = panel(line(60 + 7.5 * EPOCHS, FLAT, sampled_at="columns"), legend=(entry,), names=("a",))
    assert measure_line_doubts(bare)["markers unread"] == 0
    assert (
        measure_line_doubts(replace(bare, legend=(replace(entry, marker="circle"),)))["markers unread"] == 1
    )
    marked = line(60 + 7.5 * EPOCHS, FLAT, sampled_at="markers", marker="circle")
    seen = replace(bare, traces=(marked,), legend=(replace(entry, marker="circle"),))
    assert measure_line_doubts(seen)["markers unread"] == 0
    mixed = panel(marked, line(60 + 7.5 * EPOCHS, FLAT + 30, sampled_at="columns"))
    assert measure_line_doubts(mixed)["markers unread"] == 1


def test_what_the_second_reading_says_counts_by_its_size() -> None:
    said = Redrawn(off=(0.0, 0.1), apart=(0.2, 1.5), lost=(0.1, 0.0), open_ends=())
    doubts = measure_line_doubts(panel(line(60 + 7.5 * EPOCHS, FLAT), redrawn=said))
    assert doubts["path elsewhere"] == pytest.approx(np.log(6))
    assert doubts["path apart"] == 1.5
    assert doubts["line hidden"] == pytest.approx(np.log(6))


def test_an_end_at_other_ink_counts_where_another_line_goes_on() -> None:
    whole = line(60 + 7.5 * EPOCHS, FLAT)
    short = line(whole.x_px[6:], FLAT[6:] + 20)
    both = Redrawn(open_ends=((True, True), (True, True)))
    assert measure_line_doubts(panel(whole, short, redrawn=both))["line ends open"] == 1
    assert measure_line_doubts(panel(whole, whole, redrawn=both))["line ends open"] == 0
    assert measure_line_doubts(panel(whole, redrawn=both))["line ends open"] == 2


@pytest.mark.parametrize(("top", "n_open"), [(60.0, 2), (200.0, 0)])
def test_lines_that_end_together_at_a_legend_may_go_on_under_it(top: float, n_open: int) -> None:
    whole = line(60 + 7.5 * EPOCHS, np.full(EPOCHS.size, 80.0))
    left = float(whole.x_px[0]) - 80
    text = TextSpan(
        box=Box(left=left + 30, right=left + 70, top=top, bottom=top + 12), text="a", confidence=1
    )
    swatch = Box(left=left, right=left + 20, top=top + 5, bottom=top + 7)
    inside = replace(text, box=replace(text.box, left=text.box.left + 80, right=text.box.right + 80))
    entries = tuple(LegendEntry(text=inside, swatch=swatch, color=whole.color) for _ in range(2))
    both = Redrawn(open_ends=((True, False), (True, False)))
    doubts = measure_line_doubts(panel(whole, whole, redrawn=both, legend=entries))
    assert doubts["line ends open"] == n_open


def test_a_line_at_a_legend_has_ended_where_one_in_the_open_has() -> None:
    at_legend = line(60 + 7.5 * EPOCHS, np.full(EPOCHS.size, 80.0))
    left = float(at_legend.x_px[-1]) - 80
    text = TextSpan(box=Box(left=left + 30, right=left + 150, top=60, bottom=72), text="a", confidence=1)
    swatch = Box(left=left, right=left + 20, top=65, bottom=67)
    entries = tuple(LegendEntry(text=text, swatch=swatch, color=at_legend.color) for _ in range(2))
    for last, n_open in ((EPOCHS.size, 0), (EPOCHS.size - 3, 1)):
        clear = line(at_legend.x_px[:last], np.full(last, 200.0))
        said = Redrawn(open_ends=((False, True), (False, False)))
        doubts = measure_line_doubts(panel(at_legend, clear, redrawn=said, legend=entries))
        assert doubts["line ends open"] == n_open


@pytest.mark.parametrize(("right", "n_open"), [(True, 2), (False, 0)])
def test_strokes_go_on_from_the_last_markers_to_a_legend(right: bool, n_open: int) -> None:
    whole = line(60 + 7.5 * EPOCHS, np.full(EPOCHS.size, 80.0))
    marked = replace(whole, sampled_at="markers", marker="circle", marker_size_px=10.0)
    left = float(whole.x_px[-1]) + 30
    box = Box(left=left + 30, right=left + 70, top=75, bottom=87)
    text = TextSpan(box=box, text="a", confidence=1)
    swatch = Box(left=left, right=left + 20, top=80, bottom=82)
    entries = tuple(LegendEntry(text=text, swatch=swatch, color=whole.color) for _ in range(2))
    both = Redrawn(open_ends=((False, right), (False, right)))
    evidence = panel(marked, marked, redrawn=both, legend=entries)
    evidence = replace(
        evidence, frame=replace(evidence.frame, box=replace(evidence.frame.box, right=left + 90))
    )
    assert measure_line_doubts(evidence)["line ends open"] == n_open


@pytest.mark.parametrize(("first", "n_open"), [(0, 0), (1, 1)])
def test_a_line_ends_where_the_bars_below_it_end(first: int, n_open: int) -> None:
    places = np.arange(80.0, 281.0, 40.0)
    bars = Trace(
        kind="bar", color=(214, 39, 40), x_px=places, y_px=np.full(6, 150.0), sigma_px=np.full(6, 0.3),
        sampled_at="markers", line_style="none", line_width_px=20.0, base_px=np.full(6, 220.0),
    )  # fmt: skip
    over = line(places[first:] + 1.0, FLAT[: 6 - first])
    said = Redrawn(open_ends=((False, False), (True, True)))
    assert measure_line_doubts(panel(bars, over, redrawn=said))["line ends open"] == n_open


def test_bars_whose_tops_lie_at_a_legend_have_no_open_ends() -> None:
    places = np.arange(80.0, 281.0, 40.0)
    bars = Trace(
        kind="bar", color=(214, 39, 40), x_px=places, y_px=np.full(6, 50.0), sigma_px=np.full(6, 0.3),
        sampled_at="markers", line_style="none", line_width_px=15.0, base_px=np.full(6, 220.0),
    )  # fmt: skip
    beside = replace(bars, x_px=places + 15.0, color=(31, 119, 180))
    name = TextSpan(box=Box(left=130, right=190, top=40, bottom=50), text="one", confidence=1.0, panel=0)
    entry = LegendEntry(text=name, swatch=Box(left=90, right=110, top=42, bottom=48), color=bars.color)
    closed = Redrawn(open_ends=((False, False), (False, False)))
    doubts = measure_line_doubts(panel(bars, beside, legend=(entry,), redrawn=closed))
    assert doubts["line ends open"] == 0


def test_a_line_that_ends_at_the_legend_before_others_do_may_go_on_under_it() -> None:
    box = Box(left=320, top=40, right=380, bottom=50)
    name = TextSpan(box=box, text="one", confidence=1.0, panel=0)
    entry = LegendEntry(text=name, swatch=Box(left=290, top=44, right=310, bottom=46), color=(0, 0, 255))
    x = np.arange(60.0, 440.0, 10.0)
    whole, hidden = line(x, 0 * x + 150), line(x[x < 285], 0 * x[x < 285] + 45)
    apart = replace(entry, text=replace(name, box=replace(box, top=190, bottom=200)))
    apart = replace(apart, swatch=Box(left=290, top=194, right=310, bottom=196))
    redrawn = Redrawn(open_ends=((False, False), (False, False)))
    for legend, n_open in (((entry,), 1), ((apart,), 0)):
        evidence = panel(whole, hidden, legend=legend, redrawn=redrawn)
        assert measure_line_doubts(evidence)["line ends open"] == n_open


@pytest.mark.parametrize(("level", "n_open"), [(40.0, 0), (120.0, 1)])
def test_a_loop_that_ends_on_another_line_may_go_on_under_it(level: float, n_open: int) -> None:
    # Three quarters of a circle from its lowest point to its middle's height.
    turn = np.linspace(0.0, 1.5 * np.pi, 200)
    loop = line(250 + 80 * np.sin(turn), 120 + 80 * np.cos(turn), sampled_at="columns")
    other = line(np.linspace(60, 300, 50), np.full(50, level))
    closed = Redrawn(open_ends=((False, False), (False, False)))
    assert measure_line_doubts(panel(loop, other, redrawn=closed))["line ends open"] == n_open


@pytest.mark.parametrize(
    ("depth", "left", "n_open"),
    [(0.0, 130.0, 2), (5.0, 130.0, 0), (0.0, 60.0, 0)],  # under the top, below it, all along the panel
)
def test_a_line_that_runs_flat_into_a_side_may_go_on_under_it(depth: float, left: float, n_open: int) -> None:
    x = np.linspace(left, 500.0 - left, 90)
    trace = line(x, FRAME.box.top + depth + 150 * np.cos((x - 250) / (250 - left) * np.pi / 2) ** 4)
    assert measure_line_doubts(panel(trace))["line ends open"] == n_open


def test_a_line_that_leaves_steeply_has_gone() -> None:
    x = np.linspace(130.0, 370.0, 90)
    trace = line(x, FRAME.box.top + 150 - np.abs(x - 250) * 150 / 120)
    assert measure_line_doubts(panel(trace))["line ends open"] == 0
