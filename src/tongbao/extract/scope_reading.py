"""Whom a passage is about: places, groups of bodies, townships, the issuer's own place, or somebody not known.

This is the frame that figures stand in. No rate, score or count is read here, and what is measured is the matter of
`statements`, on whose masked text all reading goes.
"""

import re
from dataclasses import replace
from functools import cache
from itertools import pairwise

from tongbao.extract.context import Context
from tongbao.extract.group_words import bodies, bracketed
from tongbao.extract.lexicon import load
from tongbao.extract.portal_groups import portals_below
from tongbao.extract.statements import BLANK, Scope, Subject, find_subjects
from tongbao.extract.territory import Territory, remembered
from tongbao.extract.unread_names import COUNT, LEAD

_OWN = re.compile(
    r"(?:我|全|本)(?:省|市|区|县|州|国)(?![^，；。]{0,10}(?:信息报送|报送|监管|管理|登记)(?:系统|平台))"
)  # 登记在全国政府网站信息报送系统中 is not about the nation
_NO_SYSTEM = (
    r"(?!(?:各级)?(?:党政|政府|行政|机关|网站|信息|监管|管理|报送|办公|业务|统计|登记|监测|检测|服务|应用|查询))"
)
_SYSTEM = re.compile(
    rf"(?:[我全本][省市区县州](?P<name>{_NO_SYSTEM}[一-鿿]{{2,4}}系统)|(?<![一-鿿])(?:我|全|本)?(?P<own>[厅局委]系统))(?!平台|中|里)"
)
_EXCEPT = re.compile(r"除[^，；。]{2,40}?(?:外|以外|之外)")
_BEHIND_SCOPE = re.compile(
    r"(?:的)?(?:人民)?(?:政府)?(?:系统)?(?:各级|各类)?(?:在|本)?(?:连续|均|全部|都|更|也|还|仍|依然|继续|实现|保持|达到|共|已|总体|整体|平均|全年|年度|第?[一二三四各每](?:个|至第?[二三四])?季度|上半年|下半年|未|没有|\d|＿"
    r"|(?:和|及|与|以及)[^，；。]{2,30}(?:部门|单位|机构)|抽查|检查|普查|监测|随机|合格|不合格|被|运行|参加|政务公开|政府信息公开|收到|平均|：|:|$)"
)
_ALSO = re.compile(r"(?:人民)?(?:政府)?(?:门户)?(?:网站|政务新媒体)?(?:\d+(?:个|家))?(?:、|和|及|与|以及)")
_ITS_OWN = re.compile(r"及其(?:所属|下属|内设|直属|派出|所辖|各)?(?:(?:、|和|及|与)(?:所属|下属|内设|直属|派出)?)?")
_ALL_OF = re.compile(r"各(?:级|类)?[一-鿿（）]{0,8}(?:、|和|及|与|以及)?$")
_JOINED = re.compile(r"(?:和|及|与|以及)[^，；。]{0,30}")
_BARE = ("部门", "单位", "机构", "政府", "地区", "企业")
_COUNTED = re.compile(rf"^(?:其他|其余|其它)?各?(?:{COUNT}(?:个|家))?")


_TOWN = r"(?:[一-鿿]{1,6}?(?:镇|乡|街道办事处|街道|苏木)|第?[一二三四五六七八九十]{1,3}师)"
_NO_TOWN = re.compile(
    r"^(?:各|全|其他|其余|本|我|该|有|个别|部分|多数|所有|被|对|\d|[一二三四五六七八九十两]{1,3}个)"
    r"|乡镇|城镇|镇街|抽查|检查|普查|监测|抽取|网站|部门|单位"
)


@cache
def _list_tail() -> re.Pattern[str]:
    """What may stand between a list of names and what is said of them: 等18个镇（街）, 7市, 4个省（市）."""
    return re.compile(
        rf"(?:等)?(?:\s?{COUNT}(?!个?季度))?(?:(?:个|家)(?!季度))?(?:设区市|地级市|省辖市|地级以上市|省份|单位|部门|{bodies()})?"
    )


@cache
def _small_list() -> re.Pattern[str]:
    """A list of townships or divisions up to the end of its last name (古镇镇 is one name)."""
    return re.compile(rf"(?P<names>{_TOWN}(?:(?:、|和|及|与|以及){_TOWN})*)(?![镇乡街])(?!道)")


