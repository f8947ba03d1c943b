"""The pages that the real pipeline makes, as a person sees them: every page opened, three of them photographed.

The pictures land in `.tongbao/screenshots/`; look at them after a change of the design.
"""

import pytest

from browser import chromium, listen, missing_glyphs, outside
from small_project import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.pipeline]

PHOTOGRAPHED = {"index", "themes/pass_rate_trends", "provinces/440000"}
PICTURES = ROOT / ".tongbao/screenshots"


def test_every_page_opens_quietly_and_legibly_and_three_are_photographed(first_build):
    reports = first_build.root / "reports"
    PICTURES.mkdir(parents=True, exist_ok=True)
    taken = set()
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        requests, messages = listen(page)
        for path in sorted(reports.rglob("*.html")):
            name = path.relative_to(reports).with_suffix("").as_posix()
            requests.clear()
            page.goto(path.as_uri())
            page.evaluate("document.fonts.ready")
            assert (outside(requests, path), messages) == ([], []), name
            assert missing_glyphs(path) == set(), name
            pictures = page.locator("figure img")
            assert all(pictures.nth(i).evaluate("i => i.naturalWidth > 0") for i in range(pictures.count())), name
            assert page.evaluate("document.documentElement.scrollWidth") <= 1280, name
            if name in PHOTOGRAPHED:
                picture = PICTURES / f"{name.replace('/', '-')}.png"
                page.screenshot(path=picture, full_page=True)
                assert picture.stat().st_size > 20_000
                taken.add(name)
    assert taken == PHOTOGRAPHED


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
