import math
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongbao.errors import TongbaoError
from tongbao.stats.ordinal import (
    ProportionalOdds,
    crosswalk_bounds,
    exact_ordinal_test,
    proportional_odds,
    superiority,
)
from tongbao.stats.result import Refusal

CITIES, BODIES = [7, 11, 4, 0], [12, 32, 15, 1]  # guangdong-2016, best grade first
small_counts = st.lists(st.integers(0, 3), min_size=3, max_size=3).filter(sum)


def permuted(a, b):
    """The two-sided permutation p-value by going through every choice of units, in fractions."""
    grades = [k for k, (x, y) in enumerate(zip(a, b, strict=True)) for _ in range(x + y)]
    midranks = [
        Fraction(sum(g < grade for g in grades) * 2 + sum(g == grade for g in grades) + 1, 2) for grade in grades
    ]
    mean = Fraction(sum(a) * (len(grades) + 1), 2)
    by_grade = dict(zip(grades, midranks, strict=True))
    observed = abs(sum(x * by_grade.get(k, 0) for k, x in enumerate(a)) - mean)
    sums = [abs(sum(midranks[i] for i in chosen) - mean) for chosen in combinations(range(len(grades)), sum(a))]
    return Fraction(sum(s >= observed for s in sums), len(sums))


class TestExact:
    def test_guangdong(self):
        assert round(exact_ordinal_test(CITIES, BODIES).p_value, 3) == 0.269

    def test_hollander_and_wolfe_1973_page_69(self):
        # wilcox.test in R prints W = 35, one-sided p = .1272 for the permeability data; no ties.
        x = [0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46]
        y = [1.15, 0.88, 0.90, 0.74, 1.21]
        places = sorted(x + y)
        a, b = [int(p in x) for p in places], [int(p in y) for p in places]
        assert exact_ordinal_test(a, b).p_value == pytest.approx(2 * 0.1272, abs=1e-4)

    @settings(deadline=None)
    @given(small_counts, small_counts)
    def test_equals_every_permutation(self, a, b):
        assert exact_ordinal_test(a, b).p_value == pytest.approx(float(permuted(a, b)), rel=1e-12)

    @given(small_counts, small_counts)
    def test_order_and_labels_do_not_matter(self, a, b):
        p = exact_ordinal_test(a, b)
        assert exact_ordinal_test(b, a).p_value == pytest.approx(p.p_value, rel=1e-12)
        assert exact_ordinal_test(a[::-1], b[::-1]) == p
        assert exact_ordinal_test([*a, 0], [*b, 0]) == p

    def test_number_of_tables(self):
        assert exact_ordinal_test([1, 1], [1, 1]).n_tables == 3

    @pytest.mark.parametrize(("a", "b"), [([1, 2], [1]), ([0, 0], [1, 2]), ([-1, 2], [1, 2]), ([3], [4])])
    def test_impossible(self, a, b):
        for function in (exact_ordinal_test, superiority):
            with pytest.raises(TongbaoError):
                function(a, b)


class TestSuperiority:
    def test_guangdong(self):
        found = superiority(CITIES, BODIES)
        assert [round(x, 3) for x in (found.value, found.low, found.high)] == [0.579, 0.445, 0.713]

    def test_brunner_and_munzel_2000(self):
        # brunner.munzel.test in R's lawstat prints .788961 (.5952169 to .9827052) for the pain scores of the paper.
        treated, control = [0, 1, 0, 2, 11], [1, 2, 4, 1, 3]  # scores 5 to 1
        found = superiority(control, treated)
        assert (found.value, found.low, found.high) == pytest.approx((0.788961, 0.5952169, 0.9827052), abs=1e-6)

    @given(small_counts, small_counts)
    def test_is_the_share_of_pairs(self, a, b):
        pairs = [(i, j) for i, x in enumerate(a) for j, y in enumerate(b) for _ in range(x * y)]
        expected = sum(1.0 if i < j else 0.5 if i == j else 0.0 for i, j in pairs) / len(pairs)
        found, mirrored = superiority(a, b), superiority(b, a)
        assert found.value == pytest.approx(expected)
        assert mirrored.value == pytest.approx(1 - expected)
        if found.low is not None:
            assert 0 <= found.low <= found.value <= found.high <= 1
            assert (mirrored.low, mirrored.high) == pytest.approx((1 - found.high, 1 - found.low))

    def test_shrinks_with_n(self):
        few, many = superiority(CITIES, BODIES), superiority([4 * x for x in CITIES], [4 * x for x in BODIES])
        assert many.value == pytest.approx(few.value)
        assert many.high - many.low < few.high - few.low

    @pytest.mark.parametrize(("a", "b"), [([5, 0], [0, 5]), ([5, 0], [6, 0]), ([1, 0], [3, 4])])
    def test_no_interval_of_width_zero(self, a, b):
        found = superiority(a, b)
        assert found.low is None and found.high is None and found.note


