"""Walk a folder of raw files: what can be read becomes a `RawDocument`, everything else a `Rejected`.

No file is changed, followed (links out of the folder are refused) or executed, and no content makes the
walk raise. What a text means is not this module's business.
"""

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from tongbao.errors import TongbaoError
from tongbao.read.decode import decode

MAX_BYTES = 20_000_000
"""Largest file that is read. The longest circular known is under 1 MB."""

CODED = "coded"
"""Folder beside the circulars for figures that were coded by hand; `tongbao.tidy.coded` reads it."""

_ID = re.compile(r"[a-z0-9][a-z0-9_-]*")
_NOT_TEXT = {
    ".pdf": "PDF is not read yet: save its text as .txt",
    ".doc": "Word files are not read yet: save the text as .txt",
    ".docx": "Word files are not read yet: save the text as .txt",
    ".wps": "WPS files are not read yet: save the text as .txt",
    ".xls": "spreadsheets are not read yet: save the text as .txt",
    ".xlsx": "spreadsheets are not read yet: save the text as .txt",
    ".htm": "web pages are not read yet: save the text as .txt",
    ".html": "web pages are not read yet: save the text as .txt",
    ".zip": "archives are not opened: unpack it first",
    ".rar": "archives are not opened: unpack it first",
}
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_LATIN_WORD = re.compile(r"[A-Za-z]{2,}")


@dataclass(frozen=True, slots=True)
class RawDocument:
    """One raw file. `text` is its characters exactly as decoded; raw offsets count them."""

    circular_id: str
    file_name: str
    sha256: str
    text: str
    encoding: str
    n_bytes: int


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
    if not folder.is_dir():
        raise TongbaoError("not a folder", place=str(folder), remedy="name the folder that holds the raw circulars")
    documents: list[RawDocument] = []
    rejected: list[Rejected] = []
    taken: dict[str, str] = {}
    for path in sorted(folder.iterdir(), key=lambda p: p.name):
        if path.name.startswith(".") or path.name.lower() in {"sources.csv", "readme.md", "readme.txt"}:
            continue
        if path.name == CODED and not path.is_symlink() and (path / "README.md").is_file():
            continue
        result = _read_file(path)
        if isinstance(result, RawDocument) and result.circular_id in taken:
            other = taken[result.circular_id]
            result = Rejected(path.name, f"its name gives the same id as {other}: rename one of the two")
        if isinstance(result, RawDocument):
            taken[result.circular_id] = path.name
            documents.append(result)
        else:
            rejected.append(result)
    documents.sort(key=lambda d: d.circular_id)
    return documents, rejected


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


def _read_file(path: Path) -> RawDocument | Rejected:
    name = path.name.encode("utf-8", "replace").decode("utf-8")  # a name that is no Unicode still prints
    try:
        if path.is_symlink():
            return Rejected(name, "a link, not a file: put the file itself into the folder")
        if path.is_dir():
            return Rejected(name, "a folder: only files directly in the raw folder are read")
        if not path.is_file():
            return Rejected(name, "not a regular file")
        size = path.stat().st_size
        if size > MAX_BYTES:
            return Rejected(name, f"larger than {MAX_BYTES // 1_000_000} MB: not a single circular")
        data = path.read_bytes()
    except OSError as error:
        return Rejected(name, f"cannot be opened: {error.strerror or 'unknown reason'}")
    reason, text, encoding = _judge(data, path.suffix.lower())
    if reason:
        return Rejected(name, reason)
    return RawDocument(
        circular_id=circular_id(path.stem),
        file_name=name,
        sha256=hashlib.sha256(data).hexdigest(),
        text=text,
        encoding=encoding,
        n_bytes=len(data),
    )


def _judge(data: bytes, suffix: str) -> tuple[str, str, str]:
    """Return (reason to reject or "", text, encoding)."""
    if not data.strip():
        return "empty file", "", ""
    if data.startswith(b"%PDF"):
        return _NOT_TEXT[".pdf"], "", ""
    if suffix in _NOT_TEXT:
        return _NOT_TEXT[suffix], "", ""
    decoded = decode(data)
    if decoded is None:
        return "cannot be decoded: neither UTF-8, UTF-16, GB18030 nor Big5 reads all of it", "", ""
    text = decoded.text
    if not text.strip():
        return "empty file", "", ""
    if _CONTROL.search(text):
        return "binary: it holds control characters, so it is no plain text", "", ""
    if not _HAN.search(text) and len(_LATIN_WORD.findall(text)) < 20:
        return "no Chinese text in it", "", ""
    return "", text, decoded.encoding
