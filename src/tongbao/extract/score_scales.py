"""The full mark of a score: 满分100分, 总分120分, 百分制; printed for all, or for one measure, group or indicator.

A full mark is told once and holds for every score of the exercise; where two compete for one score, it has none.
"""

import re
from dataclasses import dataclass

from tongbao.extract.context import Context
from tongbao.extract.document import Line
from tongbao.extract.facts import Span
from tongbao.extract.group_phrases import groups_in
from tongbao.extract.line_words import words_begin
from tongbao.extract.memory import once
from tongbao.extract.scopes import group_kind, is_demand, measure_in, measures_in
from tongbao.extract.score_groups import UNKNOWN, group_of_heading, indicator_before
from tongbao.extract.statements import sentence_clauses

_N = r"\d{1,4}(?:\.\d{1,2})?"
_FULL = re.compile(
    rf"(?P<kind>满分|总分)(?:值|分)?(?:均|各|都|统一|设定|设置|分别)*(?:为|是|：|计|共)?(?P<v>{_N})分?(?![\d.个家名%％])"
    rf"(?P<more>(?:[、，和及]{_N}分)*)|(?P<system>\d{{2,4}})分制|(?P<hundred>百分制)"
)
_BEHIND = re.compile(
    rf"（(?:满分|总分|指标满分|指标分值|分值)(?:为|是|：)?(?P<v>{_N})分?(?:[，、；][^（）]*|含加分[^（）]*)?）"
)
_OTHER_POINTS = re.compile(r"(?:加分|扣分|附加|奖励|单项|各项|每项|每个|折算|换算)(?:项|指标)?(?:的)?$|分（$")
_BEFORE_TOTAL = re.compile(
    r"(?:考核|考评|评估|测评|评价|评分|检查|监测|抽查|网站|新媒体|账号|公开|本次|此次|设|实行|部门|单位|县|区|）|市|镇|乡|道|（|指标)?$"
)
_RANKED = re.compile(r"排名|位[列居]|名列|第[一二三四五六七八九十\d]+(?:名|位)|以上|以下")


@dataclass(frozen=True, slots=True)
class Scale:
    """A printed full mark with what it is said of; nothing in `measures` or `groups` means all."""

    value: str
    span: Span
    measures: tuple[str, ...]
    groups: tuple[str, ...]
    indicator: str


def scale_of(context: Context, measure: str, group: str, indicator: str, least: float) -> Scale | None:
    """Return the full mark that holds for a score, None where none is printed, two compete, or it is exceeded.

    What is said of the group goes before what is said of all, and what is said of the measure before what is not.
    """
    fitting = [x for x in scales(context) if x.indicator == indicator and (not x.measures or measure in x.measures)]
    kind = group_kind(group) or "-"
    named = [x for x in fitting if group in x.groups] or [
        x for x in fitting if kind in {group_kind(g) for g in x.groups}
    ]
    best = named or [x for x in fitting if not x.groups]
    best = [x for x in best if x.measures] or best
    if len({float(x.value) for x in best}) != 1 or float(best[0].value) < least:
        return None
    return best[0]


def scale_behind(text: str, at: int) -> tuple[str, int] | None:
    """Return the full mark in brackets right behind a score (8.4分（满分20分）) and where the bracket ends."""
    m = _BEHIND.match(text, at)
    return (m["v"], m.end()) if m else None


@once
def scales(context: Context) -> tuple[Scale, ...]:
    """Return every full mark that the body prints, in order."""
    text = context.document.text
    found: list[Scale] = []
    for line in context.document.body():
        start = words_begin(text, line)
        words = text[start : line.end]
        if is_demand(context, line) or not ("满分" in words or "总分" in words or "分制" in words or "指标" in words):
            continue
        if line.kind == "table_row" or " | " in words:
            continue
        for clauses in sentence_clauses(text, start, line.end):
            for i, (s, e) in enumerate(clauses):
                found += _in_clause(line, text, clauses, i, s, e)
    return tuple(found)


def _in_clause(line: Line, text: str, clauses: list[Span], i: int, s: int, e: int) -> list[Scale]:
    found = []
    for m in _FULL.finditer(text, s, e):
        before = text[s : m.start()]
        if _OTHER_POINTS.search(before) or (m["kind"] == "总分" and not _is_total(text, before, m, e)):
            continue
        if re.search("\\d(?:\\.\\d+)?分（[^（）]*$", before):
            continue  # 得分58分（总分60分）以上: of this score only
        values = [m["v"] or m["system"] or "100", *re.findall(_N, m["more"] or "")]
        if len(values) > 1:
            found += _aligned(line, text, s, m, values)
            continue
        indicator = indicator_before(text, s, m.start(), None)
        if indicator == UNKNOWN:
            continue
        groups = tuple(dict.fromkeys(g.words for g in groups_in(text, s, m.start())))
        if not groups and (home := group_of_heading(line)):
            groups = (home,)
        measures = () if indicator else measures_in(before) or _measure_above(line)
        found.append(Scale(values[0], m.span(), measures, groups, indicator))
    for m in _INDICATOR.finditer(text, s, e):
        found.append(Scale(m["v"], m.span(), (), (), m["name"]))
    return found


_INDICATOR = re.compile(
    rf"“(?P<name>[^“”]{{2,24}})”(?:一级|二级|三级)?指标（(?:满分|总分|分值|权重)?(?:为|：)?(?P<v>{_N})分）"
)


def _is_total(text: str, before: str, m: re.Match[str], e: int) -> bool:
    """Say whether 总分N分 is the full mark and no unit's result (以总分95.5分位居第一)."""
    if "." in m["v"] or int(m["v"]) % 10 or re.search(r"[以得达]$|平均$|获得$", before):
        return False
    return bool(_BEFORE_TOTAL.search(before)) and not _RANKED.search(text, m.end(), e)


def _measure_above(line: Line) -> tuple[str, ...]:
    for heading in reversed(line.path):
        if measure := measure_in(heading.words):
            return (measure,)
    return ()


def _aligned(line: Line, text: str, s: int, m: re.Match[str], values: list[str]) -> list[Scale]:
    """Read 政府网站、政务新媒体满分分别为120分、100分: as many full marks as things or groups."""
    names = [n for n in re.split("[、和及与]", text[s : m.start()]) if n]
    if "分别" not in m.group() or len(names) != len(values):
        return []
    found = []
    for name, value in zip(names, values, strict=True):
        groups = tuple(g.words for g in groups_in(name, 0, len(name)))
        measures = measures_in(name)
        if not groups and not measures:
            return []
        found.append(Scale(value, m.span(), measures or _measure_above(line), groups, ""))
    return found
