"""A drawing that is no use is not fitted to its end."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from digitizer.stages.series import marker_fit
from digitizer.stages.series.fits import refine, vertices
from digitizer.stages.series.fits.nearest import Pen
from digitizer.stages.series.fits.refine import Fit, refine_vertices
from digitizer.stages.series.markers.find import Blobs
from digitizer.stages.series.paths.columns import Path

X = np.arange(10.0, 200.0, 12.0)
Y = 60.0 + 30.0 * np.sin(X / 9.0)


def draw(thickness: int) -> NDArray[np.float32]:
    ink = np.zeros((120, 220), np.uint8)
    points = np.round(np.stack([X, Y], axis=1) * 8).astype(np.int32)
    cv2.polylines(ink, [points], False, 255, thickness, cv2.LINE_AA, 3)
    return ink.astype(np.float32) / 255


@pytest.mark.parametrize(
    ("thickness", "hopeless", "rounds"),
    [(2, 0.4, range(4, refine.ROUNDS + 1)), (2, np.inf, range(4, refine.ROUNDS + 1)), (9, 0.1, range(1, 2))],
)
def test_a_line_that_begins_too_far_from_its_ink_is_given_up_at_once(
    monkeypatch: pytest.MonkeyPatch, thickness: int, hopeless: float, rounds: range
) -> None:
    seen = []
    nearest = refine.nearest_shapes
    monkeypatch.setattr(refine, "nearest_shapes", lambda *args: seen.append(1) or nearest(*args))
    ink = draw(thickness)
    pen = Pen(width=2.0)
    fit = refine_vertices(ink, ink < 0, X, Y + 0.3, pen, hopeless=hopeless, judged=False)
    assert len(seen) in rounds
    assert (fit.rms > hopeless) == (thickness == 9)


def test_what_is_given_up_is_not_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    judged = []
    judge = refine._with_agreement
    monkeypatch.setattr(refine, "_with_agreement", lambda *args: judged.append(1) or judge(*args))
    for thickness, hopeless in ((9, 0.1), (2, 0.4)):
        ink = draw(thickness)
        refine_vertices(ink, ink < 0, X, Y + 0.3, Pen(width=2.0), hopeless=hopeless)
    assert len(judged) == 1


def drawn_fit(radius: float) -> tuple[Fit, NDArray[np.float32]]:
    """A line of five discs, as it is drawn, and its ink."""
    x, y = np.array([20.0, 60.0, 66.0, 106.0, 146.0]), np.array([60.0, 30.0, 32.0, 60.0, 50.0])
    ink = np.zeros((120, 180), np.uint8)
    points = np.round(np.stack([x, y], axis=1) * 8).astype(np.int32)
    cv2.polylines(ink, [points], False, 255, 2, cv2.LINE_AA, 3)
    for px, py in points.tolist():
        cv2.circle(ink, (px, py), round(radius * 8), 255, -1, cv2.LINE_AA, 3)
    alpha = ink.astype(np.float32) / 255
    return refine_vertices(alpha, alpha < 0, x, y, Pen(width=2.0, marker="circle", size=radius)), alpha


@pytest.mark.parametrize(("x", "covered"), [(63.0, True), (56.0, False), (85.0, False)])
def test_what_two_discs_that_touch_make_is_no_third_one(x: float, covered: bool) -> None:
    fit, _ = drawn_fit(6.0)
    blobs = Blobs(x=np.array([x, 20.0]), y=np.array([31.0, 60.0]), radius=np.array([6.0, 6.0]))
    assert marker_fit._covers(fit, blobs, np.array([True, False])) == covered
    assert marker_fit._covers(fit, blobs, np.array([False, True]))


@pytest.mark.parametrize(("radius", "asked"), [(8.0, 0), (1.2, 1)])
def test_a_bare_line_is_no_rival_of_markers_that_hold_more_ink_than_it(
    monkeypatch: pytest.MonkeyPatch, radius: float, asked: int
) -> None:
    fit, alpha = drawn_fit(radius)
    x = np.arange(20.0, 147.0)
    y = np.interp(x, fit.x, fit.y)
    path = Path(x=x, y=y, sigma=np.full(x.size, 0.1), top=y - 1, bottom=y + 1, width=fit.pen.width)
    seen = []
    monkeypatch.setattr(vertices, "_fit_own", lambda *args, **more: seen.append(1) or (None, False))
    assert not vertices.are_bends(alpha, alpha < 0, path, np.zeros((0, 2)), fit)
    assert len(seen) == asked
