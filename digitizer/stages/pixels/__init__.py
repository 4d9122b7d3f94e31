"""What several stages measure in pixels: connected components, rectangles of one colour, blends."""
