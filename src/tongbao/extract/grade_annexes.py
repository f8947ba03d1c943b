"""Lists of names below a title, one or more a line (不合格网站名单, 得分排名), and names numbered below a grade.

The title of the list gives the grade (or says that scores follow), headings within it give groups.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from tongbao.extract.column_roles import column_words, grade_in
from tongbao.extract.context import Context
from tongbao.extract.document import Line
from tongbao.extract.facts import Span
from tongbao.extract.grade_list_parts import Frame, GradeList, count_in, frame_above, grade_of_title, ordering
from tongbao.extract.grade_lists import read_lists
from tongbao.extract.grade_words import grade_pattern
from tongbao.extract.group_phrases import group_in
from tongbao.extract.memory import once
from tongbao.extract.scopes import group_kind, is_demand, measure_at, names_group, words_of
from tongbao.extract.spans import split_outside
from tongbao.extract.table_subjects import plain_group, unnumbered
from tongbao.extract.units import Unit, read_units

_NUMBER = re.compile(r"\s*(?:\d{1,3}\s*[.．、]|（\d{1,3}）|\d{1,3}\s+|第\d{1,3}名[：:]?)?\s*")
_ITEM_LIMIT = 45  # characters of one name
_GRADE_LINE = 20  # characters of a line that is a grade
_LINE_LIMIT = 400  # characters of a line of names
_ANNEX_WORDS = re.compile(r"附\s*[件表录]?\s*[一二三四五六七八九十\d]{0,2}\s*[：:]?\s*")
_REMARK = re.compile(r"（[^（）]*）")
_HEADING = re.compile(r"(?:[一二三四五六七八九十]{1,3}、|（[一二三四五六七八九十]{1,3}）)?[^。；]{2,30}?[：:]?")
_SCORED = re.compile(
    r"(?P<name>[^\d，。；：:]{2,30}?)\s*(?:（|[：:]|得分?[：:为]?)?\s*(?P<score>\d{1,3}(?:\.\d{1,3})?)\s*分?\s*）?[。；，]?"
)
_SCORES_TITLE = re.compile("得分|分数|成绩|排名|名次")
_LISTED = re.compile("名单|单位|网站|账号|新媒体|部门|频道|平台")
_TOLD = re.compile("^.*(?:为|考核|考评|评估|测评|评定|评选|评价|抽查|检查)的?(?=.)")
_ACCOUNTS = re.compile("账号|新媒体|公众号|微博|微信")
_ACCOUNT_NAME = re.compile(r"[“”一-鿿A-Za-z]{2,24}(?:（[一-鿿“”]{2,20}）)?")
_BY_RANK = re.compile("排名|名次|排行|高低|高到低")


@dataclass
class _Part:
    """The names under one heading of a list."""

    group: str = ""
    n: int | None = None
    units: list[Unit] = field(default_factory=list)
    uses: tuple[Span, ...] = ()


@once
def all_lists(context: Context) -> list[GradeList]:
    """Return every graded list of a circular that is not a table, in text order."""
    read = list(read_lists(context))
    taken = {unit.start for item in read for unit in item.units}
    lines = [x for x in _line_lists(context) if not any(unit.start in taken for unit in x.units)]
    return sorted([*read, *lines], key=lambda item: (item.start, item.end))


def _line_lists(context: Context) -> Iterator[GradeList]:
    """Yield the lists of names below a title.

    Examples: 附件 / 不合格政府网站名单 / 1.甲县政府门户网站 / 2.乙县政府门户网站; 优秀单位名单 / 一、县区 / 甲县、乙县.
    """
    lines = [x for x in context.document.lines if x.part in ("body", "annex")]
    for index, line in enumerate(lines[:-1]):
        frame = _title_frame(context, line)
        if frame is None or is_demand(context, line):
            continue
        below = lines[index + 1 :]
        if line.kind == "heading":
            units = _numbered(context, below, line)
            parts, ordered = [_Part(frame.group, frame.grade_n, units)] if units else [], False
        elif line.kind == "paragraph":
            units = next(([*_names(context, x)] for x in below[:1] if x.kind == "paragraph"), [])
            parts, ordered = [_Part(frame.group, frame.grade_n, units)] if units else [], False
        elif frame.grade:
            parts, ordered = _parts(context, below, line, frame)
        else:
            units = _scored(context, below, line)
            group = group_in(context.document.text, line.start, line.end)
            words = plain_group(context.document.slice(group)) if group else ""
            parts = [_Part(words, None, units)] if len(units) > 1 else []
            ordered = bool(_BY_RANK.search(context.document.slice((line.start, line.end))))
        for part in parts:
            yield GradeList(
                measure=measure_at(context, line, context.document.text[line.start : line.end]),
                group=part.group or frame.group,
                group_n=frame.group_n,
                grade=frame.grade,
                units=tuple(part.units),
                start=line.start,
                end=line.end,
                rule="grade_lines",
                line=line,
                n_stated=part.n if len(parts) > 1 or part.n is not None else frame.grade_n,
                ordered=ordered,
                uses=(*frame.uses, *part.uses),
            )


def _title_frame(context: Context, line: Line) -> Frame | None:
    """Return the grade of the title of a list or of a heading with numbered names below it.

    A title of scores has an empty grade; a title that says neither is none. A line may be a grade alone, the names of
    the next line are its list: 优秀等次（2个）： / 甲区、乙县.
    """
    text = context.document.text
    if line.kind == "annex_title" or (line.kind == "annex_head" and line.end - line.start > 4):
        m = _ANNEX_WORDS.match(text, line.start, line.end)
        start = m.end() if m else line.start
        words, span = text[start : line.end], (start, line.end)
        if frame := grade_of_title(words, span) or told_grade(words, span):
            return frame
        scored = _SCORES_TITLE.search(words) and not re.search("扣分", words) and not re.search(grade_pattern(), words)
        other = any(word in words for word in column_words("other"))
        return Frame(uses=(span,)) if scored and not other else None
    if line.kind == "paragraph" and line.end - line.start <= _GRADE_LINE and text[line.end - 1] in "）：":
        words = text[line.start : line.end].rstrip("：")
        grade, above = grade_in(words), frame_above(context, line)
        return replace(above, grade=grade, grade_n=count_in(words)) if grade and not above.grade else None
    frame = frame_above(context, line) if line.kind == "heading" and line.path and line.path[-1].level < 3 else None
    return frame if frame and frame.grade else None


def told_grade(words: str, span: Span) -> Frame | None:
    """Return the grade of a title that ends in what it lists: 考核结果为优秀等次的单位, 抽查不合格的网站."""
    bare = _TOLD.sub("", _REMARK.sub("", words)).rstrip("：:").removesuffix("名单")
    if not _LISTED.search(bare) and not group_kind(bare):
        return None
    frame = grade_of_title(bare + "名单", span)
    if frame is None or not (not frame.group or group_kind(frame.group) or frame.group in words_of("site_words")):
        return None
    return replace(frame, grade_n=count_in(words))


def _parts(context: Context, lines: list[Line], title: Line, frame: Frame) -> tuple[list[_Part], bool]:
    """Return the names below a title, part by part, up to the first line that is neither names, heading nor remark."""
    text, parts = context.document.text, [_Part()]
    ordered = bool(ordering(text[title.start : title.end]))
    accounts = _ACCOUNTS.search(text, title.start, title.end) is not None
    for line in lines:
        words = text[line.start : line.end].strip()
        if line.annex != title.annex or line.kind in ("table_row", "annex_head"):
            break
        if _REMARK.fullmatch(words):
            ordered = ordered or bool(ordering(words))
            continue
        units = _names(context, line) or (_account(context, line) if accounts else [])
        if units:
            parts[-1].units += units
            continue
        group = _heading_group(words)
        if group is None:
            break
        parts.append(_Part(group, count_in(words), [], ((line.start, line.end),)))
    return [part for part in parts if part.units], ordered


def _heading_group(words: str) -> str | None:
    """Return the group of a heading within a list: （一）市直部门（3个） -> 市直部门; None where it names none."""
    if not _HEADING.fullmatch(words):
        return None
    group = plain_group(re.sub(r"（[^（）]*\d[^（）]*）$", "", unnumbered(words)).rstrip("：:"))
    return group if group_kind(group) else None


def _names(context: Context, line: Line) -> list[Unit]:
    """Return the names of one line, [] where any piece is none: 1.甲局 ; 甲县、乙县 ; 甲县 乙县."""
    text = context.document.text
    start, end = _name(text, line)
    if end - start > _LINE_LIMIT:
        return []
    units: list[Unit] = []
    for s, e in split_outside(text, start, end, "、，；") if "、" not in text[start:end] else [(start, end)]:
        found = read_units(context, s, e) if e - s <= _ITEM_LIMIT or "、" in text[s:e] else None
        if found is None or found.is_open or any(names_group(u.name) and not u.code for u in found.units):
            return []
        units += found.units
    return units


def _account(context: Context, line: Line) -> list[Unit]:
    """Return the one account that a numbered line names; account names look like nothing in particular (甲县林业)."""
    start, end = _name(context.document.text, line)
    if start == line.start or not _ACCOUNT_NAME.fullmatch(context.document.text, start, end):
        return []
    return [Unit(start, end, context.document.text[start:end], site=(start, end), is_site=True)]


def _numbered(context: Context, lines: list[Line], title: Line) -> list[Unit]:
    """Return the single names numbered 1. 2. 3. right below a heading; other lines there are read with the heading."""
    units: list[Unit] = []
    for line in lines:
        if line.annex != title.annex or line.kind != "heading" or line.path[-1].level < 3:
            break
        found = _names(context, line)
        if len(found) != 1:
            break
        units += found
    return units


def _scored(context: Context, lines: list[Line], title: Line) -> list[Unit]:
    """Return the names with their scores, one a line, [] where a line of the list is anything else.

    Example: 1.甲区 95.5分 / 2.乙县（94分）.
    """
    units: list[Unit] = []
    for line in lines:
        if line.annex != title.annex or line.kind in ("table_row", "annex_head"):
            break
        start, end = _name(context.document.text, line)
        if _REMARK.fullmatch(context.document.text, start, end):
            continue
        m = _SCORED.fullmatch(context.document.text, start, end)
        found = read_units(context, m.start("name"), m.end("name")) if m else None
        if m is None or found is None or len(found.units) != 1 or names_group(found.units[0].name):
            return []
        units.append(replace(found.units[0], score=m.span("score")))
    scores = [float(context.document.slice(u.score)) for u in units if u.score]
    return units if "分" in context.document.slice((lines[0].start, lines[0].end)) or _falling(scores) else []


def _falling(scores: list[float]) -> bool:
    return scores == sorted(scores, reverse=True) and max(scores, default=0) > len(scores)


def _name(text: str, line: Line) -> Span:
    m = _NUMBER.match(text, line.start, line.end)
    start, end = (m.end() if m else line.start), line.end
    while end > start and text[end - 1] in "。；;， ":
        end -= 1
    return start, end
