"""Bands that were filled half a pixel beside their lines are set back onto them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from charts import render
from matplotlib.figure import Figure

import chartscribe
from digitizer.evidence import FloatArray, Trace
from digitizer.stages.areas.half_pixel import set_back
from tests.evidences import line

X = np.arange(60.0, 440.0)


def course(x: FloatArray) -> FloatArray:
    return np.asarray(220 - 150 * np.sin(x / 60))


def band(right: float, down: float, wider: FloatArray | float = 0.0) -> Trace:
    middle = course(X - right) + down
    low, high = np.round(middle + 20.3 + wider) + 0.5, np.round(middle - 20.3) - 0.5
    drawn = replace(line(X, (low + high) / 2, sampled_at="columns"), kind="band", line_style="none")
    return replace(drawn, y_low_px=low, y_high_px=high)


LINE = line(X, course(X), sampled_at="columns")


def test_a_band_half_a_pixel_right_of_and_below_its_line_is_set_back() -> None:
    moved, told = band(0.5, 0.5), set_back([band(0.5, 0.5)], [LINE])[0]
    assert told.x_px - moved.x_px == pytest.approx(np.full(X.size, -0.5), abs=0.08)
    assert told.y_low_px is not None
    assert moved.y_low_px is not None
    assert told.y_low_px - moved.y_low_px == pytest.approx(np.full(X.size, -0.5), abs=0.08)


@pytest.mark.parametrize(
    "seen", [band(0.0, 0.0), band(0.0, 0.6), band(0.6, 0.0), band(0.5, 0.5, 12 + 12 * np.sin(X / 9))]
)
def test_bands_on_their_lines_and_those_wider_on_one_side_stay(seen: Trace) -> None:
    assert set_back([seen], [LINE]) == (seen,)


@pytest.mark.parametrize("style", [{"color": "C0"}, {"facecolor": "C0"}])
def test_a_drawn_band_has_its_edges_where_they_are_on_steep_flanks(style: dict[str, str]) -> None:
    # Matplotlib moves bands whose edges are drawn, and no others.
    x = np.linspace(0, 10, 200)
    y = 10 * np.exp(-np.square(x - 5))

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        axes.plot(x, y)
        axes.fill_between(x, y - 1.5, y + 1.5, alpha=0.2, **style)

    (panel,) = chartscribe.digitize(render(draw).rgb).panels
    (found,) = (series for series in panel.series if series.kind == "band")
    at = np.array(found.x, dtype=np.float64)
    low = np.array(found.y_low, dtype=np.float64) - np.interp(at, x, y - 1.5)
    high = np.array(found.y_high, dtype=np.float64) - np.interp(at, x, y + 1.5)
    for flank in (4.3, 5.7):
        # Half a pixel to the right is 0.1 there.
        assert abs(float(np.median((low + high)[np.abs(at - flank) < 0.2]) / 2)) < 0.04
