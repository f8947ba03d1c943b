"""Pass rates over periods: trend tests, the margin of a change, and one slope over several provinces.

Belongs here: everything with a time axis. Does not belong here: whether the periods may be put on one axis at all
(`comparable.py`, `enough.py`).
"""

import math
import warnings
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import comb

import numpy as np
import statsmodels.api as sm
from scipy.stats import norm
from scipy.stats import t as student
from statsmodels.tools.sm_exceptions import PerfectSeparationWarning

from tongbao.errors import TongbaoError
from tongbao.stats.result import Refusal


@dataclass(frozen=True, slots=True)
class TrendTest:
    """A test for a linear trend of shares: z (positive when the share rises with the score) and two-sided p."""

    z: float
    p_value: float


@dataclass(frozen=True, slots=True)
class BinomialTrend:
    """A common slope per period on the logit scale, provinces as fixed effects.

    Attributes:
        slope, error, low, high: log odds of passing per period; error and interval already scaled.
        dispersion: Pearson chi-square over its degrees of freedom, as found.
        df: residual degrees of freedom; the interval uses t on them.
        dropped: groups that passed or failed everything; they say nothing about a slope.
    """

    slope: float
    error: float
    low: float
    high: float
    dispersion: float
    df: int
    dropped: tuple[str, ...]


def _periods(x: Sequence[int], n: Sequence[int], scores: Sequence[int] | None) -> list[int]:
    times = list(range(len(x))) if scores is None else [int(s) for s in scores]
    if not len(x) == len(n) == len(times):
        raise TongbaoError("as many counts as group sizes and scores are wanted")
    if any(not 0 <= a <= b for a, b in zip(x, n, strict=True)) or sum(n) < 2:
        raise TongbaoError(f"counts {list(x)} of {list(n)}: each must lie between 0 and its n")
    if len(set(times)) < 2:
        raise TongbaoError("a trend needs at least two different periods")
    return times


def cochran_armitage(x: Sequence[int], n: Sequence[int], scores: Sequence[int] | None = None) -> TrendTest | Refusal:
    """Return the asymptotic Cochran-Armitage test for trend, N version (as R's `prop.trend.test`).

    Written out because statsmodels' `Table.test_ordinal_association` is the (N - 1) version and by default adds
    one half to every cell when one is empty.

    Args:
        x: units that count, per period.
        n: units looked at, per period.
        scores: integer positions of the periods; 0, 1, 2, ... by default.

    Returns:
        The test, or a refusal when all units passed or all failed.
    """
    times = _periods(x, n, scores)
    total = sum(n)
    share = Fraction(sum(x), total)
    if share in (0, 1):
        return Refusal("trend test", "Every unit has the same result in all periods, so there is nothing to test.")
    # Everything times the total, so that it stays in integers.
    first = sum(a * t for a, t in zip(n, times, strict=True))
    covariance = total * sum(a * t for a, t in zip(x, times, strict=True)) - sum(x) * first
    spread = total * sum(a * t * t for a, t in zip(n, times, strict=True)) - first**2
    z = covariance / math.sqrt(share * (1 - share) * total * spread)
    return TrendTest(z, float(2 * norm.sf(abs(z))))


EXACT_LIMIT = 60
"""The largest total of the rarer outcome for which `exact_trend_test` enumerates: a second's work."""


def exact_trend_test(x: Sequence[int], n: Sequence[int], scores: Sequence[int] | None = None) -> float | None:
    """Return the exact conditional two-sided p-value of the same statistic, None where counts are too large for it.

    The total of units that count is held fixed; all ways of spreading it over the periods are weighted by the
    multivariate hypergeometric distribution (Agresti 2013, Categorical Data Analysis, 5.3.5 and 16.6.2), and those
    at least as far from the mean are summed, in integers. The rarer of the two outcomes is counted: the statistic is
    the same but for its sign, and the work grows with the square of the count. Beyond `EXACT_LIMIT` of the rarer
    outcome nothing is gained over `cochran_armitage`, whose approximation is then good.
    """
    times = _periods(x, n, scores)
    total = sum(n)
    if 2 * sum(x) > total:
        x = [size - a for a, size in zip(x, n, strict=True)]
    successes = sum(x)
    if successes > EXACT_LIMIT:
        return None
    ways: dict[tuple[int, int], int] = {(0, 0): 1}
    for size, time in zip(n, times, strict=True):
        choices = [comb(size, here) for here in range(min(size, successes) + 1)]
        reached: dict[tuple[int, int], int] = defaultdict(int)
        for (placed, score), weight in ways.items():
            for here in range(min(size, successes - placed) + 1):
                reached[placed + here, score + here * time] += weight * choices[here]
        ways = dict(reached)
    mean = Fraction(successes * sum(a * t for a, t in zip(n, times, strict=True)), total)
    observed = abs(sum(a * t for a, t in zip(x, times, strict=True)) - mean)
    extreme = sum(w for (placed, score), w in ways.items() if placed == successes and abs(score - mean) >= observed)
    return float(Fraction(extreme, comb(total, successes)))


def expected_failures(x: Sequence[int], n: Sequence[int]) -> list[float]:
    """Return the failures expected per period if the share of failures never changed."""
    share = 1 - sum(x) / sum(n)
    return [share * size for size in n]


