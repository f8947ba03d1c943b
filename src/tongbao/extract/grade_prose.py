"""Lists of units under a grade in running text: 甲、乙获得优秀等次; 不合格的有甲、乙; 得分95分以上的部门有甲、乙.

One clause at a time. Labels and headings are read in `grade_lists`, ranks in `rank_lists`.
"""

import re
from dataclasses import replace
from functools import cache, lru_cache

from tongbao.extract.chinese_numbers import parse_count
from tongbao.extract.context import Context
from tongbao.extract.document import Line
from tongbao.extract.facts import Span
from tongbao.extract.grade_labels import counted_lists
from tongbao.extract.grade_list_parts import (
    BAND,
    Frame,
    GradeList,
    State,
    another_year,
    bounds,
    group_or_none,
    make_list,
    names_no_group,
)
from tongbao.extract.grade_words import grade_pattern
from tongbao.extract.scopes import NOTE, any_of, clean_group, group_kind, group_words, words_of
from tongbao.extract.units import UnitList, read_units

_BANDED = re.compile(
    r"(?P<list>.+?)(?:综合|总)?(?:得分|总分|成绩|分数)(?:均|都)?(?:在|达到|达)?"
    r"(?P<bound>\d{1,4}(?:\.\d{1,2})?分?(?:—|-|至|到|~)\d{1,4}(?:\.\d{1,2})?分(?:之间)?|(?:超过|高于|突破|低于|不足|不到|未达到)\d{1,4}(?:\.\d{1,2})?分|\d{1,4}(?:\.\d{1,2})?分(?:（含）)?(?:及)?(?:以上|以下))"
)
_EXCEPTED = re.compile("除(?:了)?(?P<what>.+?)(?:以外|之外|外)")
_DIGIT = re.compile(r"\d")
_FULL = re.compile(
    "(?P<list>.{2,}?)(?:网站)?(?:均|都|全部|同)?(?:得|获|获得|取得|拿到|为|是|得到){1}了?(?:考核|考评|评估|测评)?满分"
)
_ASPECTS = re.compile("方面|指标|一项|单项|栏目|，其中")
_ASPECT = re.compile("方面，[^。；]*$")
_NAMED_AFTER = re.compile(r"(?:分别|依次|具体|名单)(?:如下)?(?:是|为)?：?(?P<list>.+)")


def read_prose(context: Context, line: Line, start: int, end: int, frame: Frame, state: State) -> list[GradeList]:
    """Read 甲、乙获得优秀等次; 甲、乙4县（市）政府门户网站被判定为不合格网站; 不合格的有甲、乙."""
    if another_year(context, line, start):
        return []
    for reader in (_verb, _banded, _subject, _full_marks):
        found = reader(context, line, start, end, frame, state)
        if found:
            return found
    return []


def _verb(context: Context, line: Line, start: int, end: int, frame: Frame, state: State) -> list[GradeList]:
    """Read 甲、乙获得优秀等次; 甲、乙2个县（市）和丙、丁2个部门为优秀; 甲、乙提升较快."""
    text = context.document.text
    if excepted := _EXCEPTED.fullmatch(text, start, end):
        start, end = excepted.span("what")  # 除甲为良好外
    words = text[start:end]
    m = _said_with_verb(words)
    if m and m["grade"] in words_of("grade_phrases", role="predicate") and _ASPECT.search(text[line.start : start]):
        return []  # 信息公开方面，甲表现突出: not said of the whole
    if m:
        s, stop = start + lead_length(m["list"]), start + m.end("list")
        if another_year(context, line, s):
            return []
        lists = counted_lists(context, s, stop)
        if not said_of_all(lists):
            return []
        return [
            make_list(
                context,
                line,
                u.start,
                start + m.end(),
                u,
                m["grade"],
                noun_group(u, frame),
                "",
                frame,
                state,
                "grade_verb",
            )
            for u in lists
        ]
    return []


def said_of_all(lists: list[UnitList]) -> bool:
    """Refuse 甲市、乙县3家网站不合格 and 甲市1家网站不合格: those counted are sites in the places, not the places."""
    for units in lists:
        if units.count is None or units.is_open or units.noun.lstrip("个家所") not in words_of("site_words"):
            continue
        in_places = "门户" not in units.noun and any(u.code and not u.site for u in units.units)
        if in_places or units.count != len(units.units):
            return False
    return True


@lru_cache(maxsize=10_000)
def _said_with_verb(words: str) -> re.Match[str] | None:
    ends_with_grade, ends_with_predicate, said, told = _verb_patterns()
    m = said.fullmatch(words) if ends_with_grade.search(words) else None
    return m or (told.fullmatch(words) if ends_with_predicate.search(words) else None)


@cache
def _verb_patterns() -> tuple[re.Pattern[str], ...]:
    """Return what the end of a clause must be like, grade or predicate, and the patterns of whole clauses."""
    verb = any_of(words_of("grade_phrases", role="verb"))
    tail = any_of(words_of("grade_phrases", role="tail"))
    predicate = any_of(words_of("grade_phrases", role="predicate"))
    return (
        re.compile(rf"{grade_pattern()}(?:{tail}){{0,2}}$"),
        re.compile(rf"{predicate}$"),
        re.compile(
            r"(?P<list>.{2,}?)(?:绩效水平|考核结果|考评结果|评估结果|考核|考评|评估|成绩)?(?:分别|同时|均|都|被|再次|仍|仅)*"
            rf"{verb}{grade_pattern()}(?:{tail}){{0,2}}"
        ),
        re.compile(
            rf"(?P<list>.{{2,}}?)(?:综合|总)?(?:得分|总分|成绩|排名|名次|工作)?(?:总体|均|都|也|仍然?|依然|依旧|再次|还是)*(?P<grade>{predicate})"
        ),
    )


