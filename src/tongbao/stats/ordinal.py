"""Ordered grades of two or more groups on one scale.

Belongs here: tests and estimates that use the order of the grades, and bounds across scales. Does not belong here:
intervals for single shares (`intervals.py`).

Counts are always given **best grade first** (优秀, 良好, 一般, 不合格), as circulars print them.
"""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import comb

import numpy as np
import pandas as pd
from scipy.stats import chi2, norm
from statsmodels.miscmodels.ordinal_model import OrderedModel
from statsmodels.stats.nonparametric import rank_compare_2ordinal

from tongbao.errors import TongbaoError
from tongbao.stats.result import Refusal

BANDS = ("fail", "pass", "good", "excellent")


@dataclass(frozen=True, slots=True)
class ExactTest:
    """A two-sided exact p-value and the number of distinct tables it was summed over."""

    p_value: float
    n_tables: int


@dataclass(frozen=True, slots=True)
class Superiority:
    """P(a random unit of A has the better grade) + half P(equal), with its interval.

    `low` and `high` are None where the interval cannot be given; `note` says why.
    """

    value: float
    low: float | None
    high: float | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class ProportionalOdds:
    """A proportional-odds fit with the group as its only factor.

    Attributes:
        odds_ratios: odds of the better grades, each further group against the first; above 1 is better.
        low, high: their Wald intervals.
        p_value: likelihood-ratio test that all groups are alike.
        goodness: likelihood-ratio distance of the fit from the table itself, its degrees of freedom and p-value.
    """

    odds_ratios: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    p_value: float
    goodness: float
    goodness_df: int
    goodness_p: float


@dataclass(frozen=True, slots=True)
class CountBounds:
    """How many of n units are surely, and how many possibly, in question."""

    surely: int
    possibly: int
    n: int

    @property
    def share(self) -> tuple[float, float]:
        """The share as an interval."""
        return self.surely / self.n, self.possibly / self.n


def _two_groups(counts_a: Sequence[int], counts_b: Sequence[int]) -> tuple[list[int], list[int]]:
    a, b = [int(x) for x in counts_a], [int(x) for x in counts_b]
    if len(a) != len(b) or len(a) < 2 or min(a + b) < 0:
        raise TongbaoError(f"two groups need counts on the same grades: {a} and {b}")
    if not sum(a) or not sum(b):
        raise TongbaoError(f"a group without units cannot be compared: {a} and {b}")
    return a, b


def exact_ordinal_test(counts_a: Sequence[int], counts_b: Sequence[int]) -> ExactTest:
    """Return the exact two-sided permutation Wilcoxon test on midranks.

    Sums the multivariate hypergeometric weights of all 2 x K tables with the same margins whose rank sum lies at
    least as far from its mean as the observed one (Agresti 2010, Analysis of Ordinal Categorical Data, 7.6).
    All arithmetic is in integers, so ties are ties.

    Args:
        counts_a, counts_b: units per grade, same grades in the same order. Reversing both, or swapping the
            groups, changes nothing.
    """
    a, b = _two_groups(counts_a, counts_b)
    totals = [x + y for x, y in zip(a, b, strict=True)]
    # Twice the midrank, so that it is an integer.
    ranks, before = [], 0
    for total in totals:
        ranks.append(2 * before + total + 1)
        before += total
    # Weight and number of tables per (units placed in A, their rank sum): the tables, grade by grade.
    states: dict[tuple[int, int], tuple[int, int]] = {(0, 0): (1, 1)}
    for total, rank in zip(totals, ranks, strict=True):
        reached: dict[tuple[int, int], tuple[int, int]] = defaultdict(lambda: (0, 0))
        for (placed, rank_sum), (weight, tables) in states.items():
            for here in range(min(total, sum(a) - placed) + 1):
                key = (placed + here, rank_sum + here * rank)
                old_weight, old_tables = reached[key]
                reached[key] = (old_weight + weight * comb(total, here), old_tables + tables)
        states = dict(reached)
    complete = {rank_sum: found for (placed, rank_sum), found in states.items() if placed == sum(a)}
    mean = sum(a) * (sum(totals) + 1)  # of twice the rank sum
    observed = abs(sum(x * rank for x, rank in zip(a, ranks, strict=True)) - mean)
    extreme = sum(weight for rank_sum, (weight, _) in complete.items() if abs(rank_sum - mean) >= observed)
    everything = comb(sum(totals), sum(a))
    return ExactTest(float(Fraction(extreme, everything)), sum(tables for _, tables in complete.values()))


