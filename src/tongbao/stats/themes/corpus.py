"""Which circulars and rows a theme may use, as plain records, and what was left out.

Belongs here: choosing copies, naming circulars, turning frames into records and back. Does not belong here: any
statistic, any reading of files (`__init__.py`).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from tongbao.errors import TongbaoError
from tongbao.stats.frames import per_frame
from tongbao.stats.result import Refusal

Row = dict[str, Any]
Tables = Mapping[str, pd.DataFrame]
Parameters = Mapping[str, Any]

NO_TITLE = "(no title printed)"
SOURCE_TABLE = "source_table"
"""Column that names the tidy table whose rows the column `row` counts; with it a page can lead back to the passage."""

_CIRCULAR_COLUMNS = ["circular_id", "label", "title", "issuer", "doc_number", "period", "exercise", "copy_kind"]


@dataclass(frozen=True)
class Corpus:
    """The circulars of one theme and their rows.

    Attributes:
        circulars: row of `circulars` by id, with a `label` for readers; in order of province, period and id.
        tables: rows of those circulars by table, as dictionaries; None is missing.
        refused: circulars that were left out, and why.
    """

    circulars: dict[str, Row]
    tables: dict[str, list[Row]]
    refused: list[Refusal] = field(default_factory=list)

    def rows(self, table: str, circular_id: str | None = None) -> list[Row]:
        """Return the rows of a table, of one circular or of all, in the order of the text."""
        rows = self.tables.get(table, [])
        return rows if circular_id is None else [r for r in rows if r["circular_id"] == circular_id]

    def label(self, circular_id: str) -> str:
        """Return the name of a circular for readers: place and period."""
        return str(self.circulars[circular_id]["label"])

    def circulars_frame(self) -> pd.DataFrame:
        """Return one row a circular, for the page's list of sources."""
        return frame(_CIRCULAR_COLUMNS, [{**c, "title": c["title"] or NO_TITLE} for c in self.circulars.values()])


def level_of(parameters: Parameters) -> float:
    """Return the confidence level of all intervals.

    Raises:
        TongbaoError: the parameters have none.
    """
    if "level" not in parameters:
        raise TongbaoError("no confidence level", place="params.yaml, analyse", remedy="add level: 0.95")
    return float(parameters["level"])


def records(table: pd.DataFrame | None) -> list[Row]:
    """Return the rows of a frame as dictionaries of plain values; None where a cell is empty."""
    return [] if table is None else [dict(row) for row in _records(table)]


@per_frame
def _records(table: pd.DataFrame) -> list[Row]:
    names = [str(name) for name in table.columns]
    cells = [[_plain(v) for v in table[name].tolist()] for name in table.columns]
    return [dict(zip(names, values, strict=True)) for values in zip(*cells, strict=True)] if names else []


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return value or None
    if value is None or pd.isna(value):
        return None
    return value.date() if isinstance(value, pd.Timestamp) else value


def frame(columns: Sequence[str], rows: Iterable[Mapping[str, Any]], source: str = "") -> pd.DataFrame:
    """Return rows as a frame with these columns only; cells keep their own types, None is missing.

    Args:
        columns: names, in order.
        rows: with more or fewer cells than that.
        source: the tidy table that the column `row` counts in. It fills the column `source_table`, which comes after
            the others, wherever a row has both `circular_id` and `row`.
    """
    listed: list[Mapping[str, Any]] = list(rows)
    names = list(columns)
    if source:
        names.append(SOURCE_TABLE)
        stem = [r.get("circular_id") is not None and r.get("row") is not None for r in listed]
        listed = [{**r, SOURCE_TABLE: source if known else None} for r, known in zip(listed, stem, strict=True)]
    cells = np.empty((len(listed), len(names)), dtype="object")
    for i, row in enumerate(listed):
        cells[i] = [row.get(name) for name in names]
    return pd.DataFrame(cells, columns=names, dtype="object")


