"""Every figure tells a lay reader what it shows, from where, how many, what is uncertain, what not to conclude."""

import re

import pytest

from theme_tables import PARAMETERS, ROOT
from tongbao.project import Project
from tongbao.stats.result import Analysis
from tongbao.stats.themes import all_analyses, read_tables
from tongbao.stats.themes.captions import PARTS, words
from tongbao.stats.themes.corpus import Row, records


@pytest.fixture(scope="module")
def made() -> list[Analysis]:
    """Every analysis with figures, from the published tables: the themes and all provinces."""
    coverage, *others = all_analyses(read_tables(Project(ROOT)), PARAMETERS)
    assert "captions" not in coverage.tables
    return others


def lacking(row: Row) -> list[str]:
    """The parts that say nothing: missing, too short for a sentence, without a letter, or what another part says."""
    parts = {part: row[part] if isinstance(row[part], str) else "" for part in PARTS}
    bare = [
        part
        for part, text in parts.items()
        if len(text) <= 8 or not text.endswith((".", "。")) or not re.search(r"[A-Za-z]{2}", text)
    ]
    bare += [part for part, text in parts.items() if list(parts.values()).count(text) > 1]
    if not re.search(r"\d|the circular here", parts["units"]):
        bare.append("units")
    return bare + ([] if row["caption"] == " ".join(parts.values()) and row["alt"].strip() else ["caption"])


def test_every_caption_of_every_page_has_its_five_parts(made: list[Analysis]):
    rows = [row for analysis in made for row in records(analysis.table("captions"))]
    assert len(made) > 30 and len(rows) > 45
    assert [(row["figure"], lacking(row)) for row in rows if lacking(row)] == []


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("empty", ["", " ", ".", "  .  ", "1234567890.", None])
def test_an_empty_part_is_found(made: list[Analysis], part: str, empty: str | None):
    row = records(made[0].table("captions"))[0]
    assert not lacking(row)
    said = row | {part: empty}
    said |= {"caption": " ".join(str(said[p] or "") for p in PARTS)}
    assert part in lacking(said)
    assert set(lacking(row | {part: row["shows" if part != "shows" else "units"]})) >= {part}
    assert lacking(row | {"caption": row["shows"]}) == ["caption"]


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
