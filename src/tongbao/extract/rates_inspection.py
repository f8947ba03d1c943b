"""Who did the inspecting and how the inspected ones were chosen.

Both are read only where the text says so: an actor before a verb of inspecting, a word for the design.
"""

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from tongbao.extract.context import Context
from tongbao.extract.lexicon import load
from tongbao.extract.memory import once
from tongbao.extract.mentions import find_numbers
from tongbao.extract.rates_actors import (
    ABOVE,
    BASED_ON,
    BASIS,
    BELOW,
    GAP,
    HEADED,
    MUNICIPALITIES,
    NATIONAL,
    OFFICE,
    OPENS,
    OWN_OFFICE,
    RANKS,
    SUBJECT,
    WE,
)
from tongbao.extract.scopes import is_demand
from tongbao.extract.statements import BLANK, mask, sentence_clauses
from tongbao.extract.territory import Territory, remembered

_SELF = re.compile(r"各(?:地|级|单位|部门|市|县|区|州|乡|街道)|自查|自行(?:抽查|检查)|自检")
_EACH_CHECKED = re.compile(
    r"各(?:地区|地|部门|单位|市县|市州|级|县区)[^，；。]{0,6}?(?:随机|自行|分别|共|组织|开展){0,3}(?:抽查|检查)"
    r"|各[^，；。]{1,12}对(?:所属|所辖|所管|本地|本部门|本单位|本系统|辖区|下属|自身)[^，；。]{0,24}(?:抽查|检查|普查|排查)"
)
_EACH_ITSELF = re.compile(r"各[^，；。]{1,12}(?:，[^；。]{0,30})?(?:自查|自行|自检)")
_ITSELF = re.compile(r"(?:开展|组织|进行)自查|自查(?:抽查|检查)|自行(?:抽查|检查)")
_YET_TO_COME = re.compile("将|今后|每季度|要求")
_RANDOM = re.compile(r"随机")
_CENSUS = re.compile(
    r"全覆盖|全量(?:抽查|检查|普查|监测)|全部进行|逐一(?:进行)?(?:检查|抽查)|(?:检查|抽查|覆盖|普查|监测)(?:比例|率|面)(?:均)?(?:为|达到|达|是)?100(?:\.0+)?[%％]"
    r"|对(?:所有|全部)[^，；。]{0,24}?(?:进行|开展)|(?:此次|本次|这次|全面|开展(?:了)?[^，；。]{0,14})普查|(?:网站|新媒体|账号)(?:进行(?:了)?(?:全面|集中)?)?普查"
)
_SAMPLE = re.compile(r"抽查|抽检|抽取|抽选")
_EVERY = re.compile(r"对(?:全[省市区县州])?[^，；。]{0,10}各[^，；。]{2,40}(?:进行|开展)(?:了)?(?:抽查|检查|监测)")


@dataclass(frozen=True, slots=True)
class Inspection:
    """The circular's own exercise: the level of its inspector ('' unsaid) and the design of its sample."""

    inspector_level: str
    design: str


@cache
def _check_words() -> re.Pattern[str]:
    words = sorted({r["wording"] for r in load("inspection_words") if r["kind"] == "check"}, key=lambda w: (-len(w), w))
    return re.compile("|".join(words))


@cache
def _ministries() -> re.Pattern[str]:
    """A ministry that inspects in its own clause: 环境保护部今年一季度对我省环保系统网站进行了抽查."""
    rows = load("inspection_words")
    words = sorted({r["wording"] for r in rows if r["kind"] == "ministry"}, key=lambda w: (-len(w), w))
    names, acts = "|".join(words), _check_words().pattern
    return re.compile(
        rf"(?<![一-鿿])(?:此外|同时|其中|期间)?(?:{names})(?!的|、|网站|门户|直属|所属){GAP}{{0,40}}?(?:{acts})"
    )


@lru_cache(maxsize=20_000)
def is_checking(words: str) -> bool:
    """Say whether words speak of inspecting (抽查, 检查, 普查, 监测), not of evaluating or examining bodies."""
    return _check_words().search(words) is not None


@lru_cache(maxsize=20_000)
def says_national(words: str) -> bool:
    """Say whether a passage speaks of an inspection by the State Council's General Office or a ministry."""
    if ("部" in words or "总局" in words or "国家" in words) and _ministries().search(_without_basis(words)):
        return True
    return NATIONAL.search(words) is not None and any(
        not BASED_ON.match(clause.strip()) and NATIONAL.search(clause) and is_checking(clause)
        for clause in re.split("[，；。]", _without_basis(words))
    )


