"""Lists of units: names one by one, with what the list leaves unsaid (the 市 before the first name only).

Reads 、-lists as circulars print them: 南京、无锡、苏州7市; 市发改委、规划局及洛川县; A区、B市等4个县（市、区）;
“甲”网、“乙”网. What does not look like a list of units is refused as a whole (None).
"""

import itertools
import re
from dataclasses import dataclass, replace

from tongbao.extract.chinese_numbers import parse_count
from tongbao.extract.context import Context
from tongbao.extract.facts import Span
from tongbao.extract.offices import agency_of
from tongbao.extract.shared_scores import may_share, remark_of, spread
from tongbao.extract.spans import split_outside
from tongbao.extract.territory import Territory, remembered
from tongbao.extract.unit_names import (
    NO_NAME,
    OBJECT,
    QUOTED,
    ends_like_office,
    is_account,
    is_body,
    is_unit,
    owner_of_quoted,
    place_before,
    place_of_quoted,
)

_COUNT_TAIL = re.compile(
    r"(?P<name>.+?)\s?(?P<etc>等)?\s?(?P<count>\d{1,3}|[一二两三四五六七八九十]{1,3})"
    r"(?P<noun>(?:个|家|所|市|州|县|区|省|旗|盟|镇|乡|部门|单位|街)[^\d，。；：]{0,24})"
)
_OPEN_TAIL = re.compile(r"(?P<name>.+?)等(?P<noun>[^\d，。；：、局委办厅]{0,12})")
_JOINERS = ("以及", "和", "及", "与")
_GENERIC_CHARACTER = re.compile(NO_NAME + "|有关|相关|其他|其它|部分|个别|多数|少数|一些|所有|上述|多个|有的|有些|根据")
_MARK_AHEAD = re.compile(".?[，。；：？！|的了被已是不未没]")
_GOVERNMENT = re.compile("(?:人民政府|政府)$")
_REMEMBERED = 20_000  # passages
_MARK = re.compile(r"(?P<mark>[省市县区州]|[一-鿿]{2,7}?(?:自治[区州县]|省|市|县|区|州|旗|盟))(?P<rest>.{2,})")
_NOTE = re.compile(
    r"(?P<name>.+?)(?:（(?:(?:综合)?得分|总分|得)?[：:为]?(?P<inner>\d{1,4}(?:\.\d{1,3})?)(?P<mark>分)?）"
    r"|(?:(?:综合)?得分|总分|得)?(?P<outer>\d{1,4}(?:\.\d{1,3})?)分|（(?P<tie>[^（）]*并列[^（）]*|(?:得分|总分|排名|位列|列)?第[一二三四五六七八九十\d]{1,3}(?:名|位)?)）)"
)
_REASON = re.compile(
    r"(?P<name>[^（）]{2,40}|[^（）]{0,24}“[^“”]{1,30}”[^（）]{0,12})"
    r"（(?P<why>[^（）]*(?:未|没有|不|无|超过|超期|连续|长期|存在|出现|失效|错误|空白|滞后|更新|已|整改|打开|回复|答复)[^（）]*)）"
)
_SITES = re.compile("(?:个|家)(?!栏目|月|工作日|季度|链接|页面|信箱)")
_TIED = re.compile(r"（[^（）]*并列[^（）]*）$")


@dataclass(frozen=True, slots=True)
class Unit:
    """One member of a list.

    Attributes:
        start, end: span of the name as printed, without an object (门户网站) or a count behind it.
        name: that slice.
        full_name: with the mark it inherits, or the official name of a place; empty where unknown.
        code: region code of a place, else empty.
        agency: key of an office, else empty.
        site: span of the site where the name carries its object (句容市政府门户网站, “甲”网).
        is_site: the name is that of a site, channel or platform, not of a body.
        score: span of the score printed behind the name (（96.5分）).
        tie: words in brackets behind the name that tell a rank or tie (第三名, 并列第三).
    """

    start: int
    end: int
    name: str
    full_name: str = ""
    code: str = ""
    agency: str = ""
    site: Span | None = None
    is_site: bool = False
    score: Span | None = None
    tie: str = ""

    def moved(self, by: int) -> "Unit":
        """Return the unit with every offset `by` characters further on."""
        site, score = _shifted(self.site, by), _shifted(self.score, by)
        return replace(self, start=self.start + by, end=self.end + by, site=site, score=score)


@dataclass(frozen=True, slots=True)
class UnitList:
    """A list of units with the count and noun printed behind it (`count` None without one)."""

    start: int
    end: int
    units: tuple[Unit, ...]
    count: int | None = None
    count_span: Span | None = None
    noun: str = ""
    is_open: bool = False


