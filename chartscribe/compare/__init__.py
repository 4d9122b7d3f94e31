"""What was drawn against what was logged: logs, matching, verdicts; ``match.py`` is the recipe."""
