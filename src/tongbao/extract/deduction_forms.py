"""The wordings of points taken off: how many, between which bounds, of whom the least and the most."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tongbao.extract.facts import Span
from tongbao.extract.mentions import find_numbers

_N = r"\d{1,4}(?:\.\d{1,4})?"
_TAKEN = re.compile(
    rf"扣(?:分|减|除|掉|去|了)*(?:均|都|全部|各|分别)?(?:[^，。；：\d扣]{{0,6}}?)(?P<a>{_N})"
    rf"(?:分?(?:至|到|—|－|-|～|~)(?P<b>{_N}))?分(?P<note>＿+|（含）)?(?P<tail>以上|以下|以内|及以上|及以下|之间|左右)?"
)
_NONE = re.compile(r"(?:均|都)?(?:没有|未|无|零)(?:被)?扣分")
_EXTREME = re.compile(
    rf"(?:(?P<x>最低|最少|最小|最高|最多|最大)(?:的)?(?:被)?扣(?:分|了)*|扣分(?P<y>最低|最少|最小|最高|最多|最大)(?:的)?)"
    rf"(?:为|是|达到|达|仅|：)?(?:扣)?(?P<v>{_N})分"
)
_EACH_OWN = re.compile(rf"分别(?:被)?扣(?:分|了)*(?:为)?{_N}分(?:(?:、|和){_N}分)+")
_NOT_OF_UNITS = re.compile(r"(?:共|总共|合计|累计|总|平均|少|多|再|倒|应|可|将|拟|予以)(?:被)?$")
_RULE = re.compile(
    r"每[一1]?[个处项条件次篇天日月家]|发现[一1][个处项条件次]|扣完为止|的[，]?(?:每|一律|予以|将|酌情|视情)|如有|凡|酌情|视情"
)
_LOW = ("最低", "最少", "最小")


@dataclass(frozen=True, slots=True)
class Taken:
    """Points taken off as worded: the columns they fill, the wording's span, and that of the number with its bounds."""

    values: dict[str, Any]
    start: int
    end: int
    use: Span


def is_rule(words: str) -> bool:
    """Whether a sentence tells what would be taken off for a fault: 每个扣0.5分, 发现一处扣1分, 扣完为止."""
    return _RULE.search(words) is not None


def taken(raw: str, text: str, s: int, e: int) -> Iterator[Taken]:
    """Read 扣5分, 扣分超过10分, 扣分在5分至10分之间, 未扣分; means, differences (平均扣, 少扣) and totals are none.

    `raw` is the text, `text` the same with remarks blanked. A total stays where it may be one unit's (甲局共扣5分):
    who has it is for the caller to see.
    """
    for m in _NONE.finditer(text, s, e):
        yield Taken(exact("0"), *m.span(), m.span())
    for m in _TAKEN.finditer(text, s, e):
        ahead = text[max(s, m.start() - 4) : m.start()]
        is_other = _NOT_OF_UNITS.search(ahead) and not ahead.endswith("共")
        if is_other or _NONE.search(ahead + text[m.start() : m.end()]):
            continue
        if re.search("最[低少小高多大]", text[max(s, m.start() - 3) : m.start("a")]):
            continue
        if m["b"]:
            low, high = exact(m["a"])["points"], exact(m["b"])["points"]
            values = {"points_low": low, "points_high": high}  # 5分至10分: whether the ends are in is not said
            if m["note"] and "含" in raw[slice(*m.span("note"))]:
                values["points_high_closed"] = True
            yield Taken(values, *m.span(), m.span())
            continue
        number = next((n for n in find_numbers(text, s, e) if n.start == m.start("a")), None)
        comparator = {"以内": "<=", "以下": "<=", "以上": ">="}.get((m["tail"] or "").removeprefix("及"))
        if number is not None and (values := bounds(number.text, comparator or number.comparator)):
            yield Taken(values, *m.span(), number.outer)


def each_own(text: str, s: int, e: int) -> list[Taken]:
    """Read 分别扣2分、3分: the points of units in their order, [] where a clause says nothing so."""
    m = _EACH_OWN.search(text, s, e)
    spans = [n.span() for n in re.compile(_N).finditer(text, *m.span())] if m else []
    return [Taken(exact(text[slice(*span)]), *m.span(), span) for span in spans] if m else []


def extremes(text: str, s: int, e: int) -> Iterator[tuple[str, Taken]]:
    """Read 最低扣4分, 最高扣分61.5分, 扣分最少的扣0.5分: `min` or `max` with the points."""
    for m in _EXTREME.finditer(text, s, e):
        yield "min" if (m["x"] or m["y"]) in _LOW else "max", Taken(exact(m["v"]), *m.span(), m.span("v"))


def bounds(digits: str, comparator: str) -> dict[str, Any]:
    """Return the points or their bounds, as the comparing words say; nothing for a rough number."""
    value = _points(digits)
    match comparator:
        case ">" | ">=":
            return {"points_low": value, "points_low_closed": comparator == ">="}
        case "<" | "<=":
            return {"points_high": value, "points_high_closed": comparator == "<="}
        case "=":
            return exact(digits)
        case _:
            return {}


def _between(low: str, high: str) -> dict[str, Any]:
    return {
        "points_low": _points(low),
        "points_low_closed": True,
        "points_high": _points(high),
        "points_high_closed": True,
    }


def exact(digits: str) -> dict[str, Any]:
    """Return the columns of an exact number of points."""
    value = _points(digits)
    return {"points": value} | _between(digits, digits) | {"points": value}


def _points(digits: str) -> int | float:
    return float(digits) if "." in digits else int(digits)
