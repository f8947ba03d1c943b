"""Theme: points taken off (扣分) and problems found (问题).

Belongs here: extremes, named units with open bounds, what these fix and what not, counts of problems. Does not belong
here: bounds by arithmetic (`tongbao.stats.censored`), drawing. Never a midpoint.
"""

from collections import defaultdict
from dataclasses import replace

from tongbao.errors import TongbaoError
from tongbao.stats.censored import DeductionBounds, deduction_bounds
from tongbao.stats.counts import Interval
from tongbao.stats.enough import enough
from tongbao.stats.gate import gated
from tongbao.stats.result import Analysis, Refusal
from tongbao.stats.themes.captions import captions_frame
from tongbao.stats.themes.corpus import Corpus, Parameters, Row, Tables, corpus, frame, merged
from tongbao.stats.themes.corpus import records as records_of
from tongbao.stats.themes.deduction_words import deduction_captions, finding_captions
from tongbao.stats.themes.findings import COLUMNS as FINDING_COLUMNS
from tongbao.stats.themes.findings import by_category, found_objects, passing_note
from tongbao.stats.themes.pairs import facts, pairs, pairs_note, regimes_of
from tongbao.stats.themes.robust_deductions import deduction_robustness
from tongbao.stats.themes.robustness import ROBUSTNESS, asked
from tongbao.tidy.rules import AS_STATED

NAME = "deduction_ranges"
TABLES = ["deductions", "findings"]
NO_SITE = "NO_SITE"

_UNITS = [
    *("circular_id", "row", "label", "scope", "unit", "unit_name", "statistic", "points", "points_low"),
    *("points_low_closed", "points_high", "points_high_closed", "high_from", "figure"),
]
_RANGES = [
    "circular_id",
    "label",
    "scope",
    "min",
    "min_row",
    "max",
    "max_row",
    "n_units",
    "threshold",
    "n_above",
    "figure",
]
_FIXED = ["circular_id", "label", "scope", "quantity", "low", "high", "is_fixed", "why"]
_NO_SITE = ["circular_id", "row", "label", "unit"]
_FOUND = [
    *(
        "circular_id",
        "label",
        "n_with_finding",
        "n_checked",
        "n_passed",
        "share_with_finding",
        "n_statements_unnamed",
        "gate",
    ),
]


def deduction_ranges(tables: Tables, parameters: Parameters) -> Analysis:
    """Return the analysis of deductions and of problems found.

    Args:
        tables: tidy tables by name; of the reference tables `problems` and `regimes` are used where given.
        parameters: `include_copies`; `level` is recorded, no interval is made here.
    """
    made = _made(tables, parameters)
    robust = deduction_robustness(_made, tables, parameters) if asked(parameters) else []
    return replace(made, tables={**made.tables, "robustness": frame(ROBUSTNESS, robust)})


def _made(tables: Tables, parameters: Parameters) -> Analysis:
    """Return the analysis without the table of other readings."""
    used = corpus(tables, parameters, TABLES)
    names = {r["code"]: r["name_zh"] for r in records_of(tables.get("problems"))}
    refused, ranges, units, fixed = list(used.refused), [], [], []
    for cid in used.circulars:
        scopes: dict[str, list[Row]] = defaultdict(list)
        for row in used.rows("deductions", cid):
            scopes[row["scope"] or ""].append(row)
        for number, (scope, rows) in enumerate(scopes.items(), start=1):
            size = _group_size(used, cid, scope)
            one = {**_range(used, cid, scope, rows, size), "figure": f"deductions-{cid}-{number}"}
            ranges.append(one)
            units += _units(used, rows, one)
            more, why = _fixed(used, one, rows)
            fixed += more
            refused += why
    no_site = [
        {**r, "label": used.label(r["circular_id"])}
        for r in used.rows("findings")
        if r["category"] == NO_SITE and r["unit"]
    ]
    problems = by_category(used, names)
    found, why = _found(used)
    refused += why
    main = {r["circular_id"]: facts(used.circulars[r["circular_id"]], measure="website") for r in ranges}
    two = pairs(used, main, regimes_of(tables), own_scale=True)
    return Analysis(
        NAME,
        {"level": parameters["level"], "include_copies": list(parameters["include_copies"])},
        {
            "circulars": used.circulars_frame(),
            "ranges": frame(_RANGES, ranges),
            "units": frame(_UNITS, units, "deductions"),
            "fixed": frame(_FIXED, fixed),
            "no_site": frame(_NO_SITE, no_site, "findings"),
            "found": frame(_FOUND, found),
            "findings": frame(FINDING_COLUMNS, problems),
            "pairs": two,
            "captions": captions_frame([*deduction_captions(units, ranges), *finding_captions(problems)]),
        },
        merged(refused),
        [*_notes(ranges, no_site, found), pairs_note(two, "deductions")],
    )


