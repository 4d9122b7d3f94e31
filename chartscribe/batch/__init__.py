"""Folders of figures: found, read in parallel, resumable, indexed; ``run.py`` is the recipe."""
