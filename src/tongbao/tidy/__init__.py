"""Tidy: facts to the published tables, checked against their schema."""
