"""Point for point: how far the reference figure's values are off, and whether their sigmas are honest."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(slots=True)
class Pairs:
    """Paired points of many figures: errors in axis ranges, errors in stated sigmas."""

    error: list[float] = field(default_factory=list)
    pull: list[float] = field(default_factory=list)
    n_true: int = 0
    n_found: int = 0
    n_said: int = 0
    n_figures: int = 0
    n_whole: int = 0  # figures with every point found and none invented

    def add(self, other: Pairs) -> None:
        """Pour another figure's points in."""
        self.error += other.error
        self.pull += other.pull
        for name in ("n_true", "n_found", "n_said", "n_figures", "n_whole"):
            setattr(self, name, getattr(self, name) + getattr(other, name))


def pair_figure(referee: ModuleType, truth: dict[str, Any], document: dict[str, Any] | None) -> Pairs:
    """Match every true point with the predicted point nearest in x, at most half a spacing away."""
    out = Pairs(n_figures=1)
    true_panels = truth["panels"]
    predicted = referee.clean_document(document, (truth["source"]["width"], truth["source"]["height"]))
    matched = dict(referee.match_panels(true_panels, predicted))
    for index, panel in enumerate(true_panels):
        guess = predicted[matched[index]] if index in matched else None
        raw = (document or {"panels": []})["panels"][matched[index]] if guess is not None else None
        axes = referee.known_axes(panel)
        pairs = referee.match_series(panel["series"], guess["series"] if guess else [], axes)
        for number, partner, _ in pairs:
            series = panel["series"][number]
            out.n_true += len(series["x"])
            if partner is not None and raw is not None:
                _pair_series(out, series, raw["series"][partner], panel)
        out.n_said += sum(len(s["x"]) for s in (guess["series"] if guess else []))
    out.n_whole = int(out.n_found == out.n_true == out.n_said)
    return out


def _pair_series(out: Pairs, truth: dict[str, Any], guess: dict[str, Any], panel: dict[str, Any]) -> None:
    x, y, sigma = (_column(guess.get(name)) for name in ("x", "y", "y_sigma"))
    if not len(x) or not len(x) == len(y) == len(sigma):
        return
    low, high = panel["y_axis"]["limits"]
    true_x, true_y = _column(truth["x"]), _column(truth["y"])
    reach = 0.5 * float(np.median(np.diff(true_x))) if len(true_x) > 1 else np.inf
    order = np.argsort(x)
    x, y, sigma = x[order], y[order], sigma[order]
    used: set[int] = set()
    for a, b in zip(true_x, true_y, strict=True):
        nearest = int(np.argmin(np.abs(x - a)))
        if abs(x[nearest] - a) > reach or nearest in used or not np.isfinite(y[nearest]):
            continue
        used.add(nearest)
        out.n_found += 1
        out.error.append(abs(y[nearest] - b) / abs(high - low))
        out.pull.append(abs(y[nearest] - b) / sigma[nearest] if sigma[nearest] > 0 else np.inf)


def _column(values: Any) -> NDArray[np.float64]:
    return np.array([np.nan if v is None else v for v in values or []], float)


def reference_rows(referee: ModuleType, cases: list[Path], documents: Path) -> list[list[str]]:
    """Rows of the reference table: floor renderings, harsh ones, all."""
    groups = {"floor": Pairs(), "harsh": Pairs(), "all": Pairs()}
    for case in cases:
        truth = json.loads((case / "truth.json").read_text(encoding="utf-8"))
        path = documents / f"{case.name}.json"
        document = json.loads(path.read_text(encoding="utf-8")) if path.exists() else None
        pairs = pair_figure(referee, truth, document)
        groups["floor" if "floor" in truth["tags"] else "harsh"].add(pairs)
        groups["all"].add(pairs)
    return [[name, *_cells(pairs)] for name, pairs in groups.items() if pairs.n_figures]


REFERENCE_HEAD = [
    "renderings", "figures", "all points, none invented", "points found", "points invented",
    "median \\|dy\\|", "95 % \\|dy\\|", "within 1 sigma", "within 2 sigma",
]  # fmt: skip


def _cells(pairs: Pairs) -> list[str]:
    error, pull = np.array(pairs.error or [1.0]), np.array(pairs.pull or [np.inf])
    return [
        str(pairs.n_figures),
        f"{pairs.n_whole / pairs.n_figures:.0%}",
        f"{pairs.n_found / max(1, pairs.n_true):.2%}",
        f"{(pairs.n_said - pairs.n_found) / max(1, pairs.n_said):.2%}",
        f"{np.median(error):.3%}",
        f"{np.quantile(error, 0.95):.3%}",
        f"{np.mean(pull <= 1):.1%}",
        f"{np.mean(pull <= 2):.1%}",
    ]