def _without_basis(words: str) -> str:
    """Return the words with what an inspection was based on blanked.

    Example: 省政府办公厅依据国务院办公厅印发的检查指标 names one actor only.
    """
    return BASIS.sub(lambda m: BLANK * len(m.group()), words)


@lru_cache(maxsize=20_000)
def says_self(words: str) -> bool:
    """Say whether the bodies checked themselves (各地各部门定期开展自查抽查): nobody else is the inspector."""
    if "各" in words and (_EACH_CHECKED.search(words) or _EACH_ITSELF.search(words)):
        return True
    return "自" in words and _ITSELF.search(words) is not None


def inspector_in(context: Context, words: str) -> str | None:
    """Return the level of whoever inspects according to one clause, None where it names nobody.

    Examples: 省政府办公厅组织开展了抽查 -> province; 我市组织检查, 厅办公室会同…开展 -> the issuer's level; an office
    that a sentence opens with is its subject (市政府办公室安排专人，对…进行了检查), unless it only 要求 something.
    """
    return _inspector(context.home, words)


@remembered(20_000)
def _inspector(home: Territory, words: str) -> str | None:
    if says_national(words):
        return "national"
    words = _without_basis(words)
    if BASED_ON.match(words):
        return None
    if m := WE.search(words) if "我" in words or "本" in words else None:
        return home.own_level if m["we"] else _level_of(home, m["mark"])
    actors = list(OFFICE.finditer(words))
    if actors:
        return _office_level(home, actors[-1])
    if m := OWN_OFFICE.search(words) if "厅" in words or "局" in words or "委" in words else None:
        return _level_of(home, m["mark"] or "")
    if headed := HEADED.match(words):
        return "national" if headed["national"] else _level_of(home, headed["mark"])  # 市级检查网站50个
    subject = SUBJECT.fullmatch(words) or OPENS.match(words)  # its verb stands in a later clause
    if subject is None:
        return None
    return home.own_level if subject.groupdict().get("own") else _office_level(home, subject)


def _office_level(home: Territory, m: re.Match[str]) -> str:
    """Return the level of an office: of the place in its name, else by its mark; 管委会 is the issuer's own zone."""
    if m["zone"]:
        return "zone" if home.own_level == "zone" else ""
    named = home.find_places(m["name"])
    if named and named[0][0] == 0 and named[-1][2].is_resolved:
        return named[-1][2].level
    return _level_of(home, m["mark"])


def acts_above(context: Context, words: str) -> str:
    """Return the level of an office above the issuer that a part of a sentence opens with as the inspector, else ''.

    Examples, in a city's circular: 省政府办公厅抽查我市政府网站12个 -> province; 按照省政府办公厅要求，… -> ''. In a
    county's: 2月，某市人民政府办公室抽查我县政务新媒体8个 -> prefecture.
    """
    return _acts_above(context.home, words)


@remembered(20_000)
def _acts_above(home: Territory, words: str) -> str:
    if home.own_level not in RANKS or not is_checking(words):
        return ""
    headed = HEADED.match(words)
    if headed and headed["mark"]:
        level = _level_of(home, headed["mark"])  # 省级抽查我市网站6个
    elif m := ABOVE.match(_without_basis(words)):
        level = _office_level(home, m)
    else:
        return ""
    return level if level in RANKS and RANKS.index(level) < RANKS.index(home.own_level) else ""


def inspector_below(context: Context, words: str) -> str:
    """Return the level of the bodies below that inspected, where a clause opens with one kind of them, else ''.

    Examples: 各市共抽查辖区内政府网站610个 -> prefecture; 各地各部门自行抽查 -> '' (several levels).
    """
    m = BELOW.match(words) if "各" in words else None
    if m is None or context.place.level not in ("national", "province", "prefecture"):
        return ""
    level = "prefecture" if m["city"] or m["kind"] in ("州市", "盟市") else "county"
    return level if RANKS.index(level) > RANKS.index(context.place.level) else ""


def inspector_of_heading(context: Context, words: str) -> str | None:
    """Return who inspects according to a heading (二、省级抽查情况), None where it names nobody."""
    m = HEADED.match(words)
    if m is None:
        return None
    return "national" if m["national"] else _level_of(context.home, m["mark"]) or None


