"""Folders read on a Dask cluster that Dask's own commands started, with a worker that is lost on the way."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.batches import VALUES, draw, finished, parts, rows, wait_until

pytest.importorskip("distributed")

Result = tuple[int, str, str]
N_FIGURES = 8


class Cluster:
    """Processes of Dask, each in a group of its own; ``file`` tells where the scheduler is."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "scheduler.json"
        self._folder = folder
        self._processes: list[subprocess.Popen[bytes]] = []
        self._runs: list[subprocess.Popen[str]] = []

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        name = f"{arguments[0]}-{len(self._processes)}.log"
        with open(self._folder / name, "wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "dask", *arguments, "--scheduler-file", str(self.file)],
                stdout=log,
                stderr=log,
                cwd=self._folder,
                env=os.environ | {"PYTHONPATH": str(Path(__file__).parent.parent)},
                start_new_session=True,
            )
        self._processes.append(process)
        return process

    def start_scheduler(self) -> subprocess.Popen[bytes]:
        process = self.start("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
        wait_until(self.file.exists)
        return process

    def start_worker(self) -> subprocess.Popen[bytes]:
        return self.start("worker", "--nthreads", "1", "--no-dashboard", "--local-directory", "scratch")

    def start_batch(self, folder: Path, out: Path) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "chartscribe", "batch", str(folder), "-o", str(out)]
        run = subprocess.Popen(
            [*command, "--dask", str(self.file)], stderr=subprocess.PIPE, text=True, start_new_session=True
        )
        self._runs.append(run)
        return run

    def stop(self) -> None:
        for run in self._runs:
            if run.poll() is None:
                os.killpg(run.pid, signal.SIGKILL)
            run.communicate()
        for process in self._processes:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    (tmp_path / "dask").mkdir()
    cluster = Cluster(tmp_path / "dask")
    yield cluster
    cluster.stop()


def test_a_lost_worker_costs_no_figure(tmp_path: Path, cluster: Cluster) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    for number in range(N_FIGURES):
        draw(folder / f"{number}.png", f"Loss {number}", (*VALUES[:-1], number + 1.5))
    shutil.copy(folder / "0.png", folder / "same.png")
    (folder / "text.png").write_text("not a picture")
    cluster.start_scheduler()
    doomed, survivor = cluster.start_worker(), cluster.start_worker()
    process = cluster.start_batch(folder, out)
    wait_until(lambda: len(finished(out)) >= 1)
    # Both are held, so that figures are left however fast the machine is.
    for worker in (doomed, survivor):
        os.killpg(worker.pid, signal.SIGSTOP)
    before = finished(out)
    assert len(before) < N_FIGURES
    os.killpg(doomed.pid, signal.SIGKILL)
    os.killpg(survivor.pid, signal.SIGCONT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 1
    after = finished(out)
    names = sorted([*(f"{number}.png" for number in range(N_FIGURES)), "same.png"])
    assert sorted(after) == names
    assert {name: after[name] for name in before} == before
    assert parts(out) == []
    assert [row["input"] for row in rows(out / "index.csv")] == names
    assert [row["input"] for row in rows(out / "errors.csv")] == ["text.png"]
    assert "Traceback" not in said


def test_what_a_lost_worker_had_finished_is_asked_for_again(tmp_path: Path, cluster: Cluster) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    names = [draw(folder / f"{number}.png", f"Loss {number}").name for number in range(3)]
    cluster.start_scheduler()
    doomed = cluster.start_worker()
    process = cluster.start_batch(folder, out)
    wait_until(lambda: len(finished(out)) >= 1)
    # The run hears in one breath that figures were finished and that the worker with their outcomes is gone.
    os.killpg(process.pid, signal.SIGSTOP)
    wait_until(lambda: len(finished(out)) >= 2)
    os.killpg(doomed.pid, signal.SIGKILL)
    doomed.wait()
    cluster.start_worker()
    os.killpg(process.pid, signal.SIGCONT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 0
    assert sorted(finished(out)) == names
    assert "Traceback" not in said


def test_a_lost_scheduler_ends_the_run(tmp_path: Path, cluster: Cluster) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    for number in range(3):
        draw(folder / f"{number}.png", f"Loss {number}", (*VALUES[:-1], number + 1.5))
    scheduler = cluster.start_scheduler()
    cluster.start_worker()
    process = cluster.start_batch(folder, out)
    wait_until(lambda: len(finished(out)) >= 1)
    scheduler.kill()
    _, said = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "the Dask scheduler is gone; start it and this run again" in said
    assert "Traceback" not in said
    assert {row["input"] for row in rows(out / "index.csv")} <= finished(out).keys()


def test_what_is_no_cluster_is_told(tmp_path: Path, command: Callable[..., Result]) -> None:
    draw(tmp_path / "a.png")
    arguments = ("batch", tmp_path, "-o", tmp_path / "out", "--dask", "tcp://127.0.0.1:9")
    status, _, err = command(*arguments, "-j2")
    assert status == 2
    assert "--jobs is for this machine" in err
    status, out, err = command("batch", tmp_path, "-o", tmp_path / "out", "--dask", "no address")
    assert (status, out) == (2, "")
    assert err.splitlines()[-1].startswith("error: no address: no Dask scheduler answers there")
