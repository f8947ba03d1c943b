"""Numbers as circulars print them: value, unit, and the words beside them that bound or change them.

One scan finds every number with its unit. What a number means is a matter for the rules, not for this module.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from tongbao.extract.chinese_numbers import CHINESE_NUMERAL, parse_count
from tongbao.extract.facts import Span

_UNITS = (
    "个百分点|百分点|个工作日|工作日|个季度|季度|个月|个|家|条|件|篇|项|处|起|封|人次|人|位|名|次|批|"
    "分|年|月|日|天|周|小时|市|省|区|县|镇|要素|类|级|页|号|万|倍|元|时"
)
_NOT_TENTHS = "立效果员功为都了本绩熟长交人品分就因年文型千群片套册"  # 三成立, 一成果
_NUMBER = re.compile(rf"(?<![\d.A-Za-z])(?P<digits>\d+(?:\.\d+)?)\s?(?P<unit>[%％]|{_UNITS})?")
_CHINESE_COUNT = re.compile(rf"(?P<digits>{CHINESE_NUMERAL}{{1,4}})(?P<unit>个|家|市|省|季度|次|名|区|县|类)")

_WORDED = re.compile(
    rf"百分之(?P<hundredths>百|{CHINESE_NUMERAL}{{1,4}})(?!点)|(?P<tenths>[一二三四五六七八九])成(?![{_NOT_TENTHS}])"
    r"|(?<=率为)零(?=[，。；]|$)|(?<=率竟然为)零(?=[，。；]|$)"
)
_NUMERAL = re.compile(r"\d|百分之|[一二三四五六七八九]成|率(?:竟然)?为零")

_BEFORE = (
    (re.compile(r"(?:不得?(?:低于|少于|小于)|至少(?:为|有)?|最少)$"), ">="),
    (re.compile(r"(?:不得?(?:高于|超过|多于|超出|大于)|至多|最多不过)$"), "<="),
    (re.compile(r"(?:超过|超出|超|高于|大于|多于|逾|突破)(?:了)?$"), ">"),
    (re.compile(r"(?:不足|不到|低于|少于|小于|未达到?|不满)(?:了)?$"), "<"),
    (re.compile(r"(?:将近|接近|(?<![最附远])近|约|大约|左右)(?:为|是|有|占|达到?)?$"), "~"),
)
_AFTER = (
    (re.compile(r"(?:（含）)?(?:及)?以上"), ">="),
    (re.compile(r"(?:（含）)?(?:及)?(?:以下|以内|之内)"), "<="),
    (re.compile(r"左右|上下"), "~"),
    (re.compile(r"[多余]"), ">"),
)
_INCLUSIVE = re.compile(r"[（(]含[）)]$")


@dataclass(frozen=True, slots=True)
class Number:
    """A number in the text.

    Attributes:
        start, end: span of the digits with their unit.
        text: the digits as printed (`83.3`).
        unit: as printed (`个`, `%`, `个百分点`), empty without one.
        comparator: `=`, `>=`, `>`, `<=`, `<` or `~`, from the words beside it.
        outer: span with the comparing words (`超过100分`, `80分以上`).
    """

    start: int
    end: int
    text: str
    unit: str
    comparator: str
    outer: Span

    def moved(self, by: int) -> "Number":
        """Return the number with every offset `by` characters further on."""
        a, b = self.outer
        return Number(self.start + by, self.end + by, self.text, self.unit, self.comparator, (a + by, b + by))

    @property
    def value(self) -> Decimal:
        """The number itself, a percentage as printed (96 for 96 %)."""
        return Decimal(self.text)

    @property
    def is_percent(self) -> bool:
        """Whether it is printed with a percent sign."""
        return self.unit in ("%", "％")

    @property
    def is_integer(self) -> bool:
        """Whether it is printed without decimals."""
        return "." not in self.text

    def as_fraction(self) -> float:
        """Return a percentage as a fraction of one, correctly rounded (`32.7` -> 0.327)."""
        return float(Fraction(self.value) / 100)


def find_numbers(text: str, start: int = 0, end: int | None = None) -> list[Number]:
    """Return the numbers in `text[start:end]`, with units and comparators: digits, and per cent in words.

    Example: 百分之九十五 -> 95 %; 超九成 -> more than 90 %, but 九成 alone is no figure, so roughly is it said.
    """
    stop = len(text) if end is None else end
    if not _NUMERAL.search(text, start, stop):
        return []
    ahead = start - 1 if start else 0  # one character before decides whether digits begin here
    return [n.moved(ahead) for n in _numbers(text[ahead:stop], start - ahead)]


@lru_cache(maxsize=20_000)
def _numbers(text: str, start: int) -> tuple[Number, ...]:
    found = [_number(text, start, len(text), m) for m in _NUMBER.finditer(text, start)]
    if "百分之" in text or "成" in text or "为零" in text:
        worded = [_number(text, start, len(text), m) for m in _WORDED.finditer(text, start)]
        found += [n for n in worded if text[n.end - 1] != "成" or n.comparator in (">", ">=", "<", "<=")]
        found.sort(key=lambda n: n.start)
    return tuple(found)


def find_counts(text: str, start: int = 0, end: int | None = None) -> list[Number]:
    """Return numbers in digits and small counts in Chinese numerals (两市, 连续五个季度), in order."""
    stop = len(text) if end is None else end
    chinese = [
        Number(m.start(), m.end(), str(parse_count(m["digits"])), m["unit"], "=", (m.start(), m.end()))
        for m in _CHINESE_COUNT.finditer(text, start, stop)
        if not (m.start() and text[m.start() - 1] in "第之统同单唯进逐")
    ]
    return sorted([*find_numbers(text, start, stop), *chinese], key=lambda n: n.start)


def digits_runs(text: str) -> Iterator[re.Match[str]]:
    """Yield every numeral of the text: a run of digits with its decimals."""
    return re.finditer(r"\d+(?:\.\d+)?", text)


def _number(text: str, start: int, stop: int, m: re.Match[str]) -> Number:
    comparator, outer_start, outer_end = "=", m.start(), m.end()
    before = text[max(start, m.start() - 8) : m.start()]
    inclusive = _INCLUSIVE.search(before)
    words = before[: inclusive.start()] if inclusive else before
    for pattern, sign in _BEFORE:
        if hit := pattern.search(words):
            comparator = sign + "=" if inclusive and sign in "<>" else sign
            outer_start = m.start() - (len(before) - hit.start())
            break
    for pattern, sign in _AFTER:
        if hit := pattern.match(text, m.end(), stop):
            comparator, outer_end = sign, hit.end()
            break
    if m.re is _WORDED:
        value = 10 * parse_count(m["tenths"]) if m["tenths"] else parse_count(m["hundredths"] or "零")
        return Number(m.start(), m.end(), str(value), "%", comparator, (outer_start, outer_end))
    return Number(m.start(), m.end(), m["digits"], m["unit"] or "", comparator, (outer_start, outer_end))
