"""Clouds of a drawing whose markers differ in size or colour."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from digitizer.drawing import DrawnPath
from digitizer.evidence import Box, FloatArray, Trace
from digitizer.stages.drawn.clouds import take_clouds

BLUE, RED = (31, 119, 180), (214, 39, 40)
FRAME = Box(left=20.0, top=10.0, right=320.0, bottom=210.0)
TURN = np.linspace(0, 2 * np.pi, 13)
X = 40.0 + 23.0 * np.arange(12)
Y = 110.0 + 60.0 * np.sin(X)


def a_disc(x: float, y: float, radius: float, fill: tuple[int, int, int]) -> DrawnPath:
    return DrawnPath(
        x=x + radius * np.cos(TURN),
        y=y + radius * np.sin(TURN),
        is_vertex=np.arange(13) % 3 == 0,
        stroke=None,
        fill=fill,
        closed=True,
    )


def a_cloud(x: FloatArray, y: FloatArray, **given: Any) -> Trace:
    look: dict[str, Any] = {"kind": "scatter", "color": BLUE, "sampled_at": "markers"} | given
    look |= {"x_px": x, "y_px": y, "line_style": "none"}
    return Trace(**({"sigma_px": np.full(len(x), 0.3)} | look))


def test_bubbles_of_one_colour_are_one_cloud() -> None:
    drawn = [a_disc(x, y, 3.0 + k, BLUE) for k, (x, y) in enumerate(zip(X, Y, strict=True))]
    (cloud,) = take_clouds([a_cloud(X[:4] + 0.4, Y[:4]), a_cloud(X[6:8], Y[6:8] + 0.3)], drawn, FRAME)
    assert cloud.x_px == pytest.approx(X, abs=0.1)
    assert cloud.y_px == pytest.approx(Y, abs=0.1)


def test_markers_whose_colours_are_values_are_one_cloud() -> None:
    drawn = [
        a_disc(x, y, 4.0, (20 * k, 100, 255 - 20 * k)) for k, (x, y) in enumerate(zip(X, Y, strict=True))
    ]
    read = [a_cloud(X[:3] + 0.4, Y[:3], color=(20, 100, 235)), a_cloud(X[8:], Y[8:], color=(200, 100, 55))]
    (cloud,) = take_clouds(read, drawn, FRAME)
    assert cloud.x_px == pytest.approx(X, abs=0.1)


def test_classes_of_points_stay_apart_where_they_stand_on_their_forms() -> None:
    colors = [(40 * k, 100, 255 - 40 * k) for k in range(6)]
    drawn = [a_disc(x, y, 4.0, colors[k % 6]) for k, (x, y) in enumerate(zip(X, Y, strict=True))]
    read = tuple(
        a_cloud(X[k::6].copy(), Y[k::6].copy(), color=colors[k], sigma_px=np.zeros(2)) for k in range(6)
    )
    assert take_clouds(read, drawn, FRAME) == read
