import csv
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tongbao.errors import TongbaoError
from tongbao.project import find_project
from tongbao.stats.enough import Verdict, enough, facts_of, kinds, minimum_data

# For each kind facts that just suffice, and changes each of which just does not, with a word of the reason.
JUST_ENOUGH = {
    "change": {"n_before": 1, "n_after": {3, 4}, "same_rubric": True},
    "counted_share": {"count": 1, "n": 1},
    "finite_population_interval": {"n": 270, "population": {825, 826, 827, 828, 829}},
    "grade_test": {"n_a": 10, "n_b": 10, "same_rubric": True, "same_year": True},
    "group_contrast": {"n_a": 10, "n_b": 10},
    "mean_deduction": {"n": 40, "n_with_interval": 40},
    "npmle_bands": {"n_intervals": 30},
    "npmle_curve": {"n_intervals": 10},
    "occupancy_test": {"n_groups": 2, "n_failed": {1, 2}},
    "ordinal_model": {"n_smaller": 20, "n_parameters": 2, "every_grade_used": True, "separated": False},
    "paired_counts": {"n_before": 0, "n_after": 1},
    "pooled_rate": {"n_circulars": 5, "same_rubric": True},
    "proportional_odds_test": {"smallest_side": 10},
    "province_comparison": {"n_provinces": 2, "same_rubric": True, "same_period": True, "same_design": True},
    "share_interval": {"n": 270, "design": "random_sample", "comparator": "="},
    "simultaneous_grade_intervals": {"n": 20, "n_grades": 7, "superpopulation": True},
    "streak_bound": {"n_per_period": [30, 30, 31]},
    "trend_test": {"n_periods": 4, "expected_failures": 5},
}
NOT_ENOUGH = [
    ("change", {"n_before": None}, "earlier period"),
    ("change", {"n_after": None}, "later period"),
    ("change", {"same_rubric": False}, "set of rules is not the same"),
    ("change", {"same_rubric": None}, "not known whether the set of rules"),
    ("counted_share", {"count": None}, "not known how many"),
    ("counted_share", {"count": 2}, "does not lie within 1"),
    ("counted_share", {"n": None}, "no share"),
    ("counted_share", {"n": 0, "count": 0}, "no unit"),
    ("finite_population_interval", {"n": None}, "sites checked"),
    ("finite_population_interval", {"population": None}, "sites in operation"),
    ("finite_population_interval", {"population": range(825, 831)}, "any of 6 values"),
    ("finite_population_interval", {"population": 269}, "More sites were checked"),
    ("grade_test", {"n_a": 9}, "first group"),
    ("grade_test", {"n_b": None}, "second group"),
    ("grade_test", {"same_rubric": None}, "set of rules"),
    ("grade_test", {"same_year": False}, "year is not the same"),
    ("group_contrast", {"n_a": 9}, "in the group"),
    ("group_contrast", {"n_b": None}, "outside it"),
    ("mean_deduction", {"n": None}, "how many units were scored"),
    ("mean_deduction", {"n_with_interval": 39}, "Only 39 of 40 units"),
    ("mean_deduction", {"n_with_interval": None}, "not known how many units"),
    ("mean_deduction", {"n": 0, "n_with_interval": 0}, "No unit"),
    ("npmle_bands", {"n_intervals": 29}, "fewer than 30"),
    ("npmle_curve", {"n_intervals": 9}, "fewer than 10"),
    ("occupancy_test", {"n_groups": 1}, "fewer than 2"),
    ("occupancy_test", {"n_failed": None}, "cannot be worked out"),
    ("occupancy_test", {"n_failed": {0, 1}}, "no failure"),
    ("ordinal_model", {"n_smaller": 19}, "2 parameters"),
    ("ordinal_model", {"n_parameters": 3}, "3 parameters"),
    ("ordinal_model", {"every_grade_used": False}, "given to no unit"),
    ("ordinal_model", {"separated": True}, "infinite"),
    ("paired_counts", {"n_before": None}, "year before"),
    ("paired_counts", {"n_after": None}, "this year"),
    ("pooled_rate", {"n_circulars": 4}, "4 circulars"),
    ("pooled_rate", {"same_rubric": False}, "set of rules"),
    ("proportional_odds_test", {"smallest_side": 9}, "fewer than 10"),
    ("province_comparison", {"n_provinces": 1}, "There is 1 province"),
    ("province_comparison", {"same_rubric": False}, "set of rules"),
    ("province_comparison", {"same_period": False}, "period"),
    ("province_comparison", {"same_design": None}, "way of choosing"),
    ("share_interval", {"n": None}, "not printed"),
    ("share_interval", {"n": []}, "not printed"),
    ("share_interval", {"n": 0}, "No site was checked"),
    ("share_interval", {"design": "census"}, "Every site was checked"),
    ("share_interval", {"design": "bound_only"}, "only a bound"),
    ("share_interval", {"comparator": ">="}, "only a bound"),
    ("share_interval", {"comparator": "~"}, "only a bound"),
    ("simultaneous_grade_intervals", {"n": 19}, "fewer than 20"),
    ("simultaneous_grade_intervals", {"n_grades": 8}, "8 grades"),
    ("simultaneous_grade_intervals", {"superpopulation": False}, "not stated"),
    ("simultaneous_grade_intervals", {"superpopulation": None}, "not stated"),
    ("streak_bound", {"n_per_period": [30, None, 31]}, "1 of 3 periods"),
    ("streak_bound", {"n_per_period": []}, "no streak"),
    ("streak_bound", {"n_per_period": [0]}, "no site was checked"),
    ("trend_test", {"n_periods": 3}, "fewer than 4"),
    ("trend_test", {"expected_failures": 4.9}, "fewer than five"),
    ("trend_test", {"expected_failures": None}, "number of failures"),
]


