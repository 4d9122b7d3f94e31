"""Open PDF documents; what cannot be opened is told in one line."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from digitizer.errors import InputError

PDF_MARK = b"%PDF-"
# The mark stands at the beginning, or behind what a mail program or a server put there.
MARK_WITHIN = 1024


def looks_like_pdf(content: bytes) -> bool:
    """Whether these bytes begin a PDF document."""
    return PDF_MARK in content[:MARK_WITHIN]


@contextlib.contextmanager
def open_pdf(content: bytes, shown: str) -> Iterator[Any]:
    """The opened document (pypdfium2's), closed at the end of the block.

    Raises
    ------
    InputError
        Where it is encrypted, or damaged beyond repair.
    """
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise InputError(shown, "is encrypted with a password", "save it without one") from error
        problem = "is damaged: it begins like a PDF document, but cannot be opened"
        raise InputError(shown, problem, "get the file again, or print it into a new PDF") from error
    try:
        if not len(document):
            raise InputError(shown, "is a PDF document without pages", "get the file again")
        yield document
    finally:
        document.close()
