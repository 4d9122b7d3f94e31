"""Lines that run into a corner of their frame: its top or bottom hides the last pixels of flat ones."""

from __future__ import annotations

from digitizer.evidence import PanelFrame, Trace

# Beside both strokes' half widths a line is as good as hidden in so many (px): of a black one in a black
# frame the last 5 and 6 px were missing, from 2 px below the top's middle.
HIDDEN_PX = 1.5
# What is missing is no longer than this (px), else the line may as well end there.
LONGEST_PX = 12.0
# Where a line comes within this (px) of a corner it goes on into it.
CORNER_PX = 1.0
# Limits are tight at both ends or at none: a line that begins farther (px) from one side ends before the
# other.
TIGHT_PX = 3.0


def runs_into_corner(
    trace: Trace, frame: PanelFrame, side: int, end: tuple[float, float], tip: float
) -> bool:
    """Whether a line was lost beside the top or the bottom on its way to a corner.

    Parameters
    ----------
    trace, frame
        The line, and the panel (source px).
    side
        Whether the corner is one on the left (-1) or on the right (1).
    end
        Where the line is seen last.
    tip
        How steep it is there (px per px).
    """
    box, (x, y) = frame.box, end
    other, at = (box.right, box.left) if side < 0 else (box.left, box.right)
    begins = max(side * (other - trace.x_px)) >= -TIGHT_PX
    hides = (frame.line_width + trace.line_width_px) / 2 + HIDDEN_PX
    rise = tip * (at - x)
    return (
        begins
        and abs(at - x) <= LONGEST_PX
        and any(
            name in frame.sides
            and abs(y - level) <= hides
            and outward > 0.0
            and abs(y + rise - level) <= CORNER_PX
            for name, level, outward in (("top", box.top, -rise), ("bottom", box.bottom, rise))
        )
    )
