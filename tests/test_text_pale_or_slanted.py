"""Labels that are small and pale, or slanted and touch."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.axes import Axes
from test_text import draw, missed

from digitizer.ocr import Recogniser, load_recogniser
from digitizer.stages.text.read import read_text


@pytest.fixture(scope="module")
def recogniser() -> Recogniser:
    return load_recogniser("ppocr")


def test_slanted_labels_that_touch_are_parted(recogniser: Recogniser) -> None:
    def paint(axes: Axes) -> None:
        axes.plot(range(11), np.arange(11) % 4)
        names = [f"{50 * k},000" for k in range(1, 12)]
        axes.set_xticks(range(11), names, rotation=20, ha="right", fontsize=13)

    drawn = draw(paint, size=(7.3, 4.2))
    assert missed(drawn, read_text(drawn[0], drawn[1], recogniser)) == []


def test_small_pale_labels_are_read(recogniser: Recogniser) -> None:
    def paint(axes: Axes) -> None:
        axes.figure.set_facecolor("#f0f0f0")
        axes.set_facecolor("#f0f0f0")
        axes.bar(["BERT", "GPT-2", "T5", "LLaMA", "Mistral"], [118, 147, 133, 122, 90])
        axes.tick_params(labelsize=7, labelcolor="#b0b0b0")

    drawn = draw(paint)
    assert missed(drawn, read_text(drawn[0], drawn[1], recogniser)) == []
