"""Which shape of a drawing a pixel is nearest to, though most pairs are never measured."""

import numpy as np
import pytest

from digitizer.stages.series.fits.nearest import (
    Pen,
    State,
    find_candidates,
    find_lasting,
    near_pixels,
    nearest_shapes,
)


@pytest.mark.parametrize("lasting", [False, True])
@pytest.mark.parametrize(("marker", "size"), [("none", 0.0), ("circle", 3.5)])
def test_no_nearer_segment_or_disc_is_left_out(marker: str, size: float, *, lasting: bool) -> None:
    rng = np.random.default_rng(8)
    x = 20.0 + 7.3 * np.arange(30)
    y = 60.0 + rng.normal(0.0, 14.0, 30)
    links = np.ones(29, dtype=bool)
    links[[9, 17]] = False
    pen = Pen(width=2.4, marker=marker, size=size)
    state = State(x=x, y=y, mx=x.copy(), my=y.copy())
    nothing = np.zeros((130, 260), dtype=bool)
    pixels = near_pixels(nothing.astype(np.float32), nothing, state, pen, links)
    assert pixels is not None
    if lasting:
        pixels, candidates = find_lasting(pixels, state, pen, links, 3.0, 2.3)
    else:
        candidates = find_candidates(pixels, state, pen, links)
    found = nearest_shapes(pixels, state, pen, candidates)

    px, py = pixels.x[:, None], pixels.y[:, None]
    dx, dy = np.diff(x), np.diff(y)
    t = np.clip(((px - x[:-1]) * dx + (py - y[:-1]) * dy) / (dx**2 + dy**2), 0.0, 1.0)
    to_lines = np.hypot(px - x[:-1] - t * dx, py - y[:-1] - t * dy) - pen.width / 2
    truth = np.where(links, to_lines, np.inf).min(axis=1)
    if marker == "circle":
        truth = np.minimum(truth, (np.hypot(px - x, py - y) - size).min(axis=1))
    near = truth < 2.0
    assert near.sum() > 500
    np.testing.assert_allclose(found.distance[near], truth[near], atol=1e-6)


def test_pixels_of_a_column_look_at_the_same_shapes_while_vertices_pass_each_other() -> None:
    """A fit may move vertices that are close past each other; shapes beyond the last were asked for."""
    rng = np.random.default_rng(3)
    x = 20.0 + 2.0 * np.arange(100) + rng.normal(0.0, 3.0, 100)
    pen = Pen(width=2.4, marker="none", size=0.0)
    state = State(x=x, y=60.0 + rng.normal(0.0, 14.0, 100), mx=x.copy(), my=x.copy())
    nothing = np.zeros((130, 260), dtype=bool)
    links = np.ones(99, dtype=bool)
    pixels = near_pixels(nothing.astype(np.float32), nothing, state, pen, links)
    assert pixels is not None
    assert all(np.ptp(pixels.base[pixels.x == column]) == 0 for column in np.unique(pixels.x))
    nearest_shapes(pixels, state, pen, find_candidates(pixels, state, pen, links))
