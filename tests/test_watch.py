"""Watching a folder: figures are read as they arrive, once they are whole, and Ctrl-C ends it cleanly."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from chartscribe.batch import arrivals
from chartscribe.batch.arrivals import Arrivals
from tests.batches import VALUES, draw, finished, parts, rows, wait_until

pytest.importorskip("watchdog")


def places(source: Iterator[object], seconds: float) -> list[str]:
    """What arrives within this time."""
    found = []
    deadline = time.monotonic() + seconds
    for arrival in source:
        if arrival is not None:
            found.append(arrival.place)  # type: ignore[attr-defined]
        if time.monotonic() > deadline:
            return found
    raise AssertionError("it ended")


@pytest.fixture
def watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Path, Arrivals, set[str]]]:
    """A folder, what arrives there, and the places that are busy; everything ten times as fast."""
    monkeypatch.setattr(arrivals, "SETTLED_SECONDS", 0.2)
    monkeypatch.setattr(arrivals, "TICK_SECONDS", 0.02)
    busy: set[str] = set()
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "old.png").write_bytes(b"old")
    os.utime(folder / "old.png", (1e9, 1e9))
    out = folder / "out"
    out.mkdir()
    with Arrivals(folder, but=out, exclude=["*.log"], is_busy=busy.__contains__) as source:
        assert source.deaf is None
        yield folder, source, busy


def test_what_arrives_is_given_once_it_is_whole(watched: tuple[Path, Arrivals, set[str]]) -> None:
    folder, source, _ = watched
    source_ = iter(source)
    assert places(source_, 0.5) == ["old.png"]
    (folder / "run" / "deep").mkdir(parents=True)
    (folder / "run" / "deep" / "a.png").write_bytes(b"x")
    (folder / "out" / "b.png").write_bytes(b"x")
    (folder / ".hidden.png").write_bytes(b"x")
    (folder / "c.log").write_bytes(b"x")
    (folder / "d.png.part").write_bytes(b"x")
    (folder / "empty.png").touch()
    assert places(source_, 0.8) == ["run/deep/a.png"]
    os.rename(folder / "d.png.part", folder / "d.png")
    (folder / "run" / "deep" / "a.png").unlink()
    assert places(source_, 0.8) == ["d.png"]
    with open(folder / "slow.png", "wb", buffering=0) as file:
        for _ in range(4):
            file.write(b"x")
            assert places(source_, 0.1) == []
    assert places(source_, 0.8) == ["slow.png"]


def test_what_changes_is_given_again_but_not_while_it_is_read(
    watched: tuple[Path, Arrivals, set[str]],
) -> None:
    folder, source, busy = watched
    source_ = iter(source)
    assert places(source_, 0.5) == ["old.png"]
    busy.add("old.png")
    (folder / "old.png").write_bytes(b"new")
    assert places(source_, 0.6) == []
    busy.clear()
    assert places(source_, 0.6) == ["old.png"]
    assert places(source_, 0.4) == []


def test_without_events_it_looks_now_and_then(
    watched: tuple[Path, Arrivals, set[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, source, _ = watched
    source.__exit__()
    monkeypatch.setattr(arrivals, "LOOK_SECONDS", 0.5)
    source_ = iter(source)
    assert places(source_, 0.1) == ["old.png"]
    (folder / "a.png").write_bytes(b"x")
    assert places(source_, 1.2) == ["a.png"]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Starts ``chartscribe watch in -o out``, which says what it does in the file ``said``."""
    processes: list[subprocess.Popen[bytes]] = []
    command = [sys.executable, "-m", "chartscribe", "watch", str(tmp_path / "in"), "-o"]

    def deaf() -> None:
        """As shells start programs in the background."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)

    def begin() -> subprocess.Popen[bytes]:
        with open(tmp_path / "said", "ab") as said:
            arguments = [*command, str(tmp_path / "out"), "-j1"]
            processes.append(
                subprocess.Popen(arguments, stderr=said, start_new_session=True, preexec_fn=deaf)
            )
        return processes[-1]

    yield begin
    for process in processes:
        process.kill()
        process.wait()


def test_figures_are_read_as_they_arrive(
    tmp_path: Path, start: Callable[[], subprocess.Popen[bytes]]
) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    draw(folder / "first.png")
    process = start()
    wait_until(lambda: "first.png" in finished(out))
    # A figure written in two parts, with a pause.
    content = draw(tmp_path / "second.png", "Reward").read_bytes()
    with open(folder / "second.png", "wb", buffering=0) as file:
        file.write(content[: len(content) // 2])
        time.sleep(0.6)
        file.write(content[len(content) // 2 :])
    wait_until(lambda: "second.png" in finished(out))
    # The same picture again is copied; one that is none is an error, until it is written anew.
    shutil.copy(folder / "first.png", folder / "third.png")
    (folder / "fourth.png").write_text("not a picture")
    wait_until(lambda: "third.png" in finished(out))
    wait_until(lambda: (out / "errors.csv").exists() and len(rows(out / "errors.csv")) == 1)
    draw(folder / "fourth.png", "Accuracy", VALUES[::-1])
    # The tables follow without anything more to do.
    names = ["first.png", "fourth.png", "second.png", "third.png"]
    wait_until(lambda: sorted(row["input"] for row in rows(out / "index.csv")) == names)
    os.killpg(process.pid, signal.SIGINT)
    assert process.wait(30) == 0
    assert parts(out) == []
    assert rows(out / "errors.csv") == []
    said = (tmp_path / "said").read_text()
    assert "Traceback" not in said
    assert said.count("second.png") == 1
    assert said.count("error:") == said.count("error: fourth.png") == 1


def test_started_again_it_keeps_what_is_finished(
    tmp_path: Path, start: Callable[[], subprocess.Popen[bytes]]
) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    draw(folder / "a.png")
    process = start()
    wait_until(lambda: "a.png" in finished(out))
    process.kill()
    process.wait()
    before = finished(out)
    draw(folder / "b.png", "Reward")
    process = start()
    wait_until(lambda: "b.png" in finished(out))
    process.terminate()
    assert process.wait(30) == 143
    assert finished(out)["a.png"] == before["a.png"]
    assert [row["input"] for row in rows(out / "index.csv")] == ["a.png", "b.png"]
