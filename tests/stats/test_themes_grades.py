"""Grades: the expected figures of the five first circulars, and made-up groups that must not be compared."""

import pytest

from theme_tables import PARAMETERS, as_tables, gold_tables
from tongbao.stats.result import Analysis
from tongbao.stats.themes.grade_shares import grade_shares


@pytest.fixture(scope="module")
def gold() -> Analysis:
    return grade_shares(gold_tables(), PARAMETERS)


def made_up(counts: dict[str, dict[str, int | None]], sizes: dict[str, int | None], **ratings: object) -> Analysis:
    """One circular with these counts by group and grade, without lists."""
    rows, number = [], 0
    for group, grades in counts.items():
        for grade, n in grades.items():
            number += 1
            rows.append(
                {
                    "circular_id": "a",
                    "row": number,
                    "measure": "website",
                    "group": group,
                    "grade": grade,
                    "n_stated": n,
                    "group_n": sizes[group],
                }
            )
    circular = {
        "circular_id": "a",
        "issuer": "某市人民政府办公室",
        "issuer_level": "prefecture",
        "prefecture": "某市",
        "period": "2018",
        "exercise": "evaluation",
        "copy_kind": "clean",
    }
    return grade_shares(as_tables({"circulars": [circular], "grade_totals": rows}), PARAMETERS)


def reasons(analysis: Analysis, what: str) -> list[str]:
    return [r.reason for r in analysis.refused if what in r.what]


def test_guangdong_shares(gold):
    rows = gold.table("distribution")
    cities = rows[rows["group"] == "地级以上市"]
    assert cities["n"].tolist() == [7, 11, 4, 0]
    assert cities["share"].tolist() == pytest.approx([7 / 22, 11 / 22, 4 / 22, 0])
    cumulative = gold.table("cumulative")
    good = cumulative[cumulative["cut"] == "良好"]
    assert good["share"].tolist() == pytest.approx([18 / 22, 44 / 60])


def test_guangdong_process_intervals_stand_apart(gold):
    rows = gold.table("process_intervals")
    ends = [(round(100 * low, 1), round(100 * high, 1)) for low, high in zip(rows["low"], rows["high"], strict=True)]
    assert ends == [
        *[(13.6, 58.1), (26.5, 73.5), (5.8, 44.7), (0.0, 22.1)],
        *[(10.2, 35.4), (37.7, 68.3), (13.9, 40.9), (0.2, 12.2)],
    ]
    assert rows["reading"].str.startswith("only if").all()
    assert reasons(gold, "Sampling interval of the grade shares (广东省 2016)")


def test_guangdong_groups_do_not_differ(gold):
    c = gold.table("comparisons").iloc[0]
    assert len(gold.table("comparisons")) == 1
    assert (c["superiority"], c["low"], c["high"]) == pytest.approx((0.579, 0.445, 0.713), abs=5e-4)
    assert c["p_value"] == pytest.approx(0.269, abs=5e-4)
    assert (c["difference"], c["difference_low"], c["difference_high"]) == pytest.approx(
        (0.085, -0.140, 0.249), abs=5e-4
    )
    assert "smaller outcome" in reasons(gold, "Model of all grades at once, 地级以上市")[0]


def test_gansu_lists_have_counts_and_no_shares(gold):
    rows = gold.table("distribution")
    assert rows.loc[rows["circular_id"] == "gansu-2021", "share"].isna().all()
    lists = gold.table("lists")
    gansu = lists[lists["circular_id"] == "gansu-2021"]
    assert gansu["n_listed"].tolist() == [8, 21, 9, 23]
    assert all(gansu["ordered"]) and set(gansu["kind"]) == {"only this part of the group is named"}


