"""Files handed on, opened again by other readers: every table, row counts, values, labels, Chinese, the same bytes."""

import csv
import datetime as dt
import hashlib
import json
import sqlite3
import warnings
from contextlib import closing
from pathlib import Path

import duckdb
import openpyxl
import pyarrow.parquet as pq
import pyreadstat
import pytest
import rdata

from tongbao.commands.common import writing
from tongbao.errors import TongbaoError
from tongbao.project import Project
from tongbao.report.codebook import SENTENCES as PAGE_SENTENCES
from tongbao.report.codebook import codebook_body
from tongbao.report.language import say
from tongbao.report.methods import SENTENCES, methods
from tongbao.tidy.codebook import described, make_codebook, read_codebook, value_titles
from tongbao.tidy.escape import visible
from tongbao.tidy.export import FORMATS, export
from tongbao.tidy.export.model import load_bundle
from tongbao.tidy.export.stata import short_names
from tongbao.tidy.files import Written
from tongbao.tidy.package import descriptor
from tongbao.tidy.schema import load_schema
from tongbao.tidy.tallies import rules_of, tally
from tongbao.tidy.write import csv_bytes, json_bytes, parquet_bytes, read_rows

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "data/reference"
SCHEMA = load_schema(REFERENCE)
EVERY = [t.name for t in (*SCHEMA.tables, *SCHEMA.coded)]
ABOUT = {"codebook", "value_labels"}
HOSTILE = "=HYPERLINK(1)\n\u202e" + "长" * 800


@pytest.fixture(scope="session")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The committed tables, the long table of repairs cut short, one text hostile and long; with their codebook."""
    root = tmp_path_factory.mktemp("bench")
    tidy = root / "data/tidy"
    tidy.mkdir(parents=True)
    (root / "data/reference").symlink_to(REFERENCE)
    (root / "params.yaml").write_bytes((ROOT / "params.yaml").read_bytes())
    (root / "data/metrics.json").write_bytes((ROOT / "data/metrics.json").read_bytes())
    specs = described(SCHEMA, EVERY)
    rows = {t.name: read_rows(t, ROOT / f"data/tidy/{t.name}.csv") for t in specs}
    rows = {name: own[:25] for name, own in rows.items()}
    rows["findings"][0]["detail"] = HOSTILE
    files = {name: csv_bytes(SCHEMA[name], own) for name, own in rows.items()}
    for name, data in files.items():
        (tidy / f"{name}.csv").write_bytes(data)
        (tidy / f"{name}.parquet").write_bytes(parquet_bytes(SCHEMA[name], rows[name]))
    written = {name: Written.of(data) for name, data in files.items()}
    (tidy / "datapackage.json").write_bytes(
        json_bytes(descriptor(SCHEMA, written, circulars=rows["circulars"], titles=value_titles(REFERENCE)))
    )
    rules = rules_of(
        [{"facts": [{"table": "pass_rates", "rule": "rate_stated", "values": {"rate": 0.96, "period": ""}}]}]
    )
    counted = {name: tally(SCHEMA[name], own) for name, own in rows.items()}
    (root / "data/codebook.csv").write_bytes(make_codebook(specs, counted, REFERENCE, rules).to_csv())
    return Project(root)


@pytest.fixture(scope="session")
def handed(bench: Project, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Every format with Chinese labels; a warning of a writer is an error."""
    out = tmp_path_factory.mktemp("handed")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for to in FORMATS:
            export(to, bench.tidy, bench.reference, out / to, language="zh")
    return {to: out / to for to in FORMATS}


def rows_of(bench: Project, name: str) -> list[dict]:
    return read_rows(SCHEMA[name], bench.tidy / f"{name}.csv")


def plain(value):
    """A cell of any reader as plain Python; None where it is missing."""
    if value is None or str(value) in ("<NA>", "NaT", "nan"):
        return None
    if isinstance(value, dt.datetime):
        return value.date()
    return value.item() if hasattr(value, "item") else value


