"""Grades of the groups of one circular: counts, shares, bands, and two groups side by side.

Belongs here: what is computed for groups whose grades are counted. Does not belong here: lists and scores
(`grade_shares.py`), the tests and intervals themselves (`tongbao.stats.ordinal`, `intervals`).
"""

from collections import defaultdict
from dataclasses import dataclass
from itertools import accumulate, combinations

from tongbao.stats.enough import enough
from tongbao.stats.gate import gated
from tongbao.stats.intervals import goodman, newcombe_difference, sison_glaz
from tongbao.stats.multiplicity import holm
from tongbao.stats.ordinal import BANDS, crosswalk_bounds, exact_ordinal_test, superiority
from tongbao.stats.result import Refusal
from tongbao.stats.themes.corpus import Corpus, Row
from tongbao.stats.themes.scales import Scales

PROCESS = "only if each unit's grade is read as an independent draw"


@dataclass(frozen=True)
class Group:
    """The grades of one group in one circular, best first.

    Attributes:
        rows: rows of the distribution.
        is_whole: every unit of the group has one of these grades.
        is_ordered: the order of the grades is known.
    """

    rows: list[Row]
    is_whole: bool
    is_ordered: bool

    @property
    def counts(self) -> list[int]:
        """Units per grade."""
        return [row["n"] for row in self.rows]

    @property
    def first(self) -> Row:
        """The row of the best grade, which carries what the rows have in common."""
        return self.rows[0]

    @property
    def name(self) -> str:
        """The group for readers."""
        return f"{self.first['group'] or 'all units'} ({self.first['label']})"


def grade_groups(used: Corpus, scales: Scales) -> tuple[list[Group], list[Refusal]]:
    """Return every measure and group whose grades are counted, and why shares are not given for some."""
    by_group: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for row in used.rows("grade_totals"):
        by_group[(row["circular_id"], row["measure"], row["group"] or "")].append(row)
    found, refused = [], []
    order = list(used.circulars)
    for (cid, measure, group), rows in sorted(by_group.items(), key=lambda item: order.index(item[0][0])):
        rated = [
            r for r in used.rows("ratings", cid) if (r["measure"], r["group"] or "") == (measure, group) and r["grade"]
        ]
        name = f"{group or 'all units'} ({used.label(cid)})"
        unequal = [r for r in rows if None not in (r["n_stated"], r["n_listed"]) and r["n_stated"] != r["n_listed"]]
        if unequal:
            stated = "、".join(f"{r['grade']} {r['n_stated']}/{r['n_listed']}" for r in unequal)
            reason = f"The stated counts and the names listed disagree (stated/listed: {stated})."
            refused.append(Refusal(f"Shares of the grades of {name}", reason))
        counts = [r["n_stated"] if r["n_stated"] is not None else r["n_listed"] for r in rows]
        size = {r["group_n"] for r in rows} - {None}
        n = size.pop() if len(size) == 1 else None
        is_whole = not unequal and n is not None and None not in counts and sum(counts) == n
        if not is_whole and not unequal:
            refused.append(Refusal(f"Shares of the grades of {name}", _why_not_whole(n, counts)))
        scale_id = rated[0]["scale_id"] if rated else None
        ranks = scales.ranks.get(scale_id or "", {}) or scales.ranks_for(r["grade"] for r in rows)
        ranks = ranks | {r["grade"]: r["grade_rank"] for r in rated if r["grade_rank"] is not None}
        in_order, is_ordered = _in_order(rows, ranks)
        place = {r["row"]: i for i, r in enumerate(in_order, start=1)}
        common = {
            "label": used.label(cid),
            "group_kind": rated[0]["group_kind"] if rated else None,
            "scale_id": scale_id,
            "group_n": n,
            "is_whole": is_whole,
            "figure": f"grades-{cid}-{measure}" if is_whole and is_ordered else None,
        }
        found.append(
            Group(
                [
                    {
                        **row,
                        **common,
                        "grade_rank": ranks.get(row["grade"], place[row["row"]] if is_ordered else None),
                        "n": (count := counts[rows.index(row)]),
                        "share": count / n if is_whole and n else None,
                        "gate": gated("counted_share", count=count, n=n) if is_whole and n else None,
                        "is_fail": scales.is_fail(scale_id, row["grade"]),
                    }
                    for row in in_order
                ],
                is_whole,
                is_ordered,
            )
        )
    return found, refused


def _why_not_whole(n: int | None, counts: list[int | None]) -> str:
    if n is None:
        return (
            "The circular does not print how many units the group has, so the units named or counted are no share "
            "of anything."
        )
    if None in counts:
        return "For one of the grades neither a count nor a list is printed."
    return f"The grades printed add up to {sum(c or 0 for c in counts)} of {n} units; the other grades are not known."


def _in_order(rows: list[Row], ranks: dict[str, int]) -> tuple[list[Row], bool]:
    """Put grades best first: as printed where that agrees with the ranks known, else by rank alone."""
    known = [ranks[r["grade"]] for r in rows if r["grade"] in ranks]
    if known and known == sorted(set(known)):
        return rows, True
    if len(known) == len(rows):
        return sorted(rows, key=lambda r: ranks[r["grade"]]), True
    return rows, False


