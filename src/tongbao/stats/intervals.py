"""Intervals for shares: what chance leaves open when some of the units were looked at.

Belongs here: intervals from counts, for one share, one difference or all grades at once, and their range over a
set of possible counts. Does not belong here: sets from printed figures (`counts.py`), ordered grades (`ordinal.py`).

All functions take the confidence level (.95), not alpha, and return (low, high). Shares are fractions in [0, 1].
A census has no sampling error; for its shares these intervals mean something only under the stated reading that
each unit's result is an independent draw.
"""

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from functools import lru_cache
from math import comb
from typing import TypeVar

from scipy.stats import hypergeom
from statsmodels.stats.proportion import (
    confint_proportions_2indep,
    multinomial_proportions_confint,
    proportion_confint,
)

from tongbao.errors import TongbaoError

Number = TypeVar("Number", int, float, Fraction)


def _check_level(level: float) -> Fraction:
    """Return alpha exactly: 1 - 0.95 in floats is a little more than 0.05, which moves ends that lie on it."""
    if not 0 < level < 1:
        raise TongbaoError(f"a confidence level lies between 0 and 1, not {level}", remedy="0.95 means 95 %")
    return 1 - Fraction(str(level))


def _check_counts(x: int, n: int, N: int | None = None) -> None:
    if n < 1:
        raise TongbaoError(f"{x} of {n}: without a unit looked at there is no share")
    if not 0 <= x <= n:
        raise TongbaoError(f"{x} of {n}: the count must lie between 0 and {n}")
    if N is not None and n > N:
        raise TongbaoError(f"{n} units cannot have been drawn from {N}")


def _exact_upper_tail(x: int, n: int, N: int, M: int) -> Fraction:
    """Return P(X >= x) for n draws from N units of which M count."""
    ways = sum(comb(M, k) * comb(N - M, n - k) for k in range(x, min(n, M) + 1))
    return Fraction(ways, comb(N, n))


def _upper_tail_exceeds(x: int, n: int, N: int, M: int, alpha: Fraction) -> bool:
    """Tell whether P(X >= x | M) > alpha, in exact arithmetic where floats are too close to call."""
    tail = float(hypergeom.sf(x - 1, N, M, n))  # scipy: population, marked, draws
    if abs(tail - float(alpha)) > 1e-9:
        return tail > alpha
    return _exact_upper_tail(x, n, N, M) > alpha


def _first(holds: Callable[[int], bool], low: int, high: int) -> int:
    """Return the first integer of [low, high] where a statement, once true, stays true; it is true at `high`."""
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle + 1, high)
    return low


def _smallest_total(x: int, n: int, N: int, alpha: Fraction) -> int:
    """Return the smallest M that leaves P(X >= x | M) above alpha; M cannot be below x nor above N - (n - x)."""
    return _first(lambda M: _upper_tail_exceeds(x, n, N, M, alpha), x, N - (n - x))


@lru_cache(maxsize=4096)
def hypergeometric_interval(x: int, n: int, N: int, level: float = 0.95) -> tuple[int, int]:
    """Return the equal-tailed exact interval for the number M of the N units that count.

    All M for which neither P(X >= x | M) nor P(X <= x | M) is alpha/2 or less (Konijn 1973; Buonaccorsi 1987,
    The American Statistician 41:215-218). Covers at least `level` whatever M is. A census (n = N) gives (x, x).

    Args:
        x: how many of the sampled units count (passed).
        n: units drawn at random without replacement.
        N: units in the population.
        level: confidence level.

    Raises:
        TongbaoError: the numbers contradict each other, or nothing was sampled.
    """
    _check_counts(x, n, N)
    tail = _check_level(level) / 2
    # P(X <= x | M) is the upper tail of the failures: count those instead and mirror.
    return _smallest_total(x, n, N, tail), N - _smallest_total(n - x, n, N, tail)


def hypergeometric_lower(x: int, n: int, N: int, level: float = 0.95) -> int:
    """Return the one-sided exact lower bound for M: "at least that many pass". The reading for n of n."""
    _check_counts(x, n, N)
    return _smallest_total(x, n, N, _check_level(level))


