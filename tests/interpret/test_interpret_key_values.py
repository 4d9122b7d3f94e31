"""Values at selected places: those at the ticks, and both ends."""

from dataclasses import replace

import numpy as np
from interpret_charts import line_figure

from digitizer.model import Figure, Tick
from interpret.describe import describe_figure


def ticked(n: int, gap: int) -> Figure:
    figure = line_figure(np.linspace(3.0, 1.0, n) ** 2, labels=("Loss",))
    (panel,) = figure.panels
    ticks = tuple(Tick(pixel=float(at), text=str(at), value=float(at)) for at in range(0, n, gap))
    return replace(figure, panels=(replace(panel, x_axis=replace(panel.x_axis, ticks=ticks)),))


def places(figure: Figure) -> list[float]:
    (found,) = [f for f in describe_figure(figure).findings if "x0" in f.evidence]
    return [float(value) for key, value in found.evidence.items() if key.startswith("x")]


def test_a_tick_beside_an_end_is_not_told_beside_it() -> None:
    # The last tick, 400, lies two points before the end: both would say the same.
    assert places(ticked(403, 100)) == [0, 50, 100, 150, 200, 250, 300, 350, 402]


def test_a_tick_that_lies_off_the_end_is_told() -> None:
    assert places(ticked(421, 100))[-2:] == [400, 420]