def same(found, wanted) -> bool:
    found = plain(found)
    if wanted is None:
        return found is None or found == ""
    if isinstance(wanted, float) and not isinstance(wanted, bool):
        return found == pytest.approx(wanted, rel=1e-12)
    return found == wanted


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("to", ["stata", "spss"])
def test_statistical_packages_read_every_value_and_label(bench, handed, to, name):
    read, ending = {"stata": (pyreadstat.read_dta, "dta"), "spss": (pyreadstat.read_sav, "sav")}[to]
    frame, meta = read(str(handed[to] / f"{name}.{ending}"))
    table, rows = SCHEMA[name], rows_of(bench, name)
    names = short_names(table.names) if to == "stata" else {n: n for n in table.names}
    assert list(frame.columns) == [names[n] for n in table.names]
    assert len(frame) == len(rows)
    assert meta.file_label == f"通报：{table.title_zh}"
    titles = value_titles(REFERENCE)
    for column in table.columns:
        short = names[column.name]
        assert meta.column_names_to_labels[short] == column.title_zh
        labels = meta.variable_value_labels.get(short, {})
        wanted = [row[column.name] for row in rows]
        if column.allowed:
            assert labels == {n: titles[column.name, code][1] for n, code in enumerate(column.allowed, 1)}
            wanted = [None if code is None else column.allowed.index(code) + 1 for code in wanted]
        elif column.type == "boolean":
            assert labels == {0: "否", 1: "是"}
        for found, value in zip(frame[short].tolist(), wanted, strict=True):
            assert same(found, value), (column.name, found, value)


@pytest.mark.parametrize("name", EVERY)
def test_r_reads_every_value_label_and_factor(bench, handed, name):
    path = handed["r"] / f"{name}.rds"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the reader has no type for days and gives their numbers
        frame = rdata.read_rds(path)
    table, rows = SCHEMA[name], rows_of(bench, name)
    assert list(frame.columns) == list(table.names) and len(frame) == len(rows)
    for column in table.columns:
        wanted = [row[column.name] for row in rows]
        if column.type == "date":
            wanted = [None if day is None else float((day - dt.date(1970, 1, 1)).days) for day in wanted]
        if column.allowed:
            assert frame[column.name].cat.categories.tolist() == list(column.allowed)
        for found, value in zip(frame[column.name].tolist(), wanted, strict=True):
            assert same(found, value), (column.name, found, value)


def test_r_keeps_labels_as_attributes(handed):
    parsed = rdata.parser.parse_file(handed["r"] / "pass_rates.rds").object
    by_name = dict(zip(SCHEMA["pass_rates"].names, parsed.value, strict=True))

    def attributes(vector) -> dict[str, object]:
        found, node = {}, vector.attributes
        while node.info.type == rdata.parser.RObjectType.LIST:
            tag = node.tag if node.tag.info.type != rdata.parser.RObjectType.REF else node.tag.referenced_object
            found[tag.value.value.decode()] = node.value[0]
            node = node.value[1]
        return found

    basis = attributes(by_name["basis"])
    assert [c.value.decode() for c in basis["label"].value] == ["依据"]
    assert [c.value.decode() for c in basis["levels"].value] == list(SCHEMA["pass_rates"].by_name["basis"].allowed)
    assert "文中写明" in [c.value.decode() for c in basis["value_labels"].value]
    issued = dict(
        zip(SCHEMA["circulars"].names, rdata.parser.parse_file(handed["r"] / "circulars.rds").object.value, strict=True)
    )["issued_on"]
    assert [c.value.decode() for c in attributes(issued)["class"].value] == ["Date"]


