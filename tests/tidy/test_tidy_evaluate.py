"""Comparing found rows with gold rows: counts, wild cards, accepted differences, folders."""

import json

import pytest

from tongbao.errors import TongbaoError
from tongbao.tidy.agree import ANYTHING, OneOf, agrees, plain
from tongbao.tidy.evaluate import Accepted, evaluate
from tongbao.tidy.gold_folder import evaluate_folder

COLUMNS = {"pass_rates": ["scope", "period", "rate"]}


def rate(scope, value, period="2018-Q3", circular="a"):
    return {"circular_id": circular, "scope": scope, "period": period, "rate": value, "quote": "not compared"}


def run(gold, ours, accepted=()):
    return evaluate({"pass_rates": gold}, {"pass_rates": ours}, COLUMNS, accepted)


def test_right_missed_and_extra_rows_are_counted():
    result = run(
        [rate("苏州市", 1), rate("徐州市", 0.95)], [rate("徐州市", "0.95"), rate("南通市", 0.9), rate("苏州市", 0.99)]
    )
    (table,) = result.tables
    assert (table.n_gold, table.n_found, table.n_right) == (2, 3, 1)
    assert (table.precision, table.recall) == (1 / 3, 1 / 2)
    (miss,) = table.misses
    assert miss.differing == (("rate", "1", "0.99"),)
    assert dict(miss.row)["scope"] == "苏州市"
    assert [(dict(e.row)["scope"], e.nearest is None) for e in table.extras] == [("南通市", True), ("苏州市", False)]
    assert table.extras[1].differing == miss.differing


def test_rows_meet_only_within_their_circular():
    (table,) = run([rate("苏州市", 1, circular="a")], [rate("苏州市", 1, circular="b")]).tables
    assert table.n_right == 0
    assert table.misses[0].nearest is None and table.extras[0].nearest is None


def test_a_row_found_twice_is_an_extra():
    (table,) = run([rate("苏州市", 1)], [rate("苏州市", 1), rate("苏州市", 1)]).tables
    assert (table.n_right, len(table.extras)) == (1, 1)


def test_a_wild_card_does_not_take_the_row_that_another_gold_row_needs():
    gold = [rate(ANYTHING, 1), rate("苏州市", 1), rate(OneOf(("扬州市", "扬州")), 1)]
    ours = [rate("苏州市", 1), rate("扬州", 1), rate("泰州市", 1)]
    assert run(gold, ours).is_perfect
    assert run(gold, ours[::-1]).is_perfect


def test_shares_are_undefined_without_rows():
    (table,) = run([], []).tables
    assert table.precision is None and table.recall is None and table.is_perfect
    (table,) = run([], [rate("苏州市", 1)]).tables
    assert table.precision == 0.0 and table.recall is None and not table.is_perfect


@pytest.mark.parametrize(
    ("gold", "ours"),
    [
        ("0.95", 0.95),
        (1, 1.0),
        ("100", "100.00"),
        (None, ""),
        (float("nan"), ""),
        (True, "true"),
        (0.842, "0.8420000001"),
    ],
)
def test_the_same_value_in_two_forms_agrees(gold, ours):
    assert agrees(gold, ours)


@pytest.mark.parametrize(
    ("gold", "ours"),
    [("", 0), ("0", ""), (True, 1), ("012345", "12345"), (0.842, 0.84201), ("4205000001", "4205000002"), ("a", "A")],
)
def test_different_values_do_not_agree(gold, ours):
    assert not agrees(gold, ours)


def test_plain_leaves_codes_and_periods_alone():
    assert [plain(v) for v in ("2018-Q3", "440300", "007", "1e", "-0.0")] == ["2018-Q3", "440300", "007", "1e", "0"]


def test_an_accepted_difference_counts_as_agreement_and_an_idle_one_is_told():
    accepted = [
        Accepted("a", "pass_rates", "rate", "0.96", "0.959", "two readings"),
        Accepted("b", "pass_rates", "rate", "1", "0.9"),
    ]
    result = run([rate("江苏省", 0.96)], [rate("江苏省", 0.959)], accepted)
    assert result.tables[0].is_perfect
    assert result.unused == (accepted[1],) and not result.is_perfect
    assert "did not occur" in result.to_text()
    assert (
        not run([rate("江苏省", 0.96, circular="c")], [rate("江苏省", 0.959, circular="c")], accepted).tables[0].n_right
    )


