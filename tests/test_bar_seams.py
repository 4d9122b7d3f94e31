"""Edges in the ground's colour along bins are told from gaps by their seams; ends and places put right."""

from __future__ import annotations

import numpy as np
import pytest
from charts import frame_of, render
from matplotlib.figure import Figure

from digitizer.stages.bars.find import find_bars
from digitizer.stages.bars.seams import even_bins, pale_edges
from digitizer.stages.panels.find import find_panels
from digitizer.stages.pixels.rectangles import Rectangle
from digitizer.stages.tracing.bins import set_back_bins

COUNTS = np.array([2, 7, 12, 29, 42, 37, 28, 16, 9, 26, 15, 5.0])
WHITE = np.full(3, 255.0)


@pytest.mark.parametrize("edge", ["white", "none"])
def test_bins_end_and_stand_where_their_edges_have_their_middle(edge: str) -> None:
    boxes = []

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        axes.bar(np.arange(12.0) + 0.5, COUNTS, 1.0, color="#7995c4", edgecolor=edge, linewidth=1.0)
        axes.set(xlim=(-0.61, 13.13), ylim=(0, 44.1))
        figure.canvas.draw()
        boxes.append(frame_of(axes))

    picture = render(draw)
    (trace,) = find_bars(picture, find_panels(picture)[0], (), ())
    (box,) = boxes
    ends = box.bottom - COUNTS / 44.1 * (box.bottom - box.top)
    places = box.left + (np.arange(12.0) + 0.5 + 0.61) / 13.74 * (box.right - box.left)
    np.testing.assert_allclose(trace.y_px, ends, atol=0.7)
    assert abs(float(np.mean(trace.y_px - ends))) < 0.3
    # What all of the bins' sides allow leaves little doubt of where these are.
    np.testing.assert_allclose(trace.x_px, places, atol=0.3 if edge == "white" else 0.8)


@pytest.mark.parametrize("linewidth", [0.72, 0.77])
def test_bins_with_edges_paler_than_their_ground_stand_where_they_do(linewidth: float) -> None:
    # seaborn's dark ground: edges of one whole pixel leave nothing beside it, and no gap is white.
    boxes = []

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot(facecolor="#eaeaf2")
        axes.bar(np.arange(12.0) + 0.5, COUNTS, 1.0, color="#7995c4", edgecolor="white", linewidth=linewidth)
        axes.set(xlim=(-0.61, 13.13), ylim=(0, 44.1))
        axes.spines[:].set_color("white")
        figure.canvas.draw()
        boxes.append(frame_of(axes))

    picture = render(draw)
    frame = find_panels(picture)[0]
    (trace,) = find_bars(picture, frame, (), ())
    trace = set_back_bins(picture, trace)
    (box,) = boxes
    ends = box.bottom - COUNTS / 44.1 * (box.bottom - box.top)
    places = box.left + (np.arange(12.0) + 0.5 + 0.61) / 13.74 * (box.right - box.left)
    assert abs(float(np.mean(trace.y_px - ends))) < 0.25
    # What was put right once is not put right again.
    np.testing.assert_allclose(trace.x_px, places, atol=0.25)


@pytest.mark.parametrize(("before", "told"), [(0.2, False), (0.36, True)])
def test_gaps_are_told_from_edges(before: float, told: bool) -> None:
    rgb, fill, rectangles = np.full((120, 200, 3), 255.0), np.array([121.0, 149.0, 196.0]), []
    for k in range(8):
        first, top = 10 + 20 * k, 20 + 5 * k
        rgb[top:, first : first + 19] = fill
        rgb[top:, first] += 0.2 * (WHITE - fill)
        rgb[top:, first + 18] += before * (WHITE - fill)
        rectangles.append(Rectangle(fill=0, first=first, last=first + 18, top=top, bottom=119, n_filled=1))
    edges = pale_edges(np.round(rgb).astype(np.uint8), rectangles, WHITE)
    assert (edges is not None) == told
    if edges is not None:
        assert edges.width_px == pytest.approx(1.4, abs=0.02)


def test_bins_stand_between_the_middles_of_gaps_that_lean_to_lower_bars() -> None:
    # Vega: gaps of a pixel between bins of 37.5 px. Every other one lies on two columns, half on each: both
    # are found in the fill of the lower bar.
    heights, step = (10, 60, 150, 280, 200, 115, 30, 12), 37.5
    rgb, rectangles = np.full((300, 340, 3), 255.0), []
    fill, sides = np.array([76.0, 120.0, 168.0]), np.arange(341) - 0.5
    for k, height in enumerate(heights):
        left, right = step * k + 0.5, step * (k + 1) - 0.5
        cover = np.clip(np.minimum(sides[1:], right) - np.maximum(sides[:-1], left), 0.0, 1.0)
        rgb[300 - height :] += cover[:, None] * (fill - WHITE)
        first, last = int(np.ceil(left + 0.5)), int(np.floor(right - 0.5))
        if k % 2 == 0 and height < heights[k + 1]:
            last += 2
        if k % 2 == 1 and height < heights[k - 1]:
            first -= 2
        top = 300 - height
        rectangles.append(Rectangle(fill=0, first=first, last=last, top=top, bottom=299, n_filled=1))
    bins = even_bins(np.round(rgb).astype(np.uint8), rectangles, WHITE)
    assert bins is not None
    assert bins.step == pytest.approx(step, abs=0.01)
    centers = [bins.center((r.first + r.last) / 2) for r in rectangles]
    np.testing.assert_allclose(centers, step * (np.arange(8) + 0.5), atol=0.05)
