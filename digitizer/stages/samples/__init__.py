"""The drawn samples of legends: where they stand and what they show."""
