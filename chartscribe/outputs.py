"""The command's outputs: a folder that can be written, files that are whole or not there."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from digitizer.errors import OutputError


def prepare_folder(folder: Path) -> None:
    """Make the output folder, and make sure before any work that it can be written.

    Raises
    ------
    OutputError
        Where it cannot, with the reason.
    """
    if folder.exists() and not folder.is_dir():
        raise OutputError(str(folder), "is a file, not a folder", "give another output folder with -o")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / _part_name()
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise _unwritable(folder, error) from error


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files into a folder, each of them whole or not at all.

    Parameters
    ----------
    folder : Path
        An existing folder.
    files : mapping of str to bytes
        Names and contents, written in this order.

    Raises
    ------
    OutputError
        Where one cannot be written; those before it stay.
    """
    part = folder / _part_name()
    for name, content in files.items():
        try:
            part.write_bytes(content)
            os.replace(part, folder / name)
        except OSError as error:
            raise _unwritable(folder / name, error) from error
        finally:
            part.unlink(missing_ok=True)


def write_stdout(text: str) -> None:
    """Write the result on standard output, as UTF-8 whatever the locale says."""
    sys.stdout.buffer.write(text.encode("utf-8"))
    sys.stdout.buffer.flush()


def _part_name() -> str:
    # Short, so that the longest file name that the folder can hold still works.
    return f".chartscribe-{os.getpid()}.part"


def _unwritable(path: Path, error: OSError) -> OutputError:
    reason = (error.strerror or str(error)).lower()
    return OutputError(str(path), f"cannot be written ({reason})", "give another output folder with -o")
