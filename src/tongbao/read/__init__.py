"""Read: bytes as found to decoded text, with where they came from. Nothing is repaired here."""
