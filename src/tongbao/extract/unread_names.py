"""Names of bodies that nobody can resolve: what is said of them must not be taken for the whole place.

Whom a passage is about is read in `scope_reading`, which shares the words that lead up to a name.
"""

import re
from functools import cache, lru_cache

from tongbao.extract.chinese_numbers import CHINESE_NUMERAL
from tongbao.extract.group_words import bodies
from tongbao.extract.statements import find_subjects

COUNT = rf"(?:\d+|{CHINESE_NUMERAL}{{1,3}})"
LEAD = re.compile(r"(?:其中|此外|另外|同时|特别是|尤其是|截至目前|从[^，；。]{1,12}看)?(?:，|：|:)?(?:对)?")
_NAME = r"[一-鿿]{2,15}?"
_NO_NAME = re.compile(r"(?:率|情况|数|数量|工作|检查|抽查|监测|季度|月|日|年|比例|方面|问题)$")


@cache
def _unread_names() -> tuple[tuple[re.Pattern[str], ...], tuple[tuple[bool, re.Pattern[str]], ...]]:
    """Return the patterns of one body or some bodies, and those of lists (is it a counted one, the pattern)."""
    several = (
        rf"{_NAME}(?:、{_NAME})+(?:(?:和|及|与|以及){_NAME})?(?:等)?(?:{COUNT})?(?:个|家)?(?:{bodies()}|单位|部门)?"
    )
    counted = rf"{_NAME}等(?:{COUNT})(?:个|家)?(?:{bodies()}|[一-鿿]{{1,4}}?)"
    single = re.compile(
        rf"{_NAME}(?:局|委|厅|中心|集团|公司|大学|学院|学校|医院|法院)(?:的)?(?:政府|门户)?(?:网站|政务新媒体|账号)"
    )
    some = re.compile(
        rf"[一-鿿]{{0,6}}?{COUNT}(?:个|家)(?:部门|单位|机构|企业|地区)(?:的)?(?:政府|门户)?(?:网站|政务新媒体|账号)?"
        r"(?:总体|平均|抽查|检查)*$"
    )
    behind = r"(?=(?:的)?(?:政府)?(?:网站|政务新媒体|账号|抽查|检查|合格|全部|均|都|未|没有|$))"
    lists = tuple(
        (is_counted, re.compile(f"(?P<names>{p}){behind}")) for is_counted, p in ((False, several), (True, counted))
    )
    owner = re.compile(
        r"(?!被|所|其|有关|相关|责任|主办|主管|上述|以上|该|本|抽查|检查)"
        r"(?:[一-鿿]{1,8}?(?<!各)(?:单位|机构|街道|系统)|[一-鿿]{0,8}?(?:企业|医院|学校|高校|院校))"
        r"(?:的)?(?:政府|门户)?(?:网站|政务新媒体|账号)(?:共|随机)?(?:抽查|检查|监测|\d)"
    )  # 驻省单位网站检查10个
    return (owner, single, some), tuple(lists)


def counts_unknown(masked: str, start: int, end: int) -> bool:
    """Say whether a passage opens with the sites of bodies that `find_scopes` could not read: 驻省单位网站检查10个."""
    begin = LEAD.match(masked, start, end)
    return _unread_names()[0][0].match(masked, begin.end() if begin else start, end) is not None


def names_unknown(masked: str, start: int, end: int) -> bool:
    """Say whether a passage opens with a list of names that `find_scopes` could not read.

    What is said of them must not be taken for the whole place. Examples: 省公安厅、省教育厅网站 -> yes;
    市民政局网站 -> yes; 市属3家企业网站 -> yes; 甲等5个村 -> yes; 政府网站、政务新媒体 -> no (things, not bodies).
    """
    return _names_unknown(masked[start:end])


@lru_cache(maxsize=20_000)
def _names_unknown(masked: str) -> bool:
    begin = LEAD.match(masked)
    at = begin.end() if begin else 0
    alone, lists = _unread_names()
    if any(pattern.match(masked, at) for pattern in alone):
        return True
    for is_counted, pattern in lists:
        m = pattern.match(masked, at)
        if m is None:
            continue
        items = [m.group()] if is_counted else m["names"].split("、")
        things = find_subjects(masked, at, m.end())
        if not things and not any(_NO_NAME.search(item) for item in items):
            return True
    return False
