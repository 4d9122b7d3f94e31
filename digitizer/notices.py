"""The one table of warnings: each code with its plain sentence.

A template may hold named fields (``{count}``), which :func:`make_notice` fills. The documentation
of the warnings is made from this table.
"""

from __future__ import annotations

from types import MappingProxyType

from digitizer.model import Frame, Notice

NOTICES = MappingProxyType(
    {
        "no-panels": "No chart was found in this picture.",
        "document-repaired": "The PDF document is damaged and was repaired; parts of it may be missing.",
        "axis-unread": "The {axis} axis could not be calibrated: too few of its tick labels could be read.",
        "axis-kind-unproven": "The {axis} axis was read as a {kind} axis, which its labels do not prove.",
        "decimal-mark-unproven": "Marks in the {axis} tick labels were taken for thousands, not decimals.",
        "date-year-unknown": "The times of the {axis} axis name no year; they are given in 2000 or 1999.",
        "factor-unsure": "The factor or shift printed at the end of the {axis} axis was not read for sure.",
        "scale-two-ticks": "The {axis} scale rests on two tick labels, which any misreading would fit too.",
        "scale-contradicted": "Several tick labels of the {axis} axis contradict the fitted scale.",
        "scale-unsure": "The {axis} scale is unsure by {share} of its axis: its labels have no tick marks.",
        "scale-residual": "The {axis} tick labels miss the fitted scale by {residual} pixels.",
        "hint-contradicted": "A hint overrules what most tick labels of the {axis} axis say.",
        "tick-label-misread": "A tick label of the {axis} axis was misread and left out of the fit.",
        "tick-label-guessed": "A tick label of the {axis} axis could only be guessed.",
        "tick-values-uneven": "The tick values of the {axis} axis are not multiples of a round step.",
        "tick-decimals-differ": "Tick labels of the {axis} axis differ in their decimals.",
        "ticks-off-marks": "The tick labels of the {axis} axis do not stand at its tick marks.",
        "picture-turned": "The picture is turned: lines lean by {lean} pixels over the panel.",
        "no-series": "No series was found in this panel.",
        "legend-count": "The legend lists {entries} series, {series} were traced.",
        "legend-unbound": "A series looks like no entry of the legend.",
        "second-axis": "There is a second y axis, and nothing proves which series are read on it.",
        "second-axis-unread": "What seems another y axis (labels right, a title left of it) was not read.",
        "series-twins": "{series} series share their colour, and no legend tells them apart.",
        "sibling-series": "Most other panels show a series in {color}, and none was found here.",
        "doubts-add-up": "Several doubts add up ({doubts}): {share} of such panels are right in everything.",
        "category-unlabelled": "A series has points between the labelled categories of the x axis.",
        "category-order": "Level bars are told from the bottom up; no order of their names proves it.",
        "bars-off-line": "Bars stand apart from the line within the panel that has their names under it.",
        "bars-off-zero": "Bars start inside the panel, where their axis reads {value} and not 0.",
        "bars-named": "A number under a bar fits no even steps: the numbers may be names of some bars.",
        "bars-hidden": "{count} bars end behind the legend, where it is not seen how high they are.",
        "bars-missing": "{count} bars were not seen: too low to show, and put at their base, or missed.",
        "bars-unsure": "By their own deviations {count} of the bars are off by over a percent of their span.",
        "series-unsure": "By their own deviations {share} of a series' points are off by over a percent.",
        "points-unsure": "{share} of a series' points may be off by more than a percent of the height.",
        "markers-crowded": "Markers lie on each other: {share} of a line's may be misplaced or missing.",
        "markers-coincident": "Values are rounded: {share} of the markers may lie right under others.",
        "line-thick": "A line is {share} of the panel's height thick: an area, read as the middle of a line.",
        "series-hidden": "A line is hidden for {share} of the width that it spans.",
        "markers-heaped": "Markers lie on each other: {share} of a series' may be unseen or placed by guess.",
        "markers-unshared": "{count} markers of a series may lie under another one's: none is seen there.",
        "markers-missed": "Ink {share} as thick as a marker is left beside the markers that were found.",
        "mark-unread": "Marks in a colour of their own, {count}, are of none of the series found.",
        "series-unsupported": "Of a redrawn series only {share} has ink of its colour under it.",
        "markers-under-legend": "{count} markers lie under the legend, where they are not seen whole.",
        "ink-faint": "Faint ink lies beside {share} of the series' width: a pale series may be missing.",
        "ink-unexplained": "{share} of the ink in series colours is not explained by the series found.",
    }
)


def make_notice(code: str, *, box: Frame | None = None, **facts: object) -> Notice:
    """Make the warning of this code, its template filled with ``facts``.

    Parameters
    ----------
    code : str
        A key of :data:`NOTICES`.
    box : Frame, optional
        Where in the source picture the doubt lies.
    **facts : object
        The template's fields; each must be given.

    Raises
    ------
    KeyError
        Where the code is not in the table, or a field of its template is missing.
    """
    return Notice(code=code, message=NOTICES[code].format_map(facts), box=box)


def notices_markdown() -> str:
    """The documentation of all warnings, made from the table (``python -m digitizer.notices``)."""
    rows = [f"| `{code}` | {template} |" for code, template in sorted(NOTICES.items())]
    head = [
        "# The warnings",
        "",
        "Made from the table in `digitizer/notices.py` by `python -m digitizer.notices > docs/warnings.md`.",
        "Words in braces are filled in.",
        "",
        "| code | says |",
        "| --- | --- |",
    ]
    return "\n".join([*head, *rows]) + "\n"


if __name__ == "__main__":
    print(notices_markdown(), end="")
