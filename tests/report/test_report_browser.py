"""The pages in a real browser: nothing is fetched, nothing runs, Chinese comes from the page's own font."""

import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from browser import chromium, missing_glyphs
from tongbao.project import Project
from tongbao.report import font

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    with chromium() as running:
        yield running


def pages_of(project: Project) -> list[Path]:
    return sorted(project.reports.rglob("*.html"))


def test_hostile_texts_are_read_as_texts(browser, built) -> None:
    page = browser.new_page()
    for path in pages_of(built[0]):
        page.goto(path.as_uri())
        assert "Tongbao" in page.title()
        assert page.evaluate("[...document.scripts].map(s => s.parentNode.tagName)") == ["BODY"]  # ours
        assert page.evaluate("document.querySelectorAll('iframe, object, embed').length") == 0
        assert page.evaluate("window.owned") is None
        assert page.evaluate("document.querySelectorAll('h1').length") == 1
        if path.parent.name in {"themes", "provinces"}:
            shown = page.inner_text("main")
            for text in ("<script>document.title='owned'</script>", '"><img src=x onerror=', "[U+202E]格合不[U+202C]"):
                assert text in shown
    page.close()


def test_no_glyph_is_missing(browser, built) -> None:
    """Every character beyond ASCII is in the page's own font, the browser loads it, and it draws what it should.

    With the page's font alone, `missing` would all have the width of the empty box; the widths of the machine's
    fonts cannot help, because the test names no other font.
    """
    page = browser.new_page()
    for path in pages_of(built[0]):
        assert missing_glyphs(path) == set(), path.name
        page.goto(path.as_uri())
        loaded = page.evaluate(
            "async () => { await document.fonts.ready; return [...document.fonts].map(f => [f.family, f.status]) }"
        )
        assert [(family.strip('"'), status) for family, status in loaded] == [(font.FAMILY, "loaded")]
        family = page.evaluate("getComputedStyle(document.querySelector(':lang(zh)')).fontFamily")
        assert family.startswith(f'"{font.FAMILY}"')
    page.close()


def test_chinese_is_drawn_by_the_embedded_font(browser, built) -> None:
    """What Chromium itself says it drew a Chinese run with."""
    page = browser.new_page()
    page.goto((built[0].reports / "themes/grade_shares.html").as_uri())
    session = page.context.new_cdp_session(page)
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    nodes = session.send("DOM.querySelectorAll", {"nodeId": root, "selector": "main span[lang]"})["nodeIds"]
    assert len(nodes) > 5
    for node in nodes:
        fonts = session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
        for used in fonts:
            assert used["isCustomFont"], used
    page.close()


def test_code_is_folded_and_one_switch_unfolds_all_without_a_script(browser, built) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((built[0].reports / "themes/grade_shares.html").as_uri())
    code = page.locator("details.code pre").nth(1)
    assert not code.is_visible()
    page.locator("#all-code").check()
    assert code.is_visible()
    page.locator("#all-code").uncheck()
    page.locator("details.code > summary").nth(1).click()
    assert code.is_visible()
    context.close()


def test_links_of_the_index_lead_to_pages_and_back(browser, built) -> None:
    page = browser.new_page()
    page.goto((built[0].reports / "index.html").as_uri())
    page.locator("#map .tiles a", has_text="江苏").click()
    assert page.inner_text("h1") == "Jiangsu 江苏"
    page.get_by_role("link", name="中文").click()
    assert page.url.endswith("/zh/provinces/320000.html") and page.inner_text("h1") == "江苏"
    page.get_by_role("link", name="总览").click()
    assert page.url.endswith("/zh/index.html")
    page.get_by_role("link", name="数据质量").click()
    assert page.get_by_role("link", name="数据质量").get_attribute("aria-current") == "page"
    page.get_by_role("link", name="Tongbao").click()
    assert page.url.endswith("reports/zh/index.html")
    page.close()


def test_every_link_leads_somewhere(built) -> None:
    """Links between pages, to places on them, and to downloads; those to rows are the audit pages' own matter."""
    reports = built[0].reports
    for path in pages_of(built[0]):
        for target in re.findall(r'href="([^"]+)"', path.read_text("utf-8")):
            file, _, anchor = html.unescape(target).partition("#")
            there = (path.parent / file).resolve() if file else path
            assert there.is_file() and there.is_relative_to(reports), f"{path.name}: {target}"
            if anchor and there.parent.name != "circulars":
                assert f'id="{anchor}"' in there.read_text("utf-8"), f"{path.name}: {target}"


def test_figures_are_described_and_scroll_on_a_phone(browser, built) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 800})
    page.goto((built[0].reports / "themes/grade_shares.html").as_uri())
    image = page.locator("figure img").first
    assert image.get_attribute("alt") == "Bars of counts by unit"
    assert image.evaluate("i => i.complete && i.naturalWidth > 0")
    assert image.bounding_box()["width"] >= 500
    page.close()
