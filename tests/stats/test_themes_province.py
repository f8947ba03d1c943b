"""Choosing circulars, one file a province, and files that change only with their own content."""

import copy
import json
from pathlib import Path

import pandas as pd
import pytest

from theme_tables import PARAMETERS, ROOT, SCHEMA, as_tables, gold_rows, gold_tables
from tongbao.errors import TongbaoError
from tongbao.project import Project
from tongbao.stats.themes import all_analyses, analyse
from tongbao.stats.themes.corpus import corpus, merged, percent, span
from tongbao.stats.themes.coverage import coverage
from tongbao.stats.themes.province import province, province_codes
from tongbao.tidy.coded import read_coded
from tongbao.tidy.schema import to_frame
from tongbao.tidy.write import csv_bytes

NAMES = ["coverage", "grade_shares", "deduction_ranges", "pass_rate_trends"]
PROVINCES = ["320000", "440000", "610000", "620000"]


@pytest.fixture(scope="module")
def gold() -> dict[str, str]:
    return {a.name: a.to_json() for a in all_analyses(gold_tables(), PARAMETERS)}


def with_new_circular(**more: object) -> dict[str, str]:
    """Analyses of the gold and of one more circular: a rate of a province that had none."""
    rows = copy.deepcopy(gold_rows())
    new = {
        "circular_id": "zhejiang-2018q3",
        "title": "浙江省人民政府办公厅关于2018年第三季度全省政府网站抽查情况的通报",
        "issuer": "浙江省人民政府办公厅",
        "issuer_level": "province",
        "province": "浙江省",
        "province_code": "330000",
        "period": "2018-Q3",
        "exercise": "spot_check",
        "copy_kind": "clean",
    } | more
    rows["circulars"].append(new)
    rate = {
        "circular_id": "zhejiang-2018q3",
        "row": 1,
        "scope": "浙江省",
        "scope_level": "province",
        "scope_code": new["province_code"],
        "period": "2018-Q3",
        "measure": "website",
        "inspector_level": "province",
        "design": "random_sample",
        "n_checked": 500,
        "n_failed": 5,
        "rate": 0.99,
        "rate_low": 0.99,
        "rate_high": 0.99,
        "comparator": "=",
    }
    rows["pass_rates"].append(rate)
    return {a.name: a.to_json() for a in all_analyses(as_tables(rows), PARAMETERS)}


def test_one_analysis_a_theme_and_province(gold):
    assert list(gold) == [*NAMES, *(f"province-{code}" for code in PROVINCES)]


def test_a_rate_of_a_new_province_changes_nothing_else(gold):
    after = with_new_circular()
    changed = {name for name in after if after[name] != gold.get(name)}
    assert changed == {"coverage", "pass_rate_trends", "province-330000"}


def test_a_rate_of_a_known_province_changes_that_province(gold):
    after = with_new_circular(province="江苏省", province_code="320000")
    changed = {name for name in after if after[name] != gold.get(name)}
    assert changed == {"coverage", "pass_rate_trends", "province-320000"}


def test_the_order_of_rows_changes_nothing(gold):
    tables = gold_tables()
    turned = {n: t.iloc[::-1].reset_index(drop=True) if n == "circulars" else t for n, t in tables.items()}
    assert {a.name: a.to_json() for a in all_analyses(turned, PARAMETERS)} == gold


def test_a_province_has_its_circulars_and_at_least_one_figure(gold):
    for code in PROVINCES:
        found = province(gold_tables(), PARAMETERS, code)
        assert len(found.table("circulars")) == (2 if code == "440000" else 1)
        assert "held" in set(found.table("captions")["figure"])
        assert found.table("captions")["figure"].is_unique
        assert found.params["province_code"] == code


def test_a_circular_without_a_row_still_has_a_figure():
    circular = {"circular_id": "x", "issuer": "某省人民政府办公厅", "province_code": "520000", "copy_kind": "spun"}
    found = province(as_tables({"circulars": [circular]}), PARAMETERS, "520000")
    assert set(found.table("content")["n_rows"]) == {0}
    assert found.table("captions")["figure"].tolist() == ["held"]


def test_a_project_without_circulars_has_empty_themes():
    assert [a.name for a in all_analyses(as_tables({}), PARAMETERS)] == NAMES


