"""What figures and descriptions are written as."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from digitizer.model import Figure
    from interpret.describe import Description


def figure_files(figure: Figure, stem: str) -> dict[str, bytes]:
    """The files of a digitized picture; the document comes last, so that it vouches for the others."""
    from digitizer.overlay import encode_png

    return {
        f"{stem}.overlay.png": encode_png(figure.overlay()),
        f"{stem}.csv": figure.to_csv().encode("utf-8"),
        f"{stem}.json": figure.to_json().encode("utf-8"),
    }


def findings_json(description: Description) -> str:
    """The findings document as JSON text."""
    return json.dumps(description.to_dict(), ensure_ascii=False, allow_nan=False, indent=1) + "\n"
