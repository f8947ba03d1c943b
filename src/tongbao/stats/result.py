"""The container of an analysis and its file: tables, what was refused and why, and notes.

Belongs here: the format of `data/analysis/<name>.json`. Does not belong here: any statistic.
The same analysis always gives the same bytes, so that a change in the file is a change in the numbers.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from tongbao.errors import TongbaoError

SIGNIFICANT_DIGITS = 10
_KEYS = {"name", "notes", "params", "refused", "tables"}


@dataclass(frozen=True, slots=True)
class Refusal:
    """A figure that is not given, and the reason in a sentence a reader without statistics understands."""

    what: str
    reason: str


@dataclass(frozen=True)
class Analysis:
    """The numbers of one theme.

    Attributes:
        name: the name of the file without its ending.
        params: what the analysis was run with (level, province, ...).
        tables: data frames by name; rows that stem from tidy rows carry `circular_id` and `row`.
        refused: what the data do not support, with reasons.
        notes: sentences that belong under the tables.
    """

    name: str
    params: dict[str, Any] = field(default_factory=dict)
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    refused: list[Refusal] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def table(self, name: str) -> pd.DataFrame:
        """Return one table.

        Raises:
            TongbaoError: there is no table of that name; the message lists those there are.
        """
        if name not in self.tables:
            raise TongbaoError(
                f"no table {name!r}",
                place=f"analysis {self.name}",
                remedy=f"use one of: {', '.join(sorted(self.tables)) or '(the analysis has no tables)'}",
            )
        return self.tables[name]

    def to_json(self) -> str:
        """Return the text of the file: sorted keys, floats to 10 significant digits, NaN as null, final newline.

        Raises:
            TongbaoError: a value has no place in the format (an infinity, a nested frame, a repeated column).
        """
        document = {
            "name": self.name,
            "params": _plain(self.params, f"analysis {self.name}, params"),
            "tables": {name: self._rows(name, frame) for name, frame in self.tables.items()},
            "refused": [{"what": r.what, "reason": r.reason} for r in self.refused],
            "notes": list(self.notes),
        }
        return json.dumps(document, ensure_ascii=False, sort_keys=True, indent=1, allow_nan=False) + "\n"

    def _rows(self, name: str, frame: pd.DataFrame) -> dict[str, Any]:
        place = f"analysis {self.name}, table {name}"
        columns = [str(column) for column in frame.columns]
        if len(set(columns)) != len(columns):
            raise TongbaoError(f"a column occurs twice among {', '.join(columns)}", place=place)
        # Column by column, because a row of a frame turns integers beside a fraction into floats.
        cells = [
            [_plain(value, f"{place}, column {column}") for value in frame.iloc[:, i].tolist()]
            for i, column in enumerate(columns)
        ]
        return {"columns": columns, "rows": [list(row) for row in zip(*cells, strict=True)]}

    def write(self, path: Path | str) -> None:
        """Write the file, creating its folder."""
        target = Path(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(self.to_json().encode("utf-8"))

    @classmethod
    def read(cls, path: Path | str) -> "Analysis":
        """Read a file written by `write`. Columns of whole numbers come back as integers, gaps or not.

        Raises:
            TongbaoError: the file is missing or is not an analysis.
        """
        source = Path(path)
        try:
            document = json.loads(source.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise TongbaoError(
                "this analysis has not been made",
                place=source.name,
                remedy="run the pipeline first (dvc repro)",
            ) from None
        except json.JSONDecodeError as error:
            raise TongbaoError(f"not JSON: {error}", place=source.name, remedy="run the pipeline again") from None
        if not isinstance(document, dict) or set(document) != _KEYS:
            raise TongbaoError(
                f"not an analysis: the keys {', '.join(sorted(_KEYS))} are wanted",
                place=source.name,
                remedy="run the pipeline again",
            )
        return cls(
            name=document["name"],
            params=document["params"],
            tables={name: _frame(table) for name, table in document["tables"].items()},
            refused=[Refusal(**refusal) for refusal in document["refused"]],
            notes=document["notes"],
        )


def _plain(value: Any, place: str) -> Any:
    """Return a value as JSON knows it."""
    if isinstance(value, Mapping):
        return {str(key): _plain(inner, place) for key, inner in value.items()}
    if isinstance(value, Sequence | np.ndarray) and not isinstance(value, str | bytes):
        return [_plain(inner, place) for inner in value]
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if isinstance(value, int | np.integer):
        return int(value)
    if isinstance(value, float | np.floating | Fraction | Decimal):
        number = float(value)
        if math.isnan(number):
            return None
        if math.isinf(number):
            raise TongbaoError("an infinity has no place in an analysis", place=place, remedy="leave the cell empty")
        return float(f"{number:.{SIGNIFICANT_DIGITS}g}") + 0.0  # + 0.0 turns -0.0 into 0.0
    if isinstance(value, date):  # datetimes and pandas timestamps are dates too
        return value.isoformat()
    if isinstance(value, str):
        return str(value)
    raise TongbaoError(f"a value of type {type(value).__name__} has no place in an analysis", place=place)


def _frame(table: dict[str, Any]) -> pd.DataFrame:
    columns = table["columns"]
    cells = {name: [row[i] for row in table["rows"]] for i, name in enumerate(columns)}
    return pd.DataFrame({name: _column(values) for name, values in cells.items()}, columns=columns)


def _column(values: list[Any]) -> "pd.Series[Any]":
    kinds = {type(value) for value in values if value is not None}
    gaps = any(value is None for value in values)
    if kinds == {int} and all(value is None or abs(value) < 2**63 for value in values):
        return pd.Series(values, dtype="Int64" if gaps else "int64")
    if kinds == {float}:
        return pd.Series([math.nan if value is None else value for value in values], dtype="float64")
    if kinds == {bool}:
        return pd.Series(values, dtype="boolean" if gaps else "bool")
    if kinds == {str}:
        return pd.Series(values, dtype="str")
    return pd.Series(values, dtype="object")
