"""Compression rings beside strokes are no series; a pale raw curve under its smoothed one is."""

from __future__ import annotations

import io

import numpy as np
from charts import render
from matplotlib.figure import Figure
from PIL import Image

from digitizer.evidence import Picture
from digitizer.stages.panels import find_panels
from digitizer.stages.series import trace_series


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
