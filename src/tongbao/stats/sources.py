"""The origins of a number that stems from several rows, as one cell of an analysis.

Belongs here: the form of the column `sources`. Does not belong here: links (the report makes them).
"""

from collections.abc import Iterable, Mapping
from typing import Any

SOURCES = "sources"
"""Column of origins, parted by spaces; it is for links, not for reading."""

CODED = "@coded"
"""Stands for the figures coded by hand, where else the id of a circular stands; no id can be it."""


def token(page: str, table: str = "", row: int | None = None) -> str:
    """Return one origin: `jiangsu-2018q3#pass_rates-1`, a whole table, a whole circular, or `@coded#<file>-<row>`."""
    if not table:
        return page
    return f"{page}#{table}" if row is None else f"{page}#{table}-{row}"


def origin(row: Mapping[str, Any], table: str = "pass_rates") -> str:
    """Return the origin of a tidy or a coded row; empty where it names none."""
    if row.get("circular_id") is not None and row.get("row") is not None:
        return token(row["circular_id"], table, row["row"])
    if row.get("coded_file") is not None and row.get("coded_row") is not None:
        return token(CODED, row["coded_file"], row["coded_row"])
    return ""


def origins(rows: Iterable[Mapping[str, Any]], table: str = "pass_rates") -> str:
    """Return the origins of rows, each once, in the order given."""
    return " ".join(dict.fromkeys(found for row in rows if (found := origin(row, table))))
