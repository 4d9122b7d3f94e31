"""The tables and the gallery over all figures: written at the end, and now and then until then."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from chartscribe.batch import results

if TYPE_CHECKING:
    from chartscribe.batch.gallery import Card

Thing = TypeVar("Thing")
# Inputs as shown with the folder of their results, finished or not; and inputs with their errors.
Contents = tuple[Iterable[tuple[str, Path]], Sequence[tuple[str, str]]]


class Indexes:
    """Write ``index.csv``, ``index.parquet``, ``all.parquet``, ``errors.csv`` and ``index.html``.

    Parameters
    ----------
    out : Path
        The folder of results.
    folder_name : str
        What the gallery is called.
    contents : callable
        Gives what is to be listed at the moment; folders without finished results are passed over.
    n_changes : callable
        Gives a number that differs where there is something new.
    seconds : float
        How long to wait at least between two writings by ``keep_fresh``.
    share_of_time : float
        How much of the time these may take. Writing reads every finished figure's document: 6 ms each were
        measured on charts of 300 points.
    """

    def __init__(
        self,
        out: Path,
        folder_name: str,
        contents: Callable[[], Contents],
        *,
        n_changes: Callable[[], int],
        seconds: float,
        share_of_time: float,
    ) -> None:
        self._out = out
        self._folder_name = folder_name
        self._contents = contents
        self._n_changes = n_changes
        self._n_written = n_changes()
        self._seconds = seconds
        self._share_of_time = share_of_time
        self._due = time.monotonic() + seconds

    def keep_fresh(self, things: Iterable[Thing]) -> Iterator[Thing]:
        """Pass things through, and write between two of them where that is due."""
        for thing in things:
            if time.monotonic() >= self._due and self._n_changes() != self._n_written:
                self.write()
            yield thing

    @contextlib.contextmanager
    def written_at_end(self, tell: Callable[[str], None]) -> Iterator[None]:
        """Write where the block ends, also where it is interrupted, which ``tell`` is told of."""
        try:
            yield
        except (KeyboardInterrupt, SystemExit):
            tell("stopped; writing the tables of what is finished")
            raise
        finally:
            self.write()

    def write(self) -> None:
        """Write all of them from the finished folders, one of them in memory at a time."""
        from chartscribe.batch.gallery import GalleryWriter, make_card
        from chartscribe.batch.tables import TableWriter, write_errors

        start = time.monotonic()
        self._n_written = self._n_changes()
        inputs, errors = self._contents()
        with TableWriter(self._out) as tables:

            def cards() -> Iterator[Card]:
                for shown, place in inputs:
                    if results.is_finished(place):
                        for folder in results.figure_folders(place):
                            yield make_card(shown, folder, self._out, tables.add(shown, folder))

            GalleryWriter(self._out, folder_name=self._folder_name).write(cards(), errors)
        write_errors(self._out, errors)
        now = time.monotonic()
        self._due = now + max(self._seconds, (now - start) / self._share_of_time)
