"""Find the plot areas of a figure."""
