"""Each headline figure stands under every other reading, made anew and not argued."""

import pandas as pd
import pytest

from theme_tables import PARAMETERS, ROOT
from tongbao.project import Project
from tongbao.stats.themes import read_tables
from tongbao.stats.themes.deduction_ranges import deduction_ranges
from tongbao.stats.themes.grade_shares import grade_shares
from tongbao.stats.themes.pass_rate_trends import pass_rate_trends
from tongbao.stats.themes.robustness import (
    AS_GIVEN,
    CLEAN_ONLY,
    COMMON,
    CUT,
    Headline,
    Reading,
    only_rows,
    robustness,
)

ASKED = PARAMETERS | {"robustness": True}


@pytest.fixture(scope="module")
def robust() -> dict[str, pd.DataFrame]:
    tables = read_tables(Project(ROOT))
    themes = (grade_shares, deduction_ranges, pass_rate_trends)
    return {theme.__name__: theme(tables, ASKED).table("robustness") for theme in themes}


def said(robust: pd.DataFrame, headline: str, reading: str) -> str:
    rows = robust[robust["headline"].str.contains(headline, regex=False) & (robust["reading"] == reading)]
    (result,) = rows["result"]
    return str(result)


@pytest.mark.parametrize("theme", ["grade_shares", "deduction_ranges", "pass_rate_trends"])
def test_every_headline_answers_every_common_reading(robust, theme):
    table = robust[theme]
    assert len(set(table["headline"])) >= 3
    for headline, part in table.groupby("headline"):
        readings = list(part["reading"])
        assert readings[0] == AS_GIVEN and set(COMMON) <= set(readings), headline
        assert len(readings) == len(set(readings)) and all(part["result"].str.len() > 0)
        bare = part["result"].isin(["does not apply", "does not apply: ", "no figure: "])
        assert not bare.any()
        # A reading that changes nothing but the copies or the coded points repeats the words of the headline.
        given = part["result"].iloc[0]
        same = part[part["result"].str.startswith("unchanged: ")]["result"]
        assert all(text == f"unchanged: {given}" for text in same)


def test_grades(robust):
    table, groups = robust["grade_shares"], "地级以上市 against"
    assert said(table, groups, AS_GIVEN) == "82% against 73% graded 良好 or better, p 0.27"
    assert said(table, groups, CUT).startswith("does not apply: grades are counts")
    assert said(table, groups, "the best grade alone") == "32% against 20% graded 优秀 or better"
    assert said(table, groups, "on the common scale: surely and possibly good or better") == "82% against 73%"
    assert said(table, groups, CLEAN_ONLY).startswith("no figure")
    assert said(table, "2018-Q1", "on the common scale: surely and possibly good or better") == "0–100%"


def test_deductions(robust):
    table, yanan = robust["deduction_ranges"], "deductions, 延安市"
    assert said(table, yanan, AS_GIVEN) == "8.5 to 266.5 points; 9 units named above 100"
    assert said(table, yanan, "the names above the threshold are examples, not all").endswith(
        "at least 9 units above 100"
    )
    assert said(table, yanan, "units without a website counted with the worst").endswith("11 units above 100")
    assert said(table, yanan, "units without a website counted as losing nothing").startswith("0 to 266.5")
    assert not table["result"].str.contains("137.5").any()


def test_pass_rates(robust):
    table, jiangsu = robust["pass_rate_trends"], "interval for 江苏省"
    assert said(table, jiangsu, AS_GIVEN) == "93.5–97.6%"
    assert said(table, jiangsu, CUT) == "no figure: the printed figures contradict each other under that rule"
    assert said(table, jiangsu, "without the printed number of failures: rate rounded") == "93.0–97.8%"
    assert said(table, jiangsu, "without the number in operation") == "92.9–97.7%"
    assert said(table, jiangsu, "nothing assumed of how the sites were chosen") == "31.4–98.7%"
    assert said(table, "cities at 100%", AS_GIVEN) == "7 of 13 cities clean, p 0.61"
    assert set(table["source"]) == {"coded", "extracted"}


def test_a_reading_is_asked_and_a_lost_headline_is_said():
    tables = {"t": pd.DataFrame({"x": [1, 2, 3]})}

    def made(changed, parameters):
        total = int(changed["t"]["x"].sum()) * parameters["times"]
        return {
            ("a",): Headline("A", str(total)),
            **({("b",): Headline("B", "3")} if 3 in set(changed["t"]["x"]) else {}),
        }

    small = only_rows("t", lambda rows: rows["x"] < 3)
    readings = [
        Reading("small", tables=small, gone="there is no 3"),
        Reading("twice", parameters={"times": 2}),
        Reading("none", not_applicable="of a reason"),
        Reading("own", only=("b",)),
    ]
    rows = robustness(made, tables, {"times": 1}, readings)
    assert [(r["headline"], r["reading"], r["result"]) for r in rows] == [
        ("A", "as given", "6"),
        ("A", "small", "3"),
        ("A", "twice", "12"),
        ("A", "none", "does not apply: of a reason"),
        ("B", "as given", "3"),
        ("B", "small", "no figure: there is no 3"),
        ("B", "twice", "unchanged: 3"),
        ("B", "none", "does not apply: of a reason"),
        ("B", "own", "unchanged: 3"),
    ]
