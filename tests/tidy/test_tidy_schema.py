import csv
from pathlib import Path

import pandas as pd
import pytest

from tidy.made_up_circular import REFERENCE, ROOT
from tongbao.errors import TongbaoError
from tongbao.tidy.cells import BadCell, read_cell
from tongbao.tidy.rules import broken, identity
from tongbao.tidy.schema import Schema, frame_schema, load_schema, to_frame

with (Path(__file__).parent / "contract.csv").open(encoding="utf-8") as contract_file:
    CONTRACT = {line["table"]: line["columns"].split() for line in csv.DictReader(contract_file)}


def test_the_tables_are_those_of_the_contract(schema: Schema) -> None:
    assert [table.name for table in schema.tables] == list(CONTRACT)


@pytest.mark.parametrize("name", CONTRACT)
def test_the_columns_are_those_of_the_contract(schema: Schema, name: str) -> None:
    assert set(CONTRACT[name]) - set(schema[name].names) == set()
    assert set(schema[name].names) - set(CONTRACT[name]) == set()


def test_every_column_is_described_in_both_languages(schema: Schema) -> None:
    for table in schema.tables:
        for item in (table, *table.columns):
            assert item.title_en and item.title_zh and item.description_en and item.description_zh
            assert any("\u4e00" <= char <= "\u9fff" for char in item.description_zh)
            assert item.description_en.endswith((".", ")")) and item.description_zh.endswith("。")


def test_keys_and_spans(schema: Schema) -> None:
    assert schema["circulars"].primary_key == ("circular_id",)
    for table in schema.tables[1:]:
        assert table.primary_key == ("circular_id", "row")
        assert all(table.by_name[name].required for name in table.primary_key)
    spanless = {table.name for table in schema.tables if not table.has_span}
    assert spanless == {"circulars", "checks", "repairs", "corrections"}


def test_unknown_table_is_an_error(schema: Schema) -> None:
    with pytest.raises(TongbaoError, match="no table is called 'rumours'"):
        _ = schema["rumours"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("circulars,2,title,text", "circulars,2,title,prose", "unknown type 'prose'"),
        ("circulars,2,title", "circulars,3,title", "out of order"),
        ("circulars,2,title,text,,no", "circulars,2,title,text,,perhaps", "required is 'perhaps'"),
        ("table,position,column", "table,position,name", "unexpected columns"),
        ("circulars,2,title,text", "circulars,2,title", "too many or too few"),
    ],
)
def test_a_broken_schema_names_its_line(tmp_path: Path, old: str, new: str, message: str) -> None:
    columns = (REFERENCE / "columns.csv").read_text("utf-8")
    assert old in columns
    (tmp_path / "columns.csv").write_text(columns.replace(old, new, 1), "utf-8")
    (tmp_path / "tables.csv").write_bytes((REFERENCE / "tables.csv").read_bytes())
    with pytest.raises(TongbaoError, match=message) as caught:
        load_schema(tmp_path)
    assert "columns.csv" in str(caught.value)


@pytest.mark.parametrize(
    ("table", "column", "value", "expected"),
    [
        ("pass_rates", "rate", 0.9590000001, 0.959),
        ("pass_rates", "rate", 0.1 + 0.2, 0.3),
        ("pass_rates", "rate", 1, 1.0),
        ("deductions", "points", 266.5, 266.5),
        ("deductions", "points", 0.1 + 0.7, 0.8),
        ("pass_rates", "period", "2018-H1", "2018-H1"),
        ("pass_rates", "period", "2017-09", "2017-09"),
        ("pass_rates", "scope_code", "", None),
        ("ratings", "agency", " \u3000", None),
        ("ratings", "ordered", False, False),
    ],
)
def test_good_cells(schema: Schema, table: str, column: str, value: object, expected: object) -> None:
    cell = read_cell(schema[table].by_name[column], value)
    assert cell == expected and type(cell) is type(expected)


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("pass_rates", "rate", "0.96"),
        ("pass_rates", "rate", 96),
        ("pass_rates", "rate", -0.01),
        ("pass_rates", "rate", float("nan")),
        ("pass_rates", "rate", True),
        ("pass_rates", "n_checked", 270.0),
        ("pass_rates", "n_checked", "270"),
        ("pass_rates", "n_checked", -1),
        ("pass_rates", "n_checked", 2**63),
        ("pass_rates", "period", "2018Q3"),
        ("pass_rates", "period", "2018-13"),
        ("pass_rates", "period", "2018-Q3\n"),
        ("pass_rates", "period", "２０１８"),
        ("pass_rates", "scope_code", 320000),
        ("pass_rates", "scope_code", "32"),
        ("pass_rates", "scope_level", "village"),
        ("pass_rates", "scope", ""),
        ("ratings", "ordered", "true"),
        ("ratings", "position", 0),
        ("ratings", "unit", ["乙市"]),
        ("ratings", "unit", "乙\ud800市"),
        ("findings", "category", "col_stale"),
        ("circulars", "issued_on", "2018-02-30"),
        ("circulars", "issued_on", "2018年2月3日"),
        ("circulars", "doc_number", "甲办函[2018]1号"),
        ("circulars", "doc_number", "甲办函〔2018〕 1号"),
        ("circulars", "raw_sha256", "0" * 63),
    ],
)
def test_bad_cells(schema: Schema, table: str, column: str, value: object) -> None:
    with pytest.raises(BadCell, match=column):
        read_cell(schema[table].by_name[column], value)


