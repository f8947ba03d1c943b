"""Tables as a reader sees them: one head, one row a unit, whatever way they are laid out.

Titles within the table, heads of two lines, blocks side by side (名次 | 单位 | 得分 | 名次 | 单位 | 得分), cells
that span several rows and rows that are headings of those below are brought into one form. Every cell stays a span.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tongbao.extract.column_roles import NAMES, Role, column_words, head_role, holds_groups, shape_of
from tongbao.extract.context import Context
from tongbao.extract.document import Document, Line, TableBlock
from tongbao.extract.facts import Span
from tongbao.extract.memory import once
from tongbao.extract.spans import sentences
from tongbao.extract.table_columns import Columns, columns_of
from tongbao.extract.unit_names import ends_like_body

_BLOCKS = (2, 3, 4)
_TITLE_LIMIT = 60  # characters of a line that is a title or the heading of rows
_SPANNING = ("group", "result")
_MAIN = ("score", "rank", "result", "deduction")
_SAYS_OF_UNIT = frozenset({*_MAIN, "number", "bonus", "total", "indicator", "full", "note", "change", "count", "rate"})
_TURNED = 9  # rows at most of a table whose heads are the units

Cells = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class ViewRow:
    """A row: its cells, and the heading row that it stands under (None without one)."""

    cells: Cells
    section: Span | None = None

    def at(self, index: int) -> Span | None:
        """Return a cell by its place, None where it is missing or empty."""
        if index >= len(self.cells) or self.cells[index][0] == self.cells[index][1]:
            return None
        return self.cells[index]


@dataclass(frozen=True, slots=True)
class View:
    """One table, or one of several lists that stand side by side in it, with the roles of its columns.

    `titles` is what is said right above it, nearest first: lines of a caption, sentences before it.
    """

    table: int
    block: TableBlock
    heads: tuple[str, ...]
    header: Cells
    columns: Columns
    rows: tuple[ViewRow, ...]
    line: Line
    titles: Cells = ()

    def indices(self, *roles: str) -> list[int]:
        """Return the columns that have one of these roles, left to right."""
        return [i for i, role in enumerate(self.columns.each) if role.name in roles]

    def words(self, document: Document, index: int) -> list[str]:
        """Return the words of a column's cells."""
        return [document.slice(cell) for row in self.rows if (cell := row.at(index))]


@once
def views(context: Context) -> tuple[View, ...]:
    """Return every table of a circular whose columns are known, in text order."""
    return tuple(view for index, table in enumerate(context.document.tables) for view in _views(context, index, table))


def _views(context: Context, index: int, table: TableBlock) -> Iterator[View]:
    document = context.document
    rows, titles = [table.header, *table.rows], []
    if max(sum(s < e for s, e in row) for row in rows) < 2:
        return
    while (only := _only_cell(rows[0])) is not None:
        titles.append(only)
        rows.pop(0)
    rows = _turned(document, rows)
    line = document.line_at(table.header[0][0])
    above = (*reversed(titles), *_above(document, line))
    if (columns := _headless(document, rows)) is not None:
        body = tuple(_filled(document, _sections(document, rows, 2), [1 - columns.roles["unit"]]))
        yield View(index, table, ("", ""), rows[0], columns, body, line, above)
        return
    header, heads, body_rows = _head(document, rows)
    for parts in _blocks(heads):
        own = tuple(heads[i] for i in parts[0])
        spanning = [i for i, head in enumerate(own) if _spans(document, head, parts[0][i], body_rows)]
        cells = _merged(document, body_rows, parts, len(heads), spanning)
        filled = _filled(document, _sections(document, cells, len(own)), spanning)
        columns = columns_of(own, [[document.slice(r.cells[i]) for r in filled] for i in range(len(own))])
        if columns.each and filled:
            yield View(index, table, own, tuple(header[i] for i in parts[0]), columns, tuple(filled), line, above)


