"""`tongbao agree` and `tongbao sample`: sheets as people fill them in, from the empty sheet to the result."""

import csv
import io
import json
from pathlib import Path

import openpyxl
import pytest

from tidy.made_up_circular import REFERENCE, facts, interim, rate, with_facts, write_interim
from tongbao.cli import main
from tongbao.errors import TongbaoError
from tongbao.review.sampling import allocate, draw
from tongbao.review.sheets import coded_cell, load_truths, read_sheets
from tongbao.review.workbook import workbook_bytes
from tongbao.tidy.build import build_tables
from tongbao.tidy.cells import BadCell
from tongbao.tidy.schema import load_schema

SCHEMA, TRUTHS = load_schema(REFERENCE), load_truths(REFERENCE)
COLUMNS = ["circular_id", "scope", "period", "measure", "inspector_level", "rate", "n_checked", "scope_level"]


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose tables hold three rates of a made-up circular."""
    root = tmp_path_factory.mktemp("coding")
    (root / "params.yaml").write_text("{}")
    (root / "data").mkdir()
    (root / "data/reference").symlink_to(REFERENCE)
    others = [f for f in facts() if f["table"] != "pass_rates"]
    rates = [
        rate(n_checked=1200, inspector_level="province"),
        rate(period="2018-Q2", rate=0.9, n_checked=100),
        rate(period="2018-Q1", rate=0.8),
    ]
    made = with_facts(*others, *rates)
    build_tables(write_interim(root / "data/interim", made, interim("other")), root / "data/tidy", reference=REFERENCE)
    return root


@pytest.fixture
def here(project: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("TONGBAO_PROJECT", str(project))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def sheet(path: Path, rows: list[list[str]], head: list[str] = COLUMNS) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([head, *rows])
    return path


RIGHT = [
    ["made-up", "甲省", "2018-Q3", "website", "province", "0.955", "1200", "province"],
    ["made-up", "甲省", "2018-Q2", "website", "", "0.9", "100", "province"],
    ["made-up", "甲省", "2018-Q1", "website", "", "0.8", "", "province"],
]


def agree(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict:
    assert main(["agree", *arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def variables(table: dict) -> dict:
    return {v["variable"]: v for v in table["variables"]}


def test_a_right_sheet_agrees_in_everything(here: Path, capsys) -> None:
    (table,) = agree(capsys, str(sheet(here / "pass_rates-wang.csv", RIGHT)))["tables"]
    assert table["n_rows"] == {"program": 3, "pass_rates-wang": 3} and table["n_shared"] == 3
    assert table["disagreements"] == table["alone"] == []
    found = variables(table)
    assert set(found) == {"rate", "n_checked", "scope_level"}
    assert found["rate"]["pairs"][0]["cohens_kappa"] == found["rate"]["krippendorffs_alpha"]["value"] == 1
    assert found["rate"]["level"] == "ratio" and found["scope_level"]["level"] == "nominal"
    assert found["scope_level"]["krippendorffs_alpha"]["value"] is None  # every value is the same


def test_swapped_rows_missing_cells_and_full_width_digits(here: Path, capsys) -> None:
    messy = [
        ["made-up", "甲省 ", "２０１８-Ｑ２", "website", "", "９０％", "１００", "province"],
        ["made-up", "甲　省", "2018-Q1", "website", "", "", "", "province"],
        ["", "", "", "", "", "", "", ""],
        ["made-up", "甲省", "2018-Q3", "website", "province", "95.5%", "１，２００", "province"],
    ]
    (table,) = agree(capsys, str(sheet(here / "pass_rates-li.csv", messy)))["tables"]
    assert table["n_shared"] == 3 and table["alone"] == []
    found = variables(table)
    assert found["rate"]["pairs"][0]["n"] == found["rate"]["pairs"][0]["n_agree"] == 2
    assert found["n_checked"]["pairs"][0]["n_agree"] == 2
    (empty,) = table["disagreements"]
    assert (empty["column"], empty["values"]) == ("rate", {"program": 0.8, "pass_rates-li": None})
    assert empty["quote"] == "合格率为95.5%" and empty["row"] == 3


def test_swapped_columns_and_chinese_titles(here: Path, capsys) -> None:
    titles = {c.name: c.title_zh for c in SCHEMA["pass_rates"].columns}
    order = [7, 5, 6, 4, 3, 2, 1, 0]
    path = sheet(
        here / "pass_rates.csv", [[row[i] for i in order] for row in RIGHT], [titles[COLUMNS[i]] for i in order]
    )
    (table,) = agree(capsys, str(path))["tables"]
    assert table["n_shared"] == 3 and table["disagreements"] == []


def test_a_disagreement_is_listed_with_its_quote(here: Path, capsys) -> None:
    wrong = [[*RIGHT[0][:5], "0.96", *RIGHT[0][6:]], *RIGHT[1:]]
    path = sheet(here / "pass_rates.csv", wrong)
    (table,) = agree(capsys, str(path))["tables"]
    pair = variables(table)["rate"]["pairs"][0]
    assert (pair["n"], pair["n_agree"], pair["percent_agreement"]) == (3, 2, pytest.approx(2 / 3, abs=1e-6))
    assert main(["agree", str(path)]) == 0
    out = capsys.readouterr().out
    assert "rate · program: 0.955; pass_rates: 0.96" in out and "quote: 合格率为95.5%" in out


def test_a_cell_left_empty_is_told_apart_from_one_that_differs(here: Path, capsys) -> None:
    rows = [[*RIGHT[0][:6], "", RIGHT[0][7]], [*RIGHT[1][:6], "99", RIGHT[1][7]]]
    assert main(["agree", str(sheet(here / "pass_rates-li.csv", rows))]) == 0
    told = [line.split() for line in capsys.readouterr().out.splitlines() if "· n_checked ·" in line]
    assert [words[0] for words in told] == ["empty:", "differ:"]


def test_rows_that_one_side_lacks_are_told(here: Path, capsys) -> None:
    rows = [RIGHT[0], ["made-up", "甲省", "2017", "website", "", "0.7", "", "province"]]
    (table,) = agree(capsys, str(sheet(here / "pass_rates.csv", rows)))["tables"]
    assert [(a["rater"], a["key"]["period"]) for a in table["alone"]] == [
        ("program", "2018-Q2"),
        ("program", "2018-Q1"),
        ("pass_rates", "2017"),
    ]
    assert table["n_shared"] == 1


def test_several_coders_in_one_sheet_or_in_several(here: Path, capsys) -> None:
    other = [[*RIGHT[0][:5], "0.95", *RIGHT[0][6:]], *RIGHT[1:]]
    head = ["coder", *COLUMNS]
    both = [["Wang", *row] for row in RIGHT] + [["李", *row] for row in other]
    (one,) = agree(capsys, str(sheet(here / "pass_rates.csv", both, head)))["tables"]
    sheet(here / "pass_rates-a.csv", both[:3], head)
    sheet(here / "pass_rates-b.csv", both[3:], head)
    (two,) = agree(capsys, "pass_rates-a.csv", "pass_rates-b.csv")["tables"]
    assert one == two and one["raters"] == ["program", "Wang", "李"]
    found = variables(one)["rate"]
    assert [p["raters"] for p in found["pairs"]] == [["program", "Wang"], ["program", "李"], ["Wang", "李"]]
    assert [p["n_agree"] for p in found["pairs"]] == [3, 2, 2]
    assert found["krippendorffs_alpha_coders"]["n_units"] == 3


def test_what_cannot_be_read_is_told_and_left_out(here: Path, capsys) -> None:
    head = [*COLUMNS, "备注"]
    rows = [[*RIGHT[0][:5], "95.5", *RIGHT[0][6:], "=1+1"], [*RIGHT[1][:5], "about 90", *RIGHT[1][6:], ""]]
    result = agree(capsys, str(sheet(here / "pass_rates.csv", rows, head)))
    told = "\n".join(result["not_compared"])
    assert "'备注' is not known" in told and "row 2: rate '95.5' is above 1 (a rate is 0.959 or 95.9%)" in told.replace(
        "rate 95.5", "rate '95.5'"
    )
    assert "'about 90' is no number" in told
    assert variables(result["tables"][0])["rate"]["pairs"][0]["n"] == 0


@pytest.mark.parametrize(
    ("table", "column", "written", "cell"),
    [
        ("pass_rates", "rate", "９５．９％", 0.959),
        ("pass_rates", "rate", 0.959, 0.959),
        ("pass_rates", "rate", "1", 1.0),
        ("pass_rates", "n_checked", "1,234", 1234),
        ("pass_rates", "n_checked", "１，２３４", 1234),
        ("pass_rates", "n_checked", 270.0, 270),
        ("pass_rates", "period", 2016, "2016"),
        ("pass_rates", "scope_code", 320000, "320000"),
        ("pass_rates", "comparator", "＞＝", ">="),
        ("ratings", "ordered", "是", True),
        ("ratings", "ordered", "否", False),
        ("ratings", "ordered", "ＹＥＳ", True),
        ("ratings", "ordered", True, True),
        ("circulars", "issued_on", "2018年9月7日", "2018-09-07"),
        ("circulars", "issued_on", "2018/09/07", "2018-09-07"),
        ("ratings", "unit", "  ", None),
        ("ratings", "unit", None, None),
    ],
)
def test_cells_as_people_write_them(table: str, column: str, written: object, cell: object) -> None:
    found = coded_cell(SCHEMA[table].by_name[column], written, TRUTHS)
    assert (found.isoformat() if hasattr(found, "isoformat") else found) == cell


@pytest.mark.parametrize(
    ("table", "column", "written"),
    [
        ("pass_rates", "rate", "95.9"),
        ("pass_rates", "rate", "九成"),
        ("pass_rates", "n_checked", "12,34"),
        ("pass_rates", "n_checked", "5%"),
        ("pass_rates", "n_checked", "27.5"),
        ("pass_rates", "scope_level", "village"),
        ("ratings", "ordered", "maybe"),
        ("circulars", "issued_on", "2018年13月7日"),
        ("circulars", "issued_on", "7.9.18"),
    ],
)
def test_cells_that_are_not_guessed(table: str, column: str, written: object) -> None:
    with pytest.raises(BadCell, match=column):
        coded_cell(SCHEMA[table].by_name[column], written, TRUTHS)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("notes.csv", "scope\n甲省\n", "which table"),
        ("pass_rates.csv", "a,b\n1,2\n", "no column of pass_rates"),
        ("pass_rates.csv", "scope,scope\n1,2\n", "two columns"),
        ("pass_rates.csv", "scope,rate\n甲省,1\n", "no column circular_id"),
        ("pass_rates.csv", "circular_id,scope\n", "no coded row"),
        ("pass_rates.ods", "x", "neither"),
        ("pass_rates.xlsx", "x", "cannot be opened"),
    ],
)
def test_sheets_that_cannot_be_compared(here: Path, capsys, name: str, content: str, message: str) -> None:
    (here / name).write_text(content, "utf-8")
    assert main(["agree", name]) == 1
    error = capsys.readouterr().err
    assert message in error and "What to do" in error


def circulars(*strata: tuple[str, int]) -> list[dict[str, object]]:
    return [
        {"circular_id": f"{name}-{i:02}", "province": name, "issued_on": None, "period": f"201{i % 3}-Q1"}
        for name, n in strata
        for i in range(n)
    ]


@pytest.mark.parametrize(
    ("sizes", "n", "taken"),
    [([10, 10], 4, [2, 2]), ([20, 5, 5], 6, [4, 1, 1]), ([97, 1, 1, 1], 5, [2, 1, 1, 1]), ([2, 8], 10, [2, 8])],
)
def test_allocation_is_proportional_with_one_each(sizes: list[int], n: int, taken: list[int]) -> None:
    assert allocate(sizes, n) == taken


def test_every_stratum_is_drawn_from_and_probabilities_add_up() -> None:
    sample = draw(circulars(("甲", 20), ("乙", 7), ("丙", 1)), 8, ["province", "year"], seed=1)
    assert len(sample.drawn) == 8 and all(stratum.drawn for stratum in sample.strata)
    assert sum(s.probability * s.size for s in sample.strata) == pytest.approx(8)
    assert sample.design()[0] == ("province", "year", "circulars", "drawn", "inclusion probability")


def test_fewer_draws_than_strata_give_every_circular_the_same_chance() -> None:
    everything = circulars(("甲", 3), ("乙", 3), ("丙", 3))
    hits = dict.fromkeys((str(c["circular_id"]) for c in everything), 0)
    for seed in range(600):
        sample = draw(everything, 2, ["province"], seed)
        assert len(sample.drawn) == 2 and {s.probability for s in sample.strata} == {2 / 9}
        for circular in sample.drawn:
            hits[circular] += 1
    assert all(abs(n / 600 - 2 / 9) < 0.07 for n in hits.values())


def test_a_circular_more_does_not_redraw_the_others() -> None:
    before = draw(circulars(("甲", 10)), 5)
    after = draw(circulars(("甲", 11)), 5)
    assert len({*before.drawn} & {*after.drawn}) >= 4
    assert draw(circulars(("甲", 10)), 5) == before != draw(circulars(("甲", 10)), 5, seed=1)


@pytest.mark.parametrize(("n", "by"), [(0, []), (9, []), (2, ["colour"])])
def test_impossible_samples(n: int, by: list[str]) -> None:
    with pytest.raises(TongbaoError):
        draw(circulars(("甲", 8)), n, by)


def test_the_empty_sheet_has_lists_no_formulas_and_always_the_same_bytes() -> None:
    hostile = [{"circular_id": "=1+1", "province": "@x", "issued_on": None, "period": None}]
    sample = draw(hostile, 1, ["province"])
    data = workbook_bytes(sample, SCHEMA)
    assert data == workbook_bytes(sample, SCHEMA)
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)
    rules = {str(r.sqref).split(":")[0]: r for r in book["pass_rates"].data_validations.dataValidation}
    names = [cell.value for cell in book["pass_rates"][2]]
    at = openpyxl.utils.get_column_letter(names.index("scope_level") + 1)
    assert rules[f"{at}3"].type == "list"
    area = str(rules[f"{at}3"].formula1).split("!")[1].replace("$", "")
    shown = [cell.value for (cell,) in book["lists"][area]]
    assert shown == list(SCHEMA["pass_rates"].by_name["scope_level"].allowed)
    assert {"basis", "start", "quote", "row"}.isdisjoint(names) and names[:2] == ["coder", "circular_id"]
    assert "范围" in str(book["pass_rates"]["C1"].value) or "Scope" in str(book["pass_rates"]["C1"].value)


def test_from_the_empty_sheet_to_agreement(here: Path, capsys) -> None:
    """The sheet that `sample` writes, filled in as a coder would, goes into `agree` as it is."""
    assert main(["sample", "2", "--strata", "province,year", "--out", "sheet.xlsx"]) == 0
    assert "inclusion probability" in capsys.readouterr().out
    assert main(["sample", "2", "--out", "sheet.xlsx"]) == 1  # a filled sheet is never overwritten
    capsys.readouterr()
    assert main(["agree", "sheet.xlsx"]) == 1  # nor taken for one where there is nothing in any circular
    assert "hold no coded row" in capsys.readouterr().err
    book = openpyxl.load_workbook("sheet.xlsx")
    rates = book["pass_rates"]
    names = [cell.value for cell in rates[2]]
    for number, row in enumerate(reversed(RIGHT), start=3):
        for name, value in zip(COLUMNS, row, strict=True):
            cell = rates.cell(number, names.index(name) + 1)
            cell.value = float(value) if name == "rate" else value
            if name == "rate":
                cell.number_format = "0.0%"
        rates.cell(number, 1).value = "王"
    ratings = book["ratings"]
    names = [cell.value for cell in ratings[2]]
    for name, value in {
        "coder": "王", "circular_id": "made-up", "measure": "website", "group": "各市", "group_kind": "prefectures",
        "unit": "乙市", "grade": "优秀", "ordered": "否",
    }.items():  # fmt: skip
        ratings.cell(3, names.index(name) + 1).value = value
    book.save("sheet.xlsx")
    found = agree(capsys, "sheet.xlsx")
    tables = {t["table"]: t for t in found["tables"]}
    assert tables.keys() == {"pass_rates", "ratings"}  # the others are as they were written
    assert [line.partition(":")[0] for line in found["not_compared"]][:2] == ["circulars", "citations"]
    assert {key["circular_id"] for t in tables.values() for alone in t["alone"] for key in [alone["key"]]} <= {
        "made-up"
    }
    assert tables["pass_rates"]["n_shared"] == 3
    rate_of = variables(tables["pass_rates"])["rate"]
    assert rate_of["pairs"][0]["raters"] == ["program", "王"] and rate_of["pairs"][0]["n_agree"] == 3
    assert not [d for d in tables["pass_rates"]["disagreements"] if d["column"] in COLUMNS]
    assert variables(tables["ratings"])["ordered"]["pairs"][0]["n_agree"] == 1


def test_reading_keeps_the_places(here: Path) -> None:
    coded = read_sheets([sheet(here / "pass_rates.csv", RIGHT)], SCHEMA, TRUTHS)
    assert [row.place for row in coded.rows] == [f"pass_rates.csv, row {n}" for n in (2, 3, 4)]
