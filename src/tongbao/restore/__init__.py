"""Restore: damaged text to sound text, every change recorded and mapped back to the raw file."""
