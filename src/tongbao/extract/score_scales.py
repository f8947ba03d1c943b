"""Full marks: out of how many points an exercise was scored, as the circular itself prints it.

A mark in brackets behind a score belongs to that score alone and is read with it; here stand the announcements that
hold for a section, a kind of site or the whole exercise. Where two compete, nothing is said.
"""

import re
from dataclasses import dataclass

from tongbao.extract.context import Context
from tongbao.extract.document import Heading, Line
from tongbao.extract.memory import once
from tongbao.extract.scopes import is_demand, measure_in
from tongbao.extract.score_groups import group_at_end, group_of_heading

_FULL = re.compile(r"满分(?:值)?(?:均|合计|共|统一)?(?:为|是|按|设为|：)?(?P<v>\d{2,4})分")
_TOTAL = re.compile(
    r"(?:评估|评价|考核|考评|测评|评测|监测|检查|评分|指标|网站|新媒体|账号|公开|基准|(?<=[，。；：（]))总分(?:值)?"
    r"(?:均|合计|共)?(?:为|是|设为|：)?(?P<v>\d{2,4})分(?![的以，]{0,2}[排位名以上列])"
)
_SYSTEM = re.compile(r"(?:按|按照|实行|采用|采取|以)(?:(?P<hundred>百)|(?P<v>\d{2,4}))分制")
_SCORED = re.compile(r"得分\d[\d.]*分?（$|\d分（$")


@dataclass(frozen=True, slots=True)
class FullMark:
    """An announced full mark: whom it is for, as far as the text says, and the headings it stands under."""

    points: int
    measure: str
    group: str
    path: tuple[Heading, ...]


@once
def full_marks(context: Context) -> tuple[FullMark, ...]:
    """Return the announcements of a circular, in order.

    Examples: 满分110分; 评估总分为130分; 按百分制计分; a heading （一）设区市（满分120分）. No announcement is the mark
    behind a score (8.4分（满分20分）) or the total that somebody reached (总分95分，排名第一).
    """
    text = context.document.text
    if "满分" not in text and "总分" not in text and "分制" not in text:
        return ()
    found = []
    for line in context.document.lines:
        if line.part not in ("body", "annex") or line.kind == "table_row" or is_demand(context, line):
            continue
        heading = line.path[-1] if line.path and line.path[-1].start == line.start else None
        for pattern in (_FULL, _TOTAL, _SYSTEM):
            for m in pattern.finditer(text, line.start, line.end):
                if _SCORED.search(text, max(line.start, m.start() - 12), m.start()):
                    continue
                before = re.split(r"[，。；：]", text[line.start : m.start()])[-1]
                clause = before + m.group()
                inside = heading is not None and m.end() <= heading.end
                group = group_of_heading(heading.words) if heading is not None and inside else group_at_end(before)
                measure = measure_in(clause) or next((w for h in reversed(line.path) if (w := measure_in(h.words))), "")
                points = 100 if "百" in m.group() else int(m["v"])
                found.append(FullMark(points, measure, group, line.path))
    return tuple(found)


def scale_of(context: Context, line: Line, measure: str, group: str) -> int | None:
    """Return the full mark that holds for a score of a kind of site and group on a line; None where none is certain.

    The announcement for the group counts before the nearest section's, and one for the kind of site before one that
    names none.
    """
    fitting = [m for m in full_marks(context) if m.measure in ("", measure)]
    if own := {m.points for m in fitting if m.group and _bare(m.group) == _bare(group)}:
        return own.pop() if len(own) == 1 else None
    fitting = [m for m in fitting if not m.group or (m.path and m.path == line.path[: len(m.path)])]
    for depth in range(len(line.path), -1, -1):
        near = [m for m in fitting if m.path[:depth] == line.path[:depth]]
        points = {m.points for m in near if m.measure} or {m.points for m in near}
        if points:
            return points.pop() if len(points) == 1 else None
    return None


def _bare(group: str) -> str:
    """Return a group without the office that stands for it: 区政府 and 区 are the same."""
    return re.sub("(?:人民)?政府$", "", group)
