"""Colours that a legend repeats are told by the order of the curves."""

from __future__ import annotations

import numpy as np
import pytest

from digitizer.evidence import Box, LegendEntry, TextSpan, Trace
from digitizer.stages.legend.naming import bind_names

PALETTE = [(12, 93, 165), (0, 185, 69), (255, 149, 0), (255, 44, 0), (132, 91, 151)]


def entry(k: int, n_colors: int) -> LegendEntry:
    box = Box(left=60, right=80, top=20 + 15 * k, bottom=29 + 15 * k)
    text = TextSpan(box=box, text=str(k), confidence=0.99)
    return LegendEntry(text=text, swatch=None, color=PALETTE[k % n_colors], line_style="solid", marker="none")


def curve(k: int, height: float, n_colors: int) -> Trace:
    x = np.arange(50.0, 450.0)
    return Trace(
        kind="line",
        color=PALETTE[k % n_colors],
        x_px=x,
        y_px=250.0 - height * (x - 50.0) / 10.0,
        sigma_px=np.full(x.size, 0.1),
        sampled_at="columns",
        line_style="solid",
        line_width_px=2.0,
    )


@pytest.mark.parametrize("seed", range(4))
def test_repeated_colours_follow_the_order_of_the_others(seed: int) -> None:
    shuffled = np.random.default_rng(seed).permutation(7)
    traces = [curve(k, 0.8 * k, 5) for k in shuffled]
    names = bind_names(traces, [entry(k, 5) for k in range(7)])
    assert names == tuple(str(k) for k in shuffled)


def test_of_two_entries_of_one_colour_the_nearer_one_is_taken() -> None:
    # The curve of entry 6 was not found.
    traces = [curve(k, -0.8 * k, 5) for k in range(6)]
    assert bind_names(traces, [entry(k, 5) for k in range(7)]) == ("0", "1", "2", "3", "4", "5")


def test_lines_in_no_order_keep_what_their_looks_gave() -> None:
    heights = [0.0, 3.0, 1.0, 4.0, 2.0]
    traces = [curve(k, heights[k], 5) for k in range(5)]
    assert bind_names(traces, [entry(k, 5) for k in range(5)]) == ("0", "1", "2", "3", "4")
