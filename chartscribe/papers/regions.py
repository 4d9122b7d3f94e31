"""Where figures stand on a page: embedded pictures, embedded drawings, and paths drawn close together."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import ndimage

# pdfium's numbers for what a page is made of.
TEXT, PATH, IMAGE, SHADING, FORM = 1, 2, 3, 4, 5
# A chart smaller than an inch by half an inch cannot be read, and neither can one of fewer pixels.
LEAST_WIDTH_PT, LEAST_HEIGHT_PT, LEAST_PIXELS = 72.0, 36.0, 80
# Frame, ticks and a line are a dozen strokes in every program, drawn one by one or as parts of few paths.
LEAST_STROKES = 6
# Paths this close belong to one drawing, and texts this close are its labels.
REACH_PT = 12.0
# Titles centred on a drawing, and columns of labels along it, stand further away (R's default margins).
FAR_REACH_PT = 30.0
# Centred to this share of the drawing, aligned to this (pt), and so many labels or bars make a column or row.
CENTRED, ALIGNED_PT, FEWEST_LABELS = 0.1, 1.0, 3
# Bars are no thinner (pt), and stand no further apart than this many times as thick as they are.
LEAST_BAR_PT, BARS_APART = 3.0, 2.0
# Panels of one figure stand this close, their labels counted in; figures of a page are further apart.
PANELS_APART_PT = 36.0
# A level rule across a page (of a header, above a footnote) is no higher.
RULE_PT = 2.0
# A path of this share of the page or of a large embedded drawing is its background, or a frame around it.
BACKGROUND_SHARE = 0.85
# Of a path no more segments are looked at for its parts.
MOST_SEGMENTS = 100
# Nested deeper than programs do it, a page is meant to harm.
DEEPEST = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A rectangle of a page in points from its top left corner."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    def joined(self, other: Box) -> Box:
        """The smallest box that holds both."""
        return Box(
            left=min(self.left, other.left),
            top=min(self.top, other.top),
            right=max(self.right, other.right),
            bottom=max(self.bottom, other.bottom),
        )

    def overlap(self, other: Box) -> float:
        """The share of this box that the other one covers."""
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.bottom, other.bottom) - max(self.top, other.top)
        return max(width, 0) * max(height, 0) / max(self.width * self.height, 1e-9)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Region:
    """A figure's place; ``image`` is pdfium's object where it is one embedded picture.

    ``is_plain`` says that the picture shows on the page as it is stored: not turned, mirrored or masked.
    """

    box: Box
    image: Any = None
    is_plain: bool = True


def has_drawings(page: Any) -> bool:
    """Whether a page has a picture, or paths enough for a drawing; most pages of a long document have not."""
    n_strokes = 0
    for item, _, _ in walk_page(page, page.get_height()):
        if item.type == IMAGE:
            return True
        n_strokes += _count_strokes(item)
        if n_strokes >= LEAST_STROKES:
            return True
    return False


def _count_strokes(item: Any) -> int:
    """How many parts a path has, counted no further than matters: some programs draw all ticks as one."""
    from pypdfium2 import raw

    if item.type != PATH:
        return 1
    n_strokes = 0
    for index in range(raw.FPDFPath_CountSegments(item)):
        kind = raw.FPDFPathSegment_GetType(raw.FPDFPath_GetPathSegment(item, index))
        n_strokes += kind == raw.FPDF_SEGMENT_MOVETO
        if n_strokes >= LEAST_STROKES or index >= MOST_SEGMENTS:
            break
    return max(n_strokes, 1)


def find_regions(
    page: Any, texts: Sequence[Box], prose: Sequence[Box] = (), key: Callable[[Box], object] = lambda _: None
) -> list[Region]:
    """The places of a page that may be figures, in reading order.

    Parameters
    ----------
    page : pypdfium2.PdfPage
        The page.
    texts : sequence of Box
        The short texts of the page: labels, where they stand at a drawing.
    prose : sequence of Box
        The lines that belong to no figure, and so part figures.
    key : callable
        What drawings that are panels of one figure have in common: their caption.
    """
    width, height = page.get_size()
    whole = Box(left=0, top=0, right=width, bottom=height)
    pictures: list[Region] = []
    paths, strokes = [], []
    for item, box, matrix in walk_page(page, height):
        if box.overlap(whole) == 0:
            continue
        if item.type == IMAGE:
            if _is_large(box) and min(item.get_px_size()) >= LEAST_PIXELS:
                pictures.append(_picture(item, box, matrix))
        elif box.width * box.height < BACKGROUND_SHARE * width * height:
            paths.append(box)
            strokes.append(_count_strokes(item))
    # What is drawn over a picture belongs to it: then only a rendering of the page shows the figure.
    drawn = _panels_joined(list(_clusters(paths, strokes, texts, prose, whole)), prose, key)
    drawings = [Region(box=box) for box in drawn if all(_apart(box, p.box) for p in pictures)]
    return sorted([*pictures, *drawings], key=lambda region: (round(region.box.top / 20), region.box.left))


def _clusters(
    paths: Sequence[Box],
    strokes: Sequence[int],
    texts: Sequence[Box],
    prose: Sequence[Box],
    whole: Box,
) -> Iterator[Box]:
    """Boxes around paths that stand close together, with the legends beside them and the texts at them."""
    if sum(strokes) < LEAST_STROKES:
        return
    marked = np.zeros((int(whole.height) + 2, int(whole.width) + 2), dtype=bool)
    for box in [*paths, *_between_bars(paths)]:
        marked[_cells(box, REACH_PT / 2, marked.shape)] = True
    labels, n_clusters = ndimage.label(marked)
    owners = [int(labels[_cells(box, 0.0, marked.shape)].max(initial=0)) for box in paths]
    drawings, bits = [], []
    for number in range(1, n_clusters + 1):
        own = [box for box, owner in zip(paths, owners, strict=True) if owner == number]
        if not own:
            continue
        box = functools.reduce(Box.joined, own)
        n_strokes = sum(n for n, owner in zip(strokes, owners, strict=True) if owner == number)
        if n_strokes >= LEAST_STROKES and _is_large(box) and _is_no_table(own, box):
            drawings.append(box)
        elif box.height > RULE_PT and box.width < 0.5 * whole.width:
            bits.append(box)
    for box in drawings:
        for bit in bits:
            both = box.joined(bit)
            parted = any(line.overlap(both) > 0.3 for line in prose)
            if _distance(box, bit) <= PANELS_APART_PT and not parted:
                box = both
        yield _with_texts(box, texts, whole)


def _panels_joined(boxes: list[Box], prose: Sequence[Box], key: Callable[[Box], object]) -> list[Box]:
    """Join drawings that are panels of one figure: close to each other, nothing written between them."""
    joined = list(boxes)
    for one, other in itertools.combinations(boxes, 2):
        mine = next((box for box in joined if one.overlap(box) > 0.99), None)
        its = next((box for box in joined if other.overlap(box) > 0.99), None)
        if mine is None or its is None or mine is its or _distance(mine, its) > PANELS_APART_PT:
            continue
        both = mine.joined(its)
        if key(mine) == key(its) and not any(line.overlap(both) > 0.3 for line in prose):
            joined = [box for box in joined if box is not mine and box is not its] + [both]
    return joined


def _is_no_table(paths: Sequence[Box], box: Box) -> bool:
    """Whether more is drawn than level rules across, as tables have them."""
    rules = sum(path.height < RULE_PT and path.width > 0.8 * box.width for path in paths)
    return rules < 0.8 * len(paths)


def _with_texts(box: Box, texts: Sequence[Box], whole: Box) -> Box:
    """The box with the labels at it, and those at these: numbers, then the axis' label."""
    drawing = box
    for _ in range(3):
        for text in texts:
            far = _distance(box, text) > REACH_PT
            if not far or (_distance(box, text) <= FAR_REACH_PT and _belongs(text, drawing, texts)):
                box = box.joined(text)
    return Box(
        left=max(box.left - 2, 0),
        top=max(box.top - 2, 0),
        right=min(box.right + 2, whole.right),
        bottom=min(box.bottom + 2, whole.bottom),
    )


