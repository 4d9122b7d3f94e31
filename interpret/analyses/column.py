"""Turn a series as it was read into plain columns in order of x."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from digitizer.model import FloatArray, Panel, Series

DAY_SECONDS = 86400.0

# A bare line read a pixel column at a time repeats each of its vertices over many columns. Above
# this lag-1 correlation of the detrended columns every second point is dropped, until it falls below
# or this many points are left: an AR(1) null is meaningless where the residual is a drawn ramp.
COLUMN_CORRELATION = 0.9
FEWEST_POINTS = 60
# Markers that touch are read up to half a step beside their place: of 100 drawn lines of 150 markers
# eight had one to three that stood behind the next, by up to a quarter of a step. Lines that turn back
# do so for longer, or often.
MOST_SWAPPED = 0.05
SWAPPED_STEP = 0.6


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Column:
    """A series as columns: ``x`` ascending, no gaps.

    ``labels`` are dates or categories where x is not a number. ``ordered`` is false where the
    line runs back and forth in x (a loop), so that nothing can be said along x.
    """

    x: FloatArray
    y: FloatArray
    sigma: FloatArray
    labels: tuple[str, ...] | None
    ordered: bool
    n_missing: int

    @property
    def n(self) -> int:
        return len(self.x)


def read_column(series: Series, panel: Panel) -> Column:
    """Drop what is missing, number dates and categories, sort along x.

    Parameters
    ----------
    series : Series
        As read; ``y`` may hold NaN.
    panel : Panel
        Its axes' limits bound the reading error where the series gives none.

    Returns
    -------
    Column
        Points with both coordinates, x ascending.
    """
    x, labels = _positions(series)
    there = np.isfinite(x) & np.isfinite(series.y)
    x, y = x[there], series.y[there]
    kept_labels = None if labels is None else labels[there]
    sigma = series.y_sigma[there].copy()
    floor = reading_floor(panel, y)
    unknown = ~np.isfinite(sigma)
    sigma[unknown] = floor[unknown]
    sigma = np.maximum(sigma, np.finfo(float).tiny)
    ordered = _runs_along(x) or series.kind in ("scatter", "bar")
    if ordered:
        order = np.argsort(x, kind="stable")
        x, y, sigma = x[order], y[order], sigma[order]
        kept_labels = None if kept_labels is None else kept_labels[order]
    return Column(
        x=x,
        y=y,
        sigma=sigma,
        labels=None if kept_labels is None else tuple(str(label) for label in kept_labels),
        ordered=ordered,
        n_missing=int(len(there) - there.sum()),
    )


def _runs_along(x: FloatArray) -> bool:
    """Whether a line runs along x one way, but for points that changed places with their neighbour."""
    steps = np.diff(x)
    back = steps[steps < 0] if steps.sum() >= 0 else steps[steps > 0]
    if len(back) == 0:
        return True
    usual = float(np.median(abs(steps)))
    return len(back) < MOST_SWAPPED * len(steps) and float(abs(back).max()) < SWAPPED_STEP * usual


def reading_floor(panel: Panel, y: FloatArray) -> FloatArray:
    """Half a pixel in data units at each value where the axis is known, else 0.2 % of the values' range."""
    limits = panel.y_axis.limits
    height = abs(panel.frame.bottom - panel.frame.top)
    if limits is not None and not isinstance(limits[0], str) and height > 1:
        low, high = sorted(float(limit) for limit in limits)
        if panel.y_axis.scale == "log" and low > 0:
            return np.asarray(0.5 * np.log(high / low) / height * np.abs(y))
        return np.full(len(y), 0.5 * (high - low) / height)
    return np.full(len(y), 0.002 * float(np.ptp(y)) if len(y) else 1.0)


def in_decades(column: Column) -> Column:
    """The same points with the decimal logarithms of their (positive) values."""
    return replace(column, y=np.log10(column.y), sigma=column.sigma / (column.y * np.log(10)))


def thin(column: Column) -> Column:
    """Drop every second point while neighbours repeat each other (see ``COLUMN_CORRELATION``)."""
    while column.n >= 2 * FEWEST_POINTS and _lag_one(column.y) > COLUMN_CORRELATION:
        keep = np.unique(np.append(np.arange(0, column.n, 2), column.n - 1))
        column = Column(
            x=column.x[keep],
            y=column.y[keep],
            sigma=column.sigma[keep],
            labels=None if column.labels is None else tuple(column.labels[i] for i in keep),
            ordered=column.ordered,
            n_missing=column.n_missing,
        )
    return column


def _lag_one(y: FloatArray) -> float:
    steps = np.diff(y)
    steps = steps - np.median(steps)
    power = float(steps @ steps)
    return 0.0 if power == 0 else 1 + 2 * float(steps[1:] @ steps[:-1]) / power


def _positions(series: Series) -> tuple[FloatArray, np.ndarray | None]:
    if series.x.dtype.kind not in "USO":
        return series.x.astype(np.float64), None
    labels = series.x.astype(str)
    dates = _dates(labels)
    if dates is not None:
        return dates, labels
    return np.arange(len(labels), dtype=np.float64), labels


def _dates(labels: np.ndarray) -> FloatArray | None:
    """Days since 1970 where every label is an ISO date with at least a month."""
    if len(labels) == 0 or not all(len(label) >= 7 and label[4:5] == "-" for label in labels):
        return None
    try:
        stamps = np.array([label.rstrip("Z") for label in labels], dtype="datetime64[s]")
    except ValueError:
        return None
    return stamps.astype(np.float64) / DAY_SECONDS
