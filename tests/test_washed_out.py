"""Thin strokes under JPEG, of which more pixels have lost their chroma than have kept it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from digitizer.stages.series.inks.distinct import Candidate, distinct
from digitizer.stages.series.inks.ink import Ink

# What a red reference line was seen as, in two tones.
DULL, FULL = np.array([163.0, 64.0, 72.0]), np.array([228.0, 29.0, 35.0])
HEIGHT, WIDTH = 60, 200


def candidate(color: np.ndarray, rows: slice, columns: slice) -> Candidate:
    members = np.zeros((HEIGHT, WIDTH), dtype=bool)
    members[rows, columns] = True
    grown = np.zeros_like(members)
    grown[max(0, rows.start - 2) : rows.stop + 2, max(0, columns.start - 2) : columns.stop + 2] = True
    color = color.astype(np.float32)
    return Candidate(
        color=color,
        members=members,
        grown=grown,
        n=int(members.sum()),
        delta=color - 255,
        sharpness=0.5,
        legend=None,
    )


def seen(*candidates: Candidate, noise: float) -> Ink:
    rgb = np.full((HEIGHT, WIDTH, 3), 255, dtype=np.float32)
    ground = rgb.copy()
    for one in candidates:
        rgb[one.members] = one.color
    nowhere = np.zeros((HEIGHT, WIDTH), dtype=bool)
    return Ink(
        left=0,
        top=0,
        rgb=rgb,
        ground=ground,
        strength=np.linalg.norm(rgb - ground, axis=-1),
        hidden=nowhere,
        on_grid=nowhere,
        noise=noise,
        frame_line=1.0,
    )


def test_what_kept_its_chroma_is_the_stroke_beside_it() -> None:
    dull = candidate(DULL, slice(20, 22), slice(0, 200))
    full = candidate(FULL, slice(22, 23), slice(50, 110))
    kept, _ = distinct(seen(dull, full, noise=4.4), [dull, full])
    assert len(kept) == 1
    assert kept[0].n == dull.n
    assert (kept[0].members == (dull.members | full.members)).all()


def test_a_fuller_line_elsewhere_is_one_of_its_own() -> None:
    dull = candidate(DULL, slice(20, 22), slice(0, 200))
    full = candidate(FULL, slice(40, 41), slice(0, 200))
    kept, _ = distinct(seen(dull, full, noise=4.4), [dull, full])
    assert len(kept) == 2


def test_clean_pictures_show_colours_as_they_are() -> None:
    dull = candidate(DULL, slice(20, 22), slice(0, 200))
    full = replace(candidate(FULL, slice(30, 31), slice(50, 110)), grown=dull.members)
    kept, _ = distinct(seen(dull, full, noise=0.0), [dull, full])
    assert len(kept) == 2
