"""Histograms under a curve: both are read, whatever of the bars it hides, and in their own hue as well."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from matplotlib.figure import Figure

from chartscribe.api import digitize
from digitizer.document import Series
from digitizer.evidence import FloatArray
from digitizer.stages.pixels.stretches import apart_again
from tests.charts import render

COUNTS = np.array([3, 9, 22, 41, 55, 60, 52, 38, 38, 25, 16, 16, 7, 4, 2])
EDGES = np.linspace(10.0, 40.0, COUNTS.size + 1)
MIDDLES = (EDGES[1:] + EDGES[:-1]) / 2
# Errors allowed: of counts, as a share of the axis, and of places, as a share of a bin.
OFF_COUNT, OFF_PLACE = 0.01, 0.06


@dataclass(frozen=True)
class Look:
    """How a histogram and its curve are drawn."""

    fill: str
    alpha: float
    edge: str
    line: str
    style: str = "-"
    listed: bool = False


LOOKS = {
    "pale under red": Look("skyblue", 0.6, "none", "r"),
    "outlined under red": Look("skyblue", 0.7, "black", "r"),
    "white seams under dashes": Look("#4C72B0", 0.6, "white", "k", "--"),
    "own hue": Look("C0", 0.5, "black", "C0"),
    "own hue, white seams": Look("C0", 0.5, "white", "C0"),
    "thin listed sample": Look("C0", 0.5, "none", "r", listed=True),
}


def curve(x: FloatArray) -> FloatArray:
    """A bell that runs through the ends of some bins and along low ones."""
    return np.asarray(58.0 * np.exp(-((x - 20.5) ** 2) / 55.0) + 1.5)


def read(look: Look) -> tuple[Series, Series]:
    """The bars and the line of a drawn chart."""
    x = np.linspace(EDGES[0], EDGES[-1], 150)

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        axes.bar(
            MIDDLES,
            COUNTS,
            width=EDGES[1] - EDGES[0],
            color=look.fill,
            alpha=look.alpha,
            edgecolor=look.edge,
            label="data",
        )
        axes.plot(x, curve(x), look.style, color=look.line, label="fit")
        axes.set_ylim(0, 64)
        if look.listed:
            axes.legend(loc="upper right")

    (panel,) = digitize(render(draw).rgb).panels
    (bars,) = (s for s in panel.series if s.kind == "bar")
    (line,) = (s for s in panel.series if s.kind == "line")
    return bars, line


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_bars_and_the_curve_over_them_are_whole(look: Look) -> None:
    bars, line = read(look)
    assert len(bars.x) == COUNTS.size
    assert np.array(bars.x, dtype=np.float64) == pytest.approx(MIDDLES, abs=OFF_PLACE * (EDGES[1] - EDGES[0]))
    high = COUNTS > 3
    off = np.array(bars.y, dtype=np.float64) - COUNTS
    assert np.abs(off[high]).max() < 2 * OFF_COUNT * 64
    assert np.median(np.abs(off)) < OFF_COUNT * 64
    x = np.linspace(EDGES[0] + 0.5, EDGES[-1] - 0.5, 60)
    found = np.interp(x, np.array(line.x, dtype=np.float64), np.array(line.y, dtype=np.float64))
    assert np.abs(found - curve(x)).max() < 1.5 * OFF_COUNT * 64


def test_equal_neighbours_that_a_line_joined_are_parted_by_the_others() -> None:
    alone = [(12 * k, 12 * k + 9, 200 - 20 * k, 300) for k in range(5)]
    wide = (60, 93, 250, 300)
    pieces = [(60, 69, 250, 300), (72, 75, 250, 300), (79, 93, 250, 300)]
    joined = [(part, [part], []) for part in alone] + [(wide, pieces, [])]
    assert apart_again(joined)[5:] == [(60, 69, 250, 300), (72, 81, 250, 300), (84, 93, 250, 300)]


def test_a_stretch_that_the_others_pitch_does_not_fill_stays_whole() -> None:
    alone = [(12 * k, 12 * k + 9, 200 - 20 * k, 300) for k in range(5)]
    wide = (60, 99, 250, 300)
    joined = [(part, [part], []) for part in alone] + [(wide, [(60, 75, 250, 300), (79, 99, 250, 300)], [])]
    assert apart_again(joined)[5:] == [wide]


def test_a_line_over_groups_of_bars_is_read_where_the_legend_lists_these_alone() -> None:
    names, first, second = "ABCDEFG", [28, 55, 43, 91, 81, 53, 19], [40, 30, 62, 33, 47, 70, 60]
    at, mean = np.arange(len(names)), (np.array(first) + second) / 2

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        axes.bar(at - 0.2, first, width=0.4, label="north")
        axes.bar(at + 0.2, second, width=0.4, label="south")
        axes.legend(loc="upper right")
        axes.plot(at, mean, color="black", lw=2)
        axes.set_xticks(at, list(names))
        axes.set_ylim(0, 100)

    (panel,) = digitize(render(draw).rgb).panels
    assert len([series for series in panel.series if series.kind == "bar"]) == 2
    (line,) = (series for series in panel.series if series.kind == "line")
    assert np.array(line.y, dtype=np.float64) == pytest.approx(mean, abs=1.0)
