"""Bind legend entries to traces by colour, line style and marker together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from digitizer.colors import to_lab
from digitizer.evidence import LegendEntry, Trace
from digitizer.stages._assignment import assign_least

# Colours of one series agree to about this Lab distance (JPEG quality 75: 8; alpha-blended samples: 15).
COLOR_SCALE = 18.0
# Beyond this cost entry and trace are not of one series.
MAX_COST = 2.2
MAX_BAND_COST = 1.0


def bind_names(traces: Sequence[Trace], legend: Sequence[LegendEntry]) -> tuple[str | None, ...]:
    """Give each trace the text of the legend entry that looks like it, or None."""
    if not traces or not legend:
        return (None,) * len(traces)
    cost = np.array([[_cost(trace, entry) for entry in legend] for trace in traces])
    names: list[str | None] = [None] * len(traces)
    taken: set[int] = set()
    # Legends list lines; a band goes by an entry that no line has and whose sample is the fill.
    for is_band, most in ((False, MAX_COST), (True, MAX_BAND_COST)):
        rows = [i for i, trace in enumerate(traces) if (trace.kind == "band") == is_band]
        columns = [j for j in range(len(legend)) if j not in taken]
        if not rows or not columns:
            continue
        for i, j in assign_least(cost[np.ix_(rows, columns)]):
            if cost[rows[i], columns[j]] <= most:
                names[rows[i]] = legend[columns[j]].text.text
                taken.add(columns[j])
    return tuple(names)


def n_listed(traces: Sequence[Trace], names: Sequence[str | None]) -> int:
    """How many of the traces a legend should list: all but the bands around lines."""
    return sum(trace.kind != "band" or name is not None for trace, name in zip(traces, names, strict=True))


def _cost(trace: Trace, entry: LegendEntry) -> float:
    if entry.color is None:
        return MAX_COST
    colors = to_lab(np.array([trace.color, entry.color], dtype=np.float64))
    cost = float(np.linalg.norm(colors[0] - colors[1])) / COLOR_SCALE
    if (trace.marker == "none") != (entry.marker == "none"):
        cost += 0.5
    elif trace.marker != entry.marker:
        cost += 0.3
    if (trace.line_style == "none") != (entry.line_style == "none"):
        cost += 0.5
    elif trace.line_style != entry.line_style:
        cost += 0.3
    return cost
