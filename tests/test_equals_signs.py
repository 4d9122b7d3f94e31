"""Equals signs are signs between letters: no words that read upwards, and no more letters of a short text."""

from __future__ import annotations

import io

import matplotlib.pyplot as plt
import numpy as np
import pytest
from PIL import Image

import chartscribe


@pytest.mark.parametrize("quality", [75, 90])
def test_names_with_an_equals_sign_are_read_whole(quality: int) -> None:
    fig, ax = plt.subplots(figsize=(4.7, 4.2), dpi=100)
    x = np.linspace(0, 12, 10)
    for k, color in ((10, "#4c72b0"), (20, "#dd8452"), (50, "#55a868")):
        ax.plot(x, np.exp(-x * k / 200), color=color, label=f"k = {k}")
    ax.legend(frameon=False, fontsize=13)
    buffer = io.BytesIO()
    fig.savefig(buffer, format="png")
    plt.close(fig)
    jpeg = io.BytesIO()
    Image.open(buffer).convert("RGB").save(jpeg, "JPEG", quality=quality)
    (panel,) = chartscribe.digitize(np.asarray(Image.open(jpeg))).panels
    names = {(series.name or "").replace(" ", "") for series in panel.series}
    assert names == {"k=10", "k=20", "k=50"}


def test_a_letter_and_a_digit_around_an_equals_sign_are_no_corner_of_a_curve() -> None:
    fig, ax = plt.subplots(figsize=(5.2, 4.2), dpi=100)
    x = np.logspace(0, 4, 9)
    for k, marker in ((2, "o"), (4, "s"), (8, "^")):
        ax.loglog(x, 100.0 * x ** (-1.0 / k), marker=marker, label=f"k = {k}")
    ax.legend(fontsize=12, facecolor="#f7f7f2")
    ax.set_facecolor("#f7f7f2")
    buffer = io.BytesIO()
    fig.savefig(buffer, format="png")
    plt.close(fig)
    (panel,) = chartscribe.digitize(buffer.getvalue()).panels
    assert {series.name for series in panel.series} == {"k = 2", "k = 4", "k = 8"}
