"""Tables that rate units: a column of grades, scores or ranks beside a column of units or sites."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from tongbao.extract.context import Context
from tongbao.extract.document import Document, TableBlock
from tongbao.extract.facts import Span
from tongbao.extract.grade_list_parts import grade_of_title, ordering
from tongbao.extract.grade_words import grades
from tongbao.extract.group_phrases import group_in
from tongbao.extract.memory import once
from tongbao.extract.scopes import clean_group, group_kind, is_known, known_group, measure_in
from tongbao.extract.site_tables import paired, platform_owners
from tongbao.extract.table_columns import (
    Columns,
    caption_of,
    read_columns,
    side_by_side,
    site_kind,
    unit_column,
)
from tongbao.extract.units import read_units

_YES_NO = {"是": "合格", "否": "不合格"}
_KIND_GROUP = {"channel": "channels", "platform": "platforms", "portal": "portals"}
_SUMS = re.compile("合计|总计|小计|平均(?:分|得分|值)?|总平均|均值")
_PART = re.compile(r"(?P<noun>(?:网站)?频道|(?:网站)?平台|门户网站)(?:共|有|为)?(?P<n>\d{1,4})(?:个|家)")


@dataclass(frozen=True, slots=True)
class RatedRow:
    """One rated row: unit as printed, its group, grade ('' without one), score, and position in its list.

    `within` is the kind of unit that a column of its own says, '' without such a column.
    """

    unit: Span
    result: Span | None
    grade: str
    score: Span | None
    rank: Span | None
    position: int
    group: str
    group_kind: str
    group_n: int | None
    measure: str
    table: int
    uses: tuple[Span, ...]
    ordered: bool = False
    within: str = ""


def read_tables(context: Context) -> Iterator[RatedRow]:
    """Yield the rated rows of every table; a row whose result is no grade and that has no score is left out."""
    for index, table in enumerate(context.document.tables):
        rows: list[RatedRow] = []
        for block in side_by_side(context.document, table):
            columns = read_columns(context.document, block)
            titled = bool(_title_grade(context, block))
            scored = "problem" not in columns and bool({"score", "rank"} & set(columns.roles))
            unit = unit_column(context, block) if "result" in columns or scored or titled else None
            if unit is not None:
                role = next((r for r, i in columns.roles.items() if i == unit), "unit")
                rows += _rows(context, index, block, Columns(columns.roles | {role: unit}), role)
        yield from _numbered(rows)


def _numbered(rows: list[RatedRow]) -> Iterator[RatedRow]:
    """Give the rows of a table their positions: in the list of their grade where the table is one list a grade.

    Where grades take turns, the table itself is the list. Kinds of units in a column of their own have their own lists.
    """
    blocks = [key for key, _ in groupby(rows, key=lambda r: (r.within, r.grade))]
    by_grade = len(blocks) == len(set(blocks))
    counted: Counter[tuple[str, str]] = Counter()
    for row in rows:
        key = (row.within, row.grade) if by_grade else (row.within, "")
        counted[key] += 1
        yield replace(row, position=counted[key])


def _rows(context: Context, index: int, table: TableBlock, columns: Columns, role: str) -> Iterator[RatedRow]:
    document = context.document
    header = document.slice(table.header[columns.roles[role]])
    caption = caption_of(document, table)
    measure = measure_in(header) or measure_in(caption) or measure_in(context.title) or "website"
    parts = _stated_parts(context)
    is_ordered = ordering(caption) is True
    for row, within in zip(table.rows, _categories(document, table, columns), strict=True):
        cell = columns.cell(row, role)
        if cell is None or _SUMS.fullmatch(document.slice(cell)):
            continue
        result = columns.cell(row, "result")
        words = document.slice(result) if result else ""
        asked = result is not None and "是否" in document.slice(table.header[columns.roles["result"]])
        grade = _YES_NO.get(words, "") if asked else ""
        grade = grade or (words if words in grades() else "")
        if result is None and not grade:
            grade = _title_grade(context, table)
        score, rank = columns.cell(row, "score"), columns.cell(row, "rank")
        score = score if score and re.fullmatch(r"\d+(?:\.\d+)?分?", document.slice(score)) else None
        rank = rank if rank and re.fullmatch(r"\d{1,3}", document.slice(rank)) else None
        if not (grade or score or rank):
            continue
        for unit in _units(context, cell) if grade and not (score or rank) else (cell,):
            group, kind, n, uses = _group(context, document.slice(unit), role, header, table, parts)
            if within is not None:
                group, kind, n, uses = document.slice(within), "", None, (within,)
            made = (group, kind, n, measure, index, uses, is_ordered, group if within else "")
            yield RatedRow(unit, result, grade, score, rank, 0, *made)


def _units(context: Context, cell: Span) -> tuple[Span, ...]:
    """Return the units of a cell: one, or those that it lists (甲局、乙局、丙局)."""
    listed = read_units(context, *cell) if "、" in context.document.slice(cell) else None
    return tuple((u.start, u.end) for u in listed.units) if listed else (cell,)


def _categories(document: Document, table: TableBlock, columns: Columns) -> list[Span | None]:
    """Return each row's group from a column of kinds (类别); an empty cell goes on with the one above."""
    found: list[Span | None] = []
    for row in table.rows:
        found.append(columns.cell(row, "group") or (found[-1] if found else None))
    return found


