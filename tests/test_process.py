"""The command as a process: what it imports, and how it ends when it is interrupted."""

from __future__ import annotations

import signal
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest

from tests.batches import draw


def start(code: str, *arguments: object, **options: Any) -> subprocess.Popen[bytes]:
    script = textwrap.dedent(code) + "\nfrom chartscribe.cli import main\nmain()\n"
    command = [sys.executable, "-c", script, *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)


def test_help_imports_nothing_heavy() -> None:
    code = """
    import atexit, sys
    heavy = {"numpy", "scipy", "cv2", "onnxruntime", "PIL", "pandas", "matplotlib", "pyarrow", "jinja2"}
    atexit.register(lambda: print("heavy:", sorted(heavy & set(sys.modules))))
    """
    for arguments in (
        ["--help"],
        ["digitize", "--help"],
        ["describe", "--help"],
        ["batch", "--help"],
        ["--version"],
    ):
        out, err = start(code, *arguments).communicate(timeout=60)
        assert out.decode().endswith("heavy: []\n"), err


def test_importing_the_package_imports_nothing_heavy() -> None:
    heavy = {"numpy", "scipy", "cv2", "onnxruntime", "PIL", "pandas", "matplotlib"}
    code = f"import sys, chartscribe; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout == "[]\n", done.stderr


STALL = """
import sys, time, types
def digitize(*args, **options):
    print("working", file=sys.stderr, flush=True)
    time.sleep(60)
sys.modules["digitizer.pipeline"] = types.SimpleNamespace(digitize=digitize)
"""


@pytest.mark.parametrize(("sent", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_interruption_leaves_nothing_behind(tmp_path: Path, sent: signal.Signals, status: int) -> None:
    chart = draw(tmp_path / "chart.png")
    process = start(STALL, "digitize", chart, "-o", tmp_path / "out")
    assert process.stderr is not None
    assert process.stderr.readline() == b"working\n"
    process.send_signal(sent)
    out, err = process.communicate(timeout=30)
    assert process.returncode == status
    assert out == b""
    assert b"Traceback" not in err
    assert list((tmp_path / "out").iterdir()) == []