def test_excel_has_a_sheet_a_table_and_no_formula(bench, handed):
    book = openpyxl.load_workbook(handed["excel"] / "tongbao.xlsx")
    assert set(book.sheetnames) == {*EVERY, *ABOUT}
    for name in EVERY:
        sheet, table, rows = book[name], SCHEMA[name], rows_of(bench, name)
        assert sheet.freeze_panes == "A2" and sheet.auto_filter.ref
        lines = list(sheet.iter_rows())
        assert [c.value for c in lines[0]] == list(table.names)
        assert len(lines) == len(rows) + 1
        for line, row in zip(lines[1:], rows, strict=True):
            for cell, column in zip(line, table.columns, strict=True):
                wanted = row[column.name]
                assert cell.data_type != "f"
                assert same(cell.value, visible(wanted) if isinstance(wanted, str) else wanted), column.name
    hostile = book["findings"].cell(2, SCHEMA["findings"].names.index("detail") + 1)
    assert hostile.value.startswith("=HYPERLINK") and hostile.quotePrefix and "\u202e" not in hostile.value
    labels = {(r[0].value, r[2].value): r[4].value for r in book["codebook"].iter_rows(min_row=2)}
    assert labels["pass_rates", "n_checked"] == SCHEMA["pass_rates"].by_name["n_checked"].title_zh


def test_sqlite_has_keys_codebook_and_every_value(bench, handed):
    with closing(sqlite3.connect(handed["sqlite"] / "tongbao.sqlite")) as base:
        there = {name for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        assert there == {*EVERY, *ABOUT}
        assert base.execute("PRAGMA foreign_key_check").fetchall() == []
        assert base.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert base.execute("PRAGMA foreign_key_list(pass_rates)").fetchall()[0][2] == "circulars"
        for name in EVERY:
            found = base.execute(f'SELECT * FROM "{name}" ORDER BY rowid').fetchall()
            wanted = [
                tuple(v.isoformat() if isinstance(v, dt.date) else v for v in row.values())
                for row in rows_of(bench, name)
            ]
            assert found == wanted
        (label,) = base.execute(
            "SELECT label FROM codebook WHERE \"table\" = 'pass_rates' AND variable = 'basis'"
        ).fetchone()
        assert label == "依据"
        with pytest.raises(sqlite3.IntegrityError):
            base.execute("PRAGMA foreign_keys = ON")
            base.execute("INSERT INTO checks (circular_id, row, \"check\", holds) VALUES ('nobody', 1, 'x', 1)")


def test_duckdb_has_comments_types_and_every_value(bench, handed):
    with duckdb.connect(str(handed["duckdb"] / "tongbao.duckdb"), read_only=True) as base:
        comments = dict(base.execute("SELECT table_name, comment FROM duckdb_tables()").fetchall())
        assert set(comments) == {*EVERY, *ABOUT}
        columns = {
            (t, c): said
            for t, c, said in base.execute("SELECT table_name, column_name, comment FROM duckdb_columns()").fetchall()
        }
        for name in EVERY:
            table = SCHEMA[name]
            assert comments[name] == f"通报：{table.title_zh}"
            assert base.execute(f'SELECT * FROM "{name}"').fetchall() == [
                tuple(r.values()) for r in rows_of(bench, name)
            ]
            for column in table.columns:
                assert columns[name, column.name] == f"{column.title_zh}: {column.description_zh}"


@pytest.mark.parametrize("name", EVERY)
def test_pyarrow_reads_the_parquet_files(bench, name):
    table = SCHEMA[name]
    arrow = pq.read_table(bench.tidy / f"{name}.parquet")
    assert arrow.to_pylist() == rows_of(bench, name)
    for column in table.columns:
        assert arrow.schema.field(column.name).metadata[b"title"].decode() == column.title_en


# DuckDB writes identifiers of its own; its values are compared above.
@pytest.mark.parametrize("to", [name for name in FORMATS if name != "duckdb"])
def test_the_same_tables_give_the_same_bytes(bench, handed, tmp_path, to):
    again = export(to, bench.tidy, bench.reference, tmp_path, language="zh")
    for path in again.files:
        first = hashlib.sha256((handed[to] / path.name).read_bytes()).hexdigest()
        assert hashlib.sha256(path.read_bytes()).hexdigest() == first, path.name
    assert sorted(p.name for p in handed[to].iterdir()) == sorted(p.name for p in again.files)


def test_what_a_format_cannot_hold_is_told(bench, tmp_path):
    written = export("stata", bench.tidy, bench.reference, tmp_path, tables=["findings"])
    assert any("end is called end_" in note for note in written.notes)
    assert {p.stem for p in written.files} == {"findings", *ABOUT}
    _, meta = pyreadstat.read_dta(str(tmp_path / "findings.dta"))
    assert meta.column_names_to_labels["end_"] == "End"
    frame, _ = pyreadstat.read_dta(str(tmp_path / "findings.dta"))
    assert frame["detail"].iloc[0] == HOSTILE
    book, _ = pyreadstat.read_dta(str(tmp_path / "codebook.dta"))
    assert book.loc[book["variable"] == "end", "name"].tolist() == ["end_"]


@pytest.mark.parametrize(
    ("names", "wanted"),
    [
        (["a"], ["a"]),
        (["x" * 33, "x" * 34], ["x" * 32, "x" * 30 + "_2"]),
        (["x" * 32, "x" * 33], ["x" * 32, "x" * 30 + "_2"]),
        (["end", "end_"], ["end_2", "end_"]),
        (["float"], ["float_"]),
    ],
)
def test_names_become_short_and_stay_apart(names, wanted):
    found = list(short_names(names).values())
    assert len(set(found)) == len(names) and all(len(n) <= 32 for n in found)
    assert found == wanted


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"to": "sas"}, "use one of stata"),
        ({"language": "fr"}, "--language en"),
        ({"tables": ["nothing"]}, "no table is called"),
    ],
)
def test_wrong_wishes_are_answered(bench, tmp_path, change, said):
    wish = {"to": "sqlite", "tidy": bench.tidy, "reference": bench.reference, "out": tmp_path} | change
    with pytest.raises(TongbaoError) as error:
        export(**wish)
    assert said in str(error.value)