def superiority(counts_a: Sequence[int], counts_b: Sequence[int], level: float = 0.95) -> Superiority:
    """Return the probability that a random unit of A is graded better than one of B, ties counting half.

    Interval from `rank_compare_2ordinal` (Brunner and Munzel 2000, in statsmodels), cut to [0, 1]. Not given where
    a group has one unit or where nothing varies, because its width would then be none or zero.

    Args:
        counts_a, counts_b: units per grade, best grade first.
        level: confidence level.
    """
    a, b = _two_groups(counts_a, counts_b)
    # statsmodels takes the larger value as the later category: worst first makes "larger" mean "better".
    if min(sum(a), sum(b)) < 2:
        better = sum(x * (sum(b[i + 1 :]) + Fraction(b[i], 2)) for i, x in enumerate(a))
        return Superiority(float(better / (sum(a) * sum(b))), None, None, "a group has only one unit")
    with np.errstate(invalid="ignore"):  # where nothing varies, which is handled just below
        compared = rank_compare_2ordinal(a[::-1], b[::-1])
    value = float(compared.prob1)
    if float(compared.var) < 1e-12:
        return Superiority(value, None, None, "the two groups do not overlap, or each has a single grade")
    low, high = compared.conf_int(alpha=1 - level)
    return Superiority(value, max(0.0, float(low)), min(1.0, float(high)))


def _separated(table: np.ndarray) -> bool:
    """Tell whether some odds ratio of the fit is infinite.

    A group that uses the grades i..j pins the thresholds between them; the estimates are finite exactly when the
    groups hang together through shared thresholds (the recession directions of Pratt 1981 and Haberman 1980,
    written out for a single factor).
    """
    used = [np.flatnonzero(row) for row in table]
    spans = [set(range(int(u[0]), int(u[-1]))) for u in used]  # threshold t lies between the grades t and t + 1
    components: list[set[int]] = []
    for span in spans:
        if span:
            touching = [c for c in components if c & span]
            components = [c for c in components if not c & span] + [span.union(*touching)]
    # A group with one grade is held only if the thresholds on both sides of it are pinned together.
    held = [any({int(u[0]) - 1, int(u[0])} <= c for c in components) for u, s in zip(used, spans, strict=True) if not s]
    return len(components) != 1 or not all(held)


def _log_likelihood(table: np.ndarray) -> float:
    rows = table.sum(axis=1, keepdims=True)
    return float(sum(x * math.log(x / n) for row, (n,) in zip(table, rows, strict=True) for x in row if x))


