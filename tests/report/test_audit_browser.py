"""The audit page in a browser without scripts: a deep link opens its row, the keyboard shows what the mouse does."""

from pathlib import Path

import pytest

from browser import chromium, listen, missing_glyphs, outside
from report import seeds
from tongbao.report import html
from tongbao.report.audit import STYLES
from tongbao.report.audit.page import audit_body

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    body = audit_body(seeds.project(), "jiangsu-2018q3", "en")
    made = tmp_path_factory.mktemp("audit") / "jiangsu-2018q3.html"
    made.write_text(html.page(title="Audit", body=body, styles=STYLES), encoding="utf-8")
    return made


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])
def test_a_deep_link_opens_its_row_and_the_keyboard_reads_the_marks(path: Path, width: int, scheme: str):
    assert missing_glyphs(path) == set()
    with chromium() as running:
        context = running.new_context(
            viewport={"width": width, "height": 800}, color_scheme=scheme, java_script_enabled=False
        )
        page = context.new_page()
        requests, messages = listen(page)
        page.goto(f"{path.as_uri()}#pass_rates-1")
        row = page.locator("#pass_rates-1")
        said = row.locator("p.said").first
        box = said.bounding_box()
        assert said.is_visible() and "抽查合格率为96%" in said.inner_text()
        assert box and 0 <= box["y"] < 800 and box["x"] >= 0 and box["x"] + box["width"] <= width
        assert "為 → 为" in row.inner_text()
        assert not page.locator("#pass_rates-3 .evidence").is_visible()  # one row at a time
        row.locator("a.back").click()
        mark = page.locator("[data-rows~=pass_rates-1]").first
        mark.locator("> a").focus()
        assert mark.locator(".tip").is_visible() and "Pass rate" in mark.locator(".tip").inner_text()
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")  # the first link of the tip
        assert page.url.endswith("#pass_rates-1")
        # The page itself never moves sideways; a wide table moves in its own box.
        assert page.locator("html").evaluate("e => e.scrollWidth") <= width
        assert outside(requests, path) == [] and messages == []
