"""Markers at a line's ends that another line hides, and small ones in reduced pictures."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from series_drawings import draw, trace

from digitizer.evidence import Box, LegendEntry, TextSpan
from digitizer.stages.strokes.proposals import scale_box


def entry(name: str, color: tuple[int, int, int], marker: str) -> LegendEntry:
    box = Box(left=700, right=740, top=10, bottom=20)
    text = TextSpan(box=box, text=name, confidence=1.0)
    return LegendEntry(text=text, swatch=box, color=color, line_style="solid", marker=marker)


def test_a_line_goes_straight_on_to_its_marker_under_anothers() -> None:
    x = np.arange(0.0, 121.0, 20.0)
    lower = np.array([6.08, 3.7, 2.87, 2.26, 1.92, 1.52, 1.13])
    upper = np.array([6.1, 4.04, 3.66, 3.5, 3.57, 3.72, 3.87])
    thick = {"linewidth": 3.5, "markersize": 10}
    drawn = draw(
        [
            (x, lower, {"color": "#2563eb", "marker": "o", **thick}),
            (x, upper, {"color": "#ea580c", "marker": "s", **thick}),
        ],
        jpeg=78,
        size=(10.5, 5.7),
    )
    legend = (entry("train", (37, 99, 235), "circle"), entry("test", (234, 88, 12), "square"))
    found = trace(drawn, legend=legend)
    (blue,) = (t for t in found if t.color[2] > 180)
    assert blue.sampled_at == "markers"
    assert blue.x_px == pytest.approx(drawn.truth[0][0], abs=1.0)
    assert blue.y_px == pytest.approx(drawn.truth[0][1], abs=2.5)


def test_small_discs_on_steps_are_told_in_a_reduced_picture() -> None:
    x = np.arange(1.0, 51.0)
    y = 0.97 - 0.7 * np.exp(-x / 4) + 0.01 * np.sin(1.7 * x)
    whole = draw(
        [(x, y, {"color": "#4878d0", "marker": "o", "markersize": 4, "linewidth": 1.5})], size=(8.5, 4.2)
    )
    share = 0.72
    height, width = (round(share * n) for n in whole.picture.rgb.shape[:2])
    rgb = cv2.resize(whole.picture.rgb, (width, height), interpolation=cv2.INTER_AREA)
    box = scale_box(whole.frame.box, share)
    small = replace(
        whole, picture=replace(whole.picture, rgb=np.asarray(rgb)), frame=replace(whole.frame, box=box)
    )
    (found,) = trace(small)
    assert found.sampled_at == "markers"
    assert found.x_px.size == 50
    assert found.y_px == pytest.approx((whole.truth[0][1] + 0.5) * share - 0.5, abs=0.5)


def test_a_last_step_that_is_cut_short_ends_where_its_marker_is() -> None:
    even = np.arange(0.6, 3.35, 0.3)
    runs = [("#1f77b4", np.r_[even, 3.576], 0.1), ("#ff7f0e", np.r_[even, 3.437], 0.0)]
    drawn = draw(
        [(x, 3.2 + 0.5 / x + lift, {"color": c, "marker": "o", "linewidth": 2.0}) for c, x, lift in runs]
    )
    found = sorted(trace(drawn), key=lambda t: t.color)
    assert [t.sampled_at for t in found] == ["markers", "markers"]
    for one, (x, y) in zip(found, drawn.truth, strict=True):
        assert one.x_px == pytest.approx(x, abs=1.0)
        assert one.y_px == pytest.approx(y, abs=1.0)


def test_a_line_whose_first_markers_lie_above_the_panel_is_drawn_on_to_its_top() -> None:
    x = np.arange(0.1, 3.5, 0.3)
    drawn = draw([(x, 3.2 + 0.5 / x, {"color": "#1f77b4", "marker": "o", "linewidth": 2.0})], top=4.0)
    (found,) = trace(drawn)
    assert found.x_px.size == x.size - 2
    assert found.course_px is not None
    truth_x, truth_y = drawn.truth[0]
    top = drawn.frame.box.top
    assert found.course_px[0, 1] == pytest.approx(top, abs=1.5)
    assert found.course_px[0, 0] == pytest.approx(np.interp(top, truth_y[:3], truth_x[:3]), abs=2.0)
    assert found.course_px[1:, 0] == pytest.approx(found.x_px)
