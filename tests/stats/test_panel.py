import numpy as np
import pytest
import statsmodels.api as sm

from tongbao.errors import TongbaoError
from tongbao.stats.panel import RegimeTrend, cluster_errors, regime_trend
from tongbao.stats.result import Refusal
from tongbao.stats.trend import BinomialTrend, binomial_trend

PASSED, N = [90, 92, 95, 96, 80, 84, 83, 90], [100] * 8
TIME, GROUP = [1, 2, 3, 4] * 2, ["x"] * 4 + ["y"] * 4
BEETLES = ([6, 13, 18, 28, 52, 53, 61, 60], [59, 60, 62, 56, 63, 59, 62, 60])
DOSES = [1.6907, 1.7242, 1.7552, 1.7842, 1.8113, 1.8369, 1.8610, 1.8839]

PROVINCES = [f"p{i:02}" for i in range(12) for _ in range(5)]
PERIODS = [t for _ in range(12) for t in range(5)]


def many(n: int, rate: float = 0.7) -> list[int]:
    random = np.random.default_rng(7)
    return [int(random.binomial(n, rate)) for _ in PROVINCES]


class TestWithoutBreaks:
    def test_bliss_1935(self):
        # Dobson, Introduction to Generalized Linear Models, 7.3: slope 34.27, X2 10.03 on 6 df.
        found = regime_trend(*BEETLES, DOSES, ["all"] * 8)
        assert isinstance(found, RegimeTrend) and found.steps == ()
        assert (round(found.slope.value, 2), found.df) == (34.27, 6)
        assert found.dispersion * 6 == pytest.approx(10.03, abs=0.01)

    def test_agrees_with_the_plain_trend(self):
        found, plain = regime_trend(PASSED, N, TIME, GROUP), binomial_trend(PASSED, N, TIME, GROUP)
        assert isinstance(found, RegimeTrend) and isinstance(plain, BinomialTrend)
        assert (found.slope.value, found.slope.error) == pytest.approx((plain.slope, plain.error))
        assert (found.slope.low, found.slope.high) == pytest.approx((plain.low, plain.high))


class TestSteps:
    def test_a_pure_step_is_the_difference_of_the_logits(self):
        # Two levels, no slope: the step is log(.8/.2) - log(.6/.4), the slope nothing.
        found = regime_trend([60, 60, 80, 80], [100] * 4, [0, 1, 2, 3], ["a"] * 4, [2])
        assert isinstance(found, RegimeTrend)
        ((cut, step),) = found.steps
        assert cut == 2 and step.value == pytest.approx(np.log(4) - np.log(1.5))
        assert found.slope.value == pytest.approx(0, abs=1e-6)
        assert step.low < step.value < step.high

    def test_the_likelihood_equations_hold_on_both_sides(self):
        # With the canonical link the fitted failures of each side, and of each province, are the observed ones.
        found = regime_trend(PASSED, N, TIME, GROUP, [3])
        assert isinstance(found, RegimeTrend)
        effect = np.array([found.slope.value * t + found.steps[0][1].value * (t >= 3) for t in TIME])
        # The province effects that make each province's sum right make each side's sum right.
        fitted = np.zeros(8)
        for name in ("x", "y"):
            own = np.array([g == name for g in GROUP])
            low, high = -20.0, 20.0
            for _ in range(200):
                middle = (low + high) / 2
                total = (100 / (1 + np.exp(-(middle + effect[own])))).sum()
                low, high = (middle, high) if total < np.array(PASSED)[own].sum() else (low, middle)
            fitted[own] = 100 / (1 + np.exp(-(middle + effect[own])))
        late = np.array(TIME) >= 3
        assert fitted[late].sum() == pytest.approx(np.array(PASSED)[late].sum(), abs=1e-4)

    def test_shrinks_with_n(self):
        few, many = (regime_trend([k * x for x in PASSED], [100 * k] * 8, TIME, GROUP, [3]) for k in (1, 9))
        assert isinstance(few, RegimeTrend) and isinstance(many, RegimeTrend)
        assert many.slope.error < few.slope.error and many.steps[0][1].error < few.steps[0][1].error

    def test_order_and_labels_do_not_matter(self):
        found = regime_trend(PASSED, N, TIME, GROUP, [3])
        back = regime_trend(PASSED[::-1], N[::-1], TIME[::-1], [{"x": "z", "y": "b"}[g] for g in GROUP][::-1], [3])
        assert isinstance(found, RegimeTrend) and isinstance(back, RegimeTrend)
        assert back.steps[0][1].value == pytest.approx(found.steps[0][1].value)
        assert back.slope.error == pytest.approx(found.slope.error)


