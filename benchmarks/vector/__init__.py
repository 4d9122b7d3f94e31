"""How exactly charts in PDF documents and SVG drawings are read: ``python -m benchmarks.vector``."""
