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
from tongbao.extract.scopes import is_demand
from tongbao.extract.statements import BLANK, mask, sentence_clauses
from tongbao.extract.territory import Territory, remembered

_NATIONAL = re.compile(
    r"国务院办公厅|国办(?!发|函|秘|公)|国务院信息公开|全国政府网站(?:和政务新媒体)?(?:季度|年度)?(?:抽查|普查|检查|监测)"
)
_BASIS = re.compile(
    r"(?:根据|按照|依据|依照|遵照|对照|参照|对标|采用|运用|按)(?!季度|月|要求$)[^，；。]{2,60}?"
    r"(?:要求|通知|精神|部署|安排|指标(?:体系)?|标准|办法|规定|文件|细则|指引|方案|意见)(?:（[^）]*）)?(?:等?(?:有关|相关|文件)?(?:要求|规定|精神|部署|安排))?"
    rf"|(?:根据|按照|依据|依照|遵照|对照|参照|对标)[^，；。{BLANK}]{{0,16}}{BLANK}{{3,}}"
)
_BASED_ON = re.compile(r"^(?:根据|按照|依据|遵照|为|按|结合|贯彻|落实)")
_ACT = r"(?:组织|开展|委托|进行|实施|对|抽查|检查|采取|采用|会同|利用|通过|牵头|联合|抽取|抽选|监测|普查|检测|排查)"
_ELSE = r"(?:要求|印发|通报|下发|转发|通知|约谈|批评|反馈|将|部署|明确|提出|指出|强调|关于|文件)"
_GAP = rf"(?:(?!{_ELSE})[^，；。])"  # an office that 印发 or 要求 something does not inspect by that
_WE = re.compile(
    rf"(?:我|本)(?P<mark>[省市区县州办厅局委室]|中心|单位|办公室)(?:(?:[^，；。]{{0,12}})?{_ACT}"
    rf"|(?<=[办厅局委室心位]){_GAP}{{0,30}}?{_ACT})|(?P<we>我们){_GAP}{{0,30}}?{_ACT}"
)
_OWN_OFFICE = re.compile(
    r"(?:^|[，：月日旬起内间后来]|于|由)(?:我|本)?(?:(?P<mark>省|自治区|市|州|县|区)(?=厅|局(?!网))|(?=(?:厅|局|委)(?:机关)?(?:办公室|办|信息中心|政务公开)))"
    rf"(?:厅|局|委)(?:机关)?(?:办公室|办|信息中心|政务公开[一-鿿]{{0,6}}?(?:办公室|办|处))?{_GAP}{{0,30}}?{_ACT}"
)
_NAME = (
    r"(?P<name>(?:(?:(?!报|检查|抽查|委托|印发|要求|[对向由受按据经并请将])[一-鿿]){2,9}?)?(?P<mark>自治区|自治州|地区|省|市|区|县|州|盟|旗)"
    r"(?:行政公署|行署|人民政府|政府|府|管委会|管委|委|政务|大数据|数据|行政审批|电子政务|信息|网信|数字)[一-鿿]{0,16}?"
    r"(?:办公厅|办公室|领导小组|办|局|厅|委|中心)|(?P<zone>管委会|管理委员会)(?:办公室|办)?)"
)
_OFFICE = re.compile(_NAME + rf"{_GAP}{{0,30}}?" + _ACT)
_TIME = (
    r"(?:(?:其中|同时|此外|另外)?[，：]?"
    r"(?:[^，；。厅局办委会]{0,14}(?:月份?|日|旬|年|季度|期间|以来|期|半年|前|来|后))?[，：]?)"
)
_SUBJECT = re.compile(
    rf"{_TIME}{_NAME}(?P<rest>(?:于|在|自|从|先后|近期|[\d年月日至到—\-上中下旬、起间期季度第一二三四＿])*)"
)
_OPENS = re.compile(
    rf"{_TIME}(?:{_NAME}|(?:我|本)(?P<own>[办厅局委室]|中心|单位))(?:信息公开办|政务公开办|秘书[处科局])?"
    rf"(?!{_GAP}{{0,6}}{_ELSE}|的|、|网站|门户|主办|公众号|微信|微博|子站|所属|系统|网)"
)
_ABOVE = re.compile(
    rf"{_TIME}{_NAME}(?:于[^，；。]{{2,20}})?(?:共|又|还|也|先后|随机|组织|开展了?|委托[^，；。]{{0,10}}|对我?[^，；。]{{0,16}}(?:进行|开展)了?){{0,3}}(?:抽查|检查|抽检|监测|核查)"
    r"(?!情况|结果|通报|指标|要求|工作要求|中|发现)"
)
_MUNICIPALITIES = ("11", "12", "31", "50")
_RANKS = ("national", "province", "prefecture", "county", "zone")
_HEADED = re.compile(
    r"(?:(?P<national>国务院办公厅|国办|国家(?:级|层面)?)|(?P<mark>自治区|省|市|州|盟|县|区)(?:级|里|层面|(?:人民)?政府办公[厅室]|政府办|府办))"
    r"(?:(?:季度|随机|日常|组织|开展|集中|的)?(?:抽查|检查|监测|核查|抽检))"
)
_BELOW = re.compile(
    rf"{_TIME}各(?P<kind>(?:设区|地级|省辖)?(?P<city>市)(?!县)(?:[、（]?[州盟地](?![县区])）?)?|州市|盟市|县（市、区）|县（市）|县[、]?区|区县|县市区|区（县）)(?:人民)?(?:政府)?"
    r"(?:也|均|都|共|又|同步|分别|按季度|组织|开展了?|对[^，；。]{0,16}(?:进行|开展)了?|累计|随机|集中){0,4}(?:抽查|检查|核查)(?!要求|中)"
)
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
        rf"(?<![一-鿿])(?:此外|同时|其中|期间)?(?:{names})(?!的|、|网站|门户|直属|所属){_GAP}{{0,40}}?(?:{acts})"
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
    return _NATIONAL.search(words) is not None and any(
        not _BASED_ON.match(clause.strip()) and _NATIONAL.search(clause) and is_checking(clause)
        for clause in re.split("[，；。]", _without_basis(words))
    )


