"""Where a sentence stands: is it a result or a demand, what was measured, which group is meant.

The answers are carried from headings, as a reader carries them. No figures and no grades are read here.
"""

import re
from functools import cache, lru_cache

from tongbao.extract.context import Context
from tongbao.extract.document import Line
from tongbao.extract.group_phrases import is_group
from tongbao.extract.lexicon import load
from tongbao.extract.memory import once

_RULES_TITLE = re.compile(
    r"(?:方案|办法|细则|标准|指标|规定|实施意见|要点|计划)(?:[》）]|（[^）]*）)*(?:的通知|的函)?$"
)
_RESULT_TITLE = re.compile(r"通报|结果|情况|名单|报告|公布|公示")
_INCLUDES = re.compile(r"[（(][^（）()]*(?:含|包括|[\d个家]|下同|排序|除|以上|不计)[^（）()]*[)）]")
_STREET = re.compile(r"(?!各|全|其他|有关|所属|所有)[一-鿿]{1,5}[^市县区镇乡级属个直]街道(?:办事处|办)?")
_GROUP_LIMIT = 10  # characters
_GROUP_LEAD = re.compile(
    r"^(?:全[省市区县州]|本[省市区县州]|我[省市区县州]|被?(?:考评|考核|评估|测评|检查|抽查|参评|参考)(?:的|各)|参加[^，的]{0,12}的"
    r"|其中|其他|在|对(?!外)|各级|各类|各|所有|上述|这|共有|共|有|以及|和|及|的|(?:\d+|[一二两三四五六七八九十]+)(?:个|家)|\d+|个|家|抽查|检查|考评|评定)"
)
_GROUP_TAIL = re.compile(
    r"(?:绩效|考核|考评|评估|测评|检查|抽查)?(?:情况|结果|名单|成绩|得分|中|里|的|方面|工作|有|为|是|共|：|名)$"
)


_KIND_BRACKET = "（[市县区州旗盟镇乡街道办园特自治辖管地、]{1,12}）"
NOTE = rf"(?:(?!{_KIND_BRACKET})（(?P<note>[^（）]*)）)?"
"""A remark in brackets behind a group (（按得分排序）), not its kinds (县（市、区）)."""


def group_words(limit: str, never: str = "") -> str:
    """Return a pattern for a group's words of `limit` (`1,14`) characters; a bracket of kinds counts as one.

    Example: 区（市、县）, 镇（街道）, 县（市、区）政府网站: the 、 in the bracket ends no list. `never` are characters
    that may not stand in the words.
    """
    return rf"(?:[^，。；：、（）\d{never}]|{_KIND_BRACKET}){{{limit}}}"


@lru_cache(maxsize=10_000)
def known_group(words: str) -> str:
    """Return the known group that the words name, with its time, place and object cut off; '' where none fits alone.

    Examples: 2021年度全市区县网站 -> 区县; 设区市及某示范区 -> '' (two groups).
    """
    undated = re.sub(r"^.*(?:19|20)\d\d年(?:度)?", "", words)
    group = clean_group(undated)
    if group in _kind_of():
        return group
    if (owners := re.sub("(?:门户)?网站$", "", undated)) in _kind_of():
        return owners  # 省级政府门户网站: 省级 alone is no group
    several = re.search("[和及与、]", re.sub(_KIND_BRACKET, "", group))
    is_known = bool(group_kind(group)) or is_group(group)
    return group if is_known and not several and len(group) <= _GROUP_LIMIT else ""


@cache
def words_of(lexicon: str, column: str = "wording", **where: str) -> tuple[str, ...]:
    """Return the wordings of a lexicon, longest first, those whose further columns match `where`."""
    rows = [row for row in load(lexicon) if all(row[k] == v for k, v in where.items())]
    return tuple(sorted({row[column] for row in rows}, key=lambda w: (-len(w), w)))


@cache
def any_of(words: tuple[str, ...]) -> str:
    """Return a regular expression that matches any of the words, longest first."""
    return "(?:" + "|".join(map(re.escape, words)) + ")"


@once
def is_relevant(context: Context) -> bool:
    """Say whether the circular reports an inspection of websites, accounts or openness.

    Schemes (考评方案, 考核办法) announce scales and points but report nothing; evaluations of whole governments
    have graded lists that are not about websites. The subject is read from title and opening.
    """
    if context.title and _RULES_TITLE.search(context.title) and not _RESULT_TITLE.search(context.title):
        return False
    opening = context.title + "".join(context.document.text[x.start : x.end] for x in context.document.body()[:2])
    if context.title and any(w in context.title for w in words_of("site_words") if len(w) > 1):
        return True
    if context.title and re.search(r"政府绩效|目标责任|目标考核|综合考核|综合绩效", context.title):
        return False
    return any(w in opening for w in words_of("site_words") if len(w) > 1)


