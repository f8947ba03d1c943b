import math
from fractions import Fraction
from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom, chi2, hypergeom

from tongbao.errors import TongbaoError
from tongbao.stats.intervals import (
    clopper_pearson,
    clopper_pearson_lower,
    goodman,
    hypergeometric_interval,
    hypergeometric_lower,
    hypergeometric_share,
    newcombe_difference,
    no_assumption_interval,
    sison_glaz,
    union_over,
    wilson,
)


def points(interval, digits=1):
    return tuple(round(100 * end, digits) for end in interval)


def enumerated_interval(x, n, N, alpha=Fraction(5, 100)):
    """The definition, by fractions over every possible population."""

    def p(k, M):
        return Fraction(comb(M, k) * comb(N - M, n - k), comb(N, n))

    kept = [
        M
        for M in range(x, N - (n - x) + 1)
        if sum(p(k, M) for k in range(x, n + 1)) > alpha / 2 and sum(p(k, M) for k in range(x + 1)) > alpha / 2
    ]
    return kept[0], kept[-1]


class TestHypergeometric:
    def test_jiangsu(self):
        assert hypergeometric_interval(259, 270, 825) == (771, 805)
        assert hypergeometric_interval(259, 270, 826) == (772, 806)
        assert points(union_over(hypergeometric_share(259, 270, N) for N in (825, 826))) == (93.5, 97.6)

    def test_jiangsu_without_the_eleven(self):
        sets = (hypergeometric_share(x, 270, N) for x in (258, 259, 260) for N in (825, 826))
        assert points(union_over(sets)) == (93.0, 97.8)

    def test_jiangsu_without_random_choice(self):
        assert points(no_assumption_interval(259, 270, 826)) == (31.4, 98.7)

    @pytest.mark.parametrize(("n", "N"), [(1, 40), (5, 12), (7, 20), (10, 11), (12, 12), (3, 40)])
    def test_equals_enumeration_with_fractions(self, n, N):
        # n = 1, N = 40 has a tail of exactly alpha/2, which floats cannot decide.
        for x in range(n + 1):
            assert hypergeometric_interval(x, n, N) == enumerated_interval(x, n, N), (x, n, N)

    @pytest.mark.parametrize(("n", "N"), [(20, 60), (30, 100), (5, 9)])
    @pytest.mark.parametrize("level", [0.9, 0.95])
    def test_covers_every_population_at_the_stated_level(self, n, N, level):
        intervals = [hypergeometric_interval(x, n, N, level) for x in range(n + 1)]
        for M in range(N + 1):
            covered = sum(
                float(hypergeom(M=N, n=M, N=n).pmf(x)) for x, (low, high) in enumerate(intervals) if low <= M <= high
            )
            assert covered >= level, f"M = {M}: {covered}"

    @pytest.mark.parametrize(("n", "N", "stated"), [(30, 100, 0.970), (20, 60, 0.969)])
    def test_smallest_coverage_of_the_design(self, n, N, stated):
        # Shares of .9 and more for N 100, of .8 and more for N 60, as tabulated in the analysis plan.
        intervals = [hypergeometric_interval(x, n, N) for x in range(n + 1)]
        lowest = min(
            sum(float(hypergeom(M=N, n=M, N=n).pmf(x)) for x, (low, high) in enumerate(intervals) if low <= M <= high)
            for M in range(int((0.9 if N == 100 else 0.8) * N), N + 1)
        )
        assert lowest == pytest.approx(stated, abs=5e-4)

    @pytest.mark.parametrize(("n", "N"), [(1, 20), (5, 12), (7, 20), (12, 12)])
    def test_the_one_sided_bound_equals_enumeration_and_covers(self, n, N):
        def at_least(x, M):
            return Fraction(sum(comb(M, k) * comb(N - M, n - k) for k in range(x, n + 1)), comb(N, n))

        bounds = [hypergeometric_lower(x, n, N) for x in range(n + 1)]
        for x, bound in enumerate(bounds):
            assert bound == min(M for M in range(x, N - (n - x) + 1) if at_least(x, M) > Fraction(5, 100))
        for M in range(N + 1):
            missed = sum(at_least(x, M) - at_least(x + 1, M) for x, bound in enumerate(bounds) if bound > M)
            assert missed <= Fraction(5, 100)

    def test_the_union_covers_whichever_population_is_true(self):
        n, totals = 12, (30, 31, 32)
        ends = [union_over(hypergeometric_share(x, n, N) for N in totals) for x in range(n + 1)]
        for N in totals:
            for M in range(N + 1):
                covered = sum(
                    Fraction(comb(M, x) * comb(N - M, n - x), comb(N, n))
                    for x, (low, high) in enumerate(ends)
                    if low - 1e-12 <= M / N <= high + 1e-12
                )
                assert covered >= Fraction(95, 100), (M, N)

    @given(st.integers(1, 12), st.integers(0, 12), st.data())
    def test_without_random_choice_every_truth_is_inside_and_the_ends_are_reached(self, n, rest, data):
        x, others = data.draw(st.integers(0, n)), data.draw(st.integers(0, rest))
        low, high = no_assumption_interval(x, n, n + rest)
        assert low <= (x + others) / (n + rest) <= high
        assert (low, high) == (x / (n + rest), (x + rest) / (n + rest))

    @given(st.integers(1, 400), st.data())
    def test_a_census_has_no_interval(self, n, data):
        x = data.draw(st.integers(0, n))
        assert hypergeometric_interval(x, n, n) == (x, x)

    @settings(deadline=None)
    @given(st.integers(1, 8), st.integers(2, 6))
    def test_shrinks_with_n(self, tenth, times):
        N = 600
        narrow, wide = (hypergeometric_interval(9 * size, 10 * size, N) for size in (tenth * times, tenth))
        assert narrow[1] - narrow[0] < wide[1] - wide[0]

    @given(st.integers(1, 60), st.integers(0, 60), st.data())
    def test_counting_failures_is_the_mirror_image(self, n, more, data):
        N, x = n + more, data.draw(st.integers(0, n))
        low, high = hypergeometric_interval(x, n, N)
        assert hypergeometric_interval(n - x, n, N) == (N - high, N - low)
        assert low <= N * x / n <= high

    def test_all_of_a_sample_passed(self):
        assert hypergeometric_lower(30, 30, 100) == 92
        assert round(clopper_pearson_lower(30, 30), 3) == 0.905
        assert clopper_pearson_lower(30, 30) == pytest.approx(0.05 ** (1 / 30))

    def test_a_national_population_is_no_trouble(self):
        low, high = hypergeometric_share(12_100, 12_286, 22_206)
        assert 0.98 < low < 12_100 / 12_286 < high < 0.99

    @pytest.mark.parametrize(("x", "n", "N"), [(0, 0, 10), (5, 4, 10), (-1, 4, 10), (3, 4, 3)])
    def test_impossible(self, x, n, N):
        for function in (hypergeometric_interval, hypergeometric_lower, no_assumption_interval):
            with pytest.raises(TongbaoError):
                function(x, n, N)