def _spans(document: Document, head: str, index: int, rows: Sequence[Cells]) -> bool:
    """Say whether a column may hold cells that span several rows: groups, grades."""
    if head_role(head).name in _SPANNING:
        return True
    return not head and holds_groups(head, [document.slice(row[index]) for row in rows if index < len(row)])


def _turned(document: Document, rows: list[Cells]) -> list[Cells]:
    """Return the rows with units as rows, where they stand as heads: 县区 | 甲区 | 乙县 above 得分 | 95 | 94."""
    width = len(rows[0])
    if not (2 <= len(rows) <= _TURNED and width > 2 and {len(row) for row in rows} == {width}):
        return rows
    corner = document.slice(rows[0][0])
    said = [head_role(document.slice(row[0])).name for row in rows[1:]]
    names = [document.slice(cell) for cell in rows[0][1:]]
    if not set(said) <= _SAYS_OF_UNIT or not set(said) & set(_MAIN) or (corner and head_role(corner).name != "unit"):
        return rows
    if any(head_role(name).name or not ends_like_body(name) for name in names):
        return rows
    return [tuple(row[i] for row in rows) for i in range(width)]


def _only_cell(row: Cells) -> Span | None:
    full = [c for c in row if c[0] < c[1]]
    return full[0] if len(full) == 1 else None


def _above(document: Document, line: Line) -> Iterator[Span]:
    """Yield what is said right above a table, nearest first: lines of a caption, or sentences of a paragraph."""
    for step in (1, 2, 3):
        before = document.lines[line.index - step] if line.index >= step else None
        if before is None or before.kind == "table_row" or (before.part, before.annex) != (line.part, line.annex):
            return
        yield from list(reversed(sentences(document.text, before.content, before.end)))[:3]
        is_title = before.end - before.start <= _TITLE_LIMIT and "。" not in document.slice((before.start, before.end))
        if not is_title or before.kind in ("annex_head", "heading"):
            return


def _headless(document: Document, rows: Sequence[Cells]) -> Columns | None:
    """Return the roles of a table without a head whose rows are a grade and its names: 优秀 | 甲局、乙局 |."""
    if any(len(row) != 2 for row in rows):
        return None
    shapes = [shape_of([document.slice(row[i]) for row in rows]) for i in (0, 1)]
    if sorted(shapes) != ["grade", "name"]:
        return None
    grade = shapes.index("grade")
    roles = {"result": grade, "unit": 1 - grade}
    return Columns(roles, tuple(Role("result" if i == grade else "unit") for i in (0, 1)))


def _head(document: Document, rows: Sequence[Cells]) -> tuple[Cells, list[str], list[Cells]]:
    """Return header cells, their words and the rows below; a second line of heads is joined to the first.

    Example: 单位 | 网站 | | and below it | | 得分 | 排名 | -> 单位, 网站得分, 网站排名.
    """
    words = [document.slice(c) for c in rows[0]]
    below = [document.slice(c) for c in rows[1]] if len(rows) > 2 else []
    full = [w for w in below if w]
    gaps = not all(words) or len(set(words)) < len(words)
    if not gaps or len(full) < 2 or len(below) != len(words) or not all(head_role(w).name for w in full):
        return rows[0], words, list(rows[1:])
    joined: list[str] = []
    parent = ""
    for own, sub in zip(words, below, strict=True):
        parent = own or parent
        joined.append(parent + sub if sub and sub != parent else own)
    header = tuple(b if b[0] < b[1] else a for a, b in zip(rows[0], rows[1], strict=True))
    return header, joined, list(rows[2:])


