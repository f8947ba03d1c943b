"""Corrections meet what the program reads today: each must still fit and still be needed, or the build stops.

Entries are judged against the rows as the program reads them, never against each other's results, so their order in
the file does not matter. Whether the corrected rows can stand is asked in `rows`, with all the others.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tongbao.errors import TongbaoError
from tongbao.extract.contacts import ContactFinder, Span, overlaps
from tongbao.tidy.candidates import CHECKS, CIRCULARS, Candidate, Interim, in_text_order, is_private
from tongbao.tidy.cells import BadCell, read_cell
from tongbao.tidy.corrections import CORRECTED, GAPS, NUMERALS, Correction, columns_of
from tongbao.tidy.schema import ColumnSpec, Schema

_REMOVE = "remove the entry"
_LOOK = "look at the passage again, then change `value` and `expect`, or remove the entry"


Placed = tuple[int, Candidate]


@dataclass(frozen=True, slots=True)
class Applied:
    """One entry that was applied: the row as it was (None for `add`), for the table of corrections."""

    correction: Correction
    before: Candidate | None


@dataclass(frozen=True, slots=True)
class Reading:
    """What the program reads in one circular, with what must not be shown."""

    interim: Interim
    schema: Schema
    candidates: Mapping[str, Sequence[Candidate]]
    private: Sequence[Span]
    contacts: ContactFinder

    def rows(self, table: str) -> list[Placed]:
        """The rows of a table that may be shown, numbered; of `numerals` and `gaps`, the doubtful places."""
        if table == NUMERALS:
            rows = self._places((self.interim.extracted.get("numerals") or {}).get("unexplained", ()))
        elif table == GAPS:
            rows = self._places(self.interim.restored.get("gaps", ()))
        else:
            rows = list(self.candidates.get(table, ()))
        return [(i, c) for i, c in enumerate(rows) if not is_private(c, self.private, self.contacts)]

    def _places(self, given: Sequence[Mapping[str, Any]]) -> list[Candidate]:
        text = self.interim.text
        spans = [(int(g["start"]), int(g["end"])) for g in given]
        return [Candidate({"text": text[start:end]}, start, end) for start, end in spans]

    def matching(self, entry: Correction) -> list[Placed]:
        """Return the rows that `what` of an entry names, with their numbers; `nth` is left aside."""
        columns = columns_of(self.schema, entry.table)
        return [
            (i, row)
            for i, row in self.rows(entry.table)
            if self._is_at(row, entry) and all(same(columns[n], cell(row, n), v) for n, v in entry.what.values)
        ]

    def _is_at(self, row: Candidate, entry: Correction) -> bool:
        if entry.table in (CIRCULARS, CHECKS):
            return True
        quote = entry.what.quote or ""
        if entry.table in (NUMERALS, GAPS):
            spans = occurrences(self.interim.text, quote)
            return any(s <= (row.start or 0) and (row.end or 0) <= s + len(quote) for s in spans)
        return row.quote(self.interim.text) == quote


def cell(row: Candidate, name: str) -> Any:
    """Return a cell of a row before it is checked; `basis` counts as one."""
    return row.basis if name == "basis" else row.values.get(name)


def same(column: ColumnSpec, ours: Any, theirs: Any) -> bool:
    """Whether two values are one in the form in which the column holds them."""
    return bool(_held(column, ours) == _held(column, theirs))


def apply_corrections(
    reading: Reading, corrections: Sequence[Correction]
) -> tuple[dict[str, list[Candidate]], list[Applied]]:
    """Return the rows with the corrections made, by table, and what was done.

    Args:
        reading: what the program reads in one circular.
        corrections: the entries about this circular.

    Raises:
        TongbaoError: an entry fits no row or several, is no longer needed, expects what the program does not say, or
            repeats or contradicts another; it names the entry and the remedy.
    """
    touched: dict[tuple[str, int], list[Correction]] = {}
    added: dict[str, list[Candidate]] = {}
    done: list[Applied] = []
    for entry in corrections:
        if entry.action == "add":
            made = _new_row(reading, entry)
            for other in added.get(entry.table, ()):
                if (other.values, other.start) == (made.values, made.start):
                    raise entry.wrong(f"a duplicate of {_other(other.corrections[0])}", "keep one of the two")
            added.setdefault(entry.table, []).append(made)
            done.append(Applied(entry, None))
            continue
        targets = _targets(reading, entry)
        _fits(reading, entry, targets[0][1])
        for number, _ in targets:
            beside = touched.setdefault((entry.table, number), [])
            for other_entry in beside:
                _beside(entry, other_entry)
            beside.append(entry)
        done.append(Applied(entry, targets[0][1]))
    rows: dict[str, list[Candidate]] = {}
    for table, given in reading.candidates.items():
        made_of = (_changed(row, touched.get((table, i), ()), reading.schema) for i, row in enumerate(given))
        rows[table] = [row for row in made_of if row is not None]
        if table in added:
            rows[table] += added[table]
            in_text_order(rows[table])
    return rows, done


def answered(reading: Reading, corrections: Sequence[Correction]) -> set[tuple[str, int]]:
    """Return the rows that entries speak of already, as (table, number); entries that fit none are passed over."""
    found = set()
    for entry in corrections:
        matching = [] if entry.action == "add" else reading.matching(entry)
        nth = entry.what.nth
        found |= {(entry.table, i) for i, _ in (matching if nth is None else matching[nth - 1 : nth])}
    return found


def _targets(reading: Reading, entry: Correction) -> list[Placed]:
    """The row meant; several where the program reads exactly the same row several times."""
    found = reading.matching(entry)
    if not found:
        raise _stale(reading, entry)
    if all(row == found[0][1] for _, row in found) and entry.what.nth is None:
        return found
    if entry.what.nth is None:
        raise entry.wrong(
            f"{len(found)} rows match", "name more columns under `what`, or say which with `nth` (1 is the first)"
        )
    if entry.what.nth > len(found):
        raise entry.wrong(
            f"only {len(found)} rows match, so there is no nth {entry.what.nth}", "count again, or " + _REMOVE
        )
    return [found[entry.what.nth - 1]]


def _stale(reading: Reading, entry: Correction) -> TongbaoError:
    remedy = f"see `tongbao review --list --circular {entry.circular_id}`; mend `what`, or {_REMOVE}"
    quote = entry.what.quote
    if quote is not None and quote not in reading.interim.text:
        return entry.wrong("its quote is not in the text (any more)", remedy)
    if entry.action == "delete":
        return entry.wrong("the program does not read this row (any more), so nothing is to be deleted", remedy)
    if entry.table in (NUMERALS, GAPS):
        return entry.wrong("nothing there is doubtful (any more)", _REMOVE)
    return entry.wrong(f"no row of {entry.table} matches (any more)", remedy)


def _fits(reading: Reading, entry: Correction, row: Candidate) -> None:
    columns = columns_of(reading.schema, entry.table)
    if entry.action == "set" and same(columns[entry.column], cell(row, entry.column), entry.value):
        raise entry.wrong(f"no longer needed: the program itself says {_told(entry.value)}", _REMOVE)
    for name, expected in entry.expect:
        found = cell(row, name)
        if not same(columns[name], found, expected):
            raise entry.wrong(
                f"the program says {name} {_told(found)} today, where the entry expects {_told(expected)}", _LOOK
            )


def _beside(entry: Correction, other: Correction) -> None:
    """Two entries about one row: only `set` of different columns go together."""
    if entry.action == other.action == "set" and entry.column != other.column:
        return
    if entry.action == other.action and entry.value == other.value:
        raise entry.wrong(f"a duplicate of {_other(other)}", "keep one of the two")
    raise entry.wrong(f"it contradicts {_other(other)}, which is about the same row", "keep one of the two")


def _changed(row: Candidate, entries: Sequence[Correction], schema: Schema) -> Candidate | None:
    """The row as its entries leave it; None where it is deleted."""
    for entry in entries:
        if entry.action == "delete":
            return None
        row = replace(row, corrections=(*row.corrections, entry))
        if entry.action == "set":
            table = schema[entry.table]
            row = replace(
                row,
                values={**row.values, entry.column: entry.value},
                # A side column says nothing of how the main value is known: an inferred rate stays an inferred one.
                basis=CORRECTED if entry.column in table.claim else row.basis,
                moved=row.moved or entry.column in table.unique,
            )
    return row


def _new_row(reading: Reading, entry: Correction) -> Candidate:
    quote, text = entry.what.quote or "", reading.interim.text
    places = occurrences(text, quote)
    if not places:
        raise entry.wrong("its quote is not in the text", "copy the passage from data/interim/text exactly")
    if len(places) > 1 and entry.what.nth is None:
        raise entry.wrong(
            f"its quote stands in {len(places)} places", "quote more of the passage, or say which with `nth`"
        )
    if (entry.what.nth or 1) > len(places):
        raise entry.wrong(f"its quote stands in {len(places)} places only", "count again")
    start = places[(entry.what.nth or 1) - 1]
    end = start + len(quote)
    if overlaps(list(reading.private), start, end):
        raise entry.wrong("its quote overlaps a passage with contact details", "quote less of it")
    columns = columns_of(reading.schema, entry.table)
    for _, row in reading.rows(entry.table):
        near = row.start is not None and row.end is not None and row.start < end and start < row.end
        if near and all(same(columns[n], cell(row, n), v) for n, v in entry.values):
            raise entry.wrong("no longer needed: the program itself reads this row", _REMOVE)
    return Candidate(dict(entry.values), start, end, CORRECTED, (entry,), moved=True)


def occurrences(text: str, quote: str) -> list[int]:
    """Return where a quote begins in a text, overlapping places included."""

    def found() -> Iterator[int]:
        at = text.find(quote)
        while quote and at >= 0:
            yield at
            at = text.find(quote, at + 1)

    return list(found())


def _held(column: ColumnSpec, value: Any) -> Any:
    try:
        return read_cell(column, value)
    except BadCell:
        return None if value is None or not str(value).strip() else value


def _other(entry: Correction) -> str:
    return f"entry {entry.number} (line {entry.line})"


def _told(value: Any) -> str:
    shown = "nothing" if value is None or value == "" else repr(value)
    return shown if len(shown) <= 80 else shown[:77] + "..."
