"""What the columns of a printed table hold: number, unit, owner, site, code, result, problem, score, rank."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from tongbao.extract.column_roles import Role, head_role, read_roles
from tongbao.extract.document import Document, TableBlock
from tongbao.extract.facts import Span
from tongbao.extract.lexicon import load
from tongbao.extract.scopes import words_of


@dataclass(frozen=True, slots=True)
class Columns:
    """Roles of a table's columns: role -> index of the first column that has it; `each` has all of them in order."""

    roles: dict[str, int]
    each: tuple[Role, ...] = ()

    def __contains__(self, role: str) -> bool:
        return role in self.roles

    def cell(self, row: tuple[Span, ...], role: str) -> Span | None:
        """Return the cell of a role in a row, None where the role or the cell is missing or empty."""
        index = self.roles.get(role)
        if index is None or index >= len(row) or row[index][0] == row[index][1]:
            return None
        return row[index]


def read_columns(document: Document, table: TableBlock) -> Columns:
    """Return the roles of a table's columns, from header and cells; a first row without two known cells is no header.

    Example: 序号 | 县级门户网站名称 | 得分（分） -> number, site, score. What a role means: `column_roles`.
    """
    heads = [document.slice(cell) for cell in table.header]
    columns = [[document.slice(row[i]) for row in table.rows if i < len(row)] for i in range(len(heads))]
    return columns_of(heads, columns)


def columns_of(heads: Sequence[str], columns: Sequence[Sequence[str]]) -> Columns:
    """Return the roles of columns given as words."""
    each = read_roles(heads, columns)
    known = sum(bool(head_role(head).name) for head in heads)
    roles: dict[str, int] = {}
    for index, role in enumerate(each):
        if role.name:
            roles.setdefault(role.name, index)
    return Columns(roles, each) if known >= 2 else Columns({}, ())


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
