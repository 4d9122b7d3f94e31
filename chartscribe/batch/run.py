"""Batch: from a folder of figures to a folder of results; ``run_batch`` is the recipe."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from chartscribe import __version__
from chartscribe.batch import results
from chartscribe.batch.find import Found, is_figure, list_files
from chartscribe.batch.folder_hints import FolderHints
from chartscribe.batch.indexes import Contents, Indexes
from chartscribe.batch.pool import Pool
from chartscribe.batch.progress import Progress
from chartscribe.batch.work import Task
from chartscribe.console import Console
from chartscribe.outputs import prepare_folder
from digitizer.errors import ChartscribeError, InputError, OutputError

DONE, SOME_FAILED = 0, 1
FAILED = "failed"
# Files that stand in OUT itself: a figure at the top of the folder cannot have a folder of such a name.
TAKEN = frozenset({"index.csv", "index.parquet", "index.html", "all.parquet", "errors.csv"})
# The tables of a long run are looked at while it goes on.
SECONDS_BETWEEN_INDEXES = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What was asked for; ``limit`` is how many figures are taken, None for all."""

    jobs: int
    timeout: float
    memory_mib: int
    ocr: str = "ppocr"
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    limit: int | None = None
    force: bool = False


def run_batch(folder: Path, out: Path, settings: Settings, console: Console) -> int:
    """Read every figure below a folder into ``out``, and return the exit status.

    Raises
    ------
    InputError, OutputError
        Where the folder cannot be read, or ``out`` not be written.
    """
    check_folders(folder, out)
    prepare_folder(out)
    with lock(out):
        results.clear_parts(out)
        files = list_files(folder, but=out, include=settings.include, exclude=settings.exclude)
        with Progress(len(files), console) as progress:
            batch = Batch(folder, out, settings, progress)
            indexes = Indexes(
                out, folder.resolve().name, partial(batch.contents, files), seconds=SECONDS_BETWEEN_INDEXES
            )
            try:
                batch.read(indexes.keep_fresh(files))
            except (KeyboardInterrupt, SystemExit):
                progress.tell("stopped; writing the tables of what is finished")
                raise
            finally:
                results.clear_parts(out)
                indexes.write()
    n_failed = len(batch.errors)
    console.say(f"{len(batch.inputs)} figures: {progress.counted() or 'none'} -> {out / 'index.html'}")
    if n_failed:
        console.say(f"{n_failed} of {len(batch.inputs)} could not be read; see {out / 'errors.csv'}")
    return SOME_FAILED if n_failed else DONE


def plan_batch(folder: Path, out: Path, settings: Settings) -> Iterator[tuple[str, Found]]:
    """Yield what a run would do with each figure: ``read``, ``keep``, ``copy`` or ``fail``."""
    check_folders(folder, out)
    files = list_files(folder, but=out, include=settings.include, exclude=settings.exclude)
    batch = Batch(folder, out, settings, None)
    for found in batch.figures(files):
        step = batch.plan(found)
        yield (step if isinstance(step, str) else "read"), found


