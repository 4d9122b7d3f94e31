"""Run figures on a Dask cluster: its workers read them in processes of their own, within the same limits."""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import os
import queue
import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from chartscribe import __version__
from chartscribe.batch import results
from chartscribe.batch.pool import Pool
from chartscribe.batch.work import Outcome, Task
from digitizer.errors import InputError

CONNECT_SECONDS = 20.0
# Figures that wait at each thread of the cluster, so that none waits for this process.
AHEAD = 1
# How long nothing may end before the cluster is looked at.
LOOK_SECONDS = 5.0
# A worker keeps its processes between figures; those of a run that was killed go after a while.
IDLE_SECONDS = 600.0

_INSTALL = "install the same chartscribe there"


class DaskPool:
    """Figures read by a Dask cluster, as ``Pool`` reads them here; close it to leave the cluster.

    Parameters
    ----------
    address : str
        Of the scheduler (``tcp://host:8786``), or the path of a scheduler file.
    folder, out : Path
        Where figures are and results go: the workers must see both at the same paths.
    timeout, memory_mib
        As for ``Pool``.

    Raises
    ------
    InputError
        Where Dask is not installed, no scheduler answers, or its workers cannot do this work.
    """

    def __init__(self, address: str, *, folder: Path, out: Path, timeout: float, memory_mib: int) -> None:
        try:
            from distributed import Client
        except ImportError:
            raise InputError("--dask", "needs Dask", "pip install 'chartscribe[dask]'") from None
        # It logs, with tracebacks, what is told here in one line.
        logging.disable(logging.CRITICAL)
        where = {"scheduler_file": address} if Path(address).is_file() else {"address": address}
        try:
            self._client = Client(**where, timeout=CONNECT_SECONDS, set_as_default=False)
        except (OSError, ValueError) as error:
            reason = "no Dask scheduler answers there"
            raise InputError(address, reason, "start one with dask scheduler, and workers") from error
        self._address = address
        self._limits = Limits(run=uuid.uuid4().hex, timeout=timeout, memory_mib=memory_mib)
        self._running: dict[Any, Task] = {}
        try:
            self._check_workers(folder, out)
        except BaseException:
            self.close()
            raise

    def run(self, tasks: Iterator[Task | None]) -> Iterator[tuple[Task, Outcome]]:
        """Yield each task with its outcome as they end, as ``Pool.run`` does.

        Dask gives the figures of a worker that is lost to another.

        Raises
        ------
        InputError
            Where the scheduler is lost.
        """
        ended: queue.SimpleQueue[Any] = queue.SimpleQueue()
        exhausted = False
        while True:
            idle = False
            room = self._room()
            while len(self._running) < room and not (exhausted or idle):
                try:
                    task = next(tasks)
                except StopIteration:
                    exhausted = True
                    break
                if task is None:
                    idle = True
                    continue
                future = self._client.submit(read_on_worker, task, self._limits, pure=False)
                self._running[future] = task
                future.add_done_callback(ended.put)
            if exhausted and not self._running:
                return
            with contextlib.suppress(queue.Empty):
                future = ended.get(timeout=0.001 if idle else LOOK_SECONDS)
                if future.status == "lost":
                    # It had finished, and its outcome went with its worker: Dask has another do it again.
                    future.add_done_callback(ended.put)
                else:
                    yield self._running.pop(future), self._outcome(future)
            if self._client.status != "running":
                raise self._lost()

    def close(self) -> None:
        """Leave the cluster; what its workers are reading is finished there and forgotten."""
        with contextlib.suppress(Exception):
            self._client.cancel(list(self._running))
            self._client.run(end_processes, self._limits.run, on_error="ignore")
        self._client.close(timeout=CONNECT_SECONDS)
        logging.disable(logging.NOTSET)

    def _room(self) -> int:
        workers = self._client.scheduler_info(n_workers=-1)["workers"].values()
        n_threads: int = sum(worker["nthreads"] for worker in workers)
        return max(1, n_threads * (1 + AHEAD))

    def _outcome(self, future: Any) -> Outcome:
        from distributed import KilledWorker

        if future.status == "cancelled":
            raise self._lost()
        try:
            outcome = future.result()
        except KilledWorker:
            return Outcome(error="the Dask workers that read it were lost, again and again; read it alone")
        except Exception as error:
            words = " ".join(str(error).split())
            return Outcome(error=f"its Dask worker failed ({type(error).__name__}: {words}); {_INSTALL}")
        assert isinstance(outcome, Outcome)
        return outcome

    def _check_workers(self, folder: Path, out: Path) -> None:
        from distributed import TimeoutError as DaskTimeoutError

        try:
            self._client.wait_for_workers(1, timeout=CONNECT_SECONDS)
        except DaskTimeoutError:
            raise InputError(
                self._address, "that cluster has no workers", "start some: dask worker"
            ) from None
        probe = out.resolve() / results.part_name("probe")
        probe.touch()
        try:
            problems = self._client.run(
                find_problem, __version__, os.fspath(folder.resolve()), os.fspath(probe), on_error="return"
            )
        finally:
            probe.unlink()
        for worker, problem in problems.items():
            if isinstance(problem, Exception):
                problem = f"has not the same chartscribe ({problem}); {_INSTALL}"
            if problem is not None:
                what, _, remedy = str(problem).partition("; ")
                raise InputError(self._address, f"its worker {worker} {what}", remedy)

    def _lost(self) -> InputError:
        return InputError(self._address, "the Dask scheduler is gone", "start it and this run again")


