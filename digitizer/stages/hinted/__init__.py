"""What a person says: about panels, axes, scales and series."""
