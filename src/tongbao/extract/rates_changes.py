"""Changes of pass rates: what 与上季度持平 and 比上季度提高3个百分点 say of the earlier period.

The rate itself is told in `rates_telling`; a change is told of a rate that stands before it.
"""

import re
from dataclasses import replace

from tongbao.extract.mentions import Number, find_numbers
from tongbao.extract.periods import kind_of
from tongbao.extract.rates_model import State, Statement
from tongbao.extract.rates_patterns import AHEAD, CHANGE, DOWN, EARLIER, RISE, RISING
from tongbao.extract.rates_telling import Teller
from tongbao.extract.told_periods import find_period, relative


class ChangeTeller(Teller):
    """A teller that adds what changes say of earlier periods."""

    def changes(self, state: State, s: int, e: int) -> None:
        """Add what 与上季度持平 and 比上季度提高3个百分点 say of the earlier period; the rate stands before."""
        for m in CHANGE.finditer(self.masked, s, e):
            latest = [x for x in state.latest if x.kind == "stated" and x.frame.period]
            if not latest or not self.is_about_rate(state, s, m):
                continue
            if self.is_of_others(state, latest, m):
                continue
            if m["bare"] and not re.fullmatch("[，；]", self.masked[max(x.end for x in latest) : m.start()]):
                continue  # bare per cent are points only right behind the rate: 合格率98.1%，比上季度提高2.1%
            mentioned = find_period(self.context, "：" + m["ref"], 0, len(m["ref"]) + 1)
            told = self.points(m, e, latest) if m["points"] else [(None, 0)] * len(latest)
            for x, (number, sign) in zip(latest, told, strict=False):
                ref = relative(self.context, m["ref"], x.frame.period) or (mentioned or "")
                if not ref or ref == x.frame.period or kind_of(ref) != kind_of(x.frame.period):
                    continue
                self.reading.statements.append(
                    Statement(
                        "change",
                        replace(x.frame, period=ref),
                        m.start(),
                        m.end(),
                        number,
                        sign=sign,
                        ref=x.frame.period,
                    )
                )

        self.late_change(state, s, e)

    def points(self, m: re.Match[str], e: int, latest: list[Statement]) -> list[tuple[Number | None, int]]:
        """Return the points of a change with their signs, one for each of the latest rates; empty if it is not clear.

        Examples: 分别提高4.6个百分点、3.6个百分点 after two rates -> both; 均提高1个百分点 -> the same for all;
        提高1个百分点 after two different rates -> nobody knows whose.
        """
        numbers = [n for n in find_numbers(self.text, m.start("points"), e) if n.start < m.end("points")]
        told: list[tuple[Number | None, int]] = []
        at, sign = m.start("points"), -1 if m["verb"] in DOWN else 1
        for number in numbers:
            between = self.masked[at : number.start]  # 上升1个百分点、下降2个百分点
            sign = -1 if any(w in between for w in DOWN) else 1 if RISING.search(between) else sign
            told.append((number, sign))
            at = number.end
        if len(told) == len(latest):
            return told
        same = len({x.number for x in latest}) == 1
        words = m["lead"] + self.masked[max(0, m.start() - 4) : m.start()]
        return told * len(latest) if len(told) == 1 and (same or re.search("均|都|各|分别|同时", words)) else []

    def earlier(self, state: State, s: int, e: int) -> bool:
        """Read 合格率较上季度的94%提升了2个百分点，达到96%: the earlier rate here, the new one in the next clause."""
        m = EARLIER.search(self.masked, s, e)
        if m is None:
            return False
        mentioned = find_period(self.context, "：" + m["ref"], 0, len(m["ref"]) + 1)
        state.period = None if state.period == mentioned else state.period
        for frame in self.frames(state):
            ref = relative(self.context, m["ref"], frame.period) or (mentioned or "")
            number = self.bounded(m, e)[:1]
            if ref and ref != frame.period and kind_of(ref) == kind_of(frame.period) and number:
                told = Statement("stated", replace(frame, period=ref), m.start(), number[0].end, number[0])
                self.reading.statements.append(told)
        state.rate_words = "stated"
        return True

    def late_change(self, state: State, s: int, e: int) -> None:
        """Add 与上季度相比，合格率提高了3.5个百分点, where the rate itself was told in an earlier sentence."""
        m = RISE.search(self.masked, s, e)
        ahead = AHEAD.search(self.masked, max(self.masked.rfind("。", 0, s), self.masked.rfind("\n", 0, s)) + 1, e)
        if m is None or ahead is None or state.latest:
            return
        frames = {f.key for f in self.frames(state)}
        for x in [x for x in self.reading.statements if x.kind == "stated" and x.frame.key in frames]:
            words = ahead["ref"]
            mentioned = find_period(self.context, "：" + words, 0, len(words) + 1)
            ref = relative(self.context, words, x.frame.period) or (mentioned or "")
            if not ref or ref == x.frame.period or kind_of(ref) != kind_of(x.frame.period):
                continue
            number = next(n for n in find_numbers(self.text, m.start("points"), e))
            sign = -1 if m["verb"] in DOWN else 1
            self.reading.statements.append(
                Statement(
                    "change", replace(x.frame, period=ref), m.start(), m.end(), number, sign=sign, ref=x.frame.period
                )
            )

    def is_of_others(self, state: State, latest: list[Statement], m: re.Match[str]) -> bool:
        """Whether a rate of others is announced before a change: 全市99%；区政府合格率与上季度持平."""
        meant = {scope.name for scope in state.scopes}
        between = self.masked[max(x.end for x in latest) : m.start()]
        return "合格率" in between and not meant & {x.frame.scope.name for x in latest}

    def is_about_rate(self, state: State, s: int, m: re.Match[str]) -> bool:
        """Whether a change is one of the rate before, not of a number or of another share."""
        between = self.masked[max(x.end for x in state.latest) : m.start()] if state.latest else ""
        return re.search(r"比例|占比|总数|数量|得分|办结|网站数|个数|留言", between) is None