def _belongs(text: Box, drawing: Box, texts: Sequence[Box]) -> bool:
    """Whether a text stands as titles do, centred on a drawing, or as labels do, in a column along it."""
    across = abs(text.left + text.right - drawing.left - drawing.right) / 2
    down = abs(text.top + text.bottom - drawing.top - drawing.bottom) / 2
    if across <= CENTRED * drawing.width or (text.height > text.width and down <= CENTRED * drawing.height):
        return True
    column = [t for t in texts if abs(t.right - text.right) <= ALIGNED_PT]
    return len(column) >= FEWEST_LABELS and all(
        drawing.top <= (t.top + t.bottom) / 2 <= drawing.bottom for t in column
    )


def _between_bars(paths: Sequence[Box]) -> list[Box]:
    """What lies between neighbours of a row of bars: boxes as wide as each other on one line."""
    out = []
    for lying in (False, True):
        rows: dict[tuple[int, int], list[tuple[float, float, Box]]] = {}
        for box in paths:
            if min(box.width, box.height) < LEAST_BAR_PT:
                continue
            foot, thick = (box.left, box.height) if lying else (box.bottom, box.width)
            start = box.top if lying else box.left
            rows.setdefault((round(foot), round(2 * thick)), []).append((start, thick, box))
        for row in rows.values():
            row.sort(key=lambda one: one[0])
            for (start, thick, one), (after, _, other) in itertools.pairwise(row):
                if len(row) >= FEWEST_LABELS and after - start - thick <= BARS_APART * thick:
                    out.append(one.joined(other))
    return out


