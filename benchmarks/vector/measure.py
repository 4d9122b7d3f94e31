"""Compare what was read of a chart with what was drawn, point by point."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from benchmarks.vector.charts import Chart, Panel, Series
from digitizer.model import Figure
from digitizer.model import Panel as ReadPanel
from digitizer.model import Series as ReadSeries

# A point that was read serves a drawn one within this share of the range; what is further away is another.
SERVES = 0.01
EPOCH = datetime(1970, 1, 1)
FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """What one chart got: an error (share of the range) for each drawn point, infinite where missing."""

    errors: FloatArray
    n_surplus: int
    statuses: tuple[str, ...]

    @property
    def found(self) -> float:
        """The share of drawn points with a point that was read."""
        return float(np.isfinite(self.errors).mean())

    @property
    def largest(self) -> float:
        """The largest error of the points that were found."""
        return float(self.errors[np.isfinite(self.errors)].max(initial=0.0))

    @property
    def median(self) -> float:
        """The middle error of the points that were found."""
        found = self.errors[np.isfinite(self.errors)]
        return float(np.median(found)) if len(found) else float("nan")

    def within(self, limit: float) -> float:
        """The share of drawn points that are read to this share of the range."""
        return float((self.errors <= limit).mean())


def measure(chart: Chart, figure: Figure | None) -> Marks:
    """The marks of one chart; ``figure`` is None where nothing was read."""
    panels = list(figure.panels) if figure is not None else []
    errors, surplus = [], 0
    for index, panel in enumerate(chart.panels):
        read = panels[index] if index < len(panels) else None
        own, more = _measure_panel(panel, read)
        errors.append(own)
        surplus += more
    return Marks(
        errors=np.concatenate(errors), n_surplus=surplus, statuses=tuple(panel.status for panel in panels)
    )


def _measure_panel(panel: Panel, read: ReadPanel | None) -> tuple[FloatArray, int]:
    drawn = [_drawn_points(one, panel, read) for one in panel.series]
    if read is None:
        return np.full(sum(map(len, drawn)), np.inf), 0
    found = [_read_points(one, panel, read) for one in read.series]
    if not found:
        return np.full(sum(map(len, drawn)), np.inf), 0
    # Each drawn series takes the one that serves it best; series of some other kind serve none.
    pairs = [[_assign(one, other) for other in found] for one in drawn]
    cost = np.array([[np.minimum(errors, SERVES).sum() for errors, _ in row] for row in pairs])
    mine, its = linear_sum_assignment(cost)
    errors = [np.full(len(one), np.inf) for one in drawn]
    surplus = sum(len(other) for k, other in enumerate(found) if k not in its)
    for k, m in zip(mine, its, strict=True):
        errors[k], more = pairs[k][m]
        surplus += more
    return np.concatenate(errors), surplus


def _drawn_points(one: Series, panel: Panel, read: ReadPanel | None) -> FloatArray:
    """Points in shares of the axes as they were read: x, y, and the ends of bands and bars."""
    if panel.x_scale == "category":
        x = np.arange(len(one.x), dtype=float)
    elif panel.x_scale == "date":
        x = np.array([_days(value) for value in one.x])
    else:
        x = np.array(one.x, dtype=float)
    y = np.array(one.y)
    columns = [x, y]
    if one.error is not None:
        columns += [y - one.error, y + one.error]
        if panel.kind == "band":
            columns[1] = columns[2]
    return _shares(columns, panel, read)


def _read_points(one: ReadSeries, panel: Panel, read: ReadPanel) -> FloatArray:
    if panel.x_scale == "category":
        names = panel.series[0].x
        x = np.array([float(names.index(v)) if v in names else np.nan for v in map(str, one.x)])
    elif panel.x_scale == "date":
        x = np.array([_days(str(value)) if "-" in str(value) else np.nan for value in one.x])
    else:
        x = np.array([value if isinstance(value, float) else np.nan for value in one.x.tolist()])
    y = one.y
    columns = [x, y]
    if panel.kind in ("band", "errors"):
        blank = np.full(len(x), np.nan)
        low, high = (blank if v is None else v for v in (one.y_low, one.y_high))
        columns = [x, low if panel.kind == "band" else y, low, high]
    points = _shares(columns, panel, read)
    return points[np.isfinite(points).all(axis=1)]


def _shares(columns: list[FloatArray], panel: Panel, read: ReadPanel | None) -> FloatArray:
    """Columns in shares of the drawn data's range, logarithms on logarithmic axes; each a row a point."""
    x_range, y_range = _ranges(panel, read)
    out = []
    for index, column in enumerate(columns):
        scale = panel.x_scale if index == 0 else panel.y_scale
        with np.errstate(invalid="ignore", divide="ignore"):
            values = np.log10(column) if scale == "log" else np.asarray(column, dtype=float)
        low, high = x_range if index == 0 else y_range
        out.append((values - low) / (high - low))
    return np.stack(out, axis=1)


def _ranges(panel: Panel, read: ReadPanel | None) -> tuple[tuple[float, float], tuple[float, float]]:
    """The ends of the axes: of the data, from zero for bars."""
    y = np.concatenate([np.array(one.y) for one in panel.series])
    if panel.y_scale == "log":
        y = np.log10(y)
    low, high = float(y.min()), float(y.max())
    if panel.kind == "bars":
        low = 0.0
        if panel.stacked:
            high = float(np.sum([one.y for one in panel.series], axis=0).max())
    if panel.x_scale == "category":
        return (0.0, float(len(panel.series[0].x))), (low, high)
    x: Any = [v for one in panel.series for v in one.x]
    x = np.array([_days(v) for v in x] if panel.x_scale == "date" else x, dtype=float)
    if panel.x_scale == "log":
        x = np.log10(x)
    return (float(x.min()), float(x.max())), (low, high)


def _assign(drawn: FloatArray, read: FloatArray) -> tuple[FloatArray, int]:
    """For each drawn point the error of the read one that serves it, one to one; and how many serve none."""
    if not len(read):
        return np.full(len(drawn), np.inf), 0
    away = np.abs(drawn[:, None] - read[None]).max(axis=2)
    mine, its = linear_sum_assignment(np.minimum(away, SERVES))
    errors = np.full(len(drawn), np.inf)
    served = away[mine, its] < SERVES
    errors[mine[served]] = away[mine, its][served]
    return errors, len(read) - int(served.sum())


def _days(text: str) -> float:
    return (datetime.fromisoformat(text) - EPOCH).total_seconds() / 86400
