"""The forms that circulars come in, each read to plain lines of text: web pages, PDF, Word and WPS files, sheets.

The one door is `registry.text_of`. What belongs here: getting at the characters that a file shows its reader, in
reading order, a table's row as `a | b | c |`. What does not: repairing them, or knowing what they mean.
"""
