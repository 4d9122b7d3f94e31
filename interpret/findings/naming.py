"""What to call panels, series and positions along x, from the words in the picture."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from digitizer.model import Axis, Figure, Panel, Series

ACRONYM = re.compile(r"^(?=.*[A-Z].*[A-Z0-9])[A-Za-z0-9-]+$")
# "lifeExp" and "gdpPercap" are names of the data.
CAMEL = re.compile(r"[a-z][A-Z]")
# "V" of "Voltage, V", and units in brackets; "A" begins a title.
SYMBOL = re.compile(r"^[(\[]|^[B-Z][,.;:]?$")
PLAIN_WORDS = re.compile(r"^[A-Za-z][A-Za-z' -]*$")
UNIT_IN_LABEL = re.compile(r"\s*[\(\[][^()\[\]]*[\)\]]\s*$")
# "t" of "Time, t (ms)".
SYMBOL_IN_LABEL = re.compile(r",\s*[^\W\d_]\w?$")
MONTH = re.compile(r"^(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?$", re.I)
NOT_PLURAL = ("ss", "us", "is")
LONGEST_WORD = 40
LONGEST_UNIT = 6
ORDINALS = (
    *("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"),
    *("eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth"),
    *("eighteenth", "nineteenth", "twentieth"),
)
# SI prefixes and magnitudes are already in the values.
MAGNITUDES = frozenset({"k", "K", "M", "G", "B", "T", "m", "bn"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesName:
    """``subject`` stands in a sentence ("the train reward"), ``short`` in lists and tables."""

    subject: str
    short: str


@dataclass(frozen=True, slots=True, kw_only=True)
class XWord:
    """How positions along x are told: ``word`` is "step", "epoch" or None for bare values.

    ``unit`` is what distances along x are told in where the label names one: "ms".
    """

    word: str | None
    plural: str
    scale: str
    unit: str = ""

    def at(self, text: str) -> str:
        """ "at step 60", "on 2004-05-01", "for sprintf"."""
        if self.scale == "date":
            return f"{'on' if len(text) >= 10 else 'in'} {text}"
        if self.scale == "category":
            if MONTH.match(text):
                return f"in {text}"
            return f"at {self.word} {text}" if self.word and text[:1].isdigit() else f"at {text}"
        if self.word == "year":
            return f"in {text}"
        return f"at {self.word} {text}" if self.word else f"at x = {text}"

    def one(self, text: str) -> str:
        """ "step 60"."""
        if self.scale in ("date", "category") or self.word == "year":
            return text
        return f"{self.word} {text}" if self.word else f"x = {text}"

    def span(self, first: str, last: str) -> str:
        """ "steps 45 to 65"."""
        if self.scale in ("date", "category"):
            return f"{first} to {last}"
        return f"{self.plural} {first} to {last}" if self.word else f"x = {first} to {last}"

    def distance(self, text: str) -> str:
        """ "12 steps", "365 days", "20 ms"."""
        if self.scale in ("date", "category"):
            return f"{text} {'days' if self.scale == 'date' else 'points'}"
        return f"{text} {self.unit or self.plural or 'units of x'}"

    @property
    def one_unit(self) -> str:
        """What a slope is told for: "step", "ms"."""
        return self.unit or self.word or "unit of x"


def in_sentence(label: str) -> str:
    """Lower-case a label's plain words; acronyms and symbols stay ("Train KL Loss": "train KL loss")."""
    return " ".join(
        word if ACRONYM.match(word) or CAMEL.search(word) or SYMBOL.match(word) else word.lower()
        for word in label.split()
    )


def x_word(axis: Axis) -> XWord:
    """The axis' own word for a position."""
    label = SYMBOL_IN_LABEL.sub("", UNIT_IN_LABEL.sub("", axis.label or "").strip())
    bracket = UNIT_IN_LABEL.search(axis.label or "")
    unit = bracket.group().strip(" ()[]") if bracket else ""
    # "(log scale)" and "(of 12)" are none.
    unit = unit if len(unit) <= LONGEST_UNIT and " " not in unit and not unit.isdigit() else ""
    if not label or len(label) > LONGEST_WORD or not PLAIN_WORDS.match(label):
        return XWord(word=None, plural="", scale=axis.scale, unit=unit)
    word = in_sentence(label)
    if " of " in word:
        # "number of elements" has no singular.
        return XWord(word=word, plural=word, scale=axis.scale, unit=unit)
    if word.endswith("s") and not word.endswith(NOT_PLURAL) and len(word) > 3:
        word = word[:-1]
    plural = f"{word}s"
    return XWord(word=word, plural=plural, scale=axis.scale, unit=unit)


