"""May two rates stand side by side as more and less? Same rules, measure, inspector, design and period, or not.

Belongs here: the judgement on two rows and the sentence to print. Does not belong here: whether there are enough data
(`enough.py`).

The regimes come from `data/reference/regimes.csv`: regime_id (or regime), name_en (or rule), valid_from, valid_to (days
or months, both inclusive; empty is open), measure and, where there is such a column, applies_to (entries separated by
`;`, empty is all).
"""

import calendar
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from tongbao.errors import TongbaoError
from tongbao.stats.enough import Verdict
from tongbao.stats.frames import per_frame

DIFFERENT_INSPECTORS = (
    "They were measured by different inspectors under different rules; a difference is not a difference in quality."
)
NAMES = {
    "exercise": "the kind of inspection",
    "measure": "what was inspected",
    "inspector_level": "who inspected",
    "design": "how the sites were chosen",
    "period": "the period",
}
OWN_RUBRIC = {"evaluation", "assessment"}
"""Kinds of inspection whose rules are the issuer's own and may change every year."""
_ALIASES = {"regime": "regime_id", "rule": "name_en"}
_PERIOD = re.compile(r"(\d{4})(?:-(?:Q([1-4])|H([12])|(0[1-9]|1[0-2])))?")
_TOKEN = re.compile(r"[a-z_]+|\d+")


def period_span(period: str) -> tuple[date, date]:
    """Return the first and the last day of a period such as `2016`, `2018-Q3`, `2018-H1` or `2017-09`.

    Raises:
        TongbaoError: the text is not a period of that form.
    """
    match = _PERIOD.fullmatch(period)
    if not match:
        raise TongbaoError(f"not a period: {period!r}", remedy="write 2016, 2018-Q3, 2018-H1 or 2017-09")
    year, quarter, half, month = match.groups()
    if quarter:
        first, last = 3 * int(quarter) - 2, 3 * int(quarter)
    elif half:
        first, last = 6 * int(half) - 5, 6 * int(half)
    elif month:
        first = last = int(month)
    else:
        first, last = 1, 12
    return date(int(year), first, 1), date(int(year), last, calendar.monthrange(int(year), last)[1])


def _text(row: Mapping[Any, Any], column: str) -> str:
    value = row.get(column)
    return "" if value is None or pd.isna(value) else str(value).strip()


def _day(value: Any, *, last: bool) -> date:
    """Return the day of a cell: the first or last one of a month, and the end of all days where it is empty."""
    text = "" if value is None or pd.isna(value) else str(value).strip()[:10]
    if not text:
        return date.max if last else date.min
    return date.fromisoformat(text) if len(text) == len("2019-04-01") else period_span(text)[last]


def _entries(regime: Mapping[Any, Any], column: str) -> set[str]:
    """Return the codes of a cell; prose in it (`all sites`) restricts nothing."""
    parts = {part.strip() for part in re.split(r"[;|,]", _text(regime, column))}
    return {part for part in parts if _TOKEN.fullmatch(part)} - {"all"}


@per_frame
def _named(regimes: pd.DataFrame) -> pd.DataFrame:
    return regimes.rename(columns={a: b for a, b in _ALIASES.items() if b not in regimes.columns})


@per_frame
def _listed(regimes: pd.DataFrame) -> list[dict[Any, Any]]:
    return regimes.to_dict("records")


def regimes_of(row: Mapping[str, Any], regimes: pd.DataFrame) -> tuple[frozenset[str], bool]:
    """Return the regimes a row falls under, and whether its period lies across the border of one.

    Args:
        row: a row with `period` and `measure`; `regime_id`, where it has one, wins. `applies_to` of a regime must be
            among the values of the row (its `exercise`, its `inspector_level`, ...).
        regimes: the table of regimes.

    Raises:
        TongbaoError: the table lacks a column, or the period cannot be read.
    """
    stated = _text(row, "regime_id")
    if stated:
        return frozenset({stated}), False
    regimes = _named(regimes)
    missing = {"regime_id", "valid_from", "valid_to"} - set(regimes.columns)
    if missing:
        raise TongbaoError(f"missing columns: {', '.join(sorted(missing))}", place="regimes.csv")
    period = _text(row, "period")
    if not period:
        return frozenset(), False
    first, last = period_span(period)
    values = {_text(row, column) for column in row.keys()}  # noqa: SIM118 (iterating a Series gives values)
    inside, crosses = set(), False
    for regime in _listed(regimes):
        measures, applies = _entries(regime, "measure"), _entries(regime, "applies_to")
        if (measures and _text(row, "measure") not in measures) or (applies and not applies & values):
            continue
        start, end = _day(regime["valid_from"], last=False), _day(regime["valid_to"], last=True)
        if start <= first and last <= end:
            inside.add(_text(regime, "regime_id"))
        elif start <= last and first <= end:
            crosses = True
    return frozenset(inside), crosses


