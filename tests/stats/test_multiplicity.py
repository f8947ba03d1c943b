import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongbao.errors import TongbaoError
from tongbao.stats.multiplicity import benjamini_hochberg, holm

# Benjamini and Hochberg 1995, section 4.1: Bonferroni finds 3 of these 15, the false-discovery rate 4.
P_VALUES = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0
]  # fmt: skip


class TestMultiplicity:
    def test_the_example_of_1995(self):
        assert sum(p <= 0.05 for p in benjamini_hochberg(P_VALUES)) == 4
        assert sum(p <= 0.05 for p in holm(P_VALUES)) == 3
        assert benjamini_hochberg(P_VALUES)[3] == pytest.approx(0.0095 * 15 / 4)

    def test_by_hand(self):
        assert holm([0.01, 0.02, 0.03, 0.04, 0.05]) == pytest.approx([0.05, 0.08, 0.09, 0.09, 0.09])
        assert benjamini_hochberg([0.01, 0.02, 0.03, 0.04, 0.05]) == pytest.approx([0.05] * 5)

    @pytest.mark.parametrize("method", [holm, benjamini_hochberg])
    def test_a_test_that_was_not_made_counts_for_nothing(self, method):
        adjusted = method([0.01, math.nan, 0.02, None])
        assert [adjusted[0], adjusted[2]] == pytest.approx(method([0.01, 0.02]))
        assert math.isnan(adjusted[1]) and math.isnan(adjusted[3])
        assert method([]) == [] and math.isnan(method([None])[0])

    def test_dependent_tests_cost_the_sum_of_the_reciprocals(self):
        # Benjamini and Yekutieli 2001, theorem 1.3.
        more = sum(1 / i for i in range(1, len(P_VALUES) + 1))
        plain, dependent = benjamini_hochberg(P_VALUES), benjamini_hochberg(P_VALUES, dependent=True)
        assert dependent == pytest.approx([min(1.0, more * p) for p in plain])

    def test_equal_their_definitions(self):
        # By the definitions (Holm 1979; Benjamini and Hochberg 1995), step by step.
        ordered = sorted(P_VALUES)
        m = len(ordered)
        down = [max((m - j) * ordered[j] for j in range(i + 1)) for i in range(m)]
        up = [min(m / (j + 1) * ordered[j] for j in range(i, m)) for i in range(m)]
        assert holm(P_VALUES) == pytest.approx([min(1.0, p) for p in down])
        assert benjamini_hochberg(P_VALUES) == pytest.approx([min(1.0, p) for p in up])

    @settings(deadline=None, max_examples=15)
    @given(st.lists(st.floats(0, 1), min_size=1, max_size=8), st.data())
    def test_order_is_kept(self, p_values, data):
        order = data.draw(st.permutations(range(len(p_values))))
        for method in (holm, benjamini_hochberg):
            plain, shuffled = method(p_values), method([p_values[i] for i in order])
            assert shuffled == pytest.approx([plain[i] for i in order])
            assert all(a >= p - 1e-12 for a, p in zip(plain, p_values, strict=True))

    def test_not_a_p_value(self):
        with pytest.raises(TongbaoError):
            holm([1.5])
