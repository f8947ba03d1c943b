"""The researcher's corrections: what an entry is, and what in the tables can be corrected.

The file is read in `corrections_read`; whether an entry fits what the program reads today is asked in
`corrections_apply`.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, get_args

from tongbao.errors import TongbaoError
from tongbao.tidy.candidates import CHECKS, CIRCULARS, CORRECTIONS, PROVENANCE, REPAIRS
from tongbao.tidy.schema import ColumnSpec, Schema, TableSpec

Action = Literal["set", "delete", "add", "accept"]

NUMERALS, GAPS = "numerals", "gaps"
"""Names for what is doubtful but no row: numerals that nothing explains, places that nobody can read."""

MEASURED = frozenset(
    {"published_on", "source_name", "source_url", "raw_file", "raw_sha256", "script", "copy_kind", "n_repairs"}
    | {"n_unrepaired", "n_numerals", "n_numerals_explained"}
)
"""Columns of `circulars` that the text does not give: facts of the copy, the register or the program."""

CORRECTED = "corrected"
"""The basis of a row that somebody added, or whose main value, or what that is the value of, somebody set."""


@dataclass(frozen=True, slots=True)
class What:
    """The row meant: the passage it is tied to, values that tell it from others there, its number among equals."""

    quote: str | None
    values: tuple[tuple[str, Any], ...] = ()
    nth: int | None = None


@dataclass(frozen=True, slots=True)
class Correction:
    """One entry.

    Attributes:
        file, line, number: where it stands; entries are numbered from 1.
        column, value: what is set (`set`); value is None where the cell becomes empty.
        values: the columns of the new row (`add`).
        expect: what the program says today: of the column that is set, or of the columns named.
    """

    file: str
    line: int
    number: int
    circular_id: str
    table: str
    what: What
    action: Action
    reason: str
    who: str
    when: date
    column: str = ""
    value: Any = None
    values: tuple[tuple[str, Any], ...] = ()
    expect: tuple[tuple[str, Any], ...] = ()

    @property
    def place(self) -> str:
        """File, line and entry, as errors name them."""
        column = f".{self.column}" if self.column else ""
        return f"{self.file}, line {self.line} (entry {self.number}: {self.action} {self.table}{column})"

    def wrong(self, message: str, remedy: str) -> TongbaoError:
        """Return the error that names this entry."""
        return TongbaoError(message, place=self.place, remedy=remedy)


def correctable(schema: Schema, table: str) -> tuple[Action, ...]:
    """Return the actions that a table allows; none where it cannot be corrected or does not exist."""
    if table in (CHECKS, NUMERALS, GAPS):
        return ("accept",)
    if table == CIRCULARS:
        return ("set", "accept")
    return () if table in (REPAIRS, CORRECTIONS) or table not in schema.by_name else get_args(Action)


def columns_of(schema: Schema, table: str) -> dict[str, ColumnSpec]:
    """Return the columns by which a row of the table may be named, basis included."""
    if table in (NUMERALS, GAPS):
        return {"text": ColumnSpec(table, "text", "text", "", True, "", (), None, None, "", "", "", "", "")}
    hidden = set(PROVENANCE) - {"basis"} | (MEASURED if table == CIRCULARS else set())
    return {name: column for name, column in schema[table].by_name.items() if name not in hidden}


def settable(spec: TableSpec) -> tuple[ColumnSpec, ...]:
    """Return the columns of a table that a correction may fill."""
    hidden = {*PROVENANCE, *(MEASURED if spec.name == CIRCULARS else ())}
    return tuple(column for column in spec.columns if column.name not in hidden)
