"""Run figures through worker processes; one that hangs, bursts or dies costs itself alone."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, TimeoutError, wait
from concurrent.futures.process import BrokenProcessPool
from typing import Protocol

from pebble import ProcessExpired, ProcessPool

from chartscribe.batch.work import Outcome, Task, out_of_memory, prepare_worker, read_one

# A fresh process now and then keeps memory flat whatever libraries hold on to.
TASKS_A_WORKER = 400
# A pool can break where a worker dies between two figures; its figures are tried once more.
MOST_TRIES = 2

Work = Callable[[Task, int], Outcome]


class Reader(Protocol):
    """What reads figures: worker processes here, or a cluster."""

    def run(self, tasks: Iterator[Task | None]) -> Iterator[tuple[Task, Outcome]]:
        """Yield each task with its outcome as they end."""

    def close(self) -> None:
        """End what is under way."""


class Pool:
    """Worker processes with limits; close it to end them.

    Parameters
    ----------
    jobs : int
        How many figures are read at once.
    timeout : float
        Seconds that a figure may take.
    memory_mib : int
        Memory that a worker may allocate, in MiB.
    work : callable
        What a worker does with a task and ``memory_mib``; it must be importable by name.
    """

    def __init__(self, *, jobs: int, timeout: float, memory_mib: int, work: Work = read_one) -> None:
        self._work = work
        self._jobs = jobs
        self._timeout = timeout
        self._memory_mib = memory_mib
        self._pool = self._new_pool()
        self._lock = threading.Lock()

    def run(self, tasks: Iterator[Task | None]) -> Iterator[tuple[Task, Outcome]]:
        """Yield each task with its outcome as they end; tasks are taken as workers become free.

        A task that is None says that there is none at the moment; ``tasks`` takes a little time over that.
        """
        running: dict[Future[Outcome], tuple[Task, int]] = {}
        again: list[tuple[Task, int]] = []
        exhausted = False
        while running or again or not exhausted:
            # One more than workers, so that none waits for this loop.
            idle = False
            while len(running) <= self._jobs and (again or not (exhausted or idle)):
                try:
                    entry = again.pop() if again else ((task, 1) if (task := next(tasks)) else None)
                except StopIteration:
                    exhausted = True
                    break
                if entry is None:
                    idle = True
                else:
                    running[self._schedule(entry[0])] = entry
            done, _ = wait(running, timeout=0 if idle else None, return_when=FIRST_COMPLETED)
            broken = False
            for future in done:
                task, n_tries = running.pop(future)
                if isinstance(future.exception(), BrokenProcessPool) and n_tries < MOST_TRIES:
                    broken = True
                    again.append((task, n_tries + 1))
                else:
                    yield task, self._outcome(future)
            if broken:
                again += [(task, n_tries + 1) for task, n_tries in running.values()]
                running.clear()
                self.close()
                self._pool = self._new_pool()

    def read(self, task: Task) -> Outcome:
        """Read one figure, and wait for it; to be called from as many threads as there are workers."""
        for n_tries in range(1, MOST_TRIES + 1):
            pool = self._pool
            future = self._schedule(task)
            wait([future])
            if not isinstance(future.exception(), BrokenProcessPool) or n_tries == MOST_TRIES:
                break
            with self._lock:
                if self._pool is pool:
                    self.close()
                    self._pool = self._new_pool()
        return self._outcome(future)

    def close(self) -> None:
        """End the workers, whatever they are doing."""
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()

    def _new_pool(self) -> ProcessPool:
        return ProcessPool(
            max_workers=self._jobs,
            max_tasks=TASKS_A_WORKER,
            initializer=prepare_worker,
            initargs=(os.getpid(), self._memory_mib),
            # A fork of a process with threads may hang in locks that nobody will open.
            context=multiprocessing.get_context("spawn"),
        )

    def _schedule(self, task: Task) -> Future[Outcome]:
        return self._pool.schedule(self._work, args=(task, self._memory_mib), timeout=self._timeout)

    def _outcome(self, future: Future[Outcome]) -> Outcome:
        error = future.exception()
        if error is None:
            return future.result()
        if isinstance(error, TimeoutError):
            return Outcome(error=f"took longer than {self._timeout:g} seconds; raise --timeout")
        if isinstance(error, ProcessExpired):
            return Outcome(error=self._ending(error.exitcode))
        return Outcome(error=f"internal error ({type(error).__name__}: {' '.join(str(error).split())})")

    def _ending(self, code: int | None) -> str:
        if code == -signal.SIGABRT:
            # C++ libraries end a process where an allocation fails inside a thread of theirs.
            return f"its process aborted; most likely it {out_of_memory(self._memory_mib)}"
        if code == -signal.SIGKILL:
            return "its process was killed, most likely for lack of memory; use fewer --jobs"
        how = f"signal {-code}" if code is not None and code < 0 else f"status {code}"
        return f"its process ended unexpectedly ({how}); read it with chartscribe digitize --debug"
