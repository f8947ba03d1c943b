"""What is remembered is what would be read anew: places, offsets, wordings, and folders in several processes."""

import re
from pathlib import Path

import pytest

from tongbao.errors import TongbaoError
from tongbao.extract import folder
from tongbao.extract.context import read_context
from tongbao.extract.document import Document
from tongbao.extract.lexicon import load
from tongbao.extract.memory import once
from tongbao.extract.place_types import Resolution
from tongbao.extract.places import Gazetteer
from tongbao.extract.problem_words import find_wordings, needed_characters
from tongbao.extract.scope_reading import find_scopes
from tongbao.extract.territory import Territory, remembered, territory_of
from tongbao.extract.units import read_units
from tongbao.workers import Crew

CIRCULAR = """{place}人民政府办公室关于2018年第三季度政府网站检查情况的通报

各县区人民政府：
2018年第三季度，我市检查政府网站{n}个，合格率96%，其中鼓楼区网站全部合格。

{place}人民政府办公室
2018年10月9日
"""


def territory(name: str, month: str = "2018-10") -> Territory:
    return territory_of(Gazetteer.load().resolve(name, month), month)


def test_what_asks_the_territory_is_remembered_for_it_alone():
    asked = []

    @remembered(10)
    def own(home: Territory, words: str) -> str:
        asked.append((home.place.official_name, words))
        found = home.own_place(words)
        return found.official_name if found else ""

    for _ in range(2):
        assert own(territory("徐州市"), "我市网站") == "徐州市"
        assert own(territory("福州市"), "我市网站") == "福州市"
        assert own(territory("徐州市"), "网站更新") == ""
        assert own(territory("福州市"), "网站更新") == ""
    assert asked == [("徐州市", "我市网站"), ("福州市", "我市网站"), ("徐州市", "网站更新")]


def test_one_that_asks_through_another_hangs_on_the_territory_too():
    @remembered(10)
    def inner(home: Territory, name: str) -> str:
        return home.resolve(name).code

    @remembered(10)
    def outer(home: Territory, name: str) -> str:
        return inner(home, name)

    inner(territory("徐州市"), "鼓楼区")
    assert {name: outer(territory(name), "鼓楼区") for name in ("徐州市", "福州市")} == {
        "徐州市": "320302",
        "福州市": "350102",
    }


def test_a_full_memory_is_emptied_and_still_right():
    @remembered(2)
    def length(home: Territory, words: str) -> int:
        return len(words)

    assert [length(territory("徐州市"), "字" * n) for n in (1, 2, 3, 1, 3)] == [1, 2, 3, 1, 3]


def test_same_place_and_month_are_one_territory():
    assert territory("徐州市", "2018-10") is territory("徐州市", "2018-10")
    assert territory("徐州市", "2018-10") is not territory("徐州市", "2010-10")
    assert territory_of(Resolution(), "").within is None


def test_once_keeps_a_result_with_its_owner():
    class Owner:
        pass

    calls = []

    @once
    def size(owner: Owner) -> int:
        calls.append(owner)
        return len(calls)

    a, b = Owner(), Owner()
    assert [size(a), size(b), size(a)] == [1, 2, 1]


def test_the_same_words_elsewhere_have_their_own_offsets_and_places():
    for name, code in (("徐州市", "320302"), ("福州市", "350102")):
        for lead in ("", "一二三四五"):
            text = CIRCULAR.format(place=name, n=30) + lead + "鼓楼区、“某地发布”和市财政局"
            context = read_context(Document("x", text))
            start = len(text) - len("鼓楼区、“某地发布”和市财政局")
            units = read_units(context, start, len(text))
            assert units is not None
            assert [text[u.start : u.end] for u in units.units] == [u.name for u in units.units]
            assert units.units[0].code == code
            [scope] = find_scopes(context, text + "网站合格", start, start + 3) or []
            assert (scope.code, text[scope.start : scope.end]) == (code, "鼓楼区")


@pytest.mark.parametrize(
    ("pattern", "needed"),
    [
        ("链接错误", "链接错误"),
        ("甲|乙", ""),
        ("甲?乙", "乙"),
        ("甲{0,2}乙+", "乙"),
        ("(?:甲|乙)丙(?!丁)", "丙"),
        (r"[甲乙]丙\d{2}戊", "丙戊"),
        (r"[^，。]{0,8}未更新", "未更新"),
        ("甲甲?", ""),
    ],
)
def test_characters_that_a_pattern_cannot_do_without(pattern, needed):
    assert needed_characters(pattern) == set(needed)


def test_no_wording_is_passed_over_for_lack_of_a_character():
    for row in load("problem_wording"):
        pattern = row["pattern"] if row["kind"] == "regex" else re.escape(row["pattern"])
        words = row["example_match"]
        assert needed_characters(pattern) <= set(words), pattern
        whole = [m.span() for m in re.finditer(pattern, words)]
        found = find_wordings(words, 0, len(words))
        assert all(any(s < e2 and s2 < e for s2, e2, _ in found) for s, e in whole), pattern


def test_one_and_two_processes_write_the_same_files(tmp_path, monkeypatch):
    monkeypatch.setattr(folder, "_A_PROCESS_PAYS", 1)
    written = []
    for workers in (1, 2):
        interim = tmp_path / str(workers)
        (interim / "text").mkdir(parents=True)
        (interim / "extracted").mkdir()
        (interim / "extracted" / "gone.json").write_text("{}", "utf-8")
        for i, name in enumerate(("徐州市", "福州市", "徐州市")):
            (interim / "text" / f"c{i}.txt").write_text(CIRCULAR.format(place=name, n=30 + i), "utf-8")
        with Crew(workers) as crew:
            assert folder.extract_folder(interim, crew) == 3
        written.append({p.name: p.read_bytes() for p in (interim / "extracted").iterdir()})
    assert written[0] == written[1]
    assert sorted(written[0]) == ["c0.json", "c1.json", "c2.json"]


def test_a_broken_reference_is_named_from_another_process_too(tmp_path, monkeypatch):
    monkeypatch.setattr(folder, "_A_PROCESS_PAYS", 1)
    project = tmp_path / "project"
    (project / "data" / "reference").mkdir(parents=True)
    (project / "params.yaml").write_text("{}", "utf-8")
    monkeypatch.setenv("TONGBAO_PROJECT", str(project))
    interim: Path = tmp_path / "interim"
    (interim / "text").mkdir(parents=True)
    for i in range(2):
        (interim / "text" / f"c{i}.txt").write_text(CIRCULAR.format(place="徐州市", n=i + 1), "utf-8")
    with pytest.raises(TongbaoError, match="reference table"), Crew(2) as crew:
        folder.extract_folder(interim, crew)
