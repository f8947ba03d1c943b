"""Rows that stem from tidy rows say from which: every `row` of an analysis is a row of the table that it names."""

import pandas as pd
import pytest

from theme_tables import PARAMETERS, gold_tables
from tongbao.stats.result import Analysis
from tongbao.stats.themes import all_analyses
from tongbao.stats.themes.corpus import frame


@pytest.fixture(scope="module")
def made() -> list[Analysis]:
    return all_analyses(gold_tables(), PARAMETERS)


def test_every_row_leads_to_a_tidy_row(made: list[Analysis]):
    tidy = {
        (name, cid, row)
        for name, table in gold_tables().items()
        if {"circular_id", "row"} <= set(table.columns)
        for cid, row in zip(table["circular_id"], table["row"], strict=True)
    }
    n = 0
    for analysis in made:
        for name, table in analysis.tables.items():
            if "row" not in table.columns:
                assert "source_table" not in table.columns
                continue
            for found in table.to_dict("records"):
                if found["circular_id"] is not None and found["row"] is not None:
                    place = (found["source_table"], found["circular_id"], found["row"])
                    assert place in tidy, (analysis.name, name, place)
                    n += 1
                else:
                    assert found["source_table"] is None
    assert n > 300


def test_a_row_without_an_origin_names_no_table():
    rows = [{"circular_id": "a", "row": 1}, {"circular_id": None, "row": 1}, {"circular_id": "a", "row": None}, {}]
    found = frame(["circular_id", "row"], rows, "pass_rates")
    assert list(found.columns) == ["circular_id", "row", "source_table"]
    assert found["source_table"].tolist() == ["pass_rates", None, None, None]
    assert "source_table" not in frame(["circular_id", "row"], rows).columns
    assert isinstance(found, pd.DataFrame)
