"""The wordings of scores in a clause: counts at or above a score, full marks, means and extremes.

Each form gives what it says and where, without the frame (what was scored, whose, when), which `scores` adds.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Any

from tongbao.extract.facts import Span
from tongbao.extract.group_words import name_bracket
from tongbao.extract.mentions import find_numbers
from tongbao.extract.scopes import clean_group, group_kind, group_words
from tongbao.extract.score_groups import group_at_end

_N = r"\d{1,6}(?:\.\d{1,4})?"
_BRACKET = r"（[^（）]{1,30}）"
_SCORE = "(?:得分|分数|成绩|总分|评分)"
_THRESHOLD = re.compile(
    rf"(?:(?:总|综合|考核|考评|评估|平均)?{_SCORE}(?:均)?(?:在|达到|达|为|超过（含）)?|超过（含）|达到)?"
    rf"(?P<t>{_N})分(?P<scale>{_BRACKET})?(?:（含）)?(?:及以上|以上|（含）以上)?"
)
_COUNT_THEN_SCORE = re.compile(
    rf"(?P<n>\d{{1,6}})(?:个|家)(?P<group>[^，。；：\d]{{1,16}}?)(?:总|综合)?(?:的)?{_SCORE}(?:均)?(?:在|达到|达|为|超过（含）)?"
    rf"(?P<t>{_N})分(?P<scale>{_BRACKET})?(?:（含）)?(?:及以上|以上)"
)
_WITH_GRADE = re.compile(r"[、，]?(?:被)?(?:评|评定|确定|列)为[^，。；：、\d]{2,8}?(?:等次|档次|等级)?(?=的)")
_FULL = re.compile(
    r"(?P<groups>\d+(?:个|家)[^，。；：]{1,60}?)(?P<label>“[^“”]{2,24}”|《[^《》]{2,24}》)?(?:等)?(?:一级|二级)?(?:指标|项目|项)?(?:考核|考评|评估|测评)?"
    r"(?:均|都|全部)?(?:得分|成绩)?(?:为|获得|获|得|取得|达到)?(?:了)?(?:满分|\d+分（满分）)"
)
_FULL_AHEAD = re.compile(
    rf"(?:(?P<label>“[^“”]{{2,24}}”)(?:一级|二级)?(?:指标|项目|项)?(?:（(?:满分)?(?P<part>{_N})分）)?(?:有|中，?|方面，?)?)?"
    rf"(?:(?:获得|获|得|取得)满分(?P<all>{_N}分)?的(?:有|共有|共|达)?(?P<n>\d{{1,5}})(?:个|家)"
    rf"|(?P<m>\d{{1,5}})(?:个|家)(?:单位|网站|部门)?(?:获得|获|得|取得)(?:了)?满分)"
)
_NUMBERED_GROUP = re.compile(rf"(?P<n>\d{{1,6}})(?:个|家)(?P<group>{group_words('1,16', '“”《》和及与以')})")
_MEAN = re.compile(
    r"(?:总体|综合|整体)?平均(?:得分|分数|成绩|绩效|总分|分)?(?:仅为|仅|只有|为|达到|达|是|：)?"
    rf"(?:由[^，。；]{{0,10}}?(?P<before>{_N})分?(?P<verb>提高|提升|上升|增加|增长|下降|降低|减少)(?:到|至|为))?"
    rf"(?P<v>{_N})(?P<unit>分)?(?![\d个家％%天件次条日])"
)
_EXTREME = re.compile(
    rf"(?:(?P<a>最高|最低)(?:得)?分|得分(?P<b>最高|最低)|(?P<c>最高|最低)(?:得分|成绩)|(?P<d>最高|最低)(?=[为是达]?{_N}分))"
    rf"(?:的)?(?:为|是|达到|达|：)?(?P<v>{_N})分?(?![\d个家％%])"
)
_EXTREME_AHEAD = re.compile(r"(?:得分|总分|成绩)(?P<side>最[高低])$")
_POINTS_NEXT = re.compile(rf"(?:(?:得分|总分)?(?:为|达到?|仅)|得(?:分)?)(?:了)?(?P<v>{_N})分")
_SCALE = re.compile(rf"(?:满分|总分)(?:均)?(?:为|是)?(?P<v>{_N})分?")
_OWN_SCALE = re.compile(rf"（满分(?:为)?(?P<v>{_N})分）")
_INDICATOR = re.compile(r"(?:“(?P<label>[^“”]{2,24})”|(?P<bare>[一-鿿]{2,12}))(?:一级|二级)?(?:指标|类指标)")
_OWNER = re.compile("^.*(?:网站|新媒体|账号|部门|单位|的|中|在)(?=..)")  # 设区市网站信息公开: whose, then what
_EARLIER = re.compile(r"(?:较|比|与|由|于)[^，。；]{0,6}年(?:度)?(?:的)?(?:总体|综合|整体)?$")
_NOT_A_SCORE = re.compile(r"扣$|加$|高于|低于|超过|达到")
_DOWN = ("减少", "下降", "降低")


@cache
def _group_then_count() -> re.Pattern[str]:
    """的GROUP有N个; a bracket behind the group is a remark (含顺德区) unless it is part of its name (市、区)."""
    return re.compile(
        rf"(?:的)?(?P<group>[^，。；：\d＿％%]{{0,20}}?)(?:(?!{name_bracket()}){_BRACKET}|＿+)?(?:共有|共|有|为|达到|达)?"
        rf"(?P<n>\d{{1,6}})(?:个|家|名)(?P<after>(?:{name_bracket()}|[^，。；：、\d（）]){{0,12}})"
    )


@dataclass(frozen=True, slots=True)
class Scored:
    """What a wording says: the columns it fills, its span, and the group where it names one itself."""

    values: dict[str, Any]
    start: int
    end: int
    group: str = ""
    uses: tuple[Span, ...] = field(default=())


def number(digits: str) -> int | float:
    """Return printed digits as a number: an integer where none of its decimals is printed."""
    return float(digits) if "." in digits else int(digits)


def at_least(text: str, s: int, e: int) -> Iterator[Scored]:
    """Read N分以上的GROUP有N个, N个GROUP得分在N分以上, GROUP得分N分以上的有N个, N分以上、评为优秀的有N家."""
    if m := _COUNT_THEN_SCORE.search(text, s, e):
        yield _threshold(m["t"], m["n"], m["scale"], clean_group(m["group"]), m.span())
        return
    for m in _THRESHOLD.finditer(text, s, e):
        said = next((n for n in find_numbers(text, s, e) if n.start == m.start("t")), None)
        tail = re.match(r"(?:（含）|及)?以上", text[m.end() : e])
        is_bound = tail or re.search(r"以上$|超过（含）|达到", m.group())
        if said is None or not is_bound or said.comparator not in (">=", "="):
            continue
        behind = m.end() + (tail.end() if tail else 0)
        if graded := _WITH_GRADE.match(text, behind, e):
            behind = graded.end()
        count = _group_then_count().match(text, behind, e)
        if count is None:
            continue
        words = clean_group(count["group"]) or (clean_group(count["after"]) if not count["group"] else "")
        words = words or group_at_end(text[s : m.start()])
        yield _threshold(m["t"], count["n"], m["scale"], words, (m.start(), count.end("n") + 1))
        return


def _threshold(t: str, n: str, scale: str | None, group: str, span: Span) -> Scored:
    values: dict[str, Any] = {"statistic": "n_at_least", "threshold": number(t), "value": int(n)}
    if scale and (m := _SCALE.search(scale)):
        values["scale_max"] = number(m["v"])
    return Scored(values, *span, group)


def full_marks(text: str, s: int, e: int) -> Iterator[Scored]:
    """Read 4个市州和12个省政府部门“网站运行情况”指标考核满分: a row for each group; 得满分120分的有1家."""
    m = _FULL.search(text, s, e) if "满分" in text[s:e] else None
    groups = list(_NUMBERED_GROUP.finditer(text, m.start("groups"), m.end("groups"))) if m else []
    found: list[Scored] = []
    for hit in groups:
        words, indicator = hit["group"], m["label"][1:-1] if m and m["label"] else ""
        if not indicator and hit is groups[-1]:
            words, indicator = _split_indicator(words)
        group = clean_group(words)
        if not group or not (group_kind(group) or re.search(r"市|县|区|州|部门|单位|厅局|乡镇|街道", group)):
            found = []
            break
        values: dict[str, Any] = {"statistic": "n_full_marks"} | ({"indicator": indicator} if indicator else {})
        found.append(Scored(values | {"value": int(hit["n"])}, hit.start(), m.end() if m else e, group))
    yield from found or _full_marks_ahead(text, s, e)


def _full_marks_ahead(text: str, s: int, e: int) -> Iterator[Scored]:
    m = _FULL_AHEAD.search(text, s, e) if "满分" in text[s:e] else None
    if m is None:
        return
    values: dict[str, Any] = {"statistic": "n_full_marks"} | ({"indicator": m["label"][1:-1]} if m["label"] else {})
    if m["part"] and m["label"]:
        values["scale_max"] = number(m["part"])
    yield Scored(values | {"value": int(m["n"] or m["m"])}, *m.span())


def _split_indicator(words: str) -> tuple[str, str]:
    """Split 市州的在线服务 into the group and the indicator; the group is the longest known name in front."""
    for cut in range(len(words), 1, -1):
        if group_kind(words[:cut]):
            return words[:cut], words[cut:].removeprefix("的").removeprefix("在")
    return words, ""


def statistics(text: str, masked: str, s: int, e: int, is_scored: bool, before: str = "") -> Iterator[Scored]:
    """Read means and extremes: 市州平均得分为85.3分，最高分98分，最低分60.5分.

    Args:
        text, masked: the text, and with titles and remarks blanked; `s` and `e` are the clause in both.
        is_scored: whether the sentence speaks of scores, so that 平均81分 and 最高98分 alone are understood.
        before: the clause before, which may name an indicator (公众参与指标得分偏低，平均仅8.4分).
    """
    for pattern in (_MEAN, _EXTREME):
        for m in pattern.finditer(masked, s, e):
            ahead = text[s : m.start()]
            if _EARLIER.search(ahead) or _NOT_A_SCORE.search(ahead[-4:]) or re.search(r"扣分|加分", m.group()):
                continue  # 相比2017年平均分79.4分提高了3.1分 repeats an earlier year's
            is_bare = pattern is _MEAN and not re.match(r".{0,2}平均(?:得分|分数|成绩|绩效|总分|分)", m.group())
            if (is_bare or (pattern is _EXTREME and m["d"])) and not is_scored:
                continue
            if is_bare and not m["unit"]:
                continue
            kind = "mean" if pattern is _MEAN else "max" if "最高" in m.group() else "min"
            values: dict[str, Any] = {"statistic": kind}
            told = [*_INDICATOR.finditer(ahead)] or ([] if ahead else [*_INDICATOR.finditer(before)])
            if told:
                values["indicator"] = told[-1]["label"] or _OWNER.sub("", told[-1]["bare"])
            elif "指标" in ahead[-4:]:
                continue
            values["value"] = number(m["v"])
            if pattern is _MEAN and m["before"]:
                values["change"] = _difference(m["before"], m["v"])
            if own := _OWN_SCALE.match(text, m.end(), e):
                values["scale_max"] = number(own["v"])
            yield Scored(values, m.start(), own.end() if own else m.end(), group_at_end(masked[s : m.start()]))


def _difference(before: str, now: str) -> int | float:
    """Return what two printed scores differ by, with no more decimals than they have."""
    return number(str(Decimal(now) - Decimal(before)))


def ends_with_extreme(words: str) -> bool:
    """Whether a clause ends with 得分最高 or 得分最低, so that the figure stands in the next one."""
    return _EXTREME_AHEAD.search(words) is not None


def extreme_next(text: str, s: int, e: int, following: Span | None) -> Iterator[Scored]:
    """Read 甲市得分最高，得95分: the figure stands in the next clause."""
    m = _EXTREME_AHEAD.search(text[s:e])
    points = _POINTS_NEXT.fullmatch(text, *following) if m and following else None
    if m is not None and points is not None:
        statistic = "max" if m["side"] == "最高" else "min"
        yield Scored({"statistic": statistic, "value": number(points["v"])}, s + m.start(), points.end())
