"""Findings to prose: the description as Markdown and as the findings document."""

from interpret.describe.description import Description, describe_figure

__all__ = ["Description", "describe_figure"]
