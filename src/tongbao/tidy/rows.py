"""From what was extracted from one circular to checked rows: every fact becomes a row or a rejection.

Nothing is read off the text here; what does not fit its table is set aside with the reason. The researcher's
corrections are made before the cells are checked, and a corrected row that cannot stand stops the build. Files are
read and written elsewhere.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from tongbao.errors import TongbaoError
from tongbao.extract.contacts import ContactFinder
from tongbao.read.sources import Source
from tongbao.tidy.candidates import (
    CHECKS,
    CIRCULARS,
    CORRECTIONS,
    PROVENANCE,
    REPAIRS,
    Candidate,
    Interim,
    candidates_of,
    is_private,
)
from tongbao.tidy.cells import BadCell, Cell, read_cell
from tongbao.tidy.corpus import CITATIONS, Corpus
from tongbao.tidy.corrections import Correction
from tongbao.tidy.corrections_apply import Reading, apply_corrections
from tongbao.tidy.corrections_table import audit_rows
from tongbao.tidy.rules import basis_rank, broken, identity
from tongbao.tidy.schema import Schema, TableSpec

__all__ = ["CHECKS", "CIRCULARS", "REPAIRS", "Interim", "Rejection", "Row", "Split", "tidy_circular"]

Row = dict[str, Cell]

_CONTACT = "it overlaps a passage with contact details, so its values are not shown"


@dataclass(frozen=True, slots=True)
class Rejection:
    """Something that did not become a row, or a file that did not become a circular (table `files`).

    `start` and `end` are offsets into the restored text, where there is a place. `values` is None where they
    must not be shown.
    """

    table: str
    circular_id: str
    file: str
    reason: str
    start: int | None = None
    end: int | None = None
    values: Mapping[str, Any] | None = None


@dataclass(slots=True)
class Split:
    """Rows and rejections of one circular, and how many of each table came in."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    rejected: list[Rejection] = field(default_factory=list)
    n_in: dict[str, int] = field(default_factory=dict)

    def assert_conserved(self, place: str) -> None:
        """Raise TongbaoError unless, table by table, rows and rejections add up to what came in."""
        for table, expected in self.n_in.items():
            lost = expected - len(self.rows.get(table, ())) - sum(r.table == table for r in self.rejected)
            if lost:
                raise TongbaoError(
                    f"{lost} of {expected} rows of {table} are neither accepted nor rejected",
                    place=place,
                    remedy="this is a fault of the program: report it with the circular",
                )


def tidy_circular(
    interim: Interim,
    schema: Schema,
    contacts: ContactFinder,
    source: Source | None,
    corpus: Corpus,
    corrections: Sequence[Correction] = (),
) -> Split:
    """Return the rows of one circular in every table, and what was rejected.

    Args:
        interim: what restoration and extraction say.
        schema: the tables.
        contacts: finds passages that no table may quote.
        source: the circular's line in `sources.csv`, if it has one.
        corpus: the collection, which citations may refer to.
        corrections: the entries about this circular.

    Raises:
        TongbaoError: the extraction names a table or column that does not exist, or its form is broken; or a
            correction does not fit what the program reads, or leaves a row that cannot stand.
    """
    file = str(interim.restored.get("raw_file", ""))
    private = contacts.spans(interim.text)
    candidates = candidates_of(interim, schema, private, contacts)
    candidates, applied = apply_corrections(Reading(interim, schema, candidates, private, contacts), tuple(corrections))
    candidates[CITATIONS] = [_with_cited(candidate, corpus, interim) for candidate in candidates[CITATIONS]]
    numbers: dict[int, int] = {}
    candidates[CORRECTIONS] = [Candidate({}) for _ in applied]  # filled once the rows have their numbers
    split = Split(
        rows={t.name: [] for t in schema.tables}, n_in={name: len(found) for name, found in candidates.items()}
    )

    def reject(table: str, reason: str, candidate: Candidate, *, show: bool = True) -> None:
        values = candidate.values if show else None
        split.rejected.append(
            Rejection(table, interim.circular_id, file, reason, candidate.start, candidate.end, values)
        )

    metadata = _metadata(interim, source)
    for table in schema.tables:
        kept: list[tuple[Candidate, Row]] = []
        if table.name == CORRECTIONS:
            candidates[CORRECTIONS] = audit_rows(applied, numbers, interim.text)
        for candidate in candidates[table.name]:
            if split.rows[CIRCULARS] or table.name == CIRCULARS:
                reasons = _span_reasons(table, candidate, interim.text)
            else:
                reasons = ["its circular was rejected"]
            if table.name != CORRECTIONS and is_private(candidate, private, contacts):
                reject(table.name, _CONTACT, candidate, show=False)
                continue
            row = {} if reasons else _row(table, candidate, interim, metadata, reasons)
            reasons = reasons or broken(table.name, row)
            cited = row.get("cited_circular_id")
            if cited is not None and cited not in corpus.ids:
                reasons.append("cited_circular_id names no circular of the corpus")
            if reasons:
                _corrected_must_stand(candidate, "; ".join(reasons))
                reject(table.name, "; ".join(reasons), candidate)
            else:
                kept.append((candidate, row))
        for candidate, row, original in _number(table, kept, split.rows[table.name]):
            _not_moved_onto(candidate, next(c for c, r in kept if r is original))
            reject(table.name, _duplicate(row, original), candidate)
        for candidate, row in kept:
            numbers.update({entry.number: int(str(row["row"])) for entry in candidate.corrections if row.get("row")})
    split.assert_conserved(interim.circular_id)
    return split


