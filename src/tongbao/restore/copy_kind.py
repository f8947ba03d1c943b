"""What kind of copy a text is: clean, mirror, machine_translated, spun, news, not_circular.

Judged from the damage that was found and from tell-tale words (`data/reference/copy_words.csv`); the reason
is given with the verdict. A kind is a warning to those who compare, not a verdict on the content.
"""

import re

from tongbao.restore.furniture import DOC_NUMBER, SALUTATION
from tongbao.restore.lexicon import Lexicon
from tongbao.restore.script import count_han

MIN_WORDS = 2
"""Different tell-tale words that make a text spun or translated; one alone may be a slip."""
_LATIN = re.compile(r"[A-Za-z]{2,}")
_CIRCULAR = re.compile(r"通报|通知|考评|考核|评估|测评|抽查|普查|检查|监测|绩效")
_SITES = re.compile(r"网站|政务公开|信息公开|新媒体|门户|政务服务")


def copy_kind(text: str, kinds: dict[str, int], spam: bool, script: str, lexicon: Lexicon) -> tuple[str, str]:
    """Return the kind of a copy and the evidence for it.

    Args:
        text: the restored text.
        kinds: how many places each fix changed.
        spam: whether spam was wrapped around the text.
        script: Hans, mixed or Hant, as the raw file was.
        lexicon: the word lists.
    """
    n_latin = len(_LATIN.findall(text))
    if n_latin > 50 and n_latin > (n_han := count_han(text)):
        return "machine_translated", f"{n_latin} Latin words against {n_han} Chinese characters"
    if not (_CIRCULAR.search(text) and _SITES.search(text)):
        return "not_circular", "names no inspection of websites or openness"
    translated = _found("machine_translated", text, lexicon)
    if len(translated) >= MIN_WORDS:
        return "machine_translated", f"terms translated and back: {'、'.join(translated)}"
    spun = _found("spun", text, lexicon)
    slips = _found("spun_weak", text, lexicon)
    if spun and len(spun) + len(slips) >= MIN_WORDS:
        return "spun", f"reworded: {'、'.join([*spun, *slips])}"
    news = _found("news", text, lexicon)
    named = _found("news_weak", text, lexicon)
    if news or (named and not _is_letter(text)):
        return "news", f"reporting words: {'、'.join([*news, *named])}"
    signs = []
    if n := kinds.get("pinyin", 0):
        signs.append(f"{n} annotations")
    if n := kinds.get("shifted_bytes", 0):
        signs.append(f"{n} shifted runs")
    if spam:
        signs.append("spam around it")
    if script != "Hans":
        signs.append("traditional characters")
    return ("mirror", ", ".join(signs)) if signs else ("clean", "no damage beyond page furniture and widths")


def _found(kind: str, text: str, lexicon: Lexicon) -> list[str]:
    return [word for word in lexicon.copy_words.get(kind, ()) if word in text]


def _is_letter(text: str) -> bool:
    """Whether the text has a letter's number or salutation on a line of its own."""
    return any(DOC_NUMBER.match(line) or SALUTATION.match(line) for line in text.split("\n"))
