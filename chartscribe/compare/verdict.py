"""Whether a series agrees with its column, and the sentence that says so."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np

from chartscribe.compare.match import Match
from chartscribe.compare.names import says_raw, says_smoothed
from chartscribe.compare.residuals import lone_one
from chartscribe.compare.shown import LEAST_SHARE, SUBSAMPLED, Shown
from chartscribe.compare.view import View
from digitizer.evidence import FloatArray, Mask

Verdict = Literal["agrees", "differs", "other"]

# What a reading's uncertainty allows.
MOST_SIGMAS = 3.0
LEAST_PX = 0.5
# A reading may be less certain than it says; its own scatter shows it, up to this factor.
MOST_UNDERSTATED = 3.0
MAD_TO_SIGMA = 1.4826
# Of so many points one may stand alone.
LEAST_ALONE = 8


@dataclass(frozen=True, kw_only=True, eq=False)
class _Numbers:
    """Errors, drawn minus logged, in the log's units; ``worst_share`` is the largest in share of the axis."""

    span: float
    n: int = 0
    bias: float = math.nan
    mae: float = math.nan
    rmse: float = math.nan
    max_error: float = math.nan
    max_error_at: Any = None
    rmse_sigma: float = math.nan
    worst_share: float = math.nan
    rmse_px: float = math.nan


@dataclass(frozen=True, kw_only=True, eq=False)
class Pair(_Numbers):
    """A judged match."""

    match: Match
    verdict: Verdict
    sentence: str

    def to_dict(self) -> dict[str, Any]:
        """As the comparison document has it."""
        view, fit = self.match.view, self.match.fit
        smoothing = fit.smoothing
        return {
            "panel": view.panel,
            "series": view.series,
            "name": view.name,
            "logs": list(fit.source.logs),
            "x_column": fit.source.x_column,
            "y_column": fit.source.y_column,
            "transform": {
                "x_factor": fit.x_factor,
                "y_factor": fit.y_factor,
                "smoothing": None
                if smoothing is None
                else {"kind": smoothing.kind, "parameter": smoothing.parameter},
                "runs": fit.source.n_runs,
            },
            "n": self.n,
            "bias": _number(self.bias),
            "mae": _number(self.mae),
            "rmse": _number(self.rmse),
            "max_error": _number(self.max_error),
            "max_error_at": self.max_error_at,
            "range": _number(self.span),
            "rmse_sigma": _number(self.rmse_sigma),
            "rmse_px": _number(self.rmse_px),
            "verdict": self.verdict,
            "sentence": self.sentence,
        }


def judge(
    match: Match,
    siblings: Sequence[Match],
    tolerance: float | None,
    *,
    both_read: bool = False,
    shown: Shown | None = None,
) -> Pair:
    """Decide whether a series agrees with its column.

    Parameters
    ----------
    match : Match
        The series and its column.
    siblings : sequence of Match
        All matches of the figure: a smoothed curve beside its raw one is none passed off as raw.
    tolerance : float or None
        The share of the axis' span that a point may be off; None for what the reading allows.
    both_read : bool
        Whether the log was read from a picture too, and is as uncertain.
    shown : Shown or None
        What the picture itself says of the column, where it is at hand: it excuses points that were misread,
        and finds what no reading by columns can tell.
    """
    view, found = match.view, match.fit.residuals
    off, sigma = found.off, view.sigma[found.at]
    sigma = sigma * _understated(off, sigma) * (math.sqrt(2) if both_read else 1.0)
    if tolerance is None:
        allowed = np.maximum(np.maximum(MOST_SIGMAS * sigma, LEAST_PX * view.up.pixel), LEAST_SHARE)
    else:
        allowed = np.full(len(off), tolerance)
    beyond = np.abs(off) > allowed
    reasons = _reasons(match, siblings)
    if shown is not None:
        beyond &= ~shown.permits(view.v[found.at])
        against = shown.contradiction()
        if against is not None and against[1] > (tolerance or 0.0) and not beyond.any():
            at, by = _place_along(view, against[0]), against[1]
            reasons.append(f"the picture shows it {by:.1%} of the axis off at {at}")
    if tolerance is None and view.sampled_at != "columns":
        alone = _stands_alone(off, np.maximum(MOST_SIGMAS * sigma, LEAST_PX * view.up.pixel))
        # What is farther off the picture shows, or excuses.
        beyond |= alone & (shown is None or np.abs(off) <= shown.most_bare_px * view.up.pixel)
    verdict: Verdict = "differs" if beyond.any() or reasons or not len(off) else "agrees"
    if match.mapped and not found.fits and found.score > 0.1:
        verdict = "other"
    numbers = _numbers(match)
    sentence = _sentence(match, verdict, reasons, numbers, int(beyond.sum()))
    return Pair(match=match, verdict=verdict, sentence=sentence, **asdict(numbers))


def _numbers(match: Match) -> _Numbers:
    view, found = match.view, match.fit.residuals
    off, sigma = found.off, view.sigma[found.at]
    span = view.up.span / abs(match.fit.y_factor)
    if not len(off):
        return _Numbers(span=span)
    drawn, logged = view.up.to_value(found.logged + off), view.up.to_value(found.logged)
    errors = (drawn - logged) / match.fit.y_factor
    worst = int(np.argmax(np.abs(off)))
    rms = float(np.sqrt((off**2).mean()))
    return _Numbers(
        n=len(off),
        bias=float(errors.mean()),
        mae=float(np.abs(errors).mean()),
        rmse=float(np.sqrt((errors**2).mean())),
        max_error=float(np.abs(errors[worst])),
        max_error_at=view.shown_x[found.at[worst]],
        span=span,
        rmse_sigma=rms / float(np.sqrt((sigma**2).mean())),
        worst_share=float(np.abs(off[worst])),
        rmse_px=rms / view.up.pixel,
    )


