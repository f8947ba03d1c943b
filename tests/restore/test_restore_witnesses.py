"""Several copies of one circular: what they settle together, and what they must leave open."""

import random
import time
from dataclasses import replace
from pathlib import Path

import pytest

from restore.mirror import fold, traditional
from tongbao.errors import TongbaoError
from tongbao.project import find_project
from tongbao.read.folder import RawDocument
from tongbao.read.sources import COLUMNS, Source, read_register
from tongbao.restore.lexicon import load_lexicon
from tongbao.restore.passages import byte_readings
from tongbao.restore.pipeline import Restored, restore
from tongbao.restore.repairs import replay
from tongbao.restore.store import read_restored, restore_folder
from tongbao.restore.witnesses import restore_copies, settle, sort_copies

LEXICON = load_lexicon()
PASSAGE = "请有关单位在本月底前完成整改，并将整改情况报送市政府办公室电子政务科备案审查。"
LINES = [
    "某某市人民政府办公室关于2019年第一季度政府网站抽查情况的通报",
    "各县区人民政府，市政府各部门：",
    "近期，市政府办公室组织对全市政府网站进行了抽查，共抽查网站36个，合格35个，合格率为97.2%。现将有关情况通报如下。",
    PASSAGE,
    "下一步，各县区各部门要切实履行主体责任，加强日常监管，确保网站内容准确及时。",
    "某某市人民政府办公室",
    "2019年4月2日",
]


def raw(text: str, name: str = "a.txt") -> RawDocument:
    return RawDocument("made-up", name, "0" * 64, text, "utf-8", len(text))


def lost(text: str, what: str, mark: str = "??") -> str:
    """The text with characters gone, as where an encoding was read wrongly."""
    assert text.count(what) == 1
    return text.replace(what, mark)


def shifted(line: str, at: int) -> str:
    """The line read one byte off from a character's second byte on, with the first byte lost."""
    data = line[at:].encode("gb18030")
    return fold(line[:at] + (b"?" + data[1:]).decode("gb18030", "replace").replace("\ufffd", "?"))


def page(passage: str) -> str:
    return "\n".join(passage if line == PASSAGE else line for line in LINES)


def copies(one: str, two: str, accept_margin: float = 3.0) -> tuple[Restored, Restored, str]:
    return restore(raw(one), accept_margin), restore(raw(two, "b.txt"), accept_margin), one


@pytest.mark.parametrize(("mine", "theirs"), [("备案", "本月"), ("本月", "备案")])
def test_each_of_two_copies_settles_what_the_other_lost(mine: str, theirs: str) -> None:
    best, witness, text = copies(page(lost(PASSAGE, mine)), page(lost(PASSAGE, theirs)))
    assert len(best.gaps) == len(witness.gaps) == 1 and PASSAGE not in best.text and PASSAGE not in witness.text
    assert settle(best, text, [], LEXICON) == best
    settled = settle(best, text, [witness], LEXICON)
    assert settled.text == page(PASSAGE) and settled.gaps == ()
    (repair,) = [r for r in settled.repairs if r.kind == "witness"]
    assert (repair.raw, repair.restored, repair.verified_by) == ("??", mine, "witness:b.txt")
    assert replay(text, settled.repairs) == settled.text
    start, end = settled.map.to_restored(repair.raw_start, repair.raw_end)
    assert settled.text[start:end] == mine and settled.map.to_raw(start, end) == (repair.raw_start, repair.raw_end)


def both_damaged() -> tuple[Restored, Restored, str]:
    """Two copies damaged at the same words, one byte apart; with this margin neither is read there alone."""
    line = traditional(PASSAGE)
    for at in range(12, len(line) - 12):
        one, two = page(shifted(line, at)), page(shifted(line, at - 1))
        best, witness, text = copies(one, two, 1e6)
        if not (best.gaps and witness.gaps):
            continue
        settled = settle(best, text, [witness], LEXICON)
        if any("both copies" in r.note for r in settled.repairs):
            return best, witness, text
    raise AssertionError("no such place")


def test_a_place_damaged_in_both_copies_is_settled_by_what_both_allow() -> None:
    best, witness, text = both_damaged()
    (gap,) = best.gaps
    (other,) = witness.gaps
    here = set(byte_readings(best.text[gap.start : gap.end], LEXICON))
    assert len(next(iter(here))[0] or ()) > 20, "alone its bytes can be many texts"
    assert other.candidates and gap.candidates, "and the language model was not asked to choose"
    settled = settle(best, text, [witness], LEXICON)
    back = settle(witness, _raw_of(witness), [best], LEXICON)
    assert settled.gaps == () and PASSAGE in settled.text
    assert replay(text, settled.repairs) == settled.text
    assert PASSAGE in back.text, "it works in the other direction too"
    assert settle(best, text, [replace(best, raw_file="b.txt")], LEXICON).gaps == best.gaps, "the same damage twice"


