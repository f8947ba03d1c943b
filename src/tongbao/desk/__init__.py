"""The researcher's desk: what `import tongbao as tb` offers in a notebook.

What belongs here: short ways to the tables, one circular, the question whether rates may be compared, ready plots.
What does not: any number or judgement of its own (`tongbao.stats`), any page (`tongbao.report`). The desk may import
every room of the flow; no room of the flow imports it.

Which name stands in which module is said in `tongbao/__init__.py`, which imports a module when its name is first used.
"""
