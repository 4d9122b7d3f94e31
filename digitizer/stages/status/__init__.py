"""Measure every doubt about a panel's reading, and judge it."""
