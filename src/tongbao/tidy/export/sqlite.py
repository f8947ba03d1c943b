"""SQLite: one database with keys and references, the codebook, and the codes with their names.

SQLite has no truth values (0 and 1 stand for them) and no dates (ISO texts, which its date functions take). Same input
and same version of SQLite, same bytes.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

from tongbao.tidy.export.model import Bundle, Written
from tongbao.tidy.export.relational import create, insert, values
from tongbao.tidy.whole import replacing

FILE = "tongbao.sqlite"
_TYPES = {
    "text": "TEXT",
    "period": "TEXT",
    "region_code": "TEXT",
    "integer": "INTEGER",
    "number": "REAL",
    "boolean": "INTEGER",
    "date": "TEXT",
}


def write(bundle: Bundle, out: Path) -> Written:
    """Write `tongbao.sqlite`."""
    everything = bundle.with_about()
    path = out / FILE
    with replacing(path) as made, closing(sqlite3.connect(made)) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        with connection:
            for table in everything.tables:
                connection.execute(create(everything, table, _TYPES))
                connection.executemany(insert(table), values(everything, table, dates_as_text=True))
    return Written((path,))
