"""Tell titles and axis labels among the texts outside the frames."""
