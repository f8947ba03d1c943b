"""Broken and hostile files: each gives a result or a clear refusal, within the bounds that the modules state."""

import io
import os
import re
import signal
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import made_files
from tongbao.read.folder import read_folder
from tongbao.read.formats import archive, html, model, pdf, sheets, signature
from tongbao.read.formats.model import Read, Refused, UnreadableError
from tongbao.read.formats.registry import text_of
from tongbao.read.formats.worker import MAX_MEMORY, MAX_SECONDS, Worker

TEXT = made_files.lines()
LAUGHS = '<!DOCTYPE x [<!ENTITY a "哈哈">' + "".join(
    f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefghi", "bcdefghij", strict=True)
)


def refusal(data: bytes, name: str) -> str:
    result = text_of(data, name)
    assert isinstance(result, Refused), result
    assert f"within {MAX_SECONDS:g} seconds" not in result.reason, "refused for what it is, not for its time"
    return result.reason


def test_files_of_nothing_are_empty() -> None:
    for name in ("a.txt", "a.html", "a.pdf", "a.docx", "a.doc", "a.xlsx"):
        for data in (b"", b" \r\n\t", bytes(100_000)):
            assert refusal(data, name) == "empty file"


@pytest.mark.parametrize("name", ["a.txt", "a.html"])
def test_a_line_of_20_megabytes(name: str) -> None:
    line = ("政府网站抽查" * 1_200_000).encode()
    assert len(line) > 20_000_000
    assert refusal(line, name) == "more than 4 million characters: not a single circular"
    assert model.MAX_CHARACTERS == 4_000_000
    shorter = text_of(line[:9_000_000], name)
    assert isinstance(shorter, Read) and len(shorter.text) == 3_000_000


def test_mixed_encodings_are_told_with_the_place() -> None:
    mixed = TEXT.encode() + TEXT.encode("gb18030") + b"\xff\n" + TEXT.encode()
    reason = refusal(mixed, "a.txt")
    assert f"line {TEXT.count(chr(10)) + 1})" in reason
    (byte,) = re.findall(r"byte (\d+)", reason)
    assert 0 < int(byte) - len(TEXT.encode()) < 10, "the first GB18030 characters may pass for UTF-8"
    page = made_files.page(TEXT).encode() + made_files.page(TEXT).encode("gb18030") + b"\xff"
    assert "mixes encodings" in refusal(page, "a.html")


def test_a_page_with_a_character_cut_in_two_is_read_with_a_note() -> None:
    cut = made_files.page(TEXT * 10, tail="<p>末段").encode().replace("末段".encode(), "末段".encode()[:-1])
    result = text_of(cut, "a.html")
    assert isinstance(result, Read) and result.text.endswith("末\ufffd")
    assert any(note.startswith("1 places could not be decoded") for note in result.notes)


def test_nul_and_control_characters() -> None:
    assert "binary" in refusal(TEXT.encode() + b"\0", "a.txt")
    result = text_of(made_files.page(TEXT).replace("通报", "通\0\x1b报").encode(), "a.html")
    assert isinstance(result, Read) and "通报" in result.text and not set(result.text) & {"\0", "\x1b"}


def test_lone_surrogates_never_come_out() -> None:
    assert "cannot be decoded" in refusal(TEXT.encode() + b"\xed\xa0\x80", "a.txt")
    assert "cannot be decoded" in refusal(b"\xff\xfe" + TEXT.encode("utf-16-le") + b"\x00\xd8", "a.txt")
    broken = made_files.doc().replace("𠮷".encode("utf-16-le"), "𠮷".encode("utf-16-le")[:2] * 2)
    for data, name in ((f"<html>{TEXT}&#xD800;&#55357;".encode(), "a.html"), (broken, "a.doc")):
        result = text_of(data, name)
        assert isinstance(result, Read)
        result.text.encode("utf-8")
        assert "\ufffd" in result.text or name == "a.html"


@pytest.mark.parametrize("n", [1_000, 30_000])
@pytest.mark.parametrize("tag", ["div", "table><tr><td", "b", "ul><li"])
def test_deep_nesting_costs_no_characters(tag: str, n: int) -> None:
    n //= tag.count("<") + 1
    opened = f"<{tag}>" * n
    result = text_of(f"<html><body><p>开头</p>{opened}深处".encode(), "a.html")
    assert isinstance(result, Read) and result.text.replace("\n", "") == "开头深处"


def test_more_tags_than_a_page_has() -> None:
    assert html.MAX_TAGS == 200_000
    assert "more than 200000 tags" in refusal(f"<html>{'<i>' * 200_001}{TEXT}".encode(), "a.html")


