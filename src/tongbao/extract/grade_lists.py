"""Lists of units under a grade: labels (优秀：…), headings (一、优秀单位（12个）), prose (甲、乙获得优秀等次).

One result is one list with its grade, group, order and the bounds attached to it. Tables are read in
`grade_tables`, plain ranks in `rank_lists`, counts without names in `grade_counts`.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from tongbao.extract.context import Context
from tongbao.extract.document import Line
from tongbao.extract.facts import Span
from tongbao.extract.grade_labels import below_grade, keep_grade, opened_group, read_labelled
from tongbao.extract.grade_list_parts import (
    BAND,
    Frame,
    GradeList,
    State,
    bounds,
    frame_above,
    group_or_none,
    make_list,
    names_no_group,
    ordering,
)
from tongbao.extract.grade_prose import read_named_after, read_prose
from tongbao.extract.grade_verdicts import graded_after, read_caused, read_going_on
from tongbao.extract.grade_words import announced_letter, grade_pattern, grades
from tongbao.extract.group_headings import standing_group
from tongbao.extract.group_phrases import group_in, group_kind_of, is_group
from tongbao.extract.rank_lists import RANK_SIGN, rank_list
from tongbao.extract.scopes import (
    NOTE,
    any_of,
    clean_group,
    group_kind,
    group_words,
    is_demand,
    known_group,
    measure_at,
    words_of,
)
from tongbao.extract.spans import clauses, sentences, split_outside
from tongbao.extract.units import Unit, UnitList, read_units

_TOP = re.compile(r"(?:得分|总分|排名|排在|位居)?前(?:\d{1,3}|[一二三四五六七八九十]{1,3})(?:名|位)$")
_OPENING = re.compile(rf"(?:在|其中|其中：)?(?P<group>{group_words('2,20')})[中里]")
_CARRIES = re.compile(r"下同|同一(?:等级|等次|档次)|同档|各(?:等级|等次)|以下")
_CONNECT = r"(?:分别)?(?:有|为|是|包括|如下|依次为|依次是|分别为|分别是)?"
_INTRODUCES = re.compile("(?:如下[：。]?|：)$")
_NEWLINE_ITEM = 40  # characters: a longer line is a paragraph, not a name


def read_lists(context: Context) -> Iterator[GradeList]:
    """Yield the grade lists of the body and of annexes printed as lines, in text order."""
    text = context.document.text
    state = State()
    lines = [x for x in context.document.lines if x.part in ("body", "annex")]
    for index, line in enumerate(lines):
        if line.kind == "table_row" or is_demand(context, line):
            continue
        words, found = text[line.start : line.end], list[GradeList]()
        frame = _introduced(below_grade(frame_above(context, line), line, state), line, state)
        if line.kind != "heading":
            found = list(_read_line(context, line, frame, state)) if frame.grade or _tells(words) else []
            if not found and frame.grade:
                found = list(_bare_list(context, lines, index, frame, state))
        if not found:
            keep_grade(line, words, state)
        if not found or _CARRIES.search(words):
            _carry(words, state, bool(found))
        if not found and line.kind != "heading" and (alone := _named_alone(words)):
            state.introduced, state.introduced_in = alone, tuple(h.start for h in line.path)
        elif not found and line.kind != "heading" and _INTRODUCES.search(words):
            span = group_in(text, line.content, line.end)
            state.introduced = text[slice(*span)] if span else ""
            state.introduced_in = tuple(h.start for h in line.path)
        yield from found


def _named_alone(words: str) -> str:
    """Return the group that a line without a number is, as a heading would be: 市直部门网站（12个）; '' for others."""
    bare = re.sub(r"（[^（）]*\d[^（）]*）$", "", words.rstrip("。：: \u3000"))
    group = clean_group(bare) if 2 <= len(bare) <= _NEWLINE_ITEM // 2 else ""
    return group if is_group(group) else standing_group(group)


def _introduced(frame: Frame, line: Line, state: State) -> Frame:
    """Give lists below 评估8个市州，等次如下： its group, where no heading names one and it is of one kind."""
    if frame.group or not state.introduced or tuple(h.start for h in line.path) != state.introduced_in:
        return frame
    known = group_kind_of(state.introduced) or standing_group(state.introduced)
    return replace(frame, group=state.introduced) if known else frame


def _tells(words: str) -> bool:
    """Say cheaply whether a line can hold a list of its own: a grade, a rank or a number must stand in it."""
    return _signs().search(words) is not None


@cache
def _signs() -> re.Pattern[str]:
    grade, told = any_of(grades()), any_of(words_of("grade_phrases", role="predicate"))
    return re.compile(rf"{grade}|{told}|{RANK_SIGN}|满分|\d")


def _carry(words: str, state: State, has_lists: bool) -> None:
    """Keep an order that is announced for what follows: 下同, 同一等级按考评分数排序, or a bare announcement."""
    order = ordering(words)
    if order is not None and (_CARRIES.search(words) or not has_lists):
        state.carried_order = order


def _read_line(context: Context, line: Line, frame: Frame, state: State) -> Iterator[GradeList]:
    text = context.document.text
    for s, e in sentences(text, line.content, line.end):
        said: list[GradeList] = []
        opened = replace(frame, group=own, group_n=None) if (own := opened_group(text, s, e)) else frame
        for a, b in split_outside(text, s, e, "；;"):
            found = _read_piece(context, line, a, b, opened, state)
            if not found and said and a > s:
                found = read_going_on(context, line, (a, b), said[-1], opened, state)
            for item in found:
                label = text[item.start : item.units[0].start if item.units else item.end]
                order = ordering(label)
                if order is not None and "下同" in label:
                    state.carried_order = order
                said.append(_like_the_last(item, said))
                yield said[-1]


def _like_the_last(item: GradeList, said: list[GradeList]) -> GradeList:
    """Give a list without a group that of the list before it in its sentence, if both hold the same sort of units.

    Example: 甲、乙2个市州为优秀，丙为良好 -> 市州 for 丙 too.
    """
    if item.group or not item.grade or not said or not said[-1].group or said[-1].grade in ("", item.grade):
        return item
    kinds = {"place" if unit.code else "site" if unit.is_site else "office" for unit in (*item.units, *said[-1].units)}
    return replace(item, group=said[-1].group) if len(kinds) == 1 else item


def _read_piece(context: Context, line: Line, start: int, end: int, frame: Frame, state: State) -> list[GradeList]:
    text = context.document.text
    labelled = list(read_labelled(context, line, start, end, frame, state))
    colon = next((i for i in _colons(text, start, end)), None)
    if colon is not None and not labelled:
        label_start = start
        for s, _ in split_outside(text, start, colon, "，"):
            label_start = s
        found = _labelled(context, line, label_start, colon, end, frame, state)
        if found:
            return [found]
    results = [x for x in rank_list(context, line, start, end, frame) if not any(_share(x, y) for _, y in labelled)]
    results += [found for _, found in labelled]
    taken = [span for span, _ in labelled]
    before: Span | None = None
    pieces = clauses(text, start, end)
    for s, e in pieces:
        if (opening := _OPENING.fullmatch(text, s, e)) and (group := known_group(opening["group"])):
            frame = replace(frame, group=group, group_n=frame.group_n if group == frame.group else None)
        if not any(s < x.end and x.start < e for x in results) and not any(s < b and a < e for a, b in taken):
            results += read_prose(context, line, s, e, frame, state)
            results += read_named_after(context, line, before, (s, e), frame, state) if before else []
            if before and results and results[-1].rule == "score_band" and results[-1].end == before[1]:
                results[-1] = graded_after(text, results[-1], (s, e))
        before = (s, e)
    if not results and len(pieces) > 1:
        results = read_caused(context, line, pieces, frame, state)
    return results


def _share(one: GradeList, other: GradeList) -> bool:
    return {u.start for u in one.units} & {u.start for u in other.units} != set()


def _colons(text: str, start: int, end: int) -> Iterator[int]:
    pieces = list(split_outside(text, start, end, "："))
    if len(pieces) > 1 or (pieces and text[end - 1] == "："):
        at = text.find("：", pieces[0][1], end)
        if at >= 0:
            yield at


@cache
def _label_pattern() -> re.Pattern[str]:
    lead = any_of(words_of("grade_phrases", role="lead"))
    return re.compile(
        rf"(?:其中|其中，)?(?P<front>(?:{group_words('2,12')}?)??)(?:{lead})?{grade_pattern()}(?:等次|等级|档次|档)?(?P<of>的)?(?P<group>(?:{group_words('1')}|[\d、]){{0,24}}?)"
        rf"{NOTE}{_CONNECT}"
    )


def _labelled(
    context: Context, line: Line, start: int, colon: int, end: int, frame: Frame, state: State
) -> GradeList | None:
    """Read 优秀：甲、乙 and 考核较好的市州（85分以上，按得分排序）为：甲、乙 and, under a heading, 乡镇：甲、乙."""
    text = context.document.text
    label = text[start:colon].strip()
    m = _label_pattern().fullmatch(label)
    if m and re.search(any_of(words_of("grade_phrases", role="other_object")), m["group"] or ""):
        return None  # 优秀栏目, 优秀案例: not units
    if m and m["front"] and not known_group(m["front"]):
        m = None
    band = BAND.fullmatch(label)
    is_part = False
    letter = announced_letter(text, label) if not m else ""
    if letter:
        grade, group, note = letter, group_or_none(_unlettered(label)), "，".join(re.findall(r"（([^（）]*)）", label))
        group = group if group_kind(group) else ""
    elif m:
        is_part = bool(_TOP.search(m["group"] or ""))
        words = _TOP.sub("", m["group"] or "")
        grade, group, note = m["grade"], group_or_none(words), m["note"] or ""
        group = group or known_group(m["front"] or "")
        if not group and words and words not in words_of("grade_phrases", role="tail"):
            group = clean_group(words) if is_group(clean_group(words)) else standing_group(words)
    elif band and any(bounds(band["bound"])):
        grade, group = frame.grade, group_or_none(band["group"])
        note = f"{band['bound']}，{band['note'] or ''}"
    elif frame.grade and len(label) <= 24 and "，" not in label:
        note = "".join(re.findall(r"（([^（）]*)）", label))
        grade, group = frame.grade, clean_group(label)
        group = group if group_kind(group) else standing_group(label)
        if re.search(r"[有为是]$", label) and not group_kind(group):
            return None
    else:
        return None
    s, e = _trim(text, colon + 1, end)
    units = read_units(context, s, e)
    if units is None:
        is_list = not band and (
            text[s:e].count("、") > 0 and "，" not in text[s:e] and (not (m and m["group"]) or bool(group_kind(group)))
        )
        return _unread(context, line, start, (s, e), grade, group, frame) if is_list else None
    if band and not m and not names_no_group(units):
        return None
    found = make_list(
        context, line, start, colon, units, grade, group, note, frame, state, "score_band" if band else "grade_label"
    )
    if is_part:  # 优秀的市州前三名: some of those with the grade
        return replace(found, rule="grade_top", ordered=ordering(label) is not False)
    return found


def _unlettered(label: str) -> str:
    """Return what a label adds to a grade of one character: 好的县市（2个） -> 县市."""
    return re.sub(r"^“?.”?(?:等次|等级|档次|档|级|等)?的?|（[^（）]*\d[^（）]*）|(?:共)?有?$", "", label)


def _unread(context: Context, line: Line, start: int, rest: Span, grade: str, group: str, frame: Frame) -> GradeList:
    """Return a list without units for what stands where a list should: it is reported, never guessed."""
    own = grade == frame.grade
    return GradeList(
        measure_at(context, line),
        group,
        None,
        grade,
        (),
        start,
        rest[1],
        "unread",
        line,
        heading_n=frame.grade_n if own else None,
        heading_at=frame.grade_at if own else -1,
    )


def _bare_list(context: Context, lines: list[Line], index: int, frame: Frame, state: State) -> Iterator[GradeList]:
    """Read what stands under a grade heading without a label: one 、-list, or one name a line."""
    text, line = context.document.text, lines[index]
    before = lines[index - 1] if index else line
    if index and before.kind != "heading" and before.path == line.path and before.start != frame.grade_at:
        return  # continued: read with the first line
    s, e = _trim(text, line.content, line.end)
    if re.search(r"、|\S\s+\S", text[s:e]):
        units = read_units(context, s, e)
    else:
        gathered: list[Unit] = []
        for other in lines[index:]:
            if other.path != line.path or other.kind != "paragraph":
                break
            a, b = _trim(text, other.content, other.end)
            one = read_units(context, a, b) if b - a <= _NEWLINE_ITEM else None
            if one is None or len(one.units) != 1:
                break
            gathered.extend(one.units)
        units = UnitList(s, gathered[-1].end, tuple(gathered)) if gathered else None
    if units and names_no_group(units):
        yield make_list(context, line, s, s, units, frame.grade, "", "", frame, state, "grade_heading")


def _trim(text: str, start: int, end: int) -> Span:
    while end > start and text[end - 1] in "。；;， 　：":
        end -= 1
    while start < end and text[start] in " 　":
        start += 1
    return start, end
