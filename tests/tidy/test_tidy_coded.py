"""Figures coded by hand: every row accepted or rejected, inconsistent ones kept and flagged, nothing corrected."""

import csv
import json
from decimal import Decimal
from pathlib import Path

import pytest

from tongbao.errors import TongbaoError
from tongbao.tidy.build import build_tables
from tongbao.tidy.coded import CODED, decimals, load_places, read_coded
from tongbao.tidy.coded_checks import coded_checks, printed_as
from tongbao.tidy.schema import load_schema, to_frame

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "data/reference"
SCHEMA = load_schema(REFERENCE)
HEAD = (
    "scope,parent,scope_level,province,period,measure,inspector_level,n_total,n_checked,n_failed,rate,comparator,basis,"
    "issuer,doc_number,source_kind,source_url"
)


def made_up(tmp_path: Path, *lines: str):
    (tmp_path / "published_pass_rates.csv").write_text("\n".join([HEAD, *lines]) + "\n", "utf-8")
    return read_coded(tmp_path, SCHEMA, REFERENCE)


def line(**more: object) -> str:
    cells = dict.fromkeys(HEAD.split(","), "") | {
        "scope": "江苏省",
        "scope_level": "province",
        "province": "江苏省",
        "period": "2018-Q3",
        "measure": "website",
        "inspector_level": "province",
        "rate": "0.95",
        "comparator": "=",
        "basis": "stated",
        "source_kind": "official",
    }
    return ",".join(str(value) for value in (cells | more).values())


def broken(rows) -> list[str]:
    return [str(check["check"]) for check in coded_checks(rows) if not check["holds"]]


@pytest.fixture(scope="module")
def real():
    return read_coded(ROOT / "data/raw/coded", SCHEMA, REFERENCE)


def test_every_row_of_the_real_files_is_accepted_or_rejected_with_a_reason(real):
    lines = 0
    for name in ("published_pass_rates", "national_figures"):
        with (ROOT / f"data/raw/coded/{name}.csv").open(encoding="utf-8", newline="") as file:
            lines += len(list(csv.DictReader(file)))
    assert real.n_in == lines == len(real.rows) + len(real.rejected) == 596
    assert real.rejected == []
    to_frame(SCHEMA[CODED], real.rows)


def test_a_department_of_the_state_council_may_be_the_one_who_checks(real):
    """Departments check the sites of their own vertical system every quarter; that is no national sample."""
    own = [r for r in real.rows if r["inspector_level"] == "ministry"]
    assert {(r["scope"], r["scope_level"], r["period"]) for r in own} == {
        ("国家民族事务委员会", "unit", "2019-Q2"),
        ("国家民族事务委员会", "unit", "2021-Q1"),
    }
    assert len(own) == 4 and not any(r["n_checked"] for r in own)


def test_known_misprints_of_the_originals_are_flagged_and_kept(real):
    flagged = {(c["scope"], c["period"], c["measure"]) for c in coded_checks(real.rows) if not c["holds"]}
    # 134 sites, 8 with problems, printed 94.3 %; the 91 % of 2016 Q4 is the self-reported one.
    assert {("青海省", "2020-Q3", "website"), ("全国", "2016-Q4", "website")} <= flagged
    (row,) = [r for r in real.rows if (r["scope"], r["period"], r["measure"]) == ("青海省", "2020-Q3", "website")]
    assert (row["n_checked"], row["n_failed"], row["rate"]) == (134, 8, 0.943)
    # 2015: "below 85 %" in one source and 78.74 % in the other do not contradict each other.
    assert ("新疆维吾尔自治区", "2015", "website") not in flagged


def test_the_two_national_series_and_computed_counts_stay_apart(real):
    national = [r for r in real.rows if r["coded_file"] == "national_figures" and r["period"] == "2017-Q3"]
    assert {r["series"]: (r["n_checked"], r["rate"]) for r in national} == {
        "central": (500, 0.97),
        "self_reported": (12466, 0.94),
    }
    late = [r for r in real.rows if r["coded_file"] == "national_figures" and r["period"] == "2020"]
    assert {r["measure"] for r in late} == {"website", "new_media"}
    assert all(r["n_failed"] is None and r["n_total"] is None and r["design"] is None for r in late)


def test_a_row_that_breaks_the_schema_is_rejected_and_the_others_stay(tmp_path: Path):
    found = made_up(
        tmp_path,
        line(),
        line(period="2018-09-03"),
        line(rate="1.2"),
        line(rate="high"),
        line(measure="Website"),
        line(n_checked="12.5"),
        line(rate="", comparator=""),
        line(source_kind="rumour"),
    )
    assert (found.n_in, len(found.rows)) == (8, 1)
    reasons = [r.reason for r in found.rejected]
    for part in ("period", "above 1", "'high' is no number", "form", "no integer", "none of", "source_kind"):
        assert any(part in reason for reason in reasons), part
    assert all(r.file.startswith("coded/published_pass_rates.csv, row ") for r in found.rejected)


