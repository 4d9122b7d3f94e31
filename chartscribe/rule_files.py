"""Read the rule files that a command was given."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from digitizer.errors import InputError

if TYPE_CHECKING:
    from interpret.knowledge.model import Knowledge


def read_knowledge(files: Sequence[str]) -> Knowledge | None:
    """Return the package's knowledge with the files' rules added; None where there are no files.

    Raises
    ------
    InputError
        Where a file cannot be read, or does not keep to the schema: its first problem.
    """
    from interpret.knowledge.load import KnowledgeError, add_rules

    known = None
    for path in files:
        try:
            known = add_rules(read_text(path), path, known)
        except KnowledgeError as error:
            problem = error.problems[0].removeprefix(f"{path}: ")
            remedy = f"see chartscribe rules check {path}"
            raise InputError(path, f"is no rule file: {problem}", remedy) from error
    return known


def read_text(path: str) -> str:
    """Read a file as UTF-8.

    Raises
    ------
    InputError
        Where it cannot be read, or is no text.
    """
    from digitizer.stages.load import read_bytes

    try:
        return read_bytes(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(path, "is no UTF-8 text", "save it as UTF-8") from error
