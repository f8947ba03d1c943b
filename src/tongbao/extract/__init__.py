"""Extract: sound text to facts, each tied to the characters that say it."""
