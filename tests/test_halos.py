"""Compression rings beside strokes are no series; a pale raw curve under its smoothed one is."""

from __future__ import annotations

import io

import numpy as np
from charts import render
from matplotlib.figure import Figure
from PIL import Image

from digitizer.evidence import Picture, Trace
from digitizer.stages.panels.find import find_panels
from digitizer.stages.series import trace_series
from digitizer.stages.series.paths.joins import leave_out_joins


def recompressed(picture: Picture, quality: int) -> Picture:
    out = io.BytesIO()
    Image.fromarray(picture.rgb).save(out, format="JPEG", quality=quality)
    return Picture(name="jpeg", sha256="", rgb=np.array(Image.open(out).convert("RGB")))


def draw_markers(figure: Figure) -> None:
    rng = np.random.default_rng(4)
    figure.add_subplot().plot(np.arange(50), np.cumsum(rng.normal(size=50)), "o-", color="b", ms=5)


def test_ringing_is_no_series() -> None:
    picture = render(draw_markers)
    for quality in (45, 60, 75):
        jpeg = recompressed(picture, quality)
        assert len(trace_series(jpeg, find_panels(jpeg)[0], (), ())) == 1, quality


def test_a_pale_raw_curve_is_a_series() -> None:
    def draw(figure: Figure) -> None:
        rng = np.random.default_rng(5)
        smooth = np.cumsum(rng.normal(size=60))
        axes = figure.add_subplot()
        axes.plot(smooth + rng.normal(0, 1.5, 60), color="tab:blue", alpha=0.3)
        axes.plot(smooth, color="tab:blue", linewidth=2)

    picture = render(draw)
    assert len(trace_series(picture, find_panels(picture)[0], (), ())) == 2


def trace(**changes: object) -> Trace:
    columns = {name: np.asarray(changes.pop(name), dtype=np.float64) for name in ("x_px", "y_px")}
    look = {"kind": "line", "color": (200, 40, 40), "sampled_at": "columns", **changes}
    return Trace(**columns, **look, sigma_px=np.full(columns["x_px"].size, 0.1))  # type: ignore[arg-type]


def test_pale_strokes_between_markers_are_no_series() -> None:
    x = np.arange(10.0, 300.0, 10.0)
    y = 100 + 60 * np.sin(x)
    columns = np.arange(10.0, 290.0, 3.0)
    join = trace(color=(228, 150, 150), x_px=columns, y_px=np.interp(columns, x, y) + 1)
    curve = trace(color=(228, 150, 150), x_px=columns, y_px=np.full(columns.size, 100.0))
    other = trace(color=(150, 150, 228), x_px=join.x_px, y_px=join.y_px)
    white = np.array([255.0, 255.0, 255.0])
    marks = trace(x_px=x, y_px=y, kind="scatter", sampled_at="markers", marker="square", marker_size_px=5)
    found = leave_out_joins([], [marks, join, curve, other], white)
    assert [(t.kind, t.marker) for t in found] == [("line", "square"), ("line", "none"), ("line", "none")]
    assert found[1:] == [curve, other]
    # What the legend lists stays.
    assert len(leave_out_joins([join], [marks], white)) == 2


def test_outlines_of_markers_are_no_series() -> None:
    x, y = np.arange(20.0, 300.0, 40.0), np.linspace(50.0, 90.0, 7)
    marks = trace(x_px=x, y_px=y, kind="scatter", sampled_at="markers", marker="circle", marker_size_px=9)
    rims = trace(color=(40, 60, 200), x_px=np.r_[x - 4, x + 4], y_px=np.r_[y, y])
    through = trace(
        color=(40, 60, 200), x_px=np.arange(20.0, 260.0), y_px=np.interp(np.arange(20.0, 260.0), x, y)
    )
    white = np.array([255.0, 255.0, 255.0])
    assert leave_out_joins([], [marks, rims], white) == [marks]
    assert leave_out_joins([], [marks, through], white) == [marks, through]