def test_places_are_resolved_only_where_one_place_bears_the_name(tmp_path: Path):
    found = made_up(
        tmp_path,
        line(),
        line(scope="苏州市", scope_level="prefecture"),
        line(scope="某某市", scope_level="prefecture"),
        line(scope="鼓楼区", scope_level="county"),
        line(scope="省政府部门网站", scope_level="group"),
    )
    assert [r["scope_code"] for r in found.rows] == ["320000", "320500", None, None, None]
    assert {r["province_code"] for r in found.rows} == {"320000"}
    assert load_places(tmp_path / "nowhere.csv").code("province", "江苏省") == ""


@pytest.mark.parametrize(
    ("more", "check"),
    [
        ({"n_checked": 134, "n_failed": 8, "rate": "0.943"}, "rate_agrees_with_counts"),
        ({"n_checked": 10, "n_failed": 11, "rate": "0.9"}, "counts_in_order"),
        ({"n_total": 9, "n_checked": 10, "rate": "0.9"}, "counts_in_order"),
        ({"n_checked": 10, "rate": "0.95"}, "some_count_gives_the_rate"),
    ],
)
def test_contradictions_within_a_row_are_flagged(tmp_path: Path, more: dict[str, object], check: str):
    assert check in broken(made_up(tmp_path, line(**more)).rows)


def test_cut_and_rounded_rates_both_hold(tmp_path: Path):
    # 54 of 56 is 96.43 %: printed 96 either way; 12 of 13 is 92.31; 2 of 3 is 66.67: cut 66.6, rounded 66.7.
    rows = made_up(
        tmp_path,
        line(n_checked=56, n_failed=2, rate="0.96", period="2018-Q1"),
        line(n_checked=3, n_failed=1, rate="0.666", period="2018-Q2"),
        line(n_checked=3, n_failed=1, rate="0.667", period="2018-Q4"),
    ).rows
    assert broken(rows) == []
    assert printed_as(1, 200, 0) == {Decimal(0), Decimal(1)}  # half: up 1, to even 0
    assert [decimals(x) for x in ("0.95", "0.9", "1.0", "0.943", "0.9607")] == [0, 0, 0, 1, 2]


def test_parts_above_the_whole_and_sources_that_disagree_are_flagged(tmp_path: Path):
    rows = made_up(
        tmp_path,
        line(n_checked=20, n_failed=1),
        line(scope="苏州市", scope_level="prefecture", n_checked=15, rate="1.0"),
        line(scope="南京市", scope_level="prefecture", n_checked=10, rate="1.0"),
        line(rate="0.9", n_checked=20),
    ).rows
    assert {"parts_within_whole_n_checked", "two_sources_agree"} <= set(broken(rows))


def test_a_damaged_file_stops_with_its_name(tmp_path: Path):
    (tmp_path / "published_pass_rates.csv").write_text("scope,rate\n江苏省,0.9\n", "utf-8")
    with pytest.raises(TongbaoError, match=r"published_pass_rates\.csv"):
        read_coded(tmp_path, SCHEMA, REFERENCE)


def test_the_build_writes_the_coded_tables_beside_the_others(tmp_path: Path):
    for name in ("text", "restored", "extracted"):
        (tmp_path / "interim" / name).mkdir(parents=True)
    out, coded_files = tmp_path / "tidy", tmp_path / "coded"
    coded_files.mkdir()
    for path in (ROOT / "data/raw/coded").glob("*.csv"):
        more = line(inspector_level="nobody") + "\n" if path.stem == "published_pass_rates" else ""
        (coded_files / path.name).write_text(path.read_text("utf-8") + more, "utf-8")
    build_tables(tmp_path / "interim", out, metrics=tmp_path / "m.json", reference=REFERENCE, coded=coded_files)
    package = json.loads((out / "datapackage.json").read_text("utf-8"))
    coded = {r["name"]: r for r in package["resources"] if r["name"].startswith("coded")}
    assert set(coded) == {"coded_pass_rates", "coded_checks"}
    assert all("foreignKeys" not in r["schema"] for r in coded.values())
    assert (out / "coded_checks.parquet").is_file()
    assert (out / "rejected.csv").read_text("utf-8-sig").count("coded/published_pass_rates.csv, row ") == 1
    assert json.loads((tmp_path / "m.json").read_text("utf-8"))["coded"]["rejected"] == 1
    empty = tmp_path / "empty"
    build_tables(tmp_path / "interim", empty, reference=REFERENCE, coded=tmp_path / "nowhere")
    assert len((empty / "coded_pass_rates.csv").read_text("utf-8-sig").splitlines()) == 1
