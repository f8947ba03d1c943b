"""Deductions printed as a table: a column of points taken off beside a column of units."""

import re
from collections.abc import Iterator
from typing import Any

from tongbao.extract.context import Context
from tongbao.extract.deduction_forms import exact
from tongbao.extract.document import TableBlock
from tongbao.extract.facts import Fact
from tongbao.extract.statements import own_scope
from tongbao.extract.table_columns import unit_column
from tongbao.extract.units import read_units

_TAKEN_OFF = re.compile("扣分|扣减|失分")
_TOTAL = re.compile("合计|总计|累计|共|总扣|扣分总|小计")
_NO_POINTS = re.compile("原因|情况|说明|依据|事项|问题|明细|标准|项目|指标|细则|次数")
_POINTS = re.compile(r"[-－—−]?(?:扣)?(?P<v>\d{1,4}(?:\.\d{1,4})?)分?")


def read_tables(context: Context) -> Iterator[Fact]:
    """Yield a row for each unit of a table with points taken off.

    Where several columns hold points, that of the total counts; without one it is not known which does, and nothing is
    read. A column of reasons (扣分原因) holds none.
    """
    document = context.document
    for table in document.tables:
        column = _points_column(context, table)
        unit = unit_column(context, table) if column is not None else None
        if column is None or unit is None:
            continue
        home = own_scope(context)
        for row in table.rows:
            if max(unit, column) >= len(row) or row[unit][0] == row[unit][1]:
                continue
            cell = row[unit]
            points = _POINTS.fullmatch(document.slice(row[column]).replace(" ", ""))
            listed = read_units(context, *cell)
            if points is None or re.search("合计|总计|平均|小计", document.slice(cell)):
                continue
            values: dict[str, Any] = {"scope": home.name} if home else {}
            values["unit"] = document.slice(cell)
            if listed is not None and len(listed.units) == 1 and listed.units[0].full_name:
                values["unit_name"] = listed.units[0].full_name
            values |= {"statistic": "unit"} | exact(points["v"])
            yield Fact("deductions", *cell, "stated", "deduction_table", values, (row[column],))


def _points_column(context: Context, table: TableBlock) -> int | None:
    """Return the column of the points taken off: the one headed so, or the total where there are several."""
    heads = [context.document.slice(cell).replace(" ", "") for cell in table.header]
    taken = [i for i, head in enumerate(heads) if _TAKEN_OFF.search(head) and not _NO_POINTS.search(head)]
    totals = [i for i in taken if _TOTAL.search(heads[i])]
    if len(taken) == 1:
        return taken[0]
    return totals[0] if len(totals) == 1 else None
