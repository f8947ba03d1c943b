"""Change and trend in the coded series of the nation and of the provinces.

Belongs here: tests through `enough`. Does not belong here: points (`coded.py`), other readings (`robust_coded.py`).
A rate that is only printed leaves a set of counts; every result is the range over that set, never its middle
(Manski 2003). The trend is the Cochran-Armitage test; the slope a quasi-binomial logit with its interval by t.
"""

from collections.abc import Sequence
from itertools import pairwise, product

import pandas as pd

from tongbao.stats.comparable import comparable, period_span
from tongbao.stats.counts import Rule, counts_for_rate
from tongbao.stats.enough import enough
from tongbao.stats.gate import gated
from tongbao.stats.intervals import newcombe_difference
from tongbao.stats.result import Refusal
from tongbao.stats.sources import SOURCES, origins
from tongbao.stats.themes.coded import PANELS, before_break
from tongbao.stats.themes.corpus import Row
from tongbao.stats.themes.rates import printed_percent
from tongbao.stats.trend import cochran_armitage, expected_failures, slope_range

CHANGES = [
    *("panel", "period_before", "period", "printed_before", "printed", "n_before", "n", "low", "high", "reading"),
    *("gate", SOURCES),
]
TRENDS = [
    *("panel", "first_period", "last_period", "n_periods", "n_checked", "n_failed_low", "n_failed_high", "z_low"),
    *(
        "z_high",
        "p_low",
        "p_high",
        "slope_low",
        "slope_high",
        "interval_low",
        "interval_high",
        "verdict",
        "gate",
        SOURCES,
    ),
]


def counts_of(row: Row, rule: Rule = "rounded") -> list[int]:
    """Return the possible numbers of passes: from failures where printed, else from the rate under a convention."""
    n = row["n_checked"]
    if n is None or n < 1 or row["comparator"] != "=":
        return []
    if row["n_failed"] is not None:
        return [n - row["n_failed"]]
    printed = printed_percent({**row, "quote": None})
    return counts_for_rate(printed, n, rule=rule) if printed else []


def national_series(rows: Sequence[Row], series: str, measure: str = "website") -> list[Row]:
    """Return one national series before the break: one figure a period, in order."""
    found: dict[str, Row] = {}
    for row in rows:
        fits = (row["scope_level"], row["series"], row["measure"]) == ("national", series, measure)
        if fits and row["rate"] is not None and row["exercise"] != "census" and before_break(row["period"]):
            found.setdefault(row["period"], row)
    return [row for _, row in sorted(found.items())]


def changes(rows: Sequence[Row], regimes: pd.DataFrame, level: float) -> tuple[list[Row], list[Refusal]]:
    """Return changes from one figure of a series to the next and from the first to the last, each with its interval.

    The interval is the widest that the printed figures allow. A change between figures of different rules, inspectors
    or ways of choosing is refused.
    """
    out, refused = [], []
    for (measure, series), panel in PANELS.items():
        points = national_series(rows, series, measure)
        numbered = [row for row in points if counts_of(row)]
        steps = [*pairwise(points), *([(numbered[0], numbered[-1])] if len(numbered) > 2 else [])]
        for before, after in steps:
            old, new = counts_of(before), counts_of(after)
            same = comparable(_asked(before), _asked(after), regimes, across_periods=True)
            facts = {"n_before": before["n_checked"], "n_after": after["n_checked"], "same_rubric": same.ok}
            verdict = enough("change", **facts)
            if not verdict or not old or not new:
                what = f"Change from {before['period']} to {after['period']} ({panel})"
                reason = verdict.reason if same.ok else same.reason
                refused.append(Refusal(what, reason if not verdict else "No count gives one of the printed rates."))
                continue
            ends = [
                newcombe_difference(b, after["n_checked"], a, before["n_checked"], level)
                for a in {min(old), max(old)}
                for b in {min(new), max(new)}
            ]
            low, high = min(e[0] for e in ends), max(e[1] for e in ends)
            out.append(
                {
                    "panel": panel,
                    "period_before": before["period"],
                    "period": after["period"],
                    "printed_before": f"{printed_percent({**before, 'quote': None})}%",
                    "printed": f"{printed_percent({**after, 'quote': None})}%",
                    "n_before": before["n_checked"],
                    "n": after["n_checked"],
                    "low": low,
                    "high": high,
                    "reading": "within sampling noise" if low <= 0 <= high else "more than sampling noise",
                    "gate": gated("change", **facts),
                    SOURCES: origins([before, after]),
                }
            )
    return out, refused


