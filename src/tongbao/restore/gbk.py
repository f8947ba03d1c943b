"""The bytes behind shifted characters: what a run of them holds, and which characters bytes can make.

Only bytes and characters are dealt with here; which reading is right is decided in `shifted_bytes`.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from tongbao.restore.pinyin import LETTERS, readings

MAX_RUN = 60
"""Characters that a run is followed for; the longest seen has 12."""
FOLDED = ",;:!?()"
"""Full-width marks that the mirror or the collector wrote in ASCII: two bytes in the text as it was."""
LOST_BYTE = re.compile(r"[?\ufffd]")

_TRAIL = re.compile(r"[A-Za-z@\[\\\]^_`{|}~]")  # an ASCII character that can end a GBK pair
_READING = re.compile(rf"[(（]([{LETTERS}]{{1,6}}) ?[)）]")
_MARKS = "“”‘’…—·"


class Run(NamedTuple):
    """A run up to `end`: its bytes behind the lost first one, whether its last byte is lost as well, and the
    reading that an annotation behind it gives its last character ("" without one)."""

    end: int
    data: bytes
    is_open: bool
    annotated: str = ""


def runs_from(text: str, start: int) -> list[Run]:
    """The runs that may begin with the lost byte at `start`, by where they may end."""
    runs = []
    data = bytearray()
    for at in range(start + 1, min(len(text), start + 1 + MAX_RUN)):
        character = text[at]
        if character == "\n":
            break
        if character in "?\ufffd" and at > start + 1:
            runs.append(Run(at + 1, bytes(data), True))
        if character in FOLDED:
            data += bytes((0xA3, 0x80 | ord(character)))
        elif _TRAIL.match(character):
            data.append(ord(character))
            note = _READING.match(text, at + 1)
            end, annotated = (note.end(), note.group(1)) if note else (at + 1, "")
            runs.append(Run(end, bytes(data), False, annotated))
            break
        else:
            try:
                encoded = character.encode("gb18030")
            except UnicodeEncodeError:
                break
            if len(encoded) != 2:
                break
            data += encoded
    return runs


@lru_cache(maxsize=1024)
def leading(trail: int, reading: str = "") -> str:
    """The characters whose second byte is `trail`; with a `reading`, only those that can be read so."""
    found = characters((lead, trail) for lead in range(0x81, 0xFF))
    return "".join(c for c in found if not reading or reading in readings(c))


@lru_cache(maxsize=1024)
def trailing(lead: int) -> str:
    """The characters whose first byte is `lead`."""
    return "".join(characters((lead, trail) for trail in range(0x40, 0xFF)))


def characters(pairs: Iterable[tuple[int, int]]) -> list[str]:
    """The characters that byte pairs make; pairs that make none are left out."""
    found = []
    for pair in pairs:
        decoded = decode(bytes(pair))
        if decoded is not None and len(decoded) == 1:
            found.append(decoded)
    return found


def decode(data: bytes) -> str | None:
    """Decode GBK bytes to what a text may hold: Chinese characters and punctuation, no unassigned cells."""
    try:
        text = data.decode("gbk")
    except UnicodeDecodeError:
        return None
    sound = all("\u3000" <= c <= "\u9fff" or "\uff00" <= c <= "\uff5e" or c in _MARKS for c in text)
    return text if sound else None
