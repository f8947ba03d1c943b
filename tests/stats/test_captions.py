"""Every figure tells a lay reader what it shows, from where, how many, what is uncertain, what not to conclude."""

import pytest

from theme_tables import PARAMETERS, ROOT
from tongbao.project import Project
from tongbao.stats.result import Analysis
from tongbao.stats.themes import read_tables
from tongbao.stats.themes.captions import PARTS, words
from tongbao.stats.themes.deduction_ranges import deduction_ranges
from tongbao.stats.themes.grade_shares import grade_shares
from tongbao.stats.themes.pass_rate_trends import pass_rate_trends
from tongbao.stats.themes.province import province


@pytest.fixture(scope="module")
def made() -> list[Analysis]:
    """The themes, one province with circulars and one with coded figures alone, from the published tables."""
    tables = read_tables(Project(ROOT))
    themes = [theme(tables, PARAMETERS) for theme in (grade_shares, deduction_ranges, pass_rate_trends)]
    return [*themes, *(province(tables, PARAMETERS, code) for code in ("440000", "110000"))]


def test_every_caption_has_its_five_parts(made: list[Analysis]):
    n = 0
    for analysis in made:
        for row in analysis.table("captions").to_dict("records"):
            parts = [row[part] for part in PARTS]
            assert all(isinstance(part, str) and part.endswith(("。", ".")) and len(part) > 8 for part in parts), row
            assert row["caption"] == " ".join(parts) and len(set(parts)) == len(PARTS)
            assert any(c.isdigit() for c in row["units"]) or "the circular here" in row["units"], row["units"]
            n += 1
    assert n >= 15


def test_every_figure_of_the_tables_has_a_caption(made: list[Analysis]):
    for analysis in made:
        drawn = {
            key
            for name, table in analysis.tables.items()
            if "figure" in table.columns and name != "captions"
            for key in table["figure"].dropna()
        }
        assert drawn == set(analysis.table("captions")["figure"]), analysis.name


def test_the_sources_are_the_circulars_that_are_drawn(made: list[Analysis]):
    grades = made[0]
    (caption,) = [r for r in grades.table("captions").to_dict("records") if r["figure"].startswith("grades-guangdong")]
    assert "广东省 2016" in caption["sources"] and "82 units" in caption["units"]
    coded = [r for r in made[2].table("captions").to_dict("records") if r["figure"] in ("national", "coded-map")]
    assert len(coded) == 2 and all("coded by hand" in r["sources"] for r in coded)


def test_words_join_the_parts_in_order():
    row = words("k", "a", shows="A.", sources="B.", units="C.", uncertainty="D.", caution="E.")
    assert row["caption"] == "A. B. C. D. E." and (row["figure"], row["alt"]) == ("k", "a")
