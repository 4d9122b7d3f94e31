"""Charts whose every point is known, told so that any program can draw them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Scale = Literal["linear", "log", "date", "category"]
SEED = 41
COLORS = ("#1f77b4", "#d62728", "#2ca02c", "#9467bd")
MARKERS = ("circle", "square", "triangle", "diamond")
FIRST_DAY = date(2023, 1, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One series: numbers, ISO dates or names along x, its look, and how far its bars or its band reach."""

    name: str
    x: list[Any]
    y: list[float]
    color: str = COLORS[0]
    line: bool = True
    marker: str = "none"
    dashed: bool = False
    error: list[float] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One plot area."""

    series: list[Series]
    kind: Literal["points", "bars", "band", "errors"] = "points"
    x_scale: Scale = "linear"
    y_scale: Scale = "linear"
    lying: bool = False
    stacked: bool = False
    title: str | None = None
    x_label: str = "Step"
    y_label: str = "Loss"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """One figure."""

    name: str
    panels: list[Panel] = field(default_factory=list)


def make_charts() -> list[Chart]:
    """All charts, the same ones every time."""
    makers: dict[str, Callable[[np.random.Generator], list[Panel]]] = {
        "lines": lambda rng: [_lines(rng, 3, 40)],
        "dense line": lambda rng: [_lines(rng, 1, 600, noise=0.05)],
        "crossing dashes": _dashes,
        "markers": lambda rng: [_lines(rng, 3, 14, marked=True)],
        "scatter": _scatter,
        "crowd": _crowd,
        "bars": lambda rng: [_bars(rng, 1)],
        "grouped bars": lambda rng: [_bars(rng, 3)],
        "stacked bars": lambda rng: [_bars(rng, 3, stacked=True)],
        "lying bars": lambda rng: [_bars(rng, 1, lying=True)],
        "log y": lambda rng: [_log(rng, both=False)],
        "log-log": lambda rng: [_log(rng, both=True)],
        "dates": _dates,
        "band": _band,
        "error bars": _errors,
        "panels": _grid,
    }
    return [
        Chart(name=name, panels=make(np.random.default_rng([SEED, index])))
        for index, (name, make) in enumerate(makers.items())
    ]


def _rounded(values: NDArray[np.float64]) -> list[float]:
    return [float(f"{value:.6g}") for value in values]


def _falling(rng: np.random.Generator, n: int, low: float, noise: float) -> NDArray[np.float64]:
    t = np.linspace(0, 1, n)
    return np.asarray((low + 2 * np.exp(-rng.uniform(2, 6) * t)) * (1 + noise * rng.normal(size=n)))


def _lines(
    rng: np.random.Generator, n_series: int, n: int, *, noise: float = 0.02, marked: bool = False
) -> Panel:
    names = ("train", "validation", "test", "average")
    x = (np.arange(n) * 25 + 25).tolist()
    return Panel(
        title="Training runs",
        series=[
            Series(
                name=names[k],
                x=x,
                y=_rounded(_falling(rng, n, 0.3 + 0.4 * k, noise)),
                color=COLORS[k],
                marker=MARKERS[k] if marked else "none",
            )
            for k in range(n_series)
        ],
    )


def _dashes(rng: np.random.Generator) -> list[Panel]:
    x = np.sort(rng.uniform(0, 10, 25))
    series = [
        Series(name=name, x=_rounded(x), y=_rounded(np.sin(x + phase)), color=COLORS[k], dashed=bool(k % 2))
        for k, (name, phase) in enumerate((("left", 0.0), ("right", 0.7), ("middle", 2.2), ("none", 4.0)))
    ]
    return [Panel(series=series, x_label="Time (s)", y_label="Signal")]


def _scatter(rng: np.random.Generator) -> list[Panel]:
    series = []
    for k, name in enumerate(("Adelie", "Gentoo", "Chinstrap")):
        x = rng.normal(40 + 5 * k, 4, 30)
        y = 3 * x + rng.normal(20 - 25 * k, 12, 30)
        series.append(
            Series(name=name, x=_rounded(x), y=_rounded(y), color=COLORS[k], line=False, marker=MARKERS[k])
        )
    return [Panel(series=series, x_label="Bill length (mm)", y_label="Body mass (g)")]


def _crowd(rng: np.random.Generator) -> list[Panel]:
    x = rng.normal(0, 1, 400)
    y = 0.6 * x + rng.normal(0, 0.8, 400)
    one = Series(name="Samples", x=_rounded(x), y=_rounded(y), line=False, marker="circle")
    return [Panel(series=[one], x_label="First component", y_label="Second component")]


def _bars(rng: np.random.Generator, n_series: int, *, stacked: bool = False, lying: bool = False) -> Panel:
    places = ["North", "South", "East", "West", "Central"]
    names = ("Online", "Retail", "Wholesale")
    return Panel(
        kind="bars",
        x_scale="category",
        stacked=stacked,
        lying=lying,
        x_label="Region",
        y_label="Revenue (million $)",
        series=[
            Series(name=names[k], x=places, y=_rounded(rng.uniform(3, 40, 5)), color=COLORS[k], line=False)
            for k in range(n_series)
        ],
    )


def _log(rng: np.random.Generator, *, both: bool) -> Panel:
    x = np.geomspace(1.3, 4e4, 30) if both else np.arange(1.0, 31.0)
    series = []
    for k, name in enumerate(("Adam", "SGD")):
        t = np.log(x) / np.log(4e4) if both else x / 31
        y = 10 ** (1 - (3 + k) * t + 0.1 * rng.normal(size=len(x)))
        series.append(
            Series(
                name=name,
                x=_rounded(x),
                y=_rounded(y),
                color=COLORS[k],
                marker="none" if both else MARKERS[k],
            )
        )
    return Panel(series=series, x_scale="log" if both else "linear", y_scale="log", x_label="Samples")


def _dates(rng: np.random.Generator) -> list[Panel]:
    days = [(FIRST_DAY + timedelta(days=7 * k)).isoformat() for k in range(60)]
    series = [
        Series(name=name, x=days, y=_rounded(20 + 10 * k + np.cumsum(rng.normal(size=60))), color=COLORS[k])
        for k, name in enumerate(("Oslo", "Lisbon"))
    ]
    return [Panel(series=series, x_scale="date", x_label="Date", y_label="Temperature (°C)")]


def _band(rng: np.random.Generator) -> list[Panel]:
    x = np.arange(0, 50.0)
    y = np.exp(-x / 20) + 0.02 * rng.normal(size=50)
    one = Series(name="mean", x=_rounded(x), y=_rounded(y), error=_rounded(0.05 + 0.1 * rng.uniform(size=50)))
    return [Panel(series=[one], kind="band")]


def _errors(rng: np.random.Generator) -> list[Panel]:
    x = np.arange(1.0, 11.0)
    one = Series(
        name="dose",
        x=_rounded(x),
        y=_rounded(10 + 3 * x + 2 * rng.normal(size=10)),
        error=_rounded(1 + 2 * rng.uniform(size=10)),
        line=False,
        marker="circle",
    )
    return [Panel(series=[one], kind="errors", x_label="Dose (mg)", y_label="Response")]


def _grid(rng: np.random.Generator) -> list[Panel]:
    panels = []
    for title in ("box loss", "class loss", "precision", "recall"):
        y = _falling(rng, 25, 0.2, 0.03)
        one = Series(name=title, x=_rounded(np.arange(25.0)), y=_rounded(y), marker="circle")
        panels.append(Panel(series=[one], title=title, x_label="Epoch", y_label="Value"))
    return panels
