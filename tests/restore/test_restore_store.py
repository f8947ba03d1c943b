"""Whole folders: what is written, read back, removed; hostile input; kinds of copy; word lists."""

import csv
import json
import shutil
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tongbao.errors import TongbaoError
from tongbao.project import find_project
from tongbao.read.folder import RawDocument, document_of
from tongbao.restore.lexicon import load_lexicon
from tongbao.restore.pipeline import restore, restore_all
from tongbao.restore.repairs import replay
from tongbao.restore.store import read_restored, restore_folder, write_restored

REFERENCE = find_project().reference
CIRCULAR = (
    "某某市人民政府办公室关于政府网站抽查情况的通报\n某政办函〔2019〕8号\n各县区人民政府,市政府各部门:\n"
    "  近期,市政府办公室对全市政府网站进行了抽查,共抽查网站36个,合格35个(97.2%)。现将有关情况通报如下。\n"
    "某某市人民政府办公室\n2019年4月2日\n"
)


def raw(text: str, name: str = "made-up") -> RawDocument:
    return RawDocument(name, f"{name}.txt", "0" * 64, text, "utf-8", len(text.encode("utf-8", "replace")))


def test_a_folder_is_restored_and_what_is_gone_goes(tmp_path: Path) -> None:
    source, interim = tmp_path / "raw", tmp_path / "interim"
    source.mkdir()
    (source / "one.txt").write_bytes(CIRCULAR.replace("\n", "\r\n").encode("gb18030"))
    (source / "two.txt").write_bytes(CIRCULAR.encode())
    (source / "three.txt").write_bytes(b"")
    n, rejected = restore_folder(source, interim)
    assert n == 2 and [r.file_name for r in rejected] == ["three.txt"]
    one, two = ((interim / "text" / f"{n}.txt").read_bytes() for n in ("one", "two"))
    assert one == two and b"\r" not in one
    (source / "two.txt").unlink()
    n, rejected = restore_folder(source, interim)
    assert n == 1 and [r.file_name for r in rejected] == ["three.txt"]
    assert sorted(p.name for p in interim.rglob("*") if p.is_file()) == ["one.json", "one.txt"]


def test_same_input_same_bytes(tmp_path: Path) -> None:
    source = find_project().raw
    for name in ("a", "b"):
        restore_folder(source, tmp_path / name)
    files = sorted(p.relative_to(tmp_path / "a") for p in (tmp_path / "a").rglob("*") if p.is_file())
    assert files
    for file in files:
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    for restored in (
        restore(raw(CIRCULAR)),
        restore(raw("當前位置：首頁 > 通報\n省社?;\ue2ae鸸芾砭帧⑹『降谰?、省體育局")),
    ):
        write_restored(restored, tmp_path)
        assert read_restored(tmp_path / "restored" / "made-up.json") == restored


def test_a_torn_pair_of_files_is_noticed(tmp_path: Path) -> None:
    write_restored(restore(raw(CIRCULAR)), tmp_path)
    (tmp_path / "text" / "made-up.txt").write_text("别的", encoding="utf-8")
    with pytest.raises(TongbaoError, match="different length"):
        read_restored(tmp_path / "restored" / "made-up.json")
    (tmp_path / "restored" / "made-up.json").write_text("{", encoding="utf-8")
    with pytest.raises(TongbaoError, match="run the restore stage again"):
        read_restored(tmp_path / "restored" / "made-up.json")


def test_json_has_the_agreed_keys(tmp_path: Path) -> None:
    write_restored(restore(raw(CIRCULAR)), tmp_path)
    record = json.loads((tmp_path / "restored" / "made-up.json").read_text(encoding="utf-8"))
    keys = {
        "circular_id",
        "raw_file",
        "raw_sha256",
        "encoding",
        "script",
        "copy_kind",
        "page",
        "repairs",
        "gaps",
        "map",
        "reading_notes",
        "attachments",
    }
    assert keys <= set(record)
    assert set(record["page"]) == {"published_on", "source_name", "title"}
    assert set(record["repairs"][0]) == {
        "raw_start", "raw_end", "raw", "restored", "kind", "confidence", "verified_by", "note"
    }  # fmt: skip


def test_annexes_that_a_page_links_to_and_what_the_reader_said_are_kept(tmp_path: Path) -> None:
    page = f"<html><body><p>{CIRCULAR}<p><a href='../a/1.xlsx'>附件1：名单.xlsx</a>".encode()
    found = document_of(page, "made-up.html")
    assert isinstance(found, RawDocument)
    restored = restore(found)
    assert [(a.name, a.target) for a in restored.attachments] == [("附件1：名单.xlsx", "../a/1.xlsx")]
    write_restored(restored, tmp_path)
    record = json.loads((tmp_path / "restored" / "made-up.json").read_text(encoding="utf-8"))
    assert record["attachments"] == [{"name": "附件1：名单.xlsx", "target": "../a/1.xlsx"}]
    assert read_restored(tmp_path / "restored" / "made-up.json") == restored


