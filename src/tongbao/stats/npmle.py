"""What follows from the nonparametric distribution of interval-censored values: bootstrap bands, two groups.

Belongs here: inference on `censored.turnbull`. Does not belong here: the estimate itself and bounds by arithmetic
(`censored.py`), whether there are enough units (`enough`: `npmle_curve`, `npmle_bands`).

The intervals must not have been chosen because of the values (`censored.turnbull`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb

import numpy as np
from scipy.stats import norm

from tongbao.errors import TongbaoError
from tongbao.stats.censored import Turnbull, turnbull
from tongbao.stats.result import Refusal

Values = Sequence[tuple[float, float]]

MIN_BAND_UNITS = 30
EXACT_TABLES = 20_000
"""The most ways of choosing a group that are enumerated."""
_SEED = 20150324


@dataclass(frozen=True, slots=True)
class Band:
    """The distribution function at one point: what is identified, and its band.

    Attributes:
        at: the point.
        low, high: the identified range; both ends are equal where no innermost interval holds the point inside.
        band_low, band_high: pointwise bootstrap band around that range.
    """

    at: float
    low: float
    high: float
    band_low: float
    band_high: float


@dataclass(frozen=True, slots=True)
class TwoGroups:
    """A permutation test of two groups on Wilcoxon-type scores.

    Attributes:
        score: the sum of the first group's scores less its expectation; positive when its values are smaller.
        z: the score in permutation standard errors.
        p_value: two-sided.
        is_exact: every choice of the first group was counted; else the normal approximation.
    """

    score: float
    z: float
    p_value: float
    is_exact: bool


def distribution_range(fit: Turnbull, at: float) -> tuple[float, float]:
    """Return the smallest and the largest P(value <= at) that the estimate allows: mass is not locatable inside."""
    pairs = list(zip(fit.intervals, fit.mass, strict=True))
    low = sum(mass for (_, right), mass in pairs if right <= at)
    high = sum(mass for (left, right), mass in pairs if right <= at or left < at)
    return min(1.0, low), min(1.0, high)


def turnbull_bands(
    intervals: Values, points: Sequence[float], level: float = 0.95, *, n_resamples: int = 400
) -> list[Band] | Refusal:
    """Return pointwise percentile bootstrap bands of the distribution function (Efron 1979), units resampled.

    The low end of a band is a quantile of the smallest identified share, the high end one of the largest. The seed
    is fixed: the same data give the same bands.

    Args:
        intervals: one (low, high] per unit, as for `censored.turnbull`.
        points: where the distribution is asked for, such as printed thresholds.
        level: of each point by itself, not of the whole curve.
        n_resamples: bootstrap samples.

    Returns:
        A band per point, or a refusal below thirty units.
    """
    n = len(intervals)
    if n < MIN_BAND_UNITS:
        return Refusal(
            "bands of the distribution", f"Only {n} units have an interval of their own, fewer than {MIN_BAND_UNITS}."
        )
    intervals = sorted(intervals)  # so that the order of the rows does not move the draws
    fit = turnbull(intervals)
    random = np.random.default_rng(_SEED)
    drawn = np.empty((n_resamples, len(points), 2))
    for resample in range(n_resamples):
        chosen = [intervals[i] for i in random.integers(0, n, n)]
        # A resample need only be as exact as its own noise.
        again = turnbull(chosen, tolerance=1e-4)
        drawn[resample] = [distribution_range(again, at) for at in points]
    tail = (1 - level) / 2
    lows, highs = np.quantile(drawn[:, :, 0], tail, axis=0), np.quantile(drawn[:, :, 1], 1 - tail, axis=0)
    found = [distribution_range(fit, at) for at in points]
    return [
        Band(float(at), low, high, float(min(below, low)), float(max(above, high)))
        for at, (low, high), below, above in zip(points, found, lows, highs, strict=True)
    ]


def wilcoxon_scores(intervals: Values) -> list[float]:
    """Return each unit's score S(left) + S(right) - 1 from the pooled estimate, S = P(value > ...).

    The generalised Wilcoxon-Mann-Whitney scores of Fay and Shaw (2010, Journal of Statistical Software 36(2), section
    3.2; R package `interval`, scores="wmw"); without censoring and ties they are the ranks, centred and scaled.
    """
    fit = turnbull(intervals)
    pairs = list(zip(fit.intervals, fit.mass, strict=True))
    scores = []
    for low, high in intervals:
        # Mass at or below the left end, and beyond the right end; an exact value is (just below it, itself].
        before = sum(m for (left, right), m in pairs if right <= low and not (low == high == left == right))
        after = sum(m for (left, right), m in pairs if left >= high and not (left == right == high))
        scores.append((1 - before) + after - 1)
    return scores


def npmle_test(a: Values, b: Values) -> TwoGroups | Refusal:
    """Compare two groups under one rubric by permuting the group labels over the pooled scores.

    Exact (all choices of the smaller group) up to `EXACT_TABLES` choices, else the permutation variance and the
    normal distribution. Permuting labels asks that the censoring does not depend on the group: one rubric, one set of
    printed thresholds.

    Args:
        a, b: one (low, high] per unit.

    Returns:
        The test, or a refusal where all scores are equal.

    Raises:
        TongbaoError: a group is empty.
    """
    if not a or not b:
        raise TongbaoError("both groups need at least one unit")
    scores = np.array(wilcoxon_scores([*a, *b]))
    centred = scores - scores.mean()
    n, n_a = len(scores), len(a)
    spread = float(centred @ centred)
    if spread < 1e-12:
        return Refusal("two groups compared", "All units have the same score, so there is nothing to compare.")
    score = float(centred[:n_a].sum())
    z = score / float(np.sqrt(n_a * (n - n_a) / (n * (n - 1)) * spread))
    if comb(n, n_a) > EXACT_TABLES:
        return TwoGroups(score, z, float(2 * norm.sf(abs(z))), False)
    size = min(n_a, n - n_a)
    sums = np.array([centred[list(chosen)].sum() for chosen in combinations(range(n), size)])
    return TwoGroups(score, z, float(np.mean(np.abs(sums) >= abs(score) - 1e-9)), True)
