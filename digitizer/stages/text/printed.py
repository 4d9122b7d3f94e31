"""Texts as a document holds them, in place of what was read of its rendering."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

import numpy as np

from digitizer.drawing import DrawnLine
from digitizer.evidence import Box, PanelFrame, TextSpan
from digitizer.stages.text.wording import normalise

# The text that a document says is printed inside a box of the picture, "" where it says nothing.
Printed = Callable[[Box], str]

# Rounding may let a line's box touch the next line; a point at its foot is a tenth of its height. Along the
# line the next text is further away, and an l or a 1 at its end is narrow. In share of the line's height.
SHRUNK = 0.05
# Texts alike by this much are one text, and one of them misread. Fonts without a proper Unicode map give
# texts that are like nothing in the picture.
ALIKE = 0.6
# Where the characters of a drawing are alike by this much on average, its fonts can be trusted where a line
# was misread altogether.
TRUSTED = 0.85
# Where a document tells this share of what was read, so short a text inside a panel that it does not tell is
# none: two markers that look like an 8.
TOLD, SHORT = 0.8, 2
# A line was read in part where a side of it is off by more than this share of its height: digits are wider.
PART = 0.4
# Shorter texts inside a panel may be its markers, where there are several of them; but axes have each number
# once.
LONG, N_AXES = 2, 2
_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl"})
_TWINS = str.maketrans("Il|Oo°", "111000")
_SCRIPTS = re.compile(r"[\^_]")
_UNMAPPED = re.compile(r"[\x00-\x1f\x7f-\x9f\ue000-\uf8ff\ufffd\ufffe]")


def take_printed(
    spans: tuple[TextSpan, ...], printed: Printed | None, lines: Sequence[DrawnLine] = ()
) -> tuple[TextSpan, ...]:
    """Give each line of text the wording that the document has for its place.

    Parameters
    ----------
    spans : tuple of TextSpan
        What was read of the picture.
    printed : Printed or None
        The document's texts by their place in the picture; None where there is no such document.
    lines : sequence of DrawnLine
        The document's lines, where it tells their boxes: they part and join lines of the picture.

    Returns
    -------
    tuple of TextSpan
        The same lines. Where the document's text is unlike what was read (broken encodings), or there is
        none (texts drawn as paths), what was read stays; but short ones inside panels go where the
        document tells almost all others.
    """
    if printed is None:
        return spans
    texts = [_text_at(span, printed) for span in spans]
    pairs = [(span.text, text) for span, text in zip(spans, texts, strict=True) if text]
    alike = sum(len(text) * _likeness(read, text) for read, text in pairs)
    trusted = alike >= TRUSTED * sum(len(text) for _, text in pairs)
    told = _share_told(spans, [bool(text) for text in texts]) >= TOLD
    worded = tuple(
        _worded(span, text, trusted) if text else span
        for span, text in zip(spans, texts, strict=True)
        if text or not (trusted and told and span.panel is not None and len(span.text) <= SHORT)
    )
    return as_lines(worded, lines) if trusted else worded


def add_unread(
    spans: tuple[TextSpan, ...], lines: Sequence[DrawnLine], frames: Sequence[PanelFrame]
) -> tuple[TextSpan, ...]:
    """The texts with the document's lines inside panels that nothing was read of: ink under them hides these.

    Parameters
    ----------
    spans : tuple of TextSpan
        The texts, with the document's wording.
    lines : sequence of DrawnLine
        The document's lines.
    frames : sequence of PanelFrame
        The panels. Markers drawn as characters stand in them, too: no single ones that repeat are taken,
        but for digits that may be those of axes along zero.
    """
    count = Counter(normalise(line.text.translate(_LIGATURES)) for line in lines)
    if _share_told(spans, [span.text in count or _is_made_of(span, lines) for span in spans]) < TOLD:
        return spans
    out = list(spans)
    for line in lines:
        panel = next((k for k, frame in enumerate(frames) if frame.box.contains(*line.box.center)), None)
        wording = normalise(line.text.translate(_LIGATURES))
        unread = not any(span.box.overlaps(line.box) for span in spans)
        few = N_AXES * len(frames) if wording.isdecimal() else 1
        alone = len(wording) >= LONG or (wording.isalnum() and count[wording] <= few)
        if panel is None or not alone or not unread or _UNMAPPED.search(line.text):
            continue
        angle = 90.0 if line.upright else 0.0
        out.append(TextSpan(box=line.box, text=wording, confidence=1.0, angle_deg=angle, panel=panel))
    return tuple(out)


def _share_told(spans: Sequence[TextSpan], told: Sequence[bool]) -> float:
    """Which share of texts a document tells, or of their characters: many markers may be read as letters."""
    if not spans:
        return 1.0
    sizes = np.array([[1, len(span.text)] for span in spans], dtype=float)
    sums = np.maximum(sizes.sum(axis=0), 1.0)
    return float((sizes[np.asarray(told, dtype=bool)].sum(axis=0) / sums).max())


def _is_made_of(span: TextSpan, lines: Sequence[DrawnLine]) -> bool:
    """Whether a text is put together of lines: minus signs and powers are set by themselves (matplotlib)."""
    own = [line for line in lines if _overlap(span.box, line.box)]
    return bool(own) and all(_bare(normalise(line.text)) in _bare(span.text) for line in own)


def as_lines(spans: tuple[TextSpan, ...], lines: Sequence[DrawnLine]) -> tuple[TextSpan, ...]:
    """The document's lines in place of parts of them, and of spans that hold several; others as they are."""
    touching = [[k for k, span in enumerate(spans) if _is_part(span, line)] for line in lines]
    held = [sum(k in own for own in touching) for k in range(len(spans))]
    # A span that reads as its lines do is one line, which the document's spaces part.
    one_line = {
        k
        for k, span in enumerate(spans)
        if held[k] > 1 and _reads_as(span, [x for x, own in zip(lines, touching, strict=True) if k in own])
    }
    out, gone = [], set()
    for line, own in zip(lines, touching, strict=True):
        whole = len(own) == 1 and held[own[0]] == 1 and _agree(spans[own[0]].box, line.box)
        if not own or whole or one_line.intersection(own) or any(_SCRIPTS.search(spans[k].text) for k in own):
            continue
        wording = normalise(line.text.translate(_LIGATURES))
        if not wording or _UNMAPPED.search(line.text):
            continue
        # What was read beside the line, or of more characters, the document draws as paths: a minus sign.
        n_read = sum(len(_bare(spans[k].text)) for k in own)
        beyond = len(_bare(wording)) < n_read or not all(_holds(line.box, spans[k].box) for k in own)
        if beyond and not (len(own) == 1 and _is_crossed(spans[own[0]], line, lines)):
            continue
        turned = [spans[k].angle_deg for k in own if spans[k].angle_deg % 180.0]
        angle = (turned[0] if turned else 90.0) if line.upright else 0.0
        panels = {spans[k].panel for k in own}
        panel = panels.pop() if len(panels) == 1 else None
        out.append(TextSpan(box=line.box, text=wording, confidence=1.0, angle_deg=angle, panel=panel))
        gone.update(own)
    # A span that also holds a line which cannot take its place stays.
    kept = {k for own in touching for k in own if k in gone and not _is_told(spans[k], out)}
    return (*(span for k, span in enumerate(spans) if k not in gone or k in kept), *out)


