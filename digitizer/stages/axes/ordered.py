"""Scales whose labels are no plain numbers: times, and the names of categories."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

import numpy as np

from digitizer.dates import ANY_YEAR, COMMON_YEAR, names_year, read_dates, tell_short_year
from digitizer.evidence import AxisEvidence, FloatArray, Mask, Scale
from digitizer.medians import median
from digitizer.numbers import parse_number
from digitizer.stages.axes.line_fit import (
    INLIER_SIGMAS,
    MAX_LABELS,
    MIN_AGREEING,
    Fit,
    fit_line,
    least_squares,
    merit,
    misfit,
    snapping_bias,
)
from digitizer.stages.axes.round_moments import fit_round_moments
from digitizer.stages.axes.standing import MARK_SIGMA_PX

# Calendars are uneven and time labels are centred on their text: they may miss the line by this much.
LABEL_ROUNDING_PX = 0.5
# The last days of a month make one step longer or shorter than the others, by this share at most.
UNEVEN_DAYS = 0.5
# Labels of categories are evenly spaced to this share of their distance (a missing one makes it 0.2).
EVEN_CATEGORIES = 0.08
# Labels of days that leave out their hours are a row of so many.
MIN_CUT_OFF = 4
# Names read less surely than this leave a category axis unproven.
SURE_NAME = 0.9
# So many of the labels are times in one row, where the others (cut off by the picture's edge) leave no doubt.
SURE_TIMES = 0.75
# Years that follow each other, under bars, name them (32 of 32 axes of 16 programs).
FIRST_YEAR, LAST_YEAR = 1900, 2100
# A year, to half a day; day and month changed round lie at most 324 days apart (1 December, 12 January).
DAYS_OF_YEAR = 365.5
# Two readings of dates whose residuals differ by less (px) fit alike.
RIVAL_PX = 0.15

# Labels that all begin with one letter that looks like no digit are names (Q1, Q2, Q3), so many of them.
DISTINCT_LETTERS = frozenset("ACEFHJKLMNPQRTUVWXY")
FEWEST_ALIKE = 3
# Numbers that are names stand at even distances to this (px), so many of them at least, and are read this
# surely: one of three that was misread would make a scale uneven too.
NAMES_EVEN_PX, FEWEST_NAMES, SURE_NUMBER = 1.0, 3, 0.95

_YEAR = re.compile(r"\b(?:1[5-9]|2[01])\d\d\b")


def stand_between(evidence: AxisEvidence) -> bool:
    """Whether the labels stand in the middle between marks: the bands of a category axis."""
    marks, px = evidence.marks, evidence.label_px
    if len(marks) < 3 or len(marks) > 2 * len(px) + 1:
        return False
    middles = (marks[1:] + marks[:-1]) / 2
    gap = median(np.diff(marks))
    off_marks = np.min(np.abs(px[:, None] - marks[None]), axis=1)
    off_middles = np.min(np.abs(px[:, None] - middles[None]), axis=1)
    return bool(np.all(off_marks > 0.35 * gap) and np.all(off_middles < 0.12 * gap + 1.0))


def read_times(evidence: AxisEvidence) -> list[list[float | None]]:
    """The labels of an axis as times, with what the axis' end or its title says of their year."""
    texts = [span.text for span in evidence.labels[:MAX_LABELS]]
    if evidence.moment is not None:
        return read_dates(texts, moment=evidence.moment.text)
    year = _year_of_title(evidence)
    if year is not None:
        # Of times that run into another year a title does not tell which of the two is meant.
        within = [r for r in read_dates(texts, moment=year) if _one_year([d for d in r if d is not None])]
        if within:
            return within
    return read_dates(texts)


def _year_of_title(evidence: AxisEvidence) -> str | None:
    """The only year that the axis' title names: Time (2022)."""
    years = set(_YEAR.findall("" if evidence.title is None else evidence.title.text))
    return years.pop() if len(years) == 1 else None


def _one_year(days: Sequence[float]) -> bool:
    return len({(datetime(1970, 1, 1) + timedelta(days=day)).year for day in days}) == 1


