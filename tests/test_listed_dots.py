"""Dots of a line whose legend sample was taken for dashes are no markers."""

from __future__ import annotations

import numpy as np

from digitizer.evidence import Box, LegendEntry, TextSpan
from tests.series_drawings import draw, trace

BOX = Box(left=500, top=20, right=560, bottom=32)


def entry(color: tuple[int, int, int], style: str, marker: str) -> LegendEntry:
    text = TextSpan(box=BOX, text="smooth", confidence=1.0)
    return LegendEntry(text=text, swatch=BOX, color=color, line_style=style, marker=marker)


def test_discs_that_nothing_joins_are_the_dots_of_a_line_listed_as_broken() -> None:
    x = np.linspace(1.0, 50.0, 50)
    y = 0.7 + 0.7 * np.exp(-x / 12)
    noisy = y + np.random.default_rng(1).normal(0, 0.02, 50)
    drawn = draw(
        [
            (x, noisy, {"color": "tab:blue", "marker": ".", "ms": 8, "lw": 1.8}),
            (x, y, {"color": "tab:orange", "ls": ":", "lw": 2.5}),
        ],
        size=(3.4, 4.2),
    )
    listed = entry((31, 119, 180), "solid", "circle"), entry((255, 127, 14), "dashed", "none")
    raw, smooth = trace(drawn, legend=listed)
    assert (raw.marker, raw.sampled_at) == ("circle", "markers")
    assert (smooth.line_style, smooth.marker, smooth.sampled_at) == ("dotted", "none", "columns")


def test_markers_on_a_line_listed_as_broken_stay_markers() -> None:
    x = np.linspace(1.0, 50.0, 20)
    drawn = draw([(x, np.exp(-x / 12), {"color": "tab:orange", "ls": "-", "marker": "o", "lw": 1.5})])
    (found,) = trace(drawn, legend=(entry((255, 127, 14), "dashed", "none"),))
    assert found.sampled_at == "markers"
