"""Markers that others cover, that stand on no even steps, or on dashes."""

from __future__ import annotations

import numpy as np
import pytest
from series_drawings import Drawn, draw, trace

from digitizer.evidence import Box, FloatArray, LegendEntry, TextSpan, Trace

# Batch sizes: most on even steps, the first few not.
SIZES = np.array([10.0, 50.0, 100.0, 200.0, 300.0, 400.0, 500.0, 600.0, 700.0])
# Agg moves markers by up to half a pixel at 100 dpi, three times that at 300.
OFF_PX = 1.5


def entry(color: tuple[int, int, int], style: str, marker: str) -> LegendEntry:
    """A legend's line outside the panel."""
    return LegendEntry(
        text=TextSpan(box=Box(left=40, right=80, top=2, bottom=14), text=marker, confidence=1.0),
        swatch=Box(left=10, right=35, top=2, bottom=14), color=color, line_style=style, marker=marker,
    )  # fmt: skip


def found_in(found: list[Trace], color: tuple[int, int, int]) -> Trace:
    (mine,) = [t for t in found if np.abs(np.subtract(t.color, color)).max() < 12]
    return mine


def check(found: Trace, truth: tuple[FloatArray, FloatArray], marker: str) -> None:
    assert found.sampled_at == "markers"
    assert found.marker == marker
    assert found.x_px == pytest.approx(truth[0], abs=OFF_PX)
    assert found.y_px == pytest.approx(truth[1], abs=OFF_PX)


def test_markers_that_show_as_crescents_stand_where_the_others_do() -> None:
    x = np.array([100.0, 250.0, 500.0, 1000.0, 2500.0, 5000.0])
    below = np.array([9.5, 10.6, 20.0, 32.0, 79.0, 152.5])
    above = np.array([6.6, 10.4, 18.8, 38.3, 146.5, 524.5])
    look = {"marker": "o", "lw": 2.0, "ms": 8.0}
    drawn = draw([(x, below, {"color": "#ffaf00", **look}), (x, above, {"color": "#f46920", **look})])
    legend = (entry((255, 175, 0), "solid", "circle"), entry((244, 105, 32), "solid", "circle"))
    found = trace(drawn, (), legend)
    check(found_in(found, (244, 105, 32)), drawn.truth[1], "circle")
    check(found_in(found, (255, 175, 0)), drawn.truth[0], "circle")


def three_lines() -> Drawn:
    bent = 1.0 + 0.12 * np.cos(2.1 * np.arange(SIZES.size))
    serial, threads, gpu = (
        k * SIZES**2 * bent + low for k, low in ((17.5e-6, 2.0), (9.5e-6, 0.0), (13e-6, 1.0))
    )
    return draw(
        [
            (SIZES, serial, {"color": "red", "marker": "o"}),
            (SIZES, threads, {"color": "green", "ls": "--", "marker": "s"}),
            (SIZES, gpu, {"color": "blue", "ls": ":", "marker": "^"}),
        ],
        size=(10.0, 4.0),
        dpi=300,
    )


def test_lines_of_three_styles_on_uneven_steps_keep_their_markers() -> None:
    drawn = three_lines()
    legend = (
        entry((255, 0, 0), "solid", "circle"),
        entry((0, 128, 0), "dashed", "square"),
        entry((0, 0, 255), "dotted", "triangle"),
    )
    found = trace(drawn, (), legend)
    for color, truth, marker in zip(
        ((255, 0, 0), (0, 128, 0), (0, 0, 255)), drawn.truth, ("circle", "square", "triangle"), strict=True
    ):
        check(found_in(found, color), truth, marker)


def test_a_bare_line_gets_no_markers_that_are_not_there() -> None:
    x = np.array([100.0, 250.0, 500.0, 1000.0, 2500.0, 5000.0])
    marked = {"color": "#f46920", "marker": "o", "lw": 2.0, "ms": 8.0}
    drawn = draw([(x, 0.02 * x, {"color": "#ffaf00", "lw": 2.0}), (x, 0.1 * x, marked)])
    legend = (entry((255, 175, 0), "solid", "circle"), entry((244, 105, 32), "solid", "circle"))
    assert found_in(trace(drawn, (), legend), (255, 175, 0)).marker == "none"


def test_markers_that_the_legend_shows_too_small_are_taken_from_the_ink() -> None:
    x = np.linspace(350, 750, 10)
    sample = np.array([0.080, 0.002, 0.086, 0.118, 0.385, 0.794, 1.09, 0.708, 0.251, 0.125])
    other = np.array([0.069, 0.143, 0.404, 0.801, 0.951, 0.674, 0.284, 0.114, 0.068, 0.060])
    third = np.array([0.026, 0.059, 0.071, 0.127, 0.454, 0.953, 0.691, 0.171, 0.084, 0.069])
    look = {"marker": "o", "lw": 1.2, "ms": 6.0}
    drawn = draw(
        [(x, y, {"color": c, **look}) for y, c in ((sample, "red"), (other, "green"), (third, "blue"))],
        margin=0.0,
    )
    legend = (
        entry((255, 0, 0), "solid", "none"),
        entry((0, 128, 0), "solid", "circle"),
        entry((0, 0, 255), "solid", "circle"),
    )
    check(found_in(trace(drawn, (), legend), (255, 0, 0)), drawn.truth[0], "circle")


def test_neighbours_that_others_cover_come_to_rest_where_they_were_drawn() -> None:
    x = np.linspace(100, 2000, 8)
    discs = np.array([19.38, 17.44, 17.82, 28.18, 46.91, 69.65, 106.2, 154.5])
    over = np.array([18.25, 16.59, 34.41, 51.48, 71.84, 96.64, 118.6, 149.8])
    drawn = draw(
        [
            (x, discs, {"color": (0.173, 0.686, 0.996), "marker": "o", "lw": 1.44, "ms": 5.76}),
            (x, over, {"color": (0.329, 0.310, 0.773), "marker": "D", "lw": 1.44, "ms": 4.0}),
        ],
        size=(4.0, 4.4),
        margin=0.0,
    )
    legend = (entry((44, 175, 254), "solid", "circle"), entry((84, 79, 197), "solid", "diamond"))
    found = found_in(trace(drawn, (), legend), (44, 175, 254))
    assert found.y_px == pytest.approx(drawn.truth[0][1], abs=0.6)