def corpus(tables: Tables, parameters: Parameters, about: Sequence[str]) -> Corpus:
    """Return the circulars that have rows in one of the tables `about` and whose copy may be used.

    Of several copies of one document the best is used: the earliest kind in `include_copies`, then the one with
    fewest unrepaired places. Two copies are one document when they print the same number, or, without a number,
    when issuer, title and period agree.

    Args:
        tables: tidy tables by name.
        parameters: with `include_copies`, the kinds of copy to use, best first.
        about: names of the tables that the theme is about.
    """
    kinds = [str(kind) for kind in parameters["include_copies"]]
    all_rows = {name: records(table) for name, table in tables.items() if "circular_id" in table.columns}
    wanted = {row["circular_id"] for name in about for row in all_rows.get(name, [])}
    found = [row for row in all_rows.get("circulars", []) if row["circular_id"] in wanted]
    found.sort(key=lambda r: (r["province_code"] or "", r["period"] or "", r["circular_id"]))
    _name(found)
    usable = [row for row in found if row["copy_kind"] in kinds]
    refused = [Refusal(row["label"], _kind_reason(row["copy_kind"], kinds)) for row in found if row not in usable]
    copies: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in usable:
        copies[_document(row)].append(row)
    used: list[Row] = []
    for same in copies.values():
        best = min(
            same, key=lambda r: (kinds.index(r["copy_kind"]), r.get("n_unrepaired") or 0, _latest(r), r["circular_id"])
        )
        used.append(best)
        refused += [
            Refusal(
                f"{r['label']} ({r['circular_id']})", f"It is another copy of {best['circular_id']}, which is used."
            )
            for r in same
            if r is not best
        ]
    ids = {row["circular_id"] for row in used}
    kept = [row for row in found if row["circular_id"] in ids]
    return Corpus(
        {row["circular_id"]: row for row in kept},
        {name: [r for r in rows if r["circular_id"] in ids] for name, rows in all_rows.items() if name != "circulars"},
        refused,
    )


def _latest(row: Row) -> int:
    """Sort key for copies equally good: the earlier put online comes first, undated ones last."""
    day = row.get("published_on")
    return day.toordinal() if isinstance(day, date) else date.max.toordinal()


def _document(row: Row) -> tuple[str, ...]:
    if row["doc_number"]:
        return ("number", row["doc_number"])
    if row["issuer"] and row["title"] and row["period"]:
        return ("title", row["issuer"], row["title"], row["period"])
    return ("id", row["circular_id"])


def _kind_reason(kind: str | None, kinds: Sequence[str]) -> str:
    allowed = " or ".join(kinds)
    if kind is None:
        return f"It is not known what kind of copy this is; only copies of the kind {allowed} enter comparisons."
    return (
        f"The copy is of the kind {kind.replace('_', ' ')}; only copies of the kind {allowed} enter comparisons, "
        "because other copies may have changed numbers or names."
    )


def _name(circulars: Sequence[Row]) -> None:
    """Give each circular a `label`: the issuer's place and the period, with more where that is not unique."""
    for row in circulars:
        place = {"national": "全国", "province": row["province"], "prefecture": row["prefecture"]}.get(
            row["issuer_level"] or "", row["issuer"]
        )
        row["label"] = f"{place or row['issuer'] or row['circular_id']} {row['period'] or '(no period)'}"
    seen = Counter(row["label"] for row in circulars)
    for row in circulars:
        if seen[row["label"]] > 1:
            row["label"] = f"{row['label']} ({row['doc_number'] or row['circular_id']})"
    seen = Counter(row["label"] for row in circulars)
    for row in circulars:
        if seen[row["label"]] > 1:
            row["label"] = f"{row['label']} [{row['circular_id']}]"


def merged(refused: Iterable[Refusal]) -> list[Refusal]:
    """Return refusals with equal reasons joined into one, in the order of their first appearance."""
    by_reason: dict[str, list[str]] = {}
    for item in refused:
        whats = by_reason.setdefault(item.reason, [])
        if item.what not in whats:
            whats.append(item.what)
    return [Refusal("; ".join(whats), reason) for reason, whats in by_reason.items()]


def percent(share: float, digits: int = 1) -> str:
    """Return a fraction as a percentage for a sentence: 0.935 becomes `93.5%`."""
    return f"{100 * share:.{digits}f}%"


def span(low: float, high: float, digits: int = 1) -> str:
    """Return two fractions as `93.5–97.6%`, or one percentage where both print alike."""
    a, b = percent(low, digits), percent(high, digits)
    return a if a == b else f"{a[:-1]}–{b}"
