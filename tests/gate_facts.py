"""The facts of proofs, made once more from tidy and coded rows by other means than those of the analyses.

A proof says which facts allowed a number. Nothing in it is trusted: for every table that carries proofs there is a way
here to the same facts, by counting rows and by going through all counts that print as the figure.
"""

from collections.abc import Callable, Iterable
from decimal import ROUND_DOWN, ROUND_HALF_UP
from fractions import Fraction

from gate_rows import HALVES, Grades, Nation, Question, prints, shown, trend_question
from tongbao.stats.themes.corpus import Row

_CLEAN = "the list of cities at 100% is complete, so every other city has at least one failure"


class Facts(Grades, Nation):
    """The ways from a row of an analysis to the facts of its proof."""

    def of(self, table: str, row: Row) -> list[Question]:
        """Return the questions that the proof of this row must hold, each a kind and its facts.

        Raises:
            KeyError: there is no way for this table; write one, nothing is let through unseen.
        """
        ways: dict[str, Callable[[Row], list[Question]]] = {
            "bands": self.band,
            "census": self.census,
            "changes": self.change,
            "clean_cities": self.clean_cities,
            "comparisons": self.comparison,
            "cumulative": self.cumulative,
            "distribution": self.distribution,
            "found": self.found,
            "group_gaps": self.gap,
            "groups": self.group,
            "national_changes": self.national_change,
            "national_trends": self.national_trend,
            "process_intervals": self.process,
            "thresholds": self.threshold,
            "trends": self.trend,
        }
        ways |= dict.fromkeys(("national_points", "points", "province_points", "rates", "readings"), self.rate)
        return ways[table](row)

    # One rate.

    def rate(self, row: Row) -> list[Question]:
        """A rate: what its own row prints, extracted or coded."""
        if row.get("coded_row") is not None:
            origin = self.coded[(row["coded_file"], row["coded_row"])]
        else:
            origin = self.by_row[("pass_rates", row["circular_id"], row["row"])]
        return [_share(origin["n_checked"], origin)]

    def change(self, row: Row) -> list[Question]:
        """A change: the stated rate of the later period."""
        before = self.by_row[("pass_rates", row["circular_id"], row["row"])]
        (now,) = [
            r
            for r in self.tables["pass_rates"]
            if r["circular_id"] == row["circular_id"]
            and r["period"] == row["period"]
            and r["basis"] not in ("change", "streak")
            and all(r[c] == before[c] for c in ("scope", "measure", "inspector_level"))
        ]
        return [_share(now["n_checked"], now)]

    # Failures within one province.

    def _whole(self, row: Row) -> Row:
        """The stated rate of the whole province of the same circular."""
        found = [
            r
            for r in self.tables["pass_rates"]
            if r["circular_id"] == row["circular_id"]
            and r["scope_level"] == "province"
            and r["basis"] not in ("change", "streak")
        ]
        return found[0]

    def _failures(self, whole: Row) -> list[int]:
        n = whole["n_checked"]
        if whole["n_failed"] is not None:
            return [whole["n_failed"]]
        if whole["n_passed"] is not None:
            return [n - whole["n_passed"]]
        return sorted(n - x for x in range(n + 1) if prints(x, n, shown(whole["rate"])))

    def _cities(self, whole: Row) -> list[str]:
        year = str(whole["period"])[:4]
        return [
            r["code"]
            for r in self.tables["regions"]
            if r["level"] == "prefecture"
            and r["province_code"] == whole["scope_code"]
            and (r["valid_from"] or "0000")[:4] <= year <= (r["valid_to"] or "9999")[:4]
        ]

    def _designs(self, row: Row, complete: bool) -> list[tuple[int, int]]:
        """Every size and number of failures of a group that prints as its rate."""
        origin = self.by_row[("pass_rates", row["circular_id"], row["row"])]
        whole = self._whole(row)
        most = max(self._failures(whole))
        if complete:
            clean = {
                r["scope_code"]
                for r in self.tables["pass_rates"]
                if r["circular_id"] == row["circular_id"]
                and r["scope_level"] == "prefecture"
                and r["basis"] not in ("change", "streak")
                and r["rate"] == 1
                and r["comparator"] == "="
            }
            failing = [
                r["unit_code"][:4] + "00"
                for r in {r["unit_code"]: r for r in self._rated_failing(row["circular_id"])}.values()
            ]
            most -= sum(max(1, failing.count(code)) for code in self._cities(whole) if code not in clean)
        return [
            (n, failed)
            for n in range(1, whole["n_checked"] + 1)
            for failed in range(min(n, max(most, -1)) + 1)
            if prints(n - failed, n, shown(origin["rate"]), (ROUND_HALF_UP,))
        ]

    def _rated_failing(self, cid: str) -> list[Row]:
        return [
            r
            for r in self.tables["ratings"]
            if r["circular_id"] == cid
            and r["unit_code"]
            and self.bands.get(r["scale_id"] or "", {}).get(r["grade"]) == ("fail", "fail")
        ]

    def group(self, row: Row) -> list[Question]:
        """A group within a province: all sizes that fit its printed rate."""
        origin = self.by_row[("pass_rates", row["circular_id"], row["row"])]
        return [_share([n for n, _ in self._designs(row, row["reading"] == _CLEAN)], origin)]

    def gap(self, row: Row) -> list[Question]:
        """A group against all others: the one size that fits, and the rest of the sample."""
        ((n, _),) = self._designs(row, True)
        return [("group_contrast", {"n_a": n, "n_b": self._whole(row)["n_checked"] - n})]

    def clean_cities(self, row: Row, *, without_groups: bool = False) -> list[Question]:
        """Cities without a failure: how many cities, and the failures that do not lie in groups."""
        whole = self.by_row[("pass_rates", row["circular_id"], row["row"])]
        groups = [
            r
            for r in self.tables["pass_rates"]
            if r["circular_id"] == row["circular_id"] and r["scope_level"] == "group" and r["rate"] is not None
        ]
        outside = {0}
        if groups and not without_groups:
            (group,) = groups
            outside = {failed for _, failed in self._designs(group, True)}
        failures = sorted({f - out for f in self._failures(whole) for out in outside if f >= out})
        return [("occupancy_test", {"n_groups": len(self._cities(whole)), "n_failed": failures})]

    # Units counted.

    def census(self, row: Row) -> list[Question]:
        """An inspection of every site: those without a finding."""
        origin = self.by_row[("pass_rates", row["circular_id"], row["row"])]
        n = origin["n_checked"]
        return [("counted_share", {"count": n - self._found(row["circular_id"]), "n": n})]

    def _found(self, cid: str, parts: Iterable[str | None] = ()) -> int:
        rows = [r for r in self.tables["findings"] if r["circular_id"] == cid and r["category"] != "NO_SITE"]
        rows = [r for r in rows if not parts or r["part"] in parts]
        sites = {r["site"] for r in rows if r["site"]}
        bare = {r["unit"] for r in rows if r["unit"]} - {r["unit"] for r in rows if r["site"]}
        return len(sites) + len(bare)

    def found(self, row: Row) -> list[Question]:
        """Units with a problem, of an inspection of every site."""
        (stated,) = [
            r
            for r in self.tables["pass_rates"]
            if r["circular_id"] == row["circular_id"] and r["basis"] not in ("change", "streak")
        ]
        return [("counted_share", {"count": self._found(row["circular_id"]), "n": stated["n_checked"]})]

    def threshold(self, row: Row) -> list[Question]:
        """A count in two years: the printed count, and that less the printed change."""
        origin = self.by_row[("score_counts", row["circular_id"], row["row"])]
        after, change = Fraction(str(origin["value"])), Fraction(str(origin["change"]))
        return [("paired_counts", {"n_after": int(after), "n_before": int(after - change)})]

    # Periods.

    def trend(self, row: Row) -> list[Question]:
        """A trend of extracted rates: periods with an exact number of failures, and their sum."""
        periods: dict[str, int] = {}
        for r in self.tables["pass_rates"]:
            if all(r[c] == row[c] for c in ("scope", "measure", "inspector_level")) and r["n_checked"]:
                failures = self._failures(r)
                if len(failures) == 1 and r["design"] in ("random_sample", "sample"):
                    periods.setdefault(r["period"], failures[0])
        return [trend_question(list(periods.values()))]

    def other_readings(self) -> list[Question]:
        """What headlines may rest on under other readings, beyond the proofs of the tables themselves."""
        out: list[Question] = []
        for whole in self.tables["pass_rates"]:
            if whole["scope_level"] == "province" and whole["n_checked"] and whole["basis"] not in ("change", "streak"):
                out += self.clean_cities(whole, without_groups=True)
        for census in self.tables["pass_rates"]:
            if census["design"] == "census":
                cid, n = census["circular_id"], census["n_checked"]
                others = {r["part"] for r in self.tables["findings"]} - {"annex"}
                counts = [self._found(cid, parts) for parts in ({"annex"}, others)]
                out += [("counted_share", {"count": count, "n": n}) for count in counts]
        if self.coded:
            every = (*HALVES, ROUND_DOWN)
            for series in ("central", "self_reported"):
                out += [self.national(series, ways) for ways in (HALVES, (ROUND_DOWN,), every)]
            central = self._series("central")
            out += [self.national("central", without=r) for r in central]
            named = [r for r in central if r["source_url"]]
            out.append(trend_question([f for r in named if (f := self._fewest(r, HALVES)) is not None]))
        return out


def _share(n: object, origin: Row) -> Question:
    return "share_interval", {"n": n, "design": origin["design"], "comparator": origin["comparator"]}