def proportional_odds(table: Sequence[Sequence[int]], level: float = 0.95) -> ProportionalOdds | Refusal:
    """Fit the proportional-odds model with the group as its only factor, and check it against the table.

    The unrestricted model is the table itself, so goodness of fit is 2(ll of the table - ll of the fit) on
    (G-1)(K-2) degrees of freedom (McCullagh 1980). It has little power in small tables.

    Args:
        table: one row per group, one column per grade, best grade first. Unused grades are left out.
        level: confidence level of the odds ratios.

    Returns:
        The fit, or a refusal: separation makes statsmodels report convergence at a meaningless estimate.
    """
    counts = np.asarray(table, dtype=int)
    if counts.ndim != 2 or counts.shape[0] < 2 or (counts < 0).any() or not counts.sum(axis=1).all():
        raise TongbaoError("a table with a row of counts per group, at least two groups, none empty, is wanted")
    counts = counts[:, counts.sum(axis=0) > 0]
    groups, grades = counts.shape
    what = "proportional-odds model"
    if grades < 2:
        return Refusal(what, "All units have the same grade, so there is nothing to compare.")
    if _separated(counts):
        return Refusal(
            what, "The groups do not overlap enough on the scale: at least one odds ratio would be infinite."
        )
    # OrderedModel ignores freq_weights, so a row per unit; worst grade lowest, so that above 1 is better.
    grade, group = [], []
    for g, row in enumerate(counts):
        for k, count in enumerate(row):
            grade += [grades - 1 - k] * int(count)
            group += [g] * int(count)
    dummies = pd.DataFrame({f"group_{g}": (np.array(group) == g).astype(float) for g in range(1, groups)})
    ordered = pd.Series(pd.Categorical(grade, categories=range(grades), ordered=True))
    fit = OrderedModel(ordered, dummies, distr="logit").fit(method="bfgs", disp=0, maxiter=1000, gtol=1e-8)
    estimates = np.asarray(fit.params)[: groups - 1]
    errors = np.sqrt(np.diag(np.asarray(fit.cov_params())))[: groups - 1]
    if not np.isfinite(estimates).all() or not np.isfinite(errors).all() or abs(estimates).max() > 15:
        return Refusal(what, "The fit did not settle on finite odds ratios.")
    reach = float(norm.ppf((1 + level) / 2)) * errors
    likelihood = float(fit.llf)
    alike = _log_likelihood(counts.sum(axis=0, keepdims=True))
    goodness_df = (groups - 1) * (grades - 2)
    goodness = max(0.0, 2 * (_log_likelihood(counts) - likelihood)) if goodness_df else 0.0
    return ProportionalOdds(
        odds_ratios=tuple(float(x) for x in np.exp(estimates)),
        low=tuple(float(x) for x in np.exp(estimates - reach)),
        high=tuple(float(x) for x in np.exp(estimates + reach)),
        p_value=float(chi2.sf(max(0.0, 2 * (likelihood - alike)), groups - 1)),
        goodness=goodness,
        goodness_df=goodness_df,
        goodness_p=float(chi2.sf(goodness, goodness_df)) if goodness_df else 1.0,
    )


def crosswalk_bounds(
    counts_by_grade: Mapping[str, int],
    scale_map: Mapping[str, tuple[str, str]],
    band: str,
    *,
    bands: Sequence[str] = BANDS,
) -> CountBounds:
    """Return how many units are at or above a band of the common scale, surely and possibly.

    Args:
        counts_by_grade: units per printed grade.
        scale_map: for each grade the lowest and the highest band it could belong to.
        band: the band asked about.
        bands: the common scale, worst first.

    Raises:
        TongbaoError: a grade is not in the map, or a band is unknown or upside down.
    """
    order = {name: i for i, name in enumerate(bands)}
    surely = possibly = 0
    for grade, count in counts_by_grade.items():
        if grade not in scale_map:
            raise TongbaoError(
                f"no bands for the grade {grade!r}",
                remedy="add it to the crosswalk of its scale, with a source",
            )
        low, high = scale_map[grade]
        for name in (low, high, band):
            if name not in order:
                raise TongbaoError(f"unknown band {name!r}", remedy=f"use one of {', '.join(bands)}")
        if order[low] > order[high]:
            raise TongbaoError(f"the bands of {grade!r} are upside down: {low} to {high}")
        surely += count if order[low] >= order[band] else 0
        possibly += count if order[high] >= order[band] else 0
    n = sum(counts_by_grade.values())
    if n < 1:
        raise TongbaoError("no unit has a grade, so there is no share")
    return CountBounds(surely, possibly, n)
