"""Reading pass rates clause by clause: the walk through the body with what a reader carries along.

Scopes are carried within a sentence, the kind of thing inspected further, a period within a paragraph. Turning a
wording into statements is the job of `rates_telling`, statements into rows that of `pass_rates`.
"""

import re
from dataclasses import replace

from tongbao.extract.context import Context
from tongbao.extract.document import Line
from tongbao.extract.facts import Span
from tongbao.extract.periods import write_period
from tongbao.extract.rates_counts import Count, read_counts
from tongbao.extract.rates_frames import NOBODY, actors, heading_measures, heading_scopes, is_goal, share_totals, title_scope
from tongbao.extract.rates_inspection import (
    Inspection,
    acts_above,
    inspector_below,
    inspector_in,
    inspector_of_heading,
    is_checking,
    own_inspection,
    says_national,
    says_self,
)
from tongbao.extract.rates_model import Counted, Reading, State
from tongbao.extract.rates_patterns import (
    ALL,
    CHANGE,
    COVERAGE,
    LATER_VALUE,
    NUM,
    PAIRS_AHEAD,
    RATE,
    SHARE_OF,
    RATES_APART,
    STREAK,
    TIMED_VALUE,
    decoys,
)
from tongbao.extract.rates_series import SeriesTeller
from tongbao.extract.rates_tables import read_tables
from tongbao.extract.scope_reading import counts_unknown, find_scopes, names_unknown
from tongbao.extract.scopes import is_demand, is_relevant
from tongbao.extract.statements import (
    Scope,
    Subject,
    find_subjects,
    mask,
    own_scope,
    sentence_clauses,
)
from tongbao.extract.told_periods import find_period, find_period_list

_TELLS = re.compile(r"\d|合格|单项否决")  # without any of these a paragraph says nothing of rates
_TIMED = re.compile("[年季上]")  # what every wording of a period holds
_ASIDE = re.compile(
    r"(?:而|较|比|与)?(?:(?:19|20)\d\d年)?(?:第?[一二三四]季度|[上下]半年|去年|上年|上一?季度)[^，；。\d]{0,6}?合格率"
)
_TELLS_RATES = re.compile(r"合\s*格|突出问题|否决")  # nor a circular without any of these
_BY_PROVINCE = re.compile(r"在(?:全)?(?:省|自治区)[^，；。]{0,20}(?:抽查|检查|普查|监测|通报)中")
_MONTHLY = re.compile(r"(?<!\d)(?P<month>1[0-2]|[1-9])月份?[^，；。\d]{0,12}?合格率")
_SAVE = re.compile(r"除[^，；。]{2,40}?(?:外|以外|之外)")
_REST = re.compile(r"各[^，；。]*(?:均|都|全部|合格率)|(?:其他|其余)")
_AMONG = re.compile(r"其中(?:，|：)?")
_OTHER_THINGS = re.compile(r"(?:其中|，|：)*(?P<words>(?:其他|其余|其它)(?:类型?|各类)?(?:政务新媒体|新媒体|平台|渠道)?(?:账号|平台|政务新媒体|网站|频道))"
    r"(?:（[^）]*）)?(?:的)?(?:均|都|全部|共|抽查|检查|监测|合格|\d|$)")
_GOES_ON = re.compile(r"(?:和|及)?[一-鿿]{2,10}\d+(?:个|家)")


def read_rates(context: Context) -> Reading:
    """Read the body and the tables of a circular. Schemes and papers on other matters give nothing."""
    home = own_scope(context)
    if home is None or not is_relevant(context) or not _TELLS_RATES.search(context.document.text):
        return Reading(Inspection("", ""))
    masked = mask(context.document.text)
    reading = Reading(own_inspection(context, masked))
    reader = _Reader(context, masked, reading, home)
    for line in context.document.body():
        if line.kind in ("paragraph", "heading") and not is_demand(context, line):
            reader.line(line)
    read_tables(context, reading, home, reader.default[0])
    return reading


