"""Tables that rate units: a column of grades, scores or ranks beside a column of units or sites."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tongbao.extract.context import Context
from tongbao.extract.document import TableBlock
from tongbao.extract.facts import Span
from tongbao.extract.grade_list_parts import grade_of_title
from tongbao.extract.grade_words import grades
from tongbao.extract.memory import once
from tongbao.extract.scopes import clean_group, group_kind, measure_in, words_of
from tongbao.extract.site_tables import paired, platform_owners
from tongbao.extract.table_columns import Columns, caption_of, read_columns, site_kind

_YES_NO = {"是": "合格", "否": "不合格"}
_KIND_GROUP = {"channel": "channels", "platform": "platforms", "portal": "portals"}
_PART = re.compile(r"(?P<noun>(?:网站)?频道|(?:网站)?平台|门户网站)(?:共|有|为)?(?P<n>\d{1,4})(?:个|家)")


@dataclass(frozen=True, slots=True)
class RatedRow:
    """One rated row: unit as printed, its group, grade ('' without one), score, and position in the table."""

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


def read_tables(context: Context) -> Iterator[RatedRow]:
    """Yield the rated rows of every table; a row whose result is no grade and that has no score is left out."""
    for index, table in enumerate(context.document.tables):
        columns = read_columns(context.document, table)
        titled = bool(_title_grade(context, table))
        scored = "problem" not in columns and bool({"score", "rank"} & set(columns.roles))
        if not ("result" in columns or scored or titled):
            continue
        if any(r in columns for r in ("unit", "site", "owner")):
            yield from _rows(context, index, table, columns)


def _rows(context: Context, index: int, table: TableBlock, columns: Columns) -> Iterator[RatedRow]:
    document = context.document
    role = next(r for r in ("unit", "site", "owner") if r in columns)
    header = document.slice(table.header[columns.roles[role]])
    caption = caption_of(document, table)
    measure = measure_in(header) or measure_in(caption) or measure_in(context.title) or "website"
    parts = _stated_parts(context)
    position = 0
    for row in table.rows:
        unit = columns.cell(row, role)
        if unit is None:
            continue
        position += 1
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
        group, kind, n, uses = _group(context, document.slice(unit), role, header, caption, parts)
        yield RatedRow(unit, result, grade, score, rank, position, group, kind, n, measure, index, uses)


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
    context: Context, unit: str, role: str, header: str, caption: str, parts: dict[str, tuple[str, int, Span]]
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
    nearest = caption.split("\n")[-1] if caption else ""
    group = clean_group(re.sub(r"名称$", "", header)) if header not in ("单位", "单位名称", "部门名称") else ""
    group = group or clean_group(nearest)
    return "" if group in words_of("site_words") and not group_kind(group) else group, "", None, ()


def _kind_of_row(context: Context, unit: str, parts: dict[str, tuple[str, int, Span]]) -> str:
    """Tell channel from platform in a mixed table: by the list of sites, else by the words of the name."""
    for site, result in paired(context):
        if context.document.slice(result.name) == unit:
            return site.kind
    if any(name in unit for name in platform_owners(context)):
        return "platform"
    return site_kind(unit) or ("channel" if set(parts) == {"channel"} else "")
