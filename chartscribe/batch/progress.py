"""How far a batch is: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import sys
import time
from collections import Counter
from types import TracebackType

from chartscribe.console import Console

# A log file wants few lines.
SECONDS_BETWEEN_LINES = 30.0


class Progress:
    """Count figures as they end, and show the rate, the time left and the counts by status.

    Parameters
    ----------
    n_files : int
        How many files are looked at; those that are no figures count as passed over.
    console : Console
        Where to speak.
    """

    def __init__(self, n_files: int, console: Console) -> None:
        from tqdm import tqdm

        self._console = console
        self._terminal = sys.stderr.isatty()
        self._bar = tqdm(
            total=n_files,
            unit="fig",
            file=sys.stderr,
            dynamic_ncols=True,
            disable=console.quiet or not self._terminal,
        )
        self._n_files = n_files
        self._n_done = 0
        self._start = self._last_line = time.monotonic()
        self.counts: Counter[str] = Counter()
        self.ways: Counter[str] = Counter()

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.close()

    def pass_over(self) -> None:
        """One file fewer to look at."""
        self._n_files -= 1
        self._bar.total = self._n_files

    def count(self, status: str, how: str = "read") -> None:
        """A figure ended with this status; ``how``: it was read, kept from before, or copied."""
        self.counts[status] += 1
        self.ways[how] += 1
        self._n_done += 1
        self._bar.set_postfix_str(self.counted(), refresh=False)
        self._bar.update()
        now = time.monotonic()
        if not self._terminal and now - self._last_line >= SECONDS_BETWEEN_LINES:
            self._last_line = now
            self._console.say(self._line(now))

    def tell(self, line: str) -> None:
        """Say something without disturbing the bar."""
        if self._terminal and not self._console.quiet:
            self._bar.write(line, file=sys.stderr)
        else:
            self._console.say(line)

    def counted(self) -> str:
        """The counts in words: "8 ok, 3 suspect (4 kept)"."""
        told = ", ".join(f"{self.counts[status]} {status}" for status in sorted(self.counts))
        ways = ", ".join(f"{self.ways[way]} {way}" for way in ("kept", "copied") if self.ways[way])
        return f"{told} ({ways})" if ways else told

    def _line(self, now: float) -> str:
        rate = self._n_done / (now - self._start)
        left = (self._n_files - self._n_done) / rate
        return f"{self._n_done} of {self._n_files} ({rate:.2g} a second, {left:.0f} s left): {self.counted()}"
