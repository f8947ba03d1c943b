"""The front page: what the project holds, what it found out, where every figure stands, how to cite it.

What belongs here: the body of `index.html`, read from the tidy tables and the analyses. What does not: any number that
they do not hold; how its map and its table of figures are made (`tilemap`, `finder`).
"""

import csv
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import yaml

from tongbao.project import Project
from tongbao.report import sources, trace
from tongbao.report.finder import find_table
from tongbao.report.grid import Column, grid, link
from tongbao.report.language import say, translate
from tongbao.report.page import address
from tongbao.report.pages import DATA
from tongbao.report.safe import attribute, escape
from tongbao.report.tables import Row, read_table
from tongbao.report.themes import THEMES
from tongbao.report.tilemap import tile_map
from tongbao.report.tiles import province_title, tile_grid
from tongbao.stats.result import Analysis

HEADLINES = 3
"""Notes of a theme's analysis that the front page repeats."""

_WHAT = (
    "Tongbao (通报) turns scraped circulars on inspections of Chinese government websites into repaired text, "
    "tidy tables and comparisons, and leads every number back to the characters it was read from.",
    "What the circulars do not support is refused, with the reason; nothing is guessed.",
)
_PARTS = {
    "find": "Find a figure",
    "provinces": "Provinces",
    "circulars": "Circulars",
    "data": "Data",
    "cite": "How to cite",
}


def index_body(project: Project, failed: Sequence[str], language: str) -> str:
    """Return the HTML of the front page's body.

    Args:
        project: its tidy tables, analyses and CITATION.cff are read.
        failed: addresses of pages that could not be built; they are named but not linked.
        language: "en" or "zh".

    Raises:
        TongbaoError: the tidy tables have not been made.
    """
    circulars = read_table(project, "circulars")
    codes = {path.stem.removeprefix("province-") for path in project.analysis.glob("province-*.json")}
    pages = {code for code in codes if f"provinces/{code}" not in failed}
    counts = Counter(row["province_code"] for row in circulars if row["province_code"])
    heads = {name: f'<h2 id="{name}">{escape(say(title, language))}</h2>' for name, title in _PARTS.items()}
    parts = [
        *(f"<p>{escape(say(text, language))}</p>" for text in _WHAT),
        _covered(project, circulars, counts, language),
        _contents(language),
        f"<h2>{escape(say('Findings', language))}</h2>",
        '<div class="themes">',
        *(_theme(project, name, failed, language) for name in THEMES),
        "</div>",
        heads["find"],
        find_table(project, language),
        heads["provinces"],
        tile_map(project, counts, pages, language),
        heads["circulars"],
        _circulars(project, circulars, failed, language),
        heads["data"],
        _downloads(project, language),
        heads["cite"],
        f'<p class="citation">{escape(citation(project.root / "CITATION.cff", language))}</p>',
        "<p>"
        + escape(say("A figure is cited by its circular: issuer, title, document number and date.", language))
        + "</p>",
    ]
    return "\n".join(parts)


def citation(path: Path, language: str = "en") -> str:
    """Return the citation that a CITATION.cff file asks for, as a sentence."""
    if not path.is_file():
        return say("This project has no CITATION.cff; cite the circulars themselves.", language)
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    authors = ", ".join(_author(a) for a in content.get("authors", []))
    known = [authors, str(content["title"])]
    known += [f"Version {content['version']}"] if "version" in content else []
    known += [str(content[key]) for key in ("date-released", "doi", "repository-code", "url") if key in content]
    return ". ".join(part.rstrip(".") for part in known if part) + "."


def _author(author: Row) -> str:
    return author.get("name") or " ".join(filter(None, (author.get("given-names"), author.get("family-names"))))


def _contents(language: str) -> str:
    items = "".join(f"<li>{link(f'#{name}', say(title, language))}</li>" for name, title in _PARTS.items())
    return f'<nav class="contents" aria-label="{attribute(say("On this page", language))}"><ul>{items}</ul></nav>'


def _covered(project: Project, circulars: Sequence[Row], counts: Counter[str], language: str) -> str:
    """What is covered, as a list of names and values."""
    years = sorted({row["period"][:4] for row in circulars if row["period"]})
    levels = Counter(row["issuer_level"] or "level not known" for row in circulars)
    checks = read_table(project, "checks")
    held = sum(row["holds"].lower() == "true" for row in checks)
    span = years[0] if len(years) == 1 else f"{years[0]}–{years[-1]}" if years else "–"
    facts = [
        ("Circulars", str(len(circulars))),
        ("Years", span),
        (
            "Provinces",
            say("{n:d} of {all:d}", language, n=len(counts), all=len(tile_grid(project))),
        ),
        (
            "Levels of issuers",
            "; ".join(f"{say(level, language)} {n}" for level, n in sorted(levels.items())),
        ),
        ("Checks that hold", say("{n:d} of {all:d}", language, n=held, all=len(checks))),
        ("Repairs", f"{sum(int(row['n_repairs'] or 0) for row in circulars):,}"),
    ]
    items = "".join(f"<div><dt>{escape(say(k, language))}</dt><dd>{escape(v)}</dd></div>" for k, v in facts)
    return f'<dl class="covered">{items}</dl>'


