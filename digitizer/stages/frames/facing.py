"""A picture as one side of a panel sees it: rows run along the side, whichever of the four it is."""

from __future__ import annotations

from dataclasses import dataclass

from digitizer.evidence import ByteImage, PanelFrame, Side


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Facing:
    """A picture turned so that a side lies level.

    Attributes
    ----------
    picture : ndarray, shape (rows, columns, 3)
        The picture; a view, its columns as rows for the sides at the left and right.
    at
        The row of the side (px, a part of one included).
    first, last
        The columns between which the side runs (px).
    depth
        How far the panel reaches away from the side (rows).
    outward
        Which way rows lead out of the panel: 1 or -1.
    """

    picture: ByteImage
    at: float
    first: float
    last: float
    depth: float
    outward: int


def face(rgb: ByteImage, frame: PanelFrame, side: Side) -> Facing:
    """Turn a picture so that a side of a panel lies level."""
    box = frame.box
    lying = side in ("left", "right")
    return Facing(
        picture=rgb.transpose(1, 0, 2) if lying else rgb,
        at=getattr(box, side),
        first=box.top if lying else box.left,
        last=box.bottom if lying else box.right,
        depth=box.width if lying else box.height,
        outward=-1 if side in ("left", "top") else 1,
    )
