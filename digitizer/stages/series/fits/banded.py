"""Systems of equations with a narrow symmetric band, solved by LAPACK.

All of ``scipy.linalg`` takes a quarter of a second to import, and the two functions needed of it lie in one
file of it that takes five milliseconds.
"""

from __future__ import annotations

import contextlib
import sys
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from pathlib import Path
from typing import Any

import numpy as np
import scipy

from digitizer.evidence import FloatArray

_NAME = "scipy.linalg._flapack"


def solve_banded(band: FloatArray, right: FloatArray) -> FloatArray:
    """Solve a symmetric, positive definite system.

    Parameters
    ----------
    band : ndarray, shape (u + 1, n)
        The diagonal (last) and the u bands above it, the outermost first; each ends in the last column.
    right : ndarray, shape (n,) or (n, m)
        The right sides.

    Raises
    ------
    numpy.linalg.LinAlgError
        The matrix is not positive definite.
    ValueError
        Some numbers are not finite.
    """
    band, right = np.asarray_chkfinite(band), np.asarray_chkfinite(right)
    if len(band) == 2:
        *_, solved, info = _LAPACK.dptsv(band[1], band[0, 1:], right)
    else:
        *_, solved, info = _LAPACK.dpbsv(band, right)
    if info:
        raise np.linalg.LinAlgError(f"leading minor {info} is not positive definite")
    return np.asarray(solved, dtype=np.float64)


def _load() -> Any:
    """SciPy's LAPACK functions, without all else where that can be."""
    spec = None
    if "scipy.linalg" not in sys.modules:
        spec = PathFinder.find_spec(_NAME, [str(Path(path) / "linalg") for path in scipy.__path__])
    if spec is not None and spec.loader is not None:
        # Where SciPy is built otherwise, its front door is open.
        with contextlib.suppress(ImportError, AttributeError):
            module = module_from_spec(spec)
            spec.loader.exec_module(module)
            if hasattr(module, "dptsv") and hasattr(module, "dpbsv"):
                return module
    from scipy.linalg import lapack

    return lapack


_LAPACK = _load()