def test_provinces_differ(gold):
    heads = [json.loads(gold[f"province-{code}"])["notes"][0] for code in PROVINCES]
    assert len(set(heads)) == 4
    assert heads[1].startswith("广东省: 2 circulars. ")


def test_a_missing_title_is_said(gold):
    assert "(no title printed)" in gold["province-440000"]


def test_broken_checks_are_shown(gold):
    broken = province(gold_tables(), PARAMETERS, "440000").table("broken_checks")
    assert len(broken) == 3 and set(broken["circular_id"]) == {"dayawan-2018q1"}


def test_a_spun_copy_enters_no_theme_and_is_named():
    after = with_new_circular(copy_kind="spun")
    themes = json.loads(after["pass_rate_trends"])
    assert "zhejiang" not in json.dumps(themes["tables"], ensure_ascii=False)
    assert any("浙江省 2018-Q3" in r["what"] and "spun" in r["reason"] for r in themes["refused"])
    own = json.loads(after["province-330000"])
    assert own["tables"]["circulars"]["rows"] and "pass_rates.rates" not in own["tables"]
    assert any("spun" in r["reason"] for r in own["refused"])


def test_of_two_copies_of_one_document_one_is_used():
    rows = gold_rows()
    double = {**next(r for r in rows["circulars"] if r["circular_id"] == "gansu-2021"), "circular_id": "gansu-copy"}
    rows["circulars"].append(double)
    rows["pass_rates"] += [
        {**r, "circular_id": "gansu-copy"} for r in rows["pass_rates"] if "gansu" in r["circular_id"]
    ]
    used = corpus(as_tables(rows), PARAMETERS, ["pass_rates"])
    assert "gansu-2021" in used.circulars and "gansu-copy" not in used.circulars
    assert any("another copy of gansu-2021" in r.reason for r in used.refused)


def test_a_clean_copy_is_preferred_to_a_mirror():
    rows = gold_rows()
    mirror = {**next(r for r in rows["circulars"] if r["circular_id"] == "gansu-2021"), "circular_id": "a-mirror"}
    rows["circulars"].append(mirror | {"copy_kind": "mirror"})
    rows["pass_rates"] += [{**r, "circular_id": "a-mirror"} for r in rows["pass_rates"] if "gansu" in r["circular_id"]]
    used = corpus(as_tables(rows), PARAMETERS, ["pass_rates"])
    assert "gansu-2021" in used.circulars and "a-mirror" not in used.circulars


def test_two_quarters_of_one_issuer_are_two_documents():
    rows = gold_rows()
    jiangsu = next(r for r in rows["circulars"] if r["circular_id"] == "jiangsu-2018q3")
    rows["circulars"].append({**jiangsu, "circular_id": "jiangsu-2018q4", "period": "2018-Q4", "title": "另一份通报"})
    rates = [r for r in rows["pass_rates"] if r["circular_id"] == "jiangsu-2018q3"]
    rows["pass_rates"] += [{**r, "circular_id": "jiangsu-2018q4"} for r in rates]
    used = corpus(as_tables(rows), PARAMETERS, ["pass_rates"])
    assert {"jiangsu-2018q3", "jiangsu-2018q4"} <= set(used.circulars) and not used.refused


def test_coverage_says_that_absence_is_not_failure():
    found = coverage(gold_tables(), PARAMETERS)
    assert found.notes[1] == "4 of 34 province-level units have a circular in this collection; absence is not failure."
    counts = found.table("provinces").set_index("province_code")["n_circulars"]
    assert counts["440000"] == 2 and counts["110000"] == 0 and len(counts) == 34


def test_codes_are_of_provinces_with_a_circular():
    assert province_codes(gold_tables(), PARAMETERS) == PROVINCES


