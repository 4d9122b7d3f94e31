"""Feeds degraded pictures to the digitizer: ``python -m benchmarks.fuzz``; a table of what went wrong.

Each picture is read in a process that is ended after ten seconds of one core's time. A crash is written down
with its place; a wrong reading that says ``ok`` is told by the referee, where the truth still holds.
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from PIL import Image

from benchmarks.accuracy import cases_of
from benchmarks.referee import DEFAULT_SCORE, ROOT, load_referee
from benchmarks.tables import markdown_table
from fixtures.degrade import DEGRADATIONS, Degradation, scale_truth

# Of one core's time, which does not depend on what else the machine does.
TIME_LIMIT_S = 10.0
# A process that has slept for so long waits for something that never comes.
STUCK_S = 300.0
SETS = ("lines", "kinds", "realset")
DRAWN_PER_SET = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How one picture went: ``state`` is read, refused, crashed, or out of time."""

    state: str
    detail: str = ""
    seconds: float = 0.0
    peak_mb: float = 0.0
    document: dict[str, Any] | None = None


@dataclass(slots=True)
class Row:
    """What is counted of one degradation."""

    states: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    peak_mb: float = 0.0
    n_panels: int = 0
    n_ok: int = 0
    n_lies: int = 0
    n_judged: int = 0
    has_truth: bool = False


class Reader:
    """A process that reads pictures, started anew where it dies or hangs."""

    def __init__(self) -> None:
        self._start()

    def _start(self) -> None:
        context = get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs,), daemon=True)
        self.process.start()
        theirs.close()
        self.pipe.recv()  # everything is loaded

    def read(self, content: bytes) -> Outcome:
        """Read one picture, whatever it does."""
        try:
            self.pipe.send_bytes(content)
            if self.pipe.poll(STUCK_S):
                outcome: Outcome = self.pipe.recv()
                return outcome
            outcome = Outcome(state="out of time", detail="it is stuck", seconds=STUCK_S)
        except (EOFError, OSError):
            self.process.join()
            late = self.process.exitcode == -signal.SIGPROF
            outcome = (
                Outcome(state="out of time", detail=f"no answer in {TIME_LIMIT_S:g} s", seconds=TIME_LIMIT_S)
                if late
                else Outcome(state="crashed", detail=f"the process died ({self.process.exitcode})")
            )
        self.close()
        self._start()
        return outcome

    def close(self) -> None:
        """End the process."""
        self.process.kill()
        self.process.join()


def _serve(pipe: Connection) -> None:
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ[name] = "1"
    import chartscribe

    chartscribe.digitize(np.full((64, 64, 3), 255, np.uint8))
    pipe.send(None)
    while True:
        pipe.send(_read(pipe.recv_bytes()))


def _read(content: bytes) -> Outcome:
    """Digitize, draw the overlay and describe; what is no picture is to be refused."""
    import chartscribe

    _reset_peak()
    start = time.process_time()
    # The default action of this alarm ends the process, also inside a library's loop.
    signal.setitimer(signal.ITIMER_PROF, TIME_LIMIT_S)
    try:
        figure = chartscribe.digitize(content, name="fuzz")
        seconds = time.process_time() - start
        signal.setitimer(signal.ITIMER_PROF, 2 * TIME_LIMIT_S)
        figure.overlay()
        chartscribe.describe(figure).to_markdown()
        document = json.loads(figure.to_json())
    except chartscribe.InputError as error:
        return Outcome(state="refused", detail=error.problem, peak_mb=_peak_mb())
    except Exception as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        detail = f"{type(error).__name__}: {error} ({Path(place.filename).name}:{place.lineno})"
        return Outcome(state="crashed", detail=detail, peak_mb=_peak_mb())
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return Outcome(state="read", seconds=seconds, peak_mb=_peak_mb(), document=document)


def _reset_peak() -> None:
    """Linux: let the peak of this process' memory be counted from here."""
    try:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    except OSError:
        return


