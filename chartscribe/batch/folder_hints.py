"""Hints for the figures of a folder: ``chartscribe.toml`` in it or above it, the nearest counting first."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from digitizer.errors import HintError

FILE_NAME = "chartscribe.toml"
_AXES = ("x", "y", "y2")


class FolderHints:
    """What the files ``chartscribe.toml`` from ``root`` downwards say of the figures below them."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._known: dict[str, dict[str, Any] | HintError] = {}

    def of(self, place: str) -> Mapping[str, Any]:
        """The hints for the file at this place below the root, in the form of a hints file.

        Raises
        ------
        HintError
            Where a file that concerns it cannot be read, or contradicts one above it.
        """
        hints = self._of_folder(PurePosixPath(place).parent)
        if isinstance(hints, HintError):
            raise hints
        return hints

    def _of_folder(self, folder: PurePosixPath) -> dict[str, Any] | HintError:
        key = str(folder)
        if key not in self._known:
            above = {} if folder == folder.parent else self._of_folder(folder.parent)
            self._known[key] = above if isinstance(above, HintError) else self._joined(folder, above)
        return self._known[key]

    def _joined(self, folder: PurePosixPath, above: dict[str, Any]) -> dict[str, Any] | HintError:
        path = self._root / folder / FILE_NAME
        if not path.is_file():
            return above
        from digitizer.hints_file import load_hints

        try:
            joined = join_hints(load_hints(path).to_dict(), above)
            load_hints(joined)
        except HintError as error:
            return HintError(str(path), error.problem, error.remedy)
        return joined


def join_hints(near: Mapping[str, Any], far: Mapping[str, Any]) -> dict[str, Any]:
    """What both say, in the form of a hints file; where both say something, ``near`` counts."""
    joined = {**far, **near}
    for axis in _AXES:
        if axis in near and axis in far:
            joined[axis] = {**far[axis], **near[axis]}
    return joined
