from fractions import Fraction
from itertools import combinations
from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongbao.errors import TongbaoError
from tongbao.stats.occupancy import clean_groups, mean_clean, p_at_least_clean


class TestOccupancy:
    def test_jiangsu_cities(self):
        # 8 failures on 13 cities of 19 or 20 sites, 251 in all: the sizes are assumed, not printed.
        cities = [20] * 4 + [19] * 9
        assert sum(cities) == 251
        assert round(p_at_least_clean(7, 8, cities), 2) == 0.61
        assert round(mean_clean(8, cities), 1) == 6.8

    def test_without_sizes_it_is_a_little_more(self):
        assert round(p_at_least_clean(7, 8, 13), 2) == 0.64

    def test_three_balls_in_three_cells(self):
        # Feller 1968, chapter II.5.
        assert clean_groups(3, 3) == [Fraction(6, 27), Fraction(18, 27), Fraction(3, 27), 0]

    @settings(deadline=None, max_examples=40)
    @given(st.lists(st.integers(0, 4), min_size=1, max_size=4), st.data())
    def test_equals_every_placement(self, sizes, data):
        failed = data.draw(st.integers(0, sum(sizes)))
        owner = [g for g, size in enumerate(sizes) for _ in range(size)]
        counts = [0] * (len(sizes) + 1)
        for chosen in combinations(range(len(owner)), failed):
            counts[len(sizes) - len({owner[i] for i in chosen})] += 1
        assert clean_groups(failed, sizes) == [Fraction(c, comb(len(owner), failed)) for c in counts]
        assert clean_groups(failed, sizes[::-1]) == clean_groups(failed, sizes)

    def test_the_mean_has_a_formula(self):
        assert mean_clean(8, 13) == pytest.approx(13 * (12 / 13) ** 8)
        assert mean_clean(4, [5, 7]) == pytest.approx((comb(7, 4) + comb(5, 4)) / comb(12, 4))

    @pytest.mark.parametrize(("failed", "groups"), [(5, [2, 2]), (1, 0), (1, []), (-1, 3), (1, [-1, 4])])
    def test_impossible(self, failed, groups):
        with pytest.raises(TongbaoError):
            clean_groups(failed, groups)
