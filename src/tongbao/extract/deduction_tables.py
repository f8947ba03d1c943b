"""Deductions from tables: a column of points taken off beside the names of units, or the total of such columns.

What a scheme would take off (扣分标准) stands in no table of units; a part (互动扣分) is not what the unit lost.
"""

import re
from collections.abc import Iterator
from typing import Any

from tongbao.extract.column_roles import whole_rank
from tongbao.extract.context import Context
from tongbao.extract.facts import Fact, Span
from tongbao.extract.scopes import is_demand, is_relevant
from tongbao.extract.statements import own_scope
from tongbao.extract.table_subjects import main_column, name_column, names_in
from tongbao.extract.table_views import View, views
from tongbao.extract.units import Unit, read_units

_POINTS = re.compile(r"[-－+]?扣?(?P<points>\d{1,4}(?:\.\d{1,4})?)分?")
_SCHEME = re.compile("标准|细则|办法|说明|规则|指标")
_LINE = re.compile(
    r"\s*(?:\d{1,3}\s*[.．、]|（\d{1,3}）)?\s*(?P<name>[^\d，。；：（]{2,30}?)[：: ]?(?:共|被|合计|共被)?"
    r"(?:扣分?|扣除|减)?\s*(?P<points>\d{1,3}(?:\.\d{1,3})?)\s*分(?:（[^（）]*）)?[。；]?"
)
_NONE = re.compile("(?:未|没有|无)(?:被)?扣分")


def table_deductions(context: Context) -> Iterator[Fact]:
    """Yield one row a unit of every table that says what was taken off it.

    Examples: 单位 | 更新不及时 | 内容不规范 | 合计扣分 -> the total of each unit; 县区 | 扣分 | 主要问题 -> the points.
    A unit with several rows of points (one a problem) gives none: its total is not printed.
    """
    if not is_relevant(context):
        return
    yield from _listed(context)
    for view in views(context):
        name = name_column(context, view)
        points = _points_column(context, view)
        if name is not None and points is not None and not is_demand(context, view.line):
            yield from _rows(context, view, name, points)


def _listed(context: Context) -> Iterator[Fact]:
    """Yield the units of an annex that prints one a line: 扣分情况 / 1.甲局：2分 / 2.乙局扣1.5分（错别字）."""
    document = context.document
    below = False
    for line in document.lines:
        if line.kind in ("annex_head", "annex_title"):
            words = document.slice((line.start, line.end))
            below = "扣分" in words and not _SCHEME.search(words)
            continue
        if not below or line.kind == "table_row":
            below = False
            continue
        m = _LINE.fullmatch(document.text, line.start, line.end)
        unit = _unit(context, m.span("name")) if m else None
        if m and unit and read_units(context, unit.start, unit.end):
            yield _row(context, unit, m["points"], m.span("points"))


def _points_column(context: Context, view: View) -> int | None:
    """Return the column of the points of the whole unit: 合计扣分, 本月扣分, 扣分; 合计 under a title of 扣分."""
    found = view.indices("deduction")
    parts = [i for i in found if whole_rank(view.columns.each[i].what) == 0]
    column = main_column(context, view, "deduction")
    if column is not None and (column not in parts or len(found) == 1):
        return column
    totals = view.indices("total")
    above = "".join(context.document.slice(span) for span in view.titles[:2])
    said = found or re.search("扣分|扣减|减分|失分", above)
    return totals[0] if said and len(totals) == 1 and not view.indices("score", "bonus") else None


def _rows(context: Context, view: View, name: int, points: int) -> Iterator[Fact]:
    document = context.document
    found: list[tuple[Unit, Span]] = []
    seen: dict[str, int] = {}
    last = ""
    for row in view.rows:
        cell, own = row.at(name), row.at(points)
        last = document.slice(cell) if cell else last
        if own is None:
            continue
        seen[last] = seen.get(last, 0) + 1
        if cell and seen[last] == 1:
            found += [(unit, own) for span in names_in(context, cell) if (unit := _unit(context, span))]
    for unit, own in found:
        words = document.slice(own)
        m = _POINTS.fullmatch(words)
        digits = m["points"] if m else "0" if _NONE.fullmatch(words) else ""
        if not digits or any(n > 1 and unit.name in label for label, n in seen.items()):
            continue
        yield _row(context, unit, digits, own)


def _row(context: Context, unit: Unit, digits: str, said: Span) -> Fact:
    value = float(digits) if "." in digits else int(digits)
    home = own_scope(context)
    values: dict[str, Any] = {"scope": home.name} if home else {}
    values |= {"unit": unit.name, "statistic": "unit", "points": value}
    if unit.full_name:
        values["unit_name"] = unit.full_name
    values |= {"points_low": value, "points_low_closed": True, "points_high": value, "points_high_closed": True}
    return Fact("deductions", unit.start, unit.end, "stated", "deduction_table", values, (said,))


def _unit(context: Context, span: Span) -> Unit | None:
    """Return the body that a cell names (the owner of 甲局网站); a name of no known form is taken as it stands."""
    listed = read_units(context, *span)
    if listed is None or len(listed.units) != 1:
        return Unit(*span, context.document.slice(span))
    return None if listed.units[0].is_site else listed.units[0]
