"""Pass rates with what is known and not known about them, row by row.

What belongs here: handing rows to `tongbao.stats` and back as frames. What does not: any statistic.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

import pandas as pd
import yaml

from tongbao.desk.tables import unknown
from tongbao.errors import TongbaoError
from tongbao.project import find_project
from tongbao.stats.themes import read_tables
from tongbao.stats.themes.corpus import Corpus, Row, corpus, level_of
from tongbao.stats.themes.rate_rows import rate_row
from tongbao.stats.themes.rate_rows import readings as rate_readings
from tongbao.stats.themes.rates import identify, sampled

Key = tuple[str, int]

SHOWN = [
    *("circular_id", "row", "circular", "label", "scope", "period", "printed", "comparator", "design", "basis"),
    *("rate", "low", "high", "set_low", "set_high", "n", "n_passed_low", "n_passed_high", "n_total"),
    *("method", "assumption"),
]
_READINGS = ["label", "rate", "low", "high", "set_low", "set_high", "n", "n_total", "design"]
_LEVELS = ("national", "province", "prefecture", "zone", "county", "group", "unit")


def rates(circular_id: str | None = None) -> pd.DataFrame:
    """Return every pass rate with the values that its printed figures leave possible, and its interval.

    `rate` is the share that the counts give where these are known, else the printed one. `set_low` to `set_high` is
    what the printed figures leave possible, `low` to `high` the sampling interval, where the text allows one; `method`
    and `assumption` say how it was made and what it rests on.

    Args:
        circular_id: of one circular; all that may enter comparisons if not given.

    Raises:
        TongbaoError: there is no such circular with pass rates.

    Examples:
        >>> import tongbao as tb
        >>> jiangsu = tb.rates("jiangsu-2018q3").iloc[0]
        >>> jiangsu["printed"], int(jiangsu["n_passed_low"]), int(jiangsu["n"])
        ('96%', 259, 270)
        >>> f"{jiangsu['low']:.3f} to {jiangsu['high']:.3f}"
        '0.935 to 0.976'
    """
    used, level = used_rates()
    ids = sorted({row["circular_id"] for row in used.rows("pass_rates")})
    if circular_id is not None and circular_id not in ids:
        raise unknown("circular with pass rates", circular_id, ids, lists="there are")
    return pd.DataFrame([_with_interval(used, row, level) for row in used.rows("pass_rates", circular_id)])[
        SHOWN
    ].convert_dtypes()


def readings(which: "str | Key | Mapping[str, Any] | pd.Series[Any]") -> pd.DataFrame:
    """Return one rate read three ways: of the checked, of all if chosen at random, of all if nothing is known.

    Args:
        which: a row of `pass_rates`, its key `(circular_id, row)`, or a circular's id for its widest stated rate.

    Returns:
        One row a reading, for `tb.plot.rates`; without rows where the text does not say how many there are in all.

    Examples:
        >>> import tongbao as tb
        >>> [f"{low:.1%}" for low in tb.readings("jiangsu-2018q3")["set_low"].dropna()]
        ['31.4%']
    """
    used, level = used_rates()
    row = find_row(used, which)
    made = _with_interval(used, row, level)
    return pd.DataFrame(rate_readings(made, identify(row)), columns=_READINGS).convert_dtypes()


def with_interval(used: Corpus, row: Row, level: float) -> Row:
    """Return a row of `pass_rates` with its interval, as `rates` shows it."""
    found = _with_interval(used, row, level)
    return {name: found[name] for name in SHOWN}


def used_rates() -> tuple[Corpus, float]:
    """Return the circulars whose pass rates may enter comparisons, and the level of all intervals.

    Raises:
        TongbaoError: a tidy table has not been made, or params.yaml lacks its section `analyse`.
    """
    project = find_project()
    stamp = tuple((p.name, p.stat().st_mtime_ns) for p in sorted(project.tidy.glob("*.csv")))
    return _used(str(project.root), stamp, project.params.stat().st_mtime_ns)


@lru_cache(maxsize=2)
def _used(root: str, stamp: object, changed: int) -> tuple[Corpus, float]:
    """Read once; again when a table or the parameters have changed."""
    project = find_project()
    try:
        parameters = yaml.safe_load(project.params.read_text("utf-8"))["analyse"]
    except (yaml.YAMLError, KeyError, TypeError):
        raise TongbaoError("no section analyse", place="params.yaml", remedy="restore it from git") from None
    return corpus(read_tables(project), parameters, ["pass_rates"]), level_of(parameters)


def is_rate(names: Iterable[object]) -> bool:
    """Whether these are the columns of `pass_rates`: rows of other tables are numbered by circular and row as well."""
    return {"circular_id", "row", "rate"} <= set(names)


def find_row(used: Corpus, which: "str | Key | Mapping[str, Any] | pd.Series[Any]") -> Row:
    """Return the row of `pass_rates` that is meant, as plain values.

    Raises:
        TongbaoError: there is none, or its circular may not enter comparisons.
    """
    if isinstance(which, str):
        return _widest(used, which)
    if isinstance(which, tuple) and len(which) == 2 and str(which[1]).isdigit():
        circular_id, number = which
    elif isinstance(which, Mapping | pd.Series) and is_rate(which.keys()):
        circular_id, number = which["circular_id"], which["row"]
    else:
        raise TongbaoError(
            "this is no row of pass_rates, nor what names one",
            remedy='take one from tb.load("pass_rates"), or write "jiangsu-2018q3" or ("jiangsu-2018q3", 1)',
        )
    for row in used.rows("pass_rates", str(circular_id)):
        if row["row"] == int(number):
            return row
    raise _none(used, str(circular_id), f"has no pass rate in row {number}")


def _widest(used: Corpus, circular_id: str) -> Row:
    """The stated rate of the widest scope: the one that a reader would compare."""
    rows = [row for row in used.rows("pass_rates", circular_id) if row["basis"] == "stated"]
    if not rows:
        raise _none(used, circular_id, "states no pass rate")
    return min(rows, key=lambda r: (_LEVELS.index(r["scope_level"]), r["row"]))


def _none(used: Corpus, circular_id: str, what: str) -> TongbaoError:
    for refusal in used.refused:
        if circular_id in refusal.what:
            return TongbaoError(f"{circular_id} is not used: {refusal.reason}", remedy="look at it by itself")
    ids = sorted({row["circular_id"] for row in used.rows("pass_rates")})
    return TongbaoError(f"{circular_id} {what}", remedy=f"circulars with pass rates are {', '.join(ids)}")


def _with_interval(used: Corpus, row: Row, level: float) -> Row:
    known = identify(row)
    return rate_row(used, row, known, sampled(row, known, level))