def test_a_folder_that_cannot_be_is_said_and_another_files_trouble_is_not_taken_for_it(tmp_path):
    (tmp_path / "file").write_text("mine")
    for named in (tmp_path / "file", tmp_path / "file/within"):
        with pytest.raises(TongbaoError, match="cannot be written"), writing(named, "--out"):
            named.mkdir(parents=True, exist_ok=True)
    with pytest.raises(FileNotFoundError), writing(tmp_path / "out", "--out"):
        (tmp_path / "elsewhere").read_text()
    assert (tmp_path / "file").read_text() == "mine"


def test_the_codebook_describes_every_variable_in_both_languages(bench):
    book = read_codebook(bench.root / "data/codebook.csv")
    assert [(v.table, v.variable) for v in book.variables] == [(n, c) for n in EVERY for c in SCHEMA[n].names]
    for v in book.variables:
        assert v.title_en and v.title_zh and v.definition_en and v.definition_zh and v.room
        rows = rows_of(bench, v.table)
        assert v.n_rows == len(rows)
        assert v.n_filled == sum(row[v.variable] is not None for row in rows)
        assert sum(value.n_rows for value in v.values) == (v.n_filled if v.values else 0)
    rate = book.tables["pass_rates"][SCHEMA["pass_rates"].names.index("rate")]
    assert (rate.room, rate.rules, rate.highest) == ("extract", ("rate_stated",), "1")
    assert rate.share_filled == pytest.approx(rate.n_filled / rate.n_rows)
    assert book.to_csv() == (bench.root / "data/codebook.csv").read_bytes()