def _peak_mb() -> float:
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        return 0.0
    return next(
        (int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM")), 0.0
    )


def judge(
    referee: ModuleType, truth: dict[str, Any], outcome: Outcome, size: tuple[int, int]
) -> tuple[int, int]:
    """How many panels say ``ok`` and are held against the truth, and how many of these are wrong."""
    scored = referee.score_case(scale_truth(truth, *size), outcome.document)
    wrong, judged = scored["sums"].get("silent_error", [0, 0])
    return int(judged), int(wrong)


def fuzz_one(
    reader: Reader, referee: ModuleType, case: Path, degradation: Degradation, seed: list[int], row: Row
) -> tuple[Outcome, bytes, int]:
    """Spoil one picture and count what comes of it; returns how many wrong panels say ``ok`` too."""
    truth = json.loads((case / "truth.json").read_text(encoding="utf-8"))
    with Image.open(case / truth["image"]) as opened:
        image = opened.convert("RGB")
    content = degradation.spoil(image, np.random.default_rng(seed))
    outcome = reader.read(content)
    row.states[outcome.state] += 1
    row.seconds.append(outcome.seconds)
    row.peak_mb = max(row.peak_mb, outcome.peak_mb)
    row.has_truth = degradation.keeps_truth
    lies = 0
    if outcome.document is not None:
        panels = outcome.document["panels"]
        row.n_panels += len(panels)
        row.n_ok += sum(panel["status"] == "ok" for panel in panels)
        if degradation.keeps_truth:
            with Image.open(BytesIO(content)) as spoilt:
                judged, lies = judge(referee, truth, outcome, spoilt.size)
            row.n_judged += judged
            row.n_lies += lies
    return outcome, content, lies


def table(rows: dict[str, Row]) -> str:
    """One row a degradation."""
    head = ["picture", "n", "refused", "crashed", "out of time", "slowest, s", "peak, MB"]
    head += ["panels", "say ok", "ok but wrong"]
    body = []
    for name, row in rows.items():
        n = sum(row.states.values())
        lies = f"{row.n_lies} of {row.n_judged}" if row.has_truth else "-"
        states = [str(row.states[state]) for state in ("refused", "crashed", "out of time")]
        worst = [f"{max(row.seconds):.1f}", f"{row.peak_mb:.0f}"]
        body.append([name, str(n), *states, *worst, str(row.n_panels), str(row.n_ok), lies])
    return markdown_table(head, body)


def run(args: argparse.Namespace, folder: Path) -> str:
    """Spoil ``args.n`` pictures, one after another; returns the report in Markdown."""
    referee = load_referee(args.score)
    cases = [case for kind in args.set or SETS for case in cases_of(kind, args.drawn, args.seed, folder)]
    reader = Reader()
    rows: dict[str, Row] = {d.name: Row() for d in DEGRADATIONS}
    troubles: list[str] = []
    end = time.monotonic() + 60 * args.minutes
    for index in range(args.n):
        if time.monotonic() > end:
            break
        degradation = DEGRADATIONS[index % len(DEGRADATIONS)]
        rng = np.random.default_rng([args.seed, index])
        case = cases[int(rng.integers(len(cases)))]
        outcome, content, lies = fuzz_one(
            reader, referee, case, degradation, [args.seed, index, 1], rows[degradation.name]
        )
        if outcome.state in ("crashed", "out of time") or lies:
            what = outcome.detail or (f"{outcome.seconds:.1f} s" if not lies else f"{lies} panels wrong, ok")
            troubles.append(f"- {degradation.name} of {case.name} (number {index}): {outcome.state}, {what}")
            print(troubles[-1], file=sys.stderr, flush=True)
            if args.keep:
                args.keep.mkdir(parents=True, exist_ok=True)
                suffix = "png" if content[:4] == b"\x89PNG" else "jpg"
                (args.keep / f"{index:05d}-{case.name}.{suffix}").write_bytes(content)
    reader.close()
    listed = "\n".join(["## What went wrong", "", *(troubles or ["Nothing."])])
    return f"{table({k: r for k, r in rows.items() if r.states})}\n{listed}\n"


def main(arguments: list[str] | None = None) -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fuzz", description=__doc__)
    parser.add_argument("--n", type=int, default=900, help="how many pictures (default 900)")
    parser.add_argument("--minutes", type=float, default=600, help="stop early, after so many minutes")
    parser.add_argument("--seed", type=int, default=21, help="of the charts and of what is done to them")
    parser.add_argument("--drawn", type=int, default=DRAWN_PER_SET, help="drawn charts a set (default 40)")
    parser.add_argument("--set", action="append", choices=SETS, help="which pictures; may be repeated")
    parser.add_argument("--score", type=Path, default=DEFAULT_SCORE, help="the referee's score.py")
    parser.add_argument("--keep", type=Path, help="keep the pictures that went wrong in this folder")
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks" / "fuzz.md", help="the table")
    args = parser.parse_args(arguments)
    command = "python -m benchmarks.fuzz " + shlex.join(sys.argv[1:] if arguments is None else arguments)
    with tempfile.TemporaryDirectory() as scratch:
        body = run(args, Path(scratch))
    text = f"# Degraded pictures\n\n{date.today().isoformat()}, `{command.strip()}`\n\n{body}"
    print(text)
    args.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
