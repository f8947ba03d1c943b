"""Tables in the browser: sorting by button and keyboard, searching; without a script they stand as they are."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from browser import chromium
from tongbao.report import html
from tongbao.report.grid import Column, grid

pytestmark = pytest.mark.browser

VALUES = ["12.5%", "–", "3", "1,234", "−7", "≥ 95%"]
RISING = ["−7", "3", "12.5%", "≥ 95%", "1,234", "–"]
FALLING = [*reversed(RISING[:-1]), "–"]
PERIODS = ["2019-Q2", "2018-Q3", "2018", "–", "2019-Q1", "2020"]
NAMES = ["乙市 10", "甲市", "丙市", "<b>", "乙市 9", "丁市"]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rows = [
        [name.replace("<", "&lt;"), period, value] for name, period, value in zip(NAMES, PERIODS, VALUES, strict=True)
    ]
    columns = [Column("Name", is_head=True), Column("Period"), Column("Value", is_number=True)]
    made = grid(
        "Made-up rows", columns, rows, name="made", language="en", ids=[f"r{i}" for i in range(6)], can_search=True
    )
    grouped = (
        "<table id='grouped'><caption>Groups</caption><thead><tr><th>n</th><th>x</th></tr></thead>"
        "<tbody><tr><td>2</td><td>b</td></tr><tr><td colspan='2'>of b</td></tr></tbody>"
        "<tbody><tr><td>1</td><td>a</td></tr><tr><td colspan='2'>of a</td></tr></tbody></table>"
    )
    path = tmp_path_factory.mktemp("tables") / "tables.html"
    path.write_text(html.page(title="Tables", body=made + grouped), "utf-8")
    return path


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    with chromium() as running:
        yield running


@pytest.fixture
def page(browser, path):
    page = browser.new_page()
    page.goto(path.as_uri())
    yield page
    page.close()


def column(page, number: int) -> list[str]:
    return page.eval_on_selector_all("#made tbody tr", f"rows => rows.map(r => r.cells[{number}].textContent)")


def test_numbers_sort_as_numbers_and_nothing_comes_last(page) -> None:
    button = page.locator("#made").get_by_role("button", name="Value")
    button.click()
    assert column(page, 2) == RISING
    assert page.get_attribute("#made th:nth-child(3)", "aria-sort") == "ascending"
    button.click()
    assert column(page, 2) == FALLING
    assert page.get_attribute("#made th:nth-child(3)", "aria-sort") == "descending"


def test_periods_and_names_sort_by_the_keyboard(page) -> None:
    page.locator("#made").get_by_role("button", name="Period").focus()
    page.keyboard.press("Enter")
    assert column(page, 1) == ["2018", "2018-Q3", "2019-Q1", "2019-Q2", "2020", "–"]
    page.locator("#made").get_by_role("button", name="Name").focus()
    page.keyboard.press("Space")
    names = column(page, 0)
    assert names.index("乙市 9") < names.index("乙市 10")
    assert page.get_attribute("#made th:nth-child(2)", "aria-sort") is None


def test_groups_of_rows_stay_together(page) -> None:
    page.locator("#grouped").get_by_role("button", name="n", exact=True).click()
    assert page.inner_text("#grouped tbody >> nth=0").split() == ["1", "a", "of", "a"]


def test_search_hides_rows_and_a_link_shows_its_row(page) -> None:
    page.get_by_label("Show only rows with").fill("乙市 2019")
    assert page.locator("#made tbody tr:visible").count() == 2
    assert page.inner_text("output") == "2 / 6"
    page.evaluate("location.hash = '#r1'")
    page.wait_for_function("!document.getElementById('r1').hidden")
    page.get_by_label("Show only rows with").fill("")
    assert page.locator("#made tbody tr:visible").count() == 6


def test_without_a_script_the_table_is_whole(browser, path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(path.as_uri())
    assert page.locator("#made tbody tr").count() == 6 and page.locator("button, input").count() == 0
    context.close()


def test_only_our_script_may_run(browser, path, tmp_path) -> None:
    """The policy itself, not only the escaping: a script that came into a page does not run."""
    broken = tmp_path / "broken.html"
    intruder = "<script>window.owned = 1</script><img src='data:,' onerror='window.owned = 2'>"
    broken.write_text(path.read_text("utf-8").replace("</main>", f"{intruder}</main>"), "utf-8")
    page = browser.new_page()
    page.goto(broken.as_uri())
    assert page.locator("button.sort").count() > 3
    assert page.evaluate("window.owned") is None
    page.close()
