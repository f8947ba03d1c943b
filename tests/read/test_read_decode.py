"""Every encoding that circulars come in is read back to the same characters, and nothing else is believed."""

import codecs

import pytest

from tongbao.read.decode import decode, decode_mixed
from tongbao.read.formats.model import Read
from tongbao.read.formats.registry import text_of

SIMPLIFIED = "各市人民政府办公室：现将政府网站抽查情况通报如下。合格率为96%。\r\n"
TRADITIONAL = "各市人民政府辦公室：現將政府網站抽查情況通報如下。合格率為96%。\n"


@pytest.mark.parametrize(
    ("text", "stored_as", "expected"),
    [
        (SIMPLIFIED, "utf-8", "utf-8"),
        (SIMPLIFIED, "utf-8-sig", "utf-8-sig"),
        (SIMPLIFIED, "utf-16", "utf-16"),
        (TRADITIONAL, "utf-32", "utf-32"),
        (SIMPLIFIED, "gb18030", "gb18030"),
        (TRADITIONAL, "gbk", "gb18030"),
        (TRADITIONAL, "big5", "big5hkscs"),
    ],
)
def test_text_comes_back_as_stored(text: str, stored_as: str, expected: str) -> None:
    decoded = decode(text.encode(stored_as))
    assert decoded is not None
    assert decoded.text == text, "not even line ends are changed"
    assert decoded.encoding == expected


def test_both_byte_orders() -> None:
    for mark, name in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        decoded = decode(mark + SIMPLIFIED.encode(name))
        assert decoded is not None and decoded.text == SIMPLIFIED


def test_private_characters_of_shifted_text_survive() -> None:
    decoded = decode("基金\ue2ae管理".encode("gb18030"))
    assert decoded is not None and decoded.text == "基金\ue2ae管理"


def test_a_declared_charset_is_believed_only_if_it_fits() -> None:
    page = '<meta charset="big5">' + TRADITIONAL
    decoded = decode(page.encode("big5"))
    assert decoded is not None and decoded.encoding == "big5hkscs" and decoded.text == page
    lie = '<meta charset="big5">' + SIMPLIFIED
    decoded = decode(lie.encode("gb18030"))
    assert decoded is not None and decoded.text == lie


@pytest.mark.parametrize(
    "data",
    [b"\xff\xff\x81", codecs.BOM_UTF8 + b"\xff", codecs.BOM_UTF16_LE + b"\x00\xd8", b"\x80abc\xff\xff"],
    ids=["no encoding", "false UTF-8 mark", "half a pair", "stray bytes"],
)
def test_bytes_that_nothing_reads_are_refused(data: bytes) -> None:
    assert decode(data) is None


def test_lines_in_two_encodings_are_each_read_and_it_is_said() -> None:
    lines = [
        SIMPLIFIED.strip(),
        "一、总体情况：全市共抽查网站36个，合格35个。",
        "二、存在的问题：部分网站信息更新不及时。",
        "2018",
    ]
    stored = [line.encode(name) for line, name in zip(lines, ("utf-8", "gb18030", "gb18030", "ascii"), strict=True)]
    read = text_of(b"\n".join(stored), "a.txt")
    assert isinstance(read, Read) and read.text == "\n".join(lines) and read.encoding == "utf-8+gb18030"
    assert read.notes == ("two encodings in one file: lines 2-3 are GB18030, the others UTF-8",)


@pytest.mark.parametrize(
    "data",
    [
        SIMPLIFIED.encode() * 2,
        SIMPLIFIED.encode("gb18030") * 20,
        TRADITIONAL.encode("big5") * 5,
        SIMPLIFIED.encode("gb18030") * 3 + "聯聯\n".encode("gb18030") + SIMPLIFIED.encode(),
        SIMPLIFIED.encode("gb18030") * 3 + "合格\n".encode(),
        SIMPLIFIED.encode("gb18030") + SIMPLIFIED.encode() + b"\xff\n",
        codecs.BOM_UTF8 + SIMPLIFIED.encode() + SIMPLIFIED.encode("gb18030"),
    ],
    ids=["UTF-8", "GB18030", "Big5", "a line that both read", "too little of one", "neither", "marked as UTF-8"],
)
def test_files_that_do_not_clearly_mix_encodings_are_not_taken_apart(data: bytes) -> None:
    assert decode_mixed(data) is None
