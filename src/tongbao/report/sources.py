"""Where the numbers of a table come from, as links: to a row on the audit page of its circular, or to a coded row.

What belongs here: the addresses, and which cells lead there. What does not: layout of tables (`figure`), the pages that
the links lead to (`audit`).

A row of an analysis says its origin in hidden columns: `circular_id`, `row` and `source_table` for one tidy row;
`coded_file` and `coded_row` for a figure coded by hand; `sources` for several, as made by `tongbao.stats.sources`.
Where only `circular_id` is known, `data/reference/table_sources.csv` says which of the circular's tables a table of a
page was counted from.
"""

import csv
import numbers
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from tongbao.project import find_project
from tongbao.report.language import current, say
from tongbao.report.safe import attribute, escape
from tongbao.stats.sources import CODED, SOURCES, token

HOME = "../"
"""The folder of the site as seen from a page of a theme or a province."""

_NAMED = ("label", "circular", "a")
"""Columns that name the circular for a reader; where a table has one of them, `circular_id` need not be shown."""

_ALWAYS = ("circular_id", "printed", "quote", "result")
"""Columns of text whose cells are links, beside all numbers."""

_ROW = re.compile(r"-\d+$")
"""The number of a row at the end of an address."""


@dataclass(frozen=True, slots=True)
class Origin:
    """An address, and what stands there in a word or two."""

    href: str
    name: str


def hidden(columns: Sequence[str], name: str) -> set[str]:
    """Return which columns of a table named `name` are there for the links only."""
    out = {SOURCES, "source_table"} & set(columns)
    if "circular_id" in columns and (_is_declared(columns, name)):
        out |= {"row"} & set(columns)
        out |= {"circular_id"} if any(c in columns for c in _NAMED) else set()
    return out


def origins(row: Mapping[str, Any], name: str = "") -> list[Origin]:
    """Return where a row of a table named `name` comes from; nothing where it does not say.

    The several `sources` of a row come first: they are the more exact.
    """
    if isinstance(row.get(SOURCES), str) and row[SOURCES]:
        return [_origin(part) for part in row[SOURCES].split()]
    if not _is_declared(list(row), name):
        return _coded(row)
    circular = row.get("circular_id")
    if not isinstance(circular, str) or not circular:
        return _coded(row)
    table = row.get("source_table")
    table = table if isinstance(table, str) and table else _declared().get(_bare(name), "circulars")
    return [_origin(token(circular, table, _whole(row.get("row"))))]


def of_columns(row: Mapping[str, Any], name: str) -> dict[str, tuple[Origin, ...]]:
    """Return the columns of a row whose numbers were counted from another table than the row's own, with that table."""
    circular = row.get("circular_id")
    if not isinstance(circular, str) or not circular:
        return {}
    found = {key.removeprefix(f"{name}."): table for key, table in _declared().items() if key.startswith(f"{name}.")}
    return {column: (_origin(token(circular, table)),) for column, table in found.items() if column in row}


def leads(row: Mapping[str, Any], column: str, first_text: str) -> bool:
    """Whether the cell of a column is a link, where its row has one origin: numbers, quotes, and one cell with words.

    Args:
        row: the cells.
        column: the cell asked about.
        first_text: the column whose cell leads where no other of the row would.
    """
    value = row.get(column)
    if is_number(value) or (column in _ALWAYS and isinstance(value, str) and value):
        return True
    return column == first_text and isinstance(value, str) and bool(value)


def linked(shown: str, origin: Origin) -> str:
    """Return HTML `shown` as a link."""
    return f'<a class="source" href="{attribute(origin.href)}">{shown}</a>'


def several(found: Sequence[Origin]) -> str:
    """Return the cell of a row with more than one origin: numbered links that say where they lead."""
    return " ".join(
        f'<a class="source nth" href="{attribute(o.href)}" title="{attribute(o.name)}" '
        f'aria-label="{attribute(o.name)}">{n}</a>'
        for n, o in enumerate(found, 1)
    )


def several_heading() -> str:
    """Return the heading of that column, as HTML."""
    return escape(say("Sources of the row", current()))


def of_cell(value: object) -> list[Origin]:
    """Return the origins that one cell of a frame of `tokens` names."""
    return [_origin(part) for part in value.split()] if isinstance(value, str) else []


def common(rivals: Sequence[Sequence[Origin]]) -> tuple[Origin, ...]:
    """Return the table that holds all of several origins, as one origin; nothing if there is none."""
    tables = {_ROW.sub("", o.href) for found in rivals for o in found}
    if len(tables) != 1:
        return ()
    page, _, anchor = tables.pop().removeprefix(HOME).removesuffix(".html").partition(".html#")
    return (_origin(CODED if page == "coded" else token(page.removeprefix("circulars/"), anchor)),)


def tokens(frame: pd.DataFrame) -> "pd.Series[Any]":
    """Return the origin of each row of a frame with `circular_id`, `source_table` and `row`, as `sources` has it."""
    parts = zip(frame["circular_id"], frame["source_table"], frame["row"], strict=True)
    return pd.Series([token(str(c), str(t), int(r)) for c, t, r in parts], index=frame.index, dtype="str")


def _coded(row: Mapping[str, Any]) -> list[Origin]:
    file, number = row.get("coded_file"), _whole(row.get("coded_row"))
    return [_origin(token(CODED, file, number))] if isinstance(file, str) and file and number is not None else []


def _origin(part: str) -> Origin:
    page, _, anchor = part.partition("#")
    if page == CODED:
        return Origin(f"{HOME}coded.html#{'-'.join(filter(None, ('coded', anchor)))}", f"coded: {anchor}".rstrip(": "))
    return Origin(f"{HOME}circulars/{page}.html#{anchor or 'circulars'}", f"{page}: {anchor}".rstrip(": "))


def _is_declared(columns: Sequence[str], name: str) -> bool:
    return "source_table" in columns or _bare(name) in _declared()


def _bare(name: str) -> str:
    return name.removesuffix("-numbers")


def _declared() -> Mapping[str, str]:
    return _read(find_project().reference / "table_sources.csv")


@lru_cache(maxsize=4)
def _read(path: Path) -> Mapping[str, str]:
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return {row["name"]: row["source_table"] for row in csv.DictReader(handle)}


def is_number(value: object) -> bool:
    """Whether a cell holds a number."""
    return isinstance(value, numbers.Real) and not isinstance(value, bool) and value == value


def _whole(value: object) -> int | None:
    return int(float(value)) if isinstance(value, numbers.Real) and is_number(value) else None
