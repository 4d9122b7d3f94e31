"""Round numbers, as axes and steps have them."""

from __future__ import annotations

import numpy as np


def round_units(most: float, least: float) -> list[float]:
    """Round numbers (1, 2 or 5 times a power of ten) from ``most`` down to ``least``."""
    if not 0 < least <= most:
        return []
    decades = range(int(np.floor(np.log10(most))), int(np.floor(np.log10(least))) - 1, -1)
    return [m * 10.0**d for d in decades for m in (5, 2, 1) if least <= m * 10.0**d <= most]
