"""What the user named, as single items: files, the files of folders, addresses, the lines of a list.

Only names are dealt with; nothing is read but the list of addresses.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from tongbao.errors import TongbaoError

_WEB = re.compile(r"https?://", re.IGNORECASE)
_SAVED_FROM = re.compile(rb"<!--\s*saved from url=\(\d{4}\)(https?://[!-~]{1,2000}?)\s*-->", re.IGNORECASE)
_LOCATION = re.compile(
    rb"^(?:Snapshot-)?Content-Location:\s*(https?://[!-~]{1,2000})\s*$", re.IGNORECASE | re.MULTILINE
)
_PAGE_SUFFIXES = {".htm", ".html", ".shtml", ".xhtml"}
_COMPANIONS = ("_files", ".files", "_文件")
"""What browsers name the folder of a saved page's pictures and scripts, behind the page's own name."""

_OWN_FILES = {"sources.csv", "readme.md", "readme.txt"}


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to add: `path` or `url`. The other fields go to the register where they are given.

    `saved_from` is the address that a file was saved from by hand.
    """

    path: Path | None = None
    url: str = ""
    saved_from: str = ""
    source_name: str = ""
    licence_note: str = ""

    @property
    def what(self) -> str:
        """The item as it was named."""
        return self.url or str(self.path)

    @property
    def original_name(self) -> str:
        """Name of the file, or the last part of the address, as it came."""
        if self.path is not None:
            return self.path.name.encode("utf-8", "replace").decode("utf-8")
        return PurePosixPath(urlsplit(self.url).path).name

    @property
    def stem(self) -> str:
        """What its name in the collection is made from."""
        if self.path is not None:
            return self.path.stem
        parts = urlsplit(self.url)
        return f"{(parts.hostname or '').replace('.', '-')}-{PurePosixPath(parts.path).stem or 'index'}"


def is_web(name: str) -> bool:
    """Whether `name` is an http(s) address rather than a file."""
    return re.match(r"https?://[^\s/]+\S*$", name, re.IGNORECASE) is not None


def stated_address(data: bytes) -> str:
    """The address that a saved page says it was saved from: the comment of browsers that save HTML, the header of web
    archives. "" where it says nothing, or something that is no http(s) address."""
    head = data[:4096]
    found = _SAVED_FROM.search(head) or (_LOCATION.search(head) if b"multipart/" in head.lower() else None)
    return _url(found[1].decode("ascii", "replace")) if found else ""


def items_of(named: Iterable[str], list_file: Path | None = None) -> Iterator[Item]:
    """Yield the items in the order in which they were named; folders by the names in them, lists last.

    Of a saved page with its folder only the page is taken: the folder holds pictures and scripts. Hidden files and
    links are passed over.

    Raises:
        TongbaoError: a file is not there, or the list has no addresses.
    """
    for name in named:
        if _WEB.match(name):
            yield Item(url=_url(name))
            continue
        path = Path(name)
        if path.is_dir():
            yield from _walk(path)
        elif path.is_file():
            yield Item(path=path)
        else:
            raise TongbaoError("no such file or folder", place=name, remedy="check its name; nothing was added")
    if list_file is not None:
        yield from _listed(list_file)


def _walk(folder: Path) -> Iterator[Item]:
    entries = sorted(folder.iterdir(), key=lambda p: p.name)
    pages = {p.stem for p in entries if p.suffix.lower() in _PAGE_SUFFIXES}
    for path in entries:
        if path.name.startswith(".") or path.is_symlink():
            continue
        if path.is_dir():
            if not any(path.name.removesuffix(end) in pages for end in _COMPANIONS if path.name.endswith(end)):
                yield from _walk(path)
        elif path.is_file() and path.name.lower() not in _OWN_FILES:
            yield Item(path=path)


def _listed(path: Path) -> Iterator[Item]:
    """Addresses of a CSV file with the column `url` (and `source_name`, `licence_note`), or one on each line."""
    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise TongbaoError("cannot be opened", place=str(path), remedy="check its name") from error
    except UnicodeDecodeError as error:
        raise TongbaoError("it is not in UTF-8", place=str(path), remedy="save it as CSV, encoding UTF-8") from error
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if lines and _WEB.match(lines[0]):
        rows: list[dict[str, str | None]] = [{"url": line} for line in lines]
    else:
        reader = csv.DictReader(io.StringIO(text, newline=""))
        if "url" not in (reader.fieldnames or ()):
            raise TongbaoError(
                "the column url is missing",
                place=f"{path}, line 1",
                remedy="head the column of addresses with url, or write one address on each line and nothing else",
            )
        rows = list(reader)
    for row in rows:
        url = (row.get("url") or "").strip()
        if url:
            yield Item(
                url=_url(url),
                source_name=(row.get("source_name") or "").strip(),
                licence_note=(row.get("licence_note") or "").strip(),
            )


def _url(text: str) -> str:
    scheme, rest = text.strip().split("://", 1) if "://" in text else ("", text.strip())
    return f"{scheme.lower()}://{rest}" if scheme else rest
