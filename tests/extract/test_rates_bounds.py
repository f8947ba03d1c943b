"""The arithmetic of printed percentages, against worked examples and as properties."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongbao.extract.rates_bounds import (
    Printed,
    complement,
    exact_rate,
    previous_interval,
    rate_interval,
    rounding_interval,
    six_digits,
)


@pytest.mark.parametrize(
    ("digits", "comparator", "interval"),
    [
        ("96", "=", (0.955, 0.965)),
        ("84.2", "=", (0.8415, 0.8425)),
        ("100", "=", (0.995, 1)),
        ("0", "=", (0, 0.005)),
        ("95", ">=", (0.95, 1)),
        ("90", ">", (0.9, 1)),
        ("60", "<", (0, 0.6)),
        ("60", "<=", (0, 0.6)),
    ],
)
def test_what_rounding_and_bounding_words_allow(digits, comparator, interval):
    found = rounding_interval(Printed(digits, comparator))
    assert tuple(map(six_digits, found)) == interval


def test_about_is_no_interval():
    assert rounding_interval(Printed("90", "~")) is None


@pytest.mark.parametrize(
    ("digits", "counts", "interval"),
    [
        ("96", (270, None, 11), (0.959259, 0.959259)),
        ("96", (270, None, None), (0.955556, 0.962963)),
        ("99.4", (556, None, 3), (0.994604, 0.994604)),  # cut, not rounded
        ("96", (126, None, 7), (0.955, 0.965)),  # 94.4 %: the counts say something else
        ("97", (5, None, None), (0.965, 0.975)),  # no number of five sites gives 97 %
        ("100", (36, None, None), (1, 1)),
        ("95", (None, 19, 1), (0.95, 0.95)),
    ],
)
def test_what_printed_counts_leave(digits, counts, interval):
    assert tuple(map(six_digits, rate_interval(Printed(digits), *counts))) == interval


def test_an_earlier_rate_from_a_change_in_points():
    now = rounding_interval(Printed("83.3"))
    assert tuple(map(six_digits, previous_interval(now, "27", 1))) == (0.5575, 0.5685)
    assert tuple(map(six_digits, previous_interval(rounding_interval(Printed("95")), "2", -1))) == (0.96, 0.98)


@pytest.mark.parametrize(
    ("counts", "rate"),
    [
        ((305, None, 12), Fraction(293, 305)),
        ((50, 48, None), Fraction(24, 25)),
        ((50, 48, 3), None),
        ((0, 0, None), None),
        ((10, 11, None), None),
        ((None, None, 3), None),
    ],
)
def test_what_counts_fix(counts, rate):
    assert exact_rate(*counts) == rate


def test_a_failure_rate_turns_round():
    assert complement(Printed("1.85")) == Printed("98.15")
    assert complement(Printed("5", "<")) == Printed("95", ">")


@given(n=st.integers(1, 3000), data=st.data(), decimals=st.integers(0, 2))
def test_the_interval_holds_the_rate_that_was_rounded(n, data, decimals):
    passed = data.draw(st.integers(0, n))
    shown = (Decimal(100 * passed) / n).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    printed = Printed(str(shown))
    for counts in ((None, None, None), (n, None, None), (n, passed, None), (n, None, n - passed)):
        low, high = rate_interval(printed, *counts)
        assert low <= Fraction(passed, n) <= high


@given(st.decimals(0, 100, places=2))
def test_the_interval_holds_the_printed_figure(value):
    printed = Printed(str(value))
    low, high = rounding_interval(printed)
    assert 0 <= low <= printed.fraction <= high <= 1
