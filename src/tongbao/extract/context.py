"""What a reader of a circular keeps in mind: who issued it, when, about which period and place.

Built once from title, number, signature and the first paragraphs; every rule is given it. The values here
become the row in `circulars`.
"""

import re
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from tongbao.extract.chinese_numbers import parse_chinese
from tongbao.extract.document import CHINESE_DATE, DATE, DOC_NUMBER, Document
from tongbao.extract.lexicon import load
from tongbao.extract.periods import PeriodMention, find_periods, period_of_months, write_period
from tongbao.extract.places import Gazetteer, Resolution, prefecture_of, province_of
from tongbao.extract.territory import Territory, territory_of

_TITLED = re.compile(r"《[^《》]*》")
_ISSUER_IN_TITLE = re.compile(r"^(.{2,40}?)(?:关于|(?<=[厅室局委府])(?=(?:19|20)\d\d年))")
_FULL_ISSUER = re.compile(r"人民政府|委员会|国务院")
_GENERAL_OFFICE = re.compile(
    r"政府办公[厅室]|政府$|政府办$|委员会办公室$|党政(?:综合)?办(?:公室)?$|管委会|领导小组|国务院办公厅|公开办"
)
_MONTH_ALONE = re.compile(r"(?<![\d年至到—-])(?P<month>1[0-2]|[1-9])月份(?!至|到|—|-)")
_ROUND = re.compile(r"第[一二三四1-4]次")
_SINCE = re.compile(r"(?:份)?(?:以来|起|开始|至今)")
_YEARLY = re.compile(r"年度(?:[一-鿿]{0,6})(?:考核|考评|评估|测评|评价|检查|普查)")
_LETTERHEAD = re.compile(
    r"(?P<issuer>[一-鿿（）]{4,40}?(?:办公[厅室]|政府|委员会|[局厅委]|中心|领导小组))(?:（?文件）?|（?通报）?)?"
)
_OFFICE_BEHIND = re.compile(r"(?:人民)?政府(?:办公[厅室]|办)|(?:党政|管委会)办公室|(?:大数据|政务服务)[一-鿿]{0,12}?局")
_HELD = re.compile(r"开展|组织|进行|委托|实施|对.{0,60}(?:抽查|检查|评估|考评|考核)|共(?:随机)?(?:抽查|检查|监测)")


@dataclass(frozen=True)
class Context:
    """The frame of one circular. Unknown text values are empty, an unknown date is None."""

    document: Document
    title: str
    doc_number: str
    issuer: str
    issued_on: date | None
    period: str
    exercise: str

    @cached_property
    def place(self) -> Resolution:
        """The territory of the issuing body."""
        if self.issuer or self.doc_number:
            return self.gazetteer.issuer_place(self.issuer, self.doc_number, self.issue_month)
        return _place_told(self.document, self.title, self.issue_month)

    @property
    def issue_month(self) -> str:
        """The date on which names are looked up: of issue, else the year of the period; may be empty."""
        return self.issued_on.isoformat() if self.issued_on else self.period[:4]

    @property
    def issuer_level(self) -> str:
        """national, province, prefecture, county, zone or department; empty where unknown."""
        if not self.issuer:
            return ""
        if self.issuer.startswith("国务院"):
            return "national"
        if not _GENERAL_OFFICE.search(self.issuer):
            return "department"
        return self.place.level

    @property
    def gazetteer(self) -> Gazetteer:
        """All places, shared by every document."""
        return Gazetteer.load()

    @cached_property
    def territory(self) -> dict[str, str]:
        """Province and prefecture that the issuer lies in, by official name and code; unknown ones are left out."""
        code = self.place.code or self.place.parent_code
        found: dict[str, str] = {}
        for level, over in (("province", province_of(code)), ("prefecture", prefecture_of(code))):
            if place := self.gazetteer.named(over, self.issue_month) if over else None:
                found |= {level: place.name, f"{level}_code": place.code}
        return found

    @cached_property
    def home(self) -> Territory:
        """Where the circular stands: place and month, shared with every circular of the same."""
        return territory_of(self.place, self.issue_month)

    def resolve(self, name: str) -> Resolution:
        """Return the place that `name` means here: within the issuer's territory first, on the date of issue."""
        return self.home.resolve(name)

    def own_place(self, words: str) -> Resolution | None:
        """Return the issuer's own place if `words` hold 我省, 全市, 本区 and the like of its own level."""
        return self.home.own_place(words)


def read_context(document: Document) -> Context:
    """Return the frame of a circular, from its own words only."""
    title_line, number_line = document.first("title"), document.first("doc_number")
    title = document.text[title_line.start : title_line.end] if title_line else ""
    number_words = document.text[number_line.start : number_line.end] if number_line else ""
    printed = DOC_NUMBER.search(re.sub(r"^（|^(?:发文字号|文\s*号)[：:]?\s*", "", number_words))
    number = printed.group() if printed else ""
    glued = DOC_NUMBER.match(title)
    if glued and not number:
        number = glued.group()
    if glued:
        title = title[glued.end() :]
    title = title.strip(" ：:")
    if title.startswith("《") and title.endswith("》"):
        title = title[1:-1]
    issued_on = _issue_date(document)
    return Context(
        document=document,
        title=title,
        doc_number=number,
        issuer=_issuer(document, title),
        issued_on=issued_on,
        period=_period(document, title, issued_on),
        exercise=_exercise(document, title),
    )