class _Reader(SeriesTeller):
    """Walks through lines, sentences and clauses, carrying the frame."""

    def __init__(self, context: Context, masked: str, reading: Reading, home: Scope) -> None:
        super().__init__(context, masked, reading, home)
        titled = [s.measure for s in find_subjects(mask(context.title), 0, len(context.title))]
        self.default = list(dict.fromkeys(titled))[:1] or ["website"]
        self.around = self.whole = [title_scope(context, home)]

    def line(self, line: Line) -> None:
        """Read one paragraph; headings give its measure."""
        if not _TELLS.search(self.masked, line.content, line.end):
            return
        self.around = heading_scopes(self.context, line) or self.whole
        pending: list[Scope] = []
        n_before = len(self.reading.counts), len(self.reading.statements)
        above = next((i for h in reversed(line.path) if (i := inspector_of_heading(self.context, h.words))), None)
        state = State(self.around, heading_measures(line) or self.default)
        for clauses in self._telling(sentence_clauses(self.masked, line.content, line.end)):
            goes_on = bool(clauses) and self.masked.startswith("其中", clauses[0][0])
            inspector = state.inspector if goes_on else above
            state = replace(
                state,
                scopes=pending or self.around,
                inspector=inspector,
                headed=above,
                role="",
                rate_words="",
                latest=[],
                parts=0,
                whole=False,
                seen=[],
            )
            n_counts, n_statements = len(self.reading.counts), len(self.reading.statements)
            self._sentence(state, clauses)
            new = self.reading.counts[n_counts:]
            if new or len(self.reading.statements) > n_statements:
                pending = self._pending(new) if len(self.reading.statements) == n_statements else []
        share_totals(self.reading, *n_before)

    def _telling(self, sentences: list[list[Span]]) -> list[list[Span]]:
        """Return the sentences up to the last one that can tell a rate or a count: nothing looks back at the rest."""
        last = len(sentences)
        while last and not _TELLS.search(self.masked, sentences[last - 1][0][0], sentences[last - 1][-1][1]):
            last -= 1
        return sentences[:last]

    def _pending(self, counts: list[Counted]) -> list[Scope]:
        """Return the one place or group whose number checked a sentence gave without a rate: the next may bring it."""
        scopes = {counted.frame.scope.name: counted.frame.scope for counted in counts}
        if len(scopes) != 1 or set(scopes) == {self.around[0].name}:
            return []
        if not any(counted.count.role == "checked" for counted in counts):
            return []
        return [replace(scope, start=0, end=0) for scope in scopes.values()]

    def _sentence(self, state: State, clauses: list[Span]) -> None:
        if not clauses:
            return
        clauses = self._apart(clauses)
        start, end = clauses[0][0], clauses[-1][1]
        words = self.masked[start:end]
        if says_national(words):
            state.inspector = "national"
        elif says_self(words):
            state.inspector = ""
        elif self.home.level in ("prefecture", "county", "zone") and _BY_PROVINCE.search(words):
            state.inspector = "province"
        actors_from = actors(self.context, self.masked, self.reading.inspection.inspector_level, clauses)
        state.is_monthly = len(set(_MONTHLY.findall(words))) > 1
        for i, (s, e) in enumerate(clauses):
            state.inspector = actors_from.get(s, state.inspector)
            if is_goal(self.masked, clauses, i):
                continue
            if ("分别" in words or "依次" in words) and self.series(state, s, e, end):
                break
            period = state.period
            self._clause(state, start, s, e, clauses[i + 1 :])
            if i and _ASIDE.match(self.masked, s, e) and state.period != self.context.period:
                state.period = period  # what follows 一季度合格率88%的状况有所改观 is not about that quarter

    def _apart(self, clauses: list[Span]) -> list[Span]:
        """Cut 政府网站合格率98%、政务新媒体合格率96% into one clause a rate."""
        found: list[Span] = []
        for s, e in clauses:
            at = s
            for m in RATES_APART.finditer(self.masked, s, e) if self.masked.count("合格率", s, e) > 1 else ():
                found.append((at, m.start()))
                at = m.end()
            found.append((at, e))
        return found

    def _clause(self, state: State, sentence: int, s: int, e: int, rest: list[Span]) -> None:
        words = self.masked[s:e]
        tells = _TELLS.search(words) is not None
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
        if _TIMED.search(words) is None or len(find_period_list(self.context, self.masked, s, e)) > 1:
            pass  # no period, or each value has one of its own
        elif (period := find_period(self.context, self.masked, s, e)) and not CHANGE.match(words):
            state.period = period
        if state.is_monthly and (m := _MONTHLY.search(words)) and self.context.period[:4]:
            state.period = write_period(self.context.period[:4], "M", int(m["month"]))
        rate = RATE.search(self.masked, s, e) if tells else None
        streak = STREAK.search(self.masked, s, e) if "连续" in words else None
        stop = min([m.start() for m in (rate, streak) if m] or [e])
        scopes = find_scopes(self.context, self.masked, s, stop)
        subjects = find_subjects(self.masked, s, stop)
        if (
            rate
            and scopes is None
            and (state.parts > 1 or (state.scopes != self.around and re.match(r"总体|整体|总的?合|全部", words)))
        ):
            state.scopes = self.around  # the parts are counted one by one, the rate is that of the whole
        if scopes is not None:
            state.scopes = scopes
            own = self.context.own_place(self.masked[s : scopes[0].start]) if len(scopes) > 1 else None
            state.whole = own is not None  # 全市检查A、B的网站85个 is about the whole
        elif m := _OTHER_THINGS.match(self.masked, s, e):
            state.scopes = [Scope(m["words"], "group", "", m.start("words"), m.end("words"))]
        elif counts_unknown(self.masked, s, e) or (
            names_unknown(self.masked, s, stop) and (rate or streak or ALL.search(self.masked, s, e))
        ):
            state.scopes = [NOBODY]
        elif _REST.search(words) and _SAVE.search(self.masked, sentence, s + len(words)):
            state.scopes = [NOBODY]  # 除A、B外，各县区网站全部合格
        if subjects:
            named = self._measures(subjects)
            goes_on = state.role in ("checked", "total") and _GOES_ON.fullmatch(words)
            state.measures = list(dict.fromkeys([*state.measures, *named])) if goes_on else named
            state.seen = list(dict.fromkeys([*state.seen, *named]))
        counts = read_counts(self.text, self.masked, s, e, state.role) if tells else []
        if not rate and not streak:
            self._counts(state, counts)
        repaired = decoys("repaired").search(self.masked[sentence:e])
        if repaired and repaired.start() + sentence < e:
            return
        if streak:
            self._streaks(state, s, e, rate.start() if rate else e)
        elif rate:
            self.rate(state, s, e, rate, rest)
            if scopes and self.masked[rate.end() : rate.end() + 1] in ("、", "，", "；"):
                self.pairs(state, s, rate.start(), rate.end(), rest[-1][1] if rest else e)
            self._counts(state, [c for c in counts if c.end <= rate.start() or c.start >= rate.end()])
        elif "合格率" in words and "%）" in self.text[s:e] and not re.search(NUM, words):
            self.named(state, s, e)
        elif "的" in words and self.earlier(state, s, e):
            pass
        elif m := self._ahead(state, s, e):
            self.pairs(state, s, m.start(), m.end(), rest[-1][1] if rest else e)
        elif "合格率" in words and not re.search(NUM, words):
            state.rate_words = "failure" if "不合格率" in words else "stated"
        elif state.rate_words and (m := LATER_VALUE.match(self.masked, s, e)):
            self.emit(state, s, m, state.rate_words)
        elif state.rate_words and (m := TIMED_VALUE.fullmatch(self.masked, s, e)):
            kind = state.rate_words
            self.emit(state, s, m, kind)
            state.rate_words = kind  # 逐季提高，一季度90%，二季度93%
        elif state.role in ("passed", "failed") and (m := SHARE_OF.match(self.masked, s, e)):
            self.emit(state, s, m, "stated" if state.role == "passed" else "failure")
        elif m := ALL.search(self.masked, s, e):
            self.all(state, s, e, m)
        self.changes(state, s, e)
        if counts:
            state.role = counts[-1].role if counts[-1].role != "share" else state.role
            is_part = scopes or subjects or "其中" in self.masked[sentence:e]  # 其中：省直20个，县区50个
            state.parts += bool(counts[-1].role == "bare" and is_part)
        elif not words.startswith(("其中", "占")) and not state.rate_words:
            state.role = ""

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
