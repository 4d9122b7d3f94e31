"""The command's inputs: what was given, what its outputs are called, how it becomes a figure."""

from __future__ import annotations

import itertools
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from digitizer.errors import HintError, InputError

if TYPE_CHECKING:
    from digitizer.hints import Hints
    from digitizer.model import Figure
    from digitizer.ocr import OcrEngine

STDIN = "-"

_PAGE = re.compile(r"(.+)#page=(\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """One input: ``given`` as typed, ``stem`` what its outputs' names begin with.

    ``path`` is without what follows a ``#``; of a PDF document ``page`` and ``figure`` choose, from 1.
    """

    given: str
    stem: str
    path: str
    page: int | None = None
    figure: int | None = None

    @property
    def shown(self) -> str:
        return "standard input" if self.given == STDIN else self.given

    @property
    def name(self) -> str:
        return "stdin" if self.given == STDIN else Path(self.path).name


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ReadFigure:
    """A figure of an input: ``stem`` begins its outputs' names, ``shown`` tells it from others."""

    figure: Figure
    stem: str
    shown: str
    is_document: bool = False


def name_inputs(given: Sequence[str], figure: int | None = None) -> list[Input]:
    """Give every input a stem of its own.

    Where two inputs have one stem (``a/loss.png`` and ``b/loss.jpg``), the first keeps it and
    the next becomes ``loss-2``. Case does not tell stems apart, as on some file systems it
    would not tell their files apart.
    """
    chosen = [_split_page(text) for text in given]
    natural = ["stdin" if path == STDIN else Path(path).stem or "figure" for path, _ in chosen]
    taken: set[str] = set()
    reserved = {stem.casefold() for stem in natural}
    inputs = []
    for text, (path, page), stem in zip(given, chosen, natural, strict=True):
        own, number = stem, 1
        while own.casefold() in taken or (number > 1 and own.casefold() in reserved):
            number += 1
            own = f"{stem}-{number}"
        taken.add(own.casefold())
        inputs.append(Input(given=text, stem=own, path=path, page=page, figure=figure))
    return inputs


def read_figure(
    source: Input, *, ocr: OcrEngine, documents: bool, hints: Hints | None = None
) -> tuple[Figure, bool]:
    """Read an input that has one figure; the second value says whether it was a figure document.

    Raises
    ------
    InputError
        Where it cannot be read, or is a PDF document with several figures.
    HintError
        Where a hint contradicts the picture beyond doubt.
    """
    found = list(itertools.islice(read_figures(source, ocr=ocr, documents=documents, hints=hints), 2))
    if len(found) > 1:
        remedy = f"choose one ({source.path}#page=1 and --figure 1), or give a folder with -o"
        raise InputError(source.shown, "has several figures", remedy)
    return found[0].figure, found[0].is_document


def read_figures(
    source: Input, *, ocr: OcrEngine, documents: bool, hints: Hints | None = None
) -> Iterator[ReadFigure]:
    """Read an input figure by figure; only PDF documents have several.

    Raises
    ------
    InputError
        Where it is no readable picture or PDF (nor, where ``documents`` allows one, a figure document).
    HintError
        Where a hint contradicts the picture beyond doubt.
    """
    from chartscribe import api
    from chartscribe.papers.open import looks_like_pdf

    content = _read_content(source)
    try:
        if looks_like_pdf(content):
            yield from _read_pdf(source, content, ocr, hints)
            return
        if source.page is not None or source.figure not in (None, 1):
            raise InputError(source.name, "is no PDF document, and has one figure", "choose none")
        is_document = documents and api.looks_like_json(content)
        if is_document:
            if hints:
                problem = "is a figure document, which hints do not change"
                raise HintError(source.name, problem, "give its picture")
            figure = api.load_document(content, name=source.name)
        else:
            figure = api.digitize(content, name=source.name, ocr=ocr, hints=hints)
    except (InputError, HintError) as error:
        # The document holds the bare name; the error names the file as it was typed.
        raise type(error)(source.shown, error.problem, error.remedy) from error
    yield ReadFigure(figure=figure, stem=source.stem, shown=source.shown, is_document=is_document)


def _read_pdf(source: Input, content: bytes, ocr: OcrEngine, hints: Hints | None) -> Iterator[ReadFigure]:
    """The figures of a PDF document; the only one of all has the document's own name."""
    from chartscribe.papers.read import Choice, blank_figure, figure_name, read_paper

    choice = Choice(page=source.page, figure=source.figure)
    figures = read_paper(content, name=source.name, ocr=ocr, hints=hints, choice=choice)
    first, second = next(figures, None), next(figures, None)
    chosen = choice != Choice()
    if first is None and chosen:
        raise InputError(source.name, "has no such figure", "leave out --figure or #page= to see all")
    if first is None or (second is None and not chosen):
        figure = first or blank_figure(content, source.name)
        yield ReadFigure(figure=figure, stem=source.stem, shown=source.shown)
        return
    for figure in itertools.chain([first], [second] if second else [], figures):
        name = figure_name(figure)
        yield ReadFigure(figure=figure, stem=f"{source.stem}.{name}", shown=f"{source.shown} {name}")


def _split_page(text: str) -> tuple[str, int | None]:
    """The path and the page of ``paper.pdf#page=3``; a file of that very name comes first."""
    match = _PAGE.fullmatch(text)
    return (text, None) if match is None or Path(text).exists() else (match[1], int(match[2]))


def _read_content(source: Input) -> bytes:
    from digitizer.stages.load import read_bytes

    if source.given != STDIN:
        return read_bytes(source.path)
    if sys.stdin.isatty():
        raise InputError(source.shown, "is a terminal", "pipe a picture into it, or give a file")
    return sys.stdin.buffer.read()
