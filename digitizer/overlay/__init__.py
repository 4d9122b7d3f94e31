"""Draw what was read over the paled source, so that a person can check it in five seconds."""

from digitizer.overlay.draw import draw_overlay
from digitizer.overlay.png import encode_png

__all__ = ["draw_overlay", "encode_png"]
