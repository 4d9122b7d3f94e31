"""How the chart is built: panels, axes, ticks, series, legend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from digitizer.model import Axis, Figure, Panel, Series
from interpret.findings.model import Finding, SeriesRef
from interpret.findings.naming import SeriesName, in_sentence, panel_name, side_by_side
from interpret.findings.numbers import decimals_for, print_number
from interpret.findings.sentence import join

KIND_NOUNS = {"line": "line chart", "scatter": "scatter plot", "bar": "bar chart", "band": "band chart"}
MOST_TICKS = 14
# Frames of equal axes end at equal values to this share of their span: of 26 read panels they did to 1 %.
SAME_END = 0.02
SMALL_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def kind_noun(panel: Panel) -> str:
    """ "line chart", "bar chart", ..."""
    kinds: set[str] = {series.kind for series in panel.series}
    if len(kinds) > 1:
        kinds.discard("band")
    if len(kinds) == 1:
        return KIND_NOUNS[next(iter(kinds))]
    return "chart"


def say_count(count: int) -> str:
    return SMALL_NUMBERS[count] if count < len(SMALL_NUMBERS) else str(count)


def figure_findings(figure: Figure) -> list[Finding]:
    """What the figure consists of, in one sentence (two where axes are equal)."""
    n = len(figure.panels)
    if n == 0:
        return []
    evidence: dict[str, float | str] = {"n_panels": n}
    nouns = {kind_noun(panel) for panel in figure.panels}
    noun = next(iter(nouns)) if len(nouns) == 1 else "chart"
    if n == 1:
        article = "an" if noun[0] in "aeiou" else "a"
        about = _about(figure.panels[0])
        sentence = f"The figure is {article} {noun}{about}."
    else:
        layout = ", side by side" if side_by_side(figure) else ""
        titles = [panel.title for panel in figure.panels]
        named = ""
        if all(titles) and n <= 6:
            named = ": " + join([f"“{title}”" for title in titles if title])
            if n == 2 and side_by_side(figure):
                first, second = sorted(range(2), key=lambda i: figure.panels[i].frame.left)
                named = f": “{titles[first]}” on the left and “{titles[second]}” on the right"
        sentence = f"The figure shows {say_count(n)} {noun}s{layout}{named}."
    findings = [
        Finding(kind="structure", level=1, sentence=sentence, evidence=evidence, role="overview", salience=9)
    ]
    doubt = _doubt(figure)
    if doubt:
        findings.append(
            Finding(kind="structure", level=1, sentence=doubt, evidence=evidence, role="overview", salience=7)
        )
    equal = _equal_axes(figure)
    if equal:
        findings.append(
            Finding(kind="structure", level=1, sentence=equal, evidence=evidence, role="overview", salience=8)
        )
    return findings


def component_findings(figure: Figure, names: dict[tuple[int, int], SeriesName]) -> list[Finding]:
    """Title, axes, series, legend and state: once what all panels have alike, then the rest a panel."""
    told = [_panel_sentences(figure, index, names) for index in range(len(figure.panels))]
    shared = [one for one in told[0] if all(one in other for other in told[1:])] if len(told) > 1 else []
    refs = [
        tuple(SeriesRef(panel=p, series=s, name=series.name) for s, series in enumerate(panel.series))
        for p, panel in enumerate(figure.panels)
    ]
    entries: list[tuple[int | None, str, tuple[SeriesRef, ...]]]
    entries = [(None, one, tuple(ref for row in refs for ref in row)) for one in shared]
    entries += [(p, one, refs[p]) for p, row in enumerate(told) for one in row if one not in shared]
    return [
        Finding(
            kind="structure",
            level=1,
            sentence=sentence,
            panel=index,
            series=mine,
            role="components",
            salience=5,
        )
        for index, sentence, mine in entries
    ]


def _panel_sentences(figure: Figure, index: int, names: dict[tuple[int, int], SeriesName]) -> list[str]:
    panel = figure.panels[index]
    height = abs(panel.frame.bottom - panel.frame.top)
    sentences = [
        _title_sentence(panel),
        axis_sentence("x", _shared_x(figure) or panel.x_axis),
        axis_sentence("y", panel.y_axis, pixels=height),
    ]
    if panel.y2_axis is not None:
        sentences.append(axis_sentence("second y", panel.y2_axis, pixels=height))
    sentences.append(_series_sentence(figure, index, names))
    sentences.append(_legend_sentence(panel))
    if panel.status != "ok":
        reasons = "; ".join(notice.message.rstrip(".") for notice in panel.warnings[:2])
        doubt = "The reading of this panel is in doubt"
        state = doubt if panel.status == "suspect" else "Its values could not be read"
        sentences.append(f"{state}{': ' + reasons if reasons else ''}.")
    return [sentence for sentence in sentences if sentence]


def _shared_x(figure: Figure) -> Axis | None:
    """The x axis that all panels have, but for the error of reading where their frames end."""
    axes = [panel.x_axis for panel in figure.panels]
    first = axes[0]
    looks = {(axis.label, axis.scale, tuple(tick.text for tick in axis.ticks)) for axis in axes}
    if len(looks) > 1 or first.limits is None or first.scale != "linear":
        return None
    ends = np.array([axis.limits for axis in axes if axis.limits is not None], dtype=float)
    middle = np.median(ends, axis=0)
    if len(ends) < len(axes) or np.abs(ends - middle).max() > SAME_END * abs(middle[1] - middle[0]):
        return None
    return replace(first, limits=(float(middle[0]), float(middle[1])))


def axis_sentence(which: str, axis: Axis, *, pixels: float | None = None) -> str:
    """Label, scale, ticks and limits of an axis."""
    label = (
        f"The {which} axis, “{axis.label}”," if axis.label else f"The {which} axis has no readable label; it"
    )
    scale = {"linear": "linear", "log": "logarithmic", "date": "a time axis", "category": "categorical"}[
        axis.scale
    ]
    if not axis.ticks:
        return f"{label} has no readable ticks."
    texts = [tick.text for tick in axis.ticks]
    shown = ", ".join(texts) if len(texts) <= MOST_TICKS else f"{', '.join(texts[:3])}, …, {texts[-1]}"
    noun = "categories" if axis.scale == "category" else "ticks"
    sentence = f"{label} is {scale}, with {noun} {shown}"
    if axis.limits is not None and not isinstance(axis.limits[0], str) and axis.scale in ("linear", "log"):
        low, high = axis.limits
        span = abs(float(high) - float(low))
        decimals = decimals_for(span / 300 if pixels is None else span / max(pixels, 50.0))
        sentence += f"; the frame runs from about {print_number(float(low), decimals)}"
        sentence += f" to {print_number(float(high), decimals)}"
    return sentence + "."


def _title_sentence(panel: Panel) -> str | None:
    return f"Title: “{panel.title}”." if panel.title else None


def _about(panel: Panel) -> str:
    names = [series.name or "" for series in panel.series]
    y, x = panel.y_axis.label, panel.x_axis.label
    if panel.title:
        return f", “{panel.title}”"
    if y and x:
        if any(series.orientation == "horizontal" for series in panel.series):
            y, x = x, y
        bars = all(series.kind == "bar" for series in panel.series)
        return f" of {in_sentence(y)} {'by' if bars else 'against'} {in_sentence(x)}"
    if y:
        return f" of {in_sentence(y)}"
    if len(names) <= 4 and all(names):
        return f" of {join(names)}"
    return ""


def series_look(series: Series) -> str:
    """ "a blue line with circle markers"."""
    color = series.color_name
    if series.kind == "bar":
        return f"{color} {'horizontal ' if series.orientation == 'horizontal' else ''}bars"
    if series.kind == "band":
        return f"a {color} band"
    markers = "" if series.marker == "none" else f"{series.marker} markers"
    if series.kind == "scatter" or series.line_style == "none":
        return f"{color} {markers or 'points'}"
    style = "" if series.line_style == "solid" else f"{series.line_style} "
    article = "an" if (style or color)[0] in "aeiou" else "a"
    return f"{article} {style}{color} line" + (f" with {markers}" if markers else "")


def _series_sentence(figure: Figure, index: int, names: dict[tuple[int, int], SeriesName]) -> str:
    panel = figure.panels[index]
    if not panel.series:
        return "No series could be read."
    looks = []
    for s, series in enumerate(panel.series):
        second = " on the second y axis" if series.axis == "y2" else ""
        look = series_look(series)
        # It stands under the panel's heading.
        name = names[index, s].short.removesuffix(f" in {panel_name(figure, index)}")
        looks.append(f"{look}{second}" if name in look else f"{name}, {look}{second}")
    if len(looks) == 1:
        return f"One series: {looks[0]}."
    return f"{say_count(len(looks)).capitalize()} series: {'; '.join(looks)}."


def _legend_sentence(panel: Panel) -> str | None:
    """A single series named by its axis or title has no legend; of others the legend is not recorded."""
    if len(panel.series) != 1:
        return None
    name = panel.series[0].name
    if name is None or name in (panel.y_axis.label, panel.title):
        return "There is no legend; the labels alone name the series."
    return None


def _doubt(figure: Figure) -> str | None:
    """One sentence where readings are in doubt, so that nobody acts on the rest unaware."""
    n = len(figure.panels)
    suspect = sum(panel.status == "suspect" for panel in figure.panels)
    if not suspect:
        return None
    if n == 1:
        return "Its reading is in doubt (see below): what is said of the data is tentative."
    which = "all panels" if suspect == n else f"{say_count(suspect)} of the {say_count(n)} panels"
    return f"The reading of {which} is in doubt (see below): what is said of their data is tentative."


def _equal_axes(figure: Figure) -> str | None:
    if len(figure.panels) < 2:
        return None
    axes = [panel.x_axis for panel in figure.panels]
    ticks = {tuple(tick.text for tick in axis.ticks) for axis in axes}
    labels = {axis.label for axis in axes}
    if len(ticks) == 1 and len(labels) == 1 and next(iter(ticks)):
        label = next(iter(labels))
        named = f" (“{label}”)" if label else ""
        return f"The x axes{named} have equal labels and ticks." if label else "The x axes have equal ticks."
    return None


def common_x(figure: Figure, panels: Sequence[int]) -> bool:
    """Whether these panels' x axes mean the same quantity."""
    labels = {(figure.panels[i].x_axis.label or "").lower() for i in panels}
    scales = {figure.panels[i].x_axis.scale for i in panels}
    return len(labels) == 1 and len(scales) == 1
