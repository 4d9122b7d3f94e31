"""From pixels to values, categories and dates; no pixel is looked at here."""
