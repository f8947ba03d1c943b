"""The tables `grade_totals` and `ratings`: counts, lists and tables of grades joined group by group."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tongbao.extract.bands import parted_bands
from tongbao.extract.context import Context
from tongbao.extract.facts import Check, Fact, Span
from tongbao.extract.grade_annexes import all_lists
from tongbao.extract.grade_counts import GradeCount, read_counts
from tongbao.extract.grade_list_parts import GradeList
from tongbao.extract.grade_tables import RatedRow, read_tables
from tongbao.extract.grade_words import Scale, announced_grades, choose_scale
from tongbao.extract.group_phrases import group_kind_of, is_group
from tongbao.extract.offices import agency_of
from tongbao.extract.scopes import clean_group, group_kind, is_relevant
from tongbao.extract.site_tables import long_names

_BINARY = frozenset({"合格", "不合格"})
_THRESHOLD = re.compile(
    r"(?:得分|总分|分数|成绩)?(?P<low>\d+(?:\.\d+)?)分(?:（[^（）]*）)?(?:及)?(?P<sign>以上|以下)的?(?P<group>[^，。；：\d]{1,20}?)(?:共)?有?(?P<n>\d{1,3})(?:个|家)"
)


@dataclass(frozen=True, slots=True)
class _Total:
    count: GradeCount | None
    lists: tuple[GradeList, ...]


def grades(context: Context) -> Iterator[Fact | Check]:
    """Yield the rows of `grade_totals` and `ratings`.

    Counts in prose and lists below them are one group where size or kind say so; the group keeps the words of the
    sentence with the counts. A pass or fail count without names belongs to the pass rates, not here.
    """
    if not is_relevant(context):
        return
    counts, lists, rows = (
        list(read_counts(context)),
        parted_bands(context, all_lists(context)),
        list(read_tables(context)),
    )
    yield from _unread(lists)
    announced = announced_grades(context.document.text)
    used: dict[str, set[str]] = {}
    pairs = [(x.measure, x.grade) for x in counts] + [(x.measure, x.grade) for x in lists]
    for measure, grade in pairs + [(x.measure, x.grade) for x in rows]:
        if grade:
            used.setdefault(measure, set()).add(grade)
    several = {m for m, g in used.items() if not g <= _BINARY} | ({*used} if announced else set())
    counts = [c for c in counts if c.measure in several or (c.grade not in _BINARY)]
    scale = {m: choose_scale(frozenset(g), announced if g & set(announced) else ()) for m, g in used.items()}
    names = _group_names(counts, lists)
    longs = long_names(context)
    for item in lists:
        yield from _list_ratings(context, item, names.get(id(item), item.group), scale.get(item.measure))
    for row in rows:
        yield _row_rating(context, row, scale.get(row.measure), longs)
    yield from _totals(counts, lists, rows, names)


def _unread(lists: list[GradeList]) -> Iterator[Check]:
    """Report every list under a grade that could not be read as names, so that nothing is lost in silence."""
    for item in lists:
        if not item.units:
            note = f"{item.grade} {item.group}".strip()
            yield Check("grade_list_read", "a list of units", "not read", False, note, ((item.start, item.end),))


def _group_names(counts: list[GradeCount], lists: list[GradeList]) -> dict[int, str]:
    """Return id(list) -> the group's words in the counts, where size, words or kind tell which group it is."""
    named: dict[int, str] = {}
    groups: dict[str, tuple[int | None, str]] = {}
    for count in counts:
        if count.group:
            groups.setdefault(count.group, (count.group_n, group_kind(count.group)))
    for item in lists:
        if not item.group or item.group in groups:
            continue
        by_size = [g for g, (n, _) in groups.items() if n is not None and n == item.group_n]
        kind = group_kind(item.group)
        by_kind = [g for g, (_, k) in groups.items() if k and k == kind]
        for found in (by_size, by_kind):
            if len(found) == 1:
                named[id(item)] = found[0]
                break
    return named


def _list_ratings(context: Context, item: GradeList, group: str, scale: Scale | None) -> Iterator[Fact]:
    low, basis, uses = item.low, "stated", item.uses
    if low is None and item.high is None:
        inferred = _inferred_bound(context, item, group)
        if inferred:
            low, span = inferred
            basis, uses = "computed", (*uses, span)
    for index, unit in enumerate(item.units):
        position = item.positions[index] if item.positions else item.first_position + index
        values: dict[str, Any] = {"measure": item.measure}
        kind = _kind(group, item) if group else ""
        values |= {"group": group, "group_kind": kind, "unit": unit.name, "unit_name": unit.full_name}
        values |= {"unit_code": unit.code, "agency": unit.agency, "grade": item.grade}
        values |= _graded(scale, item.grade)
        values |= {"position": position, "ordered": item.ordered}
        if low:
            values |= {"score_low": low[0], "score_low_closed": low[1]}
        if item.high:
            values |= {"score_high": item.high[0], "score_high_closed": item.high[1]}
        if unit.score:
            values["score"] = float(context.document.slice(unit.score))
        values = {k: v for k, v in values.items() if v != ""}
        own = (*uses, unit.score) if unit.score else uses
        yield Fact("ratings", unit.start, unit.end, basis, item.rule, values, own)  # type: ignore[arg-type]