class TestProportionalOdds:
    def test_guangdong(self):
        fit = proportional_odds([BODIES, CITIES])
        assert isinstance(fit, ProportionalOdds)
        assert [round(x[0], 2) for x in (fit.odds_ratios, fit.low, fit.high)] == [1.78, 0.70, 4.56]
        assert round(fit.p_value, 3) == 0.227
        assert (round(fit.goodness, 3), fit.goodness_df, round(fit.goodness_p, 2)) == (0.447, 2, 0.80)

    def test_cheese_of_mccullagh_and_nelder(self):
        # Generalized Linear Models, 2nd ed., 5.6: four additives on a nine-point scale, D against A, B, C.
        best_first = [
            [11, 16, 14, 7, 3, 1, 0, 0, 0],
            [1, 8, 19, 8, 8, 7, 1, 0, 0],
            [0, 0, 1, 6, 7, 11, 12, 9, 6],
            [0, 1, 5, 7, 23, 8, 6, 1, 1],
        ]
        fit = proportional_odds(best_first)
        assert isinstance(fit, ProportionalOdds)
        assert [math.log(x) for x in fit.odds_ratios] == pytest.approx([-1.613, -4.965, -3.323], abs=2e-3)
        assert (round(fit.goodness, 2), fit.goodness_df) == (20.31, 21)

    def test_two_grades_give_the_odds_ratio_of_the_table(self):
        fit = proportional_odds([[10, 20], [15, 12]])
        assert isinstance(fit, ProportionalOdds)
        assert fit.odds_ratios[0] == pytest.approx((15 / 12) / (10 / 20), rel=1e-4)
        assert (fit.goodness_df, fit.goodness_p) == (0, 1.0)

    def test_labels_and_n(self):
        fit, turned = proportional_odds([BODIES, CITIES]), proportional_odds([CITIES, BODIES])
        assert isinstance(fit, ProportionalOdds) and isinstance(turned, ProportionalOdds)
        assert turned.odds_ratios[0] == pytest.approx(1 / fit.odds_ratios[0], rel=1e-4)
        assert turned.low[0] == pytest.approx(1 / fit.high[0], rel=1e-3)
        assert turned.p_value == pytest.approx(fit.p_value, rel=1e-4)
        many = proportional_odds([[4 * x for x in BODIES], [4 * x for x in CITIES]])
        assert isinstance(many, ProportionalOdds)
        assert many.high[0] / many.low[0] < fit.high[0] / fit.low[0]

    def test_an_unused_grade_changes_nothing(self):
        assert proportional_odds([[12, 0, 32, 15], [7, 0, 11, 4]]) == proportional_odds([[12, 32, 15], [7, 11, 4]])

    @pytest.mark.parametrize(
        "table",
        [
            [[5, 0], [0, 5]],  # nothing in common
            [[3, 2, 0], [0, 2, 4]],  # only a grade in common
            [[0, 4, 0], [0, 2, 4]],  # one group in the end grade of the other
            [[3, 2, 0, 0], [2, 3, 0, 0], [0, 0, 3, 2]],  # the third group apart
            [[3, 0, 0], [2, 3, 1]],  # all of one group in the best grade
        ],
    )
    def test_separation_is_refused(self, table):
        found = proportional_odds(table)
        assert isinstance(found, Refusal) and "infinite" in found.reason

    @pytest.mark.parametrize(
        "table", [[[3, 2, 1], [0, 4, 0]], [[3, 2, 0], [2, 2, 4]], [[3, 2, 0, 0], [0, 3, 2, 0], [1, 0, 0, 4]]]
    )
    def test_overlap_is_fitted(self, table):
        fit = proportional_odds(table)
        assert isinstance(fit, ProportionalOdds)
        assert all(0 < low < value < high for low, value, high in zip(fit.low, fit.odds_ratios, fit.high, strict=True))
        assert max(fit.high) < 1e5

    def test_one_grade_only(self):
        assert isinstance(proportional_odds([[5, 0], [4, 0]]), Refusal)

    @pytest.mark.parametrize("table", [[[1, 2]], [[1, 2], [0, 0]], [[1, -2], [1, 2]]])
    def test_impossible(self, table):
        with pytest.raises(TongbaoError):
            proportional_odds(table)


SCALE = {
    "优秀": ("excellent", "excellent"),
    "良好": ("good", "good"),
    "一般": ("fail", "pass"),
    "不合格": ("fail", "fail"),
}


class TestCrosswalk:
    def test_a_grade_in_two_bands_gives_bounds(self):
        found = crosswalk_bounds({"优秀": 12, "良好": 32, "一般": 15, "不合格": 1}, SCALE, "pass")
        assert (found.surely, found.possibly, found.n) == (44, 59, 60)
        assert found.share == pytest.approx((44 / 60, 59 / 60))

    @given(st.lists(st.integers(0, 9), min_size=4, max_size=4).filter(sum), st.data())
    def test_contains_every_compatible_truth(self, counts, data):
        bands = ["fail", "pass", "good", "excellent"]
        by_grade = dict(zip(SCALE, counts, strict=True))
        for band in bands:
            found = crosswalk_bounds(by_grade, SCALE, band)
            truly = 0
            for grade, count in by_grade.items():
                low, high = (bands.index(b) for b in SCALE[grade])
                truly += sum(data.draw(st.integers(low, high)) >= bands.index(band) for _ in range(count))
            assert found.surely <= truly <= found.possibly

    @pytest.mark.parametrize(
        ("counts", "scale", "band"),
        [
            ({"较好": 1}, SCALE, "pass"),
            ({"优秀": 1}, SCALE, "superb"),
            ({"优秀": 1}, {"优秀": ("excellent", "good")}, "pass"),
            ({"优秀": 1}, {"优秀": ("best", "best")}, "pass"),
            ({}, SCALE, "pass"),
        ],
    )
    def test_impossible(self, counts, scale, band):
        with pytest.raises(TongbaoError):
            crosswalk_bounds(counts, scale, band)
