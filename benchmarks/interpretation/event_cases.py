"""Charts with injected events of known size, charts of noise alone, and near misses."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmarks.interpretation.build import FloatArray, Line, Plot, noise

Rng = np.random.Generator
SIZES = (2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
KINDS = ("dip", "peak", "drop", "jump", "trend", "break", "plateau", "turn")
LABELS = ("Queue depth", "Signal", "Output", "Level", "Index", "Rate")
# What each injected event is told as.
TOLD_AS: dict[str, tuple[str, ...]] = {
    "dip": ("dip",),
    "peak": ("peak",),
    "drop": ("level-shift",),
    "jump": ("level-shift",),
    "trend": ("trend", "phase"),
    "break": ("phase", "plateau", "trend-change", "knee", "shape"),
    "plateau": ("plateau",),
    "turn": ("trend-change",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """One injected event: ``first`` and ``last`` are indexes of its window, ``sign`` its way."""

    panel: int
    series: int
    kind: str
    sign: int
    first: int
    last: int
    size: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Case:
    """A chart and what is in it; ``phi`` is the noise's memory."""

    plots: list[Plot]
    truths: list[Truth]
    kind: str
    phi: float


def event_case(rng: Rng) -> Case:
    """One to four series in one to four panels, each with at most one event."""
    n = int(rng.choice([40, 71, 71, 100, 150, 300, 500]))
    phi = float(rng.choice([0.0, 0.0, 0.3, 0.5, 0.8]))
    n_panels = int(rng.choice([1, 1, 2, 3]))
    plots, truths = [], []
    for panel in range(n_panels):
        kind = str(rng.choice(KINDS))
        size = float(rng.choice(SIZES))
        course, truth = _event(rng, n, kind, size, panel)
        y = course + noise(rng, n, phi)
        scale, offset = float(10 ** rng.uniform(-3, 3)), float(rng.normal()) * 20
        plots.append(Plot(lines=[Line(y=scale * (y + offset))], y_label=f"{rng.choice(LABELS)} {panel + 1}"))
        truths.append(truth)
    return Case(plots=plots, truths=truths, kind="events", phi=phi)


def _event(rng: Rng, n: int, kind: str, size: float, panel: int) -> tuple[FloatArray, Truth]:
    """The course and its event; sizes in standard deviations of the noise."""
    index = np.arange(n, dtype=float)
    sign = int(rng.choice([-1, 1]))
    base = float(rng.choice([0.0, 0.0, 1.0])) * rng.normal() * 6 * index / n
    at = int(rng.uniform(0.2, 0.75) * n)
    first, last = 0, n - 1
    if kind in ("dip", "peak"):
        sign = -1 if kind == "dip" else 1
        width = int(rng.integers(2, 6))
        first, last = at, at + width - 1
        course = base + sign * size * ((index >= first) & (index <= last))
    elif kind in ("drop", "jump"):
        sign = -1 if kind == "drop" else 1
        first, last = at - 1, at
        course = base + sign * size * (index >= at)
    elif kind == "trend":
        course = sign * size * index / (n - 1)
    elif kind == "break":
        first, last = at, at
        course = sign * 2 * size * np.minimum(index / at, 1)
    elif kind == "plateau":
        first, last = at, n - 1
        course = sign * 2 * size * np.minimum(index / at, 1)
    else:
        at = int(rng.uniform(0.35, 0.65) * n)
        first, last = at, at
        sign = -sign
        course = -sign * 1.5 * size * (1 - abs(index - at) / max(at, n - at))
    return course, Truth(panel=panel, series=0, kind=kind, sign=sign, first=first, last=last, size=size)


def null_case(rng: Rng, kind: str) -> Case:
    """Noise, walks, independent pairs, smooth curves: nothing that deserves an event or a link."""
    n = int(rng.choice([36, 71, 71, 120, 200]))
    phi = {"white": 0.0, "ar5": 0.5, "ar8": 0.8}.get(kind, float(rng.choice([0.0, 0.3, 0.5])))
    if kind in ("white", "ar5", "ar8"):
        plots = [Plot(lines=[Line(y=noise(rng, n, phi))], y_label="Signal")]
    elif kind == "walk":
        plots = [Plot(lines=[Line(y=np.cumsum(rng.normal(size=n)))], y_label=f"Signal {k}") for k in range(2)]
    elif kind == "smooth":
        plots = [Plot(lines=[Line(y=_smooth(rng, n))], y_label="Signal")]
    else:
        rise = 0.0 if kind == "pairs" else 1.0
        plots = [
            Plot(
                lines=[Line(y=rise * rng.uniform(4, 12) * np.arange(n) / n + noise(rng, n, phi))],
                y_label=f"Signal {k}",
            )
            for k in range(2)
        ]
    return Case(plots=plots, truths=[], kind=kind, phi=phi)


NULLS = ("white", "ar5", "ar8", "walk", "pairs", "trending pairs", "smooth")


def _smooth(rng: Rng, n: int) -> FloatArray:
    """A smooth curve with steep parts: no jump, dip or peak is in it."""
    t = np.linspace(0, 1, n)
    kind = int(rng.integers(5))
    if kind == 0:
        y = 1 / (1 + np.exp(-(t - rng.uniform(0.3, 0.7)) / rng.uniform(0.04, 0.12)))
    elif kind == 1:
        y = np.exp(t * rng.uniform(2, 5))
    elif kind == 2:
        y = 1 / (1.05 - t)
    elif kind == 3:
        y = np.exp(-t / rng.uniform(0.05, 0.3))
    else:
        y = np.sin(2 * np.pi * (t * rng.uniform(0.5, 1.0) + rng.uniform(0, 1)))
    y = rng.choice([-1, 1]) * (y - y.min()) / np.ptp(y)
    result: FloatArray = 50 + 20 * y + noise(rng, n, sd=float(rng.choice([0.02, 0.1, 0.3])))
    return result


def near_miss_case(rng: Rng, kind: str) -> Case:
    """Charts on which a careless description says too much."""
    n = 80
    y = noise(rng, n)
    label = "Signal"
    if kind == "small event":
        at = int(rng.uniform(0.3, 0.7) * n)
        y[at : at + 2] += 2.0
    elif kind == "rival peaks":
        y = 0.2 * y
        for at in (25, 55):
            y[at : at + 3] += 8.0
    elif kind == "slower rise":
        # The second half brings a quarter of what the first brought: slower, not level.
        y += 16 * np.interp(np.arange(n), [0, n // 2, n - 1], [0.0, 1.0, 1.25])
    elif kind == "drop recovers":
        y = 0.3 * y
        y[40:44] -= 6.0
    elif kind == "no labels":
        y = 2 * np.exp(-np.arange(n) / 12) + 0.03 * y
        return Case(
            plots=[Plot(lines=[Line(y=y)], y_label=None, x_label=None)], truths=[], kind=kind, phi=0.0
        )
    else:
        y = np.where(np.arange(n) < 60, np.minimum(np.arange(n) / 20, 1.0), 0.5) + 0.02 * y
        label = str(rng.choice(["Temperature", "Sales"]))
    return Case(plots=[Plot(lines=[Line(y=y)], y_label=label)], truths=[], kind=kind, phi=0.0)


NEAR_MISSES = ("small event", "rival peaks", "slower rise", "drop recovers", "no labels", "other domain")