def _blocks(heads: Sequence[str]) -> list[list[Sequence[int]]]:
    """Return the columns of each list in a table: all of them, or blocks that stand side by side.

    名次 | 单位 | 名次 | 单位 is one list in two blocks; 县区 | 得分 | 部门 | 得分 are two lists, also with one
    名次 before both.
    """
    roles = [head_role(h).name for h in heads]
    half = len(heads) // 2
    shared = roles[0] in ("rank", "number") and len(heads) % 2 and half > 1 and roles[1 : half + 1] == roles[half + 1 :]
    if shared and all(roles) and set(roles) & set(NAMES) and list(heads[1 : half + 1]) != list(heads[half + 1 :]):
        return [[[0, *range(1, half + 1)]], [[0, *range(half + 1, len(heads))]]]
    for n in _BLOCKS:
        width, rest = divmod(len(heads), n)
        if rest or width < 2:
            continue
        parts: list[Sequence[int]] = [range(k * width, (k + 1) * width) for k in range(n)]
        first = [roles[i] for i in parts[0]]
        if not all(first) or not set(first) & set(NAMES) or any([roles[i] for i in p] != first for p in parts):
            continue
        same = all([heads[i] for i in p] == [heads[i] for i in parts[0]] for p in parts)
        return [parts] if same else [[p] for p in parts]
    return [[range(len(heads))]]


def _merged(
    document: Document, rows: Sequence[Cells], parts: Sequence[Sequence[int]], width: int, spanning: Sequence[int]
) -> list[Cells]:
    """Return the rows of one list, each as long as its head.

    Blocks follow each other, or go row by row where only so their numbers climb. A row that lacks its first cell,
    since the cell above spans it, gets an empty one.
    """
    full: list[Cells] = []
    for row in rows:
        end = (row[-1][1], row[-1][1])
        lacks_first = 0 in spanning and len(row) == width - 1 and len(parts) == 1
        full.append(((row[0][0],) * 2, *row) if lacks_first else (*row, *[end] * (width - len(row))))
    cut = [[tuple(row[i] for i in part) for row in full] for part in parts]
    by_column = [row for block in cut for row in block if any(s < e for s, e in row)]
    by_row = [block[k] for k in range(len(full)) for block in cut if any(s < e for s, e in block[k])]

    def climbs(order: list[Cells]) -> bool:
        numbers = [int(w) for row in order if (w := document.slice(row[0])).isdecimal()]
        return len(numbers) == len(order) and numbers == sorted(numbers)

    return by_row if climbs(by_row) and not climbs(by_column) else by_column


def _sections(document: Document, rows: Sequence[Cells], width: int) -> list[ViewRow]:
    """Return the rows under their heading rows: a row with one single cell (一、市直部门 | | |) heads those below.

    Sums and means (合计, 平均) are no rows.
    """
    found: list[ViewRow] = []
    section: Span | None = None
    for row in rows:
        first = next((document.slice(cell) for cell in row if cell[0] < cell[1]), "")
        if first in column_words("sum_row"):
            continue
        only = _only_cell(row) if width > 1 else None
        if only is None or (row[0][0] == row[0][1] and ends_like_body(document.slice(only))):
            found.append(ViewRow(row, section))
        elif only[1] - only[0] <= _TITLE_LIMIT and not document.slice(only).isdecimal():
            section = only
    return found


def _filled(document: Document, rows: Sequence[ViewRow], spanning: Sequence[int]) -> list[ViewRow]:
    """Return the rows with the cells that span several rows in each of them.

    An empty cell is spanned by the one above if that column prints nothing twice running: 优秀, '', '', 良好, ''. In
    合格, 合格, '' the empty cell says that there is no result.
    """
    cells = [list(row.cells) for row in rows]
    for index in spanning:
        column = [(row.section, row.cells[index]) for row in rows]
        words = [document.slice(cell) for _, cell in column]
        if all(words) or not words or not words[0] or any(a == b != "" for a, b in pairwise(words)):
            continue
        above: tuple[Span | None, Span] | None = None
        for own, (section, cell) in zip(cells, column, strict=True):
            if cell[0] < cell[1]:
                above = (section, cell)
            elif above and above[0] == section:
                own[index] = above[1]
    return [ViewRow(tuple(own), row.section) for own, row in zip(cells, rows, strict=True)]
