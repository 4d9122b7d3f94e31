"""Batches that are killed, stopped or interrupted: what is left, and what the next run does again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from chartscribe.batch.pool import Pool
from chartscribe.batch.work import Outcome, Task
from tests.batches import VALUES, draw, finished, parts, rows, wait_until

Result = tuple[int, str, str]


def start_batch(folder: Path, out: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "chartscribe", "batch", str(folder), "-o", str(out), "-j1"]
    return subprocess.Popen(command, stderr=subprocess.DEVNULL, start_new_session=True)


@pytest.fixture
def four(tmp_path: Path) -> Path:
    for number in range(4):
        draw(tmp_path / "in" / f"{number}.png", f"Loss {number}", (*VALUES[:-1], number + 1.5))
    return tmp_path


def test_killed_and_started_again_it_goes_on(four: Path) -> None:
    folder, out = four / "in", four / "out"
    process = start_batch(folder, out)
    wait_until(lambda: len(finished(out)) >= 2)
    process.kill()
    process.wait()
    before = finished(out)
    assert 2 <= len(before) < 4
    # Its worker notices within a second, and may finish what it has.
    time.sleep(1.2)
    kept = finished(out)
    assert start_batch(folder, out).wait(60) == 0
    after = finished(out)
    assert len(after) == 4
    assert {name: after[name] for name in kept} == kept
    assert parts(out) == []
    assert len(rows(out / "index.csv")) == 4


@pytest.mark.parametrize(("sent", "status"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_stopped_it_leaves_no_half_figure_and_lists_the_finished(
    four: Path, sent: signal.Signals, status: int
) -> None:
    out = four / "out"
    process = start_batch(four / "in", out)
    wait_until(lambda: len(finished(out)) >= 1)
    # As a terminal does: its workers are told too.
    os.killpg(process.pid, sent) if sent == signal.SIGINT else process.send_signal(sent)
    assert process.wait(30) == status
    assert parts(out) == []
    assert 1 <= len(finished(out)) < 4
    assert {row["input"] for row in rows(out / "index.csv")} == finished(out).keys()
    assert pq.read_table(out / "index.parquet").num_rows == len(finished(out))


def test_an_interrupted_run_still_lists_what_was_finished_before(
    four: Path, monkeypatch: pytest.MonkeyPatch, command: Callable[..., Result]
) -> None:
    arguments = ("batch", four / "in", "-o", four / "out", "-j1", "-q")
    assert command(*arguments)[0] == 0

    def interrupted(self: Pool, tasks: Iterator[Task]) -> Iterator[tuple[Task, Outcome]]:
        yield next(tasks), Outcome(error="x")
        raise KeyboardInterrupt

    monkeypatch.setattr(Pool, "run", interrupted)
    assert command(*arguments, "--force")[0] == 130
    assert [row["input"] for row in rows(four / "out" / "index.csv")] == ["1.png", "2.png", "3.png"]
    assert [row["input"] for row in rows(four / "out" / "errors.csv")] == ["0.png"]
