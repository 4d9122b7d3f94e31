"""What cannot be read is not told: charts with a piece of the plot covered; the width of the intervals."""

from __future__ import annotations

from io import BytesIO

import numpy as np
from PIL import Image

from benchmarks.interpretation.event_cases import Case, event_case
from benchmarks.interpretation.measure import Result, check_description
from benchmarks.interpretation.pixels import MOST_POINTS, draw_case, with_truth
from benchmarks.interpretation.scoring import Tally
from chartscribe.api import digitize
from digitizer.model import Figure
from interpret.describe import describe_figure

# The cover takes this share of the plot's width, over all of its height.
COVER_SHARE = 0.15
COVERED_FROM = 0.2, 0.65
# The normal quantile of an interval that holds the truth in 95 %, and how near a point is to a true one.
INTERVAL_95 = 1.96
NEAR_POINTS = 0.5


def measure_masked(result: Result, seed: int, n: int) -> None:
    """Describe each chart twice, whole and with a piece of the first panel covered."""
    for k in range(n):
        rng = np.random.default_rng([seed, 9, k])
        case = event_case(rng)
        while any(len(line.y) > MOST_POINTS for plot in case.plots for line in plot.lines):
            case = event_case(rng)
        picture = draw_case(case, rng)
        whole = digitize(picture, name=f"case_{k}.png")
        if not _is_found(whole, case):
            continue
        _cover_intervals(result, "intervals of 95 %: whole", whole, case)
        covered, first, last = _cover(picture, whole, float(rng.uniform(*COVERED_FROM)))
        figure = digitize(covered, name=f"case_{k}.png")
        if not _is_found(figure, case):
            result.add("masked: panels and series found", False)
            continue
        result.add("masked: panels and series found", True)
        x = figure.panels[0].series[0].x
        y = figure.panels[0].series[0].y
        step = 1.0
        inside = np.isfinite(y) & (x > first + step) & (x < last - step)
        result.add("masked: no point under the cover", not inside.any(), f"masked {k}: {int(inside.sum())}")
        _cover_intervals(result, "intervals of 95 %: masked", figure, case)
        own = Result()
        check_description(own, describe_figure(figure), with_truth(figure, case), f"masked {k}")
        sure = all(panel.status == "ok" for panel in figure.panels)
        result.add("masked: covered panel in doubt", figure.panels[0].status != "ok", f"masked {k}: ok")
        for name in ("sentences right", "documents without an error"):
            total = result.tallies.setdefault(f"masked{'' if sure else ', in doubt'}: {name}", Tally())
            total.good += own.tallies[name].good
            total.n += own.tallies[name].n
        result.notes += own.notes


def _is_found(figure: Figure, case: Case) -> bool:
    return len(figure.panels) == len(case.plots) and all(len(p.series) == 1 for p in figure.panels)


def _cover(picture: bytes, figure: Figure, at: float) -> tuple[bytes, float, float]:
    """The picture with a grey rectangle over the first panel, and the span of x that it hides."""
    panel = figure.panels[0]
    frame, limits = panel.frame, panel.x_axis.limits
    assert limits is not None
    image = Image.open(BytesIO(picture)).convert("RGB")
    width = frame.right - frame.left
    left = frame.left + at * width
    right = left + COVER_SHARE * width
    box = round(left), round(frame.top) + 2, round(right), round(frame.bottom) - 2
    image.paste((190, 190, 190), box)
    target = BytesIO()
    image.save(target, "png")
    low, high = float(limits[0]), float(limits[1])
    span = [low + (high - low) * (edge - frame.left) / width for edge in (left, right)]
    return target.getvalue(), span[0], span[1]


def _cover_intervals(result: Result, name: str, figure: Figure, case: Case) -> None:
    """Whether the true value of each point lies inside its interval of 95 %."""
    total = result.tallies.setdefault(name, Tally())
    for panel, plot in zip(figure.panels, case.plots, strict=True):
        (series,), (line,) = panel.series, plot.lines
        if panel.status != "ok":
            continue
        at = np.arange(len(line.y)) if line.x is None else np.asarray(line.x, dtype=float)
        for x, y, sigma in zip(series.x, series.y, series.y_sigma, strict=True):
            nearest = int(np.argmin(abs(at - x)))
            if np.isfinite(y) and np.isfinite(sigma) and abs(at[nearest] - x) < NEAR_POINTS:
                total.add(abs(y - float(line.y[nearest])) <= INTERVAL_95 * sigma)
