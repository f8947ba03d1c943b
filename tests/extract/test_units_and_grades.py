"""Graded lists, problems, listed sites and the checks of a document: cases written as data, and the five circulars."""

from pathlib import Path

import pytest
import yaml

from tongbao.extract.context import Context, read_context
from tongbao.extract.document import Document
from tongbao.extract.facts import Check, Fact
from tongbao.extract.findings import findings
from tongbao.extract.grades import grades
from tongbao.extract.sites import sites

CASES = Path(__file__).parent / "cases"
RULES = {"ratings": grades, "grade_totals": grades, "findings": findings, "sites": sites}
TITLE = "湖北省人民政府办公厅关于2019年度全省政府网站考评结果的通报"
ISSUER = "湖北省人民政府办公厅"


def circular(case: dict) -> Context:
    """Wrap a fragment into a made-up circular with title, salutation, signature, date and annexes."""
    parts = [
        case.get("title", TITLE),
        "各市、州人民政府，省政府各部门：",
        case.get("text", "现将有关情况通报如下。").strip("\n"),
        case.get("issuer", ISSUER),
        case.get("date", "2020年1月8日"),
        case.get("annex", "").strip("\n"),
    ]
    return read_context(Document("case", "\n".join(p for p in parts if p)))


def load_cases(name: str) -> list:
    cases = yaml.safe_load((CASES / f"{name}.yml").read_text("utf-8"))
    marked = []
    for case in cases:
        reason = case.get("xfail")
        marks = [pytest.mark.xfail(reason=reason, strict=True)] if reason else []
        marked.append(pytest.param(case, id=case["label"], marks=marks))
    return marked


def rows(context: Context, table: str) -> list[dict]:
    facts = [f for f in RULES[table](context) if isinstance(f, Fact) and f.table == table]
    facts.sort(key=lambda f: (f.start, f.end))
    return [{**f.values, "basis": f.basis, "quote": context.document.text[f.start : f.end]} for f in facts]


def compare(found: list[dict], expected: list[dict]) -> None:
    shown = [{k: row.get(k) for k in (expected[i] if i < len(expected) else row)} for i, row in enumerate(found)]
    assert shown == expected


@pytest.mark.parametrize("case", load_cases("grades"))
def test_grades(case):
    context = circular(case)
    compare(rows(context, "ratings"), case["ratings"])
    found = sorted(rows(context, "grade_totals"), key=lambda r: context.document.text.find(r["quote"]))
    compare(found, case["grade_totals"])


@pytest.mark.parametrize("case", load_cases("findings"))
def test_findings(case):
    compare(rows(circular(case), "findings"), case["findings"])


@pytest.mark.parametrize("case", load_cases("sites"))
def test_sites(case):
    compare(rows(circular(case), "sites"), case["sites"])


def test_a_quote_is_the_name_as_printed():
    context = circular({"text": "优秀：武汉市、宜昌市。"})
    assert [r["quote"] for r in rows(context, "ratings")] == ["武汉市", "宜昌市"]


def test_a_name_twice_in_one_list_is_a_broken_check():
    context = circular({"text": "发现错别字的单位有：省水利厅、省水利厅、省审计厅。"})
    (check,) = [x for x in findings(context) if isinstance(x, Check)]
    assert (check.check, check.holds) == ("no_unit_twice_in_list", False)
    assert (check.expected, check.found) == ("3 names", "2 different names")


def test_a_list_that_cannot_be_read_is_reported():
    context = circular({"text": "一、优秀单位（4个）\n市州：武汉市、宜昌市；\n省直部门：好的做法、好的经验。"})
    found = list(grades(context))
    (check,) = [x for x in found if isinstance(x, Check)]
    assert (check.check, check.holds) == ("grade_list_read", False)
    assert [f.values["unit"] for f in found if isinstance(f, Fact) and f.table == "ratings"] == ["武汉市", "宜昌市"]
