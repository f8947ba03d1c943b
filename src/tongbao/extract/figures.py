"""The table `figures`: every number that means something and that no other rule has read.

Comes last and takes what is left. Numbers that say when, where to find or how to reach are none, nor are those that
only repeat the length of a printed list (7市). What a figure is about is put together in `figures_words`, from the
words of the text only.
"""

import re
from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from typing import Any

from tongbao.extract.chinese_numbers import CHINESE_NUMERAL, parse_count
from tongbao.extract.context import Context
from tongbao.extract.document import Line
from tongbao.extract.facts import Fact, Span
from tongbao.extract.figures_words import Words, requirement, what_of
from tongbao.extract.ledger import read_ledger
from tongbao.extract.lexicon import load
from tongbao.extract.mentions import Number, find_numbers
from tongbao.extract.scope_reading import find_scopes
from tongbao.extract.scopes import is_demand
from tongbao.extract.spans import inside, overlaps
from tongbao.extract.statements import mask, own_scope, sentence_clauses
from tongbao.extract.told_periods import find_period

_DIGITS = 12  # what is longer is a code or damage
_DURATIONS = ("个工作日", "工作日", "个月", "天", "周", "小时")
_MODAL = re.compile(
    r"(?:^|[，；、。]|同时|都|均|也|还|各部门|各单位|各地|部门|单位|政府)(?:要|须|需)(?!求)|必须|应当|应在|应于|不得|务必|限期|请于|请在"
)
_ADDRESSEE = re.compile(
    r"(?:^|[，。；\n])(?P<who>(?:各|相关|有关)[一-鿿（）、]{0,24}?(?:部门|单位|机构|政府|县区|市区|区县|县|区|市|州|省|地|盟|旗|街道|乡镇|镇街|镇|院校|企业))"
    r"(?=要|必须|应当|应|须|需|对照|务必|请)"
)
_AGAINST = re.compile(r"低于|高于|少于|多于|[比较](?=全|上|去|平均)")
_LIST = re.compile(r"(?:^|[，；：:（）\d])(?P<names>[^，；：:（）\d]{2,})$")
_CHINESE_STREAK = re.compile(rf"连续(?P<n>{CHINESE_NUMERAL}{{1,3}})(?P<unit>个季度|个月)")
_COUNTED = re.compile(r"\d|连续")
_CHANGE = re.compile(
    r"(?P<how>同比|环比|[较比与同](?:上一?年|去年|上一?季度|上一?期|20\d\d年(?:第?[一二三四]季度)?)(?:同期)?(?:相比)?)(?:分别)?"
    r"(?P<verb>增加|增长|提高|提升|上升|上涨|减少|下降|降低|下滑)(?:了)?(?:约)?$"
)
_DENIED = {">": "<=", "<": ">="}
_DOWN = ("减少", "下降", "降低", "下滑")


def figures(context: Context, facts: Iterable[Fact]) -> list[Fact]:
    """Return a row for every number of the body that is left, given all other facts of the circular.

    Examples: 网民留言551条; 按期办结率100%; 低于全省平均水平11.8个百分点; 连续5个季度 where no period is fixed.
    A change right behind a figure (83.3%，同比增长27个百分点) becomes its `change`;
    what is said of a demanded number (5个工作日) begins with 要求.
    """
    known = list(facts)
    open_starts = {n.start for n in read_ledger(context.document, known, ()) if not n.explained_by}
    if not open_starts and not _CHINESE_STREAK.search(context.document.text):
        return []
    reader = _Reader(context, known, open_starts)
    for line in context.document.body():
        if line.kind == "paragraph":
            reader.line(line)
    return reader.found


