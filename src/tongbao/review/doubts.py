"""What is worth a look: rows that rest on a doubtful repair or were inferred, broken checks, numerals that nothing
explains, places that nobody can read. Nothing is asked or written here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tongbao.extract.contacts import ContactFinder, overlaps
from tongbao.tidy.candidates import CHECKS, CIRCULARS, CORRECTIONS, REPAIRS, Candidate, candidates_of
from tongbao.tidy.corrections import GAPS, NUMERALS, Correction, columns_of
from tongbao.tidy.corrections_apply import Reading, answered, cell, occurrences, same
from tongbao.tidy.parts import read_interim
from tongbao.tidy.repairs import publishable, raw_spans
from tongbao.tidy.schema import Schema

LOW = 0.99
"""Repairs less sure than this are worth a look."""

INFERRED = ("computed", "change", "streak")
"""Bases of rows whose main value is printed nowhere."""

_AROUND = 40
_FURNITURE = "furniture"


@dataclass(frozen=True, slots=True)
class Doubt:
    """One thing to look at.

    Attributes:
        table, number: the row, as `Reading.rows` numbers it.
        what: what names it in an entry: quote, columns, nth.
        says: what the program says, by column; what an entry expects.
        why: the reasons for looking, in words.
        raw: repairs inside its passage, in words.
    """

    circular_id: str
    table: str
    number: int
    what: Mapping[str, Any]
    says: Mapping[str, Any]
    why: tuple[str, ...]
    start: int | None = None
    end: int | None = None
    raw: tuple[str, ...] = ()


def read_circular(interim: Path, circular_id: str, schema: Schema, contacts: ContactFinder) -> Reading:
    """Return what the program reads in one circular, before any correction.

    Raises:
        TongbaoError: the interim files are missing or broken.
    """
    given = read_interim(interim, circular_id)
    private = contacts.spans(given.text)
    return Reading(given, schema, candidates_of(given, schema, private, contacts), private, contacts)


def doubts(reading: Reading, corrections: Sequence[Correction]) -> list[Doubt]:
    """Return what is doubtful and not spoken of by an entry yet, in the order of the text; checks come last.

    Args:
        reading: what the program reads in one circular.
        corrections: the entries about it.
    """
    done = answered(reading, corrections)
    found = [d for table in _fact_tables(reading.schema) for d in _rows(reading, table)]
    found += _places(reading, NUMERALS, "nothing explains this number")
    found += _places(reading, GAPS, "nobody can read this place")
    found.sort(key=lambda d: (d.start or 0, d.end or 0))
    found += _checks(reading)
    added = [span for entry in corrections if entry.action == "add" for span in _spans(reading, entry)]
    return [
        d
        for d in found
        if (d.table, d.number) not in done
        and not (d.table in (NUMERALS, GAPS) and any(s <= (d.start or 0) and (d.end or 0) <= e for s, e in added))
    ]


def context(reading: Reading, doubt: Doubt, around: int = _AROUND) -> str:
    """Return the passage between 【】 with what stands around it; contact details are left out."""
    if doubt.start is None or doubt.end is None:
        return ""
    text = reading.interim.text

    def shown(start: int, end: int) -> str:
        at, parts = start, []
        for low, high in reading.private:
            if low < end and at < high:
                parts += [text[at : max(at, low)], "…"]
                at = min(end, high)
        return "".join([*parts, text[at:end]])

    before, after = max(0, doubt.start - around), min(len(text), doubt.end + around)
    return f"{shown(before, doubt.start)}【{shown(doubt.start, doubt.end)}】{shown(doubt.end, after)}"


def _fact_tables(schema: Schema) -> list[str]:
    return [t.name for t in schema.tables if t.name not in (CIRCULARS, CHECKS, REPAIRS, CORRECTIONS)]


def _rows(reading: Reading, table: str) -> list[Doubt]:
    rows, found = reading.rows(table), []
    repairs = [
        r
        for r in publishable(reading.interim.restored, reading.private, reading.contacts)
        if r.get("kind") != _FURNITURE
    ]
    for number, row in rows:
        if row.quote(reading.interim.text) is None:
            continue
        within = _within(reading, row, repairs)
        low = [r for r in within if isinstance(r.get("confidence"), int | float) and r["confidence"] < LOW]
        why = [f"the repair {_repair(r)} is sure only to {r['confidence']:.4g}" for r in low]
        if row.basis in INFERRED:
            why.append(f"its main value is not printed but inferred (basis {row.basis})")
        if why:
            what, says = _name(reading, table, row, rows), _says(reading, table, row)
            raw = tuple(_repair(r) for r in within)
            found.append(
                Doubt(reading.interim.circular_id, table, number, what, says, tuple(why), row.start, row.end, raw)
            )
    return found


def _within(reading: Reading, row: Candidate, repairs: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    span = (row.start or 0, row.end or 0)
    ((low, high),) = raw_spans(reading.interim.restored.get("map"), [span], reading.interim.circular_id)
    return [r for r in repairs if r["raw_start"] < high and low < max(r["raw_end"], r["raw_start"] + 1)]


def _repair(repair: Mapping[str, Any]) -> str:
    return f"{repair.get('raw') or '…'} → {repair.get('restored') or '(nothing)'} ({repair.get('kind')})"


def _name(reading: Reading, table: str, row: Candidate, rows: Sequence[tuple[int, Candidate]]) -> dict[str, Any]:
    """What tells the row from all others: its quote, as few columns as needed, its number among equals."""
    text, columns = reading.interim.text, columns_of(reading.schema, table)
    what: dict[str, Any] = {"quote": row.quote(text)}
    left = [other for _, other in rows if other.quote(text) == what["quote"]]
    order = [*(n for n in reading.schema[table].unique if n in columns), *columns]
    for name in dict.fromkeys(order):
        fewer = [other for other in left if same(columns[name], cell(other, name), cell(row, name))]
        if len(fewer) < len(left):
            what[name], left = cell(row, name), fewer
    if any(other != row for other in left):
        what["nth"] = 1 + next(i for i, other in enumerate(left) if other is row)
    return what


def _says(reading: Reading, table: str, row: Candidate) -> dict[str, Any]:
    names = columns_of(reading.schema, table)
    found = {name: cell(row, name) for name in names}
    return {name: value for name, value in found.items() if value is not None and value != ""}


def _places(reading: Reading, table: str, why: str) -> list[Doubt]:
    found = []
    for number, place in reading.rows(table):
        start, end = place.start or 0, place.end or 0
        what = {"quote": _passage(reading, start, end)}
        found.append(Doubt(reading.interim.circular_id, table, number, what, dict(place.values), (why,), start, end))
    return found


def _passage(reading: Reading, start: int, end: int) -> str:
    """The place with as much around it as makes the passage stand once in the text, contacts left out."""
    text, low, high = reading.interim.text, start, end
    while len(occurrences(text, text[low:high])) > 1:
        wider = [(max(0, low - 1), high), (low, min(len(text), high + 1))]
        wider = [s for s in wider if s != (low, high) and not overlaps(list(reading.private), *s)]
        if not wider:
            break
        low, high = wider[0] if start - low <= high - end else wider[-1]
    return text[low:high]


def _checks(reading: Reading) -> list[Doubt]:
    rows, found = reading.rows(CHECKS), []
    for number, row in rows:
        if row.values.get("holds"):
            continue
        says = {n: row.values[n] for n in ("expected", "found", "note") if row.values.get(n) not in (None, "")}
        what: dict[str, Any] = {"check": row.values.get("check")}
        alike = [other for _, other in rows if other.values.get("check") == what["check"]]
        for name in ("expected", "found", "note", "holds"):
            fewer = [other for other in alike if other.values.get(name) == row.values.get(name)]
            if len(fewer) < len(alike):
                what[name], alike = row.values.get(name), fewer
        if any(other != row for other in alike):
            what["nth"] = 1 + next(i for i, other in enumerate(alike) if other is row)
        says["holds"] = False
        found.append(
            Doubt(reading.interim.circular_id, CHECKS, number, what, says, ("the document does not agree with itself",))
        )
    return found


def _spans(reading: Reading, entry: Correction) -> list[tuple[int, int]]:
    quote = entry.what.quote or ""
    starts = occurrences(reading.interim.text, quote)
    chosen = starts if entry.what.nth is None else starts[entry.what.nth - 1 : entry.what.nth]
    return [(s, s + len(quote)) for s in chosen]