def test_every_code_has_one_name_in_each_language():
    titles = value_titles(REFERENCE)
    for table in (*SCHEMA.tables, *SCHEMA.coded):
        for column in table.columns:
            own = [titles[column.name, code] for code in column.allowed]
            assert len({en for en, _ in own}) == len({zh for _, zh in own}) == len(own)
    allowed = {(c.name, v) for t in (*SCHEMA.tables, *SCHEMA.coded) for c in t.columns for v in c.allowed}
    assert set(titles) == allowed


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_codebook_page_links_every_variable_and_is_escaped(bench, monkeypatch, language):
    monkeypatch.setenv("TONGBAO_PROJECT", str(bench.root))
    body = codebook_body(bench, language)
    for name in EVERY:
        for column in SCHEMA[name].names:
            assert f'id="{name}-{column}"' in body
    assert "<script" not in body and "&lt;circular_id&gt;" in body
    assert ("Every site checked" in body) == (language == "en")


def test_every_sentence_of_page_and_paragraph_has_its_chinese():
    with (REFERENCE / "chinese/codebook.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    assert [line["en"] for line in lines] == sorted(line["en"] for line in lines)
    assert {line["en"] for line in lines} == {*PAGE_SENTENCES, *SENTENCES}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_methods_paragraph_has_the_actual_numbers(bench, monkeypatch, language):
    monkeypatch.setenv("TONGBAO_PROJECT", str(bench.root))
    metrics = json.loads((bench.root / "data/metrics.json").read_text("utf-8"))
    text = methods(bench, language)
    for number in (
        metrics["accepted"],
        metrics["checks"]["held"],
        metrics["checks"]["total"],
        metrics["numerals"]["n"],
    ):
        assert str(number) in text
    assert methods(bench, language) == text and "{" not in text
    unmeasured = say("The accuracy of extraction is not among the metrics of this build.", language)
    assert unmeasured in text
    metrics["accuracy"] = {"precision": 0.5, "recall": 0.25, "of": "x"}
    (bench.root / "data/metrics.json").write_text(json.dumps(metrics), "utf-8")
    try:
        assert "50.0%" in methods(bench, language) and unmeasured not in methods(bench, language)
    finally:
        (bench.root / "data/metrics.json").write_bytes((ROOT / "data/metrics.json").read_bytes())


def test_the_frictionless_validator_accepts_the_package(bench):
    frictionless = pytest.importorskip("frictionless")
    report = frictionless.validate(str(bench.tidy / "datapackage.json"))
    assert report.valid, report.flatten(["type", "message"])
    assert [task.name for task in report.tasks] == EVERY
    package = json.loads((bench.tidy / "datapackage.json").read_bytes())
    assert len(package["sources"]) == len(rows_of(bench, "circulars")) + 1 and package["licenses"]
    basis = next(f for f in package["resources"][2]["schema"]["fields"] if f["name"] == "basis")
    assert basis["categories"][0] == {"value": "stated", "label": "Printed in the text", "label_zh": "文中写明"}


def test_a_broken_package_is_not_accepted(bench, tmp_path):
    frictionless = pytest.importorskip("frictionless")
    text = (bench.tidy / "pass_rates.csv").read_text("utf-8").replace("stated", "guessed", 1)
    (tmp_path / "pass_rates.csv").write_text(text, "utf-8")
    package = json.loads((bench.tidy / "datapackage.json").read_bytes())
    (own,) = (r for r in package["resources"] if r["name"] == "pass_rates")
    own["schema"].pop("foreignKeys")
    (tmp_path / "datapackage.json").write_text(json.dumps({**package, "resources": [own]}), "utf-8")
    assert not frictionless.validate(str(tmp_path / "datapackage.json")).valid


def test_bundles_of_some_tables_describe_those_only(bench):
    bundle = load_bundle(bench.tidy, bench.reference, tables=["sites", "circulars"])
    assert [t.name for t in bundle.tables] == ["circulars", "sites"]
    assert set(bundle.codebook.tables) == {"circulars", "sites"}
