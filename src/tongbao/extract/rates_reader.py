"""Reading pass rates clause by clause: the walk through the body with what a reader carries along.

Scopes are carried within a sentence, the kind of thing inspected further, a period within a paragraph. Clauses are
read in `rates_clauses`; turning a wording into statements is the job of `rates_telling`, statements into rows that of
`pass_rates`.
"""

import re
from dataclasses import replace

from tongbao.extract.context import Context
from tongbao.extract.document import Line
from tongbao.extract.facts import Span
from tongbao.extract.rates_clauses import MONTHLY, TELLS, ClauseReader
from tongbao.extract.rates_frames import (
    actors,
    heading_measures,
    heading_scopes,
    is_goal,
    share_totals,
    title_scope,
)
from tongbao.extract.rates_inspection import (
    Inspection,
    inspector_of_heading,
    own_inspection,
    says_national,
    says_self,
)
from tongbao.extract.rates_model import Counted, Reading, State
from tongbao.extract.rates_patterns import (
    RATES_APART,
)
from tongbao.extract.rates_tables import read_tables
from tongbao.extract.scopes import is_demand, is_relevant
from tongbao.extract.statements import (
    Scope,
    find_subjects,
    mask,
    own_scope,
    sentence_clauses,
)

_ASIDE = re.compile(
    r"(?:而|较|比|与)?(?:(?:19|20)\d\d年)?(?:第?[一二三四]季度|[上下]半年|去年|上年|上一?季度)[^，；。\d]{0,6}?合格率"
)
_TELLS_RATES = re.compile(r"合\s*格|突出问题|否决")  # nor a circular without any of these
_BY_PROVINCE = re.compile(r"在(?:全)?(?:省|自治区)[^，；。]{0,20}(?:抽查|检查|普查|监测|通报)中")


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


class _Reader(ClauseReader):
    """Walks through lines, sentences and clauses, carrying the frame."""

    def __init__(self, context: Context, masked: str, reading: Reading, home: Scope) -> None:
        super().__init__(context, masked, reading, home)
        titled = [s.measure for s in find_subjects(mask(context.title), 0, len(context.title))]
        self.default = list(dict.fromkeys(titled))[:1] or ["website"]
        self.around = self.whole = [title_scope(context, home)]

    def line(self, line: Line) -> None:
        """Read one paragraph; headings give its measure."""
        if not TELLS.search(self.masked, line.content, line.end):
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
        while last and not TELLS.search(self.masked, sentences[last - 1][0][0], sentences[last - 1][-1][1]):
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
        state.is_monthly = len(set(MONTHLY.findall(words))) > 1
        for i, (s, e) in enumerate(clauses):
            state.inspector = actors_from.get(s, state.inspector)
            if is_goal(self.masked, clauses, i):
                continue
            if ("分别" in words or "依次" in words) and self.series(state, s, e, end):
                break
            period = state.period
            self.clause(state, start, s, e, clauses[i + 1 :])
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
