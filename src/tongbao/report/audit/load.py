"""All that is known of one circular, gathered from the raw file, the interim files and the tidy tables.

What belongs here: reading, and joining a row with the fact it was made of. What does not: HTML.
"""

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tongbao.errors import TongbaoError
from tongbao.extract.contacts import load_contacts
from tongbao.project import Project
from tongbao.read.formats.model import Refused
from tongbao.read.formats.registry import text_of
from tongbao.report.audit.spans import Span, merged
from tongbao.restore.pipeline import Restored
from tongbao.restore.repairs import Repair
from tongbao.restore.store import read_restored
from tongbao.tidy.escape import restore_text
from tongbao.tidy.repairs import raw_spans
from tongbao.tidy.schema import Schema, load_schema

_AGAIN = "run `dvc repro`, which makes it anew"

Cells = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class TidyRow:
    """One row of a tidy table that quotes the text.

    Attributes:
        table: the table's name.
        row: its number within circular and table.
        cells: the row as text; empty is missing.
        span: the characters of the restored text that state it; None where the row gives no place.
        rule: the rule that read it; empty where the row is not from extraction.
        uses: further characters that it rests on.
    """

    table: str
    row: int
    cells: Cells
    span: Span | None
    rule: str = ""
    uses: tuple[Span, ...] = ()

    @property
    def key(self) -> str:
        """The id that a deep link leads to."""
        return f"{self.table}-{self.row}"

    @property
    def is_derived(self) -> bool:
        """Whether the main value is not printed as such."""
        return self.cells.get("basis", "stated") not in ("", "stated")


@dataclass(frozen=True, slots=True)
class NumeralSeen:
    """A numeral of the restored text; `explained_by` is a table, `checks`, a class, or empty."""

    start: int
    end: int
    explained_by: str


@dataclass(frozen=True, slots=True)
class ShownRepair:
    """A repair and its row in the table `repairs` (None where that was rejected: then its words are not shown)."""

    row: int | None
    repair: Repair
    is_public: bool

    @property
    def key(self) -> str:
        """The id that a deep link leads to; empty where there is no row."""
        return f"repairs-{self.row}" if self.row is not None else ""


@dataclass(frozen=True)
class Audited:
    """One circular with everything that was made of it.

    Attributes:
        circular: its row of `circulars`.
        raw: the raw text as decoded.
        restored: text, map, repairs, gaps.
        rows: of each table that quotes the text, in the order of the schema; tables without rows too.
        checks: rows of `checks`.
        repairs: in the order of the raw text.
        rejected: rows of `rejected` of this circular.
        numerals: in the order of the text.
        private: contact passages of the restored text.
        raw_private: the same in the raw text.
        schema: the tables' columns and titles.
        reference: the folder of the reference tables.
    """

    circular: Cells
    raw: str
    restored: Restored
    rows: Mapping[str, tuple[TidyRow, ...]]
    checks: tuple[Cells, ...]
    repairs: tuple[ShownRepair, ...]
    rejected: tuple[Cells, ...]
    numerals: tuple[NumeralSeen, ...]
    private: tuple[Span, ...]
    raw_private: tuple[Span, ...]
    schema: Schema
    reference: Path

    @property
    def text(self) -> str:
        """The restored text."""
        return self.restored.text

    def every_row(self) -> list[TidyRow]:
        """All rows that quote the text, table by table."""
        return [row for rows in self.rows.values() for row in rows]


def load(project: Project, circular_id: str) -> Audited:
    """Gather one circular.

    Raises:
        TongbaoError: a file is missing, or the raw file is not the one that was restored.
    """
    circular = _only(_rows(project, "circulars", circular_id), circular_id)
    restored = read_restored(project.interim / "restored" / f"{circular_id}.json")
    extracted = _extracted(project.interim / "extracted" / f"{circular_id}.json")
    raw = _raw(project, restored)
    schema = load_schema(project.reference)
    contacts = load_contacts(project.reference)
    private = contacts.spans(restored.text)
    found = raw_spans({"runs": restored.map.runs}, private, circular_id)
    raw_private = merged([*contacts.spans(raw), *((low, min(high, len(raw))) for low, high in found)])
    facts = _facts(extracted)
    return Audited(
        circular=circular,
        raw=raw,
        restored=restored,
        rows={t.name: _quoted(project, t.name, circular_id, facts) for t in schema.tables if t.has_span},
        checks=tuple(_rows(project, "checks", circular_id)),
        repairs=_repairs(restored, _rows(project, "repairs", circular_id)),
        rejected=tuple(_rows(project, "rejected", circular_id)),
        numerals=_numerals(extracted),
        private=tuple(private),
        raw_private=tuple(raw_private),
        schema=schema,
        reference=project.reference,
    )


