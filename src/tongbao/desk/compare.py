"""May these rates stand side by side? The judgement first, the values only if it is yes.

What belongs here: asking `tongbao.stats.comparable` about every two rows, and showing the answer. What does not: the
judgement itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import pandas as pd

from tongbao.desk.dress import dress
from tongbao.desk.rates import Key, find_row, is_rate, used_rates, with_interval
from tongbao.errors import TongbaoError
from tongbao.project import find_project
from tongbao.report.safe import escape
from tongbao.stats.comparable import comparable
from tongbao.stats.themes import reference_tables
from tongbao.stats.themes.pairs import rate_facts, regimes_of

_COLUMNS = ["circular", "scope", "period", "printed", "rate", "low", "high", "set_low", "set_high", "n", "n_total"]


@dataclass(frozen=True)
class Comparison:
    """The answer to `tb.compare`; true where the rows may be compared.

    Attributes:
        ok: whether all rows may stand side by side as more and less.
        reason: the sentence to print, with every obstacle.
        pairs: one row for every two: a, b, comparable, reason.
    """

    ok: bool
    reason: str
    pairs: pd.DataFrame = field(repr=False)
    _values: pd.DataFrame = field(repr=False)

    def __bool__(self) -> bool:
        return self.ok

    @property
    def values(self) -> pd.DataFrame:
        """The rates side by side with their intervals, as `tb.rates` gives them.

        Raises:
            TongbaoError: they may not be compared; the message says why.
        """
        if not self.ok:
            raise TongbaoError(
                f"these rates may not be compared. {self.reason}",
                remedy="look at each by itself with tb.rates(circular_id) or tb.readings(row)",
            )
        return self._values

    def __repr__(self) -> str:
        head = f"{'May be compared' if self.ok else 'May not be compared'}: {self.reason}"
        return f"{head}\n{self._shown().to_string(index=False)}" if self.ok else head

    def _shown(self) -> pd.DataFrame:
        """The values as they are read: a dash where the text does not say."""
        return self._values[_COLUMNS].astype(object).where(self._values[_COLUMNS].notna(), "–")

    def _repr_html_(self) -> str:
        dress()
        colour = "#15803d" if self.ok else "#b91c1c"
        head = "May be compared" if self.ok else "May not be compared"
        shown = self._shown().to_html(index=False, escape=True) if self.ok else ""
        pairs = "" if self.ok or len(self.pairs) < 2 else self.pairs.to_html(index=False, escape=True)
        return (
            f'<p style="border-left:4px solid {colour};padding-left:.6em"><b>{head}.</b> {escape(self.reason)}</p>'
            f"{shown}{pairs}"
        )


def compare(
    a: "str | Key | Mapping[str, Any] | pd.Series[Any] | pd.DataFrame",
    b: "str | Key | Mapping[str, Any] | pd.Series[Any] | None" = None,
    *,
    across_periods: bool = False,
) -> Comparison:
    """Say whether pass rates may be compared, and show them side by side if so.

    Args:
        a, b: two rows of `pass_rates`, each as a row, as its key `(circular_id, row)`, or as a circular's id for its
            widest stated rate; or `a` alone, a frame with two or more rows of `pass_rates`.
        across_periods: one place over time is compared, so the periods may differ; the places may not.

    Returns:
        The answer, with the reason and, where the answer is yes, the values with their intervals.

    Raises:
        TongbaoError: what is given are no rows of `pass_rates`. Grades, scores and deductions follow their issuer's own
            rules and are never compared across circulars.

    Examples:
        >>> import tongbao as tb
        >>> answer = tb.compare("jiangsu-2018q3", "guangdong-2016")
        >>> bool(answer)
        False
        >>> "They differ in the period (2018-Q3 and 2016)." in answer.reason
        True
    """
    used, level = used_rates()
    given = _given(a, b)
    rows = [find_row(used, which) for which in given]
    if len({(row["circular_id"], row["row"]) for row in rows}) < len(rows):
        raise TongbaoError("a row was given twice", remedy="give different rows")
    regimes = regimes_of(reference_tables(find_project().reference))
    facts = [rate_facts(used.circulars[row["circular_id"]], row) for row in rows]
    names = [f"{row['scope']} {row['period'] or ''} ({row['circular_id']}, row {row['row']})" for row in rows]
    found = []
    for i, j in combinations(range(len(rows)), 2):
        verdict = comparable(facts[i], facts[j], regimes, across_periods=across_periods)
        ok, reason = verdict.ok, verdict.reason
        if across_periods and rows[i]["scope"] != rows[j]["scope"]:
            note = f"They are of different places ({rows[i]['scope']} and {rows[j]['scope']}), not one over time."
            ok, reason = False, note if verdict.ok else f"{note} {reason}"
        found.append({"a": names[i], "b": names[j], "comparable": ok, "reason": reason})
    pairs = pd.DataFrame(found)
    values = pd.DataFrame([with_interval(used, row, level) for row in rows]).convert_dtypes()
    return Comparison(bool(pairs["comparable"].all()), _reason(pairs), pairs, values)


def _given(a: Any, b: Any) -> list[Any]:
    if isinstance(a, pd.DataFrame) and b is None:
        if "coded_row" in a.columns:
            raise TongbaoError(
                "figures coded by hand are shown apart: without their texts nothing tells whether they may be compared",
                remedy='give rows of tb.load("pass_rates"), or look at them by themselves',
            )
        if not is_rate(a.columns):
            raise TongbaoError(
                "these are no rows of pass_rates; grades, scores and deductions follow their issuer's own rules "
                "and are never compared across circulars",
                remedy='give rows of tb.load("pass_rates")',
            )
        if len(a) < 2:
            raise TongbaoError(
                f"there is nothing to compare in {len(a)} rows" if len(a) != 1 else "one row cannot be compared",
                remedy="give a frame with two rows or more: look whether what you chose by is spelt as in the table",
            )
        return [row for _, row in a.iterrows()]
    if isinstance(a, pd.DataFrame) or isinstance(b, pd.DataFrame) or b is None:
        raise TongbaoError("two rows are wanted, or one frame", remedy='write tb.compare("a-2016", "b-2016")')
    return [a, b]


def _reason(pairs: pd.DataFrame) -> str:
    against = pairs[~pairs["comparable"]]
    if len(pairs) == 1 or against.empty:
        return " ".join(dict.fromkeys(pairs["reason"]))
    return f"{len(against)} of {len(pairs)} pairs may not. {' '.join(dict.fromkeys(against['reason']))}"
