"""Many lines of one colour whose markers stand at the same x: all of them are found at once."""

from digitizer.stages.series.bundles.find import find_bundle, find_crowd

__all__ = ["find_bundle", "find_crowd"]
