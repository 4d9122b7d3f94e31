"""The tables and the gallery over all figures: written at the end, and now and then until then."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from chartscribe.batch import results

if TYPE_CHECKING:
    from chartscribe.batch.gallery import Card

# Writing them reads every finished figure's document: 6 ms each were measured on charts of 300 points.
# So at most a fiftieth of a run goes into it.
SHARE_OF_TIME = 0.02

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
    seconds : float
        How long to wait at least between two writings by ``keep_fresh``.
    """

    def __init__(
        self, out: Path, folder_name: str, contents: Callable[[], Contents], *, seconds: float
    ) -> None:
        self._out = out
        self._folder_name = folder_name
        self._contents = contents
        self._seconds = seconds
        self._due = time.monotonic() + seconds

    def keep_fresh(self, things: Iterable[Thing]) -> Iterator[Thing]:
        """Pass things through, and write between two of them where that is due."""
        for thing in things:
            if time.monotonic() >= self._due:
                self.write()
            yield thing

    def write(self) -> None:
        """Write all of them from the finished folders, one of them in memory at a time."""
        from chartscribe.batch.gallery import GalleryWriter, make_card
        from chartscribe.batch.tables import TableWriter, write_errors

        start = time.monotonic()
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
        self._due = now + max(self._seconds, (now - start) / SHARE_OF_TIME)