_THING = r"(?:的)?(?:政府|门户)?(?:网站|政务新媒体|新媒体|账号)"
_LEVELS = r"(?:[省市州县区](?:级)?、){1,2}[省市州县区镇](?:级)?"
_GOVERNMENT = "[市州盟区县旗]政府"
_RANKED = r"(?:[省市州盟县区旗镇乡](?:级|（[市县区旗、]{1,5}）)?(?:、|和)?){2,4}[两二三四2-4]级(?:人民)?(?:政府|部门)?"
_LEVEL_ALONE = (
    rf"(?:{_LEVELS}|(?<![各全])(?:省|市|州|县|区|乡镇|地市|市县|镇))(?:本?级(?:（含）)?(?:及其?)?(?:以下|以上)?|属|直)"
)


@cache
def _kinds() -> str:
    """Two and more kinds of bodies in one word, as the groups are named: 县市, 区市县, 市区."""
    words = {r["wording"] for r in load("group_names") if re.fullmatch("[市县区旗州盟]{2,4}", r["wording"])}
    return "|".join(sorted(words | {"区县", "县区", "市县"}, key=lambda w: (-len(w), w)))


@cache
def _group() -> re.Pattern[str]:
    """A group of bodies: an optional count, whose they are, and their kind."""
    return re.compile(
        rf"{_RANKED}|(?:其他|其余|其它)?(?:各)?(?:{COUNT}个|{COUNT}家)?"
        rf"(?:省（区）级|省部级|省级|省直|省政府|省属|自治区级|自治区直|自治区政府|{bracketed()}(?:级|直|属)?"
        r"|自治区|市直|市级|市政府|市属|区直|区级|区政府|县直|县级|县政府"
        rf"|州直|州级|国务院|中央|{_LEVELS}|市、县|县级以下|县区|区县|地市级|地市|地方|基层|乡镇级|直属|垂直管理"
        r"|[厅局委办部署院]属)?"
        rf"(?:(?:设区市|地级以上市|地级市|省辖市|副省级城市|计划单列市|省直管县|{bracketed()}|市州|州市|盟市|旗县区?|县市区"
        rf"|{_kinds()}|地区|镇街|乡镇街道|乡镇|街道|园区|开发区|功能区)"
        r"|省会城市|直辖市|(?<=省直)厅局|高校|企业|事业单位|工作部门|政府部门|直属机构|部门|单位|机构|政府)"
        rf"(?:(?!政府|人民)[一-鿿]{{2,8}}?(?:局|委|厅|中心)(?={_THING}))?"
        rf"|{_LEVEL_ALONE}(?={_THING})"
        rf"|(?:(?<![一-鿿])|(?<=其中)|(?<=[抽检]查)|(?<=对)){_GOVERNMENT}(?={_THING})"
    )


@cache
def _each_body() -> re.Pattern[str]:
    return re.compile(rf"各{bodies()}(?:人民)?(?:政府)?$")


def find_scopes(context: Context, masked: str, start: int, end: int) -> list[Scope] | None:
    """Return whom a passage is about, None where it names nobody; a scope without name is somebody unknown.

    The mention nearest to the end wins: 全省14个市州 is about the 市州. Examples: 南京、无锡2市 -> two places;
    省级部门网站 -> the group 省级部门; 我省 -> the issuer's province; 除A市外，其他12个设区市 -> 其他12个设区市.
    """
    found = _scopes(context.home, masked[start:end])
    return None if found is None else [scope.moved(start) for scope in found]


@remembered(20_000)
def _scopes(home: Territory, masked: str) -> tuple[Scope, ...] | None:
    """Read a passage that is the whole of `masked`; the same passages come again in every reader."""
    found = _nearest(home, masked, 0, len(masked))
    return None if found is None else tuple(found)


