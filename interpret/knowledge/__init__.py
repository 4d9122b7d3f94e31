"""What is known about quantities and their patterns, as data: quantities.toml and rules.toml."""