class TestBinomial:
    def test_wilson_against_newcombe_1998_table_1(self):
        # Newcombe, Statistics in Medicine 17:857-872, method 3.
        assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
        assert wilson(15, 148) == pytest.approx((0.0624, 0.1605), abs=5e-5)
        assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)
        assert wilson(1, 29) == pytest.approx((0.0061, 0.1718), abs=5e-5)

    def test_clopper_pearson_against_newcombe_1998_table_1(self):
        assert clopper_pearson(81, 263) == pytest.approx((0.2527, 0.3676), abs=5e-5)
        assert clopper_pearson(15, 148) == pytest.approx((0.0578, 0.1617), abs=5e-5)
        assert clopper_pearson(0, 20) == pytest.approx((0.0, 0.1684), abs=5e-5)
        assert clopper_pearson(1, 29) == pytest.approx((0.0009, 0.1776), abs=5e-5)

    def test_the_five_circulars(self):
        assert points(wilson(259, 270)) == (92.9, 97.7)
        assert points(wilson(36, 36)) == (90.4, 100.0)
        assert points(clopper_pearson(36, 36)) == (90.3, 100.0)
        assert points(wilson(22, 36)) == (44.9, 75.2)
        assert points(wilson(243, 251)) == (93.8, 98.4)
        assert points(wilson(16, 19)) == (62.4, 94.5)

    @pytest.mark.parametrize("n", [1, 7, 15])
    def test_clopper_pearson_covers_every_share(self, n):
        two, one = ([f(x, n) for x in range(n + 1)] for f in (clopper_pearson, clopper_pearson_lower))
        for share in [Fraction(k, 60) for k in range(61)]:
            p = [comb(n, x) * share**x * (1 - share) ** (n - x) for x in range(n + 1)]
            assert sum(w for w, (low, high) in zip(p, two, strict=True) if low <= share <= high) >= Fraction(95, 100)
            assert sum(w for w, low in zip(p, one, strict=True) if low <= share) >= Fraction(95, 100)

    @pytest.mark.parametrize(("x", "n"), [(3, 10), (19, 20), (1, 4)])
    def test_ends_lie_where_the_tail_is_alpha(self, x, n):
        (low, high), bound = clopper_pearson(x, n), clopper_pearson_lower(x, n)
        assert binom.sf(x - 1, n, low) == pytest.approx(0.025) and binom.cdf(x, n, high) == pytest.approx(0.025)
        assert binom.sf(x - 1, n, bound) == pytest.approx(0.05)
        # Wilson's ends solve (p - x/n)^2 = z^2 p (1 - p) / n.
        for end in wilson(x, n):
            assert (end - x / n) ** 2 == pytest.approx(1.959964**2 * end * (1 - end) / n, rel=1e-5)

    @given(st.integers(1, 9), st.integers(1, 5), st.integers(2, 6))
    def test_all_shrink_with_n(self, x, size, times):
        x, n = x * size, 10 * size
        for made in (
            lambda k: wilson(k * x, k * n),
            lambda k: clopper_pearson(k * x, k * n),
            lambda k: (clopper_pearson_lower(k * x, k * n), 1.0),
            lambda k: newcombe_difference(k * x, k * n, k, k * n),
        ):
            few, many = made(1), made(times)
            assert many[1] - many[0] < few[1] - few[0]

    @pytest.mark.parametrize("function", [wilson, clopper_pearson, clopper_pearson_lower])
    def test_none_of_none_is_an_error_not_nan(self, function):
        with pytest.raises(TongbaoError, match="without a unit"):
            function(0, 0)

    def test_a_level_of_95_is_a_slip(self):
        with pytest.raises(TongbaoError, match="between 0 and 1"):
            wilson(3, 4, 95)

    def test_newcombe_difference_against_newcombe_1998(self):
        # Newcombe, Statistics in Medicine 17:873-890, table II, method 10: 56/70 against 48/80, 9/10 against 3/10.
        assert newcombe_difference(56, 70, 48, 80) == pytest.approx((0.0524, 0.3339), abs=5e-5)
        assert newcombe_difference(9, 10, 3, 10) == pytest.approx((0.1705, 0.8090), abs=5e-5)
        assert newcombe_difference(10, 10, 0, 10) == pytest.approx((0.6075, 1.0), abs=5e-5)

    def test_newcombe_difference_of_the_circulars(self):
        assert points(newcombe_difference(18, 22, 44, 60)) == (-14.0, 24.9)
        assert points(newcombe_difference(3, 19, 8, 251)) == (1.9, 34.4)

    @given(st.integers(1, 40), st.integers(1, 40), st.data())
    def test_swapping_the_groups_turns_the_difference(self, n1, n2, data):
        x1, x2 = data.draw(st.integers(0, n1)), data.draw(st.integers(0, n2))
        low, high = newcombe_difference(x1, n1, x2, n2)
        assert newcombe_difference(x2, n2, x1, n1) == pytest.approx((-high, -low))
        assert low - 1e-12 <= x1 / n1 - x2 / n2 <= high + 1e-12


