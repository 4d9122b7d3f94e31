"""What stands in for parts of SciPy that take long to import."""

import math
import subprocess
import sys

import numpy as np
import pytest

from digitizer.stages.pixels.normal import share_below
from digitizer.stages.series.fits.banded import solve_banded


@pytest.mark.parametrize(("n_bands", "columns"), [(1, ()), (3, ()), (3, (4,))])
def test_banded_systems_are_solved(n_bands: int, columns: tuple[int, ...]) -> None:
    rng = np.random.default_rng(3)
    n = 12
    matrix = np.diag(8.0 + rng.random(n))
    band = np.zeros((n_bands + 1, n))
    band[-1] = matrix.diagonal()
    for k in range(1, n_bands + 1):
        off = rng.normal(size=n - k)
        band[-1 - k, k:] = off
        matrix += np.diag(off, k) + np.diag(off, -k)
    right = rng.normal(size=(n, *columns))
    np.testing.assert_allclose(matrix @ solve_banded(band, right), right, atol=1e-12)


def test_what_cannot_be_solved_is_told() -> None:
    with pytest.raises(np.linalg.LinAlgError):
        solve_banded(np.array([[0.0, 3.0], [1.0, 1.0]]), np.ones(2))
    with pytest.raises(ValueError, match="infs or NaNs"):
        solve_banded(np.array([[0.0, np.nan], [1.0, 1.0]]), np.ones(2))


def test_shares_of_the_normal_distribution() -> None:
    z = np.linspace(-12.0, 12.0, 3001)
    truth = [0.5 * math.erfc(-v / math.sqrt(2.0)) for v in z]
    np.testing.assert_allclose(share_below(z), truth, atol=1e-14)


def test_reading_needs_no_slow_part_of_scipy() -> None:
    code = "import sys, digitizer.pipeline; print({'scipy.linalg', 'scipy.special'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
