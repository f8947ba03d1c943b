"""From every number of the theme reports a link leads to its row, and the row shows its characters."""

import re
from collections.abc import Mapping
from pathlib import PurePosixPath

import lxml.html
import pytest

from report import seeds
from tongbao.report import sources
from tongbao.report.audit.coded import coded_body
from tongbao.report.audit.page import audit_body
from tongbao.report.html import notebook_body
from tongbao.report.kernel import run as execute
from tongbao.report.pages import all_pages
from tongbao.tidy.schema import load_schema
from tongbao.tidy.write import read_table

THEMES = ("themes/grade_shares", "themes/deduction_ranges", "themes/pass_rate_trends")
Site = Mapping[str, "Document"]


class Document:
    """A page with its elements by id."""

    def __init__(self, body: str) -> None:
        self.root = lxml.html.document_fromstring(f"<main>{body}</main>")
        self.by_id: dict[str, list[lxml.html.HtmlElement]] = {}
        for element in self.root.xpath("//*[@id]"):
            self.by_id.setdefault(element.get("id"), []).append(element)
        self.links = list(dict.fromkeys(self.root.xpath("//a[@class='source']/@href")))


@pytest.fixture(scope="module")
def site() -> Site:
    """The theme pages and all that they may lead to, by address."""
    project = seeds.project()
    made = {page.slug: page for page in all_pages(project)}
    bodies = {slug: notebook_body(execute(made[slug], project), slug) for slug in THEMES}
    bodies |= {f"circulars/{name}": audit_body(project, name, "en") for name in seeds.IDS}
    bodies["coded"] = coded_body(project, "en")
    return {f"{slug}.html": Document(body) for slug, body in bodies.items()}


def text_of(element: lxml.html.HtmlElement) -> str:
    return re.sub(r"\s+", " ", element.text_content()).strip()


def target(site: Site, page: str, href: str) -> tuple[str, lxml.html.HtmlElement]:
    """The page and the element that a link leads to, followed as a browser would."""
    path, _, anchor = href.partition("#")
    parts: list[str] = []
    for part in (PurePosixPath(page).parent / path).parts:
        parts = parts[:-1] if part == ".." else [*parts, part]
    address = "/".join(parts)
    assert address in site, f"{page} leads to {address}, which is no page"
    found = site[address].by_id.get(anchor, [])
    assert len(found) == 1, f"{page} leads to {href}: {len(found)} such places"
    return address, found[0]


def number_rows(document: Document):
    """Every row of every table that holds a digit anywhere."""
    for row in document.root.xpath("//main//table//tbody/tr"):
        if re.search(r"\d", text_of(row)):
            yield row


@pytest.mark.parametrize("slug", THEMES)
def test_every_number_leads_to_its_row(site: Site, slug: str):
    n_cells = n_rows = 0
    for row in number_rows(site[f"{slug}.html"]):
        links = row.xpath(".//a[@class='source']/@href")
        assert links, f"{slug}: no source in the row {text_of(row)[:120]}"
        own = row.xpath("./td[last()]/a[@title]")  # the column of several sources serves the whole row
        for cell in row.xpath("./td"):
            is_number = "n" in (cell.get("class") or "").split() and re.search(r"\d", text_of(cell))
            if is_number and not own and not is_index(cell):
                assert cell.xpath("./a[@class='source']"), f"{slug}: {text_of(cell)} of {text_of(row)[:120]}"
                n_cells += 1
        for href in links:
            target(site, f"{slug}.html", href)
        n_rows += 1
    assert n_rows > 25 and n_cells > 50


def is_index(cell: lxml.html.HtmlElement) -> bool:
    """Whether a cell is the position in lists side by side: each of the names beside it leads to its own row."""
    return cell.getparent().index(cell) == 0 and cell.xpath("boolean(ancestor::table[starts-with(@id, 'ranked-')])")


def test_rows_show_their_characters_in_sentence_and_raw_text(site: Site):
    """The place that a link to a row leads to holds the row's quote, as the tidy table has it."""
    project = seeds.project()
    schema = load_schema(project.reference)
    quotes = {
        (f"circulars/{r['circular_id']}.html", f"{t.name}-{r['row']}"): r["quote"]
        for t in schema.tables
        if t.has_span
        for r in read_table(t, project.tidy / f"{t.name}.csv").to_dict("records")
    }
    followed = set()
    for slug in THEMES:
        for href in site[f"{slug}.html"].links:
            address, place = target(site, f"{slug}.html", href)
            key = (address, place.get("id"))
            if key in quotes and key not in followed:
                said = place.xpath(".//dl[@class='evidence']//p[contains(@class, 'said')]")
                sentence, raw = said
                marked = "".join(text_of(mark) for mark in sentence.xpath(".//mark"))
                assert marked.replace(" ", "") == re.sub(r"\s", "", quotes[key]), key
                assert raw.xpath(".//mark"), key
                followed.add(key)
    assert len(followed) > 100


def test_aggregates_lead_to_the_rows_they_were_counted_from(site: Site):
    """Where a number stems from a whole table of a circular, the link leads to the list of its rows."""
    seen = set()
    for slug in THEMES:
        for href in site[f"{slug}.html"].links:
            _, place = target(site, f"{slug}.html", href)
            if place.tag == "section" and place.get("id") != "circulars":
                assert place.xpath(".//tbody[@id]"), href
                seen.add(place.get("id"))
    assert {"grade_totals", "ratings", "deductions", "findings"} <= seen


def test_coded_figures_lead_to_the_coded_row_with_its_source(site: Site):
    hrefs = [href for href in site["themes/pass_rate_trends.html"].links if "coded.html" in href]
    assert len(hrefs) > 150
    for href in hrefs:
        address, place = target(site, "themes/pass_rate_trends.html", href)
        assert address == "coded.html" and place.tag == "tr" and re.search(r"\d", text_of(place))


def test_a_row_that_does_not_say_its_origin_is_no_link():
    assert sources.origins({"circular_id": "a", "row": 1}, "some-table") == []
    assert sources.origins({"circular_id": None, "row": None, "source_table": None}) == []
    assert sources.origins({"coded_file": None, "coded_row": float("nan"), "source_table": None}) == []
    (one,) = sources.origins({"circular_id": "a", "row": 2, "source_table": "ratings"})
    assert one.href == "../circulars/a.html#ratings-2"
    (whole,) = sources.origins({"circular_id": "a"}, "bands")
    assert whole.href == "../circulars/a.html#grade_totals"
    two = sources.origins({"sources": "a#pass_rates-1 @coded#file-7 b"})
    assert [o.href for o in two] == [
        "../circulars/a.html#pass_rates-1",
        "../coded.html#coded-file-7",
        "../circulars/b.html#circulars",
    ]
