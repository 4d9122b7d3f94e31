"""What is told of series on logarithmic axes."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from interpret_charts import (
    line_figure,
)
from numpy.typing import NDArray

from digitizer.model import Figure
from interpret.check import check_text
from interpret.describe import describe_figure


def _on_log_axis(*ys: NDArray[np.float64]) -> Figure:
    figure = line_figure(*ys, labels=tuple(f"Residual {k}" for k in range(len(ys))))
    panels = []
    for panel in figure.panels:
        (series,) = panel.series
        limits = float(series.y.min()) / 2, float(series.y.max()) * 2
        sigma = 0.002 * np.log(limits[1] / limits[0]) * series.y
        panels.append(
            replace(
                panel,
                y_axis=replace(panel.y_axis, scale="log", limits=limits, ticks=()),
                series=(replace(series, y_sigma=sigma),),
            )
        )
    return replace(figure, panels=tuple(panels))


def test_an_exponential_fall_on_a_logarithmic_axis_is_one_fall_with_its_halving_distance() -> None:
    rng = np.random.default_rng(31)
    n = np.arange(60)
    y = 500 * 2.0 ** (-n / 4.0) * np.exp(0.15 * rng.normal(size=60))
    figure = _on_log_axis(y)
    findings = describe_figure(figure).findings
    kinds = [f.kind for f in findings]
    assert "phase" not in kinds
    assert "plateau" not in kinds
    (law,) = [f for f in findings if f.kind == "shape"]
    assert law.evidence["family"] == "exponential"
    assert law.evidence["halving_distance"] == pytest.approx(4.0, rel=0.05)
    (scatter,) = [f for f in findings if f.kind == "noise"]
    assert scatter.evidence["sd_factor"] == pytest.approx(math.exp(0.15), abs=0.05)
    assert check_text(describe_figure(figure).to_markdown(), figure).agrees


def test_a_drop_on_a_logarithmic_axis_is_told_as_a_factor() -> None:
    rng = np.random.default_rng(32)
    y = np.where(np.arange(60) < 35, 40.0, 0.5) * np.exp(0.1 * rng.normal(size=60))
    figure = _on_log_axis(y)
    described = describe_figure(figure)
    (drop,) = [f for f in described.findings if f.kind == "level-shift"]
    assert 60 < float(drop.evidence["size_factor"]) < 110
    assert check_text(described.to_markdown(), figure).agrees
    wrong = drop.sentence.replace("by a factor of", "by a factor of 3")
    assert not check_text(wrong, figure).agrees
