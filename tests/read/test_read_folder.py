"""A folder of anything: what is a text is read, everything else is turned down with a reason, nothing raises."""

import hashlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tongbao.errors import TongbaoError
from tongbao.read import folder as module
from tongbao.read.folder import circular_id, read_folder

TEXT = "各市人民政府：现将政府网站抽查情况通报如下。\n"


def test_a_text_is_read_with_its_fingerprint(tmp_path: Path) -> None:
    data = TEXT.replace("\n", "\r\n").encode("gb18030")
    (tmp_path / "Some-County_2019q2.TXT").write_bytes(data)
    documents, rejected = read_folder(tmp_path)
    assert not rejected
    (document,) = documents
    assert document.circular_id == "some-county_2019q2"
    assert document.file_name == "Some-County_2019q2.TXT"
    assert document.text.endswith("\r\n") and document.encoding == "gb18030"
    assert document.sha256 == hashlib.sha256(data).hexdigest() and document.n_bytes == len(data)


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("empty.txt", b"", "empty"),
        ("blank.txt", b" \r\n\t\n", "empty"),
        ("bom-only.txt", b"\xef\xbb\xbf", "empty"),
        ("nul.txt", TEXT.encode() + b"\x00", "binary"),
        ("control.txt", TEXT.encode() + b"\x1b[31m", "binary"),
        ("undecodable.txt", b"\xff\xff\x81", "cannot be decoded"),
        ("numbers.txt", b"1,2,3\n4,5,6\n", "no Chinese text"),
        ("scan.pdf", b"%PDF-1.7\n", "PDF"),
        ("disguised.txt", b"%PDF-1.4\n1 0 obj", "PDF"),
        ("letter.docx", b"PK\x03\x04", "damaged"),
        ("page.html", b"<html></html>", "no text"),
    ],
)
def test_what_is_no_text_is_rejected_with_a_reason(tmp_path: Path, name: str, data: bytes, reason: str) -> None:
    (tmp_path / name).write_bytes(data)
    documents, rejected = read_folder(tmp_path)
    assert not documents
    assert [r.file_name for r in rejected] == [name]
    assert reason in rejected[0].reason


def test_folders_links_and_oversize_files_are_rejected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / "older").mkdir()
    secret = tmp_path / "secret.txt"
    secret.write_text(TEXT, encoding="utf-8")
    (raw / "link.txt").symlink_to(secret)
    (raw / "long.txt").write_text(TEXT * 10, encoding="utf-8")
    monkeypatch.setattr(module, "MAX_BYTES", 100)
    documents, rejected = read_folder(raw)
    assert not documents
    assert [(r.file_name, r.reason.split(":")[0].split(" ")[0]) for r in rejected] == [
        ("link.txt", "a"),
        ("long.txt", "larger"),
        ("older", "a"),
    ]


def test_register_and_hidden_files_are_passed_over(tmp_path: Path) -> None:
    for name in (".DS_Store", "sources.csv", "README.md"):
        (tmp_path / name).write_text("x", encoding="utf-8")
    assert read_folder(tmp_path) == ([], [])


def test_the_folder_of_coded_figures_is_passed_over_if_it_says_what_it_holds(tmp_path: Path) -> None:
    for name in ("coded", "coded-too"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "README.md").write_text("x", encoding="utf-8")
    assert [r.file_name for r in read_folder(tmp_path)[1]] == ["coded-too"]
    (tmp_path / "coded" / "README.md").unlink()
    assert [r.file_name for r in read_folder(tmp_path)[1]] == ["coded", "coded-too"]


def test_one_id_for_two_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "A.text").write_text(TEXT, encoding="utf-8")
    documents, rejected = read_folder(tmp_path)
    assert len(documents) == 1 and "same id" in rejected[0].reason


def test_ids_are_safe_stable_and_distinct() -> None:
    assert circular_id("Gansu-2021") == "gansu-2021"
    assert circular_id("甘肃 2021 通报").startswith("2021-")
    assert circular_id("甘肃通报") != circular_id("江苏通报")
    assert circular_id("../../etc/passwd").startswith("etc-passwd-")
    assert circular_id("甘肃通报") == circular_id("甘肃通报")


@given(st.text(max_size=120))
def test_an_id_is_always_a_plain_name(stem: str) -> None:
    found = circular_id(stem)
    assert found and set(found) <= set("abcdefghijklmnopqrstuvwxyz0123456789-_") and found[0] not in "-_"
    assert len(found) <= 80


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=300))
def test_no_content_makes_reading_raise(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "any.txt").write_bytes(data)
    documents, rejected = read_folder(tmp_path)
    assert len(documents) + len(rejected) == 1


def test_a_missing_folder_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(TongbaoError, match="What to do"):
        read_folder(tmp_path / "nowhere")
