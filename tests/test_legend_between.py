"""Legends that stand between two panels, nearer to the one that they do not belong to."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from charts import render, spans_of
from matplotlib.figure import Figure

from digitizer.evidence import Box, PanelFrame, Picture, TextSpan
from digitizer.stages.axes.find import find_axes
from digitizer.stages.axes.panel_axes import PanelAxes
from digitizer.stages.legend.find import find_legends
from digitizer.stages.panels.find import find_panels
from digitizer.stages.samples.beside import find_sample

NAVY, MAROON, GREEN, GOLD = "#1a476f", "#90353b", "#55752f", "#e37e00"


def test_a_legend_belongs_to_the_panel_that_shows_its_colours() -> None:
    """The upper panel's legend stands below its axis label, just over the title of the lower one."""
    spans: list[TextSpan] = []

    def draw(figure: Figure) -> None:
        figure.set_size_inches(5.0, 7.2)
        upper, lower = figure.subplots(2, 1)
        x = np.arange(12)
        upper.plot(x, x, color=NAVY, label="nginx", linewidth=2)
        upper.plot(x, 9 - x / 2, color=MAROON, label="envoy", linewidth=2)
        lower.plot(x, x**2, color=NAVY, label="mean", linewidth=2)
        lower.plot(x, 90 - x**2, color=GREEN, label="least", linewidth=2)
        lower.plot(x, 20 + x, color=GOLD, label="most", linewidth=2)
        upper.set(title="Latency", xlabel="Requests")
        lower.set(title="Spectrum", xlabel="Wavelength")
        for axes, down in ((upper, 0.305), (lower, 0.2)):
            axes.legend(loc="upper center", bbox_to_anchor=(0.5, -down), ncols=3, frameon=False)
        figure.subplots_adjust(left=0.15, right=0.95, top=0.95, bottom=0.14, hspace=0.55)
        figure.canvas.draw()
        for axes in (upper, lower):
            ticks = [*axes.get_xticklabels(), *axes.get_yticklabels()]
            box = axes.get_window_extent()
            spans.extend(
                spans_of(figure, [t for t in ticks if box.padded(40).overlaps(t.get_window_extent())])
            )
            names = axes.get_legend().get_texts()
            spans.extend(spans_of(figure, [axes.title, axes.xaxis.label, *names]))

    picture = render(draw)
    frames = find_panels(picture)
    texts = [replace(s, panel=None) for s in spans]
    legends = find_legends(picture, find_axes(picture, frames, texts), texts)
    assert [[e.text.text for e in legend] for legend in legends] == [
        ["nginx", "envoy"],
        ["mean", "least", "most"],
    ]


def test_a_small_disc_before_letters_taken_for_low_ones_is_a_sample() -> None:
    rgb = np.full((60, 120, 3), 255, np.uint8)
    rgb[28:32, 40:44] = (255, 0, 0)
    sample = find_sample(
        Picture(name="drawn", sha256="", rgb=rgb), Box(left=58, top=26, right=90, bottom=35), 13.5
    )
    assert sample is not None
    assert sample.swatch.color == (255, 0, 0)


def test_dashes_of_a_grid_that_cross_are_no_entry() -> None:
    height = 5
    rgb = np.full((200, 320, 3), 255, np.uint8)
    for k in range(250, 300, 6):
        rgb[100, k : k + 3] = 204
    rgb[100 - height : 101, 290] = rgb[100, 286:294] = 204
    texts = [("_1", Box(left=286, top=100 - height, right=293, bottom=100))]
    texts += [(f"{k}0", Box(left=10, top=20 + 40 * k, right=30, bottom=33 + 40 * k)) for k in range(4)]
    spans = [TextSpan(box=box, text=text, confidence=0.9) for text, box in texts]
    frame = PanelFrame(
        box=Box(left=50, top=20, right=240, bottom=180), sides=frozenset(), background=(255, 255, 255),
        grid_x=np.zeros(0), grid_y=np.zeros(0),
    )  # fmt: skip
    axes = PanelAxes(frame=frame, x=None, y=None, y2=None)
    assert find_legends(Picture(name="drawn", sha256="", rgb=rgb), [axes], spans) == ((),)
