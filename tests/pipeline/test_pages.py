"""The pages that the real pipeline makes, as a person sees them: every page opened, wide and narrow, light and dark."""

import re

import pytest

from axe import violations
from browser import chromium, listen, missing_glyphs, outside
from small_project import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.pipeline]

PHONE = (390, "light", "screen")
VIEWS = ((1280, "light", "screen"), (1280, "dark", "screen"), PHONE, (800, "light", "print"))
KINDS = re.compile(r"(?:zh/)?(?:[a-z-]+|themes/.*|provinces/320000|circulars/jiangsu.*)\.html")
"""A page of every kind is looked at in every view; the others, made by the same code, in one view each, in turn."""
EXAMINED = re.compile(r"(?:zh/)?(?:index|data-quality|themes/.*|provinces/320000|circulars/jiangsu.*)\.html")
"""The codebook and the list of coded figures are long, and examined as made-up pages (tests/report)."""


def test_every_page_opens_quietly_and_legibly_and_has_no_grave_fault(request):
    reports = ROOT / "reports"
    if not (reports / "index.html").is_file():  # no `make repro` here yet: a smaller site will do
        reports = request.getfixturevalue("first_build").root / "reports"
    paths = sorted(reports.rglob("*.html"))
    of_a_kind = [path for path in paths if KINDS.fullmatch(path.relative_to(reports).as_posix())]
    assert len(of_a_kind) >= 18
    with chromium() as browser:
        page = browser.new_page(bypass_csp=True)
        requests, messages = listen(page)
        for i, path in enumerate(paths):
            name = path.relative_to(reports).as_posix()
            requests.clear()
            page.goto(path.as_uri())
            page.evaluate("document.fonts.ready")
            assert missing_glyphs(path) == set(), name
            assert page.evaluate("[...document.querySelectorAll('figure img')].every(i => i.naturalWidth > 0)"), name
            for view in VIEWS if path in of_a_kind else [VIEWS[i % len(VIEWS)]]:
                width, scheme, media = view
                page.set_viewport_size({"width": width, "height": 900})
                page.emulate_media(color_scheme=scheme, media=media)
                assert page.evaluate("document.documentElement.scrollWidth") <= width, (name, view)
                if view == PHONE and EXAMINED.fullmatch(name):
                    assert violations(page) == [], (name, view)  # the made-up pages are examined in every view
            assert (outside(requests, path), messages) == ([], []), name


def test_from_the_front_page_to_a_figure_its_interval_its_sentence_and_its_repairs(first_build):
    """What a newcomer does: search, read the interval, follow the quotation."""
    with chromium() as browser:
        page = browser.new_page()
        page.goto((first_build.root / "reports/index.html").as_uri())
        page.get_by_label("Show only rows with").first.fill("Jiangsu 2018-Q3 pass rate")
        rows = page.locator("#find-figures tbody tr:visible")
        assert rows.count() == 1
        assert "96%" in rows.inner_text() and "93.5–97.6%" in rows.inner_text()
        rows.get_by_role("link").click()
        assert page.url.endswith("circulars/jiangsu-2018q3.html#pass_rates-1")
        assert "抽查合格率为96%" in page.inner_text("main")
        row = page.locator("#pass_rates-1")
        row.locator("p.said").first.wait_for()  # visible, once the page stands
        assert "為 → 为" in row.inner_text()


def test_the_check_itself_sees_a_request_and_a_message(tmp_path):
    """A page that asks for something outside and complains must not pass as quiet."""
    loud = tmp_path / "loud.html"
    loud.write_text("<img src='http://127.0.0.1:9/x.png'><script>console.error('loud')</script>", "utf-8")
    with chromium() as browser:
        page = browser.new_page()
        requests, messages = listen(page)
        page.goto(loud.as_uri())
        assert outside(requests, loud) == ["http://127.0.0.1:9/x.png"]
        assert "loud" in messages