def _corrected_must_stand(candidate: Candidate, reasons: str) -> None:
    for entry in reversed(candidate.corrections):
        if entry.action in ("set", "add"):
            raise entry.wrong(
                f"the row cannot stand once it is corrected: {reasons}", "mend the value, or remove the entry"
            )


def _not_moved_onto(duplicate: Candidate, original: Candidate) -> None:
    """Raise TongbaoError if a correction made a row the same as another that it is not about."""
    if original.corrections == duplicate.corrections:
        return
    for row in (original, duplicate):
        if row.moved:
            raise row.corrections[-1].wrong(
                "it makes a row that is there already",
                "correct that row instead, or delete it with an entry of its own",
            )


def _metadata(interim: Interim, source: Source | None) -> dict[str, Any]:
    """The columns of `circulars` that the text does not give. A line in `sources.csv` wins over the page."""
    restored = interim.restored
    page = restored.get("page") or {}
    numerals = interim.extracted.get("numerals") or {}
    return {
        "raw_file": restored.get("raw_file"),
        "raw_sha256": restored.get("raw_sha256"),
        "script": restored.get("script"),
        "copy_kind": restored.get("copy_kind"),
        "published_on": page.get("published_on"),
        "source_name": (source.source_name if source else "") or page.get("source_name"),
        "source_url": source.source_url if source else None,
        "n_repairs": len(restored.get("repairs", ())),
        "n_unrepaired": len(restored.get("gaps", ())),
        "n_numerals": numerals.get("n_numerals"),
        "n_numerals_explained": numerals.get("n_numerals_explained"),
    }


def _with_cited(candidate: Candidate, corpus: Corpus, interim: Interim) -> Candidate:
    """A citation names the circular it means, where the collection holds it and nobody said otherwise."""
    if "cited_circular_id" in candidate.values:
        return candidate
    cited = corpus.cited(candidate.values, interim.circular_id)
    return replace(candidate, values={**candidate.values, "cited_circular_id": cited})


def _span_reasons(table: TableSpec, candidate: Candidate, text: str) -> list[str]:
    if not table.has_span:
        return []
    start, end = candidate.start, candidate.end
    if start is None or end is None or not 0 <= start < end <= len(text):
        return [f"its place {start} to {end} is none in a text of {len(text)} characters"]
    return []


def _row(
    table: TableSpec, candidate: Candidate, interim: Interim, metadata: Mapping[str, Any], reasons: list[str]
) -> Row:
    """The row with its cells checked; what is wrong with it is added to `reasons`."""
    given: dict[str, Any] = dict(candidate.values)
    given["circular_id"] = interim.circular_id
    if table.name == CIRCULARS:
        given |= {name: value for name, value in metadata.items() if value not in (None, "")}
    else:
        given["row"] = 1  # stands in until the rows are numbered
    if table.has_span:
        start, end = candidate.start, candidate.end
        given |= {"basis": candidate.basis, "start": start, "end": end, "quote": interim.text[start:end]}
    row: Row = {}
    for column in table.columns:
        try:
            row[column.name] = read_cell(column, given.get(column.name))
        except BadCell as error:
            reasons.append(str(error))
    return row


def _number(table: TableSpec, kept: list[tuple[Candidate, Row]], rows: list[Row]) -> list[tuple[Candidate, Row, Row]]:
    """Number the rows into `rows`; return those that are another row again, each with that row.

    Of rows that are one, the one whose basis is nearest to a printed statement stays, then the first.
    """
    best: dict[Any, Row] = {}
    for _, row in kept:
        key = identity(table, row)
        if key is not None and (key not in best or basis_rank(row) < basis_rank(best[key])):
            best[key] = row
    duplicates = []
    for candidate, row in kept:
        key = identity(table, row)
        if key is not None and best[key] is not row:
            duplicates.append((candidate, row, best[key]))
            continue
        if table.name != CIRCULARS:
            row["row"] = len(rows) + 1
        rows.append(row)
    return duplicates


def _duplicate(row: Row, original: Row) -> str:
    other = [name for name in row if name not in PROVENANCE and row[name] != original[name]]
    reason = f"duplicate of row {original['row']}"
    return f"{reason}, which says otherwise in {', '.join(other)}" if other else reason
