"""Where tick labels stand inside a panel: beside axis lines within it, and at the end of its grid lines."""

from __future__ import annotations

from dataclasses import replace

from digitizer.evidence import Box, PanelFrame

# Labels of axis lines within a panel stand within this share of it, and so many pixels, of them.
BAND_SHARE, BAND_PX = 0.08, 12.0


def inner_bands(frame: PanelFrame) -> tuple[Box, ...]:
    """The strips within a panel where tick labels stand (px)."""
    box, bands = frame.box, []
    if frame.x_line is not None:
        reach = BAND_SHARE * box.height + BAND_PX
        bands.append(replace(box, top=frame.x_line, bottom=frame.x_line + reach))
    if frame.y_line is not None:
        reach = BAND_SHARE * box.width + BAND_PX
        bands.append(replace(box, left=frame.y_line - reach, right=frame.y_line))
    if frame.perched is not None:
        bands.append(replace(box, left=frame.perched[1], right=frame.perched[2]))
    return tuple(bands)
