"""Both text recognisers, really run on drawn labels."""

from __future__ import annotations

import shutil
from pathlib import Path

import matplotlib
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from digitizer.ocr import Reading, RecogniserError, load_recogniser
from digitizer.ocr.ppocr import PaddleRecogniser

FONTS = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
NUMBERS = ["0", "7", "0.002", "-1.5", "120", "250", "20k", "85%", "$12", "3.14159", "-0.75"]
TEXTS = ["Validation loss", "Epoch", "train/box_loss", "mAP50-95(B)", "Time [s]"]


def draw_label(
    text: str, *, size: int = 16, dark: bool = False, font: str = "DejaVuSans.ttf"
) -> NDArray[np.uint8]:
    """An ink-tight crop with a rim of one pixel, as the text stage cuts it."""
    face = ImageFont.truetype(str(FONTS / font), size)
    left, top, right, bottom = face.getbbox(text)
    image = Image.new("L", (int(right - left) + 2, int(bottom - top) + 2), 0 if dark else 255)
    ImageDraw.Draw(image).text((1 - left, 1 - top), text, font=face, fill=255 if dark else 0)
    return np.asarray(image)


@pytest.fixture(scope="module")
def paddle() -> PaddleRecogniser:
    return PaddleRecogniser()


@pytest.mark.parametrize("size", [10, 11, 13, 16, 24])
def test_paddle_is_sure_of_a_lone_letter_whose_case_is_open(paddle: PaddleRecogniser, size: int) -> None:
    for letter in "xz":
        (reading,) = paddle.read([draw_label(letter, size=size, font="DejaVuSans-Bold.ttf")])
        assert reading.text.lower() == letter
        assert reading.confidence > 0.9


@pytest.mark.parametrize("size", [13, 16, 24])
def test_paddle_reads_numbers_exactly(paddle: PaddleRecogniser, size: int) -> None:
    readings = paddle.read([draw_label(text, size=size) for text in NUMBERS])
    assert [reading.text.replace("−", "-") for reading in readings] == NUMBERS


def test_paddle_reads_words_on_light_and_dark(paddle: PaddleRecogniser) -> None:
    light = paddle.read([draw_label(text) for text in TEXTS])
    dark = paddle.read([draw_label(text, dark=True) for text in TEXTS])
    assert [reading.text for reading in light] == TEXTS
    assert [reading.text for reading in dark] == TEXTS


def test_paddle_is_deterministic_and_keeps_the_order(paddle: PaddleRecogniser) -> None:
    crops = [draw_label(text) for text in NUMBERS + TEXTS]
    first, second = paddle.read(crops), paddle.read(crops)
    assert first == second
    assert paddle.read(crops[::-1])[::-1] == first
    assert [paddle.read([crop])[0] for crop in crops] == first


def test_paddle_reads_colour_as_grey(paddle: PaddleRecogniser) -> None:
    grey = draw_label("0.25")
    assert paddle.read([np.dstack([grey] * 3)]) == paddle.read([grey])


def test_paddle_says_where_each_character_is(paddle: PaddleRecogniser) -> None:
    (reading,) = paddle.read([draw_label("0.002")])
    assert len(reading.positions) == len(reading.text)
    assert list(reading.positions) == sorted(reading.positions)
    assert 0 < reading.positions[0] < 0.3 < 0.7 < reading.positions[-1] < 1


def test_paddle_loads_the_small_model_only_when_unsure() -> None:
    recogniser = PaddleRecogniser()
    recogniser.read([draw_label("120"), draw_label("0.5")])
    assert recogniser._small is None
    assert recogniser.read([draw_label("Q1 µs", size=7)])[0].text
    assert recogniser._small is not None


