"""Tracing the series of a panel in pixel coordinates."""

from __future__ import annotations

from digitizer.stages.series.trace import trace_held, trace_series

__all__ = ["trace_held", "trace_series"]
