"""Cut a text about a chart into sentences, each with what it is about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from digitizer.model import Figure

COMMENT = re.compile(r"<!--.*?-->", re.S)
ENTITY = {"&lt;": "<", "&gt;": ">", "&amp;": "&"}
# A full stop ends a sentence where a capital, a quote or a name of the chart follows.
END = re.compile(r"(?<=[.!?])\s+(?=[A-Z“\"*(]|[a-z_]+[A-Z_0-9]|\d+(?:st|nd|rd|th) )")
LIST_ITEM = re.compile(r"^\s*(?:[-*•]|\d+[.)])\s+")
SIDES = {"left": 0, "right": -1, "top": 0, "bottom": -1, "upper": 0, "lower": -1}
ORDINAL_WORDS = "first second third fourth fifth sixth seventh eighth ninth tenth"
ORDINALS = {word: k for k, word in enumerate(ORDINAL_WORDS.split())}
CONSTRUCTION = re.compile(r"\b(axis|axes|ticks?|legend|colou?r|title|frame)\b", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence as it stands, its section, and the series it is about: (panel, series), as named.

    ``places`` are where the text names them; ``context`` holds those of the heading or paragraph
    before, where the sentence names none itself.
    """

    text: str
    section: str
    series: tuple[tuple[int, int], ...]
    context: tuple[tuple[int, int], ...]
    places: tuple[int, ...] = ()
    masked: str = ""

    def series_at(self, position: int) -> tuple[int, int] | None:
        """The series that a number at a position belongs to: the last one named before it."""
        before = [key for key, place in zip(self.series, self.places, strict=True) if place <= position]
        if before:
            return before[-1]
        about = self.about
        return about[0] if len(about) == 1 or self.series else None

    @property
    def about(self) -> tuple[tuple[int, int], ...]:
        return self.series or self.context


def read_sentences(text: str, figure: Figure) -> list[Sentence]:
    """Read a description in Markdown or plain text.

    Parameters
    ----------
    text : str
        Comments are left out; headings and bold lines set what the following is about.
    figure : Figure
        Its labels, legend entries and titles are the names that the text may use.
    """
    names = _names(figure)
    section, context = "", _all(figure) if _count(figure) == 1 else ()
    sentences = []
    plain = COMMENT.sub("", text)
    for entity, character in ENTITY.items():
        plain = plain.replace(entity, character)
    for raw in plain.splitlines():
        line = raw.strip()
        if not line:
            continue
        if line.startswith("#"):
            section = line.lstrip("# ").lower()
            continue
        bare = LIST_ITEM.sub("", line).replace("**", "").replace("`", "").strip()
        if line.startswith("**") and line.endswith("**"):
            context = _named(bare, names, figure)[0] or _of_panel(bare, figure) or context
            continue
        for part in END.split(bare):
            if not part.strip():
                continue
            part = part.strip()
            own, places = _named(part, names, figure)
            sentences.append(
                Sentence(
                    text=part,
                    section=section,
                    series=own,
                    context=context,
                    places=places,
                    masked=_mask(part, names, figure),
                )
            )
            if own and not line.startswith(("-", "*")):
                context = own
    return sentences


def is_construction(sentence: Sentence) -> bool:
    """Whether it tells how the chart is built, which its data do not decide."""
    return "components" in sentence.section or bool(CONSTRUCTION.search(sentence.text))


def _count(figure: Figure) -> int:
    return sum(len(panel.series) for panel in figure.panels)


def _all(figure: Figure) -> tuple[tuple[int, int], ...]:
    return tuple((p, s) for p, panel in enumerate(figure.panels) for s in range(len(panel.series)))


def _names(figure: Figure) -> list[tuple[str, tuple[int, int]]]:
    """Names of the series, the longest first; one name may stand for several."""
    names: list[tuple[str, tuple[int, int]]] = []
    for p, panel in enumerate(figure.panels):
        for s, series in enumerate(panel.series):
            axis = panel.y2_axis if series.axis == "y2" and panel.y2_axis is not None else panel.y_axis
            words = [series.name]
            if len(panel.series) == 1:
                words += [axis.label, re.sub(r"\s+vs\.?\s.*", "", panel.title or "")]
            noun = {"scatter": "points", "bar": "bars", "band": "band"}.get(series.kind, "line")
            words.append(f"{series.color_name} {noun}")
            for word in words:
                bare = re.sub(r"\s*[\(\[][^()\[\]]*[\)\]]\s*$", "", word or "").strip().lower()
                # "Voltage, V" is called "the voltage".
                bare = re.sub(r",\s*[^\W\d_]\w?$", "", bare)
                if bare:
                    names.append((bare, (p, s)))
    return sorted(names, key=lambda item: -len(item[0]))


