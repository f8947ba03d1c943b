"""Spam written into a title: strung before or behind it, in brackets within it, or as a word inside it.

Whole lines of spam are furniture. Here the line is the document's own title, and only the spam goes. Sentences
are left alone: a circular may well report what a hijacked site showed.
"""

import re

from tongbao.restore.changes import Changes
from tongbao.restore.furniture import TITLE
from tongbao.restore.lexicon import Lexicon
from tongbao.restore.parts import Parts

KIND = "spam_word"
MAX_LINE = 200
MAX_TITLES = 20
"""So many lines of the documents are looked at; each is compared with the whole text."""
MIN_INSIDE = 3
"""Shorter words of the list (三级) stand in sound titles too: inside a title they stay."""
_STRUNG = re.compile(r"\s*[_|｜—–]+\s*|\s+-\s+|\s*>>?\s*|\s{2,}")
_BRACKETS = re.compile(r"\[[^\[\]\n]{1,40}\]|【[^【】\n]{1,40}】|「[^「」\n]{1,40}」")
_ABOUT = "关于"
_DOCUMENT = re.compile(r"关于.{4,}(?:通报|通知|通告|公告|函|报告|意见|公示|情况|结果|决定)")
_OTHER = re.compile(r"[\u3400-\u9fff]")


def fix(view: str, lexicon: Lexicon, parts: Parts | None = None) -> Changes:
    """Return the deletions of spam from titles.

    Args:
        view: the text in simplified characters, of one document or of several.
        lexicon: the word lists.
        parts: where in `view` the documents lie; by default it is one.
    """
    parts = parts or Parts.of(view)
    found: list[tuple[int, int]] = []
    at, left = view.find(_ABOUT), MAX_TITLES * len(parts)
    while at >= 0 and left:
        low = view.rfind("\n", 0, at) + 1
        high = view.find("\n", at)
        high = len(view) if high < 0 else high
        line = view[low:high] if high - low <= MAX_LINE else ""
        is_title = "。" not in line and "：" not in line and _DOCUMENT.search(line)
        if is_title and lexicon.spam_words.search(line):
            left -= 1
            begin, finish = parts.around(low)
            rest = view[begin:low] + "\n" + view[high:finish]
            found += [(low + a, low + b) for a, b in _in_title(line, rest, lexicon)]
        at = view.find(_ABOUT, high)
    return Changes(
        KIND, [a for a, _ in found], [b for _, b in found], notes=[f"spam, {b - a} characters" for a, b in found]
    )


def _in_title(line: str, rest: str, lexicon: Lexicon) -> list[tuple[int, int]]:
    """The spans of spam in a line that holds a title; none where the title stands elsewhere without it."""
    spans = [m.span() for m in _BRACKETS.finditer(line) if lexicon.spam_words.search(m.group())]
    pieces = _pieces(line)
    titles = [
        (a, b)
        for a, b in pieces
        if TITLE.search(line[a:b].strip()) and not _is_spam(_without(line, a, b, spans), lexicon)
    ]
    if len(titles) == 1:
        low, high = titles[0]
        if _squeezed(_without(line, low, high, spans)) in _squeezed(rest):
            return []  # then the whole line is only spam around a repetition
        # What no spam word is found in, such as the name of a site, is cut with the spam it is strung to.
        outer = [(0, low)] * (low > 0) + [(high, len(line))] * (high < len(line))
        return sorted([*outer, *(s for s in spans if low <= s[0] and s[1] <= high)])
    if len(pieces) == 1:
        for match in lexicon.spam_words.finditer(line):
            a, b = match.span()
            word = line[max(0, a - 2) : a] + line[b : b + 2]
            is_inside = b - a >= MIN_INSIDE and len(word) == 4 and len(_OTHER.findall(word)) == 4
            bare = line[:a] + line[b:]
            if (
                is_inside
                and not _is_spam(bare, lexicon)
                and TITLE.search(bare.strip())
                and _is_known(word, rest, lexicon)
            ):
                return [(a, b)]
    return []


def _is_known(word: str, rest: str, lexicon: Lexicon) -> bool:
    return word in rest or any(word in term for term in lexicon.admin_words)


def _is_spam(piece: str, lexicon: Lexicon) -> bool:
    return bool(lexicon.spam_words.search(piece))


def _pieces(line: str) -> list[tuple[int, int]]:
    """The pieces that a line is strung together of."""
    spans, at = [], 0
    for match in _STRUNG.finditer(line):
        spans.append((at, match.start()))
        at = match.end()
    return [(a, b) for a, b in [*spans, (at, len(line))] if a < b]


def _without(line: str, low: int, high: int, spans: list[tuple[int, int]]) -> str:
    kept, at = [], low
    for a, b in spans:
        if low <= a and b <= high:
            kept.append(line[at:a])
            at = b
    return "".join([*kept, line[at:high]])


def _squeezed(text: str) -> str:
    return re.sub(r"[\s《》]", "", text)
