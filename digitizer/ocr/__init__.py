"""Text recognisers: one protocol, two engines."""
