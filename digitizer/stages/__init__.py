"""The stages of the recipe, in the order of :mod:`digitizer.pipeline`."""
