"""Tables to files and back: CSV for people, Parquet for programs. The same rows give the same bytes.

CSV: UTF-8 with byte order mark, comma, `\\n`, ISO dates, `true`/`false`, empty = missing; text as in `escape`.
Parquet holds the texts as they are. Which rows there are is decided in `rows`.
"""

import csv
import io
import json
from codecs import BOM_UTF8
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from tongbao.errors import TongbaoError
from tongbao.tidy.escape import protect, restore_text
from tongbao.tidy.rows import Rejection, Row
from tongbao.tidy.schema import ColumnSpec, Schema, TableSpec, to_frame

REJECTED_COLUMNS = ("table", "circular_id", "file", "reason", "start", "end", "values")

_ARROW = {
    "text": pa.string(),
    "period": pa.string(),
    "region_code": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
}
_TRUTH = {"true": True, "false": False}


def csv_bytes(table: TableSpec, rows: Sequence[Row]) -> bytes:
    """Return a table as a CSV file; without rows it is its header alone."""
    return csv_head(table.names) + csv_lines(table, rows)


def csv_head(names: Sequence[str]) -> bytes:
    """Return the first line of a CSV file, byte order mark included."""
    return BOM_UTF8 + _csv([names])


def csv_lines(table: TableSpec, rows: Sequence[Row]) -> bytes:
    """Return rows of a table as lines of its CSV file."""
    return _csv([_cell(row[name]) for name in table.names] for row in rows)


def rejected_lines(rejected: Iterable[Rejection]) -> bytes:
    """Return what was rejected as lines of a CSV file; `values` is JSON with sorted keys."""

    def line(item: Rejection) -> list[str]:
        values = "" if item.values is None else json.dumps(item.values, ensure_ascii=False, sort_keys=True, default=str)
        head = [item.table, item.circular_id, item.file, item.reason]
        return [protect(x) for x in head] + [_cell(item.start), _cell(item.end), protect(values)]

    return _csv(line(item) for item in rejected)


def arrow_schema(table: TableSpec) -> pa.Schema:
    """Return the nullable columns of fixed types that a table has in Parquet."""
    return pa.schema(
        pa.field(c.name, _ARROW[c.type], nullable=not c.required, metadata={"title": c.title_en, "unit": c.unit})
        for c in table.columns
    )


def arrow_table(table: TableSpec, rows: Sequence[Row]) -> pa.Table:
    """Return rows of a table as Parquet holds them."""
    columns = [pa.array([row[c.name] for row in rows], _ARROW[c.type]) for c in table.columns]
    return pa.table(columns, schema=arrow_schema(table))


def parquet_writer(table: TableSpec, target: Path | BinaryIO) -> pq.ParquetWriter:
    """Return a writer of the table's Parquet file; what is written at a time becomes a row group."""
    return pq.ParquetWriter(target, arrow_schema(table), compression="zstd", version="2.6")


def parquet_bytes(table: TableSpec, rows: Sequence[Row]) -> bytes:
    """Return a table as a Parquet file."""
    buffer = io.BytesIO()
    with parquet_writer(table, buffer) as writer:
        writer.write_table(arrow_table(table, rows))
    return buffer.getvalue()


def read_rows(table: TableSpec, path: Path) -> list[Row]:
    """Read a table's CSV file back into the rows that it was written from.

    Raises:
        TongbaoError: the file is not such a table; it names the line and cell.
    """
    remedy = "make the tables again with `dvc repro`"
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = list(csv.reader(file, strict=True))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise TongbaoError(f"cannot be read as CSV ({error})", place=str(path), remedy=remedy) from None
    if not lines or tuple(lines[0]) != table.names:
        raise TongbaoError(f"not the header of {table.name}", place=f"{path}, line 1", remedy=remedy)
    rows: list[Row] = []
    for number, line in enumerate(lines[1:], start=2):
        if len(line) != len(table.columns):
            raise TongbaoError("too many or too few cells", place=f"{path}, line {number}", remedy=remedy)
        row: Row = {}
        for column, cell in zip(table.columns, line, strict=True):
            try:
                row[column.name] = _parse(column, cell)
            except (ValueError, KeyError) as error:
                raise TongbaoError(
                    f"{cell!r} is no {column.type} ({error})",
                    place=f"{path}, line {number}, column {column.name}",
                    remedy=remedy,
                ) from None
        rows.append(row)
    return rows


def read_table(table: TableSpec, path: Path) -> pd.DataFrame:
    """Read a table's CSV file as a data frame with the types of the schema, texts as they were extracted.

    Raises:
        TongbaoError: the file is not such a table, or breaks the schema.
    """
    return to_frame(table, read_rows(table, path))


def load_tables(schema: Schema, folder: Path) -> dict[str, pd.DataFrame]:
    """Read all tables of a folder, by name, as `read_table` does."""
    return {table.name: read_table(table, folder / f"{table.name}.csv") for table in schema.tables}


def csv_values(column: ColumnSpec) -> tuple[str, ...]:
    """Return a column's allowed values as they stand in the CSV (`=` is written `'=`)."""
    return tuple(protect(value) for value in column.allowed)


def json_bytes(value: Mapping[str, Any]) -> bytes:
    """Return JSON for people and version control: indented, keys as given, newline at the end."""
    return (json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode()


def _csv(lines: Iterable[Sequence[str]]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(lines)
    return buffer.getvalue().encode()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return protect(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        shortest = format(Decimal(repr(value)), "f")
        return shortest.removesuffix(".0")
    return value.isoformat() if isinstance(value, date) else str(value)


def _parse(column: ColumnSpec, cell: str) -> Any:
    if cell == "":
        return None
    match column.type:
        case "integer":
            return int(cell)
        case "number":
            return float(cell)
        case "boolean":
            return _TRUTH[cell]
        case "date":
            return date.fromisoformat(cell)
        case _:
            return restore_text(cell)