def coded_tables(tmp_path: Path, *provinces: str) -> dict[str, pd.DataFrame]:
    """The gold with coded figures of these provinces beside it."""
    lines = [
        "scope,parent,scope_level,province,period,measure,inspector_level,n_total,n_checked,n_failed,rate,comparator,"
        "basis,issuer,doc_number,source_kind,source_url"
    ]
    lines += [
        f"{p},,province,{p},2021-Q{q},website,province,,,,0.9{q},=,stated,,,official,"
        for p in provinces
        for q in (1, 2)
    ]
    (tmp_path / "published_pass_rates.csv").write_text("\n".join(lines) + "\n", "utf-8")
    rows = read_coded(tmp_path, SCHEMA, ROOT / "data/reference").rows
    return gold_tables() | {
        "coded_pass_rates": to_frame(SCHEMA["coded_pass_rates"], rows),
        "coded_checks": to_frame(SCHEMA["coded_checks"], []),
    }


def test_a_province_with_coded_figures_alone_has_a_page_that_says_so(tmp_path):
    tables = coded_tables(tmp_path, "浙江省", "江苏省")
    assert province_codes(tables, PARAMETERS) == sorted([*PROVINCES, "330000"])
    made = province(tables, PARAMETERS, "330000")
    assert made.notes[0].startswith("浙江省: no circular of this province has been extracted.")
    points = made.table("coded.points")
    assert len(points) == 2 and set(points["source"]) == {"coded"}
    assert all(len(made.table(name)) == 0 for name in ("circulars", "content", "checks", "figures"))
    assert not any(name.startswith(("grades.", "pass_rates.", "deductions.")) for name in made.tables)


def test_the_parameter_leaves_coded_provinces_and_points_out(tmp_path):
    tables = coded_tables(tmp_path, "浙江省", "江苏省")
    off = PARAMETERS | {"include_coded": False}
    assert province_codes(tables, off) == PROVINCES
    assert len(province(tables, PARAMETERS, "320000").table("coded.points")) > 0
    without = province(tables, off, "320000")
    assert len(without.table("coded.points")) == 0
    assert not any(note.startswith("Second source") for note in without.notes)
    beside = province(tables, PARAMETERS, "320000")
    for name, table in without.tables.items():
        if name not in ("coded.points", "captions"):
            pd.testing.assert_frame_equal(table, beside.table(name))


@pytest.mark.parametrize("missing", ["level"])
def test_a_missing_parameter_is_named(missing):
    with pytest.raises(TongbaoError, match=missing):
        all_analyses(gold_tables(), {k: v for k, v in PARAMETERS.items() if k != missing})


def test_refusals_with_one_reason_are_joined():
    from tongbao.stats.result import Refusal

    joined = merged([Refusal("a", "x"), Refusal("b", "y"), Refusal("c", "x"), Refusal("a", "x")])
    assert [(r.what, r.reason) for r in joined] == [("a; c", "x"), ("b", "y")]


@pytest.mark.parametrize(
    ("low", "high", "text"), [(0.9345, 0.9757, "93.5–97.6%"), (0.5, 0.5, "50.0%"), (0.99999, 1.0, "100.0%")]
)
def test_ranges_are_written_once(low, high, text):
    assert span(low, high) == text
    assert percent(0.5, 0) == "50%"


def test_the_stage_writes_reads_back_and_removes_stale_files(tmp_path):
    project = Project(tmp_path)
    (tmp_path / "data").mkdir()
    (tmp_path / "data/reference").symlink_to(ROOT / "data/reference")
    project.tidy.mkdir()
    tables = gold_tables()
    for spec in SCHEMA.tables:
        frame = tables.get(spec.name)
        rows = (
            []
            if frame is None
            else [
                {k: None if v is None or v != v or str(v) == "<NA>" or str(v) == "NaT" else v for k, v in r.items()}
                for r in frame.astype("object").where(frame.notna(), None).to_dict("records")
            ]
        )
        for row in rows:
            for name, value in row.items():
                if hasattr(value, "to_pydatetime"):
                    row[name] = value.date()
        (project.tidy / f"{spec.name}.csv").write_bytes(csv_bytes(spec, rows))
    project.analysis.mkdir()
    (project.analysis / "province-110000.json").write_text("{}")
    names = analyse(project, PARAMETERS)
    assert sorted(p.stem for p in project.analysis.iterdir()) == sorted(names)
    direct = {a.name: a.to_json() for a in all_analyses(tables, PARAMETERS)}
    assert {n: (project.analysis / f"{n}.json").read_text("utf-8") for n in names} == direct
