"""The table `score_counts`: how many units reached a score, full marks, means and extremes of groups.

Clauses are read one by one; a group, a measure or scores once spoken of hold for what follows in the paragraph.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from tongbao.extract.context import Context
from tongbao.extract.document import Line
from tongbao.extract.facts import Fact, Span
from tongbao.extract.group_phrases import groups_in
from tongbao.extract.line_words import words_begin
from tongbao.extract.rates_frames import is_goal
from tongbao.extract.scopes import clean_group, group_kind, is_demand
from tongbao.extract.score_changes import change_behind
from tongbao.extract.score_groups import (
    UNKNOWN,
    group_before,
    group_in_words,
    group_of_heading,
    home_name,
    indicator_before,
    is_whole,
    measure_of,
    names_somebody_else,
    split_indicator,
    topic,
)
from tongbao.extract.score_scales import scale_behind, scale_of
from tongbao.extract.score_statistics import Said, extreme_next, kinds_named, next_group, several_in, statistics_in
from tongbao.extract.score_thresholds import Reached, counted_words, full_marks_in, reached_in, scale_in, share_behind
from tongbao.extract.statements import BLANK, mask, sentence_clauses
from tongbao.extract.told_periods import find_period

_SCORED = re.compile("分|平均|最[高低]")  # what every wording of a score holds
_KNOWS = re.compile("得分|分数|成绩|总分|评分|平均分|满分")
_COUNTS = ("个", "家", "名")
_BODY = re.compile(r"市|县|区|州|部门|单位|厅局|乡镇|街道|镇|机构")


@dataclass(frozen=True, slots=True)
class _Found:
    """A row in the making: group, statistic and value, its span, its change if told already, a scale of its own."""

    group: str
    statistic: str
    digits: str
    start: int
    end: int
    threshold: str = ""
    indicator: str = ""
    change: int | float | None = None
    scale: str = ""


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
        start = words_begin(text, line)
        if not _SCORED.search(text, start, line.end) or text.find(" | ", start, line.end) >= 0:
            continue
        reader = _Reader(context, line, text, masked)
        for clauses in sentence_clauses(masked, start, line.end):
            yield from reader.sentence(clauses)


class _Reader:
    """Reads one line and keeps the group that is spoken of."""

    def __init__(self, context: Context, line: Line, text: str, masked: str) -> None:
        self.context, self.line, self.text, self.masked = context, line, text, masked
        self.group = group_of_heading(line)
        self.last = ""

    def sentence(self, clauses: list[Span]) -> Iterator[Fact]:
        """Yield the rows of one sentence."""
        self.last = ""
        for i, (s, e) in enumerate(clauses):
            if not _SCORED.search(self.text, s, e) or is_goal(self.masked, clauses, i):
                self._topic(s, e)
                continue
            found = self._found(clauses, i)
            if not found:
                self._topic(s, e)
            limit = clauses[min(i + 2, len(clauses) - 1)][1]
            for k, said in enumerate(found):
                short = self.group.endswith(said.group)  # 有2个部门 below 市直部门 are those
                item = replace(said, group=self.group) if short else said
                self.group, self.last = item.group, "" if item.indicator else item.statistic
                stop = found[k + 1].start if k + 1 < len(found) else limit
                yield from self._facts(item, clauses, i, stop, alone=len(found) == 1)

    def _topic(self, s: int, e: int) -> None:
        if group := topic(self.masked, s, e):
            self.group = group

    def _found(self, clauses: list[Span], i: int) -> list[_Found]:
        s, e = clauses[i]
        full = list(self._full_marks(s, e))
        if full:
            return full
        found = list(self._several(s, e))
        if not found:
            reach = clauses[min(i + 1, len(clauses) - 1)][1]
            said = statistics_in(self.context, self.text, s, e, reach, self._knows(clauses[0][0], s, e))
            found = [x for item in said if (x := self._statistic(item, clauses, i))]
        taken = [(x.start, x.end) for x in found]
        for reached in reached_in(self.text, s, e):
            if not any(a < reached.end and reached.start < b for a, b in taken):
                found += self._reached(reached, s, e, clauses[i - 1] if i else None)
        if not found and (more := self._goes_on(s, e)):
            found = [more]
        if not found:
            following = clauses[i + 1] if i + 1 < len(clauses) else None
            if (item := extreme_next(self.text, s, e, following)) and (name := self.group or home_name(self.context)):
                found = [_Found(name, item.statistic, item.digits, item.start, item.end)]
        return sorted(found, key=lambda x: x.start)

    def _knows(self, start: int, s: int, e: int) -> bool:
        """Say whether the sentence speaks of scores before or in a clause, and of no points taken off or added."""
        words = self.text[start:e]
        return bool(_KNOWS.search(words)) and not re.search("扣分|加分", self.text[s:e])

    def _statistic(self, said: Said, clauses: list[Span], i: int) -> _Found | None:
        s = clauses[i][0]
        indicator = indicator_before(self.text, s, said.start, clauses[i - 1] if i else None)
        before = self.masked[s : said.start].rstrip(BLANK + "：")
        group = self._group(s, s + len(before))
        indicator = indicator or self._indicator_told(clauses, i, before)
        if indicator == UNKNOWN or not group or self._is_of_another(clauses, i, before, said, bool(indicator)):
            return None
        change = said.change
        return _Found(group, said.statistic, said.digits, said.start, said.end, "", indicator, change)

    def _group(self, s: int, at: int) -> str:
        """Return the group right before a statistic, the whole place if that is said, else the one carried."""
        if group := group_before(self.masked, s, at):
            return group
        return home_name(self.context) if is_whole(self.masked, s, at) or not self.group else self.group

    def _indicator_told(self, clauses: list[Span], i: int, before: str) -> str:
        """Return the indicator whose full mark the sentence has told: “互动交流”指标满分20分，省直部门平均得分14分."""
        for s, e in reversed(clauses[:i]):
            if "指标" in (words := self.text[s:e]):
                if at := max(words.find("满分"), words.find("分值")) + 1:
                    return indicator_before(self.text, s, s + at - 1, None)
                return UNKNOWN if before else ""
        return ""

    def _is_of_another(self, clauses: list[Span], i: int, before: str, said: Said, has_indicator: bool) -> bool:
        """Say whether the words before a statistic, or the clause it goes on from, mean somebody unknown."""
        if has_indicator or (before and (group_before(before, 0, len(before)) or is_whole(before, 0, len(before)))):
            return False
        allows_unit = said.statistic != "mean"
        if before:
            return names_somebody_else(self.context, before, allows_unit)
        m = re.match(r"(?P<whose>[^，。；]{2,24}?)得分(?!最)", self.masked[slice(*clauses[i - 1])]) if i else None
        if m is None or group_before(m["whose"], 0, len(m["whose"])) or is_whole(m["whose"], 0, len(m["whose"])):
            return False
        return names_somebody_else(self.context, m["whose"], allows_unit=True)

    def _goes_on(self, s: int, e: int) -> _Found | None:
        """Read a further group behind a mean: 地级以上市平均得分88分，县（市、区）80.6分."""
        m = next_group(self.text, s, e) if self.last == "mean" else None
        group = group_in_words(m["group"]) if m else ""
        return _Found(group, "mean", m["v"], s, e) if m and group else None

    def _reached(self, reached: Reached, s: int, e: int, earlier: Span | None) -> Iterator[_Found]:
        indicator = indicator_before(self.text, s, reached.start, earlier)
        named = next((g for words in reached.words if words and (g := group_in_words(words))), "")
        group = named or group_before(self.masked, s, reached.start) or self.group
        if not group and (words := clean_group(reached.words[0])):
            group = words if re.fullmatch(r"[一-鿿（）、]{2,12}", words) else ""
        group = group or home_name(self.context)
        if indicator != UNKNOWN and group and reached.threshold:
            scale = scale_in(reached.scale)
            yield _Found(
                group,
                "n_at_least",
                reached.count,
                reached.start,
                reached.end,
                reached.threshold,
                indicator,
                None,
                scale,
            )

    def _full_marks(self, s: int, e: int) -> Iterator[_Found]:
        """Read 4个市州和12个省政府部门“网站运行情况”指标考核满分: a row for each group."""
        told = full_marks_in(self.text, s, e)
        if told is None:
            return
        m, is_first = told
        if not is_first:
            indicator = indicator_before(self.text, s, m.start(), None)
            group = group_in_words(m["mid"]) or self._group(s, m.start())
            if indicator != UNKNOWN and group:
                yield _Found(group, "n_full_marks", m["n"], m.start(), m.end(), "", indicator)
            return
        at, end = m.span("groups")
        counted = list(counted_words(self.text, at, end))
        behind = indicator_before(self.text, s, m.end("groups"), None)
        for k, (n, a, b) in enumerate(counted):
            words, indicator = self.text[a:b], behind if behind != UNKNOWN else ""
            if not indicator and k == len(counted) - 1:
                words, indicator = split_indicator(words)
            words = re.split("[“《在]", words)[0]
            group = clean_group(words) if words else self.group
            if not (group_kind(group) or _BODY.search(group)):
                group = group_in_words(words) or self.group
            if not group:
                return
            yield _Found(group, "n_full_marks", n, a - len(n) - 1, m.end(), "", indicator)

    def _several(self, s: int, e: int) -> Iterator[_Found]:
        """Read 市直部门、县区平均得分分别为88分、79分 and 最高分、最低分分别为98分和60分."""
        told = several_in(self.text, s, e)
        if told is None:
            return
        words, values, spans = told
        kinds = kinds_named(words)
        if len(kinds) == len(values) > 1:
            group = self._group(s, s + re.search("平均|最[高低]", words).start())  # type: ignore[union-attr]
            for kind, value, span in zip(kinds, values, spans, strict=True):
                yield _Found(group, kind, value, *span)
        elif len(kinds) == 1 and len(groups := groups_in(self.masked, s, s + len(words))) == len(values):
            for g, value, span in zip(groups, values, spans, strict=True):
                yield _Found(g.words, kinds[0], value, *span)

    def _facts(self, item: _Found, clauses: list[Span], i: int, stop: int, alone: bool) -> Iterator[Fact]:
        s, e = clauses[i]
        values: dict[str, Any] = {
            "measure": measure_of(self.context, self.line, self.masked, clauses, i),
            "group": item.group,
        }
        told = find_period(self.context, self.masked, s, item.start if item.statistic in ("mean", "max", "min") else e)
        period = told or self.context.period
        if told and told[:4] < self.context.period[:4]:
            return  # the year before is no row of its own
        if period:
            values["period"] = period
        values["statistic"] = item.statistic
        if item.indicator:
            values["indicator"] = item.indicator
        if item.threshold:
            values["threshold"] = number(item.threshold)
        values["value"] = number(item.digits)
        uses: list[Span] = []
        at, scale = item.end, item.scale
        if behind := scale_behind(self.text, at):
            scale, at = behind
            uses.append((item.end, at))
        scale = scale or self._scale(values, uses)
        if scale:
            values["scale_max"] = number(scale)
        is_count = item.statistic.startswith("n_")
        change = item.change
        if change is None and (
            hit := change_behind(self.context, self.text, at, stop, item.digits, _COUNTS if is_count else ("分",))
        ):
            change, at = hit.value, hit.end
            uses.append((hit.start, hit.end))
        if change is not None:
            values["change"] = change
        end = at if alone and change is not None else item.end
        yield Fact("score_counts", item.start, end, "stated", "score", values, tuple(uses))
        if item.statistic == "n_at_least" and (share := share_behind(self.text, at, stop)):
            kept = {k: v for k, v in values.items() if k not in ("change", "value", "statistic")}
            kept |= {"statistic": "share_at_least", "value": float(Decimal(share[0]) / 100)}
            a, b = share[1]
            a += self.text[a] in "，、（"
            yield Fact("score_counts", a, b, "stated", "score", kept, ((item.start, item.end),))

    def _scale(self, values: dict[str, Any], uses: list[Span]) -> str:
        """Return the full mark printed for this score anywhere in the body."""
        points = [values.get("threshold", 0)]
        if values["statistic"] in ("mean", "max", "min"):
            points.append(values["value"])
        found = scale_of(self.context, values["measure"], values["group"], values.get("indicator", ""), max(points))
        if found:
            uses.append(found.span)
        return found.value if found else ""


def number(digits: str) -> int | float:
    """Return printed digits as a number: an integer where none of its decimals is printed."""
    return float(digits) if "." in digits else int(digits)
