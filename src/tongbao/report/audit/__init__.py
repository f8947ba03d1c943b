"""The audit pages: a circular with every row that was read from it, raw and restored; and the coded second source.

What belongs here: leading a number back to its characters. What does not: any extraction, repair or statistic.
"""

STYLES = ("audit/audit.css",)
"""Style sheets of the folder of templates that these pages need beyond the common one. They run no script."""
