"""The notebooks: committed without outputs, with parameters; each runs and shows the numbers of its analysis."""

import ast
import csv
import html
import json
import re
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

from theme_tables import ROOT
from tongbao.project import Project
from tongbao.report.figure import MISSING, cell_text
from tongbao.report.language import translate
from tongbao.report.pages import notebook_pages
from tongbao.stats.result import Analysis
from tongbao.stats.themes.captions import PARTS
from tongbao.stats.themes.corpus import records

NOTEBOOKS = ROOT / "notebooks"
NAMES = ["deduction_ranges", "grade_shares", "pass_rate_trends", "province"]
ALLOWED = re.compile(r"tongbao\.(project|stats\.result|report(\..+)?)$")

# What must stand on each page, and the numbers of the gold that it must show.
EXPECTED = {
    "grade_shares": ["31.8%", "81.8%", "73.3%", "0.5788", "0.2691", "13.6%", "58.1%", "武威市"],
    "deduction_ranges": ["266.5", "38.9%", "市盐务局", "办事指南不准确"],
    "pass_rate_trends": ["93.5–97.6%", "259 of 270", "31.4–98.7%", "62.4%", "94.5%", "90.4%", "2.7%"],
    "province-320000": ["93.5–97.6%", "annex_list_length", "省级部门"],
    "province-440000": ["no title printed", "no_unit_twice_in_list", "36 of 36", "地级以上市"],
    "province-610000": ["266.5", "市规划局", "doubled_words"],
    "province-620000": ["武威市", "at least 96", ">=95%"],
}


def cells(name: str) -> list[dict]:
    return json.loads((NOTEBOOKS / f"{name}.ipynb").read_text("utf-8"))["cells"]


def test_these_are_all_notebooks():
    by_hand = {"explore", "start"}  # for JupyterLab; no pages are made of them (tests/desk)
    assert sorted({p.stem for p in NOTEBOOKS.glob("*.ipynb")} - by_hand) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_no_outputs_are_committed(name):
    for cell in cells(name):
        assert not cell.get("outputs") and cell.get("execution_count") is None


@pytest.mark.parametrize("name", NAMES)
def test_there_is_one_cell_of_parameters(name):
    tagged = [c for c in cells(name) if "parameters" in c["metadata"].get("tags", [])]
    assert len(tagged) == 1
    assert all(isinstance(node, ast.Assign) for node in ast.parse("".join(tagged[0]["source"])).body)


@pytest.mark.parametrize("name", NAMES)
def test_notebooks_read_analyses_only(name):
    code = "\n".join("".join(c["source"]) for c in cells(name) if c["cell_type"] == "code")
    imported = [n.module for n in ast.walk(ast.parse(code)) if isinstance(n, ast.ImportFrom) and n.module]
    ours = [m for m in imported if m.startswith("tongbao")]
    assert ours and all(ALLOWED.match(m) for m in ours)
    assert not re.search(r"read_csv|open\(|read_parquet|Path\(", code)


@pytest.mark.parametrize("name", NAMES)
def test_no_number_is_typed_into_the_prose(name):
    prose = "\n".join("".join(c["source"]) for c in cells(name) if c["cell_type"] == "markdown")
    # The scale itself may be named: 100 points, 100%, 0.5 for no difference.
    numbers = set(re.findall(r"\d+(?:\.\d+)?", prose)) - {"100", "0.5"}
    assert numbers == set()


@pytest.mark.parametrize("name", EXPECTED)
def test_each_page_runs_and_shows_its_numbers(project: Project, body: Callable[[str, str], str], name: str):
    own = project.analysis / f"{name}.json"
    (page,) = [p for p in notebook_pages(project) if own in p.inputs]
    assert page.inputs == (own,)  # a page reads its own analysis and no other
    text = body(page.slug, "en")
    plain = html.unescape(re.sub(r"<[^>]+>", "", text))
    for number in EXPECTED[name]:
        assert number in plain, number
    assert text.count("<figure") >= 1
    analysis = json.loads(own.read_text("utf-8"))
    captions = analysis["tables"]["captions"]
    figures = {row[captions["columns"].index("figure")] for row in captions["rows"]}
    shown = set(re.findall(r'<figure id="([^"]+)"', text)) | set(re.findall(r'<table id="(ranked-[^"]+)"', text))
    assert shown == figures
    for note in analysis["notes"]:
        assert note.split(":")[0].split(" ")[0] in plain
    for refused in analysis["refused"]:
        assert refused["reason"].split(".")[0].split("(")[0] in plain


