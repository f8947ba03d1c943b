"""Whose scores a clause tells: the group that stands before a figure, the one carried along, or an indicator."""

import re
from functools import cache

from tongbao.extract.context import Context
from tongbao.extract.document import Line
from tongbao.extract.facts import Span
from tongbao.extract.group_phrases import groups_in
from tongbao.extract.scopes import (
    any_of,
    clean_group,
    group_kind,
    is_known,
    known_group,
    measure_at,
    measure_in,
    words_of,
)
from tongbao.extract.statements import BLANK, own_scope
from tongbao.extract.unit_names import ends_like_office, is_unit

_TAIL = re.compile(r"[一-鿿（、）\d]{2,24}$")
_WHOLE = re.compile(r"(?:[全我本][省市区县州盟旗](?:政府)?(?:门户)?(?:网站)?|总体|整体)(?:的)?$")
_COMPARED = re.compile(r"(?:高于|低于|比|较|超过|高出|对于|针对)$")
_HEADING_LIMIT = 24  # characters of a heading that names a group
_NAMED = re.compile(
    r"(?:“(?P<quoted>[^“”]{2,24})”|《(?P<titled>[^《》]{2,24})》|(?P<plain>[一-鿿]{2,24}?))(?:等)?(?:这)?(?:一级|二级|三级)?(?P<word>指标|板块|模块)"
    r"(?:（[^（）]{1,16}）)?(?:的)?[^，。；]{0,8}$"
)
_QUOTED = re.compile(r"“(?P<quoted>[^“”]{2,24})”(?:考核|考评|评估|测评)?(?:的)?$")
_GENERIC = re.compile(
    r"各项|各个|各级|各类|每项|每个|所有|全部|多项|多数|部分|该项|单项|考核$|考评$|评估$|测评$|^各|^其他"
)
_ASPECT = re.compile(r"(?:方面|环节|部分|类)(?:的)?$")
_OPENING = re.compile(r"(?:其中|此次|本次|共|评估|考核|考评|检查|测评|参评|抽查|监测|从|各|全[省市区县州])*")
_COUNT_BEHIND = re.compile(r"(?:门户)?(?:网站)?(?:共)?\d{1,4}(?:个|家)")
_DATED = re.compile(r"(?:20\d\d年(?:度)?)?(?:第?[一二三四]季度|[上下]半年)?|\d{1,2}月(?:份)?")
_INDICATORS = re.compile(r"[一-鿿]{2,10}指标|(?<!政府)信息公开")
UNKNOWN = "?"
"""An indicator is meant, but its name is not told."""


def group_of_heading(line: Line) -> str:
    """Return the group that the nearest heading names alone (二、市级部门网站), '' where none does."""
    for heading in reversed(line.path):
        words = re.sub("（[^（）]*）$", "", heading.words)
        if ends_like_office(words) and any(is_known(words[:n]) for n in range(2, len(words))):
            return words  # 设区市环保局: that office in all cities
        if group := known_group(heading.words):
            return group
        if len(heading.words) <= _HEADING_LIMIT and (found := groups_in(heading.words, 0, len(heading.words))):
            names = {g.words for g in found}
            return names.pop() if len(names) == 1 else ""
    return ""


def group_before(masked: str, s: int, at: int) -> str:
    """Return the group whose statistic follows (14个市州平均得分), '' where the words before it name none."""
    tail = _TAIL.search(masked[s:at])
    if tail is None:
        return ""
    if group := known_group(tail.group()):
        return group
    found = [g for g in groups_in(masked, s, at) if not _COMPARED.search(masked[s : g.start])]
    if found and at - found[-1].end <= 16:
        return found[-1].words
    group = clean_group(tail.group())
    return group if group_kind(group) and not found else ""


def group_in_words(words: str) -> str:
    """Return the group that a few words name (的省政府部门, 、评为优秀的 -> ''), as printed."""
    bare = words.strip("的、")
    if group := known_group(bare):
        return group
    found = groups_in(words, 0, len(words))
    if found:
        return found[-1].words
    group = clean_group(bare)
    return group if group_kind(group) else ""