def _is_part(span: TextSpan, line: DrawnLine) -> bool:
    """Whether a span and a line share most of one of them; a letter of a line that runs across is no part."""
    across = line.upright is not bool(span.angle_deg % 180.0) and len(_bare(line.text)) > 1
    return _overlap(span.box, line.box) and (
        not across or _holds(span.box, line.box) or _holds(line.box, span.box)
    )


def _is_crossed(span: TextSpan, line: DrawnLine, lines: Sequence[DrawnLine]) -> bool:
    """Whether a span is a line with a letter of another one that runs across its end."""
    others = [other for other in lines if other.upright is not line.upright and other.box.overlaps(span.box)]
    return bool(others) and _bare(normalise(line.text)) in _bare(span.text)


def _overlap(one: Box, other: Box) -> bool:
    """Whether two boxes share most of one of them along each direction."""
    across = min(one.right, other.right) - max(one.left, other.left) + 1
    down = min(one.bottom, other.bottom) - max(one.top, other.top) + 1
    return across > 0.5 * min(one.width, other.width) and down > 0.5 * min(one.height, other.height)


def _reads_as(span: TextSpan, lines: Sequence[DrawnLine]) -> bool:
    """Whether a span's text is that of lines one after the other, from either end."""
    words = [line.text for line in sorted(lines, key=lambda line: (line.box.left, line.box.top))]
    upwards = [line.text for line in sorted(lines, key=lambda line: -line.box.bottom)]
    orders = (words, upwards, upwards[::-1])
    return max(_likeness(span.text, " ".join(order)) for order in orders) >= TRUSTED


