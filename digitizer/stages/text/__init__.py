"""Find lines of glyphs in a picture, cut them out, and read each once."""
