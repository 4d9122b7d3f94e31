"""The second engine: Tesseract through pytesseract, one process for all crops of a figure."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from digitizer.errors import RecogniserError
from digitizer.ocr.protocol import Reading

if TYPE_CHECKING:
    from digitizer.evidence import ByteImage

# Tesseract reads letters of 24 to 32 rows best.
TARGET_HEIGHT_PX = 32
# Without a margin it drops the first and last characters.
PADDING = 0.3
# Page mode 7: the picture is one line of text.
OPTIONS = "--psm 7"


class TesseractRecogniser:
    """Tesseract on a list of crops; its confidence is the least of the words'."""

    name = "tesseract"

    def __init__(self) -> None:
        try:
            import pytesseract
        except ImportError as error:
            raise RecogniserError(
                "--ocr tesseract", "pytesseract is missing", "pip install 'chartscribe[tesseract]'"
            ) from error
        self._module: Any = pytesseract
        try:
            with _one_thread():
                pytesseract.get_tesseract_version()
        except (pytesseract.TesseractNotFoundError, SystemExit) as error:
            raise RecogniserError(
                "--ocr tesseract",
                "the program tesseract is missing",
                "install tesseract-ocr, or use --ocr ppocr",
            ) from error

    def read(self, crops: Sequence[ByteImage]) -> list[Reading]:
        """Read all crops with one call of the program."""
        if not crops:
            return []
        with tempfile.TemporaryDirectory() as folder, _one_thread():
            paths = []
            for i, crop in enumerate(crops):
                paths.append(Path(folder) / f"{i}.png")
                _prepare(crop).save(paths[-1])
            names = Path(folder) / "crops.txt"
            names.write_text("\n".join(map(str, paths)) + "\n", encoding="utf-8")
            try:
                table = self._module.image_to_data(
                    str(names), config=OPTIONS, output_type=self._module.Output.DICT
                )
            except self._module.TesseractError as error:
                raise RecogniserError(
                    "--ocr tesseract", f"it failed: {str(error).splitlines()[0]}", "use --ocr ppocr"
                ) from error
        return _readings(table, len(crops))


def _readings(table: dict[str, list[Any]], n_crops: int) -> list[Reading]:
    """Join the words of each page of Tesseract's table."""
    words: list[list[str]] = [[] for _ in range(n_crops)]
    confidences: list[list[float]] = [[] for _ in range(n_crops)]
    for page, word, confidence in zip(table["page_num"], table["text"], table["conf"], strict=True):
        if str(word).strip() and 1 <= page <= n_crops:
            words[page - 1].append(str(word).strip())
            confidences[page - 1].append(max(0.0, float(confidence)) / 100)
    return [
        Reading(" ".join(texts), round(min(found), 4)) if texts else Reading("", 0.0)
        for texts, found in zip(words, confidences, strict=True)
    ]


def _prepare(crop: ByteImage) -> Image.Image:
    """Dark on light, contrast stretched, about 32 rows high, with a margin of background."""
    grey = crop if crop.ndim == 2 else np.asarray(Image.fromarray(crop).convert("L"))
    border = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    # The frame of an ink-tight crop is mostly background; the median tells light from dark.
    if np.median(border) < 128:
        grey = 255 - grey
    low, high = float(grey.min()), float(grey.max())
    stretched = (grey.astype(np.float32) - low) * (255.0 / max(1.0, high - low))
    image = Image.fromarray(stretched.round().astype(np.uint8))
    scale = TARGET_HEIGHT_PX / image.height
    image = image.resize((max(1, round(image.width * scale)), TARGET_HEIGHT_PX), Image.Resampling.BICUBIC)
    margin = round(PADDING * TARGET_HEIGHT_PX)
    padded = Image.new("L", (image.width + 2 * margin, image.height + 2 * margin), 255)
    padded.paste(image, (margin, margin))
    return padded


@contextmanager
def _one_thread() -> Iterator[None]:
    """Keep Tesseract to one thread: for single lines its threads only wait for each other."""
    before = os.environ.get("OMP_THREAD_LIMIT")
    os.environ["OMP_THREAD_LIMIT"] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ["OMP_THREAD_LIMIT"]
        else:
            os.environ["OMP_THREAD_LIMIT"] = before
