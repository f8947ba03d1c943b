"""The schema of the tidy tables: loaded from data, handed on as dataclasses and as pandera schemas.

The schema itself lies in `data/reference/columns.csv` and `tables.csv`; no column is named here. What a row
must be like beyond its single cells is in `rules`.
"""

import csv
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, get_args

import pandas as pd
import pandera.pandas as pa

from tongbao.errors import TongbaoError

ColumnType = Literal["text", "integer", "number", "boolean", "date", "period", "region_code"]

PERIOD = re.compile(r"\d{4}(-(Q[1-4]|H[12]|0[1-9]|1[0-2]))?", re.ASCII)
"""2016, 2018-Q3, 2018-H1, 2017-09."""
REGION_CODE = re.compile(r"[1-9]\d{5}", re.ASCII)
"""Six digits, as in GB/T 2260."""
DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)

_DTYPES: dict[str, str] = {
    "text": "str",
    "period": "str",
    "region_code": "str",
    "integer": "Int64",
    "number": "Float64",
    "boolean": "boolean",
    "date": "datetime64[s]",
}
_TITLES = ["title_en", "title_zh", "description_en", "description_zh"]
_CELL_RULES = ["type", "unit", "required", "key", "allowed", "minimum", "maximum", "pattern"]
_COLUMN_FIELDS = ["table", "position", "column", *_CELL_RULES, *_TITLES]
_TABLE_FIELDS = ["table", "position", *_TITLES, "licence"]


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """One column of one table.

    `key` is `yes` in the primary key, `unique` in what else tells two rows of a circular apart, `main` in what the row
    says of that (its main value), else empty.
    `allowed` is empty where every value is. `minimum` and `maximum` are inclusive.
    """

    table: str
    name: str
    type: ColumnType
    unit: str
    required: bool
    key: Literal["", "yes", "unique", "main"]
    allowed: tuple[str, ...]
    minimum: float | None
    maximum: float | None
    pattern: str
    title_en: str
    title_zh: str
    description_en: str
    description_zh: str

    @property
    def dtype(self) -> str:
        """The pandas type of the column."""
        return _DTYPES[self.type]

    def matches(self, text: str) -> bool:
        """Whether the whole text has the column's form; True where the column asks for none."""
        return not self.pattern or re.fullmatch(self.pattern, text) is not None


@dataclass(frozen=True)
class TableSpec:
    """One table: its columns in order, and what it is called and licensed as."""

    name: str
    title_en: str
    title_zh: str
    description_en: str
    description_zh: str
    licence: str
    columns: tuple[ColumnSpec, ...] = field(repr=False)

    @cached_property
    def by_name(self) -> dict[str, ColumnSpec]:
        """The columns by their names."""
        return {column.name: column for column in self.columns}

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names in order."""
        return tuple(column.name for column in self.columns)

    @property
    def primary_key(self) -> tuple[str, ...]:
        """The columns that name a row."""
        return tuple(column.name for column in self.columns if column.key == "yes")

    @property
    def unique(self) -> tuple[str, ...]:
        """The columns that, within a circular, no two rows may share; empty where there is no such rule."""
        return tuple(column.name for column in self.columns if column.key == "unique")

    @property
    def claim(self) -> tuple[str, ...]:
        """The columns of what a row says: its main value, and what that is the value of."""
        return tuple(column.name for column in self.columns if column.key in ("unique", "main"))

    @property
    def has_span(self) -> bool:
        """Whether each row quotes the restored text."""
        return "quote" in self.by_name


@dataclass(frozen=True)
class Schema:
    """All tables, in their published order.

    Attributes:
        tables: made from circulars; every row has its `circular_id`.
        coded: made from figures coded by hand, which belong to no circular of the collection.
    """

    tables: tuple[TableSpec, ...]
    coded: tuple[TableSpec, ...] = ()

    @cached_property
    def by_name(self) -> dict[str, TableSpec]:
        """The tables made from circulars, by their names."""
        return {table.name: table for table in self.tables}

    def __getitem__(self, name: str) -> TableSpec:
        """The table of that name, coded ones included.

        Raises:
            TongbaoError: there is none.
        """
        for table in self.coded:
            if table.name == name:
                return table
        if name not in self.by_name:
            raise TongbaoError(
                f"no table is called {name!r}",
                place="data/reference/tables.csv",
                remedy="use one of " + ", ".join(self.by_name),
            )
        return self.by_name[name]


def load_schema(reference: Path) -> Schema:
    """Return the schema that `columns.csv` and `tables.csv` in the folder `reference` describe.

    Raises:
        TongbaoError: a file is missing, or a line of one does not make sense.
    """
    columns_path, tables_path = reference / "columns.csv", reference / "tables.csv"
    columns: dict[str, list[ColumnSpec]] = {}
    for line, record in _records(columns_path, _COLUMN_FIELDS):
        column = _column(record, f"{columns_path.name}, line {line}")
        siblings = columns.setdefault(column.table, [])
        if record["position"] != str(len(siblings) + 1) or column.name in {c.name for c in siblings}:
            raise TongbaoError(
                f"{column.table}.{column.name} is out of order or there twice",
                place=f"{columns_path.name}, line {line}",
                remedy="number the columns of each table from 1 in the order of the lines",
            )
        siblings.append(column)
    tables = []
    for _, record in _records(tables_path, _TABLE_FIELDS):
        name = record["table"]
        specs = tuple(columns.pop(name, ()))
        if not specs:
            raise TongbaoError(f"the table {name} has no columns", place=columns_path.name, remedy="add them")
        details = {key: value for key, value in record.items() if key not in ("table", "position")}
        tables.append(TableSpec(name=name, columns=specs, **details))
    if columns:
        raise TongbaoError(
            "columns of unknown tables: " + ", ".join(columns),
            place=columns_path.name,
            remedy=f"describe the tables in {tables_path.name}",
        )
    of_circulars = tuple(table for table in tables if "circular_id" in table.by_name)
    return Schema(of_circulars, tuple(table for table in tables if table not in of_circulars))


def frame_schema(table: TableSpec) -> pa.DataFrameSchema:
    """Return the pandera schema of a table as a data frame (types as in `ColumnSpec.dtype`)."""
    return pa.DataFrameSchema(
        {column.name: _frame_column(column) for column in table.columns},
        unique=list(table.primary_key),
        strict=True,
        ordered=True,
        name=table.name,
    )


def to_frame(table: TableSpec, rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Return checked rows as a data frame with the table's columns in order and their types.

    Raises:
        TongbaoError: the rows break the schema; this is a fault of the program, as rows are checked before.
    """
    frame = pd.DataFrame(
        {
            c.name: pd.Series([row.get(c.name) for row in rows], dtype=_DTYPES[c.type], name=c.name)
            for c in table.columns
        }
    )
    try:
        frame_schema(table).validate(frame, lazy=True)
    except pa.errors.SchemaErrors as error:
        cases = error.failure_cases[["column", "check", "index"]].head(5).to_string(index=False)
        raise TongbaoError(
            f"rows of the table break its schema:\n{cases}",
            place=table.name,
            remedy="this is a fault of the program: report it with the circular that caused it",
        ) from None
    return frame