@pytest.mark.parametrize("gone", ["\ue145", "\ufffd", "\uf0b7\ue2ae"])
def test_characters_that_nobody_can_read_are_gaps_without_a_question_mark(gone: str) -> None:
    texts = [CIRCULAR.replace("抽查网站", f"{gone}抽查网站"), CIRCULAR]
    first, second = restore_all([raw(texts[0], "a"), raw(texts[1], "b")])
    assert [(first.text[g.start : g.end], g.candidates) for g in first.gaps] == [(gone, ())]
    (gap,) = first.gaps
    assert texts[0][gap.raw_start : gap.raw_end] == gone and not second.gaps


def test_a_gap_keeps_its_raw_characters_and_its_place() -> None:
    restored = restore(raw(CIRCULAR + "醫??卡查詢,網站\n"), accept_margin=3.0)
    (gap,) = [g for g in restored.gaps if restored.text[g.start : g.end] == "??"]
    assert restored.map.to_raw(gap.start, gap.end) == (gap.raw_start, gap.raw_end)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (CIRCULAR, "clean"),
        (CIRCULAR.replace("政府", "政務(wù)府").replace("现", "現(xiàn)").replace("办", "辦(bàn)"), "mirror"),
        ("某某论坛_无码_在线观看\n" + CIRCULAR, "mirror"),
        (CIRCULAR + "查看合格率逾越九成。", "spun"),
        ("本报讯（记者某某）" + CIRCULAR, "news"),
        ("今天天气晴朗，适合出游。" * 5, "not_circular"),
        ("The provincial office inspected government websites in the first quarter. " * 12, "machine_translated"),
    ],
)
def test_kinds_of_copy(text: str, kind: str) -> None:
    restored = restore(raw(text))
    assert restored.copy_kind == kind and restored.copy_evidence


def test_one_tell_tale_word_is_a_slip() -> None:
    assert restore(raw(CIRCULAR + "内容零碎。")).copy_kind == "clean"


def test_contact_details_are_not_repeated_in_the_repairs() -> None:
    line = "聯系人:某嘯浪,電話:000-00000000,郵箱:nobody@example.org。\n"
    restored = restore(raw(CIRCULAR.replace("近期", "近期" + "網站檢查" * 20) + line))
    at = restored.text.index("联系人")
    places = [(restored.map.to_restored(r.raw_start, r.raw_end)[0], r) for r in restored.repairs]
    inside = [r for start, r in places if start >= at and r.restored]
    assert len(inside) >= 5 and all(r.raw == "" and "contact" in r.note for r in inside)


@pytest.mark.parametrize(
    "text",
    [
        " " * 200_000,
        "政" * 200_000,
        "(" * 50_000 + "网站",
        "网站?" * 60_000,
        "，" * 100_000,
        "网站,(1,2):3;" * 10_000,
        "附件" * 50_000,
        "\n".join(["关于网站的通报"] * 5_000),
        "网 站 " * 20_000,
    ],
    ids=["blanks", "one word", "brackets", "questions", "commas", "marks", "annexes", "titles", "spaced"],
)
def test_hostile_texts_take_no_more_than_their_length_deserves(text: str) -> None:
    started = time.process_time()
    restored = restore(raw(text))
    assert replay(text, restored.repairs) == restored.text
    assert time.process_time() - started < 20


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text("政務网站,;:()?!1 2年.%号〔〕[]\n\r\u3000|ù結(jié)果》《附件通报。x\ue145\ufffd", max_size=120))
def test_any_text_is_restored_with_its_way_back(text: str) -> None:
    restored = restore(raw(text))
    assert replay(text, restored.repairs) == restored.text
    assert restored.map.raw_length == len(text) and restored.map.length == len(restored.text)
    for gap in restored.gaps:
        assert 0 <= gap.start <= gap.end <= len(restored.text)
    for line in restored.text.split("\n") if restored.text else []:
        assert line.strip() == line


def test_documents_do_not_change_each_other_where_nothing_is_damaged() -> None:
    seeds = [raw(CIRCULAR, "a"), raw(CIRCULAR.replace("36", "48"), "b")]
    assert restore_all(seeds) == [restore(seed) for seed in seeds]


LISTS = {
    "admin_words": "use",
    "copy_words": "copy_kind",
    "doc_number_prefixes": "pattern",
    "furniture": "class",
    "script_variants": "to",
    "spam_words": "word",
    "zhu_words": "word",
}


@pytest.mark.parametrize("name", sorted(LISTS))
def test_word_lists_are_sorted_sourced_and_explained(name: str) -> None:
    with (REFERENCE / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
        rows = list(csv.reader(handle))
    head, body = rows[0], rows[1:]
    assert LISTS[name] in head and head[-1] == "source"
    assert body and body == sorted(body) and len({tuple(r) for r in body}) == len(body)
    assert all(cell.strip() == cell for row in body for cell in row) and all(row[-1] for row in body)
    assert f"`{name}.csv`" in (REFERENCE / "restore.README.md").read_text(encoding="utf-8")


def test_a_broken_list_is_named_with_its_line(tmp_path: Path) -> None:
    for path in REFERENCE.glob("*"):
        if path.is_file():
            shutil.copy(path, tmp_path)
    (tmp_path / "furniture.csv").write_text("class,zone,pattern,source\nx,any,(,own\n", encoding="utf-8")
    with pytest.raises(TongbaoError, match=r"furniture\.csv, line 2"):
        load_lexicon(tmp_path)
    (tmp_path / "furniture.csv").unlink()
    with pytest.raises(TongbaoError, match="missing"):
        load_lexicon(tmp_path)
