"""Lines that a legend lists by bullets as high as its letters."""

from __future__ import annotations

import numpy as np
import pytest
from series_drawings import draw, trace

from digitizer.evidence import Box, LegendEntry, TextSpan

RED = (214, 39, 40)


def bullet(size: float) -> tuple[LegendEntry, ...]:
    """A legend beside the panel whose one sample is a disc of the colour."""
    sample = Box(left=580, top=50, right=580 + size, bottom=50 + size)
    text = TextSpan(box=Box(left=604, top=44, right=611, bottom=56), text="a", confidence=1.0)
    return (LegendEntry(text=text, swatch=sample, color=RED, line_style="none", marker="circle"),)


@pytest.mark.parametrize("width", [2, 3])
@pytest.mark.parametrize(
    ("dashes", "name"), [((1, 1.5), "dotted"), ((1.5, 1.5), "dotted"), ((3, 2), "dashed")]
)
def test_dashes_are_no_markers_where_the_legend_shows_bullets(
    dashes: tuple[float, float], name: str, width: int
) -> None:
    y = np.array([3.3, 4.0, 5.2, 6.8, 6.2, 5.1, 1.5, 3.2])
    drawn = draw([(np.arange(8), y, {"dashes": dashes, "lw": width, "color": np.array(RED) / 255})])
    (found,) = trace(drawn, legend=bullet(8 * width))
    assert (found.kind, found.line_style, found.marker) == ("line", name, "none")


def test_discs_with_a_larger_sample_are_points() -> None:
    rng = np.random.default_rng(4)
    x, y = rng.uniform(0, 10, 30), rng.uniform(0, 5, 30)
    drawn = draw([(x, y, {"marker": "o", "ls": "", "ms": 4, "color": np.array(RED) / 255})])
    (found,) = trace(drawn, legend=bullet(20))
    assert (found.kind, found.marker) == ("scatter", "circle")
