"""Shapes drawn to the ink: the vertices and markers that explain it best."""