def _distance(one: Box, other: Box) -> float:
    across = max(one.left - other.right, other.left - one.right, 0.0)
    down = max(one.top - other.bottom, other.top - one.bottom, 0.0)
    return max(across, down)


def _apart(one: Box, other: Box) -> bool:
    return one.overlap(other) < 0.5 and other.overlap(one) < 0.5


def _is_large(box: Box) -> bool:
    return box.width >= LEAST_WIDTH_PT and box.height >= LEAST_HEIGHT_PT


def _picture(item: Any, box: Box, matrix: Any) -> Region:
    """The region of an embedded picture."""
    from pypdfium2 import raw

    own = item.get_matrix().multiply(matrix)
    turned = abs(own.b) + abs(own.c) > 1e-3 * (abs(own.a) + abs(own.d))
    upright = not turned and own.a > 0 and own.d > 0
    masked = bool(raw.FPDFPageObj_HasTransparency(item))
    if not upright and item.level:
        return Region(box=box)  # pdfium would turn it as the drawing has it, and not as the page shows it
    return Region(box=box, image=item, is_plain=upright and not masked)


def walk_page(page: Any, page_height: float) -> Iterator[tuple[Any, Box, Any]]:
    """The pictures and paths of a page, those in embedded drawings too: each with its place on the page.

    The third value is the matrix that carries a drawing's coordinates to the page.
    """
    import pypdfium2

    def inside(form: Any, matrix: Any, level: int) -> Iterator[tuple[Any, Box, Any]]:
        for item in page.get_objects(form=form, level=level, max_depth=level + 1):
            box = _box_of(item, matrix, page_height)
            if box is None:
                continue
            if item.type in (IMAGE, PATH, SHADING):
                yield item, box, matrix
            elif item.type == FORM and level < DEEPEST:
                # What an embedded drawing holds beyond its edges is not shown.
                for inner, place, total in inside(item, item.get_matrix().multiply(matrix), level + 1):
                    shown = place.overlap(box) > 0 or place.width * place.height == 0
                    filled = inner.type == PATH and box.overlap(place) > BACKGROUND_SHARE
                    ground = filled and _is_large(box)
                    if shown and not ground:
                        yield inner, place, total

    yield from inside(None, pypdfium2.PdfMatrix(), 0)


def _box_of(item: Any, matrix: Any, page_height: float) -> Box | None:
    import pypdfium2

    try:
        left, bottom, right, top = matrix.on_rect(*item.get_bounds())
    except pypdfium2.PdfiumError:
        return None
    if not np.isfinite([left, bottom, right, top]).all():
        return None
    return Box(left=left, top=page_height - top, right=right, bottom=page_height - bottom)


def _cells(box: Box, margin: float, shape: tuple[int, ...]) -> tuple[slice, slice]:
    """The square points of the page that a box touches."""
    first = [int(np.clip(v - margin, 0, n - 1)) for v, n in zip((box.top, box.left), shape, strict=True)]
    last = [int(np.clip(v + margin, 0, n - 1)) for v, n in zip((box.bottom, box.right), shape, strict=True)]
    return slice(first[0], last[0] + 1), slice(first[1], last[1] + 1)
