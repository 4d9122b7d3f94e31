"""Hold what was read against the picture: drawn again, read a second time, and beside its neighbours."""
