"""Figures of drawings in the units of their document: points of a PDF page, user units of an SVG drawing."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from digitizer.model import Axis, Figure, Frame, Notice, Panel, Series


@dataclass(frozen=True, slots=True, kw_only=True)
class Units:
    """A rendering's place in its document.

    The centre of pixel (x, y) is at ((x + left) / across, (y + top) / down) of the document, whose size
    (width, height) is ``whole``; the rendering's own is ``rendered``.
    """

    across: float
    down: float
    left: float
    top: float
    whole: tuple[int, int]
    rendered: tuple[int, int]

    def backward(self) -> Units:
        """From the document's units to pixels."""
        return Units(
            across=1 / self.across,
            down=1 / self.down,
            left=-self.left / self.across,
            top=-self.top / self.down,
            whole=self.rendered,
            rendered=self.whole,
        )


def in_units(figure: Figure, units: Units) -> Figure:
    """A figure that was read from a rendering, with all places in its document's units."""
    source = replace(figure.source, route="vector", width=units.whole[0], height=units.whole[1])
    return replace(_moved(figure, units), source=source, units=units)


def in_pixels(figure: Figure) -> Figure:
    """A figure with all places in pixels of the picture that it was read from."""
    if figure.units is None:
        return figure
    back = figure.units.backward()
    source = replace(figure.source, width=back.whole[0], height=back.whole[1])
    return replace(_moved(figure, back), source=source, units=None)


def _moved(figure: Figure, units: Units) -> Figure:
    return replace(
        figure,
        panels=tuple(_panel(panel, units) for panel in figure.panels),
        warnings=tuple(_notice(notice, units) for notice in figure.warnings),
    )


def _panel(panel: Panel, units: Units) -> Panel:
    across, down = (units.left, units.across), (units.top, units.down)
    return replace(
        panel,
        frame=_frame(panel.frame, units),
        x_axis=_axis(panel.x_axis, *across),
        y_axis=_axis(panel.y_axis, *down),
        y2_axis=None if panel.y2_axis is None else _axis(panel.y2_axis, *down),
        series=tuple(_series(series, units) for series in panel.series),
        warnings=tuple(_notice(notice, units) for notice in panel.warnings),
    )


def _axis(axis: Axis, start: float, scale: float) -> Axis:
    return replace(
        axis,
        ticks=tuple(replace(tick, pixel=(tick.pixel + start) / scale) for tick in axis.ticks),
        residual_px=None if axis.residual_px is None else axis.residual_px / scale,
    )


def _series(series: Series, units: Units) -> Series:
    return replace(
        series,
        x_px=(np.asarray(series.x_px) + units.left) / units.across,
        y_px=(np.asarray(series.y_px) + units.top) / units.down,
    )


def _notice(notice: Notice, units: Units) -> Notice:
    return notice if notice.box is None else replace(notice, box=_frame(notice.box, units))


def _frame(frame: Frame, units: Units) -> Frame:
    return Frame(
        left=(frame.left + units.left) / units.across,
        top=(frame.top + units.top) / units.down,
        right=(frame.right + units.left) / units.across,
        bottom=(frame.bottom + units.top) / units.down,
    )
