"""One dashed line of steep swings is followed from end to end, though its dashes fall into two rows."""

from __future__ import annotations

import io

import matplotlib.pyplot as plt
import numpy as np
import pytest

from chartscribe import digitize


@pytest.mark.parametrize("seed", [0, 7])
def test_a_listed_dashed_line_of_steep_swings_keeps_its_ends(seed: int) -> None:
    rng = np.random.default_rng(seed)
    y = np.convolve(rng.standard_normal(200), np.hanning(9), "same")[10:-10]
    y -= np.convolve(y, np.ones(40) / 40, "same")
    fig, ax = plt.subplots(figsize=(6.4, 4.8), dpi=100)
    ax.plot(y, "r--", label="cycle")
    ax.set_xlim(0, y.size - 1)
    ax.legend(loc="upper left")
    png = io.BytesIO()
    fig.savefig(png)
    plt.close(fig)
    (series,) = digitize(png.getvalue(), name="cycle").panels[0].series
    places = [x for x, value in zip(series.x, series.y, strict=True) if value is not None]
    assert min(places) < 2
    assert max(places) > y.size - 3
