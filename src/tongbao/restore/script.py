"""Traditional characters to simplified ones, for texts that are written in traditional characters.

OpenCC does the work (Apache-2.0). This module decides whether it may, keeps the length, settles 著/着, and
puts right what a mirror's own table got wrong. Whether simplified text is good Chinese is not its business.
"""

import re
from collections.abc import Sequence
from functools import cache

import numpy as np
import numpy.typing as npt
import opencc

from tongbao.restore.changes import Changes, as_text, codes_of
from tongbao.restore.lexicon import Lexicon
from tongbao.restore.parts import Parts

GATE = 0.03
"""Least share of traditional forms among the Chinese characters of a text that is converted. Texts in
traditional script have a share above 0.2, simplified ones near 0 (a quoted name at most)."""
HANT = 0.10

_WORD = 8  # characters on either side of one whose form depends on its word
_HAN, _TRADITIONAL, _RARE = 1, 2, 4
_ZHU, _ZHE = ord("著"), ord("着")


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
    return _classes()[codes_of(text)]


def is_traditional(character: str) -> bool:
    """Whether a character has a simplified form other than itself."""
    return character in traditional_characters()


@cache
def traditional_characters() -> frozenset[str]:
    """The characters that have a simplified form other than themselves."""
    return frozenset(map(chr, _table()))


@cache
def simplified_characters() -> frozenset[str]:
    """The characters that are not written so in traditional text: 经, which is 經 there."""
    characters = "\n".join(map(chr, range(0x4E00, 0xA000)))
    converted = opencc.OpenCC("s2t").convert(characters).split("\n")
    return frozenset(a for a, b in zip(characters.split("\n"), converted, strict=True) if a != b)


def traditional_share(text: str) -> float:
    """The share of traditional forms among the Chinese characters of `text`, 0 where there are none."""
    return traditional_shares(text, Parts.of(text))[0]


def traditional_shares(text: str, parts: Parts) -> list[float]:
    """The same for each of several documents."""
    classes = _classify(text)
    n_han, n_traditional = parts.count(classes & _HAN > 0), parts.count(classes & _TRADITIONAL > 0)
    return (n_traditional / np.maximum(n_han, 1)).tolist()  # type: ignore[no-any-return]


def simplify_parts(text: str, shares: Sequence[float], parts: Parts, lexicon: Lexicon) -> str:
    """Simplify those of several documents that are written in traditional characters."""
    written = [share > GATE for share in shares]
    if not any(written):
        return text
    plain = simplify(text, lexicon)
    if all(written):
        return plain
    codes = codes_of(plain).copy()
    old = codes_of(text)
    for part, is_traditional in enumerate(written):
        if not is_traditional:
            low, high = parts.span(part)
            codes[low:high] = old[low:high]
    return as_text(codes)


def count_han(text: str) -> int:
    """The number of Chinese characters in `text`."""
    return int(np.count_nonzero(_classify(text) & _HAN))


def script_of(share: float) -> str:
    """Name a script by its share of traditional forms: Hans, mixed or Hant."""
    return "Hans" if share <= GATE else "Hant" if share > HANT else "mixed"


def simplify(text: str, lexicon: Lexicon) -> str:
    """Simplify `text`, character for character: the result has the same length.

    Character by character goes most of it; what a character becomes that depends on its word
    (`data/reference/script_phrase_characters.csv`) is asked of OpenCC with the words around it.
    """
    codes = codes_of(text)
    new = _lookup()[codes]
    places = [at for c in lexicon.phrase_characters if c in text for at in _all(text, c)]
    if places:
        around = "\n".join(text[max(0, at - _WORD) : at + _WORD].replace("\n", " ") for at in places)
        converted = _converter().convert(around)
        if len(converted) == len(around):  # else a phrase of another length: keep positions, give up phrases
            pieces = converted.split("\n")
            new[places] = [ord(piece[min(at, _WORD)]) for at, piece in zip(places, pieces, strict=True)]
    for old, plain in lexicon.variants.items():
        if old in text:
            new[codes == ord(old)] = ord(plain)
    zhu = np.flatnonzero(new == _ZHU)
    return _settle_zhu(new, zhu, lexicon) if len(zhu) else as_text(new)


def _all(text: str, part: str) -> list[int]:
    return [m.start() for m in re.finditer(re.escape(part), text)]


@cache
def _lookup() -> npt.NDArray[np.uint32]:
    """What every code point becomes."""
    table = np.arange(0x110000, dtype=np.uint32)
    for old, new in _table().items():
        table[old] = new
    return table


def fix(text: str, lexicon: Lexicon) -> Changes:
    """Return the conversions of `text`, character by character; none where it is not traditional (`GATE`)."""
    return conversions(text, simplify(text, lexicon) if traditional_share(text) > GATE else text)


def conversions(text: str, plain: str) -> Changes:
    """The conversions that make `plain`, of the same length, of `text`."""
    if plain is text:
        return Changes("script", [], [])
    new = codes_of(plain)
    places = np.flatnonzero(codes_of(text) != new)
    return Changes("script", places, places + 1, new=new[places])


def residues(text: str, parts: Parts) -> list[str]:
    """The Chinese characters that GB 2312 lacks in each of several restored documents, sorted: rare ones, or
    left-over forms."""
    places = np.flatnonzero(_classify(text) & _RARE)
    found: list[set[str]] = [set() for _ in range(len(parts))]
    for at, part in zip(places.tolist(), parts.index(places).tolist(), strict=True):
        found[part].add(text[at])
    return ["".join(sorted(each)) for each in found]


def _settle_zhu(codes: npt.NDArray[np.uint32], places: npt.NDArray[np.int64], lexicon: Lexicon) -> str:
    """Write 着 for every 著 that stands in none of the words that keep it (显著, 著名, ...)."""
    words: dict[tuple[int, int], set[str]] = {}
    for word in lexicon.zhu_words:
        at = word.index("著")
        words.setdefault((at, len(word) - at), set()).add(word)
    text = as_text(codes)
    change = [
        at
        for at in places.tolist()
        if not any(text[max(0, at - before) : at + after] in found for (before, after), found in words.items())
    ]
    if not change:
        return text
    codes[change] = _ZHE
    return as_text(codes)
