"""What the two databases share: the columns of a table as SQL, keys, values to insert."""

from datetime import date
from typing import Any

from tongbao.tidy.export.model import Bundle
from tongbao.tidy.schema import TableSpec

ORIGINS = ("circular_id", "cited_circular_id")
"""Columns that refer to the table of circulars."""


def quoted(name: str) -> str:
    """Return a name as SQL takes it whatever it is (`group` is a word of SQL)."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return a text as SQL takes it."""
    return "'" + text.replace("'", "''") + "'"


def create(bundle: Bundle, table: TableSpec, types: dict[str, str]) -> str:
    """Return the statement that makes the table, with its primary key, codes and references to the circulars."""
    parts = []
    for column in table.columns:
        rules = [" NOT NULL"] if column.required else []
        if column.allowed:
            rules.append(f" CHECK ({quoted(column.name)} IN ({', '.join(map(literal, column.allowed))}))")
        parts.append(f"{quoted(column.name)} {types[column.type]}{''.join(rules)}")
    parts.append(f"PRIMARY KEY ({', '.join(map(quoted, table.primary_key))})")
    names = {t.name for t in bundle.tables}
    if table.name != "circulars" and "circulars" in names:
        parts += [
            f"FOREIGN KEY ({quoted(name)}) REFERENCES circulars (circular_id)"
            for name in ORIGINS
            if name in table.by_name
        ]
    return f"CREATE TABLE {quoted(table.name)} (\n  " + ",\n  ".join(parts) + "\n)"


def insert(table: TableSpec) -> str:
    """Return the statement that inserts one row."""
    return f"INSERT INTO {quoted(table.name)} VALUES ({', '.join('?' * len(table.columns))})"


def values(bundle: Bundle, table: TableSpec, *, dates_as_text: bool) -> list[list[Any]]:
    """Return the rows of a table in the order of its columns."""

    def plain(value: Any) -> Any:
        return value.isoformat() if dates_as_text and isinstance(value, date) else value

    return [[plain(row[name]) for name in table.names] for row in bundle.rows[table.name]]
