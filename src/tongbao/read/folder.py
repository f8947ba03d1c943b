"""Walk a folder of raw files: what can be read becomes a `RawDocument`, everything else a `Rejected`.

No file is changed, followed (links out of the folder are refused) or executed, and no content makes the
walk raise. Which forms are read, and how, is the business of `formats`; what a text means is nobody's here.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tongbao.errors import TongbaoError
from tongbao.read.formats.model import Attachment, Refused
from tongbao.read.formats.registry import text_of
from tongbao.read.sources import unfinished

MAX_BYTES = 20_000_000
"""Largest file that is read. The longest circular known is under 1 MB."""

CODED = "coded"
"""Folder beside the circulars for figures that were coded by hand; `tongbao.tidy.coded` reads it."""

_TOO_LARGE = f"larger than {MAX_BYTES // 1_000_000} MB: not a single circular"
_ID = re.compile(r"[a-z0-9][a-z0-9_-]*")


@dataclass(frozen=True, slots=True)
class RawDocument:
    """One raw file. Raw offsets count the characters of `text`.

    Args:
        circular_id: from the file's name.
        file_name: its name.
        sha256: of its bytes.
        text: of a plain text file the characters exactly as decoded. Of any other form (web page, PDF, Word, sheet)
            the text that its reader yields: then raw offsets lead to a place in that text, not in the file.
        encoding: of plain text its encoding (`gb18030`), else the form (`docx`, `html/gb18030`).
        n_bytes: size of the file.
        notes: what the reader left out or could not tell.
        attachments: files that the page links to as annexes. Their addresses are never fetched.
    """

    circular_id: str
    file_name: str
    sha256: str
    text: str
    encoding: str
    n_bytes: int
    notes: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Rejected:
    """A file that was not taken, with a reason for the person who put it there."""

    file_name: str
    reason: str


def read_folder(folder: Path) -> tuple[list[RawDocument], list[Rejected]]:
    """Read every file of `folder` (not its subfolders), in the order of names.

    Hidden files, `sources.csv` and README files are no circulars and are passed over silently, and so is the folder
    `coded` where a README.md in it says what it holds: figures coded by hand, which are no circulars either.

    Returns:
        The documents, sorted by id, and what was rejected, sorted by file name.

    Raises:
        TongbaoError: `folder` is not a folder.
    """
    found = list(walk_folder(folder))
    documents = sorted((each for each in found if isinstance(each, RawDocument)), key=lambda d: d.circular_id)
    return documents, [each for each in found if isinstance(each, Rejected)]


def walk_folder(folder: Path) -> Iterator[RawDocument | Rejected]:
    """The same one by one, in the order of file names: only one file is held at a time."""
    if not folder.is_dir():
        raise TongbaoError("not a folder", place=str(folder), remedy="name the folder that holds the raw circulars")
    taken: dict[str, str] = {}
    passed_over = unfinished(folder) | {"sources.csv", "readme.md", "readme.txt"}
    for path in sorted(folder.iterdir(), key=lambda p: p.name):
        if path.name.startswith(".") or path.name.lower() in passed_over:
            continue
        if path.name == CODED and not path.is_symlink() and (path / "README.md").is_file():
            continue
        result = read_one(path)
        if isinstance(result, RawDocument) and result.circular_id in taken:
            other = taken[result.circular_id]
            result = Rejected(path.name, f"its name gives the same id as {other}: rename one of the two")
        if isinstance(result, RawDocument):
            taken[result.circular_id] = path.name
        yield result


def circular_id(stem: str) -> str:
    """The id of a file: its name without suffix, in lower case, letters, digits, `-` and `_` only.

    A name with other characters keeps what is usable of it and gains eight hexadecimal digits of its
    SHA-256, so that two Chinese file names never collapse into one id.
    """
    lowered = unicodedata.normalize("NFKC", stem).lower()
    if _ID.fullmatch(lowered) and len(lowered) <= 80:
        return lowered
    kept = re.sub(r"[^a-z0-9_]+", "-", lowered).strip("-_")[:60]
    digest = hashlib.sha256(unicodedata.normalize("NFC", stem).encode("utf-8", "surrogateescape")).hexdigest()[:8]
    return f"{kept}-{digest}" if kept else f"circular-{digest}"


def read_one(path: Path) -> RawDocument | Rejected:
    """Read one file, of any form, wherever it lies. No content makes this raise."""
    name = _printable(path.name)
    try:
        if path.is_symlink():
            return Rejected(name, "a link, not a file: put the file itself into the folder")
        if path.is_dir():
            return Rejected(name, "a folder: only files directly in the raw folder are read")
        if not path.is_file():
            return Rejected(name, "not a regular file")
        size = path.stat().st_size
        if size > MAX_BYTES:
            return Rejected(name, _TOO_LARGE)
        data = path.read_bytes()
    except OSError as error:
        return Rejected(name, f"cannot be opened: {error.strerror or 'unknown reason'}")
    return document_of(data, path.name)


def document_of(data: bytes, name: str) -> RawDocument | Rejected:
    """Read the bytes of a file that was called `name`; what is said of `read_one` holds here too."""
    printable = _printable(name)
    if len(data) > MAX_BYTES:
        return Rejected(printable, _TOO_LARGE)
    read = text_of(data, name)
    if isinstance(read, Refused):
        return Rejected(printable, read.reason)
    return RawDocument(
        circular_id=circular_id(Path(name).stem),
        file_name=printable,
        sha256=hashlib.sha256(data).hexdigest(),
        text=read.text,
        encoding=read.encoding,
        n_bytes=len(data),
        notes=read.notes,
        attachments=read.attachments,
    )


def _printable(name: str) -> str:
    return name.encode("utf-8", "replace").decode("utf-8")  # a name that is no Unicode still prints
