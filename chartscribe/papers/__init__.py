"""Figures in PDF documents: found on their pages, each with its place and caption."""
