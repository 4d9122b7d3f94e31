"""Put bars that touch on the even bins they stand for, the empty ones among them: histograms."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from digitizer.evidence import FloatArray, Picture, Trace
from digitizer.stages.areas.histogram import EDGE_SIGMA_PX, TOUCHING_PX, do_touch
from digitizer.stages.series.paths.steps import Steps, find_steps

# Renderers put the sides of bars on whole pixels: a middle is off its bin by at most this (px).
OFF_BIN_PX = 1.0
# A pixel this near (RGB) to the bars' colour is of a bar: JPEG moves flat fills by a quarter of it.
SAME_COLOR = 40.0


def settle_bins(picture: Picture, bars: tuple[Trace, ...]) -> tuple[Trace, ...]:
    """Move the bars of a histogram to the middles of their bins, and give empty bins a bar without height.

    Nothing is moved where a bin without a bar has ink of their colour: a bar was missed.

    Notes
    -----
    A bin of a few pixels whose sides were drawn on whole ones is off by a tenth of its width; all of them
    together tell their step to a hundredth. Between bins that are filled one that is empty counts nothing.
    """
    if not do_touch(bars):
        return bars
    trace = bars[0]
    steps = find_steps(trace.x_px)
    if steps is None or trace.base_px is None or abs(steps.period - trace.line_width_px) > TOUCHING_PX:
        return bars
    k = steps.nearest(trace.x_px)
    if np.unique(k).size < k.size or np.abs(trace.x_px - steps.position(k)).max() > OFF_BIN_PX:
        return bars
    empty = np.setdiff1d(np.arange(k.min(), k.max() + 1), k)
    if any(_is_inked(picture, trace, at) for at in steps.position(empty)):
        return bars
    return (_on_bins(trace, trace.base_px, k, steps),)


def _is_inked(picture: Picture, trace: Trace, at: float) -> bool:
    """Whether the middle of a bin shows the bars' colour between the base and the highest of them."""
    base = float(np.median(trace.base_px)) if trace.base_px is not None else float(trace.y_px.max())
    ends = np.round([min(base, trace.y_px.min()), max(base, trace.y_px.max())]).astype(int)
    column = picture.rgb[max(0, ends[0]) : ends[1] + 1, round(at)].astype(np.float64)
    away = np.linalg.norm(column - np.asarray(trace.color, dtype=np.float64), axis=1)
    return bool(np.any(away < SAME_COLOR))


def _on_bins(trace: Trace, bases: FloatArray, k: FloatArray, steps: Steps) -> Trace:
    every = np.arange(k.min(), k.max() + 1)
    base = np.full(every.size, np.median(bases))
    at = (k - k.min()).astype(int)

    def spread(values: FloatArray, empty: FloatArray | float) -> FloatArray:
        out = np.broadcast_to(empty, every.shape).astype(np.float64)
        out[at] = values
        return out

    return replace(
        trace,
        x_px=steps.position(every),
        y_px=spread(trace.y_px, base),
        sigma_px=spread(trace.sigma_px, EDGE_SIGMA_PX),
        base_px=spread(bases, base),
        y_low_px=None if trace.y_low_px is None else spread(trace.y_low_px, np.nan),
        y_high_px=None if trace.y_high_px is None else spread(trace.y_high_px, np.nan),
    )
