"""DuckDB: one database with types, keys, and a comment on every table and variable.

DuckDB writes identifiers of its own into a file, so the same input gives the same tables but not the same bytes.
"""

from pathlib import Path

import duckdb
import pyarrow as pa

from tongbao.tidy.export.model import Bundle, Written
from tongbao.tidy.export.relational import create, literal, quoted, values
from tongbao.tidy.schema import TableSpec
from tongbao.tidy.whole import replacing

FILE = "tongbao.duckdb"
_TYPES = {
    "text": "VARCHAR",
    "period": "VARCHAR",
    "region_code": "VARCHAR",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
}


def write(bundle: Bundle, out: Path) -> Written:
    """Write `tongbao.duckdb`; comments hold label and definition."""
    everything = bundle.with_about()
    path = out / FILE
    with replacing(path) as made, duckdb.connect() as connection:
        connection.execute("SET threads = 1")
        # The smallest blocks: with those of 256 KB our small tables would take eleven megabytes.
        connection.execute(f"ATTACH {literal(str(made))} AS made (BLOCK_SIZE 16384)")
        connection.execute("USE made")
        for table in everything.tables:
            connection.execute(create(everything, table, _TYPES))
            _fill(connection, everything, table)
            connection.execute(f"COMMENT ON TABLE {quoted(table.name)} IS {literal(everything.data_label(table))}")
            for column in table.columns:
                label, meaning = everything.label(column), everything.definition(column)
                text = label if label == meaning else f"{label}: {meaning}"
                place = f"{quoted(table.name)}.{quoted(column.name)}"
                connection.execute(f"COMMENT ON COLUMN {place} IS {literal(text)}")
        connection.execute("USE memory")
        connection.execute("DETACH made")
    return Written((path,))


def _fill(connection: duckdb.DuckDBPyConnection, bundle: Bundle, table: TableSpec) -> None:
    """Hand over whole columns: row by row DuckDB takes a minute where this takes a moment."""
    arrow = {"VARCHAR": pa.string(), "BIGINT": pa.int64(), "DOUBLE": pa.float64()}
    arrow |= {"BOOLEAN": pa.bool_(), "DATE": pa.date32()}
    rows = values(bundle, table, dates_as_text=False)
    columns = [
        pa.array([row[at] for row in rows], arrow[_TYPES[column.type]]) for at, column in enumerate(table.columns)
    ]
    given = pa.table(columns, names=list(table.names))
    connection.register("given", given)
    connection.execute(f"INSERT INTO {quoted(table.name)} SELECT * FROM given")
    connection.unregister("given")
