"""Years under a panel without a title are what a sibling's title says of the same years."""

from __future__ import annotations

import io

import matplotlib.pyplot as plt
import pytest

import chartscribe


@pytest.mark.parametrize(("title", "scale"), [("Year", "linear"), ("Date", "date"), (None, "linear")])
def test_an_untitled_axis_of_years_is_read_as_its_sibling(title: str | None, scale: str) -> None:
    figure, (upper, lower) = plt.subplots(2, figsize=(6.1, 6.3), dpi=100)
    years = range(1960, 2019, 4)
    upper.plot(years, [(k % 5) * 3.1 + k for k in range(len(years))])
    lower.plot(years, [40 - (k % 4) * 2.3 - k for k in range(len(years))])
    if title is not None:
        lower.set_xlabel(title)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    plt.close(figure)
    panels = chartscribe.digitize(buffer.getvalue()).panels
    assert [panel.x_axis.scale for panel in panels] == [scale, scale]
    codes = [w.code for panel in panels for w in panel.warnings]
    assert ("axis-kind-unproven" in codes) == (title is None)
