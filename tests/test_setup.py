"""The commands under ``bin``: they set themselves up once, whatever happens meanwhile.

They run for real, in a small checkout of their own, with stand-ins for the slow modules venv and pip;
CI runs them with the real ones in a fresh clone.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

BIN = Path(__file__).parent.parent / "bin"

VENV = """
import importlib.util, sys, sysconfig
path = sysconfig.get_path("stdlib") + "/venv/__init__.py"
spec = importlib.util.spec_from_file_location("real_venv", path)
venv = importlib.util.module_from_spec(spec)
spec.loader.exec_module(venv)
if __name__ == "__main__":
    venv.create(sys.argv[1], with_pip=False, symlinks=True)
"""

# Installs a toy command; a file named `slow` makes it wait and one named `broken` makes it fail.
PIP = """
import pathlib, signal, sys, time
signal.signal(signal.SIGINT, lambda *_: sys.exit(2))
root = pathlib.Path(sys.argv[-1].removesuffix("[dev]"))
(root / "installing").touch()
with (root / "installs").open("a") as log:
    log.write(sys.argv[-1] + "\\n")
while (root / "slow").exists():
    time.sleep(0.02)
if (root / "broken").exists():
    sys.exit("no network")
command = pathlib.Path(sys.prefix) / "bin" / "chartscribe"
command.write_text('#!/bin/sh\\necho toy "$@"; case $1 in fail) exit 7 ;; esac\\n')
command.chmod(0o755)
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    root = tmp_path / "a check out"
    shutil.copytree(BIN, root / "bin")
    (root / "pyproject.toml").write_text("[project]\n")
    return root


@pytest.fixture(autouse=True)
def stand_ins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "modules"
    folder.mkdir()
    (folder / "venv.py").write_text(VENV)
    (folder / "pip.py").write_text(PIP)
    monkeypatch.setenv("PYTHONPATH", str(folder))


