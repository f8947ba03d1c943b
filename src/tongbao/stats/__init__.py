"""Stats: tidy tables to numbers with honest uncertainty."""
