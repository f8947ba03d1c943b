"""The table `deductions`: points taken off, the least and the most of a scope, and of named units.

What a scheme would take off for a fault (发现一处扣1分) is no deduction: a unit must be named. Mean deductions
are figures.
"""

import re
from collections.abc import Iterator
from typing import Any

from tongbao.extract.context import Context
from tongbao.extract.facts import Fact, Span
from tongbao.extract.mentions import Number, find_numbers
from tongbao.extract.scopes import clean_group, group_kind, is_demand
from tongbao.extract.spans import clauses, sentences
from tongbao.extract.statements import own_scope
from tongbao.extract.units import Unit, UnitList, read_units

_N = r"\d{1,6}(?:\.\d{1,4})?"
_EXTREME = re.compile(
    rf"(?:(?P<a>最低|最少|最小|最高|最多|最大)扣分|扣分(?P<b>最低|最少|最小|最高|最多|最大)|(?P<c>最低|最少|最高|最多)扣(?=\d))(?:的)?(?:为|是|达到|达|：)?(?P<points>{_N})分"
)
_BY_FAULT = re.compile(r"[每一1][个处次项条天]|发现")
_MARKED = re.compile(
    rf"(?:评分结果|考核结果|评估结果)?(?:的)?扣分(?:均|都|全部)?(?:为|在|达到|达)?[^，。；\d]{{0,4}}?(?P<points>{_N})分"
)
_TAKEN = re.compile(rf"(?:均|都|各|各自|分别均|仅|只)?(?:被)?扣(?:了)?(?P<points>{_N})分")
_SUPERLATIVE = re.compile(r"(?:的)?扣分(?:最多|最少|最高|最低|较多)")
_UNIT_BEHIND = re.compile(
    rf"(?:最多|最少|最高|最低)扣分(?:的)?(?:为|是)(?P<units>[^，。；\d]{{2,40}}?)(?:各|均)?扣(?P<points>{_N})分"
)
_POINTS_NEXT = re.compile(rf"(?:共|各|均|被|共被)?(?:扣(?:了|掉)?|扣分|为|达到?)(?P<points>{_N})分")
_NONE = re.compile(r"(?:均|都)?(?:没有|未|无)(?:被)?扣分")
_LOW = ("最低", "最少", "最小")
_LEAD = re.compile(r"^(?:其中|此外|另外|特别是|尤其是)[：:、]?")
_RESULT_TAIL = re.compile(r"(?:的)?(?:网站)?(?:年度)?(?:绩效)?(?:评分结果|考核结果|评估结果|考评结果|得分)?(?:的)?$")


def deductions(context: Context) -> Iterator[Fact]:
    """Yield the rows of `deductions`.

    Examples: 最低扣分8.5分 -> min of the issuer's place; A局、B县的评分结果扣分均超过100分 -> a row for each, above
    100; C局没有扣分 -> 0 points.
    """
    text = context.document.text
    for line in context.document.body():
        if line.kind == "table_row" or is_demand(context, line):
            continue
        for s, e in sentences(text, line.content, line.end):
            if "扣" not in text[s:e]:
                continue
            pieces = list(clauses(text, s, e))
            for i, (a, b) in enumerate(pieces):
                yield from _extremes(context, a, b, is_rule=_BY_FAULT.search(text, s, b) is not None)
                yield from _named(context, a, b, pieces[i + 1] if i + 1 < len(pieces) else None)


def _extremes(context: Context, s: int, e: int, is_rule: bool) -> Iterator[Fact]:
    text = context.document.text
    home = own_scope(context)
    for m in _EXTREME.finditer(text, s, e):
        if is_rule and m["c"]:
            continue  # 空白栏目每个扣2分，最多扣20分
        group = clean_group(text[s : m.start()]) if m.start() > s else ""
        scope = group if group and group_kind(group) else home.name if home else ""
        statistic = "min" if (m["a"] or m["b"] or m["c"]) in _LOW else "max"
        values: dict[str, Any] = {"scope": scope} if scope else {}
        values |= {"statistic": statistic} | _exact(m["points"])
        yield Fact("deductions", m.start(), m.end(), "stated", f"deduction_{statistic}", values)


def _named(context: Context, s: int, e: int, following: Span | None = None) -> Iterator[Fact]:
    text = context.document.text
    if following and (m := _SUPERLATIVE.search(text, s, e)) and m.end() == e:
        points = _POINTS_NEXT.fullmatch(text, *following)
        listed = read_units(context, s, m.start()) if points else None
        if points and listed:  # 甲区扣分最多，扣8.5分
            said = next(n for n in find_numbers(text, *following) if n.start == points.start("points"))
            yield from _rows(context, listed, said, points.span())
            return
    lead = _LEAD.match(text[s:e])
    begin = s + (lead.end() if lead else 0)
    if _EXTREME.search(text, s, e):
        return
    if m := _UNIT_BEHIND.search(text, begin, e):
        listed = read_units(context, m.start("units"), m.end("units"))
        if listed:
            yield from _rows(context, listed, next(iter(find_numbers(text, m.start("points"), e))), m.span())
        return
    for pattern in (_MARKED, _TAKEN, _NONE):
        m = pattern.search(text, begin, e)
        if m is None:
            continue
        tail = _RESULT_TAIL.search(text[begin : m.start()])
        stop = begin + tail.start() if tail else m.start()
        listed = read_units(context, begin, stop) if stop > begin else None
        if listed is None:
            return
        number = None
        if pattern is not _NONE:
            number = next(n for n in find_numbers(text, m.start(), e) if n.start == m.start("points"))
        yield from _rows(context, listed, number, m.span())
        return


def _rows(context: Context, listed: UnitList, number: Number | None, span: Span) -> Iterator[Fact]:
    home = own_scope(context)
    for unit in listed.units:
        if unit.is_site:
            continue
        values: dict[str, Any] = {"scope": home.name} if home else {}
        values["unit"] = unit.name
        if full := _full_name(unit):
            values["unit_name"] = full
        values["statistic"] = "unit"
        values |= _exact("0") if number is None else _bounds(number)
        uses = (span if number is None else number.outer,)
        yield Fact("deductions", unit.start, unit.end, "stated", "deduction_unit", values, uses)


def _full_name(unit: Unit) -> str:
    return unit.full_name


def _bounds(number: Number) -> dict[str, Any]:
    """Return the points or their bounds, as the comparing words say."""
    value = _points(number.text)
    match number.comparator:
        case ">" | ">=":
            return {"points_low": value, "points_low_closed": number.comparator == ">="}
        case "<" | "<=":
            return {"points_high": value, "points_high_closed": number.comparator == "<="}
        case "=":
            return _exact(number.text)
        case _:
            return {}


def _exact(digits: str) -> dict[str, Any]:
    value = _points(digits)
    return {
        "points": value,
        "points_low": value,
        "points_low_closed": True,
        "points_high": value,
        "points_high_closed": True,
    }


def _points(digits: str) -> int | float:
    return float(digits) if "." in digits else int(digits)
