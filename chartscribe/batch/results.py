"""A figure's folder of results: written beside its place, then renamed into it, whole or not at all."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import platform
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# What vouches for a folder: how its figure was read. A folder without it is none of ours.
RECORD = "batch.json"
DOCUMENT, FINDINGS = "figure.json", "findings.json"
DATA, OVERLAY, DESCRIPTION = "data.csv", "overlay.png", "description.md"
THUMBNAIL, OVERLAY_THUMBNAIL = "thumbnail.webp", "thumbnail.overlay.webp"

_PART_PREFIX, _PART_SUFFIX = ".chartscribe-", ".part"


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """How a figure was read: ``key`` is the same where reading it again would give the same."""

    key: str
    sha256: str
    version: str
    settings: Mapping[str, Any]
    status: str
    seconds: float

    def to_json(self) -> bytes:
        """As the text of the file ``batch.json``."""
        plain = {name: getattr(self, name) for name in self.__slots__}
        return (json.dumps(plain, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def make_key(sha256: str, version: str, settings: Mapping[str, Any]) -> str:
    """A text that is the same for the same content, program and settings."""
    plain = json.dumps([sha256, version, settings], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()


def read_record(folder: Path) -> Record | None:
    """The record of a finished folder, or None where there is none that can be read."""
    try:
        return Record(**json.loads((folder / RECORD).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def is_finished(folder: Path) -> bool:
    """Whether a figure's results are there; a folder without a record is none of ours."""
    return (folder / RECORD).is_file()


def figure_folders(folder: Path) -> list[Path]:
    """The folders of an input's figures: its own, or those inside where it is a PDF document."""
    if (folder / DOCUMENT).is_file():
        return [folder]
    return sorted(inner.parent for inner in folder.glob(f"*/{DOCUMENT}"))


def put_in_place(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write a folder that appears whole or not at all, also where power fails.

    ``files`` are its files by their places in it. What was there before is replaced.

    Raises
    ------
    OSError
        Where it cannot be written.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    part = folder.parent / part_name()
    old = folder.parent / part_name("old")
    shutil.rmtree(part, ignore_errors=True)
    try:
        part.mkdir()
        for name, content in files.items():
            (part / name).parent.mkdir(exist_ok=True)
            with open(part / name, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        _sync_folder(part)
        if folder.exists():
            os.rename(folder, old)
        os.rename(part, folder)
        _sync_folder(folder.parent)
    finally:
        for rest in (part, old):
            shutil.rmtree(rest, ignore_errors=True)


def copy_renamed(origin: Path, folder: Path, name: str) -> None:
    """Put a finished folder in a second place, for a picture of the same content and another name."""
    files = {
        file.relative_to(origin).as_posix(): file.read_bytes()
        for file in sorted(origin.rglob("*"))
        if file.is_file()
    }
    for place in files:
        if place.rpartition("/")[2] in (DOCUMENT, FINDINGS):
            plain = json.loads(files[place])
            plain["source"]["name"] = name
            files[place] = (json.dumps(plain, ensure_ascii=False, indent=1) + "\n").encode("utf-8")
    put_in_place(folder, files)


@contextlib.contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A path to write to, which becomes ``path`` where the block ends without an error."""
    part = path.parent / part_name(path.name)
    try:
        yield part
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def part_name(what: str = "figure") -> str:
    """The name of something of this process that is under way."""
    # Processes of several machines may have the same number.
    return f"{_PART_PREFIX}{platform.node()[:32]}-{os.getpid()}-{what}{_PART_SUFFIX}"


def clear_parts(out: Path) -> None:
    """Remove what a run that was killed had under way."""
    for folder, folders, files in os.walk(out):
        for name in [name for name in folders if _is_part(name)]:
            shutil.rmtree(os.path.join(folder, name), ignore_errors=True)
            folders.remove(name)
        for name in filter(_is_part, files):
            with contextlib.suppress(OSError):
                os.unlink(os.path.join(folder, name))


def _is_part(name: str) -> bool:
    return name.startswith(_PART_PREFIX) and name.endswith(_PART_SUFFIX)


def _sync_folder(folder: Path) -> None:
    # Without this a power failure may leave the new name pointing at nothing. Not every system allows it.
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
