"""Write a description as Markdown, each claim followed by its ids in a comment."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from digitizer.model import Figure
from interpret.describe.arrange import Detail, arrange
from interpret.describe.blocks import Block, Item, Piece
from interpret.findings.model import Finding


def write_markdown(
    figure: Figure, title: str, findings: Sequence[Finding], detail: Detail = "standard"
) -> str:
    """Return the description as Markdown."""
    parts = [f"## {_plain(title)}"]
    for name, blocks in arrange(figure, findings, detail):
        parts.append(f"### {name}")
        parts += _join_headings([_block(block) for block in blocks], blocks)
    return "\n\n".join(part for part in parts if part) + "\n"


def _join_headings(texts: list[str], blocks: Sequence[Block]) -> list[str]:
    """A heading without anything below it still stands."""
    return [text for text, block in zip(texts, blocks, strict=True) if text or block.kind == "heading"]


def _block(block: Block) -> str:
    if block.kind == "heading":
        return f"**{_plain(block.items[0].pieces[0].text)}**"
    if block.kind == "table":
        return _table(block)
    if block.kind == "paragraphs":
        return "\n\n".join(_pieces(item) for item in block.items)
    lines = []
    for number, item in enumerate(block.items, start=1):
        lines.append(f"{f'{number}.' if block.kind == 'numbered' else '-'} {_pieces(item)}")
        lines += [f"  - {_piece(one)}" for one in item.below]
    return "\n".join(lines)


def _table(block: Block) -> str:
    head, *rows = block.rows
    lines = [f"| {' | '.join(_cell(cell) for cell in head)} |", f"|{' ---: |' * len(head)}"]
    for row, ids in zip_longest(rows, block.row_ids, fillvalue=()):
        comment = f" <!-- {' '.join(ids)} -->" if ids else ""
        lines.append(f"| {' | '.join(_cell(cell) for cell in row)}{comment} |")
    return "\n".join(lines) + (f"\n\n<!-- {' '.join(block.ids)} -->" if block.ids else "")


def _cell(text: str) -> str:
    return _plain(text).replace("|", "\\|")


def _pieces(item: Item) -> str:
    return " ".join(_piece(one) for one in item.pieces)


def _piece(one: Piece) -> str:
    text = _plain(one.text)
    return f"{text} <!-- {' '.join(one.ids)} -->" if one.ids else text


def _plain(text: str) -> str:
    """Labels must neither end the line nor open a comment."""
    return " ".join(text.split()).replace("<", "&lt;").replace(">", "&gt;")
