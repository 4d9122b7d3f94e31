"""Labels that stand on the grid lines within the plot area give the axis; words that are no ruler do not."""

from __future__ import annotations

import numpy as np
import pytest
from charts import render
from matplotlib.axes import Axes
from matplotlib.figure import Figure

import chartscribe
from digitizer.evidence import Box, PanelFrame, Picture, TextSpan
from digitizer.stages.axes.perched import stand_on_lines
from digitizer.stages.panels.find import find_panels

# Of an axis' span.
TOLERANCE = 0.005
TICKS = (0, 10, 20, 30, 40)


def draw(side: str, truth: list[Axes], *, above_pt: tuple[float, ...] = (2.5,) * len(TICKS)) -> Picture:
    """A line over level grid lines that carry the y labels at one end, each so many points above its line."""

    def chart(figure: Figure) -> None:
        axes = figure.add_subplot()
        axes.spines[["left", "right", "top"]].set_visible(False)
        x = np.arange(0, 49.0)
        axes.plot(x, 18 + 14 * np.sin(x / 9), color="#e3120b")
        axes.set_xlim(-6, 54)
        axes.set_ylim(0, 40)
        axes.set_yticks(TICKS, [])
        axes.tick_params(axis="y", length=0)
        axes.grid(axis="y", color="#b7c6cf")
        axes.set_axisbelow(True)
        for tick, above in zip(TICKS, above_pt, strict=True):
            at = (0.0 if side == "left" else 1.0, tick)
            axes.annotate(
                str(tick),
                at,
                xycoords=axes.get_yaxis_transform(),
                xytext=(0, above),
                textcoords="offset points",
                ha=side,
            )
        truth.append(axes)

    return render(chart)


@pytest.mark.parametrize("side", ["left", "right"])
def test_labels_on_grid_lines_are_read(side: str) -> None:
    truth: list[Axes] = []
    picture = draw(side, truth)
    (frame,) = find_panels(picture)
    assert frame.perched is not None
    assert frame.perched[0] == side
    (panel,) = chartscribe.digitize(picture.rgb).panels
    # The frame may end at other lines than the axes: what counts is the value of a pixel.
    box = panel.frame
    height = truth[0].figure.bbox.height
    for limit, y_px in zip(panel.y_axis.limits, (box.bottom, box.top), strict=True):
        value = truth[0].transData.inverted().transform((0.0, height - 0.5 - y_px))[1]
        assert limit == pytest.approx(value, abs=TOLERANCE * 40)
    (series,) = panel.series
    y, x = np.asarray(series.y, dtype=float), np.asarray(series.x, dtype=float)
    seen = np.isfinite(y)
    assert y[seen] == pytest.approx(18 + 14 * np.sin(x[seen] / 9), abs=0.02 * 40)


def test_words_that_keep_no_distance_from_the_lines_are_no_labels() -> None:
    picture = draw("left", [], above_pt=(2.5, 9.0, -1.0, 6.5, 12.0))
    assert all(frame.perched is None for frame in find_panels(picture))


@pytest.mark.parametrize("paper", ["white", "#eaeaf2"])
def test_labels_without_marks_stand_on_no_line_where_none_is_drawn(paper: str) -> None:
    """Heads of the next label, or paper of another colour than the ground of the panel, are no line."""
    truth: list[Axes] = []

    def chart(figure: Figure) -> None:
        figure.set_facecolor(paper)
        axes = figure.add_subplot()
        axes.bar(range(5), [12, 31, 18, 40, 27], color="#4c72b0")
        axes.set_ylim(0, 44)
        axes.set_yticks(range(0, 45, 2), [f"{1000 * k:,}" for k in range(0, 45, 2)], fontsize=9)
        axes.tick_params(length=0)
        truth.append(axes)

    (panel,) = chartscribe.digitize(render(chart).rgb).panels
    assert panel.y_axis.limits == pytest.approx((0, 44000), abs=44000 * TOLERANCE)


@pytest.mark.parametrize("ringing", [True, False])
def test_what_rings_below_letters_is_no_line(ringing: bool) -> None:
    rgb = np.full((320, 300, 3), 255, np.uint8)
    rgb[10:300, 80:290] = 234
    boxes = [Box(left=30.0, top=y, right=70.0, bottom=y + 9.0) for y in (40.0, 120.0, 200.0, 270.0)]
    for box in boxes:
        row = int(box.bottom) + 3
        # Rows that JPEG leaves below letters, and lines that run on beside them.
        rgb[row : row + 2, 28 if ringing else 20 : 74 : 2] -= 16 if ringing else 0
        if not ringing:
            rgb[row, 20:290] = 200
    frame = PanelFrame(
        box=Box(left=80, top=10, right=290, bottom=300),
        sides=frozenset(),
        background=(234, 234, 234),
        grid_x=np.zeros(0),
        grid_y=np.zeros(0),
    )
    labels = [TextSpan(box=b, text=str(k), confidence=1.0) for k, b in enumerate(boxes)]
    found = stand_on_lines(Picture(name="drawn", sha256="", rgb=rgb), frame, labels, surely=True)
    assert (found is None) == ringing
