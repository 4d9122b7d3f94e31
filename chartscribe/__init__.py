"""Charts to numbers with their uncertainty, and to a written description.

>>> import chartscribe
>>> figure = chartscribe.digitize("chart.png")          # doctest: +SKIP
>>> print(chartscribe.describe(figure).to_markdown())   # doctest: +SKIP
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chartscribe.api import describe, digitize, digitize_paper, load_document
    from digitizer.errors import ChartscribeError, HintError, InputError
    from digitizer.hints import Hints
    from digitizer.model import Figure

__version__ = "0.1.0"

__all__ = [
    "ChartscribeError",
    "Figure",
    "HintError",
    "Hints",
    "InputError",
    "__version__",
    "describe",
    "digitize",
    "digitize_paper",
    "load_document",
]

# Names are imported when first used: the command's --help must not wait for numpy and OpenCV.
_HOMES = {
    "ChartscribeError": "digitizer.errors",
    "Figure": "digitizer.model",
    "HintError": "digitizer.errors",
    "Hints": "digitizer.hints",
    "InputError": "digitizer.errors",
    "describe": "chartscribe.api",
    "digitize": "chartscribe.api",
    "digitize_paper": "chartscribe.api",
    "load_document": "chartscribe.api",
}


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(home), name)


def __dir__() -> list[str]:
    return sorted(__all__)
