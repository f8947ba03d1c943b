"""Plain rank lists: 前三名依次为甲、乙、丙; 甲、乙、丙分列第二至第四名. Their rows have a position and no grade."""

import re

from tongbao.extract.context import Context
from tongbao.extract.document import Line
from tongbao.extract.grade_list_parts import Frame, GradeList
from tongbao.extract.mentions import find_counts
from tongbao.extract.scopes import clean_group, measure_at
from tongbao.extract.spans import clauses
from tongbao.extract.units import read_units

_RANKED = re.compile(
    r"(?:排名|名列|位列|位居|得分|总分|总排名|综合排名|综合得分)?(?:居|列|位居)?前(?P<n>\d{1,3}|[一二三四五六七八九十]{1,3})(?:名|位)"
    r"(?:的)?(?P<group>[^，。；：、\d依分是为有]{0,14}?)(?:依次|分别)?(?:为|是|有)：?(?P<list>.+)"
)
_PLACES = re.compile(
    r"(?P<list>.+?)(?:分列|分获|分居|分别位列|分别位居|分别列)第?(?P<from>\d{1,3}|[一二三四五六七八九十]{1,3})(?:名|位)?(?:至|到|—|-)第?(?P<to>\d{1,3}|[一二三四五六七八九十]{1,3})(?:名|位)"
)


def rank_list(context: Context, line: Line, start: int, end: int, frame: Frame) -> list[GradeList]:
    """Read 排名前十名的市依次是：甲、乙… and 甲、乙、丙分列第二至第四名."""
    text = context.document.text
    words = text[start:end]
    m = _RANKED.search(words)
    if m:
        units = read_units(context, start + m.start("list"), end)
        if units:
            group = clean_group(m["group"]) if m["group"] else ""
            return [
                GradeList(
                    measure_at(context, line, words),
                    group or frame.group,
                    frame.group_n,
                    "",
                    units.units,
                    start + m.start(),
                    start + m.start("list"),
                    "rank_list",
                    line,
                    n_stated=_int(m["n"]),
                    is_open=units.is_open,
                    ordered=True,
                    uses=((start + m.start("n"), start + m.end("n")),),
                )
            ]
    for s, e in clauses(text, start, end):
        m = _PLACES.fullmatch(text[s:e])
        units = read_units(context, s, s + m.end("list")) if m else None
        if m and units:
            first, last = _int(m["from"]), _int(m["to"])
            if last - first + 1 != len(units.units):
                continue  # ties: who stands where is not printed
            return [
                GradeList(
                    measure_at(context, line, words),
                    frame.group,
                    frame.group_n,
                    "",
                    units.units,
                    s,
                    e,
                    "rank_span",
                    line,
                    n_stated=last - first + 1,
                    ordered=True,
                    first_position=first,
                    uses=((s + m.end("list"), e),),
                )
            ]
    return []


def _int(words: str) -> int:
    return int(find_counts(words + "个")[0].text)
