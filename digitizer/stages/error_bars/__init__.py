"""Find the strokes of error bars, and the points they belong to."""