def trend(
    points: Sequence[Row], regimes: pd.DataFrame, level: float, rule: Rule = "rounded", *, with_slope: bool = True
) -> Row | str:
    """Return the trend of one series over everything its printed figures allow, or the reason why there is none.

    Args:
        points: one figure a period.
        regimes: the table of regimes.
        level: of the slope's interval, and what is called noise.
        rule: how rates were rounded.
        with_slope: whether the slope is fitted too, which takes its time.
    """
    usable = [(row, counts_of(row, rule)) for row in points]
    usable = [(row, counts) for row, counts in usable if counts]
    n = [row["n_checked"] for row, _ in usable]
    most = [max(counts) for _, counts in usable]
    facts = {"n_periods": len(usable), "expected_failures": _expected(most, n)}
    verdict = enough("trend_test", **facts)
    if not verdict:
        return verdict.reason
    asked = [_asked(row) for row, _ in usable]
    broken = [comparable(asked[0], row, regimes, across_periods=True) for row in asked[1:]]
    reason = next((v.reason for v in broken if not v), "")
    if reason:
        return reason
    times = [12 * period_span(row["period"])[0].year + period_span(row["period"])[0].month for row, _ in usable]
    quarters = [(t - times[0]) // 3 for t in times]
    tests = []
    for member in product(*(sorted({min(c), max(c)}) for _, c in usable)):
        test = cochran_armitage(member, n, quarters)
        if isinstance(test, Refusal):
            return test.reason
        tests.append(test)
    low, high = min(t.p_value for t in tests), max(t.p_value for t in tests)
    alpha = 1 - level
    said = "undetermined by the published figures"
    if high < alpha:
        said = "rises beyond sampling noise" if min(t.z for t in tests) > 0 else "falls beyond sampling noise"
    elif low >= alpha:
        said = "within sampling noise"
    out: Row = {
        "first_period": usable[0][0]["period"],
        "last_period": usable[-1][0]["period"],
        "n_periods": len(usable),
        "n_checked": sum(n),
        "n_failed_low": sum(n) - sum(most),
        "n_failed_high": sum(n) - sum(min(counts) for _, counts in usable),
        "z_low": min(t.z for t in tests),
        "z_high": max(t.z for t in tests),
        "p_low": low,
        "p_high": high,
        "verdict": said,
        "gate": gated("trend_test", **facts),
        SOURCES: origins([row for row, _ in usable]),
    }
    if with_slope:
        slope = slope_range([c for _, c in usable], n, [float(q) for q in quarters], ["series"] * len(n), level)
        if not isinstance(slope, Refusal):
            out |= dict(zip(("slope_low", "slope_high", "interval_low", "interval_high"), slope, strict=True))
    return out


def trends(rows: Sequence[Row], regimes: pd.DataFrame, level: float) -> tuple[list[Row], list[Refusal]]:
    """Return the trend of every national series, or why there is none."""
    out, refused = [], []
    for (measure, series), panel in PANELS.items():
        found = trend(national_series(rows, series, measure), regimes, level)
        if isinstance(found, str):
            refused.append(Refusal(f"Trend of {panel}", found))
        else:
            out.append({"panel": panel, **found})
    return out, refused


def _expected(passed: list[int], n: list[int]) -> float | None:
    """Failures expected in all, where as many passed as the printed figures allow; None without any period."""
    return round(sum(expected_failures(passed, n)), 6) if n else None


def _asked(row: Row) -> Row:
    """What decides on comparing a national figure; a figure of the years before the break is of a spot check."""
    return {**row, "exercise": row["exercise"] or "spot_check", "issuer_level": "national"}


def shrinkage(points: Sequence[Row]) -> str:
    """Return the caution on the population, from the numbers in operation that the same rows print; "" without them."""
    known = [row for row in points if row["n_total"] is not None]
    if len(known) < 2 or known[-1]["n_total"] >= known[0]["n_total"]:
        return ""
    first, last = known[0], known[-1]
    # 77.7 % of the failures of 2016-Q2 lay below the county, and of those sites 88 % were gone by the end of 2017: the
    # notes of these rows in data/raw/coded/national_figures.csv.
    return (
        f"Sites in operation fell from {first['n_total']:,} ({first['period']}) to {last['n_total']:,} "
        f"({last['period']}). Small sites below the county were merged or closed first, and most failures had been "
        "among them: the pass rate of what is left rises even if no site improved. A rising rate is therefore not "
        "shown to be improvement."
    )


def p_range(low: float, high: float) -> str:
    """Return the smallest and the largest p-value as words."""
    a, b = ("below 0.0001" if p < 0.0001 else f"{p:.4f}" for p in (low, high))
    return a if a == b else f"{a} to {b}"
