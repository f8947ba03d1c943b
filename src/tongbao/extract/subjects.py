"""Who a clause is about: named units, unnamed ones (个别单位), a group (县（市、区）), or the whole place (我市)."""

import re
from dataclasses import dataclass, replace
from functools import cache

from tongbao.extract.context import Context
from tongbao.extract.scopes import any_of, clean_group, group_kind, names_group, words_of
from tongbao.extract.territory import Territory, remembered
from tongbao.extract.units import Unit, list_in, opens_no_unit

_LEAD = re.compile(
    r"^(?:但是?|同时|此外|另外|其中|特别是|尤其是|截至目前|截至[^，]{2,12}|目前|还有|仍有|有|存在|发现|考评中也?发现|检查中?发现|抽查中?发现|从.{0,12}看)+"
)
_CUTS = re.compile(
    r"均|都|分别|仍|还|也|未|没有|没|存在|出现|发现|被|因|由于|的|在|再次|连续|多次|有|对|至今|尚|长期|首页|栏目|信息|办事|无法|不"
)
_EQUATED = re.compile("[^，。；：]{0,16}?的(?:网站|单位|部门|账号)?(?:分别)?(?:是|为|有)(?P<list>.+)")
_PROBLEM_NEXT = re.compile("[，；](?:其)?(?:主要|存在的?|突出){0,2}(?:问题|原因)(?:是|为|有|在于|包括)")
_BARE_QUOTE = re.compile("“[^“”]+”")
_SOME = re.compile("有的(?:甚至|还)?")
_OWN = re.compile(r"[我全][省市区县州](?:政府网站|网站)?")
_SUBJECT_LIMIT = 400  # characters
_AHEAD = 16  # characters behind a clause that a reader looks at


@dataclass(frozen=True, slots=True)
class Subject:
    """The bearer of what follows; `rest` is where the clause goes on; `is_group`: a whole group is named."""

    units: tuple[Unit, ...]
    group: str
    start: int
    rest: int
    is_group: bool = False

    @property
    def is_unnamed(self) -> bool:
        """Whether no unit is named."""
        return not self.units


def read_subject(context: Context, start: int, end: int, group_before: str) -> Subject | None:
    """Return the subject that a clause opens with, None where it goes on with the earlier one.

    Examples: 个别市州和省政府部门未严格… -> group 个别市州和省政府部门; “甲”网、“乙”网均存在… -> two sites;
    有的甚至发现… -> the group before; 我市政府网站… -> 某市.
    """
    text = context.document.text
    found = _read(context.home, text[start:end], text[end : end + _AHEAD], group_before)
    if found is None or not start:
        return found
    units = tuple(u.moved(start) for u in found.units)
    return replace(found, units=units, start=found.start + start, rest=found.rest + start)


@remembered(20_000)
def _read(home: Territory, clause: str, ahead: str, group_before: str) -> Subject | None:
    """Read a clause with the few characters behind it; the same clauses come again in every circular."""
    text, end = clause + ahead, len(clause)
    lead = _LEAD.match(clause)
    for a in dict.fromkeys((0, lead.end() if lead else 0)):
        for reader in (_unnamed, _own_place, _named, _equated, _group):
            found = reader(home, text, a, end, group_before)
            if found:
                return found
    m = _unnamed_later().search(clause[:20])
    return _unnamed(home, text, m.end(), end, group_before) if m else None


@cache
def _unnamed_later() -> re.Pattern[str]:
    return re.compile(r"(?:发现|存在|仍有|还有|但|是|：)(?=" + any_of(words_of("unnamed_words")) + ")")


@cache
def _some() -> re.Pattern[str]:
    unnamed, noun = any_of(words_of("unnamed_words")), any_of(words_of("subject_nouns"))
    return re.compile(rf"(?:仍)?(?P<group>{unnamed}{noun}(?:(?:、|和|及|与|或){noun})*)(?:政府网站|网站|门户网站)?")


@cache
def _site_ends() -> re.Pattern[str]:
    return re.compile(any_of(words_of("site_words")) + "|”")


@cache
def _bare_group() -> re.Pattern[str]:
    kinds = tuple(k for k in words_of("group_names") if len(k) > 1)
    return re.compile("(?:各)?(?P<group>" + any_of(kinds) + ")")


def _unnamed(home: Territory, text: str, start: int, end: int, group_before: str) -> Subject | None:
    if m := _some().match(text, start, end):
        return Subject((), m["group"], start, m.end())
    if m := _SOME.match(text, start, end):
        return Subject((), group_before or "有的", start, m.end())
    return None


def _own_place(home: Territory, text: str, start: int, end: int, group_before: str) -> Subject | None:
    m = _OWN.match(text, start, end)
    place = home.own_place(m.group()) if m else None
    if m and place and place.official_name:
        return Subject((), place.official_name, start, m.end())
    return None


def _named(home: Territory, text: str, start: int, end: int, group_before: str) -> Subject | None:
    if opens_no_unit(text, start):
        return None
    cuts = {m.start() for m in _CUTS.finditer(text, start, min(end, start + _SUBJECT_LIMIT))}
    cuts |= {m.end() for m in _site_ends().finditer(text, start, end)}
    for cut in sorted(cuts):
        if cut <= start + 1 or text[cut : cut + 1] in ("、", "，", "；") or _inside_brackets(text, start, cut):
            continue
        units = list_in(home, text, start, cut)
        bare_quote = units and _BARE_QUOTE.fullmatch(units.units[-1].name)
        if units and not bare_quote and not any(names_group(u.name) and not u.code for u in units.units):
            some = re.search(any_of(words_of("unnamed_words")), units.noun) if units.is_open else None
            at = text.rfind(some.group(), start, cut) if some else cut
            unnamed = _unnamed(home, text, at, end, group_before)
            if unnamed:
                return unnamed  # 甲县、乙县等地部分网站: some sites, not the places named
            noun = re.sub(r"^(?:个|家|所)", "", units.noun)
            group = clean_group(noun) if noun and group_kind(clean_group(noun)) else group_before
            return Subject(units.units, group, start, cut)
    return None


def _equated(home: Territory, text: str, start: int, end: int, group_before: str) -> Subject | None:
    """Read 不合格的是甲局网站 before a clause that says the problem (主要问题是…)."""
    m = _EQUATED.fullmatch(text, start, end)
    units = list_in(home, text, m.start("list"), end) if m and _PROBLEM_NEXT.match(text, end) else None
    return Subject(units.units, group_before, start, end) if units else None


def _group(home: Territory, text: str, start: int, end: int, group_before: str) -> Subject | None:
    """Read a bare group: 县（市、区）政府信息公开平台…; 省级部门网站….

    The group is kept for later clauses; whether it has a problem the clause itself must say.
    """
    m = _bare_group().match(text, start, end)
    if not m:
        return None
    alone = not m.group().startswith("各") and text[m.end() : m.end() + 1] not in tuple("、和及与")
    return Subject((), m["group"], start, m.end(), is_group=alone)


def _inside_brackets(text: str, start: int, cut: int) -> bool:
    piece = text[start:cut]
    return any(piece.count(a) != piece.count(b) for a, b in ("（）", "“”", "《》"))
