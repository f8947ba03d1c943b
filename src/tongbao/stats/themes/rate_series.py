"""Pass rates over time: runs at 100 %, printed changes, trends.

Belongs here: rows of several periods. Does not belong here: one rate (`rates.py`), the page (`pass_rate_trends.py`).
"""

from collections import defaultdict
from collections.abc import Iterable
from fractions import Fraction

import pandas as pd

from tongbao.stats.comparable import comparable, period_span
from tongbao.stats.counts import Interval
from tongbao.stats.enough import enough
from tongbao.stats.gate import gated
from tongbao.stats.result import Refusal
from tongbao.stats.sources import SOURCES, origins
from tongbao.stats.themes.corpus import Corpus, Row
from tongbao.stats.themes.pairs import rate_facts
from tongbao.stats.themes.rates import Identified, Key, row_key
from tongbao.stats.trend import change_margin, cochran_armitage, exact_trend_test, expected_failures
from tongbao.tidy.rules import AS_STATED


def rate_points(rates: list[Row], trends: list[Row]) -> list[Row]:
    """Rates of every scope that has two periods or more; points are joined only where a trend test is made."""
    tested = {(t["scope"], t["measure"], t["inspector_level"]) for t in trends}
    periods: dict[tuple[str, str, str | None], set[str]] = defaultdict(set)
    for row in rates:
        if row["period"] and row["rate"] is not None:
            periods[(row["scope"], row["measure"], row["inspector_level"])].add(row["period"])
    out = []
    for row in rates:
        key = (row["scope"], row["measure"], row["inspector_level"])
        if len(periods[key]) > 1 and row["rate"] is not None and row["period"]:
            series = "/".join(part or "" for part in key) + ("" if key in tested else f"/{row['period']}")
            out.append({**row, "province": row["scope"], "series": series, "figure": "points"})
    return out


def rate_streaks(used: Corpus) -> list[Row]:
    """Runs of periods at 100 %, as quoted: the rows of each run and the stated row of its last period."""
    runs: dict[tuple[str, str, str, str], list[Row]] = defaultdict(list)
    for row in used.rows("pass_rates"):
        if row["basis"] == "streak":
            runs[(row["circular_id"], row["scope"], row["measure"], row["inspector_level"] or "")].append(row)
    out = []
    for (cid, scope, measure, inspector), run in runs.items():
        last = used.circulars[cid]["period"]
        stated = [
            r
            for r in used.rows("pass_rates", cid)
            if (r["scope"], r["measure"], r["inspector_level"] or "") == (scope, measure, inspector)
            and r["basis"] in AS_STATED
            and r["period"] == last
            and r["rate"] == 1.0
        ]
        periods = sorted({r["period"] for r in [*run, *stated] if r["period"]})
        verdict = enough("streak_bound", n_per_period=[r["n_checked"] for r in [*run, *stated]])
        out.append(
            {
                "circular_id": cid,
                "row": run[0]["row"],
                "label": used.label(cid),
                "scope": scope,
                "first_period": periods[0] if periods else None,
                "last_period": periods[-1] if periods else None,
                "n_periods": len(periods),
                "quote": run[0].get("quote"),
                "reason": "The number of sites is printed for every period, yet the same sites come back each time, so "
                "the periods are not independent and no bound is given."
                if verdict
                else verdict.reason,
            }
        )
    return out


