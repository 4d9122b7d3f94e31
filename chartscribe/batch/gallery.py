"""``index.html``: all figures on one page that needs nothing but itself and the folders beside it."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from chartscribe.batch import results
from chartscribe.batch.tables import Row
from chartscribe.batch.work import worst_status

GALLERY = "index.html"
_TEMPLATE = "gallery.html.jinja"


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A figure on the page; pictures are ``data:`` addresses, ``folder`` is an address below the page."""

    shown: str
    status: str
    title: str
    words: str
    folder: str
    picture: str | None
    overlay: str | None
    n_panels: int
    n_series: int
    n_points: int
    warnings: str


def make_card(shown: str, folder: Path, out: Path, rows: Sequence[Row]) -> Card:
    """A finished figure's card; ``rows`` are its rows of the index."""
    texts = [rows[0]["figure_title"], *(row[c] for row in rows for c in _SEARCHED)]
    words = list(dict.fromkeys(text for text in texts if text))
    titles = [text for text in (rows[0]["figure_title"], *(row["title"] for row in rows)) if text]
    codes = dict.fromkeys(code for row in rows for code in (row["warnings"] or "").split())
    return Card(
        shown=shown,
        status=worst_status(row["status"] for row in rows),
        title=titles[0] if titles else "",
        words=" ".join([shown, *words]).lower(),
        folder=quote(folder.relative_to(out).as_posix(), errors="surrogateescape"),
        picture=_data_address(folder / results.THUMBNAIL),
        overlay=_data_address(folder / results.OVERLAY_THUMBNAIL),
        n_panels=sum(row["panel"] is not None for row in rows),
        n_series=sum(row["n_series"] for row in rows),
        n_points=sum(row["n_points"] for row in rows),
        warnings=", ".join(codes),
    )


_SEARCHED = ("title", "x_label", "y_label", "series")


class GalleryWriter:
    """Write the page as its cards are made: one card is in memory at a time."""

    def __init__(self, out: Path, *, folder_name: str) -> None:
        self._out = out
        self._folder_name = folder_name

    def write(self, cards: Iterable[Card], errors: Iterable[tuple[str, str]]) -> None:
        """Write ``index.html``; ``errors`` are inputs and what was wrong with them."""
        import jinja2

        environment = jinja2.Environment(
            loader=jinja2.PackageLoader("chartscribe.batch", "templates"),
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            undefined=jinja2.StrictUndefined,
        )
        values: dict[str, Any] = {"folder_name": self._folder_name, "cards": cards, "errors": errors}
        with (
            results.whole_file(self._out / GALLERY) as path,
            open(path, "w", encoding="utf-8") as file,
        ):
            for piece in environment.get_template(_TEMPLATE).generate(values):
                file.write(piece)


def _data_address(path: Path) -> str | None:
    try:
        content = path.read_bytes()
    except OSError:
        return None
    return f"data:image/webp;base64,{base64.b64encode(content).decode('ascii')}"