def coded_tables(project: Project, name: str) -> list[Cells]:
    """Return all rows of a table of the second source; none where the project has no such table."""
    path = project.tidy / f"{name}.csv"
    return list(_read(path)) if path.is_file() else []


def _read(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as handle:
        for row in csv.DictReader(handle):
            yield {name: restore_text(cell) for name, cell in row.items()}


def _rows(project: Project, name: str, circular_id: str) -> list[dict[str, str]]:
    path = project.tidy / f"{name}.csv"
    if not path.is_file():
        raise TongbaoError(
            f"the table {name} has not been made", place=path.relative_to(project.root).as_posix(), remedy=_AGAIN
        )
    return [row for row in _read(path) if row["circular_id"] == circular_id]


def _only(found: list[dict[str, str]], circular_id: str) -> dict[str, str]:
    if len(found) != 1:
        raise TongbaoError(
            f"{len(found)} rows are of {circular_id}, one is wanted", place="data/tidy/circulars.csv", remedy=_AGAIN
        )
    return found[0]


def _extracted(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise TongbaoError(f"it cannot be read ({error})", place=path.name, remedy=_AGAIN) from None
    if not isinstance(value, dict):
        raise TongbaoError("not what extraction hands on", place=path.name, remedy=_AGAIN)
    return value


def _raw(project: Project, restored: Restored) -> str:
    path = project.raw / restored.raw_file
    place = f"data/raw/{restored.raw_file}"
    try:
        data = path.read_bytes()
    except OSError:
        raise TongbaoError("the raw file is gone", place=place, remedy="put it back or run `dvc repro`") from None
    read = text_of(data, path.name)
    if isinstance(read, Refused):
        raise TongbaoError(f"the raw file cannot be read: {read.reason}", place=place, remedy=_AGAIN)
    if len(read.text) != restored.map.raw_length:
        raise TongbaoError("the raw file is not the one that was restored", place=place, remedy=_AGAIN)
    return read.text


def _facts(extracted: Mapping[str, Any]) -> dict[tuple[str, int, int], list[Mapping[str, Any]]]:
    facts: dict[tuple[str, int, int], list[Mapping[str, Any]]] = {}
    for fact in extracted.get("facts", ()):
        facts.setdefault((fact["table"], fact["start"], fact["end"]), []).append(fact)
    return facts


def _quoted(
    project: Project, table: str, circular_id: str, facts: Mapping[tuple[str, int, int], list[Mapping[str, Any]]]
) -> tuple[TidyRow, ...]:
    rows = []
    for cells in _rows(project, table, circular_id):
        span = (int(cells["start"]), int(cells["end"])) if cells["start"] and cells["end"] else None
        fact = _fact_of(cells, facts.get((table, *span), []) if span else [])
        rows.append(
            TidyRow(
                table,
                int(cells["row"]),
                cells,
                span,
                str(fact.get("rule", "")),
                tuple((int(a), int(b)) for a, b in fact.get("uses", ())),
            )
        )
    return tuple(rows)


def _fact_of(cells: Cells, offered: list[Mapping[str, Any]]) -> Mapping[str, Any]:
    """The fact of the same place that says the most of what the row says."""

    def alike(fact: Mapping[str, Any]) -> int:
        return sum(str(value) == cells.get(name) for name, value in fact["values"].items())

    return max(offered, key=alike, default={})


def _numerals(extracted: Mapping[str, Any]) -> tuple[NumeralSeen, ...]:
    numerals = extracted.get("numerals", {})
    found = [NumeralSeen(n["start"], n["end"], n["explained_by"]) for n in numerals.get("explained", ())]
    found += [NumeralSeen(n["start"], n["end"], "") for n in numerals.get("unexplained", ())]
    return tuple(sorted(found, key=lambda n: (n.start, n.end)))


def _repairs(restored: Restored, rows: list[dict[str, str]]) -> tuple[ShownRepair, ...]:
    """Each repair with its row; the table leaves words empty that must not be shown."""
    by_place: dict[tuple[int, int, str], list[dict[str, str]]] = {}
    for row in rows:
        by_place.setdefault((int(row["raw_start"]), int(row["raw_end"]), row["kind"]), []).append(row)
    shown = []
    for repair in sorted(restored.repairs, key=lambda r: (r.raw_start, r.raw_end)):
        same = by_place.get((repair.raw_start, repair.raw_end, repair.kind), [])
        own = same.pop(0) if same else None
        public = own is not None and (own["raw"], own["restored"]) == (repair.raw, repair.restored)
        shown.append(ShownRepair(int(own["row"]) if own else None, repair, public))
    return tuple(shown)
