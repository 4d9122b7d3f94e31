"""Match the series of a figure with the columns of logs; ``match_series`` is the recipe."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from chartscribe.compare.fit import Fit, fit_raw, fit_shifted, fit_smoothed
from chartscribe.compare.names import likeness, says_smoothed
from chartscribe.compare.sources import Named, Source, named_columns
from chartscribe.compare.tables import Table
from chartscribe.compare.view import View

# A column goes by a series' name from here on: all its words, or all but one of several.
NAMED = 0.75
# Names that differ by less are equally alike.
SAME_NAME = 0.05
# Fits that differ by less than this share are equally good.
SAME_FIT = 0.8
# Smoothings are looked for in so many columns where no name decides.
MOST_SMOOTHED = 4
# A label or a title says a little less of a series than its own name.
WEIGHTS = (1.0, 0.97, 0.94)
# Several runs are averaged where that fits so much better than any of them.
AVERAGED = 0.7


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Match:
    """A series with the column it is compared with.

    ``other`` is a column that fits where the named one does not; ``named`` says whether the names agree.
    """

    view: View
    fit: Fit
    named: bool
    mapped: bool = False
    other: Fit | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Matching:
    """What was matched, and the series for which there is no column, with the reason."""

    matches: list[Match] = field(default_factory=list)
    unmatched: list[tuple[View, str]] = field(default_factory=list)


def match_series(views: Sequence[View], tables: Sequence[Table], mapping: Mapping[str, str]) -> Matching:
    """Find for each series the column it was drawn from: names come first, data confirm.

    Parameters
    ----------
    views : sequence of View
        The series.
    tables : sequence of Table
        The logs.
    mapping : mapping of str to str
        Columns that a person gave, by the name of the series.
    """
    named = named_columns(tables)
    result = Matching()
    for view in views:
        column = next((mapping[text] for text in view.texts if text in mapping), None)
        found = match_one(view, named, column)
        if isinstance(found, Match):
            result.matches.append(found)
        else:
            result.unmatched.append((view, found))
    return result


def match_one(view: View, columns: Sequence[Named], mapped: str | None) -> Match | str:
    """The match of one series, or the reason why there is none."""
    if mapped is not None:
        columns = [column for column in columns if column.y_column == mapped]
    candidates = [
        (column, fit) for column in columns if (fit := fit_raw(view, _sources(view, column))) is not None
    ]
    if not candidates:
        return "no column can be read along its x axis"
    likes = [name_likeness(view, column) for column, _ in candidates]
    best_like = max(likes)
    own = [
        fit
        for (_, fit), like in zip(candidates, likes, strict=True)
        if mapped is not None or (like >= NAMED and like >= best_like - SAME_NAME)
    ]
    if own:
        fit = _best([fit_smoothed(view, fit) for fit in own])
        if fit.residuals.fits or mapped is not None:
            return Match(view=view, fit=fit, named=True, mapped=mapped is not None)
        shifted = fit_shifted(view, fit)
        if shifted is not fit:
            return Match(view=view, fit=fit, named=True, other=shifted)
        other = _fitting(view, [c for _, c in candidates if c not in own], own)
        return Match(view=view, fit=fit, named=True, other=other)
    other = _fitting(view, [fit for _, fit in candidates], [])
    if other is None:
        return "no column holds this quantity"
    return Match(view=view, fit=other, named=False)


def name_likeness(view: View, column: Named) -> float:
    """How alike the names of a series and of a column are; the label helps out where the name is a role."""
    texts = list(view.texts)
    # "train" in a legend and "loss" at the axis are the train loss.
    joined = [f"{view.name} {text}" for text in texts if view.name and text != view.name]
    best = 0.0
    for name in column.texts:
        for text, weight in zip(texts, WEIGHTS, strict=False):
            best = max(best, weight * likeness(text, name))
        best = max([best, *(WEIGHTS[-1] * likeness(text, name) for text in joined)])
    return best


def _sources(view: View, column: Named) -> list[Source]:
    if view.categories is not None:
        return column.over_categories(view.categories)
    return column.over(view.x_label)


def _best(fits: Sequence[Fit]) -> Fit:
    """The best fit; a mean of runs and a smoothing must each be worth it."""
    best = fits[0]
    for fit in fits[1:]:
        more_runs = fit.source.n_runs > best.source.n_runs
        worth = AVERAGED if more_runs else 1.0
        if fit.score < worth * best.score:
            best = fit
    return best


def _fitting(view: View, fits: Sequence[Fit], than: Sequence[Fit]) -> Fit | None:
    """The column whose data fit, raw or smoothed, clearly better than those given."""
    # What never changes fits every flat line in some unit.
    ranked = sorted((fit for fit in fits if np.ptp(fit.source.y) > 0), key=lambda fit: fit.score)
    fits = [fit for fit in ranked if fit.residuals.fits]
    # Where a column has the name, only data as they are make another one the better.
    if not fits and (says_smoothed(view.texts) or (view.name is None and not than)):
        fits = [s for fit in ranked[:MOST_SMOOTHED] if (s := fit_smoothed(view, fit)).residuals.fits]
    if not fits:
        return None
    best = _best(fits)
    least = min((fit.score for fit in than), default=None)
    return best if least is None or best.score < SAME_FIT * least else None
