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
# Official Chinese has 0.2 to 0.3 of them, a wrong reading under 0.01.
_CHINESE = 0.05
MAX_DAMAGED = 0.01
"""Largest share of a page's characters beyond ASCII that may be damaged."""

MIN_MIXED = 20
"""Chinese characters that a file must hold in each of two encodings before it is believed to mix them."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text and the name of the encoding it was stored in."""

    text: str
    encoding: str


def decode(data: bytes) -> Decoded | None:
    """Decode `data` strictly: byte order mark, UTF-8, declared charset, UTF-16 without mark, GB18030, Big5.

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
    if b"\0" in data:
        return _unmarked_utf16(data)  # no other encoding here has zero bytes in a text
    readings = [(name, reading) for name in ("gb18030", "big5hkscs") if (reading := _strict(data, name)) is not None]
    if not readings:
        return None
    name, reading = max(readings, key=lambda item: _plausibility(item[1]))  # the first wins a tie
    return Decoded(reading, name)


@dataclass(frozen=True, slots=True)
class Mixed:
    """A text of which some lines are stored in UTF-8 and others in GB18030; `gb_lines` are spans of lines from 1."""

    text: str
    gb_lines: tuple[tuple[int, int], ...]


def decode_mixed(data: bytes) -> Mixed | None:
    """Decode a text file that was put together from two: each line is UTF-8 or GB18030, and no line may be both.

    Bytes of one encoding now and then pass for the other, so the lines of each must together be clearly Chinese, and
    those in UTF-8 must be so more clearly than their bytes read as GB18030.

    Returns:
        The text and the lines in GB18030; None where the file is in one encoding, or a line could be either or neither.
    """
    if _strict(data, "utf-8") is not None or b"\0" in data or any(data.startswith(mark) for mark, _ in _BOMS):
        return None
    lines: list[str] = []
    gb_lines: list[int] = []
    utf8: list[str] = []
    as_gb: list[str] = []
    for number, line in enumerate(data.split(b"\n"), 1):
        text = _strict(line, "utf-8")
        if text is None:
            text = _strict(line, "gb18030")
            if text is None:
                return None
            gb_lines.append(number)
        elif not text.isascii():
            other = _strict(line, "gb18030")
            if other is not None and not any("\u4e00" <= c <= "\u9fff" for c in text):
                return None  # a short line that both encodings read
            utf8.append(text)
            as_gb.append(other or "")
        lines.append(text)
    whole = "".join(utf8)
    gb = "".join(lines[number - 1] for number in gb_lines)
    if min(_n_han(whole), _n_han(gb)) < MIN_MIXED:
        return None
    if not (_plausibility(whole) >= _CHINESE > _plausibility("".join(as_gb)) and _plausibility(gb) >= _CHINESE):
        return None
    spans: list[tuple[int, int]] = []
    for number in gb_lines:
        if spans and spans[-1][1] == number - 1:
            spans[-1] = spans[-1][0], number
        else:
            spans.append((number, number))
    return Mixed("\n".join(lines), tuple(spans))


def decode_damaged(data: bytes, declared: str = "") -> Decoded | None:
    """Decode a page of which a few bytes are damaged, as browsers do: each damaged place becomes U+FFFD.

    For web pages only, where a description cut in mid-character is common. A text file is decoded strictly.

    Args:
        data: bytes that `decode` gives up on.
        declared: an encoding named outside the page.

    Returns:
        The reading with the fewest damaged places; None where these are more than `MAX_DAMAGED` of its characters
        beyond ASCII: then no one encoding is the page's.
    """
    readings: list[Decoded] = []
    named = _WIDER.get(declared.lower(), declared.lower())
    for name in dict.fromkeys([named, _declared(data) or "", "utf-8", "gb18030", "big5hkscs"]):
        if name in _SAFE:
            readings.append(Decoded(data.decode(name, "replace"), name))
    best = min(readings, key=lambda reading: reading.text.count("\ufffd"))
    beyond = sum(c > "\x7f" for c in best.text)
    return best if best.text.count("\ufffd") <= MAX_DAMAGED * beyond else None


def first_damage(data: bytes) -> tuple[int, int]:
    """Where UTF-8 ends in `data` that is not all of it: the byte's place from 0, and its line from 1."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start, data.count(b"\n", 0, error.start) + 1
    return len(data), data.count(b"\n") + 1


def _unmarked_utf16(data: bytes) -> Decoded | None:
    readings = [Decoded(text, name) for name in ("utf-16-le", "utf-16-be") if (text := _strict(data, name)) is not None]
    best = max(readings, key=lambda reading: _plausibility(reading.text), default=None)
    return best if best is not None and _plausibility(best.text) >= _CHINESE else None


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


def _n_han(text: str) -> int:
    return sum("\u4e00" <= c <= "\u9fff" for c in text)


def _plausibility(text: str) -> float:
    sample = text[:20_000]
    han = [c for c in sample if "\u4e00" <= c <= "\u9fff"]
    return sum(c in _FREQUENT for c in han) / len(han) if han else 0.0
