"""Tables of what sentences list: values at places, and the ends and extremes of many series."""

from __future__ import annotations

from collections.abc import Sequence

from digitizer.model import Figure
from interpret.describe.blocks import Block
from interpret.findings.model import Finding
from interpret.findings.naming import SeriesName, name_series, panel_name

LARGEST_PADDED = 1e9
EXTREMES = ("lowest", "highest")


def is_list_of_values(finding: Finding) -> bool:
    """Whether it lists values at places, as a table can too."""
    return finding.kind == "value" and "x0" in finding.evidence and "y0" in finding.evidence


def values_table(figure: Figure, index: int, findings: Sequence[Finding]) -> Block:
    """Key values of a panel's series, a row a place."""
    panel = figure.panels[index]
    columns = []
    for finding in findings:
        places = [key[1:] for key in finding.evidence if key[0] == "x" and key[1:].isdigit()]
        digits = max(_decimals(finding.evidence[f"y{k}"]) for k in places)
        columns.append(
            {str_of(finding.evidence[f"x{k}"]): str_of(finding.evidence[f"y{k}"], digits) for k in places}
        )
    places = sorted({place for column in columns for place in column}, key=_order)
    names = [
        panel.series[f.series[0].series].name or panel.y_axis.label or f"series {f.series[0].series + 1}"
        for f in findings
    ]
    head = (panel.x_axis.label or "x", *names)
    rows = [(place, *(column.get(place, "") for column in columns)) for place in places]
    return Block(kind="table", rows=(head, *rows), ids=tuple(f.id for f in findings))


def str_of(value: float | str, digits: int = 0) -> str:
    """A number of the evidence as it was printed, with at least so many decimals."""
    if isinstance(value, str):
        return value
    return f"{value:.{digits}f}" if digits and abs(value) < LARGEST_PADDED else f"{value:.10g}"


def _decimals(value: float | str) -> int:
    text = str_of(value)
    return 0 if "e" in text else len(text.partition(".")[2])


def _order(place: str) -> tuple[int, float, str]:
    try:
        return 0, float(place), place
    except ValueError:
        return 1, 0.0, place


def ends_table(figure: Figure, told: Sequence[tuple[int, int]], findings: Sequence[Finding]) -> Block | None:
    """First, last, lowest and highest value of each series told (panel, series), a row each."""
    mine: dict[tuple[int, int], list[Finding]] = {key: [] for key in told}
    for finding in findings:
        if finding.panel is not None and len(finding.series) == 1 and finding.role == "detail":
            mine.get((finding.panel, finding.series[0].series), []).append(finding)
    names = name_series(figure)
    rows, ids = [], []
    for (p, s), own in mine.items():
        listed = next((f for f in own if is_list_of_values(f)), None)
        ends = next((f for f in own if f.kind == "extremum" and "x_lowest" in f.evidence), None)
        if listed is None or ends is None:
            continue
        last = max(int(key[1:]) for key in listed.evidence if key[0] == "x" and key[1:].isdigit())
        shown = [listed.evidence["y0"], listed.evidence[f"y{last}"], *(ends.evidence[k] for k in EXTREMES)]
        digits = max(_decimals(value) for value in shown)
        cells = [str_of(value, digits) for value in shown]
        cells[2:] = [
            f"{cell} ({str_of(ends.evidence[f'x_{key}'])})"
            for cell, key in zip(cells[2:], EXTREMES, strict=True)
        ]
        rows.append((_row_name(figure, (p, s), names, told), *cells))
        ids.append((listed.id, ends.id))
    if not rows:
        return None
    labels = {panel.x_axis.label for panel in figure.panels}
    x = next(iter(labels)) if len(labels) == 1 else None
    place = f" (at {x})" if x else " (at x)"
    head = (
        "series" if len(figure.panels) == 1 else "panel",
        "first",
        "last",
        *(f"{key}{place}" for key in EXTREMES),
    )
    return Block(kind="table", rows=(head, *rows), row_ids=tuple(ids))


def _row_name(
    figure: Figure,
    key: tuple[int, int],
    names: dict[tuple[int, int], SeriesName],
    told: Sequence[tuple[int, int]],
) -> str:
    """The panel where one of its series is told, the series where there is one panel, else both."""
    panel = panel_name(figure, key[0])
    name = names[key].short.removesuffix(f" in {panel}")
    place = panel.removeprefix("the ").strip("“”")
    if len(figure.panels) == 1:
        return name
    return place if sum(p == key[0] for p, _ in told) == 1 else f"{place}: {name}"
