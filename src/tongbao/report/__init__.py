"""Report: numbers to pages that a colleague can open anywhere."""