def test_a_page_neither_expands_nor_fetches_entities(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("机密", encoding="utf-8")
    page = f'{LAUGHS}<!ENTITY s SYSTEM "{secret.as_uri()}">]><html><body><p>通报&j;&s;</p></body></html>'
    for head in ("", '<?xml version="1.0"?>'):
        result = text_of((head + page).encode(), "a.html")
        assert isinstance(result, Read) and len(result.text) < 2_000 and "机密" not in result.text


def with_part(data: bytes, name: str, part: bytes) -> bytes:
    return made_files.zipped({**made_files.unzipped(data), name: part})


@pytest.mark.parametrize("part", ["word/document.xml", "word/styles.xml", "_rels/.rels"])
def test_entities_in_a_word_file_are_not_expanded(part: str) -> None:
    original = made_files.unzipped(made_files.docx())[part].decode()
    head, _, rest = original.partition("?>")
    for declared in (LAUGHS + "]>", '<!DOCTYPE x SYSTEM "file:///etc/hostname">'):
        for encoding in ("utf-8", "utf-16"):
            data = with_part(made_files.docx(), part, f"{head}?>{declared}{rest}".encode(encoding))
            assert "document type" in refusal(data, "a.docx")


def test_entities_in_a_sheet_are_not_expanded() -> None:
    data = with_part(made_files.zipped(made_files.xlsx_parts()), "xl/sharedStrings.xml", (LAUGHS + "]><sst/>").encode())
    assert "document type" in refusal(data, "a.xlsx")


@pytest.mark.parametrize("suffix", ["docx", "xlsx"])
def test_a_zip_bomb_is_not_unpacked(suffix: str) -> None:
    whole = made_files.docx() if suffix == "docx" else made_files.zipped(made_files.xlsx_parts())
    bomb = with_part(whole, "word/huge.xml", bytes(archive.MAX_XML + 1))
    assert len(bomb) < 200_000
    assert "unpacks to more than 60 MB" in refusal(bomb, f"a.{suffix}")
    many = with_part(whole, "media/huge.png", bytes(archive.MAX_UNPACKED))
    assert "unpacks to more than 150 MB" in refusal(many, f"a.{suffix}")
    parts = {**made_files.unzipped(whole), **{f"x/{n}.bin": b"" for n in range(archive.MAX_PARTS)}}
    assert f"more than {archive.MAX_PARTS}" in refusal(made_files.zipped(parts), f"a.{suffix}")


def test_a_zip_that_lies_about_its_sizes_is_not_believed() -> None:
    bomb = bytearray(with_part(made_files.docx(), "word/huge.xml", bytes(archive.MAX_XML + 1)))
    with zipfile.ZipFile(io.BytesIO(bomb)) as container:
        entry = container.getinfo("word/huge.xml")
    central = bomb.rindex(b"word/huge.xml") - 46
    assert bomb[central : central + 4] == b"PK\x01\x02"
    struct.pack_into("<I", bomb, central + 24, 10)
    struct.pack_into("<I", bomb, entry.header_offset + 22, 10)
    with pytest.raises(UnreadableError, match="damaged"):
        archive.open_container(bytes(bomb))


def test_encrypted_files_say_so() -> None:
    assert "encrypted" in refusal(made_files.ole({"EncryptedPackage": b"x"}), "a.docx")
    locked = bytearray(made_files.doc())
    at = locked.index(b"\xec\xa5\xc1\x00")
    locked[at + 0x0B] |= 0x01
    assert "encrypted" in refusal(bytes(locked), "a.doc")
    handler = f"/Encrypt << /Filter /Standard /V 1 /R 2 /P -1 /O <{'ab' * 32}> /U <{'cd' * 32}> >> /ID [<00> <00>]"
    assert "encrypted" in refusal(made_files.pdf([[(60, 700, "通报")]], trailer=handler), "a.pdf")


def test_older_and_other_office_files_are_named() -> None:
    old = bytearray(made_files.doc())
    struct.pack_into("<H", old, old.index(b"\xec\xa5\xc1\x00") + 2, 0x0068)
    assert "Word 95" in refusal(bytes(old), "a.doc")
    assert "no document and no sheet" in refusal(made_files.ole({"CONTENTS": b"x"}), "a.wps")
    assert "OFD" in refusal(made_files.zipped({"OFD.xml": b"<x/>"}), "a.ofd")
    assert "unpack" in refusal(made_files.zipped({"通报.txt": TEXT.encode()}), "a.zip")
    assert "RTF" in refusal(b"{\\rtf1 }", "a.doc")
    assert "OCR" in refusal(b"\x89PNG\r\n\x1a\n", "a.pdf")


@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.9, 0.99])
@pytest.mark.parametrize(
    ("name", "data"),
    [("a.doc", made_files.doc()), ("a.xls", made_files.xls()), ("a.docx", made_files.docx())],
    ids=["doc", "xls", "docx"],
)
def test_truncated_office_files(name: str, data: bytes, share: float) -> None:
    result = text_of(data[: int(len(data) * share)], name)
    if isinstance(result, Read):  # only padding was lost
        assert share > 0.5 and TEXT.split("\n")[0] in result.text
    else:
        assert any(word in result.reason for word in ("damaged", "truncated"))


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(["a.doc", "a.xls"]), st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=20))
def test_scribbled_office_files_never_raise(name: str, scribbles: list[tuple[float, int]]) -> None:
    data = bytearray(made_files.doc() if name == "a.doc" else made_files.xls())
    for place, value in scribbles:
        data[8 + int(place * (len(data) - 9))] = value
    result = text_of(bytes(data), name)
    assert isinstance(result, Refused) or result.text.strip()


