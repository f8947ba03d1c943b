"""Printed tables and annexes of names: what their columns are for, and the rows that follow; cases written as data."""

import csv
from pathlib import Path

import pytest
import yaml

from tongbao.extract.column_roles import read_roles, whole_rank
from tongbao.extract.pipeline import extract

CASES = Path(__file__).parent / "cases"
HEAD = "遵义市人民政府办公室关于2021年度全市政府网站考核情况的通报\n各县（市、区）人民政府，市政府各部门：\n"
TAIL = "\n遵义市人民政府办公室\n2022年1月8日\n"
COLUMNS = ("group", "unit", "grade", "score", "position", "ordered")


def csv_cases() -> list:
    with (CASES / "column_roles.csv").open(encoding="utf-8", newline="") as file:
        return [pytest.param(row, id=f"{row['head']}-{row['role']}-{i}") for i, row in enumerate(csv.DictReader(file))]


def yaml_cases() -> list:
    cases = yaml.safe_load((CASES / "tables.yml").read_text("utf-8"))
    return [pytest.param(case, id=case["label"]) for case in cases]


@pytest.mark.parametrize("case", csv_cases())
def test_the_role_of_a_column(case):
    cells = case["cells"].split("|")
    others = ["单位"] if case["head"] and case["role"] != "unit" and case["head"] != "单位" else []
    columns = [["红花岗区"] * len(cells)] * len(others)
    assert read_roles([*others, case["head"]], [*columns, cells])[-1].name == case["role"]


@pytest.mark.parametrize(
    ("what", "rank"), [("综合", 2), ("合计", 2), ("", 1), ("2021年度考核", 1), ("信息公开指标", 0)]
)
def test_what_a_figure_is_about(what, rank):
    assert whole_rank(what) == rank


@pytest.mark.parametrize("case", yaml_cases())
def test_rows_of_a_table(case):
    body, annex = case.get("text", "现将结果通报如下。").strip("\n"), case.get("annex", "").strip("\n")
    text = HEAD + body + TAIL + annex
    found = extract("case", text)
    for table, keys in (("ratings", COLUMNS), ("deductions", ("unit", "points"))):
        rows = [f for f in found.facts if f.table == table]
        shown = ["|".join(_shown(f.values.get(k, "")) for k in keys) for f in rows]
        assert sorted(shown) == sorted(case.get(table, [])), case["label"]
        assert all(f.values["unit"] == text[f.start : f.end] for f in rows)


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "ordered" if value else ""
    return f"{value:g}" if isinstance(value, int | float) else str(value)
