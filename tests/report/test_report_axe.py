"""Every kind of page in both languages, wide and narrow, light, dark and on paper: quiet, fitting, and open to all."""

from collections.abc import Iterator

import pytest

from axe import violations
from browser import chromium, listen, outside

pytestmark = pytest.mark.browser

KINDS = ("index", "themes/grade_shares", "provinces/320000", "circulars/made-up-2020")
KINDS += ("data-quality", "codebook", "coded")
VIEWS = {
    "wide": (1280, "light", "screen"),
    "wide and dark": (1280, "dark", "screen"),
    "telephone": (390, "light", "screen"),
    "dark telephone": (390, "dark", "screen"),
    "paper": (800, "light", "print"),
}


@pytest.fixture(scope="module")
def page() -> Iterator[object]:
    with chromium() as browser:
        # The policy of the pages stays in force for what they do themselves; only axe-core is let in.
        yield browser.new_page(bypass_csp=True)


@pytest.mark.parametrize("slug", [f"{folder}{kind}" for kind in KINDS for folder in ("", "zh/")])
def test_a_page_is_quiet_fits_and_has_no_grave_fault(page, built, slug: str) -> None:
    path = built[0].reports / f"{slug}.html"
    requests, messages = listen(page)
    page.goto(path.as_uri())
    page.evaluate("document.fonts.ready")
    assert page.evaluate("document.documentElement.lang") == ("zh-CN" if slug.startswith("zh/") else "en")
    for view, (width, scheme, media) in VIEWS.items():
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme, media=media)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, view
        paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert paper == ("rgb(21, 24, 28)" if scheme == "dark" else "rgb(255, 255, 255)"), view
        assert violations(page) == [], view
    assert (outside(requests, path), messages) == ([], [])


def test_the_check_itself_sees_a_fault(page, tmp_path) -> None:
    bad = tmp_path / "bad.html"
    bad.write_text(
        "<html lang=en><title>x</title><main><h1>x</h1><img src='data:,'><p style='color:#ccc'>pale</p>", "utf-8"
    )
    page.goto(bad.as_uri())
    page.emulate_media(color_scheme="light", media="screen")
    found = " ".join(violations(page))
    assert "image-alt" in found and "color-contrast" in found
