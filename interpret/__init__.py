"""From data to findings to prose."""