def _frame_column(column: ColumnSpec) -> pa.Column:
    checks = []
    if column.allowed:
        checks.append(pa.Check.isin(column.allowed))
    if column.minimum is not None:
        checks.append(pa.Check.ge(column.minimum))
    if column.maximum is not None:
        checks.append(pa.Check.le(column.maximum))
    patterns = {"period": PERIOD.pattern, "region_code": REGION_CODE.pattern}
    pattern = column.pattern or patterns.get(column.type, "")
    if pattern:
        checks.append(pa.Check.str_matches(rf"^(?:{pattern})\Z"))
    return pa.Column(column.dtype, checks, nullable=not column.required)


def _records(path: Path, fields: list[str]) -> list[tuple[int, dict[str, str]]]:
    if not path.is_file():
        raise TongbaoError(
            "the schema of the tables is missing",
            place=str(path),
            remedy="restore the file from version control",
        )
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file, strict=True)
        if reader.fieldnames != fields:
            raise TongbaoError(
                "unexpected columns", place=f"{path.name}, line 1", remedy="wanted are: " + ",".join(fields)
            )
        return [(reader.line_num, _complete(record, path, reader.line_num)) for record in reader]


def _complete(record: Mapping[Any, Any], path: Path, line: int) -> dict[str, str]:
    if None in record or None in record.values():
        raise TongbaoError(
            "too many or too few cells",
            place=f"{path.name}, line {line}",
            remedy="quote cells that hold commas",
        )
    return dict(record)


def _column(record: dict[str, str], place: str) -> ColumnSpec:
    def wrong(what: str, remedy: str) -> TongbaoError:
        return TongbaoError(what, place=place, remedy=remedy)

    if record["type"] not in get_args(ColumnType):
        raise wrong(f"unknown type {record['type']!r}", "use one of " + ", ".join(get_args(ColumnType)))
    if record["required"] not in ("yes", "no"):
        raise wrong(f"required is {record['required']!r}", "write yes or no")
    if record["key"] not in ("", "yes", "unique", "main"):
        raise wrong(f"key is {record['key']!r}", "write yes, unique, main or nothing")
    try:
        re.compile(record["pattern"])
        bounds = [float(record[name]) if record[name] else None for name in ("minimum", "maximum")]
    except (re.error, ValueError) as error:
        raise wrong(str(error), "mend the pattern or the bound") from None
    if any(bound is not None and not math.isfinite(bound) for bound in bounds):
        raise wrong("a bound is not finite", "leave it empty instead")
    return ColumnSpec(
        table=record["table"],
        name=record["column"],
        type=record["type"],  # type: ignore[arg-type]
        unit=record["unit"],
        required=record["required"] == "yes",
        key=record["key"],  # type: ignore[arg-type]
        allowed=tuple(record["allowed"].split("|")) if record["allowed"] else (),
        minimum=bounds[0],
        maximum=bounds[1],
        pattern=record["pattern"],
        **{name: record[name] for name in _TITLES},
    )
