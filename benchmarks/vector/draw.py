"""Draw charts with matplotlib, plotnine and Vega, as PDF documents and SVG drawings."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from benchmarks.vector.charts import Chart, Panel, Series

# Texts stay texts, the same file every time, and all vertices: by default matplotlib leaves out those that
# hardly show.
EXACT: dict[str, Any] = {"svg.fonttype": "none", "svg.hashsalt": "1", "path.simplify": False}
_MARKERS = {"circle": "o", "square": "s", "triangle": "^", "diamond": "D", "none": ""}
_SHAPES = {"circle": "circle", "square": "square", "triangle": "triangle-up", "diamond": "diamond"}


def draw_matplotlib(chart: Chart, path: Path) -> bool:
    """Draw with matplotlib; texts stay texts in SVG. All charts can be drawn."""
    wide = any(panel.x_scale == "date" for panel in chart.panels)
    with mpl.rc_context(EXACT):
        figure = Figure(
            figsize=(9, 7) if len(chart.panels) > 1 else (7 if wide else 5.4, 4), layout="constrained"
        )
        places = figure.subplots(2, 2).flat if len(chart.panels) > 1 else [figure.subplots()]
        for axes, panel in zip(places, chart.panels, strict=True):
            _fill_axes(axes, panel)
        figure.savefig(path)
    return True


def _fill_axes(axes: Any, panel: Panel) -> None:
    base = np.zeros(len(panel.series[0].x))
    for index, one in enumerate(panel.series):
        if panel.kind == "bars":
            _draw_bars(axes, panel, index, base)
            base = base + one.y
            continue
        x: Any = np.array(one.x, dtype="datetime64[D]") if panel.x_scale == "date" else one.x
        style = ("--" if one.dashed else "-") if one.line else ""
        look = {"color": one.color, "marker": _MARKERS[one.marker], "markersize": 5, "label": one.name}
        if panel.kind == "errors":
            axes.errorbar(x, one.y, yerr=one.error, linestyle=style, capsize=3, **look)
        else:
            axes.plot(x, one.y, linestyle=style, **look)
        if panel.kind == "band" and one.error is not None:
            low, high = np.array(one.y) - one.error, np.array(one.y) + one.error
            axes.fill_between(x, low, high, color=one.color, alpha=0.3, linewidth=0)
    if panel.x_scale == "log":
        axes.set_xscale("log")
    if panel.y_scale == "log":
        axes.set_yscale("log")
    labels = (panel.y_label, panel.x_label) if panel.lying else (panel.x_label, panel.y_label)
    axes.set(title=panel.title or "", xlabel=labels[0], ylabel=labels[1])
    if len(panel.series) > 1:
        axes.legend()


def _draw_bars(axes: Any, panel: Panel, index: int, base: np.ndarray[Any, Any]) -> None:
    one, n = panel.series[index], len(panel.series)
    look = {"color": one.color, "label": one.name}
    if panel.lying:
        axes.barh(one.x, one.y, **look)
    elif panel.stacked or n == 1:
        axes.bar(one.x, one.y, bottom=base if panel.stacked else 0, **look)
    else:
        places = np.arange(len(one.x)) + (index - (n - 1) / 2) * 0.8 / n
        axes.bar(places, one.y, width=0.8 / n, **look)
        axes.set_xticks(np.arange(len(one.x)), one.x)


def draw_plotnine(chart: Chart, path: Path) -> bool:
    """Draw with plotnine; False for what is not told in its grammar here."""
    import pandas
    import plotnine as p9

    panel = chart.panels[0]
    if len(chart.panels) > 1 or panel.lying:
        return False
    table = pandas.concat([_rows(one, panel) for one in panel.series])
    look = {"color": "series"} if panel.kind != "bars" else {"fill": "series"}
    colors = [one.color for one in panel.series]
    plot = p9.ggplot(table, p9.aes("x", "y", **look)) + p9.scale_color_manual(colors)
    if panel.kind == "bars":
        position = "stack" if panel.stacked else "dodge"
        plot += p9.geom_col(position=position)
        plot += p9.scale_fill_manual(colors)
    if panel.kind == "band":
        plot += p9.geom_ribbon(p9.aes(ymin="low", ymax="high"), alpha=0.3, color="none", fill=colors[0])
    if panel.kind == "errors":
        plot += p9.geom_errorbar(p9.aes(ymin="low", ymax="high"), width=0.3)
    if panel.kind != "bars" and panel.series[0].line:
        plot += p9.geom_line()
    if panel.series[0].marker != "none":
        plot += p9.geom_point(size=2)
    plot += p9.labs(title=panel.title, x=panel.x_label, y=panel.y_label)
    if panel.x_scale == "log":
        plot += p9.scale_x_log10()
    if panel.y_scale == "log":
        plot += p9.scale_y_log10()
    if len(panel.series) == 1:
        plot += p9.theme(legend_position="none")
    with mpl.rc_context(EXACT):
        plot.save(path, width=5.4, height=4, verbose=False)
    return True


def _rows(one: Series, panel: Panel) -> Any:
    import pandas

    error = np.array(one.error or [0.0] * len(one.y))
    x: Any = pandas.to_datetime(one.x) if panel.x_scale == "date" else one.x
    if panel.x_scale == "category":
        x = pandas.Categorical(one.x, categories=one.x)
    y = np.array(one.y)
    return pandas.DataFrame({"x": x, "y": y, "low": y - error, "high": y + error, "series": one.name})


def draw_vega(chart: Chart, path: Path) -> bool:
    """Draw with Vega-Lite through vl-convert, as SVG alone."""
    import vl_convert

    if path.suffix != ".svg":
        return False
    views = [_view(panel) for panel in chart.panels]
    spec: dict[str, Any] = views[0] if len(views) == 1 else {"concat": views, "columns": 2}
    spec = {"$schema": "https://vega.github.io/schema/vega-lite/v5.json"} | spec
    path.write_text(vl_convert.vegalite_to_svg(json.dumps(spec)), encoding="utf-8")
    return True


def _view(panel: Panel) -> dict[str, Any]:
    rows = []
    for one in panel.series:
        errors = one.error or [0.0] * len(one.y)
        for x, y, error in zip(one.x, one.y, errors, strict=True):
            rows.append({"x": x, "y": y, "low": y - error, "high": y + error, "series": one.name})
    kinds = {"linear": "quantitative", "log": "quantitative", "date": "temporal", "category": "nominal"}
    x: dict[str, Any] = {"field": "x", "type": kinds[panel.x_scale], "title": panel.x_label, "sort": None}
    y: dict[str, Any] = {"field": "y", "type": "quantitative", "title": panel.y_label}
    for axis, scale in ((x, panel.x_scale), (y, panel.y_scale)):
        if scale == "log":
            axis["scale"] = {"type": "log"}
    names, colors = [one.name for one in panel.series], [one.color for one in panel.series]
    color: dict[str, Any] = {"field": "series", "scale": {"domain": names, "range": colors}, "title": None}
    if len(names) == 1:
        color["legend"] = None
    swapped = {"x": y, "y": x} if panel.lying else {"x": x, "y": y}
    layers: list[dict[str, Any]] = []
    spans = {"y": y | {"field": "low"}, "y2": {"field": "high"}}
    if panel.kind == "bars":
        shared = swapped | {"color": color}
        if not panel.stacked and len(names) > 1:
            shared["xOffset"] = {"field": "series", "sort": None}
        layers = [{"mark": "bar", "encoding": shared}]
    else:
        if panel.kind == "band":
            layers.append({"mark": {"type": "area", "opacity": 0.3}, "encoding": spans})
        if panel.kind == "errors":
            layers.append({"mark": "rule", "encoding": spans})
        if panel.series[0].line:
            layers.append({"mark": "line", "encoding": {}})
        if panel.series[0].marker != "none":
            mark = {"type": "point", "filled": True, "opacity": 1, "size": 40}
            layers.append({"mark": mark, "encoding": {}})
        shared = swapped | {"color": color}
    return {
        "title": panel.title or "",
        "width": 360,
        "height": 260,
        "data": {"values": rows},
        "encoding": shared,
        "layer": layers,
    }
