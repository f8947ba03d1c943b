import csv
from pathlib import Path

import pytest

from tongbao.extract.contacts import ContactFinder
from tongbao.tidy.repairs import publishable

with (Path(__file__).parent / "contacts.csv").open(encoding="utf-8") as case_file:
    CASES = [(line["label"], line["text"], line["private"]) for line in csv.DictReader(case_file)]


@pytest.mark.parametrize(("label", "text", "private"), CASES, ids=[case[0] for case in CASES])
def test_passages(contacts: ContactFinder, label: str, text: str, private: str) -> None:
    assert "".join(text[start:end] for start, end in contacts.spans(text)) == private
    assert (text in contacts) == bool(private)


def test_cells_below_a_heading_of_names_or_numbers(contacts: ContactFinder) -> None:
    text = "序号 | 单位 | 联系人 | 联系电话 |\n1 | 戊局 | 王某某 | 0000000 |\n2 | 己局 | 李某 | 0000001 |\n共2家单位。"
    found = [text[start:end].strip() for start, end in contacts.spans(text)]
    assert [part.strip() for cell in found for part in cell.split("|")] == ["王某某", "0000000", "李某", "0000001"]


def test_long_lines_take_no_time(contacts: ContactFinder) -> None:
    text = "电话" * 20_000 + "1" * 20_000 + "a@" * 20_000 + "联系人" * 20_000
    assert all(0 <= start < end <= len(text) for start, end in contacts.spans(text))


def repair(start: int, end: int, raw: str, restored: str, kind: str) -> dict[str, object]:
    return {"raw_start": start, "raw_end": end, "raw": raw, "restored": restored, "kind": kind, "note": "n"}


def test_words_of_furniture_and_of_contacts_are_withheld_but_not_their_places(contacts: ContactFinder) -> None:
    # raw: 廣告\n機關。聯(lián)係人：王某某。機關
    repairs = [
        repair(18, 19, "機", "机", "script"),
        repair(0, 3, "廣告\n", "", "furniture"),
        repair(3, 4, "機", "机", "script"),
        repair(6, 13, "聯(lián)", "联", "pinyin"),
        repair(15, 18, "王某某", "王某某", "width"),
    ]
    text = "机关。联系人：王某某。机关"
    restored = {"repairs": repairs, "map": {"runs": [[3, 0, 3], [13, 4, 5], [18, 9, 4]]}}
    shown = publishable(restored, contacts.spans(text), contacts)
    assert [(r["raw_start"], r["raw_end"]) for r in shown] == [(0, 3), (3, 4), (6, 13), (15, 18), (18, 19)]
    assert [r["raw"] for r in shown] == [None, "機", None, None, None]
    assert [r["restored"] for r in shown][:2] == ["", "机"]
    assert repairs[1]["raw"] == "廣告\n"  # what was handed in is left alone


def test_own_words_of_a_repair_are_looked_at(contacts: ContactFinder) -> None:
    restored = {"repairs": [repair(0, 5, "x", "0000-00000000", "shifted_bytes")], "map": []}
    assert publishable(restored, [], contacts)[0]["restored"] is None
