"""Correct what was read of a tick, and calibrate again without looking at the picture."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from digitizer.evidence import AxisEvidence, Extraction
from digitizer.stages.axes.calibration import calibrate_axis


def correct_tick(
    extraction: Extraction, *, panel: int, axis: Literal["x", "y", "y2"], tick: int, text: str
) -> Extraction:
    """Replace the text of one tick label and fit that axis' scale again.

    Parameters
    ----------
    extraction : Extraction
        The pixel evidence of a figure.
    panel : int
        Index of the panel.
    axis : {"x", "y", "y2"}
        The axis whose label was misread.
    tick : int
        Index of the label among the axis' labels, by rising pixel.
    text : str
        What is printed.

    Raises
    ------
    ValueError
        Where there is no such panel, axis or tick.
    """
    if not 0 <= panel < len(extraction.panels):
        raise ValueError(f"panel must be below {len(extraction.panels)}, not {panel}")
    evidence = extraction.panels[panel]
    found: AxisEvidence | None = getattr(evidence, f"{axis}_axis")
    if found is None:
        raise ValueError(f"panel {panel} has no {axis} axis whose tick could be corrected")
    if not 0 <= tick < len(found.labels):
        raise ValueError(f"tick must be below {len(found.labels)}, not {tick}")
    labels = tuple(
        replace(span, text=text, confidence=1.0) if k == tick else span for k, span in enumerate(found.labels)
    )
    corrected = replace(found, labels=labels)
    scale = calibrate_axis(corrected)
    if axis == "x":
        evidence = replace(evidence, x_axis=corrected, x_scale=scale)
    elif axis == "y":
        evidence = replace(evidence, y_axis=corrected, y_scale=scale)
    else:
        evidence = replace(evidence, y2_axis=corrected, y2_scale=scale)
    panels = tuple(evidence if k == panel else p for k, p in enumerate(extraction.panels))
    return replace(extraction, panels=panels)
