"""Groups that stand alone: as a heading or as a label above lists, where no list of names knows them.

Examples: 局（办）; 各办事处; 机关处室（排名不分先后）. A body with a name of its own (市教育局, 市委) is no group.
"""

import re
from functools import cache, lru_cache

from tongbao.extract.group_phrases import group_at, group_kind_of
from tongbao.extract.lexicon import load
from tongbao.extract.scopes import clean_group

PLACE_KINDS = frozenset({"provinces", "prefectures", "counties", "townships"})
_REMARK = re.compile(
    r"（[^（）]*[^（）一-鿿、][^（）]*）$|（[^（）]*(?:排名|排序|不分先后|前[一二三四五六七八九十]+名)[^（）]*）$"
)
_SUBJECT = re.compile(
    r"(?:其中|从得分看|从评分看)?[，：]?(?:全[省市县区州])?(?:参评的?|被?(?:考核|考评|评估|测评|检查|抽查)的)?各?(?:\d{1,4}(?:个|家))?"
)
_TOLD = re.compile(
    r"(?:人民政府|政府)?(?:门户|子)?(?:网站|新媒体)?(?:的)?(?:考核|考评|评估|测评)?(?:总体|综合)?"
    r"(?:平均|得分|总分|成绩|最高|最低|排名|整体|共|有|中|里|方面)"
)


@cache
def _alone() -> re.Pattern[str]:
    rows = load("group_phrase_words", required=("role", "wording", "group_kind"))
    words = sorted({r["wording"] for r in rows if r["role"] == "body"}, key=lambda w: (-len(w), w))
    body = "(?:" + "|".join(map(re.escape, words)) + ")"
    more = rf"(?:[、和]?{body}){{0,3}}"
    return re.compile(rf"各?(?P<group>(?:机关|直属|下属|所属|内设|派出){{0,2}}{body}{more}(?:（{body}{more}）)?)")


@lru_cache(maxsize=10_000)
def standing_group(words: str) -> str:
    """Return the group that words standing alone name by their bodies only; '' for anything else.

    Examples: 局（办） -> 局（办）; 办事处（按得分排序） -> 办事处; 市委, 办法, 县教育局 -> ''.
    """
    bare = _REMARK.sub("", words)
    for candidate in (bare, clean_group(bare)):
        m = _alone().fullmatch(candidate)
        if m and len(m["group"]) > 1:
            return m["group"]
    return ""


def wider_group(own: str, above: str) -> str:
    """Return the group of the heading for the shorter word that a sentence below it uses: 部门 below 市直部门.

    A kind of places is no short form: 县 below 区县 is another group.
    """
    is_short = own and above.endswith(own) and group_kind_of(own) not in PLACE_KINDS
    return above if is_short else own


def subject_group(clauses: list[str]) -> str:
    """Return the group that the nearest clause begins with and tells about; '' where none does.

    Example: 市（州）平均得分88分，90分以上的3个 -> 市（州).
    """
    for words in reversed(clauses):
        lead = _SUBJECT.match(words)
        at = lead.end() if lead else 0
        group = group_at(words, at)
        if group and _TOLD.match(words, words.find(group, at) + len(group)):
            return group
    return ""