class _Reader:
    """Walks through the body and keeps the addressee of demands and the figures found."""

    def __init__(self, context: Context, known: list[Fact], open_starts: set[int]) -> None:
        self.context, self.known, self.open = context, known, open_starts
        self.text = context.document.text
        self.masked = mask(self.text)
        self.found: list[Fact] = []
        self.addressee = ""
        home = own_scope(context)
        self.home = home.name if home else ""

    def line(self, line: Line) -> None:
        """Read one paragraph."""
        for clauses in sentence_clauses(self.text, line.content, line.end):
            sentence = clauses[0][0], clauses[-1][1]
            for m in _ADDRESSEE.finditer("\n" + self.masked[slice(*sentence)]):
                self.addressee = m["who"]
            if not _COUNTED.search(self.text, *sentence):
                continue
            is_required = bool(_MODAL.search(self.text[slice(*sentence)])) or is_demand(self.context, line)
            for i, clause in enumerate(clauses):
                self._clause(clauses, i, clause, sentence, is_required)

    def _clause(self, clauses: list[Span], i: int, clause: Span, sentence: Span, is_required: bool) -> None:
        if not _COUNTED.search(self.text, *clause):
            return
        numbers = find_numbers(self.text, *clause)
        for m in _CHINESE_STREAK.finditer(self.text, *clause):
            if not any(inside(m.span(), (f.start, f.end)) for f in self.known):
                digits = str(parse_count(m["n"]))
                numbers.append(Number(m.start("n"), m.end(), digits, m["unit"], "=", (m.start("n"), m.end())))
                self.open.add(m.start("n"))
        for number in sorted(numbers, key=lambda n: n.start):
            if number.start not in self.open or not self._counts(number, clause):
                continue
            if self._is_change(number, clause, sentence):
                continue
            self._add(number, clauses[: i + 1], sentence, is_required)

    def _counts(self, number: Number, clause: Span) -> bool:
        """Whether a number is a figure: it has a unit that counts something and does not repeat a list's length."""
        unit = self._unit(number)
        if unit not in _units() or len(number.text) > _DIGITS:
            return False
        if unit == "分" and not re.search(r"得分|分数|成绩|平均|扣分|加分|满分|总分", self.text[slice(*clause)]):
            return False
        before, after = self.text[clause[0] : number.start], self.text[number.end : clause[1]]
        if unit in ("个", "家", "名", "类") and re.match(r"等次|等级|方面|部分|阶段|环节|层面|以上|工作重点", after):
            return False
        return not self._is_list_length(number, before) and not self._is_repeated(number, clause)

    def _is_repeated(self, number: Number, clause: Span) -> bool:
        """Whether the same count with the same noun stands elsewhere and is read there (60个省直单位, twice)."""
        noun = re.match(r"[一-鿿]{2,12}", self.text[number.end : clause[1]])
        if noun is None or number.unit not in ("个", "家"):
            return False
        words = self.text[number.start : number.end] + noun.group()[:4]
        return any(m.start() not in self.open for m in re.finditer(rf"(?<!\d){re.escape(words)}", self.text))

    def _unit(self, number: Number) -> str:
        if number.unit == "万" and (m := re.match(r"[个条次件]|人次", self.text[number.end : number.end + 2])):
            return "万" + m.group()
        return number.unit

    def _is_list_length(self, number: Number, before: str) -> bool:
        """Whether the names right before a count are as many as it says (南京、无锡2市)."""
        if number.unit not in ("个", "家", "市", "县", "区", "省", "名"):
            return False
        m = _LIST.search(before.removesuffix("等"))
        if m is None:
            return False
        lists = (m["names"], re.split(r"和|以及|及", m["names"], maxsplit=1)[-1])
        return any(len(re.split(r"、|和|及", x)) == number.value > 1 for x in lists)

    def _is_change(self, number: Number, clause: Span, sentence: Span) -> bool:
        """Join a change to the figure right before it (the sign from the verb); else leave it to be a figure."""
        m = _CHANGE.search(self.text[clause[0] : number.start])
        if m is None or m.start() > 2 or not self.found:
            return False
        last = self.found[-1]
        between = self.text[last.end : clause[0] + m.start()]
        points = number.unit in ("个百分点", "百分点") and last.values["unit"] == "%"
        same = number.unit == last.values["unit"] and number.unit != "%"
        if not inside((last.start, last.end), sentence) or len(between) > 3 or not (points or same):
            return False
        change = _value(number.text) * (-1 if m["verb"] in _DOWN else 1)
        values = dict(last.values) | {"change": change}
        self.found[-1] = Fact("figures", last.start, number.end, last.basis, last.rule, values, last.uses)
        return True

    def _add(self, number: Number, clauses: list[Span], sentence: Span, is_required: bool) -> None:
        clause = clauses[-1]
        words = Words(self.text, self.masked, tuple(clauses), number)
        is_streak = words.is_streak
        unit = self._unit(number)
        required = is_required and not is_streak
        what, start, end = requirement(words) if required else what_of(words)
        if not what or any(overlaps((number.start, number.end), (f.start, f.end)) for f in self.found):
            return
        values: dict[str, Any] = {"what": what}
        scope, printed = (self.addressee, "") if required else self._scope(clauses, number, end > number.outer[1])
        if printed and printed == what:
            scope, printed = self.home, ""
        if printed and re.match(re.escape(printed) + r"(?![及和与、])..", what) and len(what) - len(printed) >= 3:
            values["what"] = what[len(printed) :].removeprefix("的")
        if scope:
            values["scope"] = scope
        comparator = number.comparator
        if re.search(r"不(?:得|能|应|可|宜)$", self.text[clause[0] : number.outer[0]]):
            comparator = _DENIED.get(comparator, comparator)  # 不得超过 is at most
        if required and unit in _DURATIONS and comparator == "=":
            comparator = "<="
        values |= {"value": _value(number.text), "unit": _canonical(unit), "comparator": comparator}
        was = re.search(r"(?:由|从)[^，；。\d]{0,8}$", self.text[clause[0] : number.start])
        unknown = required or is_streak or (was and re.match(r"[^，；。\d]{0,4}[到至]", words.after))
        period = "" if unknown else self._period(clauses, number)
        if period:
            values["period"] = period
        self.found.append(
            Fact(
                "figures",
                min(start, number.outer[0]),
                max(end, number.outer[1]),
                "stated",
                _rule(required, is_streak),
                values,
            )
        )

    def _scope(self, clauses: list[Span], number: Number, is_counted: bool) -> tuple[str, str]:
        """Return whom the figure is about, by name and as printed.

        Named in its own clause before the number, else the topic that an earlier clause of the sentence begins with,
        else the issuer's own place. What is only compared with (低于全省平均水平) is not whom it is about.
        """
        noun = self.masked[number.end : number.end + 8]
        if re.match(r"(?:全国|省市|省份|省区市|国务院部门)", noun):
            return "全国", ""
        for i, (s, e) in enumerate(reversed(clauses)):
            stop = min(e, number.start)
            if against := _AGAINST.search(self.masked, s, stop):
                stop = against.start()
            scopes = find_scopes(self.context, self.masked, s, stop)
            if not scopes or not all(scope.name for scope in scopes):
                continue
            if i and scopes[0].start > s + 4:
                continue
            printed = self.text[scopes[0].start : scopes[-1].end]
            if scopes[0].level == "group":
                if is_counted or re.search(r"\d", printed):
                    continue
                return printed, printed
            return "、".join(dict.fromkeys(scope.name for scope in scopes)), printed
        return self.home, ""

    def _period(self, clauses: list[Span], number: Number) -> str:
        for s, e in reversed(clauses):
            if period := find_period(self.context, self.masked, s, min(e, number.start)):
                return period
        return self.context.period


@cache
def _units() -> frozenset[str]:
    return frozenset(row["wording"] for row in load("figure_units", required=("wording",)))


def _rule(required: bool, is_streak: bool) -> str:
    return "figure_required" if required else "figure_streak" if is_streak else "figure"


def _canonical(unit: str) -> str:
    """Return the unit of the table: 百分点 and 工作日 without 个, % in one form."""
    return {"个百分点": "百分点", "个工作日": "工作日", "％": "%"}.get(unit, unit)


def _value(digits: str) -> int | float:
    return float(Decimal(digits)) if "." in digits else int(digits)
