"""Doubts about names, bars, markers, error bars and what lies beside a panel: 0 where all is well."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from evidences import line

from digitizer.evidence import (
    AxisEvidence,
    Box,
    FloatArray,
    PanelEvidence,
    PanelFrame,
    Picture,
    Scale,
    TextSpan,
    Trace,
)
from digitizer.stages.axes.ordered import fit_categories
from digitizer.stages.checks.outside import count_torn, share_beyond
from digitizer.stages.status.axis_doubts import label_doubts
from digitizer.stages.status.kind_doubts import measure_kind_doubts, n_unshared

FRAME = PanelFrame(
    box=Box(left=50, top=20, right=350, bottom=220),
    sides=frozenset(("left", "bottom")),
    background=(255, 255, 255),
    grid_x=np.zeros(0),
    grid_y=np.zeros(0),
)
PLACES = np.array([90.0, 150.0, 210.0, 270.0, 330.0])
RED = (214, 39, 40)


def axis_of(*confidences: float) -> AxisEvidence:
    labels = tuple(
        TextSpan(box=Box(left=x - 12, right=x + 12, top=226, bottom=236), text=f"name {k}", confidence=c)
        for k, (x, c) in enumerate(zip(PLACES, confidences, strict=True))
    )
    sigma = np.full(len(PLACES), 0.3)
    return AxisEvidence(side="bottom", marks=PLACES, labels=labels, label_px=PLACES, label_sigma_px=sigma)


def bars_at(places: np.ndarray) -> Trace:
    n = len(places)
    return Trace(
        kind="bar", color=RED, x_px=places, y_px=np.full(n, 100.0), sigma_px=np.full(n, 0.3),
        sampled_at="markers", line_style="none", line_width_px=20.0, base_px=np.full(n, 220.0),
    )  # fmt: skip


def panel(axis: AxisEvidence, *traces: Trace) -> PanelEvidence:
    return PanelEvidence(
        frame=FRAME, x_axis=axis, x_scale=fit_categories(axis), traces=traces, names=(None,) * len(traces)
    )


def numbered(*confidences: float, used: tuple[int, ...] = (0, 1, 2, 3, 4)) -> dict[str, float]:
    """The doubts of a panel whose x axis is labelled with numbers that lie on one scale."""
    axis = axis_of(*confidences)
    scale = Scale(
        kind="linear",
        origin=90.0,
        slope=60.0,
        values=np.arange(5.0),
        used=np.isin(np.arange(5), used),
        residual_px=0.1,
        covariance=np.eye(2) * 0.01,
        n_labels=5,
    )
    return measure_kind_doubts(replace(panel(axis, bars_at(PLACES)), x_scale=scale))


def test_a_lone_doubted_number_is_borne_out_by_many_others() -> None:
    assert numbered(1, 1, 0.5, 1, 1)["label worst"] == 0
    assert numbered(1, 0.5, 0.5, 1, 1)["label worst"] > 2
    assert numbered(1, 1, 0.5, 1, 1, used=(0, 1, 2, 3))["label worst"] > 2


def test_doubted_numbers_are_borne_out_by_four_sure_ones_on_their_scale() -> None:
    axis = axis_of(1, 1, 1, 1, 1)
    places = np.r_[PLACES, 390.0]
    doubted = [replace(span, confidence=0.5) for span in axis.labels[:2]]
    labels = (*doubted, *axis.labels[2:], axis.labels[0])
    more = replace(axis, labels=labels, label_px=places, marks=places)
    scale = Scale(
        kind="linear", origin=90.0, slope=60.0, values=np.arange(6.0), used=np.ones(6, bool), residual_px=0.1,
        covariance=np.eye(2) * 0.01, n_labels=6,
    )  # fmt: skip
    assert label_doubts(more, scale) == [0.0] * 4
    stray = replace(scale, used=np.arange(6) < 5)
    assert label_doubts(more, stray) == [0.5, 0.5, 0.0, 0.0, 0.0]
    assert max(label_doubts(more, replace(scale, kind="category"))) == 0.5


def test_bars_at_sure_labels_raise_no_doubt() -> None:
    doubts = measure_kind_doubts(panel(axis_of(1, 1, 1, 1, 1), bars_at(PLACES)))
    assert set(doubts.values()) == {0.0}


def test_each_doubt_is_raised_by_what_it_is_for() -> None:
    sure = axis_of(1, 1, 1, 1, 1)
    assert measure_kind_doubts(panel(axis_of(1, 1, 0.6, 1, 1), bars_at(PLACES)))["label worst"] > 1
    assert measure_kind_doubts(panel(sure, bars_at(PLACES[:4])))["bars missing"] > 1
    askew = measure_kind_doubts(panel(sure, bars_at(PLACES + np.array([0, 0, 14, 0, -14]))))
    assert askew["bars off labels"] > 1
    assert measure_kind_doubts(replace(panel(sure, bars_at(PLACES)), n_torn=2))["labels torn"] == 2
    assert measure_kind_doubts(replace(panel(sure, bars_at(PLACES)), beyond=0.1))["ink beyond frame"] > 1


@pytest.mark.parametrize(("apart", "doubted"), [(12.0, False), (5.0, True)])
def test_markers_that_touch_are_doubted(apart: float, doubted: bool) -> None:
    steps = np.arange(20.0)
    x = 60 + apart * (steps + 0.15 * (steps % 3))
    cloud = Trace(
        kind="scatter", color=RED, x_px=x, y_px=np.full(20, 90.0), sigma_px=np.full(20, 0.4),
        sampled_at="markers", marker="circle", line_style="none", marker_size_px=8.0,
    )  # fmt: skip
    doubts = measure_kind_doubts(panel(axis_of(1, 1, 1, 1, 1), cloud))
    assert (doubts["markers touching"] > 1) == doubted
    one_a_step = replace(cloud, x_px=60 + apart * steps)
    assert measure_kind_doubts(panel(axis_of(1, 1, 1, 1, 1), one_a_step))["markers touching"] == 0
    low = np.where(np.arange(20) < 15, 100.0, np.nan)
    with_errors = replace(cloud, y_low_px=low, y_high_px=low - 20)
    assert measure_kind_doubts(panel(axis_of(1, 1, 1, 1, 1), with_errors))["error bars missing"] > 1


def test_markers_that_others_may_cover_are_doubted_as_often_as_they_are() -> None:
    rng = np.random.default_rng(8)
    lacking = {}
    for side in (60.0, 300.0):
        wrong, doubts = [], []
        for _ in range(60):
            x, y = rng.uniform(0, side, (2, 60))
            apart = np.hypot(x[:, None] - x, y[:, None] - y) + np.tril(np.full((60, 60), 1e3))
            seen = apart.min(axis=0) > 0.35 * 8
            wrong.append(np.count_nonzero(~seen) > 0.05 * 60)
            cloud = Trace(
                kind="scatter", color=RED, x_px=x[seen], y_px=y[seen], sigma_px=np.full(seen.sum(), 0.4),
                sampled_at="markers", marker="circle", line_style="none", marker_size_px=8.0,
            )  # fmt: skip
            doubts.append(measure_kind_doubts(panel(axis_of(1, 1, 1, 1, 1), cloud))["markers merged"])
        lacking[side] = float(np.mean(wrong)), float(np.mean(1 - np.exp(-np.array(doubts))))
    assert lacking[300.0][0] < 0.1
    assert lacking[60.0][0] > 0.5
    for true, told in lacking.values():
        assert abs(true - told) < 0.2


def test_ink_of_a_series_beyond_the_frame_is_seen_and_text_is_not() -> None:
    rgb = np.full((260, 400, 3), 255, np.uint8)
    rgb[100:220, 80:100] = RED
    rgb[100:220, 180:200] = RED
    rgb[5:12, 60:120] = RED
    picture = Picture(name="drawn", sha256="", rgb=rgb)
    title = Box(left=58, top=4, right=122, bottom=13)
    traces = (bars_at(np.array([90.0, 190.0])),)
    assert share_beyond(picture, [FRAME], 0, traces, [title]) == 0.0
    assert share_beyond(picture, [FRAME], 0, traces, []) > 0.05
    wider = rgb.copy()
    wider[100:220, 370:390] = RED
    cut = Picture(name="drawn", sha256="", rgb=wider)
    assert share_beyond(cut, [FRAME], 0, traces, [title]) > 0.3


def test_a_pale_band_that_goes_on_above_its_frame_is_seen() -> None:
    pale, rgb = (221, 226, 245), np.full((260, 400, 3), 255, np.uint8)
    band = Trace(
        kind="band", color=pale, x_px=PLACES, y_px=np.full(5, 60.0), sigma_px=np.full(5, 0.15),
        sampled_at="columns", line_style="none", line_width_px=40.0,
    )  # fmt: skip
    rgb[20:80, 90:330] = pale
    whole = Picture(name="drawn", sha256="", rgb=rgb.copy())
    assert share_beyond(whole, [FRAME], 0, [band], []) == 0.0
    rgb[8:20, 150:300] = pale
    cut = Picture(name="drawn", sha256="", rgb=rgb)
    assert share_beyond(cut, [FRAME], 0, [band], []) > 0.02


def test_a_text_at_a_label_is_torn_off_it_and_a_title_below_is_not() -> None:
    axis = axis_of(1, 1, 1, 1, 1)
    torn = TextSpan(box=Box(left=67, right=75, top=226, bottom=236), text="J", confidence=0.9)
    title = TextSpan(box=Box(left=180, right=240, top=250, bottom=262), text="Month", confidence=1.0)
    assert count_torn(axis, (torn, title)) == 1
    assert count_torn(axis, (replace(torn, panel=0),)) == 0


@pytest.mark.parametrize(("seen", "lacking"), [(slice(0, 12), 0.0), (slice(0, 11), 1.0), (slice(0, 6), 0.0)])
def test_a_marker_that_only_one_of_two_clouds_has_at_a_place_is_a_doubt(seen: slice, lacking: float) -> None:
    x = np.linspace(70.0, 330.0, 12)
    whole, other = (
        Trace(
            kind="scatter", color=RED, x_px=places, y_px=np.full(places.size, y),
            sigma_px=np.full(places.size, 0.4), sampled_at="markers", marker="circle", line_style="none",
            line_width_px=1.0, marker_size_px=8.0,
        )
        for places, y in ((x, 60.0), (x[seen], 120.0))
    )  # fmt: skip
    doubts = measure_kind_doubts(panel(axis_of(1, 1, 1, 1, 1), whole, other))
    assert doubts["markers unshared"] == lacking


def test_a_stack_over_numbers_that_lacks_slivers_is_doubted() -> None:
    axis = axis_of(0.9, 0.9, 0.9, 0.9, 0.9)
    scale = Scale(
        kind="linear",
        origin=90.0,
        slope=60.0,
        values=np.arange(5.0),
        used=np.ones(5, dtype=bool),
        residual_px=0.1,
        covariance=np.eye(2) * 0.01,
    )
    lower = replace(bars_at(PLACES), y_px=np.array([60.0, 120, 160, 210, 218]))
    upper = replace(lower, y_px=lower.y_px - 10, base_px=lower.y_px)
    thin = replace(
        upper, x_px=PLACES[:3], y_px=upper.y_px[:3], sigma_px=upper.sigma_px[:3], base_px=upper.y_px[:3] + 10
    )

    def doubt(*traces: Trace) -> float:
        evidence = replace(panel(axis, *traces), x_scale=scale)
        return measure_kind_doubts(evidence)["bars missing"]

    assert doubt(lower, upper) == 0.0
    assert doubt(lower, thin) > 1.0
    # The last of the bars is left out of both, and what stands there is unexplained.
    both = [
        replace(t, x_px=PLACES[:4], y_px=t.y_px[:4], sigma_px=t.sigma_px[:4], base_px=t.base_px[:4])
        for t in (replace(lower, base_px=np.full(5, 220.0)), upper)
        if t.base_px is not None
    ]
    for left, right, bottom, doubted in (
        (315, 345, 219, True),
        (315, 319, 219, False),
        (315, 345, 190, False),
    ):
        sliver = Box(left=left, right=right, top=bottom - 3, bottom=bottom)
        evidence = replace(panel(axis, *both), x_scale=scale)
        evidence = replace(evidence, redrawn=replace(evidence.redrawn, unexplained=(sliver,)))
        assert (measure_kind_doubts(evidence)["bars missing"] > 1.0) is doubted
    # Bars of two histograms over each other need not stand at the same places.
    assert doubt(lower, replace(thin, base_px=np.full(3, 220.0))) == 0.0


def test_a_cloud_that_lacks_more_than_one_marker_in_twenty_under_anothers_is_contradicted() -> None:
    x = np.linspace(70.0, 370.0, 20)

    def cloud(places: FloatArray, y: float) -> Trace:
        return Trace(
            kind="scatter", color=RED, x_px=places, y_px=np.full(places.size, y),
            sigma_px=np.full(places.size, 0.4), sampled_at="markers", marker="circle", line_style="none",
            line_width_px=1.0, marker_size_px=8.0,
        )  # fmt: skip

    assert n_unshared([cloud(x, 60.0), cloud(x[1:], 120.0)]) == 0
    assert n_unshared([cloud(x, 60.0), cloud(x[2:], 120.0)]) == 2
    # What shows of a hidden marker may be taken for another one of those above it.
    assert n_unshared([cloud(np.r_[x[0], x], 60.0), cloud(x[1:], 120.0)]) == 0


def test_a_line_that_lacks_a_marker_where_another_has_one_beside_all_it_has_is_contradicted() -> None:
    x = np.array([60.0, 120.0, 145.0, 200.0, 290.0, 330.0, 334.0, 400.0])

    def marked(places: FloatArray, y: float) -> Trace:
        return line(places, np.full(places.size, y), sampled_at="markers", marker="circle")

    assert n_unshared([marked(x, 60.0), marked(np.delete(x, 5), 120.0)]) == 1
    assert n_unshared([marked(x, 60.0), marked(x, 120.0)]) == 0
    # A line that ends earlier lacks none, nor does one that has places of its own.
    assert n_unshared([marked(x, 60.0), marked(x[:-1], 120.0)]) == 0
    assert (
        n_unshared([marked(x, 60.0), marked(np.delete(x, 5) + np.array([0, 9, 9, 0, 0, 0, 0]), 120.0)]) == 0
    )
