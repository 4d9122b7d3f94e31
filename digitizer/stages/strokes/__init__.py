"""Straight level and upright strokes of a picture, and the rectangles that they propose."""
