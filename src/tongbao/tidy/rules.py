"""What a row must be like beyond its single cells, and when two rows are one.

These are rules that follow from what the columns mean (a bound lies below the other). Whether a document is
right about itself (its counts add up) is no business of this module: that is a row of `checks`.
"""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from tongbao.tidy.schema import TableSpec

Row = Mapping[str, Any]
Rule = Callable[[Row], Iterator[str]]

_TOLERANCE = 1e-9
AS_STATED = ("stated", "corrected")
"""Bases that count as printed: whoever corrected or added a row vouches for its main value."""

_BASIS_ORDER = ("corrected", "stated", "listed", "computed", "change", "streak")


def broken(table: str, row: Row) -> list[str]:
    """Return the reasons why a row whose cells are all fine still cannot stand; empty where it can."""
    return [reason for rule in _RULES.get(table, ()) for reason in rule(row)]


def identity(table: TableSpec, row: Row) -> tuple[Any, ...] | None:
    """Return what tells the row apart from the others of its circular; None where rows may repeat.

    A finding that names neither unit nor site is told apart by its place too: two sentences about 个别单位
    need not be about the same ones.
    """
    if not table.unique:
        return None
    values = tuple(row.get(name) for name in table.unique)
    if table.name == "findings" and row.get("unit") is None and row.get("site") is None:
        return (*values, row["start"])
    return values


def basis_rank(row: Row) -> int:
    """Return how far the row's basis is from a printed statement; of two rows that are one, the lower stays."""
    basis = row.get("basis")
    return _BASIS_ORDER.index(basis) if basis in _BASIS_ORDER else 0


def _between(value: str, low: str, high: str) -> Rule:
    def rule(row: Row) -> Iterator[str]:
        bottom, top, middle = row.get(low), row.get(high), row.get(value)
        if bottom is not None and top is not None and bottom > top:
            yield f"{low} {bottom} is above {high} {top}"
        elif middle is not None:
            slack = _last_place(middle) if value == "rate" else _TOLERANCE
            if bottom is not None and middle < bottom - slack:
                yield f"{value} {middle} is below {low} {bottom}"
            if top is not None and middle > top + slack:
                yield f"{value} {middle} is above {high} {top}"

    return rule


def _last_place(rate: float) -> float:
    """Return one unit of the last printed place of a rate: at least a whole percent is taken as printed.

    Printed rates are rounded or cut, and bounds may come from counts, so the two may differ by that much.
    """
    exponent = Decimal(repr(rate)).normalize().as_tuple().exponent
    places = max(2, -exponent) if isinstance(exponent, int) else 2
    return 10.0**-places + _TOLERANCE


def _needs(column: str, other: str) -> Rule:
    def rule(row: Row) -> Iterator[str]:
        if row.get(column) is not None and row.get(other) is None:
            yield f"{column} is given without {other}"

    return rule


def _one_of(*columns: str) -> Rule:
    def rule(row: Row) -> Iterator[str]:
        if all(row.get(column) is None for column in columns):
            yield "none of " + ", ".join(columns) + " is given"

    return rule


def _at_most(column: str, other: str) -> Rule:
    def rule(row: Row) -> Iterator[str]:
        low, high = row.get(column), row.get(other)
        if low is not None and high is not None and low > high:
            yield f"{column} {low} is above {other} {high}"

    return rule


def _unit_of_statistic(row: Row) -> Iterator[str]:
    if row.get("statistic") == "unit" and row.get("unit") is None:
        yield "statistic is unit, but no unit is given"


def _share_in_range(row: Row) -> Iterator[str]:
    value = row.get("value")
    if row.get("statistic") == "share_at_least" and value is not None and not 0 <= value <= 1:
        yield f"value {value} is no fraction in [0, 1]"


_RULES: dict[str, tuple[Rule, ...]] = {
    "circulars": (_at_most("n_numerals_explained", "n_numerals"),),
    "citations": (_one_of("doc_number", "title"),),
    "pass_rates": (
        _between("rate", "rate_low", "rate_high"),
        _one_of("rate", "rate_low", "rate_high", "n_checked", "n_passed", "n_failed", "n_total"),
    ),
    "coded_pass_rates": (
        _between("rate", "rate_low", "rate_high"),
        _one_of("rate", "rate_low", "rate_high", "n_checked", "n_passed", "n_failed", "n_total"),
    ),
    "grade_totals": (_one_of("n_stated", "n_listed"),),
    "ratings": (
        _between("score", "score_low", "score_high"),
        _needs("score_low_closed", "score_low"),
        _needs("score_high_closed", "score_high"),
        _needs("grade_rank", "grade"),
    ),
    "score_counts": (_share_in_range,),
    "deductions": (
        _between("points", "points_low", "points_high"),
        _needs("points_low_closed", "points_low"),
        _needs("points_high_closed", "points_high"),
        _one_of("points", "points_low", "points_high"),
        _unit_of_statistic,
    ),
    "findings": (_one_of("group", "unit", "site"),),
    "figures": (_one_of("value", "change"),),
    "repairs": (_at_most("raw_start", "raw_end"),),
}
