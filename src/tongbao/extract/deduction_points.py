"""Points taken off as they are printed: exact (扣5分), bounded (超过20分), or a range (5分至10分之间)."""

import re
from dataclasses import dataclass
from typing import Any

from tongbao.extract.facts import Span
from tongbao.extract.mentions import Number, find_numbers

_DIGITS = 8  # what is longer is damage
_RANGE = re.compile(
    r"(?<![\d.])(?P<low>\d{1,4}(?:\.\d{1,3})?)分?(?:至|到|—{1,2}|-|－|~|～|–)"
    r"(?P<high>\d{1,4}(?:\.\d{1,3})?)分(?:（含）)?(?:之间|不等)?"
)
_BAND = re.compile(
    r"(?:（含）)?(?:及)?以上[、，]?(?:不足|不满|低于)?(?P<high>\d{1,4}(?:\.\d{1,3})?)分(?P<tail>（含）|及)?(?:以下)?"
)


@dataclass(frozen=True, slots=True)
class Points:
    """Points with their bounds (None where open) and the span with the words that bound them."""

    low: str | None
    low_closed: bool
    high: str | None
    high_closed: bool
    span: Span

    @property
    def is_exact(self) -> bool:
        """Whether one value is printed."""
        return self.low is not None and self.low == self.high

    def columns(self) -> dict[str, Any]:
        """Return the columns of `deductions` that hold these points."""
        found: dict[str, Any] = {"points": value_of(self.low)} if self.is_exact and self.low else {}
        if self.low is not None:
            found |= {"points_low": value_of(self.low), "points_low_closed": self.low_closed}
        if self.high is not None:
            found |= {"points_high": value_of(self.high), "points_high_closed": self.high_closed}
        return found


def exactly(digits: str, span: Span) -> Points:
    """Return points of one value."""
    return Points(digits, True, digits, True, span)


def read_points(text: str, start: int, end: int) -> list[Points]:
    """Return the points printed in a passage, in order.

    Examples: 扣分在5分至10分之间 -> 5 to 10; 10分以上20分以下 -> 10 to 20; 不超过5分 -> at most 5.
    About 10分 is no bound.
    """
    if text.find("分", start, end) < 0:
        return []
    found = [
        Points(m["low"], True, m["high"], True, m.span())
        for m in _RANGE.finditer(text, start, end)
        if float(m["low"]) < float(m["high"])
    ]
    for number in find_numbers(text, start, end):
        if (
            number.unit != "分"
            or len(number.text) > _DIGITS
            or any(p.span[0] <= number.start < p.span[1] for p in found)
        ):
            continue
        m = _BAND.match(text, number.end, end)
        if m and float(m["high"]) > float(number.text):
            closed = bool(m["tail"])
            found.append(Points(number.text, True, m["high"], closed, (number.outer[0], m.end())))
        else:
            found.append(_of(number))
    return sorted(found, key=lambda p: p.span)


def _of(number: Number) -> Points:
    match number.comparator:
        case ">" | ">=":
            return Points(number.text, number.comparator == ">=", None, False, number.outer)
        case "<" | "<=":
            return Points(None, False, number.text, number.comparator == "<=", number.outer)
        case "=":
            return exactly(number.text, number.outer)
        case _:
            return Points(None, False, None, False, number.outer)


def value_of(digits: str) -> int | float:
    """Return printed digits as a number: an integer where no decimals are printed."""
    return float(digits) if "." in digits else int(digits)
