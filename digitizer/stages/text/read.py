"""Find and read the text of a chart: every line once, with its box, direction and confidence."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from functools import reduce

import numpy as np

from digitizer.dates import is_date
from digitizer.evidence import Box, PanelFrame, Picture, TextSpan
from digitizer.ocr.protocol import Reading, Recogniser
from digitizer.stages.axes.factors import part_factor
from digitizer.stages.axes.inner_bands import inner_bands
from digitizer.stages.text.candidates import choose_lines, may_be_glyph
from digitizer.stages.text.case import settle_case_by_line
from digitizer.stages.text.ink import find_ink
from digitizer.stages.text.joined_numbers import part_joined
from digitizer.stages.text.letters import LONGEST_LETTER
from digitizer.stages.text.lone_strokes import name_strokes
from digitizer.stages.text.lone_titles import stand_titles
from digitizer.stages.text.row_on_end import stand_rows
from digitizer.stages.text.slanted import TurnedSheet, turn_slanted
from digitizer.stages.text.snippets import Snippet, cut_line
from digitizer.stages.text.wording import normalise, settle_text, split_numbers, split_words

# Turned text read less surely than this is tried the other way round as well.
TRY_OTHER_WAY = 0.92
# The other way round it is read so much more surely; more where only that mixes letters and digits in a word:
# upside down, small letters look like digits (Loss at 0.81, SS07 at 0.84).
SURER, SURER_MIXED = 0.02, 0.1
# Below this nothing was read: outside the frames, and inside, where curves look like letters.
LEAST_CONFIDENCE = 0.45
LEAST_CONFIDENCE_INSIDE = 0.82
# Three characters or fewer inside a frame are often the corner of a curve (a V, an 11).
LEAST_CONFIDENCE_SHORT = 0.95
# ... but not where they begin (to this share of a height) with a text of their size (their heights differ by
# this factor) so many heights above or below it: V1 over V2 (0.91), cos under sin (0.76).
LEAST_CONFIDENCE_MATE = 0.6
MATE_ALIGNED = 0.25
MATE_SIZE = 0.6
MATE_ROWS = 3.2
# What recognisers make of a legend's sample.
SAMPLES = "—–−-_•●■◆▲"
# A dash is typed up to 1.1 text heights wide (the em of text with descenders); samples are 2.4 wide and more.
SAMPLE_HEIGHTS = 1.8
# A ring on a line, as recognisers read it; nobody types one.
RING_ON_LINE = re.compile(r"[-–—_]+[oO0°•][-–—_]+")
# What no sample is read as: a bracket behind raised digits has the box of these as well.
NO_SAMPLE = "()[]{}%"
# What recognisers make of the small digits of an exponent.
EXPONENT_TWINS = str.maketrans("Oo°lI|", "000111")


def read_text(
    picture: Picture, panels: tuple[PanelFrame, ...], recogniser: Recogniser
) -> tuple[TextSpan, ...]:
    """Find the lines of text in a picture and read each.

    Parameters
    ----------
    picture : Picture
        The decoded source.
    panels : tuple of PanelFrame
        The plot areas; text inside is told from curves and markers, and ticks are erased.
    recogniser : Recogniser
        Reads the crops, all in one call (a second for text turned the other way).

    Returns
    -------
    tuple of TextSpan
        From top to bottom and left to right; boxes in source pixels.
    """
    sheet = find_ink(picture, panels)
    candidates = may_be_glyph(sheet.glyphs)
    turned, slanted = turn_slanted(sheet, candidates)
    lines = stand_rows(choose_lines(sheet, candidates & ~slanted), sheet, recogniser)
    lines = stand_titles(lines, sheet, recogniser)
    snippets = [cut_line(sheet, line) for line in lines]
    if turned is not None:
        snippets += _cut_turned(turned)
    spans = name_strokes(part_joined(settle_case_by_line(read_snippets(snippets, recogniser))))
    spans = [name for span in spans for name in without_samples(span)]
    spans = [_with_panel(part, panels) for span in spans for part in part_factor(span)]
    return tuple(sorted(spans, key=lambda span: (span.box.top, span.box.left)))


def _with_panel(span: TextSpan, panels: tuple[PanelFrame, ...]) -> TextSpan:
    """A text beside an axis line within a panel, with the panel that holds it."""
    center = span.box.center
    inner = [k for k, p in enumerate(panels) for band in inner_bands(p) if band.contains(*center)]
    return replace(span, panel=inner[0]) if inner and span.panel is None else span


def without_samples(span: TextSpan) -> list[TextSpan]:
    """The names in a text that holds legend samples in a colour near to grey: before its first word, or
    between the entries of a row."""
    words = span.words
    if len(words) < 2:
        return [span]
    first = all(c in SAMPLES for c in words[0][0])
    named = words[1][0][:1].isalpha()
    cuts = [0] if named and (first or _is_sample(*words[0], span)) else []
    cuts += [k for k, word in enumerate(words) if k and _is_sample(*word, span)]
    if not cuts or not any(any(c.isalnum() for c in w) for k, (w, _) in enumerate(words) if k not in cuts):
        return [span]
    edges = [-1, *cuts, len(words)]
    runs = [words[a + 1 : b] for a, b in itertools.pairwise(edges)]
    return [_of_words(span, run) for run in runs if run]


def _is_sample(word: str, box: Box, span: TextSpan) -> bool:
    """Whether a word is what was read of a legend's sample: no letters, and wider than any dash is typed, or
    a ring on a line."""
    return RING_ON_LINE.fullmatch(word) is not None or (
        not any(c.isalnum() or c in NO_SAMPLE for c in word) and box.width >= SAMPLE_HEIGHTS * span.box.height
    )


def _of_words(span: TextSpan, words: tuple[tuple[str, Box], ...]) -> TextSpan:
    """The part of a text that some of its words make."""
    text = " ".join(word for word, _ in words)
    box = reduce(Box.union, (box for _, box in words))
    return replace(span, box=box, text=text, words=words if len(words) > 1 else (), alternative=None)


def _cut_turned(turned: TurnedSheet) -> list[Snippet]:
    """The level lines of a turned sheet, their boxes and angle those of the source picture."""
    sheet = turned.sheet
    lines = choose_lines(sheet, may_be_glyph(sheet.glyphs))
    cut = [cut_line(sheet, line) for line in lines if line.upright]
    return [replace(s, box=turned.source_box(s.box), angle_deg=turned.angle_deg) for s in cut]


def read_snippets(snippets: list[Snippet], recogniser: Recogniser) -> list[TextSpan]:
    """Read snippets in one call, turned ones that stay unsure once more upside down."""
    crops = [crop for snippet in snippets for crop in (snippet.crop, *snippet.parts)]
    readings = iter(recogniser.read(crops))
    results: list[tuple[Snippet, Reading, tuple[Reading, ...], float]] = []
    for snippet in snippets:
        whole = next(readings)
        results.append((snippet, whole, tuple(next(readings) for _ in snippet.parts), snippet.angle_deg))
    doubtful = [i for i, r in enumerate(results) if r[3] == 90.0 and r[1].confidence < TRY_OTHER_WAY]
    others = recogniser.read([np.ascontiguousarray(results[i][0].crop[::-1, ::-1]) for i in doubtful])
    for i, other in zip(doubtful, others, strict=True):
        if is_upside_down(results[i][1], other):
            results[i] = (results[i][0], other, (), 270.0)
    spans: list[TextSpan] = []
    doubtful_spans: list[TextSpan] = []
    for result in results:
        made = _make_spans(*result)
        spans += made
        if not made and result[0].panel >= 0:
            doubtful_spans += _make_spans(*result, mate=True)
    return spans + [d for d in doubtful_spans if any(_follow(d, span) for span in spans)]


def is_upside_down(first: Reading, other: Reading) -> bool:
    """Whether turned text is read surely enough the ``other`` way round; a lone letter never stands so."""
    if len(first.text.strip()) == len(other.text.strip()) == 1:
        return False
    mixed = _mixes_digits(other.text) and not _mixes_digits(first.text)
    return other.confidence > first.confidence + (SURER_MIXED if mixed else SURER)


def _mixes_digits(text: str) -> bool:
    """Whether a word has letters and digits."""
    return any(any(map(str.isalpha, word)) and any(map(str.isdigit, word)) for word in text.split())


def _follow(one: TextSpan, other: TextSpan) -> bool:
    """Whether a text begins a row above or below another of its size, as entries of a legend do."""
    height = other.box.height
    level = one.angle_deg == other.angle_deg == 0.0 and one.panel == other.panel
    alike = MATE_SIZE <= one.box.height / max(height, 1.0) <= 1 / MATE_SIZE
    away = abs(one.box.center[1] - other.box.center[1])
    aligned = abs(one.box.left - other.box.left) <= MATE_ALIGNED * height
    return level and alike and aligned and height < away <= MATE_ROWS * height


def _make_spans(
    snippet: Snippet, whole: Reading, parts: tuple[Reading, ...], angle_deg: float, *, mate: bool = False
) -> list[TextSpan]:
    """Compose the text of a snippet; none where it is no text, several where it is a row of numbers.

    ``mate`` tells that a surer text is expected a row away.
    """
    # The ring of a percent sign is raised as an exponent is.
    plain = "%" in whole.text or "‰" in whole.text or names_day(whole.text)
    power = None if plain else compose_power(parts)
    if power is not None and snippet.panel >= 0 and not re.search(r"10\^|[a-z]{2}", power[0]):
        power = None
    text, confidence = power or (
        settle_text(whole, snippet.letters)
        if angle_deg != 270.0
        else (normalise(whole.text), whole.confidence)
    )
    if confidence < _least_confidence(snippet, text, mate=mate) or not any(c.isalnum() for c in text):
        return []
    runs = split_numbers(text, snippet.letters) if angle_deg == 0.0 else [(text, slice(None))]
    other = normalise(whole.alternative) if whole.alternative and power is None and len(runs) == 1 else None
    words = split_words(text, snippet.letters) if angle_deg == 0.0 and len(runs) == 1 else []
    return [
        TextSpan(
            box=snippet.part_box(run) if len(runs) > 1 else snippet.box,
            text=word,
            confidence=confidence,
            angle_deg=angle_deg,
            panel=None if snippet.panel < 0 else snippet.panel,
            alternative=None if other == word else other,
            words=tuple((part, snippet.part_box(place)) for part, place in words),
            middle_y=snippet.middle_y if angle_deg == 0.0 else None,
        )
        for word, run in runs
    ]


def names_day(text: str) -> bool:
    """Whether a text is a date with a word in it; its numbers may be raised where letters reach below."""
    return any(c.isalpha() for c in text) and is_date(normalise(text))


def _least_confidence(snippet: Snippet, text: str, *, mate: bool) -> float:
    """How sure a reading must be to count as text, by where it stands and how long it is."""
    if snippet.panel < 0:
        return LEAST_CONFIDENCE
    n_letters, n_signs = sum(c.isalnum() for c in text), len(text.replace(" ", ""))
    if (len(text) == 1 and not _may_be_letter(snippet)) or n_letters < 0.5 * n_signs:
        return 2.0
    if mate:
        return LEAST_CONFIDENCE_MATE
    # Three letters that are each a glyph of their own are no corner of a curve; an equals sign is two.
    n_equals = text.count("=")
    apart = n_letters + n_equals >= 3 and len(snippet.line.members) in (n_signs, n_signs + n_equals)
    return LEAST_CONFIDENCE_SHORT if n_letters <= 3 and not apart else LEAST_CONFIDENCE_INSIDE


def _may_be_letter(snippet: Snippet) -> bool:
    """Whether what reads as a single letter is one glyph, no longer than letters are: peaks read A."""
    length, height = snippet.box.width, snippet.box.height
    if not snippet.line.upright:
        length, height = height, length
    return len(snippet.line.members) == 1 and length <= LONGEST_LETTER * height


def compose_power(parts: tuple[Reading, ...]) -> tuple[str, float] | None:
    """``base^exponent`` of a base and its raised part read apart; None where that makes no sense."""
    if len(parts) < 2:
        return None
    base, raised = normalise(parts[0].text), normalise(parts[1].text)
    raised = raised.translate(EXPONENT_TWINS)
    base = re.sub(r"[lI|][O0o]$", "10", base).rstrip("^'-")
    rest = parts[2].text if len(parts) > 2 and parts[2].confidence >= LEAST_CONFIDENCE else ""
    # Only tens, twos and e are raised to powers on axes, letters in units (m^2, but not in mid-word).
    if not re.fullmatch(r"[-+–—]?\d{1,3}", raised) or not re.search(
        r"(?:^|[^\d.,])(?:10|2|e)$|[^\W\d_]$", base
    ):
        return None
    if base[-1].isalpha() and (rest[:1].isalnum() or is_date(base)):
        # The g of Aug reaches below the day beside it, as no unit does below its power.
        return None
    raised = raised.replace("–", "-").replace("—", "-")
    spaced = " " + normalise(rest) if rest and base[-1].isdigit() else normalise(rest)
    return f"{base}^{raised}{spaced}", min(part.confidence for part in parts[: 3 if rest else 2])