def _issuer(document: Document, title: str) -> str:
    """The signature where it is a full name, else what stands before 关于 in the title."""
    signature = document.first("signature")
    signed = document.text[signature.start : signature.end].strip() if signature else ""
    signed = re.sub(r"[（(]代章[）)]|\s", "", signed)
    if _FULL_ISSUER.search(signed):
        return signed
    m = _ISSUER_IN_TITLE.match(title)
    if m and not (signed.endswith(m[1]) and len(signed) > len(m[1])):
        return m[1]
    return signed or _letterhead(document)


def _letterhead(document: Document) -> str:
    """Return the issuer printed above title and number (某省信息化领导小组办公室文件), '' where none stands there."""
    for line in document.lines[:4]:
        if line.part != "head" or line.kind != "other":
            continue
        if m := _LETTERHEAD.fullmatch(re.sub(r"\s", "", document.text[line.start : line.end])):
            return m["issuer"]
    return ""


def _place_told(document: Document, title: str, on: str) -> Resolution:
    """Return the place of a circular that names no issuer: that of its title, else of the one office that acts in it.

    Example: no signature, 某市人民政府办公室委托第三方机构对全市…进行了检查 -> 某市; two places leave it unknown.
    """
    places = Gazetteer.load()
    named = places.find_in(title, on)
    if named and named[0][0] == 0 and named[-1][2].is_resolved:
        return named[-1][2]
    found: dict[str, Resolution] = {}
    for line in document.body()[:3]:
        words = _TITLED.sub("", document.text[line.content : line.end])
        for _, end, place in places.find_in(words, on) if "政府" in words or "管委会" in words else ():
            if place.is_resolved and _OFFICE_BEHIND.match(words, end):
                found[place.official_name] = place
    return next(iter(found.values())) if len(found) == 1 else Resolution()


def _issue_date(document: Document) -> date | None:
    line = document.first("date")
    if line is None:
        return None
    words = document.text[line.start : line.end].replace(" ", "")
    if m := DATE.fullmatch(words):
        return _date(int(m[1]), int(m[2]), int(m[3]))
    if m := CHINESE_DATE.fullmatch(words):
        year = parse_chinese(m[1].replace("○", "〇"))
        return _date(year, parse_chinese(m[2]), parse_chinese(m[3]))
    return None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _period(document: Document, title: str, issued_on: date | None) -> str:
    """The period of the inspection: title, then titles of annexes, then the sentences that report the exercise."""
    places = [title]
    places += [document.text[x.start : x.end] for x in document.lines if x.kind in ("annex_list", "annex_title")]
    for line in document.body()[:4]:
        words = _TITLED.sub("", document.text[line.content : line.end])
        places += [s for s in re.split("[。]", words) if _HELD.search(s)]
    rough = begun = ""
    for words in places:
        for mention in find_periods(words):
            period = complete_period(mention, issued_on)
            if mention.kind == "M" and (_SINCE.match(words, mention.end) or _YEARLY.search(words)):
                begun = begun or period[:4]  # 2015年3月以来: when it began, not what it was about
                continue
            if period and not rough and mention.kind == "Y" and _ROUND.match(words, mention.end):
                rough = period  # 2017年第二次抽查: the body may say which quarter of that year
            elif period and (not rough or (mention.kind == "Q" and period[:4] == rough)):
                return period
    if m := _MONTH_ALONE.search(title) if issued_on and not rough else None:
        return complete_period(PeriodMention(*m.span(), "", "M", int(m["month"])), issued_on)
    return rough or next(filter(None, map(period_of_months, places)), "") or begun


def complete_period(mention: PeriodMention, issued_on: date | None) -> str:
    """Return the canonical period; a quarter or half without a year is the last one begun by the date of issue.

    Without a date of issue it stays unknown (empty): a page's date says nothing.
    """
    if mention.period or issued_on is None:
        return mention.period
    first_month = {"Q": 3 * mention.number - 2, "H": 6 * mention.number - 5, "M": mention.number}.get(mention.kind)
    if first_month is None:
        return ""
    year = issued_on.year if first_month <= issued_on.month else issued_on.year - 1
    return write_period(str(year), mention.kind, mention.number)


def _exercise(document: Document, title: str) -> str:
    """census, spot_check, assessment or evaluation: the first word for it in the title, else in the opening.

    Of words that run into one another the last is the head: 监测评估 is an evaluation, 检查考核 an assessment.
    """
    texts = [title]
    texts += [_TITLED.sub("", document.text[x.content : x.end]) for x in document.body()[:3]]
    words = {row["wording"]: row["exercise"] for row in load("exercises")}
    for text in texts:
        hits = [(text.find(w), -len(w), w) for w in words if w in text]
        if hits:
            at, _, word = min(hits)
            while behind := [w for w in words if text.startswith(w, at + len(word))]:
                at, word = at + len(word), max(behind, key=len)
            return words[word]
    return ""