def _raw_of(restored: Restored) -> str:
    line = traditional(PASSAGE)
    for at in range(11, len(line) - 12):
        text = page(shifted(line, at))
        if restore(raw(text, "b.txt"), 1e6).text == restored.text:
            return text
    raise AssertionError


@pytest.mark.parametrize(
    "other",
    [
        page(PASSAGE.replace("备案", "")),
        page(PASSAGE.replace("备案", "存档待考核审")),
        page(PASSAGE.replace("备案", "？")),
        page(PASSAGE.replace("备案", "<b>")),
        "\n".join(LINES[:3]),
        "\n".join(reversed(LINES)),
        "别的通报，说的是政务公开，与此无关。" * 9,
    ],
    ids=["nothing there", "too long", "a mark", "markup", "cut off", "other order", "another document"],
)
def test_what_does_not_fit_leaves_the_gap(other: str) -> None:
    best, witness, text = copies(page(lost(PASSAGE, "备案")), other)
    assert best.gaps
    settled = settle(best, text, [witness], LEXICON)
    assert (settled.text, settled.gaps, settled.repairs) == (best.text, best.gaps, best.repairs)
    assert [w.n_settled for w in settled.witnesses] == [0]


def test_a_witness_that_contradicts_the_bytes_is_not_believed() -> None:
    best, _, text = both_damaged()
    (gap,) = best.gaps
    sound = restore(raw(page(PASSAGE), "b.txt"))
    assert settle(best, text, [sound], LEXICON).gaps == ()
    second = gap.start - best.text.index("\n", best.text.index("97.2%")) - 1 + 1  # its bytes are all there
    forged = restore(raw(page(PASSAGE[:second] + "龘" + PASSAGE[second + 1 :]), "b.txt"))
    assert forged.text.count("龘") == 1 and settle(best, text, [forged], LEXICON).gaps == best.gaps
    before = restore(raw(page(PASSAGE[: second - 9] + "龘" + PASSAGE[second - 8 :]), "b.txt"))
    assert settle(best, text, [before], LEXICON).gaps == (), "what differs farther away is no matter"


def test_much_damage_costs_no_more_than_it_deserves() -> None:
    line = "共抽查网站36个，合格35个。"
    broken = "\n".join(f"第{n}项{line}" + "\ue000" * 600 + f"第{n}条{line}" for n in range(60))
    start = page(lost(PASSAGE, "备案")) + "\n"
    best, witness, text = copies(start + broken, start + broken.replace("\ue000", "\ue001"))
    started = time.process_time()
    settled = settle(best, text, [witness], LEXICON)
    assert settled.gaps == best.gaps and len(best.gaps) >= 60
    assert time.process_time() - started < 10


def test_two_witnesses_are_asked_one_after_the_other() -> None:
    best, useless, text = copies(page(lost(PASSAGE, "备案")), page(lost(PASSAGE, "备案", "\ufffd\ufffd")))
    sound = replace(restore(raw(page(PASSAGE))), raw_file="c.txt")
    settled = settle(best, text, [useless, sound], LEXICON)
    assert settled.gaps == () and [w.n_settled for w in settled.witnesses] == [0, 1]


def test_other_gaps_keep_their_place_when_one_is_settled() -> None:
    one = page(lost(lost(PASSAGE, "备案"), "本月", "\ue000\ue001"))
    best, witness, text = copies(one, page(lost(PASSAGE, "本月")))
    assert len(best.gaps) == 2
    settled = settle(best, text, [witness], LEXICON)
    (gap,) = settled.gaps
    assert settled.text[gap.start : gap.end] == "\ue000\ue001"
    assert settled.map.to_raw(gap.start, gap.end) == (gap.raw_start, gap.raw_end)


def test_contact_details_stay_out_of_the_repairs() -> None:
    contact = "联系人：某某某，电话：000-0000，地址：某路某号备案楼二层东侧房间。"
    one = page(PASSAGE) + "\n" + lost(contact, "备案")
    best, witness, text = copies(one, page(PASSAGE) + "\n" + contact)
    settled = settle(best, text, [witness], LEXICON)
    (repair,) = [r for r in settled.repairs if r.kind == "witness"]
    assert repair.raw == "" and settled.text.endswith("备案楼二层东侧房间。")


