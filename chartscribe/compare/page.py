"""The comparison as a page that needs nothing but itself."""

from __future__ import annotations

import base64

from chartscribe.compare.picture import draw_pair, to_png
from chartscribe.compare.report import Comparison

_TEMPLATE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{{ comparison.figure }} against {{ comparison.logs | join(", ") }}</title>
<style>
body { font: 15px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 1.5rem auto; padding: 0 1rem; }
section { border-left: 4px solid #868e96; padding: 0 1rem; margin: 1.2rem 0; overflow-wrap: anywhere; }
section.agrees { border-color: #2b8a3e; }
section.differs { border-color: #c92a2a; }
img { max-width: 100%; }
</style>
</head>
<body>
<h1>{{ comparison.figure }}</h1>
<p>against {{ comparison.logs | join(", ") }}</p>
<p><b>{{ comparison.summary() }}</b></p>
{% for pair, picture in pairs %}
<section class="{{ pair.verdict }}">
<p>{{ pair.sentence }}</p>
<img src="data:image/png;base64,{{ picture }}" alt="logged in blue, read in orange, the difference below">
</section>
{% endfor %}
{% for told, reason in comparison.left() %}
<section><p>{{ told }}: {{ reason }}.</p></section>
{% endfor %}
{% if comparison.unmatched_columns %}
<p>Not drawn:
{% for log, column in comparison.unmatched_columns %}
<code title="{{ log }}">{{ column }}</code>{{ "." if loop.last else ", " }}
{% endfor %}
</p>
{% endif %}
</body>
</html>
"""


def to_html(comparison: Comparison) -> str:
    """The report as a page, each series with its picture."""
    import jinja2

    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True)
    pairs = [(pair, base64.b64encode(to_png(draw_pair(pair))).decode("ascii")) for pair in comparison.pairs]
    return environment.from_string(_TEMPLATE).render(comparison=comparison, pairs=pairs)
