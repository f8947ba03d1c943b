"""What one printed pass rate fixes: counts, populations, and the interval that its design allows.

Belongs here: one row of `pass_rates` at a time. Does not belong here: rows side by side (`pass_rate_trends.py`).
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from tongbao.errors import TongbaoError
from tongbao.stats.counts import Interval, Rule, counts_for_rate, populations_for_share
from tongbao.stats.enough import enough
from tongbao.stats.intervals import (
    clopper_pearson_lower,
    hypergeometric_lower,
    hypergeometric_share,
    no_assumption_interval,
    union_over,
    wilson,
)
from tongbao.stats.minimum import MAX_POPULATION_VALUES
from tongbao.stats.themes.corpus import Row

_PERCENT = re.compile(r"(\d+(?:\.\d+)?)\s*[%％]")

STATED, ASSUMED = "random choice stated", "random choice assumed, not stated"


Key = tuple[str, int]


def row_key(row: Row) -> Key:
    """Return what names a row: its circular and its number."""
    return row["circular_id"], row["row"]


@dataclass(frozen=True, slots=True)
class Identified:
    """What the printed figures of one row leave possible.

    Attributes:
        low, high: the pass shares of the checked that are possible.
        passes: possible numbers of passes among `n`; empty where n is not printed or nothing fits.
        n: the number checked, or None.
        populations: possible numbers in operation; empty where unknown.
        fault: a sentence where the printed figures contradict each other, else empty.
    """

    low: float
    high: float
    passes: tuple[int, ...]
    n: int | None
    populations: tuple[int, ...]
    fault: str = ""

    @property
    def interval(self) -> Interval:
        """The possible shares in exact numbers; the upper end counts as reached, which widens and never narrows."""
        if self.passes and self.n:
            return Interval(Fraction(min(self.passes), self.n), Fraction(max(self.passes), self.n), True, True)
        return Interval(Fraction(str(self.low)), Fraction(str(self.high)), True, True)


@dataclass(frozen=True, slots=True)
class Sampled:
    """The sampling interval of one rate, or the reason why there is none.

    Attributes:
        low, high: ends as fractions of the population, None where refused.
        method: how it was made, in words.
        assumption: what it rests on.
        reason: why there is none; empty where there is one.
    """

    low: float | None = None
    high: float | None = None
    method: str = ""
    assumption: str = ""
    reason: str = ""


def printed_percent(row: Row) -> str | None:
    """Return the percentage of a row as printed ("96", "84.20"), from its quote where that shows it.

    Without the quote the shortest form is used, whose rounding interval contains those of all longer forms.
    """
    if row["rate"] is None:
        return None
    wanted = _hundredfold(row["rate"])
    for found in _PERCENT.findall(row.get("quote") or ""):
        if Decimal(found) == wanted:
            return str(found)
    return format(wanted.normalize(), "f")


def _hundredfold(share: float) -> Decimal:
    """Return a fraction as an exact percentage; tables hold eight places, what lies behind is dust."""
    return Decimal(str(round(share, 8))) * 100


def identify(row: Row, rule: Rule = "rounded") -> Identified:
    """Return what the printed figures of a row of `pass_rates` leave possible.

    Args:
        row: the row.
        rule: how printed rates stand for counts. Under `rounded` a rate that was cut instead contradicts nothing.
    """
    n, passed, failed = row["n_checked"], row["n_passed"], row["n_failed"]
    printed = printed_percent(row)
    low = row["rate_low"] if row["rate_low"] is not None else 0.0
    high = row["rate_high"] if row["rate_high"] is not None else 1.0
    if n is None or n < 1:
        return Identified(low, high, (), None, ())
    populations = _populations(row)
    passes: tuple[int, ...] = ()
    fault = ""
    if passed is not None or failed is not None:
        if passed is not None and failed is not None and passed + failed != n:
            fault = f"{passed} passed and {failed} failed do not add up to {n} checked."
        else:
            passes = (passed if passed is not None else n - failed,)
            # A rate may be cut instead of rounded; only what no convention prints is a contradiction.
            lenient: Rule = "any" if rule == "rounded" else rule
            if printed and row["comparator"] == "=" and passes[0] not in counts_for_rate(printed, n, rule=lenient):
                how = "under any way of rounding" if lenient == "any" else "if it was cut and not rounded"
                fault = f"{passes[0]} of {n} is not printed as {printed}% {how}."
    elif printed and row["comparator"] == "=":
        passes = tuple(counts_for_rate(printed, n, rule=rule))
        if not passes:
            fault = f"No count of {n} is printed as {printed}%."
    if fault:
        return Identified(low, high, (), n, populations, fault)
    if passes:
        low, high = min(passes) / n, max(passes) / n
    return Identified(low, high, passes, n, populations)


def _populations(row: Row) -> tuple[int, ...]:
    if row["n_total"] is not None:
        return (row["n_total"],)
    if row["design"] == "census":
        return (row["n_checked"],)
    if row["share_checked"] is None:
        return ()
    share = format(_hundredfold(row["share_checked"]).normalize(), "f")
    try:
        return tuple(populations_for_share(share, row["n_checked"]))
    except TongbaoError:
        return ()  # a share so small that no finite list is honest


def sampled(row: Row, known: Identified, level: float) -> Sampled:
    """Return the sampling interval of a row, or the reason why it has none.

    Exact and finite where the population is identified, else Wilson's; the union over everything that the printed
    figures leave possible. For n of n only the lower bound is given.
    """
    if known.fault:
        return Sampled(reason=f"The printed figures contradict each other: {known.fault}")
    verdict = enough("share_interval", n=known.n, design=row["design"], comparator=row["comparator"])
    if not verdict:
        return Sampled(reason=verdict.reason)
    if row["design"] is None:
        return Sampled(reason="The text does not say how the sites were chosen, so chance cannot be reckoned with.")
    if not known.passes or known.n is None:
        return Sampled(reason="The number of sites that passed cannot be worked out.")
    assumption = STATED if row["design"] == "random_sample" else ASSUMED
    n, all_passed = known.n, set(known.passes) == {known.n}
    if enough("finite_population_interval", n=n, population=known.populations):
        pairs = [(x, N) for x in known.passes for N in known.populations]
        if all_passed:
            low = min(hypergeometric_lower(x, n, N, level) / N for x, N in pairs)
            return Sampled(low, 1.0, "exact lower bound, number of sites known", assumption)
        low, high = union_over(hypergeometric_share(x, n, N, level) for x, N in pairs)
        return Sampled(low, high, "exact, number of sites known", assumption)
    if all_passed:
        return Sampled(
            clopper_pearson_lower(n, n, level), 1.0, "exact lower bound, number of sites not stated", assumption
        )
    low, high = union_over(wilson(x, n, level) for x in known.passes)
    return Sampled(low, high, "method of Wilson, number of sites not stated", assumption)


def unassumed(known: Identified) -> tuple[float, float] | None:
    """Return the shares of the population possible if nothing is known of how the checked were chosen."""
    if known.n is None or not known.passes or not 0 < len(known.populations) <= MAX_POPULATION_VALUES:
        return None
    if min(known.populations) < known.n or known.populations == (known.n,):
        return None
    n = known.n
    return union_over(no_assumption_interval(x, n, N) for x in known.passes for N in known.populations)
