"""Which period a clause speaks of: printed in full, without its year, listed, or told from the circular's own (上季度).

Reading goes on masked text (see `statements.mask`). How periods are written is the matter of `periods`.
"""

import re
from itertools import pairwise

from tongbao.extract.chinese_numbers import parse_count
from tongbao.extract.context import Context, complete_period
from tongbao.extract.periods import PeriodMention, find_periods, kind_of, shift_period, write_period

_COMPARED = re.compile(r"(?:比|较|与|同|从|由|跟|自)$")
_TOLD = re.compile(r"(?<![比较与同])(上一?季度|上个?月(?!份?[中上下]旬|\d)|上期|上一?年|去年同期)(?!相比|相同|持平)")
_QUARTERS = re.compile(
    r"第?[一二三四1-4](?:季度)?(?:至|到|—|-|～|~)第?[一二三四1-4]季度|第?[一二三四](?:、第?[一二三四])*(?:、|和|及|与)第?[一二三四]季度"
)
_EVERY_QUARTER = re.compile("[四4]个季度|[各每]个?季度")
_JOINERS = ("、", "和", "及", "与", "以及")


def find_period_list(context: Context, masked: str, start: int, end: int) -> list[str]:
    """Return the periods that a passage lists, in their order; fewer than two are no list.

    Examples: 第一至第四季度 -> four quarters; 第一、二季度 -> two; 2016年、2017年 -> two years.
    """
    words = masked[start:end]
    if m := _QUARTERS.search(words) if "季度" in words else None:
        year = re.search(r"((?:19|20)\d\d)年(?:度)?$", words[: m.start()])
        in_year = year[1] if year else context.period[:4]
        named = [parse_count(n) for n in re.findall(r"[一二三四1-4]", m.group())]
        if re.search(r"至|到|—|-|～|~", m.group()):
            named = list(range(named[0], named[-1] + 1))
        if in_year and len(named) > 1:
            return [write_period(in_year, "Q", n) for n in named]
    if "季度" in words and _EVERY_QUARTER.search(words) and context.period and kind_of(context.period) == "Y":
        year = re.search(r"((?:19|20)\d\d)年", words)
        return [write_period(year[1] if year else context.period[:4], "Q", n) for n in (1, 2, 3, 4)]
    mentions = find_periods(masked, start, end)
    if len(mentions) < 2:
        return []
    between = [masked[a.end : b.start] for a, b in pairwise(mentions)]
    if all(words in _JOINERS for words in between):
        found = [dated(context, mention) for mention in mentions]
        return found if all(found) else []
    return []


def find_period(context: Context, masked: str, start: int, end: int) -> str | None:
    """Return the last period that a passage speaks of, None where it names none.

    Periods that are only compared with (比2017年第四季度) are passed over, and so are months unless the circular is
    about a month: they say when a check took place. A quarter without a year is one of the circular's own year.
    """
    period = None
    for mention in find_periods(masked, start, end):
        if _COMPARED.search(masked[max(start, mention.start - 2) : mention.start]):
            continue
        if mention.kind == "M" and not re.search(r"-\d\d$", context.period):
            continue  # 2016年6月 is when a quarter's check took place
        period = dated(context, mention) or period
    words = masked[start:end]
    for m in _TOLD.finditer(words) if "上" in words or "去年" in words else ():
        if not re.search(r"[由比较与同]$", masked[start : start + m.start()]):
            period = relative(context, m.group(1)) or period
    if ("全年" in words or "年度" in words) and "-" in (period or context.period):
        period = (period or context.period)[:4]
    return period


def dated(context: Context, mention: PeriodMention) -> str:
    """Return a mentioned period in canonical form; without a printed year the circular's own period decides."""
    if mention.period:
        return mention.period
    if context.period and "-" in context.period:
        return write_period(context.period[:4], mention.kind, mention.number)
    if context.period and mention.kind in ("Q", "H"):
        return write_period(context.period[:4], mention.kind, mention.number)
    return complete_period(mention, context.issued_on)


def relative(context: Context, words: str, period: str = "") -> str:
    """Return the period that 上季度, 去年同期 and the like mean, seen from the circular's own; '' if it cannot."""
    base = period or context.period
    if not base:
        return ""
    kind = kind_of(base)
    per_year = {"Q": 4, "H": 2, "M": 12, "Y": 1}[kind]
    if re.search(r"同比|同期", words):
        return shift_period(base, -per_year)
    if "季度" in words:
        return shift_period(base, -1) if kind == "Q" else ""
    if re.search(r"上(?:一)?(?:个)?月", words):
        return shift_period(base, -1) if kind == "M" else ""
    if re.search(r"上半年", words):
        return shift_period(base, -1) if kind == "H" and base.endswith("H2") else ""
    if re.search(r"去年|上一?年", words):
        return shift_period(base, -per_year) if kind == "Y" else ""
    if re.search(r"上一?期|上次|上一次|环比", words):
        return shift_period(base, -1)
    return ""
