"""Pass rates: the expected figures of the five first circulars, and made-up rows that must not give numbers."""

from typing import Any

import pandas as pd
import pytest

from theme_tables import PARAMETERS, as_tables, gold_tables
from tongbao.stats.result import Analysis
from tongbao.stats.themes.pass_rate_trends import pass_rate_trends


@pytest.fixture(scope="module")
def gold() -> Analysis:
    return pass_rate_trends(gold_tables(), PARAMETERS)


def one(frame: pd.DataFrame, **wanted: object) -> dict[str, Any]:
    rows = [r for r in frame.to_dict("records") if all(r[k] == v for k, v in wanted.items())]
    assert len(rows) == 1, rows
    return rows[0]


def circular(cid: str = "a", **more: object) -> dict[str, object]:
    return {
        "circular_id": cid,
        "title": f"某省关于{cid}的通报",
        "issuer": "某省人民政府办公厅",
        "issuer_level": "province",
        "province": "某省",
        "province_code": "320000",
        "period": "2018-Q3",
        "exercise": "spot_check",
        "copy_kind": "clean",
    } | more


def rate(cid: str = "a", row: int = 1, **more: object) -> dict[str, object]:
    return {
        "circular_id": cid,
        "row": row,
        "scope": "某省",
        "scope_level": "province",
        "scope_code": "320000",
        "period": "2018-Q3",
        "measure": "website",
        "inspector_level": "province",
        "comparator": "=",
        "basis": "stated",
    } | more


def made_up(*rates: dict[str, object], **tables: list[dict[str, object]]) -> Analysis:
    ids = sorted({str(r["circular_id"]) for r in rates})
    rows = {"circulars": [circular(cid) for cid in ids], "pass_rates": list(rates)} | tables
    return pass_rate_trends(as_tables(rows), PARAMETERS)


def refusal(analysis: Analysis, what: str) -> str:
    found = [r.reason for r in analysis.refused if what in r.what]
    assert len(found) == 1, [r.what for r in analysis.refused]
    return found[0]


def test_jiangsu_has_a_finite_population_interval(gold):
    row = one(gold.table("rates"), circular_id="jiangsu-2018q3", row=1)
    assert (row["n_passed_low"], row["n_passed_high"]) == (259, 259)
    assert (row["n_total_low"], row["n_total_high"]) == (825, 826)
    # 771 of 825 to 806 of 826: the union over both populations
    assert (row["low"], row["high"]) == pytest.approx((771 / 825, 806 / 826))
    assert row["method"] == "exact, number of sites known"


def test_jiangsu_without_random_choice_is_wide(gold):
    rows = gold.table("readings")
    nothing = rows[rows["label"].str.endswith("nothing assumed")].iloc[0]
    assert (nothing["set_low"], nothing["set_high"]) == pytest.approx((259 / 826, (826 - 11) / 826))


def test_sizes_of_the_departments(gold):
    designs = gold.table("group_designs")
    assert list(zip(designs["n"], designs["n_failed"], strict=True)) == [(19, 3), (38, 6), (57, 9)]
    assert designs["possible_if_list_complete"].tolist() == [True, False, False]
    narrowed = gold.table("groups").iloc[1]
    assert (narrowed["low"], narrowed["high"]) == pytest.approx((0.624, 0.945), abs=5e-4)


def test_departments_against_cities_is_marked_as_selected(gold):
    gap = gold.table("group_gaps").iloc[0]
    assert (gap["gap"], gap["low"], gap["high"]) == pytest.approx((0.126, 0.019, 0.344), abs=5e-4)
    assert gap["p_value"] == pytest.approx(0.034, abs=5e-4)
    assert "selected" in gap["note"]


def test_seven_clean_cities_are_chance(gold):
    clean = gold.table("clean_cities").iloc[0]
    assert (clean["n_clean"], clean["n_cities"], clean["n_failed_low"], clean["n_failed_high"]) == (7, 13, 8, 8)
    assert clean["expected_low"] == pytest.approx(6.8, abs=0.05)
    assert clean["p_low"] == pytest.approx(0.61, abs=0.005)


def test_level_with_last_quarter(gold):
    change = gold.table("changes").iloc[0]
    assert (change["change_low"], change["change_high"]) == pytest.approx((259 / 270 - 0.965, 259 / 270 - 0.955))
    assert change["margin"] == pytest.approx(0.027, abs=5e-4)
    assert "earlier period is not known" in refusal(gold, "Interval of the change of 江苏省")


def test_streaks_are_quoted_without_a_bound(gold):
    streaks = gold.table("streaks")
    assert streaks["scope"].tolist() == ["苏州市", "泰州市"]
    assert streaks["n_periods"].tolist() == [6, 6]
    assert set(streaks["first_period"]) == {"2017-Q2"}
    assert "6 of 6" in refusal(gold, "Bound from the run of 苏州市")


def test_a_census_has_no_interval_and_passing_is_not_being_clean(gold):
    row = one(gold.table("rates"), circular_id="dayawan-2018q1")
    assert row["low"] is None and row["high"] is None
    census = gold.table("census").iloc[0]
    assert (census["n_passed"], census["n_with_finding"], census["n_without_finding"]) == (36, 14, 22)
    assert census["process_low"] == pytest.approx(0.904, abs=5e-4)
    assert (census["clean_process_low"], census["clean_process_high"]) == pytest.approx((0.449, 0.752), abs=5e-4)
    assert "Every site was checked" in refusal(gold, "惠州大亚湾")


@pytest.mark.parametrize("cid", ["gansu-2021", "guangdong-2016"])
def test_bounds_stay_bounds(gold, cid):
    row = one(gold.table("rates"), circular_id=cid)
    assert (row["rate"], row["set_low"], row["set_high"], row["low"]) == (None, 0.95, None, None)
    assert row["printed"] == ">=95%"


