"""Draw charts with R (base graphics and ggplot2) and gnuplot, where these are installed."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from benchmarks.vector.charts import Chart, Panel, Series

# Seconds that a program may take.
TIMEOUT = 120
_PCH = {"circle": 19, "square": 15, "triangle": 17, "diamond": 18, "none": 26}
_POINTS = {"circle": 7, "square": 5, "triangle": 9, "diamond": 13, "none": 0}


def draw_r(chart: Chart, path: Path) -> bool:
    """Draw with R's base graphics, as PDF documents alone; False where there is no R."""
    if path.suffix != ".pdf" or shutil.which("Rscript") is None:
        return False
    n = len(chart.panels)
    size = "width = 9, height = 7" if n > 1 else "width = 6, height = 4.4"
    lines = [f'pdf("{path}", {size})']
    if n > 1:
        lines.append("par(mfrow = c(2, 2), mar = c(4, 4, 2, 1))")
    lines += [_r_panel(panel) for panel in chart.panels]
    return _run(["Rscript", "-"], "\n".join([*lines, "invisible(dev.off())"]))


def draw_ggplot2(chart: Chart, path: Path) -> bool:
    """Draw with R's ggplot2, as PDF documents alone; False where there is none, or for several panels."""
    panel = chart.panels[0]
    if path.suffix != ".pdf" or len(chart.panels) > 1 or not _has_ggplot2():
        return False
    layers = ["ggplot(table, aes(x, y, colour = series, fill = series, shape = series))"]
    if panel.kind == "bars":
        layers.append(f'geom_col(position = "{"stack" if panel.stacked else "dodge"}", colour = NA)')
    if panel.kind == "band":
        layers.append("geom_ribbon(aes(ymin = low, ymax = high), alpha = 0.3, colour = NA)")
    if panel.kind == "errors":
        layers.append("geom_errorbar(aes(ymin = low, ymax = high), width = 0.3)")
    if panel.kind != "bars" and panel.series[0].line:
        layers.append("geom_line()")
    if panel.series[0].marker != "none":
        layers.append("geom_point(size = 2)")
    if panel.lying:
        layers.append("coord_flip()")
    colors = _r_vector([one.color for one in panel.series])
    layers += [f"scale_colour_manual(values = {colors})", f"scale_fill_manual(values = {colors})"]
    layers.append(f"scale_shape_manual(values = c({', '.join(str(_PCH[s.marker]) for s in panel.series)}))")
    layers += ["scale_x_log10()"] * (panel.x_scale == "log") + ["scale_y_log10()"] * (panel.y_scale == "log")
    title = json.dumps(panel.title) if panel.title else "NULL"
    labels = f"x = {json.dumps(panel.x_label)}, y = {json.dumps(panel.y_label)}"
    layers.append(f"labs(title = {title}, {labels}, colour = NULL, fill = NULL, shape = NULL)")
    if len(panel.series) == 1:
        layers.append('theme(legend.position = "none")')
    script = [
        "suppressMessages(library(ggplot2))",
        _r_table(panel),
        f'pdf("{path}", width = 6, height = 4.4)',
    ]
    script += ["print(" + " +\n".join(layers) + ")", "invisible(dev.off())"]
    return _run(["Rscript", "-"], "\n".join(script))


def draw_gnuplot(chart: Chart, path: Path) -> bool:
    """Draw with gnuplot's own terminals; False where it is not installed, and for lying bars."""
    if shutil.which("gnuplot") is None or any(panel.lying for panel in chart.panels):
        return False
    several = len(chart.panels) > 1
    if path.suffix == ".pdf":
        terminal = f"pdfcairo size {'9in,7in' if several else '6in,4.4in'}"
    else:
        terminal = f"svg size {'900,700' if several else '640,460'}"
    with tempfile.TemporaryDirectory() as folder:
        lines = [f"set terminal {terminal}", f"set output '{path}'"]
        if several:
            lines.append("set multiplot layout 2,2")
        for index, panel in enumerate(chart.panels):
            lines += _gnuplot_panel(panel, Path(folder) / f"{index}")
        return _run(["gnuplot"], "\n".join(lines))


@lru_cache(maxsize=1)
def _has_ggplot2() -> bool:
    return shutil.which("Rscript") is not None and _run(["Rscript", "-"], "library(ggplot2)")


def _run(command: list[str], script: str) -> bool:
    done = subprocess.run(command, input=script, text=True, capture_output=True, timeout=TIMEOUT, check=False)
    return done.returncode == 0


def _r_vector(values: Sequence[object]) -> str:
    return f"c({', '.join(json.dumps(value) for value in values)})"


def _r_places(one: Series, panel: Panel) -> str:
    return f"as.Date({_r_vector(one.x)})" if panel.x_scale == "date" else _r_vector(one.x)


def _r_table(panel: Panel) -> str:
    """The rows of a panel as a data frame called ``table``."""
    parts = []
    for one in panel.series:
        error = one.error or [0.0] * len(one.y)
        low, high = ([y + s * e for y, e in zip(one.y, error, strict=True)] for s in (-1, 1))
        parts.append(
            f"data.frame(x = {_r_places(one, panel)}, y = {_r_vector(one.y)}, low = {_r_vector(low)},"
            f" high = {_r_vector(high)}, series = {json.dumps(one.name)})"
        )
    lines = [f"table <- rbind({', '.join(parts)})"]
    names = _r_vector([one.name for one in panel.series])
    lines.append(f"table$series <- factor(table$series, levels = {names})")
    if panel.x_scale == "category":
        lines.append(f"table$x <- factor(table$x, levels = {_r_vector(panel.series[0].x)})")
    return "\n".join(lines)


