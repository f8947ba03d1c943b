"""Each line of the phrasebook has a made-up case that holds, or a strict known failure with its reason."""

from collections import Counter

import pytest

from phrases_exam import ALWAYS, agrees, faults, frames, index, load, read_csv

CASES = load()


def _parameters():
    for case in CASES:
        marks = [pytest.mark.xfail(strict=True, reason=case.known_failure)] if case.known_failure else []
        yield pytest.param(case, id=case.id, marks=marks)


@pytest.mark.parametrize("case", list(_parameters()))
def test_a_line_of_the_phrasebook(case):
    assert faults(case) == []


def test_every_line_has_its_cases_and_the_index_says_so():
    keys = [row["key"] for row in read_csv("keys.csv")]
    assert len(keys) == len(set(keys)) == 208
    assert {c.key for c in CASES} == set(keys)
    stored = [(r["key"], r["cases"], int(r["n_hold"]), int(r["n_known_failures"])) for r in read_csv("index.csv")]
    assert stored == index(CASES), "run tests/phrases_exam.py --index"
    assert [key for key, _, hold, known in stored if not hold and not known] == []
    assert all(n == 1 for n in Counter(c.id for c in CASES).values())


def test_cases_use_known_frames_and_none_is_without_expectation():
    for case in CASES:
        assert case.value.get("frame", "province") in frames(), case.id
        assert set(case.value.get("open", [])) < set(ALWAYS), case.id


def test_what_is_expected_can_be_missed():
    assert agrees(0.95, 0.95) and not agrees(0.95, 0.94) and not agrees(None, 0)
    assert agrees(False, None) and not agrees("优秀", None)
    assert agrees("", {"in": [None, "x"]}) and not agrees("y", {"in": [None, "x"]})
    assert not agrees("2016-Q3", {"not": "2016-Q3"}) and not agrees("市州", {"ends": "市"})
    broken = next(c for c in CASES if c.value.get("pass_rates"))
    wrong = type(broken)(broken.id, broken.key, {**broken.value, "pass_rates": []}, broken.text, broken.is_raw, "")
    assert any("has" in fault for fault in faults(wrong))
