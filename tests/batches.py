"""What the tests of batches share: small figures, and what a run has written so far."""

from __future__ import annotations

import csv
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

FILES = {"figure.json", "data.csv", "overlay.png", "description.md", "findings.json", "batch.json"}
VALUES = (1.0, 4.0, 2.0, 5.0, 3.0)


def draw(path: Path, title: str = "Loss", values: tuple[float, ...] = VALUES) -> Path:
    """A small line chart with known values at x = 0, 10, 20, ..."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(3.3, 2.3), dpi=100, layout="constrained")
    axes = figure.add_subplot()
    axes.plot([10 * index for index in range(len(values))], values, "o-")
    axes.set(xlabel="Step", ylabel=title, title=title)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, format="png")
    return path


def rows(path: Path) -> list[dict[str, str]]:
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def parts(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.name.endswith(".part")]


def finished(out: Path) -> dict[str, Any]:
    """Finished figures and when they were read; each must be complete."""
    found = {}
    for record in out.rglob("batch.json"):
        if not any(part.name.endswith(".part") for part in record.parents):
            assert {path.name for path in record.parent.iterdir()} >= FILES
            found[record.parent.name] = record.stat().st_mtime_ns
    return found


def wait_until(holds: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)
