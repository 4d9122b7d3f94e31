"""Colours of small markers and thin lines that JPEG has paled."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from digitizer.evidence import Box, PanelFrame, Picture, Trace
from digitizer.stages.checks.chroma import with_full_chroma

COLORS = [(214, 39, 40), (31, 119, 180), (0, 0, 255), (220, 20, 60)]
SIZE = (240, 400)


def draw(color: tuple[int, int, int], *, width: float, radius: float) -> tuple[Picture, Trace]:
    """A zigzag with markers under JPEG, and its trace."""
    x = np.arange(20.0, 381.0, 9.0)
    y = 120.0 + 60.0 * np.sin(np.arange(x.size) * 1.7)
    large = np.full((SIZE[0] * 4, SIZE[1] * 4, 3), 255, np.uint8)
    points = np.round(np.column_stack([x, y]) * 4 + 1.5).astype(np.int32)
    cv2.polylines(large, [points], False, color, round(4 * width))
    for point in points.tolist():
        cv2.circle(large, tuple(point), round(4 * radius), color, -1)
    plain = cv2.resize(large, SIZE[::-1], interpolation=cv2.INTER_AREA)
    coded = cv2.imencode(".jpg", plain[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 80])[1]
    rgb = np.ascontiguousarray(cv2.imdecode(coded, cv2.IMREAD_COLOR)[..., ::-1])
    inked = np.linalg.norm(plain.astype(float) - color, axis=-1) < 40
    shown = np.median(rgb[inked], axis=0).astype(int).tolist()
    trace = Trace(
        kind="line",
        color=(shown[0], shown[1], shown[2]),
        x_px=x,
        y_px=y,
        sigma_px=np.full(x.size, 0.2),
        sampled_at="markers",
        marker="circle",
        line_width_px=width,
        marker_size_px=2 * radius,
    )
    return Picture(name="jpeg", sha256="", rgb=rgb), trace


def frame() -> PanelFrame:
    return PanelFrame(
        box=Box(left=4, top=4, right=SIZE[1] - 5, bottom=SIZE[0] - 5),
        sides=frozenset({"left", "bottom"}),
        background=(255, 255, 255),
        grid_x=np.empty(0),
        grid_y=np.empty(0),
    )


def off(trace: Trace, color: tuple[int, int, int]) -> float:
    return float(np.linalg.norm(np.subtract(trace.color, color)))


@pytest.mark.parametrize("color", COLORS)
def test_small_marks_get_back_what_jpeg_took(color: tuple[int, int, int]) -> None:
    picture, trace = draw(color, width=1.0, radius=1.4)
    assert off(trace, color) > 30
    (whole,) = with_full_chroma(picture, frame(), (trace,))
    assert off(whole, color) < 0.5 * off(trace, color)


@pytest.mark.parametrize("color", COLORS)
def test_large_markers_keep_their_colour(color: tuple[int, int, int]) -> None:
    picture, trace = draw(color, width=2.0, radius=4.0)
    told = replace(trace, color=color)
    assert with_full_chroma(picture, frame(), (told,)) == (told,)


def test_greys_have_no_hue_to_lose() -> None:
    picture, trace = draw((90, 90, 90), width=1.0, radius=1.4)
    assert with_full_chroma(picture, frame(), (trace,)) == (trace,)
