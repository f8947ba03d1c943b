"""From extracted facts to the published tables: checking, splitting, writing. Nothing is read off a text here."""
