"""Find bars, and take them out of the picture."""
