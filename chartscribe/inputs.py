"""The command's inputs: what was given, what its outputs are called, how it becomes a figure."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from digitizer.errors import HintError, InputError

if TYPE_CHECKING:
    from chartscribe.api import OcrEngine
    from digitizer.hints import Hints
    from digitizer.model import Figure

STDIN = "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """One input: ``given`` as typed, ``stem`` what its outputs' names begin with."""

    given: str
    stem: str

    @property
    def shown(self) -> str:
        return "standard input" if self.given == STDIN else self.given

    @property
    def name(self) -> str:
        return "stdin" if self.given == STDIN else Path(self.given).name


def name_inputs(given: Sequence[str]) -> list[Input]:
    """Give every input a stem of its own.

    Where two inputs have one stem (``a/loss.png`` and ``b/loss.jpg``), the first keeps it and
    the next becomes ``loss-2``. Case does not tell stems apart, as on some file systems it
    would not tell their files apart.
    """
    natural = ["stdin" if path == STDIN else Path(path).stem or "figure" for path in given]
    taken: set[str] = set()
    reserved = {stem.casefold() for stem in natural}
    inputs = []
    for path, stem in zip(given, natural, strict=True):
        own, number = stem, 1
        while own.casefold() in taken or (number > 1 and own.casefold() in reserved):
            number += 1
            own = f"{stem}-{number}"
        taken.add(own.casefold())
        inputs.append(Input(given=path, stem=own))
    return inputs


def read_figure(
    source: Input, *, ocr: OcrEngine, documents: bool, hints: Hints | None = None
) -> tuple[Figure, bool]:
    """Read an input into a figure; the second value says whether it was a figure document.

    Raises
    ------
    InputError
        Where it is no readable picture (nor, where ``documents`` allows one, a figure document).
    HintError
        Where a hint contradicts the picture beyond doubt.
    """
    from chartscribe import api

    content = _read_content(source)
    try:
        if documents and api.looks_like_json(content):
            if hints:
                problem = "is a figure document, which hints do not change"
                raise HintError(source.name, problem, "give its picture")
            return api.load_document(content, name=source.name), True
        return api.digitize(content, name=source.name, ocr=ocr, hints=hints), False
    except (InputError, HintError) as error:
        # The document holds the bare name; the error names the file as it was typed.
        raise type(error)(source.shown, error.problem, error.remedy) from error


def _read_content(source: Input) -> bytes:
    from digitizer.stages.load import read_bytes

    if source.given != STDIN:
        return read_bytes(source.given)
    if sys.stdin.isatty():
        raise InputError(source.shown, "is a terminal", "pipe a picture into it, or give a file")
    return sys.stdin.buffer.read()