def y_label(panel: Panel, series: Series) -> str | None:
    """The label of the axis that the series belongs to."""
    axis = panel.y2_axis if series.axis == "y2" and panel.y2_axis is not None else panel.y_axis
    return axis.label


def y_unit(panel: Panel, series: Series) -> str:
    """The unit printed with the values: "%" or "$"; magnitudes are in the values already."""
    axis = panel.y2_axis if series.axis == "y2" and panel.y2_axis is not None else panel.y_axis
    if series.orientation == "horizontal":
        axis = panel.x_axis
    unit = axis.unit or ""
    return "" if unit in MAGNITUDES else unit


def name_series(figure: Figure) -> dict[tuple[int, int], SeriesName]:
    """Name every series of a figure, each name once."""
    names = {
        (p, s): _own_name(panel, series)
        for p, panel in enumerate(figure.panels)
        for s, series in enumerate(panel.series)
    }
    counts = Counter(name.subject for name in names.values())
    seen: Counter[str] = Counter()
    result: dict[tuple[int, int], SeriesName] = {}
    for key, name in names.items():
        if counts[name.subject] == 1:
            result[key] = name
            continue
        place = f" in {panel_name(figure, key[0])}" if len(figure.panels) > 1 else ""
        same = [k for k in names if k[0] == key[0] and names[k].subject == name.subject]
        order = ""
        if len(same) > 1:
            seen_here = f"{key[0]}:{name.subject}"
            order = f"{_ordinal(seen[seen_here])} "
            seen[seen_here] += 1
        subject = name.subject
        if order:
            subject = f"the {order}{subject.removeprefix('the ')}"
        result[key] = SeriesName(subject=f"{subject}{place}", short=f"{order}{name.short}{place}")
    return result


def panel_name(figure: Figure, index: int) -> str:
    """ "the left panel" or the panel's title in quotes."""
    panel = figure.panels[index]
    titles = [other.title for other in figure.panels]
    if panel.title and titles.count(panel.title) == 1:
        return f"“{panel.title}”"
    if len(figure.panels) == 2 and side_by_side(figure):
        left = min(range(2), key=lambda i: figure.panels[i].frame.left)
        return "the left panel" if index == left else "the right panel"
    return f"the {_ordinal(index)} panel"


def side_by_side(figure: Figure) -> bool:
    """Whether the panels stand in one row."""
    frames = [panel.frame for panel in figure.panels]
    top, bottom = max(f.top for f in frames), min(f.bottom for f in frames)
    return len(frames) > 1 and top < bottom


def capital(sentence: str) -> str:
    """Begin with a capital, unless a name from the picture stands there."""
    return "T" + sentence[1:] if sentence.startswith("the ") else sentence


def shorter(first: str, second: str) -> str:
    """The first of two names without the panel that the second one names too."""
    place = second.partition(" in ")[2]
    return first.removesuffix(f" in {place}") if place and first != second else first


def plural_verb(subject: str, one: str, many: str) -> str:
    """The verb's form beside a subject ("the gray points are", "the loss is")."""
    return many if subject.split(" in ")[0].endswith((" points", " bars")) else one


def _own_name(panel: Panel, series: Series) -> SeriesName:
    label = y_label(panel, series)
    name = series.name
    implicit = name is None or name == label or (len(panel.series) == 1 and name == panel.title)
    if name is not None and not implicit:
        # A lower-case word of a legend would be lost in a sentence ("after falls").
        plain = name == name.lower() and PLAIN_WORDS.match(name) is not None
        # A name of digits alone would read as a value.
        plain = plain or not any(character.isalpha() for character in name)
        return SeriesName(subject=f"“{name}”" if plain else name, short=name)
    text = (
        name
        or (label if len(panel.series) == 1 else None)
        or (panel.title if len(panel.series) == 1 else None)
    )
    if text is None:
        noun = {"scatter": "points", "bar": "bars", "band": "band"}.get(series.kind, "line")
        return SeriesName(subject=f"the {series.color_name} {noun}", short=f"{series.color_name} {noun}")
    bare = SYMBOL_IN_LABEL.sub("", UNIT_IN_LABEL.sub("", text).strip()) or text
    if PLAIN_WORDS.match(bare) and len(bare) <= LONGEST_WORD and " vs" not in bare.lower():
        if CAMEL.search(bare):
            return SeriesName(subject=bare, short=bare)
        words = in_sentence(bare)
        if words.endswith("s") and not words.endswith(NOT_PLURAL):
            words += " curve" if series.kind == "line" else ""
        return SeriesName(subject=f"the {words}", short=bare)
    return SeriesName(subject=bare, short=bare)


def _ordinal(index: int) -> str:
    return ORDINALS[index] if index < len(ORDINALS) else f"{index + 1}th"
