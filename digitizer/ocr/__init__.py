"""Text recognition behind one protocol: two engines, loaded by name."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal, TypeAlias

from digitizer.errors import RecogniserError
from digitizer.ocr.protocol import Reading, Recogniser

__all__ = ["OcrEngine", "Reading", "Recogniser", "RecogniserError", "load_recogniser"]

OcrEngine: TypeAlias = Literal["ppocr", "tesseract"]


def load_recogniser(name: OcrEngine = "ppocr") -> Recogniser:
    """Load a text recogniser; the heavy imports happen here and not before.

    Raises
    ------
    RecogniserError
        Where the engine is not installed.
    ValueError
        Where the name is unknown.
    """
    if name == "ppocr":
        return _paddle()
    if name == "tesseract":
        from digitizer.ocr.tesseract import TesseractRecogniser

        return TesseractRecogniser()
    raise ValueError(f"name must be 'ppocr' or 'tesseract', not {name!r}")


@lru_cache(maxsize=1)
def _paddle() -> Recogniser:
    """The default engine, loaded once a process: loading takes as long as reading half a chart."""
    from digitizer.ocr.ppocr import PaddleRecogniser

    return PaddleRecogniser()
