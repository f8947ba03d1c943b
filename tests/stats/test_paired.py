from fractions import Fraction
from itertools import combinations
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from tongbao.errors import TongbaoError
from tongbao.stats.paired import mcnemar_range


class TestMcNemar:
    def test_gansu_prefectures(self):
        openness, website = mcnemar_range(12, 10, 15), mcnemar_range(9, 5, 15)
        assert (round(openness.p_min, 2), round(openness.p_max, 2)) == (0.5, 0.73)
        assert (website.p_min, round(website.p_max, 2)) == (0.125, 0.42)
        assert openness.verdict() == website.verdict() == "not significant"

    def test_gansu_bodies_with_any_number_of_bodies(self):
        openness = mcnemar_range(31, 13)
        assert round(openness.p_max, 4) == 0.0096
        assert openness.verdict() == "significant"
        assert mcnemar_range(31, 13, range(42, 67)) == openness
        assert mcnemar_range(31, 13, 42).n_pairings == 12  # at least two bodies were over it in both years

    def test_the_pairing_can_decide(self):
        assert mcnemar_range(14, 6, 20).verdict() == "undetermined"

    @given(st.integers(1, 12), st.data())
    def test_holds_for_every_pairing(self, n, data):
        before = data.draw(st.lists(st.booleans(), min_size=n, max_size=n))
        after = data.draw(st.lists(st.booleans(), min_size=n, max_size=n))
        up = sum(b and not a for a, b in zip(before, after, strict=True))
        down = sum(a and not b for a, b in zip(before, after, strict=True))
        p = binomtest(up, up + down).pvalue if up + down else 1.0
        found = mcnemar_range(sum(after), sum(before), n)
        assert found.p_min - 1e-12 <= p <= found.p_max + 1e-12
        wider = mcnemar_range(sum(after), sum(before))
        assert wider.p_min <= found.p_min and found.p_max <= wider.p_max

    @given(st.integers(1, 7), st.data())
    def test_the_ends_are_reached_by_some_pairing(self, n, data):
        a, b = data.draw(st.integers(0, n)), data.draw(st.integers(0, n))
        found = mcnemar_range(a, b, n)
        p_values = []
        # Every choice of the units over the threshold in the second year; the first year's may be the first ones.
        for chosen in combinations(range(n), b):
            both = sum(i < a for i in chosen)
            up, down = a - both, b - both
            tail = sum(comb(up + down, k) for k in range(min(up, down) + 1))
            p_values.append(min(Fraction(1), Fraction(2 * tail, 2 ** (up + down))))
        assert (found.p_min, found.p_max) == pytest.approx((float(min(p_values)), float(max(p_values))))
        swapped = mcnemar_range(b, a, n)
        assert (swapped.p_min, swapped.p_max) == pytest.approx((found.p_min, found.p_max))

    def test_nobody_moved(self):
        assert mcnemar_range(5, 5, 5).p_max == 1.0

    @pytest.mark.parametrize(("a", "b", "n"), [(5, 3, 4), (-1, 3, 4), (1, 1, [])])
    def test_impossible(self, a, b, n):
        with pytest.raises(TongbaoError):
            mcnemar_range(a, b, n)
