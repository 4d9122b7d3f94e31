"""Measures time and memory of the reference figure: ``python -m benchmarks.speed``."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import numpy as np

from benchmarks.referee import ROOT, SHARED
from benchmarks.tables import markdown_table

REFERENCE = ROOT / "fixtures" / "drawn" / "reference" / "chart.png"
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


def pictures(folder: Path) -> dict[str, Path]:
    """The pictures that have a time to keep: the reference, one plain panel, a results grid of ten."""
    found = {"reference figure": REFERENCE, "one panel, 640x480": draw_single(folder / "single.png")}
    grid = SHARED / "realset" / "yolo_ants" / "image.png"
    if grid.exists():
        found["ten panels, 2400x1200"] = grid
    return found


def draw_single(path: Path) -> Path:
    """Draw a plain chart of two lines, 640 x 480 pixels."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6.4, 4.8), dpi=100)
    axes = figure.subplots()
    epochs = np.arange(1, 41)
    noise = np.random.default_rng(5).normal(0, 0.015, (2, 40))
    axes.plot(epochs, 2.1 * np.exp(-epochs / 9) + 0.2 + noise[0], label="train")
    axes.plot(epochs, 1.9 * np.exp(-epochs / 11) + 0.45 + noise[1], label="val")
    axes.set(title="Loss per epoch", xlabel="Epoch", ylabel="Loss")
    axes.legend()
    figure.savefig(path)
    return path


def measure_warm(path: Path, repeats: int) -> dict[str, object]:
    """Run ``benchmarks.warm`` on one core in a process of its own and return what it measured."""
    command = [sys.executable, "-m", "benchmarks.warm", str(path), "--repeats", str(repeats)]
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | ONE_THREAD, capture_output=True, text=True, check=False
    )
    if done.returncode:
        why = (done.stderr.strip() or "no word").splitlines()[-1]
        sys.exit(f"benchmarks: the warm run of {path.name} failed: {why}")
    result: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return result


def command_line() -> list[str]:
    """The installed command of this environment, else the module."""
    beside = Path(sys.executable).parent / "chartscribe"
    if beside.exists():
        return [str(beside)]
    found = shutil.which("chartscribe")
    return [found] if found else [sys.executable, "-c", "from chartscribe.cli import main; main()"]


def measure_command(arguments: list[str], repeats: int, scratch: Path) -> tuple[float, float]:
    """Median seconds from start to exit, and peak memory in MB, of the command.

    Installing compiles the modules: so does a first run that does not count, into ``scratch``.
    """
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPYCACHEPREFIX"] = str(scratch)
    seconds, peak = [], 0
    for repeat in range(repeats + 1):
        start = time.perf_counter()
        process = subprocess.Popen(
            [*command_line(), *arguments],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        _, status, usage = os.wait4(process.pid, 0)
        if repeat:
            seconds.append(time.perf_counter() - start)
            peak = max(peak, usage.ru_maxrss)
        if status:
            note = process.stderr.read().decode().strip().splitlines()[-1:] if process.stderr else []
            sys.exit(f"benchmarks: {' '.join(arguments)} failed: {''.join(note)}")
    return float(np.median(seconds)), peak / 1024


def report(repeats: int) -> str:
    """All tables in Markdown."""
    with tempfile.TemporaryDirectory() as scratch:
        warm = {name: measure_warm(path, repeats) for name, path in pictures(Path(scratch)).items()}
    head = ["seconds, warm, one core", *warm]
    totals = [
        [what, *(f"{measured[key]:.3f}" for measured in warm.values())]
        for what, key in (
            ("digitize", "digitize"),
            ("describe, on top", "describe"),
            ("the recogniser's own time", "recogniser"),
            ("digitize / recogniser", "ratio"),
        )
    ]
    names = list(dict.fromkeys(stage for measured in warm.values() for stage in measured["stages"]))  # type: ignore[attr-defined]
    stages = [
        [f"`{name}`", *(f"{measured['stages'].get(name, 0):.3f}" for measured in warm.values())]  # type: ignore[attr-defined]
        for name in names
    ]
    with tempfile.TemporaryDirectory() as scratch:
        cold = [
            [what, *_cells(arguments, repeats, Path(scratch))]
            for what, arguments, repeats in (
                ("`digitize` to a document", ["digitize", str(REFERENCE), "-o", "-"], 5),
                ("`describe` to text", ["describe", str(REFERENCE), "-o", "-"], 5),
                ("`--help`", ["--help"], 7),
            )
        ]
    return "\n".join(
        [
            markdown_table(head, totals),
            markdown_table(["stage", *warm], stages),
            markdown_table(["the command, cold, reference figure", "seconds", "peak memory"], cold),
        ]
    )


def _cells(arguments: list[str], repeats: int, scratch: Path) -> list[str]:
    seconds, peak = measure_command(arguments, repeats, scratch)
    return [f"{seconds:.2f}", f"{peak:.0f} MB"]


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed", description=__doc__)
    parser.add_argument(
        "--repeats", type=int, default=15, help="warm runs of which the median counts (default 15)"
    )
    parser.add_argument(
        "--out", type=Path, default=ROOT / "benchmarks" / "speed.md", help="where the table goes"
    )
    args = parser.parse_args()
    head = f"# Speed\n\n{date.today().isoformat()}, `python -m benchmarks.speed`, medians\n\n"
    text = head + report(args.repeats)
    args.out.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
