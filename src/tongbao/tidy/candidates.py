"""What asks to become a row: facts, checks and repairs of one circular as extraction and restoration hand them on.

Nothing is checked against the cells of the schema here, and nothing is changed; that is done in `rows` and
`corrections_apply`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tongbao.errors import TongbaoError
from tongbao.extract.contacts import ContactFinder, Span, overlaps
from tongbao.tidy.repairs import publishable
from tongbao.tidy.schema import Schema, TableSpec

if TYPE_CHECKING:
    from tongbao.tidy.corrections import Correction

CIRCULARS, CHECKS, REPAIRS, CORRECTIONS = "circulars", "checks", "repairs", "corrections"
"""The tables that are not made of facts."""

PROVENANCE = ("circular_id", "row", "basis", "start", "end", "quote")
"""Columns that say where a row comes from; no rule of extraction fills them."""


@dataclass(frozen=True, slots=True)
class Interim:
    """What restoration and extraction hand on about one circular."""

    circular_id: str
    text: str
    restored: Mapping[str, Any]
    extracted: Mapping[str, Any]

    @property
    def place(self) -> str:
        """The file that an error about the extraction names."""
        return f"data/interim/extracted/{self.circular_id}.json"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row before its cells are checked.

    `corrections` are the entries that concern it; `moved` says that one of them added it or changed a column that
    tells rows apart.
    """

    values: Mapping[str, Any]
    start: int | None = None
    end: int | None = None
    basis: Any = None
    corrections: tuple["Correction", ...] = ()
    moved: bool = False

    def quote(self, text: str) -> str | None:
        """Return the passage it is tied to, or None where it has no sound place in the text."""
        if self.start is None or self.end is None or not 0 <= self.start < self.end <= len(text):
            return None
        return text[self.start : self.end]


def candidates_of(
    interim: Interim, schema: Schema, private: Sequence[Span], contacts: ContactFinder
) -> dict[str, list[Candidate]]:
    """Return everything that asks to become a row, by table, in the order of the text.

    Raises:
        TongbaoError: the extraction names a table or column that does not exist, or its form is broken.
    """
    place = interim.place
    found: dict[str, list[Candidate]] = {table.name: [] for table in schema.tables}
    try:
        found[CIRCULARS].append(Candidate(dict(interim.extracted["circular"])))
        for fact in interim.extracted["facts"]:
            name = fact["table"]
            if name in (CIRCULARS, CHECKS, REPAIRS, CORRECTIONS):
                raise TongbaoError(f"a fact cannot be a row of {name}", place=place, remedy="mend its rule")
            _known_columns(schema[name], fact["values"], place)
            start, end = int(fact["start"]), int(fact["end"])
            found[name].append(Candidate(dict(fact["values"]), start, end, fact["basis"]))
        found[CHECKS] = [Candidate(_as_text(check)) for check in interim.extracted["checks"]]
        found[REPAIRS] = [Candidate(r) for r in publishable(interim.restored, private, contacts)]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise TongbaoError(
            f"not what extraction and restoration hand on ({type(error).__name__}: {error})",
            place=place,
            remedy="make the interim files again with `dvc repro`",
        ) from None
    for name in (CIRCULARS, CHECKS, REPAIRS):
        for candidate in found[name]:
            _known_columns(schema[name], candidate.values, place)
    for name in found.keys() - {CIRCULARS, CHECKS, REPAIRS}:
        in_text_order(found[name])
    return found


def in_text_order(candidates: list[Candidate]) -> None:
    """Sort facts by their places; the sort is stable, as rules decide the order within a span."""
    candidates.sort(key=lambda c: (c.start, c.end))


def is_private(candidate: Candidate, private: Sequence[Span], contacts: ContactFinder) -> bool:
    """Whether a row overlaps a passage with contact details or holds one."""
    start, end = candidate.start, candidate.end
    if start is not None and end is not None and overlaps(list(private), start, max(end, start + 1)):
        return True
    return any(str(value) in contacts for value in candidate.values.values() if value is not None)


def _known_columns(table: TableSpec, values: Mapping[str, Any], place: str) -> None:
    unknown = [name for name in values if name not in table.by_name or name in PROVENANCE]
    if unknown:
        raise TongbaoError(
            f"a row of {table.name} brings {', '.join(map(repr, unknown))}, which is no column to be extracted",
            place=place,
            remedy="mend the rule that made it, or add the column to data/reference/columns.csv",
        )


def _as_text(check: Mapping[str, Any]) -> dict[str, Any]:
    """The two sides of a check may come as numbers; the table holds them as text."""
    sides = {
        name: format(check[name], "g" if isinstance(check[name], float) else "")
        for name in ("expected", "found")
        if isinstance(check.get(name), int | float) and not isinstance(check[name], bool)
    }
    return {**check, **sides}
