"""Digitizes many pictures in two processes; a crash or a hang costs one picture, not the run."""

from __future__ import annotations

import json
import os
import signal
import time
import traceback
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from types import FrameType

TIME_LIMIT_S = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """How one picture went: seconds (warm, inside the process) and what went wrong, if anything did."""

    case: str
    seconds: float | None
    error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One picture to digitize, and where its document goes."""

    case: str
    image: Path
    document: Path
    overlay: Path | None = None


def digitize_all(tasks: Iterable[Task], jobs: int = 2) -> dict[str, Run]:
    """Digitize every picture and write its figure document."""
    waiting = list(tasks)
    runs: dict[str, Run] = {}
    while waiting:
        with ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=_start) as pool:
            futures = [(task, pool.submit(digitize_one, task)) for task in waiting]
            for task, future in futures:
                try:
                    runs[task.case] = future.result()
                except BrokenProcessPool:
                    break
        waiting = _after_a_death([t for t in waiting if t.case not in runs], runs)
    return runs


def _after_a_death(left: list[Task], runs: dict[str, Run]) -> list[Task]:
    """A killed worker takes the pool along: each picture that may be to blame is tried once alone."""
    for task in left[:3]:
        try:
            with ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_start) as pool:
                runs[task.case] = pool.submit(digitize_one, task).result()
        except BrokenProcessPool:
            runs[task.case] = Run(case=task.case, seconds=None, error="the process died")
    return left[3:]


def digitize_one(task: Task) -> Run:
    """Digitize one picture in this process."""
    import chartscribe

    start = time.perf_counter()
    signal.signal(signal.SIGALRM, _out_of_time)
    signal.alarm(TIME_LIMIT_S)
    try:
        figure = chartscribe.digitize(task.image)
        seconds = time.perf_counter() - start
        task.document.write_text(figure.to_json(), encoding="utf-8")
        if task.overlay is not None:
            figure.overlay().save(task.overlay)
    except Exception as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        spot = f"{Path(place.filename).name}:{place.lineno}"
        return Run(
            case=task.case, seconds=None, error=f"CRASH {type(error).__name__}: {error} ({spot})"[:200]
        )
    finally:
        signal.alarm(0)
    return Run(case=task.case, seconds=seconds, error=None)


def tasks_of(cases: list[Path], documents: Path, overlays: Path | None = None) -> list[Task]:
    """The work for a list of case folders."""
    documents.mkdir(parents=True, exist_ok=True)
    if overlays is not None:
        overlays.mkdir(parents=True, exist_ok=True)
    tasks = []
    for case in cases:
        name = json.loads((case / "truth.json").read_text(encoding="utf-8"))["image"]
        overlay = overlays / f"{case.name}.png" if overlays is not None else None
        tasks.append(
            Task(case=case.name, image=case / name, document=documents / f"{case.name}.json", overlay=overlay)
        )
    return tasks


def _start() -> None:
    """One thread a process: the processes are the parallelism."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"


def _out_of_time(number: int, frame: FrameType | None) -> None:
    raise TimeoutError(f"no answer in {TIME_LIMIT_S} s")