def _nearest(home: Territory, masked: str, start: int, end: int) -> list[Scope] | None:
    if m := _EXCEPT.search(masked, start, end):
        start = m.end()
    places = _places(home, masked, start, end)
    units = [] if places else _small_units(masked, start, end)
    named = [found for found in (places, units) if found]
    named += _groups(home, masked, start, end, places or units)
    whole = [_own(home, m) for m in _OWN.finditer(masked, start, end)]
    if "系统" in masked[start:end] and (m := _SYSTEM.search(masked, start, end)):
        name = m["name"] or m["own"]  # 全省环保系统 is a part of the province
        if m.group()[0] in "我本" and m["name"]:
            name = m.group()
        named.append([Scope(name, "group", "", m.start(), m.end())])
    if places and len(named) > 1 and _JOINED.fullmatch(masked[places[-1].end : named[-1][0].start]):
        return [*places, *named[-1]]
    best = max([*named, *whole], key=lambda scopes: (scopes[-1].end, len(scopes)), default=None)
    if best is None or best in whole:
        things = find_subjects(masked, start, end)
        kinds = [subject for subject in things if subject.is_group]
        if len({thing.measure for thing in things}) > 1:
            return best  # 门户网站和18个政务新媒体 are no group
        if len(several := _row_of_kinds(masked, kinds)) > 1:
            return several
        for subject in kinds:
            if (below := portals_below(home, masked, start, subject)) is not None:
                return [below]
            if _each_body().search(masked, start, subject.start):
                return best  # 各县区门户网站 are not all portals
            if len({k.words for k in kinds}) == 1:
                return [Scope(subject.words, "group", "", subject.start, subject.end)]
    return best


def _row_of_kinds(masked: str, kinds: list[Subject]) -> list[Scope]:
    """Return the kinds of one measure that a passage lists: 政务微信、政务微博、抖音号合格率分别为…; else nothing."""
    joined = all(re.fullmatch("、|和|及|与|以及", masked[a.end : b.start]) for a, b in pairwise(kinds))
    if not joined or len({k.measure for k in kinds}) != 1:
        return []
    return [Scope(k.words, "group", "", k.start, k.end) for k in kinds]


def _own(home: Territory, m: re.Match[str]) -> list[Scope]:
    if m.group() in ("全国", "我国"):
        return [Scope("全国", "national", "", m.start(), m.end())]
    place = home.own_place(m.group())
    if place is None or not place.is_resolved:
        return [Scope("", "", "", m.start(), m.end())]
    return [Scope(place.official_name, place.level, place.code, m.start(), m.end())]


def _places(home: Territory, masked: str, start: int, end: int) -> list[Scope]:
    """Return the last 、-list of places in a passage whose tail leads on to an object or a figure."""
    runs: list[list[Scope]] = []
    for s, e, name in _place_names(home, masked, start, end):
        place = home.resolve(name)
        if not place.is_resolved:
            continue
        scope = Scope(place.official_name, place.level, place.code, s, e)
        if runs and runs[-1][-1].end == s:
            runs[-1][-1] = replace(scope, start=runs[-1][-1].start)  # 江苏省苏州市 is one place
        elif runs and re.fullmatch(
            rf"(?:市|县|区|州|省)?{BLANK}{{0,12}}(?:、|和|及|与|以及)", masked[runs[-1][-1].end : s]
        ):
            runs[-1].append(scope)
        else:
            runs.append([scope])
    for run in reversed(runs):
        tail = _list_tail().match(masked, run[-1].end, end)
        behind = tail.end() if tail else run[-1].end
        if _BEHIND_SCOPE.match(masked, behind, end) or find_subjects(masked, behind, min(end, behind + 10)):
            return [*run[:-1], Scope(run[-1].name, run[-1].level, run[-1].code, run[-1].start, behind)]
    return []


def _small_units(masked: str, start: int, end: int) -> list[Scope]:
    """Return the townships, streets or divisions (第八师) that a passage opens with; they have no six-digit code.

    Example: 小榄镇、古镇镇等18个镇（街）未发现… -> two units. Groups (各镇, 乡镇) are none.
    """
    begin = LEAD.match(masked, start, end)
    at = begin.end() if begin else start
    for offset in dict.fromkeys((at, start)):
        listed = _small_list().match(masked, offset, end)
        if listed is None:
            continue
        tail = _list_tail().match(masked, listed.end("names"), end)
        behind = tail.end() if tail else listed.end()
        if not (_BEHIND_SCOPE.match(masked, behind, end) or find_subjects(masked, behind, min(end, behind + 10))):
            continue
        found, cursor = [], offset
        for piece in re.split(r"、|(?<=[镇乡道木师处])(?:和|及|与|以及)", listed["names"]):
            at = masked.index(piece, cursor)
            cursor = at + len(piece)
            found.append(Scope(piece, "unit", "", at, cursor))
        if not any(_NO_TOWN.search(unit.name) for unit in found):
            return [*found[:-1], replace(found[-1], end=behind)]
    return []


def _place_names(home: Territory, masked: str, start: int, end: int) -> list[tuple[int, int, str]]:
    """Return the names of places in a passage, with their offsets."""
    words = masked[start:end]
    return [(start + s, start + e, words[s:e]) for s, e, _ in home.find_places(words)]


