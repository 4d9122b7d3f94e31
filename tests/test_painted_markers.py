"""Markers of another colour on each vertex of a line are the line's own."""

from __future__ import annotations

import io
from dataclasses import replace

import matplotlib.pyplot as plt
import numpy as np
import pytest

import chartscribe
from digitizer.evidence import Box, LegendEntry, Picture, TextSpan, Trace
from digitizer.stages.series.painted_markers import join_listed, join_painted

X = 60.0 + 31.0 * np.arange(9)
Y = 120.0 + 50.0 * np.sin(np.arange(9) * 1.3)
LINE = Trace(
    kind="line", color=(171, 87, 135), x_px=X, y_px=Y, sigma_px=np.full(9, 0.2), sampled_at="vertices",
    line_width_px=3.0,
)  # fmt: skip
MARKS = Trace(
    kind="scatter", color=(76, 120, 168), x_px=X[::-1] + 0.3, y_px=Y[::-1], sigma_px=np.full(9, 0.1),
    sampled_at="markers", marker="circle", marker_size_px=9.0, line_style="none",
)  # fmt: skip
WHITE = np.full(3, 255.0)


def test_a_line_takes_the_markers_on_its_vertices() -> None:
    (whole,) = join_painted([MARKS, LINE])
    assert (whole.kind, whole.color, whole.marker, whole.sampled_at) == (
        "line", LINE.color, "circle", "markers",
    )  # fmt: skip
    assert np.array_equal(whole.x_px, X + 0.3)


def test_markers_beside_a_line_and_fewer_or_more_than_its_vertices_stay_a_cloud() -> None:
    beside = replace(MARKS, y_px=MARKS.y_px + 6.0)
    assert join_painted([beside, LINE]) == [beside, LINE]
    fewer = replace(MARKS, x_px=MARKS.x_px[:6], y_px=MARKS.y_px[:6], sigma_px=MARKS.sigma_px[:6])
    assert join_painted([LINE, fewer]) == [LINE, fewer]
    columns = replace(LINE, sampled_at="columns")
    assert join_painted([columns, MARKS]) == [columns, MARKS]


@pytest.mark.parametrize(("curved", "kept"), [(False, 1), (True, 2)])
def test_a_line_of_many_points_takes_the_markers_that_it_turns_at(curved: bool, kept: int) -> None:
    """A smooth curve through points is none of theirs."""
    x, low = np.arange(X[0], X[-1] + 1.0, 3.0), 120.0 + (Y - 120.0) * 0.18
    y = 120.0 + 9.0 * np.sin((x - 60.0) / 31.0 * 1.3) if curved else np.interp(x, X, low)
    y += np.tile([0.2, -0.2], x.size)[: x.size]
    marks = replace(MARKS, y_px=low[::-1])
    line = replace(LINE, x_px=x, y_px=y, sigma_px=np.full(x.size, 0.2))
    found = join_painted([marks, line])
    assert len(found) == kept
    assert found[0].marker == ("circle" if kept == 1 else marks.marker)


@pytest.mark.parametrize(
    ("in_sample", "shift", "joined"), [(True, 0.0, True), (False, 0.0, False), (True, 5.0, False)]
)
def test_a_legend_lists_markers_and_line_of_two_colours_in_one_sample(
    in_sample: bool, shift: float, joined: bool
) -> None:
    rgb = np.full((60, 120, 3), 255, np.uint8)
    rgb[19:22, 10:50] = LINE.color if in_sample else 255
    rgb[16:25, 26:35] = MARKS.color
    entry = LegendEntry(
        text=TextSpan(box=Box(left=55.0, top=14.0, right=90.0, bottom=26.0), text="run", confidence=0.9),
        swatch=Box(left=10.0, top=16.0, right=50.0, bottom=24.0),
        color=MARKS.color,
    )
    # Read by columns between its markers, of which each hides a piece.
    x = np.arange(X[0], X[-1] + 1.0)
    x = x[np.abs(x[:, None] - X[None]).min(axis=1) > 4.0]
    line = replace(LINE, x_px=x, y_px=np.interp(x, X, Y) + shift, sigma_px=np.full(x.size, 0.2))
    picture = Picture(name="drawn", sha256="", rgb=rgb)
    listed, others = join_listed([MARKS], [line], picture, [entry], WHITE)
    assert (len(listed), len(others)) == ((1, 0) if joined else (1, 1))
    assert listed[0].kind == ("line" if joined else "scatter")
    if joined:
        assert np.array_equal(listed[0].y_px, Y)


@pytest.mark.parametrize(
    ("color", "shift", "joined"),
    [((103, 140, 181), 0.0, True), ((103, 140, 181), 5.0, False), ((181, 140, 103), 0.0, False)],
)
def test_a_line_that_lets_the_ground_through_is_its_markers_own(
    color: tuple[int, int, int], shift: float, joined: bool
) -> None:
    """The legend shows the markers alone."""
    line = replace(LINE, color=color, y_px=Y + shift)
    picture = Picture(name="drawn", sha256="", rgb=np.full((60, 120, 3), 255, np.uint8))
    listed, others = join_listed([MARKS], [line], picture, [], WHITE)
    assert (listed[0].kind, len(others)) == (("line", 0) if joined else ("scatter", 1))


def test_a_series_goes_by_the_edges_of_its_markers_where_its_sample_does() -> None:
    rgb = np.full((60, 120, 3), 255, np.uint8)
    rgb[19:22, 10:50] = LINE.color
    rgb[14:27, 24:37] = (255, 0, 0)
    rgb[16:25, 26:35] = MARKS.color
    text = TextSpan(box=Box(left=55.0, top=14.0, right=90.0, bottom=26.0), text="run", confidence=0.9)
    swatch = Box(left=10.0, top=14.0, right=50.0, bottom=26.0)
    entry = LegendEntry(text=text, swatch=swatch, color=(255, 0, 0))
    picture = Picture(name="drawn", sha256="", rgb=rgb)
    (whole,), _ = join_listed([MARKS], [LINE], picture, [entry], WHITE)
    assert (whole.color, whole.line_color) == ((255, 0, 0), LINE.color)


def test_a_line_in_another_colour_than_its_markers_is_borne_by_its_own_ink() -> None:
    figure, axes = plt.subplots(figsize=(6, 4), dpi=110)
    marker = {"marker": "s", "ms": 9, "mfc": "yellow", "mec": "red", "mew": 1.2}
    axes.plot(range(1, 7), [10, 40, 50, 20, 10, 50], color="blue", lw=2.5, label="Series1", **marker)
    axes.legend(loc="center left", bbox_to_anchor=(1, 0.5))
    figure.tight_layout()
    file = io.BytesIO()
    figure.savefig(file)
    plt.close(figure)
    (panel,) = chartscribe.digitize(file.getvalue()).extraction.panels
    assert [(trace.kind, trace.marker) for trace in panel.traces] == [("line", "square")]
    assert panel.traces[0].support > 0.95
