"""`data/raw/sources.csv`: where each raw file was found, and that it is still the same file.

The register says what is known and leaves the rest empty; it never guesses an address. A circular may have several
files: the one that is read, and further copies of it, its witnesses. Reading the texts themselves is done in
`folder`; lines are written by `tongbao.collect`, and by hand.
"""

import csv
import hashlib
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tongbao.errors import TongbaoError

COLUMNS = ("circular_id", "file", "source_name", "source_url", "retrieved", "licence_note", "sha256")
"""Columns that every register has."""

MORE_COLUMNS = (
    "role",
    "original_name",
    "added_at",
    "final_url",
    "http_status",
    "content_type",
    "redirects",
    "last_modified",
    "etag",
)
"""Columns that a register may have; `tongbao add` fills them in."""

WITNESS = "witness"
"""The `role` of a further copy of a circular; the copy that is read has none."""

PENDING = ".adding"
"""Beside the register while a file is being added: the file's name. Until the register names it, it is not there."""

_SHA = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Source:
    """One line of the register. Empty strings stand for what is not known.

    `retrieved` is an ISO date, `added_at` the moment in UTC; `redirects` are the addresses on the way from
    `source_url` to `final_url`, parted by blanks. `content_type`, `last_modified` and `etag` are as the server said.
    """

    circular_id: str
    file: str
    source_name: str = ""
    source_url: str = ""
    retrieved: str = ""
    licence_note: str = ""
    sha256: str = ""
    role: str = ""
    original_name: str = ""
    added_at: str = ""
    final_url: str = ""
    http_status: str = ""
    content_type: str = ""
    redirects: str = ""
    last_modified: str = ""
    etag: str = ""

    @property
    def is_witness(self) -> bool:
        """Whether another file of the same circular is the one that is read."""
        return self.role == WITNESS


def read_sources(path: Path) -> dict[str, Source]:
    """Read the register and check its form.

    Returns:
        Sources by circular id, without witnesses; empty where there is no register (a researcher's own folder).

    Raises:
        TongbaoError: see `read_register`.
    """
    return {source.circular_id: source for source in read_register(path) if not source.is_witness}


def read_register(path: Path) -> list[Source]:
    """Read every line of the register, witnesses too, in the file's order.

    Raises:
        TongbaoError: a column is missing, an id or a file comes twice, a field is malformed, a witness stands alone.
    """
    if not path.is_file():
        return []
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            reader = csv.DictReader(handle)
            missing = [c for c in COLUMNS if c not in (reader.fieldnames or [])]
            if missing:
                raise TongbaoError(
                    f"the column {missing[0]} is missing",
                    place=f"{path}, line 1",
                    remedy=f"give it these columns: {', '.join(COLUMNS)}",
                )
            sources: list[Source] = []
            read: dict[str, int] = {}
            files: set[str] = set()
            for row in reader:
                place = f"{path}, line {reader.line_num}"
                source = _source(row, place)
                if source.circular_id in read and not source.is_witness:
                    raise TongbaoError(
                        f"{source.circular_id} is entered twice",
                        place=place,
                        remedy=f"keep one line for each circular; further copies of it have the role {WITNESS}",
                    )
                if source.file in files:
                    raise TongbaoError(
                        f"the file {source.file} is entered twice", place=place, remedy="keep one line for each file"
                    )
                if not source.is_witness:
                    read[source.circular_id] = reader.line_num
                files.add(source.file)
                sources.append(source)
    except (UnicodeDecodeError, csv.Error) as error:
        raise TongbaoError(
            f"not a CSV file in UTF-8 ({error})", place=str(path), remedy="save it as CSV, encoding UTF-8"
        ) from error
    for source in sources:
        if source.circular_id not in read:
            raise TongbaoError(
                f"{source.file} is a witness of {source.circular_id}, which has no copy that is read",
                place=str(path),
                remedy=f"empty the role of one line of {source.circular_id}",
            )
    return sources


def unfinished(raw_folder: Path) -> frozenset[str]:
    """Files of an addition that was stopped before the register named them: nobody is to read them yet."""
    try:
        name = (raw_folder / PENDING).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return frozenset()
    named = {source.file for source in read_register(raw_folder / "sources.csv")}
    return frozenset({name} - named - {"", "sources.csv"})


def check_sources(raw_folder: Path) -> dict[str, Source]:
    """Check the register of `raw_folder` against the files beside it.

    A file without a line is allowed: somebody has just dropped it in.

    Returns:
        Sources by circular id, without witnesses (which are checked as well).

    Raises:
        TongbaoError: a registered file is missing or its bytes have changed, or the register is malformed.
    """
    register = raw_folder / "sources.csv"
    sources = read_register(register)
    for source in sources:
        file = raw_folder / source.file
        place = f"{register}, {source.circular_id}"
        if not file.is_file():
            raise TongbaoError(
                f"the file {source.file} is not there", place=place, remedy="put it back, or delete its line"
            )
        if source.sha256 and hashlib.sha256(file.read_bytes()).hexdigest() != source.sha256:
            raise TongbaoError(
                f"{source.file} is no longer the file that was registered (its SHA-256 differs)",
                place=place,
                remedy="raw files are never edited: restore the original bytes, "
                "or register the other file under an id of its own",
            )
    return {source.circular_id: source for source in sources if not source.is_witness}


def _source(row: dict[str, str | None], place: str) -> Source:
    values = {c: (row.get(c) or "").strip() for c in (*COLUMNS, *MORE_COLUMNS)}
    for column in ("circular_id", "file"):
        if not values[column]:
            raise TongbaoError(f"{column} is empty", place=place, remedy="fill it in, or delete the line")
    if Path(values["file"]).name != values["file"]:
        raise TongbaoError(
            f"{values['file']!r} is not a plain file name", place=place, remedy="give the file's name only"
        )
    if values["sha256"] and not _SHA.fullmatch(values["sha256"]):
        raise TongbaoError(
            "sha256 is not 64 hexadecimal digits",
            place=place,
            remedy="write what `sha256sum FILE` prints, or leave it empty",
        )
    if values["source_url"] and not re.match(r"https?://[^\s/]+", values["source_url"]):
        raise TongbaoError(
            "source_url is no http(s) address", place=place, remedy="give the page's address, or leave it empty"
        )
    if values["role"] not in ("", WITNESS):
        raise TongbaoError(
            f"role is {values['role']!r}",
            place=place,
            remedy=f"leave it empty for the copy that is read, write {WITNESS} for a further copy",
        )
    if values["retrieved"]:
        try:
            date.fromisoformat(values["retrieved"])
        except ValueError:
            raise TongbaoError(
                f"retrieved is {values['retrieved']!r}", place=place, remedy="write the day as YYYY-MM-DD"
            ) from None
    return Source(**values)
