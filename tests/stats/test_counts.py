import csv
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongbao.errors import TongbaoError
from tongbao.stats.counts import (
    CONVENTIONS,
    Interval,
    change_if_level,
    change_interval,
    conventions_compatible,
    counts_for_rate,
    denominators_for_rate,
    designs_for_rate,
    point,
    populations_for_share,
    previous_rate,
    rate_interval,
)

with (Path(__file__).parent / "cases" / "counts.csv").open(encoding="utf-8", newline="") as file:
    CASES = list(csv.DictReader(file))

ROUNDING = {"half_up": "ROUND_HALF_UP", "half_even": "ROUND_HALF_EVEN", "truncate": "ROUND_DOWN"}


def printed_as(x: int, n: int, decimals: int, rule: str) -> str:
    """Print x of n as a percentage with the decimal module, which is exact for these n."""
    quotient = Fraction(100 * x, n)
    # Enough digits that no later digit can matter: halves of 10**-2 have finite expansions.
    numerator = Decimal(quotient.numerator * 10**30 // quotient.denominator).scaleb(-30)
    if quotient.numerator * 10**30 % quotient.denominator:
        numerator += Decimal(1).scaleb(-31)  # strictly between two 30-digit numbers
    return str(numerator.quantize(Decimal(1).scaleb(-decimals), rounding=ROUNDING[rule]))


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c['printed']} of {c['n']} {c['rule']}")
def test_cases(case):
    expected = [int(x) for x in case["counts"].split()]
    assert counts_for_rate(case["printed"], int(case["n"]), rule=case["rule"]) == expected


@given(st.integers(1, 900), st.integers(0, 2), st.sampled_from(sorted(ROUNDING)), st.data())
def test_exactly_the_counts_that_print_so(n, decimals, rule, data):
    text = printed_as(data.draw(st.integers(0, n)), n, decimals, rule)
    brute_force = [x for x in range(n + 1) if printed_as(x, n, decimals, rule) == text]
    assert counts_for_rate(text, n, rule=rule) == brute_force


@given(st.integers(1, 400), st.integers(0, 2), st.data())
def test_any_is_the_union_of_the_conventions(n, decimals, data):
    text = printed_as(data.draw(st.integers(0, n)), n, decimals, "half_up")
    sets = {rule: set(counts_for_rate(text, n, rule=rule)) for rule in (*CONVENTIONS, "rounded", "any")}
    assert sets["rounded"] == sets["half_up"] | sets["half_even"]
    assert sets["any"] == sets["rounded"] | sets["truncate"]


@pytest.mark.parametrize("printed", ["96", Decimal("96")])
def test_text_and_decimal_agree(printed):
    assert counts_for_rate(printed, 270) == [258, 259, 260]


@pytest.mark.parametrize("printed", ["", "九成", "nan", "-3", "101", "1/2", "inf"])
def test_not_a_rate(printed):
    with pytest.raises(TongbaoError):
        counts_for_rate(printed, 10)


def test_no_units_and_unknown_words_are_errors():
    for call in (
        lambda: counts_for_rate("96", 0),
        lambda: rate_interval("96", "about"),
        lambda: rate_interval("96", rule="up"),
        lambda: populations_for_share("32.7", 0),
    ):
        with pytest.raises(TongbaoError):
            call()


class TestComparators:
    @pytest.mark.parametrize(
        ("comparator", "first", "last"),
        [(">=", 257, 270), (">", 257, 270), ("<=", 0, 256), ("<", 0, 256), ("~", 0, 270), ("=", 256, 257)],
    )
    def test_ninety_five_of_270(self, comparator, first, last):
        # 0.95 x 270 = 256.5: 257 are needed for "95 % and above".
        counts = rate_interval("95", comparator).counts(270)
        assert (counts[0], counts[-1]) == (first, last) if comparator != "=" else counts == [256, 257]

    def test_the_number_itself(self):
        assert rate_interval("95", ">=").counts(20)[0] == 19
        assert rate_interval("95", ">").counts(20)[0] == 20
        assert rate_interval("95", "<=").counts(20)[-1] == 19
        assert rate_interval("95", "<").counts(20)[-1] == 18

    def test_about_is_never_turned_into_an_interval(self):
        assert rate_interval("95", "~") == Interval(Fraction(0), Fraction(1), True, True)


