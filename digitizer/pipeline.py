"""The recipe: from a picture to the figure document, a line a stage."""

from __future__ import annotations

from typing import Any, Literal

from digitizer.evidence import Extraction, Picture
from digitizer.model import Figure
from digitizer.ocr import Recogniser, load_recogniser
from digitizer.stages.assemble import assemble
from digitizer.stages.axes import find_axes
from digitizer.stages.calibration import calibrate_panels
from digitizer.stages.check import check_panels
from digitizer.stages.legend import find_legends
from digitizer.stages.load import load_picture
from digitizer.stages.panels import find_panels
from digitizer.stages.roles import assign_roles
from digitizer.stages.text import read_text
from digitizer.stages.tracing import trace_panels


def digitize(
    source: Any, *, name: str | None = None, recogniser: Recogniser | Literal["ppocr", "tesseract"] = "ppocr"
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

    Raises
    ------
    digitizer.errors.InputError
        Where the source cannot be read as a picture.
    """
    engine = load_recogniser(recogniser) if isinstance(recogniser, str) else recogniser
    return assemble(extract(load_picture(source, name=name), engine))


def extract(picture: Picture, recogniser: Recogniser) -> Extraction:
    """See all there is to see: what needs the picture, and nothing that a corrected tick changes."""
    frames = find_panels(picture)
    spans = read_text(picture, frames, recogniser)
    axes = find_axes(picture, frames, spans)
    legends = find_legends(picture, axes, spans)
    roles = assign_roles(axes, spans, legends)
    scales = calibrate_panels(roles.axes)
    traces = trace_panels(picture, axes, spans, legends)
    return check_panels(picture, spans, scales, roles, legends, traces)
