"""Reading one clause about passing: whom and when it is about, what it counts, which wording it uses.

The walk through lines and sentences is that of `rates_reader`, the wordings become statements in `rates_telling`.
"""

import re
from dataclasses import replace

from tongbao.extract.facts import Span
from tongbao.extract.periods import write_period
from tongbao.extract.rates_counts import Count, read_counts
from tongbao.extract.rates_frames import NOBODY
from tongbao.extract.rates_inspection import acts_above, inspector_below, inspector_in, is_checking
from tongbao.extract.rates_model import Counted, State
from tongbao.extract.rates_patterns import (
    ALL,
    CHANGE,
    COVERAGE,
    LATER_VALUE,
    NUM,
    PAIRS_AHEAD,
    RATE,
    SHARE_OF,
    STREAK,
    TIMED_VALUE,
    decoys,
    tells_repair,
)
from tongbao.extract.rates_series import SeriesTeller
from tongbao.extract.scope_reading import find_scopes
from tongbao.extract.statements import Scope, Subject, find_subjects
from tongbao.extract.told_periods import find_period, find_period_list
from tongbao.extract.unread_names import counts_unknown, names_unknown

TELLS = re.compile(r"\d|合格|单项否决")  # without any of these a paragraph says nothing of rates
_TIMED = re.compile("[年季上]")  # what every wording of a period holds
MONTHLY = re.compile(r"(?<!\d)(?P<month>1[0-2]|[1-9])月份?[^，；。\d]{0,12}?合格率")
_LISTED = re.compile(r"(?:不合格|否决|突出问题)[^，；。：]{0,10}\d+(?:个|家)[^，；。：]{0,8}：")
_AT_THE_TIME = re.compile(r"(?<![年比较与和])同期(?!相比|比|数|水平|的)")
_SAVE = re.compile(r"除[^，；。]{2,40}?(?:外|以外|之外)")
_REST = re.compile(r"各[^，；。]*(?:均|都|全部|合格率)|(?:其他|其余)")
_AMONG = re.compile(r"其中(?:，|：)?")
_OTHER_THINGS = re.compile(
    r"(?:其中|，|：)*(?P<words>(?:其他|其余|其它)(?:类型?|各类)?(?:政务新媒体|新媒体|平台|渠道)?(?:账号|平台|政务新媒体|网站|频道))"
    r"(?:（[^）]*）)?(?:的)?(?:均|都|全部|共|抽查|检查|监测|合格|\d|$)"
)
_GOES_ON = re.compile(r"(?:和|及)?[一-鿿]{2,10}\d+(?:个|家)")