def test_text_and_json_tell_every_row():
    result = run([rate("苏州市", 1), rate("徐州市", 0.95)], [rate("苏州市", 0.99)])
    text = result.to_text()
    assert "missed a: scope=徐州市" in text and "rate: gold '1', ours '0.99'" in text and "extra a:" in text
    value = json.loads(json.dumps(result.to_json(), ensure_ascii=False))["tables"]["pass_rates"]
    assert (value["n_gold"], value["n_found"], value["n_right"], value["precision"]) == (2, 1, 0, 0.0)
    assert value["misses"][0]["differing"] == [{"column": "rate", "gold": "1", "ours": "0.99"}]
    assert value["misses"][1]["nearest"] is None


@pytest.fixture
def folders(tmp_path):
    gold, tidy = tmp_path / "gold", tmp_path / "tidy"
    (gold / "a").mkdir(parents=True)
    tidy.mkdir()
    (gold / "a/pass_rates.csv").write_text("scope,rate,comparator,note,quote\n苏州市,1,=,x,q\n", "utf-8")
    (gold / "a/ratings.csv").write_text("unit,grade\n", "utf-8")
    (tidy / "pass_rates.csv").write_text(
        "circular_id,row,scope,rate,comparator,note\na,1,苏州市,1.0,=,y\nb,1,徐州市,1,=,\n", "utf-8-sig"
    )
    (tidy / "ratings.csv").write_text("circular_id,row,unit,grade\n", "utf-8-sig")
    return gold, tidy


def test_a_folder_is_compared_by_the_columns_of_both_sides(folders):
    gold, tidy = folders
    result = evaluate_folder(gold, tidy)
    assert [t.table for t in result.tables] == ["pass_rates", "ratings"]
    assert result.tables[0].misses[0].differing == (("note", "x", "y"),)
    assert result.tables[0].n_found == 1  # circular b is not annotated


def test_a_table_annotated_as_empty_makes_every_row_an_extra(folders):
    gold, tidy = folders
    (tidy / "ratings.csv").write_text("circular_id,unit,grade\na,苏州市,优秀\n", "utf-8-sig")
    assert len(evaluate_folder(gold, tidy).tables[1].extras) == 1


def test_a_folder_says_what_is_accepted_and_what_is_not_compared(folders):
    gold, tidy = folders
    (gold / "accepted_differences.csv").write_text(
        "circular_id,table,column,gold,ours,reason\na,pass_rates,note,x,y,either\n", "utf-8"
    )
    assert evaluate_folder(gold, tidy).is_perfect
    (gold / "not_compared.csv").write_text("table,column,reason\n,note,wording\nratings,,not yet\n", "utf-8")
    result = evaluate_folder(gold, tidy)
    assert [t.table for t in result.tables] == ["pass_rates"]
    assert result.tables[0].is_perfect and len(result.unused) == 1  # the accepted difference is idle now


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("gold/a/ratings.csv", "unit,grade\n苏州市\n", "ratings.csv, line 2"),
        ("gold/a/ratings.csv", "unit\n\\x\n", "ratings.csv, line 2"),
        ("gold/accepted_differences.csv", "circular_id,table\n", "no column column, gold, ours"),
    ],
)
def test_a_broken_file_is_named(folders, tmp_path, name, text, said):
    (tmp_path / name).write_text(text, "utf-8")
    with pytest.raises(TongbaoError, match=said):
        evaluate_folder(*folders)


def test_missing_folders_and_tables_are_named(folders):
    gold, tidy = folders
    (tidy / "ratings.csv").unlink()
    with pytest.raises(TongbaoError, match="has a table ratings"):
        evaluate_folder(gold, tidy)
    with pytest.raises(TongbaoError, match="no annotated circulars"):
        evaluate_folder(tidy, tidy)
