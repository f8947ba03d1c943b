"""Rows of the page on pass rates: one stated rate, one sample read three ways, one census.

Belongs here: shaping what `rates.py` found for table and figure. Does not belong here: several periods
(`rate_series.py`).
"""

from tongbao.stats.gate import gated
from tongbao.stats.intervals import wilson
from tongbao.stats.themes.corpus import Corpus, Row
from tongbao.stats.themes.findings import found_objects
from tongbao.stats.themes.rates import Identified, Sampled, printed_percent, unassumed
from tongbao.tidy.rules import AS_STATED


def rate_row(used: Corpus, row: Row, known: Identified, drawn: Sampled) -> Row:
    """One row of the table of rates.

    `rate` is the share that the counts give where they are known, else the printed one; empty where only a bound is
    printed. `set_low` and `set_high` are what the printed figures leave possible, the open side of a bound empty.
    """
    printed, comparator = printed_percent(row), row["comparator"]
    rate = row["rate"] if comparator == "=" else None
    if len(known.passes) == 1 and known.n:
        rate = known.passes[0] / known.n
    return {
        **row,
        "circular": used.label(row["circular_id"]),
        "label": f"{row['scope']} {row['period'] or ''}".strip(),
        "printed": f"{'' if comparator in ('=', None) else comparator}{printed}%" if printed else None,
        "rate": rate,
        "set_low": None if comparator in ("<", "<=", "~") else known.low,
        "set_high": None if comparator in (">", ">=", "~") else known.high,
        "n": known.n,
        "n_total": known.populations[0] if len(known.populations) == 1 else None,
        "n_passed_low": min(known.passes, default=None),
        "n_passed_high": max(known.passes, default=None),
        "n_total_low": min(known.populations, default=None),
        "n_total_high": max(known.populations, default=None),
        "low": drawn.low,
        "high": drawn.high,
        "method": drawn.method or None,
        "assumption": drawn.assumption or None,
        "gate": None if drawn.low is None else rate_proof(row, known),
        "figure": None if row["basis"] in ("streak", "change") else "rates",
    }


LEVELS = ["national", "province", "prefecture", "zone", "county", "group", "unit"]


def best_rate(rates: list[Row]) -> Row | None:
    """Return the stated rate with an interval that covers most: the headline of the page."""
    found = [r for r in rates if r["low"] is not None and r["basis"] in AS_STATED and r["scope_level"] != "group"]
    return min(found, key=lambda r: (LEVELS.index(r["scope_level"]), -(r["n"] or 0)), default=None)


def rate_proof(row: Row, known: Identified) -> str:
    """Return the proof that the interval of a row may be printed."""
    return gated("share_interval", n=known.n, design=row["design"], comparator=row["comparator"])


def readings(row: Row, known: Identified) -> list[Row]:
    """The same counts read three ways: of the checked, of all if chosen at random, of all if nothing is known."""
    wide = unassumed(known)
    if wide is None or row["low"] is None:
        return []
    common = {name: row[name] for name in ("circular_id", "row", "circular", "n", "design")}
    common["figure"] = f"readings-{row['circular_id']}-{row['row']}"
    common |= dict.fromkeys(("rate", "low", "high", "set_low", "set_high", "n_total"))
    common["gate"] = row["gate"]
    whole = f"all {row['n_total_low']}" + ("" if row["n_total"] else f" or {row['n_total_high']}")
    of_all = {"n_total": row["n_total"], "rate": row["rate"]}
    ends = {"low": row["low"], "high": row["high"]}
    return [
        {**common, "label": f"{row['scope']}: the {row['n']} checked", "rate": row["rate"]},
        {**common, **of_all, **ends, "label": f"{row['scope']}: {whole}, {row['assumption']}"},
        {**common, "label": f"{row['scope']}: {whole}, nothing assumed", "set_low": wide[0], "set_high": wide[1]},
    ]


def census_row(used: Corpus, row: Row, known: Identified, level: float, alone: bool) -> Row:
    """One inspection of every site; what was found beside passing only where it is the circular's one inspection."""
    n, passed = known.n, known.passes[0] if len(known.passes) == 1 else None
    with_finding = len(found_objects(used.rows("findings", row["circular_id"]))) if alone else 0
    out: Row = {
        "circular_id": row["circular_id"],
        "row": row["row"],
        "label": used.label(row["circular_id"]),
        "scope": row["scope"],
        "period": row["period"],
        "n_checked": n,
        "n_passed": passed,
    }
    if n is not None and passed is not None:
        out["process_low"] = wilson(passed, n, level)[0]
    if n is not None and 0 < with_finding <= n:
        low, high = wilson(n - with_finding, n, level)
        out |= {
            "n_with_finding": with_finding,
            "n_without_finding": n - with_finding,
            "share_without_finding": (n - with_finding) / n,
            "gate": gated("counted_share", count=n - with_finding, n=n),
            "clean_process_low": low,
            "clean_process_high": high,
        }
    return out


def census_points(row: Row) -> list[Row]:
    """A census for the figure: the share that passed, and the share without a recorded problem."""
    if row["n_passed"] is None or row["n_checked"] is None:
        return []
    n = row["n_checked"]
    counts = [("passed", row["n_passed"])]
    if row.get("n_without_finding") is not None:
        counts.append(("no problem recorded", row["n_without_finding"]))
    return [
        {
            "circular_id": row["circular_id"],
            "row": row["row"],
            "circular": row["label"],
            "label": name,
            "rate": count / n,
            "n": n,
            "n_total": n,
            "design": "census",
            "count": count,
            "process_low": row["process_low"],
            "figure": f"census-{row['circular_id']}-{row['row']}",
        }
        for name, count in counts
    ]
