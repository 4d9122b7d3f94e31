"""Tell on which of two y axes a series is read: its values are round on its own axis, not on the other."""

from __future__ import annotations

import math

import numpy as np

from digitizer.evidence import FloatArray, Scale, Trace

# Data may stand on the ticks' values or at these parts of their step.
PARTS = (1, 2, 5, 10)
# Parts closer together than this (px) tell nothing: a third of a pixel of error puts a value beside.
LEAST_SPACING_PX = 3.0
# Errors of heights beside their own deviations and those of the scale (px).
PLACE_PX = 0.3
# Of data that are round this share is, and the others stand anywhere.
ROUND = 0.9
# Heights nearer to each other than this (px) are one value, which tells once.
SAME_PX = 1.0
FEWEST = 4
# One axis must explain the values so many times as well as the other. Of 20,000 series of 4 to 39 random
# values on two axes none is bound by its values, of as many of whole numbers none to the wrong one; of 14
# charts with measured values none is bound so.
SURE_ODDS = 1000.0


def bind_by_round_values(y: Scale | None, y2: Scale | None, traces: list[Trace]) -> list[bool | None]:
    """For each trace whether its values are round on the second axis alone; None where they do not say.

    Where the ticks of both axes stand at the same heights, what is round on one is round on the other, and
    nothing is said.
    """
    out: list[bool | None] = []
    for trace in traces:
        first, second = (_odds_of_round(trace, scale) for scale in (y, y2))
        told = abs(second - first) > math.log(SURE_ODDS) and max(first, second) > math.log(SURE_ODDS)
        out.append(second > first if told else None)
    return out


def _odds_of_round(trace: Trace, scale: Scale | None) -> float:
    """Log-odds that a trace's values stand at parts of the ticks' step on a scale, and not anywhere."""
    step = None if scale is None or scale.kind != "linear" else _tick_step(scale)
    if scale is None or step is None or trace.sampled_at == "columns" or trace.orientation == "horizontal":
        return 0.0
    seen = np.isfinite(trace.y_px) & np.isfinite(trace.sigma_px)
    y, own = trace.y_px[seen], trace.sigma_px[seen]
    order = np.argsort(y, kind="stable")
    apart = order[np.r_[True, np.diff(y[order]) > SAME_PX]] if y.size else order
    if apart.size < FEWEST:
        return 0.0
    sigma = np.hypot(np.hypot(own[apart], PLACE_PX), scale.fit_sigma_px(y[apart]))
    odds = [0.0]
    for part in PARTS:
        spacing = abs(scale.slope) * step / part
        if spacing >= LEAST_SPACING_PX:
            share = scale.to_u(y[apart]) * part / step
            odds.append(_log_odds((share - np.round(share)) * spacing, sigma, spacing) - math.log(len(PARTS)))
    return max(odds)


def _log_odds(off: FloatArray, sigma: FloatArray, spacing: float) -> float:
    """What distances from the nearest round value (px) say for round values against evenly spread ones."""
    density = np.exp(-0.5 * np.square(off / sigma)) / (sigma * math.sqrt(2 * math.pi))
    return float(np.sum(np.log(ROUND * density * spacing + 1 - ROUND)))


def _tick_step(scale: Scale) -> float | None:
    """The usual difference of the tick labels' values."""
    values = np.unique(scale.values[scale.used & np.isfinite(scale.values)])
    return float(np.median(np.diff(values))) if values.size >= 2 else None
