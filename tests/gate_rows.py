"""Tidy and coded rows for the facts of proofs (`gate_facts.py`), and the grades and national series among them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

import pandas as pd

from tongbao.stats.themes.corpus import Row, records

Tables = Mapping[str, pd.DataFrame]
Question = tuple[str, Row]
"""The kind of a proof and its facts."""

HALVES = (ROUND_HALF_UP, ROUND_HALF_EVEN)


def prints(x: int, n: int, printed: str, roundings: Iterable[str] = HALVES) -> bool:
    """Whether x of n is printed so under one of the ways of rounding."""
    wanted = Decimal(printed)
    share = Decimal(100 * x) / n
    return any(share.quantize(wanted, rounding=way) == wanted for way in roundings)


def shown(rate: float) -> str:
    """A rate as a percentage, in its shortest form."""
    return format((Decimal(str(round(rate, 8))) * 100).normalize(), "f")


def trend_question(failures: list[int]) -> Question:
    """The question of a trend: periods with a number of failures, and all failures."""
    return "trend_test", {"n_periods": len(failures), "expected_failures": sum(failures)}


class Rows:
    """The rows by table and by place, and the scales of grades."""

    def __init__(self, tables: Tables):
        self.tables = {name: records(table) for name, table in tables.items()}
        self.by_row = {
            (name, r["circular_id"], r["row"]): r
            for name, rows in self.tables.items()
            for r in rows
            if r.get("circular_id") and r.get("row") is not None
        }
        self.coded = {(r["coded_file"], r["coded_row"]): r for r in self.tables.get("coded_pass_rates", [])}
        self.ranks: dict[str, dict[str, int]] = defaultdict(dict)
        self.bands: dict[str, dict[str, tuple[str, str]]] = defaultdict(dict)
        for r in self.tables.get("grade_scales", []):
            if r["rank"]:
                self.ranks[r["scale_id"]][r["grade"]] = int(r["rank"])
            self.bands[r["scale_id"]][r["grade"]] = (r["band_low"], r["band_high"])


class Grades(Rows):
    """The ways to the facts of tables on grades."""

    def _totals(self, row: Row, group: str | None) -> dict[str, int]:
        """Units by grade of a group, as stated or else as listed."""
        return {
            r["grade"]: r["n_stated"] if r["n_stated"] is not None else r["n_listed"]
            for r in self.tables["grade_totals"]
            if (r["circular_id"], r["measure"], r["group"]) == (row["circular_id"], row["measure"], group)
        }

    def _scale(self, row: Row, group: str | None) -> str:
        (scale,) = {
            r["scale_id"]
            for r in self.tables["ratings"]
            if (r["circular_id"], r["measure"], r["group"]) == (row["circular_id"], row["measure"], group)
        }
        return str(scale)

    def distribution(self, row: Row) -> list[Question]:
        """A share of a grade: its count and the printed size of the group."""
        totals = self._totals(row, row["group"])
        return [("counted_share", {"count": totals[row["grade"]], "n": self._size(row)})]

    def _size(self, row: Row) -> int:
        (size,) = {
            r["group_n"]
            for r in self.tables["grade_totals"]
            if (r["circular_id"], r["measure"], r["group"]) == (row["circular_id"], row["measure"], row["group"])
        }
        return int(size)

    def cumulative(self, row: Row) -> list[Question]:
        """A share at or above a grade: the counts of all grades that rank as high."""
        ranks = self.ranks[self._scale(row, row["group"])]
        totals = self._totals(row, row["group"])
        count = sum(n for grade, n in totals.items() if ranks[grade] <= ranks[row["cut"]])
        return [("counted_share", {"count": count, "n": self._size(row)})]

    def band(self, row: Row) -> list[Question]:
        """A share of the common scale: units whose grade may belong to the band or a better one."""
        order = ("fail", "pass", "good", "excellent")
        bands = self.bands[self._scale(row, row["group"])]
        totals = self._totals(row, row["group"])
        count = sum(n for grade, n in totals.items() if order.index(bands[grade][1]) >= order.index(row["band"]))
        return [("counted_share", {"count": count, "n": self._size(row)})]

    def process(self, row: Row) -> list[Question]:
        """Intervals of all grades: how many units and grades; the reading as draws is said in the same row."""
        totals = self._totals(row, row["group"])
        facts = {"n": sum(totals.values()), "n_grades": len(totals), "superpopulation": "draw" in row["reading"]}
        return [("simultaneous_grade_intervals", facts)]

    def comparison(self, row: Row) -> list[Question]:
        """Two groups of one circular: their sizes, and whether one scale serves both."""
        two = [self._totals(row, row[g]) for g in ("group_a", "group_b")]
        same = list(two[0]) == list(two[1]) and self._scale(row, row["group_a"]) == self._scale(row, row["group_b"])
        n_a, n_b = (sum(totals.values()) for totals in two)
        return [("grade_test", {"n_a": n_a, "n_b": n_b, "same_rubric": same, "same_year": True})]


class Nation(Rows):
    """The ways to the facts of the national series."""

    def _series(self, series: str) -> list[Row]:
        """The national figures of websites before the rules of 2019, one a quarter."""
        found: dict[str, Row] = {}
        for r in self.tables["coded_pass_rates"]:
            inside = r["series"] == series and r["scope_level"] == "national" and r["measure"] == "website"
            if inside and r["exercise"] != "census" and r["rate"] is not None and r["period"] < "2019-Q2":
                found.setdefault(r["period"], r)
        return [r for _, r in sorted(found.items())]

    @staticmethod
    def _fewest(row: Row, roundings: Iterable[str]) -> int | None:
        """The fewest failures that the printed figures allow; None where the number checked is missing."""
        n = row["n_checked"]
        if not n or row["comparator"] != "=":
            return None
        if row["n_failed"] is not None:
            return int(row["n_failed"])
        fits = (f for f in range(n + 1) if prints(n - f, n, shown(row["rate"]), roundings))
        return next(fits, None)

    def national(self, series: str, roundings: Iterable[str] = HALVES, without: Row | None = None) -> Question:
        """The question of the trend of a national series under a way of rounding, with one quarter left out."""
        rows = [r for r in self._series(series) if r is not without]
        fewest = [f for r in rows if (f := self._fewest(r, roundings)) is not None]
        return trend_question(fewest)

    def national_trend(self, row: Row) -> list[Question]:
        """A national trend: quarters with a number checked, and the fewest failures in all."""
        return [self.national("central" if "own sample" in row["panel"] else "self_reported")]

    def national_change(self, row: Row) -> list[Question]:
        """A national change: both numbers checked, and one way of inspecting on one side of 2019."""
        series = self._series("central" if "own sample" in row["panel"] else "self_reported")
        before, after = (next(r for r in series if r["period"] == row[p]) for p in ("period_before", "period"))
        same = all(before[c] == after[c] and before[c] for c in ("inspector_level", "design", "measure"))
        facts = {"n_before": before["n_checked"], "n_after": after["n_checked"], "same_rubric": same}
        return [("change", facts)]
