"""The table `deductions`: points taken off, the least and the most of a scope, and of named units.

What a scheme would take off for a fault (发现一处扣1分) is no deduction: a unit must be named. Mean deductions and
sums over all are figures; of the parts of one unit's deduction only their printed sum is a row.
"""

import re
from collections.abc import Iterator
from typing import Any

from tongbao.extract.context import Context
from tongbao.extract.deduction_pairs import read_pairs
from tongbao.extract.deduction_points import Points, exactly, read_points
from tongbao.extract.deduction_units import Subject, leading_units, whole_units
from tongbao.extract.deduction_words import (
    AND_MOST,
    EXTREME,
    FROM_TO,
    LOW,
    MOST,
    MOST_IS,
    NONE,
    PARTIAL,
    RULE,
    TAKEN,
    WHOSE,
    bodies_named,
)
from tongbao.extract.facts import Fact, Span
from tongbao.extract.group_phrases import groups_in
from tongbao.extract.line_words import words_begin
from tongbao.extract.scopes import is_demand
from tongbao.extract.spans import clauses, sentences
from tongbao.extract.statements import own_scope
from tongbao.extract.units import Unit

_TOTAL = re.compile(r"共|合计|累计|总")
_JOINS = "、和及与，,"


def deductions(context: Context) -> Iterator[Fact]:
    """Yield the rows of `deductions`.

    Examples: 最低扣分8.5分 -> min of the issuer's place; A局、B县的评分结果扣分均超过100分 -> a row for each, above
    100; C局没有扣分 -> 0 points; D局一个栏目空白，扣1分 -> 1 point; 扣5至10分的有E县、F县 -> 5 to 10 each.
    """
    text = context.document.text
    for line in context.document.body():
        if line.kind == "table_row" or is_demand(context, line):
            continue
        start = words_begin(text, line)
        if text.find("扣", start, line.end) < 0 or text.find(" | ", start, line.end) >= 0:
            continue
        heads: list[Unit] = []  # 1．甲局。首页有错链，扣2分。
        for s, e in sentences(text, start, line.end):
            if text.find("扣", s, e) >= 0:
                yield from _Sentence(context, s, e, heads).rows()
            else:
                heads = whole_units(context, s, e - (text[e - 1] == "。"))


