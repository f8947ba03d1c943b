import csv
import hashlib
import io
import json
from datetime import date
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidy.made_up_circular import REFERENCE, fact, interim, rate, with_facts, write_interim
from tongbao.errors import TongbaoError
from tongbao.read.sources import Source
from tongbao.tidy.build import build_tables
from tongbao.tidy.escape import protect, restore_text
from tongbao.tidy.schema import Schema, load_schema
from tongbao.tidy.write import csv_bytes, load_tables, parquet_bytes, read_rows, read_table

SCHEMA = load_schema(REFERENCE)
HOSTILE = [
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\u3000＝1", "＋1", "－1", "＠A1", "'=1", "''=1", "'",
    "a\nb", "\n", "\\", "\\n", "\\u{41}", "\u202eabc", "\u2066", "\ufeff=1", "\x00", "\x85", "\u2028", '"', ",",
    "=cmd|' /C calc'!A0", "<script>alert(1)</script>", "优秀", "𠮷", "='", "\u200b=1", "\xa0=1",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_come_back_unharmed(text: str) -> None:
    cell = protect(text)
    assert restore_text(cell) == text
    assert cell.strip()[:1] not in tuple("=+-@＝＋－＠")
    assert not any(ord(char) < 32 or char in "\x85\u2028\u2066\u202e\ufeff\u200b" for char in cell)


@pytest.mark.parametrize("text", ["优秀", "粤办函〔2017〕121号", "a-b=c", "'twas", "85分以上", "“江苏”网", "<b>"])
def test_harmless_texts_are_left_alone(text: str) -> None:
    assert protect(text) == text


@given(st.text(alphabet=st.one_of(st.sampled_from("'=+-@＝＋－＠\\u{}n \t\r\n\u3000\u202e\ufeff"), st.characters())))
def test_protecting_is_undone_exactly(text: str) -> None:
    assert restore_text(protect(text)) == text


def test_stray_backslash_is_an_error() -> None:
    with pytest.raises(ValueError, match="stray"):
        restore_text("a\\b")


def figure(**values: object) -> dict[str, object]:
    row: dict[str, object] = dict.fromkeys(SCHEMA["figures"].names)
    row |= {"circular_id": "a", "row": 1, "what": "x", "basis": "stated", "start": 0, "end": 1, "quote": "x"}
    return row | values


texts = st.text(min_size=1).filter(lambda text: text.strip())


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One file for all examples of a property: a folder for each would take most of the time."""
    return tmp_path_factory.mktemp("csv") / "figures.csv"


@given(
    cells=st.lists(
        st.tuples(texts, st.none() | texts, st.none() | st.floats(allow_nan=False, allow_infinity=False)), max_size=5
    )
)
def test_a_table_is_read_back_as_it_was_written(file: Path, cells: list) -> None:
    rows = [figure(row=i, what=what, unit=unit, value=v) for i, (what, unit, v) in enumerate(cells, start=1)]
    file.write_bytes(csv_bytes(SCHEMA["figures"], rows))
    assert read_rows(SCHEMA["figures"], file) == rows


def test_the_form_of_the_csv() -> None:
    row = figure(what="=1", value=-2.0, change=0.959, quote="a\nb", comparator="=")
    data = csv_bytes(SCHEMA["figures"], [row])
    assert data.startswith(b"\xef\xbb\xbfcircular_id,row,what,") and b"\r" not in data
    assert data.decode("utf-8-sig").splitlines()[1] == "a,1,'=1,,-2,,=,0.959,,stated,0,1,a\\nb"


@pytest.mark.parametrize(
    ("value", "written"),
    [(100.0, "100"), (8.5, "8.5"), (1e-7, "0.0000001"), (1e16, "10000000000000000"), (-0.5, "-0.5")],
)
def test_numbers_are_plain(value: float, written: str) -> None:
    assert f",{written},".encode() in csv_bytes(SCHEMA["figures"], [figure(value=value)])


def test_parquet_has_types_and_texts_as_they_are() -> None:
    row = figure(what="=1\n", value=2.5)
    table = pq.read_table(io.BytesIO(parquet_bytes(SCHEMA["figures"], [row])))
    assert table.to_pylist() == [row]
    assert {f.name: str(f.type) for f in table.schema}["value"] == "double"
    assert not table.schema.field("quote").nullable and table.schema.field("value").nullable
    empty = pq.read_table(io.BytesIO(parquet_bytes(SCHEMA["circulars"], [])))
    assert str(empty.schema.field("issued_on").type) == "date32[day]"
    assert str(empty.schema.field("n_repairs").type) == "int64"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (b"circular_id,row", b"circular_id,line", "line 1"),
        (b"\na,1,", b"\na,one,", "line 2, column row"),
        (b"\na,1,x", b"\na,1,x,y", "line 2"),
        (b"\na,1,x", b"\na,1,\\x", "line 2, column what"),
    ],
)
def test_a_broken_file_names_its_place(tmp_path: Path, old: bytes, new: bytes, message: str) -> None:
    data = csv_bytes(SCHEMA["figures"], [figure()])
    assert old in data
    path = tmp_path / "figures.csv"
    path.write_bytes(data.replace(old, new, 1))
    with pytest.raises(TongbaoError, match=message):
        read_rows(SCHEMA["figures"], path)


@pytest.fixture
def built(tmp_path: Path) -> Path:
    folder = write_interim(tmp_path / "interim", interim("b"), interim("a"))
    (folder / "rejected_files.csv").write_text("file,reason\n=x.pdf,PDF is not read\n", "utf-8")
    build_tables(folder, tmp_path / "out", metrics=tmp_path / "metrics.json", reference=REFERENCE)
    return tmp_path


def test_what_is_written(built: Path, schema: Schema) -> None:
    written = {path.name for path in (built / "out").iterdir()}
    tables = {f"{t.name}.{kind}" for t in schema.tables for kind in ("csv", "parquet")}
    assert written == tables | {"datapackage.json", "rejected.csv"}
    frames = load_tables(schema, built / "out")
    assert list(frames["circulars"]["circular_id"]) == ["a", "b"]
    for name, frame in frames.items():
        parquet = pq.read_table(built / "out" / f"{name}.parquet").to_pylist()
        assert len(frame) == len(parquet) >= (0 if name == "corrections" else 2)
        assert parquet == read_rows(schema[name], built / "out" / f"{name}.csv")


def test_csv_opens_in_pandas(built: Path, schema: Schema) -> None:
    table = schema["pass_rates"]
    plain = pd.read_csv(built / "out" / "pass_rates.csv", dtype={"scope_code": "str"})
    assert list(plain.columns) == list(table.names)
    assert plain["rate"].tolist() == [0.955, 0.955] and plain["scope_code"].tolist() == ["320000"] * 2
    typed = read_table(table, built / "out" / "pass_rates.csv")
    assert {name: str(t) for name, t in typed.dtypes.items()} == {c.name: c.dtype for c in table.columns}
    assert typed["comparator"].tolist() == ["=", "="] and plain["comparator"].tolist() == ["=", "="]
    circulars = read_table(schema["circulars"], built / "out" / "circulars.csv")
    assert circulars["issued_on"].dt.date.tolist() == [date(2018, 9, 7)] * 2


def test_same_input_same_bytes(built: Path) -> None:
    build_tables(built / "interim", built / "again", metrics=built / "metrics2.json", reference=REFERENCE)
    written = list((built / "out").iterdir())
    assert written
    for path in written:
        assert path.read_bytes() == (built / "again" / path.name).read_bytes(), path.name
    assert (built / "metrics.json").read_bytes() == (built / "metrics2.json").read_bytes()


def test_sources_are_taken_as_the_register_gives_them(built: Path, schema: Schema) -> None:
    sources = {"a": Source("a", "a.txt", source_url="https://example.org/a")}
    for given_as in (sources, list(sources.values())):
        build_tables(built / "interim", built / "out", given_as, reference=REFERENCE)
        rows = read_rows(schema["circulars"], built / "out" / "circulars.csv")
        assert [row["source_url"] for row in rows] == ["https://example.org/a", None]


def test_rejections_are_published(built: Path) -> None:
    bad = with_facts(rate(rate="=x"), fact("figures", "0000-0000000", what="y", value=1))
    folder = write_interim(built / "interim", bad)
    metrics = build_tables(folder, built / "out", reference=REFERENCE)
    with (built / "out" / "rejected.csv").open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file))
    assert [(x["table"], x["circular_id"], x["file"]) for x in lines] == [
        ("files", "", "'=x.pdf"),
        ("pass_rates", "made-up", "made-up.txt"),
        ("figures", "made-up", "made-up.txt"),
    ]
    assert json.loads(lines[1]["values"])["rate"] == "=x" and lines[2]["values"] == ""
    assert metrics.n_rejected == 3 and metrics.rejected["files"] == 1
    assert metrics.circulars["made-up"]["rejected"] == 2


def test_where_nothing_is_rejected_there_is_a_header(tmp_path: Path) -> None:
    build_tables(write_interim(tmp_path / "interim", interim()), tmp_path / "out", reference=REFERENCE)
    written = (tmp_path / "out" / "rejected.csv").read_text("utf-8-sig")
    assert written == "table,circular_id,file,reason,start,end,values\n"


def test_metrics(built: Path, schema: Schema) -> None:
    metrics = json.loads((built / "metrics.json").read_text("utf-8"))
    assert metrics["rows"] == {
        t.name: {"checks": 4, "repairs": 4, "corrections": 0}.get(t.name, 2) for t in schema.tables
    }
    assert metrics["accepted"] == sum(metrics["rows"].values()) and metrics["rejected"] == 1
    assert metrics["checks"] == {"held": 2, "broken": 2, "total": 4}
    assert metrics["numerals"] == {"n": 20, "explained": 18, "explained_share": 0.9}
    assert metrics["circulars"]["a"]["checks"] == 2 and metrics["circulars"]["a"]["sites"] == 1


def test_an_empty_corpus_gives_every_table_its_header(tmp_path: Path, schema: Schema) -> None:
    metrics = build_tables(tmp_path / "none", tmp_path / "out", metrics=tmp_path / "m.json", reference=REFERENCE)
    assert (
        metrics.n_accepted == 0 and json.loads((tmp_path / "m.json").read_text())["numerals"]["explained_share"] is None
    )
    for table in schema.tables:
        text = (tmp_path / "out" / f"{table.name}.csv").read_text("utf-8-sig")
        assert text == ",".join(table.names) + "\n"


@pytest.mark.parametrize("kind", ["text", "restored", "extracted"])
def test_a_circular_lost_between_stages_stops_the_build(tmp_path: Path, kind: str) -> None:
    folder = write_interim(tmp_path / "interim", interim())
    next((folder / kind).iterdir()).unlink()
    with pytest.raises(TongbaoError, match=f"nothing of made-up in {kind}"):
        build_tables(folder, tmp_path / "out", reference=REFERENCE)
    assert not (tmp_path / "out").exists()


def test_the_data_package(built: Path, schema: Schema) -> None:
    package = json.loads((built / "out" / "datapackage.json").read_text("utf-8"))
    assert package["profile"] == "tabular-data-package" and package["resources"]
    assert all({"name", "path"} <= set(licence) for licence in package["licenses"])
    types = {"string", "integer", "number", "boolean", "date"}
    keywords = {"required", "unique", "enum", "minimum", "maximum", "pattern"}
    assert [r["name"] for r in package["resources"]] == [t.name for t in schema.tables]
    for resource in package["resources"]:
        assert resource["profile"] == "tabular-data-resource" and resource["encoding"] == "utf-8"
        data = (built / "out" / resource["path"]).read_bytes()
        assert resource["bytes"] == len(data) and resource["hash"] == "sha256:" + hashlib.sha256(data).hexdigest()
        assert resource["name"] == resource["name"].lower() and resource["description_zh"] and resource["licenses"]
        fields = {field["name"]: field for field in resource["schema"]["fields"]}
        header, *lines = csv.reader(data.decode("utf-8-sig").splitlines())
        assert list(fields) == header and resource["schema"]["missingValues"] == [""]
        assert set(resource["schema"]["primaryKey"]) <= set(fields)
        for key in resource["schema"].get("foreignKeys", []):
            assert set(key["fields"]) <= set(fields) and key["reference"]["resource"] == "circulars"
        for name, field in fields.items():
            constraints = field.get("constraints", {})
            assert field["type"] in types and set(constraints) <= keywords
            assert field["title"] and field["description"] and field["title_zh"] and field["description_zh"]
            for line in lines:
                cell = line[header.index(name)]
                assert cell or not constraints.get("required")
                assert not cell or cell in constraints.get("enum", [cell])
    assert "foreignKeys" not in package["resources"][0]["schema"]
    keys = {tuple(key["fields"]) for key in package["resources"][1]["schema"]["foreignKeys"]}
    assert keys == {("circular_id",), ("cited_circular_id",)}
