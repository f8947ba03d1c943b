import math
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import t as student
from statsmodels.stats.meta_analysis import combine_effects

from tongbao.errors import TongbaoError
from tongbao.stats.pooling import Pooled, logit_effects, paule_mandel
from tongbao.stats.result import Refusal

# Colditz et al. 1994, 13 trials of BCG vaccine: cases and others, vaccinated and not.
BCG = [
    (4, 119, 11, 128), (6, 300, 29, 274), (3, 228, 11, 209), (62, 13536, 248, 12619), (33, 5036, 47, 5761),
    (180, 1361, 372, 1079), (8, 2537, 10, 619), (505, 87886, 499, 87892), (29, 7470, 45, 7232),
    (17, 1699, 65, 1600), (186, 50448, 141, 27197), (5, 2493, 3, 2338), (27, 16886, 29, 17825),
]  # fmt: skip


class TestPooling:
    def log_ratios(self):
        effects = [math.log((a / (a + b)) / (c / (c + d))) for a, b, c, d in BCG]
        return effects, [1 / a - 1 / (a + b) + 1 / c - 1 / (c + d) for a, b, c, d in BCG]

    def test_bcg(self):
        # R's metafor prints Q = 152.2330 for these trials, and tau2 = .3181 for the Paule-Mandel method.
        found = paule_mandel(*self.log_ratios())
        assert isinstance(found, Pooled)
        assert (round(found.q, 4), round(found.tau2, 4)) == (152.2330, 0.3181)
        assert found.estimate == pytest.approx(-0.7150, abs=1e-4)

    @pytest.mark.filterwarnings("ignore:`use_t=True` requires")
    def test_bcg_interval_and_prediction(self):
        # Where tau2 is above 0 the Hartung-Knapp error at the Paule-Mandel estimate is the ordinary one; statsmodels
        # gives the interval, and the prediction interval follows by Higgins, Thompson and Spiegelhalter 2009, (12).
        effects, variances = self.log_ratios()
        found = paule_mandel(effects, variances)
        assert isinstance(found, Pooled)
        other = combine_effects(np.array(effects), np.array(variances), method_re="pm", use_t=True, atol=1e-10)
        row = other.summary_frame().loc["random effect wls"]
        assert (found.estimate, found.low, found.high) == pytest.approx((row["eff"], row["ci_low"], row["ci_upp"]))
        reach = student.ppf(0.975, 11) * math.sqrt(found.tau2 + row["sd_eff"] ** 2)
        assert (found.prediction_low, found.prediction_high) == pytest.approx((row["eff"] - reach, row["eff"] + reach))
        assert found.i2 == pytest.approx((found.q - 12) / found.q)

    def test_shrinks_with_n(self):
        few, many = (paule_mandel([1.0, 1.2, 0.9, 1.1, 0.8], [v] * 5) for v in (0.4, 0.1))
        assert isinstance(few, Pooled) and isinstance(many, Pooled)
        assert many.high - many.low < few.high - few.low

    def test_tau2_solves_the_equation_of_paule_and_mandel_1982(self):
        effects, variances = (np.array(part) for part in self.log_ratios())
        found = paule_mandel(effects, variances)
        weights = 1 / (variances + found.tau2)
        assert weights @ (effects - found.estimate) ** 2 == pytest.approx(len(effects) - 1, abs=1e-6)

    def test_tau2_is_found_in_every_order(self):
        # statsmodels returns 0 for 46 of these 120 orders when asked for a tolerance of 1e-8.
        circulars = [(0.0, 0.05), (-2.13, 0.06), (0.0, 0.07), (0.0, 0.08), (0.0, 0.09)]
        found = [paule_mandel(*zip(*order, strict=True)) for order in permutations(circulars)]
        assert {round(f.tau2, 9) for f in found} == {round(found[0].tau2, 9)} and found[0].tau2 > 0.8

    def test_agreement_by_luck_does_not_shrink_the_interval(self):
        found = paule_mandel([1.0, 1.01, 0.99, 1.0, 1.0], [0.1] * 5)
        assert isinstance(found, Pooled)
        assert (found.tau2, found.i2) == (0.0, 0.0)
        assert found.high - found.estimate == pytest.approx(2.776445 * math.sqrt(0.1 / 5))  # t on 4
        assert found.prediction_high - found.estimate == pytest.approx(3.182446 * math.sqrt(0.1 / 5))  # t on 3

    @given(st.lists(st.floats(-3, 3), min_size=5, max_size=8), st.randoms())
    def test_order_does_not_matter(self, effects, random):
        variances = [0.05 + 0.01 * i for i in range(len(effects))]
        order = list(range(len(effects)))
        random.shuffle(order)
        found = paule_mandel(effects, variances)
        shuffled = paule_mandel([effects[i] for i in order], [variances[i] for i in order])
        assert (shuffled.estimate, shuffled.low, shuffled.tau2) == pytest.approx(
            (found.estimate, found.low, found.tau2), abs=1e-6
        )
        assert found.prediction_low <= found.low <= found.estimate <= found.high <= found.prediction_high
        assert found.tau2 >= 0 and 0 <= found.i2 <= 1

    def test_four_circulars_are_too_few(self):
        found = paule_mandel([1.0] * 4, [0.1] * 4)
        assert isinstance(found, Refusal) and "Only 4" in found.reason

    def test_logits(self):
        effects, variances = logit_effects([259], [270], [826])
        assert effects == pytest.approx([math.log(259.5 / 11.5)])
        assert variances == pytest.approx([(1 / 259.5 + 1 / 11.5) * 556 / 825])
        assert logit_effects([259], [270])[1][0] > variances[0]

    def test_few_failures_and_a_census_are_refused(self):
        assert isinstance(logit_effects([268], [270]), Refusal)
        assert isinstance(logit_effects([30], [36], [36]), Refusal)

    def test_back_to_shares(self):
        effects, variances = logit_effects([90, 91, 92, 93, 94], [100] * 5)
        estimate, low, high = paule_mandel(effects, variances).as_shares()
        assert 0.85 < low < estimate < high < 0.97

    def test_impossible(self):
        with pytest.raises(TongbaoError):
            paule_mandel([1.0] * 5, [0.1] * 4 + [0.0])
        with pytest.raises(TongbaoError):
            logit_effects([5], [4])