def _groups(home: Territory, masked: str, start: int, end: int, places: list[Scope]) -> list[list[Scope]]:
    """Return the groups of a passage: a group's name right before an object, a figure or a word of inspection.

    Groups joined by 和 and 、 are one run (市州和省级部门网站); a run with 各 in it is everybody (各地各部门), but
    各县区 at the head of what is said of them are the 县区.
    """
    runs: list[list[Scope]] = []
    broken: list[bool] = []
    taken = [(s, e) for s, e, _ in _place_names(home, masked, start, end)]
    taken += [(places[0].start, places[-1].end)] if places else []
    for m in _group().finditer(masked, start, end):
        name = m.group()
        if re.fullmatch(_GOVERNMENT, name) and not _is_below(home, name):
            continue  # the one site of the issuer's own government
        if any(s < m.end() and m.start() < e for s, e in taken):
            continue  # the 州市 of 苏州市
        if name == "政府" and runs and runs[-1][-1].end == m.start():
            runs[-1][-1] = replace(runs[-1][-1], end=m.end())
            continue  # 市州政府 are the 市州
        if runs and _ITS_OWN.fullmatch(masked[runs[-1][-1].end : m.start()]):
            first = runs[-1][-1]
            runs[-1][-1] = Scope(masked[first.start : m.end()].removeprefix("各"), "group", "", first.start, m.end())
            continue  # 国务院部门及其内设、垂直管理机构
        if not runs or not _ALSO.fullmatch(masked[runs[-1][-1].end : m.start()]):
            runs.append([])
            broken.append(False)
        everybody = (
            ("各" in name and not _is_each(masked, start, m, end))
            or _ALL_OF.search(masked[start : m.start()])
            or _uncounted(name) in _BARE
        )
        broken[-1] = broken[-1] or bool(everybody)
        runs[-1].append(Scope(_group_name(name, masked[start : m.start()]), "group", "", m.start(), m.end()))
    found = []
    for run, is_everybody in zip(runs, broken, strict=True):
        stop = run[-1].end
        while stop < end and masked[stop] == BLANK:
            stop += 1  # 设区市（含定州、辛集市）网站
        after = find_subjects(masked, stop, min(end, stop + 12))
        if not is_everybody and ((after and after[0].start <= stop + 1) or _BEHIND_SCOPE.match(masked, stop, end)):
            found.append(run)
    return found


def _is_below(home: Territory, name: str) -> bool:
    """Whether the governments of a kind (区政府) are several bodies below the issuer's."""
    above = ("national", "province", "prefecture") if name[0] in "区县旗" else ("national", "province")
    return home.own_level in above and not (name[0] == "市" and home.place.official_name.endswith("市"))


def _is_each(masked: str, start: int, m: re.Match[str], end: int) -> bool:
    """Whether 各县区 opens a passage that goes on to the rate of their sites: 其中各县区门户网站合格率."""
    if not re.fullmatch(r"各[^各]+", m.group()) or _uncounted(m.group()) in _BARE:
        return False
    begin = LEAD.match(masked, start, end)
    if m.start() not in (start, begin.end() if begin else start):
        return False
    behind = masked[m.end() : end]
    return (
        re.fullmatch(
            rf"{BLANK}*(?:人民)?(?:政府)?(?:的)?(?:政府|门户|部门)?"
            r"(?:(?:网站|政务新媒体|账号)?(?:总体|平均|抽查|检查|监测)*"
            r"|(?:网站|政务新媒体|账号)(?:共|随机)?(?:抽查|检查|监测)?\d{1,6}(?:个|家)"
            r"|(?:共|随机)?(?:抽查|检查|监测)\d{1,6}(?:个|家))",
            behind,
        )
        is not None
    )


def _group_name(name: str, before: str) -> str:
    """Return a group's name without 各; a count stays where it tells which part of the group is meant.

    Examples: 全省14个市州 -> 市州; 20个市（州） -> 20个市（州）, which need not be all of them.
    """
    if re.match(r"其他|其余|其它", name):
        return name
    if name.endswith("）区政府") or name.endswith("）政府"):
        name = name.removesuffix("政府")  # 县（市）区政府门户网站: those of the 县（市）区
    is_whole = re.search(r"(?:[全我本][省市区县州]|所有|全部|被抽查的|参评的)(?:的|共|共有)?$", before) is not None
    return _uncounted(name) if is_whole else re.sub(r"^各", "", name)


def _uncounted(name: str) -> str:
    return _COUNTED.sub("", name)
