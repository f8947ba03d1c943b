"""What a left-over number is about: a noun phrase put together from the words of its clause, never invented.

Every phrase consists of pieces of the text in their order, without counts, periods and linking words; demands
begin with 要求.
"""

import re
from dataclasses import dataclass
from functools import cache

from tongbao.extract.facts import Span
from tongbao.extract.lexicon import load
from tongbao.extract.mentions import Number

_LIMIT = 60  # characters of a phrase
_PERIOD = re.compile(
    r"(?:(?:19|20)\d\d年(?:度)?)?(?:第?[一二三四]季度|[上下]半年)|(?:19|20)\d\d年(?:度)?(?:\d{1,2}月(?:份)?)?"
)
_DATE = re.compile(r"(?:截至|截止|自|从|至)?(?:(?:19|20)\d\d年)?\d{1,2}月\d{1,2}日(?:前|起|止)?(?:至|—|-)?")
_REMARK = re.compile(r"（(?![市县区州、]{1,6}）)[^（）]*）")
_NOUN = re.compile(r"(?:[一-鿿A-Za-z]|“[^“”]*”|《[^《》]*》|（[市县区州、]{1,6}）){1,24}")
_RATE_NOUN = re.compile(r"(?:率|比例|比重|占比|得分|平均分|分|数|量|总数)$")
_COUNT_BEFORE = re.compile(r"\d+(?:\.\d+)?\s?(?:个|家|条|件|篇|项|次|人|%|％)?(?:（[^（）]*）)?(?:、|和|及|以及|与)")
_FROM_OLD = re.compile(
    r"(?:由|从)[^，；。]{0,10}?\d+(?:\.\d+)?[%％个家条]?(?:大幅)?(?:下降|降|降低|减少|上升|提高|提升|增长|增加|升)(?:到|至|为)?$"
)
_DONE_TO = re.compile(r"(?:进行|开展)(?:了)?(?P<act>考评|考核|评估|测评|抽查|检查|普查|监测|复查|复核)")


Phrase = tuple[str, int, int]
"""A noun phrase and the span of the text that states the number."""


@dataclass(frozen=True, slots=True)
class Words:
    """A number with the clauses of its sentence up to its own, which is the last."""

    text: str
    masked: str
    clauses: tuple[Span, ...]
    number: Number

    @property
    def before(self) -> str:
        """The words before the number and its comparing words, back to a bracket or a count before it."""
        words = self.text[self.clauses[-1][0] : self.number.outer[0]]
        depth = 0
        for i in range(len(words) - 1, -1, -1):
            depth += {"）": 1, "（": -1}.get(words[i], 0)
            if depth < 0:  # the number stands in a bracket that opens here
                words = words[i + 1 :].rpartition("，")[2]
                break
        return _COUNT_BEFORE.split(words)[-1]

    @property
    def after(self) -> str:
        """The words behind them, up to the bracket's end if the number stands in one."""
        words = self.text[self.number.outer[1] : self.clauses[-1][1]]
        closed = words.find("）")
        return words[:closed] if closed >= 0 and closed < (words.find("（") + 1 or closed + 1) else words

    @property
    def is_streak(self) -> bool:
        """Whether the number counts periods in a row."""
        return self.text[max(0, self.number.start - 2) : self.number.start] == "连续"


@cache
def _words(role: str) -> str:
    found = sorted({r["wording"] for r in load("figure_words") if r["role"] == role}, key=lambda w: (-len(w), w))
    return "(?:" + "|".join(map(re.escape, found)) + ")"


def what_of(words: Words) -> Phrase:
    """Return the phrase for a reported number and the span of text that states it.

    Examples: 共收到“找错”平台转办的网民留言551条 -> “找错”平台转办的网民留言; 按期办结率100% -> 按期办结率;
    对共82个政府网站进行了考评 -> 考评的政府网站; 低于全省平均水平11.8个百分点 -> what is lower, and than what;
    78%的政府网站能够…转载 -> 政府网站能够…转载.
    """
    number = words.number
    s, e = words.clauses[-1]
    if words.is_streak:
        return _streak(words)
    if number.unit in ("个百分点", "百分点"):
        return _gap(words)
    before = _clean(words.before)
    if number.is_percent and not _is_phrase(before):
        if before == "占" and (lead := _clean(_counted_away(_earlier(words)))):
            return _limited(lead + before), s, number.outer[1]  # 微信公众号86个，占71.1%
        rest = re.sub(r"^(?:的|是)", "", words.after)
        topic = _clean(_earlier(words)) if _earlier(words).endswith("中") else ""
        return _limited(topic + rest), number.outer[0], e
    noun = "" if number.is_percent or number.unit == "分" else _noun_after(words)
    if not noun:
        phrase = before
        if not _is_phrase(phrase):
            phrase = _clean(_earlier(words)) + phrase
        if not phrase and (m := _NOUN.match(words.after)):
            return _limited(m.group()), number.outer[0], number.outer[1] + m.end()
        return _limited(phrase), s + _offset(words.text[s : number.outer[0]], phrase), number.outer[1]
    end = number.outer[1] + len(noun)
    if "率" in noun and (m := re.match(r"[^，；。]{0,8}?\d+(?:\.\d+)?[%％](?:以上|以下)?", words.after[len(noun) :])):
        return _limited(noun + m.group()), number.outer[0], end + m.end()
    modifier = _modifier(words.before)
    if not modifier and (m := _DONE_TO.search(words.after)):
        modifier = m["act"] + "的"
    return _limited(modifier + noun), number.start - (len(modifier) if words.before.endswith(modifier) else 0), end


