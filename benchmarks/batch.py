"""Measures folders: figures a second on one core and two, what the time goes to, memory over many figures.

``python -m benchmarks.batch`` takes about 18 minutes on two quiet cores; ``--n 7 --n-memory 20`` shows in two
that it works.
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
SAMPLE_SECONDS = 1.0
MILLION = 1_000_000
HOURS_A_DAY = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run of ``chartscribe batch``: seconds from start to exit, and memory in MB at moments of it.

    ``memory`` has rows of the number of finished figures, the run's own memory and its largest worker's;
    ``n_bytes`` is the size of all results.
    """

    n: int
    seconds: float
    memory: np.ndarray
    n_bytes: int

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """Seconds on one core, in a warm process that does nothing else, for the work on some pictures."""

    digitizing: float
    describing: float
    pictures: float


def work_alone(paths: Sequence[Path]) -> Work:
    """Do on one core what the run's workers do with pictures, but for the files."""
    import chartscribe
    from chartscribe.batch.work import numbers_files, picture_files, words_files

    steps = (numbers_files, words_files, picture_files)
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})
    try:
        warm = chartscribe.digitize(paths[0])
        for step in steps:
            step(warm)
        seconds = np.zeros(1 + len(steps))
        for path in paths:
            times = [time.perf_counter()]
            figure = chartscribe.digitize(path)
            times.append(time.perf_counter())
            for step in steps:
                step(figure)
                times.append(time.perf_counter())
            seconds += np.diff(times)
        # The document and the table of points are what digitizing is for.
        return Work(
            digitizing=float(seconds[:2].sum()), describing=float(seconds[2]), pictures=float(seconds[3])
        )
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
    n_bytes = sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
    return Run(n=n, seconds=seconds, memory=np.array(samples).reshape(-1, 3), n_bytes=n_bytes)


def _sample(pid: int, out: Path, samples: list[tuple[int, float, float]], ended: threading.Event) -> None:
    while not ended.wait(SAMPLE_SECONDS):
        try:
            # Workers that replace others are children of the thread that started them.
            tasks = Path(f"/proc/{pid}/task").glob("*/children")
            workers = [_resident_mb(int(child)) for task in tasks for child in task.read_text().split()]
            own = _resident_mb(pid)
        except OSError:
            continue
        n_finished = sum(1 for _ in out.glob("*/batch.json"))
        samples.append((n_finished, own, max(workers, default=0.0)))


def _resident_mb(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def throughput(pictures: Sequence[Path], n: int, scratch: Path) -> tuple[Run, Run, Work]:
    """The runs on one core and on two, and the work alone."""
    paths = fill_folder(scratch / "in", pictures, n)
    alone = work_alone(paths)
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


def share_rows(one: Run, alone: Work) -> list[str]:
    """What the time on one core goes to; the rest is what no work on a picture explains."""
    shares = [part / one.seconds for part in (alone.digitizing, alone.describing, alone.pictures)]
    return [percent(share) for share in (*shares, 1 - sum(shares))]


def million_rows(runs: dict[str, Run]) -> list[list[str]]:
    """What a million figures cost: core hours, days on 16, 128 and 1,024 cores, and GB of results."""
    rows = []
    for name, run in runs.items():
        seconds = 2 / run.rate
        hours = seconds * MILLION / 3600
        days = [f"{hours / cores / HOURS_A_DAY:.1f}" for cores in (16, 128, 1024)]
        gigabytes = run.n_bytes / run.n * MILLION / 1e9
        rows.append([name, f"{seconds:.2f}", f"{hours:,.0f}", *days, f"{gigabytes:,.0f}"])
    return rows


def report(n: int, n_memory: int) -> str:
    """All tables in Markdown."""
    sets = {"reference renderings": [p for p in sorted(DRAWN.rglob("*")) if p.suffix in PICTURES]}
    if REAL.exists():
        sets["real figures"] = sorted(REAL.glob("*/image.*"))
    rates, shares, runs = [], [], {}
    with tempfile.TemporaryDirectory() as scratch:
        for name, pictures in sets.items():
            one, two, alone = throughput(pictures, n, Path(scratch) / name)
            rate = [f"{one.rate:.2f}", f"{two.rate:.2f}", f"{two.rate / one.rate:.2f}"]
            rates.append([name, str(n), *rate])
            shares.append([name, *share_rows(one, alone)])
            runs[name] = two
        small = draw_single(Path(scratch) / "single.png")
        fill_folder(Path(scratch) / "many", [small], n_memory)
        many = run_batch(Path(scratch) / "many", Path(scratch) / "out", n_memory, 2)
        runs["one panel, 640x480"] = many
    return "\n".join([*throughput_lines(rates, shares), *memory_lines(many), *million_lines(runs)])


def throughput_lines(rates: list[list[str]], shares: list[list[str]]) -> list[str]:
    """The tables of figures a second and of what the time goes to."""
    head = ["figures", "number", "a second, one core", "two cores", "times"]
    return [
        markdown_table(head, rates),
        markdown_table(["time on one core", "digitizing", "describing", "pictures", "the rest"], shares),
        "Digitizing, describing (description and findings) and pictures (the overlay, and the gallery's\n"
        "thumbnails) are timed alone, in a warm process on one core. The rest is what the run takes beyond\n"
        "them: starting up, handing out, hashing, writing files, tables and gallery.\n",
    ]


def memory_lines(many: Run) -> list[str]:
    """The table of memory over a long run."""
    return [markdown_table(["memory in MB, two workers", "the run", "its largest worker"], memory_rows(many))]


def million_lines(runs: dict[str, Run]) -> list[str]:
    """The table of what a million figures cost."""
    head = [
        "1,000,000 figures like the",
        "core seconds a figure",
        "core hours",
        "days on 16 cores",
        "128",
        "1,024",
    ]
    return [
        markdown_table([*head, "GB of results"], million_rows(runs)),
        "Computed from the runs on two cores; a cluster adds what its network takes for a picture and its"
        " results.\n",
    ]


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.batch", description=__doc__)
    parser.add_argument("--n", type=int, default=82, help="figures of each set (default 82)")
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