class TestProvincesAsClusters:
    def test_is_the_estimating_equation_of_single_sites(self):
        # statsmodels GEE, a row per site, Mancl and DeRouen's errors: the same without expanding the counts.
        passed = many(4)
        design = np.array([[1.0, t, float(t >= 2)] for t in PERIODS])
        shares, sizes = np.array(passed) / 4, np.full(60, 4.0)
        fit = sm.GLM(shares, design, family=sm.families.Binomial(), var_weights=sizes).fit()
        errors = cluster_errors(design, shares, sizes, PROVINCES, fit.fittedvalues)
        sites = [(float(k < x), t, g) for x, t, g in zip(passed, PERIODS, PROVINCES, strict=True) for k in range(4)]
        expanded = np.array([[1.0, t, float(t >= 2)] for _, t, _ in sites])
        single = sm.GEE(
            [y for y, _, _ in sites], expanded, groups=[g for *_, g in sites], family=sm.families.Binomial()
        )
        found = single.fit(cov_type="bias_reduced")
        assert list(fit.params) == pytest.approx(list(found.params), abs=1e-6)
        assert list(errors) == pytest.approx(list(found.bse), abs=1e-6)

    def test_with_province_effects_the_freedom_is_that_of_the_provinces(self):
        found = regime_trend(many(4), [4] * 60, PERIODS, PROVINCES, [2], errors="cluster")
        plain = regime_trend(many(4), [4] * 60, PERIODS, PROVINCES, [2])
        assert isinstance(found, RegimeTrend) and isinstance(plain, RegimeTrend)
        assert (found.df, found.errors, plain.df) == (10, "cluster", 46)
        assert found.slope.value == pytest.approx(plain.slope.value)
        assert found.slope.error != pytest.approx(plain.slope.error)

    def test_few_provinces_are_refused(self):
        found = regime_trend(PASSED, N, TIME, GROUP, errors="cluster")
        assert isinstance(found, Refusal) and "2 provinces are too few" in found.reason

    def test_more_sites_give_a_narrower_interval(self):
        large = regime_trend(many(1000), [1000] * 60, PERIODS, PROVINCES, errors="cluster")
        small = regime_trend(many(10), [10] * 60, PERIODS, PROVINCES, errors="cluster")
        assert isinstance(large, RegimeTrend) and isinstance(small, RegimeTrend)
        assert large.slope.error < small.slope.error


@pytest.mark.parametrize(
    ("passed", "n", "time", "group", "breaks", "word"),
    [
        ([5, 5, 5], [5, 5, 5], [1, 2, 3], ["a"] * 3, [], "all sites passed"),
        ([4, 4, 3, 4], [5] * 4, [1, 2, 3, 4], ["a"] * 4, [9], "no figure"),
        ([4, 3, 4], [5] * 3, [1, 2, 3], ["a"] * 3, [3], "too few periods"),
        ([4, 3, 4, 3], [5] * 4, [1, 1, 2, 2], ["a"] * 4, [2], "tell the slope"),
        ([0, 0, 5, 5, 0], [5] * 5, [1, 2, 3, 4, 1], ["a"] * 5, [], "infinite"),
    ],
)
def test_refusals(passed, n, time, group, breaks, word):
    found = regime_trend(passed, n, time, group, breaks)
    assert isinstance(found, Refusal) and word in found.reason


def test_impossible():
    with pytest.raises(TongbaoError):
        regime_trend([6], [5], [1], ["a"])
    with pytest.raises(TongbaoError):
        regime_trend([5, 1], [5, 5], [1], ["a", "a"])
