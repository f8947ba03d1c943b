"""Pass rates from printed tables: a column of 合格率, or columns of 检查数 and 合格数 that fix it, a row a body.

Rows become statements and counts of the same kind as those of the running text. Tables of single sites belong to
`site_tables`, and rates after rectification to nobody here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from tongbao.extract.context import Context
from tongbao.extract.document import TableBlock
from tongbao.extract.facts import Span
from tongbao.extract.mentions import Number, find_numbers
from tongbao.extract.periods import find_periods
from tongbao.extract.rates_counts import Count
from tongbao.extract.rates_model import Counted, Frame, Reading, Statement
from tongbao.extract.rates_patterns import decoys
from tongbao.extract.rates_series import role_of
from tongbao.extract.scope_reading import find_scopes
from tongbao.extract.scopes import group_kind
from tongbao.extract.statements import Scope, Subject, find_subjects, mask
from tongbao.extract.table_columns import caption_of, read_columns
from tongbao.extract.told_periods import find_period

_UNIT = re.compile(r"（[^（）]*）$|[（(]?[%％][)）]?$")
_PLAIN = re.compile(r"\d{1,6}")
_RATE = re.compile(r"(?:100(?:\.0{1,4})?|\d{1,2}(?:\.\d{1,4})?)[%％]?")
_WHOLE = re.compile(r"合计|总计|总体|总数|(?:全[省市区县州国]|总)(?:合计|总计|平均)?|合\s*计")
_PART_SUM = re.compile(r"小计|其他|其它|其余|平均|备注|说明|注[：:]")
_SITE = re.compile(r"(?:网站|频道|平台|新媒体|账号|公众号)(?:名称)?$|标识码|网址|域名")
_NAME = re.compile(r"[一-鿿（）、“”]{2,30}")
_SELF = re.compile("自查|自检|自行")
_SITE_ROLES = ("site", "site_code", "address")
_PERCENT = ("rate", "failure", "share")


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of figures: its role (rate, failure, checked, …), measure and period ('' where the head is silent)."""

    index: int
    role: str
    measure: str
    period: str
    is_percent: bool
    head: Span


def read_tables(context: Context, reading: Reading, home: Scope, measure: str) -> None:
    """Add the rates and counts of every table of bodies to a reading.

    Args:
        context: the circular.
        reading: what has been read so far; statements and counts are appended in text order.
        home: the issuer's territory, which a row 合计 is about.
        measure: the circular's own kind of thing, where neither head nor caption names another.

    Example: a row `榆次区 | 10 | 9 | 90% |` under 县（区） | 抽查数 | 合格数 | 合格率 -> one stated rate, two counts.
    """
    told = {said.frame.key for said in reading.statements} | {counted.frame.key for counted in reading.counts}
    for table in context.document.tables:
        columns = list(_columns(context, table))
        roles = {column.role for column in columns}
        if not ({"rate", "failure"} & roles or ("checked" in roles and {"passed", "failed"} & roles)):
            continue
        index = _names_at(context, table, {column.index for column in columns})
        caption = mask(caption_of(context.document, table))
        heads = "".join(context.document.slice(cell) for cell in table.header)
        if index is None or decoys("repaired").search(caption) or _is_part(caption) or _is_part(heads):
            continue
        own = _measures(context, table, caption)
        if len(own) > 1 and not _tells_things(context, table, index):
            continue  # 政府网站和政务新媒体检查结果: nobody knows of which
        inspector = "" if _SELF.search(caption) else reading.inspection.inspector_level
        period = find_period(context, caption, 0, len(caption)) or context.period
        base = Frame(home, period, own[0] if own else measure, inspector)
        for row in table.rows:
            if index < len(row) and (scope := _scope(context, home, row[index])) is not None:
                things = {s.measure for s in _things(context, row[index])}
                thing = things.pop() if len(things) == 1 else base.measure
                _row(context, reading, row, columns, replace(base, scope=scope, measure=thing), told)


def _things(context: Context, cell: Span) -> list[Subject]:
    words = mask(re.sub(r"\s", "", context.document.slice(cell)))
    return find_subjects(words, 0, len(words))


def _measures(context: Context, table: TableBlock, caption: str) -> list[str]:
    """Return what a table is about: what its heads name, else the nearest line of its caption that names any."""
    for words in (
        "，".join(mask(context.document.slice(cell)) for cell in table.header),
        *reversed(caption.split("\n")),
    ):
        if found := list(dict.fromkeys(s.measure for s in find_subjects(words, 0, len(words)))):
            return found
    return []


def _tells_things(context: Context, table: TableBlock, index: int) -> bool:
    """Whether every column of figures or every name tells which kind of thing is meant."""
    figures = [c for c in _columns(context, table) if c.role in ("rate", "failure", "checked")]
    return all(c.measure for c in figures) or all(
        _things(context, row[index]) for row in table.rows if index < len(row)
    )


