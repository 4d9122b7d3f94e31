"""The default engine: two PP-OCRv6 recognisers on onnxruntime, embedded, without a network.

The tiny model reads everything; the small one, five times slower, reads what tiny is unsure of.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib import resources
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from digitizer.errors import RecogniserError
from digitizer.ocr.protocol import Reading

if TYPE_CHECKING:
    from digitizer.evidence import ByteImage

HEIGHT_PX = 48
# The models were trained on lines at least this wide; shorter inputs lose lone digits.
LEAST_WIDTH_PX = 160
# Tiny's confidence from which it is as right as small: a quarter of 1,229 labels lay below.
SURE = 0.98
# ... and the least of its characters', spaces aside, from which it is for plain numbers and words that are
# less sure on the whole: of 632 such numbers and 212 such words (260 drawn charts, 330 real ones) small read
# 48 and 3 otherwise, none of them rightly. Three digits after a point are no plain number: in small print a
# comma is one as well. No plain word has a capital after a small letter (naive was read naIve), digits beside
# letters (LAZ00), or a bar, beside which it loses spaces.
SURE_DIGIT, PLAIN_NUMBER = 0.8, re.compile(r"[-−]?\d+(\.(\d\d?|\d{4,}))?")
ODD = r"[a-z][A-Z]|\d[A-Za-z]|[A-Za-z]\d|\|"
SURE_LETTER, PLAIN_WORDS = 0.9, re.compile(rf"(?!.*({ODD}))[ -~]*[A-Za-z]{{3}}[ -~]*")
# Tiny's confidence below which there is nothing to read: of 811 crops of real figures 81 lay below,
# specks, strokes and markers all of them, and small made no word or number of any.
HOPELESS = 0.45


class PaddleRecogniser:
    """PP-OCRv6 tiny first, small where tiny is unsure of the label, or of a character of a plain one."""

    name = "ppocr"

    def __init__(self) -> None:
        self._tiny = _Model("tiny")
        self._small: _Model | None = None

    def read(self, crops: Sequence[ByteImage]) -> list[Reading]:
        """Read each crop; where both models read, the other's text is kept as the alternative."""
        # Panels of one figure share their tick labels to the pixel: equal crops are read once.
        known: dict[tuple[tuple[int, ...], bytes], Reading] = {}
        readings = []
        for crop in crops:
            key = crop.shape, crop.tobytes()
            if key not in known:
                known[key] = self._read_one(_prepare(crop))
            readings.append(known[key])
        return readings

    def _read_one(self, line: NDArray[np.float32]) -> Reading:
        reading, least = self._tiny.read(line)
        if reading.confidence < HOPELESS or _is_sure(reading, least):
            return reading
        if self._small is None:
            self._small = _Model("small")
        return _decide(reading, self._small.read(line)[0])


def _is_sure(reading: Reading, least: float) -> bool:
    """Whether tiny read it as well as small would, its least sure character with ``least``."""
    for sure, plain in ((SURE_DIGIT, PLAIN_NUMBER), (SURE_LETTER, PLAIN_WORDS)):
        if least >= sure and plain.fullmatch(reading.text):
            return True
    return reading.confidence >= SURE


def _decide(tiny: Reading, small: Reading) -> Reading:
    """Small's reading, with tiny's kept where it differs."""
    if not small.text:
        return Reading(tiny.text, min(tiny.confidence, 0.5), alternative="", positions=tiny.positions)
    alternative = tiny.text if tiny.text != small.text else None
    return Reading(small.text, small.confidence, alternative, small.positions)


# Letters whose capitals differ from them in size alone; rings are read as an o of either case.
_TWINS = frozenset("csuvwxzCSUVWXZ")


class _Model:
    """One recogniser: an onnxruntime session and its characters."""

    def __init__(self, name: str) -> None:
        try:
            import onnxruntime
        except ImportError as error:
            raise RecogniserError(
                "the text recogniser", "onnxruntime is missing", "pip install onnxruntime"
            ) from error
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
                "the text recogniser", f"its model {name}.onnx is missing", "install chartscribe again"
            ) from error
        self._session: Any = onnxruntime.InferenceSession(
            weights, options, providers=["CPUExecutionProvider"]
        )
        self._input = self._session.get_inputs()[0].name
        self._characters = ["", *characters, " "]
        self._is_last = name == "small"

    def read(self, line: NDArray[np.float32]) -> tuple[Reading, float]:
        """Read one prepared crop; with the reading how sure its least sure character is, spaces aside.

        Crops are read one by one: on one core the time is that of the columns (batches of 1 to 16
        differ by 5 %), so that a batch only adds the padding to its widest line, and makes what is
        read in one crop depend on the others.
        """
        width = line.shape[1]
        # Zeros (mid-grey) after the line: padding with the background costs up to 20 % of the labels.
        padded = np.zeros((1, 3, HEIGHT_PX, max(LEAST_WIDTH_PX, width)), np.float32)
        padded[0, :, :, :width] = line
        shares = self._session.run(None, {self._input: padded})[0]
        return self._decode(shares[0], width / padded.shape[3])

    def _decode(self, shares: NDArray[np.float32], used: float) -> tuple[Reading, float]:
        """Greedy decoding: the best class of each column, repeats and blanks dropped."""
        best = shares.argmax(axis=1)
        kept = np.flatnonzero((best != 0) & (best != np.concatenate([[0], best[:-1]])))
        if len(kept) == 0:
            return Reading("", 0.0), 0.0
        text = "".join(self._characters[best[i]] for i in kept)
        sure = shares[kept, best[kept]]
        if self._is_last and text in _TWINS:
            # Which case a lone letter has its shape does not say: that it is this letter both do.
            sure = sure + shares[kept, self._characters.index(text.swapcase())]
        least = float(sure[best[kept] != len(self._characters) - 1].min(initial=1.0))
        confidence = float(sure.mean())
        positions = tuple(float((i + 0.5) / len(best) / used) for i in kept)
        return Reading(text, round(confidence, 4), None, positions), least


def _prepare(crop: ByteImage) -> NDArray[np.float32]:
    """Scale a crop to 48 rows (bilinear, no binarising) and to [-1, 1]; shape (48, width)."""
    grey = crop if crop.ndim == 2 else np.asarray(Image.fromarray(crop).convert("L"))
    height, width = grey.shape
    scaled = Image.fromarray(grey).resize(
        (max(1, round(width * HEIGHT_PX / height)), HEIGHT_PX), Image.Resampling.BILINEAR
    )
    return np.asarray(scaled, np.float32) / 127.5 - 1.0
