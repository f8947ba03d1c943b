"""The brackets of document numbers: 国办发[2017]47号 and 国办发201747号 are 国办发〔2017〕47号.

Only shape is repaired, and only behind a known prefix or inside brackets of a number; digits never change.
"""

import re

from tongbao.restore.edits import Edit
from tongbao.restore.lexicon import Lexicon

_OPEN, _CLOSE = "〔[［【﹝(（", "〕]］】﹞)）"
_YEAR = r"(?:19[4-9]\d|20[0-4]\d)"
_BRACKETED = re.compile(
    rf"[\u4e00-\u9fff]\s?([{re.escape(_OPEN)}])\s*({_YEAR})\s*([{re.escape(_CLOSE)}])(\s*)(\d{{1,4}})(\s*)$"
)
_HALF = re.compile(rf"[\u4e00-\u9fff]〔({_YEAR})(\d{{1,3}})\s*$")
_OTHER_HALF = re.compile(rf"({_YEAR})([〕\]］】﹞])\s*(\d{{1,4}})\s*$")
_BLANKS = re.compile(rf"[ \u3000]({_YEAR})[ \u3000]+(\d{{1,4}})\s*$")
_BARE = re.compile(rf"({_YEAR})(\d{{1,3}})\s*$")
_WINDOW = 32


def fix(text: str, lexicon: Lexicon) -> list[Edit]:
    """Return the edits that give document numbers their brackets 〔〕 and take blanks out of them."""
    edits: list[Edit] = []
    last = 0
    at = text.find("号")
    while at >= 0:
        low = max(last, at - _WINDOW, text.rfind("\n", 0, at) + 1)
        edits += _before(text[low:at], low, lexicon)
        last = at
        at = text.find("号", at + 1)
    return edits


def _before(piece: str, offset: int, lexicon: Lexicon) -> list[Edit]:
    """The edits of a number that ends right before 号; `piece` begins at `offset` of the text."""
    if match := _BRACKETED.search(piece):
        edits = []
        for group, new, note in (
            (1, "〔", "bracket form"),
            (3, "〕", "bracket form"),
            (4, "", "blank"),
            (6, "", "blank"),
        ):
            if match.group(group) != new:
                start, end = match.span(group)
                edits.append(Edit(start + offset, end + offset, new, "doc_number", note=note))
        return edits
    if match := _HALF.search(piece):
        new = f"〔{match.group(1)}〕{match.group(2)}"
        return [Edit(match.start() + 1 + offset, match.end() + offset, new, "doc_number", note="lost bracket")]
    for pattern in (_OTHER_HALF, _BLANKS):
        match = pattern.search(piece)
        if match and lexicon.doc_prefix.search(piece[: match.start()]):
            new = f"〔{match.group(1)}〕{match.groups()[-1]}"
            return [Edit(match.start() + offset, match.end() + offset, new, "doc_number", note="lost bracket")]
    match = _BARE.search(piece)
    if match and lexicon.doc_prefix.search(piece[: match.start()]):
        new = f"〔{match.group(1)}〕{match.group(2)}"
        return [Edit(match.start() + offset, match.end() + offset, new, "doc_number", note="lost brackets")]
    return []