def _columns(context: Context, table: TableBlock) -> Iterator[_Column]:
    for index, cell in enumerate(table.header):
        words = re.sub(r"\s", "", context.document.slice(cell))
        bare = _UNIT.sub("", words)
        masked = mask(bare)
        subjects = find_subjects(masked, 0, len(masked))
        periods = find_periods(bare)
        for span in sorted([(s.start, s.end) for s in subjects] + [(p.start, p.end) for p in periods], reverse=True):
            bare = bare[: span[0]] + bare[span[1] :]
        role = role_of(bare)
        if not role:
            continue
        period = find_period(context, words, 0, len(words)) if periods else ""
        is_percent = "%" in words or "％" in words
        yield _Column(index, role, subjects[-1].measure if subjects else "", period or "", is_percent, cell)


def _names_at(context: Context, table: TableBlock, taken: set[int]) -> int | None:
    """Return the column of the bodies' names, None for a table of single sites or without such a column."""
    columns = read_columns(context.document, table)
    heads = [re.sub(r"\s", "", context.document.slice(cell)) for cell in table.header]
    for index in range(min(3, len(heads))):
        if index not in taken and _lists_kinds(context, [row[index] for row in table.rows if index < len(row)]):
            return index
    if any(role in columns for role in _SITE_ROLES) or any(_SITE.search(words) for words in heads):
        return None
    for index, words in enumerate(heads):
        if index not in taken and (index == columns.roles.get("unit") or group_kind(words) or words == "地区"):
            return index
    for index, words in enumerate(heads):
        cells = [context.document.slice(row[index]) for row in table.rows if index < len(row)]
        if index not in taken and words not in ("序号", "编号") and all(_NAME.fullmatch(cell) for cell in cells):
            return index
    return None


def _lists_kinds(context: Context, cells: list[Span]) -> bool:
    """Whether a column names kinds of accounts or sites one by one: 微信公众号, 抖音号, 合计."""
    words = [re.sub(r"\s", "", context.document.slice(cell)) for cell in cells]
    named = [w for w in words if not _WHOLE.fullmatch(w) and not _PART_SUM.search(w)]
    kinds = [find_subjects(w, 0, len(w)) for w in named]
    return bool(named) and all(len(k) == 1 and k[0].words == w for k, w in zip(kinds, named, strict=True))


def _scope(context: Context, home: Scope, cell: Span) -> Scope | None:
    """Return whom a row is about: a place, a group, a unit, the whole (合计); None for subtotals and notes."""
    words = re.sub(r"\s", "", context.document.slice(cell))
    if _WHOLE.fullmatch(words):
        return replace(home, start=0, end=0)
    if not _NAME.fullmatch(words) or _PART_SUM.search(words):
        return None
    place = context.resolve(words)
    if place.is_resolved:
        return Scope(place.official_name, place.level, place.code, *cell)
    if place.status == "ambiguous":
        return None
    things = find_subjects(words, 0, len(words))
    if len(things) == 1 and things[0].words == words:
        return Scope(words, "group", "", *cell)
    if things and things[-1].end == len(words):
        named = find_scopes(context, words, 0, len(words)) or []
        return replace(named[0], start=cell[0], end=cell[1]) if len(named) == 1 and named[0].name else None
    return Scope(words, "group" if group_kind(words) else "unit", "", *cell)


def _is_part(words: str) -> bool:
    """Whether a table is about parts of sites (栏目, 链接), not sites."""
    return decoys("part").search(words.replace("信息公开", "")) is not None


def _row(
    context: Context,
    reading: Reading,
    row: tuple[Span, ...],
    columns: list[_Column],
    base: Frame,
    told: set[tuple[str, str, str, str]],
) -> None:
    """Add one row; what the running text has counted already (`told`) it does not mix with."""
    kinds = {c.measure for c in columns if c.role in ("rate", "failure")}
    times = {c.period for c in columns if c.role in ("rate", "failure")}
    for column in columns:
        if column.index >= len(row):
            continue
        number = _number(context, row[column.index], column)
        if number is None:
            continue
        frame = replace(base, measure=column.measure or base.measure, period=column.period or base.period)
        if column.role in ("rate", "failure"):
            first = base.scope.start or row[0][0]
            start = first if first < number.start else number.start
            kind = "failure" if column.role == "failure" else "stated"
            design = reading.inspection.design if frame.period == context.period else ""
            said = Statement(kind, frame, start, number.outer[1], number, design=design, uses=(column.head,))
            reading.statements.append(said)
        elif (column.measure or len(kinds) < 2) and (column.period or len(times) < 2) and frame.key not in told:
            count = Count(column.role, number, frame.measure, number.start, number.end)
            reading.counts.append(Counted(count, frame))


def _number(context: Context, cell: Span, column: _Column) -> Number | None:
    """Return the figure of a cell; a percentage needs its sign in the cell or in the head of the column."""
    words = context.document.slice(cell)
    numbers = find_numbers(context.document.text, *cell)
    if len(numbers) != 1 or numbers[0].comparator != "=":
        return None
    number = numbers[0]
    if column.role in _PERCENT:
        if not _RATE.fullmatch(words.replace(" ", "")) or not (number.is_percent or column.is_percent):
            return None
        return replace(number, unit="%")
    return number if _PLAIN.fullmatch(re.sub(r"\s?[个家]$", "", words)) else None
