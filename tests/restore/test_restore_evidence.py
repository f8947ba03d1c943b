"""What settles a damaged place beside the language model, on made-up readings (tests/restore/cases/evidence.csv)."""

import csv
from pathlib import Path

import pytest

from tongbao.restore.evidence import Reading, by_evidence
from tongbao.restore.lexicon import load_lexicon

LEXICON = load_lexicon()
ACCEPT, BRACKET = 3.0, 10.0
PATH = Path(__file__).parent / "cases" / "evidence.csv"


def rows() -> list[dict[str, str]]:
    with PATH.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["comment"])
def test_evidence_leaves_what_the_case_says(row: dict[str, str]) -> None:
    start = row["text"].index("{}")
    text = row["text"].replace("{}", "?X")
    given = [each.rsplit(" ", 1) for each in row["readings"].split("/")]
    ranked = [Reading(start + 2, plain, float(gain)) for plain, gain in given]
    left, evidence = by_evidence(text, start, ranked, LEXICON, ACCEPT, BRACKET)
    assert "/".join(reading.plain for reading in left) == row["left"]
    assert evidence == row["evidence"]


def test_there_are_cases_that_settle_and_cases_that_do_not() -> None:
    boxes = [row["box"] for row in rows()]
    assert boxes.count("made_up") >= 3 and boxes.count("must_not_change") >= 3
    assert all(bool(row["evidence"]) == (row["box"] == "made_up") for row in rows())
