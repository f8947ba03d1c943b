"""The checks of a document against itself: made-up documents where they hold and where they break."""

import csv
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tongbao.extract.check_rates import rate_fits, totals_allowed
from tongbao.extract.checks import document_checks
from tongbao.extract.context import read_context
from tongbao.extract.document import Document
from tongbao.extract.facts import Fact
from tongbao.extract.findings import findings
from tongbao.extract.grades import grades
from tongbao.extract.pass_rates import pass_rates
from tongbao.extract.sites import sites
from tongbao.project import find_project

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "checks.yml").read_text("utf-8"))
TITLE = "湖北省人民政府办公厅关于2019年度全省政府网站考评结果的通报"


def checks_of(case: dict) -> list:
    text = case.get("text", "现将有关情况通报如下。").strip("\n")
    parts = [case.get("title", TITLE), "各市、州人民政府：", text, "湖北省人民政府办公厅", "2020年1月8日"]
    context = read_context(Document("case", "\n".join([*parts, case.get("annex", "")]).strip("\n")))
    found = [x for rule in (pass_rates, grades, findings, sites) for x in rule(context)]
    return document_checks(context, [x for x in found if isinstance(x, Fact)])


@pytest.mark.parametrize("case", CASES, ids=[c["label"] for c in CASES])
def test_checks(case):
    found = [[c.check, c.holds, c.found] for c in checks_of(case)]
    for wanted in case.get("checks", []):
        assert wanted in found, found
    assert [c for c in found if c[0] in case.get("absent", [])] == []


def test_every_kind_of_check_is_described():
    rows = list(csv.DictReader((find_project().reference / "check_kinds.csv").open(encoding="utf-8")))
    described = {row["check"] for row in rows}
    assert all(all(row.values()) for row in rows)
    assert {c.check for case in CASES for c in checks_of(case)} <= described


def test_totals_that_a_share_allows():
    assert totals_allowed(270, "32.7") == (825, 826)
    assert totals_allowed(1, "33.3") == (3, 3)
    assert totals_allowed(7, "99.99") is None
    assert totals_allowed(5, "0.0") is None


@given(st.integers(1, 400), st.integers(0, 400), st.integers(0, 2))
def test_a_population_rounds_back_to_its_own_share(n, more, places):
    total = n + more
    printed = f"{(200 * n * 10**places // total + 1) // 2 / 10**places:.{places}f}"
    allowed = totals_allowed(n, printed)
    if float(printed):
        assert allowed is not None
        assert allowed[0] <= total <= allowed[1]


@pytest.mark.parametrize(
    ("k", "n", "printed", "fits"),
    [(259, 270, "96", True), (553, 556, "99.4", True), (553, 556, "99.5", True), (119, 126, "96", False)],
)
def test_rates_may_be_rounded_or_cut(k, n, printed, fits):
    assert rate_fits(k, n, printed) is fits