class TestPopulationsAndDesigns:
    def test_jiangsu(self):
        assert populations_for_share("32.7", 270) == [825, 826]
        assert designs_for_rate("84.2", 11) == [(19, 3), (38, 6), (57, 9)]
        assert conventions_compatible([("96", 259, 270)]) == ["half_up", "half_even"]

    def test_jiangsu_share_under_truncation_is_another_set(self):
        assert populations_for_share("32.7", 270, rule="truncate") == [824, 825]

    def test_gansu_denominator_is_a_multiple_of_six(self):
        assert denominators_for_rate("83.3", range(40, 67)) == [42, 48, 54, 60, 66]

    def test_gansu_previous_rate(self):
        earlier = previous_rate("83.3", "27")
        assert earlier == Interval(Fraction(5575, 10000), Fraction(5685, 10000), False, False)
        assert Fraction(563, 1000) in earlier

    def test_jiangsu_level_with_last_quarter(self):
        change = change_if_level(point(Fraction(259, 270)), "96")
        low, high = change.as_floats()
        assert (round(100 * low, 2), round(100 * high, 2)) == (-0.57, 0.43)
        assert (change.low_closed, change.high_closed) == (False, True)

    def test_level_without_a_count_is_twice_as_wide(self):
        assert change_if_level(rate_interval("96"), "96") == Interval(Fraction(-1, 100), Fraction(1, 100), False, False)

    def test_a_fall_rounds_away_from_zero(self):
        assert change_interval("-0.5") == Interval(Fraction(-55, 10000), Fraction(-45, 10000), False, True)
        assert change_interval("0.5") == Interval(Fraction(45, 10000), Fraction(55, 10000), True, False)

    def test_a_hundred_per_cent_fits_groups_of_any_size(self):
        with pytest.raises(TongbaoError, match="any size"):
            designs_for_rate("100", 3)
        assert designs_for_rate("100", 3, max_n=2) == [(1, 0), (2, 0)]
        assert (270, 1) in designs_for_rate("100", 3, max_n=270)

    def test_a_share_of_nothing_is_refused(self):
        with pytest.raises(TongbaoError, match="open"):
            populations_for_share("0", 5)
        with pytest.raises(TongbaoError, match="open"):
            populations_for_share("0.1", 270, limit=1000)

    def test_everything_checked(self):
        assert populations_for_share("100", 36) == [36]
        assert populations_for_share("100", 270) == [270, 271]

    @given(st.integers(1, 300), st.integers(0, 700))
    def test_the_true_population_is_never_lost(self, n_checked, more):
        population = n_checked + more
        assert population in populations_for_share(printed_as(n_checked, population, 1, "half_up"), n_checked)

    @given(st.integers(1, 60), st.integers(0, 10))
    def test_the_true_design_is_never_lost(self, n, failed):
        failed = min(failed, n)
        text = printed_as(n - failed, n, 1, "half_up")
        assert (n, failed) in designs_for_rate(text, failed, max_n=60)


class TestEveryCompatibleTruthIsInside:
    """Two quarters with counts that somebody knows, printed as circulars print them: nothing true is left out."""

    RATES = st.tuples(st.integers(1, 400), st.integers(0, 400)).map(lambda t: (min(t[1], t[0]), t[0]))

    @given(RATES, RATES, st.integers(0, 1))
    def test_a_printed_change(self, before, now, decimals):
        true = Fraction(*now) - Fraction(*before)
        points = printed_points(true, decimals)
        assert true in change_interval(points)
        assert Fraction(*before) in previous_rate(printed_as(*now, decimals, "half_up"), points)

    @given(RATES, RATES, st.integers(0, 1))
    def test_level_with_last_time(self, before, now, decimals):
        text = printed_as(*now, decimals, "half_up")
        if printed_as(*before, decimals, "half_up") == text:
            assert Fraction(*now) - Fraction(*before) in change_if_level(point(Fraction(*now)), text)
            assert Fraction(*now) - Fraction(*before) in change_if_level(rate_interval(text), text)

    @given(RATES, st.integers(0, 2))
    def test_a_denominator(self, now, decimals):
        assert now[1] in denominators_for_rate(printed_as(*now, decimals, "half_up"), [now[1], now[1] + 1])


def printed_points(change: Fraction, decimals: int) -> str:
    """Print a change in percentage points, half away from zero."""
    unit = 10**decimals
    size = (abs(change) * 100 * unit + Fraction(1, 2)).__floor__()
    return f"{'-' if change < 0 else ''}{size // unit}" + (f".{size % unit:0{decimals}d}" if decimals else "")


def test_conventions_narrow_with_every_fact():
    assert conventions_compatible([("99.4", 553, 556)]) == ["truncate"]
    assert conventions_compatible([("99.4", 553, 556), ("96", 259, 270)]) == []
    assert conventions_compatible([]) == list(CONVENTIONS)


def test_an_interval_holds_exact_numbers_only():
    with pytest.raises(TypeError):
        0.96 in rate_interval("96")  # noqa: B015
