"""How far a batch is: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import sys
import time
from collections import Counter
from types import TracebackType

from chartscribe.console import Console

# A log file wants few lines.
SECONDS_BETWEEN_LINES = 30.0
# The status of what could not be read.
FAILED = "failed"


class Progress:
    """Count figures as they end, and show the rate, the time left and the counts by status.

    Parameters
    ----------
    n_files : int or None
        How many files are looked at; those that are no figures count as passed over. None where nobody
        knows: then a line is told for each figure that is read.
    console : Console
        Where to speak.
    """

    def __init__(self, n_files: int | None, console: Console) -> None:
        from tqdm import tqdm

        self._console = console
        self._terminal = sys.stderr.isatty()
        self._bar = tqdm(
            total=n_files,
            unit="fig",
            file=sys.stderr,
            dynamic_ncols=True,
            disable=console.quiet or not self._terminal or n_files is None,
        )
        self._n_files = n_files
        self.n_done = 0
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
        if self._n_files is not None:
            self._n_files -= 1
            self._bar.total = self._n_files

    def count(self, shown: str, status: str, how: str = "read") -> None:
        """The figure ``shown`` ended with this status; ``how``: it was read, kept from before, or copied."""
        self.counts[status] += 1
        self.ways[how] += 1
        self.n_done += 1
        if self._n_files is None:
            if how != "kept" and status != FAILED:
                self._console.say(f"{shown}: {status}")
            return
        self._bar.set_postfix_str(self.counted(), refresh=False)
        self._bar.update()
        now = time.monotonic()
        if not self._terminal and now - self._last_line >= SECONDS_BETWEEN_LINES:
            self._last_line = now
            self._console.say(self._line(now, self._n_files))

    def tell(self, line: str) -> None:
        """Say something without disturbing the bar."""
        if not self._bar.disable:
            self._bar.write(line, file=sys.stderr)
        else:
            self._console.say(line)

    def counted(self) -> str:
        """The counts in words: "8 ok, 3 suspect (4 kept)"."""
        told = ", ".join(f"{self.counts[status]} {status}" for status in sorted(+self.counts))
        ways = ", ".join(f"{self.ways[way]} {way}" for way in ("kept", "copied") if self.ways[way])
        return f"{told} ({ways})" if ways else told

    def _line(self, now: float, n_files: int) -> str:
        rate = self.n_done / (now - self._start)
        left = (n_files - self.n_done) / rate
        return f"{self.n_done} of {n_files} ({rate:.2g} a second, {left:.0f} s left): {self.counted()}"
