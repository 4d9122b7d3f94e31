"""Discs strung so closely along a line that they melt."""
