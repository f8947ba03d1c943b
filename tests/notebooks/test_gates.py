"""No notebook prints a p-value, a mean or a share that `enough` refuses: every analysis and every page is walked."""

import html
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from gate_facts import Facts
from gates import facts_that_differ, faults_of, faults_on, needs_proof, prose_faults, prose_of
from theme_tables import PARAMETERS, ROOT, as_tables, gold_tables
from tongbao.errors import TongbaoError
from tongbao.project import Project
from tongbao.report.html import notebook_body
from tongbao.report.kernel import run as execute
from tongbao.report.pages import NotebookPage, notebook_pages
from tongbao.stats.gate import gated, joined, parts_of, recheck
from tongbao.stats.result import Analysis
from tongbao.stats.themes import read_tables
from tongbao.stats.themes.deduction_ranges import deduction_ranges
from tongbao.stats.themes.grade_shares import grade_shares
from tongbao.stats.themes.pass_rate_trends import pass_rate_trends

THEMES = ("themes/grade_shares", "themes/deduction_ranges", "themes/pass_rate_trends")
PAGES = [
    *((slug, "en") for slug in (*THEMES, "provinces/110000", "provinces/320000", "provinces/440000")),
    *((slug, "zh") for slug in (*THEMES, "provinces/320000")),
]


def page_of(project: Project, slug: str) -> NotebookPage:
    (page,) = [p for p in notebook_pages(project) if p.slug == slug]
    return page


def said_in(analysis: Analysis) -> list[str]:
    """Notes, captions and alternative texts of an analysis."""
    captions = analysis.tables.get("captions", pd.DataFrame(columns=["alt", "caption"]))
    return [*analysis.notes, *captions["alt"], *captions["caption"]]


def test_every_number_of_every_analysis_has_a_proof_that_holds(analyses: dict[str, Analysis]):
    assert len(analyses) > 30
    for analysis in analyses.values():
        assert list(faults_of(analysis)) == []
        assert list(prose_faults(said_in(analysis), analysis, analysis.name)) == []


def proofs_of(analysis: Analysis) -> Iterator[tuple[str, int]]:
    """Every row with a proof: its table and its place."""
    for name, table in analysis.tables.items():
        if "gate" in table.columns:
            yield from ((name, i) for i, proof in enumerate(table["gate"]) if isinstance(proof, str) and proof)


def test_the_facts_of_every_proof_are_those_of_the_rows(analyses: dict[str, Analysis], facts: Facts):
    assert [fault for analysis in analyses.values() for fault in facts_that_differ(analysis, facts)] == []
    assert sum(len(list(proofs_of(analysis))) for analysis in analyses.values()) > 150


def test_the_committed_analyses_rest_on_the_rows_beside_them():
    published = Facts(read_tables(Project(ROOT)))
    read = [Analysis.read(path) for path in sorted((ROOT / "data/analysis").glob("*.json"))]
    assert read
    assert [fault for analysis in read for fault in facts_that_differ(analysis, published)] == []


def test_the_facts_of_other_readings_are_those_of_the_rows(tables: dict[str, pd.DataFrame], facts: Facts):
    for theme in (grade_shares, deduction_ranges, pass_rate_trends):
        made = theme(tables, PARAMETERS | {"robustness": True})
        assert "robustness" in {name for name, _ in proofs_of(made)}
        assert list(facts_that_differ(made, facts)) == []


def other(value: object) -> object:
    """A fact that is not this one."""
    if isinstance(value, bool) or value is None:
        return not value
    if isinstance(value, list):
        return [*value, 999]
    return f"{value}x" if isinstance(value, str) else value + 1


@pytest.mark.parametrize("name", ["grade_shares", "deduction_ranges", "pass_rate_trends"])
def test_a_wrong_fact_in_any_table_is_found(analyses: dict[str, Analysis], facts: Facts, name: str):
    """One row of every table and kind: each of its facts made wrong in turn."""
    given, tried = analyses[name], 0
    seen = set()
    for table, place in proofs_of(given):
        rows = given.table(table)
        (question,) = parts_of(rows["gate"].iloc[place])
        if (table, question["kind"]) in seen:
            continue
        seen.add((table, question["kind"]))
        for fact, value in question["facts"].items():
            wrong = json.dumps({"kind": question["kind"], "facts": question["facts"] | {fact: other(value)}})
            gates = [wrong if i == place else proof for i, proof in enumerate(rows["gate"])]
            forged = replace(given, tables={table: rows.assign(gate=gates)})
            assert list(facts_that_differ(forged, facts)), (table, fact)
            tried += 1
        rule = json.dumps({"kind": "npmle_curve", "facts": {"n_intervals": 10}})
        swapped = [rule if isinstance(proof, str) else None for proof in rows["gate"]]
        assert list(facts_that_differ(replace(given, tables={table: rows.assign(gate=swapped)}), facts))
    assert tried >= 2


def test_a_table_that_nobody_can_check_is_not_passed_over(facts: Facts):
    rows = pd.DataFrame([{"mean": 1.0, "gate": gated("npmle_curve", n_intervals=10)}])
    with pytest.raises(KeyError):
        list(facts_that_differ(Analysis("x", tables={"new": rows}), facts))


