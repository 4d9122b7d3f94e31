"""Batch: from a folder of figures to a folder of results; ``run_batch`` is the recipe."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

from chartscribe.batch import results
from chartscribe.batch.arrivals import Arrivals
from chartscribe.batch.find import Found, list_files
from chartscribe.batch.indexes import Indexes
from chartscribe.batch.pool import Pool, Reader
from chartscribe.batch.progress import Progress
from chartscribe.batch.state import Batch, Settings
from chartscribe.console import Console
from chartscribe.outputs import prepare_folder
from digitizer.errors import InputError, OutputError

DONE, SOME_FAILED = 0, 1
# How often the tables are written, in seconds, and how much of the time that may take: while a long run
# goes on little, while a folder is watched soon after each figure.
RUNNING = {"seconds": 30.0, "share_of_time": 0.02}
WATCHING = {"seconds": 1.0, "share_of_time": 0.2}


def run_batch(folder: Path, out: Path, settings: Settings, console: Console) -> int:
    """Read every figure below a folder into ``out``, and return the exit status.

    Raises
    ------
    InputError, OutputError
        Where the folder cannot be read, or ``out`` not be written.
    """
    check_folders(folder, out)
    with results_folder(out):
        files = list_files(folder, but=out, include=settings.include, exclude=settings.exclude)
        with Progress(len(files), console) as progress:
            batch = Batch(folder, out, settings, progress)
            indexes = Indexes(
                out,
                folder.resolve().name,
                partial(batch.contents, files),
                n_changes=lambda: progress.n_done,
                **RUNNING,
            )
            with indexes.written_at_end(progress.tell), closing(new_pool(folder, out, settings)) as pool:
                batch.read(indexes.keep_fresh(files), pool)
    return sum_up(batch, progress, console)


def run_watch(folder: Path, out: Path, settings: Settings, console: Console) -> int:
    """Read figures into ``out`` as they arrive below a folder, until Ctrl-C; return the exit status.

    Raises
    ------
    InputError, OutputError
        Where the folder cannot be read, or ``out`` not be written.
    """
    check_folders(folder, out)
    with results_folder(out), Progress(None, console) as progress:
        batch = Batch(folder, out, settings, progress)
        indexes = Indexes(
            out,
            folder.resolve().name,
            batch.contents,
            n_changes=lambda: progress.n_done,
            **WATCHING,
        )
        arrivals = Arrivals(
            folder, but=out, include=settings.include, exclude=settings.exclude, is_busy=batch.is_busy
        )
        with (
            contextlib.suppress(KeyboardInterrupt),
            indexes.written_at_end(progress.tell),
            closing(new_pool(folder, out, settings)) as pool,
            arrivals,
        ):
            console.say(f"watching {folder}; Ctrl-C ends it")
            if arrivals.deaf is not None:
                console.say(f"the system tells of no changes ({arrivals.deaf}); looking every few seconds")
            batch.read(indexes.keep_fresh(arrivals), pool)
    return sum_up(batch, progress, console)


def plan_batch(folder: Path, out: Path, settings: Settings) -> Iterator[tuple[str, Found]]:
    """Yield what a run would do with each figure: ``read``, ``keep``, ``copy`` or ``fail``."""
    check_folders(folder, out)
    files = list_files(folder, but=out, include=settings.include, exclude=settings.exclude)
    batch = Batch(folder, out, settings, None)
    for found in batch.figures(files):
        if found is not None:
            step = batch.plan(found)
            yield (step if isinstance(step, str) else "read"), found


def sum_up(batch: Batch, progress: Progress, console: Console) -> int:
    """Say how all figures ended, and return the exit status."""
    n_failed = len(batch.errors)
    console.say(f"{len(batch.inputs)} figures: {progress.counted() or 'none'} -> {batch.out / 'index.html'}")
    if n_failed:
        console.say(f"{n_failed} of {len(batch.inputs)} could not be read; see {batch.out / 'errors.csv'}")
    return SOME_FAILED if n_failed else DONE


def new_pool(folder: Path, out: Path, settings: Settings) -> Reader:
    """What reads the figures; close it to end it."""
    if settings.dask is not None:
        from chartscribe.batch.dask_pool import DaskPool

        return DaskPool(
            settings.dask, folder=folder, out=out, timeout=settings.timeout, memory_mib=settings.memory_mib
        )
    return Pool(jobs=settings.jobs, timeout=settings.timeout, memory_mib=settings.memory_mib)


@contextlib.contextmanager
def results_folder(out: Path) -> Iterator[None]:
    """Have the folder of results to oneself, without what a killed run had under way.

    Raises
    ------
    OutputError
        Where it cannot be written, or another run is under way there.
    """
    prepare_folder(out)
    with lock(out):
        results.clear_parts(out)
        try:
            yield
        finally:
            results.clear_parts(out)


def check_folders(folder: Path, out: Path) -> None:
    """Make sure that there is a folder to read, and that the results do not stand among its figures."""
    if not folder.is_dir():
        problem = "is a file, not a folder" if folder.exists() else "there is no such folder"
        raise InputError(str(folder), problem, "give a folder of figures; single ones go to digitize")
    if out.resolve() == folder.resolve():
        raise OutputError(str(out), "is the folder of figures itself", "give another output folder with -o")


@contextlib.contextmanager
def lock(out: Path) -> Iterator[None]:
    """Keep a second run out of the folder; a lock of a killed process is gone with it.

    Raises
    ------
    OutputError
        Where another run is under way there.
    """
    # The folder itself is locked: no lock file is left behind.
    handle = os.open(out, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise OutputError(str(out), "another batch is writing there", "wait for it to end") from None
        yield
    finally:
        os.close(handle)
