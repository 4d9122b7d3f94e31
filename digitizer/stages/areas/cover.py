"""Take filled areas out of a picture, so that what is drawn over them can be traced on plain ground."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from digitizer.evidence import FloatArray, Mask, PanelFrame, Picture
from digitizer.stages.areas.find import Filled
from digitizer.stages.series.inks.ink import FloatImage

# A pixel this far (largest channel) from the area's colour is covered by another stroke ...
OTHER_INK = 40.0
# ... whose rims are blends as far as this (px) from its middle.
BLEND = np.ones((5, 5), np.uint8)
# Pixels between an area's colour and the ground's, to this (largest channel), are its own rim.
RIM_OFF = 16.0
# A translucent area's own edge stroke lies over its fill: less than its tint twice (an opaque line over a
# half translucent area).
DARKEST_RIM = 1.85
# An area's rim reaches this far (px) beyond its edge.
RIM_PX = 1.5
# What covers less than this of a pixel is JPEG and grid.
LEAST_SHARE = 0.12


def without_areas(picture: Picture, frame: PanelFrame, filled: Filled) -> Picture:
    """The picture with a panel's areas and spans taken off; strokes over them stay as on plain ground."""
    height, width = filled.fills.index.shape
    window = np.s_[filled.top : filled.top + height, filled.left : filled.left + width]
    part = np.ascontiguousarray(picture.rgb[window]).astype(np.float32)
    region = _region(filled)
    part = np.where(region[..., None], filled.rgb.astype(np.float32), part)
    lifted = np.where(
        region[..., None], _lifted(part, _tints(filled, region), filled.ground, _near_edges(filled)), part
    )
    _lay_grid(lifted, part, region, np.round(frame.grid_y - filled.top).astype(int))
    _lay_grid(
        lifted.transpose(1, 0, 2),
        part.transpose(1, 0, 2),
        region.T,
        np.round(frame.grid_x - filled.left).astype(int),
    )
    rgb = picture.rgb.copy()
    rgb[window] = np.clip(np.round(lifted), 0, 255).astype(np.uint8)
    return replace(picture, rgb=rgb)


def _region(filled: Filled) -> Mask:
    """The pixels of all areas with their rims."""
    height, width = filled.fills.index.shape
    region = np.zeros((height, width), dtype=bool)
    rows = np.arange(height)[:, None]
    for area in filled.areas:
        with np.errstate(invalid="ignore"):
            region |= (rows >= area.top[None] - RIM_PX) & (rows <= area.bottom[None] + RIM_PX)
    wide = cv2.dilate(region.astype(np.uint8), np.ones((1, 5), np.uint8))
    return np.asarray(wide > 0)


def _near_edges(filled: Filled) -> Mask:
    """The pixels next to an area's edges, where its own rim may be drawn."""
    height, width = filled.fills.index.shape
    near = np.zeros((height, width), dtype=np.uint8)
    for area in filled.areas:
        x = area.columns
        for edge in (area.top[x], area.bottom[x]):
            near[np.clip(np.round(edge).astype(int), 0, height - 1), x] = 1
    return np.asarray(cv2.dilate(near, np.ones((5, 3), np.uint8)) > 0)


def _tints(filled: Filled, region: Mask) -> FloatImage:
    """For each pixel the area colour that lies under it: its own, or the nearest one's."""
    mine = sorted({k for area in filled.areas for k in area.fills})
    flat = np.isin(filled.fills.index, mine) & region
    _, nearest = cv2.distanceTransformWithLabels(
        (~flat).astype(np.uint8), cv2.DIST_L2, 3, labelType=cv2.DIST_LABEL_PIXEL
    )
    color = np.zeros((int(nearest.max()) + 1, 3), dtype=np.float32)
    color[nearest[flat]] = filled.fills.colors[filled.fills.index[flat]]
    return np.asarray(color[nearest], dtype=np.float32)


def _lifted(part: FloatImage, tint: FloatImage, base: FloatArray, near_edges: Mask) -> FloatImage:
    """Pixels with the area's share of their colour exchanged for the ground's.

    The share of other ink is a pixel's distance from the tint relative to the farthest around it.
    """
    ground = base.astype(np.float32)
    step = tint - ground
    share = np.einsum("ijk,ijk->ij", part - ground, step) / np.maximum(
        np.einsum("ijk,ijk->ij", step, step), 1.0
    )
    is_rim = near_edges & (cv2.dilate(share.astype(np.float32), BLEND) <= DARKEST_RIM)
    most = np.where(is_rim, DARKEST_RIM, 1.0)
    off = np.abs(part - ground - np.clip(share, 0.0, most)[..., None] * step).max(axis=2)
    away = np.where(off < RIM_OFF, 0.0, np.abs(part - tint).max(axis=2)).astype(np.float32)
    strongest = cv2.dilate(away, BLEND)
    other = np.where(strongest > OTHER_INK, away / np.maximum(strongest, 1.0), 0.0)
    lifted = part - (1.0 - other[..., None]) * step
    return np.asarray(np.where(other[..., None] > LEAST_SHARE, lifted, ground), dtype=np.float32)


def _lay_grid(lifted: FloatImage, part: FloatImage, region: Mask, rows: NDArray[np.int_]) -> None:
    """Draw known grid rows on again where an area hid them (in place; columns as transposed views)."""
    for row in rows:
        for near in range(max(0, row - 1), min(region.shape[0], row + 2)):
            bare = ~region[near]
            if bare.sum() < 8:
                continue
            color = np.median(part[near, bare], axis=0)
            around = lifted[near]
            ground = np.abs(around - np.median(lifted[:, :8].reshape(-1, 3), axis=0)).max(axis=1) < 1
            around[region[near] & ground] = color
