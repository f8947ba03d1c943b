"""The table `deductions`: points taken off, the least and the most of a scope, and of named units.

What a scheme would take off for a fault (发现一处扣1分) is no deduction: a unit must be named. Mean deductions and
totals over several units are figures. The wordings are read in `deduction_forms`, tables in `deduction_tables`.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

from tongbao.extract.context import Context
from tongbao.extract.deduction_forms import Taken, each_own, exact, extremes, is_rule, taken
from tongbao.extract.document import Line
from tongbao.extract.facts import Fact, Span
from tongbao.extract.scopes import any_of, clean_group, group_kind, is_demand, words_of
from tongbao.extract.score_groups import group_at_end
from tongbao.extract.spans import split_outside
from tongbao.extract.statements import mask, own_scope, sentence_clauses
from tongbao.extract.units import Unit, UnitList, opens_no_unit, read_units

_LEAD = re.compile(r"(?:其中|此外|另外|特别是|尤其是|如|同时)[：:、]?")
_ADVERBS = re.compile(r"(?:分别|各自|各|均|都|仅|只|共|一共|总共|被|因此|累计|合计|共计|计)*$")
_RESULT_TAIL = re.compile(
    r"(?:的)?(?:网站|账号)?(?:年度|本月|本季度)?(?:绩效|检查|监测|考核|考评|评估|测评)?(?:评分结果|考核结果|评估结果|考评结果|得分)?(?:的)?$"
)
_SUPERLATIVE = re.compile(r"(?:的)?扣分(?:最多|最少|最高|最低|较多|较少)(?:的)?$|(?:被)?扣分$")
_MOST_IS = re.compile(r"(?:扣分)?(?:最多|最少|最高|最低|较多|较少)(?:扣分)?(?:的)?(?:为|是|有)：?(?P<units>.+)")
_NEXT_POINTS = re.compile(r"(?:均|各|都|共)?(?:为|达到?|是)(?P<points>\d{1,4}(?:\.\d{1,4})?)分")
_BEHIND = re.compile(
    r"(?:的)?(?:共)?(?:\d{1,3}(?:个|家)[^，。；：、\d]{0,8}?|单位|部门|网站)?(?:＿+)?(?:分别)?(?:有|是|为|：)：?(?P<units>[^：]+)"
)
_ONE_BY_ONE = re.compile(r"扣分(?:情况)?(?:分别|依次)?(?:为|是|如下)?：")
_OF_ONE = re.compile(r"(?P<unit>[^，。；：、\d＿]{2,20}?)(?:扣)?(?P<points>\d{1,4}(?:\.\d{1,4})?)分")
_REASON = re.compile("因为|由于|因|存在|出现|有(?=[一二两三四五六七八九十\\d])")


def deductions(context: Context) -> Iterator[Fact]:
    """Yield the rows of `deductions`.

    Examples: 最低扣分8.5分 -> min of the issuer's place; A局、B县的评分结果扣分均超过100分 -> a row for each, above
    100; C局没有扣分 -> 0 points; D局一个栏目空白，扣1分; 扣分超过10分的有E局、F局.
    """
    text = context.document.text
    masked = mask(text)
    for line in context.document.body():
        if line.kind == "table_row" or "扣" not in text[line.content : line.end] or is_demand(context, line):
            continue
        for clauses in sentence_clauses(masked, line.content, line.end):
            if "扣" in masked[clauses[0][0] : clauses[-1][1]]:
                yield from _sentence(context, masked, clauses, _heading_units(context, line))


def _heading_units(context: Context, line: Line) -> UnitList | None:
    """Return the units that a numbered item is headed with: 1．甲局。首页有错链，扣2分。"""
    heading = line.path[-1] if line.path and line.path[-1].start == line.start else None
    if heading is None or heading.level < 3 or heading.end >= line.content:
        return None
    return _list(context, heading.end - len(heading.words), heading.end)


def _one_by_one(context: Context, masked: str, s: int, e: int) -> Iterator[Fact]:
    """Read 扣分分别为：甲区3.5分，乙区6分，丙县9.5分."""
    head = _ONE_BY_ONE.search(masked, s, e)
    for a, b in split_outside(masked, head.end(), e, "，、；") if head else ():
        m = _OF_ONE.fullmatch(masked, a, b)
        listed = _list(context, *m.span("unit")) if m else None
        if m is None or listed is None or len(listed.units) != 1:
            return
        yield from _rows(context, listed, Taken(exact(m["points"]), *m.span(), m.span("points")))


def _sentence(context: Context, masked: str, clauses: list[Span], carried: UnitList | None) -> Iterator[Fact]:
    """Read a sentence; units are carried from clause to clause up to the next semicolon."""
    if singly := list(_one_by_one(context, masked, clauses[0][0], clauses[-1][1])):
        yield from singly
        return
    headed, scope = carried, ""
    rule = is_rule(masked[clauses[0][0] : clauses[-1][1]])
    for i, (s, e) in enumerate(clauses):
        if i and masked[s - 1] in "；;":
            carried = headed
        if not rule:
            for fact in _extremes(context, masked, s, e, scope):
                scope = str(fact.values.get("scope", ""))
                yield fact
        if "扣" not in masked[s:e]:
            told = _NEXT_POINTS.fullmatch(masked, s, e)
            if told and carried is not None and i and _is_superlative(masked[slice(*clauses[i - 1])]):
                yield from _rows(context, carried, Taken(exact(told["points"]), *told.span(), told.span()))
                carried = None
            elif most := _MOST_IS.fullmatch(masked, s, e):
                carried = _list(context, most.start("units"), e)
            elif carried is None:
                carried = _leading_units(context, s, e)
            continue
        own = each_own(masked, s, e)
        if own and not rule:
            of = _units(context, masked, s, e, own[0]) or (carried if _is_bare(masked[s : own[0].start]) else None)
            if of is not None and len(of.units) == len(own):
                for unit, t in zip(of.units, own, strict=True):
                    yield from _rows(context, replace(of, units=(unit,)), t)
            continue
        found = list(taken(context.document.text, masked, s, e))
        for t in found:
            listed = _units(context, masked, s, e, t) or (carried if _is_bare(masked[s : t.start]) else None)
            if listed is None or (rule and t.values.get("points") != 0):
                continue
            if len(listed.units) > 1 and re.search("共|累计|合计", masked[s : t.start][-3:]):
                continue
            yield from _rows(context, listed, t)
        if not found:
            most = _MOST_IS.search(masked, s, e)
            superlative = _SUPERLATIVE.search(masked, s, e)
            if most:
                carried = _list(context, most.start("units"), e)
            elif superlative and superlative.end() == e:
                carried = _list(context, s, superlative.start())
                if carried is not None and not rule:
                    yield from _noted(context, carried, (s, e))


def _noted(context: Context, listed: UnitList, span: Span) -> Iterator[Fact]:
    """Read 甲局（14.2分）、乙办（11.5分）扣分较多."""
    for unit in listed.units:
        if unit.score:
            points = exact(context.document.slice(unit.score))
            yield from _rows(context, replace(listed, units=(unit,)), Taken(points, *span, unit.score))


def _is_superlative(words: str) -> bool:
    return _SUPERLATIVE.search(words) is not None or _MOST_IS.search(words) is not None


def _is_bare(words: str) -> bool:
    """Whether nothing but adverbs stands before the points, so that they are those of the units before."""
    return _ADVERBS.sub("", words) == ""


def _extremes(context: Context, masked: str, s: int, e: int, carried: str) -> Iterator[Fact]:
    """Yield the least and the most of a scope; one that a clause does not name is that of the clause before."""
    home = own_scope(context)
    for statistic, t in extremes(masked, s, e):
        ahead = masked[s : t.start]
        group = group_at_end(ahead) or (clean_group(ahead) if group_kind(clean_group(ahead)) else "")
        scope = group or (carried if not ahead else "") or (home.name if home else "")
        values: dict[str, Any] = {"scope": scope} if scope else {}
        yield Fact(
            "deductions",
            t.start,
            t.end,
            "stated",
            f"deduction_{statistic}",
            values | {"statistic": statistic} | t.values,
        )


def _units(context: Context, masked: str, s: int, e: int, t: Taken) -> UnitList | None:
    """Return the units that a clause names before the points, with a reason between or not, or behind them."""
    lead = _LEAD.match(masked, s, t.start)
    begin = lead.end() if lead else s
    if behind := _BEHIND.match(masked, t.end, e):
        return _list(context, behind.start("units"), e)
    stop = begin + len(_RESULT_TAIL.sub("", _ADVERBS.sub("", masked[begin : t.start])))
    if most := _MOST_IS.search(masked, begin, stop):
        begin = most.start("units")
    elif superlative := _SUPERLATIVE.search(masked, begin, stop):
        stop = superlative.start()
    if stop <= begin:
        return None
    if (listed := _list(context, begin, stop)) is not None:
        return listed
    reason = _REASON.search(masked, begin, stop)
    named = _list(context, begin, reason.start()) if reason and reason.start() > begin else None
    return named or _leading_units(context, begin, stop)


def _list(context: Context, start: int, end: int) -> UnitList | None:
    return read_units(context, start, end) if end > start else None


def _leading_units(context: Context, start: int, end: int) -> UnitList | None:
    """Return the units that a clause begins with, before it tells what was wrong with them.

    Example: 乾元镇、洛舍镇各有1条信息附件无法打开 -> 乾元镇, 洛舍镇. The list ends at the first place where a fault may
    begin (fault_leads.csv) and what stands before is a list of units.
    """
    text = context.document.text
    if lead := _LEAD.match(text, start, end):
        start = lead.end()
    if opens_no_unit(text, start):
        return None
    for m in _fault_leads().finditer(text, start + 2, min(end, start + 120)):
        stop = start + len(_ADVERBS.sub("", text[start : m.start()]))
        listed = _list(context, start, stop) if stop - start >= 2 and text[stop - 1] != "、" else None
        if listed is not None:
            return listed
    return None


@cache
def _fault_leads() -> re.Pattern[str]:
    return re.compile(any_of(words_of("fault_leads")))


def _rows(context: Context, listed: UnitList, t: Taken) -> Iterator[Fact]:
    home = own_scope(context)
    for unit in listed.units:
        if unit.is_site:
            continue
        values: dict[str, Any] = {"scope": home.name} if home else {}
        values |= _named(unit) | {"statistic": "unit"} | t.values
        yield Fact("deductions", unit.start, unit.end, "stated", "deduction_unit", values, (t.use,))


def _named(unit: Unit) -> dict[str, Any]:
    return {"unit": unit.name} | ({"unit_name": unit.full_name} if unit.full_name else {})