def own_inspection(context: Context, masked: str) -> Inspection:
    """Return who carried out the exercise that the circular reports, and its design.

    The inspector is the first actor of a clause that speaks of inspecting sites or accounts; an inspection by the
    State Council's office is the circular's own only if that office issued it.
    """
    level = _own_inspector(context, masked)
    if not level and context.place.level == "national":
        level = "national"
    return Inspection(level, _own_design(context))


def _own_inspector(context: Context, masked: str) -> str:
    above = ""
    for line in context.document.body():
        for clauses in sentence_clauses(masked, line.content, line.end):
            if not is_checking(masked[clauses[0][0] : clauses[-1][1]]):
                continue
            for s, e in clauses:
                found = inspector_in(context, masked[s:e])
                if found == "national" and context.place.level != "national":
                    continue
                if acts_above(context, masked[s:e]) == found:
                    above = above or found or ""  # the circular's own only if nobody else inspects
                    continue
                if found and is_checking(masked[s : clauses[-1][1]]) and not says_self(masked[s:e]):
                    return found
    return above


@lru_cache(maxsize=20_000)
def design_in(words: str) -> str:
    """Return census, random_sample or sample as far as words say it; both of the first two together say nothing."""
    census, random = _CENSUS.search(words), _RANDOM.search(words)
    if census and random:
        return ""
    if census or random:
        return "census" if census else "random_sample"
    return "sample" if _SAMPLE.search(words) else ""


def exercise_of(context: Context) -> str:
    """Return the exercise of a circular: a 检查 or 监测 that went over everything is a census, a 抽查 never is.

    Example: 关于…检查情况的通报, 对全县在用的16个账号全部进行了检查 -> census.
    """
    if context.exercise != "spot_check" or not context.title or re.search("抽查|抽检|抽样", context.title):
        return context.exercise
    return "census" if _own_design(context) == "census" else context.exercise


@once
def _own_design(context: Context) -> str:
    """Return the design of the circular's own exercise, from all sentences that report it (not from demands).

    An exercise that goes by the name of 抽查 is a census where the text says that it went over every body of the
    territory (对全区各街道办和各单位网站进行了抽查), gives no share, and annexes a list as long as the number checked.
    """
    masked = mask(context.document.text)
    told: list[str] = []
    for line in context.document.body():
        if is_demand(context, line):
            continue
        for clauses in sentence_clauses(masked, line.content, line.end):
            sentence = masked[clauses[0][0] : clauses[-1][1]]
            if not is_checking(sentence) or (says_national(sentence) and context.place.level != "national"):
                continue
            if not says_self(sentence):
                told += [masked[s:e] for s, e in clauses if not _YET_TO_COME.search(masked, s, e)]
    text = "。".join(told)
    if _CENSUS.search(text) or _RANDOM.search(text):
        return design_in(text)
    lengths = {len(table.rows) for table in context.document.tables if table.annex}
    if _EVERY.search(text) and not re.search(r"占|比例|抽取|抽选|抽样", text):
        counts = [n for n in find_numbers(text) if n.unit in ("个", "家") and n.is_integer]
        if any(int(n.text) in lengths for n in counts):
            return "census"
    return design_in(context.title + "。" + text)


def _level_of(home: Territory, mark: str) -> str:
    """Return the level that a mark (省, 市, 区; 我办) means in this circular."""
    fixed = {
        "省": "province",
        "自治区": "province",
        "自治州": "prefecture",
        "州": "prefecture",
        "盟": "prefecture",
        "地区": "prefecture",
        "旗": "county",
    }
    if mark in fixed:
        return fixed[mark]
    own, place = home.own_level, home.place
    if mark == "市" and own in ("county", "zone") and not place.official_name.endswith("市"):
        in_municipality = (place.code or place.parent_code)[:2] in MUNICIPALITIES
        return "province" if in_municipality else "prefecture"  # 市政府办公室抽查我县…
    if mark == "市" and own == "province" and not place.official_name.endswith("市"):
        return "prefecture"
    if mark == "市":
        return own if own in ("province", "prefecture", "county") else "" if own else "prefecture"
    if mark == "县" or (mark == "区" and own == "prefecture"):
        return "county"
    return own
