"""The audit page of a circular: its text, raw and restored, with every row that was read from it."""
