"""Figures as they arrive below a folder, each once nobody writes to it any more."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chartscribe.batch.find import Found, list_files

if TYPE_CHECKING:
    from watchdog.events import FileSystemEvent
    from watchdog.observers.api import BaseObserver

# A file is whole where it has stayed the same for so long: copies over slow networks write every few
# hundred milliseconds. One that goes on later is read again.
SETTLED_SECONDS = 1.0
# How often files that are being written are looked at.
TICK_SECONDS = 0.2
# Network folders tell of no events, and a queue of events can overflow: the folder is looked through now
# and then all the same, and for at most a twentieth of the time.
LOOK_SECONDS = 10.0
SHARE_OF_TIME = 0.05
# What programs call a file until it is whole.
UNFINISHED = ("*.part", "*.partial", "*.tmp", "*.temp", "*.crdownload", "*.download", "*~")

# Size, time of the last change and number of the file: what differs where it was written to or replaced.
Stamp = tuple[int, int, int]
_TELLING_EVENTS = frozenset({"created", "modified", "moved", "closed"})


@dataclass(slots=True)
class _Fresh:
    """A file that is new or changed, and since when it has looked like this."""

    found: Found
    stamp: Stamp
    since: float


class Arrivals:
    """The files below a folder, first those that are there and then new and changed ones, without end.

    An iterator over ``Found``, or None where there is nothing at the moment; and a context manager that
    listens to the file system.

    Parameters
    ----------
    folder, but, include, exclude
        As for ``list_files``.
    is_busy : callable
        Whether the file at a place is being read: it is given out again only after that.
    """

    def __init__(
        self,
        folder: Path,
        *,
        but: Path,
        include: Sequence[str] = (),
        exclude: Sequence[str] = (),
        is_busy: Callable[[str], bool],
    ) -> None:
        self._folder = folder
        self._but = but
        self._include = include
        self._exclude = (*exclude, *UNFINISHED)
        self._is_busy = is_busy
        self._given: dict[str, Stamp] = {}
        self._fresh: dict[str, _Fresh] = {}
        self._told = threading.Event()
        self._last_look = self._next_look = -LOOK_SECONDS
        self._observer: BaseObserver | None = None
        self.deaf: str | None = None

    def __enter__(self) -> Arrivals:
        from watchdog.observers import Observer

        observer = Observer()
        observer.schedule(_Listener(self._but, self._told), os.fspath(self._folder), recursive=True)
        try:
            observer.start()
            self._observer = observer
        except OSError as error:
            # Too many folders for the system's limit, mostly; ``deaf`` says so.
            self.deaf = (error.strerror or str(error)).lower()
        return self

    def __exit__(self, *error: Any) -> None:
        if self._observer is not None:
            self._observer.stop()
            self._observer.join()

    def __iter__(self) -> Iterator[Found | None]:
        while True:
            now = time.monotonic()
            told = self._told.is_set() and now >= self._next_look
            if told or now >= self._last_look + LOOK_SECONDS:
                self._told.clear()
                self._look(first=not self._given and not self._fresh)
            yield from self._settled()
            yield None
            time.sleep(TICK_SECONDS)

    def _look(self, *, first: bool) -> None:
        """Find what is new or changed; at ``first``, what was written before has settled."""
        start = time.monotonic()
        old = time.time_ns() - int(SETTLED_SECONDS * 1e9)
        files = list_files(self._folder, but=self._but, include=self._include, exclude=self._exclude)
        for found in files:
            stamp = _stamp(found)
            known = self._fresh.get(found.place)
            if stamp is None or stamp == (known.stamp if known else self._given.get(found.place)):
                continue
            since = start - SETTLED_SECONDS if first and stamp[1] < old else start
            self._fresh[found.place] = _Fresh(found, stamp, since)
        self._last_look = time.monotonic()
        self._next_look = self._last_look + (self._last_look - start) / SHARE_OF_TIME

    def _settled(self) -> Iterator[Found]:
        for place, fresh in list(self._fresh.items()):
            stamp, now = _stamp(fresh.found), time.monotonic()
            if stamp is None:
                del self._fresh[place]
            elif stamp != fresh.stamp:
                fresh.stamp, fresh.since = stamp, now
            # An empty file is one that will be written to.
            elif stamp[0] and now >= fresh.since + SETTLED_SECONDS and not self._is_busy(place):
                del self._fresh[place]
                self._given[place] = stamp
                yield fresh.found


class _Listener:
    """Notes that something changed below a folder, but for what is inside ``but``."""

    def __init__(self, but: Path, told: threading.Event) -> None:
        self._but = but.resolve()
        self._told = told

    def dispatch(self, event: FileSystemEvent) -> None:
        paths = [Path(os.fsdecode(path)) for path in (event.src_path, event.dest_path) if path]
        if event.event_type in _TELLING_EVENTS and not all(
            path.absolute().is_relative_to(self._but) for path in paths
        ):
            self._told.set()


def _stamp(found: Found) -> Stamp | None:
    with contextlib.suppress(OSError):
        status = found.path.stat()
        return status.st_size, status.st_mtime_ns, status.st_ino
    return None
