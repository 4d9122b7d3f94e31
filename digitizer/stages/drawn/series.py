"""Put series onto the paths of the drawing that the picture was rendered from.

Which series there are the picture tells, with the legend; the paths say where each point is, and show what
other series cover.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from digitizer.drawing import DrawnPath
from digitizer.evidence import LegendEntry, PanelFrame, Trace
from digitizer.stages.axes.panel_axes import PanelAxes
from digitizer.stages.drawn.areas import place_bands, place_stems
from digitizer.stages.drawn.bars import complete_bars, place_bars, tell_order
from digitizer.stages.drawn.clouds import take_clouds
from digitizer.stages.drawn.errors import add_errors, place_errors, without_outlines
from digitizer.stages.drawn.lines import place_lines
from digitizer.stages.drawn.markers import find_forms, place_markers
from digitizer.stages.drawn.samples import without_boxed, without_samples
from digitizer.stages.drawn.unread import take_unread_lines


def take_drawn_series(
    traces: Sequence[tuple[Trace, ...]],
    axes: Sequence[PanelAxes],
    legends: Sequence[tuple[LegendEntry, ...]],
    drawn: Sequence[DrawnPath],
) -> tuple[tuple[Trace, ...], ...]:
    """Put the traces of all panels onto the paths they were drawn with; as they are where there are none.

    Parameters
    ----------
    traces : sequence of tuple of Trace
        The series of each panel as the picture shows them.
    axes : sequence of PanelAxes
        The panels, their frames on the drawing's strokes.
    legends : sequence of tuple of LegendEntry
        Their legends, whose samples are no data.
    drawn : sequence of DrawnPath
        The paths of the drawing, in pixels of the picture.
    """
    if not drawn:
        return tuple(traces)
    placed = []
    for own, panel, legend in zip(traces, axes, legends, strict=True):
        box = panel.frame.box
        inside = _inside(drawn, panel.frame, legend)
        own = tell_order(complete_bars(place_bars(own, inside), inside, box), inside)
        own = place_bands(own, inside)
        own = take_unread_lines(place_lines(own, inside, box), inside, box, legend)
        own = place_errors(without_outlines(own, inside, box), inside, box)
        own = take_clouds(place_markers(own, inside, box), inside, box)
        own = place_stems(own, inside)
        placed.append(add_errors(own, inside, box))
    return tuple(placed)


def _inside(drawn: Sequence[DrawnPath], frame: PanelFrame, legend: Sequence[LegendEntry]) -> list[DrawnPath]:
    """The paths that reach into a panel, without those of its legend."""
    found = [
        path
        for path in drawn
        if frame.box.overlaps(box := path.box)
        and np.isfinite([box.left, box.right, box.top, box.bottom]).all()
    ]
    found = without_boxed(found, frame)
    return without_samples(found, find_forms(found, frame.box), legend, 0.5 * frame.box.width)
