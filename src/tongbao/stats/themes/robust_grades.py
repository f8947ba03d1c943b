"""The headlines of the page on grades, and what becomes of them under the other readings.

Belongs here: which figures are headlines, and the readings that mean something for grades. Does not belong here: how a
reading is asked (`robustness.py`), any statistic.
"""

from collections import defaultdict
from collections.abc import Iterable

from tongbao.stats.gate import joined
from tongbao.stats.multiplicity import holm
from tongbao.stats.result import Analysis
from tongbao.stats.themes.corpus import Parameters, Row, Tables, percent, records, span
from tongbao.stats.themes.robustness import (
    Headline,
    Headlines,
    Make,
    Reading,
    common_readings,
    national_issuers_only,
    robustness,
    said,
)

_ROUNDING = "grades are counts of units, and no rate is rounded"
_CODED = "the figures coded by hand hold no grades"


def grade_robustness(make: Make, tables: Tables, parameters: Parameters) -> list[Row]:
    """Return each headline on grades under every reading.

    Args:
        make: makes the analysis without this table.
        tables, parameters: as given to the theme.
    """

    readings = [
        *common_readings(parameters, rounding=_ROUNDING, coded=_CODED, self_checks=national_issuers_only),
        Reading(
            "counts of the names listed instead of the counts stated",
            tables=_listed_only,
            gone="not every grade has a list of names",
            only=("groups", "group"),
        ),
        Reading("the best grade alone", made=said(make, _best_grade), only=("groups",)),
        Reading("all but the worst grade", made=said(make, _not_worst), only=("groups",)),
        Reading(
            "on the common scale: surely and possibly good or better", made=said(make, _bands), only=("groups", "group")
        ),
        Reading("adjusted for there being several counts (Holm)", made=said(make, _adjusted), only=("thresholds",)),
        Reading(
            "the list taken as all of its kind",
            only=("list",),
            not_applicable="the size of the group is not printed, so even a complete list is no share",
        ),
    ]
    return robustness(said(make, grade_headlines), tables, parameters, readings)


def grade_headlines(made: Analysis) -> Headlines:
    """Return the headline figures of the analysis, by a key that stays under every reading."""
    out: dict[tuple[str, ...], Headline] = {}
    for row in records(made.table("comparisons")):
        text = (
            f"{percent(row['share_a'], 0)} against {percent(row['share_b'], 0)} graded {row['cut']} or better, "
            f"p {row['p_value']:.2g}"
        )
        out[("groups", row["circular_id"], row["measure"], row["group_a"], row["group_b"])] = Headline(
            _pair_name(row), text, row["gate"], 2
        )
    compared = {key[1] for key in out}
    whole = [r for r in records(made.table("distribution")) if r["is_whole"] and r["circular_id"] not in compared]
    for cid, rows in _by_circular(whole).items():
        row = max(rows, key=lambda r: r["group_n"])  # the first of equals: its best grade
        text = f"{row['n']} of {row['group_n']} graded {row['grade']}"
        name = f"{row['label']}: {row['group'] or 'all units'}"
        out[("group", cid, row["measure"], row["group"] or "")] = Headline(name, text, row["gate"])
    for cid, rows in _tested(made).items():
        sure = sum(row["verdict"] == "significant" for row in rows)
        out[("thresholds", cid)] = _counts(rows, sure)
    for cid, rows in _by_circular(records(made.table("lists"))).items():
        text = "; ".join(
            f"{row['n_listed']} {row['group'] or 'units'} named {row['grade'] or ''}".strip() for row in rows
        )
        out[("list", cid)] = Headline(f"{rows[0]['label']}: lists of names", f"{text}: counts", None, len(rows))
    return out


def _pair_name(row: Row) -> str:
    return f"{row['label']}: {row['group_a']} against {row['group_b']}"


def _tested(made: Analysis) -> dict[str, list[Row]]:
    """The counts of units in two years, by circular."""
    return _by_circular(row for row in records(made.table("thresholds")) if row["verdict"])


def _counts(rows: list[Row], sure: int) -> Headline:
    text = f"{sure} of {len(rows)} counts changed by more than chance whatever units moved"
    proof = joined(row["gate"] for row in rows)
    return Headline(f"{rows[0]['label']}: counts of units over a score", text, proof, len(rows))


def _by_circular(rows: Iterable[Row]) -> dict[str, list[Row]]:
    out: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        out[row["circular_id"]].append(row)
    return dict(out)


def _listed_only(tables: Tables) -> Tables:
    totals = tables.get("grade_totals")
    if totals is None:
        return tables
    # A grade that the text says nobody got has no list to count.
    nobody = totals["n_stated"].eq(0) & totals["n_listed"].isna()
    return {**tables, "grade_totals": totals.assign(n_stated=totals["n_stated"].where(nobody))}


def _best_grade(made: Analysis) -> Headlines:
    return _at_cut(made, 0)


def _not_worst(made: Analysis) -> Headlines:
    return _at_cut(made, -1)


def _at_cut(made: Analysis, place: int) -> Headlines:
    """The two shares at another cut; no test, which would be a second one on the same grades."""
    out: dict[tuple[str, ...], Headline] = {}
    shares: dict[tuple[str, str, str], list[Row]] = {}
    for row in records(made.table("cumulative")):
        shares.setdefault((row["circular_id"], row["measure"], row["group"]), []).append(row)
    for row in records(made.table("comparisons")):
        two = [shares.get((row["circular_id"], row["measure"], row[g]), []) for g in ("group_a", "group_b")]
        if all(two):
            a, b = (rows[place] for rows in two)
            text = f"{percent(a['share'], 0)} against {percent(b['share'], 0)} graded {a['cut']} or better"
            key = ("groups", row["circular_id"], row["measure"], row["group_a"], row["group_b"])
            out[key] = Headline(_pair_name(row), text, joined((a["gate"], b["gate"])), 2)
    return out


def _bands(made: Analysis) -> Headlines:
    good = {
        (row["circular_id"], row["measure"], row["group"]): row
        for row in records(made.table("bands"))
        if row["band"] == "good"
    }
    out: dict[tuple[str, ...], Headline] = {}
    for row in records(made.table("comparisons")):
        found = [good.get((row["circular_id"], row["measure"], row[g])) for g in ("group_a", "group_b")]
        a, b = found
        if a and b:
            text = f"{_range(a)} against {_range(b)}"
            key = ("groups", row["circular_id"], row["measure"], row["group_a"], row["group_b"])
            out[key] = Headline(_pair_name(row), text, joined((a["gate"], b["gate"])), 2)
    for (cid, measure, group), row in good.items():
        name = f"{row['label']}: {group or 'all units'}"
        out[("group", cid, measure, group or "")] = Headline(name, _range(row), row["gate"])
    return out


def _range(row: Row) -> str:
    return span(row["share_low"], row["share_high"], 0)


def _adjusted(made: Analysis) -> Headlines:
    """The verdicts when the largest p-value of each count is adjusted for there being several (Holm)."""
    level = float(made.params["level"])
    out: dict[tuple[str, ...], Headline] = {}
    for cid, rows in _tested(made).items():
        sure = sum(p < 1 - level for p in holm([row["p_high"] for row in rows]))
        out[("thresholds", cid)] = _counts(rows, sure)
    return out
