"""What a drawing's paths tell, where ink hides it or stands for something else in the rendering."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from matplotlib import rc_context
from matplotlib.figure import Figure as Canvas

import chartscribe
from digitizer.model import Panel

PLACES = ["North", "South", "East", "West", "Central"]
HEIGHTS = {
    "Online": [35.6, 26.9, 26.1, 39.8, 19.8],
    "Retail": [22.2, 32.7, 35.2, 3.6, 11.3],
    "Wholesale": [15.1, 21.1, 7.0, 13.4, 34.9],
}


def read(canvas: Canvas, path: Path) -> Panel:
    with rc_context({"svg.fonttype": "none"}):
        canvas.savefig(path)
    figure = chartscribe.digitize(path) if path.suffix == ".svg" else chartscribe.digitize_paper(path)[0]
    assert len(figure.panels) == 1
    return figure.panels[0]


@pytest.mark.parametrize("ending", ["pdf", "svg"])
def test_bars_and_entries_under_a_legend_are_read(tmp_path: Path, ending: str) -> None:
    canvas = Canvas(figsize=(5.4, 4))
    axes = canvas.subplots()
    for k, (name, heights) in enumerate(HEIGHTS.items()):
        axes.bar(np.arange(5) + (k - 1) * 0.27, heights, width=0.27, label=name, color=f"C{k}")
    axes.set_xticks(np.arange(5), PLACES)
    axes.set(xlabel="Region", ylabel="Revenue")
    axes.legend(loc="upper right")
    panel = read(canvas, tmp_path / f"bars.{ending}")
    assert {series.name: series.kind for series in panel.series} == dict.fromkeys(HEIGHTS, "bar")
    for series in panel.series:
        np.testing.assert_allclose(series.y, HEIGHTS[str(series.name)], atol=1e-3)
    assert panel.status == "ok"


def test_error_bars_of_an_svg_drawing_are_its_strokes(tmp_path: Path) -> None:
    x, rng = np.arange(1.0, 11.0), np.random.default_rng(3)
    y, reach = 10 + 3 * x + 2 * rng.normal(size=10), 1 + 2 * rng.uniform(size=10)
    canvas = Canvas(figsize=(5.4, 4))
    axes = canvas.subplots()
    axes.errorbar(x, y, yerr=reach, linestyle="", marker="o", markersize=5, capsize=3)
    axes.set(xlabel="Dose (mg)", ylabel="Response")
    (series,) = read(canvas, tmp_path / "errors.svg").series
    assert series.y_low is not None
    assert series.y_high is not None
    order = np.argsort(series.x)
    for found, true in ((series.y, y), (series.y_low, y - reach), (series.y_high, y + reach)):
        np.testing.assert_allclose(found[order], true, atol=1e-3)


def test_square_markers_of_one_colour_are_no_bars(tmp_path: Path) -> None:
    x = np.arange(1.0, 15.0)
    canvas = Canvas(figsize=(5.4, 4))
    axes = canvas.subplots()
    axes.plot(x, 2 + np.exp(-x / 4), marker="o", label="train")
    axes.plot(x, 1 + np.exp(-x / 3), marker="s", label="test")
    axes.set(xlabel="Epoch", ylabel="Loss")
    axes.legend()
    panel = read(canvas, tmp_path / "marks.pdf")
    assert sorted((series.name, series.kind, len(series.y)) for series in panel.series) == [
        ("test", "line", 14),
        ("train", "line", 14),
    ]
    assert panel.status == "ok"


def test_entries_of_a_single_letter_are_read(tmp_path: Path) -> None:
    x = np.arange(12.0)
    canvas = Canvas(figsize=(5, 3.6))
    axes = canvas.subplots()
    for k, name in enumerate("ABC"):
        axes.plot(x, np.sin(x / 3 + k) + k, label=name)
    axes.legend()
    axes.set(xlabel="Time (s)", ylabel="Signal")
    panel = read(canvas, tmp_path / "letters.pdf")
    assert {series.name for series in panel.series} == {"A", "B", "C"}
