"""Open PDF documents; what cannot be opened is told in one line."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from typing import Any

from digitizer.errors import InputError

PDF_MARK = b"%PDF-"
# The mark stands at the beginning, or behind what a mail program or a server put there.
MARK_WITHIN = 1024
# The end says where the table of contents is; old programs wrote up to a kilobyte behind it.
END_WITHIN = 2048
_END = re.compile(rb"startxref\s+(\d+)\s+%%EOF")
# The table, or the stream that holds it.
_TABLE = re.compile(rb"\s*(?:xref\b|\d+\s+\d+\s+obj\b)")


def looks_like_pdf(content: bytes) -> bool:
    """Whether these bytes begin a PDF document."""
    return PDF_MARK in content[:MARK_WITHIN]


def is_damaged(content: bytes) -> bool:
    """Whether the document's table of contents is not where its end says, so that it must be searched."""
    found = _END.findall(content[-END_WITHIN:])
    if not found:
        return True
    start = int(found[-1])
    # A mark behind other bytes moves every place by as many.
    moved = max(content[:MARK_WITHIN].find(PDF_MARK), 0)
    return not any(_TABLE.match(content, place) for place in (start, start + moved))


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
