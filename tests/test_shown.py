"""Logs held against the picture itself: what a reading misses or misreads, ink tells."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import pytest
from matplotlib.figure import Figure as Drawing

import chartscribe
from chartscribe.compare.report import Comparison, compare
from chartscribe.compare.shown import _place
from chartscribe.compare.tables import make_table
from digitizer.model import Figure, FloatArray
from digitizer.units import Units

STEPS = np.arange(0, 600.0, 4)
ROW = 90


def values() -> FloatArray:
    """A course with noise, and one row that stands out of it."""
    rng = np.random.default_rng(4)
    y = 2 + np.exp(-STEPS / 150) + 0.03 * rng.normal(size=STEPS.size)
    y[ROW] = y[ROW - 1 : ROW + 2].max() + 0.1
    return y


@pytest.fixture(scope="module")
def figure() -> Figure:
    drawing = Drawing(figsize=(7, 4.5), dpi=100)
    axes = drawing.subplots()
    axes.plot(STEPS, values())
    axes.set_xlabel("step")
    axes.set_ylabel("loss")
    content = io.BytesIO()
    drawing.savefig(content, format="png")
    return chartscribe.digitize(content.getvalue())


def check(figure: Figure, loss: FloatArray) -> Comparison:
    table = make_table("run.csv", {"step": STEPS.tolist(), "loss": loss.tolist()})
    return compare(figure, [table], name="loss.png", logs=["run.csv"])


def misread(figure: Figure, by: float) -> Figure:
    """The figure with one point of its reading off by a share of the axis, and the same picture."""
    panel = figure.panels[0]
    series = panel.series[0]
    y = series.y.copy()
    first, last = panel.y_axis.limits or (0.0, 1.0)
    y[len(y) // 3] += by * (float(last) - float(first))
    return replace(figure, panels=(replace(panel, series=(replace(series, y=y),)),))


def test_what_was_drawn_agrees(figure: Figure) -> None:
    assert check(figure, values()).agrees


def test_a_point_that_was_misread_is_excused_by_its_ink(figure: Figure) -> None:
    wrong = misread(figure, 0.04)
    assert check(wrong, values()).agrees
    # Of a figure document there is no picture, and the reading is all there is.
    assert not check(replace(wrong, extraction=None), values()).agrees
    # Paths of a drawing are surer than its rendering.
    size = (wrong.source.width, wrong.source.height)
    units = Units(across=1.0, down=1.0, left=0.0, top=0.0, whole=size, rendered=size)
    assert not check(replace(wrong, units=units), values()).agrees


@pytest.mark.parametrize("change", [-0.06, 0.06])
def test_a_changed_row_is_told(figure: Figure, change: float) -> None:
    loss = values()
    loss[ROW] += change
    found = check(figure, loss)
    assert not found.agrees
    assert "differs" in found.pairs[0].sentence


def test_ink_excuses_no_smooth_curve_for_a_noisy_one(figure: Figure) -> None:
    smooth = np.convolve(np.pad(values(), 4, mode="edge"), np.ones(9) / 9, mode="valid")
    assert not check(figure, smooth).agrees


def test_a_contradiction_that_no_reading_holds_is_told(figure: Figure) -> None:
    """The row's peak is left out of the reading: the picture alone shows that the log lacks it."""
    panel = figure.panels[0]
    series = panel.series[0]
    near = np.abs(np.asarray(series.x, dtype=float) - STEPS[ROW]) > 9
    parts = {name: getattr(series, name)[near] for name in ("x", "y", "y_sigma", "x_px", "y_px")}
    blind = replace(figure, panels=(replace(panel, series=(replace(series, **parts),)),))
    loss = values()
    assert check(blind, loss).agrees
    loss[ROW] -= 0.1
    assert "the picture shows it" in check(blind, loss).pairs[0].sentence


def test_rows_are_placed_where_the_reading_has_its_points() -> None:
    read, places = np.array([0.1, 0.5, 0.9]), np.array([130.2, 171.4, 212.6])
    assert np.allclose(_place(np.array([0.3, 1.0]), read, places, (120.0, 100.0)), [150.8, 222.9])
    # Of level points only one place is known, of points without one none.
    level = _place(np.array([0.7]), np.full(3, 0.5), np.full(3, 171.4), (120.0, 100.0))
    assert np.allclose(level, 191.4)
    assert np.allclose(_place(np.array([0.7]), read, np.zeros(0), (120.0, 100.0)), 190.0)
