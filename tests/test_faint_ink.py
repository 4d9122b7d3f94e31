"""Pale raw curves under their average: where compression hides them too well, the panel says so."""

from __future__ import annotations

import io

import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from chartscribe.api import digitize
from tests.charts import render

STEPS = np.linspace(0.0, 100_000.0, 125)


def draw(*, raw: bool) -> bytes:
    """A JPEG of an average of training rewards, with or without the raw curve."""
    rng = np.random.default_rng(4)
    course = 380.0 * (1.0 - np.exp(-STEPS / 22_000.0)) + 20.0
    noisy = course + rng.normal(0.0, 30.0, STEPS.size)
    average = np.convolve(np.pad(noisy, 4, mode="edge"), np.ones(9) / 9, mode="valid")

    def fill(figure: Figure) -> None:
        axes = figure.subplots()
        if raw:
            axes.plot(STEPS, noisy, color="red", linewidth=2, alpha=0.1)
        axes.plot(STEPS, average, color="red", linewidth=2, alpha=0.65, label="reward")
        axes.grid(color="gray", linewidth=1, alpha=0.2)
        axes.set(title="CartPole", xlabel="Timesteps", ylabel="Rewards")
        axes.legend()

    out = io.BytesIO()
    Image.fromarray(render(fill, size=(10, 6)).rgb).save(out, "jpeg", quality=75)
    return out.getvalue()


@pytest.mark.parametrize("raw", [False, True])
def test_a_pale_curve_that_was_missed_is_told(raw: bool) -> None:
    panel = digitize(draw(raw=raw)).panels[0]
    assert len(panel.series) == 1
    assert ("ink-faint" in {w.code for w in panel.warnings}) == raw
    assert (panel.status == "ok") != raw