def requirement(words: Words) -> Phrase:
    """Return the phrase for a demanded number: 要求 and the clause without the number and its modal words.

    Example: 对网民意见建议5个工作日内必须反馈处理意见 -> 要求对网民意见建议反馈处理意见.
    """
    s, e = words.clauses[-1]
    tail = re.sub(r"^(?:以|之)?[内前]", "", words.after)
    lead = re.sub(rf"^{_words('modal')}+", "", _without_dates(words.before))
    lead = re.sub(rf"(?:{_words('modal')}|不得|不能|不应|在|于|{_words('link')})+$", "", lead)
    lead = re.sub(r"(?:可以|可|必须|应当|须)(?=[一-鿿]{2}$)", "", lead)
    rest = re.sub(rf"^{_words('modal')}+", "", tail)
    phrase = lead + rest
    if not _is_phrase(phrase):
        phrase = _without_dates(_earlier(words)) + phrase
    return "要求" + _limited(phrase), s, e


def _is_phrase(words: str) -> bool:
    """Whether words are more than a single character or a linking word."""
    return len(re.findall(r"[一-鿿A-Za-z]", words)) >= 2


def _streak(words: Words) -> Phrase:
    s, e = words.clauses[-1]
    number = words.number
    earlier = _strip(_earlier(words)) if re.search(r"[中内里]$|以来$", _earlier(words)) else ""
    subject = re.sub(r"(?:[我全本][省市区县州])?已?连续$", "", words.text[s : number.start])
    rest = _REMARK.sub("", words.after).strip()
    phrase = earlier + _strip(subject) + "连续" + rest
    return _limited(phrase), s, e


def _gap(words: Words) -> Phrase:
    """低于全省平均水平11.8个百分点: the subject of the rate before, and what it is compared with."""
    s, _ = words.clauses[-1]
    before = _strip(words.before).removesuffix("了")
    subject = ""
    if not re.search(rf"{_RATE_NOUN.pattern[:-1]}", before):
        subject = _clean(re.sub(r"\d+(?:\.\d+)?\s?[%％分].*$", "", _earlier(words)))
    return _limited(subject + before), s, words.number.outer[1]


def _earlier(words: Words) -> str:
    return words.text[slice(*words.clauses[-2])] if len(words.clauses) > 1 else ""


def _counted_away(words: str) -> str:
    """Return a clause without the count that it ends with (微信公众号86个 -> 微信公众号), '' where it does not."""
    m = re.fullmatch(r"(?P<what>[^\d]{2,30})\d+(?:个|家|条|件|篇|项|次|人)", words)
    return m["what"] if m else ""


def _noun_after(words: Words) -> str:
    """Return the noun that a number counts (4次全国政府网站抽查 -> 全国政府网站抽查), '' where none follows."""
    m = _NOUN.match(re.sub(r"（[^（）]*）", "", words.after))
    if m is None or m.group() not in words.after:
        m = _NOUN.match(words.after)
    if m is None:
        return ""
    noun = re.split(_words("stop"), m.group(), maxsplit=1)[0]
    return noun if len(noun) >= 2 and not re.match(r"[了以内]", noun) else ""


def _modifier(before: str) -> str:
    """Return the words that a counted noun is qualified by (…开展的4次 -> 国务院办公厅开展的)."""
    m = re.search(r"(?P<words>[^，；：:]{2,40}的)$", before)
    return _strip(re.split(r"以及|、", m["words"])[-1]) if m else ""


def _clean(words: str) -> str:
    """Return words without leading and linking ones, periods, dates and remarks."""
    phrase = _FROM_OLD.sub("", _strip(words.rpartition("：")[2]))
    return re.sub(rf"(?:{_words('link')}|由|从|[：:])+$", "", phrase)


def _without_dates(words: str) -> str:
    phrase = _PERIOD.sub("", _DATE.sub("", _REMARK.sub("", words).strip()))
    return re.sub(r"^[一二三四五六]是", "", phrase)


def _strip(words: str) -> str:
    phrase = _without_dates(words)
    return re.sub(rf"^(?:(?:{_words('lead')})(?!的)|[：:，、])+", "", phrase).strip()


def _offset(words: str, phrase: str) -> int:
    """Return where a phrase begins in its clause, the clause's start if it was put together."""
    at = words.find(phrase) if phrase else -1
    return max(at, 0)


def _limited(phrase: str) -> str:
    return phrase[-_LIMIT:] if len(phrase) > _LIMIT else phrase
