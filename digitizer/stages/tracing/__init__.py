"""Trace all that a panel shows: areas, bars and series, at the size that suits it."""
