"""Draw charts as spreadsheets hold them, printed by LibreOffice, where it is installed."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks.vector.charts import Chart, Panel, Series

# Seconds that the office may take.
TIMEOUT = 180
_MARKERS = {"circle": "circle", "square": "square", "triangle": "triangle", "diamond": "diamond"}


def draw_office(chart: Chart, path: Path) -> bool:
    """Draw by LibreOffice, as PDF documents alone; False without it, for several panels, and for bands."""
    panel = chart.panels[0]
    if path.suffix != ".pdf" or len(chart.panels) > 1 or panel.kind == "band":
        return False
    if shutil.which("soffice") is None or find_spec("xlsxwriter") is None:
        return False
    with tempfile.TemporaryDirectory() as folder:
        book = Path(folder) / "chart.xlsx"
        _write_book(panel, book)
        command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless"]
        command += ["--convert-to", "pdf", "--outdir", folder, str(book)]
        subprocess.run(command, capture_output=True, timeout=TIMEOUT, check=False)
        printed = book.with_suffix(".pdf")
        if printed.exists():
            path.write_bytes(printed.read_bytes())
        return printed.exists()


def _write_book(panel: Panel, path: Path) -> None:
    """A sheet of the numbers, and one that is the chart alone: it is the only one that is printed."""
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_chartsheet("Chart")
    table = book.add_worksheet("Table")
    table.hide()
    names = panel.kind == "bars"
    kind = ("bar" if panel.lying else "column") if names else "scatter"
    options = {"type": kind} | ({"subtype": "stacked"} if panel.stacked else {})
    drawn = book.add_chart(options)
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for k, one in enumerate(panel.series):
        rows = range(1, len(one.x) + 1)
        for row, x, y in zip(rows, one.x, one.y, strict=True):
            if panel.x_scale == "date":
                table.write_datetime(row, 3 * k, date.fromisoformat(x), day)
            else:
                table.write(row, 3 * k, x)
            table.write(row, 3 * k + 1, y)
            table.write(row, 3 * k + 2, one.error[row - 1] if one.error else 0)
        drawn.add_series(_series(one, panel, k))
    across: dict[str, Any] = {"name": panel.x_label}
    up: dict[str, Any] = {"name": panel.y_label}
    for axis, scale in ((across, panel.x_scale), (up, panel.y_scale)):
        axis |= {"log_base": 10} if scale == "log" else {}
        axis |= {"num_format": "yyyy-mm-dd"} if scale == "date" else {}
    if panel.x_scale == "date":
        first, last = (date.fromisoformat(panel.series[0].x[k]).toordinal() - 693594 for k in (0, -1))
        across |= {"min": first, "max": last + 7, "major_unit": 91}
    drawn.set_x_axis(across)
    drawn.set_y_axis(up)
    drawn.set_title({"name": panel.title} if panel.title else {"none": True})
    if len(panel.series) == 1:
        drawn.set_legend({"none": True})
    sheet.set_chart(drawn)
    book.close()


def _series(one: Series, panel: Panel, k: int) -> dict[str, Any]:
    n = len(one.x)
    look: dict[str, Any] = {
        "name": one.name,
        "categories": ["Table", 1, 3 * k, n, 3 * k],
        "values": ["Table", 1, 3 * k + 1, n, 3 * k + 1],
    }
    if panel.kind == "bars":
        return look | {"fill": {"color": one.color}}
    line: dict[str, Any] = {"color": one.color, "width": 1.25} if one.line else {"none": True}
    line |= {"dash_type": "dash"} if one.dashed else {}
    look["line"] = line
    look["marker"] = {"type": "none"}
    if one.marker != "none":
        ink = {"color": one.color}
        look["marker"] = {"type": _MARKERS[one.marker], "size": 6, "fill": ink, "border": ink}
    if panel.kind == "errors":
        where = f"=Table!${chr(67 + 3 * k)}$2:${chr(67 + 3 * k)}${n + 1}"
        look["y_error_bars"] = {"type": "custom", "plus_values": where, "minus_values": where}
    return look
