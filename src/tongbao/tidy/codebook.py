"""The codebook: what every variable means, which values it takes, where it comes from and how much of it is filled.

Belongs here: the codebook as plain data, made from the schema and the rows of the tables, its file, and reading it
back. Does not belong here: the page (`tongbao.report.codebook`), labels in other formats (`tongbao.tidy.export`).

Definitions come from `columns.csv` and `tables.csv`, names of codes from `value_labels.csv`, and the room that makes a
column from the rules of the facts that filled it or, where no single rule does, from `column_sources.csv`.
"""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any

from tongbao.errors import TongbaoError
from tongbao.tidy.escape import protect, restore_text
from tongbao.tidy.schema import ColumnSpec, Schema, TableSpec
from tongbao.tidy.tallies import ColumnTally, Rules, Tally

FILE = "codebook.csv"
"""Name of the codebook's file; it lies beside the metrics, one folder above the tables."""

ROOMS = ("read", "restore", "extract", "tidy", "coded")
"""Where a variable may come from; `coded` is coding by hand."""


@dataclass(frozen=True, slots=True)
class Value:
    """A code of a variable: how it is written, what it is called, and in how many rows it stands."""

    code: str
    title_en: str
    title_zh: str
    n_rows: int


@dataclass(frozen=True, slots=True)
class Variable:
    """One column of one table, described for the person who uses it.

    Attributes:
        table, position, variable: where it stands; positions count from 1.
        title_en, title_zh, definition_en, definition_zh: what it is called and means.
        type, unit, required, key: as in the schema; `key` is `yes` in the primary key.
        minimum, maximum, pattern: what the schema allows; empty where it says nothing.
        room: the room of the flow that makes it, one of `ROOMS`.
        rules: the extraction rules whose facts filled it, sorted; empty where no rule did.
        n_rows, n_filled: rows of the table, and those where it is not empty.
        lowest, highest: smallest and largest value of numbers, dates and periods, as the CSV prints them.
        values: its codes, where the schema fixes them, in the order of the schema.
    """

    table: str
    position: int
    variable: str
    title_en: str
    title_zh: str
    definition_en: str
    definition_zh: str
    type: str
    unit: str
    required: bool
    key: str
    minimum: str
    maximum: str
    pattern: str
    room: str
    rules: tuple[str, ...]
    n_rows: int
    n_filled: int
    lowest: str
    highest: str
    values: tuple[Value, ...]

    @property
    def share_filled(self) -> float | None:
        """The share of rows where it is not empty; None where the table has no rows."""
        return self.n_filled / self.n_rows if self.n_rows else None


@dataclass(frozen=True)
class Codebook:
    """All variables, tables in their published order, columns in theirs."""

    variables: tuple[Variable, ...]

    @cached_property
    def tables(self) -> dict[str, tuple[Variable, ...]]:
        """The variables by table."""
        names = dict.fromkeys(v.table for v in self.variables)
        return {name: tuple(v for v in self.variables if v.table == name) for name in names}

    def to_csv(self) -> bytes:
        """Return the codebook as a CSV file: one line a variable, texts as in the tables' own CSV files."""
        buffer = io.StringIO()
        writer = csv.writer(buffer, lineterminator="\n")
        writer.writerow(HEADER)
        for variable in self.variables:
            writer.writerow([_cell(getattr(variable, name)) for name in HEADER])
        return buffer.getvalue().encode("utf-8-sig")


HEADER = tuple(f.name for f in fields(Variable))


def make_codebook(
    tables: Sequence[TableSpec], counted: Mapping[str, Tally], reference: Path, rules: Rules | None = None
) -> Codebook:
    """Return the codebook of some tables.

    Args:
        tables: those to describe, in order.
        counted: what was counted of each of them.
        reference: the folder with `value_labels.csv` and `column_sources.csv`.
        rules: names of the extraction rules that filled a (table, column), see `tallies.rules_of`.

    Raises:
        TongbaoError: a reference table is missing, or a code has no name.
    """
    named, sources = value_titles(reference), _column_sources(reference)
    made = []
    for table in tables:
        own = counted[table.name]
        for position, column in enumerate(table.columns, 1):
            by = tuple(sorted((rules or {}).get((table.name, column.name), ())))
            filled = own.columns[column.name]
            room = _room(table, column, by, sources)
            made.append(_variable(table, position, column, own.n_rows, filled, room, by, named))
    return Codebook(tuple(made))


