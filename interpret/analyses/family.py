"""Which simple law does a course follow: straight, exponential, power, logarithmic or sigmoid?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from digitizer.model import FloatArray
from interpret.analyses.lines import LineSums
from interpret.analyses.noise import Noise

FamilyName = Literal[
    "linear", "broken", "exponential", "saturating", "power", "offset-power", "logarithmic", "hyperbolic",
    "sigmoid", "bent",
]  # fmt: skip

FEWEST = 12
LONGEST = 200
# Time constants of exponentials, in shares of the span, distances of poles, and exponents.
RATES = np.geomspace(0.04, 1.5, 24)
POLES = np.geomspace(0.01, 1.5, 24)
EXPONENTS = np.geomspace(0.05, 3, 24)
CENTRES = np.linspace(-0.1, 1.1, 25)
WIDTHS = np.geomspace(0.015, 0.25, 14)
REFINEMENTS = 2
# Numbers that each family's curve has.
COUNTS: dict[FamilyName, int] = {
    "linear": 2, "broken": 4, "exponential": 2, "saturating": 3, "power": 2, "offset-power": 3,
    "logarithmic": 2, "hyperbolic": 3, "sigmoid": 4,
}  # fmt: skip
# Families of which one is a special case: they follow its data as well as it does.
CONTAINED: dict[FamilyName, tuple[FamilyName, ...]] = {
    "exponential": ("saturating", "sigmoid", "hyperbolic", "offset-power"),
    "saturating": ("sigmoid",),
    "power": ("offset-power", "hyperbolic"),
    "logarithmic": ("offset-power",),
}
# What a straight line, a bend, an approach and a logarithm of logarithms are of the values, and what each
# of them is to beat: two lines and an approach follow a straight line as well as it does.
RATIO_LAWS: dict[FamilyName, FamilyName] = {
    "linear": "exponential", "logarithmic": "power", "saturating": "bent", "broken": "broken",
}  # fmt: skip
RIVALS: dict[FamilyName, tuple[FamilyName, ...]] = {
    "linear": ("logarithmic",), "logarithmic": ("linear", "broken"), "saturating": ("linear", "broken"),
    "broken": (),
}  # fmt: skip
# The best family beats the straight line and the other ones by so much (Bayesian criterion). Drawn
# curves of each family with noise of 2 % of the range: below 6, the wrong family was named for every tenth.
LEAD = 8.0
# Its misfit is what the noise explains, or this share of the range.
MISFIT_NOISE = 1.25
MISFIT_SHARE = 0.012
# A law without an offset shows on its straight axis only over such ratios of values.
LEAST_RATIO_Y = 2.5
LEAST_RATIO_X = 8.0
# Both plateaus of a sigmoid are seen where its value covers this share of its full height.
BOTH_ENDS = 0.9
MOST_NOISE = 0.15
# A course slows where its second half brings this share of its first half's change, or less.
SLOWING = 0.6


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Family:
    """The law that fits best.

    ``name`` is "bent" where it stays open which law it is, and clear that it bends. ``parameter`` is the
    doubling or halving distance (exponential), the time constant (saturating), the exponent (power)
    or the centre (sigmoid), in units of x; ``start`` and ``end`` the fitted values at both ends,
    ``limit`` the level approached where there is one, ``lead`` by how much it beats the next family,
    ``course`` "slowing", "steepening" or "straight", ``both_ends``: of a sigmoid, whether both of its
    plateaus are in the data, ``fitted`` (shape (n,)) the law at each point.
    """

    name: FamilyName
    parameter: float
    start: float
    end: float
    limit: float
    lead: float
    explained: float
    both_ends: bool
    fitted: FloatArray
    course: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Fit:
    sse: float
    parameter: float
    fitted: FloatArray
    limit: float = float("nan")
    both_ends: bool = False


def measure_family(x: FloatArray, y: FloatArray, noise: Noise, *, log_x: bool = False) -> Family | None:
    """Name the law of a course where one fits as well as the noise allows and beats the others.

    Parameters
    ----------
    x, y : ndarray, shape (n,)
    noise : Noise
    log_x : bool
        Whether x is drawn on a logarithmic axis: sigmoids are then tried along log x.
    """
    total = float(np.ptp(y)) if len(y) else 0.0
    if len(y) < FEWEST or total <= 0 or x[-1] <= x[0] or noise.sd > MOST_NOISE * total:
        return None
    effective = max(8.0, min(len(y), LONGEST) / noise.inflation)
    xs, ys = _bin(x, y)
    n = len(ys)
    fits = _fit_all(xs, ys, log_x and bool(xs[0] > 0))
    scores = _scores(fits, noise, total, n, effective)
    best = min(scores, key=lambda name: scores[name])
    rivals = [name for name in scores if name != best and name not in CONTAINED.get(best, ())]
    lead = float(min(scores[name] for name in rivals) - scores[best])
    fit, told = fits[best], best
    if best in ("linear", "broken"):
        return None
    courses = {name: _course(one.fitted, xs) for name, one in fits.items()}
    if lead < LEAD:
        # Which law it is stays open; that it bends this way may not.
        others = [scores[name] for name in scores if courses[name] != courses[best] or name == "broken"]
        lead = min(others) - scores[best]
        told = "bent"
        if lead < LEAD or courses[best] == "straight" or best == "sigmoid":
            return None
    if np.sqrt(fit.sse / n) > max(MISFIT_NOISE * noise.sd, MISFIT_SHARE * total):
        return None
    return Family(
        name=told,
        course=courses[best],
        parameter=fit.parameter,
        start=float(fit.fitted[0]),
        end=float(fit.fitted[-1]),
        limit=fit.limit,
        lead=lead,
        explained=1 - fit.sse / float(np.sum((ys - ys.mean()) ** 2)),
        both_ends=fit.both_ends,
        fitted=fit.fitted if n == len(y) else np.interp(x, xs, fit.fitted),
    )


def measure_ratio_law(x: FloatArray, logs: FloatArray, noise: Noise, *, log_x: bool = False) -> Family | None:
    """Name the law of values that stand on a logarithmic axis, by their decimal logarithms.

    Parameters
    ----------
    x, logs : ndarray, shape (n,)
    noise : Noise
        Of ``logs``.
    log_x : bool
        As for :func:`measure_family`; a power law is tried wherever x spans enough.

    Returns
    -------
    Family, or None
        "exponential" where the logarithms go straight along x, "power" where they do along log x, "bent"
        where they do neither; ``start``, ``end`` and ``fitted`` are logarithms.
    """
    total = float(np.ptp(logs)) if len(logs) else 0.0
    if len(logs) < FEWEST or total <= 0 or x[-1] <= x[0] or noise.sd > MOST_NOISE * total:
        return None
    xs, ys = _bin(x, logs)
    # All below zero, so that no law of the values themselves is tried.
    every = _fit_all(xs, ys - ys.max(), log_x and bool(xs[0] > 0))
    fits = {name: every[name] for name in RATIO_LAWS if name in every}
    effective = max(8.0, min(len(logs), LONGEST) / noise.inflation)
    scores = _scores(fits, noise, total, len(ys), effective)
    best = min(scores, key=lambda name: scores[name])
    rivals = [scores[name] for name in RIVALS[best] if name in scores]
    lead = float(min(rivals) - scores[best]) if rivals else LEAD
    fit = fits[best]
    course = _course(fit.fitted, xs) if best == "saturating" else "straight"
    misfit = np.sqrt(fit.sse / len(ys)) > max(MISFIT_NOISE * noise.sd, MISFIT_SHARE * total)
    if lead < LEAD or misfit or (best in ("broken", "saturating") and course == "straight"):
        return None
    fitted = fit.fitted + ys.max()
    decades = float(fitted[-1] - fitted[0])
    parameter = fit.parameter
    if best == "linear":
        parameter = float(xs[-1] - xs[0]) * float(np.log10(2)) / abs(decades)
    elif best == "logarithmic":
        parameter = decades / float(np.log10(xs[-1] / xs[0]))
    return Family(
        name=RATIO_LAWS[best],
        course=course,
        parameter=parameter,
        start=float(fitted[0]),
        end=float(fitted[-1]),
        limit=float("nan"),
        lead=lead,
        explained=1 - fit.sse / float(np.sum((ys - ys.mean()) ** 2)),
        both_ends=False,
        fitted=fitted if len(ys) == len(logs) else np.interp(x, xs, fitted),
    )


def _scores(
    fits: Mapping[FamilyName, _Fit], noise: Noise, total: float, n: int, effective: float
) -> dict[FamilyName, float]:
    """The Bayesian criterion of each fit (the least is best)."""
    floor = max((0.3 * noise.sd) ** 2, 1e-9 * total**2)
    return {
        name: float(effective * np.log(fit.sse / n + floor) + COUNTS[name] * np.log(effective))
        for name, fit in fits.items()
    }


def _course(fitted: FloatArray, x: FloatArray) -> str:
    """Whether the second half of x brings less or more of the change than the first."""
    middle = float(np.interp((x[0] + x[-1]) / 2, x, fitted))
    early, late = abs(middle - float(fitted[0])), abs(float(fitted[-1]) - middle)
    return "slowing" if late < SLOWING * early else "steepening" if early < SLOWING * late else "straight"


def _fit_all(x: FloatArray, y: FloatArray, log_x: bool) -> dict[FamilyName, _Fit]:
    span = float(x[-1] - x[0])
    place = (x - x[0]) / span
    fits: dict[FamilyName, _Fit] = {}
    sse, _, fitted, _ = _best_affine(place[None, :], y)
    fits["linear"] = _Fit(sse=sse, parameter=0.0, fitted=fitted)
    fits["broken"] = _broken(x, y)

    def scan(grid: FloatArray, template: Callable[[FloatArray], FloatArray], affine: bool) -> _Fit:
        return _scan(grid, template, y, affine=affine)

    fit = scan(RATES, lambda tau: np.exp(-place / tau[:, None]), True)
    fits["saturating"] = _Fit(sse=fit.sse, parameter=fit.parameter * span, fitted=fit.fitted, limit=fit.limit)
    poles = [scan(POLES, lambda c: 1 / (1 + c[:, None] - place), True)]
    poles += [scan(POLES, lambda c: 1 / (c[:, None] + place), True)]
    fits["hyperbolic"] = min(poles, key=lambda one: one.sse)
    positive = bool(y.min() > 0)
    if positive and y.max() > LEAST_RATIO_Y * y.min():
        both = [scan(RATES, lambda tau, s=s: np.exp(s * place / tau[:, None]), False) for s in (-1, 1)]  # type: ignore[misc]
        fit = min(both, key=lambda one: one.sse)
        length = fit.parameter * span * float(np.log(2))
        fits["exponential"] = _Fit(sse=fit.sse, parameter=length, fitted=fit.fitted)
    if x[0] > 0 and x[-1] > LEAST_RATIO_X * x[0]:
        logs = np.log(x / x[0])
        sse, _, fitted, _ = _best_affine(logs[None, :], y)
        fits["logarithmic"] = _Fit(sse=sse, parameter=0.0, fitted=fitted)
        fit = scan(EXPONENTS, lambda k: np.exp(-logs * k[:, None]), True)
        fits["offset-power"] = _Fit(sse=fit.sse, parameter=-fit.parameter, fitted=fit.fitted, limit=fit.limit)
        if positive and y.max() > LEAST_RATIO_Y / 2 * y.min():
            powers = []
            for s in (-1, 1):
                one = scan(EXPONENTS, lambda k, s=s: np.exp(s * logs * k[:, None]), False)  # type: ignore[misc]
                powers.append(_Fit(sse=one.sse, parameter=s * one.parameter, fitted=one.fitted))
            fits["power"] = min(powers, key=lambda one: one.sse)
    sigmoid = _sigmoid(x, y, log_x)
    if sigmoid is not None:
        fits["sigmoid"] = sigmoid
    return fits


def _scan(
    grid: FloatArray, template: Callable[[FloatArray], FloatArray], y: FloatArray, *, affine: bool
) -> _Fit:
    """The best template of a one-parameter grid, the grid made finer around it."""
    for _ in range(1 + REFINEMENTS):
        rows = template(grid)
        if affine:
            sse, k, fitted, limit = _best_affine(rows, y)
        else:
            sse, k, fitted = _best_scale(rows, y)
            limit = float("nan")
        best = _Fit(sse=sse, parameter=float(grid[k]), fitted=fitted, limit=limit)
        grid = np.geomspace(grid[max(0, k - 1)], grid[min(len(grid) - 1, k + 1)], len(grid))
    return best


def _sigmoid(x: FloatArray, y: FloatArray, log_x: bool) -> _Fit | None:
    span = float(x[-1] - x[0])
    along = np.log(x / x[0]) / np.log(x[-1] / x[0]) if log_x else (x - x[0]) / span
    centres, widths = CENTRES, WIDTHS
    for _ in range(1 + REFINEMENTS):
        c, w = (grid.ravel() for grid in np.meshgrid(centres, widths))
        rows = 1 / (1 + np.exp(-np.clip((along[None, :] - c[:, None]) / w[:, None], -60, 60)))
        sse, k, fitted, _ = _best_affine(rows, y)
        centre, width = float(c[k]), float(w[k])
        height = float(np.ptp(rows[k]))
        reach = float(centres[1] - centres[0])
        centres = np.linspace(centre - reach, centre + reach, 9)
        ratio = float(widths[1] / widths[0])
        widths = np.geomspace(width / ratio, width * ratio, 7)
    if not 0.05 < centre < 0.95:
        return None
    where = x[0] * float(x[-1] / x[0]) ** centre if log_x else x[0] + centre * span
    return _Fit(sse=sse, parameter=float(where), fitted=fitted, both_ends=height > BOTH_ENDS)


def _broken(x: FloatArray, y: FloatArray) -> _Fit:
    """Two straight lines."""
    n = len(y)
    cut = np.arange(3, n - 2)
    sums = LineSums(x, y)
    left = sums.fit(np.zeros_like(cut), cut)
    right = sums.fit(cut, np.full_like(cut, n))
    return _Fit(sse=float(np.min(left.sse + right.sse)), parameter=0.0, fitted=y)


def _best_affine(templates: FloatArray, y: FloatArray) -> tuple[float, int, FloatArray, float]:
    """The template (row) whose scaled and shifted copy comes closest, with its offset."""
    centred = templates - templates.mean(axis=1, keepdims=True)
    power = np.maximum(np.sum(centred**2, axis=1), 1e-30)
    rest = y - y.mean()
    slopes = centred @ rest / power
    k = int(np.argmax(slopes * slopes * power))
    fitted: FloatArray = y.mean() + slopes[k] * centred[k]
    offset = float(y.mean() - slopes[k] * templates[k].mean())
    return float(np.sum((y - fitted) ** 2)), k, fitted, offset


def _best_scale(templates: FloatArray, y: FloatArray) -> tuple[float, int, FloatArray]:
    """The template (row) of which a multiple comes closest."""
    templates = templates / np.max(templates, axis=1, keepdims=True)
    power = np.maximum(np.sum(templates**2, axis=1), 1e-30)
    sizes = templates @ y / power
    k = int(np.argmax(sizes * sizes * power))
    fitted: FloatArray = sizes[k] * templates[k]
    return float(np.sum((y - fitted) ** 2)), k, fitted


def _bin(x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
    if len(y) <= LONGEST:
        return x, y
    edges = np.linspace(0, len(y), LONGEST + 1).astype(np.intp)
    counts = np.diff(edges)
    return np.add.reduceat(x, edges[:-1]) / counts, np.add.reduceat(y, edges[:-1]) / counts
