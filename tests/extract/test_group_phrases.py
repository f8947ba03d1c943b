"""Noun phrases that name a group: what they are cut from, and what is none."""

import csv
from pathlib import Path

import pytest

from tongbao.extract.group_phrases import group_in, group_kind_of, groups_in

CASES = list(csv.DictReader((Path(__file__).parent / "cases" / "group_phrases.csv").open(encoding="utf-8")))


@pytest.mark.parametrize("case", CASES, ids=[c["text"] for c in CASES])
def test_groups(case):
    text = f"前文。{case['text']}"
    found = groups_in(text, 3, len(text))
    assert [g.words for g in found] == case["groups"].split()
    assert all(text[g.start : g.end] == g.words for g in found)
    nearest = group_in(text, 3, len(text))
    assert (text[slice(*nearest)] if nearest else "") == case["nearest"]
    assert group_kind_of(case["nearest"]) == case["kind"]


def test_counts_before_groups():
    text = "对25个乡镇和7个垂管单位进行了考核"
    assert [(g.words, g.n) for g in groups_in(text, 0, len(text))] == [("乡镇", 25), ("垂管单位", 7)]
