"""Measures folders: figures a second on one core and two, what is not digitizing, memory over many figures.

``python -m benchmarks.batch`` takes about an hour; ``--n 7 --n-memory 20`` shows in minutes that it works.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from benchmarks.referee import ROOT, SHARED
from benchmarks.speed import ONE_THREAD, command_line, draw_single
from benchmarks.tables import markdown_table, percent

DRAWN = ROOT / "fixtures" / "drawn"
REAL = SHARED / "realset"
PICTURES = {".png", ".jpg", ".jpeg"}
SAMPLE_SECONDS = 0.5
MILLION = 1_000_000
HOURS_A_DAY = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run of ``chartscribe batch``: seconds from start to exit, and memory in MB at moments of it.

    ``memory`` has rows of the number of finished figures, the run's own memory and its largest worker's.
    """

    n: int
    seconds: float
    memory: np.ndarray

    @property
    def rate(self) -> float:
        """Figures a second."""
        return self.n / self.seconds


def fill_folder(folder: Path, pictures: Sequence[Path], n: int) -> list[Path]:
    """Make ``n`` files of these pictures that differ in the colour of a corner: equal ones are read once."""
    from PIL import Image

    folder.mkdir(parents=True)
    made = []
    for number in range(n):
        picture = Image.open(pictures[number % len(pictures)]).convert("RGB")
        lap = number // len(pictures)
        picture.putpixel((0, 0), (255 - lap % 8, 255 - lap // 8 % 8, 255 - lap // 64 % 64))
        made.append(folder / f"{number:05}.png")
        picture.save(made[-1], compress_level=1)
    return made


def digitize_alone(paths: Sequence[Path]) -> float:
    """Seconds on one core for these pictures in a warm process that does nothing else."""
    import chartscribe

    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})
    try:
        chartscribe.digitize(paths[0])
        start = time.perf_counter()
        for path in paths:
            chartscribe.digitize(path)
        return time.perf_counter() - start
    finally:
        os.sched_setaffinity(0, cores)


def run_batch(folder: Path, out: Path, n: int, n_cores: int) -> Run:
    """Run the command on so many cores, with as many workers."""
    cores = sorted(os.sched_getaffinity(0))[:n_cores]
    start = time.perf_counter()
    process = subprocess.Popen(
        [*command_line(), "batch", str(folder), "-o", str(out), "--jobs", str(n_cores), "--quiet"],
        cwd=ROOT,
        preexec_fn=lambda: os.sched_setaffinity(0, cores),
    )
    samples: list[tuple[int, float, float]] = []
    ended = threading.Event()
    sampler = threading.Thread(target=_sample, args=(process.pid, out, samples, ended))
    sampler.start()
    status = process.wait()
    seconds = time.perf_counter() - start
    ended.set()
    sampler.join()
    if status:
        sys.exit(f"benchmarks: batch ended with status {status}")
    return Run(n=n, seconds=seconds, memory=np.array(samples).reshape(-1, 3))


def _sample(pid: int, out: Path, samples: list[tuple[int, float, float]], ended: threading.Event) -> None:
    while not ended.wait(SAMPLE_SECONDS):
        try:
            children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
            workers = [_resident_mb(int(child)) for child in children]
            own = _resident_mb(pid)
        except OSError:
            continue
        n_finished = sum(1 for _ in out.glob("*/batch.json"))
        samples.append((n_finished, own, max(workers, default=0.0)))


def _resident_mb(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def throughput(pictures: Sequence[Path], n: int, scratch: Path) -> tuple[Run, Run, float]:
    """The runs on one core and on two, and the seconds of digitizing alone."""
    paths = fill_folder(scratch / "in", pictures, n)
    alone = digitize_alone(paths)
    one, two = (run_batch(scratch / "in", scratch / f"out{cores}", n, cores) for cores in (1, 2))
    return one, two, alone


def memory_rows(run: Run) -> list[list[str]]:
    """The largest memory in each quarter of the run."""
    quarters = np.minimum(run.memory[:, 0] * 4 // run.n, 3)
    rows = []
    for quarter in range(4):
        samples = run.memory[quarters == quarter]
        cells = [f"{value:.0f}" for value in samples[:, 1:].max(axis=0)] if len(samples) else ["", ""]
        rows.append([f"figures {run.n * quarter // 4} to {run.n * (quarter + 1) // 4}", *cells])
    return rows


def million_rows(seconds_a_figure: dict[str, float]) -> list[list[str]]:
    """What a million figures cost: core hours, and days on clusters of 16, 128 and 1,024 cores."""
    rows = []
    for name, seconds in seconds_a_figure.items():
        hours = seconds * MILLION / 3600
        days = [f"{hours / cores / HOURS_A_DAY:.1f}" for cores in (16, 128, 1024)]
        rows.append([name, f"{seconds:.2f}", f"{hours:,.0f}", *days])
    return rows


def report(n: int, n_memory: int) -> str:
    """All tables in Markdown."""
    sets = {"reference renderings": [p for p in sorted(DRAWN.rglob("*")) if p.suffix in PICTURES]}
    if REAL.exists():
        sets["real figures"] = sorted(REAL.glob("*/image.*"))
    rows, seconds = [], {}
    with tempfile.TemporaryDirectory() as scratch:
        for name, pictures in sets.items():
            one, two, alone = throughput(pictures, n, Path(scratch) / name)
            rate = [f"{one.rate:.2f}", f"{two.rate:.2f}", f"{two.rate / one.rate:.2f}"]
            rows.append([name, str(n), *rate, percent(1 - alone / one.seconds)])
            seconds[name] = 2 / two.rate
        small = draw_single(Path(scratch) / "single.png")
        fill_folder(Path(scratch) / "many", [small], n_memory)
        many = run_batch(Path(scratch) / "many", Path(scratch) / "out", n_memory, 2)
    head = ["figures", "number", "a second, one core", "two cores", "times", "not digitizing, one core"]
    return "\n".join(
        [
            markdown_table(head, rows),
            "Not digitizing: starting up, describing, overlays, thumbnails, files, tables, the gallery.\n",
            markdown_table(["memory in MB, two workers", "the run", "its largest worker"], memory_rows(many)),
            markdown_table(
                [
                    "1,000,000 figures like the",
                    "core seconds a figure",
                    "core hours",
                    "days on 16 cores",
                    "128",
                    "1,024",
                ],
                million_rows(seconds),
            ),
            "Computed from the run on two cores; a cluster adds what its network takes for a picture and its"
            " results.\n",
        ]
    )


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.batch", description=__doc__)
    parser.add_argument("--n", type=int, default=200, help="figures of each set (default 200)")
    parser.add_argument("--n-memory", type=int, default=2000, help="figures for memory (default 2000)")
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks" / "batch.md")
    args = parser.parse_args()
    os.environ.update(ONE_THREAD)
    command = f"python -m benchmarks.batch --n {args.n} --n-memory {args.n_memory}"
    text = f"# Folders of figures\n\n{date.today().isoformat()}, `{command}`\n\n"
    text += report(args.n, args.n_memory)
    args.out.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
