"""Find the figures below a folder: by their content, without reading more than their beginning."""

from __future__ import annotations

import fnmatch
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

# Enough for every format's mark, and for an SVG's first element behind declarations and comments.
HEAD_BYTES = 4096
# A file of such a name is meant as a figure, so that it is reported where its content is none.
ENDINGS = frozenset({".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff", ".gif", ".bmp", ".pdf", ".svg"})

_MARKS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"II*\x00", b"MM\x00*")
# The sizes that a BMP's second header may have: two letters alone would make pictures of texts.
_BMP_HEADERS = (12, 40, 52, 56, 64, 108, 124)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A file below the folder: ``place`` is its path seen from there, with forward slashes."""

    root: Path
    place: str

    @property
    def path(self) -> Path:
        return self.root / self.place

    @property
    def shown(self) -> str:
        """``place`` as UTF-8 can hold it: file names may carry bytes that are none."""
        return self.place.encode("utf-8", "backslashreplace").decode("utf-8")


def list_files(
    root: Path, *, but: Path | None = None, include: Sequence[str] = (), exclude: Sequence[str] = ()
) -> list[Found]:
    """List the files below a folder in order of their paths; none is opened.

    Parameters
    ----------
    root : Path
        An existing folder. Links to folders are not followed, since they may lead in circles.
    but : Path, optional
        A folder that is passed over.
    include, exclude : sequence of str
        Patterns (``*.png``, ``runs/*/loss*``) of a file's path below the folder, of its name, or of a
        folder above it; ``*`` stands for slashes too. Without ``include`` every file is taken.
    """
    skipped = but.resolve() if but is not None else None
    places = (
        place
        for place in _walk(root, "", skipped)
        if (not include or _matches(place, include)) and not _matches(place, exclude)
    )
    return [Found(root=root, place=place) for place in places]


def is_figure(found: Found) -> bool:
    """Whether the file is a picture, a PDF or an SVG by its content, or claims to be one by its name."""
    if PurePosixPath(found.place).suffix.lower() in ENDINGS:
        return True
    try:
        with open(found.path, "rb") as file:
            head = file.read(HEAD_BYTES)
    except OSError:
        return False
    return _is_picture(head) or _is_drawing(head)


def _walk(folder: Path, prefix: str, skipped: Path | None) -> Iterator[str]:
    try:
        with os.scandir(folder) as entries:
            ordered = sorted((entry for entry in entries if entry.name[:1] != "."), key=lambda e: e.name)
    except OSError:
        return
    for entry in ordered:
        if entry.is_dir(follow_symlinks=False):
            if skipped is None or Path(entry.path).resolve() != skipped:
                yield from _walk(Path(entry.path), f"{prefix}{entry.name}/", skipped)
        elif entry.is_file():
            yield prefix + entry.name


def _matches(place: str, patterns: Sequence[str]) -> bool:
    if not patterns:
        return False
    path = PurePosixPath(place)
    above = [parent for parent in path.parents if parent.name]
    names = [place, path.name, *map(str, above), *(parent.name for parent in above)]
    return any(fnmatch.fnmatchcase(name, pattern.rstrip("/")) for pattern in patterns for name in names)


def _is_picture(head: bytes) -> bool:
    if head.startswith(_MARKS) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP"):
        return True
    return head[:2] == b"BM" and int.from_bytes(head[14:18], "little") in _BMP_HEADERS


def _is_drawing(head: bytes) -> bool:
    if b"%PDF-" in head[:1024]:
        return True
    if not head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return False
    from digitizer.stages.load import looks_like_svg

    return looks_like_svg(head)
