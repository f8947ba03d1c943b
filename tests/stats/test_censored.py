import csv
import math
from collections import defaultdict
from fractions import Fraction
from itertools import combinations_with_replacement
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongbao.errors import TongbaoError
from tongbao.stats.censored import deduction_bounds, mean_bounds, turnbull
from tongbao.stats.counts import Interval

YANAN = ("8.5", "266.5", 100, 9)


class TestBounds:
    @pytest.mark.parametrize(
        ("n", "share", "low", "high"), [(40, 22.5, 33.25, 135.175), (50, 18, 28.3, 128.14), (60, 15, 25.0, 123.45)]
    )
    def test_yanan_if_n_were_known(self, n, share, low, high):
        found = deduction_bounds(*YANAN, n)
        assert found.share_above.as_floats() == (share / 100, share / 100)
        assert found.mean.as_floats() == (low, high)
        assert (found.mean.low_closed, found.mean.high_closed) == (False, True)
        assert found.median == Interval(Fraction(17, 2), Fraction(100), True, True)
        assert mean_bounds(*YANAN, n) == found.mean

    def test_yanan_as_printed_refuses(self):
        found = deduction_bounds(*YANAN, None)
        assert (found.share_above, found.median, found.mean) == (None, None, None)
        assert [r.what for r in found.refused] == ["share above the threshold", "median", "mean"]
        assert found.n_above == 9

    @pytest.mark.parametrize("n", range(10, 60))
    def test_any_n_above_18_puts_the_median_at_or_below_100(self, n):
        assert (deduction_bounds(*YANAN, n).median.high <= 100) == (n > 18)

    def test_examples_are_no_full_list(self):
        found = deduction_bounds(*YANAN, 40, complete=False)
        assert found.share_above == Interval(Fraction(9, 40), Fraction(39, 40), True, True)
        assert found.median is None and found.mean is None and len(found.refused) == 2

    @settings(deadline=None)
    @given(st.lists(st.integers(0, 40), min_size=1, max_size=9), st.integers(0, 40))
    def test_contains_the_truth(self, points, threshold):
        n_above = sum(p > threshold for p in points)
        found = deduction_bounds(min(points), max(points), threshold, n_above, len(points))
        ordered, n = sorted(points), len(points)
        median = Fraction(ordered[(n - 1) // 2] + ordered[n // 2], 2)
        assert Fraction(sum(points), n) in found.mean
        assert median in found.median
        assert Fraction(n_above, n) in found.share_above

    @settings(deadline=None)
    @given(st.lists(st.integers(0, 40), min_size=2, max_size=9), st.integers(0, 40), st.data())
    def test_a_list_of_examples_contains_the_truth(self, points, threshold, data):
        above = sum(p > threshold for p in points)
        if max(points) <= threshold or min(points) > threshold:
            return
        named = data.draw(st.integers(1, above))
        found = deduction_bounds(min(points), max(points), threshold, named, len(points), complete=False)
        assert Fraction(above, len(points)) in found.share_above

    @pytest.mark.parametrize("n", [3, 4, 5])
    def test_ends_that_belong_to_the_bounds_are_attained(self, n):
        groups = defaultdict(list)
        for points in combinations_with_replacement(range(6), n):
            groups[points[0], points[-1], sum(p > 2 for p in points)].append(points)
        assert len(groups) > 15
        for (low, high, n_above), members in groups.items():
            found = deduction_bounds(low, high, 2, n_above, n)
            means = [Fraction(sum(p), n) for p in members]
            medians = [Fraction(p[(n - 1) // 2] + p[n // 2], 2) for p in members]
            for bound, values in ((found.mean, means), (found.median, medians)):
                assert max(values) == bound.high and bound.high_closed
                # "Above 2" starts at 3 among whole numbers, so an open low end is approached but not reached.
                assert min(values) == bound.low if bound.low_closed else min(values) > bound.low

    @pytest.mark.parametrize(
        ("minimum", "maximum", "threshold", "n_above", "n"),
        [
            (8.5, 266.5, 100, 9, 8),
            (8.5, 90, 100, 1, 8),
            (8.5, 266.5, 100, 0, 8),
            (101, 266.5, 100, 3, 8),
            (8.5, 266.5, 100, 8, 8),
            (266.5, 8.5, 100, 1, 8),
            (8.5, 266.5, 100, 1, 1),
        ],
    )
    def test_contradictions(self, minimum, maximum, threshold, n_above, n):
        with pytest.raises(TongbaoError):
            deduction_bounds(minimum, maximum, threshold, n_above, n)


def cosmesis(arm):
    with (Path(__file__).parent / "cases" / "breast_cosmesis.csv").open(encoding="utf-8", newline="") as file:
        return [(float(row["low"]), float(row["high"] or "inf")) for row in csv.DictReader(file) if row["arm"] == arm]


class TestTurnbull:
    def test_fay_and_shaw_2010(self):
        # Journal of Statistical Software 36(2), the small example; closed intervals would merge the last two.
        found = turnbull([(2, 3), (5, 6), (1, 7), (1, 7), (9, 12), (8, 10), (10, 13)])
        assert found.intervals == ((2, 3), (5, 6), (9, 10), (10, 12))
        assert found.mass == pytest.approx((2 / 7, 2 / 7, 3 / 14, 3 / 14), abs=1e-9)

    def test_breast_cosmesis_radiotherapy(self):
        # As printed by icfit of R's package interval.
        found = turnbull(cosmesis("Rad"))
        assert found.intervals == ((4, 5), (6, 7), (7, 8), (11, 12), (24, 25), (33, 34), (38, 40), (46, 48))
        assert found.mass == pytest.approx((0.0463, 0.0334, 0.0887, 0.0708, 0.0926, 0.0818, 0.1209, 0.4656), abs=5.1e-5)

    def test_breast_cosmesis_with_chemotherapy(self):
        found = turnbull(cosmesis("RadChem"))
        assert [i[1] for i in found.intervals] == [5, 8, 12, 17, 19, 20, 25, 31, 36, 48, 60]
        assert found.mass == pytest.approx(
            (0.0433, 0.0433, 0.0692, 0.1454, 0.1411, 0.1157, 0.0999, 0.0709, 0.1608, 0.0552, 0.0552), abs=5.1e-5
        )

    @given(st.lists(st.integers(0, 9), min_size=1, max_size=20))
    def test_exact_values_give_the_empirical_distribution(self, values):
        found = turnbull([(v, v) for v in values])
        assert found.intervals == tuple((v, v) for v in sorted(set(values)))
        assert found.mass == pytest.approx([values.count(v) / len(values) for v in sorted(set(values))])

    @settings(deadline=None, max_examples=60)
    @given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 6)), min_size=1, max_size=15), st.randoms())
    def test_certified_and_independent_of_order(self, pairs, random):
        intervals = [(low, low + width) for low, width in pairs]
        found = turnbull(intervals)
        assert sum(found.mass) == pytest.approx(1)
        assert found.max_gradient <= 1 + 1e-8

        def log_likelihood(fit, unit_intervals):
            def inside(inner, outer):
                return (
                    outer[0] <= inner[0]
                    and inner[1] <= outer[1]
                    and (inner[0] != inner[1] or outer[0] < inner[0] or outer == inner)
                )

            return sum(
                math.log(sum(m for i, m in zip(fit.intervals, fit.mass, strict=True) if inside(i, unit)))
                for unit in unit_intervals
            )

        shuffled = list(intervals)
        random.shuffle(shuffled)
        assert log_likelihood(turnbull(shuffled), intervals) == pytest.approx(log_likelihood(found, intervals))

    def test_an_exact_value_at_the_open_end_lies_outside(self):
        assert turnbull([(5, 5), (5, 8)]).intervals == ((5, 5), (5, 8))
        assert turnbull([(5, 5), (3, 5)]).intervals == ((5, 5),)

    def test_yanan_is_two_blocks(self):
        found = turnbull([(8.5, 8.5), *[(8.5, 100)] * 30, *[(100, 266.5)] * 8, (266.5, 266.5)])
        assert found.intervals == ((8.5, 8.5), (8.5, 100), (266.5, 266.5))

    @pytest.mark.parametrize("intervals", [[], [(3, 2)], [(math.nan, 2)]])
    def test_impossible(self, intervals):
        with pytest.raises(TongbaoError):
            turnbull(intervals)

    def test_an_unfinished_fit_is_an_error(self):
        with pytest.raises(TongbaoError, match="was not found"):
            turnbull(cosmesis("RadChem"), max_iterations=2)
