"""Whether the picture itself shows what was logged, where it is at hand: readings may be wrong, ink not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from chartscribe.compare.fit import Fit, logged_line, refit
from chartscribe.compare.match import Match
from chartscribe.compare.residuals import BEYOND, REACH_PX, nearest_places, regular_rows
from chartscribe.compare.view import View
from digitizer.model import Figure, FloatArray

if TYPE_CHECKING:
    from digitizer.evidence import Mask
    from digitizer.stages.series.inks.ink import Ink

# A log's drawing lies on ink to so many pixels (in a crowd of strokes, where ink is near anyway, to fewer),
# and ink on it, or within the width of a stroke of it (joins reach further): of the 80 lines of real figures
# with logs none is worse but two dotted ones,
MOST_BARE_PX, MOST_BARE_CROWDED_PX = 2.0, 1.5
MOST_UNEXPLAINED_PX = 2.3
# and to this share of the panel's height, as all points are.
LEAST_SHARE = 0.005
# What contradicts is alone: where one column in ten is bad, the course is another one or cannot be judged.
COMMON, ALONE = 0.9, 3.0
# One wrong value shows in so many places at most; more that are as bad are markers or joins seen wrongly.
MOST_PLACES, PLACE_PX = 4, 3
# Markers and joins are no larger than this: what is further off all along is another course.
MOST_COMMON_PX = 5.0
# Rows that a figure with markers leaves out: it shows every second one at most.
SUBSAMPLED = 1.7
# Points that are spread over this share of an axis tell how long it is.
LEAST_SPREAD = 0.2
# So many columns (px) around a point must show what was logged, and a marker's half width more.
AROUND_PX = 2.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shown:
    """What speaks against a log for each column of the panel: ``v`` along the axis, the others along y (px).

    ``bare_px`` is how far from ink it would be drawn, ``unexplained_px`` how far ink lies from what it draws.
    """

    v: FloatArray
    bare_px: FloatArray
    unexplained_px: FloatArray
    around: float
    most_bare_px: float
    most_unexplained_px: float
    pixel: float

    def permits(self, v: FloatArray) -> Mask:
        """Whether the picture around these places may be a drawing of the log."""
        bad = self.v[self._is_bad]
        if not len(bad) or not len(v):
            return np.ones(len(v), bool)
        return np.asarray(np.abs(bad[nearest_places(bad, v)] - v) > self.around)

    @property
    def permits_all(self) -> bool:
        """Whether the whole picture may be a drawing of the log."""
        return not bool(self._is_bad.any())

    def contradiction(self) -> tuple[float, float] | None:
        """Where along the axis, and by how much (share of the y axis), the picture contradicts the log."""
        found = None
        # Each stands out of its own kind: a width read too large leaves rims all along, and bares nothing.
        kinds = (self.bare_px, self.most_bare_px), (self.unexplained_px, self.most_unexplained_px)
        for off, most in kinds:
            worst = int(np.argmax(off))
            common = max(float(np.quantile(off, COMMON)), _beside_few(off, most))
            alone = off[worst] > max(most, ALONE * min(common, MOST_COMMON_PX))
            if alone and (found is None or off[worst] * self.pixel > found[1]):
                found = float(self.v[worst]), float(off[worst]) * self.pixel
        return found

    @property
    def _is_bad(self) -> Mask:
        bare = self.bare_px > self.most_bare_px
        return np.asarray(bare | (self.unexplained_px > self.most_unexplained_px))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sheets:
    """The ink of a figure's panels, looked at once each; of a figure document there is none."""

    figure: Figure
    inks: dict[int, Ink | None] = field(default_factory=dict)

    def choose(self, match: Match, siblings: Sequence[Match]) -> tuple[Match, Shown | None]:
        """The match, or one with another smoothing of its column where the picture shows that and not this.

        A reading through a crowd lies nearer to a smoothed column than to what was drawn.
        """
        shown = self.look(match.view, match.fit)
        if shown is None or shown.permits_all or match.other is not None:
            return match, shown
        ways = {match.fit.smoothing: match.fit}
        for smoothing in (None, *(other.fit.smoothing for other in siblings)):
            if smoothing in ways:
                continue
            ways[smoothing] = refit(match.view, replace(match.fit, smoothing=smoothing))
            other_way = self.look(match.view, ways[smoothing])
            if other_way is not None and other_way.permits_all:
                return replace(match, fit=ways[smoothing]), other_way
        return match, shown

    def look(self, view: View, fit: Fit) -> Shown | None:
        """Hold a log against the picture; None where that cannot be done."""
        extraction = self.figure.extraction
        # What was read off a drawing's paths is surer than the rendering of them.
        if extraction is None or self.figure.units is not None or fit.source.is_figure:
            return None
        if view.categories is not None or not view.to_frame:
            return None
        from digitizer.stages.checks.proposed import propose, see_panel

        if view.panel not in self.inks:
            self.inks[view.panel] = see_panel(extraction, view.panel)
        ink, evidence = self.inks[view.panel], extraction.panels[view.panel]
        v, u = _drawn_rows(view, fit)
        if ink is None or len(v) < 2:
            return None
        box, trace = evidence.frame.box, evidence.traces[view.series]
        across, up = (box.left, box.width), (box.bottom, -box.height)
        x, y = _place(v, view.v, view.x_px, across), _place(u, view.u, view.y_px, up)
        found = propose(ink, evidence.traces, view.series, x, y)
        if found is None:
            return None
        crowded = trace.sampled_at == "columns" and trace.marker == "none" and trace.line_style == "solid"
        most_bare = MOST_BARE_CROWDED_PX if crowded else MOST_BARE_PX
        joins = found.width if trace.marker == "none" else 0.0
        columns = found.left + np.arange(len(found.bare))
        return Shown(
            v=np.asarray((columns - box.left) / box.width, dtype=np.float64),
            bare_px=found.bare,
            unexplained_px=found.unexplained,
            around=(AROUND_PX + trace.marker_size_px / 2) / box.width,
            most_bare_px=max(most_bare, LEAST_SHARE * box.height),
            most_unexplained_px=max(MOST_UNEXPLAINED_PX, LEAST_SHARE * box.height, joins),
            pixel=1 / box.height,
        )