def test_random_damage_of_two_copies_never_settles_wrongly() -> None:
    rng = random.Random(3)
    document = traditional(next(t for t in _seed_texts() if "绩效评估" in t))
    truth = restore(raw(fold(document))).text.replace("\n", "")
    n_settled = 0
    for _ in range(3):
        one, two = document.split("\n"), document.split("\n")
        for k, line in enumerate(one):
            if len(line) > 40:
                at = rng.randrange(10, len(line) - 12)
                one[k], two[k] = shifted(line, at), shifted(line, at + rng.choice((-3, -1, 0, 4)))
        best, witness, text = copies("\n".join(one), "\n".join(two))
        settled = settle(best, text, [witness], LEXICON)
        assert replay(text, settled.repairs) == settled.text
        for repair in settled.repairs:
            if repair.kind == "witness":
                n_settled += 1
                start, end = settled.map.to_restored(repair.raw_start, repair.raw_end)
                assert settled.text[start - 3 : end + 3].replace("\n", "") in truth, repair
    assert n_settled > 0


def _seed_texts() -> list[str]:
    source = find_project(Path(__file__)).raw
    return [restore(raw((source / "yanan-2016.txt").read_text("utf-8"))).text]


def line(circular: str, file: str, role: str = "") -> Source:
    return Source(circular, file, role=role)


def test_witnesses_are_no_circulars_and_change_nothing_but_gaps() -> None:
    documents = [
        replace(raw(page(PASSAGE), "w.txt"), circular_id="w"),
        replace(raw(page(lost(PASSAGE, "备案")), "a.txt"), circular_id="a"),
        replace(raw(CIRCULAR_B, "b.txt"), circular_id="b"),
    ]
    sorted_ = sort_copies(documents, [line("a", "a.txt"), line("a", "w.txt", "witness")])
    assert [d.circular_id for d in sorted_.read] == ["a", "b"]
    with_it = list(restore_copies(sorted_, 3.0, LEXICON))
    without = list(restore_copies(sort_copies(documents[1:], []), 3.0, LEXICON))
    assert with_it[1] == without[1]
    assert with_it[0].text == page(PASSAGE) and without[0].gaps


CIRCULAR_B = "另一通报：政务公开检查情况如下，共检查栏目12个。"


def test_the_register_names_the_circular_and_a_lost_copy_is_replaced_by_its_witness() -> None:
    documents = [replace(raw("x", "new.txt"), circular_id="new"), replace(raw("y", "old.txt"), circular_id="old")]
    found = sort_copies(documents, [line("old", "new.txt"), line("old", "old.txt", "witness")])
    assert [(d.circular_id, d.file_name) for d in found.read] == [("old", "new.txt")]
    assert [d.file_name for d in found.witnesses["old"]] == ["old.txt"]
    alone = sort_copies(documents[1:], [line("old", "new.txt"), line("old", "old.txt", "witness")])
    assert [(d.circular_id, d.file_name) for d in alone.read] == [("old", "old.txt")] and not alone.witnesses
    clash = sort_copies([*documents[:1], documents[1]], [line("old", "new.txt")])
    assert [r.file_name for r in clash.rejected] == ["old.txt"], "an unregistered file does not push another aside"


def test_a_folder_with_witnesses_is_written_and_read_back(tmp_path: Path) -> None:
    folder = tmp_path / "raw"
    folder.mkdir()
    (folder / "a.txt").write_text(page(lost(PASSAGE, "备案")), encoding="utf-8")
    (folder / "w.txt").write_text(page(PASSAGE), encoding="utf-8")
    head = ",".join((*COLUMNS, "role"))
    (folder / "sources.csv").write_text(f"{head}\na,a.txt,,,,,,\na,w.txt,,,,,,witness\n", encoding="utf-8")
    n, rejected = restore_folder(folder, tmp_path / "interim")
    assert (n, rejected) == (1, [])
    assert sorted(p.name for p in (tmp_path / "interim").rglob("*.*")) == ["a.json", "a.txt"]
    restored = read_restored(tmp_path / "interim" / "restored" / "a.json")
    assert restored.text == page(PASSAGE)
    assert [(w.raw_file, w.n_settled) for w in restored.witnesses] == [("w.txt", 1)]


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (["a,a.txt,,,,,,second"], "role"),
        (["a,a.txt,,,,,,witness"], "no copy that is read"),
        (["a,a.txt,,,,,,", "a,a.txt,,,,,,witness"], "twice"),
        (["a,a.txt,,,,,,", "a,b.txt,,,,,,"], "twice"),
    ],
)
def test_a_register_that_is_unclear_about_copies_is_refused(lines: list[str], says: str, tmp_path: Path) -> None:
    register = tmp_path / "sources.csv"
    register.write_text("\n".join([",".join((*COLUMNS, "role")), *lines, ""]), encoding="utf-8")
    with pytest.raises(TongbaoError, match=says) as error:
        read_register(register)
    assert error.value.remedy