def _stands_alone(off: FloatArray, allowed: FloatArray) -> Mask:
    """The point that misses what was logged as no other one does, and by more than its reading allows.

    Where all others lie within a fraction of a pixel it was not misread, though the picture shows no more
    than a pixel of it.
    """
    alone = np.zeros(len(off), bool)
    if len(off) >= LEAST_ALONE and (worst := lone_one(np.abs(off), allowed)) is not None:
        alone[worst] = True
    return alone


def _understated(off: Any, sigma: Any) -> float:
    """By how much the reading's own scatter exceeds the uncertainty that it claims."""
    if len(off) < 8:
        return 1.0
    ratio = MAD_TO_SIGMA * float(np.median(np.abs(off) / sigma))
    return min(max(ratio, 1.0), MOST_UNDERSTATED)


def _reasons(match: Match, siblings: Sequence[Match]) -> list[str]:
    """What is wrong beside single points."""
    view, fit, reasons = match.view, match.fit, []
    if match.other is not None:
        other = match.other
        if other.source.y_column == fit.source.y_column and other.shift:
            by = f"{other.shift * fit.x_factor:+g}"
            reasons.append(f"it fits with x shifted by {by}")
        else:
            logs = "" if other.source.logs == fit.source.logs else f" of {', '.join(other.source.logs)}"
            how = f" after {other.smoothing}" if other.smoothing else ""
            reasons.append(f"its values are those of the column {other.source.y_column}{logs}{how}")
    if fit.smoothing is not None and not _may_be_smoothed(match, siblings):
        reasons.append(f"it is the column after {fit.smoothing}, which its name does not say")
    n_outside = fit.residuals.n_outside
    if n_outside > max(1, 0.02 * len(view.v)):
        reasons.append(f"{n_outside} of its {len(view.v)} points lie where the log holds nothing")
    return reasons


def _may_be_smoothed(match: Match, siblings: Sequence[Match]) -> bool:
    view = match.view
    if match.mapped or says_smoothed(view.texts):
        return True
    if says_raw(view.name):
        return False
    # A bold curve over its own raw data is a smoothed one; so is one of several without a name.
    mine = [m for m in siblings if m.view.panel == view.panel and m is not match]
    column = match.fit.source.y_column
    raw = any(m.fit.source.y_column == column and m.fit.smoothing is None for m in mine)
    less = any(m.fit.source.y_column == column and m.fit.smoothing != match.fit.smoothing for m in mine)
    return raw or less or (view.name is None and bool(mine))


def _sentence(
    match: Match, verdict: Verdict, reasons: Sequence[str], numbers: _Numbers, n_beyond: int
) -> str:
    view, fit = match.view, match.fit
    about = f"{view.shown} ({fit.source.y_column} over {fit.source.x_column}{_made(match)})"
    if not numbers.n:
        return f"{about}: no point of it can be compared."
    span = numbers.span
    size = (
        f"RMSE {numbers.rmse:.3g} ({numbers.rmse / span:.2%} of the axis, {numbers.rmse_px:.2g} px,"
        f" {numbers.rmse_sigma:.2g} sigma) over {numbers.n} points"
    )
    where = (
        f"at {_place(numbers.max_error_at)} by {numbers.max_error:.3g}"
        f" ({numbers.worst_share:.1%} of the axis)"
    )
    if verdict == "agrees":
        return f"{about} agrees: {size}, at most off {where}."
    if verdict == "other":
        return f"{about} is another quantity: {size}."
    told = [*reasons]
    if n_beyond:
        told.append(f"{n_beyond} of {numbers.n} points are off, most {where}")
    doubt = "" if view.status == "ok" else f" (the reading of this panel is {view.status})"
    return f"{about} differs: {'; '.join(told)}; {size}{doubt}."


def _made(match: Match) -> str:
    """How the drawn series was made of the column, for the sentence."""
    fit, parts = match.fit, []
    if fit.source.n_runs > 1:
        parts.append(f"mean of {fit.source.n_runs} runs")
    elif len(fit.source.logs) == 1:
        parts.append(f"of {fit.source.logs[0]}")
    if fit.smoothing is not None:
        parts.append(f"after {fit.smoothing}")
    parts += [f"{axis} times {f:.10g}" for axis, f in (("x", fit.x_factor), ("y", fit.y_factor)) if f != 1]
    between, n = fit.residuals.n_rows_between, len(fit.residuals.off)
    if match.view.sampled_at == "markers" and n and between > SUBSAMPLED * n:
        parts.append(f"{n} of {between} rows drawn")
    if fit.residuals.clipped:
        parts.append("clipped at the axis")
    return f", {', '.join(parts)}" if parts else ""


def _place_along(view: View, v: float) -> str:
    """The place of a share of the x axis as a sentence names it."""
    return _place(view.shown_x[int(np.argmin(np.abs(view.v - v)))])


def _place(x: Any) -> str:
    return x if isinstance(x, str) else f"{x:.6g}"


def _number(value: float) -> float | None:
    return float(f"{value:.10g}") if math.isfinite(value) else None
