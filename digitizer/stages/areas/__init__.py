"""Find filled areas and their edges, and take them out of the picture."""
