from datetime import date

import pandas as pd
import pytest

from tongbao.errors import TongbaoError
from tongbao.project import find_project
from tongbao.stats.comparable import DIFFERENT_INSPECTORS, comparable, period_span, regimes_of

REGIMES = pd.DataFrame(
    [
        ("census", "普查评分", "census scoring", "2015-03-11", "2019-03-31", "website", "spot_check;census"),
        ("indicators", "检查指标", "inspection indicators", "2019-04-01", None, "website;new_media", "spot_check"),
    ],
    columns=["regime_id", "name_zh", "name_en", "valid_from", "valid_to", "measure", "applies_to"],
)
JIANGSU = {
    "scope": "江苏省",
    "period": "2018-Q3",
    "measure": "website",
    "inspector_level": "province",
    "design": "random_sample",
    "exercise": "spot_check",
}


def changed(**values):
    return {**JIANGSU, **values}


def test_same_in_everything():
    verdict = comparable(JIANGSU, changed(scope="浙江省"), REGIMES)
    assert verdict and "same period" in verdict.reason


@pytest.mark.parametrize(
    ("values", "word", "hands"),
    [
        ({"measure": "channel"}, "what was inspected", False),
        ({"inspector_level": "national"}, "who inspected", True),
        ({"inspector_level": ""}, "does not say who inspected", False),
        ({"design": "census"}, "how the sites were chosen", False),
        ({"design": None}, "does not say how the sites were chosen", False),
        ({"period": "2018-Q2"}, "the period (2018-Q3 and 2018-Q2)", False),
        ({"period": "2019-Q3"}, "different rules (census scoring and inspection indicators)", True),
        ({"period": "2019"}, "rules changed within", False),
        ({"period": ""}, "period is not stated", False),
        ({"period": float("nan")}, "period is not stated", False),
        ({"period": "2012-Q1"}, "not known under which rules", False),
        ({"exercise": "evaluation"}, "not known under which rules", False),
        ({"exercise": "census"}, "the kind of inspection", False),
    ],
)
def test_one_difference_is_enough(values, word, hands):
    for pair in ((JIANGSU, changed(**values)), (changed(**values), JIANGSU)):
        verdict = comparable(*pair, REGIMES)
        assert not verdict
        if " and " not in word:  # which of the two is named first depends on the order
            assert word in verdict.reason
        assert (DIFFERENT_INSPECTORS in verdict.reason) == hands
    assert word in comparable(JIANGSU, changed(**values), REGIMES).reason


def test_every_obstacle_is_named():
    reason = comparable(JIANGSU, changed(design="census", inspector_level="national"), REGIMES).reason
    assert "how the sites were chosen" in reason and "who inspected" in reason


def test_one_place_over_time():
    assert comparable(JIANGSU, changed(period="2018-Q2"), REGIMES, across_periods=True)
    assert not comparable(JIANGSU, changed(period="2019-Q3"), REGIMES, across_periods=True)
    assert not comparable(JIANGSU, changed(period=""), REGIMES, across_periods=True)


def test_sample_of_unknown_choice_is_said():
    assert "assumes a random choice" in comparable(changed(design="sample"), changed(design="sample"), REGIMES).reason
    assert "assumes" not in comparable(JIANGSU, JIANGSU, REGIMES).reason


def test_a_stated_regime_wins():
    a, b = changed(regime_id="gd-2016", exercise="evaluation"), changed(regime_id="gd-2017", exercise="evaluation")
    assert comparable(a, a, REGIMES)
    assert "gd-2016 and gd-2017" in comparable(a, b, REGIMES).reason


NO_SCOPE = REGIMES.drop(columns="applies_to").rename(columns={"regime_id": "regime", "name_en": "rule"})


def test_an_evaluation_follows_its_issuers_own_rules_whatever_the_table_says():
    a = changed(exercise="evaluation", issuer="甲省人民政府办公厅")
    assert comparable(a, changed(exercise="evaluation", issuer="甲省人民政府办公厅", scope="乙市"), NO_SCOPE)
    for other in ({"issuer": "乙省人民政府办公厅"}, {"issuer": ""}, {"exercise": "spot_check"}, {"period": "2018-Q2"}):
        assert not comparable(a, {**a, **other}, NO_SCOPE, across_periods=True)
    spot = changed(issuer="甲省人民政府办公厅")
    assert comparable(spot, changed(issuer="乙省人民政府办公厅"), NO_SCOPE)


def test_months_and_other_names_of_the_columns():
    months = NO_SCOPE.assign(valid_from=["2015-03", "2019-04"], valid_to=["2019-03", ""])
    assert regimes_of(changed(period="2019-Q1"), months) == (frozenset({"census"}), False)
    assert regimes_of(changed(period="2019-Q2"), months) == (frozenset({"indicators"}), False)
    assert regimes_of(changed(period="2019-H1"), months) == (frozenset(), True)
    assert "census scoring and" in comparable(JIANGSU, changed(period="2019-Q3"), months).reason


def test_the_projects_own_table():
    path = find_project().reference / "regimes.csv"
    regimes = pd.read_csv(path, dtype=str)
    assert comparable(JIANGSU, changed(scope="浙江省"), regimes)
    assert comparable(JIANGSU, changed(period="2018-Q2"), regimes, across_periods=True)
    unknown_exercise = {key: value for key, value in JIANGSU.items() if key != "exercise"}
    assert not comparable(unknown_exercise, changed(period="2018-Q2"), regimes, across_periods=True)
    assert not comparable(JIANGSU, changed(period="2019-Q3"), regimes, across_periods=True)
    assert not comparable(JIANGSU, changed(period="2019"), regimes, across_periods=True)


def test_series_are_rows_too():
    assert comparable(pd.Series(JIANGSU), pd.Series(changed(scope="浙江省")), REGIMES)


def test_prose_and_empty_cells_restrict_nothing():
    loose = REGIMES.assign(measure=["", "new_media"], applies_to=["all government websites", ""])
    assert regimes_of(changed(exercise="evaluation"), loose) == (frozenset({"census"}), False)
    assert regimes_of(changed(period="2020"), loose) == (frozenset(), False)
    assert regimes_of(changed(period="2020", measure="new_media"), loose) == (frozenset({"indicators"}), False)


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("2016", date(2016, 1, 1), date(2016, 12, 31)),
        ("2018-Q3", date(2018, 7, 1), date(2018, 9, 30)),
        ("2018-H1", date(2018, 1, 1), date(2018, 6, 30)),
        ("2016-02", date(2016, 2, 1), date(2016, 2, 29)),
    ],
)
def test_period_span(period, first, last):
    assert period_span(period) == (first, last)


@pytest.mark.parametrize("period", ["2018Q3", "2018-Q5", "2018-13", "二〇一八", "2018-H3", "2018-1"])
def test_not_a_period(period):
    with pytest.raises(TongbaoError, match="not a period"):
        period_span(period)


def test_a_table_without_its_columns_is_an_error():
    with pytest.raises(TongbaoError, match="valid_from"):
        comparable(JIANGSU, JIANGSU, REGIMES.drop(columns="valid_from"))


def test_the_two_regimes_meet_without_gap():
    assert regimes_of(changed(period="2019-Q1"), REGIMES) == (frozenset({"census"}), False)
    assert regimes_of(changed(period="2019-Q2"), REGIMES) == (frozenset({"indicators"}), False)
    assert regimes_of(changed(period="2019-H1"), REGIMES) == (frozenset(), True)
