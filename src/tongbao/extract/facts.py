"""What extraction hands on: facts with their place and proof, and checks of the document against itself.

No rule lives here, and nothing is validated here: the schema of the tables is the tidy room's business.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Basis = Literal["stated", "listed", "computed", "change", "streak"]
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Fact:
    """One row of one table, before it is published.

    Attributes:
        table: name of the tidy table.
        start, end: the characters of the restored text that state the row's main value.
        basis: how the main value is known (see TABLES: stated, listed, computed, change, streak).
        rule: name of the rule that made it.
        values: the table's own columns; what is not known is left out.
        uses: further spans that the row rests on (a count in another clause, the heading that gives the
            group). The ledger of numerals counts what lies in the main span or in one of these.
    """

    table: str
    start: int
    end: int
    basis: Basis
    rule: str
    values: Mapping[str, Any]
    uses: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """A relation that the document lets us verify, with both sides as text."""

    check: str
    expected: str
    found: str
    holds: bool
    note: str = ""
    uses: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Numeral:
    """A numeral of the document and what explains it: a table's name, a class of its own, or nothing."""

    start: int
    end: int
    text: str
    explained_by: str = ""


@dataclass(frozen=True, slots=True)
class Extraction:
    """All that one circular says."""

    circular_id: str
    circular: Mapping[str, Any]
    facts: tuple[Fact, ...]
    checks: tuple[Check, ...]
    numerals: tuple[Numeral, ...] = field(default=())
