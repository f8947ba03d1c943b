"""Bytes to text: which encoding a file is in, and its characters exactly as stored.

Nothing is repaired here, not even line endings: what this module returns is the raw text that raw offsets
refer to. A byte order mark is the encoding's signature, not a character of the text, and is not counted.
"""

import codecs
import re
from dataclasses import dataclass

# Order matters: strict UTF-8 hardly ever accepts another encoding; GB18030 accepts much of Big5, so it is
# only believed when what comes out looks like Chinese text.
_BOMS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,20})", re.IGNORECASE)
# GB encodings that pages declare are all subsets of GB18030; "big5" pages use the wider code page.
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "big5": "big5hkscs"}
_SAFE = {"utf-8", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "big5hkscs", "big5", "cp950"}
# The characters of the most frequent words of official Chinese, simplified and traditional: a wrong
# decoding hits them no more often than chance would.
_FREQUENT = frozenset("的一和在有了是不为為政府网網公开開工作信息站通报報关關于於情况況年月日市省区區部门門单單位")


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text and the name of the encoding it was stored in."""

    text: str
    encoding: str


def decode(data: bytes) -> Decoded | None:
    """Decode `data` strictly: byte order mark, UTF-8, declared charset, GB18030, Big5.

    Returns:
        The text and the encoding's name, or None where no encoding reads every byte.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            text = _strict(data, encoding)
            return None if text is None else Decoded(text, encoding)
    text = _strict(data, "utf-8")
    if text is not None:
        return Decoded(text, "utf-8")
    declared = _declared(data)
    if declared:
        text = _strict(data, declared)
        if text is not None:
            return Decoded(text, declared)
    readings = [(name, reading) for name in ("gb18030", "big5hkscs") if (reading := _strict(data, name)) is not None]
    if not readings:
        return None
    name, reading = max(readings, key=lambda item: _plausibility(item[1]))  # the first wins a tie
    return Decoded(reading, name)


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def _declared(data: bytes) -> str | None:
    found = _DECLARED.search(data[:4096])
    if found is None:
        return None
    name = found.group(1).decode("ascii").lower()
    name = _WIDER.get(name, name)
    return name if name in _SAFE else None


def _plausibility(text: str) -> float:
    sample = text[:20_000]
    han = [c for c in sample if "\u4e00" <= c <= "\u9fff"]
    return sum(c in _FREQUENT for c in han) / len(han) if han else 0.0
