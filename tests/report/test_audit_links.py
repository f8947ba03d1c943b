"""From every number of the theme reports a link leads to its row, and the row shows its characters."""

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

import lxml.html
import pytest

from report import seeds
from tongbao.report import sources, trace, warm
from tongbao.report.page import NotebookPage, Page, read_notebook
from tongbao.report.pages import all_pages
from tongbao.report.site import make_page
from tongbao.tidy.schema import load_schema
from tongbao.tidy.write import read_table

NAMES = ("themes/grade_shares", "themes/deduction_ranges", "themes/pass_rate_trends")
THEMES = (*NAMES, *(f"zh/{name}" for name in NAMES))
Site = Mapping[str, "Document"]


class Document:
    """A page with its elements by id."""

    def __init__(self, page: str) -> None:
        self.root = lxml.html.document_fromstring(page)
        self.by_id: dict[str, list[lxml.html.HtmlElement]] = {}
        for element in self.root.xpath("//*[@id]"):
            self.by_id.setdefault(element.get("id"), []).append(element)
        self.links = list(dict.fromkeys(self.root.xpath("//a[contains(@class, 'source')]/@href")))


@pytest.fixture(scope="module")
def wanted() -> dict[str, Page]:
    """The theme pages and all that they may lead to, in both languages."""
    pages = {page.slug: page for page in all_pages(seeds.project())}
    return {
        slug: page for slug, page in pages.items() if slug in THEMES or page.path.startswith(("circulars/", "coded"))
    }


@pytest.fixture(scope="module")
def site(wanted: dict[str, Page]) -> Site:
    """These pages as they are built, by address."""
    made = {}
    with warm.Pool(2) as pool:
        for page, content in pool.run(make_page, wanted.values(), seeds.project()):
            assert isinstance(content, str), content
            made[f"{page.slug}.html"] = Document(content)
    return made


def text_of(element: lxml.html.HtmlElement) -> str:
    return re.sub(r"\s+", " ", element.text_content()).strip()


def target(site: Site, page: str, href: str) -> tuple[str, lxml.html.HtmlElement]:
    """The page and the element that a link leads to, followed as a browser would."""
    path, _, anchor = href.partition("#")
    parts: list[str] = []
    for part in (PurePosixPath(page).parent / path if path else PurePosixPath(page)).parts:
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
        links = row.xpath(".//a[contains(@class, 'source')]/@href")
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
        (f"{folder}circulars/{r['circular_id']}.html", f"{t.name}-{r['row']}"): r["quote"]
        for folder in ("", "zh/")
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
    assert len(followed) > 200


def test_aggregates_lead_to_the_rows_they_were_counted_from(site: Site):
    """Where a number stems from a whole table of a circular, the link leads to the list of its rows."""
    seen = set()
    for slug in THEMES:
        for href in site[f"{slug}.html"].links:
            _, place = target(site, f"{slug}.html", href)
            if place.tag == "section" and place.get("id") != "circulars" and not href.startswith("#"):
                assert place.xpath(".//tbody[@id]"), href
                seen.add(place.get("id"))
    assert {"grade_totals", "ratings", "deductions", "findings"} <= seen


def test_coded_figures_lead_to_the_coded_row_with_its_source(site: Site):
    hrefs = [href for href in site["themes/pass_rate_trends.html"].links if "coded.html" in href]
    assert len(hrefs) > 150
    for href in hrefs:
        if href.endswith("#coded"):  # the whole list
            continue
        address, place = target(site, "themes/pass_rate_trends.html", href)
        assert address == "coded.html" and place.tag == "tr" and re.search(r"\d", text_of(place))


def holder(text: object) -> lxml.html.HtmlElement:
    """The element that a piece of text stands in; lxml counts what follows an element as belonging to it."""
    own = text.getparent()
    return own.getparent() if text.is_tail else own


def sentence(text: object) -> lxml.html.HtmlElement | None:
    """The remark, caption or refusal that a piece of text belongs to; nothing for tables, code and fixed prose."""
    kinds = "self::figcaption or self::p[@class='note'] or self::li[ancestor::section[@class='refused']]"
    found = holder(text).xpath(f"ancestor-or-self::*[{kinds}]")
    return found[0] if found else None


def elsewhere(text: object) -> str:
    """Where a number may stand beside sentences, and why that is no gap."""
    known = {
        "table": "table",  # the tests above follow its rows; its caption belongs to them
        "details[contains(@class, 'code')]": "code",
        "section[@class='prose']": "prose",  # the same whatever the data, see below
        "h1": "title",
    }
    own = holder(text)
    return next((name for path, name in known.items() if own.xpath(f"boolean(ancestor-or-self::{path})")), "")