def _r_panel(panel: Panel) -> str:
    names = _r_vector([one.name for one in panel.series])
    colors = _r_vector([one.color for one in panel.series])
    title = f"main = {json.dumps(panel.title or '')}"
    labels = (panel.y_label, panel.x_label) if panel.lying else (panel.x_label, panel.y_label)
    words = f"{title}, xlab = {json.dumps(labels[0])}, ylab = {json.dumps(labels[1])}"
    several = len(panel.series) > 1
    if panel.kind == "bars":
        heights = ", ".join(_r_vector(one.y) for one in panel.series)
        places = _r_vector(panel.series[0].x)
        legend = f", legend.text = {names}" if several else ""
        return (
            f"barplot(rbind({heights}), names.arg = {places}, col = {colors}, {words}{legend},"
            f" beside = {'FALSE' if panel.stacked else 'TRUE'}, horiz = {'TRUE' if panel.lying else 'FALSE'},"
            f" las = {1 if panel.lying else 0})"
        )
    lines = [_r_table(panel)]
    log = "x" * (panel.x_scale == "log") + "y" * (panel.y_scale == "log")
    lines.append(
        f"plot(range(table$x), range(table$low, table$high), type = 'n', log = '{log}', {words})"
        if panel.x_scale != "date"
        else f"plot(table$x, table$y, type = 'n', {words})"
    )
    for one in panel.series:
        lines += _r_series(one, panel)
    if several:
        solid = ", ".join(
            "1" if one.line and not one.dashed else "2" if one.line else "0" for one in panel.series
        )
        marks = ", ".join(str(_PCH[one.marker]) for one in panel.series)
        lines.append(
            f"legend('topright', legend = {names}, col = {colors}, lty = c({solid}), pch = c({marks}))"
        )
    return "\n".join(lines)


def _r_series(one: Series, panel: Panel) -> list[str]:
    lines = [
        f"own <- table[table$series == {json.dumps(one.name)}, ]",
        f"ink <- {json.dumps(one.color)}",
    ]
    if panel.kind == "band":
        lines.append(
            "polygon(c(own$x, rev(own$x)), c(own$low, rev(own$high)),"
            " col = adjustcolor(ink, 0.3), border = NA)"
        )
    if panel.kind == "errors":
        lines.append(
            "arrows(own$x, own$low, own$x, own$high, angle = 90, code = 3, length = 0.04, col = ink)"
        )
    if one.line:
        lines.append(f"lines(own$x, own$y, col = ink, lty = {2 if one.dashed else 1})")
    if one.marker != "none":
        lines.append(f"points(own$x, own$y, col = ink, pch = {_PCH[one.marker]})")
    return lines


def _gnuplot_panel(panel: Panel, stem: Path) -> list[str]:
    labels = (panel.y_label, panel.x_label) if panel.lying else (panel.x_label, panel.y_label)
    lines = ["reset", f"set title {json.dumps(panel.title or '')}"]
    lines += [f"set xlabel {json.dumps(labels[0])}", f"set ylabel {json.dumps(labels[1])}"]
    if len(panel.series) == 1:
        lines.append("unset key")
    lines += [
        f"set logscale {name}" for name, s in (("x", panel.x_scale), ("y", panel.y_scale)) if s == "log"
    ]
    if panel.x_scale == "date":
        lines += ["set xdata time", "set timefmt '%Y-%m-%d'", "set format x '%Y-%m-%d'", "set xtics 7776000"]
    if panel.kind == "bars":
        return lines + _gnuplot_bars(panel, stem)
    parts: list[str] = []
    for index, one in enumerate(panel.series):
        parts += _gnuplot_series(one, panel, Path(f"{stem}-{index}.txt"))
    return [*lines, "plot " + ", ".join(parts)]


def _gnuplot_bars(panel: Panel, stem: Path) -> list[str]:
    """Bars from zero."""
    path = Path(f"{stem}.txt")
    rows = zip(panel.series[0].x, *(one.y for one in panel.series), strict=True)
    path.write_text("".join("\t".join(map(str, row)) + "\n" for row in rows), encoding="utf-8")
    style = "rowstacked" if panel.stacked else "clustered gap 1"
    lines = [
        "set style data histograms",
        f"set style histogram {style}",
        "set style fill solid",
        "set yrange [0:*]",
        "set key outside",
    ]
    if panel.stacked:
        lines.append("set boxwidth 0.8 relative")
    parts = [
        f"'{path}' using {k + 2}:xtic(1) title {json.dumps(one.name)} linecolor rgb '{one.color}'"
        for k, one in enumerate(panel.series)
    ]
    return [*lines, "plot " + ", ".join(parts)]


def _gnuplot_series(one: Series, panel: Panel, path: Path) -> list[str]:
    errors = one.error or [0.0] * len(one.y)
    rows = [f"{x} {y!r} {y - e!r} {y + e!r}\n" for x, y, e in zip(one.x, one.y, errors, strict=True)]
    path.write_text("".join(rows), encoding="utf-8")
    color = f"linecolor rgb '{one.color}'"
    parts = []
    if panel.kind == "band":
        fill = f"with filledcurves {color} fillstyle transparent solid 0.3 noborder"
        parts.append(f"'{path}' using 1:3:4 {fill} notitle")
    mark = f"pointtype {_POINTS[one.marker]} pointsize 0.6"
    dash = " dashtype 2" if one.dashed else ""
    if panel.kind == "errors":
        style = f"with yerrorbars {color} {mark}"
        return [f"'{path}' using 1:2:3:4 {style} title {json.dumps(one.name)}"]
    with_marks = f"linespoints {mark}" if one.marker != "none" else "lines"
    style = f"with {with_marks if one.line else f'points {mark}'} {color}{dash}"
    return [*parts, f"'{path}' using 1:2 {style} title {json.dumps(one.name)}"]
