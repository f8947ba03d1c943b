"""No notebook prints a p-value, a mean or a share that `enough` refuses: every analysis and every page is walked."""

from pathlib import Path

import pandas as pd
import pytest

from gates import facts_that_differ, faults_of, faults_on, needs_proof, prose_faults, prose_of
from theme_tables import PARAMETERS, ROOT, SCHEMA, gold_tables
from tongbao.errors import TongbaoError
from tongbao.project import Project
from tongbao.report.html import notebook_body
from tongbao.report.kernel import run as execute
from tongbao.report.pages import NotebookPage, notebook_pages
from tongbao.stats.gate import gated, recheck
from tongbao.stats.result import Analysis
from tongbao.stats.themes import all_analyses
from tongbao.stats.themes.pass_rate_trends import pass_rate_trends
from tongbao.tidy.coded import read_coded
from tongbao.tidy.coded_checks import coded_checks
from tongbao.tidy.schema import to_frame

PAGES = [
    *("themes/grade_shares", "themes/deduction_ranges", "themes/pass_rate_trends"),
    *("provinces/110000", "provinces/320000", "provinces/440000", "provinces/610000", "provinces/620000"),
]


@pytest.fixture(scope="session")
def tables() -> dict[str, pd.DataFrame]:
    """The gold annotation with the second source beside it."""
    rows = read_coded(ROOT / "data/raw/coded", SCHEMA, ROOT / "data/reference").rows
    return gold_tables() | {
        "coded_pass_rates": to_frame(SCHEMA["coded_pass_rates"], rows),
        "coded_checks": to_frame(SCHEMA["coded_checks"], coded_checks(rows)),
    }


@pytest.fixture(scope="session")
def project(tables: dict[str, pd.DataFrame], tmp_path_factory: pytest.TempPathFactory) -> Project:
    root = tmp_path_factory.mktemp("gated")
    (root / "data").mkdir()
    (root / "data/reference").symlink_to(ROOT / "data/reference")
    (root / "notebooks").symlink_to(ROOT / "notebooks")
    (root / "params.yaml").write_bytes((ROOT / "params.yaml").read_bytes())
    made = Project(root)
    for analysis in all_analyses(tables, PARAMETERS):
        analysis.write(made.analysis / f"{analysis.name}.json")
    return made


def page_of(project: Project, slug: str) -> NotebookPage:
    (page,) = [p for p in notebook_pages(project) if p.slug == slug]
    return page


def test_every_number_of_every_analysis_has_a_proof_that_holds(project: Project):
    paths = sorted(project.analysis.glob("*.json"))
    assert len(paths) > 30
    analyses = [Analysis.read(path) for path in paths]
    assert [fault for analysis in analyses for fault in faults_of(analysis)] == []
    for analysis in analyses:
        captions = analysis.tables.get("captions", pd.DataFrame(columns=["alt", "caption"]))
        said = [*analysis.notes, *captions["alt"], *captions["caption"]]
        assert list(prose_faults(said, analysis, analysis.name)) == []


def test_the_facts_of_every_proof_are_those_of_the_tidy_rows(project: Project, tables: dict[str, pd.DataFrame]):
    n = 0
    for path in sorted(project.analysis.glob("*.json")):
        analysis = Analysis.read(path)
        assert list(facts_that_differ(analysis, tables)) == []
        n += sum("gate" in table.columns and int(table["gate"].notna().sum()) for table in analysis.tables.values())
    assert n > 50
    # A proof with made-up facts is found out.
    made = Analysis.read(project.analysis / "grade_shares.json")
    rows = made.table("comparisons")
    forged = rows.assign(gate=rows["gate"].str.replace('"n_a": 22', '"n_a": 220'))
    assert list(facts_that_differ(Analysis("x", tables={"comparisons": forged}), tables))
    assert list(prose_faults(["p = 0.033", "10.1–20.2%"], made, "x")) and not list(
        prose_faults(["p = 0.27"], made, "x")
    )


def test_the_committed_analyses_too():
    paths = sorted((ROOT / "data/analysis").glob("*.json"))
    assert paths
    assert [fault for path in paths for fault in faults_of(Analysis.read(path))] == []


