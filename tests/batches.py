"""What the tests of batches share: small figures, and what a run has written so far."""

from __future__ import annotations

import csv
import os
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
    # Unlike rglob, walk passes over folders that are put in place while it looks.
    for folder, folders, files in os.walk(out):
        folders[:] = [name for name in folders if not name.endswith(".part")]
        if "batch.json" in files:
            assert set(files) >= FILES
            found[Path(folder).name] = (Path(folder) / "batch.json").stat().st_mtime_ns
    return found


def wait_until(holds: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)