def _agree(one: Box, other: Box) -> bool:
    """Whether the sides of two boxes are the same but for a part of a character."""
    across = max(abs(one.left - other.left), abs(one.right - other.right))
    down = max(abs(one.top - other.top), abs(one.bottom - other.bottom))
    return max(across, down) <= PART * min(other.width, other.height)


def _holds(line: Box, part: Box) -> bool:
    """Whether a part of a line is inside it, but for a part of a character."""
    reach = PART * min(line.width, line.height)
    return line.contains(part.left, part.top, reach) and line.contains(part.right, part.bottom, reach)


def _is_told(span: TextSpan, lines: Sequence[TextSpan]) -> bool:
    """Whether lines of the document stand where a span was read."""
    return any(_overlap(span.box, line.box) for line in lines)


def _text_at(span: TextSpan, printed: Printed) -> str:
    """The document's text for a line; "" where it holds what stands for no character."""
    if span.angle_deg % 90.0:
        return ""
    box = span.box
    turned = bool(span.angle_deg % 180.0)
    across = SHRUNK * (box.width if turned else box.height)
    dx, dy = (across, 0.0) if turned else (0.0, across)
    shrunk = Box(left=box.left + dx, top=box.top + dy, right=box.right - dx, bottom=box.bottom - dy)
    # A line of text has no ends of lines: those come from raised and turned characters.
    text = "".join(printed(shrunk).splitlines()).translate(_LIGATURES)
    return "" if _UNMAPPED.search(text) else normalise(text)


def _worded(span: TextSpan, text: str, trusted: bool) -> TextSpan:
    likeness = _likeness(span.text, text)
    # A shorter text may be a part of the line alone.
    is_whole = len(_bare(text)) >= len(_bare(span.text))
    if likeness < ALIKE and not (trusted and is_whole):
        return span
    wording = text
    if _SCRIPTS.search(span.text) and not _SCRIPTS.search(text):
        # Documents know nothing of raised and lowered parts but where there are characters for them.
        power = re.fullmatch(r"(10)(-?\d+)", _bare(text))
        wording = f"{power[1]}^{power[2]}" if power else span.text
    words = wording.split()
    boxes = [box for _, box in span.words]
    return replace(
        span,
        text=wording,
        confidence=1.0,
        alternative=None,
        words=tuple(zip(words, boxes, strict=True)) if len(words) == len(boxes) else (),
    )


def _likeness(read: str, printed: str) -> float:
    """How much of two texts is the same, from 0 to 1, characters that look the same counting as one."""
    one, other = (_bare(text).translate(_TWINS).casefold() for text in (read, printed))
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _bare(text: str) -> str:
    """The text without what the two spell differently."""
    return re.sub(r"[\s^_]", "", text)