def _without_basis(words: str) -> str:
    """Return the words with what an inspection was based on blanked.

    Example: 省政府办公厅依据国务院办公厅印发的检查指标 names one actor only.
    """
    return _BASIS.sub(lambda m: BLANK * len(m.group()), words)


@lru_cache(maxsize=20_000)
def says_self(words: str) -> bool:
    """Say whether the bodies checked themselves (各地各部门定期开展自查抽查): nobody else is the inspector."""
    if "各" in words and (_EACH_CHECKED.search(words) or _EACH_ITSELF.search(words)):
        return True
    return "自" in words and _ITSELF.search(words) is not None


def inspector_in(context: Context, words: str) -> str | None:
    """Return the level of whoever inspects according to one clause, None where it names nobody.

    Examples: 省政府办公厅组织开展了抽查 -> province; 我市组织检查, 厅办公室会同…开展 -> the issuer's level; an office that
    a sentence opens with is its subject (市政府办公室安排专人，对…进行了检查), unless it only 印发 or 要求 something.
    """
    return _inspector(context.home, words)


@remembered(20_000)
def _inspector(home: Territory, words: str) -> str | None:
    if says_national(words):
        return "national"
    words = _without_basis(words)
    if _BASED_ON.match(words):
        return None
    if m := _WE.search(words) if "我" in words or "本" in words else None:
        return home.own_level if m["we"] else _level_of(home, m["mark"])
    actors = list(_OFFICE.finditer(words))
    if actors:
        return _office_level(home, actors[-1])
    if m := _OWN_OFFICE.search(words) if "厅" in words or "局" in words or "委" in words else None:
        return _level_of(home, m["mark"] or "")
    subject = _SUBJECT.fullmatch(words) or _OPENS.match(words)  # its verb stands in a later clause
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
    m = _ABOVE.match(_without_basis(words)) if is_checking(words) else None
    if m is None or home.own_level not in _RANKS:
        return ""
    level = _office_level(home, m)
    return level if level in _RANKS and _RANKS.index(level) < _RANKS.index(home.own_level) else ""


def inspector_below(context: Context, words: str) -> str:
    """Return the level of the bodies below that inspected, where a clause opens with one kind of them, else ''.

    Examples: 各市共抽查辖区内政府网站610个 -> prefecture; 各地各部门自行抽查 -> '' (several levels).
    """
    m = _BELOW.match(words) if "各" in words else None
    if m is None or context.place.level not in ("national", "province", "prefecture"):
        return ""
    level = "prefecture" if m["city"] or m["kind"] in ("州市", "盟市") else "county"
    return level if _RANKS.index(level) > _RANKS.index(context.place.level) else ""


def inspector_of_heading(context: Context, words: str) -> str | None:
    """Return who inspects according to a heading (二、省级抽查情况), None where it names nobody."""
    m = _HEADED.match(words)
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
        in_municipality = (place.code or place.parent_code)[:2] in _MUNICIPALITIES
        return "province" if in_municipality else "prefecture"  # 市政府办公室抽查我县…
    if mark == "市" and own == "province" and not place.official_name.endswith("市"):
        return "prefecture"
    if mark == "市":
        return own if own in ("province", "prefecture", "county") else "" if own else "prefecture"
    if mark == "县" or (mark == "区" and own == "prefecture"):
        return "county"
    return own
