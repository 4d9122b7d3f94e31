"""Text recognition behind one protocol: two engines, loaded by name."""

from __future__ import annotations

from typing import Literal

from digitizer.errors import RecogniserError
from digitizer.ocr.protocol import Reading, Recogniser

__all__ = ["Reading", "Recogniser", "RecogniserError", "load_recogniser"]


def load_recogniser(name: Literal["ppocr", "tesseract"] = "ppocr") -> Recogniser:
    """Load a text recogniser; the heavy imports happen here and not before.

    Raises
    ------
    RecogniserError
        Where the engine is not installed.
    ValueError
        Where the name is unknown.
    """
    if name == "ppocr":
        from digitizer.ocr.ppocr import PaddleRecogniser

        return PaddleRecogniser()
    if name == "tesseract":
        from digitizer.ocr.tesseract import TesseractRecogniser

        return TesseractRecogniser()
    raise ValueError(f"name must be 'ppocr' or 'tesseract', not {name!r}")
