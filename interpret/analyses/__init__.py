"""One question about numbers a file: pure functions over columns, no words."""