@dataclass(eq=False)
class Batch:
    """The state of a run: small for every figure, since there may be very many."""

    folder: Path
    out: Path
    settings: Settings
    progress: Progress | None
    inputs: dict[str, Found] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._hints = FolderHints(self.folder)
        self._n_looked_at = 0
        # By key: where a figure's results are or will be, and the same pictures that wait for them.
        self._homes: dict[str, Found] = {}
        self._finished: dict[str, str] = {}
        self._failed: dict[str, str] = {}
        self._waiting: dict[str, list[Found]] = {}

    def read(self, files: Iterable[Found]) -> None:
        """Read all figures among the files that are not finished."""
        tasks = self._tasks(files)
        pool = Pool(
            jobs=self.settings.jobs, timeout=self.settings.timeout, memory_mib=self.settings.memory_mib
        )
        with closing(pool):
            for task, outcome in pool.run(tasks):
                home = self._homes[task.key]
                if outcome.status is not None:
                    self._finished[task.key] = outcome.status
                    self._count(outcome.status)
                else:
                    self._failed[task.key] = outcome.error or ""
                    self._fail(home, outcome.error or "")
                for found in self._waiting.pop(task.key, ()):
                    if outcome.status is not None:
                        self._copy(home, found, outcome.status)
                    else:
                        self._fail(found, outcome.error or "")

    def contents(self, files: Sequence[Found]) -> Contents:
        """What the indexes list: inputs with their folders, errors, and files finished by an earlier run.

        ``files`` are those being read, in the same order; those not yet looked at may be finished too.
        """
        rest = files[self._n_looked_at :] if self.settings.limit is None else ()
        inputs = [
            (found.shown, self.results_of(found))
            for found in (*self.inputs.values(), *rest)
            if found.place not in self.errors
        ]
        errors = [
            (found.shown, self.errors[place]) for place, found in self.inputs.items() if place in self.errors
        ]
        return inputs, errors

    def figures(self, files: Iterable[Found]) -> Iterator[Found]:
        """The figures among the files, as many as the limit allows."""
        for found in files:
            if self.settings.limit is not None and len(self.inputs) >= self.settings.limit:
                return
            self._n_looked_at += 1
            if is_figure(found):
                self.inputs[found.place] = found
                yield found
            elif self.progress is not None:
                self.progress.pass_over()

    def plan(self, found: Found) -> Task | str:
        """A task where the figure must be read; else ``keep``, ``copy`` or ``fail``."""
        try:
            if "/" not in found.place and found.place in TAKEN:
                problem = f"has the name of a file that is written beside its results ({found.place})"
                raise InputError(found.shown, problem, "rename it")
            self._refuse_replacing(found)
            settings = {"ocr": self.settings.ocr, "hints": dict(self._hints.of(found.place))}
            sha256 = hash_file(found)
        except ChartscribeError as error:
            self._fail(found, f"{error.problem}; {error.remedy}", named=error.name)
            return "fail"
        key = results.make_key(sha256, __version__, settings)
        home = self._homes.setdefault(key, found)
        record = None if self.settings.force else results.read_record(self.results_of(found))
        if record is not None and record.key == key:
            self._finished[key] = record.status
            self._homes[key] = found
            self._count(record.status, "kept")
            return "keep"
        if home is not found:
            if self.progress is not None and key in self._finished:
                self._copy(home, found, self._finished[key])
            elif key in self._failed:
                self._fail(found, self._failed[key])
            else:
                self._waiting.setdefault(key, []).append(found)
            return "copy"
        return Task(
            path=os.fspath(found.path),
            name=found.path.name,
            folder=os.fspath(self.results_of(found)),
            sha256=sha256,
            key=key,
            settings=settings,
        )

    def results_of(self, found: Found) -> Path:
        """The folder that a figure's results go to."""
        return self.out / found.place

    def _refuse_replacing(self, found: Found) -> None:
        """Make sure that the results replace nothing but older results."""
        folder = self.results_of(found)
        ours = not os.path.lexists(folder) or (folder / results.RECORD).is_file()
        if not ours and not (folder.is_dir() and not any(folder.iterdir())):
            problem = f"its results would replace {folder}, which batch did not write"
            raise InputError(found.shown, problem, "move that away, or give another output folder with -o")

    def _tasks(self, files: Iterable[Found]) -> Iterator[Task]:
        for found in self.figures(files):
            step = self.plan(found)
            if isinstance(step, Task):
                yield step

    def _copy(self, home: Found, found: Found, status: str) -> None:
        try:
            results.copy_renamed(self.results_of(home), self.results_of(found), found.path.name)
        except OSError as error:
            self._fail(found, f"its results cannot be written ({(error.strerror or str(error)).lower()})")
        else:
            self._count(status, "copied")

    def _fail(self, found: Found, error: str, named: str | None = None) -> None:
        about = f"{named}: " if named not in (None, found.shown, str(found.path)) else ""
        self.errors[found.place] = f"{about}{error}"
        if self.progress is not None:
            self.progress.tell(f"error: {found.shown}: {about}{error}")
        self._count(FAILED)

    def _count(self, status: str, how: str = "read") -> None:
        if self.progress is not None:
            self.progress.count(status, how)


def check_folders(folder: Path, out: Path) -> None:
    """Make sure that there is a folder to read, and that the results do not stand among its figures."""
    if not folder.is_dir():
        problem = "is a file, not a folder" if folder.exists() else "there is no such folder"
        raise InputError(str(folder), problem, "give a folder of figures; single ones go to digitize")
    if out.resolve() == folder.resolve():
        raise OutputError(str(out), "is the folder of figures itself", "give another output folder with -o")


def hash_file(found: Found) -> str:
    """The SHA-256 of a file's content, in hexadecimal digits.

    Raises
    ------
    InputError
        Where it cannot be read.
    """
    try:
        with open(found.path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise InputError(found.shown, f"cannot be opened ({reason})", "check its permissions") from error


@contextlib.contextmanager
def lock(out: Path) -> Iterator[Any]:
    """Keep a second run out of the folder; a lock of a killed process is gone with it.

    Raises
    ------
    OutputError
        Where another run is under way there.
    """
    # The folder itself is locked: no lock file is left behind.
    handle = os.open(out, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise OutputError(str(out), "another batch is writing there", "wait for it to end") from None
    finally:
        os.close(handle)
