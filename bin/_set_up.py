"""Makes the environment of a checkout: ``_set_up.py run|dev``, called by the commands beside it.

The environment is ``.venv`` in the checkout, with chartscribe installed into it so that the
checkout's code is what runs. A set-up that was interrupted leaves a mark and is started over; of two
at once, the second waits for the first.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
# Present while an environment is being made; what it marks is incomplete and may be deleted.
UNFINISHED = VENV / "unfinished"

# What each kind installs, and which stamps say so.
REQUIREMENTS = {"run": str(ROOT), "dev": f"{ROOT}[dev]"}
STAMPS = {"run": ("stamp-run",), "dev": ("stamp-run", "stamp-dev")}
PACKAGES = ("chartscribe", "digitizer", "interpret")


def main(kind: str) -> int:
    """Set up the environment of this kind unless another process has just done it."""
    # The folder itself is locked: no lock file is left behind, and the lock ends with its holders.
    lock = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        say("another set-up of this checkout is under way; waiting for it")
        fcntl.flock(lock, fcntl.LOCK_EX)
    if is_ready(kind):
        return 0
    try:
        set_up(kind, lock)
    except KeyboardInterrupt:
        say("set-up interrupted; the next start begins again")
        return 130
    except subprocess.CalledProcessError:
        say("error: the set-up failed, as said above; check the network and the disk, then start again")
        return 2
    except OSError as error:
        say(f"error: {VENV} cannot be made ({error.strerror or error}); make the checkout writable")
        return 2
    return 0


def set_up(kind: str, lock: int) -> None:
    """Make the environment where there is none, and install into it."""
    python = VENV / "bin" / "python"
    if is_our_wreck():
        say("removing an environment that was not finished or not made here")
        shutil.rmtree(VENV)
    what = "chartscribe" if kind == "run" else "chartscribe and what its tests need"
    say(f"setting up {what} in {VENV}; this happens once and takes a minute or two")
    if not python.exists():
        VENV.mkdir(exist_ok=True)
        UNFINISHED.touch()
        call([sys.executable, "-m", "venv", str(VENV)], lock)
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "--no-input", "install", "--quiet"]
    call([*pip, "--editable", REQUIREMENTS[kind]], lock)
    compile_packages(python, lock)
    for stamp in STAMPS[kind]:
        (VENV / stamp).write_text(stamp_text(), encoding="utf-8")
    UNFINISHED.unlink(missing_ok=True)
    say("set up")


def compile_packages(python: Path, lock: int) -> None:
    """Compile the checkout's own packages; what fails here fails, or is no matter, when they are imported.

    Where PYTHONDONTWRITEBYTECODE is set, as in many containers, Python keeps nothing of what it compiles
    and does so at each start, which takes a quarter of it.
    """
    folders = [str(ROOT / name) for name in PACKAGES if (ROOT / name).is_dir()]
    if folders:
        command = [str(python), "-m", "compileall", "-qq", *folders]
        subprocess.run(command, check=False, stdout=sys.stderr, pass_fds=[lock])


def is_ready(kind: str) -> bool:
    """Whether the environment fits pyproject.toml as it is now."""
    stamp = VENV / f"stamp-{kind}"
    return stamp.is_file() and stamp.read_text(encoding="utf-8") == stamp_text()


def is_our_wreck() -> bool:
    """Whether an environment is there that this script made and that cannot be used.

    One without a mark or a stamp was made by somebody else: it is used and never deleted.
    """
    if UNFINISHED.exists():
        return True
    stamps = [path for path in VENV.glob("stamp-*") if path.is_file()]
    moved = any(path.read_text(encoding="utf-8").split("\n", 1)[0] != str(ROOT) for path in stamps)
    return bool(stamps) and (moved or not (VENV / "bin" / "python").exists())


def stamp_text() -> str:
    return f"{ROOT}\n{(ROOT / 'pyproject.toml').read_text(encoding='utf-8')}"


def call(command: list[str], lock: int) -> None:
    """Run a command, its output on standard error; it holds the lock too, should it outlive this process."""
    subprocess.run(command, check=True, stdout=sys.stderr, pass_fds=[lock])


def say(line: str) -> None:
    print(line if line.startswith("error") else f"chartscribe: {line}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
