"""The state of a batch: which figures were seen, what must be done with each, and how it ended."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from chartscribe import __version__
from chartscribe.batch import results
from chartscribe.batch.find import Found, is_figure
from chartscribe.batch.folder_hints import FolderHints
from chartscribe.batch.indexes import Contents
from chartscribe.batch.pool import Reader
from chartscribe.batch.progress import FAILED, Progress
from chartscribe.batch.work import Task
from digitizer.errors import ChartscribeError, InputError

# Files that stand in OUT itself: a figure at the top of the folder cannot have a folder of such a name.
TAKEN = frozenset({"index.csv", "index.parquet", "index.html", "all.parquet", "errors.csv"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What was asked for.

    ``limit`` is how many figures are taken, None for all; ``dask`` the address of a cluster's scheduler.
    """

    jobs: int
    timeout: float
    memory_mib: int
    ocr: str = "ppocr"
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    limit: int | None = None
    force: bool = False
    dask: str | None = None


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
        self._busy: set[str] = set()

    def read(self, files: Iterable[Found | None], pool: Reader) -> None:
        """Read all figures among the files that are not finished; None where none is known at the moment."""
        for task, outcome in pool.run(self._tasks(files)):
            home = self._homes[task.key]
            if outcome.status is not None:
                self._finished[task.key] = outcome.status
                self._end(home, outcome.status)
            else:
                self._failed[task.key] = outcome.error or ""
                self._fail(home, outcome.error or "")
            for found in self._waiting.pop(task.key, ()):
                if outcome.status is not None:
                    self._copy(home, found, outcome.status)
                else:
                    self._fail(found, outcome.error or "")

    def is_busy(self, place: str) -> bool:
        """Whether the figure at this place is being read."""
        return place in self._busy

    def contents(self, files: Sequence[Found] = ()) -> Contents:
        """What the indexes list: inputs with their folders, and errors.

        ``files`` are those being read, in the same order: an earlier run may have finished those that were
        not yet looked at.
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

    def figures(self, files: Iterable[Found | None]) -> Iterator[Found | None]:
        """The figures among the files, as many as the limit allows."""
        for found in files:
            if self.settings.limit is not None and len(self.inputs) >= self.settings.limit:
                return
            if found is None:
                yield None
                continue
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
        record = None if self.settings.force else results.read_record(self.results_of(found))
        if record is not None and record.key == key:
            self._finished[key] = record.status
            self._homes[key] = found
            self._end(found, record.status, "kept")
            return "keep"
        if self._is_a_copy(found, key):
            return "copy"
        self._homes[key] = found
        self._busy.add(found.place)
        return Task(
            path=os.path.abspath(found.path),
            name=found.path.name,
            folder=os.path.abspath(self.results_of(found)),
            sha256=sha256,
            key=key,
            settings=settings,
            force=self.settings.force,
        )

    def _is_a_copy(self, found: Found, key: str) -> bool:
        """Whether the same picture stands in another place too, whose results do for both."""
        home = self._homes.get(key)
        if home is None or home.place == found.place:
            return False
        if key in self._failed:
            self._fail(found, self._failed[key])
        elif self.progress is None or self.is_busy(home.place):
            self._busy.add(found.place)
            self._waiting.setdefault(key, []).append(found)
        else:
            record = results.read_record(self.results_of(home))
            if record is None or record.key != key:
                # Another picture has taken its place since.
                return False
            self._copy(home, found, record.status)
        return True

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

    def _tasks(self, files: Iterable[Found | None]) -> Iterator[Task | None]:
        for found in self.figures(files):
            step = None if found is None else self.plan(found)
            if not isinstance(step, str):
                yield step

    def _copy(self, home: Found, found: Found, status: str) -> None:
        try:
            results.copy_renamed(self.results_of(home), self.results_of(found), found.path.name)
        except OSError as error:
            self._fail(found, f"its results cannot be written ({(error.strerror or str(error)).lower()})")
        else:
            self._end(found, status, "copied")

    def _fail(self, found: Found, error: str, named: str | None = None) -> None:
        about = f"{named}: " if named not in (None, found.shown, str(found.path)) else ""
        self.errors[found.place] = f"{about}{error}"
        if self.progress is not None:
            self.progress.tell(f"error: {found.shown}: {about}{error}")
        self._count(found, FAILED)

    def _end(self, found: Found, status: str, how: str = "read") -> None:
        # It may have failed before, and been written anew since.
        if self.errors.pop(found.place, None) is not None and self.progress is not None:
            self.progress.counts[FAILED] -= 1
        self._count(found, status, how)

    def _count(self, found: Found, status: str, how: str = "read") -> None:
        self._busy.discard(found.place)
        if self.progress is not None:
            self.progress.count(found.shown, status, how)


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
