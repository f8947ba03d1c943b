import math
from fractions import Fraction
from itertools import combinations, product
from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongbao.errors import TongbaoError
from tongbao.stats.result import Refusal
from tongbao.stats.trend import (
    BinomialTrend,
    TrendTest,
    binomial_trend,
    change_margin,
    cochran_armitage,
    exact_trend_test,
    expected_failures,
    slope_range,
)


class TestTrend:
    SMOKERS, PATIENTS = (
        [83, 90, 129, 70],
        [86, 93, 136, 82],
    )  # Fleiss 1981, page 139; the example of R's prop.trend.test

    def test_prop_trend_test_of_r(self):
        plain = cochran_armitage(self.SMOKERS, self.PATIENTS)
        last = cochran_armitage(self.SMOKERS, self.PATIENTS, [0, 0, 0, 1])
        assert isinstance(plain, TrendTest) and isinstance(last, TrendTest)
        assert (round(plain.z**2, 4), round(plain.p_value, 6)) == (8.2249, 0.004132)
        assert (round(last.z**2, 3), round(last.p_value, 7)) == (12.173, 0.0004848)
        assert plain.z < 0

    def test_dose_table_of_desctools(self):
        # CochranArmitageTest: Z = -1.8856, p = .05935; the exact p is .101.
        found = cochran_armitage([10, 9, 10, 7], [10] * 4)
        assert isinstance(found, TrendTest)
        assert (round(found.z, 4), round(found.p_value, 5)) == (-1.8856, 0.05935)
        assert round(exact_trend_test([10, 9, 10, 7], [10] * 4), 3) == 0.101

    @settings(deadline=None, max_examples=50)
    @given(st.lists(st.integers(1, 4), min_size=2, max_size=3), st.data())
    def test_exact_equals_every_permutation(self, n, data):
        x = [data.draw(st.integers(0, size)) for size in n]
        times = [t for t, size in enumerate(n) for _ in range(size)]
        mean = Fraction(sum(x) * sum(times), sum(n))
        observed = abs(sum(a * t for t, a in enumerate(x)) - mean)
        scores = [abs(sum(times[i] for i in chosen) - mean) for chosen in combinations(range(len(times)), sum(x))]
        expected = Fraction(sum(s >= observed for s in scores), len(scores))
        assert exact_trend_test(x, n) == pytest.approx(float(expected))
        assert exact_trend_test([size - a for a, size in zip(x, n, strict=True)], n) == pytest.approx(float(expected))

    def test_the_rarer_outcome_is_counted_and_large_counts_are_left_to_the_approximation(self):
        n = [500] * 4
        few = [480, 486, 490, 494]  # 50 failures
        assert exact_trend_test(few, n) == pytest.approx(cochran_armitage(few, n).p_value, rel=0.5)
        assert exact_trend_test([470, 480, 485, 490], n) is None  # 75 failures

    def test_turning_time_round_turns_the_sign(self):
        ahead = cochran_armitage(self.SMOKERS, self.PATIENTS)
        back = cochran_armitage(self.SMOKERS[::-1], self.PATIENTS[::-1])
        assert back.z == pytest.approx(-ahead.z) and back.p_value == pytest.approx(ahead.p_value)

    def test_nothing_varies(self):
        assert isinstance(cochran_armitage([5, 6], [5, 6]), Refusal)
        assert exact_trend_test([5, 6], [5, 6]) == 1.0

    @pytest.mark.parametrize(("x", "n"), [([1], [2]), ([3, 1], [2, 2]), ([1, 1], [2])])
    def test_impossible(self, x, n):
        for function in (cochran_armitage, exact_trend_test):
            with pytest.raises(TongbaoError):
                function(x, n)

    def test_expected_failures(self):
        assert expected_failures([9, 8], [10, 10]) == pytest.approx([1.5, 1.5])


class TestChangeMargin:
    def test_jiangsu(self):
        assert round(100 * change_margin(0.96, 270, 826), 1) == 2.7
        assert round(100 * change_margin(0.96, 270), 1) == 3.3

    def test_one_of_two(self):
        assert change_margin(0.5, 1, 2) == pytest.approx(1.959964 * 0.5**0.5)  # (N - n)/(N - 1) is 1 for n = 1

    @pytest.mark.parametrize(("M", "n", "N"), [(9, 4, 12), (5, 3, 6), (1, 2, 7)])
    def test_is_the_spread_of_two_samples_enumerated(self, M, n, N):
        ways = [(Fraction(x, n), comb(M, x) * comb(N - M, n - x)) for x in range(n + 1)]
        pairs = [(a - b, v * w) for (a, v), (b, w) in product(ways, ways)]
        variance = sum(w * d**2 for d, w in pairs) / Fraction(comb(N, n)) ** 2  # the mean difference is 0
        assert change_margin(M / N, n, N) == pytest.approx(1.959964 * float(variance) ** 0.5, rel=1e-6)

    def test_a_census_changes_without_noise(self):
        assert change_margin(0.9, 100, 100) == 0

    @pytest.mark.parametrize(("p", "n", "N"), [(1.0, 10, 20), (0.0, 10, 20), (0.9, 0, 20), (0.9, 30, 20)])
    def test_impossible(self, p, n, N):
        with pytest.raises(TongbaoError):
            change_margin(p, n, N)

    @given(st.integers(1, 300), st.integers(1, 300))
    def test_shrinks_with_n(self, n, more):
        assert change_margin(0.9, n + more, 1000) < change_margin(0.9, n, 1000)


