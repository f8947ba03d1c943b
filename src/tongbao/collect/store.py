"""The one place that writes to data/raw: a file and its line of `sources.csv`, both or neither.

Killed at any moment, it leaves the collection as it was before or as it was to be: the file is written beside the
others under a hidden name, announced (`.adding`), put in place, and counts from the moment the register, replaced as
a whole, names it. Readers pass over an announced file that the register does not name; the next addition clears it
away. A file that is there is never written over.
"""

import csv
import io
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from tongbao.errors import TongbaoError
from tongbao.read.folder import circular_id
from tongbao.read.sources import COLUMNS, MORE_COLUMNS, PENDING, WITNESS, Source, read_register, unfinished
from tongbao.tidy.escape import protect

MAX_NAME = 60
MAX_FACT = 300
"""Characters kept of anything that a server or a file's name says."""

_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9]|sources|readme)")
_BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True, slots=True)
class Store:
    """The raw files of a collection with their register."""

    raw: Path

    @property
    def register(self) -> Path:
        """Where `sources.csv` is."""
        return self.raw / "sources.csv"

    def sources(self) -> list[Source]:
        """The lines of the register."""
        return read_register(self.register)

    def clear_away(self) -> str:
        """Remove what an interrupted addition left; return the name of its file, "" where there was none."""
        name = ""
        for left in sorted(unfinished(self.raw)):
            if Path(left).name == left and (self.raw / left).is_file():
                (self.raw / left).unlink()
                name = left
        for part in sorted(self.raw.glob(f"{PENDING}*")):
            part.unlink()
        return name

    def free_name(self, stem: str, suffix: str) -> str:
        """A file name for `stem` that is safe everywhere, gives an id of its own, and is not taken.

        The same stem gives the same name in the same collection.
        """
        base = circular_id(stem)
        base = base if len(base) <= MAX_NAME else circular_id(base[:MAX_NAME].rstrip("-_") + "." + base)
        if _RESERVED.fullmatch(base):
            base = f"file-{base}"
        taken = {circular_id(path.stem) for path in self.raw.iterdir() if not path.name.startswith(".")}
        for source in self.sources():
            taken |= {source.circular_id, circular_id(Path(source.file).stem)}
        n, name = 1, base
        while name in taken:
            n += 1
            name = f"{base}-{n}"
        return name + suffix

    def add(self, source: Source, data: bytes | None) -> None:
        """Put a file and its line in place.

        Args:
            source: the line. Where its circular has lines already and it is no witness, those become witnesses.
            data: the file's bytes; None for a file that lies in the folder already.

        Raises:
            TongbaoError: the file's name is taken, or the folder cannot be written to.
        """
        target = self.raw / source.file
        try:
            if data is not None:
                if target.exists() or target.is_symlink():
                    raise TongbaoError("a file of this name is there", place=str(target), remedy="rename one of them")
                part = self.raw / f"{PENDING}.part"
                _write(part, data)
                self._replace(PENDING, source.file.encode())
                part.rename(target)
                _sync(self.raw)
            self._replace("sources.csv", self._with(source))
            (self.raw / PENDING).unlink(missing_ok=True)
        except OSError as error:
            raise TongbaoError(
                f"cannot be written ({error.strerror})", place=str(target), remedy="check the folder and its disk"
            ) from error

    def _with(self, source: Source) -> bytes:
        """The register with one line more; other lines and columns of one's own stay as they are."""
        text = self.register.read_text("utf-8") if self.register.is_file() else ""
        reader = csv.DictReader(io.StringIO(text.removeprefix(_BYTE_ORDER_MARK), newline=""))
        names = list(reader.fieldnames or ())
        names += [name for name in (*COLUMNS, *MORE_COLUMNS) if name not in names]
        rows: list[Mapping[str, str | None]] = []
        for row in reader:
            if row["circular_id"] == source.circular_id and not source.is_witness:
                row["role"] = WITNESS
            rows.append(row)
        rows.append({name: getattr(source, name) for name in (*COLUMNS, *MORE_COLUMNS)})
        rows.sort(key=lambda r: (r["circular_id"] or "", bool(r.get("role")), r["file"] or ""))
        out = io.StringIO()
        writer = csv.DictWriter(out, names, lineterminator="\n", restval="", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
        mark = _BYTE_ORDER_MARK if text.startswith(_BYTE_ORDER_MARK) else ""
        return (mark + out.getvalue()).encode()

    def _replace(self, name: str, data: bytes) -> None:
        """Write a file as a whole: at any moment it is the old one or the new one."""
        part = self.raw / f"{PENDING}.{name.lstrip('.')}.new"
        _write(part, data)
        part.replace(self.raw / name)
        _sync(self.raw)


def safe(source: Source) -> Source:
    """The line with every text that somebody else wrote made harmless in a spreadsheet, and short."""
    kept = {
        name: protect(getattr(source, name)[:MAX_FACT])
        for name in ("source_name", "original_name", "content_type", "last_modified", "etag", "licence_note")
    }
    return replace(source, **kept)


@contextmanager
def only_one(lock: Path) -> Iterator[None]:
    """Keep two additions from running at a time. A killed one keeps nobody out.

    Raises:
        TongbaoError: another one is running.
    """
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as handle:
        try:
            import fcntl
        except ImportError:  # Windows: there two additions at a time are up to the user
            yield
            return
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise TongbaoError(
                "another `tongbao add` is running", place=str(lock.parent), remedy="wait until it has finished"
            ) from None
        yield


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as handle:
        handle.write(data)
        handle.flush()
        os.fsync(handle.fileno())


def _sync(folder: Path) -> None:
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