# What follows runs on the workers.


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """A run's name, and what each of its figures may take."""

    run: str
    timeout: float
    memory_mib: int


@dataclass(slots=True)
class _Processes:
    """The processes in which this Dask worker reads the figures of a run."""

    pool: Pool
    last_used: float = field(default_factory=time.monotonic)
    n_reading: int = 0


_processes: dict[str, _Processes] = {}
_lock = threading.Lock()


def read_on_worker(task: Task, limits: Limits) -> Outcome:
    """Read a figure in a process that can be ended; called in a thread of a Dask worker."""
    with _lock:
        _end_idle()
        mine = _processes.get(limits.run)
        if mine is None:
            mine = _processes[limits.run] = _Processes(_new_pool(limits))
        mine.n_reading += 1
    try:
        return mine.pool.read(task)
    finally:
        with _lock:
            mine.n_reading -= 1
            mine.last_used = time.monotonic()


def find_problem(version: str, folder: str, probe: str) -> str | None:
    """What keeps this worker from the work, with what to do; None where nothing does."""
    if version != __version__:
        return f"has chartscribe {__version__}, and here is {version}; {_INSTALL}"
    for path in (folder, probe):
        if not os.path.exists(path):
            return f"does not see {path}; give folders that all machines share"
    if not os.access(os.path.dirname(probe), os.W_OK):
        return f"may not write to {os.path.dirname(probe)}; allow it"
    return None


def end_processes(run: str) -> None:
    """End the processes of a run."""
    with _lock:
        mine = _processes.pop(run, None)
    if mine is not None:
        mine.pool.close()


def _new_pool(limits: Limits) -> Pool:
    from distributed import get_worker

    # Dask starts its workers as daemons, which may have no children, lest these outlive them; ours end
    # by themselves with their parent.
    multiprocessing.current_process()._config["daemon"] = False  # type: ignore[attr-defined]
    n_threads = get_worker().state.nthreads
    return Pool(jobs=n_threads, timeout=limits.timeout, memory_mib=limits.memory_mib)


def _end_idle() -> None:
    for run, processes in list(_processes.items()):
        if not processes.n_reading and time.monotonic() > processes.last_used + IDLE_SECONDS:
            del _processes[run]
            processes.pool.close()
