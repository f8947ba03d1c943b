"""What the name of a unit looks like: a place, an office, a site with its object, an account.

Lists of names are read in `units`.
"""

import re
from functools import cache

from tongbao.extract.offices import agency_of
from tongbao.extract.places import Gazetteer
from tongbao.extract.scopes import any_of, words_of
from tongbao.extract.territory import Territory, remembered

_NAME_LIMIT = 40  # characters
NO_NAME = "(?:[各我该在按为]|全(?!椒|州县|南县|民)|本(?!溪)|对(?!外|台|口支)|从(?!化|江)|经(?!济|开|信|贸|发|管|合))"
"""Characters that open no name (各, 对), but not where a name begins with them: 经济发展局, 本溪市, 从化区."""
_GENERIC = re.compile(
    rf"^(?:{NO_NAME}|有关|相关|其他|其它|部分|个别|多数|少数|一些|所有|上述|多个|大部分|有的|有些|其中|其余|另有|同时|(?:考评|考核|评估|测评|抽查|检查|监测)(?:中|发现)|根据)"
)
QUOTED = re.compile(
    r"“(?![^“”]*找错)[^“”]+”(?:（[^（）]*）|[一-鿿]{0,6}(?:网|网站|频道|平台|号|微博|微信|客户端|大厅))?"
)
_ACCOUNT = r"“(?![^“”]*找错)[^“”]+”"
_OWNED = re.compile(
    r"(?P<owner>[一-鿿]{3,24}?)(?:(?:所属|下属|主办|主管|运维|开设|开办|管理)的?|的)?"
    r"(?:(?:官方|政务|新浪|腾讯|微信)?(?:微信公众号|公众号|订阅号|服务号|视频号|微博|微信|抖音号?|头条号|快手号?|客户端|小程序|账号|新媒体))?"
    r"“(?P<quoted>(?![^“”]*找错)[^“”]+)”(?:[一-鿿]{0,8}(?:号|微博|微信|客户端|小程序|账号|网|网站))?"
)
_PLATFORM = re.compile("(?:[省市县区州]|全国)[一-鿿]{3,20}")
_BRACKET = re.compile(r"（[^（）]*）$")
OBJECT = re.compile(
    r"(?:(?:所属|下属|主办|主管|运维|开设|开办|管理)的?|的)?(?:人民政府|政府)?(?:子|部门|官方|政务)?"
    r"(?:门户网站|网站|官网|网|频道|(?:微信|政务|新浪|腾讯|官方)?(?:公众号|订阅号|服务号|视频号|微博|微信|抖音号?|头条号|客户端|小程序|新媒体))$"
)
_SENTENCE_MARKS = re.compile(
    r"[\s，。；：？！|的了被已是]|通报|督促|要求|发现|不|未|没|存在|出现|问题|(?:\d|[一二两三四五六七八九十])(?:个|家)"
)
_SHORT_PLACE = re.compile(r"[一-鿿][镇乡县]")


@remembered(20_000)
def is_unit(home: Territory, name: str) -> bool:
    """Say whether a name is that of a body, a site or an account, as seen from a territory; groups are let pass."""
    if not 2 <= len(name) <= _NAME_LIMIT or _GENERIC.match(name):
        return False
    if QUOTED.fullmatch(name) or is_account(name) or owner_of_quoted(home, name):
        return True
    if where := place_before(home, name):
        return is_unit(home, name[len(where) :])
    if _SENTENCE_MARKS.search(name):
        return False
    bare = _BRACKET.sub("", name)
    if (len(bare) >= 3 and ends_like_body(bare)) or _SHORT_PLACE.fullmatch(bare):
        return True
    m = OBJECT.search(bare)
    if m and m.start() >= 2 and is_body(home, bare[: m.start()]):
        return True
    if len(bare) >= 6 and bare.endswith(words_of("site_words", kind="platform")):
        known = bool(Gazetteer.load().find_in(bare, "")) or _PLATFORM.fullmatch(bare) is not None
        return known and not bare.startswith(("政府", "市政府门户", "省政府门户", "县政府门户"))
    return is_body(home, bare)


def is_account(name: str) -> bool:
    """Say whether a name is an account with its platform: 政务微博“甲县发布”, 甲县发布（政务微博）."""
    return ("“" in name or name.endswith("）")) and _account().fullmatch(name) is not None


def owner_of_quoted(home: Territory, name: str) -> str:
    """Return the body before the quoted name of its account: 省司法厅“江苏司法” -> 省司法厅; else ''."""
    m = _OWNED.fullmatch(name) if "”" in name else None
    return m["owner"] if m and not _SENTENCE_MARKS.search(m["owner"]) and is_body(home, m["owner"]) else ""


def place_before(home: Territory, name: str) -> str:
    """Return the place that only says where, with its 的: 荆州市的石首市粮食局网站 -> 荆州市的; else ''."""
    place, of, rest = name.partition("的")
    return place + of if of and len(rest) > 3 and "的" not in rest and home.resolve(place).is_resolved else ""


def place_of_quoted(home: Territory, name: str) -> str:
    """Return the place before a site whose owner is quoted: 沧州市“青县供销合作社”网 -> 沧州市; else ''."""
    m = _OWNED.fullmatch(name) if "”" in name else None
    if m is None or not name.startswith(m["owner"] + "“") or not is_body(home, m["quoted"]):
        return ""
    return m["owner"] if home.resolve(m["owner"]).is_resolved else ""


@cache
def _account() -> re.Pattern[str]:
    platform = any_of(words_of("site_words", kind="new_media"))
    return re.compile(rf"{platform}{_ACCOUNT}|[一-鿿]{{2,16}}(?<![局委办厅府院会室站队所])（{platform}）")


def is_body(home: Territory, name: str) -> bool:
    """Say whether a name is that of a place or an office."""
    return home.resolve(name).is_resolved or agency_of(name) is not None or (len(name) >= 3 and ends_like_body(name))


def ends_like_body(name: str) -> bool:
    """Say whether a name ends like that of a place or an office."""
    return name.endswith(words_of("unit_endings"))


def ends_like_office(name: str) -> bool:
    """Say whether a name, a bracket behind it aside, ends like that of an office (局, 委, 办)."""
    return _BRACKET.sub("", name).endswith(words_of("unit_endings", kind="office"))
