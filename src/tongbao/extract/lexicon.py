"""The one reader of the reference tables in data/reference/.

What belongs here: reading a sorted CSV once, checking its shape, and saying where it is broken.
What does not: what the rows mean (see the module that asks for them).
"""

import csv
from functools import cache
from pathlib import Path

from tongbao.errors import TongbaoError
from tongbao.project import Project, find_project


@cache
def _read(path: Path) -> tuple[dict[str, str], ...]:
    if not path.is_file():
        raise TongbaoError(
            "this reference table is missing",
            place=str(path),
            remedy="restore it from the repository; data/reference/README.md says what it holds",
        )
    try:
        with path.open(encoding="utf-8", newline="") as handle:
            reader = csv.reader(handle)
            header = next(reader, [])
            if not header or len(set(header)) != len(header):
                raise TongbaoError(
                    "the first line must name each column once",
                    place=f"{path}, line 1",
                    remedy="compare it with data/reference/README.md",
                )
            rows = []
            for cells in reader:
                if len(cells) != len(header):
                    raise TongbaoError(
                        f"{len(cells)} cells where the header has {len(header)}",
                        place=f"{path}, line {reader.line_num}",
                        remedy="add or remove commas; quote a cell that holds one",
                    )
                rows.append(dict(zip(header, cells, strict=True)))
    except UnicodeDecodeError as error:
        raise TongbaoError(
            f"not UTF-8 at byte {error.start}",
            place=str(path),
            remedy="save the table as UTF-8 without a byte-order mark",
        ) from error
    return tuple(rows)


def load(name: str, *, required: tuple[str, ...] = (), folder: Path | None = None) -> list[dict[str, str]]:
    """Return the rows of the reference table `name` (with or without `.csv`), in the order of the file.

    Args:
        name: the table's file name in data/reference/.
        required: columns that the caller needs.
        folder: where to look instead of the project's data/reference/.

    Returns:
        A new list of shared rows (column -> cell, all text); treat the rows as read-only.

    Raises:
        TongbaoError: the table is missing, not UTF-8, ragged, or lacks a required column.
    """
    return list(_load(name, required, folder or _reference(find_project())))


@cache
def _reference(project: Project) -> Path:
    return project.reference


@cache
def _load(name: str, required: tuple[str, ...], folder: Path) -> tuple[dict[str, str], ...]:
    path = folder / f"{name.removesuffix('.csv')}.csv"
    rows = _read(path)
    if rows:
        lacking = [column for column in required if column not in rows[0]]
        if lacking:
            raise TongbaoError(
                f"lacks the column {', '.join(lacking)}",
                place=f"{path}, line 1",
                remedy="compare it with data/reference/README.md",
            )
    return rows
