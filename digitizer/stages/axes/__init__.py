"""Find the tick labels of each axis and the marks they stand at, and fit its scale to them."""
