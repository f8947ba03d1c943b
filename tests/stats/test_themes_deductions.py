"""Deductions and problems: Yan'an has no share, Daya Bay passes and is not clean."""

import pytest

from theme_tables import PARAMETERS, as_tables, gold_tables
from tongbao.stats.result import Analysis
from tongbao.stats.themes.deduction_ranges import deduction_ranges
from tongbao.stats.themes.findings import found_objects


@pytest.fixture(scope="module")
def gold() -> Analysis:
    return deduction_ranges(gold_tables(), PARAMETERS)


CIRCULAR = {
    "circular_id": "a",
    "issuer": "某市人民政府办公室",
    "issuer_level": "prefecture",
    "prefecture": "某市",
    "period": "2018",
    "copy_kind": "clean",
}


def deduction(row: int, statistic: str, **more: object) -> dict[str, object]:
    return {"circular_id": "a", "row": row, "scope": "市直部门", "statistic": statistic} | more


def test_yanan_range_and_count(gold):
    (row,) = gold.table("ranges").to_dict("records")
    assert (row["min"], row["max"], row["threshold"], row["n_above"], row["n_units"]) == (8.5, 266.5, 100, 9, None)


def test_yanan_units_lie_between_the_threshold_and_the_largest(gold):
    units = gold.table("units")
    named = units[units["statistic"] == "unit"]
    assert len(named) == 9 and named["points"].isna().all()
    assert set(named["points_low"]) == {100} and not any(named["points_low_closed"])
    assert set(named["points_high"]) == {266.5} and all(named["points_high_closed"])
    assert set(named["high_from"]) == {"largest deduction printed"}
    assert "市规划局" in set(named["unit_name"])


def test_yanan_has_no_share_median_or_mean(gold):
    fixed = gold.table("fixed").set_index("quantity")
    for quantity in ("share above the threshold", "median", "mean", "distribution of the deductions"):
        row = fixed.loc[quantity]
        assert not row["is_fixed"] and row["low"] is None and row["high"] is None
    assert fixed.loc["units named above 100 points", "low"] == 9


def test_the_midpoint_is_nowhere(gold):
    assert "137.5" not in gold.to_json()


def test_units_without_a_site_are_their_own_line(gold):
    assert gold.table("no_site")["unit"].tolist() == ["市城改办", "市盐务局"]
    assert not {"市城改办", "市盐务局"} & set(gold.table("units")["unit"])


def test_dayawan_passes_and_is_not_clean(gold):
    rows = gold.table("found").set_index("circular_id")
    dayawan = rows.loc["dayawan-2018q1"]
    assert (dayawan["n_with_finding"], dayawan["n_checked"], dayawan["n_passed"]) == (14, 36, 36)
    assert dayawan["share_with_finding"] == pytest.approx(14 / 36)
    assert rows.drop("dayawan-2018q1")["share_with_finding"].isna().all()


def test_problems_are_counted_once_for_body_and_annex(gold):
    rows = gold.table("findings")
    dayawan = rows[rows["circular_id"] == "dayawan-2018q1"].set_index("category")["n_named"]
    assert dayawan.to_dict() == {
        "GUIDE_WRONG": 7,
        "GUIDE_MISSING": 6,
        "COL_STALE": 3,
        "ERR_TYPO": 2,
        "RECTIFY_FAIL": 1,
    }
    gansu = rows[rows["circular_id"] == "gansu-2021"]
    assert set(gansu["n_named"]) == {0} and gansu["n_unnamed"].sum() == 15


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([("甲局", None), ("甲局", "甲网")], {"甲网"}),
        ([("甲局", None), ("甲局", None)], {"甲局"}),
        ([("甲局", "甲网"), ("甲局", "乙网")], {"甲网", "乙网"}),
        ([(None, None)], set()),
        ([("甲局", None), ("乙局", "乙网")], {"甲局", "乙网"}),
        ([("甲局", "丙网"), ("乙办", "丙网")], {"丙网"}),
    ],
)
def test_a_unit_and_its_site_are_one(rows, expected):
    assert found_objects([{"unit": unit, "site": site} for unit, site in rows]) == expected


def test_a_printed_group_size_fixes_share_and_bounds():
    rows = [
        deduction(1, "min", points=2.0),
        deduction(2, "max", points=50.0),
        *[deduction(i, "unit", unit=f"第{i}局", points_low=20.0, points_low_closed=False) for i in (3, 4)],
    ]
    totals = [{"circular_id": "a", "row": 1, "measure": "website", "group": "市直部门", "grade": "合格", "group_n": 10}]
    found = deduction_ranges(
        as_tables({"circulars": [CIRCULAR], "deductions": rows, "grade_totals": totals}), PARAMETERS
    )
    fixed = found.table("fixed").set_index("quantity")
    assert (fixed.loc["share above the threshold", "low"], fixed.loc["share above the threshold", "high"]) == (0.2, 0.2)
    # ten units: 2, seven in [2, 20], one in (20, 50], 50
    assert (fixed.loc["mean", "low"], fixed.loc["mean", "high"]) == (8.6, 24.2)
    assert (fixed.loc["median", "low"], fixed.loc["median", "high"]) == (2, 20)


def test_exact_points_stay_exact():
    rows = [deduction(1, "unit", unit="甲局", points=12.5, points_low=12.5, points_high=12.5)]
    found = deduction_ranges(as_tables({"circulars": [CIRCULAR], "deductions": rows}), PARAMETERS)
    unit = found.table("units").iloc[0]
    assert (unit["points_low"], unit["points_high"], unit["high_from"]) == (12.5, 12.5, "stated")


def test_the_headline_is_computed(gold):
    assert gold.notes[0].startswith("延安市 2016: deductions run from 8.5 to 266.5 points, 9 units are named above 100")


def test_every_figure_has_its_words(gold):
    drawn = set(gold.table("units")["figure"]) | set(gold.table("findings")["figure"])
    assert set(gold.table("captions")["figure"]) == drawn
