import csv
import math
from fractions import Fraction
from itertools import pairwise
from math import comb
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom, mannwhitneyu, norm

from tongbao.errors import TongbaoError
from tongbao.stats.censored import turnbull
from tongbao.stats.npmle import distribution_range, npmle_test, turnbull_bands, wilcoxon_scores
from tongbao.stats.result import Refusal


def cosmesis(arm):
    with (Path(__file__).parent / "cases" / "breast_cosmesis.csv").open(encoding="utf-8", newline="") as file:
        return [(float(row["low"]), float(row["high"] or "inf")) for row in csv.DictReader(file) if row["arm"] == arm]


def exact(*values):
    return [(float(v), float(v)) for v in values]


class TestTwoGroups:
    def test_breast_cosmesis_computed_apart(self):
        # No printed value was found for these scores, so everything is made once more in another way: the estimate by
        # EM over all cells between end points (the function knows innermost intervals only), the scores from the
        # survival function at both ends, the variance from Fay and Shaw (2010), section 3.4.
        rad, both = cosmesis("Rad"), cosmesis("RadChem")
        units = [*rad, *both]
        ends = sorted({end for unit in units for end in unit})
        cells = list(pairwise(ends))
        inside = np.array([[low <= left and right <= high for left, right in cells] for low, high in units], float)
        mass = np.full(len(cells), 1 / len(cells))
        for _ in range(20_000):
            mass = mass * (inside.T @ (1 / (inside @ mass))) / len(units)

        def beyond(at):
            return sum(m for (left, _), m in zip(cells, mass, strict=True) if left >= at)

        scores = np.array([beyond(low) + beyond(high) - 1 for low, high in units])
        score = scores[: len(rad)].sum()
        spread = len(rad) * len(both) / (len(units) * (len(units) - 1)) * (scores @ scores)
        found = npmle_test(rad, both)
        assert not found.is_exact and wilcoxon_scores(units) == pytest.approx(scores, abs=1e-5)
        assert (found.score, found.z) == pytest.approx((score, score / spread**0.5), abs=1e-4)
        assert found.p_value == pytest.approx(2 * norm.sf(abs(score / spread**0.5)), abs=1e-4)

    @settings(max_examples=25, deadline=None)
    @given(st.lists(st.integers(0, 4), min_size=4, max_size=4).filter(lambda n: min(n[0] + n[1], n[2] + n[3]) > 0))
    def test_of_values_on_two_sides_of_a_threshold_is_the_exact_test_of_the_table(self, counts):
        a_low, a_high, b_low, b_high = counts
        low, high = (0.0, 100.0), (100.0, math.inf)
        found = npmle_test([low] * a_low + [high] * a_high, [low] * b_low + [high] * b_high)
        n_a, n_low, n = a_low + a_high, a_low + b_low, sum(counts)
        if n_low in (0, n):
            assert isinstance(found, Refusal)
            return
        mean = Fraction(n_a * n_low, n)
        ways = {x: comb(n_low, x) * comb(n - n_low, n_a - x) for x in range(min(n_a, n_low) + 1)}
        far = sum(w for x, w in ways.items() if abs(x - mean) >= abs(a_low - mean))
        assert found.is_exact and found.p_value == pytest.approx(float(Fraction(far, comb(n, n_a))))

    @pytest.mark.parametrize(
        ("a", "b"), [([1, 3, 4, 8], [2, 5, 6, 7, 9]), ([1, 2, 3], [4, 5, 6]), ([0.78, 0.64, 0.59], [1.45, 1.22, 0.62])]
    )
    def test_without_censoring_it_is_the_exact_rank_test(self, a, b):
        found = npmle_test(exact(*a), exact(*b))
        assert found.is_exact
        assert found.p_value == pytest.approx(mannwhitneyu(a, b, method="exact").pvalue)
        assert (found.score > 0) == (mannwhitneyu(a, b).statistic < len(a) * len(b) / 2)

    def test_scores_of_single_values_are_centred_ranks(self):
        scores = wilcoxon_scores(exact(5, 1, 9, 3))
        assert scores == pytest.approx([-0.25, 0.75, -0.75, 0.25])

    def test_nothing_to_compare(self):
        found = npmle_test([(0, 100)] * 3, [(0, 100)] * 4)
        assert isinstance(found, Refusal)
        with pytest.raises(TongbaoError):
            npmle_test([], [(0, 100)])

    @settings(max_examples=15, deadline=None)
    @given(
        st.lists(st.tuples(st.integers(0, 4), st.integers(0, 3)), min_size=1, max_size=4),
        st.lists(st.tuples(st.integers(0, 4), st.integers(0, 3)), min_size=1, max_size=4),
    )
    def test_labels_and_order_do_not_matter(self, a, b):
        a, b = ([(float(low), float(low + more)) for low, more in group] for group in (a, b))
        found, turned = npmle_test(a, b), npmle_test(b[::-1], a)
        if isinstance(found, Refusal):
            assert isinstance(turned, Refusal)
            return
        assert turned.p_value == pytest.approx(found.p_value, abs=1e-6)
        assert turned.score == pytest.approx(-found.score, abs=1e-5)
        assert 0 < found.p_value <= 1


class TestBands:
    def test_of_exact_values_are_those_of_the_binomial(self):
        # Resampling single values makes the share at or below a point binomial: its quantiles are known.
        values = exact(*range(1, 41))
        (band,) = turnbull_bands(values, [10], n_resamples=600)
        assert band.low == band.high == pytest.approx(0.25)
        assert band.band_low == pytest.approx(binom.ppf(0.025, 40, 0.25) / 40, abs=0.04)
        assert band.band_high == pytest.approx(binom.ppf(0.975, 40, 0.25) / 40, abs=0.04)

    def test_breast_cosmesis_holds_what_is_identified_and_repeats(self):
        intervals, points = cosmesis("Rad"), [5, 12, 24, 40]
        bands = turnbull_bands(intervals, points, n_resamples=60)
        assert bands == turnbull_bands(intervals[::-1], points, n_resamples=60)  # and the order does not matter
        for band in bands:
            assert 0 <= band.band_low <= band.low <= band.high <= band.band_high <= 1
        assert [b.low for b in bands] == sorted(b.low for b in bands)

    def test_shrink_with_n(self):
        (few,), (many,) = (turnbull_bands(exact(*range(10)) * k, [4], n_resamples=200) for k in (3, 30))
        assert (few.low, few.high) == pytest.approx((many.low, many.high))
        assert many.band_high - many.band_low < 0.5 * (few.band_high - few.band_low)

    def test_mass_cannot_be_placed_within_its_interval(self):
        fit = turnbull([(0.0, 100.0)] * 3 + [(100.0, 200.0)])
        assert distribution_range(fit, 50) == (0, 0.75)
        assert distribution_range(fit, 100) == (0.75, 0.75)
        assert distribution_range(fit, 500) == (1, 1)

    def test_under_thirty_units_there_are_none(self):
        found = turnbull_bands(exact(*range(29)), [10])
        assert isinstance(found, Refusal) and "29 units" in found.reason
