"""The intermediates of the recipe: what each stage saw, in source pixels.

Every value here is frozen and can be drawn on the source picture. Boxes hold pixel centres:
a box of one pixel at (3, 5) is left=right=3, top=bottom=5.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from digitizer.hints import NO_HINTS, Hints
from digitizer.separators import DecimalMark

FloatArray = NDArray[np.float64]
ByteImage = NDArray[np.uint8]
Mask = NDArray[np.bool_]
Side = Literal["left", "top", "right", "bottom"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A rectangle of pixel centres, both ends included."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left + 1

    @property
    def height(self) -> float:
        return self.bottom - self.top + 1

    @property
    def center(self) -> tuple[float, float]:
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    def contains(self, x: float, y: float, margin: float = 0.0) -> bool:
        """Whether (x, y) lies inside, the box grown by ``margin`` pixels."""
        return (
            self.left - margin <= x <= self.right + margin and self.top - margin <= y <= self.bottom + margin
        )

    def union(self, other: Box) -> Box:
        """The smallest box that holds both."""
        return Box(
            left=min(self.left, other.left),
            top=min(self.top, other.top),
            right=max(self.right, other.right),
            bottom=max(self.bottom, other.bottom),
        )

    def overlaps(self, other: Box, margin: float = 0.0) -> bool:
        """Whether the boxes share a pixel, this one grown by ``margin``."""
        return (
            self.left - margin <= other.right
            and other.left <= self.right + margin
            and self.top - margin <= other.bottom
            and other.top <= self.bottom + margin
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Picture:
    """The decoded source: uint8 RGB of shape (height, width, 3), transparency laid on white."""

    name: str
    sha256: str
    rgb: ByteImage
    page: int | None = None

    def __post_init__(self) -> None:
        if self.rgb.ndim != 3 or self.rgb.shape[2] != 3 or self.rgb.dtype != np.uint8:
            raise ValueError(
                f"Picture.rgb must be uint8 (height, width, 3), not {self.rgb.dtype} {self.rgb.shape}"
            )
        self.rgb.setflags(write=False)

    @property
    def height(self) -> int:
        return int(self.rgb.shape[0])

    @property
    def width(self) -> int:
        return int(self.rgb.shape[1])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PanelFrame:
    """One plot area: its rectangle (line centres, sub-pixel), which sides are drawn, and its grid.

    ``background`` is the colour inside (RGB); ``grid_x`` and ``grid_y`` are the pixel positions
    of grid lines drawn across the panel; ``line_width`` is the width of the drawn sides. ``ruler`` holds the
    pixel of x = 0 and the pixels of one unit (of dates: a day) where the x axis is even. ``x_line`` (a y, px)
    and ``y_line`` (an x) tell where lines within the panel carry the x and the y axis, None where sides do.
    ``perched`` tells at which side y labels stand on the grid lines within the panel, and from where to where
    their column reaches (x). ``ground_sure`` tells that the background is known, whatever the rim shows.
    ``listed_x`` and ``listed_y`` are lines across the panel that the legend names.
    """

    box: Box
    sides: frozenset[Side]
    background: tuple[int, int, int]
    grid_x: FloatArray
    grid_y: FloatArray
    line_width: float = 1.0
    ruler: tuple[float, float] | None = None
    x_line: float | None = None
    y_line: float | None = None
    perched: tuple[Side, float, float] | None = None
    ground_sure: bool = False
    listed_x: tuple[float, ...] = ()
    listed_y: tuple[float, ...] = ()

    def carrying(self, side: Side) -> PanelFrame:
        """The frame up to what carries the labels of a side: a line or a column within it, or the side."""
        if side == "bottom" and self.x_line is not None:
            return replace(self, box=replace(self.box, bottom=self.x_line))
        if side == "left" and self.y_line is not None:
            return replace(self, box=replace(self.box, left=self.y_line))
        if self.perched is not None and side == self.perched[0]:
            if side == "left":
                return replace(self, box=replace(self.box, left=self.perched[2]))
            return replace(self, box=replace(self.box, right=self.perched[1]))
        return self


@dataclass(frozen=True, slots=True, kw_only=True)
class TextSpan:
    """One line of text as printed.

    ``angle_deg`` is how far the text is turned counter-clockwise (90: read from bottom to top).
    ``confidence`` is the recogniser's, in [0, 1]. ``panel`` is the index of the panel whose frame holds the
    text, or None where it lies outside all frames. ``alternative`` is what a second reading gave where it
    differs; ``words`` holds the words of level text with their boxes where there are several.
    ``middle_y`` is the height midway from a level text's baseline to its top: the middle of its box, but for
    commas and other depths; None where it is not known. ``sample_row`` is what of a legend's name on several
    lines its sample stands beside, as high as its letters.
    """

    box: Box
    text: str
    confidence: float
    angle_deg: float = 0.0
    panel: int | None = None
    alternative: str | None = None
    words: tuple[tuple[str, Box], ...] = ()
    middle_y: float | None = None
    sample_row: Box | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AxisEvidence:
    """What belongs to one axis of one panel: marks (pixel along the axis) and label spans beside them.

    ``marks`` are sub-pixel positions of tick marks or grid lines; ``label_px`` the position that
    each label in ``labels`` stands for (its mark's where it has one, else its own centre), and
    ``label_sigma_px`` how well that is known. ``moment`` is a date printed at the axis' end, which says
    what the labels leave out (2021-May below days). ``borrowed`` tells that a sibling panel lent its labels,
    ``grain`` what the marks may have been put on: multiples of so many pixels, or none where it is 0;
    ``drawn`` that the places are those of a drawing's paths, with nothing of the pixel grid in them.
    ``sharp`` tells that the marks are one pixel wide with nothing beside it, as browsers draw them.
    ``decimal_mark`` is what the figure's other axes prove to begin decimals. ``at_bars``: the labels are the
    values of bars, printed at their ends. ``enlarged`` is by what the picture was resampled after it was
    drawn, or by what some columns and rows were doubled.
    """

    side: Side
    marks: FloatArray
    labels: tuple[TextSpan, ...]
    label_px: FloatArray
    label_sigma_px: FloatArray
    title: TextSpan | None = None
    multiplier: TextSpan | None = None
    moment: TextSpan | None = None
    borrowed: bool = False
    grain: float = 1.0
    drawn: bool = False
    sharp: bool = False
    decimal_mark: DecimalMark | None = None
    at_bars: bool = False
    enlarged: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scale:
    """The fitted map between pixels along an axis and values.

    ``pixel = origin + slope * u`` with u the value itself (linear), its log10 (log), days since
    1970-01-01 (date) or the index of the category. ``used`` tells which labels the fit stands on,
    ``covariance`` is that of (origin, slope) in pixels, ``values`` the value each label was read as
    (NaN where it says no number). ``residual_px`` is what the labels are off (root mean square),
    ``misfit_px`` what they are off beyond what is known of their places; the residual where it is None.
    """

    kind: Literal["linear", "log", "date", "category"]
    origin: float
    slope: float
    values: FloatArray
    used: Mask
    residual_px: float
    covariance: FloatArray
    unit: str | None = None
    multiplier: float = 1.0
    offset: float = 0.0
    n_labels: int = 0
    problems: tuple[str, ...] = ()
    misfit_px: float | None = None

    @property
    def off_px(self) -> float:
        """How far (px) labels are off beyond what is known of their places."""
        return self.residual_px if self.misfit_px is None else self.misfit_px

    @property
    def n_used(self) -> int:
        return int(np.count_nonzero(self.used))

    def to_u(self, pixel: FloatArray | float) -> FloatArray:
        """Carry pixels to the straight ruler of the scale."""
        return np.asarray((np.asarray(pixel, dtype=np.float64) - self.origin) / self.slope)

    def to_value(self, pixel: FloatArray | float) -> FloatArray:
        """Carry pixels to values (days for dates, indexes for categories)."""
        u = self.to_u(pixel)
        return np.asarray(10.0**u if self.kind == "log" else u)

    def to_pixel(self, value: FloatArray | float) -> FloatArray:
        """Carry values to pixels."""
        value = np.asarray(value, dtype=np.float64)
        u = np.log10(value) if self.kind == "log" else value
        return np.asarray(self.origin + self.slope * u)

    def sigma_u(self, pixel: FloatArray, sigma_px: FloatArray) -> FloatArray:
        """One standard deviation of u where a pixel is known to ``sigma_px``: reading and fit together."""
        u = self.to_u(pixel)
        fit = self.covariance[0, 0] + 2 * u * self.covariance[0, 1] + u**2 * self.covariance[1, 1]
        return np.asarray(np.sqrt(sigma_px**2 + np.maximum(fit, 0.0)) / abs(self.slope))

    def fit_sigma_px(self, pixel: FloatArray) -> FloatArray:
        """One standard deviation (px) of the fit alone at pixels, shape of ``pixel``."""
        return self.sigma_u(pixel, np.zeros(pixel.size)) * abs(self.slope)

    def unsure_share(self, low: float, high: float) -> float:
        """How unsure the fit is at the ends of an axis (px), the worse of them, as a share of the axis."""
        return float(np.max(self.fit_sigma_px(np.array([low, high]))) / max(high - low, 1.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class LegendEntry:
    """One legend line: its text, and the drawn sample beside it (None where only text was seen).

    A colour without a sample is a hint: it tells nothing of line style and marker. Of one that is ``lifted``
    the text and the sample alone hide series; of others all of the legend does.
    """

    text: TextSpan
    swatch: Box | None
    color: tuple[int, int, int] | None
    line_style: str = "solid"
    marker: str = "none"
    lifted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trace:
    """One series in pixels: points in drawing order, NaN in ``y_px`` where the line is hidden.

    ``sigma_px`` is one standard deviation of ``y_px``. ``support`` is the share of the drawn series that has
    ink of its colour under it, ``hidden`` the share of its width over which it was inferred to run under
    another stroke, of its markers that may lie unseen under others, or of its bars whose ends are not seen,
    both in [0, 1]. Bars hold their value edge in ``y_px`` and their centre in ``x_px`` (horizontal ones the
    other way round), where they start along the value direction in ``base_px``, and their width in
    ``line_width_px``. ``course_px`` (m, 2) is how a line runs that is curved between its points.
    ``drawn_down``: whether level bars were drawn from the top downwards, None where no drawing tells.
    ``line_color`` is that of a line through markers of another colour; ``color`` is what the legend shows.
    """

    kind: Literal["line", "scatter", "bar", "band"]
    color: tuple[int, int, int]
    x_px: FloatArray
    y_px: FloatArray
    sigma_px: FloatArray
    sampled_at: Literal["markers", "vertices", "columns"]
    interpolation: Literal["linear", "step-after"] = "linear"
    marker: str = "none"
    line_style: str = "solid"
    line_width_px: float = 1.0
    marker_size_px: float = 0.0
    support: float = 1.0
    hidden: float = 0.0
    y_low_px: FloatArray | None = None
    y_high_px: FloatArray | None = None
    base_px: FloatArray | None = None
    orientation: Literal["vertical", "horizontal"] = "vertical"
    course_px: FloatArray | None = None
    drawn_down: bool | None = None
    line_color: tuple[int, int, int] | None = None

    @property
    def path_px(self) -> tuple[FloatArray, FloatArray]:
        """x and y of the points that its line is drawn through."""
        return (
            (self.x_px, self.y_px) if self.course_px is None else (self.course_px[:, 0], self.course_px[:, 1])
        )

    def __post_init__(self) -> None:
        if not (self.x_px.shape == self.y_px.shape == self.sigma_px.shape):
            raise ValueError("Trace columns must have equal shapes")
        for column in (self.x_px, self.y_px, self.sigma_px):
            column.setflags(write=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Redrawn:
    """What drawing a panel's traces again says of them.

    ``explained`` is the share of the ink that the drawing covers, ``largest_left`` that of the largest piece
    beside it, ``thickest_left`` the diameter (px) of the largest disc within what it leaves, ``unexplained``
    the boxes of all such pieces (source px, largest first), ``faint`` the share of the series' width that
    faint ones lie beside. For each trace ``longest_bare`` is the longest stretch (px) of its path on ground
    without its ink, ``longest_covered`` that without its ink at all (under other strokes, too), and
    ``overdrawn`` the share of its drawing on bare ground. ``off``, ``apart``, ``lost`` and ``open_ends`` are
    what columns read alone say of each line (:mod:`digitizer.stages.checks.second_reading`). ``noise`` is the
    ground's standard deviation (RGB units), ``slivers`` by cloud its pieces beside markers, a share of these,
    ``lone_marks`` the number of marks in colours of their own that are no series'.
    """

    explained: float = 1.0
    largest_left: float = 0.0
    thickest_left: float = 0.0
    unexplained: tuple[Box, ...] = ()
    faint: float = 0.0
    longest_bare: tuple[float, ...] = ()
    longest_covered: tuple[float, ...] = ()
    overdrawn: tuple[float, ...] = ()
    noise: float = 0.0
    off: tuple[float, ...] = ()
    apart: tuple[float, ...] = ()
    lost: tuple[float, ...] = ()
    open_ends: tuple[tuple[bool, bool], ...] = ()
    slivers: tuple[float, ...] = ()
    lone_marks: int = 0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PanelEvidence:
    """All that was seen of one panel, in pixels; enough to assemble it again without vision.

    ``missing_colors`` are colours of series that most other panels of the figure show and this one does not.
    ``on_y2`` tells which traces are read on the second y axis, ``y2_sure`` whether colours or words prove it.
    ``n_torn`` counts texts without a role that touch labels, ``n_under_legend`` unread markers under the
    legend. ``beyond`` is the series' ink beyond the frame as a share of that inside, ``side_unread`` tells
    of texts beside it that seem a second axis' labels, ``lean`` how far (px) its lines lean.
    """

    frame: PanelFrame
    x_axis: AxisEvidence | None = None
    y_axis: AxisEvidence | None = None
    y2_axis: AxisEvidence | None = None
    x_scale: Scale | None = None
    y_scale: Scale | None = None
    y2_scale: Scale | None = None
    title: TextSpan | None = None
    legend: tuple[LegendEntry, ...] = ()
    traces: tuple[Trace, ...] = ()
    names: tuple[str | None, ...] = ()
    on_y2: tuple[bool, ...] = ()
    y2_sure: bool = True
    redrawn: Redrawn = field(default_factory=Redrawn)
    missing_colors: tuple[tuple[int, int, int], ...] = ()
    n_torn: int = 0
    beyond: float = 0.0
    side_unread: bool = False
    lean: float = 0.0
    n_under_legend: int = 0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Extraction:
    """The pixel evidence of one figure."""

    picture: Picture
    spans: tuple[TextSpan, ...] = ()
    panels: tuple[PanelEvidence, ...] = ()
    title: TextSpan | None = None
    hints: Hints = NO_HINTS
