"""Claims with their evidence: what the analyses allow to be said."""