def numbers_of(element: lxml.html.HtmlElement) -> Iterator[tuple[str, lxml.html.HtmlElement | None]]:
    """The numbers of a sentence that are data, each with the link that it is in, if it is."""
    shown = element.xpath(".//text()[not(ancestor::span[@class='behind'])]")
    pieces = [(str(text), holder(text)) for text in shown]
    whole = "".join(text for text, _ in pieces)
    ends = [sum(len(text) for text, _ in pieces[: n + 1]) for n in range(len(pieces))]
    for number in trace.numbers_in(whole):
        _, parent = pieces[next(n for n, end in enumerate(ends) if end >= number.end)]
        link = parent.xpath("ancestor-or-self::a[@class='source']")
        yield whole[number.start : number.end], link[0] if link else None


@pytest.mark.parametrize("slug", THEMES)
def test_no_number_stands_where_nobody_looks(site: Site, slug: str):
    """Every digit of the page is in a sentence, a table, code, the title or the fixed prose of the notebook."""
    for text in site[f"{slug}.html"].root.xpath("//main//text()"):
        if re.search(r"\d", text):
            assert sentence(text) is not None or elsewhere(text), text


@pytest.mark.parametrize("slug", THEMES)
def test_every_number_of_a_sentence_leads_to_its_rows(site: Site, slug: str):
    """By a link of its own, or by the links behind the sentence; what is no data is set apart with a reason."""
    address = f"{slug}.html"
    seen = [e for text in site[address].root.xpath("//main//text()") if (e := sentence(text)) is not None]
    n_linked = n_behind = 0
    for element in dict.fromkeys(seen):
        behind = element.xpath(".//span[@class='behind']/a/@href")
        for number, link in numbers_of(element):
            assert link is not None or behind, f"{slug}: {number} of {text_of(element)[:160]}"
            n_linked, n_behind = n_linked + (link is not None), n_behind + (link is None)
        for href in behind:
            _, place = target(site, address, href)
            assert (
                place.xpath("boolean(descendant-or-self::*[self::tr or self::table])") or place.get("id") == "circulars"
            )
    assert n_linked >= 5 and n_behind >= 2


@pytest.mark.parametrize("slug", THEMES)
def test_the_row_of_a_number_in_a_sentence_shows_it(site: Site, slug: str):
    """On the page it leads to; a number that was computed shows in a row of this page which leads to the same place."""
    address = f"{slug}.html"
    document = site[address]
    rows: dict[str, str] = {}
    for row in document.root.xpath("//main//table//tbody/tr"):
        for href in {
            h for link in row.xpath(".//a[contains(@class, 'source')]/@href") for h in (link, whole_table(link))
        }:
            rows[href] = " ".join([rows.get(href, ""), *row.itertext()])
    n = 0
    for element in document.root.xpath("//main//*[self::figcaption or self::p[@class='note'] or self::li]"):
        for number, link in numbers_of(element):
            if link is not None:
                place = target(site, address, link.get("href"))[1]
                shown = " ".join([*place.itertext(), rows.get(link.get("href"), "")])
                assert prints(shown, number), f"{slug}: {number} of {text_of(element)[:160]}: {shown[:300]}"
                n += 1
    assert n >= 5


def whole_table(href: str) -> str:
    return re.sub(r"-\d+$", "", href)


def prints(text: str, number: str) -> bool:
    """Whether a text prints the number, or a longer one that rounds to it, as hundredths or as a fraction."""
    digits = re.sub(r"[^\d.]", "", number)
    decimals = len(digits.partition(".")[2])
    printed = [float(found.replace(",", "")) for found in re.findall(r"\d[\d,]*(?:\.\d+)?", text)]
    return any(f"{value * scale:.{decimals}f}" == digits for value in printed for scale in (1, 100))


@pytest.mark.parametrize("slug", THEMES)
def test_fixed_prose_holds_no_figure_of_a_circular(site: Site, wanted: dict[str, Page], slug: str):
    """What the notebook says beside its cells was written before any data: its numbers are those of the notebook."""
    page = wanted[slug]
    assert isinstance(page, NotebookPage)
    written = " ".join(c.source for c in read_notebook(page.notebook).cells if c.cell_type == "markdown")
    shown = " ".join(text_of(section) for section in site[f"{slug}.html"].root.xpath("//section[@class='prose']"))
    assert set(re.findall(r"\d+(?:\.\d+)?", shown)) <= set(re.findall(r"\d+(?:\.\d+)?", written))


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
