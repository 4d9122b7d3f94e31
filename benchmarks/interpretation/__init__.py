"""How far descriptions can be believed: injected events, noise alone, near misses, rules, mutated claims."""
