"""Find the entries of legends, and bind them to traces."""
