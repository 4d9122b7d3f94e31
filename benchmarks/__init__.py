"""Accuracy and speed, measured and written down as Markdown tables."""
