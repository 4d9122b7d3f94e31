"""What ``import chartscribe`` offers: pictures to figures, figures to descriptions."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from digitizer.errors import InputError
from digitizer.hints import NO_HINTS, Hints
from digitizer.hints_file import HintsSource, load_hints
from digitizer.model import Figure, figure_from_dict
from digitizer.ocr import OcrEngine
from digitizer.stages.load import PictureSource, looks_like_svg, read_bytes
from digitizer.units import Units, in_units

if TYPE_CHECKING:
    from interpret.describe import Description

# Enough for an SVG's first element behind declarations and comments.
HEAD_BYTES = 4096

DescribeSource: TypeAlias = "PictureSource | Figure | Mapping[str, Any]"


def digitize(
    source: PictureSource,
    *,
    name: str | None = None,
    ocr: OcrEngine = "ppocr",
    hints: HintsSource | None = None,
) -> Figure:
    """Read a picture of a chart into numbers with their uncertainty.

    Parameters
    ----------
    source : str, os.PathLike, bytes, PIL.Image.Image or numpy.ndarray
        A file's path or bytes, an image, or an array of shape (height, width[, 3 or 4]). An SVG drawing
        is read from a rendering of twice its size, at least 1,200 pixels wide.
    name : str, optional
        What the figure document calls the picture; by default the file's name.
    ocr : {"ppocr", "tesseract"}
        Which engine reads the labels. Tesseract must be installed beside chartscribe.
    hints : Hints, str, os.PathLike or mapping, optional
        What is known of the figure: typed, a hints file's path, or a mapping of the same form
        (``{"x": {"limits": [0, 70]}}``).

    Returns
    -------
    Figure
        Panels, axes and series. A picture without a chart gives a figure without panels and a
        warning that says so.

    Raises
    ------
    InputError
        Where the source cannot be read as a picture.
    HintError
        Where a hint contradicts another one, or the picture beyond doubt.

    Examples
    --------
    >>> figure = digitize("chart.png")              # doctest: +SKIP
    >>> figure.panels[0].series[0].y                # doctest: +SKIP
    array([480.2, 487.9, ...])
    """
    # Imported here: describing a figure document needs no vision.
    from digitizer.pipeline import digitize as digitize_picture

    known = NO_HINTS if hints is None else load_hints(hints)
    drawing = _svg_content(source)
    if drawing is None:
        return digitize_picture(source, name=name, recogniser=ocr, hints=known)
    shown = name or ("drawing" if isinstance(source, bytes) else os.fsdecode(source))  # type: ignore[arg-type]
    return _digitize_svg(drawing, shown, name or Path(shown).name, ocr, known)


def digitize_paper(
    source: str | os.PathLike[str] | bytes,
    *,
    page: int | None = None,
    figure: int | None = None,
    name: str | None = None,
    ocr: OcrEngine = "ppocr",
    hints: HintsSource | None = None,
) -> list[Figure]:
    """Read the charts of a PDF document, page by page.

    Parameters
    ----------
    source : str, os.PathLike or bytes
        The document's path, or its content.
    page, figure : int, optional
        Which page, and which chart of a page, both from 1; by default all.
    name, ocr, hints
        As for :func:`digitize`.

    Returns
    -------
    list of Figure
        Each one's ``source`` has its ``page``, its number on the page (``figure``), its place there in
        points (``box``) and its ``caption``. An embedded picture is read in its own pixels, a drawing
        from a rendering of its part of the page.

    Raises
    ------
    InputError
        Where the source is no PDF document that can be opened, or has no such page.

    Examples
    --------
    >>> [figure.source.caption for figure in digitize_paper("paper.pdf")]    # doctest: +SKIP
    ['Figure 1: The training loss falls with every step.']
    """
    from chartscribe.papers.open import looks_like_pdf
    from chartscribe.papers.read import Choice, read_paper

    content = source if isinstance(source, bytes) else read_bytes(source)
    if name is None:
        name = "document" if isinstance(source, bytes) else Path(os.fsdecode(source)).name
    if not looks_like_pdf(content):
        raise InputError(name, "is no PDF document", "give pictures to chartscribe.digitize")
    known = NO_HINTS if hints is None else load_hints(hints)
    choice = Choice(page=page, figure=figure)
    return list(read_paper(content, name=name, ocr=ocr, hints=known, choice=choice))


def describe(
    source: DescribeSource,
    *,
    name: str | None = None,
    ocr: OcrEngine = "ppocr",
    hints: HintsSource | None = None,
    rules: Sequence[str | os.PathLike[str]] = (),
) -> Description:
    """Describe a chart in words, each claim with its evidence.

    Parameters
    ----------
    source : str, os.PathLike, bytes, PIL.Image.Image, numpy.ndarray, Figure or mapping
        A picture as :func:`digitize` takes it, a figure, or a figure document (its path, its
        bytes, or the parsed JSON).
    name, ocr, hints
        As for :func:`digitize`; not used where nothing needs to be digitized.
    rules : sequence of str or os.PathLike, optional
        Rule files of one's own, added to those that come with the package.

    Returns
    -------
    Description
        With ``to_markdown()`` for the text and ``to_dict()`` for the findings document.

    Raises
    ------
    InputError
        Where the source is neither a readable picture nor a figure document, or a rule file is none.
    """
    from chartscribe.rule_files import read_knowledge
    from interpret.describe import describe_figure

    knowledge = read_knowledge([os.fspath(path) for path in rules])
    return describe_figure(_as_figure(source, name, ocr, hints), knowledge=knowledge)


def load_document(
    source: str | os.PathLike[str] | bytes | Mapping[str, Any], *, name: str | None = None
) -> Figure:
    """Read a figure document (its path, its bytes, or the parsed JSON) back into a figure.

    Raises
    ------
    InputError
        Where it is none, with the reason.
    """
    shown = name or "figure document"
    document: Any = source
    if isinstance(source, str | os.PathLike):
        shown = name or os.fsdecode(source)
        source = read_bytes(source)
    if isinstance(source, bytes):
        try:
            document = json.loads(source)
        except (ValueError, RecursionError) as error:
            problem = f"is no figure document: its JSON is broken ({error})"
            raise InputError(shown, problem, "write it anew with chartscribe digitize") from error
    try:
        return figure_from_dict(dict(document))
    except (ValueError, TypeError) as error:
        problem = f"is no figure document ({error})"
        raise InputError(shown, problem, "give a picture, or what chartscribe digitize wrote") from error


def looks_like_json(content: bytes) -> bool:
    """Whether these bytes begin a JSON object, as figure documents do and pictures never do."""
    return content[:64].removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{"


def _digitize_svg(content: bytes, shown: str, name: str, ocr: OcrEngine, hints: Hints) -> Figure:
    """Read an SVG drawing from its rendering, with its own texts and paths; ``shown`` is for errors."""
    from chartscribe.papers.svg import render_svg
    from chartscribe.papers.svg_texts import text_at
    from digitizer.pipeline import digitize as digitize_picture

    drawing = render_svg(content, shown)
    figure = digitize_picture(
        drawing.png,
        name=name,
        recogniser=ocr,
        hints=hints,
        printed=text_at(drawing.texts),
        drawn=drawing.drawn,
    )
    figure = replace(figure, source=replace(figure.source, sha256=hashlib.sha256(content).hexdigest()))
    width, height = figure.source.width, figure.source.height
    whole = round(drawing.size[0]), round(drawing.size[1])
    units = Units(
        across=width / drawing.size[0],
        down=height / drawing.size[1],
        left=0.5,
        top=0.5,
        whole=whole,
        rendered=(width, height),
    )
    return in_units(figure, units)


def _svg_content(source: PictureSource) -> bytes | None:
    """The bytes of an SVG drawing; None where the source is something else."""
    if isinstance(source, bytes):
        return source if looks_like_svg(source) else None
    if not isinstance(source, str | os.PathLike):
        return None
    try:
        with open(source, "rb") as file:
            is_svg = looks_like_svg(file.read(HEAD_BYTES))
    except (OSError, ValueError):
        return None  # the loader says what is wrong with it
    return read_bytes(source) if is_svg else None


def _as_figure(source: DescribeSource, name: str | None, ocr: OcrEngine, hints: HintsSource | None) -> Figure:
    if isinstance(source, Figure):
        return source
    if isinstance(source, Mapping):
        return load_document(source, name=name)
    if isinstance(source, str | os.PathLike):
        content = read_bytes(source)
        if looks_like_json(content):
            return load_document(source, name=name)
        name = name or Path(os.fsdecode(source)).name
    elif isinstance(source, bytes) and looks_like_json(source):
        return load_document(source, name=name)
    return digitize(source, name=name, ocr=ocr, hints=hints)