@pytest.mark.parametrize(
    ("table", "row", "reason"),
    [
        ("pass_rates", {"rate": 0.96, "rate_low": 0.955, "rate_high": 0.965}, ""),
        ("pass_rates", {"rate": 0.96, "rate_low": 0.959259, "rate_high": 0.959259}, ""),
        ("pass_rates", {"rate": 0.963, "rate_low": 0.9642, "rate_high": 0.9643}, "is below rate_low"),
        ("pass_rates", {"rate": 0.96, "rate_low": 0.98, "rate_high": 1.0}, "is below rate_low"),
        ("pass_rates", {"rate": 0.96, "rate_low": 0.9, "rate_high": 0.94}, "is above rate_high"),
        ("pass_rates", {"rate_low": 0.97, "rate_high": 0.95}, "is above rate_high"),
        ("pass_rates", {"n_checked": 270, "n_passed": 260, "n_failed": 11}, ""),
        ("pass_rates", {"share_checked": 0.3}, "none of rate"),
        ("ratings", {"score_low_closed": True}, "without score_low"),
        ("ratings", {"score": 84.0, "score_low": 85.0}, "is below score_low"),
        ("deductions", {"statistic": "unit", "points": 1.0}, "no unit is given"),
        ("deductions", {"statistic": "max", "points": 266.5}, ""),
        ("score_counts", {"statistic": "share_at_least", "value": 80.0}, "no fraction"),
        ("score_counts", {"statistic": "n_at_least", "value": 80.0}, ""),
        ("findings", {"category": "COL_STALE"}, "none of group, unit, site"),
        ("citations", {"doc_number_likely": "甲办发〔2018〕1号"}, "none of doc_number, title"),
        ("circulars", {"n_numerals": 1, "n_numerals_explained": 2}, "is above n_numerals"),
    ],
)
def test_rules_of_a_row(table: str, row: dict[str, object], reason: str) -> None:
    reasons = broken(table, row)
    assert (len(reasons) == 1 and reason in reasons[0]) if reason else reasons == []


def test_unnamed_units_are_told_apart_by_their_place(schema: Schema) -> None:
    row = {"group": "个别单位", "category": "COL_STALE", "part": "body"}
    table = schema["findings"]
    assert identity(table, {**row, "start": 1}) != identity(table, {**row, "start": 2})
    named = {**row, "unit": "丁局"}
    assert identity(table, {**named, "start": 1}) == identity(table, {**named, "start": 2})


def test_frames_have_the_types_of_the_schema(schema: Schema) -> None:
    for table in schema.tables:
        frame = to_frame(table, [])
        assert list(frame.columns) == list(table.names)
        assert {c.name: c.dtype for c in table.columns} == {name: str(t) for name, t in frame.dtypes.items()}


def test_the_border_refuses_rows_that_break_the_schema(schema: Schema) -> None:
    row = {"circular_id": "a", "row": 1, "check": "c", "holds": True}
    assert len(to_frame(schema["checks"], [row])) == 1
    for rows in ([row, row], [{**row, "row": 0}], [{**row, "check": None}]):
        with pytest.raises(TongbaoError, match="break its schema"):
            to_frame(schema["checks"], rows)
    with pytest.raises(Exception, match="extra"):
        frame_schema(schema["checks"]).validate(pd.DataFrame({"extra": [1]}))


GOLD = sorted((ROOT / "tests" / "gold").glob("*/*.csv"))


@pytest.mark.parametrize("path", GOLD, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_what_people_read_off_the_first_circulars_fits(schema: Schema, path: Path) -> None:
    """Hand-made annotations are rows that must stand: the schema may not be narrower than the documents."""
    table = schema[path.stem]
    convert = {"integer": int, "number": float, "boolean": {"true": True, "false": False}.__getitem__}
    filled_later = {"circular_id", "row", "start", "end", "n_repairs", "n_unrepaired"} | {
        "n_numerals",
        "n_numerals_explained",
    }
    seen = set()
    with path.open(encoding="utf-8-sig", newline="") as file:
        for place, line in enumerate(csv.DictReader(file)):
            row = {"start": place, "end": place}
            for column in table.columns:
                if column.name in line and column.name not in filled_later:
                    value = line[column.name] or None
                    row[column.name] = read_cell(column, value and convert.get(column.type, str)(value))
            assert broken(table.name, row) == []
            key = identity(table, row)
            assert key is None or key not in seen
            seen.add(key)
