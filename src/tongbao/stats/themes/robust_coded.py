"""The headline of the coded national series under the other readings.

Belongs here: which coded points each reading keeps. Does not belong here: the trend itself (`coded_trend.py`), the
headlines on extracted rows (`robust_rates.py`).
"""

from collections.abc import Callable, Sequence

import pandas as pd

from tongbao.stats.counts import Rule
from tongbao.stats.gate import joined
from tongbao.stats.sources import SOURCES, origins
from tongbao.stats.themes.coded_trend import national_series, p_range, trend
from tongbao.stats.themes.corpus import Row
from tongbao.stats.themes.robustness import (
    ANY_ROUNDING,
    AS_GIVEN,
    CLEAN_ONLY,
    CUT,
    NO_SELF_CHECKS,
    NO_SPUN,
    WITH_CODED,
    WITHOUT_CODED,
)

_HEADLINE = "Trend of the centre's own samples of websites"
_SAME = {
    WITH_CODED: "it rests on coded points alone",
    NO_SPUN: "coded figures have no copy that could be spun or translated",
    NO_SELF_CHECKS: "the centre's sample holds none",
}


_Asked = tuple[str, Callable[[Sequence[Row]], list[Row]], Rule]


def national_robustness(rows: Sequence[Row], regimes: pd.DataFrame, level: float) -> list[Row]:
    """Return what becomes of the national headline under the other readings."""
    central = national_series(rows, "central")
    readings: list[_Asked] = [
        (AS_GIVEN, list, "rounded"),
        (CUT, list, "truncate"),
        (ANY_ROUNDING, list, "any"),
        (WITH_CODED, list, "rounded"),
        (WITHOUT_CODED, lambda _: [], "rounded"),
        (NO_SPUN, list, "rounded"),
        (CLEAN_ONLY, lambda found: [row for row in found if row["source_url"]], "rounded"),
        (NO_SELF_CHECKS, list, "rounded"),
        (
            "what provinces and departments reported instead",
            lambda _: national_series(rows, "self_reported"),
            "rounded",
        ),
    ]
    out = []
    for name, choose, rule in readings:
        points = choose(central)
        found = trend(points, regimes, level, rule, with_slope=False)
        result = found if isinstance(found, str) else _trend_said(found)
        if name in _SAME:
            result = f"unchanged, {_SAME[name]}: {result}"
        elif name == CLEAN_ONLY:
            result = f"figures whose page is named: {result}"
        out.append(
            {
                "headline": _HEADLINE,
                "source": "coded",
                "reading": name,
                "n_figures": len(points),
                "result": result,
                "gate": None if isinstance(found, str) else found["gate"],
                SOURCES: origins(points or central),
            }
        )
    return [*out, _one_left_out(central, regimes, level)]


def _one_left_out(central: Sequence[Row], regimes: pd.DataFrame, level: float) -> Row:
    """The same with each quarter left out in turn: one sample that was drawn otherwise must not carry the result."""
    found = [trend([r for r in central if r is not row], regimes, level, with_slope=False) for row in central]
    told = [f for f in found if not isinstance(f, str)]
    result = "no trend test with a quarter left out"
    if told and len(told) == len(found):
        said = sorted({f["verdict"] for f in told})
        low, high = min(f["p_low"] for f in told), max(f["p_high"] for f in told)
        result = f"{' or '.join(said)}, p {p_range(low, high)}"
    return {
        "headline": _HEADLINE,
        "source": "coded",
        "reading": "each quarter left out in turn",
        "n_figures": len(central),
        "result": result,
        "gate": joined(f["gate"] for f in told) if told and len(told) == len(found) else None,
        SOURCES: origins(central),
    }


def _trend_said(found: Row) -> str:
    return (
        f"{found['verdict']}, {found['first_period']} to {found['last_period']} ({found['n_periods']} periods, p "
        f"{p_range(found['p_low'], found['p_high'])})"
    )