def _kind(group: str, item: GradeList) -> str:
    """Return the kind of a group; 地区 in 甲、乙等地区 means places of any level, which their codes tell."""
    if group != "地区":
        return group_kind_of(group) if is_group(group) else group_kind(group)
    levels = {"provinces" if u.code[2:] == "0000" else "prefectures" if u.code[4:] == "00" else "" for u in item.units}
    return levels.pop() if len(levels) == 1 else ""


def _graded(scale: Scale | None, grade: str) -> dict[str, Any]:
    """Return scale and rank of a grade; the rank stays out where the scale is no order."""
    if scale is None or grade not in scale.grades:
        return {}
    rank = scale.rank(grade)
    return {"scale_id": scale.scale_id} | ({"grade_rank": rank} if rank is not None else {})


def _inferred_bound(context: Context, item: GradeList, group: str) -> tuple[tuple[float, bool], Span] | None:
    """Return the bound of the one threshold count in the same paragraph that has this group and this length.

    Example: 得分96分以上的市州有9个 … 较好的市州为：(nine names) -> (96, closed).
    """
    text, line = context.document.text, item.line
    found = []
    for m in _THRESHOLD.finditer(text, line.start, item.start):
        same = clean_group(m["group"]) == group or (group_kind(clean_group(m["group"])) == group_kind(group) != "")
        if same and int(m["n"]) == len(item.units) and m["sign"] == "以上":
            found.append(((float(m["low"]), True), (m.start(), m.end())))
    return found[0] if len(found) == 1 and group else None


def _row_rating(context: Context, row: RatedRow, scale: Scale | None, longs: dict[str, str]) -> Fact:
    document = context.document
    name = document.slice(row.unit)
    bare = re.sub(r"（[^（）]*）$", "", name)
    place = context.resolve(re.sub(r"(?:人民政府|政府)?(?:门户)?(?:网站|网)?$", "", bare) or bare)
    agency = None if place.is_resolved else agency_of(bare)
    full = place.official_name if place.is_resolved else longs.get(name, "")
    values: dict[str, Any] = {"measure": row.measure, "group": row.group}
    values |= {"group_kind": row.group_kind or group_kind(row.group), "unit": name, "unit_name": full}
    values |= {"unit_code": place.code, "agency": agency.key if agency else "", "grade": row.grade}
    values |= _graded(scale, row.grade)
    values |= {"position": row.position or "", "ordered": row.ordered}
    if row.score:
        values["score"] = float(document.slice(row.score).rstrip("分"))
    uses = tuple(s for s in (row.result, row.score, row.rank) if s) + row.uses
    return Fact("ratings", *row.unit, "stated", "grade_table", {k: v for k, v in values.items() if v != ""}, uses)


def _totals(
    counts: list[GradeCount], lists: list[GradeList], rows: list[RatedRow], names: dict[int, str]
) -> Iterator[Fact]:
    """Yield one row a measure, group and grade that has a stated count or a printed list."""
    by_key: dict[tuple[str, str, str], tuple[list[GradeCount], list[GradeList]]] = {}
    for count in counts:
        by_key.setdefault((count.measure, count.group, count.grade), ([], []))[0].append(count)
    headings: dict[int, int] = {}
    for item in lists:
        if item.grade:
            if item.units and item.rule != "grade_top":
                key = (item.measure, names.get(id(item), item.group), item.grade)
                by_key.setdefault(key, ([], []))[1].append(item)
            if item.heading_at >= 0:
                headings[item.heading_at] = headings.get(item.heading_at, 0) + 1
    for (measure, group, grade), (stated, listed) in by_key.items():
        if not group:
            continue
        values: dict[str, Any] = {"measure": measure, "group": group, "grade": grade}
        n_stated = stated[0].n if stated else None
        uses: list[Span] = [u for c in stated for u in c.uses]
        for item in listed:
            own = item.n_stated
            if own is None and item.heading_n is not None and headings.get(item.heading_at) == 1:
                own = item.heading_n
            if n_stated is None and len(listed) == 1:
                n_stated = own
            uses += item.uses
        if n_stated is not None:
            values["n_stated"] = n_stated
        if listed and not all(i.is_open for i in listed):
            values["n_listed"] = sum(len(i.units) for i in listed)
        sizes = [c.group_n for c in stated if c.group_n is not None] + [i.group_n for i in listed if i.group_n]
        alone = sum(key[:2] == (measure, group) for key in by_key) == 1
        if sizes and not (alone and sizes[0] == n_stated and not any(c.group_n for c in stated)):
            values["group_n"] = sizes[0]  # a size that repeats the count of the only grade may be that count
        first: GradeCount | GradeList = stated[0] if stated else listed[0]
        span = (first.start, first.end)
        if isinstance(first, GradeList) and first.rule in ("grade_heading", "grade_lines") and first.uses:
            span = first.uses[-1]  # the heading says grade and count; the names are rows of their own
        basis = "stated" if n_stated is not None else "listed"
        yield Fact("grade_totals", *span, basis, "grade_total", values, tuple(uses))  # type: ignore[arg-type]
    tables: dict[tuple[str, str, str], list[RatedRow]] = {}
    for row in rows:
        if row.grade and row.group:
            tables.setdefault((row.measure, row.group, row.grade), []).append(row)
    for (measure, group, grade), found in tables.items():
        values = {"measure": measure, "group": group, "grade": grade, "n_listed": len(found)}
        if found[0].group_n is not None:
            values["group_n"] = found[0].group_n
        span = found[0].result or found[0].unit
        yield Fact("grade_totals", *span, "listed", "grade_table", values, tuple(u for r in found for u in r.uses))
