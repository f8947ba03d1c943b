"""The one door to all forms: bytes and a name in, text or a reason out. Each form's reader has a module of its own."""

import re
from pathlib import PurePath

from tongbao.read.decode import Decoded, decode, decode_mixed, first_damage
from tongbao.read.formats import signature
from tongbao.read.formats.model import MAX_CHARACTERS, Read, Refused
from tongbao.read.formats.worker import WORKER

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_N_SHOWN = 10
_LATIN_WORD = re.compile(r"[A-Za-z]{2,}")


def text_of(data: bytes, name: str) -> Read | Refused:
    """Read a file of any form. No content makes this raise, hang or fill the memory.

    The form is told by the content first, by the name's suffix second. Plain text comes back exactly as stored;
    every other form is read in a worker process to lines of text, and offsets refer to that text.

    Args:
        data: the file's bytes.
        name: its name; only the suffix counts.

    Returns:
        The text with its encoding or form, or the reason why there is none.
    """
    if not data.strip(b" \t\r\n\f\v\0"):
        return Refused("empty file")
    form, reason = signature.form_of(data, PurePath(name).suffix.lower())
    if reason:
        return Refused(reason)
    read = _plain(data) if form == signature.TEXT else WORKER.read(form, data)
    if isinstance(read, Refused):
        return read
    if not read.text.strip():
        return Refused("empty file" if form == signature.TEXT else "it holds no text")
    if not _HAN.search(read.text) and len(_LATIN_WORD.findall(read.text)) < 20:
        return Refused("no Chinese text in it")
    return read


def _plain(data: bytes) -> Read | Refused:
    notes: tuple[str, ...] = ()
    mixed = decode_mixed(data)
    decoded = Decoded(mixed.text, "utf-8+gb18030") if mixed else decode(data)
    if mixed:
        shown = ", ".join(f"{a}-{b}" if a < b else str(a) for a, b in mixed.gb_lines[:_N_SHOWN])
        more = f" and {len(mixed.gb_lines) - _N_SHOWN} more stretches" if len(mixed.gb_lines) > _N_SHOWN else ""
        notes = (f"two encodings in one file: lines {shown}{more} are GB18030, the others UTF-8",)
    if decoded is None:
        byte, line = first_damage(data)
        return Refused(
            "cannot be decoded: neither UTF-8, UTF-16, GB18030 nor Big5 reads all of it "
            f"(UTF-8 ends at byte {byte + 1}, line {line}): save it in one encoding"
        )
    if _CONTROL.search(decoded.text):
        return Refused("binary: it holds control characters, so it is no plain text")
    if len(decoded.text) > MAX_CHARACTERS:
        return Refused(f"more than {MAX_CHARACTERS // 1_000_000} million characters: not a single circular")
    return Read(decoded.text, decoded.encoding, notes)
