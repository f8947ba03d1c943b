"""The table `score_counts`: how many units scored what, means and extremes, with their frame.

The wordings are read in `score_forms`, groups in `score_groups`, full marks in `score_scales`. Ratings of named units
(their lists, grades and bounds) belong to `grades`; deductions are read in `deductions`.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from tongbao.extract.context import Context
from tongbao.extract.deductions import deductions
from tongbao.extract.document import Line
from tongbao.extract.facts import Fact, Span
from tongbao.extract.rates_frames import is_goal
from tongbao.extract.scopes import group_kind, is_demand, is_relevant, measure_at, measure_in
from tongbao.extract.score_forms import (
    Scored,
    at_least,
    ends_with_extreme,
    extreme_next,
    full_marks,
    number,
    statistics,
)
from tongbao.extract.score_groups import counted_group, heading_group, leading_group
from tongbao.extract.score_scales import scale_of
from tongbao.extract.statements import mask, own_scope, sentence_clauses
from tongbao.extract.told_periods import find_period

_DIGIT = re.compile(r"\d")
_SCORED = re.compile("分|平均|最[高低]")  # what every wording of a score holds
_SPEAKS_OF_SCORES = re.compile("得分|平均分|总分|分数|评分|成绩")
_N = r"\d{1,6}(?:\.\d{1,4})?"
_SHARE = re.compile(rf"(?:占比|占[^，。；\d％%]{{0,12}}?)(?:为|达到|达|的)?(?P<v>{_N})[%％]")
_CHANGE = re.compile(
    r"(?:同比|比上年|较上年|比去年|较去年|与上年相比|与去年相比|比上一年|较上一年|(?:较|比|相比|与)(?P<year>20\d\d)年)(?:度)?(?:同期)?(?:的)?"
    rf"(?:(?:平均)?(?:得分|分数|成绩|分)?(?:为|的)?{_N}分)?(?:相比)?(?:分别)?"
    rf"(?P<verb>增加|增长|提高|提升|上升|减少|下降|降低)(?:了)?(?P<v>{_N})(?P<unit>个百分点|百分点|个|家|分)"
)
_DOWN = ("减少", "下降", "降低")
_ALL_UNITS = re.compile(r"\d(?:个|家)(?:参评|参考|被考核|被评估)?单位(?:的)?(?:平均|总体|网站)|全部单位|所有单位")
_OWN_TERRITORY = re.compile(r"[全我本][省市区县州](?:政府)?(?:网站)?$")


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
    for line in context.document.lines:
        if line.part not in ("body", "annex") or line.kind == "table_row" or is_demand(context, line):
            continue
        if not (_DIGIT.search(text, line.content, line.end) and _SCORED.search(text, line.content, line.end)):
            continue
        group = heading_group(line)
        for clauses in sentence_clauses(masked, line.content, line.end):
            for fact, own in _sentence(context, line, masked, clauses, group):
                group = own or group
                yield fact


def _sentence(context: Context, line: Line, masked: str, clauses: list[Span], group: str) -> Iterator[tuple[Fact, str]]:
    """Yield the rows of a sentence, each with its group; a group counted or scored before is carried on."""
    text = context.document.text
    is_scored = _SPEAKS_OF_SCORES.search(text, clauses[0][0], clauses[-1][1]) is not None
    for i, (s, e) in enumerate(clauses):
        before = masked[clauses[i - 1][0] : clauses[i - 1][1]] if i and masked[s - 1] in "，," else ""
        spoken = text[clauses[i - 1][0] : clauses[i - 1][1]] if before else ""
        counted = counted_group(before) or leading_group(before)
        if counted and group_kind(counted) != "channels":
            group = counted  # 市州政府网站9个，平均得分71.5分
        is_ahead = ends_with_extreme(masked[s:e])
        if not (is_ahead or (_DIGIT.search(text, s, e) and _SCORED.search(text, s, e))) or is_goal(masked, clauses, i):
            continue
        following = clauses[i + 1] if i + 1 < len(clauses) else None
        found = list(full_marks(text, s, e)) or list(at_least(text, s, e))
        found = found or list(statistics(text, masked, s, e, is_scored and "扣" not in text[s:e], spoken))
        found = found or list(extreme_next(masked, s, e, following))
        for item in found:
            if not (item.group and group.endswith(item.group)):  # 有2个部门 under 市直部门 are those
                group = item.group or ("" if _OWN_TERRITORY.search(masked[s : item.start]) else group)
            behind = following if item is found[-1] else None
            for fact in _rows(context, line, masked, (s, e), item, group, behind, is_alone=len(found) == 1):
                yield fact, group


def _rows(
    context: Context,
    line: Line,
    masked: str,
    clause: Span,
    item: Scored,
    group: str,
    following: Span | None,
    is_alone: bool,
) -> Iterator[Fact]:
    """Yield the row of a wording and that of the share printed behind it; a score needs somebody who has it."""
    text, (s, e) = context.document.text, clause
    home = own_scope(context)
    is_of_all = item.values["statistic"] in ("mean", "min", "max") or _ALL_UNITS.search(masked, line.content, s)
    if not group and (home is None or not is_of_all):
        return
    measure = _measure(context, line, masked[s:e])
    values: dict[str, Any] = {"measure": measure, "group": group or (home.name if home else "")}
    if period := find_period(context, masked, s, e) or context.period:
        values["period"] = period
    values |= item.values
    end, uses = item.end, item.uses
    is_count = values["statistic"].startswith("n_")
    m = _CHANGE.match(text, *following) if following else None
    if m and _is_last_year(context, m) and (m["unit"] in ("个", "家")) == is_count:
        values["change"] = -number(m["v"]) if m["verb"] in _DOWN else number(m["v"])
        uses, end = (*uses, m.span()), m.end() if is_alone else end
    if "scale_max" not in values and "indicator" not in values:
        points = scale_of(context, line, measure, group)
        if points is not None and points >= values.get("threshold", 0 if is_count else values["value"]):
            values["scale_max"] = points
    yield Fact("score_counts", item.start, end, "stated", "score", values, uses)
    if following and values["statistic"] == "n_at_least" and (m := _SHARE.match(text, *following)):
        share = {k: v for k, v in values.items() if k not in ("change", "value", "statistic")}
        share |= {"statistic": "share_at_least", "value": float(Decimal(m["v"]) / 100)}
        yield Fact("score_counts", m.start(), m.end(), "stated", "score", share, ((item.start, item.end),))


def _measure(context: Context, line: Line, words: str) -> str:
    """Return what is scored: the nearest heading decides, then the clause, then the title."""
    for heading in reversed(line.path):
        if measure := measure_in(heading.words):
            return measure
    return measure_at(context, line, words)


def _is_last_year(context: Context, m: re.Match[str]) -> bool:
    return m["year"] is None or not context.period[:4] or int(m["year"]) == int(context.period[:4]) - 1