def test_pdfs_without_text() -> None:
    empty = ["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [] /Count 0 >>"]
    assert "without pages" in refusal(made_files.pdf_of(empty), "a.pdf")
    picture = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        "/Resources << /XObject << /I 5 0 R >> >> >>",
        "<< /Length 29 >>\nstream\nq 500 0 0 700 40 40 cm /I Do Q\nendstream",
        "<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceGray /Length 1 "
        ">>\nstream\nx\nendstream",
    ]
    assert refusal(made_files.pdf_of(picture), "a.pdf") == "no text layer: run OCR first (page 1 of 1)"
    assert "no text layer" in refusal(made_files.pdf([[], []]), "a.pdf")
    assert "damaged" in refusal(b"%PDF-1.7\nnonsense " + bytes(range(256)) * 10, "a.pdf")
    assert "damaged" in refusal(made_files.circular_pdf()[:700], "a.pdf")


def test_pdfs_beyond_their_bounds() -> None:
    pages = [[(60.0, 700.0, "通报")]] * (pdf.MAX_PAGES + 1)
    assert f"more than {pdf.MAX_PAGES}" in refusal(made_files.pdf(pages), "a.pdf")
    unmapped = made_files.circular_pdf().replace(b"beginbfchar", b"beginbfnone")
    assert "text layer" in refusal(unmapped, "a.pdf")


def test_a_sheet_with_a_stray_cell_far_away_is_refused() -> None:
    far = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    reason = refusal(made_files.zipped(made_files.xlsx_parts(far)), "a.xlsx")
    assert f"{sheets.MAX_CELLS:,} cells" in reason


def test_a_file_that_takes_too_long_is_given_up_and_the_next_is_read() -> None:
    worker = Worker()
    page = made_files.page(TEXT).encode()
    slow = b"<html>" + b"<i>x</i>" * 90_000
    assert isinstance(worker.read(signature.HTML, page), Read)
    result = worker.read(signature.HTML, slow, seconds=0.05)
    assert isinstance(result, Refused) and "within 0.05 seconds" in result.reason
    assert isinstance(worker.read(signature.HTML, page), Read)
    worker.stop()


def test_a_worker_that_dies_costs_one_file_at_most() -> None:
    worker = Worker()
    page = made_files.page(TEXT).encode()
    assert isinstance(worker.read(signature.HTML, page), Read)
    assert worker._process is not None
    os.kill(worker._process.pid, signal.SIGKILL)
    results = [worker.read(signature.HTML, page) for _ in range(2)]
    assert isinstance(results[1], Read)
    assert isinstance(results[0], Read) or "damaged or hostile" in results[0].reason
    worker.stop()


@pytest.mark.skipif(not Path("/proc/self/limits").exists(), reason="the system does not tell a process's limits")
def test_the_worker_has_a_bound_on_memory() -> None:
    worker = Worker()
    assert isinstance(worker.read(signature.HTML, made_files.page(TEXT).encode()), Read)
    assert worker._process is not None
    limits = Path(f"/proc/{worker._process.pid}/limits").read_text(encoding="ascii")
    (line,) = (line for line in limits.splitlines() if line.startswith("Max address space"))
    assert line.split()[3] == str(MAX_MEMORY)
    worker.stop()


def test_a_folder_of_all_this_is_walked_to_its_end(tmp_path: Path) -> None:
    made = {
        "a.docx": made_files.docx(),
        "b.doc": made_files.doc(),
        "c.xls": made_files.xls(),
        "d.pdf": made_files.circular_pdf(),
    }
    for name, data in made.items():
        (tmp_path / name).write_bytes(data)
        (tmp_path / f"broken-{name}").write_bytes(data[: len(data) // 4])
    documents, rejected = read_folder(tmp_path)
    assert [d.file_name for d in documents] == sorted(made)
    assert [d.encoding for d in documents] == ["docx", "doc", "xls", "pdf"]
    assert [r.file_name for r in rejected] == sorted(f"broken-{name}" for name in made)
    assert all("damaged" in r.reason for r in rejected)