def test_gansu_changes_hold_whatever_units_moved(gold):
    rows = gold.table("thresholds").set_index("name")
    few = rows.loc["市州, openness, at least 80"]
    # 12 against 10 with the group's size not printed: the widest range over every pairing
    assert (few["p_low"], few["p_high"]) == pytest.approx((0.5, 0.832), abs=5e-4)
    assert few["verdict"] == "not significant"
    nine = rows.loc["市州, website, at least 96"]
    assert (nine["p_low"], nine["p_high"]) == pytest.approx((0.125, 0.424), abs=5e-4)
    bodies = rows.loc["部门, openness, at least 80"]
    assert bodies["p_high"] == pytest.approx(0.0096, abs=5e-5) and bodies["verdict"] == "significant"
    assert bodies["reading"].startswith("only if the same units")
    assert reasons(gold, "Change of the share of 部门")


def test_jiangsu_names_only_failing_units(gold):
    lists = gold.table("lists")
    row = lists[lists["circular_id"] == "jiangsu-2018q3"].iloc[0]
    assert (row["n_listed"], row["kind"]) == (4, "only failing units are named")
    assert reasons(gold, "Shares of the grades of 县（市） (江苏省 2018-Q3)")


def test_dayawan_passes_may_hide_any_better_grade(gold):
    bands = gold.table("bands")
    channels = bands[(bands["group"] == "网站频道") & (bands["band"] == "good")].iloc[0]
    assert (channels["surely"], channels["possibly"]) == (0, 35)
    assert reasons(gold, "网站频道 against 网站平台")


def test_no_two_circulars_are_compared(gold):
    assert len(gold.table("pairs")) == 6
    assert not any(gold.table("pairs")["comparable"])
    assert gold.table("pairs")["reason"].str.len().min() > 20


def test_the_headline_is_computed(gold):
    assert gold.notes[0] == (
        "广东省 2016: 82% of 22 地级以上市 and 73% of 60 省直单位 are graded 良好 or better; "
        "the difference may be chance (exact p = 0.27)."
    )


def test_every_figure_has_its_words(gold):
    drawn = set()
    for frame in gold.tables.values():
        if "figure" in frame.columns:
            drawn |= set(frame["figure"].dropna())
    assert set(gold.table("captions")["figure"]) == drawn
    assert "grades-guangdong-2016-website" in drawn


def test_counts_without_lists_are_ordered_by_the_known_scales():
    grades = {"优秀": 12, "良好": 20, "一般": 8, "不合格": 1}
    found = made_up({"部门": grades}, {"部门": 41})
    assert found.table("cumulative")["n_at_least"].tolist() == [12, 32, 40]


def test_unknown_grades_get_shares_and_no_order():
    found = made_up({"部门": {"梅": 12, "兰": 8}}, {"部门": 20})
    assert found.table("distribution")["share"].tolist() == [0.6, 0.4]
    assert len(found.table("cumulative")) == 0


def test_counts_that_do_not_fill_the_group_give_no_share():
    found = made_up({"部门": {"优秀": 12, "良好": 20}}, {"部门": 41})
    assert found.table("distribution")["share"].isna().all()
    assert "add up to 32 of 41" in reasons(found, "Shares of the grades of 部门")[0]


def test_a_group_of_nine_is_not_tested():
    found = made_up(
        {"县区": {"优秀": 5, "良好": 4}, "部门": {"优秀": 10, "良好": 20}},
        {"县区": 9, "部门": 30},
    )
    assert len(found.table("comparisons")) == 0
    assert "9 units in the first group" in reasons(found, "县区 against 部门")[0]
    assert "fewer than 20" in reasons(found, "Ranges of the grades read as draws, 县区")[0]


def test_groups_on_different_grades_are_not_tested():
    found = made_up(
        {"县区": {"优秀": 10, "良好": 10}, "部门": {"合格": 10, "不合格": 20}},
        {"县区": 20, "部门": 30},
    )
    assert len(found.table("comparisons")) == 0
    assert "set of rules is not the same" in reasons(found, "县区 against 部门")[0]


def test_groups_that_differ_are_found_different():
    found = made_up(
        {"县区": {"优秀": 25, "良好": 5}, "部门": {"优秀": 5, "良好": 25}},
        {"县区": 30, "部门": 30},
    )
    c = found.table("comparisons").iloc[0]
    assert c["p_value"] < 1e-5 and c["cut"] == "优秀" and c["superiority"] > 0.8
    assert "more than chance" in found.notes[0]
