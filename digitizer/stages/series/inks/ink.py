"""What is drawn inside a frame, apart from its background, its grid and what is to be ignored."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from digitizer.evidence import Box, ByteImage, FloatArray, Mask, PanelFrame, Picture
from digitizer.medians import median, quantile
from digitizer.stages.frames.measure import MAX_GROUND_CHROMA
from digitizer.stages.pixels.channels import colors_at, largest, number_cells, total
from digitizer.stages.pixels.median_color import median_color
from digitizer.stages.series.inks.drawn_box import covered_by
from digitizer.stages.series.inks.spill import rows_over_top

FloatImage = NDArray[np.float32]

# A pixel within this distance (RGB) of the background is background even in clean pictures; the palest
# grid lines of the real set (#eeeeee on white) are 30 away, translucent raw curves 60 and more.
QUIET = 10.0
# A pixel holds ink that may be a stroke where it stands out so far from its ground (RGB, and in its noise).
INKED, INKED_NOISE = 24.0, 5.0
# The palest strokes seen (translucent red at 0.1 on white) are 36 from their ground.
FAINTEST = 30.0
# Ground that is off by more than this (RGB distance) beside strokes is not exact ...
EXACT = 1.5
# The panel's rim is looked at this far (px) from its sides, too.
RIM_PX = 8
# The border of a drawn box differs from the background by more than this (RGB distance).
BORDER = 18.0
# ... and a picture in which this share of it is not was compressed: 0.31 and more in JPEG, 0.24 and less in
# clean pictures, hairlines and dotted grids among them (drawn charts, the real set); beside the rims of pale
# strokes 0.38 and more, 0.05 and less.
NOISY_SHARE = 0.27
# Grid rows are covered by their colour from end to end; half of it may be hidden by what is drawn on top.
GRID_SHARE = 0.5
# Thicker groups of rows (px) are no grid line: an anti-aliased 2 px line spans three.
THICKEST_GRID = 5
# Broken rows beside an unbroken grid line that differ from the ground so many times as much are a series'
# (2.6 where black discs and level stretches lie beside a grey line).
STRONGER = 1.5
# A grid line's strongest dots are looked for in so many parts of it.
PARTS = 8
# Lines that the legend names reach so far (px) from their middle.
LISTED_REACH = 2.6
# Every so many-th pixel of the ground tells its usual colour.
GROUND_STRIDE = 97
# A dashed grid line, or one in a crowded panel, shows at least this share of itself.
KNOWN_GRID_SHARE = 0.15

# ... and is seen within this share of its length, at least this far (px), from both its ends: the gaps of
# dashed ones are shorter.
END_SHARE = 0.05
LEAST_END_PX = 12


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ink:
    """A panel's inside, cropped: colours, the local ground and what stands out from it.

    Attributes
    ----------
    left, top
        Source pixel of ``rgb[0, 0]``.
    rgb, ground
        Float images (height, width, 3): as seen, and what would be seen without series.
    strength
        Distance of each pixel from its ground (RGB units); 0 where hidden.
    hidden
        Pixels under text or legend.
    on_grid
        Pixels whose ground is a grid line.
    noise
        Standard deviation of the ground beside strokes: near 0 in clean pictures, 3-12 in JPEG.
    frame_line
        Width of the frame's sides: the picture's scale (px).
    ruler
        Where x = 0 lies (px of the crop), and how many pixels a unit of the x axis takes, where known.
    """

    left: int
    top: int
    rgb: FloatImage
    ground: FloatImage
    strength: FloatImage
    hidden: Mask
    on_grid: Mask
    noise: float
    frame_line: float
    ruler: tuple[float, float] | None = None

    @property
    def height(self) -> int:
        return int(self.rgb.shape[0])

    @property
    def width(self) -> int:
        return int(self.rgb.shape[1])

    @property
    def usual_ground(self) -> FloatImage:
        """The colour (RGB) of most of the ground."""
        some = self.ground.reshape(-1, 3)[::GROUND_STRIDE]
        return np.array([median(channel) for channel in some.T], dtype=some.dtype)

    @property
    def floor(self) -> float:
        """The strength below which a pixel says nothing."""
        return max(QUIET, 3.0 * self.noise)

    def stands_out(self, least: float = INKED) -> Mask:
        """Where pixels stand out from their ground by so much (RGB units), and beyond its noise."""
        return np.asarray(self.strength > max(least, INKED_NOISE * self.noise))


def see_ink(
    picture: Picture, frame: PanelFrame, obstacles: tuple[Box, ...], bare: Ink | None = None
) -> Ink | None:
    """Crop the frame's inside and tell ink from ground; None where nothing is left inside.

    ``bare`` is the panel's ink without obstacles, where it is known: it is all where none reaches inside.
    """
    bounds = inside_of(picture, frame)
    left, top, right, bottom = bounds
    if right - left < 8 or bottom - top < 8:
        return None
    if bare is not None and not any(_reaches_inside(box, bounds) for box in obstacles):
        return bare
    over = rows_over_top(picture, frame, bounds)
    top -= over
    crop = picture.rgb[top : bottom + 1, left : right + 1]
    rgb = crop.astype(np.float32)
    background = ground_of(rgb, frame)
    strength = _distance_to(crop, background)
    hidden = _hidden(strength > BORDER, (left, top, right, bottom), obstacles)
    strength[hidden] = 0.0
    noise = _noise(strength)
    quiet = max(QUIET, 3.0 * noise)
    ground = np.empty_like(rgb)
    # Row by row: three channels at a time would take five times as long.
    ground.reshape(len(ground), -1)[:] = np.tile(background, ground.shape[1])
    known_rows, known_columns = frame.grid_y - top, frame.grid_x - left
    # A side that ink runs over lies in the crop, as a line of the grid does.
    known_rows = np.append(known_rows, frame.box.top - top) if over else known_rows
    own_rows, own_columns = np.array(frame.listed_y) - top, np.array(frame.listed_x) - left
    rows = _lay_grid(rgb, ground, strength, hidden, known_rows, quiet, own_rows)
    turned = (rgb.transpose(1, 0, 2), ground.transpose(1, 0, 2), strength.T, hidden.T)
    columns = _lay_grid(*turned, known_columns, quiet, own_columns)
    on_grid = np.zeros(hidden.shape, dtype=bool)
    for lines in (np.s_[rows], np.s_[:, columns]):
        on_grid[lines] = (np.abs(ground[lines] - background) > QUIET / 2).any(axis=2)
    return Ink(
        left=left,
        top=top,
        rgb=rgb,
        ground=ground,
        strength=strength,
        hidden=hidden,
        on_grid=on_grid,
        noise=_noise(strength) if rows or columns else noise,
        frame_line=frame.line_width,
        ruler=None if frame.ruler is None else (frame.ruler[0] - left, frame.ruler[1]),
    )


def ground_of(rgb: FloatImage, frame: PanelFrame) -> FloatImage:
    """The frame's background, unless the panel's rim is of another colour: dense curves can fill a panel."""
    if frame.ground_sure:
        return np.asarray(frame.background, dtype=np.float32)
    # Grid lines may lie along the rim: it is looked at farther in, too.
    near, far = 1, min(RIM_PX, min(rgb.shape[:2]) // 4)
    rims = [(rgb[k], rgb[-1 - k], rgb[:, k], rgb[:, -1 - k]) for k in (near, far)]
    rim = np.concatenate([side for sides in rims for side in sides])
    index = number_cells(rim, 6, (0, 1, 2))
    values, counts = np.unique(index, return_counts=True)
    if counts.max() > 0.5 * index.size:
        common = median_color(colors_at(rim, index == values[counts.argmax()])).astype(np.float32)
        # Bars may cover most of the rim, too.
        if np.ptp(common) <= MAX_GROUND_CHROMA:
            return common
    return np.asarray(frame.background, dtype=np.float32)


def inside_of(picture: Picture, frame: PanelFrame) -> tuple[int, int, int, int]:
    """First and last column and row inside the drawn sides: (left, top, right, bottom), inclusive."""
    box, half = frame.box, frame.line_width / 2
    # Half a pixel of a side's own anti-aliasing is kept out as well.
    pad = {side: half + 0.6 if side in frame.sides else 0.0 for side in ("left", "top", "right", "bottom")}
    return (
        max(0, int(np.ceil(box.left + pad["left"]))),
        max(0, int(np.ceil(box.top + pad["top"]))),
        min(picture.width - 1, int(np.floor(box.right - pad["right"]))),
        min(picture.height - 1, int(np.floor(box.bottom - pad["bottom"]))),
    )


def distance(one: FloatImage, other: FloatImage) -> FloatImage:
    """Euclidean distance of two colour images, pixel by pixel."""
    delta = one - other
    return np.asarray(np.sqrt(np.einsum("ijk,ijk->ij", delta, delta)), dtype=np.float32)


def _distance_to(rgb: ByteImage, color: FloatImage) -> FloatImage:
    """Euclidean distance of each pixel of a picture to one colour: sums of squares looked up by channel."""
    squares = np.square(np.arange(256, dtype=np.float32)[:, None] - color)[None]
    return np.asarray(cv2.sqrt(cv2.transform(cv2.LUT(rgb, squares), np.ones((1, 3), np.float32))))


def _hidden(away: Mask, bounds: tuple[int, int, int, int], obstacles: tuple[Box, ...]) -> Mask:
    """Pixels under obstacles, each grown to the drawn box around it, where there is one.

    ``away`` are the pixels that differ from the background.
    """
    height, width = away.shape
    hidden = np.zeros((height, width), dtype=bool)
    left, top = bounds[0], bounds[1]
    for box in obstacles:
        if not _reaches_inside(box, bounds):
            continue
        y0, y1 = max(0, round(box.top) - top), min(height - 1, round(box.bottom) - top)
        x0, x1 = max(0, round(box.left) - left), min(width - 1, round(box.right) - left)
        covered = covered_by(away, (x0, y0, x1, y1)) if x1 - x0 > 30 else [(x0, y0, x1, y1)]
        for first, upper, last, lower in covered:
            hidden[upper : lower + 1, first : last + 1] = True
    return hidden


def _reaches_inside(box: Box, bounds: tuple[int, int, int, int]) -> bool:
    """Whether a box has pixels inside the bounds."""
    left, top, right, bottom = bounds
    across = round(box.left) <= right and round(box.right) >= left
    return across and round(box.top) <= bottom and round(box.bottom) >= top


def _lay_grid(
    rgb: FloatImage,
    ground: FloatImage,
    strength: FloatImage,
    hidden: Mask,
    known: FloatArray,
    quiet: float,
    listed: FloatArray,
) -> list[int]:
    """Write grid rows into ``ground`` and ``strength`` (in place; call with transposed views for columns).

    Colours that differ by less than ``quiet`` are one. Returns the rows that are grid; those ``listed`` are
    series.
    """
    height, width = rgb.shape[:2]
    away = strength > quiet
    seen = ~hidden
    n_seen = np.maximum(seen.sum(axis=1), 1)
    share = (away & seen).sum(axis=1) / n_seen
    is_known = np.zeros(height, dtype=bool)
    middles = np.round(known[(known > -1) & (known < height)]).astype(int).tolist()
    for row in middles:
        is_known[max(0, row - 1) : row + 2] = True
    far = np.abs(np.arange(height)[:, None] - listed[None]).min(axis=1, initial=np.inf) > LISTED_REACH
    # One broken line is no grid: markers in a row on a level line look like one.
    is_known &= len(middles) > 1
    candidates = _thin(far & ((share > GRID_SHARE) | (is_known & (share > KNOWN_GRID_SHARE))))
    ends = max(3, width // 50)
    laid: list[int] = []
    for row in candidates:
        inked = away[row] & seen[row]
        color, solid = _usual_color(rgb[row], inked, seen[row], quiet + 4, ends)
        if is_known[row] and not solid:
            near = [k for k in (row - 1, row + 1) if k in middles and 0 <= k < height]
            beside = [_usual_color(rgb[k], away[k] & seen[k], seen[k], quiet + 4, ends) for k in near]
            if any(whole and _is_stronger(color, other, ground[row]) for other, whole in beside):
                continue
            shown = _at_ends(rgb[row], inked, seen[row], color, quiet)
            if shown is None:
                continue
            color = shown
        base = ground[row].copy()
        # From the plain ground, not from ``base``: where translucent grid lines cross, both add up.
        step = np.broadcast_to(color - np.median(base, axis=0), base.shape)
        along = total((rgb[row] - base) * step) / np.maximum(total(np.square(step)), 1e-6)
        on_line = largest(np.abs(rgb[row] - base - along[:, None] * step)) < quiet
        # Dots that compression or anti-aliasing has smeared are paler and stronger than their median.
        is_dotted = share[row] > GRID_SHARE and not solid
        strongest = _strongest_dots(along, on_line & inked) if is_dotted else 1.0
        along = np.clip(along, 0.0, strongest)[:, None]
        blend = base + along * step
        plain = largest(np.abs(rgb[row] - blend)) < quiet
        if not solid and not (is_known[row] and (plain & inked).sum() > KNOWN_GRID_SHARE * n_seen[row]):
            continue
        ground[row] = np.where(plain[:, None], blend, color if solid else base)
        laid.append(int(row))
    if laid:
        strength[laid] = np.where(hidden[laid], np.float32(0.0), distance(rgb[laid], ground[laid]))
    return laid


def _usual_color(
    row: FloatImage, inked: Mask, seen: Mask, quiet: float, ends: int
) -> tuple[FloatImage, bool]:
    """The colour of most of a row's ink, and whether that is the row's from end to end."""
    if not inked.any():
        return row[0], False
    color = np.median(row[inked], axis=0)
    same = largest(np.abs(row - color)) < quiet
    solid = (same & seen).sum() / max(1, int(seen.sum())) > GRID_SHARE and _reaches(same, seen, ends)
    return np.asarray(color), bool(solid)


def _is_stronger(color: FloatImage, other: FloatImage, ground: FloatImage) -> bool:
    """Whether a colour differs from the ground much more than another one: a series beside a grid line."""
    plain = np.median(ground, axis=0)
    against = float(np.linalg.norm(color - plain)), float(np.linalg.norm(other - plain))
    return against[0] > STRONGER * against[1]


def _strongest_dots(along: FloatImage, dots: Mask) -> float:
    """How strong the strongest dots of a grid line are, in shares of the usual ones: some are all along it.

    Dots that fall on whole pixels are up to twice as strong as those on two; a series is so in few places.
    """
    parts = zip(np.array_split(along, PARTS), np.array_split(dots, PARTS), strict=True)
    most = [float(part[dotted].max()) for part, dotted in parts if dotted.any()]
    return max(1.0, quantile(most, 0.25)) if most else 1.0


def _at_ends(row: FloatImage, inked: Mask, seen: Mask, color: FloatImage, quiet: float) -> FloatImage | None:
    """The colour of a grid line as both its ends show it; else ``color``, None where one of them is bare.

    A level stretch of a series on a grid line may be longer than what is left of that, or fill the row beside
    it: it would be taken for ground.
    """
    reach = max(LEAST_END_PX, round(END_SHARE * row.shape[0]))
    # Of an end that a legend hides, what is seen before it: the top of its box looks like a grid line.
    bare = np.flatnonzero(seen)
    ends = (bare[:reach], bare[-reach:])
    if any(len(end) == reach and not inked[end].any() for end in ends):
        return None
    outer = np.concatenate([row[end][inked[end]] for end in ends])
    if not outer.size:
        return color
    shown = np.asarray(np.median(outer, axis=0), dtype=np.float32)
    alike = largest(np.abs(row - shown)) < quiet + 4
    # Ticks inside the panel are shorter.
    if (alike & inked).sum() < KNOWN_GRID_SHARE * inked.size or not _reaches(alike, seen, reach):
        return color
    return shown


def _thin(rows: Mask) -> NDArray[np.intp]:
    """Indices of set rows in groups no thicker than a grid line: fills and dense curves are thicker."""
    index = np.flatnonzero(rows)
    groups = np.split(index, np.flatnonzero(np.diff(index) > 1) + 1)
    limit = max(THICKEST_GRID, 0.008 * rows.size)
    kept = [g for g in groups if 0 < g.size <= limit]
    return np.concatenate(kept) if kept else index[:0]


def _reaches(same: Mask, seen: Mask, ends: int) -> bool:
    """Whether a row's colour is there at both ends (a series rarely starts and ends on the sides)."""
    first, last = seen[:ends].any(), seen[-ends:].any()
    return bool((not first or same[:ends].any()) and (not last or same[-ends:].any()))


def _noise(strength: FloatImage) -> float:
    """Standard deviation, by channel, of near-ground pixels a few pixels beside strokes, where JPEG rings."""
    strong = (strength > 60).astype(np.uint8)
    near = cv2.dilate(strong, np.ones((11, 11), np.uint8))
    touching = cv2.dilate(strong, np.ones((5, 5), np.uint8))
    # Clean pictures hold exact ground between strokes; pale strokes are too strong to be counted.
    beside = (near > 0) & (touching == 0) & (strength < FAINTEST)
    ring = strength[beside]
    if ring.size < 30:
        return 0.0
    # The rims of pale strokes are no noise.
    rims = cv2.dilate((strength > FAINTEST).astype(np.uint8), np.ones((5, 5), np.uint8))
    clear = strength[beside & (rims == 0)]
    if not clear.size or np.mean(clear > EXACT) < NOISY_SHARE:
        return 0.0
    return float(np.sqrt(np.mean(np.square(ring)) / 3))
