"""Traditional characters to simplified ones, for texts that are written in traditional characters.

OpenCC does the work (Apache-2.0). This module decides whether it may, keeps the length, settles 著/着, and
puts right what a mirror's own table got wrong. Whether simplified text is good Chinese is not its business.
"""

from functools import cache

import numpy as np
import numpy.typing as npt
import opencc

from tongbao.restore.edits import Edit
from tongbao.restore.lexicon import Lexicon

GATE = 0.03
"""Least share of traditional forms among the Chinese characters of a text that is converted. Texts in
traditional script have a share above 0.2, simplified ones near 0 (a quoted name at most)."""
HANT = 0.10

_HAN, _TRADITIONAL, _RARE = 1, 2, 4


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


@cache
def _table() -> dict[int, int]:
    """Character by character: every traditional form and its simplified form."""
    characters = "\n".join(map(chr, range(0x4E00, 0xA000)))
    converted = _converter().convert(characters).split("\n")
    pairs = zip(characters.split("\n"), converted, strict=True)
    return {ord(a): ord(b) for a, b in pairs if a != b and len(b) == 1}


@cache
def _classes() -> npt.NDArray[np.uint8]:
    """For every code point: 1 Chinese character, 2 traditional form, 4 Chinese character not in GB 2312."""
    classes = np.zeros(0x110000, dtype=np.uint8)
    for low, high in ((0x3400, 0x4DC0), (0x4E00, 0xA000)):
        classes[low:high] = _HAN | _RARE
    for lead in range(0xB0, 0xF8):
        for trail in range(0xA1, 0xFF):
            try:
                classes[ord(bytes((lead, trail)).decode("gb2312"))] &= ~_RARE & 0xFF
            except UnicodeDecodeError:
                continue
    classes[sorted(_table())] |= _TRADITIONAL
    return classes


def _classify(text: str) -> npt.NDArray[np.uint8]:
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    return _classes()[codes]


def is_traditional(character: str) -> bool:
    """Whether a character has a simplified form other than itself."""
    return ord(character) in _table()


def traditional_share(text: str) -> float:
    """The share of traditional forms among the Chinese characters of `text`, 0 where there are none."""
    classes = _classify(text)
    n_han = np.count_nonzero(classes & _HAN)
    return float(np.count_nonzero(classes & _TRADITIONAL) / n_han) if n_han else 0.0


def count_han(text: str) -> int:
    """The number of Chinese characters in `text`."""
    return int(np.count_nonzero(_classify(text) & _HAN))


def script_of(share: float) -> str:
    """Name a script by its share of traditional forms: Hans, mixed or Hant."""
    return "Hans" if share <= GATE else "Hant" if share > HANT else "mixed"


def simplify(text: str, lexicon: Lexicon) -> str:
    """Simplify `text`, character for character: the result has the same length."""
    converted = _converter().convert(text)
    if len(converted) != len(text):  # a phrase of another length: give up phrases, keep positions
        converted = text.translate(_table())
    if any(old in converted for old in lexicon.variants):
        converted = converted.translate({ord(a): b for a, b in lexicon.variants.items()})
    return _settle_zhu(converted, lexicon)


def fix(text: str, lexicon: Lexicon, share: float | None = None) -> list[Edit]:
    """Return the conversions of `text`, one edit for each stretch of changed characters.

    Args:
        text: the text.
        lexicon: the word lists.
        share: its share of traditional forms, where already known. At or below `GATE` nothing changes.
    """
    if (traditional_share(text) if share is None else share) <= GATE:
        return []
    converted = simplify(text, lexicon)
    edits: list[Edit] = []
    start = -1
    for at, (old, new) in enumerate(zip(text, converted, strict=True)):
        if old != new:
            if start < 0:
                start = at
        elif start >= 0:
            edits.append(Edit(start, at, converted[start:at], "script"))
            start = -1
    if start >= 0:
        edits.append(Edit(start, len(text), converted[start:], "script"))
    return edits


def residue(text: str) -> str:
    """The Chinese characters of a restored text that GB 2312 lacks, sorted: rare ones, or left-over forms."""
    places = np.flatnonzero(_classify(text) & _RARE)
    return "".join(sorted({text[at] for at in places}))


def _settle_zhu(text: str, lexicon: Lexicon) -> str:
    """Write 着 for every 著 that stands in none of the words that keep it (显著, 著名, ...)."""
    if "著" not in text:
        return text
    kept: set[int] = set()
    for word in lexicon.zhu_words:
        at = text.find(word)
        while at >= 0:
            kept.add(at + word.index("著"))
            at = text.find(word, at + 1)
    characters = list(text)
    at = text.find("著")
    while at >= 0:
        if at not in kept:
            characters[at] = "着"
        at = text.find("著", at + 1)
    return "".join(characters)
