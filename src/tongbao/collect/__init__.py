"""Collect: circulars come into data/raw, with where they came from; nothing else ever writes there."""
