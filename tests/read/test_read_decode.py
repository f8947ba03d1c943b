"""Every encoding that circulars come in is read back to the same characters, and nothing else is believed."""

import codecs

import pytest

from tongbao.read.decode import decode

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
