"""The word lists of the rules for units, grades and problems: sorted, sourced, and doing what they say."""

import re
from itertools import pairwise

import pytest

from tongbao.extract.lexicon import load
from tongbao.project import find_project

KEYS = {
    "check_kinds": ("check",),
    "deficiency_words": ("wording",),
    "demand_headings": ("wording",),
    "grade_phrases": ("role", "wording"),
    "problem_wording_extra": ("code", "pattern"),
    "site_words": ("wording",),
    "subject_nouns": ("wording",),
    "table_columns": ("wording",),
    "unit_endings": ("wording",),
    "unnamed_words": ("wording",),
}


@pytest.mark.parametrize("name", sorted(KEYS))
def test_sorted_unique_and_sourced(name):
    rows = load(name, required=(*KEYS[name], "source"))
    keys = [tuple(row[k] for k in KEYS[name]) for row in rows]
    assert all(a < b for a, b in pairwise(keys)), [b for a, b in pairwise(keys) if a >= b]
    assert all(row["source"] for row in rows)


@pytest.mark.parametrize("name", sorted(KEYS))
def test_every_list_is_described(name):
    assert f"`{name}.csv`" in (find_project().reference / "extract.README.md").read_text("utf-8")


@pytest.mark.parametrize("row", load("problem_wording_extra"), ids=lambda r: r["pattern"])
def test_a_wording_matches_its_example_and_not_the_other(row):
    assert re.search(row["pattern"], row["example_match"])
    assert not re.search(row["pattern"], row["example_no_match"])


def test_the_codes_of_wordings_are_known():
    assert {r["code"] for r in load("problem_wording_extra")} <= {r["code"] for r in load("problems")}
