"""Graded lists of one name a line: below the title of an annex (不合格网站名单), or numbered below a grade heading."""

import re
from collections.abc import Iterator

from tongbao.extract.context import Context
from tongbao.extract.document import Line
from tongbao.extract.facts import Span
from tongbao.extract.grade_list_parts import Frame, GradeList, frame_above, grade_of_title
from tongbao.extract.grade_lists import read_lists
from tongbao.extract.memory import once
from tongbao.extract.scopes import is_demand, measure_at, names_group
from tongbao.extract.units import Unit, read_units

_NUMBER = re.compile(r"\s*(?:\d{1,3}\s*[.．、]|（\d{1,3}）|\d{1,3}\s+)?\s*")
_ITEM_LIMIT = 45  # characters
_ANNEX_WORDS = re.compile(r"附\s*[件表录]?\s*[一二三四五六七八九十\d]{0,2}\s*[：:]?\s*")


@once
def all_lists(context: Context) -> list[GradeList]:
    """Return every graded list of a circular that is not a table, in text order."""
    return sorted([*read_lists(context), *_line_lists(context)], key=lambda item: (item.start, item.end))


def _line_lists(context: Context) -> Iterator[GradeList]:
    """Yield the lists of one name a line.

    Example: 附件 / 不合格政府网站名单 / 1.甲县政府门户网站 / 2.乙县政府门户网站.
    """
    lines = [x for x in context.document.lines if x.part in ("body", "annex")]
    for index, line in enumerate(lines[:-1]):
        frame = _title_frame(context, line)
        if frame is None or not frame.grade or is_demand(context, line):
            continue
        units = _names(context, lines[index + 1 :], line)
        if not units:
            continue
        yield GradeList(
            measure=measure_at(context, line, context.document.text[line.start : line.end]),
            group=frame.group,
            group_n=frame.group_n,
            grade=frame.grade,
            units=tuple(units),
            start=line.start,
            end=line.end,
            rule="grade_lines",
            line=line,
            n_stated=frame.grade_n,
            uses=frame.uses,
        )


def _title_frame(context: Context, line: Line) -> Frame | None:
    """Return the grade of an annex title, or of a heading in the body whose names are numbered below it."""
    text = context.document.text
    if line.kind == "annex_title" or (line.kind == "annex_head" and line.end - line.start > 4):
        m = _ANNEX_WORDS.match(text, line.start, line.end)
        start = m.end() if m else line.start
        return grade_of_title(text[start : line.end], (start, line.end))
    return frame_above(context, line) if line.kind == "heading" and line.path and line.path[-1].level < 3 else None


def _names(context: Context, lines: list[Line], title: Line) -> list[Unit]:
    """Return the single names on the lines right below a title, up to the first line that is none."""
    text, units = context.document.text, []
    for line in lines:
        numbered = line.kind == "heading" and line.path[-1].level >= 3
        if line.annex != title.annex or not (numbered or (title.annex and line.kind == "paragraph")):
            break
        span = _name(text, line)
        found = read_units(context, *span) if span[1] - span[0] <= _ITEM_LIMIT else None
        if found is None or len(found.units) != 1 or names_group(found.units[0].name):
            break
        units.append(found.units[0])
    return units


def _name(text: str, line: Line) -> Span:
    m = _NUMBER.match(text, line.start, line.end)
    start, end = (m.end() if m else line.start), line.end
    while end > start and text[end - 1] in "。；;， ":
        end -= 1
    return start, end
