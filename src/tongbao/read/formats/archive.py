"""Open the zip container of .docx and .xlsx without being hurt by it.

An Office file is a zip of XML parts. Hostile ones unpack to gigabytes, or make a parser expand entities. Both
are found here, before any library sees the file. What the parts mean is not known here.
"""

import io
import zipfile
import zlib

from tongbao.read.formats.model import UnreadableError

MAX_PARTS = 4_000
"""Most parts of a container."""

MAX_UNPACKED = 150_000_000
"""Bytes that all parts together may unpack to."""

MAX_XML = 60_000_000
"""Bytes that its XML parts together may unpack to. 4 million characters need some 40 MB with their markup."""

_CHUNK = 1 << 16
_ENCRYPTED = 0x1


def open_container(data: bytes) -> dict[str, bytes]:
    """Unpack the XML parts of a container, within the bounds above.

    Sizes are counted while unpacking; what a part claims about its size is not believed. Other parts (images,
    fonts) are counted by their claim, since nobody here unpacks them.

    Returns:
        The XML parts by name, in the container's order.

    Raises:
        UnreadableError: no zip, damaged, encrypted, beyond a bound, or an XML part with a document type
            declaration (which Office files never have: ECMA-376 part 2 forbids it; it is how entities that
            expand without end, or fetch other files, get in).
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as container:
            entries = container.infolist()
            if len(entries) > MAX_PARTS:
                raise UnreadableError(f"its container has {len(entries)} parts, more than {MAX_PARTS}: not opened")
            if sum(entry.file_size for entry in entries) > MAX_UNPACKED:
                raise UnreadableError(_bomb(MAX_UNPACKED))
            parts: dict[str, bytes] = {}
            left = MAX_XML
            for entry in entries:
                if not entry.filename.lower().endswith((".xml", ".rels")):
                    continue
                if entry.flag_bits & _ENCRYPTED:
                    raise UnreadableError("encrypted: save a copy without a password")
                parts[entry.filename] = _unpack(container, entry, left)
                left -= len(parts[entry.filename])
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError, RuntimeError) as error:
        raise UnreadableError("damaged: its zip container cannot be unpacked; get the file again") from error
    return parts


def repack(parts: dict[str, bytes]) -> bytes:
    """A container of exactly these parts, not compressed: safe for a reader that does not count by itself."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as container:
        for name, part in parts.items():
            container.writestr(zipfile.ZipInfo(name), part)
    return target.getvalue()


def _unpack(container: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int) -> bytes:
    pieces = bytearray()
    with container.open(entry) as handle:
        while piece := handle.read(_CHUNK):
            pieces += piece
            if len(pieces) > left:
                raise UnreadableError(_bomb(MAX_XML))
    part = bytes(pieces)
    declarations = part.replace(b"\0", b"") if b"\0" in part[:200] else part
    if b"<!DOCTYPE" in declarations or b"<!ENTITY" in declarations:
        raise UnreadableError("its XML declares a document type, which no Office file does: not opened")
    return part


def _bomb(bound: int) -> str:
    return f"it unpacks to more than {bound // 1_000_000} MB: not a single circular"
