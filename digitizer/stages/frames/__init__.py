"""Measure a plot area at full resolution: its sides, its ground and its grid."""
