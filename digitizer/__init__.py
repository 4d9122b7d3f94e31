"""From the pixels of a chart to its data: panels, axes, series, each with its evidence."""