def test_every_kind_is_tested_and_has_words():
    with (find_project().reference / "minimum_data.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    names = [row["kind"] for row in rows]
    assert names == sorted(names) == kinds() == sorted(JUST_ENOUGH)
    assert all(cell and cell == cell.strip() for row in rows for cell in row.values())
    assert {kind for kind, _, _ in NOT_ENOUGH} == set(kinds())


@pytest.mark.parametrize("kind", sorted(JUST_ENOUGH))
def test_just_enough(kind):
    verdict = enough(kind, **JUST_ENOUGH[kind])
    assert verdict and minimum_data(kind).needs_en in verdict.reason


@pytest.mark.parametrize(("kind", "change", "word"), NOT_ENOUGH)
def test_just_not_enough(kind, change, word):
    verdict = enough(kind, **{**JUST_ENOUGH[kind], **change})
    assert not verdict
    assert word in verdict.reason
    assert minimum_data(kind).otherwise_en in verdict.reason
    assert verdict.reason[0].isupper() and verdict.reason.endswith(".") and ".." not in verdict.reason


def test_every_fact_can_fail_its_rule():
    tried = {(kind, fact) for kind, change, _ in NOT_ENOUGH for fact in change}
    assert tried == {(kind, fact) for kind in kinds() for fact in facts_of(kind)}


def test_all_shortfalls_are_named():
    reason = enough("grade_test", n_a=3, n_b=4, same_rubric=False, same_year=None).reason
    assert all(word in reason for word in ("3 units", "4 units", "set of rules", "year"))


def test_the_five_circulars():
    # Jiangsu's departments: three designs fit; a streak without n; Yan'an without n; Gansu's bound.
    assert enough("share_interval", n={19, 38, 57}, design="random_sample", comparator="=")
    assert not enough("streak_bound", n_per_period=[None] * 6)
    assert not enough("mean_deduction", n=None, n_with_interval=None)
    assert not enough("share_interval", n=None, design=None, comparator=">=")
    assert enough("grade_test", n_a=22, n_b=60, same_rubric=True, same_year=True)
    assert not enough("proportional_odds_test", smallest_side=1)


def test_cells_of_a_table_are_understood():
    frame = pd.DataFrame({"n": pd.array([270, None], dtype="Int64"), "x": [270.0, math.nan], "same": [True, False]})
    for column in ("n", "x"):
        assert enough("share_interval", n=frame[column].iloc[0], design="sample", comparator="=")
        assert not enough("share_interval", n=frame[column].iloc[1], design="sample", comparator="=")
    assert enough("share_interval", n=np.int64(4), design=np.nan, comparator=pd.NA)
    assert enough("change", n_before=1, n_after=1, same_rubric=frame["same"].iloc[0])
    assert not enough("change", n_before=1, n_after=1, same_rubric=frame["same"].iloc[1])
    assert enough("streak_bound", n_per_period=np.array([3, 4]))
    assert not enough("streak_bound", n_per_period=np.array([3, math.nan]))


def test_an_unknown_kind_and_wrong_facts_are_named():
    with pytest.raises(TongbaoError, match="'ranking'"):
        enough("ranking", n=3)
    with pytest.raises(TongbaoError, match="'same_year' is missing"):
        enough("grade_test", n_a=3, n_b=4, same_rubric=True)
    with pytest.raises(TongbaoError, match="'n_c' is not asked for"):
        enough("npmle_curve", n_intervals=3, n_c=4)
    with pytest.raises(TongbaoError, match="'ranking'"):
        minimum_data("ranking")


def test_missing_words_are_an_error(tmp_path, monkeypatch):
    (tmp_path / "data" / "reference").mkdir(parents=True)
    (tmp_path / "params.yaml").write_text("", encoding="utf-8")
    monkeypatch.setenv("TONGBAO_PROJECT", str(tmp_path))
    with pytest.raises(TongbaoError, match=r"minimum_data\.csv"):
        enough("npmle_curve", n_intervals=30)
    assert not Path(tmp_path / "data" / "reference" / "minimum_data.csv").exists()


def test_a_verdict_unpacks():
    ok, reason = Verdict(False, "No.")
    assert (ok, reason) == (False, "No.") and not Verdict(False, "No.") and Verdict(True, "Yes.")
