"""Bind each series of a panel with two y axes to the one it is read on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from digitizer.colors import to_lab
from digitizer.evidence import AxisEvidence, FloatArray, Picture, Scale, TextSpan, Trace
from digitizer.stages.legend.round_values import bind_by_round_values

# Lines are coloured from this chroma on (CIELAB), the texts of an axis together from less: small text of
# muted colours keeps 7 to 10 at quality 70, black and grey text has 1.
COLOURED = 12.0
TINTED = 5.0
# Ink of text and line agree in hue to this many degrees: thin strokes are pale, and keep their hue.
SAME_HUE_DEG = 28.0
# Axes whose hues differ by less are of one colour, which tells nothing: bluish greys of a page.
ONE_HUE_DEG = 12.0
# Two scales whose ends agree to this share of the height are one, printed on both sides.
MIRRORED = 0.01
# How entries say in words that they belong to the second axis.
_RIGHT = re.compile(r"\((?:right|rhs|r)\)|right axis|secondary", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{3,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """Which traces are read on the second axis, and whether colours or words say so of all of them."""

    on_y2: tuple[bool, ...]
    sure: bool


def differ(y: Scale | None, y2: Scale | None, top: float, bottom: float) -> bool:
    """Whether there is a second scale that does not merely repeat the first at a panel's other side."""
    if y is None or y2 is None:
        return y2 is not None
    ends = np.array([top, bottom])
    off = np.abs(y.to_pixel(y2.to_value(ends)) - ends) if y.kind == y2.kind else np.array([np.inf])
    return not bool(np.all(off <= MIRRORED * (bottom - top)))


def bind_axes(
    picture: Picture,
    y: AxisEvidence | None,
    y2: AxisEvidence | None,
    traces: Sequence[Trace],
    names: Sequence[str | None],
    scales: tuple[Scale | None, Scale | None] = (None, None),
) -> Binding:
    """Bind traces to the first or the second y axis.

    Notes
    -----
    Coloured labels or titles tell outright, then words that a name shares with one axis' title, or a note
    in the name, then values that are round on one axis alone. Where nothing tells, a line among bars and the
    last of two series go to the second axis, as most programs draw them; this is no proof, and ``sure`` is
    False.
    """
    if y2 is None or not traces:
        return Binding(on_y2=(False,) * len(traces), sure=True)
    colors, words = _by_color(picture, y, y2, traces), _by_words(y, y2, names)
    values = bind_by_round_values(*scales, list(traces))
    for told in (colors, words, values):
        if all(t is not None for t in told) and any(told) and not all(told):
            return Binding(on_y2=tuple(bool(t) for t in told), sure=True)
    for told in (colors, words, values):
        # What nothing is told of, a bit of a line as a rule, stands on the first axis.
        if True in told and False in told:
            return Binding(on_y2=tuple(bool(t) for t in told), sure=False)
    bars = [trace.kind == "bar" for trace in traces]
    if any(bars) and not all(bars):
        return Binding(on_y2=tuple(not bar for bar in bars), sure=False)
    return Binding(
        on_y2=tuple(len(traces) > 1 and k == len(traces) - 1 for k in range(len(traces))), sure=False
    )


def _by_color(
    picture: Picture, y: AxisEvidence | None, y2: AxisEvidence, traces: Sequence[Trace]
) -> list[bool | None]:
    """For each trace whether its hue is that of the second axis' texts; None where neither's."""
    hues = [None if axis is None else _axis_hue(picture, axis) for axis in (y, y2)]
    if hues[0] is not None and hues[1] is not None and _apart(hues[0], hues[1]) <= ONE_HUE_DEG:
        return [None] * len(traces)
    out: list[bool | None] = []
    for trace in traces:
        own = _hue(np.array(trace.color, dtype=np.float64), COLOURED)
        off = [np.inf if hue is None or own is None else _apart(hue, own) for hue in hues]
        if min(off) <= SAME_HUE_DEG:
            out.append(bool(off[1] < off[0]))
        else:
            # Where one axis is black and the other coloured, what lacks the colour goes with the black.
            out.append(None if None not in hues or hues == [None, None] else hues[1] is None)
    return out


def _axis_hue(picture: Picture, axis: AxisEvidence) -> float | None:
    """The hue of an axis' labels, or of its title alone; None where they are black or grey or differ."""
    for spans in (axis.labels, [] if axis.title is None else [axis.title]):
        if spans:
            hue = _hue(np.mean([ink_color(picture, span) for span in spans], axis=0), TINTED)
            if hue is not None:
                return hue
    return None


def ink_color(picture: Picture, span: TextSpan) -> FloatArray:
    """The colour of a text: its strongest contrast with the ground around it, in the hue of all of its ink.

    Notes
    -----
    In JPEGs the chroma of thin strokes lies partly beside them: no pixel has all of it, their sum does.
    """
    b = span.box
    rows = slice(max(0, round(b.top) - 1), round(b.bottom) + 2)
    columns = slice(max(0, round(b.left) - 1), round(b.right) + 2)
    pixels = picture.rgb[rows, columns].reshape(-1, 3).astype(np.float64)
    ground = np.median(pixels, axis=0)
    offset = pixels - ground
    contrast = np.abs(offset).max(axis=1)
    strongest = float(np.median(contrast[contrast >= 0.8 * contrast.max()]))
    total = offset.sum(axis=0)
    return np.asarray(ground + total * strongest / max(float(np.abs(total).max()), 1.0))


def _hue(rgb: FloatArray, least: float) -> float | None:
    """The hue of a colour in degrees; None where its chroma is less than ``least``."""
    _, a, b = to_lab(rgb[None])[0]
    return None if np.hypot(a, b) < least else float(np.degrees(np.arctan2(b, a)))


def _apart(one: float, other: float) -> float:
    """How far two hues are apart, in degrees."""
    return abs((one - other + 180) % 360 - 180)


def _by_words(y: AxisEvidence | None, y2: AxisEvidence, names: Sequence[str | None]) -> list[bool | None]:
    """For each name whether it belongs to the second axis by its words; None where they do not say."""
    first = _words(None if y is None or y.title is None else y.title.text)
    second = _words(None if y2.title is None else y2.title.text)
    noted = [name is not None and bool(_RIGHT.search(name)) for name in names]
    out: list[bool | None] = []
    for name, note in zip(names, noted, strict=True):
        own = _words(name)
        shared = len(own & first), len(own & second)
        if any(noted):
            out.append(note)
        else:
            out.append(None if shared[0] == shared[1] else shared[1] > shared[0])
    if len(out) == 2 and out.count(None) == 1:
        # Of two series the other one is on the other axis.
        known = next(o for o in out if o is not None)
        out = [not known if o is None else o for o in out]
    return out


def _words(text: str | None) -> set[str]:
    return set() if text is None else {word.lower() for word in _WORD.findall(text)}
