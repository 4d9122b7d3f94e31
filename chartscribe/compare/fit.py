"""Find what turns a logged column into a drawn series: unit factors, smoothing, a shift."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from chartscribe.compare.names import words_of
from chartscribe.compare.residuals import NOTHING, Residuals, residuals
from chartscribe.compare.smoothing import Smoothing, first_guesses, neighbours, rounded
from chartscribe.compare.sources import Source
from chartscribe.compare.tables import ROW
from chartscribe.compare.view import View
from digitizer.model import FloatArray

# A scale, a counter's factor or a smoothing is believed where it removes this share of the disagreement,
BELIEVED = 0.5
# and what is left unexplained without it is more than readings usually miss by.
NEGLIGIBLE = 0.003
# How finely a smoothing's parameter is searched, in share of it.
REFINEMENTS = (0.3, 0.12, 0.05, 0.02, 0.005)
# A rounder parameter may fit this much worse, in share and in score.
ROUND_COST, ROUND_SLACK = 1.05, 3e-4
MOST_SHIFTED_ROWS = 10
# A counter is the axis' own where it reaches over so much of what is drawn, and so much of it is drawn.
COVERED, LEAST_PART = 0.6, 0.02
_PROGRESS = frozenset({"step", "epoch", "batch", "token", "sample", "update", "episode", "round"})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fit:
    """A source with what turns it into the series: drawn = factor times logged."""

    source: Source
    x_factor: float = 1.0
    y_factor: float = 1.0
    smoothing: Smoothing | None = None
    shift: float = 0.0
    residuals: Residuals

    @property
    def score(self) -> float:
        return self.residuals.score


def fit_raw(view: View, sources: Iterable[Source]) -> Fit | None:
    """The best fit of a column over its counters, without smoothing.

    A counter whose values are those of the axis is the axis' own: only where there is none may another unit,
    a constant between two counters or the number of the row explain the axis.
    """
    best: Fit | None = None
    for source in sources:
        own = _covers(view, source.x)
        if best is not None and _covers(view, best.source.x) and (not own or source.x_column == ROW):
            continue
        fit = _with_y_factor(view, refit(view, Fit(source=source, residuals=NOTHING)))
        if not own:
            fit = _with_x_factor(view, fit)
        # A later counter sounds less like the axis' label: it must be clearly better.
        if best is None or fit.score < BELIEVED * best.score or (own and not _covers(view, best.source.x)):
            best = fit
    return best


def _covers(view: View, x: FloatArray) -> bool:
    """Whether logged places reach over most of the drawn ones, and the drawn over a fair part of them."""
    first, last = view.x_numbers[0], view.x_numbers[-1]
    low, high = min(first, last), max(first, last)
    common = min(high, x[-1]) - max(low, x[0])
    if high == low:
        return bool(x[0] <= low <= x[-1])
    return bool(common >= COVERED * (high - low) and common >= LEAST_PART * (x[-1] - x[0]))


def fit_smoothed(view: View, raw: Fit) -> Fit:
    """The raw fit, or a smoothed one where that explains much more."""
    if raw.score <= NEGLIGIBLE or len(raw.source.y) < 4:
        return raw
    n_rows = len(raw.source.y)
    by_kind: dict[tuple[str, str], Fit] = {}
    for smoothing in first_guesses(n_rows):
        fit = refit(view, replace(raw, smoothing=smoothing))
        key = (smoothing.kind, smoothing.variant)
        if key not in by_kind or fit.score < by_kind[key].score:
            by_kind[key] = fit
    # Only what is near the best can become it.
    least = min(fit.score for fit in by_kind.values())
    finest = [_refine(view, fit) for fit in by_kind.values() if fit.score <= 2 * least]
    best = min(finest, key=lambda fit: fit.score)
    gain = raw.score - best.score
    return best if best.score < BELIEVED * raw.score and gain > NEGLIGIBLE else raw


def fit_shifted(view: View, fit: Fit) -> Fit:
    """The same with the log shifted along x, where that explains much more."""
    if len(fit.source.x) < 4:
        return fit
    step = float(np.median(np.diff(fit.source.x)))
    shifts = [k * step for k in range(-MOST_SHIFTED_ROWS, MOST_SHIFTED_ROWS + 1) if k]
    best = min((refit(view, replace(fit, shift=s)) for s in shifts), key=lambda other: other.score)
    better = best.score < BELIEVED * fit.score and fit.score - best.score > NEGLIGIBLE
    return best if better and best.residuals.fits else fit


def refit(view: View, fit: Fit) -> Fit:
    """The same way of making the series of the column, with its residuals."""
    return replace(fit, residuals=residuals(view, *logged_line(view, fit), are_rows=not fit.source.is_figure))


def logged_line(view: View, fit: Fit) -> tuple[FloatArray, FloatArray]:
    """The logged points as they would be drawn, in shares of the axes, in order along x."""
    y = fit.source.y if fit.smoothing is None else fit.smoothing.apply(fit.source.y)
    v = view.across.to_share((fit.source.x + fit.shift) * fit.x_factor)
    u = view.up.to_share(y * fit.y_factor)
    if len(v) > 1 and v[0] > v[-1]:
        v, u = v[::-1], u[::-1]
    return v, u


def _with_x_factor(view: View, fit: Fit) -> Fit:
    """Another unit along x, or a constant between two counters, where the axis needs one."""
    logged, drawn = float(np.abs(fit.source.x).max()), float(np.abs(view.x_numbers).max())
    if not (logged > 0 and drawn > 0):
        return fit
    power = 10.0 ** round(np.log10(drawn / logged))
    tried = [fit]
    if power != 1:
        tried.append(_with_y_factor(view, refit(view, replace(fit, x_factor=power))))
    counts = _counts_progress(fit.source.x_column)
    if counts and not any(other.residuals.fits for other in tried):
        tried.append(_constant(view, fit, drawn / logged))
    best = min(tried, key=lambda other: other.score)
    return best if best.score < BELIEVED * fit.score else fit


def _counts_progress(name: str) -> bool:
    """Whether a constant may turn this counter into another one: steps an epoch, yes; seconds a step, no."""
    return name == ROW or bool(_PROGRESS & set(words_of(name)))


def _constant(view: View, fit: Fit, guess: float) -> Fit:
    """One constant that turns the logged counter into the drawn one, as precise as the series allows."""
    best = refit(view, replace(fit, x_factor=guess))
    for width in (0.01, 0.003, 0.001):
        factors = best.x_factor * (1 + width * np.linspace(-1.5, 1.5, 7))
        fits = [refit(view, replace(fit, x_factor=float(factor))) for factor in factors]
        best = min([best, *fits], key=lambda other: other.score)
    # So many steps an epoch are a whole number.
    whole = best.x_factor if best.x_factor > 1 else 1 / best.x_factor
    near = float(round(whole))
    exact = near if best.x_factor > 1 else 1 / near
    rounder = refit(view, replace(fit, x_factor=exact))
    return rounder if rounder.score <= ROUND_COST * best.score + ROUND_SLACK else best


def _with_y_factor(view: View, fit: Fit) -> Fit:
    """Another unit along y (a power of ten or of 1,024), where that explains much more."""
    drawn = np.median(np.abs(view.up.to_value(view.u)))
    logged = np.median(np.abs(fit.source.y))
    if fit.residuals.fits or not (drawn > 0 and logged > 0):
        return fit
    size = float(np.log10(drawn / logged))
    powers = {10.0**k for k in (round(size) - 1, round(size), round(size) + 1)}
    powers |= {1024.0 ** round(size / np.log10(1024))}
    fits = [refit(view, replace(fit, y_factor=factor)) for factor in sorted(powers - {1.0})]
    best = min(fits, key=lambda other: other.score, default=fit)
    return best if best.score < BELIEVED * fit.score else fit


def _refine(view: View, fit: Fit) -> Fit:
    """Sharpen a smoothing's parameter, then take a rounder one that fits as well."""
    best = fit
    n_rows = len(fit.source.y)
    for step in REFINEMENTS:
        for _ in range(4):
            assert best.smoothing is not None
            near = [refit(view, replace(best, smoothing=s)) for s in neighbours(best.smoothing, step, n_rows)]
            better = min(near, key=lambda other: other.score, default=best)
            if better.score >= best.score:
                break
            best = better
    assert best.smoothing is not None
    for smoothing in rounded(best.smoothing):
        rounder = refit(view, replace(best, smoothing=smoothing))
        if rounder.score <= ROUND_COST * best.score + ROUND_SLACK:
            return rounder
    return best
