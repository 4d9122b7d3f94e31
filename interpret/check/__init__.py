"""Check a text about a chart against the chart's data, apart from the code that writes such texts."""

from interpret.check.document import Report, Verdict, check_text

__all__ = ["Report", "Verdict", "check_text"]
