"""The frame of a circular, its citations, and the ledger of its numerals."""

from pathlib import Path

import pytest
import yaml

from tongbao.extract.citations import citation_checks, citations
from tongbao.extract.context import read_context
from tongbao.extract.document import Document
from tongbao.extract.facts import Fact
from tongbao.extract.ledger import read_ledger
from tongbao.extract.pipeline import circular_row

CASES = Path(__file__).parent / "cases"


def cases(name: str) -> list:
    entries = yaml.safe_load((CASES / f"{name}.yml").read_text("utf-8"))
    return [pytest.param(e["text"], e["expect"], id=e["label"]) for e in entries]


@pytest.mark.parametrize(("text", "expect"), cases("context"))
def test_the_frame(text, expect):
    row = circular_row(read_context(Document("case", text)))
    assert {k: row.get(k, "") for k in expect} == expect


@pytest.mark.parametrize(("text", "expect"), cases("citations"))
def test_citations(text, expect):
    facts = list(citations(read_context(Document("case", text))))
    assert [dict(f.values) for f in facts] == expect
    assert all(str(f.values.get("title", "")) in text[f.start : f.end] for f in facts)


def test_a_sound_number_breaks_no_check():
    sound = read_context(Document("case", "根据《意见》（鲁政办发〔2015〕3号），通报如下。"))
    misprint = read_context(Document("case", "根据《意见》（鲁政办法〔2015〕3号），通报如下。"))
    assert list(citation_checks(sound)) == []
    (broken,) = citation_checks(misprint)
    assert (broken.expected, broken.found, broken.holds) == ("鲁政办发〔2015〕3号", "鲁政办法〔2015〕3号", False)


LEDGER = """各市人民政府：
2018年，按照国办发〔2017〕47号，共抽查网站270个，办结留言551条。请于9月20日前报送。
联系人：某某，电话：0000-1234567，邮箱：x1@example.org。
1.完成IPv6改造。
"""


def test_every_numeral_is_explained_or_open():
    document = Document("case", LEDGER)
    start = LEDGER.index("270")
    fact = Fact("pass_rates", start, start + 4, "stated", "made up", {"n_checked": 270})
    explained = {n.text: n.explained_by for n in read_ledger(document, [fact], [])}
    assert explained["270"] == "pass_rates"
    assert explained["551"] == ""
    assert explained["2018"] == "period"
    assert explained["47"] == "document number"
    assert explained["20"] == "date"
    assert explained["1234567"] == "contact"
    assert explained["6"] == "version"
    assert explained["1"] in ("list number", "contact")


def test_a_month_or_the_end_of_a_range_is_a_date_and_a_number_of_months_is_none():
    text = "9月份抽查，6月5日至16日、7月至10月检查，3月中旬复查，连续8个月未更新，30日内整改。"
    explained = {n.text: n.explained_by for n in read_ledger(Document("case", text), [], [])}
    assert {n for n, by in explained.items() if by == "date"} == {"9", "6", "5", "16", "7", "10", "3"}
    assert explained["8"] == explained["30"] == ""


def test_a_numeral_is_explained_by_what_a_fact_uses():
    document = Document("case", LEDGER)
    start = LEDGER.index("551")
    fact = Fact("figures", 0, 1, "stated", "made up", {}, uses=((start, start + 3),))
    assert {n.text: n.explained_by for n in read_ledger(document, [fact], [])}["551"] == "figures"
