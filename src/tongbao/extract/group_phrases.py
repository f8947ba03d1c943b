"""Noun phrases that name a group: 16个市, 市属国有企业, 县（市、区）和功能区, 市政府门户网站部门频道, 中央在湘单位.

A group is found by its own words, a head with what may stand before it, and never cut out as whatever precedes a verb.
What is no group gives nothing: 个别部门, 市医院, 广州市. What a group means elsewhere is for `scopes` to say.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from tongbao.extract.facts import Span
from tongbao.extract.group_words import bracketed, kind
from tongbao.extract.lexicon import load
from tongbao.extract.offices import agency_of
from tongbao.extract.spans import split_outside

_BEFORE = 16  # characters that can hold a count or a vague word before a group
_LEADING = re.compile("^(?:[A-E一二三四]类)?各?(?=..)")
_LIMIT = 40  # characters
_PLACE = "[一-鿿]{1,3}"
_COUNTED = r"(?P<n>\d{1,4}|[一二两三四五六七八九十]{1,3})(?:个|家|所)"
_GOVERNMENT = "(?:(?:人民)?政府(?!门户|网|子|办|部门|直属|组成|工作|的|同意|决定|要求|关于|印发|常务)|管委会)?"
_JOIN = "(?:和|及|与|以及|、各|及其)"
_NOT_AFTER = "(?!级|域|长|委(?!会)|直|属|办公|办(?:公|在|印|将|组|对|会)|主要|领导|负责|之间)"
_LEFT = (
    "(?<![一-鿿])|(?<=[各个家所对和及与的在为是从将向被由评核查估测以有])|(?<=全[省市县区州旗盟])"
    "|(?<=[省市])(?=[县区乡镇街旗])|(?<=其他)|(?<=其余)"
)


@dataclass(frozen=True, slots=True)
class GroupPhrase:
    """A group as printed: its span, its words, its kind ('' where none or several fit) and the count before it."""

    start: int
    end: int
    words: str
    kind: str
    n: int | None


@cache
def _words(role: str) -> tuple[str, ...]:
    rows = load("group_phrase_words", required=("role", "wording", "group_kind"))
    found = {r["wording"] for r in rows if r["role"] == role}
    return tuple(sorted(found, key=lambda w: (-len(w), w)))


@cache
def _any(*roles: str) -> str:
    return _either(w for role in roles for w in _words(role))


@cache
def _kinds() -> dict[str, str]:
    """Return head or name -> kind, from the words of groups and the longer list of names."""
    rows = [(r["wording"], r["group_kind"]) for r in load("group_names", required=("wording", "group_kind"))]
    own = load("group_phrase_words", required=("role", "wording", "group_kind"))
    return dict(rows) | {r["wording"]: r["group_kind"] for r in own if r["role"] in ("head", "name")}


def _either(words: Iterable[str]) -> str:
    return "(?:" + "|".join(map(re.escape, sorted({*words}, key=lambda w: (-len(w), w)))) + ")"


@cache
def _pattern() -> re.Pattern[str]:
    """Match one phrase: an atom, or two joined by 和; an atom is a qualified head, a name, or kinds of places."""
    level, modifier, head, name = (_any(*roles) for roles in (("level",), ("modifier",), ("head", "name"), ("name",)))
    long_level = _either(w for w in _words("level") if len(w) > 1)
    office = _either(w for w, k in _kinds().items() if k == "departments" and len(w) > 1)
    no_name = {*_words("head"), *(w for w, k in _kinds().items() if k == "portals")}  # a portal is an object, no body
    listed = _either(w for w in _kinds() if w[1:] and w[0] != "各" and w[-2:] != "政府" and w not in no_name)
    qualified = (
        rf"(?:中央[在驻]{_PLACE}|[在驻]{_PLACE}中央)(?:有关)?(?:{modifier}){{0,2}}{head}"
        rf"|{long_level}各?(?:{modifier}){{0,3}}{head}|{level}(?:{modifier}){{0,2}}{office}"
    )
    kinds = rf"{kind()}(?:、?{kind()}){{1,2}}"
    free = (
        rf"(?:{_LEFT})(?:[A-E一二三四]类)?(?:{bracketed()}|(?:{modifier}){{1,2}}{name}|{listed}|{kinds}){_GOVERNMENT}"
    )
    single = (
        rf"(?:(?<=[\d一二两三四五六七八九十][个家])|(?<=各))[省市县区州旗盟镇乡](?![省市县区州旗盟镇乡]){_GOVERNMENT}"
    )
    atom = rf"(?:{qualified}|{free}|{single}(?![一-鿿]{{0,3}}[局厅委办院]))"
    return re.compile(rf"{atom}(?:{_JOIN}(?:{atom}|{name}|{bracketed()}))?{_NOT_AFTER}")


@cache
def _vague() -> re.Pattern[str]:
    return re.compile(rf"{_any('vague')}(?:的)?$")


@cache
def _sign() -> re.Pattern[str]:
    """What every phrase holds, so that most passages cost one search."""
    return re.compile("[省市县区州旗盟镇乡街部单位机校院企司台号道站厅委园局]")


def groups_in(text: str, start: int, end: int) -> list[GroupPhrase]:
    """Return every group that `text[start:end]` names, in order.

    Examples: 25个乡镇、36个县级部门和7个垂管单位 -> 乡镇 (25), 县级部门 (36), 垂管单位 (7); 个别部门 -> nothing.
    """
    return [GroupPhrase(start + g.start, start + g.end, g.words, g.kind, g.n) for g in _found(text[start:end])]


@lru_cache(maxsize=20_000)
def _found(words: str) -> tuple[GroupPhrase, ...]:
    if not _sign().search(words):
        return ()
    found = []
    for m in _pattern().finditer(words):
        before = words[max(0, m.start() - _BEFORE) : m.start()]
        if _vague().search(before):
            continue
        count = re.search(rf"{_COUNTED}(?:参评的?)?$", before)
        n = _number(count["n"]) if count else None
        own = words[m.start() : _with_office(words, m)]
        found.append(GroupPhrase(m.start(), m.start() + len(own), own, group_kind_of(own), n))
    if not found and (whole := _SINGLE.fullmatch(words)):
        own = whole["group"]
        return (GroupPhrase(*whole.span("group"), own, group_kind_of(own), None),)
    return tuple(found)


_OFFICE = re.compile("[一-鿿]{1,12}?(?:局|委|办|厅)(?![长公理事员])")
_OF_PLACES = frozenset({"provinces", "prefectures", "counties"})


def _with_office(words: str, m: re.Match[str]) -> int:
    """Return where a group ends, with the office that all those places have: 设区市环保局, 县（市、区）教育局."""
    office = _OFFICE.match(words, m.end()) if len(m.group()) > 1 else None
    if office is None or m.group().endswith(("政府", "管委会")) or group_kind_of(m.group()) not in _OF_PLACES:
        return m.end()
    return office.end() if agency_of(office.group()) else m.end()


_SINGLE = re.compile(
    r"(?:全[省市县区州])?(?:各)?(?P<group>[市县区州旗盟镇乡](?:人民政府|政府)?)(?:门户)?(?:网站|网)?(?:（[^（）]*）)?"
)


def _number(words: str) -> int | None:
    return int(words) if words.isdigit() else None


@lru_cache(maxsize=20_000)
def is_group(words: str) -> bool:
    """Say whether the words as a whole name one group: 市属国有企业."""
    if len(words) < 2:
        return False
    m = None if _pattern().fullmatch(words) else _pattern().match(words)
    return _with_office(words, m) == len(words) if m else _pattern().fullmatch(words) is not None


@lru_cache(maxsize=20_000)
def group_at(words: str, start: int) -> str:
    """Return the group that begins right at `start`, whatever stands before it (优秀乡镇：); empty where none does."""
    rest = words[start : start + _LIMIT]
    rest = rest.removeprefix("各")
    m = _pattern().match(rest)
    return rest[: _with_office(rest, m)] if m else ""


def group_in(text: str, start: int, end: int) -> Span | None:
    """Return the group that a caption, heading or sentence is about: the only one of the last clause that names any.

    Examples: 16个市平均得分88.6分，比上年提高。各市得分如下 -> 市; 市直部门 and 乡镇 in one clause -> None.
    """
    for s, e in reversed(split_outside(text, start, end, "，；。：")):
        found = groups_in(text, s, e)
        if found:
            one = len({g.words for g in found}) == 1
            return (found[-1].start, found[-1].end) if one else None
    return None


def group_kind_of(words: str) -> str:
    """Return the kind of a group by the head of its words, '' where joined groups are of several kinds.

    Examples: 市属国有企业 -> enterprises; 市级业务平台 -> platforms; 县（市、区）和功能区 -> ''.
    """
    if words in _kinds():
        return _kinds()[words]
    m = _pattern().match(words) if words[-1:] in "局委办厅" and words else None
    if m and m.end() < len(words) == _with_office(words, m):
        return "departments"
    kinds = {_kind(part) for part in re.split("以及|、各|[和及与]", words) if part}
    return kinds.pop() if len(kinds) == 1 else ""


def _kind(words: str) -> str:
    bare = _LEADING.sub("", re.sub("(?<=.)(?:(?:人民)?政府|管委会)$", "", words))
    for at in range(len(bare)):
        if kind_of_rest := _kinds().get(bare[at:]):
            return kind_of_rest
    if bare.endswith(("单位", "机构")):
        return "vertical" if re.match("中央|驻|在", bare) else "departments" if re.search("[直级属]", bare) else ""
    return ""
