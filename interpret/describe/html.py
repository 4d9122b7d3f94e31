"""Write a description as one HTML page: the data redrawn, and the place of each sentence lit up in it."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from html import escape
from itertools import zip_longest

import numpy as np

from digitizer.model import Figure, Panel
from interpret.describe.arrange import Detail, arrange
from interpret.describe.blocks import Block, Item, Piece
from interpret.findings.model import Finding

WIDTH, HEIGHT = 460, 240
# More points a line than this only cost bytes.
MOST_POINTS = 1000
STYLE = """
body{font:16px/1.5 system-ui,sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem;color:#222}
h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:1.6rem}h3{font-size:1rem}
[data-findings]:hover{background:#fff3bf;cursor:pointer}
.panels{display:flex;flex-wrap:wrap;gap:1rem}figure{margin:0}figcaption{font-size:.85rem;color:#555}
svg{border:1px solid #ccc;background:#fff}.lit{fill:#ffd43b;opacity:.45}
table{border-collapse:collapse}td,th{border:1px solid #ddd;padding:.15rem .6rem;text-align:right}
"""
SCRIPT = """
const findings=JSON.parse(document.getElementById('findings').textContent);
function light(ids){document.querySelectorAll('.lit').forEach(r=>r.remove());
 for(const id of ids){const f=findings[id];if(!f)continue;
  for(const [panel,left,right] of f){const svg=document.getElementById('panel-'+panel);if(!svg)continue;
   const r=document.createElementNS('http://www.w3.org/2000/svg','rect');
   r.setAttribute('class','lit');r.setAttribute('x',left);r.setAttribute('y',0);
   r.setAttribute('width',Math.max(3,right-left));r.setAttribute('height',svg.viewBox.baseVal.height);
   svg.prepend(r);}}}
document.querySelectorAll('[data-findings]').forEach(e=>{
 e.addEventListener('mouseenter',()=>light(e.dataset.findings.split(' ')));
 e.addEventListener('mouseleave',()=>light([]));});
"""


def write_html(
    figure: Figure, title: str, alt_text: str, findings: Sequence[Finding], detail: Detail = "standard"
) -> str:
    """Return the description as a page that needs no other file.

    Notes
    -----
    Every sentence has the ids of its findings in ``data-findings``; hovering it lights up the stretch
    of x that they are about.
    """
    body = [f"<h1>{escape(title)}</h1>", f'<div class="panels" role="img" aria-label="{escape(alt_text)}">']
    body += [_svg(panel, index) for index, panel in enumerate(figure.panels)]
    body.append("</div>")
    for name, blocks in arrange(figure, findings, detail):
        body.append(f"<h2>{escape(name)}</h2>")
        body += [_block(block) for block in blocks]
    data = json.dumps(_windows(figure, findings), ensure_ascii=False).replace("<", "\\u003c")
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{STYLE}</style></head><body>\n" + "\n".join(body) + "\n"
        f'<script type="application/json" id="findings">{data}</script><script>{SCRIPT}</script>'
        "</body></html>\n"
    )


def _block(block: Block) -> str:
    if block.kind == "heading":
        return f"<h3>{escape(block.items[0].pieces[0].text)}</h3>"
    if block.kind == "table":
        head, *rows = block.rows
        cells = "".join(f"<th>{escape(cell)}</th>" for cell in head)
        lines = []
        for row, ids in zip_longest(rows, block.row_ids, fillvalue=()):
            texts = "".join(f"<td>{escape(cell)}</td>" for cell in row)
            lines.append(f"<tr{_lights(ids)}>{texts}</tr>")
        return f"<table{_lights(block.ids)}><tr>{cells}</tr>{''.join(lines)}</table>"
    if block.kind == "paragraphs":
        return "\n".join(f"<p>{_pieces(item)}</p>" for item in block.items)
    tag = "ol" if block.kind == "numbered" else "ul"
    return f"<{tag}>" + "".join(_item(item) for item in block.items) + f"</{tag}>"


def _item(item: Item) -> str:
    below = "".join(f"<li>{_piece(one)}</li>" for one in item.below)
    return f"<li>{_pieces(item)}{f'<ul>{below}</ul>' if below else ''}</li>"


def _pieces(item: Item) -> str:
    return " ".join(_piece(one) for one in item.pieces)


def _piece(one: Piece) -> str:
    text = escape(one.text)
    return f"<span{_lights(one.ids)}>{text}</span>" if one.ids else text


def _lights(ids: Sequence[str]) -> str:
    """The attribute that names the findings behind an element."""
    return f' data-findings="{" ".join(ids)}"' if ids else ""


def _windows(figure: Figure, findings: Sequence[Finding]) -> dict[str, list[list[float]]]:
    """Of each finding the panels that it concerns and its stretch in them, in the drawing's units."""
    windows = {}
    for finding in findings:
        if finding.level < 2 or finding.x_range is None:
            continue
        stretches = []
        for index in sorted({ref.panel for ref in finding.series}):
            place = _places(figure.panels[index])
            first, last = (place(at) for at in finding.x_range)
            if first is not None and last is not None:
                stretches.append([index, round(min(first, last), 1), round(max(first, last), 1)])
        windows[finding.id] = stretches
    return windows


def _numbers(panel: Panel) -> dict[str, float]:
    """Texts along x (dates, categories) as numbers: their order."""
    texts = [str(x) for series in panel.series if series.x.dtype.kind in "US" for x in series.x]
    if panel.x_axis.scale == "date":
        texts = sorted(texts)
    return {text: float(k) for k, text in enumerate(dict.fromkeys(texts))}


def _columns(panel: Panel) -> list[tuple[np.ndarray, np.ndarray]]:
    known = _numbers(panel)
    columns = []
    for series in panel.series:
        x = np.array([known[str(v)] for v in series.x]) if series.x.dtype.kind in "US" else series.x
        step = max(1, len(x) // MOST_POINTS)
        columns.append((x[::step].astype(float), series.y[::step]))
    return columns


def _span(values: Sequence[np.ndarray]) -> tuple[float, float]:
    there = np.concatenate([v[np.isfinite(v)] for v in values]) if values else np.array([])
    low, high = (float(there.min()), float(there.max())) if len(there) else (0.0, 1.0)
    pad = 0.04 * (high - low or 1.0)
    return low - pad, high + pad


def _places(panel: Panel) -> Callable[[float | str], float | None]:
    """A function from a position along x to the drawing's."""
    columns, known = _columns(panel), _numbers(panel)
    low, high = _span([x for x, _ in columns])

    def place(at: float | str) -> float | None:
        number = known.get(at) if isinstance(at, str) else float(at)
        return None if number is None else WIDTH * (number - low) / (high - low)

    return place


def _svg(panel: Panel, index: int) -> str:
    """The panel's series as they were read, redrawn."""
    columns = _columns(panel)
    x_low, x_high = _span([x for x, _ in columns])
    y_low, y_high = _span([y for _, y in columns])
    shapes = []
    for series, (x, y) in zip(panel.series, columns, strict=True):
        across = WIDTH * (x - x_low) / (x_high - x_low)
        down = HEIGHT * (y_high - y) / (y_high - y_low)
        points = [f"{a:.1f},{d:.1f}" for a, d in zip(across, down, strict=True) if np.isfinite(d)]
        if series.kind == "line":
            shapes.append(
                f'<polyline fill="none" stroke="{escape(series.color)}" stroke-width="1.5" '
                f'points="{" ".join(points)}"/>'
            )
        else:
            dots = [p.split(",") for p in points]
            shapes += [f'<circle cx="{a}" cy="{d}" r="2" fill="{escape(series.color)}"/>' for a, d in dots]
    caption = panel.title or panel.y_axis.label or f"Panel {index + 1}"
    return (
        f'<figure><svg id="panel-{index}" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f"{''.join(shapes)}</svg><figcaption>{escape(caption)}</figcaption></figure>"
    )
