"""`data/raw/sources.csv`: where each raw file was found, and that it is still the same file.

The register says what is known and leaves the rest empty; it never guesses an address. Reading the texts
themselves is done in `folder`.
"""

import csv
import hashlib
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tongbao.errors import TongbaoError

COLUMNS = ("circular_id", "file", "source_name", "source_url", "retrieved", "licence_note", "sha256")
_SHA = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Source:
    """One line of the register. Empty strings stand for what is not known; `retrieved` is an ISO date."""

    circular_id: str
    file: str
    source_name: str = ""
    source_url: str = ""
    retrieved: str = ""
    licence_note: str = ""
    sha256: str = ""


def read_sources(path: Path) -> dict[str, Source]:
    """Read the register and check its form.

    Returns:
        Sources by circular id; empty where there is no register (a researcher's own folder).

    Raises:
        TongbaoError: a column is missing, an id comes twice, a field is malformed.
    """
    if not path.is_file():
        return {}
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
            sources: dict[str, Source] = {}
            for row in reader:
                source = _source(row, f"{path}, line {reader.line_num}")
                if source.circular_id in sources:
                    raise TongbaoError(
                        f"{source.circular_id} is entered twice",
                        place=f"{path}, line {reader.line_num}",
                        remedy="keep one line for each circular",
                    )
                sources[source.circular_id] = source
    except (UnicodeDecodeError, csv.Error) as error:
        raise TongbaoError(
            f"not a CSV file in UTF-8 ({error})", place=str(path), remedy="save it as CSV, encoding UTF-8"
        ) from error
    return sources


def check_sources(raw_folder: Path) -> dict[str, Source]:
    """Check the register of `raw_folder` against the files beside it.

    A file without a line is allowed: somebody has just dropped it in.

    Returns:
        Sources by circular id.

    Raises:
        TongbaoError: a registered file is missing or its bytes have changed, or the register is malformed.
    """
    register = raw_folder / "sources.csv"
    sources = read_sources(register)
    for source in sources.values():
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
    return sources


def _source(row: dict[str, str | None], place: str) -> Source:
    values = {c: (row.get(c) or "").strip() for c in COLUMNS}
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
    if values["retrieved"]:
        try:
            date.fromisoformat(values["retrieved"])
        except ValueError:
            raise TongbaoError(
                f"retrieved is {values['retrieved']!r}", place=place, remedy="write the day as YYYY-MM-DD"
            ) from None
    return Source(**values)