def comparable(
    row_a: Mapping[str, Any], row_b: Mapping[str, Any], regimes: pd.DataFrame, *, across_periods: bool = False
) -> Verdict:
    """Tell whether two rates may be compared, with the sentence to print.

    Args:
        row_a, row_b: rows of `pass_rates` (dictionaries or Series) with measure, inspector_level, design, period and
            whatever `applies_to` of the regimes refers to; `exercise` and `issuer` of the circular where known, since
            an evaluation follows its issuer's own rules. What is not stated is not assumed to be the same.
        regimes: the table of regimes.
        across_periods: the comparison is of one place over time, so the periods may differ.

    Returns:
        The verdict; every obstacle is named, not only the first.
    """
    obstacles = _own_rules(row_a, row_b)
    different_hands = False
    for row in (row_a, row_b):
        if not _text(row, "period"):
            obstacles.append("For one of the two the period is not stated.")
            break
    found = [regimes_of(row, regimes) for row in (row_a, row_b)]
    if any(crosses for _, crosses in found):
        obstacles.append("The rules changed within one of the periods.")
    elif any(_text(row, "period") and not ids for row, (ids, _) in zip((row_a, row_b), found, strict=True)):
        obstacles.append("It is not known under which rules one of the two was measured.")
    elif found[0][0] != found[1][0] and found[0][0] and found[1][0]:
        obstacles.append(
            f"They fall under different rules ({_names(found[0][0], regimes)} and {_names(found[1][0], regimes)})."
        )
        different_hands = True
    for column in ("measure", "inspector_level", "design", "period"):
        a, b = _text(row_a, column), _text(row_b, column)
        if column == "period" and (across_periods or not a or not b):
            continue
        if not a or not b:
            obstacles.append(f"The text does not say {NAMES[column]} for {'either' if a == b else 'one'} of the two.")
        elif a != b:
            obstacles.append(f"They differ in {NAMES[column]} ({a} and {b}).")
            different_hands |= column == "inspector_level"
    if obstacles:
        return Verdict(False, " ".join([*obstacles, *([DIFFERENT_INSPECTORS] if different_hands else [])]))
    same = "Same rules, same kind of inspector, same object and same way of choosing the sites"
    reason = f"{same}." if across_periods else f"{same}, same period."
    if _text(row_a, "design") == "sample":
        reason += " Neither text says how the sites were chosen, so the comparison assumes a random choice."
    return Verdict(True, reason)


def _own_rules(row_a: Mapping[str, Any], row_b: Mapping[str, Any]) -> list[str]:
    """Return what the kinds of inspection forbid."""
    a, b = _text(row_a, "exercise"), _text(row_b, "exercise")
    if a and b and a != b:
        return [f"They differ in {NAMES['exercise']} ({a} and {b})."]
    if not {a, b} & OWN_RUBRIC or (_text(row_a, "regime_id") and _text(row_b, "regime_id")):
        return []
    issuers = _text(row_a, "issuer"), _text(row_b, "issuer")
    if not all(issuers) or issuers[0] != issuers[1]:
        return ["Each issuer evaluates by its own rules."]
    if _text(row_a, "period") != _text(row_b, "period"):
        return ["An evaluation may change its rules from year to year, and nothing shows that these are the same."]
    return []


def _names(ids: frozenset[str], regimes: pd.DataFrame) -> str:
    regimes = _named(regimes)
    if not {"regime_id", "name_en"} <= set(regimes.columns):
        return ", ".join(sorted(ids))
    named = {_text(r, "regime_id"): _text(r, "name_en") for r in _listed(regimes)}
    return ", ".join(named.get(i) or i for i in sorted(ids))