class _Sentence:
    """Reads one sentence, clause by clause, keeping whom it speaks of."""

    def __init__(self, context: Context, start: int, end: int, heads: list[Unit]) -> None:
        self.context, self.text = context, context.document.text
        self.start, self.end = start, end
        home = own_scope(context)
        self.home = home.name if home else ""
        self.group = ""
        self.subject: Subject | None = Subject(heads) if heads else None
        self.awaiting: Points | None = None
        self.had_extreme = self.in_pairs = False
        self.found: list[Fact] = []

    def rows(self) -> list[Fact]:
        """Return the rows of the sentence in the order of the text."""
        for s, e in clauses(self.text, self.start, self.end):
            self._clause(s, e)
        self._close()
        return sorted(self.found, key=lambda f: (f.start, f.end))

    def _clause(self, s: int, e: int) -> None:
        if self.awaiting is not None:
            points, self.awaiting = self.awaiting, None
            if units := whole_units(self.context, s, e):
                self._add(units, points)
                return
        extremes = self._extremes(s, e)
        if extremes:
            self.had_extreme = True
            return
        self.had_extreme = False
        if m := NONE.search(self.text, s, e):
            self._none(s, e, m)
            return
        pairs = read_pairs(self.context, self.start, s, e, self.in_pairs)
        self.in_pairs = bool(pairs)
        if pairs:
            for units, points in pairs:
                self._add(units, points)
            return
        said = read_points(self.text, s, e)
        if m := MOST_IS.search(self.text, s, e):
            if PARTIAL.search(self.text, s, m.start()):
                return
            self._most_is(m.end(), e, said)
            return
        if said and "扣" in self.text[s:e]:
            self._points(s, e, said)
        elif said and self.subject and self._is_bare(s, said[0].span[0]) and not self.subject.taken:
            self.subject.taken.append((said[0], False))  # 扣分最多的是甲市，达28.5分
        else:
            self._topic(s, e)

    def _extremes(self, s: int, e: int) -> bool:
        """Read 最低扣分8.5分 and the like, of a scope and no unit."""
        found = list(EXTREME.finditer(self.text, s, e))
        if not found and self.had_extreme and (m := AND_MOST.fullmatch(self.text, s, e)):
            found = [m]
        wide = FROM_TO.search(self.text, s, e)
        if not found and not wide:
            return False
        if RULE.search(self.text, self.start, e):
            return True
        first = found[0].start() if found else wide.start() if wide else s
        if found and (units := whole_units(self.context, s, first)) and len(found) == 1:
            self._add(units, self._exact(found[0]))
            return True
        groups = groups_in(self.text, s, first)
        self.group = groups[-1].words if groups else self.group
        for m in found:
            self._extreme("min" if (m["a"] or m["b"]) in LOW else "max", self._exact(m), m.span())
        if wide and not found:
            self._extreme("min", exactly(wide["low"], wide.span("low")), wide.span())
            self._extreme("max", exactly(wide["high"], wide.span("high")), wide.span())
        return True

    @staticmethod
    def _exact(m: re.Match[str]) -> Points:
        name = "pa" if m["pa"] else "pb"
        return exactly(m[name], m.span(name))

    def _extreme(self, statistic: str, points: Points, span: Span) -> None:
        scope = self.group or self.home
        values: dict[str, Any] = ({"scope": scope} if scope else {}) | {"statistic": statistic} | points.columns()
        self.found.append(Fact("deductions", *span, "stated", f"deduction_{statistic}", values))

    def _none(self, s: int, e: int, m: re.Match[str]) -> None:
        """Read 甲局、乙局没有扣分 and 未扣分的有甲局、乙局."""
        points = exactly("0", m.span())
        behind = WHOSE.match(self.text, m.end(), e) or WHOSE.match(self.text, m.end(), min(e + 1, len(self.text)))
        if behind and m.start() - s <= 8:
            if behind.end() < e:
                self._add(whole_units(self.context, behind.end(), e), points)
            else:
                self.awaiting = points
            return
        units, rest = leading_units(self.context, s, m.start())
        if units and not re.search(PARTIAL, rest):
            self._add(units, points)

    def _most_is(self, s: int, e: int, points: list[Points]) -> None:
        """Read 扣分最少的是甲市, with the points here (扣3.5分) or in the next clause."""
        units, rest = leading_units(self.context, s, points[0].span[0] if points else e)
        self._close()
        self.subject = Subject(units) if units else None
        if units and points and re.fullmatch(r"(?:各自?|均|都|也|扣|分|为|达|仅|只|，|（)*", rest):
            self.subject = Subject(units, [(points[0], False)])

    def _points(self, s: int, e: int, points: list[Points]) -> None:
        """Read the points of a clause one by one, each with the words since the one before."""
        at = s
        for i, p in enumerate(points):
            if p.span[0] < at:
                continue
            m = TAKEN.search(self.text[at : p.span[0]])
            if m is None:
                at = p.span[1]
                continue
            head = at + m.start()
            behind = WHOSE.match(self.text, p.span[1], min(e + 1, len(self.text)))
            if behind and not leading_units(self.context, at, head)[0] and behind.group():
                self._behind(behind.end(), e, p)
                return
            if RULE.search(self.text, at, p.span[0]) or self.text[max(self.start, at - 2) : at] == "的，":
                return
            each = points[i:]
            if re.search("分别|依次", m.group()) and len(each) > 1 and self._aligned(at, head, each):
                return
            self._taken(at, head, p, bool(_TOTAL.search(m.group())))
            at = p.span[1]
            while at < e and self.text[at] in _JOINS:
                at += 1

    def _behind(self, s: int, e: int, points: Points) -> None:
        if s < e:
            self._add(whole_units(self.context, s, e), points)
        else:
            self.awaiting = points

    def _aligned(self, s: int, e: int, points: list[Points]) -> bool:
        """Read 甲、乙、丙分别扣3分、2分、1分: as many points as units."""
        ends = [p.span[1] for p in points]
        between = [self.text[a : p.span[0]] for a, p in zip(ends, points[1:], strict=False)]
        if not all(words and set(words) <= set(_JOINS) for words in between):
            return False
        units, _ = leading_units(self.context, s, e)
        units = units or (self.subject.units if self.subject else [])
        if len(units) == len(points):
            self._close()
            for unit, p in zip(units, points, strict=True):
                self._add([unit], p)
            self.subject = None
        return True  # never the same points for all

    def _taken(self, s: int, e: int, points: Points, is_sum: bool) -> None:
        units, rest = leading_units(self.context, s, e)
        if units:
            self._close()
            self.subject = Subject(units, is_blurred=bool(PARTIAL.search(rest)))
        elif s < e and not self._is_bare(s, e):
            at = re.sub(r"^(?:另|另外|同时|并|还|又)", "", self.text[s:e])
            if bodies_named().search(at) or not re.search(r"\d|未|不|因|无|超|错|空白|逾期", at):
                self._close()
                self.subject = None
            elif self.subject and PARTIAL.search(at):
                self.subject.is_blurred = True
        if self.subject is None:
            return
        each = re.search("各", self.text[e : points.span[0]])
        if each and len(self.subject.units) == 1:
            self._close()
            self.subject = None
            return
        self.subject.taken.append((points, is_sum))

    def _is_bare(self, s: int, e: int) -> bool:
        """Say whether nothing but linking words stands in a passage, so that the subject before it holds."""
        return bool(
            re.fullmatch(
                r"(?:各自?|均|都|也|分别|共|被|合计|累计|因此|为此|扣|分|为|达到?|仅|只|得|了|故|按规定)*",
                self.text[s:e],
            )
        )

    def _topic(self, s: int, e: int) -> None:
        """Take the units that a clause without points begins with as those that the next points are of."""
        m = MOST.search(self.text, s, e)
        units, rest = leading_units(self.context, s, m.start() if m else e)
        if m and units and re.search(PARTIAL, rest):
            units = []
        if units:
            self._close()
            self.subject = Subject(units)
        elif m or bodies_named().search(self.text, s, e):
            self._close()
            self.subject = None

    def _close(self) -> None:
        if self.subject and (points := self.subject.result()):
            self._add(self.subject.units, points)
        if self.subject:
            self.subject.taken = []

    def _add(self, units: list[Unit], points: Points) -> None:
        if points.low is None and points.high is None:
            return
        for unit in units:
            if unit.is_site:
                continue
            values: dict[str, Any] = {"scope": self.home} if self.home else {}
            values["unit"] = unit.name
            if unit.full_name:
                values["unit_name"] = unit.full_name
            values["statistic"] = "unit"
            values |= points.columns()
            self.found.append(
                Fact("deductions", unit.start, unit.end, "stated", "deduction_unit", values, (points.span,))
            )