def _theme(project: Project, name: str, failed: Sequence[str], language: str) -> str:
    title = say(THEMES[name], language)
    path = project.analysis / f"{name}.json"
    items = "".join(f"<li>{text}</li>" for text in _headlines(Analysis.read(path), language)) if path.is_file() else ""
    if f"themes/{name}" in failed:
        head = escape(say("{name}: this page could not be built", language, name=title))
    else:
        head = link(f"themes/{name}.html", title)
    return f"<section><h3>{head}</h3>\n<ul>{items}</ul></section>"


def _headlines(analysis: Analysis, language: str) -> list[str]:
    """The first notes of an analysis, their numbers linked as on the page of the theme, which lies a folder deeper."""
    about = trace.about([analysis])
    linked = [
        trace.traced(translate(note, language), about.known, about.rest(note)) for note in analysis.notes[:HEADLINES]
    ]
    return [text.replace(f'href="{sources.HOME}', 'href="') for text in linked]


def _circulars(project: Project, circulars: Sequence[Row], failed: Sequence[str], language: str) -> str:
    columns = [
        Column(say("Circular", language), is_head=True),
        Column(say("Issuer", language)),
        Column(say("Document number", language)),
        Column(say("Province", language)),
        Column(say("Period", language)),
        Column(say("Kind", language)),
        Column(say("Repairs", language), is_number=True),
        Column(say("Numerals explained", language), is_number=True),
    ]
    rows = []
    for row in circulars:
        name = row["circular_id"]
        title = row["title"] or say("no title printed", language)
        if f"circulars/{name}" in failed:
            head = escape(say("{name}: this page could not be built", language, name=title))
        else:
            head = link(f"circulars/{name}.html", title)
        explained = say("{n} of {all}", language, n=row["n_numerals_explained"], all=row["n_numerals"])
        rows.append(
            [
                f'{head}<br><span class="facts">{escape(name)}</span>',
                escape(row["issuer"] or say("issuer not printed", language)),
                escape(row["doc_number"] or say("no document number", language)),
                escape(province_title(project, row["province_code"], language) if row["province_code"] else "–"),
                escape(row["period"] or say("period not stated", language)),
                escape(say(row["exercise"].replace("_", " "), language) if row["exercise"] else "–"),
                escape(row["n_repairs"]),
                escape(explained),
            ]
        )
    ids = [f"circular-{row['circular_id']}" for row in circulars]
    caption = say("All circulars; the title leads to the text with every row that was read from it", language)
    return grid(caption, columns, rows, name="all-circulars", language=language, ids=ids, can_search=True)


def _downloads(project: Project, language: str) -> str:
    titles = _table_titles(project, language)
    there = sorted(p.stem for p in project.tidy.glob("*.csv"))
    names = [*(name for name in titles if name in there), *(name for name in there if name not in titles)]
    up = "../" * address("", language).count("/")
    rows = [
        [
            escape(titles.get(name) or say("Rows and files left out", language)),
            str(len(read_table(project, name))),
            link(f"{up}{DATA}/{name}.csv", f"{name}.csv"),
        ]
        for name in names
    ]
    columns = [
        Column(say("Table", language), is_head=True),
        Column(say("Rows", language), is_number=True),
        Column(say("File", language)),
    ]
    table = grid(say("Tables to download (CSV, UTF-8)", language), columns, rows, name="downloads", language=language)
    package = link(f"{up}{DATA}/datapackage.json", "datapackage.json")
    codebook = link("codebook.html", say("Codebook", language))
    intro = say("What each table and column means stands in the codebook, for programs in the data package:", language)
    coded = link("coded.html", say("Figures coded by hand", language))
    said = say("Figures coded by hand, with their sources:", language)
    return f"<p>{escape(intro)} {codebook}, {package}</p>\n<p>{escape(said)} {coded}</p>\n{table}"


def _table_titles(project: Project, language: str) -> dict[str, str]:
    path = project.reference / "tables.csv"
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return {row["table"]: row[f"title_{language}"] for row in csv.DictReader(handle)}