def change_margin(p: float, n: int, N: int | None = None, level: float = 0.95) -> float:
    """Return the half-width of the noise in a change between two independent samples of one design.

    z * sqrt(2 p (1 - p) / n * (N - n) / (N - 1)); without N there is no finite-population correction. A guide to
    what cannot be seen, not an interval: it is too small where p is near 0 or 1. Samples from one list overlap when
    the fraction is large, so independence is an assumption.

    Args:
        p: the pass rate, as a fraction, strictly between 0 and 1.
        n: units in each sample.
        N: units in the population, or None.
        level: confidence level.
    """
    if not 0 < p < 1:
        raise TongbaoError(
            f"a margin from p = {p} would be zero, which is not what one sample can promise",
            remedy="use hypergeometric_interval for each of the two periods",
        )
    if n < 1 or (N is not None and (n > N or N < 2)):
        raise TongbaoError(f"{n} units cannot have been drawn from {N}")
    correction = 1.0 if N is None else (N - n) / (N - 1)
    return float(norm.ppf((1 + level) / 2)) * math.sqrt(2 * p * (1 - p) / n * correction)


def _slope_is_infinite(rows: list[tuple[int, int, float, str]]) -> bool:
    """Tell whether, within every group, no failure comes after a pass, or no pass after a failure."""
    by_group: dict[str, tuple[list[float], list[float]]] = defaultdict(lambda: ([], []))
    for passed, n, time, name in rows:
        if passed:
            by_group[name][0].append(time)
        if n > passed:
            by_group[name][1].append(time)
    rising = all(max(failed) <= min(passes) for passes, failed in by_group.values())
    falling = all(max(passes) <= min(failed) for passes, failed in by_group.values())
    return rising or falling


def binomial_trend(
    passed: Sequence[int],
    n: Sequence[int],
    time: Sequence[float],
    group: Sequence[str],
    level: float = 0.95,
) -> BinomialTrend | Refusal:
    """Fit a common linear time trend of the log odds of passing, with a fixed effect for each group.

    Quasi-binomial: the scale is the Pearson chi-square over its degrees of freedom, taken by hand because
    `fit(scale="X2")` is wrong for two-column data in statsmodels 0.15, and never below 1, because a handful of
    periods cannot show that counts vary less than chance. For fewer than ten groups; the interval uses t.

    Args:
        passed, n: units passed and looked at, one pair per group and period.
        time: the period as a number.
        group: the province.
        level: confidence level.

    Returns:
        The fit, or a refusal in words. Groups that passed everything are left out and named: with their own
        intercept they say nothing about a slope, and their fitted intercept would be infinite.
    """
    if not len(passed) == len(n) == len(time) == len(group):
        raise TongbaoError("as many counts as group sizes, times and groups are wanted")
    if any(not 0 <= x <= size for x, size in zip(passed, n, strict=True)):
        raise TongbaoError(f"counts {list(passed)} of {list(n)}: each must lie between 0 and its n")
    rows = [
        (int(x), int(size), float(when), str(name))
        for x, size, when, name in zip(passed, n, time, group, strict=True)
        if size > 0
    ]
    totals: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for x, size, _, name in rows:
        totals[name][0] += x
        totals[name][1] += size
    dropped = tuple(sorted(name for name, (x, size) in totals.items() if x in (0, size)))
    rows = [row for row in rows if row[3] not in dropped]
    names = sorted({row[3] for row in rows})
    what = "trend over periods"
    df = len(rows) - len(names) - 1
    if not rows:
        return Refusal(what, "In every province all sites passed or all failed, so no trend can be seen.")
    if df < 1:
        return Refusal(what, "There are too few periods to tell a trend from the scatter around it.")
    if all(len({row[2] for row in rows if row[3] == name}) < 2 for name in names):
        return Refusal(what, "No province has two different periods.")
    if _slope_is_infinite(rows):
        return Refusal(what, "Passes and failures do not overlap in time, so the fitted trend would be infinite.")
    design = np.array([[*(float(row[3] == name) for name in names), row[2]] for row in rows])
    outcome = np.array([[x, size - x] for x, size, _, _ in rows], dtype=float)  # (success, failure)
    with warnings.catch_warnings():
        warnings.simplefilter("error", PerfectSeparationWarning)
        try:
            fit = sm.GLM(outcome, design, family=sm.families.Binomial()).fit()
        except PerfectSeparationWarning:
            return Refusal(what, "The model fits the figures perfectly, so its uncertainty cannot be told.")
    dispersion = float(fit.pearson_chi2) / df
    slope, error = float(fit.params[-1]), float(fit.bse[-1]) * math.sqrt(max(1.0, dispersion))
    reach = float(student.ppf((1 + level) / 2, df)) * error
    return BinomialTrend(slope, error, slope - reach, slope + reach, dispersion, df, dropped)


def slope_range(
    counts: Sequence[Sequence[int]],
    n: Sequence[int],
    time: Sequence[float],
    group: Sequence[str],
    level: float = 0.95,
    *,
    max_members: int = 200,
) -> tuple[float, float, float, float] | Refusal:
    """Return the range of the slope, and of its interval, over the possible counts behind rounded rates.

    Args:
        counts: for each row the possible numbers passed (see `counts.counts_for_rate`).
        n, time, group, level: as in `binomial_trend`.
        max_members: the most combinations to fit. The corners (smallest and largest count of each row) are fitted
            if there are no more; else a fixed pseudo-random sample of that many members.

    Returns:
        (smallest slope, largest slope, lowest end, highest end), or the first refusal met.
    """
    corners = [sorted({min(row), max(row)}) for row in counts]
    if math.prod(len(c) for c in corners) <= max_members:
        members = [list(member) for member in product(*corners)]
    else:
        random = np.random.default_rng(20150324)
        members = [[int(random.choice(row)) for row in counts] for _ in range(max_members)]
    fits = []
    for member in members:
        fit = binomial_trend(member, n, time, group, level)
        if isinstance(fit, Refusal):
            return fit
        fits.append(fit)
    return (
        min(f.slope for f in fits),
        max(f.slope for f in fits),
        min(f.low for f in fits),
        max(f.high for f in fits),
    )
