"""The tables `score_counts` and `deductions`: how many units scored what, means and extremes, points taken off.

Ratings of named units (their lists, grades and bounds) belong to `grades`; deductions are read in `deductions`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from tongbao.extract.context import Context
from tongbao.extract.deductions import deductions
from tongbao.extract.document import Line
from tongbao.extract.facts import Fact, Span
from tongbao.extract.group_words import name_bracket
from tongbao.extract.mentions import find_numbers
from tongbao.extract.rates_frames import is_goal
from tongbao.extract.scopes import (
    clean_group,
    group_kind,
    group_words,
    is_demand,
    is_relevant,
    known_group,
    measure_at,
    measure_in,
)
from tongbao.extract.statements import mask, own_scope, sentence_clauses
from tongbao.extract.told_periods import find_period

_DIGIT = re.compile(r"\d")
_SCORED = re.compile("分|平均|最[高低]")  # what every wording of a score holds
_N = r"\d{1,6}(?:\.\d{1,4})?"
_BRACKET = r"（[^（）]{1,30}）"
_THRESHOLD = re.compile(
    rf"(?:(?:总|综合|考核|考评|评估|平均)?(?:得分|分数|成绩|总分|评分)(?:均)?(?:在|达到|达|为|超过（含）)?|超过（含）|达到)?"
    rf"(?P<t>{_N})分(?P<scale>{_BRACKET})?(?:（含）)?(?:及以上|以上|（含）以上)?"
)
_COUNT_THEN_SCORE = re.compile(
    r"(?P<n>\d{1,6})(?:个|家)(?P<group>[^，。；：\d]{1,16}?)(?:总|综合)?(?:的)?(?:得分|分数|成绩|总分|评分)(?:均)?(?:在|达到|达|为|超过（含）)?"
    rf"(?P<t>{_N})分(?P<scale>{_BRACKET})?(?:（含）)?(?:及以上|以上)"
)
_FULL = re.compile(
    r"(?P<groups>\d+(?:个|家)[^，。；：]{1,60}?)(?P<label>“[^“”]{2,24}”|《[^《》]{2,24}》)?(?:等)?(?:一级|二级)?(?:指标|项目|项)?(?:考核|考评|评估|测评)?"
    r"(?:均|都|全部)?(?:得分|成绩)?(?:为|获得|获|得|取得|达到)?(?:了)?(?:满分|\d+分（满分）)"
)
_NUMBERED_GROUP = re.compile(rf"(?P<n>\d{{1,6}})(?:个|家)(?P<group>{group_words('1,16', '“”《》和及与以')})")
_COUNTED_GROUP = re.compile(rf"(?:其中)?[，：]?(?P<group>{group_words('1,20')})(?:共|有)?\d{{1,4}}(?:个|家)")
_MEAN = re.compile(
    rf"(?:总体|综合|整体)?平均(?:得分|分数|成绩|绩效|总分|分)(?:为|达到|达|是|：)?(?P<v>{_N})分?(?![\d个家％%])"
)
_EXTREME = re.compile(
    rf"(?:(?P<a>最高|最低)(?:得)?分|得分(?P<b>最高|最低)|(?P<c>最高|最低)(?:得分|成绩))(?:的)?(?:为|是|达到|达|：)?(?P<v>{_N})分?(?![\d个家％%])"
)
_EXTREME_AHEAD = re.compile(r"(?:得分|总分|成绩)(?P<side>最[高低])$")
_POINTS_NEXT = re.compile(rf"(?:(?:得分|总分)?(?:为|达到?|仅)|得(?:分)?)(?:了)?(?P<v>{_N})分")
_SHARE = re.compile(rf"(?:占比|占[^，。；\d％%]{{0,12}}?)(?:为|达到|达|的)?(?P<v>{_N})[%％]")
_CHANGE = re.compile(
    r"(?:同比|比上年|较上年|比去年|较去年|与上年相比|与去年相比|比上一年|较上一年|(?:较|比|相比|与)(?P<year>20\d\d)年)(?:度)?(?:同期)?(?:的)?"
    rf"(?:平均(?:得分|分数|成绩|分)(?:为|的)?{_N}分)?(?:相比)?(?:分别)?"
    rf"(?P<verb>增加|增长|提高|提升|上升|减少|下降|降低)(?:了)?(?P<v>{_N})(?P<unit>个百分点|百分点|个|家|分)"
)
_DOWN = ("减少", "下降", "降低")
_SCALE = re.compile(rf"(?:满分|总分)(?:均)?(?:为|是)?(?P<v>{_N})分?")


@cache
def _group_then_count() -> re.Pattern[str]:
    """的GROUP有N个; a bracket behind the group is a remark (含顺德区) unless it is part of its name (市、区)."""
    return re.compile(
        rf"(?:的)?(?P<group>[^，。；：\d＿％%]{{0,20}}?)(?:(?!{name_bracket()}){_BRACKET}|＿+)?(?:共有|共|有|为|达到|达)?"
        rf"(?P<n>\d{{1,6}})(?:个|家|名)(?P<after>(?:{name_bracket()}|[^，。；：、\d（）]){{0,12}})"
    )


@dataclass(frozen=True, slots=True)
class _Found:
    """A row in the making: its columns, span, and the spans it rests on."""

    values: dict[str, Any]
    start: int
    end: int
    uses: tuple[Span, ...] = ()


def scores(context: Context) -> Iterator[Fact]:
    """Yield the rows of `score_counts` and of `deductions`; schemes of evaluation give none."""
    if not is_relevant(context):
        return
    yield from score_counts(context)
    yield from deductions(context)


def score_counts(context: Context) -> Iterator[Fact]:
    """Yield how many units scored at least so much, had full marks, and the mean, highest and lowest score.

    Examples: 得分80分以上的市州有12个，同比增加2个 -> n_at_least 80, value 12, change 2;
    4个市州“网站运行情况”指标考核满分 -> n_full_marks. 超过80分 is no `n_at_least` and stays a figure.
    """
    text = context.document.text
    masked = mask(text)
    for line in context.document.body():
        if line.kind == "table_row" or is_demand(context, line):
            continue
        if not (_DIGIT.search(text, line.content, line.end) and _SCORED.search(text, line.content, line.end)):
            continue
        group = next((g for h in reversed(line.path) if (g := known_group(h.words))), "")
        for clauses in sentence_clauses(masked, line.content, line.end):
            for i, (s, e) in enumerate(clauses):
                figure_ahead = _EXTREME_AHEAD.search(masked[s:e]) is not None
                if not (figure_ahead or (_DIGIT.search(text, s, e) and _SCORED.search(text, s, e))):
                    continue
                if is_goal(masked, clauses, i):
                    continue
                following = clauses[i + 1] if i + 1 < len(clauses) else None
                # 市州政府网站9个，平均得分71.5分
                before = masked[clauses[i - 1][0] : clauses[i - 1][1]] if i and masked[s - 1] in "，," else ""
                if (m := _COUNTED_GROUP.fullmatch(before)) and (counted := known_group(m["group"])):
                    group = counted if group_kind(counted) != "channels" else group
                for found in _read(context, line, masked, (s, e), following, group):
                    group = found.values.get("group", group)
                    yield Fact("score_counts", found.start, found.end, "stated", "score", found.values, found.uses)


def _read(
    context: Context, line: Line, masked: str, clause: Span, following: Span | None, group: str
) -> Iterator[_Found]:
    text = context.document.text
    s, e = clause
    frame: dict[str, Any] = {"measure": _measure(context, line, masked[s:e])}
    period = find_period(context, masked, s, e) or context.period
    if period:
        frame["period"] = period
    found = list(_full_marks(context, text, s, e))
    found = found or list(_at_least(context, masked, s, e, group))
    found = found or list(_statistics(context, text, masked, s, e, group))
    found = found or list(_extreme_next(context, text, masked, s, e, following, group))
    for item in found:
        values = {"measure": frame["measure"], "group": item.values.pop("group")} | frame | item.values
        last = item is found[-1]
        end, uses = item.end, item.uses
        m = _CHANGE.match(text, *following) if last and following else None
        is_count = values["statistic"].startswith("n_")
        if m and _is_last_year(context, m) and (m["unit"] in ("个", "家")) == is_count:
            values["change"] = -number(m["v"]) if m["verb"] in _DOWN else number(m["v"])
            end = m.end() if len(found) == 1 else end
            uses = (*uses, m.span())
        yield _Found(values, item.start, end, uses)
        if last and following and values["statistic"] == "n_at_least" and (m := _SHARE.match(text, *following)):
            share = {k: v for k, v in values.items() if k not in ("change", "value", "statistic")}
            share |= {"statistic": "share_at_least", "value": float(Decimal(m["v"]) / 100)}
            yield _Found(share, m.start(), m.end(), ((item.start, item.end),))


def _at_least(context: Context, masked: str, s: int, e: int, group: str) -> Iterator[_Found]:
    """Read N分以上的GROUP有N个, N个GROUP得分在N分以上, and GROUP得分N分以上的有N个."""
    text = context.document.text
    if m := _COUNT_THEN_SCORE.search(text, s, e):
        words = clean_group(m["group"]) or group
        if words:
            yield _threshold(m["t"], m["n"], m["scale"], words, m.start(), m.end())
        return
    for m in _THRESHOLD.finditer(text, s, e):
        number_at = next((n for n in find_numbers(text, s, e) if n.start == m.start("t")), None)
        tail = re.match(r"(?:（含）|及)?以上", text[m.end() : e])
        is_bound = tail or re.search(r"以上$|超过（含）|达到", m.group())
        if number_at is None or not is_bound or (number_at.comparator not in (">=", "=")):
            continue
        behind = m.end() + (tail.end() if tail else 0)
        count = _group_then_count().match(text, behind, e)
        if count is None:
            continue
        words = clean_group(count["group"]) or (clean_group(count["after"]) if not count["group"] else "")
        words = words or _group_before(context, masked[s : m.start()]) or group
        if words:
            yield _threshold(m["t"], count["n"], m["scale"], words, m.start(), count.end("n") + 1)
        return


def _threshold(t: str, n: str, scale: str | None, group: str, start: int, end: int) -> _Found:
    values: dict[str, Any] = {"group": group, "statistic": "n_at_least", "threshold": number(t), "value": int(n)}
    if scale and (m := _SCALE.search(scale)):
        values["scale_max"] = number(m["v"])
    return _Found(values, start, end)


def _full_marks(context: Context, text: str, s: int, e: int) -> Iterator[_Found]:
    """Read 4个市州和12个省政府部门“网站运行情况”指标考核满分: a row for each group."""
    m = _FULL.search(text, s, e)
    if m is None:
        return
    groups = list(_NUMBERED_GROUP.finditer(text, m.start("groups"), m.end("groups")))
    label = m["label"]
    for hit in groups:
        words, indicator = hit["group"], label[1:-1] if label else ""
        if not label and hit is groups[-1]:
            words, indicator = _split_indicator(words)
        group = clean_group(words)
        if not group or not (group_kind(group) or re.search(r"市|县|区|州|部门|单位|厅局|乡镇|街道", group)):
            return
        values: dict[str, Any] = {"group": group, "statistic": "n_full_marks"}
        if indicator:
            values["indicator"] = indicator
        yield _Found(values | {"value": int(hit["n"])}, hit.start(), m.end())


def _split_indicator(words: str) -> tuple[str, str]:
    """Split 市州的在线服务 into the group and the indicator; the group is the longest known name in front."""
    for cut in range(len(words), 1, -1):
        if group_kind(words[:cut]):
            return words[:cut], words[cut:].removeprefix("的").removeprefix("在")
    return words, ""


def _statistics(context: Context, text: str, masked: str, s: int, e: int, group: str) -> Iterator[_Found]:
    """Read means and extremes: 市州平均得分为85.3分，最高分98分，最低分60.5分."""
    for pattern in (_MEAN, _EXTREME):
        for m in pattern.finditer(text, s, e):
            before = masked[s : m.start()]
            if re.search(r"(?:较|比|与|由|于)[^，；。]{0,6}年(?:度)?(?:的)?(?:总体|综合|整体)?$", before):
                continue  # 相比2017年平均分79.4分提高了3.1分 repeats an earlier year's
            if re.search(r"扣$|加$|指标|高于|低于|超过|达到", before[-4:]) or re.search(r"扣分|加分", m.group()):
                continue
            is_whole = re.search(r"[全我本][省市区县州](?:政府)?(?:网站)?$", before)
            name = _group_before(context, before) or ("" if is_whole else group)
            if not name:
                home = own_scope(context)
                name = home.name if home and re.search(r"全|我|总体|$", before) else ""
            if not name:
                continue
            kind = "mean" if pattern is _MEAN else "max" if "最高" in m.group() else "min"
            yield _Found({"group": name, "statistic": kind, "value": number(m["v"])}, m.start(), m.end())


def _extreme_next(
    context: Context, text: str, masked: str, s: int, e: int, following: Span | None, group: str
) -> Iterator[_Found]:
    """Read 甲市得分最高，得95分: the figure stands in the next clause."""
    m = _EXTREME_AHEAD.search(masked[s:e])
    points = _POINTS_NEXT.fullmatch(text, *following) if m and following else None
    home = own_scope(context)
    if m is None or points is None or (not group and home is None):
        return
    statistic = "max" if m["side"] == "最高" else "min"
    name = group or (home.name if home else "")
    yield _Found({"group": name, "statistic": statistic, "value": number(points["v"])}, s + m.start(), points.end())


def _group_before(context: Context, words: str) -> str:
    """Return the group whose statistic follows (14个市州平均得分), '' where the words name none."""
    tail = re.search(r"[一-鿿（、）\d]{2,24}$", words)
    if tail is None:
        return ""
    group = clean_group(tail.group())
    return group if group_kind(group) else ""


def _measure(context: Context, line: Line, words: str) -> str:
    """Return what is scored: the nearest heading decides, then the clause, then the title."""
    for heading in reversed(line.path):
        if measure := measure_in(heading.words):
            return measure
    return measure_at(context, line, words)


def _is_last_year(context: Context, m: re.Match[str]) -> bool:
    return m["year"] is None or not context.period[:4] or int(m["year"]) == int(context.period[:4]) - 1


def number(digits: str) -> int | float:
    """Return printed digits as a number: an integer where none of its decimals is printed."""
    return float(digits) if "." in digits else int(digits)
