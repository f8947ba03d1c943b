"""The numbers of a sentence lead to the row that they stand in, and to no other."""

import csv
import re

import pandas as pd
import pytest

from tongbao.project import find_project
from tongbao.report import trace
from tongbao.report.sources import Origin
from tongbao.stats.result import Analysis

REST = [Origin("#circulars", "Circulars")]
LINK = re.compile(r'<a class="source" href="\.\./([^"]+)">([^<]+)</a>')
ROWS = pd.DataFrame(
    {
        "circular_id": ["a", "a", "b", "b"],
        "row": [1, 2, 1, 2],
        "source_table": "pass_rates",
        "scope": ["甲市", "乙市", "丙市", "丁市"],
        "low": [0.9345, -0.006, 0.5, 0.25],
        "n": [270, 12, 1270, 36],
        "printed": ["96%", "约12个", "50%", "25%"],
    }
)
LABELS = {"a": "甲省 2018", "b": "乙省 2019"}


def links(text: str, rows: pd.DataFrame = ROWS) -> list[tuple[str, str]]:
    return LINK.findall(trace.traced(text, trace.grounds({"rows": rows}, LABELS), REST))


def apart() -> list[dict[str, str]]:
    with (find_project().reference / "numbers_apart.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


@pytest.mark.parametrize("row", apart(), ids=lambda row: row["kind"])
def test_numbers_that_are_no_data_are_set_apart_and_no_others(row: dict[str, str]) -> None:
    assert trace.numbers_in(row["apart"]) == []
    digits = re.findall(r"\d[\d,]*", row["data"])
    assert [n.digits for n in trace.numbers_in(row["data"])] == [d.replace(",", "") for d in digits]
    assert row["reason"] and apart() == sorted(apart(), key=lambda r: r["kind"])


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("36 of 1,270 (38.9%) by IPv6 in Q3", ["36", "1,270", "38.9%"]),
        ("从 -0.6 至 +0.4 个百分点，有1 个", ["-0.6", "+0.4", "1"]),
        ("93.5–97.6% and 1-2", ["93.5", "97.6%", "1", "2"]),
    ],
)
def test_numbers_are_found_with_sign_and_percent(text: str, numbers: list[str]) -> None:
    assert [text[n.start : n.end] for n in trace.numbers_in(text)] == numbers


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("甲市: 93.5% of 270", [("circulars/a.html#pass_rates-1", "93.5%"), ("circulars/a.html#pass_rates-1", "270")]),
        ("乙市: -0.6 points", [("circulars/a.html#pass_rates-2", "-0.6")]),
        ("丙市: 1,270 and 50%", [("circulars/b.html#pass_rates-1", "1,270"), ("circulars/b.html#pass_rates-1", "50%")]),
        # Printed as text: a sign of per cent is part of what a number says.
        ("甲市: 96%", [("circulars/a.html#pass_rates-1", "96%")]),
        ("甲市: 96", []),
        # The row must be named, by itself or by its circular.
        ("270 sites", []),
        ("甲省 2018: 270 sites", [("circulars/a.html#pass_rates-1", "270")]),
        ("乙省 2019: 270 sites", []),
        # Rounded as the sentence rounds, and no further.
        ("甲市: 93%", [("circulars/a.html#pass_rates-1", "93%")]),
        ("甲市: 93.4%", []),
        ("甲市: 27", []),
    ],
)
def test_a_number_leads_to_the_named_row_that_prints_it(text: str, expected: list[tuple[str, str]]) -> None:
    assert links(text) == expected


def test_the_row_that_explains_most_goes_first() -> None:
    rows = ROWS.assign(n=[270, 270, 5, 6])
    assert links("甲省 2018: 93.5% of 270", rows) == [
        ("circulars/a.html#pass_rates-1", "93.5%"),
        ("circulars/a.html#pass_rates-1", "270"),
    ]


def test_rival_rows_give_their_table_or_nothing() -> None:
    same = ROWS.assign(n=[7, 7, 7, 7])
    assert links("甲省 2018: 7", same) == [("circulars/a.html#pass_rates", "7")]
    assert links("甲市 and 丙市: 7", same) == []


def test_what_no_row_explains_leads_to_the_list() -> None:
    known = trace.grounds({"rows": ROWS}, LABELS)
    left = trace.traced("甲市: 11 of 270", known, REST)
    assert LINK.findall(left) == [("circulars/a.html#pass_rates-1", "270")] and 'href="#circulars"' in left
    assert "href" not in trace.traced("甲市 in 2018", known, REST)
    assert "#circulars" not in trace.traced("甲市: 270", known, REST)


def test_several_origins_of_a_row_are_listed_behind_the_sentence() -> None:
    rows = pd.DataFrame({"label": ["丙市"], "p": [0.27], "sources": ["a#pass_rates-1 @coded#file-7"]})
    shown = trace.traced("丙市: p 0.27", trace.grounds({"rows": rows}, LABELS), REST)
    assert re.findall(r'href="([^"]+)"', shown) == ["../circulars/a.html#pass_rates-1", "../coded.html#coded-file-7"]


def test_hostile_text_stays_text() -> None:
    shown = trace.traced("甲市 <b>270</b> & 93.5%", trace.grounds({"rows": ROWS}, LABELS), REST, head="甲市 <b>")
    assert shown.startswith("<b>") and "&lt;b&gt;" in shown and "<b>270" not in shown and "&amp;" in shown


@pytest.mark.parametrize(
    ("english", "expected"),
    [
        ("Share (甲省 2018)", ["../circulars/a.html#circulars"]),
        ("Second source: 12", ["../coded.html#coded"]),
        ("There are 4 circulars", ["#circulars"]),
    ],
)
def test_where_the_rows_of_a_sentence_are_listed(english: str, expected: list[str]) -> None:
    circulars = pd.DataFrame({"circular_id": list(LABELS), "label": list(LABELS.values())})
    coded = pd.DataFrame({"coded_file": ["file"], "coded_row": [1]})
    about = trace.about([Analysis("made-up", tables={"circulars": circulars, "coded": coded})])
    assert [o.href for o in about.rest(english)] == expected
    assert trace.about([Analysis("bare")]).rest(english) == []