def names_somebody_else(context: Context, words: str, allows_unit: bool) -> bool:
    """Say whether the words before a figure mean somebody who is no known group, so that no carried group holds.

    Examples: 珠三角9市平均得分 -> yes; 参评单位平均得分, 其中最高分 -> no; a unit may have the highest score.
    """
    rest = _lead().sub("", _DATED.sub("", words))
    if len(re.findall(r"[一-鿿]", rest)) < 2:
        return False
    bare = re.sub(r"^(?:其中|而)", "", words)
    return not (allows_unit and is_unit(context.home, bare))


@cache
def _lead() -> re.Pattern[str]:
    return re.compile(
        rf"\d+(?:个|家|名)?|[全我本][省市区县州盟旗]|{any_of(words_of('score_words', role='lead'))}|{BLANK}+"
    )


def topic(masked: str, s: int, e: int) -> str:
    """Return the group that a clause without a score sets as topic: 本次评估8个市州政府门户网站; else ''."""
    found = groups_in(masked, s, e)
    if len({g.words for g in found}) != 1 or ends_like_office(masked[s:e]):
        return ""  # 设区市环保局 is not about 设区市
    g = found[0]
    before = masked[s : g.start]
    told = g.n is not None or _OPENING.fullmatch(before) or _COUNT_BEHIND.match(masked, g.end, e)
    return g.words if told else ""


def is_whole(masked: str, s: int, at: int) -> bool:
    """Say whether a statistic is of the whole place: 全省平均得分."""
    return _WHOLE.search(masked[s:at]) is not None


def home_name(context: Context) -> str:
    """Return the issuer's own place, '' where unknown."""
    home = own_scope(context)
    return home.name if home else ""


def indicator_before(text: str, s: int, at: int, earlier: Span | None) -> str:
    """Return the indicator that a statistic is of, '' for the total score, UNKNOWN where its name is not told.

    Examples: “互动交流”指标平均得分 -> 互动交流; 公众参与指标得分普遍偏低，平均 -> 公众参与;
    各项指标平均得分 -> UNKNOWN.
    """
    words = text[s:at]
    if "指标" not in words and "“" not in words and "《" not in words and "块" not in words:
        if _ASPECT.search(words) and (not measure_in(words) or re.search("(?<!政府)信息公开", words)):
            return UNKNOWN
        if earlier is None or words or "指标" not in text[slice(*earlier)]:
            return ""
        words = re.split("指标", text[slice(*earlier)])[0] + "指标"
    if (m := _QUOTED.search(words)) and not measure_in(m["quoted"]):
        return m["quoted"]
    m = _NAMED.search(words)
    if m is None:
        return UNKNOWN if re.search("指标|板块|模块", words) else ""
    if name := m["quoted"] or m["titled"]:
        return name
    groups = groups_in(words, 0, m.end("plain"))
    name = words[groups[-1].end : m.end("plain")] if groups else m["plain"]
    name = re.sub(r"^(?:其中|在(?!线)|从|网站|门户网站|的)+", "", name)
    return UNKNOWN if len(name) < 2 or _GENERIC.search(name) or len(name) > 12 else name


def measure_of(context: Context, line: Line, masked: str, clauses: list[Span], i: int) -> str:
    """Return what is scored: the nearest heading decides, then the clause or one before it, then the title."""
    for heading in reversed(line.path):
        if measure := measure_in(heading.words):
            return measure
    for s, e in reversed(clauses[: i + 1]):
        if measure := measure_in(_INDICATORS.sub("", masked[s:e])):
            return measure
    return measure_at(context, line)


def split_indicator(words: str) -> tuple[str, str]:
    """Split 市州的在线服务 into the group and the indicator; the group is the longest known name in front."""
    for cut in range(len(words), 1, -1):
        if group_kind(words[:cut]):
            return words[:cut], words[cut:].removeprefix("的").removeprefix("在")
    return words, ""
