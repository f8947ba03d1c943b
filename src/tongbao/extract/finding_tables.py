"""Findings from annex tables and lists: a column of problems, or 单位：问题 a line."""

import re
from collections.abc import Iterator
from typing import Any

from tongbao.extract.context import Context
from tongbao.extract.facts import Fact
from tongbao.extract.problem_words import cell_problems
from tongbao.extract.scopes import clean_group, group_kind
from tongbao.extract.site_tables import long_names
from tongbao.extract.table_columns import caption_of, read_columns


def table_findings(context: Context) -> Iterator[Fact]:
    """Yield one row a unit and numbered problem of every table with a column of problems.

    Example: 某局 | 某频道 | 1.发现1个栏目空白 2.办事指南缺少6要素 | -> two rows, n 1 and 6.
    """
    document = context.document
    longs = long_names(context)
    for table in document.tables:
        columns = read_columns(document, table)
        if "problem" not in columns or not any(r in columns for r in ("unit", "owner", "site")):
            continue
        caption = caption_of(document, table).split("\n")[-1]
        group = clean_group(re.sub(r"(?:存在)?(?:的)?问题.*$", "", caption))
        group = group if group_kind(group) else ""
        for row in table.rows:
            cell = columns.cell(row, "problem")
            if cell is None:
                continue
            owner = columns.cell(row, "unit") or columns.cell(row, "owner")
            site = columns.cell(row, "site")
            named = tuple(s for s in (owner, site) if s)
            if not named:
                continue
            values: dict[str, Any] = {"group": group, "part": "annex" if table.part == "annex" else "body"}
            if owner:
                values["unit"] = document.slice(owner)
                values["unit_name"] = longs.get(values["unit"], "")
            if site:
                values["site"] = document.slice(site)
            for problem in cell_problems(document.text, *cell):
                row_values = values | {"category": problem.category}
                if problem.n is not None:
                    row_values["n"] = problem.n
                row_values["detail"] = document.slice((problem.start, problem.end))
                row_values = {k: v for k, v in row_values.items() if v != ""}
                yield Fact("findings", problem.start, problem.end, "stated", "problem_table", row_values, named)
