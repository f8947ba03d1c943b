"""Lists of units under a grade: labels (优秀：…), headings (一、优秀单位（12个）), prose (甲、乙获得优秀等次).

One result is one list with its grade, group, order and the bounds attached to it. Tables are read in
`grade_tables`, plain ranks in `rank_lists`, counts without names in `grade_counts`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tongbao.extract.context import Context
from tongbao.extract.document import Line
from tongbao.extract.facts import Span
from tongbao.extract.grade_list_parts import Frame, GradeList, bounds, count_in, frame_above, group_or_none, ordering
from tongbao.extract.grade_words import grade_pattern
from tongbao.extract.rank_lists import rank_list
from tongbao.extract.scopes import any_of, clean_group, group_kind, is_demand, measure_at, words_of
from tongbao.extract.spans import clauses, sentences, split_outside
from tongbao.extract.units import Unit, UnitList, read_units

_COUNTED_GROUP = re.compile(
    r"(?:\d{1,3}|[一二两三四五六七八九十])(?:个|家)(?P<noun>[^、，和及\d]{1,10})(?:和|以及|及|、)"
)
_CARRIES = re.compile(r"下同|同一(?:等级|等次|档次)|同档|各(?:等级|等次)|以下")
_CONNECT = r"(?:分别)?(?:有|为|是|包括|如下|依次为|依次是|分别为|分别是)?"
_NEWLINE_ITEM = 40  # characters: a longer line is a paragraph, not a name


@dataclass
class _State:
    """What later lines inherit."""

    carried_order: bool | None = None
    label: tuple[str, str, int | None, Span] | None = None  # an open label: grade, group, count, span


def read_lists(context: Context) -> Iterator[GradeList]:
    """Yield the grade lists of the body and of annexes printed as lines, in text order."""
    text = context.document.text
    state = _State()
    lines = [x for x in context.document.lines if x.part in ("body", "annex")]
    for index, line in enumerate(lines):
        if line.kind == "table_row" or is_demand(context, line):
            continue
        words = text[line.start : line.end]
        frame = frame_above(context, line)
        found: list[GradeList] = []
        if line.kind != "heading":
            found = list(_read_line(context, line, frame, state))
            if not found and frame.grade:
                found = list(_bare_list(context, lines, index, frame, state))
        if not found or _CARRIES.search(words):
            _carry(words, state, bool(found))
        yield from found


def _carry(words: str, state: _State, has_lists: bool) -> None:
    """Keep an order that is announced for what follows: 下同, 同一等级按考评分数排序, or a bare announcement."""
    order = ordering(words)
    if order is not None and (_CARRIES.search(words) or not has_lists):
        state.carried_order = order


def _read_line(context: Context, line: Line, frame: Frame, state: _State) -> Iterator[GradeList]:
    text = context.document.text
    for s, e in sentences(text, line.content, line.end):
        for a, b in split_outside(text, s, e, "；;"):
            found = _read_piece(context, line, a, b, frame, state)
            for item in found:
                label = text[item.start : item.units[0].start if item.units else item.end]
                order = ordering(label)
                if order is not None and "下同" in label:
                    state.carried_order = order
                yield item


def _read_piece(context: Context, line: Line, start: int, end: int, frame: Frame, state: _State) -> list[GradeList]:
    text = context.document.text
    colon = next((i for i in _colons(text, start, end)), None)
    if colon is not None:
        label_start = start
        # 其中：… and the clause before the label are not part of it
        for s, _ in split_outside(text, start, colon, "，"):
            label_start = s
        found = _labelled(context, line, label_start, colon, end, frame, state)
        if found:
            return [found]
    ranked = rank_list(context, line, start, end, frame)
    if ranked:
        return ranked
    results = []
    for s, e in clauses(text, start, end):
        results.extend(_prose(context, line, s, e, frame, state))
    return results


def _colons(text: str, start: int, end: int) -> Iterator[int]:
    pieces = list(split_outside(text, start, end, "："))
    if len(pieces) > 1 or (pieces and text[end - 1] == "："):
        at = text.find("：", pieces[0][1], end)
        if at >= 0:
            yield at


def _label_pattern() -> re.Pattern[str]:
    lead = any_of(words_of("grade_phrases", role="lead"))
    return re.compile(
        rf"(?:其中|其中，)?(?:{lead})?{grade_pattern()}(?:等次|等级|档次|档)?(?P<of>的)?(?P<group>[^，。；：（）]{{0,20}}?(?:（[市区县州旗、]+）[^，。；：（）]{{0,8}})?)"
        rf"(?:（(?P<note>[^（）]*)）)?{_CONNECT}"
    )


def _labelled(
    context: Context, line: Line, start: int, colon: int, end: int, frame: Frame, state: _State
) -> GradeList | None:
    """Read 优秀：甲、乙 and 考核较好的市州（85分以上，按得分排序）为：甲、乙 and, under a heading, 乡镇：甲、乙."""
    text = context.document.text
    label = text[start:colon].strip()
    m = _label_pattern().fullmatch(label)
    if m and re.search(any_of(words_of("grade_phrases", role="other_object")), m["group"] or ""):
        return None  # 优秀栏目, 优秀案例: not units
    if m:
        grade, group, note = m["grade"], group_or_none(m["group"] or ""), m["note"] or ""
        if not group and m["group"] and m["group"] not in words_of("grade_phrases", role="tail"):
            group = clean_group(m["group"])
    elif frame.grade and len(label) <= 24 and "，" not in label:
        note = "".join(re.findall(r"（([^（）]*)）", label))
        grade, group = frame.grade, clean_group(label)
        group = group if group_kind(group) else ""
        if re.search(r"[有为是]$", label) and not group_kind(group):
            return None
    else:
        return None
    s, e = _trim(text, colon + 1, end)
    units = read_units(context, s, e)
    if units is None:
        is_list = (
            text[s:e].count("、") > 0 and "，" not in text[s:e] and (not (m and m["group"]) or bool(group_kind(group)))
        )
        return _unread(context, line, start, (s, e), grade, group, frame) if is_list else None
    return _make(context, line, start, colon, units, grade, group, note, frame, state, "grade_label")


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


def _prose(context: Context, line: Line, start: int, end: int, frame: Frame, state: _State) -> list[GradeList]:
    """Read 甲、乙获得优秀等次; 甲、乙4县（市）政府门户网站被判定为不合格网站; 不合格的有甲、乙."""
    text = context.document.text
    words = text[start:end]
    if _another_year(context, line, start):
        return []
    verb = any_of(words_of("grade_phrases", role="verb"))
    tail = any_of(words_of("grade_phrases", role="tail"))
    m = re.fullmatch(
        rf"(?P<list>.{{2,}}?)(?:绩效水平|考核结果|考评结果|评估结果|考核|考评|评估|成绩)?(?:分别|同时|均|都|被|再次|仍|仅)*{verb}{grade_pattern()}(?:{tail})?",
        words,
    )
    if m:
        s, stop = start + _lead_length(m["list"]), start + m.end("list")
        cuts = [c for c in _COUNTED_GROUP.finditer(text, s, stop) if text.count("、", s, c.start())]
        starts, stops = [s, *(c.end() for c in cuts)], [*(c.end("noun") for c in cuts), stop]
        pieces = [read_units(context, a, c) for a, c in zip(starts, stops, strict=True)]
        lists = [u for u in pieces if u and _names_no_group(u)]
        if len(lists) < len(pieces):
            return []
        return [
            _make(
                context, line, u.start, start + m.end(), u, m["grade"], _noun_group(u), "", frame, state, "grade_verb"
            )
            for u in lists
        ]
    lead = any_of(words_of("grade_phrases", role="lead"))
    m = re.match(
        rf"(?:其中)?(?:{lead})?{grade_pattern()}(?:等次|等级|档次|档)?的(?P<group>[^，。；：、（）\d]{{0,14}}?)(?:（(?P<note>[^（）]*)）)?(?:共)?(?:有|为|是|包括|分别为|分别是|依次为|依次是)(?P<list>[^\d].+)",
        words,
    )
    if m:
        units = read_units(context, start + m.start("list"), end)
        if units:
            group, note, at = group_or_none(m["group"]), m["note"] or "", start + m.start("list")
            return [_make(context, line, start, at, units, m["grade"], group, note, frame, state, "grade_subject")]
    return []


def _another_year(context: Context, line: Line, start: int) -> bool:
    """Say whether the sentence up to here speaks of an earlier year (在2015年的考评中，甲、乙被评为优秀)."""
    text = context.document.text
    opening = max(text.rfind("。", line.start, start) + 1, line.start)
    words = text[opening:start]
    years = re.findall(r"((?:19|20)\d\d)年", words)
    own = context.period[:4]
    return bool(re.search(r"(?<![较比与])(?:去年|上年|上一年|往年)", words)) or bool(years and own and own not in years)


def _names_no_group(units: UnitList) -> bool:
    """Refuse lists whose single member is a group (各市州, 省直部门): a group is not a unit."""
    return not any(group_kind(u.name) and not u.code for u in units.units)


def _lead_length(words: str) -> int:
    m = re.match(r"(?:其中|经[^，、]{0,10}，|本次|此次|今年|\d{4}年度?，?)", words)
    return m.end() if m else 0


def _noun_group(units: UnitList) -> str:
    noun = re.sub(r"^(?:个|家|所)", "", units.noun)
    return clean_group(noun) if noun and noun not in ("单位", "网站") else ""


def _bare_list(context: Context, lines: list[Line], index: int, frame: Frame, state: _State) -> Iterator[GradeList]:
    """Read what stands under a grade heading without a label: one 、-list, or one name a line."""
    text = context.document.text
    line = lines[index]
    if index and lines[index - 1].kind != "heading" and lines[index - 1].path == line.path:
        return  # continued: read with the first line
    s, e = _trim(text, line.content, line.end)
    if text[s:e].count("、"):
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
    if units and _names_no_group(units):
        yield _make(context, line, s, s, units, frame.grade, "", "", frame, state, "grade_heading")


def _trim(text: str, start: int, end: int) -> Span:
    while end > start and text[end - 1] in "。；;， 　：":
        end -= 1
    while start < end and text[start] in " 　":
        start += 1
    return start, end


def _make(
    context: Context,
    line: Line,
    start: int,
    label_end: int,
    units: UnitList,
    grade: str,
    group: str,
    note: str,
    frame: Frame,
    state: _State,
    rule: str,
) -> GradeList:
    """Build the list from its label, its note and the frame above it."""
    text = context.document.text
    counted = count_in(note)
    own_n = counted if counted is not None else units.count
    order = ordering(text[start : units.units[0].start])
    if order is None:
        order = state.carried_order
    low, high = bounds(note)
    uses = [*frame.uses]
    if label_end > start:
        uses.append((start, label_end))
    if units.count_span:
        uses.append(units.count_span)
    same_group = not group or group == frame.group
    return GradeList(
        measure=measure_at(context, line, text[start:label_end]),
        group=group or frame.group,
        group_n=frame.group_n if same_group else None,
        grade=grade,
        units=units.units,
        start=start,
        end=label_end if label_end > start else units.end,
        rule=rule,
        line=line,
        n_stated=own_n,
        is_open=units.is_open,
        ordered=bool(order),
        low=low,
        high=high,
        uses=tuple(uses),
        heading_n=frame.grade_n if grade == frame.grade else None,
        heading_at=frame.grade_at if grade == frame.grade else -1,
    )
