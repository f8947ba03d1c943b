"""Whose score a clause is about: the group named nearest before it, in the clause, the sentence or the heading."""

import re
from functools import cache, lru_cache

from tongbao.extract.document import Line
from tongbao.extract.group_phrases import groups_in
from tongbao.extract.scopes import any_of, known_group, words_of
from tongbao.extract.unit_names import ends_like_office

_COUNT = r"(?:共|有|共有|共计)?\d{1,5}(?:个|家|名)"
_LEAD = 6  # characters: 其中, 本次评估, 12个
_FULL_MARK = re.compile(r"（[^（）]*分[^（）]*）$")
_FIGURE = re.compile(r"分|率|合格|[％%]")


@cache
def _behind() -> re.Pattern[str]:
    """What may stand between a group and its score: the thing scored, a count, 中, 总体."""
    thing = any_of(tuple(w for w in words_of("site_words") if len(w) > 1))
    return re.compile(
        rf"{thing}?(?:主?账号)?(?:中|里)?(?:{_COUNT})?"
        r"(?:的|其|其中|总体|综合|整体|本次|年度|考核|考评|评估|测评|监测|上半年|下半年|全年|本月|本季度|[一二三四]季度)*"
    )


@lru_cache(maxsize=20_000)
def group_at_end(words: str) -> str:
    """Return the group that the words end with, '' where they end with none.

    Examples: 评估市直部门网站22家 -> 市直部门; 省级政府门户网站 -> 省级政府; 甲县等18个县（市、区） -> 县（市、区）;
    市直部门因更新不及时 -> ''.
    """
    found = groups_in(words, 0, len(words))
    if not found:
        return known_group(re.split("[，；：]", words)[-1])
    return found[-1].words if _behind().fullmatch(words, found[-1].end) else ""


@lru_cache(maxsize=20_000)
def counted_group(clause: str) -> str:
    """Return the group of a clause that only counts it, '' for any other clause.

    Examples: 市州政府网站9个 -> 市州政府; 本次评估8个市州政府门户网站 -> 市州政府.
    """
    if len(clause) > 36 or _FIGURE.search(clause) or not re.search(_COUNT, clause):
        return ""
    found = groups_in(clause, 0, len(clause))
    if len(found) != 1 or not (found[0].n is not None or re.search(rf"{_COUNT}$", clause)):
        return ""
    return group_at_end(clause)


@lru_cache(maxsize=20_000)
def leading_group(clause: str) -> str:
    """Return the group that a clause begins with and alone names: 厅直单位平均扣分5.6分 -> 厅直单位."""
    found = groups_in(clause, 0, len(clause)) if len(clause) > 4 else []
    return found[0].words if len(found) == 1 and found[0].start <= _LEAD else ""


def heading_group(line: Line) -> str:
    """Return the group of the nearest heading that names one."""
    return next((group for h in reversed(line.path) if (group := group_of_heading(h.words))), "")


def group_of_heading(words: str) -> str:
    """Return the group that a heading names, its full mark aside: 设区市（满分120分） -> 设区市, 设区市环保局."""
    bare = _FULL_MARK.sub("", words)
    return known_group(bare) or group_at_end(bare) or (bare if ends_like_office(bare) else "")
