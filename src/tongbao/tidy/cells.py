"""One cell: is the value what its column asks for, and how is it held? Rows and files are no business here."""

import math
from datetime import date
from typing import Any

from tongbao.tidy.schema import DATE, PERIOD, REGION_CODE, ColumnSpec

Cell = str | int | float | bool | date | None

_FRACTION_PLACES = 6
_SIGNIFICANT = 10
_INT64 = 2**63


class BadCell(Exception):
    """The value does not fit its column; the message says why, and never in more than a line."""


def read_cell(column: ColumnSpec, value: Any) -> Cell:
    """Return the value of an extracted cell as the tables hold it; None where it is missing.

    None, an empty text and a text of white space alone are missing. Fractions are rounded to 6 places, other
    numbers to 10 significant digits, so that arithmetic leaves no dust.

    Raises:
        BadCell: the value is missing though required, of another type, or outside what the column allows.
    """
    if value is None or (isinstance(value, str) and not value.strip()):
        if column.required:
            raise BadCell(f"{column.name} is missing")
        return None
    cell = _READERS[column.type](column, value)
    if column.allowed and cell not in column.allowed:
        raise BadCell(f"{column.name} {_short(value)} is not one of {', '.join(column.allowed)}")
    if isinstance(cell, int | float):
        if column.minimum is not None and cell < column.minimum:
            raise BadCell(f"{column.name} {_short(value)} is below {column.minimum:g}")
        if column.maximum is not None and cell > column.maximum:
            raise BadCell(f"{column.name} {_short(value)} is above {column.maximum:g}")
    if isinstance(cell, str) and not column.matches(cell):
        raise BadCell(f"{column.name} {_short(value)} does not have the form {column.pattern}")
    return cell


def _text(column: ColumnSpec, value: Any) -> Cell:
    if not isinstance(value, str):
        raise BadCell(f"{column.name} {_short(value)} is no text")
    if any("\ud800" <= char <= "\udfff" for char in value):
        raise BadCell(f"{column.name} holds half a surrogate pair, so it is no Unicode text")
    return value


def _integer(column: ColumnSpec, value: Any) -> Cell:
    if isinstance(value, bool) or not isinstance(value, int) or not -_INT64 <= value < _INT64:
        raise BadCell(f"{column.name} {_short(value)} is no integer")
    return value


def _number(column: ColumnSpec, value: Any) -> Cell:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadCell(f"{column.name} {_short(value)} is no number")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise BadCell(f"{column.name} {_short(value)} is no finite number")
    rounded = round(number, _FRACTION_PLACES) if column.unit == "fraction" else float(f"{number:.{_SIGNIFICANT}g}")
    return rounded + 0.0  # no negative zero


def _boolean(column: ColumnSpec, value: Any) -> Cell:
    if not isinstance(value, bool):
        raise BadCell(f"{column.name} {_short(value)} is neither true nor false")
    return value


def _date(column: ColumnSpec, value: Any) -> Cell:
    try:
        if isinstance(value, str) and DATE.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise BadCell(f"{column.name} {_short(value)} is no date YYYY-MM-DD")


def _period(column: ColumnSpec, value: Any) -> Cell:
    if not isinstance(value, str) or not PERIOD.fullmatch(value):
        raise BadCell(f"{column.name} {_short(value)} is no period such as 2016, 2018-Q3, 2018-H1, 2017-09")
    return value


def _region_code(column: ColumnSpec, value: Any) -> Cell:
    if not isinstance(value, str) or not REGION_CODE.fullmatch(value):
        raise BadCell(f"{column.name} {_short(value)} is no six-digit region code")
    return value


_READERS = {
    "text": _text,
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
    "date": _date,
    "period": _period,
    "region_code": _region_code,
}


def _short(value: Any) -> str:
    shown = repr(value)
    return shown if len(shown) <= 60 else shown[:57] + "..."
