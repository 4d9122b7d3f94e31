"""Draw charts with Plotly in a browser, where both are installed."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks.vector.charts import Chart, Panel, Series

# Seconds that a browser may take.
TIMEOUT = 120
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
WIDTH, HEIGHT = 700, 480
_SYMBOLS = {"circle": "circle", "square": "square", "triangle": "triangle-up", "diamond": "diamond"}
_PAGE = """<!doctype html><meta charset="utf-8"><body style="margin:0"><div id="chart"></div>
<script>{script}</script><script>
const spec = {spec};
Plotly.newPlot("chart", spec.data, spec.layout, {{staticPlot: true}}).then((chart) => {{
  if ({as_svg}) Plotly.toImage(chart, {{format: "svg", width: {width}, height: {height}}}).then((url) => {{
    document.body.innerHTML = "";
    const kept = document.createElement("pre");
    kept.id = "kept";
    kept.textContent = url;
    document.body.appendChild(kept);
  }});
}});
</script>"""


def draw_plotly(chart: Chart, path: Path) -> bool:
    """Draw with Plotly, printed by a browser or exported; False without either, and for several panels."""
    browser = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if len(chart.panels) > 1 or browser is None or find_spec("plotly") is None:
        return False
    from plotly.offline import get_plotlyjs

    spec = json.dumps(_spec(chart.panels[0]))
    as_svg = path.suffix == ".svg"
    page = _PAGE.format(
        script=get_plotlyjs(), spec=spec, as_svg=json.dumps(as_svg), width=WIDTH, height=HEIGHT
    )
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "chart.html"
        source.write_text(page, encoding="utf-8")
        what = ["--dump-dom"] if as_svg else ["--no-pdf-header-footer", f"--print-to-pdf={path.resolve()}"]
        command = [browser, "--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=20000"]
        command += [f"--user-data-dir={folder}/profile", *what, source.as_uri()]
        done = subprocess.run(command, capture_output=True, timeout=TIMEOUT, check=False)
    if as_svg:
        return _keep_svg(done.stdout.decode("utf-8", "replace"), path)
    return path.exists()


def _keep_svg(page: str, path: Path) -> bool:
    """Write the drawing that a page holds as a data address."""
    from urllib.parse import unquote

    found = re.search(r'<pre id="kept">data:image/svg\+xml,(.*?)</pre>', page, re.DOTALL)
    if found is None:
        return False
    path.write_text(unquote(html.unescape(found[1])), encoding="utf-8")
    return True


def _spec(panel: Panel) -> dict[str, Any]:
    """The traces and the layout of a panel."""
    kinds = {"linear": "linear", "log": "log", "date": "date", "category": "category"}
    x: dict[str, Any] = {"type": kinds[panel.x_scale], "title": {"text": panel.x_label}}
    y: dict[str, Any] = {"type": kinds[panel.y_scale], "title": {"text": panel.y_label}}
    layout: dict[str, Any] = {
        "width": WIDTH,
        "height": HEIGHT,
        "title": {"text": panel.title or ""},
        "xaxis": y if panel.lying else x,
        "yaxis": x if panel.lying else y,
        "barmode": "stack" if panel.stacked else "group",
        "showlegend": len(panel.series) > 1,
    }
    return {"data": [trace for one in panel.series for trace in _traces(one, panel)], "layout": layout}


def _traces(one: Series, panel: Panel) -> list[dict[str, Any]]:
    look: dict[str, Any] = {"name": one.name, "x": one.x, "y": one.y}
    if panel.kind == "bars":
        if panel.lying:
            look |= {"x": one.y, "y": one.x, "orientation": "h"}
        return [look | {"type": "bar", "marker": {"color": one.color}}]
    marked = one.marker != "none"
    mode = "+".join(["lines"] * one.line + ["markers"] * marked)
    # By default vertices that hardly show are left out.
    look |= {"type": "scatter", "mode": mode, "line": {"color": one.color, "simplify": False}}
    look["line"] |= {"dash": "dash"} if one.dashed else {}
    if marked:
        look["marker"] = {"color": one.color, "symbol": _SYMBOLS[one.marker], "size": 7}
    if panel.kind == "errors":
        look["error_y"] = {"type": "data", "array": one.error, "color": one.color}
    if panel.kind != "band":
        return [look]
    errors = one.error or [0.0] * len(one.y)
    edges = [
        {"x": one.x, "y": [y + s * e for y, e in zip(one.y, errors, strict=True)], "mode": "lines"}
        | {"line": {"width": 0}, "showlegend": False}
        for s in (-1, 1)
    ]
    red, green, blue = (int(one.color[k : k + 2], 16) for k in (1, 3, 5))
    edges[1] |= {"fill": "tonexty", "fillcolor": f"rgba({red},{green},{blue},0.3)"}
    return [*edges, look]
