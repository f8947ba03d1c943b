"""Every two circulars of a theme: may they stand side by side as more and less, and if not, why not.

Belongs here: the table of pairs. Does not belong here: the judgement on two rows (`tongbao.stats.comparable`).
"""

from collections.abc import Mapping
from itertools import combinations

import pandas as pd

from tongbao.stats.comparable import comparable
from tongbao.stats.sources import SOURCES
from tongbao.stats.themes.corpus import Corpus, Row, Tables, frame

_COLUMNS = ["a", "b", "comparable", "reason", SOURCES]


def regimes_of(tables: Tables) -> pd.DataFrame:
    """Return the table of regimes; without one nothing is known of the rules, so nothing may be compared."""
    if "regimes" in tables:
        return tables["regimes"]
    return pd.DataFrame({name: pd.Series(dtype="str") for name in ("regime", "rule", "valid_from", "valid_to")})


def facts(circular: Row, **facts: object) -> Row:
    """Return what decides on comparability: the circular's exercise and issuer with the facts of one of its rows.

    The facts of the row win: a yearly evaluation may quote the rate of a spot check.
    """
    return {
        "exercise": circular["exercise"],
        "issuer_level": circular["issuer_level"],
        "issuer": circular["issuer"],
        "period": circular["period"],
        **facts,
    }


def rate_facts(circular: Row, row: Row) -> Row:
    """Return what decides on comparing a row of `pass_rates`: the inspection that the rate is of, not the circular."""
    kind = "census" if row["design"] == "census" else "spot_check"
    return facts(circular, exercise=kind, **{n: row[n] for n in ("measure", "inspector_level", "design", "period")})


def pairs(used: Corpus, main: Mapping[str, Row], regimes: pd.DataFrame, *, own_scale: bool = False) -> pd.DataFrame:
    """Return one row for every two circulars: a, b (their labels), comparable, reason.

    Args:
        used: the theme's circulars.
        main: for each circular the facts of the row that would be compared; see `facts`.
        regimes: the table of regimes.
        own_scale: the figures are grades, scores or deductions, whose rubric is the issuer's own.
    """
    rows = []
    for a, b in combinations([i for i in used.circulars if i in main], 2):
        verdict = comparable(main[a], main[b], regimes)
        reasons = [] if verdict.ok else [verdict.reason]
        if own_scale and main[a]["issuer"] != main[b]["issuer"]:
            reasons.insert(
                0, "Each issuer grades by its own rules, so equal words or points do not mean equal quality."
            )
        if own_scale and main[a].get("scale_id") != main[b].get("scale_id"):
            reasons.insert(0, "The grade scales are not the same.")
        rows.append(
            {
                "a": used.label(a),
                "b": used.label(b),
                "comparable": not reasons,
                "reason": " ".join(reasons) or verdict.reason,
                SOURCES: f"{a} {b}",
            }
        )
    return frame(_COLUMNS, rows)


def pairs_note(table: pd.DataFrame, what: str) -> str:
    """Return the sentence on how many of the pairs may be compared."""
    n, n_ok = len(table), int(sum(table["comparable"].tolist()))
    if n == 0:
        return f"Fewer than two circulars with {what} are here, so none can be compared with another."
    if n_ok == 0:
        return f"No two of the circulars with {what} may be compared; the reasons stand in the table of pairs."
    return f"{n_ok} of {n} pairs of circulars with {what} may be compared; the others and the reasons are in the table."