@pytest.mark.parametrize("slug", PAGES)
def test_every_number_of_every_page_has_a_proof_that_holds(project: Project, slug: str):
    assert set(PAGES) <= {p.slug for p in notebook_pages(project)}
    page = page_of(project, slug)
    body = notebook_body(execute(page, project), slug)
    assert list(faults_on(body, slug)) == []
    assert list(prose_faults(prose_of(body), Analysis.read(page.inputs[0]), slug)) == []
    if slug == "provinces/110000":
        assert "no circular of this province has been extracted" in body and 'id="coded-provinces-website"' in body
    if slug in ("themes/grade_shares", "themes/pass_rate_trends"):
        assert body.count("data-gate=") > 3
    if slug == "themes/pass_rate_trends":
        assert 'id="national"' in body and 'id="provinces-website"' in body and 'id="provinces-new_media"' in body
        assert 'href="http' not in body  # addresses of sources are data, never links
    if slug == "provinces/320000":
        assert 'id="coded-provinces-website"' in body


def test_the_parameter_leaves_the_coded_figures_out(project: Project):
    page = page_of(project, "themes/pass_rate_trends")
    without = NotebookPage(page.slug, page.notebook, page.title, {"include_coded": False}, page.inputs)
    body = notebook_body(execute(without, project), page.slug)
    assert 'id="national"' not in body and 'id="provinces-website"' not in body and "Second source: " not in body
    assert "left out here" in body and "93.5–97.6%" in body


def test_the_second_source_leaves_what_was_extracted_as_it_is(tables: dict[str, pd.DataFrame]):
    beside = pass_rate_trends(tables, PARAMETERS)
    off = pass_rate_trends(tables, PARAMETERS | {"include_coded": False})
    none = pass_rate_trends(gold_tables(), PARAMETERS)
    for name, table in none.tables.items():
        pd.testing.assert_frame_equal(off.table(name), table)
        if name in ("rates", "points", "readings", "census", "changes", "group_gaps", "clean_cities", "pairs"):
            pd.testing.assert_frame_equal(beside.table(name), table)
    assert len(off.table("national_points")) == 0 and len(beside.table("national_points")) > 10
    assert beside.notes[0] == off.notes[0]


def test_national_series_stay_apart_and_break_at_2019(tables: dict[str, pd.DataFrame]):
    made = pass_rate_trends(tables, PARAMETERS)
    points = made.table("national_points").to_dict("records")
    assert len({p["panel"] for p in points}) == 3
    assert {p["panel"] for p in points if p["n"] == 12466} == {"websites: reported by regions and departments"}
    late = [p for p in points if p["at"] > 2019.25]
    assert late and not any(p["joined"] or p["low"] for p in late)  # not drawn at random, so no interval
    (trend,) = made.table("national_trends").to_dict("records")
    assert (trend["first_period"], trend["last_period"], trend["n_periods"]) == ("2016-Q2", "2018-Q2", 8)
    assert trend["p_low"] <= trend["p_high"] and 0 < trend["n_failed_low"] < trend["n_failed_high"]
    assert any("Sites in operation fell from 43,143 (2017-Q1) to 22,206 (2018-Q2)" in n for n in made.notes)
    assert any("Trend of websites: reported by regions" in r.what for r in made.refused)
    changes = made.table("national_changes")
    # From quarter to quarter every change is within noise; from the first to the last it is not.
    assert set(changes["reading"][:-1]) == {"within sampling noise"}
    assert changes.iloc[-1]["reading"] == "more than sampling noise"


def test_the_walk_itself_finds_what_has_no_proof(tmp_path: Path):
    """The two checks above must be able to fail."""
    good = gated("trend_test", n_periods=4, expected_failures=5)
    bad = good.replace('"n_periods": 4', '"n_periods": 3')
    for proof, n in ((good, 0), (bad, 1), (None, 1), ("", 1)):
        rows = pd.DataFrame([{"p_value": 0.01, "gate": proof}], dtype="object")
        assert len(list(faults_of(Analysis("made_up", tables={"t": rows})))) == n
        attribute = "" if proof is None else f" data-gate='{proof}'".replace('"', "&quot;").replace("'", '"')
        page = (
            f"<table><thead><tr><th>p_value</th></tr></thead><tbody><tr{attribute}><td>0.01</td></tr></tbody></table>"
        )
        assert len(list(faults_on(page, "made up"))) == n
    words = pd.DataFrame([{"result": "rises, p below 0.0001"}], dtype="object")
    assert len(list(faults_of(Analysis("made_up", tables={"t": words})))) == 1
    assert needs_proof("share_a") and needs_proof("p_holm") and not needs_proof("n") and not needs_proof("period")
    assert not recheck(bad) and recheck(good)
    with pytest.raises(TongbaoError, match="without enough data"):
        gated("trend_test", n_periods=3, expected_failures=5)
    for text in ("", "[]", '{"kind": 1}', '{"kind": "trend_test", "facts": []}'):
        with pytest.raises(TongbaoError, match="not a proof"):
            recheck(text)