def fit_times(evidence: AxisEvidence, readings: Sequence[Sequence[float | None]]) -> Scale | None:
    """A time axis: of several readings the one whose times lie most evenly on the axis, or the first such."""
    bias, _ = snapping_bias(evidence)
    px = evidence.label_px[:MAX_LABELS] - bias
    sigma = evidence.label_sigma_px[:MAX_LABELS]
    if not evidence.drawn:
        sigma = np.maximum(sigma, LABEL_ROUNDING_PX)
    found = _fit_readings(px, sigma, readings)
    if not found:
        return None
    n_told = int(np.count_nonzero(np.isfinite(found[0][2])))
    if found[0][0][0] < n_told and evidence.moment is None:
        # Numbers beside months that come again are years, unless days alone lie as labels do: 01/06, 02/06.
        texts = [span.text for span in evidence.labels[:MAX_LABELS]]
        days_only = _fit_readings(px, sigma, read_dates(texts, days_only=True))
        found = max(found, days_only, key=lambda rivals: rivals[0][0][0] if rivals else 0)
    (n_best, _), fit, days = found[0]
    n_told = int(np.count_nonzero(np.isfinite(days)))
    cut = round_moments = None
    if n_best < n_told and (round_moments := fit_round_moments(px, sigma, days)) is not None:
        fit, days = ("linear", *round_moments[:4]), round_moments[4]
    elif n_best < n_told and (cut := _fit_cut_off(evidence, px, sigma, days)) is not None:
        fit, days = cut
    _, origin, slope, used, covariance = fit
    miss = origin + slope * days[used] - px[used]
    residual = float(np.sqrt(np.mean(miss**2)))
    n_used = int(used.sum())
    problems = ["scale-two-ticks"] if n_used < 3 else []
    problems += ["tick-label-misread"] if n_used < len(days) else []
    problems += ["scale-contradicted"] if n_used < MIN_AGREEING * len(days) else []
    problems += ["date-year-unknown"] if _names_no_year(evidence, days) else []
    few = n_used < max(3, SURE_TIMES * len(days))
    even = round_moments is not None or runs_evenly(days[used])
    if few or _rival_each_other(found) or cut is not None or not even:
        problems.append("axis-kind-unproven")
    return Scale(
        kind="date",
        origin=origin,
        slope=slope,
        values=days,
        used=used,
        residual_px=residual,
        covariance=covariance,
        n_labels=len(days),
        problems=tuple(problems),
        misfit_px=misfit(miss, sigma[used]),
    )


def _fit_readings(
    px: FloatArray, sigma: FloatArray, readings: Sequence[Sequence[float | None]]
) -> list[tuple[tuple[int, float], Fit, FloatArray]]:
    """The readings that fit a line best, in their order, each with its merit; all others fit worse."""
    found: list[tuple[tuple[int, float], Fit, FloatArray]] = []
    for reading in readings:
        days = np.array([np.nan if d is None else d for d in reading])
        fit = fit_line(px, sigma, days, "linear")
        if fit is not None:
            found.append((merit(fit, px, days), fit, days))
    best = max((f[0] for f in found), default=(0, 0.0))
    return [f for f in found if f[0][0] == best[0] and best[1] - f[0][1] < RIVAL_PX]


def _rival_each_other(found: Sequence[tuple[tuple[int, float], Fit, FloatArray]]) -> bool:
    """Whether readings that fit alike leave open what is meant: another way round of day and month.

    One reading in a leap year and in the common one before it leaves no more open than that no year is told.
    """
    first = found[0][2]
    shifts = [np.abs(days - first)[np.isfinite(days - first)] for _, _, days in found[1:]]
    return any(bool(np.any(np.abs(shift - DAYS_OF_YEAR) > 1.0)) for shift in shifts)


def _names_no_year(evidence: AxisEvidence, days: FloatArray) -> bool:
    """Whether neither the labels nor what stands beside them tell the year (01/95 tells one, too)."""
    if evidence.moment is not None or any(names_year(span.text) for span in evidence.labels):
        return False
    year = (datetime(1970, 1, 1) + timedelta(days=float(np.nanmin(days)))).year
    return year in (ANY_YEAR, COMMON_YEAR) and all(
        tell_short_year(span.text) != year for span in evidence.labels
    )


def _fit_cut_off(
    evidence: AxisEvidence, px: FloatArray, sigma: FloatArray, days: FloatArray
) -> tuple[Fit, FloatArray] | None:
    """Fit days that stand for times some hours later: evenly spaced labels that leave out the time of day.

    Each label then says no more than that its moment lies within its day; all of them together say when.
    Returns the fit and the labels' moments, None where the labels are no such row.
    """
    told = np.isfinite(days)
    at, known = px[told], days[told]
    even = len(at) >= MIN_CUT_OFF and np.ptp(np.diff(at)) <= 4 * float(sigma.max())
    if not even or np.any(known != np.floor(known)):
        return None
    per_day = abs((at[-1] - at[0]) / (known[-1] - known[0]))
    uncertain = np.hypot(sigma[told], per_day / np.sqrt(12))
    origin, slope, covariance = least_squares(known + 0.5, at, uncertain)
    moments = (px - origin) / slope
    within = np.abs(moments - (days + 0.5)) <= 0.5 + INLIER_SIGMAS * sigma / per_day
    if not within[told].all():
        return None
    return ("linear", origin, slope, told, covariance), np.where(told, moments, np.nan)


def runs_evenly(days: FloatArray) -> bool:
    """Whether times follow each other in equal steps, of days or of calendar months."""
    if len(days) < 3:
        return False
    steps = np.diff(np.sort(days))
    if np.ptp(steps) <= 1e-6 * steps.max() + 1e-9:
        return True
    moments = [datetime(1970, 1, 1) + timedelta(days=float(day)) for day in np.sort(days)]
    if any(m.day != moments[0].day or m.hour or m.minute for m in moments):
        # Matplotlib counts days from the first of each month: 1, 8, 15, 22, then 1 again.
        return bool(np.ptp(steps) <= UNEVEN_DAYS * np.median(steps))
    return len(set(np.diff([12 * m.year + m.month for m in moments]).tolist())) == 1