def _group_size(used: Corpus, cid: str, scope: str) -> int | None:
    """The printed size of the group that the deductions are about, where the circular gives one."""
    sizes = {r["group_n"] for r in used.rows("grade_totals", cid) if r["group"] == scope and r["group_n"] is not None}
    return int(sizes.pop()) if len(sizes) == 1 else None


def _range(used: Corpus, cid: str, scope: str, rows: list[Row], size: int | None) -> Row:
    extremes = {s: next((r for r in rows if r["statistic"] == s), None) for s in ("min", "max")}
    named = [r for r in rows if r["statistic"] == "unit"]
    thresholds = {(r["points_low"], r["points_low_closed"]) for r in named if r["points"] is None}
    threshold = thresholds.pop()[0] if len(thresholds) == 1 else None
    above = [r for r in named if threshold is not None and (r["points"] or r["points_low"] or 0) >= threshold]
    return {
        "circular_id": cid,
        "label": used.label(cid),
        "scope": scope or None,
        **{s: r["points"] if r else None for s, r in extremes.items()},
        **{f"{s}_row": r["row"] if r else None for s, r in extremes.items()},
        "n_units": size,
        "threshold": threshold,
        "n_above": len(above) if threshold is not None else None,
    }


def _units(used: Corpus, rows: list[Row], one: Row) -> list[Row]:
    """The extremes, and each named unit: its exact points, or the bounds of the text closed by the printed maximum."""
    out = []
    for row in rows:
        low, high = row["points_low"], row["points_high"]
        low_closed, high_closed, high_from = row["points_low_closed"], row["points_high_closed"], None
        if row["points"] is not None:
            low = high = row["points"]
            low_closed = high_closed = True
            high_from = "stated"
        elif high is not None:
            high_from = "largest deduction printed" if high == one["max"] else "stated"
        elif one["max"] is not None:
            high, high_closed, high_from = one["max"], True, "largest deduction printed"
        out.append(
            {
                **row,
                "label": used.label(row["circular_id"]),
                "points_low": low,
                "points_low_closed": low_closed,
                "points_high": high,
                "points_high_closed": high_closed,
                "high_from": high_from,
                "figure": one["figure"],
            }
        )
    return out


def _fixed(used: Corpus, one: Row, rows: list[Row]) -> tuple[list[Row], list[Refusal]]:
    """What the printed figures fix of the group's deductions, and what they leave open."""
    key = {name: one[name] for name in ("circular_id", "label", "scope")}
    where = f"{one['label']}" + (f", {one['scope']}" if one["scope"] else "")
    out, refused = [], []

    def fix(quantity: str, low: float | None, high: float | None, why: str) -> None:
        out.append({**key, "quantity": quantity, "low": low, "high": high, "is_fixed": True, "why": why})

    def leave(quantity: str, why: str) -> None:
        out.append({**key, "quantity": quantity, "is_fixed": False, "why": why})
        refused.append(Refusal(f"{quantity.capitalize()} ({where})", why))

    for name, word in (("min", "smallest"), ("max", "largest")):
        if one[name] is not None:
            fix(f"{word} deduction", one[name], one[name], "printed")
    if one["n_above"] is not None:
        limit = f"{one['threshold']:g}"
        fix(f"units named above {limit} points", one["n_above"], one["n_above"], "counted from the names")
    bounds = _bounds(one)
    if bounds is not None and one["n_units"] is not None:
        for quantity, interval in (
            ("share above the threshold", bounds.share_above),
            ("median", bounds.median),
            ("mean", bounds.mean),
        ):
            if interval is not None:
                low, high = _ends(interval)
                fix(quantity, low, high, "bounds by arithmetic")
    for item in bounds.refused if bounds else ():
        leave(item.what, item.reason)
    n_named = sum(r["statistic"] == "unit" for r in rows)
    mean = enough("mean_deduction", n=one["n_units"], n_with_interval=n_named)
    if bounds is None and not mean:
        leave("mean", mean.reason)
    curve = enough("npmle_curve", n_intervals=n_named)
    # Units are named because they are bad, so even ten of them are no picture of all.
    why = curve.reason if not curve else "The units are named for their high deductions and do not stand for all."
    leave("distribution of the deductions", why)
    return out, refused


