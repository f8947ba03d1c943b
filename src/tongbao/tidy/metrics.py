"""The numbers that DVC compares between two builds: how much was read, kept, set aside and explained."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tongbao.tidy.rows import CHECKS, CIRCULARS, Rejection, Row
from tongbao.tidy.schema import Schema


@dataclass(frozen=True, slots=True)
class Metrics:
    """What one build gave. `rows` and `rejected` are by table; rejected files count as `files`."""

    rows: Mapping[str, int]
    rejected: Mapping[str, int]
    checks_held: int
    checks_broken: int
    n_numerals: int
    n_numerals_explained: int
    circulars: Mapping[str, Mapping[str, int]]

    def __add__(self, other: "Metrics") -> "Metrics":
        """Return the numbers of both; no circular is in both."""
        return Metrics(
            rows=_sum(self.rows, other.rows),
            rejected=_sum(self.rejected, other.rejected),
            checks_held=self.checks_held + other.checks_held,
            checks_broken=self.checks_broken + other.checks_broken,
            n_numerals=self.n_numerals + other.n_numerals,
            n_numerals_explained=self.n_numerals_explained + other.n_numerals_explained,
            circulars={**self.circulars, **other.circulars},
        )

    @property
    def n_accepted(self) -> int:
        """Rows in all tables."""
        return sum(self.rows.values())

    @property
    def n_rejected(self) -> int:
        """Everything set aside, files included."""
        return sum(self.rejected.values())

    def to_json(self) -> dict[str, Any]:
        """Return the metrics as plain data; the share is rounded to 4 places and null without numerals."""
        share = round(self.n_numerals_explained / self.n_numerals, 4) if self.n_numerals else None
        return {
            "rows": dict(self.rows),
            "accepted": self.n_accepted,
            "rejected": self.n_rejected,
            "rejected_by_table": dict(self.rejected),
            "checks": {
                "held": self.checks_held,
                "broken": self.checks_broken,
                "total": self.checks_held + self.checks_broken,
            },
            "numerals": {"n": self.n_numerals, "explained": self.n_numerals_explained, "explained_share": share},
            "circulars": {name: dict(counts) for name, counts in self.circulars.items()},
        }


def measure(schema: Schema, rows: Mapping[str, Sequence[Row]], rejected: Sequence[Rejection]) -> Metrics:
    """Count the rows of all tables and what was rejected."""
    by_table = {name: sum(r.table == name for r in rejected) for name in ("files", *schema.by_name)}
    held = sum(row["holds"] is True for row in rows[CHECKS])
    names = [str(row["circular_id"]) for row in rows[CIRCULARS]]
    counts = {name: {table: 0 for table in schema.by_name if table != CIRCULARS} | {"rejected": 0} for name in names}
    for table in counts and schema.by_name:
        if table != CIRCULARS:
            for row in rows[table]:
                counts[str(row["circular_id"])][table] += 1
    for item in rejected:
        if item.circular_id in counts:
            counts[item.circular_id]["rejected"] += 1
    return Metrics(
        rows={name: len(rows[name]) for name in schema.by_name},
        rejected=by_table,
        checks_held=held,
        checks_broken=len(rows[CHECKS]) - held,
        n_numerals=_total(rows, "n_numerals"),
        n_numerals_explained=_total(rows, "n_numerals_explained"),
        circulars=counts,
    )


def _sum(these: Mapping[str, int], those: Mapping[str, int]) -> dict[str, int]:
    return {name: n + those[name] for name, n in these.items()}


def _total(rows: Mapping[str, Sequence[Row]], column: str) -> int:
    return sum(value for row in rows[CIRCULARS] if isinstance(value := row[column], int))
