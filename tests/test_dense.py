"""Hairlines so dense that they fill a band: one series, and what runs over it is read to its end."""

from __future__ import annotations

import io

import matplotlib.pyplot as plt
import numpy as np
import pytest

import chartscribe
from digitizer.stages.series.fits.astray import are_crowded


def draw(average: str | None) -> tuple[bytes, np.ndarray, np.ndarray]:
    """5,000 noisy points on some 400 columns, listed, and their average in a colour that is paler."""
    rng = np.random.default_rng(5)
    x = np.linspace(0.0, 40.0, 5000)
    smooth = 20.0 + 50.0 / (1.0 + np.exp(-(x - 20.0) / 4.0))
    figure, axes = plt.subplots(figsize=(6.0, 4.0))
    axes.plot(x, smooth + rng.normal(0.0, 3.0, x.size), color="#c44e52", lw=0.45, label="film")
    if average:
        axes.plot(x, smooth, color=average, lw=2.0, label="trend")
    axes.legend(loc="upper left")
    file = io.BytesIO()
    figure.savefig(file, format="png")
    plt.close(figure)
    return file.getvalue(), x, smooth


@pytest.mark.parametrize("average", [None, "#8172b3"])
def test_dense_hairlines_are_one_series_and_their_average_another(average: str | None) -> None:
    picture, x, smooth = draw(average)
    (panel,) = chartscribe.digitize(picture).panels
    assert [s.name for s in panel.series if s.name == "film"] == ["film"]
    assert len(panel.series) == (2 if average else 1)
    for series in panel.series:
        off = np.abs(np.interp(x, series.x.astype(float), series.y) - smooth)
        # The noise keeps to its course; its average is exact.
        assert np.median(off) < (0.15 if series.name == "trend" else 4.0)
        assert np.quantile(off, 0.95) < (0.5 if series.name == "trend" else 12.0)


def test_vertices_nearer_than_a_stroke_tell_a_smooth_course_and_no_noise() -> None:
    x = np.arange(200.0)
    smooth, noise = 50 + 20 * np.sin(x / 30), np.random.default_rng(2).normal(50, 20, x.size)

    assert are_crowded(x, noise, 2.6)
    assert not are_crowded(2.0 * x, noise, 2.6)
    assert not are_crowded(x, smooth, 2.6)