def read_codebook(path: Path) -> Codebook:
    """Read back what `Codebook.to_csv` wrote.

    Raises:
        TongbaoError: the file has not been made, or is no codebook.
    """
    remedy = "make it with `tongbao tidy`"
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = list(csv.reader(file, strict=True))
        if not lines or tuple(lines[0]) != HEADER:
            raise TongbaoError("not the header of a codebook", place=f"{path.name}, line 1", remedy=remedy)
        return Codebook(tuple(_parsed(dict(zip(HEADER, line, strict=True))) for line in lines[1:]))
    except FileNotFoundError:
        raise TongbaoError("the codebook has not been made", place=path.name, remedy=remedy) from None
    except (ValueError, KeyError, TypeError, csv.Error) as error:
        raise TongbaoError(f"not a codebook ({error})", place=path.name, remedy=remedy) from None


def value_titles(reference: Path) -> dict[tuple[str, str], tuple[str, str]]:
    """Return {(column, code): (English name, Chinese name)} from `value_labels.csv`.

    Raises:
        TongbaoError: the file is missing, or names a code twice.
    """
    titles: dict[tuple[str, str], tuple[str, str]] = {}
    for line in _lines(reference / "value_labels.csv", ("column", "value", "title_en", "title_zh")):
        key = (line["column"], line["value"])
        if key in titles:
            raise TongbaoError(f"{key[0]} {key[1]} is there twice", place="value_labels.csv", remedy="keep one line")
        titles[key] = (line["title_en"], line["title_zh"])
    return titles


def described(schema: Schema, names: Iterable[str]) -> tuple[TableSpec, ...]:
    """Return the tables of the schema that are among `names`, in their published order."""
    wanted = set(names)
    return tuple(table for table in (*schema.tables, *schema.coded) if table.name in wanted)


def _variable(
    table: TableSpec,
    position: int,
    column: ColumnSpec,
    n_rows: int,
    counted: ColumnTally,
    room: str,
    rules: tuple[str, ...],
    named: Mapping[tuple[str, str], tuple[str, str]],
) -> Variable:
    values = []
    for code in column.allowed:
        if (column.name, code) not in named:
            raise TongbaoError(
                f"{column.name} may be {code!r}, which has no name",
                place="data/reference/value_labels.csv",
                remedy="add a line with its English and Chinese name",
            )
        values.append(Value(code, *named[column.name, code], counted.codes[code]))
    return Variable(
        table=table.name,
        position=position,
        variable=column.name,
        title_en=column.title_en,
        title_zh=column.title_zh,
        definition_en=column.description_en,
        definition_zh=column.description_zh,
        type=column.type,
        unit=column.unit,
        required=column.required,
        key=column.key,
        minimum="" if column.minimum is None else f"{column.minimum:g}",
        maximum="" if column.maximum is None else f"{column.maximum:g}",
        pattern=column.pattern,
        room=room,
        rules=rules,
        n_rows=n_rows,
        n_filled=counted.n_filled,
        lowest=_shown(counted.lowest),
        highest=_shown(counted.highest),
        values=tuple(values),
    )


def _room(table: TableSpec, column: ColumnSpec, rules: tuple[str, ...], sources: Mapping[tuple[str, str], str]) -> str:
    for key in ((table.name, column.name), (table.name, ""), ("", column.name)):
        if key in sources:
            return sources[key]
    return "extract" if rules else "tidy"


def _column_sources(reference: Path) -> dict[tuple[str, str], str]:
    found = {}
    for line in _lines(reference / "column_sources.csv", ("table", "column", "room")):
        if line["room"] not in ROOMS:
            raise TongbaoError(
                f"unknown room {line['room']!r}", place="column_sources.csv", remedy="use one of " + ", ".join(ROOMS)
            )
        found[line["table"], line["column"]] = line["room"]
    return found


def _lines(path: Path, columns: Sequence[str]) -> list[dict[str, str]]:
    if not path.is_file():
        raise TongbaoError("the file is missing", place=path.name, remedy="restore it from version control")
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        if not set(columns) <= set(reader.fieldnames or ()):
            raise TongbaoError(f"the columns {', '.join(columns)} are wanted", place=f"{path.name}, line 1")
        return list(reader)


def _shown(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple) and value and isinstance(value[0], Value):
        listed = [[v.code, v.title_en, v.title_zh, v.n_rows] for v in value]
        return protect(json.dumps(listed, ensure_ascii=False))
    return protect("; ".join(value) if isinstance(value, tuple) else str(value))


def _parsed(line: Mapping[str, str]) -> Variable:
    texts: dict[str, Any] = {name: restore_text(cell) for name, cell in line.items()}
    for name in ("position", "n_rows", "n_filled"):
        texts[name] = int(texts[name])
    texts["required"] = {"yes": True, "no": False}[texts["required"]]
    texts["rules"] = tuple(filter(None, texts["rules"].split("; ")))
    texts["values"] = tuple(Value(*item) for item in json.loads(texts["values"] or "[]"))
    return Variable(**texts)
