"""Plain English words for colours, by distance in CIELAB."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

# Where people put the words: the CSS colour of the name, CSS colours that are a kind of it (crimson and
# firebrick are red, royal, steel and dodger blue are blue, indigo is purple, sienna is brown) and the shades
# that the common chart palettes (Matplotlib, ColorBrewer, ggplot2, Plotly, ECharts, Office) use for it.
_PROTOTYPES: dict[str, tuple[str, ...]] = {
    "black": ("000000", "1a1a1a", "262626"),
    "white": ("ffffff",),
    "gray": ("808080", "7f7f7f", "a0a0a0", "c7c7c7", "555555"),
    "red": ("ff0000", "d62728", "e41a1c", "c44e52", "8b0000", "e45756", "f8766d", "dc143c", "b22222"),
    "orange": ("ffa500", "ff7f0e", "ff7f00", "dd8452", "e69f00", "d95f02", "f58518"),
    "yellow": ("ffff00", "ffd700", "eeca3b", "feffb3"),
    "olive": ("808000", "bcbd22"),
    "green": (
        "008000",
        "00c000",
        "2ca02c",
        "4daf4a",
        "55a868",
        "1b9e77",
        "009e73",
        "54a24b",
        "00ba38",
        "91cc75",
        "7cae00",
    ),
    "teal": ("008080", "479e9e", "66c2a5"),
    "cyan": ("00ffff", "17becf", "00bfc4", "4bc0c0"),
    "blue": (
        "0000ff",
        "1f77b4",
        "377eb8",
        "4c72b0",
        "0072b2",
        "56b4e9",
        "4c78a8",
        "619cff",
        "636efa",
        "4169e1",
        "4682b4",
        "1e90ff",
        "5470c6",
    ),
    "navy": ("000080",),
    "purple": ("800080", "9467bd", "984ea3", "8172b3", "7570b3", "c77cff", "ab63fa", "4b0082"),
    "magenta": ("ff00ff",),
    "pink": ("ffc0cb", "e377c2", "f781bf", "ff69b4"),
    "brown": ("8c564b", "a65628", "937860", "a52a2a", "a0522d"),
}


def to_lab(rgb: NDArray[np.float64]) -> NDArray[np.float64]:
    """Carry sRGB (values 0-255, last axis 3) to CIELAB (D65)."""
    c = np.asarray(rgb, dtype=np.float64) / 255
    c = np.where(c > 0.04045, ((c + 0.055) / 1.055) ** 2.4, c / 12.92)
    matrix = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    xyz = c @ matrix.T / np.array([0.9505, 1.0, 1.089])
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.stack(
        [116 * f[..., 1] - 16, 500 * (f[..., 0] - f[..., 1]), 200 * (f[..., 1] - f[..., 2])], axis=-1
    )


def to_hex(rgb: tuple[int, int, int]) -> str:
    """Write a colour as #rrggbb."""
    return "#{:02x}{:02x}{:02x}".format(*rgb)


def name_color(rgb: tuple[int, int, int]) -> str:
    """Name a colour with one plain word."""
    words, table = _table()
    lab = to_lab(np.array(rgb, dtype=np.float64))
    return words[int(np.argmin(np.linalg.norm(table - lab, axis=1)))]


def tell_blend(color: ArrayLike, full: ArrayLike, ground: ArrayLike) -> tuple[float, float]:
    """How much of a full colour lies over the ground where both make a third one, and how far off that it is.

    Parameters
    ----------
    color, full, ground : array_like, shape (3,)
        RGB, 0 to 255.

    Returns
    -------
    share, off : float
        The nearest point on the way from ``ground`` (0) to ``full`` (1), and how far it is (RGB units).
    """
    way, step = (np.asarray(np.subtract(c, ground), dtype=np.float64) for c in (full, color))
    share = float(step @ way) / max(float(way @ way), 1.0)
    return share, float(np.linalg.norm(step - share * way))


@lru_cache(maxsize=1)
def _table() -> tuple[tuple[str, ...], NDArray[np.float64]]:
    words = tuple(word for word, shades in _PROTOTYPES.items() for _ in shades)
    rgb = [[int(s[i : i + 2], 16) for i in (0, 2, 4)] for shades in _PROTOTYPES.values() for s in shades]
    return words, to_lab(np.array(rgb, dtype=np.float64))
