"""Draw charts with pgfplots, where a TeX with it is installed."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from functools import lru_cache
from pathlib import Path

from benchmarks.vector.charts import Chart, Panel, Series

# Seconds that TeX may take.
TIMEOUT = 120
_MARKS = {"circle": "*", "square": "square*", "triangle": "triangle*", "diamond": "diamond*", "none": "none"}
_HEAD = r"""\documentclass{article}
\usepackage[paperwidth=13cm, paperheight=10.5cm, margin=4mm]{geometry}
\pagestyle{empty}
\usepackage{pgfplots}
\usepgfplotslibrary{dateplot,fillbetween}
\pgfplotsset{compat=1.18, width=10cm, height=7.5cm}
\begin{document}\noindent
"""


def draw_pgfplots(chart: Chart, path: Path) -> bool:
    """Draw with pgfplots, as PDF documents alone; False where there is none, and for several panels."""
    if path.suffix != ".pdf" or len(chart.panels) > 1 or not _is_installed():
        return False
    text = _HEAD + "\\begin{tikzpicture}\n" + _axis(chart.panels[0]) + "\\end{tikzpicture}\n\\end{document}\n"
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "chart.tex"
        source.write_text(text, encoding="utf-8")
        command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", source.name]
        done = subprocess.run(command, cwd=folder, capture_output=True, timeout=TIMEOUT, check=False)
        if done.returncode != 0:
            return False
        path.write_bytes(source.with_suffix(".pdf").read_bytes())
    return True


@lru_cache(maxsize=1)
def _is_installed() -> bool:
    if shutil.which("pdflatex") is None or shutil.which("kpsewhich") is None:
        return False
    asked = ["kpsewhich", "pgfplots.sty"]
    return subprocess.run(asked, capture_output=True, timeout=TIMEOUT, check=False).returncode == 0


def _axis(panel: Panel) -> str:
    """The plot area with all that is in it."""
    across, up = (panel.y_label, panel.x_label) if panel.lying else (panel.x_label, panel.y_label)
    options = [f"xlabel={{{_tex(across)}}}", f"ylabel={{{_tex(up)}}}", f"title={{{_tex(panel.title or '')}}}"]
    kind = {(True, True): "loglogaxis", (False, True): "semilogyaxis"}.get(
        (panel.x_scale == "log", panel.y_scale == "log"), "axis"
    )
    if panel.x_scale == "date":
        options += [
            "date coordinates in=x",
            "xticklabel={\\year-\\month-\\day}",
            "xticklabel style={rotate=30}",
        ]
        options.append(f"date ZERO={panel.series[0].x[0]}")
    if panel.kind == "bars":
        options += _bar_options(panel)
    body = "".join(_plot(one, panel) for one in panel.series)
    return f"\\begin{{{kind}}}[{', '.join(options)}]\n{body}\\end{{{kind}}}\n"


def _bar_options(panel: Panel) -> list[str]:
    """Bars from zero, names along the other axis."""
    names = ",".join(panel.series[0].x)
    own, other = ("y", "x") if panel.lying else ("x", "y")
    stacked = " stacked" if panel.stacked else ""
    width = "6pt" if len(panel.series) > 1 and not panel.stacked else "16pt"
    return [
        f"{other}bar{stacked}",
        f"bar width={width}",
        f"{other}min=0",
        f"symbolic {own} coords={{{names}}}",
        f"{own}tick=data",
        f"enlarge {own} limits=0.15",
    ]


def _plot(one: Series, panel: Panel) -> str:
    red, green, blue = (int(one.color[k : k + 2], 16) for k in (1, 3, 5))
    color = f"{{rgb,255:red,{red};green,{green};blue,{blue}}}"
    errors = one.error or [0.0] * len(one.y)
    places = zip(one.x, one.y, strict=True)
    legend = f"\\addlegendentry{{{_tex(one.name)}}}\n" if len(panel.series) > 1 else ""
    if panel.kind == "bars":
        pairs = " ".join(f"({y},{x})" if panel.lying else f"({x},{y})" for x, y in places)
        return f"\\addplot[draw=none, fill={color}] coordinates {{{pairs}}};\n{legend}"
    look = [f"color={color}", f"mark={_MARKS[one.marker]}", "mark options={solid}", "mark size=2pt"]
    look += ["dashed"] * one.dashed + ["only marks"] * (not one.line)
    out = ""
    if panel.kind == "errors":
        pairs = " ".join(f"({x},{y}) +- (0,{e})" for (x, y), e in zip(places, errors, strict=True))
        look += ["error bars/.cd", "y dir=both", "y explicit"]
        return f"\\addplot+[{', '.join(look)}] coordinates {{{pairs}}};\n"
    if panel.kind == "band":
        low, high = ([y + s * e for y, e in zip(one.y, errors, strict=True)] for s in (-1, 1))
        for name, edge in (("low", low), ("high", high)):
            pairs = " ".join(f"({x},{y})" for x, y in zip(one.x, edge, strict=True))
            out += f"\\addplot[draw=none, name path={name}, forget plot] coordinates {{{pairs}}};\n"
        out += f"\\addplot[fill={color}, opacity=0.3, forget plot] fill between[of=low and high];\n"
    pairs = " ".join(f"({x},{y})" for x, y in places)
    return out + f"\\addplot[{', '.join(look)}] coordinates {{{pairs}}};\n{legend}"


def _tex(text: str) -> str:
    """A text as TeX sets it."""
    for mark in "%$&#_":
        text = text.replace(mark, "\\" + mark)
    return text.replace("°", "$^\\circ$")
