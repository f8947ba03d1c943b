"""Tables that list sites, and the pairing of their long names with the short names of a result table."""

import re
from dataclasses import dataclass

from tongbao.extract.context import Context
from tongbao.extract.document import TableBlock
from tongbao.extract.facts import Span
from tongbao.extract.memory import once
from tongbao.extract.table_columns import Columns, caption_of, read_columns, site_kind

SITE_CODE = re.compile(r"\d{10}|bm\d{8}|N\d{9}|CA\d{15,20}")


@dataclass(frozen=True, slots=True)
class SiteRow:
    """A listed site: spans of its cells, its kind ('' unknown)."""

    name: Span
    code: Span | None
    owner: Span | None
    result: Span | None
    kind: str
    table: int


@dataclass(frozen=True, slots=True)
class ResultRow:
    """A row of a result table: the name, and within it owner and site for 甲局（乙平台）."""

    name: Span
    result: Span
    unit: str
    site: str
    table: int


@once
def site_rows(context: Context) -> list[SiteRow]:
    """Return the rows of every table that lists sites.

    A table lists sites if it has a column of site codes, or a column of site names without results, problems
    or scores. Result and problem tables without codes are read elsewhere.
    """
    document, rows = context.document, []
    for index, table in enumerate(document.tables):
        columns = read_columns(document, table)
        coded = "site_code" in columns and ("site" in columns or "unit" in columns)
        plain = "site" in columns and not any(r in columns for r in ("result", "problem", "score", "rank"))
        if not (coded or plain):
            continue
        kind = _kind(context, table, columns)
        name_role = "site" if "site" in columns else "unit"
        for row in table.rows:
            name = columns.cell(row, name_role)
            if name is None:
                continue
            owner = columns.cell(row, "owner") or (columns.cell(row, "unit") if name_role == "site" else None)
            code = columns.cell(row, "site_code")
            if code and not SITE_CODE.fullmatch(document.slice(code)):
                code = None
            own_kind = kind or site_kind(document.slice(name))
            rows.append(SiteRow(name, code, owner, columns.cell(row, "result"), own_kind, index))
    return rows


def _kind(context: Context, table: TableBlock, columns: Columns) -> str:
    header = context.document.slice(table.header[columns.roles["site"]]) if "site" in columns else ""
    nearest = context.document.slice(table.caption[-1]) if table.caption else ""
    for words in (header, nearest):
        kind = site_kind(words)
        if kind and not (kind == "portal" and re.search(r"中的|下的|内的", words)):
            return kind
        if re.search(r"或|、|及|和", words) and site_kind(re.sub(r"[（(].*?[)）]", "", words)) != kind:
            return ""
    return ""


@once
def result_rows(context: Context) -> list[ResultRow]:
    """Return the rows of tables that give a unit or site a result, with 甲局（乙平台） taken apart."""
    document, rows = context.document, []
    for index, table in enumerate(document.tables):
        columns = read_columns(document, table)
        if "result" not in columns or "problem" in columns:
            continue
        role = "unit" if "unit" in columns else "site" if "site" in columns else "owner"
        for row in table.rows:
            name, result = columns.cell(row, role), columns.cell(row, "result")
            if name is None or result is None:
                continue
            words = document.slice(name)
            m = re.fullmatch(r"(?P<unit>[^（）]+)（(?P<site>[^（）]{4,})）", words)
            rows.append(ResultRow(name, result, m["unit"] if m else words, m["site"] if m else "", index))
    return rows


def is_short_for(short: str, long: str) -> bool:
    """Say whether a short office name abbreviates a long one: same last character, characters in order.

    Example: 区社保局 for 某区社会保险基金管理局 (the mark 区 is not compared). Only a hint: use it where the
    position in two lists of one length says the same.
    """
    bare = re.sub(r"^[省市区县州]", "", short)
    if not bare or bare[-1] != long[-1]:
        return False
    rest = iter(long)
    return all(c in rest for c in bare)


@once
def paired(context: Context) -> list[tuple[SiteRow, ResultRow]]:
    """Return listed sites with their row in the one result table of the same length and order, else nothing.

    Every pair must fit: the short name abbreviates the long one, or the row names the site in brackets.
    """
    sites = site_rows(context)
    results = result_rows(context)
    slice_ = context.document.slice
    for table in sorted({r.table for r in results}):
        rows = [r for r in results if r.table == table]
        if len(rows) != len(sites) or any(s.table == table for s in sites):
            continue
        if all(
            is_short_for(r.unit, slice_(s.name)) or r.site == slice_(s.name) for s, r in zip(sites, rows, strict=True)
        ):
            return list(zip(sites, rows, strict=True))
    return []


@once
def long_names(context: Context) -> dict[str, str]:
    """Return short name -> long name of offices, from the pairing of the two lists."""
    return {r.unit: context.document.slice(s.name) for s, r in paired(context) if not r.site and s.kind != "platform"}


@once
def platform_owners(context: Context) -> dict[str, str]:
    """Return platform name -> owner as printed in the list of sites."""
    slice_ = context.document.slice
    return {slice_(s.name): slice_(s.owner) for s in site_rows(context) if s.kind == "platform" and s.owner}


__all__ = [
    "Columns",
    "ResultRow",
    "SiteRow",
    "caption_of",
    "is_short_for",
    "long_names",
    "paired",
    "platform_owners",
    "result_rows",
    "site_rows",
]