def cumulative_shares(group: Group) -> list[Row]:
    """Return how many units are graded at or above each grade but the worst."""
    return [
        {
            **row,
            "cut": row["grade"],
            "n_at_least": n,
            "share": n / row["group_n"],
            "gate": gated("counted_share", count=n, n=row["group_n"]),
        }
        for row, n in zip(group.rows[:-1], accumulate(group.counts), strict=False)
    ]


def process_intervals(groups: list[Group], level: float) -> tuple[list[Row], list[Refusal]]:
    """Simultaneous intervals under the reading that grades are draws, apart from the description."""
    out, refused = [], []
    for group in groups:
        n, k = sum(group.counts), len(group.rows)
        verdict = enough("simultaneous_grade_intervals", n=n, n_grades=k, superpopulation=True)
        why = "All units have the same grade." if k < 2 else "" if verdict else verdict.reason
        if why:
            refused.append(Refusal(f"Ranges of the grades read as draws, {group.name}", why))
            continue
        ends = (goodman if k < 7 else sison_glaz)(group.counts, level)
        rough = min(group.counts) < 5
        proof = gated("simultaneous_grade_intervals", n=n, n_grades=k, superpopulation=True)
        out += [
            {**row, "low": low, "high": high, "is_approximate": rough, "reading": PROCESS, "gate": proof}
            for row, (low, high) in zip(group.rows, ends, strict=True)
        ]
    return out, refused


def compare_groups(groups: list[Group], level: float) -> tuple[list[Row], list[Refusal]]:
    """Groups of one circular on one scale, compared in pairs."""
    out, refused = [], []
    for a, b in combinations(groups, 2):
        if any(a.first[c] != b.first[c] for c in ("circular_id", "measure")):
            continue
        what = f"{a.first['group']} against {b.first['group']} ({a.first['label']})"
        grades = [r["grade"] for r in a.rows]
        # One circular grades by one rubric; two scale ids, or two sets of grades, say that it does not.
        same = grades == [r["grade"] for r in b.rows] and a.first["scale_id"] == b.first["scale_id"]
        facts = {"n_a": sum(a.counts), "n_b": sum(b.counts), "same_rubric": same, "same_year": True}
        verdict = enough("grade_test", **facts)
        if not verdict:
            refused.append(Refusal(what, verdict.reason))
            continue
        if grades != [r["grade"] for r in b.rows] or not (a.is_ordered and b.is_ordered):
            refused.append(Refusal(what, "The two groups are not given on the same ordered grades."))
            continue
        if sum(1 for x, y in zip(a.counts, b.counts, strict=True) if x + y) < 2:
            refused.append(Refusal(what, "All units have the same grade, so there is nothing to compare."))
            continue
        better = superiority(a.counts, b.counts, level)
        cut = min(1, len(grades) - 2)  # the second-best grade of three or more: chosen before the counts are seen
        x, y = sum(a.counts[: cut + 1]), sum(b.counts[: cut + 1])
        low, high = newcombe_difference(x, sum(a.counts), y, sum(b.counts), level)
        out.append(
            {
                **a.first,
                "group_a": a.first["group"],
                "group_b": b.first["group"],
                "n_a": sum(a.counts),
                "n_b": sum(b.counts),
                "superiority": better.value,
                "low": better.low,
                "high": better.high,
                "p_value": exact_ordinal_test(a.counts, b.counts).p_value,
                "cut": grades[cut],
                "share_a": x / sum(a.counts),
                "share_b": y / sum(b.counts),
                "difference": x / sum(a.counts) - y / sum(b.counts),
                "difference_low": low,
                "difference_high": high,
                "reading": PROCESS,
                "gate": gated("grade_test", **facts),
            }
        )
        refused += _model(what, a.counts, b.counts)
    for row, adjusted in zip(out, holm([row["p_value"] for row in out]), strict=True):
        row["p_holm"] = adjusted
    return out, refused


def _model(what: str, a: list[int], b: list[int]) -> list[Refusal]:
    """Say why no ordinal model is fitted: with one factor the table itself is the model."""
    totals = [x + y for x, y in zip(a, b, strict=True)]
    sides = [min(sum(totals[:k]), sum(totals[k:])) for k in range(1, len(totals))]
    verdict = enough(
        "ordinal_model", n_smaller=min(sides), n_parameters=1, every_grade_used=0 not in totals, separated=False
    )
    reason = verdict.reason if not verdict else "With the group as only factor the table of counts is the full model."
    return [Refusal(f"Model of all grades at once, {what}", reason)]


def common_bands(groups: list[Group], scales: Scales) -> tuple[list[Row], list[Refusal]]:
    """Units at or above each band of the common scale; an interval where a grade may belong to two bands."""
    out, refused = [], []
    for group in groups:
        known = scales.bands_for(group.first["scale_id"], [r["grade"] for r in group.rows])
        if known is None:
            reason = "No crosswalk is known for one of its grades."
            refused.append(Refusal(f"Bands of the common scale for {group.name}", reason))
            continue
        by_grade = {r["grade"]: r["n"] for r in group.rows}
        for band in BANDS[1:]:
            found = crosswalk_bounds(by_grade, known, band)
            low, high = found.share
            out.append(
                {
                    **group.first,
                    "band": band,
                    "surely": found.surely,
                    "possibly": found.possibly,
                    "share_low": low,
                    "share_high": high,
                    "gate": gated("counted_share", count=found.possibly, n=group.first["group_n"]),
                }
            )
    return out, refused
