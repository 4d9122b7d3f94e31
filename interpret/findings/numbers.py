"""Print numbers with the digits that their uncertainty carries."""

from __future__ import annotations

import math

# Printed plainly between these; else in powers of ten.
SMALLEST_PLAIN = 1e-4
LARGEST_PLAIN = 1e9
MOST_DECIMALS = 10
# Values read to 0.0002 are told to 0.001: four decimals of a reward tire the reader and are not sure.
CARRIED = 0.2


def decimals_for(sigma: float) -> int:
    """Decimals such that the last digit is worth 0.6 to 6 sigma; negative: rounded to tens and more."""
    if not math.isfinite(sigma) or sigma <= 0:
        return MOST_DECIMALS
    return max(-12, min(MOST_DECIMALS, -math.ceil(math.log10(sigma) - CARRIED)))


def print_number(value: float, decimals: int) -> str:
    """Print a value, rounded to ``decimals`` (negative: to tens and more); "-0" is "0"."""
    if not math.isfinite(value):
        return "unknown"
    rounded = round(value, decimals)
    if rounded == 0:
        return "0"
    if abs(rounded) >= LARGEST_PLAIN or abs(rounded) < SMALLEST_PLAIN:
        digits = max(0, min(6, decimals + math.floor(math.log10(abs(rounded)))))
        return f"{rounded:.{digits}e}"
    text = f"{rounded:.{max(0, decimals)}f}"
    return "0" if text.strip("-0.") == "" else text


def print_share(share: float) -> str:
    """Print a fraction as a whole percentage, small ones with one decimal."""
    percent = 100 * share
    if 0 < abs(percent) < 2:
        return f"{percent:.1f}%"
    return f"{percent:.0f}%"


def share_value(printed: str) -> float:
    """The fraction that a printed percentage stands for."""
    return round(float(printed.rstrip("%")) / 100, 6)


def spacing_decimals(spacing: float) -> int:
    """Decimals for positions along x that lie so far apart."""
    if not math.isfinite(spacing) or spacing <= 0:
        return 3
    return max(-12, min(MOST_DECIMALS, -math.floor(math.log10(spacing * 1.05) + 1e-9)))
