"""The frame of rates around a clause: whom title and headings are about, what is only a goal, who inspects.

Clauses are read in `rates_reader`, which carries these along.
"""

import re
from dataclasses import replace

from tongbao.extract.context import Context
from tongbao.extract.document import Line
from tongbao.extract.facts import Span
from tongbao.extract.rates_inspection import acts_above, inspector_in, is_checking, says_national
from tongbao.extract.rates_model import Counted, Reading
from tongbao.extract.rates_patterns import decoys
from tongbao.extract.scope_reading import find_scopes
from tongbao.extract.statements import Scope, find_subjects, mask

NOBODY = Scope("", "", "", 0, 0)
_TELLING = re.compile(r"个别|部分|少数|多数|有的|一些|问题|合格率|不|未|较|有待|提升|提高")
_GOVERNMENT_WIDE = re.compile(r"政务|数据|信息|行政审批|网信|互联网|政府网站|办公[厅室]$")
_SYSTEM = re.compile(
    r"关于(?:[^，。]{0,16}?(?:季度|年度?|月份?|半年))?(?:全[省市区县州])?(?P<name>(?!政府)[一-鿿]{2,4}系统|[厅局委]系统)"
)


def title_scope(context: Context, home: Scope) -> Scope:
    """Return whom the title is about: one group (厅属单位网站抽查情况), a department's system, else the territory.

    A department that is not in charge of all government websites speaks of its own bodies; where its text never
    says 全省 or the like, whom it means is unknown.
    """
    title = mask(context.title)
    about = max(title.find("关于"), 0)
    if m := _SYSTEM.search(title, about):
        return Scope(m["name"], "group", "", 0, 0)
    found = find_scopes(context, title, about, len(title)) or []
    things = {subject.words for subject in find_subjects(title, about, len(title))}
    if len(found) == 1 and found[0].level == "group" and found[0].name not in things:
        return replace(found[0], start=0, end=0)
    if context.issuer_level == "department" and not _GOVERNMENT_WIDE.search(context.issuer):
        text = title + "".join(context.document.text[x.start : x.end] for x in context.document.body())
        if not re.search(r"[全我本][省市区县州]", text):
            return NOBODY
    return home


def is_goal(masked: str, clauses: list[Span], i: int) -> bool:
    """Say whether a clause or the one before it sets a goal (力争合格率达到95%) instead of telling a result."""
    start = clauses[max(0, i - 1)][0]
    words = masked[start : clauses[i][1]]
    return any(
        words[m.start() - 1 : m.start()] not in ("为", "以") and not words.startswith("计划单列", m.start())
        for m in decoys("goal").finditer(words)
    )


def heading_measures(line: Line) -> list[str]:
    """Return what the nearest heading that names any kind of thing names; empty where none does."""
    for heading in reversed(line.path):
        words = mask(heading.words)
        if found := list(dict.fromkeys(s.measure for s in find_subjects(words, 0, len(words)))):
            return found
    return []


def heading_scopes(context: Context, line: Line) -> list[Scope]:
    """Return whom the nearest heading names ((一）区直部门网站); somebody unknown where it names several groups."""
    for heading in reversed(line.path):
        words = mask(heading.words)
        if _TELLING.search(words):
            continue
        found = find_scopes(context, words, 0, len(words))
        if found is not None:
            several = len(found) > 1 and any(scope.level == "group" for scope in found)
            return [NOBODY] if several else [replace(scope, start=0, end=0) for scope in found]
    return []


def share_totals(reading: Reading, n_counts: int, n_statements: int) -> None:
    """Let the number in operation hold for whoever inspects: 正在运行100个。各部门自行检查，合格率95%.

    Only what a paragraph has added is looked at, that is the counts and statements behind the first `n_counts` and
    `n_statements`; a total that the paragraph prints for the other inspector goes before.
    """
    new = reading.counts[n_counts:]
    own = reading.inspection.inspector_level
    totals = [c for c in new if c.count.role == "total" and c.frame.inspector == own]
    told = {c.frame.key for c in new if c.count.role == "total"}
    for frame in [s.frame for s in reading.statements[n_statements:]] + [c.frame for c in new]:
        for total in totals if frame.inspector != own and frame.key not in told else ():
            if replace(frame, inspector=own).key == total.frame.key:
                reading.counts.append(Counted(total.count, frame))
                told.add(frame.key)


def actors(context: Context, masked: str, own: str, clauses: list[Span]) -> dict[int, str]:
    """Return who inspects from which clause on, where its parts name several: 国办抽查…；省政府办公厅抽查….

    A sentence with one inspector is left to the clause that names it.
    """
    starts = [s for s, _ in clauses if masked[max(0, s - 1)] in "；;"]
    if not starts:
        return {}
    ends = [*starts, clauses[-1][1]]
    found = {s: _actor(context, masked[s:e], own) for s, e in zip([clauses[0][0], *starts], ends, strict=True)}
    named = {s: actor for s, actor in found.items() if actor}
    return named if len(set(named.values())) > 1 else {}


def _actor(context: Context, words: str, own: str) -> str:
    """Return the level of whoever inspects in a part of a sentence, of the three known; else nothing."""
    if says_national(words):
        return "national"
    if above := acts_above(context, words):
        return above
    names_own = own in (inspector_in(context, clause) for clause in re.split("[，；]", words))
    return own if names_own and is_checking(words) else ""
