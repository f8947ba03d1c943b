"""The files of the tables, written part by part: none takes its place before all are whole."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import copyfileobj
from tempfile import SpooledTemporaryFile
from typing import BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from tongbao.tidy.schema import TableSpec
from tongbao.tidy.whole import replacing
from tongbao.tidy.write import REJECTED_COLUMNS, csv_head, parquet_writer

_IN_MEMORY = 1_000_000  # bytes of rejected lines of a table; more wait on the disk


@dataclass(frozen=True, slots=True)
class Written:
    """A file as written: its size and the SHA-256 of its bytes in hexadecimal."""

    n_bytes: int
    sha256: str

    @classmethod
    def of(cls, data: bytes) -> "Written":
        """Return the size and hash of these bytes."""
        return cls(len(data), hashlib.sha256(data).hexdigest())


class TableFiles:
    """The CSV and the Parquet file of a table, open to take its rows part by part."""

    def __init__(self, table: TableSpec, csv: BinaryIO, parquet: pq.ParquetWriter) -> None:
        self._csv, self._parquet = csv, parquet
        self._hash, self._size = hashlib.sha256(), 0
        self._line(csv_head(table.names))

    def add(self, lines: bytes, rows: pa.Table) -> None:
        """Write the rows of a part: their lines of the CSV file, and what becomes a row group."""
        self._line(lines)
        self._parquet.write_table(rows)

    def close(self) -> Written:
        """Finish both; return the CSV file as written."""
        self._parquet.close()
        return Written(self._size, self._hash.hexdigest())

    def _line(self, data: bytes) -> None:
        self._csv.write(data)
        self._hash.update(data)
        self._size += len(data)


@contextmanager
def table_files(folder: Path, tables: Iterable[TableSpec]) -> Iterator[dict[str, TableFiles]]:
    """Give the files of some tables to write to; they take their places together at the end, if nothing failed."""
    with ExitStack() as stack:
        opened = {}
        for table in tables:
            csv = stack.enter_context(replacing(folder / f"{table.name}.csv")).open("wb")
            parquet = parquet_writer(table, stack.enter_context(replacing(folder / f"{table.name}.parquet")))
            opened[table.name] = TableFiles(table, stack.enter_context(csv), stack.enter_context(parquet))
        yield opened


class RejectedFile:
    """`rejected.csv`: the lines come circular by circular and stand table by table."""

    def __init__(self, names: Iterable[str]) -> None:
        self._lines = {name: SpooledTemporaryFile(_IN_MEMORY) for name in names}  # noqa: SIM115

    def __enter__(self) -> "RejectedFile":
        return self

    def __exit__(self, *_: object) -> None:
        for file in self._lines.values():
            file.close()

    def add(self, lines: Mapping[str, bytes]) -> None:
        """Take the lines of some circulars, by table."""
        for name, data in lines.items():
            self._lines[name].write(data)

    def write(self, path: Path) -> None:
        """Write them all."""
        with replacing(path) as part, part.open("wb") as file:
            file.write(csv_head(REJECTED_COLUMNS))
            for lines in self._lines.values():
                lines.seek(0)
                copyfileobj(lines, file)
