"""Rows that somebody corrected count as stated: the numbers are those of the same rows read by the program."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from theme_tables import PARAMETERS, as_tables, gold_rows
from tongbao.stats.themes.deduction_ranges import deduction_ranges
from tongbao.stats.themes.pass_rate_trends import pass_rate_trends


def numbers(theme: Callable[..., Any], basis: str) -> str:
    rows = gold_rows()
    stated = [row for table in rows.values() for row in table if row.get("basis") == "stated"]
    assert len(stated) > 20
    for row in stated:
        row["basis"] = basis
    found = theme(as_tables(rows), PARAMETERS)
    told = json.dumps([{n: f.to_dict("list") for n, f in found.tables.items()}, found.notes], default=str)
    return told.replace('"corrected"', '"stated"')


@pytest.mark.parametrize("theme", [pass_rate_trends, deduction_ranges])
def test_the_numbers_do_not_change(theme: Callable[..., Any]) -> None:
    assert numbers(theme, "corrected") == numbers(theme, "stated") != numbers(theme, "change")