def fit_categories(evidence: AxisEvidence, *, numbers_named: bool = False) -> Scale:
    """A category axis: its labels in order, at even distances where they are even.

    ``numbers_named`` says that numbers among them are names for certain.
    """
    n = len(evidence.labels)
    index = np.arange(n, dtype=np.float64)
    px, sigma = evidence.label_px, evidence.label_sigma_px
    if stand_between(evidence):
        # The middles of bands are told by their marks better than by the glyphs in them.
        middles = (evidence.marks[1:] + evidence.marks[:-1]) / 2
        px = middles[np.argmin(np.abs(px[:, None] - middles[None]), axis=1)]
        sigma = np.full(n, MARK_SIGMA_PX)
    origin, slope, covariance = least_squares(index, px, sigma)
    residual = float(np.sqrt(np.mean((origin + slope * index - px) ** 2)))
    return Scale(
        kind="category",
        origin=origin,
        slope=slope,
        values=index,
        used=np.ones(n, dtype=bool),
        residual_px=residual,
        covariance=covariance,
        n_labels=n,
        problems=_category_problems(evidence, residual, abs(slope), numbers_named),
    )


def begin_alike(texts: Sequence[str]) -> bool:
    """Whether all labels begin with one letter that is no misread digit: Q1, Q2, Q3."""
    firsts = {text[:1] for text in texts}
    return len(texts) >= FEWEST_ALIKE and len(firsts) == 1 and firsts.pop() in DISTINCT_LETTERS


def name_places(evidence: AxisEvidence, values: FloatArray, fitting: Mask, *, alike: bool) -> bool:
    """Whether numbers stand at even distances where no scale puts them: the names of categories (1, 8, 32).

    ``fitting`` tells which of the ``values`` lie on the likeliest scale, ``alike`` that all others miss it by
    the same (years with one left out). Labels on end are names where one misses the scale: 3, 4, 5, 6, 8.
    """
    n, px = len(values), evidence.label_px
    on_end = all(abs(span.angle_deg) in (90.0, 270.0) for span in evidence.labels) and not fitting.all()
    few = fitting.sum() <= max(2, n // 2)
    if n < FEWEST_NAMES or n != len(evidence.labels) or not (few or alike or on_end):
        return False
    steps = np.diff(values)
    rising = bool(np.all(steps > 0) or np.all(steps < 0))
    even = float(np.ptp(np.diff(px))) <= 2 * NAMES_EVEN_PX
    return rising and even and all(span.confidence >= SURE_NUMBER for span in evidence.labels)


def _category_problems(
    evidence: AxisEvidence, residual: float, spacing: float, named: bool
) -> tuple[str, ...]:
    """What speaks against the names of a category axis: gaps between them, marks without a name, doubt."""
    if residual >= max(3.0, EVEN_CATEGORIES * spacing):
        return ("tick-values-uneven", "axis-kind-unproven")
    n = len(evidence.labels)
    centers = np.unique(np.round(evidence.marks)) if len(evidence.marks) else np.empty(0)
    free = [m for m in centers if np.min(np.abs(evidence.label_px - m)) > 0.7 * spacing]
    # gnuplot leaves room for one category at both ends, where the frame's sides pass for marks.
    if len(free) == 2 and free == [centers[0], centers[-1]]:
        free = []
    texts = [span.text for span in evidence.labels]
    sure = min(span.confidence for span in evidence.labels) >= SURE_NAME or _is_alphabet(texts)
    numbers = sum(_is_number(span.text) for span in evidence.labels)
    clear = numbers == 0 or named or stand_between(evidence) or _are_years(texts)
    # Of names that are printed in two words each one may be lost; initials of months do come again.
    words = [text.strip().lower() for text in texts if len(text.strip()) > 1]
    distinct = len(set(words)) == len(words)
    return () if n >= 3 and not free and sure and clear and distinct else ("axis-kind-unproven",)


def _are_years(texts: Sequence[str]) -> bool:
    """Whether labels are years that follow each other one by one."""
    return abs(step_of_years(texts)) == 1


def step_of_years(texts: Sequence[str]) -> int:
    """How many years each label is later than the one before; 0 where they are no years in even steps."""
    if len(texts) < 2 or not all(len(text) == 4 and text.isdecimal() for text in texts):
        return 0
    years = [int(text) for text in texts]
    steps = {b - a for a, b in pairwise(years)}
    return steps.pop() if len(steps) == 1 and FIRST_YEAR <= min(years) <= max(years) <= LAST_YEAR else 0


def _is_alphabet(texts: Sequence[str]) -> bool:
    """Whether labels are letters that follow each other: each says what the others are, however unsure."""
    if len(texts) < 3 or any(len(text) != 1 or not text.isalpha() for text in texts):
        return False
    steps = np.diff([ord(text) for text in texts])
    return bool(np.all(steps == 1) or np.all(steps == -1))


def _is_number(text: str) -> bool:
    number = parse_number(text)
    return number is not None and not number.guessed
