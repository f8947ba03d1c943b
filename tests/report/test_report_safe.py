import html
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongbao.report import safe


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("合格率96%", "合格率96%"),
        ("a\u202eb", "a[U+202E]b"),
        ("\u2066x\u2069", "[U+2066]x[U+2069]"),
        ("zero\u200bwidth", "zero[U+200B]width"),
        ("\x1b[31m", "[U+001B][31m"),
        ("private \ue5e5", "private [U+E5E5]"),
        ("half \ud842", "half [U+D842]"),
        ("two\nlines\t", "two lines "),
        ("𠮷", "𠮷"),
        ("مرحبا", "".join(f"[U+{ord(c):04X}]" for c in "مرحبا")),
        ("é – − “” ≥", "é – − “” ≥"),
    ],
)
def test_visible(text: str, shown: str) -> None:
    assert safe.visible(text) == shown


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a<b>&\"'", "a&lt;b&gt;&amp;&quot;&#x27;"),
        ("江苏省 2018", '<span lang="zh-CN">江苏省</span> 2018'),
        ("the “网站” <i>", 'the <span lang="zh-CN">“网站”</span> &lt;i&gt;'),
        ("it’s – only", "it’s – only"),
        # A bracket is marked with the Chinese that it touches.
        ("粤办函〔2017〕121号", '<span lang="zh-CN">粤办函〔</span>2017〕121<span lang="zh-CN">号</span>'),
        ("", ""),
    ],
)
def test_escape(text: str, expected: str) -> None:
    assert safe.escape(text) == expected


def test_marking_leaves_tags_alone() -> None:
    marked = safe.mark_chinese('<h2 id="省">省 &lt;b&gt;</h2>')
    assert marked == '<h2 id="省"><span lang="zh-CN">省</span> &lt;b&gt;</h2>'


def test_preformatted_keeps_lines() -> None:
    assert safe.preformatted("a\n\tb<\u202e") == "a\n\tb&lt;[U+202E]"


@given(st.text())
def test_escaped_text_reads_back_and_holds_no_markup_of_its_own(text: str) -> None:
    escaped = safe.escape(text)
    bare = re.sub(r'<span lang="zh-CN">|</span>', "", escaped)
    assert not set('<>"') & set(bare)
    assert html.unescape(bare) == safe.visible(text)
    assert not [c for c in bare if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Co", "Cn"}]


@given(st.text())
def test_attribute_cannot_be_left(text: str) -> None:
    assert not set('<>"') & set(safe.attribute(text))