def test_nothing_is_compared_ranked_or_tested_for_trend(gold):
    assert not any(gold.table("pairs")["comparable"])
    assert len(gold.table("trends")) == 0
    for what in ("Trend of 江苏省", "Provinces compared", "One rate over all"):
        assert refusal(gold, what)


def test_the_headline_is_computed(gold):
    assert gold.notes[0].startswith("江苏省 2018-Q3: 93.5–97.6% of all sites in operation pass")
    assert "259 of 270" in gold.notes[0] and "7 of 13 cities" in gold.notes[0]


def test_every_figure_has_its_words(gold):
    drawn = set()
    for frame in gold.tables.values():
        if "figure" in frame.columns:
            drawn |= set(frame["figure"].dropna())
    captions = gold.table("captions")
    assert set(captions["figure"]) == drawn
    assert captions["figure"].is_unique and captions["alt"].str.len().min() > 10


def test_an_unnamed_choice_of_sites_gives_no_interval():
    found = made_up(rate(n_checked=100, n_passed=96, n_failed=4, rate=0.96))
    assert found.table("rates").iloc[0]["low"] is None
    assert "how the sites were chosen" in refusal(found, "Interval for 某省")


def test_a_sample_not_called_random_says_what_is_assumed():
    found = made_up(rate(n_checked=100, n_failed=4, rate=0.96, design="sample"))
    row = found.table("rates").iloc[0]
    assert row["assumption"] == "random choice assumed, not stated"
    assert row["method"] == "method of Wilson, number of sites not stated"


def test_all_of_a_sample_passing_gives_a_lower_bound_only():
    row = made_up(rate(n_checked=30, n_total=100, n_failed=0, rate=1.0, design="random_sample")).table("rates").iloc[0]
    assert (row["low"], row["high"]) == (0.92, 1.0)
    unknown = made_up(rate(n_checked=30, n_failed=0, rate=1.0, design="random_sample")).table("rates").iloc[0]
    assert unknown["low"] == pytest.approx(0.05 ** (1 / 30))


def test_several_counts_behind_a_rounded_rate_are_all_kept():
    row = made_up(rate(n_checked=270, rate=0.96, design="random_sample", quote="合格率为96%")).table("rates").iloc[0]
    assert (row["n_passed_low"], row["n_passed_high"]) == (258, 260)
    assert (row["set_low"], row["set_high"]) == pytest.approx((258 / 270, 260 / 270))
    # Wilson, the union over 258, 259 and 260
    assert row["rate"] == 0.96 and row["low"] < 258 / 270 < 260 / 270 < row["high"]


def test_contradicting_figures_are_refused():
    found = made_up(rate(n_checked=100, n_failed=20, rate=0.96, design="random_sample"))
    assert found.table("rates").iloc[0]["low"] is None
    assert "contradict" in refusal(found, "Interval for 某省")


def test_a_trend_needs_four_quarters_and_five_failures():
    quarters = ["2017-Q1", "2017-Q2", "2017-Q3", "2017-Q4"]
    rows = [
        rate(f"c{i}", period=q, n_checked=200, n_failed=f, rate=1 - f / 200, design="random_sample")
        for i, (q, f) in enumerate(zip(quarters, (20, 14, 9, 4), strict=True))
    ]
    found = made_up(*rows)
    trend = found.table("trends").iloc[0]
    assert trend["n_periods"] == 4 and trend["z"] > 0 and trend["p_exact"] < 0.01
    assert found.table("points")["series"].nunique() == 1
    fewer = made_up(*rows[:3])
    assert len(fewer.table("trends")) == 0 and "fewer than 4" in refusal(fewer, "Trend of 某省")
    assert fewer.table("points")["series"].nunique() == 3


def test_the_same_inspector_in_a_census_and_a_sample_is_no_series():
    quarters = ["2017-Q1", "2017-Q2", "2017-Q3", "2017-Q4"]
    rows = [
        rate(f"c{i}", period=q, n_checked=200, n_failed=10, rate=0.95, design="census" if i == 3 else "random_sample")
        for i, q in enumerate(quarters)
    ]
    assert len(made_up(*rows).table("trends")) == 0


def test_clean_cities_without_the_number_of_failures_are_refused():
    city = rate(
        row=2, scope="南京市", scope_level="prefecture", scope_code="320100", rate=1.0, rate_low=0.995, rate_high=1
    )
    found = made_up(rate(rate=0.96, design="random_sample"), city)
    assert len(found.table("clean_cities")) == 0
    assert "number of failures" in refusal(found, "How failures spread")


def test_a_failing_county_in_a_clean_city_narrows_nothing():
    rows = [
        rate(n_checked=270, n_failed=11, rate=0.96, design="random_sample"),
        rate(
            row=2, scope="徐州市", scope_level="prefecture", scope_code="320300", rate=1.0, rate_low=0.995, rate_high=1
        ),
        rate(row=3, scope="省级部门", scope_level="group", scope_code=None, rate=0.842, design="random_sample"),
    ]
    failing = {
        "circular_id": "a",
        "row": 1,
        "measure": "website",
        "unit": "睢宁",
        "unit_code": "320324",
        "grade": "不合格",
        "scale_id": "BIN",
        "grade_rank": 2,
    }
    found = made_up(*rows, ratings=[failing])
    assert found.table("group_designs")["possible_if_list_complete"].tolist() == [None, None, None]
    assert len(found.table("group_gaps")) == 0 and len(found.table("clean_cities")) == 0
    assert "cannot be worked out" in refusal(found, "cities at 100%")