def is_demand(context: Context, line: Line) -> bool:
    """Say whether a line stands under a heading that asks for future work (三、下一步工作要求)."""
    return any(_is_demand_heading(h.words) for h in line.path)


@lru_cache(maxsize=10_000)
def _is_demand_heading(words: str) -> bool:
    return re.search(any_of(words_of("demand_headings")), words) is not None


def is_problem_section(line: Line) -> bool:
    """Say whether a line stands under a heading that announces problems (二、存在的主要问题)."""
    return any("问题" in h.words or "不足" in h.words for h in line.path)


@lru_cache(maxsize=10_000)
def measure_in(words: str) -> str:
    """Return website, openness or new_media if the words name exactly one of them, else an empty text.

    Example: （一）政务公开工作 -> openness.
    """
    found = measures_in(words)
    return found[0] if len(found) == 1 else ""


def measures_in(words: str) -> tuple[str, ...]:
    """Return all of website, openness and new_media that the words name."""
    return tuple(sorted({measure for wording, measure in _measured() if wording in words}))


@cache
def _measured() -> tuple[tuple[str, str], ...]:
    """Return each wording with what it measures; one that holds another of the same measure adds nothing."""
    pairs = {
        (row["wording"], row["kind"] if row["kind"] in ("openness", "new_media") else "website")
        for row in load("site_words")
        if len(row["wording"]) > 1
    }
    return tuple(sorted(p for p in pairs if not any(q != p and q[1] == p[1] and q[0] in p[0] for q in pairs)))


def measure_at(context: Context, line: Line, words: str = "") -> str:
    """Return what is measured at a line: by the words themselves, the nearest heading, the title; else website."""
    for candidate in (words, *(h.words for h in reversed(line.path)), context.title):
        if measure := measure_in(candidate):
            return measure
    return "website"


@lru_cache(maxsize=10_000)
def clean_group(words: str) -> str:
    """Return the group as printed without its object, counts and remarks.

    Examples: 被考评的22个地级以上市（含顺德区） -> 地级以上市; 县（市）政府门户网站 -> 县（市）.
    """
    group = _INCLUDES.sub("", words).strip(" “”：:，")
    before = ""
    while group != before:
        before = group
        for pattern in (_GROUP_LEAD, _GROUP_TAIL, _objects_at_end()):
            shorter = pattern.sub("", group)
            group = shorter or group
    return group


@cache
def _objects_at_end() -> re.Pattern[str]:
    return re.compile(any_of(tuple(w for w in words_of("site_words") if len(w) > 1)) + r"(?:（[^）]*）)?$")


@cache
def _group_kinds() -> tuple[tuple[str, str], ...]:
    rows = {(row["wording"], row["group_kind"]) for row in load("group_names")}
    return tuple(sorted(rows, key=lambda r: (-len(r[0]), r)))


@cache
def _kind_of() -> dict[str, str]:
    return dict(reversed(_group_kinds()))


def is_known(group: str) -> bool:
    """Whether a group is in the list of groups as it stands."""
    return group in _kind_of()


@cache
def _kinds_by_end() -> dict[str, list[tuple[str, str]]]:
    """Last character -> the wordings that end so, longest first."""
    found: dict[str, list[tuple[str, str]]] = {}
    for wording, kind in _group_kinds():
        if len(wording) >= 2:
            found.setdefault(wording[-1], []).append((wording, kind))
    return found


@lru_cache(maxsize=10_000)
def names_group(name: str) -> bool:
    """Say whether a listed name means a group (各市州, 乡镇街道) and no body of its own (名山街道)."""
    return bool(group_kind(name)) and not _STREET.fullmatch(name)


@lru_cache(maxsize=10_000)
def group_kind(group: str) -> str:
    """Return prefectures, departments, counties ... for a group's name, '' where none or several fit."""
    bare = clean_group(group)
    for name in (group, bare, re.sub(r"政府$", "", bare)):
        if kind := _kind_of().get(name):
            return kind
    tails = [(w, k) for w, k in _kinds_by_end().get(bare[-1:], ()) if bare.endswith(w)]
    kinds = {k for w, k in tails if len(w) == len(tails[0][0])} if tails else set()
    return kinds.pop() if len(kinds) == 1 else ""