class TestGrades:
    def test_goodman_on_guangdong(self):
        assert [points(i) for i in goodman([7, 11, 4, 0])] == [(13.6, 58.1), (26.5, 73.5), (5.8, 44.7), (0.0, 22.1)]
        assert [points(i) for i in goodman([12, 32, 15, 1])] == [
            (10.2, 35.4),
            (37.7, 68.3),
            (13.9, 40.9),
            (0.2, 12.2),
        ]

    def test_against_the_manual_of_desctools(self):
        # MultinomCI in R's DescTools prints these for the example of Sison and Glaz, JASA 90:366-369 (1995).
        counts = [56, 72, 73, 59, 62, 87, 58]
        low = [0.079, 0.113, 0.116, 0.086, 0.092, 0.146, 0.084]
        high = [0.164, 0.199, 0.201, 0.171, 0.177, 0.231, 0.169]
        assert [round(i[0], 3) for i in sison_glaz(counts)] == low
        assert [round(i[1], 3) for i in sison_glaz(counts)] == high
        assert [round(i[0], 3) for i in goodman(counts)] == [0.085, 0.115, 0.116, 0.091, 0.096, 0.143, 0.089]
        assert [round(i[1], 3) for i in goodman(counts)] == [0.166, 0.204, 0.207, 0.173, 0.181, 0.239, 0.171]

    def test_sison_glaz_on_guangdong_is_why_goodman_is_used(self):
        assert [points(i) for i in sison_glaz([7, 11, 4, 0])] == [
            (13.6, 55.0),
            (31.8, 73.1),
            (0.0, 41.3),
            (0.0, 23.1),
        ]

    @pytest.mark.parametrize("function", [goodman, sison_glaz])
    @settings(deadline=None, max_examples=8)
    @given(counts=st.lists(st.integers(0, 40), min_size=2, max_size=7).filter(sum), random=st.randoms())
    def test_order_does_not_matter(self, function, counts, random):
        order = list(range(len(counts)))
        random.shuffle(order)
        shuffled = function([counts[i] for i in order])
        plain = function(counts)
        for place, i in enumerate(order):
            assert shuffled[place] == pytest.approx(plain[i])
            assert plain[i][0] - 1e-12 <= counts[i] / sum(counts) <= plain[i][1] + 1e-12

    @pytest.mark.parametrize("function", [goodman, sison_glaz])
    def test_all_shrink_with_n(self, function):
        few, many = function([5, 12, 8, 3]), function([20, 48, 32, 12])
        assert all(b[1] - b[0] < a[1] - a[0] for a, b in zip(few, many, strict=True))

    def test_goodman_ends_solve_his_equation(self):
        # Goodman 1965: (p - share)^2 = A p (1 - p) / n, A the chi-square quantile at 1 - alpha/K on one degree.
        counts = [7, 11, 4, 1]
        a = chi2.ppf(1 - 0.05 / 4, 1)
        for count, ends in zip(counts, goodman(counts), strict=True):
            for end in ends:
                assert (end - count / 23) ** 2 == pytest.approx(a * end * (1 - end) / 23)

    @pytest.mark.parametrize("counts", [[], [5], [0, 0], [3, -1]])
    def test_impossible(self, counts):
        for function in (goodman, sison_glaz):
            with pytest.raises(TongbaoError):
                function(counts)


class TestUnion:
    def test_range(self):
        assert union_over([(1, 5), (0, 3)]) == (0, 5)

    def test_nothing_and_not_a_number(self):
        with pytest.raises(TongbaoError, match="no possible count"):
            union_over([])
        with pytest.raises(TongbaoError, match="without a number"):
            union_over([(0.1, math.nan)])

    @given(st.lists(st.tuples(st.integers(0, 20), st.integers(21, 40)), min_size=1))
    def test_contains_every_member(self, intervals):
        low, high = union_over(intervals)
        assert all(low <= a and b <= high for a, b in intervals)
