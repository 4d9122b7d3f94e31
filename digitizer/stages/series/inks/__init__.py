"""Which colours a panel's strokes have, and how much of each pixel every one covers."""
