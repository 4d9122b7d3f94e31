"""Clouds of discs that a legend lists by bare dashes."""

from __future__ import annotations

import numpy as np
import pytest
from series_drawings import draw, trace

from digitizer.evidence import Box, LegendEntry, TextSpan

RED = (214, 39, 40)


def dash(height: float) -> tuple[LegendEntry, ...]:
    """A legend beside the panel whose one sample is a dash of the colour."""
    sample = Box(left=580, top=50, right=598, bottom=50 + height)
    text = TextSpan(box=Box(left=602, top=44, right=609, bottom=56), text="a", confidence=1.0)
    return (LegendEntry(text=text, swatch=sample, color=RED),)


def test_lone_discs_are_points_whatever_the_legend_shows() -> None:
    rng = np.random.default_rng(4)
    x, y = rng.uniform(0, 10, 16), rng.uniform(0, 5, 16)
    drawn = draw([(x, y, {"marker": "o", "ls": "", "ms": 7, "color": np.array(RED) / 255})])
    (found,) = trace(drawn, legend=dash(1))
    assert (found.kind, found.marker) == ("scatter", "circle")
    order, seen = np.argsort(drawn.truth[0][0]), np.argsort(found.x_px)
    assert found.x_px[seen] == pytest.approx(drawn.truth[0][0][order], abs=1.0)
    assert found.y_px[seen] == pytest.approx(drawn.truth[0][1][order], abs=1.0)


@pytest.mark.parametrize("style", ["-", ":"])
def test_a_line_as_thick_as_its_sample_stays_one(style: str) -> None:
    x = np.linspace(0, 10, 12)
    drawn = draw([(x, np.sin(x), {"ls": style, "lw": 4, "color": np.array(RED) / 255})])
    (found,) = trace(drawn, legend=dash(4))
    assert found.kind == "line"