def _bounds(one: Row) -> DeductionBounds | None:
    if any(one[name] is None for name in ("min", "max", "threshold", "n_above")):
        return None
    try:
        return deduction_bounds(one["min"], one["max"], one["threshold"], one["n_above"], one["n_units"])
    except TongbaoError:
        return None


def _ends(interval: Interval) -> tuple[float, float]:
    return interval.as_floats()


def _found(used: Corpus) -> tuple[list[Row], list[Refusal]]:
    """How many units each circular names with a problem; a share only beside a census of known size."""
    out, refused = [], []
    for cid in used.circulars:
        rows = used.rows("findings", cid)
        if not rows:
            continue
        rates = [r for r in used.rows("pass_rates", cid) if r["basis"] in AS_STATED]
        census = rates[0] if len(rates) == 1 and rates[0]["design"] == "census" else None
        n = census["n_checked"] if census else None
        named = len(found_objects([r for r in rows if r["category"] != NO_SITE]))
        out.append(
            {
                "circular_id": cid,
                "label": used.label(cid),
                "n_with_finding": named,
                "n_checked": n,
                "n_passed": _passed(census) if census else None,
                "share_with_finding": named / n if n and named <= n else None,
                "gate": gated("counted_share", count=named, n=n) if n and named <= n else None,
                "n_statements_unnamed": sum(1 for r in rows if not r["unit"] and not r["site"]),
            }
        )
        if n is None:
            why = (
                "The circular names units with problems without a full list of the units looked at, so there is "
                "a count and no share; a unit that is not named is not thereby without problems."
                if named
                else "The circular speaks of problems without naming the units, so not even a count is known."
            )
            refused.append(Refusal(f"Share of units with a problem ({used.label(cid)})", why))
    return out, refused


def _passed(row: Row) -> int | None:
    if row["n_passed"] is not None:
        return int(row["n_passed"])
    if row["n_failed"] is not None and row["n_checked"] is not None:
        return int(row["n_checked"] - row["n_failed"])
    return int(row["n_checked"]) if row["rate"] == 1.0 and row["n_checked"] is not None else None


def _notes(ranges: list[Row], no_site: list[Row], found: list[Row]) -> list[str]:
    notes = []
    for one in ranges:
        if one["min"] is None or one["max"] is None:
            continue
        text = f"{one['label']}: deductions run from {one['min']:g} to {one['max']:g} points"
        if one["n_above"]:
            text += f", {one['n_above']} units are named above {one['threshold']:g}"
        if one["n_units"] is None:
            text += "; how many units were scored is not printed, so there is no share, median or mean"
        notes.append(f"{text}.")
        without = [r["unit"] for r in no_site if r["circular_id"] == one["circular_id"]]
        if without:
            notes.append(
                f"{one['label']}: {'、'.join(without)} had no website; that is neither zero points nor the worst score."
            )
    if not notes:
        notes.append("No circular here prints both its smallest and its largest deduction.")
    for row in found:
        if row["share_with_finding"] and row["n_passed"] is not None:
            notes.append(passing_note(row["label"], row["n_passed"], row["n_checked"], row["n_with_finding"]))
    return notes
