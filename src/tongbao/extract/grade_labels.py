"""What stands before a list of graded units, in any order of its parts: grade, group, count, bounds, remarks.

Examples: 优秀（7家）：; 得分在80分以上、评为优秀的有7家，分别是：; 县（区）网站得分靠前的有; 列入黑榜的单位有：.
A label holds nothing but such parts and the words that join them; one unknown word, and it is no label.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from tongbao.extract.chinese_numbers import parse_count
from tongbao.extract.context import Context
from tongbao.extract.document import Line
from tongbao.extract.facts import Span
from tongbao.extract.grade_list_parts import Frame, GradeList, State, another_year, bounds, make_list, names_no_group
from tongbao.extract.grade_words import grade_pattern, grades
from tongbao.extract.group_phrases import group_at
from tongbao.extract.scopes import any_of, group_words, words_of
from tongbao.extract.spans import clauses, split_outside
from tongbao.extract.units import UnitList, read_units

COUNTED_GROUP = re.compile(
    rf"(?:(?:\d{{1,3}}|[一二两三四五六七八九十])(?:个|家)|等)(?P<noun>{group_words('1,10', '和及')})(?:和|以及|及|、)"
)
_LABEL_LIMIT = 90  # characters
_COUNT = re.compile(r"(?:共)?(?P<n>\d{1,3}|[一二两三四五六七八九十]{1,3})(?:个|家|名|所)")
_BOUND = re.compile(
    r"(?:(?:综合|总)?(?:得分|总分|成绩|分数))?(?:均|都)?(?:在|达到|达|为)?"
    r"(?:(?:超过|高于|突破|低于|不足|不到|未达到|不满)\d{1,4}(?:\.\d{1,2})?分"
    r"|\d{1,4}(?:\.\d{1,2})?分?[—至到~-]\d{1,4}(?:\.\d{1,2})?分(?:之间)?"
    r"|\d{1,4}(?:\.\d{1,2})?分(?:（含[^（）]{0,6}）)?(?:及|（含）)?(?:以上|以下))(?:（含[^（）]{0,8}）)?"
)
_NOTE = re.compile(r"（[^（）]{0,40}）")
_TIME = re.compile(r"(?:本|此|今年第?|第)?[一二三四1-4]?(?:季度|次|年度|半年)|今年|\d{4}年度?|[上下]半年")
_MARK = re.compile("[、，【】“”]|\\d{1,2}[.．]|[●■◆★◇○①②③④⑤⑥]")
_CLOSING = re.compile("：|—{1,2}|[ \u3000]+")
_ORDER = re.compile(
    r"(?:按照?|依照?)[^，。；：、（）]{0,10}(?:排序|排列|排名|高低|为序)|(?:得分|分数|成绩)?[由从按]高[到至]低(?:的?顺序)?(?:排序|排列)?|排名不分先后"
)
_STANDS = re.compile(
    r"[（【]?(?P<grade>[^，。：；（）【】]{2,8}?)(?:等次|等级|档次|档|的?单位|的?网站)?[）】]?(?:（[^（）]{1,12}）)?(?:有|如下)?[：。]?"
)
_ENOUGH = re.compile(
    "(?:等?(?:问题|原因)?)(?:予以|给予|进行|连续|长期|超过|超期|未|没有|存在|出现|因|由于|首页|被|责令|已)"
)


@dataclass(frozen=True, slots=True)
class Label:
    """The parts of a label; `end` is where the list begins, `is_closed` says that a colon stands there."""

    grade: str
    group: str
    notes: tuple[str, ...]
    has_bound: bool
    n: int | None
    end: int
    is_closed: bool


@cache
def _grade() -> re.Pattern[str]:
    predicates = sorted({*words_of("grade_phrases", role="predicate")} - {*grades()}, key=lambda w: (-len(w), w))
    return re.compile(rf"(?P<told>{any_of(tuple(predicates))})|{grade_pattern()}")


@cache
def _filler() -> re.Pattern[str]:
    roles = ("lead", "verb", "tail", "label")
    words = {w for role in roles for w in words_of("grade_phrases", role=role)}
    words |= {w for kind in ("site", "portal", "new_media", "openness") for w in words_of("site_words", kind=kind)}
    return re.compile(any_of(tuple(sorted(words, key=lambda w: (-len(w), w)))))


@cache
def _other() -> re.Pattern[str]:
    """优秀的|栏目有…: what is graded there is no unit."""
    return re.compile(any_of(words_of("grade_phrases", role="other_object")))


@cache
def _copula() -> re.Pattern[str]:
    return re.compile(any_of(words_of("grade_phrases", role="copula")))


@lru_cache(maxsize=20_000)
def labels_of(words: str) -> tuple[Label, ...]:
    """Return the labels that `words` may begin with, the longest first; () where a word of another kind comes first.

    Example: 优秀的有市教育局 -> one label that ends behind 有.
    """
    grade, group, has_bound, at, is_told = "", "", False, 0, False
    notes: list[str] = []
    n: int | None = None
    found: list[Label] = []
    while at < min(len(words), _LABEL_LIMIT):
        if (m := _CLOSING.match(words, at)) and (grade or m.group() == "："):
            found.append(Label(grade, group, tuple(notes), has_bound, n, m.end(), True))
            break
        if is_told and (_BOUND.match(words, at) or _grade().match(words, at)):
            break  # 得分90分以上的有2个，较好的为：two statements, the second has a list of its own
        if m := _BOUND.match(words, at):
            notes.append(m.group())
            has_bound = True
        elif m := _COUNT.match(words, at):
            notes, n = [x for x in notes if not _COUNT.fullmatch(x)] + [m.group()], parse_count(m["n"])
        elif m := _NOTE.match(words, at):
            notes.append(m.group()[1:-1])
            has_bound = has_bound or any(bounds(m.group()))
            if grade and _COUNT.search(m.group()):
                found.append(Label(grade, group, tuple(notes), has_bound, n, m.end(), True))  # 优秀（2个）甲、乙
            elif grade and n:
                found.append(Label(grade, group, tuple(notes[:-1]), has_bound, n, at + 1, False))  # 不合格2个（甲、乙）
        elif m := _grade().match(words, at):
            own = m["told"] or m["grade"]
            if grade not in ("", own):
                break
            grade = own
        elif own := group_at(words, at):
            if group and own not in group:
                break
            group, at = group or own, at + len(own)
            continue
        elif m := _copula().match(words, at):
            found.append(Label(grade, group, tuple(notes), has_bound, n, m.end(), False))
        else:
            m = (
                _TIME.match(words, at)
                or _ORDER.match(words, at)
                or _filler().match(words, at)
                or _MARK.match(words, at)
            )
            if m and m.group() == "的" and (grade or has_bound) and not _other().match(words, m.end()):
                found.append(Label(grade, group, tuple(notes), has_bound, n, m.end(), False))  # 优秀的甲、乙
            is_told = is_told or (words[at] == "，" and bool(grade or has_bound))
        if m is None or m.end() == at:
            break
        at = m.end()
    return tuple(reversed(found))


def read_labelled(
    context: Context, line: Line, start: int, end: int, frame: Frame, state: State
) -> Iterator[tuple[Span, GradeList]]:
    """Yield the lists behind a label in a sentence, each with the span that it takes up."""
    text, stop = context.document.text, start
    pieces = clauses(text, start, end)
    for index, (s, e) in enumerate(pieces):
        if text[e : e + 1] == "：" and opened_group(text, s, end):
            continue
        if s < stop or not _promises(text[s : min(end, s + _LABEL_LIMIT)], frame):
            continue
        for label in labels_of(text[s : min(end, s + _LABEL_LIMIT)]):
            if not (label.grade or label.has_bound or (frame.grade and label.group and label.is_closed)):
                continue
            at = s + label.end
            ends = [end] if label.is_closed else []
            ends += [next((b for a, b in pieces[index:] if b > at), end)]
            if enough := _ENOUGH.search(text, at, ends[-1]):
                ends.append(enough.start())
            if text[at - 1] == "（":
                ends = [text.find("）", at, end)] if text.find("）", at, end) > 0 else []
            if label.is_closed and (joined := _joined(context, at, end)):
                yield (s, joined.end), _listed(context, line, s, at, joined, label, frame, state)
                stop = joined.end
                break
            lists = next((u for stop in ends if (u := counted_lists(context, at, _trimmed(text, at, stop)))), [])
            if not lists or another_year(context, line, s) or text[lists[-1].end : lists[-1].end + 1] == "：":
                continue
            if text[at - 1] == "（" and (len(lists) > 1 or len(lists[0].units) != label.n):
                continue
            stop = lists[-1].end
            for units in lists:
                yield (s, stop), _listed(context, line, s, at, units, label, frame, state)
            break


def opened_group(text: str, start: int, end: int) -> str:
    """Return the group that a sentence opens with: 省直单位（共40家）：优秀10家，… -> 省直单位; '' for 乡镇优秀：…."""
    at = text.find("：", start, min(end, start + _LABEL_LIMIT))
    words = text[start:at] if at > start else ""
    bare = _NOTE.sub("", words) if words.endswith("）") else words
    group = group_at(bare, 0)
    return group if group and re.fullmatch("(?:门户)?(?:网站)?|类|方面", bare[bare.find(group) + len(group) :]) else ""


def keep_grade(line: Line, words: str, state: State) -> None:
    """Keep what a line of its own says of the lines below it: 优秀（5个）：; any other line without a list ends it."""
    m = _STANDS.fullmatch(words) if line.kind != "heading" else None
    graded = _grade().fullmatch(m["grade"]) if m else None
    n = _COUNT.search(words)
    span = (line.start, line.end)
    state.graded = (
        Frame("", None, m["grade"], parse_count(n["n"]) if n else None, span[0], (span,)) if m and graded else None
    )
    state.graded_in = tuple(h.start for h in line.path)


def below_grade(frame: Frame, line: Line, state: State) -> Frame:
    """Return the frame of a line below a line that gives a grade, where no heading gives one."""
    kept = state.graded
    if kept is None or frame.grade or state.graded_in != tuple(h.start for h in line.path):
        return frame
    return replace(
        frame, grade=kept.grade, grade_n=kept.grade_n, grade_at=kept.grade_at, uses=(*frame.uses, *kept.uses)
    )


def counted_lists(context: Context, start: int, end: int) -> list[UnitList]:
    """Return the lists of 甲、乙2个市州和丙、丁2个部门, one a counted group; [] where any part is no list of units."""
    text = context.document.text
    cuts = [c for c in COUNTED_GROUP.finditer(text, start, end) if c.start() > start]
    starts, stops = [start, *(c.end() for c in cuts)], [*(c.end("noun") for c in cuts), end]
    pieces = [read_units(context, a, b) for a, b in zip(starts, stops, strict=True)]
    found = [u for u in pieces if u and names_no_group(u)]
    return found if len(found) == len(pieces) else []


def _joined(context: Context, start: int, end: int) -> UnitList | None:
    """Read a list in which 、 parts the names and ， the places: 甲市“乙”网、“丙”网，丁市“戊”网; None for other lists.

    Every part must be a list; what follows the last of them (，责令整改) is left alone.
    """
    text = context.document.text
    if text.find("，", start, end) < 0:
        return None
    lists: list[UnitList] = []
    for s, e in split_outside(text, start, _trimmed(text, start, end), "，"):
        own = read_units(context, s, e)
        if own is None or not names_no_group(own) or own.is_open:
            break
        lists.append(own)
    if len(lists) < 2 or any(u.count is not None for u in lists):
        return None
    return replace(lists[0], end=lists[-1].end, units=tuple(unit for own in lists for unit in own.units))


def _listed(
    context: Context, line: Line, start: int, at: int, units: UnitList, label: Label, frame: Frame, state: State
) -> GradeList:
    grade, note = label.grade or frame.grade, "，".join(label.notes)
    rule = "grade_label" if grade else "score_band"
    made = make_list(
        context, line, start, at, units, grade, label.group or group_of_noun(units, frame), note, frame, state, rule
    )
    return replace(made, n_stated=made.n_stated if grade else None)


def group_of_noun(units: UnitList, frame: Frame) -> str:
    """Return the group that the noun behind a list names: 甲、乙2个乡镇 -> 乡镇.

    Below a heading with a wider name that holds it the heading's is kept: 3个市 below 市州政府网站 -> 市州.
    """
    noun = re.sub(r"^(?:个|家|所)", "", units.noun)
    own = group_at(noun, 0) if units.count is not None else ""
    return "" if own and own in frame.group else own


def _promises(words: str, frame: Frame) -> bool:
    """Say cheaply whether words may begin with a label: a grade, a bound, or a colon below a graded heading."""
    return bool(frame.grade and "：" in words) or "分" in words or _grade().search(words) is not None


def _trimmed(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1] in "。；;， 　：":
        end -= 1
    return end