def hypergeometric_share(x: int, n: int, N: int, level: float = 0.95) -> tuple[float, float]:
    """Return `hypergeometric_interval` as shares of N."""
    low, high = hypergeometric_interval(x, n, N, level)
    return low / N, high / N


def no_assumption_interval(x: int, n: int, N: int) -> tuple[float, float]:
    """Return the shares of N possible when nothing is known of how the n were picked: the rest may all fail or pass."""
    _check_counts(x, n, N)
    return x / N, (N - (n - x)) / N


@lru_cache(maxsize=4096)
def wilson(x: int, n: int, level: float = 0.95) -> tuple[float, float]:
    """Return the Wilson score interval of a binomial share (statsmodels). Conservative for a finite population."""
    _check_counts(x, n)
    low, high = proportion_confint(x, n, alpha=float(_check_level(level)), method="wilson")
    return max(0.0, float(low)), min(1.0, float(high))


def clopper_pearson(x: int, n: int, level: float = 0.95) -> tuple[float, float]:
    """Return the Clopper-Pearson interval of a binomial share (statsmodels).

    At 0 of n and n of n one end is fixed, so the other has only alpha/2 outside it: the interval covers more
    than `level` there. For "n of n" use `clopper_pearson_lower`.
    """
    _check_counts(x, n)
    low, high = proportion_confint(x, n, alpha=float(_check_level(level)), method="beta")
    return float(low), float(high)


def clopper_pearson_lower(x: int, n: int, level: float = 0.95) -> float:
    """Return the one-sided exact lower bound of a binomial share; for n of n it is alpha ** (1/n)."""
    _check_counts(x, n)
    return float(proportion_confint(x, n, alpha=2 * float(_check_level(level)), method="beta")[0])


def union_over(intervals: Iterable[tuple[Number, Number]]) -> tuple[Number, Number]:
    """Return the range of the intervals over a set of possible counts: the lowest low and the highest high.

    It covers the truth at the stated level whichever member of the set is true.

    Raises:
        TongbaoError: there is no interval, or one of its ends is not a number.
    """
    kept = list(intervals)
    if not kept:
        raise TongbaoError("no interval to unite: the printed figures leave no possible count")
    if any(end != end for pair in kept for end in pair):
        raise TongbaoError("an interval without a number for its end cannot be united")
    return min(low for low, _ in kept), max(high for _, high in kept)


def _check_grades(counts: Sequence[int]) -> list[int]:
    if len(counts) < 2 or min(counts) < 0 or sum(counts) < 1:
        raise TongbaoError(f"counts of at least two grades with at least one unit are wanted, not {list(counts)}")
    return [int(count) for count in counts]


def goodman(counts: Sequence[int], level: float = 0.95) -> list[tuple[float, float]]:
    """Return simultaneous intervals for the shares of all grades (Goodman 1965, statsmodels).

    One interval per grade, in the order given; together they cover at `level`. Approximate where a count is
    below 5. For fewer than seven grades preferred to `sison_glaz`.
    """
    ends = multinomial_proportions_confint(_check_grades(counts), alpha=float(_check_level(level)), method="goodman")
    return [(float(low), float(high)) for low, high in ends]


def sison_glaz(counts: Sequence[int], level: float = 0.95) -> list[tuple[float, float]]:
    """Return simultaneous intervals after Sison and Glaz (1995, statsmodels), meant for seven or more grades.

    With few grades and counts below 5 every cell gets nearly the same width: use `goodman` there.
    """
    ends = multinomial_proportions_confint(_check_grades(counts), alpha=float(_check_level(level)), method="sison-glaz")
    return [(float(low), float(high)) for low, high in ends]


@lru_cache(maxsize=4096)
def newcombe_difference(x1: int, n1: int, x2: int, n2: int, level: float = 0.95) -> tuple[float, float]:
    """Return Newcombe's hybrid score interval for x1/n1 - x2/n2 (1998, method 10; statsmodels).

    Takes both samples as independent draws from large populations: conservative for finite ones.
    """
    _check_counts(x1, n1)
    _check_counts(x2, n2)
    low, high = confint_proportions_2indep(
        x1, n1, x2, n2, method="newcomb", compare="diff", alpha=float(_check_level(level))
    )
    return float(low), float(high)