def rate_changes(used: Corpus, known: dict[Key, Identified], level: float) -> tuple[list[Row], list[Refusal]]:
    """Return printed changes as the range that the two figures allow, with the margin of sampling beside it."""
    out, refused = [], []
    for before in used.rows("pass_rates"):
        if before["basis"] != "change" or before["rate_low"] is None or before["rate_high"] is None:
            continue
        now = [
            r
            for r in used.rows("pass_rates", before["circular_id"])
            if r["basis"] in AS_STATED
            and all(r[c] == before[c] for c in ("scope", "measure", "inspector_level"))
            and (r["period"] or "") > (before["period"] or "")
        ]
        if not now:
            continue
        row = min(now, key=lambda r: r["period"])
        label, found = used.label(row["circular_id"]), known[row_key(row)]
        earlier = Interval(Fraction(str(before["rate_low"])), Fraction(str(before["rate_high"])), True, False)
        low, high = (found.interval - earlier).as_floats()
        facts = {"n": found.n, "design": row["design"], "comparator": row["comparator"]}
        margin = _margin(found, level) if enough("share_interval", **facts) else None
        out.append(
            {
                "circular_id": before["circular_id"],
                "row": before["row"],
                "label": label,
                "scope": row["scope"],
                "period_before": before["period"],
                "period": row["period"],
                "before_low": before["rate_low"],
                "before_high": before["rate_high"],
                "change_low": low,
                "change_high": high,
                "margin": margin,
                "n_checked": found.n,
                "assumption": "the earlier sample was as large as this one and drawn independently at random",
                "quote": before.get("quote"),
                "gate": None if margin is None else gated("share_interval", **facts),
            }
        )
        verdict = enough("change", n_before=before["n_checked"], n_after=found.n, same_rubric=None)
        if not verdict:
            what = f"Interval of the change of {row['scope']} from {before['period']} to {row['period']} ({label})"
            refused.append(Refusal(what, verdict.reason))
    return out, refused


def _margin(found: Identified, level: float) -> float | None:
    """Half-width of the noise in a change, the widest over what the printed figures allow; None if not reckonable."""
    if found.n is None or not found.passes or {0, found.n} & set(found.passes):
        return None
    n = found.n
    totals: Iterable[int | None] = found.populations if 0 < len(found.populations) <= 5 else (None,)
    return max(change_margin(x / n, n, N, level) for x in found.passes for N in totals)


def rate_trends(used: Corpus, regimes: pd.DataFrame, known: dict[Key, Identified]) -> tuple[list[Row], list[Refusal]]:
    """Return tests for trend where the data suffice, and for every other place of two periods why there is none."""
    series: dict[tuple[str, str, str, str], list[Row]] = defaultdict(list)
    for row in used.rows("pass_rates"):
        if row["period"]:
            key = (row["scope_code"] or "", row["scope"], row["measure"], row["inspector_level"] or "")
            series[key].append(row)
    out, refused = [], []
    for (_, scope, measure, inspector), points in sorted(series.items()):
        periods = sorted({r["period"] for r in points})
        if len(periods) < 2:
            continue
        usable: dict[str, Row] = {}
        for row in points:
            found = known[row_key(row)]
            if found.n and len(found.passes) == 1 and row["design"] in ("random_sample", "sample"):
                usable.setdefault(row["period"], row)
        x = [known[row_key(r)].passes[0] for _, r in sorted(usable.items())]
        n = [known[row_key(r)].n or 0 for _, r in sorted(usable.items())]
        failures = sum(expected_failures(x, n)) if n else None
        verdict = enough("trend_test", n_periods=len(usable), expected_failures=failures)
        what = f"Trend of {scope} ({measure.replace('_', ' ')}, {periods[0]} to {periods[-1]})"
        if not verdict:
            refused.append(Refusal(what, verdict.reason))
            continue
        ordered = [rate_facts(used.circulars[r["circular_id"]], r) for _, r in sorted(usable.items())]
        against = [comparable(ordered[0], r, regimes, across_periods=True) for r in ordered[1:]]
        broken = next((v.reason for v in against if not v), "")
        times = [12 * period_span(p)[0].year + period_span(p)[0].month for p in sorted(usable)]
        test = Refusal(what, broken) if broken else cochran_armitage(x, n, times)
        if isinstance(test, Refusal):
            refused.append(Refusal(what, test.reason))
            continue
        out.append(
            {
                "scope": scope,
                "measure": measure,
                "inspector_level": inspector or None,
                "first_period": min(usable),
                "last_period": max(usable),
                "n_periods": len(usable),
                "z": test.z,
                "p_value": test.p_value,
                "gate": gated("trend_test", n_periods=len(usable), expected_failures=failures),
                "p_exact": exact_trend_test(x, n, times),
                SOURCES: origins(row for _, row in sorted(usable.items())),
            }
        )
    return out, refused