def _title_grade(context: Context, table: TableBlock) -> str:
    """Return the grade that the table's title gives to every row: 不合格网站名单 -> 不合格; '' for none."""
    for span in reversed(table.caption):
        frame = grade_of_title(context.document.slice(span), span)
        if frame:
            return frame.grade
    return ""


@once
def _stated_parts(context: Context) -> dict[str, tuple[str, int, Span]]:
    """Return kind -> (words, count, span) for 其中：网站频道35个，网站平台1个 in the body."""
    parts: dict[str, tuple[str, int, Span]] = {}
    for line in context.document.body():
        for m in _PART.finditer(context.document.text, line.start, line.end):
            parts.setdefault(site_kind(m["noun"]), (m["noun"], int(m["n"]), (m.start(), m.end())))
    return parts


def _group(
    context: Context, unit: str, role: str, header: str, table: TableBlock, parts: dict[str, tuple[str, int, Span]]
) -> tuple[str, str, int | None, tuple[Span, ...]]:
    """Return group, its kind ('' if the name decides), its stated size and the spans used."""
    if role == "site":
        kind = site_kind(header)
        if not kind:
            kind = _kind_of_row(context, unit, parts)
        if kind in parts:
            words, n, span = parts[kind]
            return words, _KIND_GROUP[kind], n, (span,)
        if kind:
            return clean_group(re.sub(r"名称$", "", header)) or header, _KIND_GROUP[kind], None, ()
    return _group_of_units(context, re.sub(r"(?:网站)?名称$", "", header), table), "", None, ()


def _group_of_units(context: Context, header: str, table: TableBlock) -> str:
    """Return the group of a table's units: that of the column's head, of the caption, or of the heading above.

    Examples: head 县（市、区）; caption 16个市平均得分88.6分。各市得分如下 -> 市; neither, under （三）乡镇 -> 乡镇.
    """
    text = context.document.text
    if (group_kind(header) or is_known(header)) and header not in ("单位", "部门", "地区"):
        return clean_group(header)
    for span in reversed(table.caption):
        if found := group_in(text, *span):
            return text[slice(*found)]
    first = table.header[0][0]
    above = next((line for line in reversed(context.document.lines) if line.end < first and line.path), None)
    if above is None or table.annex:
        return ""
    return next((g for h in reversed(above.path) if (g := known_group(h.words))), "")


def _kind_of_row(context: Context, unit: str, parts: dict[str, tuple[str, int, Span]]) -> str:
    """Tell channel from platform in a mixed table: by the list of sites, else by the words of the name."""
    for site, result in paired(context):
        if context.document.slice(result.name) == unit:
            return site.kind
    if any(name in unit for name in platform_owners(context)):
        return "platform"
    return site_kind(unit) or ("channel" if set(parts) == {"channel"} else "")
