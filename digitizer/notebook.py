"""How a figure shows itself in a notebook: the overlay, and a table of its series."""

from __future__ import annotations

import base64
import html
import io

import numpy as np

from digitizer.model import Figure, Panel, Series

_HEADERS = ("panel", "status", "series", "colour", "marker", "points", "x", "y")


def figure_html(figure: Figure) -> str:
    """Return the figure as HTML: the overlay as an embedded picture, one table row a series, its warnings.

    Parameters
    ----------
    figure : Figure
        Without pixel evidence (read from a document) there is no picture.
    """
    parts = []
    if figure.extraction is not None:
        parts.append(_picture(figure))
    rows = [
        _row(number, panel, series)
        for number, panel in enumerate(figure.panels, start=1)
        for series in panel.series or (None,)
    ]
    if rows:
        head = "".join(f"<th>{header}</th>" for header in _HEADERS)
        parts.append(f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>")
    notices = [(notice, "") for notice in figure.warnings]
    for number, panel in enumerate(figure.panels, start=1):
        notices += [(notice, f"panel {number}: ") for notice in panel.warnings]
    if notices:
        items = "".join(
            f"<li>{html.escape(where + notice.message)} <code>{html.escape(notice.code)}</code></li>"
            for notice, where in notices
        )
        parts.append(f"<ul>{items}</ul>")
    return "".join(parts)


def _picture(figure: Figure) -> str:
    out = io.BytesIO()
    figure.overlay().save(out, format="PNG")
    encoded = base64.b64encode(out.getvalue()).decode("ascii")
    alt = html.escape(f"What was read of {figure.source.name}", quote=True)
    return f'<img alt="{alt}" style="max-width:100%" src="data:image/png;base64,{encoded}">'


def _row(number: int, panel: Panel, series: Series | None) -> str:
    title = f"{number}" if panel.title is None else f"{number} {panel.title}"
    cells = [html.escape(title), panel.status]
    if series is None:
        cells += ["no series", "", "", "0", "", ""]
    else:
        swatch = f'<span style="color:{html.escape(series.color, quote=True)}">&#9632;</span> '
        cells += [
            html.escape(series.name or ""),
            swatch + html.escape(series.color_name),
            html.escape(series.marker),
            str(len(series.x)),
            _span(series, "x"),
            _span(series, "y"),
        ]
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _span(series: Series, column: str) -> str:
    """The ends of a column: least and greatest number, or first and last name or date."""
    values = getattr(series, column)
    if values.dtype.kind != "f":
        return html.escape(f"{values[0]} … {values[-1]}") if len(values) else ""
    finite = values[np.isfinite(values)]
    return f"{finite.min():.5g} … {finite.max():.5g}" if len(finite) else ""