with (Path(__file__).parent / "technical_words.csv").open(encoding="utf-8", newline="") as file:
    TECHNICAL = list(csv.DictReader(file))
READ = [
    ("provinces/440000", "en"),
    *(
        (slug, language)
        for language in ("en", "zh")
        for slug in ("themes/grade_shares", "themes/deduction_ranges", "themes/pass_rate_trends", "provinces/320000")
    ),
]


def unexplained(page: str, language: str) -> list[str]:
    """Technical words of a page without their plain words: code and pictures are left out."""
    bare = re.sub(r'<pre.*?</pre>|src="data:[^"]*"', " ", page, flags=re.DOTALL)
    seen = html.unescape(re.sub(r"<[^>]+>", "", bare))
    rows = [row for row in TECHNICAL if row["language"] == language and re.search(row["word"], seen)]
    return [row["word"] for row in rows if not row["explained_by"] or not re.search(row["explained_by"], seen)]


@pytest.mark.parametrize(("slug", "language"), READ)
def test_technical_words_are_explained_on_the_page(body: Callable[[str, str], str], slug: str, language: str):
    assert unexplained(body(slug, language), language) == []


def test_an_unexplained_word_is_found():
    assert unexplained("<p>By its superiority.</p>", "en") == ["[Ss]uperiority"]
    assert unexplained("<p>Superiority counts pairs, ties counting half.</p><pre>rubric</pre>", "en") == []
    assert unexplained("<p>The posterior mean.</p>", "en") == ["[Pp]osterior"]
    assert unexplained("<p>超几何分布，p 值为</p>", "zh") == ["p 值", "超几何"]


def squeezed(text: str) -> str:
    """Without blanks: links to rows stand between sentences."""
    return "".join(text.split())


@pytest.mark.parametrize(("slug", "language"), READ)
def test_every_figure_on_a_page_says_its_five_parts(
    project: Project, body: Callable[[str, str], str], slug: str, language: str
):
    (page,) = [p for p in notebook_pages(project, language) if p.slug.removeprefix(f"{language}/") == slug]
    captions = {r["figure"]: r for r in records(Analysis.read(page.inputs[0]).table("captions"))}
    text = body(slug, language)
    shown = re.findall(r'<(figure|table) id="([^"]+)"(.*?)</\1>', text, re.DOTALL)
    checked = 0
    for _, name, inside in shown:
        if name not in captions:
            continue
        found = re.search(r"<(figcaption|caption)[^>]*>(.*?)</\1>", inside, re.DOTALL)
        said = squeezed(html.unescape(re.sub(r"<a [^>]*>→</a>|<[^>]+>", "", found[2] if found else "")))
        for part in PARTS:
            wanted = squeezed(translate(captions[name][part], language))
            assert wanted and wanted in said, (name, part)
        checked += 1
    assert checked == len(captions) > 0


@pytest.mark.parametrize("name", ["deduction_ranges", "grade_shares", "pass_rate_trends"])
def test_a_notebook_runs_from_its_own_folder(project: Project, monkeypatch: pytest.MonkeyPatch, name: str):
    """As in JupyterLab: no runner, no declared inputs, another working folder; its numbers are those of the JSON."""
    from nbclient import NotebookClient

    monkeypatch.delenv("TONGBAO_PROJECT", raising=False)
    monkeypatch.delenv("TONGBAO_PAGE_INPUTS", raising=False)
    folder = project.root / "lab"
    folder.mkdir(exist_ok=True)
    notebook = nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4)
    NotebookClient(
        notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(folder)}}
    ).execute()
    shown_html = [o["data"].get("text/html", "") for c in notebook.cells for o in c.get("outputs", []) if "data" in o]
    tables = json.loads((project.analysis / f"{name}.json").read_text("utf-8"))["tables"].values()
    values = [v for t in tables for row in t["rows"] for v in row if isinstance(v, int | float)]
    known = {cell_text(v, form) for v in values for form in ("", ".0%", ".1%")} | {MISSING}
    cells = re.findall(r'<td class="n">(.*?)</td>', "".join(shown_html), re.S)
    shown = [html.unescape(re.sub(r"<[^>]+>", "", cell)) for cell in cells]
    assert len(shown) > 20
    assert [text for text in shown if text not in known] == []
