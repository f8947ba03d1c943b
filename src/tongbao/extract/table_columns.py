"""What the columns of a printed table hold: number, unit, owner, site, code, result, problem, score, rank."""

import re
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from tongbao.extract.context import Context
from tongbao.extract.document import Document, TableBlock
from tongbao.extract.facts import Span
from tongbao.extract.lexicon import load
from tongbao.extract.scopes import group_kind, words_of
from tongbao.extract.unit_names import is_unit

_MOSTLY = 0.8  # of the cells: some names are of kinds that no list knows
_BODIES = frozenset({"provinces", "prefectures", "counties", "townships", "departments", "zones"})


@dataclass(frozen=True, slots=True)
class Columns:
    """Roles of a table's columns: role -> index of the first column that has it."""

    roles: dict[str, int]

    def __contains__(self, role: str) -> bool:
        return role in self.roles

    def cell(self, row: tuple[Span, ...], role: str) -> Span | None:
        """Return the cell of a role in a row, None where the role or the cell is missing or empty."""
        index = self.roles.get(role)
        if index is None or index >= len(row) or row[index][0] == row[index][1]:
            return None
        return row[index]


def read_columns(document: Document, table: TableBlock) -> Columns:
    """Return the roles of a table's header cells.

    A header cell is known by its whole wording, else by the longest known wording that it ends with
    (县级门户网站名称 ends with 网站名称); the name of a group of bodies (县（市）) heads their names. A first row
    without two known cells is no header: no roles.
    """
    known, longest = _known()
    roles: dict[str, int] = {}
    for index, cell in enumerate(table.header):
        words = re.sub(r"\s", "", document.slice(cell))
        bare = re.sub(r"（[^（）]*）$", "", words)
        role = known.get(words) or known.get(bare)
        if role is None:
            role = next((known[w] for w in longest if bare.endswith(w) or words.endswith(w)), None)
        if role is None and group_kind(words) in _BODIES:
            role = "unit"
        if role is not None:
            roles.setdefault(role, index)
    return Columns(roles if len(roles) >= 2 else {})


def side_by_side(document: Document, table: TableBlock) -> list[TableBlock]:
    """Return the tables that stand beside each other in one, by their repeated head (名次 | 单位 | 名次 | 单位 |)."""
    heads = [re.sub(r"\s", "", document.slice(cell)) for cell in table.header]
    for width in range(2, len(heads) // 2 + 1):
        if len(heads) % width == 0 and heads == heads[:width] * (len(heads) // width):
            starts = range(0, len(heads), width)
            return [
                replace(table, header=table.header[i : i + width], rows=tuple(row[i : i + width] for row in table.rows))
                for i in starts
            ]
    return [table]


def unit_column(context: Context, table: TableBlock) -> int | None:
    """Return the column that names the units: by its header, else the first whose cells are mostly names of units.

    None where neither tells: a column of numbers or of problems names nobody.
    """
    roles = read_columns(context.document, table).roles
    for role in ("unit", "site", "owner"):
        if role in roles:
            return roles[role]
    for index, head in enumerate(table.header):
        words = re.sub(r"\s", "", context.document.slice(head))
        if _known()[0].get(words) == "unit" or group_kind(words) in _BODIES:
            return index
        cells = [row[index] for row in table.rows if index < len(row) and row[index][0] < row[index][1]]
        named = sum(is_unit(context.home, context.document.slice(cell)) for cell in cells)
        if cells and named >= _MOSTLY * len(cells):
            return index
    return None


@cache
def _known() -> tuple[dict[str, str], list[str]]:
    """The role of each wording, and the wordings by length."""
    known = {row["wording"]: row["role"] for row in load("table_columns")}
    return known, sorted((w for w in known if len(w) >= 2), key=lambda w: (-len(w), w))


@lru_cache(maxsize=10_000)
def site_kind(words: str) -> str:
    """Return portal, channel or platform for the last such word; '' where none stands there.

    Examples: 网站频道名称 -> channel; 大亚湾区门户网站中的平台 -> platform; 网站（频道或平台）名称 -> '' (mixed).
    """
    kinds = {
        row["wording"]: row["kind"] for row in load("site_words") if row["kind"] in ("portal", "channel", "platform")
    }
    hits = [(words.rfind(w) + len(w), w) for w in words_of("site_words") if w in kinds and w in words]
    named = {kinds[w] for _, w in hits} - {"portal"}
    if len(named) > 1:
        return ""
    if named:
        return named.pop()
    return "portal" if hits else ""


def caption_of(document: Document, table: TableBlock) -> str:
    """Return the words of the caption lines, nearest last."""
    return "\n".join(document.slice(span) for span in table.caption)