@pytest.mark.parametrize(
    ("text", "confidence", "least", "asked"),
    [
        ("Train Reward vs Step", 0.975, 0.93, False),
        ("Jon", 0.93, 0.83, True),
        ("LosS", 0.975, 0.62, True),
        ("naIve", 0.95, 0.83, True),
        ("ResNet 1g", 0.95, 0.83, True),
        ("1.60", 0.93, 0.85, False),
        ("1.60", 0.93, 0.7, True),
        ("6.000", 0.943, 0.9, True),
        ("10⁻6", 0.97, 0.94, True),
        ("%)", 0.99, 0.98, False),
    ],
)
def test_paddle_asks_the_small_model_by_the_least_sure_character(
    monkeypatch: pytest.MonkeyPatch, text: str, confidence: float, least: float, asked: bool
) -> None:
    recogniser, calls = PaddleRecogniser(), []
    monkeypatch.setattr(recogniser._tiny, "read", lambda line: (Reading(text, confidence), least))
    recogniser._small = recogniser._tiny.__class__("small")
    monkeypatch.setattr(
        recogniser._small, "read", lambda line: calls.append(line) or (Reading(text, 0.99), 0.99)
    )
    (reading,) = recogniser.read([draw_label("any")])
    assert bool(calls) is asked
    assert reading.confidence == (0.99 if asked else confidence)


def test_paddle_says_how_sure_the_least_sure_character_is(paddle: PaddleRecogniser) -> None:
    columns = np.full((5, len(paddle._tiny._characters)), 0.0)
    a, space = paddle._tiny._characters.index("a"), len(paddle._tiny._characters) - 1
    columns[[0, 2, 4], [a, space, a]] = 0.9, 0.5, 0.8
    columns[[1, 3], 0] = 1.0
    reading, least = paddle._tiny._decode(columns, 1.0)
    assert (reading.text, least) == ("a a", 0.8)
    assert reading.confidence == pytest.approx(0.7333)


def test_paddle_reads_equal_crops_once(monkeypatch: pytest.MonkeyPatch, paddle: PaddleRecogniser) -> None:
    read, calls = paddle._tiny.read, []
    monkeypatch.setattr(paddle._tiny, "read", lambda line: calls.append(line.shape) or read(line))
    zero, one = draw_label("0"), draw_label("1")
    readings = paddle.read([zero, one, zero.copy(), zero])
    assert [reading.text for reading in readings] == ["0", "1", "0", "0"]
    assert len(calls) == 2


def test_paddle_asks_the_small_model_for_no_stroke() -> None:
    recogniser = PaddleRecogniser()
    stroke = np.full((9, 40), 255, np.uint8)
    stroke[4, 2:38] = 0
    (reading,) = recogniser.read([stroke])
    assert recogniser._small is None
    assert reading.confidence < 0.45


def test_paddle_keeps_the_other_reading_where_the_two_differ(paddle: PaddleRecogniser) -> None:
    readings = paddle.read([draw_label(text, size=7) for text in ("1e6", "Q1 µs", "l0O", "α = 3°")])
    assert any(reading.alternative is not None for reading in readings)
    assert all(reading.alternative != reading.text for reading in readings)


def test_reading_nothing_reads_nothing(paddle: PaddleRecogniser) -> None:
    assert paddle.read([]) == []
    (blank,) = paddle.read([np.full((12, 30), 255, np.uint8)])
    assert blank.text == ""


def test_unknown_engines_are_refused() -> None:
    with pytest.raises(ValueError, match="'ppocr' or 'tesseract'"):
        load_recogniser("easy")  # type: ignore[arg-type]


def test_a_missing_program_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    import pytesseract

    monkeypatch.setattr(pytesseract.pytesseract, "tesseract_cmd", "no-such-tesseract")
    with pytest.raises(RecogniserError, match="install tesseract-ocr") as caught:
        load_recogniser("tesseract")
    assert "\n" not in str(caught.value)


@pytest.mark.skipif(shutil.which("tesseract") is None, reason="the program tesseract is not installed")
def test_tesseract_reads_a_list_of_crops_in_one_call() -> None:
    recogniser = load_recogniser("tesseract")
    assert recogniser.name == "tesseract"
    expected = ["0.002", "120", "85%", "Validation loss", "Epoch"]
    readings = recogniser.read([draw_label(text) for text in expected])
    assert [reading.text for reading in readings] == expected
    assert all(0.5 < reading.confidence <= 1 for reading in readings)
    assert recogniser.read([]) == []


def test_readings_are_values() -> None:
    assert Reading("1", 0.5) == Reading("1", 0.5)
    with pytest.raises(AttributeError):
        Reading("1", 0.5).text = "2"  # type: ignore[misc]