def read_units(context: Context, start: int, end: int) -> UnitList | None:
    """Return the units listed in `text[start:end]`, None if any piece does not look like a unit."""
    return list_in(context.home, context.document.text, start, end)


def list_in(home: Territory, text: str, start: int, end: int) -> UnitList | None:
    """Return the units listed in `text[start:end]` as seen from a territory, like `read_units`."""
    found = _read(home, text[start:end])
    if found is None or not start:
        return found
    units = tuple(u.moved(start) for u in found.units)
    span = _shifted(found.count_span, start)
    return replace(found, start=found.start + start, end=found.end + start, units=units, count_span=span)


def opens_no_unit(text: str, start: int) -> bool:
    """Say whether no list of units begins here, since no name begins with such a word (各, 部分, 对)."""
    return _GENERIC_CHARACTER.match(text, start) is not None


def _shifted(span: Span | None, by: int) -> Span | None:
    return None if span is None else (span[0] + by, span[1] + by)


@remembered(_REMEMBERED)
def _read(home: Territory, text: str) -> UnitList | None:
    """Read a list that is the whole of `text`; the same words come again in every circular and every reader."""
    start, end = 0, len(text)
    pieces: list[Span] = []
    sharing: dict[int, tuple[Span, ...]] = {}
    for s, e in _spaced(home, text, _without_remarks(text, sharing)):
        pieces.extend(part for run in _quoted_run(text, s, e) for part in _slashed(home, text, *run))
    if not pieces or _is_hopeless(home, text, pieces):
        return None
    count, count_span, noun, is_open = None, None, "", False
    s, e = pieces[-1]
    m = _COUNT_TAIL.fullmatch(text, s, e)
    if m and is_unit(home, text[s : m.end("name")]):
        count, noun = parse_count(m["count"]), m["noun"]
        count_span = (m.start("count"), e)
        is_open = bool(m["etc"])
        pieces[-1] = (s, m.end("name"))
    elif (m := _OPEN_TAIL.fullmatch(text, s, e)) and (len(pieces) > 1 or m["noun"]):
        is_open, noun = True, m["noun"]
        pieces[-1] = (s, m.end("name"))
    pieces = [
        part
        for i, piece in enumerate(pieces)
        for part in (
            _split_joined(home, text, *piece)
            if i == len(pieces) - 1 or piece[1] in sharing or _TIED.search(text[slice(*piece)])
            else [piece]
        )
    ]
    scored = any(m["mark"] or m["outer"] for m in (_NOTE.fullmatch(text, *piece) for piece in pieces) if m)
    units = []
    for piece in pieces:
        unit = _noted(home, text, *piece, scored)
        if unit is None:
            return None
        units.append(unit)
    tied = [replace(u, tie="并列") if text[u.start - 1 : u.start] == "/" and not u.tie else u for u in units]
    if sharing:
        scores = [u.score for u in tied]
        for index in range(len(tied)):
            scores = spread(scores, index, sharing[pieces[index][1]]) if pieces[index][1] in sharing else scores
        tied = [replace(u, score=score) for u, score in zip(tied, scores, strict=True)]
    named = _inherit(tied)
    is_open = is_open and count != len(named)
    return UnitList(start, end, tuple(named), count, count_span, noun, is_open)


def _without_remarks(text: str, sharing: dict[int, tuple[Span, ...]]) -> list[Span]:
    """Return the pieces between 、, remarks that tell shared scores cut off and noted by where the name ends."""
    pieces = list(split_outside(text, 0, len(text), "、"))
    if not may_share(text):
        return pieces
    for index, (s, e) in enumerate(pieces):
        name, found = remark_of(text[s:e])
        if found:
            pieces[index] = (s, s + len(name))
            sharing[s + len(name)] = tuple((s + a, s + b) for a, b in found)
    return pieces


def _is_hopeless(home: Territory, text: str, pieces: list[Span]) -> bool:
    """Say cheaply that the first piece can become no unit, however its tail is read: most passages are no lists."""
    s, e = pieces[0]
    if opens_no_unit(text, s):
        return True
    if text.find("“", s, e) < 0 and _MARK_AHEAD.match(text, s, e):
        return True
    first = text[s:e]
    return len(pieces) > 1 and not _TIED.search(first) and not is_unit(home, _unnoted(first))