class ClauseReader(SeriesTeller):
    """Reads clauses; `around` is whom a clause is about that names nobody: the heading's group or the territory."""

    around: list[Scope]

    def clause(self, state: State, sentence: int, s: int, e: int, rest: list[Span]) -> None:
        """Read one clause: whom and when it is about, what it counts, what it says of passing.

        Args:
            state: what is carried along; it is updated.
            sentence: where the sentence begins.
            s, e: the clause.
            rest: the clauses behind it in the sentence.
        """
        words = self.masked[s:e]
        tells = TELLS.search(words) is not None
        if self.masked[max(0, s - 1)] in "；;":
            state.parts = 0
        if words.startswith("其中"):
            state.role, state.parts = "", 0
        if COVERAGE.search(words):
            state.role = "total" if re.search(r"范围(?:为|是)", words) else ""
            return
        if state.inspector is None or state.inspector == state.headed:
            named = self._inspector(words, self.masked[e : rest[-1][1]] if rest else "")
            state.inspector = named or state.inspector
        self._period(state, s, e)
        rate = RATE.search(self.masked, s, e) if tells else None
        streak = STREAK.search(self.masked, s, e) if "连续" in words else None
        stop = min([m.start() for m in (rate, streak) if m] or [e])
        if rate is None and "：" in words and (m := _LISTED.search(self.masked, s, e)):
            stop = min(stop, m.end())  # 不合格网站2家：甲县某局网站、… lists them, and is not about 甲县
        is_named = self._scopes(state, sentence, s, e, stop, rate or streak)
        is_thing = self._things(state, s, e, stop)
        counts = read_counts(self.text, self.masked, s, e, state.role) if tells else []
        if not rate and not streak:
            self._counts(state, counts)
        repaired = tells_repair(self.masked[sentence:e])
        if repaired and repaired.start() + sentence < e:
            return
        end = rest[-1][1] if rest else e
        if streak:
            self._streaks(state, s, e, rate.start() if rate else e)
        elif rate:
            self.rate(state, s, e, rate, rest)
            if is_named and self.masked[rate.end() : rate.end() + 1] in ("、", "，", "；"):
                self.pairs(state, s, rate.start(), rate.end(), end)
            self._counts(state, [c for c in counts if c.end <= rate.start() or c.start >= rate.end()])
        else:
            self._without_rate(state, s, e, end)
        self.changes(state, s, e)
        if counts:
            state.role = counts[-1].role if counts[-1].role != "share" else state.role
            is_part = is_named or is_thing or "其中" in self.masked[sentence:e]  # 其中：省直20个，县区50个
            state.parts += bool(counts[-1].role == "bare" and is_part)
        elif not words.startswith(("其中", "占")) and not state.rate_words:
            state.role = ""

    def _period(self, state: State, s: int, e: int) -> None:
        """Carry on with the period that a clause names, unless it lists one for each of its values."""
        words = self.masked[s:e]
        if (_TIMED.search(words) is None and "同期" not in words) or len(
            find_period_list(self.context, self.masked, s, e)
        ) > 1:
            pass
        elif (period := find_period(self.context, self.masked, s, e)) and not CHANGE.match(words):
            state.period = period
        elif "同期" in words and state.period is None and _AT_THE_TIME.search(words):
            state.period = self.context.period or None  # 国务院办公厅同期抽查我省网站20个
        if state.is_monthly and (m := MONTHLY.search(words)) and self.context.period[:4]:
            state.period = write_period(self.context.period[:4], "M", int(m["month"]))

    def _scopes(self, state: State, sentence: int, s: int, e: int, stop: int, rate: re.Match[str] | None) -> bool:
        """Carry on with whom a clause is about, up to the rate or streak at `stop`; say whether it names anybody."""
        words = self.masked[s:e]
        scopes = find_scopes(self.context, self.masked, s, stop)
        if scopes is not None:
            state.scopes = scopes
            own = self.context.own_place(self.masked[s : scopes[0].start]) if len(scopes) > 1 else None
            state.whole = own is not None  # 全市检查A、B的网站85个 is about the whole
            return bool(scopes)
        is_rate = rate is not None and rate.re is RATE
        of_all = state.scopes != self.around and re.match(r"总体|整体|总的?合|全部", words)
        if is_rate and (state.parts > 1 or of_all):
            state.scopes = self.around  # the parts are counted one by one, the rate is that of the whole
        if m := _OTHER_THINGS.match(self.masked, s, e):
            state.scopes = [Scope(m["words"], "group", "", m.start("words"), m.end("words"))]
        elif counts_unknown(self.masked, s, e) or (
            names_unknown(self.masked, s, stop) and (rate or ALL.search(self.masked, s, e))
        ):
            state.scopes = [NOBODY]
        elif _REST.search(words) and _SAVE.search(self.masked, sentence, e):
            state.scopes = [NOBODY]  # 除A、B外，各县区网站全部合格
        return False

    def _things(self, state: State, s: int, e: int, stop: int) -> bool:
        """Carry on with the kinds of things that a clause names; say whether it names any."""
        subjects = find_subjects(self.masked, s, stop)
        if subjects:
            named = self._measures(subjects)
            goes_on = state.role in ("checked", "total") and _GOES_ON.fullmatch(self.masked, s, e)
            state.measures = list(dict.fromkeys([*state.measures, *named])) if goes_on else named
            state.seen = list(dict.fromkeys([*state.seen, *named]))
        return bool(subjects)

    def _without_rate(self, state: State, s: int, e: int, end: int) -> None:
        """Read a clause without 合格率N%: a rate that is announced, repeated, or told in other words."""
        words = self.masked[s:e]
        is_announced = "合格率" in words and not re.search(NUM, words)
        if is_announced and "%）" in self.text[s:e]:
            self.named(state, s, e)
        elif "的" in words and self.earlier(state, s, e):
            pass
        elif m := self._ahead(state, s, e):
            self.pairs(state, s, m.start(), m.end(), end)
        elif is_announced:
            state.rate_words = "failure" if "不合格率" in words else "stated"
            state.announced = s
        elif state.rate_words and (m := LATER_VALUE.match(self.masked, s, e)):
            self.emit(state, s, m, state.rate_words)
            if 0 <= state.announced < s:
                self.changes(state, state.announced, s)  # 合格率与上季度持平，仍为100%
                state.announced = -1
        elif state.rate_words and (m := TIMED_VALUE.fullmatch(self.masked, s, e)):
            kind = state.rate_words
            self.emit(state, s, m, kind)
            state.rate_words = kind  # 逐季提高，一季度90%，二季度93%
        elif state.role in ("passed", "failed") and (m := SHARE_OF.match(self.masked, s, e)):
            self.emit(state, s, m, "stated" if state.role == "passed" else "failure")
        elif m := ALL.search(self.masked, s, e):
            self.all(state, s, e, m)

    def _inspector(self, words: str, behind: str) -> str | None:
        """Return who inspects according to a clause, None where that is the circular's own inspector or not told."""
        found = acts_above(self.context, words) or inspector_below(self.context, words)
        if found:
            return found
        found = inspector_in(self.context, words) or "" if is_checking(words + behind) else ""
        own = self.reading.inspection.inspector_level
        return found if found and (found == own or (found == "national" and is_checking(words))) else None

    def _streaks(self, state: State, s: int, e: int, stop: int) -> None:
        """Read the streaks of a clause, each with its own places: 甲市连续3个季度、乙市连续2个季度合格率100%."""
        at = s
        for m in list(STREAK.finditer(self.masked, s, stop)) or list(STREAK.finditer(self.masked, s, e))[:1]:
            own = find_scopes(self.context, self.masked, at, m.start()) if at > s else None
            if at > s and not own:
                return  # a further streak of nobody known
            self.streak(replace(state, scopes=own) if own else state, at, e, m)
            at = m.end()

    def _ahead(self, state: State, s: int, e: int) -> re.Match[str] | None:
        """Return the words behind which names stand with their figures: 合格率分别为：, 其中 after a rate."""
        if m := PAIRS_AHEAD.search(self.masked, s, e):
            return None if decoys("part").search(self.masked[s : m.start()]) else m
        return _AMONG.match(self.masked, s, e) if state.latest else None

    def _measures(self, subjects: list[Subject]) -> list[str]:
        """Return the measures named last in a row: 政府网站和政务新媒体 are two."""
        found: list[Subject] = []
        for subject in subjects:
            between = self.masked[found[-1].end : subject.start] if found else ""
            if found and not re.fullmatch(
                r"(?:账号)?(?:\d+(?:个|家))?(?:和|、|与|及|以及)?(?:随机)?(?:抽查|检查)?(?:\d+(?:个|家))?", between
            ):
                found = []
            found.append(subject)
        return list(dict.fromkeys(s.measure for s in found))

    def _counts(self, state: State, counts: list[Count]) -> None:
        """Add the counts of a clause; one number for several bodies is their sum, and so is what follows it."""
        sums = [c for c in counts if c.role in ("checked", "total", "passed", "failed")]
        owners = {c: [x for x in state.scopes if x.start <= c.number.start < x.end] for c in sums}
        if len(state.scopes) > 1 and sums and all(owners.values()):
            for count in sums:
                for frame in self.frames(replace(state, scopes=owners[count])):
                    self.reading.counts.append(Counted(count, frame))
            return  # 30个省级部门网站和13个设区市网站: each its own
        if len(state.scopes) > 1 and sums:
            state.scopes = self.around if state.whole else [NOBODY]
        for count in counts:
            peers = [c for c in counts if c.role == count.role]
            measures = [count.measure] if count.measure else state.measures
            if not count.measure and len(peers) == len(state.measures) > 1:
                measures = [state.measures[peers.index(count)]]  # 检查比例分别为100%和20%
            for frame in self.frames(replace(state, measures=measures)):
                self.reading.counts.append(Counted(count, frame))