def test_a_made_up_trend_is_counted_again():
    rows = [
        {"circular_id": f"c{i}", "row": 1, "scope": "某省", "scope_level": "province", "scope_code": "330000"}
        | {"period": f"2017-Q{i}", "measure": "website", "inspector_level": "province", "design": "random_sample"}
        | {"n_checked": 200, "n_failed": failed, "rate": 1 - failed / 200, "comparator": "=", "province": "某省"}
        for i, failed in enumerate((30, 20, 15, 9), start=1)
    ]
    circulars = [
        {"circular_id": r["circular_id"], "province_code": "330000", "province": "某省", "period": r["period"]}
        | {"exercise": "spot_check", "copy_kind": "clean", "issuer_level": "province", "issuer": "某省人民政府办公厅"}
        for r in rows
    ]
    made_up = as_tables({"circulars": circulars, "pass_rates": rows})
    made = pass_rate_trends(made_up, PARAMETERS)
    assert len(made.table("trends")) == 1
    assert list(facts_that_differ(made, Facts(made_up))) == []
    fewer = as_tables({"circulars": circulars, "pass_rates": [{**r, "n_failed": 3, "rate": 0.985} for r in rows]})
    assert list(facts_that_differ(made, Facts(fewer)))


def test_the_committed_analyses_too():
    paths = sorted((ROOT / "data/analysis").glob("*.json"))
    assert paths
    assert [fault for path in paths for fault in faults_of(Analysis.read(path))] == []


@pytest.mark.parametrize(("slug", "language"), PAGES)
def test_every_number_of_every_page_has_a_proof_that_holds(
    project: Project, body: Callable[[str, str], str], slug: str, language: str
):
    page, text = page_of(project, slug), body(slug, language)
    analysis = Analysis.read(page.inputs[0])
    assert list(faults_on(text, slug)) == []
    assert list(prose_faults(prose_of(text), analysis, slug)) == []
    if slug == "provinces/110000":
        assert "no circular of this province has been extracted" in text and 'id="coded-provinces-website"' in text
    if slug in ("themes/grade_shares", "themes/pass_rate_trends"):
        assert text.count("data-gate=") > 3
    if slug == "themes/pass_rate_trends":
        assert 'id="national"' in text and 'id="provinces-website"' in text and 'id="provinces-new_media"' in text
        assert 'href="http' not in text  # addresses of sources are data, never links
    if slug == "provinces/320000":
        assert 'id="coded-provinces-website"' in text


PLANTED = {
    "en": {
        "a p-value": "The difference may be chance (exact p = 0.031).",
        "a small p-value": "It rises (p below 0.00001).",
        "a range of p-values": "within noise, p 0.3111 to 0.4222",
        "an interval": "11.3–12.4% of all sites pass.",
        "a share": "43.7% of the units lost more than 100 points.",
        "a mean": "Units lost 137.5 points, the mean being 137.5.",
        "a superiority": "The superiority is 0.913.",
    },
    "zh": {
        "a p-value": "差异可能出于随机（精确检验 p = 0.031）。",
        "a small p-value": "上升（p 低于 0.00001）。",
        "a range of p-values": "在抽样误差之内，p 值 0.3111 至 0.4222。",
        "an interval": "全部网站中 11.3–12.4% 合格。",
        "a share": "43.7% 的单位扣分超过 100 分。",
        "a mean": "平均扣分为 137.5 分。",
        "a superiority": "优势概率为 0.913。",
    },
}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_is_planted_on_a_page_is_found(analyses: dict[str, Analysis], body, language: str):
    """A refused number in prose, in a caption, in an alternative text and in a table of the rendered page."""
    slug = "themes/deduction_ranges"
    page, analysis = body(slug, language), analyses["deduction_ranges"]
    places = {
        "prose": lambda said: page.replace("</p>", f" {said}</p>", 1),
        "caption": lambda said: page.replace("</figcaption>", f" {said}</figcaption>", 1),
        "alternative text": lambda said: re.sub(r' alt="', lambda m: f"{m[0]}{html.escape(said)} ", page, count=1),
    }
    for what, said in PLANTED[language].items():
        for where, plant in places.items():
            planted = plant(said)
            assert planted != page and list(prose_faults(prose_of(planted), analysis, slug)), (what, where)
    for column, heading in (("p_value", "p"), ("mean", "均值"), ("share_above", "比例"), ("superiority", "优势概率")):
        proofs = ("", ' data-gate="{}"'.format(html.escape(json.dumps({"kind": "mean_deduction", "facts": REFUSED}))))
        for proof in proofs:
            rows = f"<tbody><tr{proof}><td>0.5</td></tr></tbody>"
            table = f'<table><thead><tr><th data-column="{column}">{heading}</th></tr></thead>{rows}</table>'
            assert list(faults_on(page + table, slug)), (column, proof)


REFUSED = {"n": None, "n_with_interval": None}


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
    assert not recheck(f"[{good}, {bad}]") and recheck(joined([good, good])) and joined([good, good]) == good
    assert [part["kind"] for part in parts_of(joined([good, gated("npmle_curve", n_intervals=10)]))] == [
        *("trend_test", "npmle_curve")
    ]
    with pytest.raises(TongbaoError, match="no proof to join"):
        joined([])
    for text in ("", "[]", '{"kind": 1}', '{"kind": "trend_test", "facts": []}'):
        with pytest.raises(TongbaoError, match="not a proof"):
            recheck(text)