def _spaced(home: Territory, text: str, pieces: list[Span]) -> list[Span]:
    """Split 甲县 乙县 丙县, names with nothing but spaces between them, where each is a name of its own."""
    if len(pieces) != 1:
        return pieces
    start, end = pieces[0]
    parts = [(start + m.start(), start + m.end()) for m in re.finditer(r"\S+", text[start:end])]
    return parts if len(parts) > 1 and all(is_unit(home, text[slice(*part)]) for part in parts) else pieces


def _quoted_run(text: str, start: int, end: int) -> list[Span]:
    """Split “A”“B”“C”, which have no separator between them."""
    if text.find("”“", start, end) < 0:
        return [(start, end)]
    cuts = [start, *(m.start() + 1 for m in re.finditer("”“", text[start:end])), end]
    cuts[1:-1] = [start + c for c in cuts[1:-1]]
    return [(a, b) for a, b in itertools.pairwise(cuts) if b > a]


def _slashed(home: Territory, text: str, start: int, end: int) -> list[Span]:
    """Split 甲/乙, which share a place, where both sides are names of their own."""
    at = text.find("/", start + 1, end - 1)
    if at < 0 or not all(is_unit(home, _unnoted(text[slice(*side)])) for side in ((start, at), (at + 1, end))):
        return [(start, end)]
    return [(start, at), (at + 1, end)]


def _split_joined(home: Territory, text: str, start: int, end: int) -> list[Span]:
    """Split 甲和乙 where both sides are names of their own (not 市住房和城乡建设局)."""
    for word in _JOINERS:
        at = text.find(word, start + 1, end - 1)
        while at > 0:
            left, right = (start, at), (at + len(word), end)
            depth = (
                text.count("（", start, at)
                - text.count("）", start, at)
                + text.count("“", start, at)
                - text.count("”", start, at)
            )
            if depth == 0 and all(is_unit(home, _unnoted(text[slice(*side)])) for side in (left, right)):
                return [*_split_joined(home, text, *left), *_split_joined(home, text, *right)]
            at = text.find(word, at + 1, end - 1)
    return [(start, end)]


def _unnoted(words: str) -> str:
    m = _NOTE.fullmatch(words) or _REASON.fullmatch(words)
    return m["name"] if m else words


def _noted(home: Territory, text: str, start: int, end: int, scored: bool) -> Unit | None:
    """Read a name with its score or tie behind it; a bare number in brackets is a score only beside others with 分."""
    m = _NOTE.fullmatch(text, start, end)
    if m is None and (told := _REASON.fullmatch(text, start, end)):
        unit = _unit(home, text, start, told.end("name"))
        # 甲县（2家网站不合格）: sites in a place are meant, not the place
        return None if unit is None or (unit.code and not unit.site and _SITES.search(told["why"])) else unit
    if m is None:
        return _unit(home, text, start, end)
    unit = _unit(home, text, start, m.end("name"))
    is_score = m["outer"] or m["mark"] or (m["inner"] and scored)
    span = m.span("outer" if m["outer"] else "inner") if is_score else None
    return replace(unit, score=span, tie=m["tie"] or "") if unit else None


def _unit(home: Territory, text: str, start: int, end: int) -> Unit | None:
    name = text[start:end]
    if not is_unit(home, name):
        return None
    if where := place_of_quoted(home, name) or place_before(home, name):
        start, name = start + len(where), name[len(where) :]
    if QUOTED.match(name) or is_account(name):
        return Unit(start, end, name, site=(start, end), is_site=True)
    site: Span | None = None
    if owner := owner_of_quoted(home, name):
        site, end, name = (start, end), start + len(owner), owner
    m = OBJECT.search(name)
    if m and m.start() >= 2:
        owner = name[: m.start()]
        if not is_body(home, owner):
            return Unit(start, end, name, site=(start, end), is_site=True)
        site, end, name = (start, end), start + m.start(), owner
    place = home.resolve(_GOVERNMENT.sub("", name))
    if place.is_resolved:
        return Unit(start, end, name, place.official_name, place.code, "", site)
    agency = agency_of(name)
    return Unit(start, end, name, "", "", agency.key if agency else "", site)


def _inherit(units: list[Unit]) -> list[Unit]:
    """Give offices the mark (市, 福州市) that only an earlier name of the list carries."""
    mark, named = "", []
    for unit in units:
        m = _MARK.fullmatch(unit.name)
        if unit.code or unit.is_site or unit.full_name:
            named.append(unit)
        elif m and ends_like_office(unit.name):
            mark = m["mark"]
            named.append(replace(unit, full_name=unit.name))
        elif mark and unit.agency and ends_like_office(unit.name):
            named.append(replace(unit, full_name=mark + unit.name))
        else:
            named.append(unit)
    return named