BEETLES = ([6, 13, 18, 28, 52, 53, 61, 60], [59, 60, 62, 56, 63, 59, 62, 60])
DOSES = [1.6907, 1.7242, 1.7552, 1.7842, 1.8113, 1.8369, 1.8610, 1.8839]


class TestBinomialTrend:
    def test_bliss_1935(self):
        # Dobson, Introduction to Generalized Linear Models, 7.3: slope 34.27, standard error 2.91, X2 10.03 on 6 df.
        found = binomial_trend(*BEETLES, DOSES, ["all"] * 8)
        assert isinstance(found, BinomialTrend)
        assert (round(found.slope, 2), found.df) == (34.27, 6)
        assert found.dispersion * 6 == pytest.approx(10.03, abs=0.01)
        assert found.error == pytest.approx(2.912 * math.sqrt(10.027 / 6), abs=2e-3)
        assert found.high - found.slope == pytest.approx(2.446912 * found.error)

    def test_a_perfect_group_is_left_out_and_named(self):
        passed, n = [*BEETLES[0], 5, 5, 5], [*BEETLES[1], 5, 5, 5]
        found = binomial_trend(passed, n, [*DOSES, 1.7, 1.8, 1.9], ["a"] * 8 + ["b"] * 3)
        alone = binomial_trend(*BEETLES, DOSES, ["a"] * 8)
        assert isinstance(found, BinomialTrend) and isinstance(alone, BinomialTrend)
        assert found.dropped == ("b",)
        assert found.slope == pytest.approx(alone.slope) and found.error == pytest.approx(alone.error)

    def test_order_and_labels_do_not_matter(self):
        passed, n = [90, 92, 95, 96, 80, 84, 83, 90], [100] * 8
        time, group = [1, 2, 3, 4] * 2, ["x"] * 4 + ["y"] * 4
        found = binomial_trend(passed, n, time, group)
        back = binomial_trend(passed[::-1], n[::-1], time[::-1], ["z" if g == "x" else "a" for g in group][::-1])
        assert isinstance(found, BinomialTrend) and isinstance(back, BinomialTrend)
        assert (back.slope, back.low, back.high) == pytest.approx((found.slope, found.low, found.high))

    def test_shrinks_with_n(self):
        passed, n, time, group = [90, 92, 95, 96], [100] * 4, [1, 2, 3, 4], ["x"] * 4
        few, many = (binomial_trend([k * x for x in passed], [k * m for m in n], time, group) for k in (1, 9))
        assert isinstance(few, BinomialTrend) and isinstance(many, BinomialTrend)
        assert many.slope == pytest.approx(few.slope) and many.error < few.error

    def test_luck_does_not_shrink_the_interval(self):
        # Rates exactly on a line in the logits: dispersion near 0, error still that of the binomial.
        found = binomial_trend([500, 731, 881], [1000] * 3, [0, 1, 2], ["a"] * 3)
        assert isinstance(found, BinomialTrend)
        assert found.dispersion < 0.1
        weights = [1000 * p * (1 - p) for p in (0.5, 0.731, 0.881)]
        mean = (weights[1] + 2 * weights[2]) / sum(weights)
        information = sum(w * (t - mean) ** 2 for t, w in enumerate(weights))
        assert found.error == pytest.approx(information**-0.5, rel=1e-3)

    @pytest.mark.parametrize(
        ("passed", "n", "time", "group", "word"),
        [
            ([5, 5, 5], [5, 5, 5], [1, 2, 3], ["a"] * 3, "all sites passed"),
            ([4, 5], [5, 5], [1, 2], ["a"] * 2, "too few periods"),
            ([0, 0, 5, 5], [5] * 4, [1, 2, 3, 4], ["a"] * 4, "infinite"),
            ([0, 2, 5, 5], [5] * 4, [1, 2, 3, 4], ["a"] * 4, "infinite"),
            ([3, 4, 4, 3], [5] * 4, [1, 1, 1, 1], ["a"] * 4, "two different periods"),
            ([], [], [], [], "all sites passed"),
        ],
    )
    def test_refusals(self, passed, n, time, group, word):
        found = binomial_trend(passed, n, time, group)
        assert isinstance(found, Refusal) and word in found.reason

    def test_impossible(self):
        with pytest.raises(TongbaoError):
            binomial_trend([6, 1], [5, 5], [1, 2], ["a", "a"])
        with pytest.raises(TongbaoError):
            binomial_trend([5, 1], [5, 5], [1], ["a", "a"])


class TestSlopeRange:
    N, TIME, GROUP = [100] * 4, [1, 2, 3, 4], ["a"] * 4

    def test_contains_the_slope_of_every_member(self):
        sets = [[90, 91], [92, 93], [94, 95], [95, 96]]
        low, high, lowest, highest = slope_range(sets, self.N, self.TIME, self.GROUP)
        for member in product(*sets):
            fit = binomial_trend(member, self.N, self.TIME, self.GROUP)
            assert low <= fit.slope <= high and lowest <= fit.low and fit.high <= highest

    def test_known_counts_give_one_slope(self):
        low, high, *_ = slope_range([[90], [92], [94], [95]], self.N, self.TIME, self.GROUP)
        assert low == high

    def test_many_members_are_drawn_alike_each_time(self):
        sets = [[88, 89, 90], [91, 92, 93], [93, 94, 95], [95, 96, 97]]
        found = slope_range(sets, self.N, self.TIME, self.GROUP, max_members=10)
        assert found == slope_range(sets, self.N, self.TIME, self.GROUP, max_members=10)