@cache
def _subject_pattern() -> re.Pattern[str]:
    lead = any_of(words_of("grade_phrases", role="lead"))
    return re.compile(
        rf"(?:其中)?(?:{lead})?{grade_pattern()}(?:等次|等级|档次|档)?的(?P<group>{group_words('0,14')}?){NOTE}(?:共)?"
        r"(?:有|为|是|包括|分别为|分别是|依次为|依次是)(?P<list>[^\d].+)"
    )


@cache
def _band_pattern() -> re.Pattern[str]:
    return re.compile(rf"(?P<label>{BAND.pattern}(?:有|为|是))(?P<names>[^\d].+)")


def _banded(context: Context, line: Line, start: int, end: int, frame: Frame, state: State) -> list[GradeList]:
    """Read 甲、乙得分在95分以上; 得分95分以上的部门有甲、乙."""
    text = context.document.text
    words = text[start:end]
    if not _DIGIT.search(words):
        return []
    band = _BANDED.fullmatch(words, lead_length(words))
    if band:
        at = start + band.start("list")
        units = read_units(context, at, start + band.end("list"))
        part = units and re.search("栏目|指标|专栏|频道", units.noun)
        if units and not part and any(bounds(band["bound"])) and names_no_group(units):
            group, at = noun_group(units, frame), start + len(words)
            made = make_list(
                context, line, units.start, at, units, "", group, band["bound"], frame, state, "score_band"
            )
            return [replace(made, grade="", n_stated=None, uses=((start + band.start("bound"), end),))]
    band = _band_pattern().fullmatch(words)
    if band and any(bounds(band["bound"])):
        at = start + band.start("names")
        units = read_units(context, at, end)
        if units and names_no_group(units):
            note = f"{band['bound']}，{band['note'] or ''}"
            group = group_or_none(band["group"])
            return [make_list(context, line, start, at, units, frame.grade, group, note, frame, state, "score_band")]
    return []


def _subject(context: Context, line: Line, start: int, end: int, frame: Frame, state: State) -> list[GradeList]:
    """Read 不合格的有甲、乙; 优秀的县（市、区）（按得分排序）为甲、乙."""
    text = context.document.text
    words = text[start:end]
    m = _subject_pattern().match(words)
    if m and not re.search(any_of(words_of("grade_phrases", role="other_object")), m["group"]):
        units = read_units(context, start + m.start("list"), end)
        if units:
            group = group_or_none(m["group"]) or noun_group(units, frame)
            note, at = m["note"] or "", start + m.start("list")
            return [make_list(context, line, start, at, units, m["grade"], group, note, frame, state, "grade_subject")]
    return []


def _full_marks(context: Context, line: Line, start: int, end: int, frame: Frame, state: State) -> list[GradeList]:
    """Read 甲、乙2个部门得满分; the marks of a single indicator (互动交流得满分) are left alone."""
    text = context.document.text
    if text.find("满分", start, end) < 0:
        return []
    m = _FULL.fullmatch(text, start + lead_length(text[start:end]), end)
    opening = text[max(text.rfind("。", line.start, start) + 1, line.start) : start]
    if m is None or _ASPECTS.search(opening):
        return []
    units = read_units(context, *m.span("list"))
    if units is None or not names_no_group(units) or not said_of_all([units]):
        return []
    group = noun_group(units, frame)
    made = make_list(context, line, units.start, end, units, "", group, "", frame, state, "full_marks")
    return [replace(made, n_stated=None)]


def read_named_after(
    context: Context, line: Line, before: Span, rest: Span, frame: Frame, state: State
) -> list[GradeList]:
    """Read 仍有2家网站被判定为不合格，分别是甲、乙: the clause before says grade and count, this one the names."""
    text = context.document.text
    m = _NAMED_AFTER.fullmatch(text, *rest)
    if m is None:
        return []
    words = text[slice(*before)]
    found = re.findall(grade_pattern(), words)
    counts = re.findall(r"(\d{1,3}|[一二两三四五六七八九十])(?:个|家)", words)
    if len(found) != 1 or len(counts) != 1 or another_year(context, line, rest[0]):
        return []
    units = read_units(context, m.start("list"), rest[1])
    if units is None or not names_no_group(units) or len(units.units) != parse_count(counts[0]):
        return []
    return [
        make_list(context, line, before[0], m.start("list"), units, found[0], "", "", frame, state, "grade_named_after")
    ]


def lead_length(words: str) -> int:
    """Return how many characters a clause opens with before its list: 检查发现，另有 -> 7."""
    m = re.match(
        r"(?:其中|(?:经?[抽检]查|监测|考评|考核|评估)发现，?|经[^，、]{0,10}，|本次|此次|今年|\d{4}年度?，?){0,2}(?:共有|另有|还有|有)?",
        words,
    )
    return m.end() if m else 0


def noun_group(units: UnitList, frame: Frame) -> str:
    """Return the group that the noun behind a list names: 甲、乙2个乡镇 -> 乡镇.

    Below a heading with a wider name that holds it, the heading's is kept: 3个市 below 市州政府网站 -> 市州.
    """
    noun = re.sub(r"^(?:个|家|所)", "", units.noun)
    group = clean_group(noun) if group_or_none(noun) else ""
    if group and group in frame.group:
        return ""
    return group if units.count is not None or group_kind(group) else ""  # 等地, 等单位网站: no group