def _named(
    text: str, names: Sequence[tuple[str, tuple[int, int]]], figure: Figure
) -> tuple[tuple[tuple[int, int], ...], tuple[int, ...]]:
    """The series that a text names, in order, and where; a longer name hides shorter ones inside it."""
    lowered = text.lower()
    panels = _panels_named(lowered, figure)
    taken: list[tuple[int, int, list[tuple[int, int]]]] = []
    for word in dict.fromkeys(name for name, _ in names):
        keys = list(dict.fromkeys(key for name, key in names if name == word))
        for match in re.finditer(rf"(?<![a-z0-9_]){re.escape(word)}(?![a-z0-9_])", lowered):
            if not any(a < match.end() and match.start() < b for a, b, _ in taken):
                taken.append((match.start(), match.end(), keys))
    found: list[tuple[int, int]] = []
    places: list[int] = []
    for start, end, keys in sorted(taken, key=lambda item: item[0]):
        place = _panels_named(lowered[start : end + 30], figure) if len(keys) > 1 else ()
        inside = [key for key in keys if not (place or panels) or key[0] in (place or panels)] or keys
        # A line is called by its colour where it has no other name.
        nameless = [key for key in inside if sum(key == other for _, other in names) == 1]
        if len(inside) > 1 and len(nameless) == 1:
            inside = nameless
        order = re.search(r"(\w+)\s*$", lowered[:start])
        if len(inside) > 1 and order and order[1] in ORDINALS and ORDINALS[order[1]] < len(inside):
            inside = [inside[ORDINALS[order[1]]]]
        if len(inside) == 1:
            found.append(inside[0])
            places.append(start)
    if not found and len(panels) == 1 and len(figure.panels[panels[0]].series) == 1:
        return ((panels[0], 0),), (0,)
    return tuple(found), tuple(places)


def _mask(text: str, names: Sequence[tuple[str, tuple[int, int]]], figure: Figure) -> str:
    """Put a letter for each digit inside a name: "Level 2" holds no number."""
    words = {name for name, _ in names} | {panel.title.lower() for panel in figure.panels if panel.title}
    masked = text
    for word in sorted((w for w in words if re.search(r"\d", w)), key=len, reverse=True):
        pattern = rf"(?<![a-z0-9_]){re.escape(word)}(?![a-z0-9_])"
        masked = re.sub(pattern, lambda m: re.sub(r"\d", "n", m.group()), masked, flags=re.I)
    return masked


def _of_panel(text: str, figure: Figure) -> tuple[tuple[int, int], ...]:
    """The one series of the panel that a heading names."""
    lowered = text.lower()
    titles = [p for p, panel in enumerate(figure.panels) if panel.title and panel.title.lower() in lowered]
    if len(titles) == 1 and len(figure.panels[titles[0]].series) == 1:
        return ((titles[0], 0),)
    return ()


def _panels_named(lowered: str, figure: Figure) -> tuple[int, ...]:
    """Panels named by side, order or title."""
    by_left = sorted(range(len(figure.panels)), key=lambda p: figure.panels[p].frame.left)
    by_top = sorted(range(len(figure.panels)), key=lambda p: figure.panels[p].frame.top)
    found = []
    for match in re.finditer(r"\b(\w+) (?:panel|chart|plot|subplot)\b", lowered):
        word = match[1]
        if word in SIDES and len(figure.panels) > 1:
            found.append((by_left if word in ("left", "right") else by_top)[SIDES[word]])
        elif word in ORDINALS and ORDINALS[word] < len(figure.panels):
            found.append(ORDINALS[word])
    for p, panel in enumerate(figure.panels):
        if panel.title and f"“{panel.title.lower()}”" in lowered:
            found.append(p)
    return tuple(dict.fromkeys(found))