def _beside_few(off: FloatArray, most: float) -> float:
    """How bad the worst place (bad columns together) is beside the few worst; 0 for none."""
    bad = np.flatnonzero(off > most)
    places = np.split(bad, np.flatnonzero(np.diff(bad) > PLACE_PX) + 1)
    worst = sorted((float(off[place].max()) for place in places if len(place)), reverse=True)
    return worst[MOST_PLACES] if len(worst) > MOST_PLACES else 0.0


def _place(
    shares: FloatArray, read: FloatArray, read_px: FloatArray, frame: tuple[float, float]
) -> FloatArray:
    """Where shares of an axis are in the picture (px), as the reading's own points tell.

    ``read`` and ``read_px`` are the shares and the places of these, ``frame`` where the axis begins and how
    long it is. Values that are set on round steps are off what the ticks say by pixels, all along.
    """
    first, length = frame
    if len(read_px) != len(read) or not np.isfinite(read_px).all():
        return np.asarray(first + shares * length)
    if np.ptp(read) > LEAST_SPREAD:
        length, first = (float(k) for k in np.polyfit(read, read_px, 1))
    else:
        first = float(np.median(read_px - read * length))
    return np.asarray(first + shares * length)


def _drawn_rows(view: View, fit: Fit) -> tuple[FloatArray, FloatArray]:
    """The rows that were drawn, in shares of the axes."""
    v, u = logged_line(view, fit)
    good = np.isfinite(v) & np.isfinite(u)
    good &= (v >= view.v[0] - view.across.pixel) & (v <= view.v[-1] + view.across.pixel)
    v, u = v[good], np.clip(u[good], -BEYOND, 1 + BEYOND)
    if view.sampled_at == "markers" and len(v) > SUBSAMPLED * len(view.v):
        rows = regular_rows(v, view.v, nearest_places(v, view.v), REACH_PX * view.across.pixel)
        if rows is not None:
            v, u = v[rows], u[rows]
    return v, u
