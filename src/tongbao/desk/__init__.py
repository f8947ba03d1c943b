"""The researcher's desk: what `import tongbao as tb` offers in a notebook.

What belongs here: short ways to the tables, one circular, the question whether rates may be compared, ready plots.
What does not: any number or judgement of its own (`tongbao.stats`), any page (`tongbao.report`). The desk may import
every room of the flow; no room of the flow imports it.
"""

from tongbao.desk import plot
from tongbao.desk.circular import circular, circulars
from tongbao.desk.compare import compare
from tongbao.desk.rates import rates, readings
from tongbao.desk.show import show
from tongbao.desk.tables import load, names, tables

__all__ = ["circular", "circulars", "compare", "load", "names", "plot", "rates", "readings", "show", "tables"]
