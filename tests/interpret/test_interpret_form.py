"""The form of a course: its terms are found under noise of a long memory, and none is in noise alone."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.interpretation.build import noise
from interpret.analyses.form import measure_form

N = 90


def _with(shape: np.ndarray, phi: float, seed: int) -> np.ndarray:
    return shape + noise(np.random.default_rng([5, seed]), N, phi)


def _shapes() -> dict[str, tuple[np.ndarray, int]]:
    """Six noise units each: the shape and where it begins."""
    at = np.arange(N)
    return {
        "hinge": (9.0 * (1 - abs(at - 40) / 50), 40),
        "step": (6.0 * (at >= 55), 55),
        "pulse": (-6.0 * ((at >= 30) & (at < 34)), 30),
    }


@pytest.mark.parametrize("phi", [0.0, 0.5, 0.8])
@pytest.mark.parametrize("kind", ["hinge", "step", "pulse"])
def test_a_term_is_found_where_it_is(kind: str, phi: float) -> None:
    shape, start = _shapes()[kind]
    near = 0
    for seed in range(10):
        terms = measure_form(_with(shape, phi, seed)).terms
        near += any(abs(term.start - start) <= (9 if kind == "hinge" else 1) for term in terms)
    assert near >= 9


@pytest.mark.parametrize("phi", [0.0, 0.5, 0.8])
def test_noise_has_no_form(phi: float) -> None:
    found = sum(bool(measure_form(_with(np.zeros(N), phi, seed)).terms) for seed in range(40))
    assert found <= 4


def test_units_do_not_matter() -> None:
    y = _with(_shapes()["step"][0], 0.3, 1)
    small, large = measure_form(1e-9 * y), measure_form(1e9 * y)
    assert [(t.kind, t.start) for t in small.terms] == [(t.kind, t.start) for t in large.terms]
    assert small.rest * 1e18 == pytest.approx(large.rest, rel=1e-6, abs=1e3)


def test_the_reading_error_is_no_noise_to_beat() -> None:
    y = np.linspace(0, 1, N)
    y[40] += 0.002
    assert measure_form(y).terms
    assert not measure_form(y, sigma=0.002).terms


def test_rest_is_the_series_without_its_terms() -> None:
    y = _with(_shapes()["step"][0], 0.0, 2)
    form = measure_form(y)
    jump = np.median(form.rest[55:60]) - np.median(form.rest[50:55])
    assert abs(jump) < 1.5
    assert form.scatter == pytest.approx(1.0, abs=0.25)
