"""From a matched wording to statements: who is meant, which figures, which periods.

One method a wording; each adds to the reading and notes what the next clause may refer to (`State.latest`).
"""

import re
from dataclasses import replace

from tongbao.extract.context import Context
from tongbao.extract.facts import Span
from tongbao.extract.mentions import Number, find_counts, find_numbers
from tongbao.extract.periods import kind_of
from tongbao.extract.rates_inspection import design_in, is_checking
from tongbao.extract.rates_model import Frame, Reading, State, Statement
from tongbao.extract.rates_patterns import (
    ALL,
    NAMED,
    NUM,
    OTHERS,
    PAIR,
    QUARTERS,
    RATE,
    STREAK_VALUE,
    WHO,
    decoys,
)
from tongbao.extract.scope_reading import find_scopes
from tongbao.extract.statements import Scope, find_subjects
from tongbao.extract.told_periods import find_period, find_period_list, relative

_RANKS = ("national", "province", "prefecture", "county")
_EACH = re.compile(r"均|都|各|分别|全部")


class Teller:
    """Turns matches of `rates_patterns` into statements of a reading."""

    def __init__(self, context: Context, masked: str, reading: Reading, home: Scope) -> None:
        self.context, self.text, self.masked = context, context.document.text, masked
        self.reading, self.home = reading, home

    def frames(self, state: State) -> list[Frame]:
        """Return the frames that a statement of the clause has: every scope with every kind of thing."""
        inspector = state.inspector
        if inspector is None:
            above = _RANKS.index(self.home.level) if self.home.level in _RANKS else len(_RANKS)
            is_higher = any(scope.level in _RANKS[:above] for scope in state.scopes)
            inspector = "" if is_higher else self.reading.inspection.inspector_level  # nobody inspects above oneself
        period = state.period
        if period is None:
            foreign = inspector == "national" and self.home.level != "national"
            period = "" if foreign else self.context.period
        return [
            Frame(scope, period, measure, inspector)
            for scope in state.scopes
            for measure in state.measures
            if scope.name
        ]

    def start(self, s: int, rate_start: int, scope: Scope) -> int:
        """Return where a statement begins: at the scope if it leads up to the rate, else at the measure word."""
        between = self.masked[scope.end : rate_start]
        if s <= scope.start < rate_start and not re.search(r"作为|之一|[：:]|列|被", between):
            return scope.start
        lead = re.search(
            r"(?:全年|平均|总体|整体|抽查|检查|普查|监测|网站|政府|政务新媒体|账号|综合|总)*$",
            self.masked[s:rate_start],
        )
        return s + lead.start() if lead else rate_start

    def values(self, m: re.Match[str]) -> list[Number]:
        """Return the percentages that a pattern has matched."""
        found = find_numbers(self.text, m.start(), m.end("values"))
        return [n for n in found if n.start >= m.start("values") and n.is_percent and _is_rate(n)]

    def bounded(self, m: re.Match[str], e: int) -> list[Number]:
        """Return the percentages of a match with comparators read from the whole clause."""
        wanted = {n.start for n in self.values(m)}
        return [n for n in find_numbers(self.text, m.start(), e) if n.start in wanted]

    def rate(self, state: State, s: int, e: int, m: re.Match[str], rest: list[Span]) -> None:
        """Read 合格率N%: of the scopes before it, or of those named behind (合格率100%的市有…)."""
        before = self.masked[s : m.start()]
        if decoys("part").search(before[-12:]) or (not is_checking(before) and self.is_evaluation(state)):
            return
        if self.is_of_other_things(m.start()):
            return
        mid = m["mid"]
        behind = self.masked[m.end() : e]
        if re.search(r"提升|提高|上升|增长|下降|降低|下滑", mid) and not re.search(r"[到至为达]", mid):
            return  # 合格率提高2.1% is a change of unclear unit
        if who := WHO.match(self.masked, m.end(), rest[-1][1] if rest else e):
            if "%）" in self.text[who.start("list") : who.end("list")]:
                return self.named(state, *who.span("list"))  # 低于90%的有甲市（85%）、乙市（88%）
            places = find_scopes(self.context, self.masked, *who.span("list"))
            if places and all(p.level != "group" for p in places):
                state.scopes = places
                self.emit(state, s, m, "failure" if m["neg"] else "stated")
            return
        named = find_scopes(self.context, self.masked, s, m.start())
        is_state = re.match(r"(?:以上|以下)?的(?:良好|较高|较低|好)?", behind)
        is_selecting = not is_state or not decoys("state").match(behind, is_state.end())
        if named is None and is_selecting and re.match(r"(?:以上|以下)?的(?!.{0,8}之一)", behind):
            return  # 合格率100%的市州有5个 speaks of nobody by name, 低于90%的予以通报 is a rule
        if re.fullmatch(r"(?:以上|以下)?的", behind):
            return  # 合格率达不到100%的，要… is a rule, not a result
        is_joint = len(state.scopes) > 1 and any(scope.level == "group" for scope in state.scopes)
        values = self.values(m)
        if is_joint and len(values) == 1 and values[0].value != 100 and not _EACH.search(before + mid):
            return  # one rate over several groups is none of theirs
        self.emit(state, s, m, "failure" if m["neg"] else "stated")

    def is_of_other_things(self, at: int) -> bool:
        """Whether the sentence speaks of food, water or wares up to here, and of no site or account since."""
        start = max(self.masked.rfind("。", 0, at), self.masked.rfind("\n", 0, at)) + 1
        said = list(decoys("other").finditer(self.masked, start, at))
        return bool(said) and not find_subjects(self.masked, said[-1].end(), at)

    def pairs(self, state: State, s: int, head: int, at: int, end: int) -> None:
        """Read 合格率分别为：宝塔区100%、洛川县90%: from `at` on, every name with the figure right behind it.

        `head` is where the measure word stands, `end` the end of the sentence. Reading stops at a name that means
        nobody known.
        """
        while (pair := PAIR.match(self.masked, at, end)) is not None:
            if re.search("率|季度|月|年", pair["name"]):
                return  # 乙县四季度合格率为75% is a statement of its own
            scopes = find_scopes(self.context, self.masked, *pair.span("name"))
            things = find_subjects(self.masked, *pair.span("name"))
            is_thing = scopes is None and len(things) == 1 and things[0].words == pair["name"]
            if not is_thing and (not scopes or len(scopes) > 1 or not scopes[0].name):
                return
            number = self.bounded(pair, end)[:1]
            said = replace(state, measures=[things[0].measure]) if is_thing else replace(state, scopes=scopes or [])
            for frame in self.frames(said) if number else []:
                design = self.design(state, frame, s, pair.end("values"))
                start = pair.start("name")
                told = Statement("stated", frame, start, number[0].outer[1], number[0], design=design)
                self.reading.statements.append(replace(told, uses=((head, head + 3),)))
            at = pair.end()

    def named(self, state: State, s: int, e: int) -> None:
        """Read 甲市（98.5%）、乙市（97%）合格率较高: every name with the figure in the bracket behind it."""
        for m in NAMED.finditer(self.text, s, e):
            name = re.sub("^(?:其中|和|及|与|以及|有|为|是)+", "", m["name"])
            start = m.end("name") - len(name)
            scopes = find_scopes(self.context, self.masked, start, m.end("name"))
            if not scopes or len(scopes) > 1 or not scopes[0].name or scopes[0].start != start:
                return
            number = find_numbers(self.text, *m.span("values"))[:1]
            for frame in self.frames(replace(state, scopes=scopes)) if number else []:
                design = self.design(state, frame, s, e)
                self.reading.statements.append(Statement("stated", frame, start, m.end(), number[0], design=design))

    def is_evaluation(self, state: State) -> bool:
        """Whether the circular reports an evaluation, whose 合格率 is the share above a score."""
        return self.context.exercise in ("evaluation", "assessment")

    def emit(self, state: State, s: int, m: re.Match[str], kind: str) -> None:
        """Add the stated rates of a match: one value for all frames, or as many values as frames."""
        line_end = self.masked.find("\n", m.end())
        numbers = self.bounded(m, line_end if line_end >= 0 else len(self.masked))
        frames = self.frames(state)
        if re.search(r"由|从", m.groupdict().get("mid") or "") and numbers:
            return self.from_to(state, s, m, numbers[0])
        if len(numbers) > 1 and len(frames) == 1:
            periods = find_period_list(self.context, self.masked, s, m.start())
            if len(periods) == len(numbers):
                frames = [replace(frames[0], period=period) for period in periods]
        if len(numbers) == 1 and "季度" in self.masked[s : m.start()] and _EACH.search(m.group()):
            periods = find_period_list(self.context, self.masked, s, m.start())
            frames = [replace(f, period=period) for f in frames for period in periods] or frames  # 四个季度均为100%
        if len(numbers) > 1 and len(frames) == 1 and len(state.seen) == len(numbers):
            frames = [replace(frames[0], measure=measure) for measure in state.seen]
        if len(numbers) > 1 and len(frames) != len(numbers):
            return
        if not numbers:
            return
        made = []
        for i, frame in enumerate(frames):
            number = numbers[i] if len(numbers) > 1 else numbers[0]
            start = self.start(s, m.start(), frame.scope)
            design = self.design(state, frame, s, m.end())
            made.append(Statement(kind, frame, start, number.outer[1], number, design=design))
        self.reading.statements += made
        state.latest, state.rate_words = made, ""

    def from_to(self, state: State, s: int, m: re.Match[str], old: Number) -> None:
        """Add 由上季度的100%下降至96%: the earlier value belongs to the earlier period."""
        words = m["mid"]
        since = m.start("mid") + max(words.rfind("由"), words.rfind("从")) + 1
        period = find_period(self.context, self.masked, since, m.end("mid")) or relative(self.context, words)
        new = re.compile(
            rf"[^，；。\d]{{0,8}}?(?:下降|降|降低|提升|提高|上升|增长|升)?(?:到|至|为)(?P<when>[^，；。\d]{{2,6}}的)?(?P<values>{NUM})"
        ).match(self.masked, m.end("values"))
        if new is None:
            return
        later = find_period(self.context, self.masked, *new.span("when")) if new["when"] else None
        if later or state.period == period:
            state.period = later  # 由第一季度的91%提高到第三季度的96%
        frames = self.frames(state)
        number = self.bounded(new, new.end() + 6)[0]
        made = [
            Statement(
                "stated",
                f,
                self.start(s, m.start(), f.scope),
                number.outer[1],
                number,
                design=self.design(state, f, s, new.end()),
            )
            for f in frames
        ]
        self.reading.statements += made
        state.latest = made
        if period:
            self.reading.statements += [
                Statement("stated", replace(f, period=period), m.start(), old.end, old) for f in frames
            ]

    def all(self, state: State, s: int, e: int, m: re.Match[str]) -> None:
        """Read 全部合格 and 未发现不合格网站: a rate of 1 that is computed, not printed."""
        sentence = self.masked[max(0, s - 80) : e]
        if not (is_checking(sentence) or self.context.exercise in ("spot_check", "census")):
            return
        if self.is_evaluation(state) and not is_checking(sentence):
            return
        if re.search(r"整改|指标|栏目|事项|是否|如|若", self.masked[s : m.start()]) or (
            re.match(r"[^，；。]{0,6}(?:的|予以)", self.masked[m.end() : e])
            and not re.match(r"(?:的)?(?:政府)?(?:网站|政务新媒体|账号|情况|问题|现象|事项)", self.masked[m.end() : e])
        ):
            return
        if not state.measures or self.is_of_other_things(m.start()):
            return
        scopes = (
            find_scopes(self.context, self.masked, s, m.end())
            if not find_scopes(self.context, self.masked, s, m.start())
            else None
        )
        if scopes and "发现" in m.group():
            state.scopes = scopes
        made = []
        tail = m.end()
        for frame in self.frames(state):
            start = self.start(s, m.start(), frame.scope)
            made.append(Statement("all", frame, start, tail, design=self.design(state, frame, s, e)))
        self.reading.statements += made
        state.latest = []

    def streak(self, state: State, s: int, e: int, m: re.Match[str]) -> None:
        """Read 连续N个季度合格率100% and 连续N个季度全部合格."""
        rate = RATE.search(self.masked, m.end(), e) or self.carried_rate(state, s, m, e)
        every = ALL.search(self.masked, m.end(), e)
        hit = rate or every
        if hit is None or (rate and (rate.groupdict().get("neg") or len(self.values(rate)) != 1)):
            return
        if rate and decoys("part").search(self.masked[m.end() : rate.start()]):
            return
        if find_scopes(self.context, self.masked, s, m.start()) is None and OTHERS.match(self.masked, hit.end(), e):
            return  # 对连续两个季度合格率低于80%的市 speaks of nobody by name
        frames = self.frames(state)
        steps = int(next(n.text for n in find_counts(self.text, m.start("n"), e)))
        number = self.bounded(rate, e)[0] if rate else None
        end = number.outer[1] if number else hit.end()
        for frame in frames:
            if not frame.period or kind_of(frame.period) != QUARTERS[m["unit"]]:
                continue
            start = self.start(s, m.start(), frame.scope)
            self.reading.statements.append(Statement("streak", frame, start, end, number, steps=steps))

    def carried_rate(self, state: State, s: int, m: re.Match[str], e: int) -> re.Match[str] | None:
        """Return the figure right behind 连续N个季度 whose measure word stands before it, None without one.

        Examples: 合格率连续七个季度达到100%; 甲市合格率100%，乙市更是连续三个季度保持100%; but not
        办结率连续三个季度保持100%.
        """
        words = self.masked[s : m.start()]
        own = re.search(r"(?<!不)合格率(?:均|都|已|也|还|更是?)*$", words)
        if own is None and (not any(x.kind == "stated" for x in state.latest) or re.search("率|比例|占比", words)):
            return None
        if own and decoys("part").search(words[-15:]):
            return None
        return STREAK_VALUE.match(self.masked, m.end(), e)

    def design(self, state: State, frame: Frame, s: int, e: int) -> str:
        """Return the design of the sample: the circular's own exercise, or what the sentence says of another."""
        own = self.reading.inspection
        if frame.period == self.context.period and frame.inspector == own.inspector_level and own.design:
            return own.design
        start = max(self.masked.rfind("。", 0, s), self.masked.rfind("\n", 0, s)) + 1
        if self.masked.startswith("其中", start):
            start = self.masked.rfind("\n", 0, s) + 1
        return design_in(self.masked[start:e])


def _is_rate(number: Number) -> bool:
    """Whether a percentage can be a rate: more than 100 % is damage and stays for `figures`."""
    return len(number.text) <= 8 and number.value <= 100
