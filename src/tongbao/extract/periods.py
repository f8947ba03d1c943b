"""Periods of inspection: reading them (2018年第三季度, 2016年度, 上半年) and counting on from them.

A period is written `2016`, `2018-Q3`, `2018-H1` or `2017-09`. Periods come from title and body, never from
the date of a page.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from tongbao.extract.chinese_numbers import parse_count

_PERIOD = re.compile(
    r"(?P<year>(?:19|20)\d\d)年(?:度)?"
    r"(?:(?:第)?(?P<quarter>[一二三四1-4])季度|(?P<half>[上下])半年"
    r"|(?P<month>1[0-2]|0?[1-9])月(?:份)?(?!\d{1,2}日|[\d一二三四五六七八九十]|(?:至|到|—|-|～|~)(?:1[0-2]|0?[1-9])月))?"
    r"|(?:第)?(?P<quarter_alone>[一二三四])季度|(?P<half_alone>[上下])半年"
)
_CANONICAL = re.compile(r"(\d{4})(?:-(?:(Q)([1-4])|(H)([12])|(\d\d)))?")
_MONTH_AHEAD = re.compile(r"(?:1[0-2]|0?[1-9])月")
_MONTHS = re.compile(
    r"(?P<year>(?:19|20)\d\d)年(?P<first>1[0-2]|0?[1-9])月(?:至|到|—|-|～|~)(?:当年|同年)?(?P<last>1[0-2]|0?[1-9])月(?!\d)"
)
_STEPS = {"Q": 4, "H": 2, "M": 12, "Y": 1}


@dataclass(frozen=True, slots=True)
class PeriodMention:
    """A period as printed; `period` is empty where the year is not printed beside it."""

    start: int
    end: int
    period: str
    kind: str  # Q, H, M or Y
    number: int  # which quarter, half or month; 0 for a year


def find_periods(text: str, start: int = 0, end: int | None = None) -> list[PeriodMention]:
    """Return the periods in `text[start:end]`. A full date (2018年9月7日) is none."""
    stop = len(text) if end is None else end
    if start == 0 and stop == len(text):
        return list(_periods(text, ""))
    if text.find("年", start, stop) < 0 and text.find("季", start, stop) < 0:
        return []
    found = _periods(text[start:stop], text[stop : stop + 3])
    return [PeriodMention(p.start + start, p.end + start, p.period, p.kind, p.number) for p in found]


@lru_cache(maxsize=20_000)
def _periods(words: str, behind: str) -> tuple[PeriodMention, ...]:
    """Read a passage; what stands behind it can make its last year one of a full date."""
    found, text = [], words + behind
    for m in _PERIOD.finditer(text, 0, len(words)):
        year = m["year"]
        quarter, half = m["quarter"] or m["quarter_alone"], m["half"] or m["half_alone"]
        if quarter:
            kind, number = "Q", parse_count(quarter)
        elif half:
            kind, number = "H", 1 if half == "上" else 2
        elif m["month"]:
            kind, number = "M", int(m["month"])
        else:
            if _MONTH_AHEAD.match(text, m.end()):
                continue  # the year of a full date
            kind, number = "Y", 0
        found.append(PeriodMention(m.start(), m.end(), write_period(year or "", kind, number), kind, number))
    return tuple(found)


def period_of_months(words: str) -> str:
    """Return the period that a range of months is, '' where the words hold none within one year.

    Examples: 2017年4月至6月 -> 2017-Q2; 2019年7月—12月 -> 2019-H2; 2015年3月至12月 -> 2015.
    """
    m = _MONTHS.search(words)
    if m is None or int(m["first"]) >= int(m["last"]):
        return ""
    first, n = int(m["first"]), int(m["last"]) - int(m["first"]) + 1
    for kind, length in (("Q", 3), ("H", 6)):
        if n == length and first % length == 1:
            return write_period(m["year"], kind, first // length + 1)
    return m["year"]


def write_period(year: str, kind: str, number: int) -> str:
    """Return the canonical form, empty without a year."""
    if not year:
        return ""
    return year if kind == "Y" else f"{year}-{number:02d}" if kind == "M" else f"{year}-{kind}{number}"


def kind_of(period: str) -> str:
    """Return Q, H, M or Y for a period in canonical form."""
    return "Q" if "Q" in period else "H" if "H" in period else "M" if "-" in period else "Y"


def shift_period(period: str, steps: int) -> str:
    """Return the period `steps` later (negative: earlier) of the same kind.

    Raises:
        ValueError: `period` is not canonical.
    """
    m = _CANONICAL.fullmatch(period)
    if not m:
        raise ValueError(f"not a period: {period!r}")
    kind = m[2] or m[4] or ("M" if m[6] else "Y")
    number = int(m[3] or m[5] or m[6] or 1)
    per_year = _STEPS[kind]
    index = int(m[1]) * per_year + number - 1 + steps
    year, number = divmod(index, per_year)
    return write_period(f"{year:04d}", kind, number + 1)


__all__ = ["PeriodMention", "find_periods", "kind_of", "period_of_months", "shift_period", "write_period"]
