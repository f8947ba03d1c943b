"""What is counted of a table while its rows pass by, so that the codebook needs no table in memory."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tongbao.tidy.rows import Row
from tongbao.tidy.schema import ColumnSpec, TableSpec

_ORDERED = ("integer", "number", "date", "period")

Rules = dict[tuple[str, str], set[str]]
"""Names of the extraction rules that gave a value to a (table, column)."""


@dataclass(slots=True)
class ColumnTally:
    """One column: its filled cells, the ends of their range where there is an order, how often each code stands."""

    n_filled: int = 0
    lowest: Any = None
    highest: Any = None
    codes: Counter[Any] = field(default_factory=Counter)

    def add(self, other: "ColumnTally") -> None:
        """Count what the other counted."""
        self.n_filled += other.n_filled
        self.codes += other.codes
        if other.lowest is not None:
            self.lowest = other.lowest if self.lowest is None else min(self.lowest, other.lowest)
            self.highest = other.highest if self.highest is None else max(self.highest, other.highest)


@dataclass(slots=True)
class Tally:
    """One table: its rows and its columns by name."""

    n_rows: int
    columns: dict[str, ColumnTally]

    def add(self, other: "Tally") -> None:
        """Count what the other counted of the same table."""
        self.n_rows += other.n_rows
        for name, column in other.columns.items():
            self.columns[name].add(column)


def tally(table: TableSpec, rows: Sequence[Row]) -> Tally:
    """Count the rows of a table, or of a part of it."""
    return Tally(len(rows), {column.name: _of_column(column, rows) for column in table.columns})


def _of_column(column: ColumnSpec, rows: Sequence[Row]) -> ColumnTally:
    filled: list[Any] = [row[column.name] for row in rows if row[column.name] is not None]
    found = ColumnTally(len(filled), codes=Counter(filled) if column.allowed else Counter())
    if filled and column.type in _ORDERED:
        found.lowest, found.highest = min(filled), max(filled)
    return found


def rules_of(extracted: Iterable[Mapping[str, Any]]) -> Rules:
    """Return the rules whose facts gave a value to each (table, column), from extractions as read from JSON."""
    found: Rules = {}
    for extraction in extracted:
        for fact in extraction.get("facts", ()):
            for column, value in fact["values"].items():
                if value not in (None, ""):
                    found.setdefault((fact["table"], column), set()).add(fact["rule"])
    return found