def command(checkout: Path, *arguments: str, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [str(checkout / "bin" / "chartscribe"), *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd="/",
        env=os.environ | environment,
        start_new_session=True,
    )


def run(checkout: Path, *arguments: str, **environment: str) -> tuple[int, str, str]:
    process = command(checkout, *arguments, **environment)
    out, err = process.communicate(timeout=120)
    return process.returncode, out, err


def installs(checkout: Path) -> list[str]:
    return (checkout / "installs").read_text().splitlines()


def wait_for(path: Path) -> None:
    deadline = time.monotonic() + 60
    while not path.exists():
        assert time.monotonic() < deadline, f"{path} did not appear"
        time.sleep(0.02)


def without_python(tmp_path: Path, script: str) -> str:
    """A search path on which every Python is this script, and the shell's tools are the real ones."""
    folder = tmp_path / "path"
    folder.mkdir()
    for tool in ("cat", "readlink", "sh"):
        (folder / tool).symlink_to(shutil.which(tool) or "")
    for name in ("python3", "python3.11", "python3.12", "python3.13", "python3.14"):
        (folder / name).write_text(f"#!/bin/sh\n{script}\n")
        (folder / name).chmod(0o755)
    return str(folder)


def test_first_run_sets_up_and_later_runs_do_not(checkout: Path, tmp_path: Path) -> None:
    status, out, err = run(checkout, "hello", "big world")
    assert (status, out) == (0, "toy hello big world\n")
    assert f"setting up chartscribe in {checkout / '.venv'}" in err
    # Later: silent, without looking for a Python, through links, with the command's own exit status.
    link = tmp_path / "deep" / "link"
    link.parent.mkdir()
    link.symlink_to("../a check out/bin/chartscribe")
    second = tmp_path / "second"
    second.symlink_to(link)
    path = without_python(tmp_path, "echo a Python was started >&2; exit 1")
    done = subprocess.run(
        [str(second), "fail"], capture_output=True, text=True, env=os.environ | {"PATH": path}
    )
    assert (done.returncode, done.stdout, done.stderr) == (7, "toy fail\n", "")
    assert len(installs(checkout)) == 1
    # A changed pyproject.toml is installed again; a moved checkout is set up anew.
    with (checkout / "pyproject.toml").open("a") as file:
        file.write("# changed\n")
    assert run(checkout)[:2] == (0, "toy\n")
    assert len(installs(checkout)) == 2
    moved = checkout.rename(checkout.with_name("moved"))
    status, out, err = run(moved)
    assert (status, out) == (0, "toy\n")
    assert "removing an environment" in err


def test_the_checkout_is_compiled_where_python_would_not_keep_bytecode(checkout: Path) -> None:
    (checkout / "digitizer").mkdir()
    (checkout / "digitizer" / "colors.py").write_text("RED = 1\n")
    assert run(checkout, PYTHONDONTWRITEBYTECODE="1")[0] == 0
    assert list((checkout / "digitizer" / "__pycache__").glob("colors.*.pyc"))


def test_tests_get_an_environment_with_what_they_need(checkout: Path) -> None:
    assert run(checkout)[0] == 0
    # There is no pytest in the stand-in: it is enough that it was asked for, in the checkout's folder.
    done = subprocess.run([str(checkout / "bin" / "test"), "-x"], capture_output=True, text=True, cwd="/")
    assert "No module named pytest" in done.stderr
    assert installs(checkout) == [str(checkout), f"{checkout}[dev]"]
    # What the tests need is enough for the command.
    assert run(checkout)[2] == ""


def test_two_first_runs_at_once_build_once(checkout: Path) -> None:
    (checkout / "slow").touch()
    first = command(checkout, "one")
    wait_for(checkout / "installing")
    second = command(checkout, "two")
    assert second.stderr is not None
    assert "waiting for it" in second.stderr.readline()
    (checkout / "slow").unlink()
    assert first.communicate(timeout=120)[0] == "toy one\n"
    assert second.communicate(timeout=120)[0] == "toy two\n"
    assert len(installs(checkout)) == 1


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGKILL])
def test_an_interrupted_first_run_is_started_over(checkout: Path, sent: signal.Signals) -> None:
    (checkout / "slow").touch()
    process = command(checkout)
    wait_for(checkout / "installing")
    os.killpg(process.pid, sent)
    err = process.communicate(timeout=60)[1]
    assert process.returncode != 0
    assert "Traceback" not in err or sent == signal.SIGKILL
    (checkout / "slow").unlink()
    status, out, err = run(checkout, "again")
    assert (status, out) == (0, "toy again\n")
    assert "removing an environment that was not finished" in err


def test_an_environment_of_somebody_else_is_used_and_not_deleted(checkout: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", str(checkout / ".venv")], check=True)
    keep = checkout / ".venv" / "keep"
    keep.touch()
    assert run(checkout)[:2] == (0, "toy\n")
    assert keep.exists()


def test_a_failed_set_up_says_so(checkout: Path) -> None:
    (checkout / "broken").touch()
    status, out, err = run(checkout)
    assert (status, out) == (2, "")
    assert "error: the set-up failed" in err.splitlines()[-1]


def test_an_old_python_is_told(checkout: Path, tmp_path: Path) -> None:
    path = without_python(tmp_path, "case $1 in --version) echo Python 3.9.2 ;; *) exit 1 ;; esac")
    status, out, err = run(checkout, PATH=path)
    assert (status, out) == (2, "")
    assert (
        err
        == "error: chartscribe needs Python 3.11 or later, and here is Python 3.9.2; install a newer Python\n"
    )


def test_missing_ensurepip_is_told(checkout: Path, tmp_path: Path) -> None:
    path = without_python(tmp_path, "case $2 in *ensurepip*) exit 1 ;; esac")
    status, out, err = run(checkout, PATH=path)
    assert (status, out) == (2, "")
    assert err == (
        "error: python3.11 cannot make environments; install python3-venv (apt install python3-venv)\n"
    )
