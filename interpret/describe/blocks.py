"""What a description is made of, before any format."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A sentence and the ids of the findings behind it (none for construction)."""

    text: str
    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One paragraph, or one entry of a list, with what stands below it."""

    pieces: tuple[Piece, ...]
    below: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Paragraphs, a list, a heading or a table.

    Of a table ``rows`` begin with its head; the ids stand behind it (``ids``), or behind each row
    below the head (``row_ids``).
    """

    kind: Literal["heading", "paragraphs", "bullets", "numbered", "table"]
    items: tuple[Item, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    ids: tuple[str, ...] = ()
    row_ids: tuple[tuple[str, ...], ...] = ()
