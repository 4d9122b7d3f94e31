"""The default engine: two PP-OCRv6 recognisers on onnxruntime, embedded, without a network.

The tiny model reads everything; the small one, five times slower, reads what tiny is unsure of.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import resources
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from digitizer.ocr.protocol import Reading, RecogniserError

if TYPE_CHECKING:
    from digitizer.evidence import ByteImage

HEIGHT_PX = 48
# The models were trained on lines at least this wide; shorter inputs lose lone digits.
LEAST_WIDTH_PX = 160
# Batches of 6 to 8 crops of similar width are fastest on one core: less padding, few calls.
BATCH_SIZE = 8
# Tiny's confidence from which it is as right as small: a quarter of 1,229 labels lay below.
SURE = 0.98


class PaddleRecogniser:
    """PP-OCRv6 tiny first, small where tiny's confidence is below 0.98."""

    name = "ppocr"

    def __init__(self) -> None:
        self._tiny = _Model("tiny")
        self._small: _Model | None = None

    def read(self, crops: Sequence[ByteImage]) -> list[Reading]:
        """Read each crop; where both models read, the other's text is kept as the alternative."""
        inputs = [_prepare(crop) for crop in crops]
        readings = self._tiny.read(inputs)
        unsure = [i for i, reading in enumerate(readings) if reading.confidence < SURE]
        if not unsure:
            return readings
        if self._small is None:
            self._small = _Model("small")
        for i, second in zip(unsure, self._small.read([inputs[i] for i in unsure]), strict=True):
            readings[i] = _decide(readings[i], second)
        return readings


def _decide(tiny: Reading, small: Reading) -> Reading:
    """Small's reading, with tiny's kept where it differs."""
    if not small.text:
        return Reading(tiny.text, min(tiny.confidence, 0.5), alternative="", positions=tiny.positions)
    alternative = tiny.text if tiny.text != small.text else None
    return Reading(small.text, small.confidence, alternative, small.positions)


class _Model:
    """One recogniser: an onnxruntime session and its characters."""

    def __init__(self, name: str) -> None:
        try:
            import onnxruntime
        except ImportError as error:
            raise RecogniserError("the text recogniser needs onnxruntime: pip install onnxruntime") from error
        folder = resources.files("digitizer.ocr") / "models"
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:
            weights = (folder / f"{name}.onnx").read_bytes()
            characters = (folder / f"{name}.txt").read_text(encoding="utf-8")
        except FileNotFoundError as error:
            raise RecogniserError(
                f"the embedded model {name}.onnx is missing: install chartscribe again"
            ) from error
        self._session: Any = onnxruntime.InferenceSession(
            weights, options, providers=["CPUExecutionProvider"]
        )
        self._input = self._session.get_inputs()[0].name
        self._characters = ["", *characters, " "]

    def read(self, inputs: Sequence[NDArray[np.float32]]) -> list[Reading]:
        """Read prepared crops in batches of similar width."""
        readings = [Reading("", 0.0)] * len(inputs)
        order = sorted(range(len(inputs)), key=lambda i: (inputs[i].shape[1], i))
        for start in range(0, len(order), BATCH_SIZE):
            chosen = order[start : start + BATCH_SIZE]
            width = max(LEAST_WIDTH_PX, *(inputs[i].shape[1] for i in chosen))
            # Zeros (mid-grey) after the line: padding with the background costs up to 20 % of the labels.
            batch = np.zeros((len(chosen), 3, HEIGHT_PX, width), np.float32)
            for row, i in enumerate(chosen):
                batch[row, :, :, : inputs[i].shape[1]] = inputs[i]
            shares = self._session.run(None, {self._input: batch})[0]
            for row, i in enumerate(chosen):
                readings[i] = self._decode(shares[row], inputs[i].shape[1] / width)
        return readings

    def _decode(self, shares: NDArray[np.float32], used: float) -> Reading:
        """Greedy decoding: the best class of each column, repeats and blanks dropped."""
        best = shares.argmax(axis=1)
        kept = np.flatnonzero((best != 0) & (best != np.concatenate([[0], best[:-1]])))
        if len(kept) == 0:
            return Reading("", 0.0)
        text = "".join(self._characters[best[i]] for i in kept)
        confidence = float(shares[kept, best[kept]].mean())
        positions = tuple(float((i + 0.5) / len(best) / used) for i in kept)
        return Reading(text, round(confidence, 4), None, positions)


def _prepare(crop: ByteImage) -> NDArray[np.float32]:
    """Scale a crop to 48 rows (bilinear, no binarising) and to [-1, 1]; shape (48, width)."""
    grey = crop if crop.ndim == 2 else np.asarray(Image.fromarray(crop).convert("L"))
    height, width = grey.shape
    scaled = Image.fromarray(grey).resize(
        (max(1, round(width * HEIGHT_PX / height)), HEIGHT_PX), Image.Resampling.BILINEAR
    )
    return np.asarray(scaled, np.float32) / 127.5 - 1.0
