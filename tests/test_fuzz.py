"""Degraded pictures: whatever comes in, an answer or InputError comes out; truth moves with the picture."""

from __future__ import annotations

import tracemalloc
from functools import cache
from io import BytesIO

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure
from PIL import Image

import chartscribe
from digitizer.evidence import Picture
from digitizer.model import Figure as Reading
from digitizer.ocr import load_recogniser
from digitizer.stages.text.read import read_text
from fixtures.degrade import DEGRADATIONS, scale_truth
from tests.charts import render

# About half a second each, with overlay and description.
N_EXAMPLES = 18
# Large pictures are for the long run (benchmarks/fuzz.py).
LARGEST_READ_PX = 500


@cache
def charts() -> tuple[Image.Image, ...]:
    def lines(figure: Figure) -> None:
        axes = figure.subplots()
        x = np.arange(20)
        axes.plot(x, np.sin(x / 3), marker="o", label="sine")
        axes.plot(x, np.cos(x / 4), "--", label="cosine")
        axes.set(xlabel="Time", ylabel="Level", title="Two waves")
        axes.legend()

    def panels(figure: Figure) -> None:
        left, right = figure.subplots(1, 2)
        left.bar(["a", "b", "c"], [3, 5, 2])
        right.semilogy([1, 2, 3, 4], [1e-3, 1e-1, 3, 200], "k.")
        right.grid(True)

    pictures = [render(draw, size=(3.6, 2.6)) for draw in (lines, panels)]
    return tuple(Image.fromarray(np.array(picture.rgb)) for picture in pictures)


@settings(
    max_examples=N_EXAMPLES,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],  # a failing picture is small already
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(
    chart=st.integers(0, 1),
    names=st.lists(st.sampled_from([d.name for d in DEGRADATIONS]), min_size=1, max_size=2),
    seed=st.integers(0, 2**32 - 1),
)
@example(chart=1, names=["noise", "inversion"], seed=192515)
def test_no_degraded_picture_raises_anything_but_input_errors(
    chart: int, names: list[str], seed: int
) -> None:
    image, content = charts()[chart], b""
    rng = np.random.default_rng(seed)
    for name in names:
        (degradation,) = (d for d in DEGRADATIONS if d.name == name)
        content = degradation.spoil(image, rng)
        try:
            with Image.open(BytesIO(content)) as opened:
                image = opened.convert("RGB")
        except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
            break  # this one cannot be spoilt any further
        image.thumbnail((LARGEST_READ_PX, LARGEST_READ_PX))
        if name != "bit flips":
            out = BytesIO()
            image.save(out, format="PNG")
            content = out.getvalue()
    try:
        figure = chartscribe.digitize(content)
    except chartscribe.InputError:
        return
    assert isinstance(figure, Reading)
    figure.overlay()
    document = chartscribe.load_document(figure.to_dict())
    assert chartscribe.describe(document).to_markdown()


def test_the_truth_moves_with_a_rescaled_picture() -> None:
    truth = {
        "source": {"width": 100, "height": 50},
        "panels": [
            {
                "frame": {"left": 10, "top": 5, "right": 90, "bottom": 45},
                "x_axis": {"ticks": [{"pixel": 10, "value": 0}, {"value": 1}], "limits": [0, 1]},
                "y_axis": {"ticks": []},
            },
            {"frame": None},
        ],
    }
    moved = scale_truth(truth, 300, 100)
    assert moved["source"] == {"width": 300, "height": 100}
    assert moved["panels"][0]["frame"] == pytest.approx(
        {"left": 31, "top": 10.5, "right": 271, "bottom": 90.5}
    )
    assert moved["panels"][0]["x_axis"]["ticks"] == [{"pixel": 31, "value": 0}, {"value": 1}]
    assert moved["panels"][1] == {"frame": None}
    assert truth["panels"][0]["frame"]["left"] == 10  # type: ignore[index]


def test_specks_without_number_do_not_fill_the_memory() -> None:
    rng = np.random.default_rng(3)
    rgb = np.full((700, 900, 3), 255, np.uint8)
    rgb[5:-5:7, 5:-5:7] = rng.integers(0, 120, (99, 128, 1))
    rgb[6:-5:7, 5:-5:7] = 60
    picture = Picture(name="specks", sha256="", rgb=np.repeat(np.repeat(rgb, 2, axis=0), 2, axis=1))
    tracemalloc.start()
    spans = read_text(picture, (), load_recogniser("ppocr"))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert isinstance(spans, tuple)
    assert peak < 600e6  # all pairs of twelve thousand specks: 1,300 MB a table
