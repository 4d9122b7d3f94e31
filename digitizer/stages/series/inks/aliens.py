"""Take from a colour's coverage what it was given for want of a better colour.

Heaps of translucent markers have colours of their own that no palette holds. Beside a line their pixels go to
the line's colour, which explains least badly what they are, and lengthen its columns.
"""

from __future__ import annotations

import numpy as np

from digitizer.stages.pixels.channels import colors_at, total
from digitizer.stages.series.inks.ink import FloatImage, Ink
from digitizer.stages.series.inks.palette import Stroke

# A pixel is none of a colour's that leaves so much (RGB units, and times the noise) of it ...
ALIEN = 40.0
ALIEN_NOISE = 6.0
# ... and this share of its departure from the ground. Where a pixel is full of a colour, that lies on others.
ALIEN_SHARE = 0.6
FULL = 0.6


def without_aliens(ink: Ink, stroke: Stroke, alpha: FloatImage) -> FloatImage:
    """The coverage of a line of a stroke's colour: 0 where the colour explains little of the pixel."""
    at = np.flatnonzero((alpha > 0) & (alpha < FULL))
    ground = colors_at(ink.ground, at)
    departure = colors_at(ink.rgb, at) - ground
    step = stroke.color.astype(np.float32) - ground
    # Several layers of a colour are its own.
    share = np.maximum(total(departure * step) / np.maximum(total(np.square(step)), 1.0), 0.0)
    left = np.sqrt(total(np.square(departure - share[:, None] * step)))
    size = np.sqrt(total(np.square(departure)))
    alien = (left > max(ALIEN, ALIEN_NOISE * ink.noise)) & (left > ALIEN_SHARE * size)
    out = alpha.copy()
    np.put(out, at[alien], 0.0)
    return out
