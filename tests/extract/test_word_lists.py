"""The word lists of the rules for units, grades and problems: sorted, sourced, and doing what they say."""

from itertools import pairwise

import pytest

from tongbao.extract.lexicon import load
from tongbao.project import find_project

KEYS = {
    "check_kinds": ("check",),
    "column_words": ("kind", "wording"),
    "deduction_words": ("role", "wording"),
    "deficiency_words": ("wording",),
    "demand_headings": ("wording",),
    "grade_phrases": ("role", "wording"),
    "group_phrase_words": ("role", "wording"),
    "score_words": ("role", "wording"),
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
