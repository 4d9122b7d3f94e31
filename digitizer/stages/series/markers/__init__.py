"""Find markers, alone, on lines and in crowds."""
