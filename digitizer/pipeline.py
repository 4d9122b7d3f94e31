"""The recipe: from a picture to the figure document, a line a stage."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

from digitizer.drawing import Drawing
from digitizer.evidence import Extraction, Picture
from digitizer.hints import NO_HINTS, Hints
from digitizer.model import Figure
from digitizer.ocr import Recogniser, load_recogniser
from digitizer.stages.areas.gradients import flatten_gradients
from digitizer.stages.assemble import assemble
from digitizer.stages.axes.calibration import calibrate_panels
from digitizer.stages.axes.doubled import find_doubled, straighten_axes, straighten_traces
from digitizer.stages.axes.find import find_axes
from digitizer.stages.axes.resampled import put_on_lattice
from digitizer.stages.bars.hollow import fill_hollow_bars
from digitizer.stages.checks.check import check_panels
from digitizer.stages.drawn.axes import take_drawn_axes
from digitizer.stages.drawn.legends import take_drawn_legends
from digitizer.stages.drawn.series import take_drawn_series
from digitizer.stages.hinted.axes import hint_axes
from digitizer.stages.hinted.panels import hide_regions, hint_panels, leave_out_regions, part_hinted
from digitizer.stages.hinted.scales import hint_scales
from digitizer.stages.hinted.series import trace_hinted
from digitizer.stages.legend.find import find_legends
from digitizer.stages.legend.veil import lift_veils
from digitizer.stages.legend.wrapped import join_wrapped_names
from digitizer.stages.load import load_picture
from digitizer.stages.panels.find import find_panels
from digitizer.stages.roles.assign import assign_roles
from digitizer.stages.text.printed import Printed, add_unread, take_printed
from digitizer.stages.text.read import read_text
from digitizer.stages.tracing.trace import lay_rulers

# Of a picture that no drawing is known of.
NOT_DRAWN = Drawing()


def digitize(
    source: Any,
    *,
    name: str | None = None,
    recogniser: Recogniser | Literal["ppocr", "tesseract"] = "ppocr",
    hints: Hints = NO_HINTS,
    printed: Printed | None = None,
    drawn: Drawing = NOT_DRAWN,
) -> Figure:
    """Read the figure in ``source``: a path, bytes, a PIL image or an array.

    Parameters
    ----------
    source : path, bytes, PIL.Image.Image or ndarray
        The picture.
    name : str, optional
        What to call it in the document and in errors.
    recogniser : Recogniser or {"ppocr", "tesseract"}
        The engine that reads the labels.
    hints : Hints, optional
        What a person knows about the figure.
    printed : Printed, optional
        The texts of the document that the picture was rendered from, by their place.
    drawn : Drawing, optional
        The paths of the drawing that the picture was rendered from.

    Raises
    ------
    digitizer.errors.InputError
        Where the source cannot be read as a picture.
    digitizer.errors.HintError
        Where a hint contradicts the picture beyond doubt.
    """
    engine = load_recogniser(recogniser) if isinstance(recogniser, str) else recogniser
    return assemble(extract(load_picture(source, name=name), engine, hints, printed, drawn))


def extract(
    picture: Picture,
    recogniser: Recogniser,
    hints: Hints = NO_HINTS,
    printed: Printed | None = None,
    drawn: Drawing = NOT_DRAWN,
) -> Extraction:
    """See all there is to see: what needs the picture, and nothing that a corrected tick changes."""
    seen = leave_out_regions(picture, hints)
    frames = hint_panels(find_panels(seen), seen, hints)
    seen, frames = flatten_gradients(fill_hollow_bars(seen, frames), frames)
    spans = take_printed(read_text(seen, frames, recogniser), printed, drawn.lines)
    spans = add_unread(spans, drawn.lines + drawn.placed, frames)
    doubled = find_doubled(seen)
    axes = find_axes(seen, frames, spans)
    axes = put_on_lattice(axes, seen) if doubled is None else axes
    axes, spans = part_hinted(seen, axes, spans, hints)
    frames = tuple(panel.frame for panel in axes)
    axes, spans = hint_axes(straighten_axes(axes, doubled), spans, seen, hints)
    spans = join_wrapped_names(seen, axes, spans)
    legends = take_drawn_legends(find_legends(seen, axes, spans), drawn.paths, axes, spans)
    roles = take_drawn_axes(assign_roles(axes, spans, legends, seen.width), drawn)
    scales = hint_scales(calibrate_panels(roles.axes), roles.axes, seen, hints)
    spans = hide_regions(spans, frames, seen, hints)
    seen, legends = lift_veils(seen, frames, spans, legends)
    seen, legends, traces = trace_hinted(seen, lay_rulers(axes, scales), spans, legends, hints)
    traces = take_drawn_series(straighten_traces(traces, doubled), roles.axes, legends, drawn.paths)
    return replace(check_panels(seen, spans, scales, roles, legends, traces), picture=picture, hints=hints)
